"""Everything that a map shows, gathered before a word of the page is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from wardmap.maps.layers import Layer
from wardmap.maps.tiles import Tiles
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

    @property
    def opened(self) -> Layer:
        """Return the layer that the map opens with."""
        return self.themes[0][-1]

    def headline(self, layer: Layer) -> str:
        """Return the title, or what the layer is and where."""
        return self.title or ": ".join(part for part in (layer.name(), self.district) if part)

    def lede(self, layer: Layer) -> str:
        """Return the sentence under the headline."""
        return f"{layer.name()}: {layer.lede()}" if self.title else layer.lede()

    def views(self) -> dict[str, str]:
        """Return the views that buttons lead to: a key for the page, and the words on the button."""
        words = {"district": "Whole district"}
        if "priority" in self.opened.rows:
            words["priority"] = f"Priority wards ({len(self.opened.flagged('priority'))})"
        return {**words, **{f"area-{at}": str(area) for at, area in enumerate(self.outlines.index)}}
