"""The tables, put together from what each room writes."""

from wardmap.schema.change import CHANGE_TABLES
from wardmap.schema.column import Table
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


def as_markdown() -> str:
    """Return the dictionary as the page `docs/tables.md`."""
    lines = [
        "# The tables",
        "",
        "This page is printed from `wardmap/schema/` (`python -m wardmap.schema`), so it cannot drift.",
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
