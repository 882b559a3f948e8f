"""The tables, put together from what each room writes."""

from wardmap.schema.change import CHANGE_TABLES
from wardmap.schema.column import Column, Table
from wardmap.schema.hotspots import CLUSTERING, HOTSPOT_COLUMNS, POWER
from wardmap.schema.join import COUNTED, JOIN_COLUMNS, LEDGER, UNCERTAINTY
from wardmap.schema.priority import PRIORITY_COLUMNS, PRIORITY_TABLES
from wardmap.schema.rates import RATE_COLUMNS
from wardmap.schema.read import COMPLETENESS, FOUND, INCIDENT_COLUMNS, POPULATION, WARDS

INCIDENTS = Table(
    "incidents", "one row per row read: nothing is dropped", (), (*INCIDENT_COLUMNS, *JOIN_COLUMNS)
)

WARD_TABLE = Table(
    "ward table",
    "one row per theme, period and ward, every combination present",
    ("theme", "period", "ward_code"),
    (*RATE_COLUMNS, *HOTSPOT_COLUMNS, *PRIORITY_COLUMNS),
)

TABLES = (
    INCIDENTS,
    COUNTED,
    FOUND,
    COMPLETENESS,
    WARDS,
    POPULATION,
    WARD_TABLE,
    CLUSTERING,
    POWER,
    *PRIORITY_TABLES,
    LEDGER,
    UNCERTAINTY,
    *CHANGE_TABLES,
)


_EXAMPLES = {
    "count": "12", "rate": "63.3", "ratio": "1.99", "probability": "0.024", "share": "0.17", "percent": "8.4",
    "score": "2.31", "change": "-14", "measure": "0.42",
}  # fmt: skip
"""What a number of each scale looks like, where a column has no example of its own."""

_LINKS = """\
# The tables

This page is printed from `wardmap/schema/` (`python -m wardmap.schema`), so it cannot drift.

## How they link

Incidents and wards become one **ward table**, and every later verb adds columns to it.

    incidents  --assign_wards-->  incidents with ward_code and match
        |
        +--count_incidents(by_period=, themes=)-->  ward table: index theme, period, ward_code
                                                     |
        add_rates, compare, gi_star, scan, ...  each adds columns, the index stays
                                                     |
        compare_periods, trend, area_baseline, allocate, ...  tables of their own

- The **index is the identity**: every theme, period and ward is there once, zeros included.
- `ward_code` links the ward table with the wards table (`wards.loc[code]`), populations and lookups.
- `<group>_method` says in a sentence how a group of columns was made; what a later stage must know is a
  column beside it: `<group>_against` (rest, district, rate), `<group>_phi` (the dispersion allowed for),
  `<group>_family` (over which tests it was corrected).
- A copy made with `into=` (`wm.compare(table, against=england, into="england")`) begins with that name, and
  `<into>_copy_of` says which group it is a copy of: it is shown on maps and tables as that group is.
- Null means that it is not known, never 0; the column "null means" says why.
"""


def as_markdown() -> str:
    """Return the dictionary as the page `docs/tables.md`: how tables link, then each by the verb that writes it."""
    lines = [_LINKS.rstrip()]
    for table in TABLES:
        index = ", ".join(f"`{name}`" for name in table.index) or "the rows as read"
        lines += ["", f"## {table.name}", "", f"{table.row[:1].upper()}{table.row[1:]}. Index: {index}."]
        for writer in dict.fromkeys(column.writer for column in table.columns):
            lines += ["", f"`{writer}`", "", "| column | type | unit | for example | meaning | null means |"]
            lines += ["|---|---|---|---|---|---|"]
            lines += [_row(column) for column in table.columns if column.writer == writer]
    return "\n".join(lines) + "\n"


def _row(column: Column) -> str:
    example = f"`{column.example or _EXAMPLES.get(column.scale, '')}`"
    words = ", ".join(f"`{word}`" for word, _ in column.words)
    meaning = column.meaning if not words or words in column.meaning else f"{column.meaning} ({words})"
    return (
        f"| `{column.name}` | {column.dtype} | {column.unit} | {example if example != '``' else ''} "
        f"| {meaning} | {column.null} |"
    )
