"""What the priority room writes of what came of it: flags and projects, judged by later years."""

from wardmap.schema.column import Column, Table

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
            "hit_rate",
            "number",
            "share of the next period's incidents in them, 0 to 1",
            _NONE,
            _EVALUATE,
            scale="share",
        ),
        Column(
            "share_population", "number", "their share of the people, 0 to 1", writer=_EVALUATE, scale="share"
        ),
        Column(
            "share_area",
            "number",
            "their share of the land, 0 to 1",
            "no wards were given",
            _EVALUATE,
            scale="share",
        ),
        Column(
            "pai",
            "number",
            "predictive accuracy index: hit rate over share of people",
            _NONE,
            _EVALUATE,
            scale="ratio",
        ),
        Column(
            "pai_area",
            "number",
            "hit rate over share of land",
            "no wards were given, or none flagged",
            _EVALUATE,
            scale="ratio",
        ),
        Column(
            "pei",
            "number",
            "hit rate over the best that so many people could hold, 0 to 1",
            _NONE,
            _EVALUATE,
            scale="share",
        ),
        Column(
            "jaccard",
            "number",
            "wards flagged in both periods over those in either",
            _NONE,
            _EVALUATE,
            scale="share",
        ),
        Column(
            "rank_correlation",
            "number",
            "Spearman's, of all wards' rates",
            "all rates are equal",
            _EVALUATE,
            scale="count",
        ),
        Column(
            "ratio_now",
            "number",
            "their rate over the district's when flagged",
            _NONE,
            _EVALUATE,
            scale="ratio",
        ),
        Column(
            "ratio_expected",
            "number",
            "the same as regression to the mean would leave it",
            _NONE,
            _EVALUATE,
            scale="ratio",
        ),
        Column("ratio_next", "number", "the same in the next period", _NONE, _EVALUATE, scale="ratio"),
        Column("beyond", "number", "`ratio_next` over `ratio_expected`", _NONE, _EVALUATE, scale="ratio"),
        Column("beyond_lower", "number", "lower limit of `beyond`, 95%", _NONE, _EVALUATE, scale="ratio"),
        Column("beyond_upper", "number", "upper limit of `beyond`, 95%", _NONE, _EVALUATE, scale="ratio"),
        Column(
            "verdict",
            "category",
            "`fell more` than by itself, `fell less or rose`, `cannot tell`",
            writer=_EVALUATE,
        ),
        Column("evaluation_method", "category", "how flags were scored, in a sentence", writer=_EVALUATE),
    ),
)

_PROJECT = (
    "wm.priority.evaluate_project(table, treated_codes=treated, control_codes=control, before=..., after=...)"
)

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
        Column(
            "wdd",
            "number",
            "incidents more than the comparison leads to expect",
            writer=_PROJECT,
            scale="change",
        ),
        Column("wdd_lower", "number", "lower limit of `wdd`, 95%", writer=_PROJECT, scale="change"),
        Column("wdd_upper", "number", "upper limit of `wdd`, 95%", writer=_PROJECT, scale="change"),
        Column(
            "wdd_p", "number", "two-sided p of no difference", "no incidents", _PROJECT, scale="probability"
        ),
        Column(
            "relative",
            "number",
            "treated ratio of after to before over the comparison's",
            "a count is 0",
            _PROJECT,
            scale="ratio",
        ),
        Column(
            "relative_lower",
            "number",
            "lower limit of `relative`, 95%",
            "a count is 0",
            _PROJECT,
            scale="ratio",
        ),
        Column(
            "relative_upper",
            "number",
            "upper limit of `relative`, 95%",
            "a count is 0",
            _PROJECT,
            scale="ratio",
        ),
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

EVALUATION_TABLES = (EVALUATION, PROJECT)
