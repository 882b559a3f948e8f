"""Dates as text: found when only one reading fits, refused when two do."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError
from wardmap.read.incidents.dates import DAY_FORMATS, MONTH_FORMATS, from_parts, read_dates


def read(*values, date_format=None):
    return read_dates(pd.Series(values, dtype=object), date_format, "t.csv")


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["03/04/2024", "3-4-2024", "03/04/24"])
def test_a_date_that_can_be_read_two_ways_is_never_read_as_american(text):
    with pytest.raises(InputError, match=r'two ways(.|\n)*date_format="%d.%m.%.".*date_format="%m.%d.%."'):
        read(text, None)
    assert read(
        text.replace("-", "/"), date_format="%d/%m/%" + ("y" if len(text) == 8 and "-" not in text else "Y")
    )


def test_american_dates_are_recognised_and_asked_about():
    with pytest.raises(InputError, match=r'look American(.|\n)*date_format="%m/%d/%Y"'):
        read("03/04/2024", "03/14/2024")
    days, _, _ = read("03/04/2024", "03/14/2024", date_format="%m/%d/%Y")
    assert days.astype(str).tolist() == ["2024-03-04T00:00:00.000000", "2024-03-14T00:00:00.000000"]


def test_what_is_no_date_is_named():
    with pytest.raises(InputError, match=r"1 date in 't.csv' cannot be read as %d/%m/%Y(.|\n)*'soon'"):
        read("14/04/2024", "15/04/2024", "soon")
    with pytest.raises(InputError, match=r"2 dates(.|\n)*%Y-%m-%d(.|\n)*'14/04/2024'"):
        read("14/04/2024", "14/04/2024", date_format="%Y-%m-%d")
    with pytest.raises(InputError, match=r"format of the dates in 't\.csv' is not known"):
        read("43194", "43195")


def test_parts_that_are_no_date_are_named():
    with pytest.raises(InputError, match=r"1 row of 't.csv'(.|\n)*'2024-2-30'"):
        from_parts(pd.DataFrame({"year": ["2024"] * 2, "month": ["2"] * 2, "day": ["3", "30"]}), "t.csv")


# Outputs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2018-03-14", "2018-03-14", "day"),
        ("2018-03-14T23:59:59Z", "2018-03-14", "day"),
        ("14/03/2018 00:05", "2018-03-14", "day"),
        ("14/03/2018 12:05:00 AM", "2018-03-14", "day"),
        ("14.03.2018", "2018-03-14", "day"),
        ("20180314", "2018-03-14", "day"),
        ("14 Mar 2018", "2018-03-14", "day"),
        ("14 March 2018", "2018-03-14", "day"),
        ("14-Mar-18", "2018-03-14", "day"),
        ("2018-03", "2018-03-01", "month"),
        ("03/2018", "2018-03-01", "month"),
        ("March 2018", "2018-03-01", "month"),
    ],
)
def test_formats_are_found(text, iso, precision):
    days, found, words = read(None, text, " ")
    assert days.astype("datetime64[D]").astype(str).tolist() == ["NaT", iso, "NaT"]
    assert found == precision
    assert words.startswith("dates as %")


@given(st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2060-12-31").date()))
def test_what_a_format_writes_is_read_back_or_refused_never_another_day(day):
    for date_format in (*DAY_FORMATS, *MONTH_FORMATS):
        text = day.strftime(date_format)
        try:
            found = read(text)[0][0]
        except InputError as error:
            assert "two ways" in str(error)  # noqa: PT017 - the only refusal that is right here
            assert day.day <= 12
            continue
        expected = day if "%d" in date_format else day.replace(day=1)
        if "%y" in date_format:
            assert (found.astype("datetime64[D]").astype(object) - expected).days % 36525 == 0
        else:
            assert found.astype("datetime64[D]").astype(object) == expected


def test_dates_of_a_database_keep_their_day_whatever_the_zone():
    stamps = pd.Series(pd.to_datetime(["2018-06-30 23:30:00+01:00"]))
    days, precision, _ = read_dates(stamps, None, "t")
    assert (str(days[0])[:10], precision) == ("2018-06-30", "day")


def test_parts_of_dates_are_put_together():
    parts = pd.DataFrame({"year": ["2018", None], "month": ["3", None]})
    days, precision, words = from_parts(parts, "t.csv")
    assert days.astype("datetime64[D]").astype(str).tolist() == ["2018-03-01", "NaT"]
    assert (precision, words) == ("month", "dates from year, month")
