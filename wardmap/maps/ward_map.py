"""Ward table and wards -> a map with a legend, flags, areas, a table and the words that explain it."""

from collections.abc import Iterable, Sequence
from typing import Literal

import geopandas as gpd
import pandas as pd

from wardmap import provenance
from wardmap.errors import InputError
from wardmap.maps import checks, geometry, overlays
from wardmap.maps.facts import explained_by, value_name
from wardmap.maps.folium_map import WardMap
from wardmap.maps.layers import Labels, Layer, layers
from wardmap.maps.plan import Plan
from wardmap.maps.tiles import tiles as asked_for
from wardmap.maps.trends import trends
from wardmap.provenance import Source


def ward_map(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str = "rate",
    theme: Labels = None,
    period: Labels = None,
    breaks: Sequence[float] | None = None,
    areas: gpd.GeoDataFrame | None = None,
    grey_rest: bool = False,
    projects: gpd.GeoDataFrame | None = None,
    incidents: gpd.GeoDataFrame | None = None,
    incidents_as: Literal["density", "places"] = "density",
    tiles: tuple[str, str] | None = None,
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
    grey_rest
        Whether wards outside the areas are greyed.
    projects
        Projects and venues: a GeoDataFrame of points with `name` and, if known, `reach` in metres.
    incidents
        Incidents to lay over the wards, the same in every layer: those rows that you want to show.
    incidents_as
        `density` counts them in squares; `places` draws each distinct place with its number, and is
        refused for themes that may lead to a person.
    tiles
        A basemap from the internet: the https address of its tiles and the words that name their maker.
        The page then asks that one host, and tells it which places are looked at.
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
        limits do not rise, a source is no `Source`, there is no area to grey the rest of, sensitive
        incidents were to be shown at their places, tiles have no https address or no maker.
    MissingColumnError
        The table lacks the value's column; those it has are named, nearest first.
    AlignmentError
        The table and the wards are not about the same wards.
    GeometryError, CRSError, DuplicateWardError
        The wards cannot be drawn as they are.

    Warns
    -----
    MixedMethodsWarning
        A column holds numbers made in several ways; all are printed.
    TilesWarning
        Tiles were asked for.

    Notes
    -----
    Clusters of the scan (`scan_cluster`) are outlined with dots, where the table has them.
    Not for comparing counts between wards of different size: map `rate` or `ratio`.

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
    drawn, outlines = simple.loc[opened.rows.index], _outlines(areas, simple)
    explained = explained_by(opened.rows, value)
    told = dict.fromkeys([explained, *(fact.what for fact in opened.facts)])
    methods = _methods([layer for periods in found for layer in periods], told)
    plan = Plan(
        themes=found,
        wards=drawn,
        halo=simple.geometry[wards["halo"].to_numpy()],
        outlines=outlines,
        measure=value_name(value),
        measure_methods=methods[explained],
        methods=methods,
        district=_district(wards[~wards["halo"]]),
        vintage=_vintage(wards[~wards["halo"]]),
        title=title,
        sources=sources,
        trend=trends(table, value, [periods[-1] for periods in found]),
        greyed=overlays.outside(drawn, outlines) if grey_rest else [],
        projects=overlays.projects(projects),
        incidents=overlays.incidents(incidents, incidents_as),
        tiles=asked_for(tiles),
    )
    return WardMap(plan)


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
    rows = pd.concat([layer.rows.filter(like="_method").drop_duplicates() for layer in shown])
    return {what: provenance.methods(rows, what) for what in told}


def _district(wards: gpd.GeoDataFrame) -> str:
    names = [str(name) for name in pd.unique(wards["district"].dropna())] if "district" in wards else []
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} districts"


def _vintage(wards: gpd.GeoDataFrame) -> str:
    found = [str(v) for v in pd.unique(wards["vintage"].dropna())] if "vintage" in wards else []
    return "; ".join(found) or "year not recorded"
