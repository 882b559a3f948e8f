"""What the priority room writes: flags with their reasons, and areas."""

from wardmap.schema.column import Column, Table
from wardmap.schema.evaluation import EVALUATION_TABLES
from wardmap.schema.reading import READING
from wardmap.schema.resources import RESOURCE_TABLES

_FLAG = "table = wm.flag_wards(table, rule=wm.PriorityRule())"
_RANK = "table = wm.rank_stability(table)"
_AREA = 'areas = wm.place_area(wards, name="Burton", ward_codes=codes, table=table)'

FLAGS = ("priority", "watch", "none")

PRIORITY_COLUMNS = (
    Column("priority", "category", "`priority`, `watch` or `none`", writer=_FLAG, label="Flag", told=True, example="priority", words=(("none", "least"), ("watch", "some"), ("priority", "most")), reading=READING["priority"]),
    Column("priority_above", "boolean", "above the rest beyond chance: q of at most the agreed one", writer=_FLAG),
    Column("priority_large", "boolean", "by at least the agreed ratio", writer=_FLAG),
    Column("priority_volume", "boolean", "in the smallest set of wards with the agreed share", writer=_FLAG),
    Column("priority_clustered", "boolean", "in a cluster by one of the agreed tests", "no cluster test was made", _FLAG),
    Column("priority_enough", "boolean", "holds at least the agreed number of incidents", writer=_FLAG),
    Column("priority_stable", "boolean", "among the highest with at least the agreed probability",
           "`rank_top` is not known", _FLAG),
    Column("priority_q", "number", "`ratio_p_above` after Benjamini-Hochberg over all wards and themes of the period",
           "no ratio can be given", _FLAG, scale="probability", label="q of being above"),
    Column("priority_family", "whole number", "how many tests that q is over", writer=_FLAG, unit="tests"),
    Column("priority_hidden_by", "string", "codes of the wards in whose shadow it stands: without them in the rest "
           "it would be above; blank where there are none", writer=_FLAG),
    Column("priority_score", "number", "weights of the rule's themes in which the ward is a priority, 0 to 1",
           "the rule weighs no themes", _FLAG, scale="share"),
    Column("priority_outcome", "category", "how many wards got which flag, in words", writer=_FLAG),
    Column("priority_rule", "category", "the rule as data (JSON)", writer=_FLAG),
    Column("reason", "string", "why the ward is flagged, or why it is not",
           "the table has more than 200,000 rows and the ward is not flagged", _FLAG, label="Reason"),
    Column("priority_method", "category", "the rule, in a sentence", writer=_FLAG),
    Column("rank_expected", "number", "mean rank by rate over the draws; 1 is the highest", "no population", _RANK, scale="count", label="Expected rank"),
    Column("rank_lower", "number", "best rank within the 95% interval", "no population", _RANK, scale="count", label="Best rank", example="1"),
    Column("rank_upper", "number", "worst rank within the 95% interval", "no population", _RANK, scale="count", label="Worst rank"),
    Column("rank_top", "number", "probability of being among the first, 0 to 1", "no population", _RANK, scale="probability"),
    Column("rank_again", "number", "probability of meeting the rule in a second such year, 0 to 1",
           "no population", _RANK, scale="probability"),
    Column("rank_method", "category", "model, draws, how many are first, seed and rule, in a sentence", writer=_RANK),
)  # fmt: skip

AREAS = Table(
    "areas",
    "one row per named set of wards",
    ("area",),
    (
        Column("ward_codes", "list", "the codes of its wards, in order", writer=_AREA),
        Column("ward_names", "list", "their names, in the same order", writer=_AREA),
        Column("contiguous", "boolean", "one can walk through the area without leaving it", writer=_AREA),
        Column("area_km2", "number", "land within it, in square kilometres", writer=_AREA, unit="square kilometres"),
        Column("share_area", "number", "its share of the district's land, 0 to 1", writer=_AREA, scale="share"),
        Column("population", "number", "people in it", "no table was given", _AREA, scale="count", label="Population", unit="people", told=True, example="6512"),
        Column("incidents", "whole number", "incidents in it", "no table was given", _AREA, label="Incidents", unit="incidents", told=True, example="412"),
        Column("share_population", "number", "its share of the district's people, 0 to 1", "no table was given", _AREA, scale="share"),
        Column("share_incidents", "number", "its share of the district's incidents, 0 to 1", "no table was given", _AREA, scale="share"),
        Column("share_harm", "number", "its share of the district's harm, 0 to 1", "the table has no `harm`", _AREA, scale="share"),
        Column("ratio_district", "number", "its rate over that of the district that contains it", "no table", _AREA, scale="ratio"),
        Column("ratio_rest", "number", "its rate over that of the rest of the district; infinite where the rest has no incident", "no table", _AREA, scale="ratio"),
        Column("gap", "whole number", "how many wards fewer might do; 0: proved that none can", "a named set",
               "areas = wm.priority.grow_area(table, wards, graph)"),
        Column("area_method", "category", "which theme and period, and what the ratios compare", writer=_AREA),
        Column("geometry", "geometry", "the dissolved outline", writer=_AREA),
    ),
)  # fmt: skip

_BASELINE = 'wm.priority.area_baseline(table, name="Burton", ward_codes=codes)'

BASELINE = Table(
    "baseline",
    "one row per theme and place: the area's wards, the area, the rest, the district",
    ("theme", "place"),
    (
        Column(
            "incidents",
            "whole number",
            "incidents in the place",
            writer=_BASELINE,
            label="Incidents",
            unit="incidents",
            told=True,
            example="412",
        ),
        Column(
            "population",
            "number",
            "people in it",
            "not known",
            writer=_BASELINE,
            scale="count",
            label="Population",
            unit="people",
            told=True,
            example="6512",
        ),
        Column(
            "rate",
            "number",
            "incidents per 1,000 people (or as `per=` says)",
            "no people",
            _BASELINE,
            scale="rate",
            label="Rate",
            unit="per 1,000 people",
            told=True,
            example="63.3",
        ),
        Column(
            "rate_lower", "number", "lower limit of the rate's interval", "no people", _BASELINE, scale="rate"
        ),
        Column(
            "rate_upper", "number", "upper limit of the rate's interval", "no people", _BASELINE, scale="rate"
        ),
        Column(
            "share_incidents",
            "number",
            "of the district's incidents, 0 to 1",
            "no incidents",
            _BASELINE,
            scale="share",
        ),
        Column(
            "share_population", "number", "of the district's people, 0 to 1", writer=_BASELINE, scale="share"
        ),
        Column(
            "ratio_rest",
            "number",
            "its rate over that of the rest of the district",
            "the district itself, no people, or no incidents anywhere",
            _BASELINE,
            scale="ratio",
        ),
        Column("baseline_method", "category", "period, unit and limits, in a sentence", writer=_BASELINE),
    ),
)

PRIORITY_TABLES = (AREAS, BASELINE, *RESOURCE_TABLES, *EVALUATION_TABLES)
