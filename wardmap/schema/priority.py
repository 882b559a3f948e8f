"""What the priority room writes: flags with their reasons, and areas."""

from wardmap.schema.column import Column, Table

_FLAG = "table = wm.flag_wards(table, wm.PriorityRule())"
_RANK = "table = wm.rank_stability(table)"
_AREA = 'areas = wm.place_area(wards, "Burton", codes, table=table)'

FLAGS = ("priority", "watch", "none")

PRIORITY_COLUMNS = (
    Column("priority", "category", "`priority`, `watch` or `none`", writer=_FLAG),
    Column("priority_high", "boolean", "above its benchmark, and by the agreed ratio", writer=_FLAG),
    Column("priority_volume", "boolean", "in the smallest set of wards with the agreed share", writer=_FLAG),
    Column("priority_clustered", "boolean", "in a cluster by one of the agreed tests", "no cluster test was made", _FLAG),
    Column("priority_enough", "boolean", "holds at least the agreed number of incidents", writer=_FLAG),
    Column("priority_stable", "boolean", "among the highest with at least the agreed probability",
           "`rank_top` is not known", _FLAG),
    Column("priority_score", "number", "weights of the rule's themes in which the ward is a priority, 0 to 1",
           "the rule weighs no themes", _FLAG),
    Column("priority_outcome", "category", "how many wards got which flag, in words", writer=_FLAG),
    Column("reason", "string", "why the ward is flagged, or why it is not", writer=_FLAG),
    Column("priority_method", "category", "the rule, in a sentence", writer=_FLAG),
    Column("rank_expected", "number", "mean rank by rate over the draws; 1 is the highest", "no population", _RANK),
    Column("rank_lower", "number", "best rank within the 95 % interval", "no population", _RANK),
    Column("rank_upper", "number", "worst rank within the 95 % interval", "no population", _RANK),
    Column("rank_top", "number", "probability of being among the first, 0 to 1", "no population", _RANK),
    Column("rank_again", "number", "probability of meeting the rule in a second such year, 0 to 1",
           "no population", _RANK),
    Column("rank_method", "category", "model, draws, how many are first, seed and rule, in a sentence", writer=_RANK),
)  # fmt: skip

_GIVE = "given = wm.allocate(table, 100_000, unit=100)"

ALLOCATION = Table(
    "allocation",
    "one row per ward that shares",
    ("ward_code",),
    (
        Column("ward_name", "string", "the ward's name, or its code where the table has none", writer=_GIVE),
        Column("need_share", "number", "its share of the need by the agreed basis, 0 to 1", writer=_GIVE),
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

_COVER = "wm.priority.coverage(incidents, wards, chosen=codes)"

COVERAGE = Table(
    "coverage",
    "one row per theme",
    ("theme",),
    (
        Column("incidents", "whole number", "incidents of the district that have a place", writer=_COVER),
        Column("reached", "whole number", "those that the plan reaches, each once", writer=_COVER),
        Column("share_reached", "number", "`reached` over `incidents`, 0 to 1", "no incidents", _COVER),
        Column("no_location", "whole number", "rows without a place, of whatever district", writer=_COVER),
        Column("coverage_method", "category", "the plan, in a sentence", writer=_COVER),
    ),
)

AREAS = Table(
    "areas",
    "one row per named set of wards",
    ("area",),
    (
        Column("ward_codes", "list", "the codes of its wards, in order", writer=_AREA),
        Column("ward_names", "list", "their names, in the same order", writer=_AREA),
        Column("contiguous", "boolean", "one can walk through the area without leaving it", writer=_AREA),
        Column("area_km2", "number", "land within it, in square kilometres", writer=_AREA),
        Column("share_area", "number", "its share of the district's land, 0 to 1", writer=_AREA),
        Column("population", "number", "people in it", "no table was given", _AREA),
        Column("incidents", "whole number", "incidents in it", "no table was given", _AREA),
        Column("share_population", "number", "its share of the district's people, 0 to 1", "no table was given", _AREA),
        Column("share_incidents", "number", "its share of the district's incidents, 0 to 1", "no table was given", _AREA),
        Column("share_harm", "number", "its share of the district's harm, 0 to 1", "the table has no `harm`", _AREA),
        Column("ratio_district", "number", "its rate over that of the district that contains it", "no table", _AREA),
        Column("ratio_rest", "number", "its rate over that of the rest of the district", "no table", _AREA),
        Column("gap", "whole number", "how many wards fewer might do; 0: proved that none can", "a named set",
               "areas = wm.priority.grow_area(table, wards, graph)"),
        Column("area_method", "category", "which theme and period, and what the ratios compare", writer=_AREA),
        Column("geometry", "geometry", "the dissolved outline", writer=_AREA),
    ),
)  # fmt: skip

_BASELINE = 'wm.priority.area_baseline(table, "Burton", codes)'

BASELINE = Table(
    "baseline",
    "one row per theme and place: the area's wards, the area, the rest, the district",
    ("theme", "place"),
    (
        Column("incidents", "whole number", "incidents in the place", writer=_BASELINE),
        Column("population", "number", "people in it", writer=_BASELINE),
        Column("rate", "number", "incidents per 1,000 people (or as `per=` says)", "no people", _BASELINE),
        Column("rate_lower", "number", "lower limit of the rate's interval", "no people", _BASELINE),
        Column("rate_upper", "number", "upper limit of the rate's interval", "no people", _BASELINE),
        Column("share_incidents", "number", "of the district's incidents, 0 to 1", "no incidents", _BASELINE),
        Column("share_population", "number", "of the district's people, 0 to 1", writer=_BASELINE),
        Column(
            "ratio_rest",
            "number",
            "its rate over that of the rest of the district",
            "the district itself, or a rest without incidents",
            _BASELINE,
        ),
        Column("baseline_method", "category", "period, unit and limits, in a sentence", writer=_BASELINE),
    ),
)

VERDICTS = ("fell more", "cannot tell", "fell less or rose")

_EVALUATE = "wm.priority.evaluate_flags(table)"
_NONE = "nothing was flagged, or nothing happened"

EVALUATION = Table(
    "evaluation",
    "one row per theme and flagged period",
    ("theme", "period"),
    (
        Column("scored_on", "string", "the next period, which the flags had not seen", writer=_EVALUATE),
        Column("flagged", "whole number", "priority wards", writer=_EVALUATE),
        Column(
            "hit_rate", "number", "share of the next period's incidents in them, 0 to 1", _NONE, _EVALUATE
        ),
        Column("share_population", "number", "their share of the people, 0 to 1", writer=_EVALUATE),
        Column("share_area", "number", "their share of the land, 0 to 1", "no wards were given", _EVALUATE),
        Column("pai", "number", "predictive accuracy index: hit rate over share of people", _NONE, _EVALUATE),
        Column(
            "pai_area",
            "number",
            "hit rate over share of land",
            "no wards were given, or none flagged",
            _EVALUATE,
        ),
        Column(
            "pei", "number", "hit rate over the best that so many people could hold, 0 to 1", _NONE, _EVALUATE
        ),
        Column("jaccard", "number", "wards flagged in both periods over those in either", _NONE, _EVALUATE),
        Column(
            "rank_correlation", "number", "Spearman's, of all wards' rates", "all rates are equal", _EVALUATE
        ),
        Column("ratio_now", "number", "their rate over the district's when flagged", _NONE, _EVALUATE),
        Column(
            "ratio_expected", "number", "the same as regression to the mean would leave it", _NONE, _EVALUATE
        ),
        Column("ratio_next", "number", "the same in the next period", _NONE, _EVALUATE),
        Column("beyond", "number", "`ratio_next` over `ratio_expected`", _NONE, _EVALUATE),
        Column("beyond_lower", "number", "lower limit of `beyond`, 95 %", _NONE, _EVALUATE),
        Column("beyond_upper", "number", "upper limit of `beyond`, 95 %", _NONE, _EVALUATE),
        Column(
            "verdict",
            "category",
            "`fell more` than by itself, `fell less or rose`, `cannot tell`",
            writer=_EVALUATE,
        ),
        Column("evaluation_method", "category", "how flags were scored, in a sentence", writer=_EVALUATE),
    ),
)

_PROJECT = "wm.priority.evaluate_project(table, treated, control=control, before=..., after=...)"

PROJECT = Table(
    "project",
    "one row per theme",
    ("theme",),
    (
        *(
            Column(f"{role}_{when}", "number", f"incidents in the {words} wards {when}", writer=_PROJECT)
            for role, words in (
                ("treated", "treated"),
                ("control", "comparison"),
                ("buffer", "buffer"),
                ("buffer_control", "buffer's comparison"),
            )
            for when in ("before", "after")
        ),
        Column("wdd", "number", "incidents more than the comparison leads to expect", writer=_PROJECT),
        Column("wdd_lower", "number", "lower limit of `wdd`, 95 %", writer=_PROJECT),
        Column("wdd_upper", "number", "upper limit of `wdd`, 95 %", writer=_PROJECT),
        Column("wdd_p", "number", "two-sided p of no difference", "no incidents", _PROJECT),
        Column(
            "relative",
            "number",
            "treated ratio of after to before over the comparison's",
            "a count is 0",
            _PROJECT,
        ),
        Column("relative_lower", "number", "lower limit of `relative`, 95 %", "a count is 0", _PROJECT),
        Column("relative_upper", "number", "upper limit of `relative`, 95 %", "a count is 0", _PROJECT),
        Column(
            "expected_alone",
            "number",
            "incidents that regression to the mean alone would leave in the treated wards",
            "no `population`",
            _PROJECT,
        ),
        Column("verdict", "category", "`fell more`, `fell less or rose`, `cannot tell`", writer=_PROJECT),
        Column("project_method", "category", "periods, sets and test, in a sentence", writer=_PROJECT),
    ),
)

_PLACES = "wm.priority.patrol_places(incidents, wards, chosen=codes, snapped=False)"
_NO_WINDOW = "no window of times was given, or none is known"

PLACES = Table(
    "places",
    "one row per cell or repeated place, in EPSG:27700",
    ("place",),
    (
        Column(
            "ward_code",
            "string",
            "the ward that it lies in; the lowest code where a cell lies in several",
            writer=_PLACES,
        ),
        Column("incidents", "whole number", "incidents in it", writer=_PLACES),
        Column("share_chosen", "number", "of all incidents of the chosen wards, 0 to 1", writer=_PLACES),
        Column("share_so_far", "number", "this and all places before it, 0 to 1", writer=_PLACES),
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
        Column("peak_share", "number", "share of its incidents in those hours, 0 to 1", _NO_WINDOW, _PLACES),
        Column("places_method", "category", "cells, theme and wards, in a sentence", writer=_PLACES),
        Column("geometry", "geometry", "the cell, or the point", writer=_PLACES),
    ),
)

PRIORITY_TABLES = (AREAS, BASELINE, ALLOCATION, COVERAGE, EVALUATION, PROJECT, PLACES)
