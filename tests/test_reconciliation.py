"""Printed tables held against themselves; the plan's figure 10 first."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError
from wardmap.rates import implied_population, reconcile

# Figure 10 of the East Staffordshire community safety plan 2018-21: number and rate per 1,000, 2016/17.
FIGURE_10 = {
    "Total recorded crime": (7913, 68.2),
    "Violence against the person": (2479, 21.4),
    "Violence with injury": (1156, 10.0),
    "Violence without injury": (1322, 11.4),
    "Sexual offences": (290, 2.5),
    "Robbery": (60, 0.5),
    "Theft offences": (3088, 26.6),
    "Burglary": (682, 5.9),
    "Vehicle offences": (551, 4.7),
    "Theft from the person": (62, 0.5),
    "Bicycle theft": (188, 1.6),
    "Shoplifting": (791, 6.8),
    "All other theft": (814, 7.0),
    "Criminal damage and arson": (1051, 9.1),
    "Drug offences": (195, 1.7),
    "Possession of weapons": (49, 0.4),
    "Public order": (321, 2.8),
    "Miscellaneous crimes against society": (183, 1.6),
}
COUNTS = pd.Series({name: count for name, (count, _) in FIGURE_10.items()})
RATES = pd.Series({name: rate for name, (_, rate) in FIGURE_10.items()})
NAMES = list(FIGURE_10)
GROUPS = ["Violence against the person", "Sexual offences", "Robbery", "Theft offences", *NAMES[13:]]


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"Total": ["Robbery"]}, "'Total' not among the printed rows"),
        ({"Robbery": ["Burglery"]}, "nearest first: 'Burglary'"),
        ({"Robbery": []}, "it has no parts"),
        ({"Robbery": ["Burglary", "Burglary"]}, "there more than once: 'Burglary'"),
        ({"Robbery": ["Robbery"]}, "there more than once: 'Robbery'"),
    ],
)
def test_parts_that_cannot_be_added_up_are_named(parts, says):
    with pytest.raises(InputError, match=says):
        reconcile(COUNTS, parts=parts)


def test_a_row_without_a_number_is_named():
    with pytest.raises(InputError, match="No number is printed for 'Robbery'"):
        reconcile(COUNTS.where(COUNTS.index != "Robbery"), parts={"Theft offences": ["Robbery"]})


def test_a_row_that_stands_twice_is_named():
    twice = pd.concat([COUNTS, COUNTS[["Robbery"]]])
    with pytest.raises(InputError, match="there more than once: 'Robbery'"):
        reconcile(twice, parts={"Theft offences": ["Robbery"]})


def test_the_plans_table_leaves_197_crimes_in_no_group():
    found = reconcile(
        COUNTS,
        parts={
            "Total recorded crime": GROUPS,
            "Violence against the person": NAMES[2:4],
            "Theft offences": NAMES[7:13],
        },
    )
    assert found["parts"].tolist() == [7716, 2478, 3088]
    assert found["unaccounted"].tolist() == [197, 1, 0]
    assert found["agrees"].tolist() == [False, False, True]
    assert found["share_unaccounted"].iloc[0] == pytest.approx(0.0249, abs=5e-5)
    assert found["parts_method"].iloc[2].startswith("Sum of Burglary, Vehicle offences, ")


def test_only_116_000_to_116_112_people_fit_every_rate_of_the_plan():
    found = implied_population(COUNTS, RATES)
    everyone = found.loc["all rows"]
    assert everyone["fits"]
    assert (everyone["population_lower"], np.floor(everyone["population_upper"])) == (116_000, 116_111)
    assert "all rows" not in COUNTS.index  # the input is as it was


def test_rates_of_different_denominators_fit_no_population():
    found = implied_population(pd.Series({"a": 100, "b": 100}), pd.Series({"a": 1.0, "b": 2.0}))
    assert found["fits"].tolist() == [True, True, False]


def test_a_rate_printed_as_nothing_bounds_from_below_only():
    found = implied_population(pd.Series({"a": 3}), pd.Series({"a": 0.0}))
    assert found.loc["a", ["population_lower", "population_upper"]].tolist() == [60_000, np.inf]


@pytest.mark.parametrize(
    ("counts", "rates", "says"),
    [
        ({"a": 1}, {"b": 1.0}, "in one of them only: 'a', 'b'"),
        ({"a": 1, "b": 2}, {"b": 1.0, "a": 1.0}, "the order differs"),
        ({"a": -1}, {"a": 1.0}, "not negative(.|\n)*rows: 'a'"),
        ({"a": 1}, {"a": np.nan}, "rows: 'a'"),
    ],
)
def test_rows_that_do_not_match_are_named(counts, rates, says):
    with pytest.raises(InputError, match=says):
        implied_population(pd.Series(counts), pd.Series(rates))


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=20), st.integers(20_000, 500_000))
def test_the_true_population_always_fits(counts, people):
    counts = pd.Series(counts)
    found = implied_population(counts, (1000 * counts / people).round(1)).loc["all rows"]
    assert found["population_lower"] - 1e-6 <= people <= found["population_upper"] + 1e-6
