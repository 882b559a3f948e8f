"""The column dictionary of every table, as data, and the checks that enforce it.

The tables are the architecture. A room asks for the columns that it needs with `require`, adds its
own with `write`, and never calls another room. `docs/tables.md` is printed from this dictionary.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from wardmap.errors import ColumnClashError, InputError, MissingColumnError

DType = Literal["string", "category", "number", "whole number", "boolean", "date", "geometry", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, in which unit, what null means, and the line that writes it."""

    name: str
    dtype: DType
    meaning: str
    null: str = "never"
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, the index that identifies it, and its columns."""

    name: str
    row: str
    index: tuple[str, ...]
    columns: tuple[Column, ...]

    def names(self) -> list[str]:
        """Return the column names in order."""
        return [column.name for column in self.columns]


_READ = 'incidents = wm.read_incidents("street.csv")'
_JOIN = "incidents = wm.assign_wards(incidents, wards)"
_WARDS = 'wards = wm.read_wards("wards.gpkg")'
_PEOPLE = 'population = wm.read_population("population.csv")'
_COUNT = "table = wm.count_incidents(incidents, wards)"
_RATES = "table = wm.add_rates(table, population)"
_COMPARE = 'table = wm.compare(table, against="rest")'
_GI = "table = wm.gi_star(table, graph)"
_FLAG = "table = wm.flag_wards(table, wm.PriorityRule())"
_AREA = 'areas = wm.place_area(wards, "Burton", codes, table=table)'
_LEDGER = "wm.ledger(incidents)"

INCIDENTS = Table(
    "incidents",
    "one row per row read: nothing is dropped",
    (),
    (
        Column("incident_id", "string", "the source's own identifier", "the source gives none", _READ),
        Column("date", "date", "the day, or the first day of the month", "the source gives none", _READ),
        Column("date_precision", "category", "`day` or `month`", writer=_READ),
        Column("theme", "category", "the type of incident, in the source's words", writer=_READ),
        Column("geometry", "geometry", "a point in the CRS of the table", "no usable location", _READ),
        Column("location", "category", "`located`, `no_location` or `invalid`", writer=_READ),
        Column("duplicate", "boolean", "an earlier row has the same, non-blank identifier", writer=_READ),
        Column("source", "category", "the file that the row came from", writer=_READ),
        Column("ward_code", "category", "the ward that holds the incident", "in no ward: see `match`", _JOIN),
        Column(
            "match", "category",
            "`within`, `edge` (several wards: the lowest code), `lookup`, `outside`, `no_location`, "
            "`invalid` or `duplicate`", writer=_JOIN,
        ),
        Column("match_method", "category", "how wards were assigned, in a sentence", writer=_JOIN),
    ),
)  # fmt: skip

WARDS = Table(
    "wards",
    "one row per ward",
    ("ward_code",),
    (
        Column("ward_name", "string", "the ward's name, which may recur in other districts", writer=_WARDS),
        Column("district", "string", "the district's name or code", "the file has none", _WARDS),
        Column("vintage", "category", "the year of the boundaries, with a remark if any", writer=_WARDS),
        Column("halo", "boolean", "a neighbour from outside the district: used, not reported", writer=_WARDS),
        Column("geometry", "geometry", "the ward's polygon or polygons", writer=_WARDS),
    ),
)

POPULATION = Table(
    "population",
    "one row per ward",
    ("ward_code",),
    (
        Column("population", "number", "people, or what stands for them", "not known", _PEOPLE),
        Column("population_method", "category", "what was counted, when, and by whom", writer=_PEOPLE),
    ),
)

WARD_TABLE = Table(
    "ward table",
    "one row per theme, period and ward, every combination present",
    ("theme", "period", "ward_code"),
    (
        Column("ward_name", "string", "the ward's name", writer=_COUNT),
        Column("incidents", "whole number", "incidents in the ward; 0 is a true zero", writer=_COUNT),
        Column("months", "whole number", "months of the period that are on file", writer=_COUNT),
        Column("incidents_method", "category", "what was counted, and by which wards", writer=_COUNT),
        Column("population", "number", "people, or what stands for them", "not known", _RATES),
        Column("population_method", "category", "what was counted, when, and by whom", writer=_RATES),
        Column("rate", "number", "incidents per 1,000 people (or as `per=` says) over the period",
               "population null", _RATES),
        Column("rate_lower", "number", "lower limit of the rate's interval", "population null", _RATES),
        Column("rate_upper", "number", "upper limit of the rate's interval", "population null", _RATES),
        Column("rate_method", "category", "the rate and its interval, in a sentence", writer=_RATES),
        Column("ratio", "number", "rate ratio: the ward over its benchmark",
               "population null, or the benchmark has no incidents", _COMPARE),
        Column("ratio_lower", "number", "lower limit of the rate ratio", "population null, or no incidents", _COMPARE),
        Column("ratio_upper", "number", "upper limit; infinite when the benchmark has no incidents",
               "population null, or no incidents", _COMPARE),
        Column("status", "category", "`Above`, `Similar` or `Below`: where the interval lies around 1",
               "no ratio can be given", _COMPARE),
        Column("ratio_method", "category", "benchmark, interval and confidence, in a sentence", writer=_COMPARE),
        Column("gi_z", "number", "Getis-Ord Gi* as a standard score", "no variation, or not tested", _GI),
        Column("gi_p", "number", "share of arrangements at least as high, one-sided unless stated", "not testable", _GI),
        Column("gi_q", "number", "`gi_p` after Benjamini-Hochberg within the stated family", "not testable", _GI),
        Column("gi_attainable_p", "number", "the smallest p that this ward could ever have", "not testable", _GI),
        Column("gi_class", "category", "`hot spot`, `not distinguishable` or `not testable`; `cold spot` "
               "when cold was asked for", writer=_GI),
        Column("gi_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_GI),
        Column("priority", "category", "`priority`, `watch` or `none`", writer=_FLAG),
        Column("priority_high", "boolean", "above its benchmark, and by the agreed ratio", writer=_FLAG),
        Column("priority_volume", "boolean", "in the smallest set of wards with the agreed share", writer=_FLAG),
        Column("priority_clustered", "boolean", "in a cluster by the agreed test", "no cluster test was made", _FLAG),
        Column("reason", "string", "why the ward is flagged, or why it is not", writer=_FLAG),
        Column("priority_method", "category", "the rule, in a sentence", writer=_FLAG),
    ),
)  # fmt: skip

AREAS = Table(
    "areas",
    "one row per named set of wards",
    ("area",),
    (
        Column("ward_codes", "list", "the codes of its wards, in order", writer=_AREA),
        Column("ward_names", "list", "their names, in the same order", writer=_AREA),
        Column("contiguous", "boolean", "one can walk through the area without leaving it", writer=_AREA),
        Column("area_km2", "number", "land within it, in square kilometres", writer=_AREA),
        Column("population", "number", "people in it", "no table was given", _AREA),
        Column("incidents", "whole number", "incidents in it", "no table was given", _AREA),
        Column("share_population", "number", "its share of the district's people, 0 to 1", "no table was given", _AREA),
        Column("share_incidents", "number", "its share of the district's incidents, 0 to 1", "no table was given", _AREA),
        Column("ratio_district", "number", "its rate over that of the district that contains it", "no table", _AREA),
        Column("ratio_rest", "number", "its rate over that of the rest of the district", "no table", _AREA),
        Column("area_method", "category", "which theme and period, and what the ratios compare", writer=_AREA),
        Column("geometry", "geometry", "the dissolved outline", writer=_AREA),
    ),
)  # fmt: skip

LEDGER = Table(
    "ledger",
    "one row per theme, then `total`; the parts sum to `read`",
    ("theme",),
    tuple(
        Column(name, "whole number", meaning, writer=_LEDGER)
        for name, meaning in (
            ("read", "rows read"),
            ("duplicate", "rows that repeat an earlier identifier"),
            ("within", "in exactly one ward"),
            ("edge", "on a shared edge or in an overlap: given to the lowest ward code"),
            ("lookup", "placed by a lookup of small-area codes"),
            ("outside", "in none of the wards"),
            ("no_location", "the source gives no location"),
            ("invalid", "the location given cannot be one"),
        )
    ),
)

TABLES = (INCIDENTS, WARDS, POPULATION, WARD_TABLE, AREAS, LEDGER)

MATCHES = ("within", "edge", "lookup", "outside", "no_location", "invalid", "duplicate")
LOCATIONS = ("located", "no_location", "invalid")
STATUSES = ("Above", "Similar", "Below")
FLAGS = ("priority", "watch", "none")


def require(table: pd.DataFrame, kind: Table, columns: Iterable[str]) -> None:
    """Raise unless `table` is a `kind` that has `columns`, naming the line that writes them."""
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"The {kind.name} must be a DataFrame.", f"given: {type(table).__name__}")
    if kind.index and tuple(table.index.names) != kind.index:
        raise MissingColumnError(
            f"This is not the {kind.name}: its index must be {', '.join(kind.index)}.",
            f"index found: {', '.join(map(str, table.index.names))}",
            mend=f"table.set_index({list(kind.index)}), or start from {kind.columns[0].writer}",
        )
    missing = [column for column in columns if column not in table.columns]
    if missing:
        writers = {c.name: c.writer for c in kind.columns}
        raise MissingColumnError(
            f"The {kind.name} has no column {', '.join(map(repr, missing))}.",
            f"columns found, nearest first: {', '.join(nearest(missing[0], table.columns))}",
            mend=writers.get(missing[0], "") or "name a column that is there.",
        )


def check(table: pd.DataFrame, kind: Table) -> None:
    """Raise unless the columns that the dictionary knows hold what it says they hold."""
    require(table, kind, [])
    for column in kind.columns:
        if column.name in table.columns:
            _check_column(table[column.name], column, kind)


def write(table: pd.DataFrame, into: str, columns: Mapping[str, Any], method: Any) -> pd.DataFrame:
    """Return the table with `columns` and `<into>_method` set; the input is never touched.

    A column that is already there is replaced if wardmap wrote it, which `<into>_method` beside it
    shows, and refused otherwise.
    """
    sentence = f"{into}_method"
    clash = [name for name in columns if name in table.columns]
    if clash and sentence not in table.columns:
        raise ColumnClashError(
            f"Column {', '.join(map(repr, clash))} is already there, and wardmap did not write it.",
            f"there is no {sentence!r} beside it",
            mend=f"table.rename(columns={{{clash[0]!r}: {clash[0] + '_given'!r}}})",
        )
    if not isinstance(method, pd.Categorical):
        method = pd.Categorical([method] * len(table) if isinstance(method, str) else method)
    return table.assign(**columns, **{sentence: method})


def nearest(name: object, candidates: Iterable[object]) -> list[str]:
    """Return the candidates as text, those most like `name` first."""
    names = [str(candidate) for candidate in candidates]
    return sorted(names, key=lambda n: -difflib.SequenceMatcher(None, str(name).lower(), n.lower()).ratio())


def as_markdown() -> str:
    """Return the dictionary as the page `docs/tables.md`."""
    lines = [
        "# The tables",
        "",
        "This page is printed from `wardmap/schema.py` (`python -m wardmap.schema`), so it cannot drift.",
        "A column that ends in `_method` says in a sentence how the columns before it were made.",
    ]
    for table in TABLES:
        index = ", ".join(f"`{name}`" for name in table.index) or "the rows as read"
        lines += ["", f"## {table.name}", "", f"{table.row[:1].upper()}{table.row[1:]}. Index: {index}.", ""]
        lines += ["| column | type | meaning | null means | written by |", "|---|---|---|---|---|"]
        lines += [
            f"| `{c.name}` | {c.dtype} | {c.meaning} | {c.null} | `{c.writer}` |" for c in table.columns
        ]
    return "\n".join(lines) + "\n"


def _check_column(values: pd.Series, column: Column, kind: Table) -> None:
    tests: dict[str, Callable[[Any], bool]] = {
        "number": pd.api.types.is_numeric_dtype,
        "whole number": pd.api.types.is_integer_dtype,
        "boolean": pd.api.types.is_bool_dtype,
        "date": pd.api.types.is_datetime64_any_dtype,
        "category": lambda dtype: isinstance(dtype, pd.CategoricalDtype),
        "geometry": lambda dtype: str(dtype) == "geometry",
        "string": lambda dtype: isinstance(dtype, pd.StringDtype) or dtype == np.dtype(object),
        "list": lambda dtype: dtype == np.dtype(object),
    }
    if not tests[column.dtype](values.dtype):
        raise InputError(
            f"Column {column.name!r} of the {kind.name} must hold a {column.dtype}.",
            f"it holds: {values.dtype}",
            f"meaning: {column.meaning}",
        )
    if column.null == "never" and values.isna().any():
        where = values.index[values.isna()][:3].tolist()
        raise InputError(f"Column {column.name!r} of the {kind.name} must not be null.", f"null at: {where}")


if __name__ == "__main__":
    print(as_markdown(), end="")
