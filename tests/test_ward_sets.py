"""compare_wards: double the borough is more than double the rest of it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError


@pytest.fixture
def table(wards):
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    return pd.DataFrame({"incidents": [300, 100, 80, 60, 60], "population": 1000.0}, index=index)


# Inputs ---------------------------------------------------------------------------------------------


def test_sets_that_cannot_be_compared(table):
    with pytest.raises(AlignmentError, match=r"(?s)not in the table.*'Burton'"):
        wm.rates.compare_wards(table, ward_codes=["Burton"], name="x")
    with pytest.raises(InputError, match=r"(?s)named twice.*E05000001"):
        wm.rates.compare_wards(table, ward_codes=["E05000001", "E05000001"], name="x")
    for codes in ([], table.index.unique("ward_code").tolist()):
        with pytest.raises(TooFewWardsError, match="inside it, and outside it"):
            wm.rates.compare_wards(table, ward_codes=codes, name="x")


# Outputs --------------------------------------------------------------------------------------------


def test_a_set_by_hand(table):
    found = wm.rates.compare_wards(table, ward_codes=["E05000001", "E05000002"], name="Centre").droplevel(
        ["theme", "period"]
    )
    assert found.index.tolist() == ["district", "rest"]
    assert found["wards"].unique().tolist() == ["Centre"]
    assert found["incidents"].tolist() == [400, 400]
    assert found["share_incidents"].tolist() == pytest.approx([2 / 3] * 2)
    assert found["share_population"].tolist() == [0.4, 0.4]
    assert found["ratio"].tolist() == pytest.approx(
        [(400 / 2000) / (600 / 5000), (400 / 2000) / (200 / 3000)]
    )
    assert found["status"].tolist() == ["Above", "Above"]
    assert "the ward itself left out" in found.loc["rest", "ratio_method"]


def test_a_ward_without_people_is_on_neither_side(table):
    table.loc[(slice(None), slice(None), "E05000005"), "population"] = np.nan
    found = wm.rates.compare_wards(table, ward_codes=["E05000001", "E05000005"], name="x")
    assert found["incidents"].tolist() == [300, 300]
    assert found["ratio"].iloc[1] == pytest.approx(300 / (240 / 3))


def test_the_plans_double_is_two_and_a_half_times_the_rest(table):
    """A set with 17 % of the people at 2.0 times the whole: r (1 - w) / (1 - w r) = 2.515."""
    table["population"] = [1700.0, 2000, 2000, 2000, 2300]
    table["incidents"] = [340, 165, 165, 165, 165]
    found = wm.rates.compare_wards(table, ward_codes=["E05000001"], name="x")["ratio"].tolist()
    assert found == pytest.approx([2.0, 2 * 0.83 / (1 - 0.17 * 2)])
    assert round(found[1], 2) == 2.52


@given(
    st.lists(st.integers(0, 300), min_size=5, max_size=5),
    st.lists(st.integers(1, 9000), min_size=5, max_size=5),
)
def test_a_set_of_one_ward_is_what_compare_says_of_it(incidents, people):
    codes = [f"E0500000{n}" for n in range(1, 6)]
    index = pd.MultiIndex.from_product([["a"], ["2016"], codes], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": incidents, "population": np.array(people, dtype=float)}, index=index)
    for against in ("district", "rest"):
        ward = wm.compare(table, against=against).iloc[0]
        one = (
            wm.rates.compare_wards(table, ward_codes=codes[:1], name="one")
            .xs(against, level="against")
            .iloc[0]
        )
        pd.testing.assert_series_equal(
            one[ward.index.drop("population")], ward.drop("population"), check_names=False
        )
