"""What the priority room writes of resources: shares of a budget, what a plan reaches, places to patrol."""

from wardmap.schema.column import Column, Table

_GIVE = "given = wm.allocate(table, budget=100_000, unit=100)"

ALLOCATION = Table(
    "allocation",
    "one row per ward that shares",
    ("ward_code",),
    (
        Column(
            "ward_name",
            "string",
            "the ward's name, or its code where the table has none",
            writer=_GIVE,
            label="Ward",
            example="Anglesey",
        ),
        Column(
            "need_share",
            "number",
            "its share of the need by the agreed basis, 0 to 1",
            writer=_GIVE,
            scale="share",
        ),
        Column("allocation", "number", "what it gets, in the unit of the budget; sums exactly", writer=_GIVE),
        Column(
            "allocation_lower", "number", "lower limit of what it would get by other counts", writer=_GIVE
        ),
        Column(
            "allocation_upper", "number", "upper limit of what it would get by other counts", writer=_GIVE
        ),
        Column(
            "allocation_method",
            "category",
            "budget, unit, basis, theme and period, in a sentence",
            writer=_GIVE,
        ),
    ),
)

_COVER = "wm.priority.coverage(incidents, wards, ward_codes=codes)"

COVERAGE = Table(
    "coverage",
    "one row per theme",
    ("theme",),
    (
        Column(
            "incidents",
            "whole number",
            "incidents of the district that have a place",
            writer=_COVER,
            label="Incidents",
            unit="incidents",
            told=True,
            example="412",
        ),
        Column("reached", "whole number", "those that the plan reaches, each once", writer=_COVER),
        Column(
            "share_reached",
            "number",
            "`reached` over `incidents`, 0 to 1",
            "no incidents",
            _COVER,
            scale="share",
        ),
        Column("no_location", "whole number", "rows without a place, of whatever district", writer=_COVER),
        Column("coverage_method", "category", "the plan, in a sentence", writer=_COVER),
    ),
)

_PLACES = "wm.priority.patrol_places(incidents, wards, ward_codes=codes, snapped=False)"
_NO_WINDOW = "no window of times was given, or none is known"

PLACES = Table(
    "places",
    "one row per cell or repeated place, in a metric system",
    ("place",),
    (
        Column(
            "ward_code",
            "string",
            "the ward that it lies in; the lowest code where a cell lies in several",
            writer=_PLACES,
        ),
        Column(
            "incidents",
            "whole number",
            "incidents in it",
            writer=_PLACES,
            label="Incidents",
            unit="incidents",
            told=True,
            example="412",
        ),
        Column(
            "share_chosen",
            "number",
            "of all incidents of the chosen wards, 0 to 1",
            writer=_PLACES,
            scale="share",
        ),
        Column(
            "share_so_far", "number", "this and all places before it, 0 to 1", writer=_PLACES, scale="share"
        ),
        Column(
            "first_half", "whole number", "incidents up to the middle of the time on file", writer=_PLACES
        ),
        Column("second_half", "whole number", "incidents after it", writer=_PLACES),
        Column(
            "peak_from",
            "whole number",
            "the hour at which its busiest four hours begin, 0 to 23",
            _NO_WINDOW,
            _PLACES,
        ),
        Column(
            "peak_share",
            "number",
            "share of its incidents in those hours, 0 to 1",
            _NO_WINDOW,
            _PLACES,
            scale="share",
        ),
        Column("places_method", "category", "cells, theme and wards, in a sentence", writer=_PLACES),
        Column("geometry", "geometry", "the cell, or the point", writer=_PLACES),
    ),
)

RESOURCE_TABLES = (ALLOCATION, COVERAGE, PLACES)
