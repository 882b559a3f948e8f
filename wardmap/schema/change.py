"""What the rates room writes of change: over two periods, against another area, over many, by target."""

from wardmap.schema.column import Column, Table

_PAIR = 'wm.compare_periods(table, before="2015/16", after="2016/17")'
_AGAINST = 'wm.rates.compare_change(table, against=england, before="2015/16", after="2016/17")'
_TREND = "wm.rates.trend(table)"
_TARGETS = "wm.rates.track_targets(targets, values)"
_SET = 'wm.rates.compare_wards(table, ward_codes=codes, name="Burton")'

CHANGES = ("rose", "fell", "cannot tell")
AGAINST = ("less", "more", "cannot tell")
TARGETS_MET = ("met", "not met", "cannot tell")

CHANGE = Table(
    "change",
    "one row per theme and ward: two periods",
    ("theme", "ward_code"),
    (
        Column("before", "whole number", "incidents in the earlier period", writer=_PAIR),
        Column("after", "whole number", "incidents in the later period", writer=_PAIR),
        Column("change", "whole number", "their difference", writer=_PAIR, label="Change", told=True),
        Column("change_percent", "number", "the same in per cent of `before`", "`before` is below 5", _PAIR, scale="percent", label="Change in per cent"),
        Column("change_percent_lower", "number", "lower limit, in per cent", "`before` is below 5", _PAIR, scale="percent"),
        Column("change_percent_upper", "number", "upper limit, in per cent", "`before` is below 5", _PAIR, scale="percent"),
        Column("change_p", "number", "two-sided p of equal rates, not corrected for the number of wards",
               "no incidents, or across a break", _PAIR, scale="probability"),
        Column("change_status", "category", "`rose`, `fell` or `cannot tell`", writer=_PAIR, words=(("fell", "low"), ("cannot tell", "middle"), ("rose", "high"))),
        Column("change_break", "boolean", "recording changed between the two", writer=_PAIR),
        Column("change_method", "category", "periods, test and interval, in a sentence", writer=_PAIR),
    ),
)  # fmt: skip

CHANGE_RATIO = Table(
    "change against another area",
    "one row per theme and ward",
    ("theme", "ward_code"),
    (
        Column("before", "whole number", "incidents in the earlier period", writer=_AGAINST),
        Column("after", "whole number", "incidents in the later period", writer=_AGAINST),
        Column("elsewhere_before", "number", "incidents of the other area, earlier", writer=_AGAINST, scale="count"),
        Column("elsewhere_after", "number", "incidents of the other area, later", writer=_AGAINST, scale="count"),
        Column("change_ratio", "number", "after / before, over the same elsewhere", "a count is 0", _AGAINST, scale="ratio"),
        Column("change_ratio_lower", "number", "its lower limit", "a count is 0", _AGAINST, scale="ratio"),
        Column("change_ratio_upper", "number", "its upper limit", "a count is 0", _AGAINST, scale="ratio"),
        Column("change_ratio_p", "number", "two-sided p of equal change, not corrected for the number of wards",
               "a count is 0, or across a break", _AGAINST, scale="probability"),
        Column("change_ratio_phi", "number", "how many times a Poisson count's variance the ward has",
               "fewer than five earlier periods: 1 was taken", _AGAINST),
        Column("change_ratio_status", "category", "`less`, `more` or `cannot tell`", writer=_AGAINST, words=(("less", "low"), ("cannot tell", "middle"), ("more", "high"))),
        Column("change_ratio_method", "category", "periods and interval, in a sentence", writer=_AGAINST),
    ),
)  # fmt: skip

TREND = Table(
    "trend",
    "one row per theme and ward: many periods",
    ("theme", "ward_code"),
    (
        Column("trend_periods", "whole number", "periods that were used", writer=_TREND),
        Column("trend_since", "string", "the first of them", "none could be used", _TREND),
        Column("trend_break", "boolean", "earlier ones were left out because recording changed", writer=_TREND),
        Column("trend_s", "whole number", "Mann-Kendall's S", writer=_TREND),
        Column("trend_p", "number", "its two-sided p, not corrected for the number of wards", writer=_TREND, scale="probability"),
        Column("trend_attainable_p", "number", "the smallest p that so few periods could give; 0 where the "
               "normal distribution was used", writer=_TREND, scale="probability"),
        Column("trend_slope", "number", "Sen's slope: change in a year; in a period where labels do not say the year",
               "fewer than two values", _TREND),
        Column("trend_status", "category", "`rose`, `fell` or `cannot tell`", writer=_TREND, words=(("fell", "low"), ("cannot tell", "middle"), ("rose", "high"))),
        Column("trend_method", "category", "what was tested, in a sentence", writer=_TREND),
    ),
)  # fmt: skip

TARGETS = Table(
    "targets",
    "one row per indicator and period, every combination present",
    ("indicator", "period"),
    (
        Column("kind", "string", "`count` or `percent`", writer=_TARGETS),
        Column("wanted", "string", "`rise` or `fall`", writer=_TARGETS),
        Column("baseline", "number", "the figure to begin with", "there is none", _TARGETS, scale="count"),
        Column("value", "number", "the period's figure", "there is none", _TARGETS, scale="count"),
        Column("value_lower", "number", "its lower limit", "no figure, or number asked not known", _TARGETS, scale="count"),
        Column("value_upper", "number", "its upper limit", "no figure, or number asked not known", _TARGETS, scale="count"),
        Column("change", "number", "value less baseline, in points for percentages", "no figure", _TARGETS, scale="change", label="Change", told=True),
        Column("change_percent", "number", "the same in per cent", "a percentage, or a baseline below 5", _TARGETS, scale="percent", label="Change in per cent"),
        Column("direction", "category", "`up`, `down` or `level`, as the figures stand", "no figure", _TARGETS),
        Column("target_p", "number", "two-sided p of no change", "it cannot be tested: see the reason", _TARGETS, scale="probability"),
        Column("target_status", "category", "`met`, `not met` or `cannot tell`", writer=_TARGETS),
        Column("target_reason", "category", "why it cannot be told", "it can", _TARGETS),
        Column("detectable_fall", "number", "the highest later count that is a fall", "none is, or a percentage", _TARGETS, scale="count"),
        Column("detectable_rise", "number", "the lowest later count that is a rise", "a percentage", _TARGETS, scale="count"),
        Column("target_method", "category", "test and limits, in a sentence", writer=_TARGETS),
    ),
)  # fmt: skip

WARD_SET = Table(
    "named set of wards",
    "one row per theme, period and benchmark",
    ("theme", "period", "against"),
    (
        Column("wards", "string", "the name of the set", writer=_SET),
        Column("incidents", "whole number", "incidents in the set", writer=_SET, label="Incidents", unit="incidents", example="412"),
        Column("population", "number", "people in the set", writer=_SET, scale="count", label="Population", unit="people", example="6512"),
        Column("share_incidents", "number", "its share of the district's incidents, 0 to 1", "there are none", _SET, scale="share"),
        Column("share_population", "number", "its share of the district's people, 0 to 1", writer=_SET, scale="share"),
        Column("ratio", "number", "its rate over that of the district, or of the rest; infinite where the rest has no incident", "no incidents", _SET, scale="ratio", label="Rate ratio", tested_by="status", example="1.99"),
        Column("ratio_lower", "number", "lower limit", "no incidents", _SET, scale="ratio", example="1.81"),
        Column("ratio_upper", "number", "upper limit", "no incidents", _SET, scale="ratio", example="2.19"),
        Column("ratio_p", "number", "two-sided p of equal rates", "no incidents", _SET, scale="probability", example="0.0004"),
        Column("status", "category", "`Above`, `Similar` or `Below`, at 95%", "no incidents", _SET, label="Status", example="Above", words=(("Below", "low"), ("Similar", "middle"), ("Above", "high"))),
        Column("status_998", "category", "the same at 99.8%", "no incidents", _SET, label="Status at 99.8%", words=(("Below", "low"), ("Similar", "middle"), ("Above", "high"))),
        Column("ratio_against", "category", "`district` or `rest`, as the index has it", writer=_SET),
        Column("ratio_method", "category", "which benchmark, and how, in a sentence", writer=_SET),
    ),
)  # fmt: skip

CHANGE_TABLES = (WARD_SET, CHANGE, CHANGE_RATIO, TREND, TARGETS)
