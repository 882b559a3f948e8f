"""Which column of an extract holds what: as a mapping says, else by the habits of recording systems."""

from collections.abc import Mapping, Sequence

from wardmap.errors import InputError, Use
from wardmap.read.columns import optional_column
from wardmap.schema import alike, found_words

Fields = dict[str, str]

HABITS: dict[str, tuple[str, ...]] = {
    "incident_id": (
        r"(crime|incident|offence|event|log|urn|case)_?(id|no|number|ref|reference)",
        r"urn|reference(_(no|number))?|id",
    ),
    "date": (
        r"(incident|offence|occurrence|crime|event)_?date(_?from)?",
        r"(date_?)?committed(_?(from|start))?(_?date)?|date_?(from|occurred|of_(incident|offence))",
        r"date|date_?time",
        r"date_?(reported|recorded)|(reported|recorded)_?date",
    ),
    "year": (r"year",),
    "month": (r"month",),
    "day": (r"day",),
    "theme": (
        r"(crime|incident|offence)_?type",
        r"offence(_?(group|description|title|name))?|crime(_?group)?|incident(_?category)?",
        r"type|category|theme|classification",
    ),
    "offence_code": (r"(ho|home_office)_?(offence_?)?code|offence_?code",),
    "lsoa_code": (r"lsoa(11|21)?_?(code|cd)",),
    "easting": (r"(location_)?easting(s)?(_osgr)?|bng_?e|e(ast)?_?bng|x_?easting",),
    "northing": (r"(location_)?northing(s)?(_osgr)?|bng_?n|n(orth)?_?bng|y_?northing",),
    "longitude": (r"longitude|long|lon|lng",),
    "latitude": (r"latitude|lat",),
    "x": (r"x(_?coord(inate)?)?|point_x",),
    "y": (r"y(_?coord(inate)?)?|point_y",),
    "grid_reference": (r"(os_?)?grid_?ref(erence)?|ngr",),
    "domestic_abuse": (r"(domestic(_?(abuse|violence))?|da|dv)(_?(flag|marker|related|incident))?",),
    "alcohol": (r"alcohol(_?(flag|marker|related))?",),
    "public_place": (r"public_?place(_?(flag|marker))?",),
    "youth": (r"(youth|young_person)(_?(flag|marker|related))?",),
    "hate": (r"hate(_?(crime|incident))?(_?(flag|marker|related))?",),
}
"""What a column may be called, as read_incidents' `columns=` names it; the last five are flags."""

PLACE = frozenset({"easting", "northing", "longitude", "latitude", "x", "y", "grid_reference"})
_PARTS_OF_DATES = ("year", "month", "day")


def find_fields(columns: Sequence[object], mapping: Mapping[str, str], name: str) -> Fields:
    """Return which column holds what: as the mapping says, else by habit.

    A mapped place rules out places by habit, and a mapped date parts of dates by habit.
    """
    unknown = [field for field in mapping if field not in HABITS]
    if unknown:
        raise InputError(
            f"There is nothing called {unknown[0]!r} to map a column to.",
            found_words("what can be mapped: names", unknown[0], HABITS),
            mend=use_columns({(alike(unknown[0], HABITS) or ["..."])[0]: mapping[unknown[0]]}),
        )
    found: Fields = {}
    for field, habits in HABITS.items():
        given = mapping.get(field)
        if given is None and (
            (field in PLACE and PLACE & set(mapping)) or (field in _PARTS_OF_DATES and "date" in found)
        ):
            continue
        use = use_columns({field: "..."})
        column = optional_column(columns, habits, given, field.replace("_", " "), use)
        if column is not None:
            found[field] = column
    if "date" not in found and "year" not in found and "month" in found:
        found["date"] = found.pop("month")
    if not {"year", "month"} <= set(found):
        found = {field: column for field, column in found.items() if field not in _PARTS_OF_DATES}
    _refuse_shared(found, name)
    return found


def use_columns(columns: Mapping[str, str]) -> Use:
    """Return the mend that maps columns of incidents."""
    return Use("read_incidents", "columns", columns)


def _refuse_shared(found: Fields, name: str) -> None:
    columns = list(found.values())
    shared = sorted({column for column in columns if columns.count(column) > 1})
    if shared:
        fields = [field for field, column in found.items() if column == shared[0]]
        raise InputError(
            f"Column {shared[0]!r} of {name!r} would be both {' and '.join(fields)}.",
            mend=use_columns({fields[0]: "...", fields[1]: "..."}),
        )
