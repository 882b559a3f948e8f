"""What the joining room writes: columns of the incidents, and the ledger."""

from wardmap.schema.column import Column, Table

_JOIN = "incidents = wm.assign_wards(incidents, wards)"
_LEDGER = "wm.ledger(incidents)"
_DOUBT = "wm.join.boundary_uncertainty(incidents, wards, metres=50)"

MATCHES = ("within", "edge", "lookup", "outside", "no_location", "invalid", "duplicate")

JOIN_COLUMNS = (
    Column("ward_code", "category", "the ward that holds the incident", "in no ward: see `match`", _JOIN),
    Column(
        "match", "category",
        "`within`, `edge` (several wards: the lowest code), `lookup`, `outside`, `no_location`, "
        "`invalid` or `duplicate`", writer=_JOIN,
    example="within"),
    Column("match_method", "category", "how wards were assigned, in a sentence", writer=_JOIN),
)  # fmt: skip

LEDGER = Table(
    "ledger",
    "one row per theme (or month, or source, as `by=` says), then `total`; the parts sum to `read`",
    ("theme",),
    tuple(
        Column(name, "whole number", meaning, writer=_LEDGER)
        for name, meaning in (
            ("read", "rows read"),
            ("duplicate", "rows that repeat an earlier identifier"),
            ("within", "in exactly one ward"),
            ("edge", "on a shared edge or in an overlap: given to the lowest ward code"),
            ("lookup", "without a usable point, placed by a lookup of small-area codes"),
            ("outside", "in none of the wards"),
            ("no_location", "the source gives no location"),
            ("invalid", "the location given cannot be one"),
        )
    ),
)

_COUNTED = 'rows = wm.join.count_files("police/*/*-street.csv", wards)'

COUNTED = Table(
    "counted incidents",
    "one row per theme, month, ward and match that occurs; stands where an incidents table would",
    (),
    (
        Column("theme", "category", "the type of incident, by today's name", writer=_COUNTED, example="Burglary"),
        Column("date", "date", "the first day of the month", "the source gives none", _COUNTED, example="2018-03-01"),
        Column("date_precision", "category", "`month`", writer=_COUNTED),
        Column("ward_code", "category", "the ward that holds the incidents", "in no ward: see `match`", _COUNTED),
        Column("match", "category", "as in the incidents table", writer=_COUNTED, example="within"),
        Column("rows", "whole number", "how many incidents the row stands for", writer=_COUNTED),
        Column("match_method", "category", "how wards were assigned, and from how many files", writer=_COUNTED),
    ),
)  # fmt: skip

UNCERTAINTY = Table(
    "boundary uncertainty",
    "one row per ward: what its count owes to points that are not exact",
    ("ward_code",),
    (
        Column("incidents", "whole number", "incidents assigned by their point", writer=_DOUBT, label="Incidents", unit="incidents", example="412"),
        Column("near_edge", "number", "share of them within the stated distance of the ward's edge, 0 to 1",
               "no incidents", _DOUBT, scale="share"),
        Column("redrawn", "number", "mean count over the draws", writer=_DOUBT, scale="count"),
        Column("redrawn_lower", "whole number", "lower limit of the count from location error alone", writer=_DOUBT),
        Column("redrawn_upper", "whole number", "upper limit of the count from location error alone", writer=_DOUBT),
        Column("redrawn_method", "category", "how far points were moved, how often, from which seed", writer=_DOUBT),
    ),
)  # fmt: skip
