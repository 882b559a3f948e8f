"""What the reading room writes: incidents, wards, population."""

from wardmap.schema.column import Column, Table
from wardmap.themes import FLAGS

_INCIDENTS = 'incidents = wm.read_incidents("street.csv")'
_COMPLETENESS = "wm.read.completeness(incidents)"
_FOUND = "wm.read.describe_incidents(incidents)"
_WARDS = 'wards = wm.read_wards("wards.gpkg")'
_PEOPLE = 'population = wm.read_population("population.csv")'

INCIDENT_COLUMNS = (
    Column("incident_id", "string", "the source's own identifier", "the source gives none", _INCIDENTS),
    Column("date", "date", "the day, or the first day of the month", "the source gives none", _INCIDENTS, example="2018-03-01"),
    Column("date_precision", "category", "`day` or `month`", writer=_INCIDENTS),
    Column("theme", "category", "the type of incident, in the source's words", writer=_INCIDENTS, example="Burglary"),
    Column("geometry", "geometry", "a point in the CRS of the table", "no usable location", _INCIDENTS),
    Column("location", "category", "`located`, `no_location` or `invalid`", writer=_INCIDENTS),
    Column("duplicate", "boolean", "an earlier row has the same, non-blank identifier", writer=_INCIDENTS),
    Column("source", "category", "the file that the row came from", writer=_INCIDENTS),
    Column("read_method", "category", "how the file was read: layout, text, columns, CRS, dates", writer=_INCIDENTS),
    Column("offence_code", "string", "the Home Office offence code", "the source gives none", _INCIDENTS),
    Column("lsoa_code", "string", "the small area that the source gives", "the source gives none", _INCIDENTS),
    Column("serious_adjusted", "number", "published chance of serious had all forces recorded by injury, 0 to 1",
           "the source gives none", _INCIDENTS, scale="probability"),
    Column("slight_adjusted", "number", "published chance of slight had all forces recorded by injury, 0 to 1",
           "the source gives none", _INCIDENTS, scale="probability"),
    Column("ksi_adjusted", "number", "chance of killed or seriously injured had all forces recorded by injury, 0 to 1",
           "the source gives none", _INCIDENTS, scale="probability"),
    *(
        Column(flag, "boolean", f"the source marks it: {flag.replace('_', ' ')}", "the source does not record it", _INCIDENTS)
        for flag in FLAGS
    ),
)  # fmt: skip

COMPLETENESS = Table(
    "completeness",
    "one row per source and month from the first month on file to the last",
    ("source", "month"),
    (
        Column("rows", "whole number", "rows on file", writer=_COMPLETENESS),
        Column("usual", "number", "the median of the source's other months that have rows", "no other month", _COMPLETENESS, scale="count"),
        Column("status", "category", "`complete`, `low` (under a quarter of the usual) or `missing`",
               writer=_COMPLETENESS, label="Status", example="Above"),
    ),
)  # fmt: skip

FOUND = Table(
    "found",
    "one row per theme, then `total`",
    ("theme",),
    (
        Column("read", "whole number", "rows read", writer=_FOUND),
        Column("located", "whole number", "rows with a usable place", writer=_FOUND),
        Column("no_location", "whole number", "rows whose source gives no place", writer=_FOUND),
        Column("invalid", "whole number", "rows whose place cannot be one", writer=_FOUND),
        Column("duplicate", "whole number", "rows that repeat an earlier identifier", writer=_FOUND),
        Column(
            "located_share",
            "number",
            "`located` of `read`, 0 to 1",
            writer=_FOUND,
            scale="share",
            label="Share with a place",
            example="0.89",
        ),
        Column("date_first", "date", "the earliest date", "no row has a date", _FOUND),
        Column("date_last", "date", "the latest date", "no row has a date", _FOUND),
    ),
)

WARDS = Table(
    "wards",
    "one row per ward",
    ("ward_code",),
    (
        Column(
            "ward_name",
            "string",
            "the ward's name, which may recur in other districts",
            writer=_WARDS,
            label="Ward",
            example="Anglesey",
        ),
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
        Column(
            "population",
            "number",
            "people, or what stands for them",
            "not known",
            _PEOPLE,
            scale="count",
            label="Population",
            unit="people",
            example="6512",
        ),
        Column(
            "population_year", "whole number", "the year in which they were counted", "not known", _PEOPLE
        ),
        Column("population_method", "category", "what was counted, when, and by whom", writer=_PEOPLE),
    ),
)
