"""Ward table and wards -> a map with a legend, flags, areas, a table and the words that explain it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from wardmap import provenance, style
from wardmap.errors import InputError
from wardmap.formulas import FORMULA_STARTS
from wardmap.maps import checks, foot, geometry
from wardmap.maps.controls import chooser, search, view_buttons
from wardmap.maps.facts import explained_by, value_name
from wardmap.maps.folium_map import WardMap
from wardmap.maps.layers import Labels, Layer, layers
from wardmap.maps.legend import hatches, legend
from wardmap.maps.picture import Picture
from wardmap.maps.safe_html import island, text
from wardmap.maps.trends import trends
from wardmap.provenance import Source

_NORTH = (
    '<div class="wm-north" aria-hidden="true"><svg width="12" height="14" viewBox="0 0 12 14">'
    '<path d="M6 0 L11 13 L6 10 L1 13 Z" fill="#1d2430"/></svg>N</div>'
)


def ward_map(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str = "rate",
    theme: Labels = None,
    period: Labels = None,
    breaks: Sequence[float] | None = None,
    areas: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    sources: Sequence[Source] = (),
) -> WardMap:
    """Draw the wards of one theme and period, or of several to turn to, with their flags and their doubt.

    The question answered: where is it high, which wards are flagged and why, and how sure is that?
    The wards themselves are the basemap: no tiles, no request. It opens on the district; buttons
    lead to the priority wards and to each area. Below stands a table with the same numbers. With
    several themes or periods the reader turns from one to the next, by a list and a slider.

    Parameters
    ----------
    table
        A ward table. What it has is shown: counts, rates and ratios with their intervals, status,
        cluster tests, flag and reason.
    wards
        Wards as read by `read_wards`, in any CRS; it is displayed in longitude and latitude. Wards with
        `halo` true are drawn faintly and not reported.
    value
        The column that fills the wards: numbers, in at most five classes at natural breaks; `ratio`,
        in five fixed ones around 1; or a flag, a status or the class of a test. A ward without a class
        is hatched, in its own way for no data, not testable (by the `_class` column of the test),
        suppressed (where a column `suppressed` is true) and not finite.
    theme, period
        Which rows: a label, or several in the order in which they are to stand; the map opens on the
        first theme and the last period. By default `all crime`, or the only theme there is; and the
        last period. All there are: `table.index.unique("period")`. The periods of a theme share their
        classes; themes share theirs where `value` is `ratio`, or where `breaks` are given.
    breaks
        The limits between classes, one to four, in the unit of `value`: the same for every layer.
    areas
        Named areas (`place_area`), outlined and named, each with a button that leads to it.
    title
        The headline; by default theme, period and district.
    sources
        Where the inputs came from, printed below the map.

    Returns
    -------
    WardMap
        A `folium.Map`. Write it with `save_map`.

    Raises
    ------
    InputError
        There is no such theme or period, the value is neither a number nor wardmap's own class, the
        limits do not rise, a source is no `Source`.
    MissingColumnError
        The table lacks the value's column; those it has are named, nearest first.
    AlignmentError
        The table and the wards are not about the same wards.
    GeometryError, CRSError, DuplicateWardError
        The wards cannot be drawn as they are.

    Notes
    -----
    Not for comparing counts between wards of different size: map `rate` or `ratio`. Not for points,
    which would show where somebody lives.

    Examples
    --------
    >>> from shapely import box
    >>> codes = pd.Index(["E05000001", "E05000002"], name="ward_code")
    >>> squares = [box(400_000, 300_000, 401_000, 301_000), box(401_000, 300_000, 402_000, 301_000)]
    >>> wards = gpd.GeoDataFrame({"ward_name": ["Abbey", "Bridge"]}, geometry=squares, index=codes, crs=27700)
    >>> index = pd.MultiIndex.from_product(
    ...     [["Burglary"], ["2018"], codes], names=["theme", "period", "ward_code"]
    ... )
    >>> table = pd.DataFrame({"incidents": [12, 30], "rate": [4.0, 10.0]}, index=index)
    >>> "Burglary, 2018" in ward_map(table, wards).get_root().render()
    True
    """
    checks.check_wards(wards)
    _check_sources(sources)
    wards = _with_halo(wards).sort_index()  # rings start where the first ward says: one order, one page
    found = layers(table, wards, value=value, theme=theme, period=period, breaks=breaks)
    opened = found[0][-1]
    simple = geometry.simplify(wards)
    outlines = _outlines(areas, simple)
    drawn = simple.loc[opened.rows.index]
    district, vintage = _district(wards[~wards["halo"]]), _vintage(wards[~wards["halo"]])
    value_method = explained_by(opened.rows, value)
    told = dict.fromkeys([value_method, *(fact.what for fact in opened.facts)])
    methods = _methods([layer for periods in found for layer in periods], told)
    views = _views(opened, outlines)
    above = [
        hatches(),
        _head(opened, district, title, vintage),
        '<main>\n<div class="wm-stage">\n<div>',
        chooser([periods[0].theme for periods in found], [layer.period for layer in found[0]]),
        f'<div class="wm-bar">{view_buttons(views)}{search(opened.rows["ward_name"])}</div>',
        '<div class="wm-frame">',
    ]
    names = opened.rows["ward_name"].tolist()
    class_methods = list(dict.fromkeys(periods[0].classes.method for periods in found))
    below = [
        f'{_NORTH}</div></div>\n<div class="wm-side">',
        *(
            legend(
                at, value_name(value), methods[value_method], periods, [str(area) for area in outlines.index]
            )
            for at, periods in enumerate(found)
        ),
        _PANEL,
        foot.table(opened.facts, names, opened.reasons(), opened.name(), "The numbers of the map, in full."),
        foot.words(opened.facts, methods, class_methods, sources),
        "</main>",
        foot.foot(vintage),
        island(
            {
                "facts": [
                    {"label": fact.label, "flag": fact.what == "priority", "numeric": fact.numeric}
                    for fact in opened.facts
                ],
                "look": _look(),
                "views": _boxes(drawn, outlines),
                "periods": [layer.period for layer in found[0]],
                "trend": trends(table, value, [periods[-1] for periods in found]),
                "formulaStarts": FORMULA_STARTS,
                "wards": _shapes(drawn, names),
                "halo": geometry.pack(simple.geometry[wards["halo"].to_numpy()]),
                "areas": [
                    {"name": str(area), "box": geometry.box(shape), "rings": rings}
                    for (area, shape), rings in zip(outlines.items(), geometry.pack(outlines), strict=True)
                ],
                "themes": [
                    {
                        "colours": periods[0].classes.colours,
                        "layers": [_told(layer, district, title) for layer in periods],
                    }
                    for periods in found
                ],
            },
            "wm-data",
        ),
    ]
    headline, lede = _headline(opened, district, title), _lede(opened, title)
    picture = Picture(
        layer=opened,
        wards=drawn,
        halo=simple.geometry[wards["halo"].to_numpy()],
        outlines=outlines,
        headline=headline,
        lede=lede,
        measure=value_name(value),
        notes=[
            *methods[value_method],
            f"Boundaries: {vintage}. Shapes are simplified for display.",
            *(source.attribution for source in sources if source.attribution),
        ],
    )
    return WardMap(headline, "\n".join(above), "\n".join(below), picture)


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


def _views(opened: Layer, outlines: gpd.GeoSeries) -> dict[str, str]:
    words = {"district": "Whole district"}
    if "priority" in opened.rows:
        words["priority"] = f"Priority wards ({len(opened.flagged('priority'))})"
    return {**words, **{f"area-{at}": str(area) for at, area in enumerate(outlines.index)}}


def _boxes(drawn: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> dict[str, list[float]]:
    areas = {f"area-{at}": geometry.box(shape) for at, shape in enumerate(outlines)}
    return {"district": geometry.box(drawn.geometry.to_numpy()), **areas}


def _shapes(drawn: gpd.GeoDataFrame, names: Sequence[object]) -> list[dict[str, Any]]:
    parts = zip(drawn.index, names, geometry.points(drawn), geometry.pack(drawn.geometry), strict=True)
    return [
        {"code": str(code), "name": str(name), "point": point, "rings": packed}
        for code, name, point, packed in parts
    ]


def _told(layer: Layer, district: str, title: str | None) -> dict[str, Any]:
    return {
        "name": layer.name(),
        "headline": _headline(layer, district, title),
        "lede": _lede(layer, title),
        **layer.data(),
    }


def _look() -> dict[str, Any]:
    return {
        "outline": style.OUTLINE, "priority": style.PRIORITY, "watch": style.WATCH, "area": style.AREA,
        "bandOpacity": style.BAND_OPACITY, "casing": style.CASING, "halo": style.HALO,
    }  # fmt: skip


def _methods(shown: Iterable[Layer], told: Iterable[str]) -> dict[str, list[str]]:
    rows = pd.concat([layer.rows.filter(like="_method").drop_duplicates() for layer in shown])
    return {what: provenance.methods(rows, what) for what in told}


def _district(wards: gpd.GeoDataFrame) -> str:
    names = [str(name) for name in pd.unique(wards["district"].dropna())] if "district" in wards else []
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} districts"


def _vintage(wards: gpd.GeoDataFrame) -> str:
    found = [str(v) for v in pd.unique(wards["vintage"].dropna())] if "vintage" in wards else []
    return "; ".join(found) or "year not recorded"


def _headline(layer: Layer, district: str, title: str | None) -> str:
    return title or ": ".join(part for part in (layer.name(), district) if part)


def _lede(layer: Layer, title: str | None) -> str:
    return f"{layer.name()}: {layer.lede()}" if title else layer.lede()


def _head(opened: Layer, district: str, title: str | None, vintage: str) -> str:
    remark = "" if re.fullmatch(r"\d{4}", vintage) else " wm-vintage-remark"
    return (
        '<a class="wm-skip" href="#wm-table">Skip the map: go to the table of wards</a>\n'
        '<header class="wm-head"><h1><bdi data-layer="headline">'
        f"{text(_headline(opened, district, title))}</bdi></h1>"
        f'<p class="wm-lede" data-layer="lede">{text(_lede(opened, title))}</p>'
        f'<p class="wm-vintage{remark}">Boundaries: <bdi>{text(vintage)}</bdi></p></header>'
    )


_PANEL = (
    '<section class="wm-panel-box" aria-labelledby="wm-panel-name">'
    '<h2 id="wm-panel-name">Selected ward</h2>'
    '<div id="wm-panel" aria-live="polite"><p class="wm-note">Choose a ward on the map, or its name in '
    "the table, to read its numbers and the reason for its flag.</p></div></section></div>\n</div>"
    "<noscript><p>The map needs JavaScript. The table has all of its numbers.</p></noscript>"
)
