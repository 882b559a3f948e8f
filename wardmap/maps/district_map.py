"""Ward table and wards -> a map with a legend, flags, areas, a table and the words that explain it."""

from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import pandas as pd

from wardmap.maps import overlays
from wardmap.maps.contents import make_plan
from wardmap.maps.folium_map import WardMap
from wardmap.maps.layers import Labels
from wardmap.maps.tiles import tiles as asked_for
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
    plan = make_plan(
        table,
        wards,
        value=value,
        theme=theme,
        period=period,
        breaks=breaks,
        areas=areas,
        grey_rest=grey_rest,
        projects=overlays.projects(projects),
        incidents=overlays.incidents(incidents, incidents_as),
        tiles=asked_for(tiles),
        title=title,
        sources=sources,
    )
    return WardMap(plan)
