"""Ward table and wards -> a map with a legend, flags, areas, a table and the words that explain it."""

import re
import string
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from jinja2 import Template

from wardmap import provenance, schema, style
from wardmap.errors import InputError, MissingColumnError
from wardmap.maps import checks, foot, layers
from wardmap.maps.facts import Fact, decimals, facts, value_name
from wardmap.maps.legend import HATCH, legend
from wardmap.maps.offline import Page
from wardmap.maps.safe_html import Raw, island, text
from wardmap.provenance import Source

if TYPE_CHECKING:
    from branca.element import Figure

_NORTH = (
    '<div class="wm-north" aria-hidden="true"><svg width="12" height="14" viewBox="0 0 12 14">'
    '<path d="M6 0 L11 13 L6 10 L1 13 Z" fill="#1d2430"/></svg>N</div>'
)
_FLAG_ORDER = {flag: place for place, flag in enumerate(schema.FLAGS)}


class WardMap(folium.Map):
    """A folium map whose page is wardmap's own: offline, under a policy, with data kept out of templates.

    folium elements can be added to it. `map.save` and the notebook show the same safe page.
    """

    # Only the map's fixed name passes through this template.
    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id="{{ this.get_name() }}"></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = wardmap.open("{{ this.get_name() }}");'
        "{% endmacro %}"
    )

    def __init__(self, title: str, above: str, below: str) -> None:
        super().__init__(tiles=None)
        self.default_js, self.default_css = [], []  # Leaflet is in the page; nothing else is needed
        self._name, self._id = "WardMap", "wards"
        self._above, self._below = above, below
        Page(title, _variables()).add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Render the map between the parts of its page, which folium collects there."""
        page = cast("Figure", self.get_root())
        page.html.add_child(Raw(self._above), name="wardmap_above")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        page.html.add_child(Raw(self._below), name="wardmap_below")
        return ""


def ward_map(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str = "rate",
    theme: str | None = None,
    period: str | None = None,
    areas: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    sources: Sequence[Source] = (),
) -> WardMap:
    """Draw the wards of one theme and period, with their flags, their doubt and their numbers.

    The question answered: where is it high, which wards are flagged and why, and how sure is that?
    The wards themselves are the basemap: no tiles, no request. It opens on the district; buttons
    lead to the priority wards and to each area. Below stands a table with the same numbers.

    Parameters
    ----------
    table
        A ward table. What it has is shown: counts, rates and ratios with their intervals, status,
        cluster test, flag and reason.
    wards
        Wards as read by `read_wards`, in any CRS; it is displayed in longitude and latitude. Wards with
        `halo` true are drawn faintly and not reported.
    value
        The column that fills the wards: at most five classes at natural breaks; `ratio` has five
        fixed ones around 1. Null and infinite values have no class: they are hatched as no data, and counted.
    theme, period
        Which rows. By default `all crime`, or the only theme there is; and the last period.
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
        There is no such theme or period, the value is not a number, a source is no `Source`.
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
    rows = _rows(table, value, theme, period)
    checks.check_wards(wards)
    for source in sources:
        if not isinstance(source, Source):
            raise InputError(
                "A source must be a wardmap Source.",
                f"given: {source!r}",
                mend='wm.Source("Ward boundaries, 2013")',
            )
    wards = wards.sort_index()  # rings start where the first ward says: one order, one page
    halo = (
        wards["halo"].fillna(value=False).astype(bool)
        if "halo" in wards
        else pd.Series(data=False, index=wards.index)
    )
    rows = _in_order(checks.align(rows, wards.index[~halo], wards.index[halo]), wards, value)
    simple = layers.simplify(wards)
    outlines = _outlines(areas, simple)

    theme_shown, period_shown = (str(rows.index.get_level_values(level)[0]) for level in ("theme", "period"))
    rows = rows.droplevel(["theme", "period"])
    district = _district(wards[~halo])
    shown = f"{_capital(theme_shown)}, {period_shown}"
    headline = title or ": ".join(part for part in (shown, district) if part)
    told = facts(rows, value)
    places = decimals(rows, value)
    classes = (style.ratio_classes if value == "ratio" else style.value_classes)(rows[value], decimals=places)
    views, boxes = _views(rows, simple.loc[~halo.to_numpy()], outlines)
    vintage = _vintage(wards[~halo])

    above = _above(headline, _lede(rows, f"{shown}: " if title else ""), vintage, layers.view_buttons(views))
    methods = _methods(rows, told)
    flags = rows.get("priority")
    side = legend(value_name(value), methods[value], classes, flags, [str(area) for area in outlines.index])
    reasons = foot.reasons(rows)
    below = [
        _side(side),
        foot.table(
            told, rows["ward_name"].tolist(), reasons, f"{headline}. The numbers of the map, in full."
        ),
        foot.words(told, methods, classes.method, sources),
        "</main>",
        foot.foot(vintage),
        island(
            _data(rows, simple, halo=halo, outlines=outlines, classes=classes, told=told, boxes=boxes),
            "wm-data",
        ),
    ]
    return WardMap(headline, above, "\n".join(below))


def _rows(table: pd.DataFrame, value: str, theme: str | None, period: str | None) -> pd.DataFrame:
    schema.require(table, schema.WARD_TABLE, [])
    if value not in table.columns:
        numbers = table.select_dtypes("number").columns
        writers = {column.name: column.writer for column in schema.WARD_TABLE.columns}
        raise MissingColumnError(
            f"The ward table has no column {value!r} to map.",
            f"columns of numbers, nearest first: {', '.join(schema.nearest(value, numbers))}",
            mend=writers.get(value) or "name one of these as value=.",
        )
    dtype = table[value].dtype
    if not pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype):
        raise InputError(
            f"Column {value!r} cannot be put into classes: it does not hold numbers.",
            f"it holds: {dtype}, for example {table[value].iloc[0]!r}"
            if len(table)
            else f"it holds: {dtype}",
            mend=f'table.assign({value}=pd.to_numeric(table["{value}"]))',
        )
    return schema.select(table, theme, period)


def _in_order(rows: pd.DataFrame, wards: gpd.GeoDataFrame, value: str) -> pd.DataFrame:
    """Priority first, then watch; within each the highest value first, no data last."""
    codes = rows.index.get_level_values("ward_code")
    if "ward_name" not in rows:
        rows = rows.assign(ward_name=wards["ward_name"].reindex(codes).to_numpy())
    flag = rows["priority"].astype(str) if "priority" in rows else pd.Series("none", index=rows.index)
    high = rows[value].to_numpy(dtype="float64", na_value=np.nan)
    order = np.lexsort((codes, np.where(np.isnan(high), np.inf, -high), flag.map(_FLAG_ORDER).fillna(9)))
    return rows.iloc[order]


def _outlines(areas: gpd.GeoDataFrame | None, simple: gpd.GeoDataFrame) -> gpd.GeoSeries:
    if areas is None:
        return gpd.GeoSeries([], crs=4326)
    checks.check_areas(areas)
    return layers.outlines(areas, simple)


def _views(
    rows: pd.DataFrame, reported: gpd.GeoDataFrame, outlines: gpd.GeoSeries
) -> tuple[dict[str, str], dict[str, list[float]]]:
    words, boxes = {"district": "Whole district"}, {"district": layers.box(reported.geometry.to_numpy())}
    flagged = rows.index[rows["priority"] == "priority"] if "priority" in rows else rows.index[:0]
    if len(flagged):
        words["priority"] = f"Priority wards ({len(flagged)})"
        boxes["priority"] = layers.box(reported.geometry.loc[flagged].to_numpy())
    for at, (area, outline) in enumerate(outlines.items()):
        words[f"area-{at}"], boxes[f"area-{at}"] = str(area), layers.box(outline)
    return words, boxes


def _data(
    rows: pd.DataFrame,
    simple: gpd.GeoDataFrame,
    *,
    halo: pd.Series,
    outlines: gpd.GeoSeries,
    classes: style.Classes,
    told: Sequence[Fact],
    boxes: dict[str, list[float]],
) -> dict[str, Any]:
    drawn = simple.loc[rows.index]
    flags = rows["priority"].astype(str) if "priority" in rows else pd.Series("", index=rows.index)
    marks = iter(_marks(int((flags == "priority").sum())))
    reasons = foot.reasons(rows) or [""] * len(rows)
    points = layers.points(drawn)
    said = [fact for fact in told if fact.what != "priority"]  # the flag has a sign of its own
    wards = [
        {
            "name": str(name),
            "class": classes.codes[at],
            "flag": flag if flag in schema.FLAGS else "",
            "mark": next(marks) if flag == "priority" else "",
            "values": [fact.words[at] for fact in said],
            "reason": reasons[at],
            "point": points[at],
            "rings": layers.pack(shape),
        }
        for at, (name, flag, shape) in enumerate(zip(rows["ward_name"], flags, drawn.geometry, strict=True))
    ]
    look = {
        "classes": classes.colours, "outline": style.OUTLINE, "priority": style.PRIORITY,
        "watch": style.WATCH, "area": style.AREA, "bandOpacity": style.BAND_OPACITY,
        "casing": style.CASING, "halo": style.HALO,
    }  # fmt: skip
    return {
        "labels": [fact.label for fact in said],
        "look": look,
        "views": boxes,
        "wards": wards,
        "halo": [layers.pack(shape) for shape in simple.geometry[halo.to_numpy()]],
        "areas": [
            {"name": str(area), "box": layers.box(shape), "rings": layers.pack(shape)}
            for area, shape in outlines.items()
        ],
    }


def _methods(rows: pd.DataFrame, told: Sequence[Fact]) -> dict[str, list[str]]:
    return {what: provenance.methods(rows, what) for what in dict.fromkeys(fact.what for fact in told)}


def _marks(count: int) -> list[str]:
    letters = string.ascii_uppercase
    return [letters[at % 26] * (at // 26 + 1) for at in range(count)]


def _district(wards: gpd.GeoDataFrame) -> str:
    names = [str(name) for name in pd.unique(wards["district"].dropna())] if "district" in wards else []
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} districts"


def _vintage(wards: gpd.GeoDataFrame) -> str:
    found = [str(v) for v in pd.unique(wards["vintage"].dropna())] if "vintage" in wards else []
    return "; ".join(found) or "year not recorded"


def _lede(rows: pd.DataFrame, what: str) -> str:
    wards = f"{what}{len(rows):,} ward{'' if len(rows) == 1 else 's'}"
    if "priority" not in rows:
        return f"{wards}."
    high, watch = ((rows["priority"] == flag).sum() for flag in ("priority", "watch"))
    return f"{wards}: {high} flagged as priority, {watch} to watch."


def _above(headline: str, lede: str, vintage: str, buttons: str) -> str:
    remark = "" if re.fullmatch(r"\d{4}", vintage) else " wm-vintage-remark"
    return (
        '<a class="wm-skip" href="#wm-table">Skip the map: go to the table of wards</a>\n'
        f"{HATCH}\n"
        f'<header class="wm-head"><h1><bdi>{text(headline)}</bdi></h1><p class="wm-lede">{text(lede)}</p>'
        f'<p class="wm-vintage{remark}">Boundaries: <bdi>{text(vintage)}</bdi></p></header>\n'
        f'<main>\n<div class="wm-stage">\n<div>{buttons}\n<div class="wm-frame">'
    )


def _side(layer_legend: str) -> str:
    return (
        f'{_NORTH}</div></div>\n<div class="wm-side">{layer_legend}'
        '<section class="wm-panel-box" aria-labelledby="wm-panel-name">'
        '<h2 id="wm-panel-name">Selected ward</h2>'
        '<div id="wm-panel" aria-live="polite"><p class="wm-note">Choose a ward on the map, or its name in '
        "the table, to read its numbers and the reason for its flag.</p></div></section></div>\n</div>"
        "<noscript><p>The map needs JavaScript. The table has all of its numbers.</p></noscript>"
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:] if words[:1].isascii() else words


def _variables() -> str:
    return f":root {{ --wm-priority: {style.PRIORITY}; --wm-watch: {style.WATCH}; --wm-area: {style.AREA}; }}"
