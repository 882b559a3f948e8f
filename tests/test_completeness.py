"""completeness: months that are missing, and months that hold far fewer rows than usual."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError
from wardmap.read.incidents.completeness import _usual


@pytest.fixture
def months():
    """Two forces: one lacks a month and sends a tenth in another, the other is whole."""
    numbers = {"a": {"2018-01": 20, "2018-02": 2, "2018-04": 22}, "b-c": dict.fromkeys(
        ["2018-01", "2018-02", "2018-03", "2018-04"], 3)}  # fmt: skip
    rows = [
        (pd.Timestamp(month), f"{month}-{force}-street.csv")
        for force, counts in numbers.items()
        for month, rows in counts.items()
        for _ in range(rows)
    ]
    return pd.DataFrame(rows, columns=["date", "source"])


def test_missing_and_low_months_by_hand(months):
    table = wm.read.completeness(months)
    schema.check(table, schema.COMPLETENESS)
    assert table.loc["a", "rows"].tolist() == [20, 2, 0, 22]
    assert table.loc["a", "usual"].tolist() == [12, 21, 20, 11]
    assert table.loc["a", "status"].tolist() == ["complete", "low", "missing", "complete"]
    assert table.loc["b-c", "status"].unique().tolist() == ["complete"]
    assert table["rows"].sum() == len(months)


def test_reading_warns_of_gaps_by_name(street_rows):
    rows = pd.concat([street_rows.assign(Month=m) for m in ("2018-01", "2018-04", "2018-06")])
    with pytest.warns(IncompleteWarning, match=r"(?s)3 months without.*2018-02 to 2018-03, 2018-05"):
        wm.read_incidents(rows)


def test_reading_warns_of_low_months(street_rows):
    rows = pd.concat([street_rows] * 4 + [street_rows.iloc[:1].assign(Month="2018-04")])
    with pytest.warns(IncompleteWarning, match=r"1 month with far fewer(.|\n)*2018-04"):
        wm.read_incidents(rows)


def test_one_month_has_no_usual(months):
    table = wm.read.completeness(months[months["date"] == "2018-01-01"])
    assert table["usual"].isna().all()
    assert (table["status"] == "complete").all()


def test_rows_without_a_date_cannot_be_placed(months):
    with pytest.raises(InputError, match="No row has a date"):
        wm.read.completeness(months.assign(date=pd.NaT))


def test_a_mistyped_year_does_not_cost_a_table_of_months_by_months(street_rows):
    rows = street_rows.assign(Month=["0218-03", *["2018-03"] * (len(street_rows) - 1)])
    if int(pd.__version__.split(".")[0]) < 3:  # its nanoseconds begin in 1677
        with pytest.raises(InputError, match=r"not written as YYYY-MM(.|\n)*0218-03"):
            wm.read_incidents(rows)
        return
    tracemalloc.start()
    with pytest.warns(IncompleteWarning):
        wm.read_incidents(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e8


def test_the_usual_by_hand():
    rows = np.array([[4, 0, 10, 6], [0, 5, 0, 0], [0, 0, 0, 0]])
    expected = [[8, 6, 5, 7], [5, np.nan, 5, 5], [np.nan] * 4]
    np.testing.assert_array_equal(_usual(rows), expected)
