"""Everything that a map shows, gathered before a word of the page is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import provenance, schema
from wardmap.errors import InputError
from wardmap.maps import checks
from wardmap.maps import packed_shapes as geometry
from wardmap.maps.layers import Labels, Layer, layers
from wardmap.maps.tiles import Tiles
from wardmap.maps.trends import trends
from wardmap.provenance import Source


@dataclass(frozen=True, slots=True)
class Plan:
    """What the page, its data and the picture are made from."""

    themes: list[list[Layer]]
    wards: gpd.GeoDataFrame
    """The wards in the order of the layers, simplified, in longitude and latitude."""
    halo: gpd.GeoSeries
    outlines: gpd.GeoSeries
    measure: str
    measure_methods: list[str]
    methods: dict[str, list[str]]
    district: str
    vintage: str
    title: str | None
    sources: Sequence[Source]
    trend: dict[str, Any] | None
    greyed: list[int]
    projects: list[dict[str, Any]]
    incidents: dict[str, Any] | None
    tiles: Tiles | None
    beside: bool = False
    """Whether two layers stand side by side, rather than one in place of the other."""

    @property
    def opened(self) -> Layer:
        """Return the layer that the map opens with."""
        return self.themes[0][-1]

    def headline(self, layer: Layer) -> str:
        """Return the title, or what the layer is and where."""
        shown = " beside ".join(each.name() for each in self.pair()) if self.beside else layer.name()
        return self.title or ": ".join(part for part in (shown, self.district) if part)

    def pair(self) -> tuple[Layer, Layer]:
        """Return the layers that stand on the left and on the right."""
        return self.themes[0][0], self.themes[-1][-1]

    def lede(self, layer: Layer) -> str:
        """Return the sentence under the headline."""
        return f"{layer.name()}: {layer.lede()}" if self.title or self.beside else layer.lede()

    def views(self) -> dict[str, str]:
        """Return the views that buttons lead to: a key for the page, and the words on the button."""
        words = {"district": "Whole district"}
        if "priority" in self.opened.rows:
            words["priority"] = f"Priority wards ({len(self.opened.flagged('priority'))})"
        return {**words, **{f"area-{at}": str(area) for at, area in enumerate(self.outlines.index)}}


def make_plan(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str,
    theme: Labels,
    period: Labels,
    breaks: Sequence[float] | None,
    areas: gpd.GeoDataFrame | None,
    title: str | None,
    sources: Sequence[Source],
    grey_rest: bool = False,
    projects: list[dict[str, Any]] | None = None,
    incidents: dict[str, Any] | None = None,
    tiles: Tiles | None = None,
    beside: bool = False,
) -> Plan:
    """Check what was given and gather what the map shows; the parameters are those of `ward_map`."""
    checks.check_wards(wards)
    _check_sources(sources)
    wards = _with_halo(wards).sort_index()  # rings start where the first ward says: one order, one page
    found = layers(table, wards, value=value, theme=theme, period=period, breaks=breaks)
    opened = found[0][-1]
    simple = geometry.simplify(wards)
    drawn, outlines = simple.loc[opened.rows.index], _outlines(areas, simple)
    explained = schema.explained_by(opened.rows, value)
    told = dict.fromkeys([explained, *(fact.what for fact in opened.facts)])
    methods = _methods([layer for periods in found for layer in periods], told)
    return Plan(
        themes=found,
        wards=drawn,
        halo=simple.geometry[wards["halo"].to_numpy()],
        outlines=outlines,
        measure=schema.column(opened.rows, value).label,
        measure_methods=methods[explained],
        methods=methods,
        district=_district(wards[~wards["halo"]]),
        vintage=_vintage(wards[~wards["halo"]]),
        title=title,
        sources=sources,
        trend=trends(table, value, [periods[-1] for periods in found]),
        greyed=_outside(drawn, outlines) if grey_rest else [],
        projects=projects or [],
        incidents=incidents,
        tiles=tiles,
        beside=beside,
    )


def _check_sources(sources: Sequence[Source]) -> None:
    for source in sources:
        if not isinstance(source, Source):
            raise InputError(
                "A source must be a wardmap Source.",
                f"given: {source!r}",
                mend='wm.Source("Ward boundaries, 2013")',
            )


def _with_halo(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    halo = wards["halo"].fillna(value=False).astype(bool) if "halo" in wards else False
    return wards.assign(halo=halo)


def _outlines(areas: gpd.GeoDataFrame | None, simple: gpd.GeoDataFrame) -> gpd.GeoSeries:
    if areas is None:
        return gpd.GeoSeries([], crs=4326)
    checks.check_areas(areas)
    return geometry.outlines(areas, simple)


def _methods(shown: Iterable[Layer], told: Iterable[str]) -> dict[str, list[str]]:
    """Return the sentences of all layers; several within one layer are warned of, between layers not."""
    found: dict[str, dict[str, None]] = {what: {} for what in told}
    for layer in shown:
        rows = layer.rows.filter(like="_method").drop_duplicates()
        for what, sentences in found.items():
            sentences.update(dict.fromkeys(provenance.methods(rows, what)))
    return {what: list(sentences) for what, sentences in found.items()}


def _district(wards: gpd.GeoDataFrame) -> str:
    names = [str(name) for name in pd.unique(wards["district"].dropna())] if "district" in wards else []
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} districts"


def _vintage(wards: gpd.GeoDataFrame) -> str:
    found = [str(v) for v in pd.unique(wards["vintage"].dropna())] if "vintage" in wards else []
    return "; ".join(found) or "year not recorded"


def _outside(wards: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> list[int]:
    """Return the places of the wards that are in none of the areas."""
    if not len(outlines):
        raise InputError(
            "There is no area to set off from the rest of the district.",
            mend="ward_map(table, wards, areas=areas, grey_rest=True)",
        )
    inside = shapely.intersects(outlines.union_all(), wards.geometry.representative_point().to_numpy())
    return [int(at) for at in np.flatnonzero(~inside)]
