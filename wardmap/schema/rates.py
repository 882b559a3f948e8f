"""What the rates room writes: counts, rates and comparisons."""

from wardmap.schema.column import Column
from wardmap.schema.reading import READING

_COUNT = "table = wm.count_incidents(incidents, wards)"
_RATES = "table = wm.add_rates(table, population)"
_COMPARE = 'table = wm.compare(table, against="rest")'

STATUSES = ("Above", "Similar", "Below")

RATE_COLUMNS = (
    Column("ward_name", "string", "the ward's name", writer=_COUNT, label="Ward", example="Anglesey"),
    Column("incidents", "whole number", "incidents in the ward; 0 is a true zero", writer=_COUNT, label="Incidents", unit="incidents", told=True, example="412"),
    Column("months", "whole number", "months of the period that are on file", writer=_COUNT, unit="months", example="12"),
    Column("complete", "boolean", "every month of the period is on file", writer=_COUNT, example="true"),
    Column("located_share", "number", "rows read of the theme and period that have a place, 0 to 1",
           "no row was read", _COUNT, scale="share", label="Share with a place", example="0.89"),
    Column("incidents_weighted", "number", "sum of the weights of the incidents, in their unit",
           writer='table = wm.count_incidents(incidents, wards, weights="column")', scale="count"),
    Column("halo", "boolean", "a ward from outside the district: used by its neighbours, never tested itself",
           writer="table = wm.count_incidents(incidents, wards, halo=True)"),
    Column("dispersion_excess", "number", "pairs of one ward's incidents in one month beyond what chance gives",
           "fewer than six months, or than two wards with incidents", _COUNT),
    Column("dispersion_scale", "number", "what the excess is measured by: dispersion is 1 + excess / scale",
           "fewer than six months, or than two wards with incidents", _COUNT),
    Column("dispersion_events", "number", "incidents of the theme that the dispersion rests on",
           "fewer than six months, or than two wards with incidents", _COUNT, scale="count", unit="incidents"),
    Column("dispersion_months", "number", "months on file that it rests on", writer=_COUNT, scale="count", unit="months"),
    Column("dispersion_degrees", "number", "these months less one for each year", writer=_COUNT, scale="count"),
    Column("incidents_method", "category", "what was counted, and by which wards", writer=_COUNT),
    Column("population", "number", "people, or what stands for them", "not known", _RATES, scale="count", label="Population", unit="people", told=True, example="6512"),
    Column("population_method", "category", "what was counted, when, and by whom", writer=_RATES),
    Column("rate", "number", "incidents per 1,000 people (or as `per=` says) over the period",
           "population null", _RATES, scale="rate", label="Rate", unit="per 1,000 people", told=True, example="63.3", reading=READING["rate"]),
    Column("rate_lower", "number", "lower limit of the rate's interval", "population null", _RATES, scale="rate"),
    Column("rate_upper", "number", "upper limit of the rate's interval", "population null", _RATES, scale="rate"),
    Column("rate_method", "category", "the rate and its interval, in a sentence", writer=_RATES),
    Column("ratio", "number", "rate ratio: the ward over its benchmark; infinite where only the rest has no incident",
           "population null, or neither has an incident", _COMPARE, scale="ratio", label="Rate ratio", told=True, tested_by="status", example="1.99", reading=READING["ratio"]),
    Column("ratio_lower", "number", "lower limit of the rate ratio", "population null, or no incidents", _COMPARE, scale="ratio", example="1.81"),
    Column("ratio_upper", "number", "upper limit; infinite when the rest has no incidents",
           "population null, or no incidents", _COMPARE, scale="ratio", example="2.19"),
    Column("ratio_p", "number", "two-sided p of equal rates, not corrected for the number of wards",
           "population null, or no incidents", _COMPARE, scale="probability", example="0.0004"),
    Column("ratio_p_above", "number", "one-sided p: how often chance alone would give as many or more",
           "population null, or no incidents", _COMPARE, scale="probability", label="p of being above"),
    Column("ratio_phi", "number", "how many times a Poisson count's variance was allowed for", "not known", _COMPARE,
           label="Dispersion"),
    Column("ratio_against", "category", "what the ratio is to: `rest`, `district` or `rate`", writer=_COMPARE,
           label="Held against"),
    Column("status", "category", "`Above`, `Similar` or `Below`: where the interval lies around 1",
           "no ratio can be given", _COMPARE, label="Status", told=True, example="Above", words=(("Below", "low"), ("Similar", "middle"), ("Above", "high"))),
    Column("status_998", "category", "the same by a 99.8% interval", "no ratio can be given", _COMPARE, label="Status at 99.8%", words=(("Below", "low"), ("Similar", "middle"), ("Above", "high"))),
    Column("ratio_method", "category", "benchmark, interval and confidence, in a sentence", writer=_COMPARE),
)  # fmt: skip
