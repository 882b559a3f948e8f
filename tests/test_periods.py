"""Periods: the calendar's and the user's own, and what makes one complete."""

import pandas as pd
import pytest

from wardmap.errors import InputError
from wardmap.rates.periods import periods


def divided(dates, period, precision="month"):
    return periods(pd.Series(pd.to_datetime(dates)), pd.Series([precision] * len(dates)), period)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("fortnight", "no period 'fortnight'"),
        ({}, "No period is given"),
        ({"a": ("2016-04", "2016-05"), "b": ("2016-05", "2016-06")}, "(?s)overlap.*2016-05-31.*2016-05-01"),
        ({"a": ("2016-05", "2016-04")}, "ends before it begins"),
        ({"a": ("soon", "later")}, "(?s)not dates.*'soon'"),
        ({"a": ("2016-04-10", "2016-05")}, "(?s)known to the month only.*'a'"),
        ({"a": ("2019-01", "2019-12")}, "(?s)no month on file.*2016-04"),
    ],
)
def test_periods_that_cannot_be_used(given, message):
    with pytest.raises(InputError, match=message):
        divided(["2016-04-01"], given)


def test_no_date_at_all():
    with pytest.raises(InputError, match="No incident has a date"):
        divided([None], "year")


# Outputs --------------------------------------------------------------------------------------------


def test_your_own_periods_are_in_order_of_time_and_both_ends_are_within():
    dates = ["2016-03-31", "2016-04-01", "2016-04-30", "2016-06-30", None]
    found = divided(dates, {"late": ("2016-05", "2016-06"), "early": ("2016-04", "2016-04")})
    assert found.labels == ["early", "late"]
    assert found.of_row.tolist() == [-1, 0, 0, 1, -1]
    assert found.months == [1, 1]
    assert found.complete == [True, False]  # May is not on file


def test_days_where_dates_are_precise_to_the_day():
    found = divided(["2016-04-09", "2016-04-10", "2016-04-20"], {"a": ("2016-04-10", "2016-04-19")}, "day")
    assert found.of_row.tolist() == [-1, 0, -1]


def test_all_is_complete_unless_a_month_is_missing():
    assert divided(["2016-04-01", "2016-05-01"], "all").complete == [True]
    assert divided(["2016-04-01", "2016-06-01"], "all").complete == [False]
