"""Concentration by hand, by published examples, and by what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError, MissingColumnError
from wardmap.rates import concentration, lorenz


def table(counts, theme="robbery"):
    cells = [(theme, "2018", f"E{n:02d}") for n in range(len(counts))]
    index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": counts}, index=index)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, np.nan])
def test_a_share_lies_between_0_and_1(share):
    with pytest.raises(InputError, match="share must lie between 0 and 1"):
        concentration(table([1, 2]), share=share)


@pytest.mark.parametrize("verb", [concentration, lorenz])
def test_counts_must_be_there_and_not_negative(verb):
    with pytest.raises(InputError, match=r"1 count negative or missing\.\n.*E01"):
        verb(table([1, -2]))
    with pytest.raises(MissingColumnError, match="no column 'incidents'"):
        verb(table([1, 2]).rename(columns={"incidents": "n"}))


# The examples of the R package lorenzgini for the generalised Gini (Bernasco and Steenbeek 2017).
@pytest.mark.parametrize(
    ("counts", "gini", "general"),
    [([10, 8, 2] + [0] * 7, 0.78, 0.78), ([5, 2, 1] + [0] * 7, 0.80, 0.75), ([10] + [0] * 9, 0.90, 0.90)],
)
def test_gini_and_its_generalisation_equal_the_published_examples(counts, gini, general):
    found = concentration(table(counts)).iloc[0]
    assert (found["gini"], found["gini_generalised"]) == pytest.approx((gini, general))


def test_all_in_one_ward_is_1_when_unbiased():
    assert concentration(table([10] + [0] * 9))["gini_unbiased"].item() == pytest.approx(1)


def test_the_smallest_set_by_hand():
    found = concentration(table([5, 30, 5, 20, 40]), share=0.7).iloc[0]
    assert found["smallest_set"] == 2
    assert found["smallest_set_codes"] == ["E04", "E01"]
    assert found["smallest_set_share"] == pytest.approx(0.7)


def test_equal_wards_join_by_code():
    assert concentration(table([3, 3, 3, 3]))["smallest_set_codes"].item() == ["E00", "E01"]


def test_without_incidents_there_is_nothing_to_say():
    found = concentration(table([0, 0])).iloc[0]
    assert found[["gini", "gini_generalised", "gini_unbiased", "smallest_set_share"]].isna().all()
    assert found["smallest_set"] is pd.NA
    assert found["smallest_set_codes"] == []
    with pytest.raises(InputError, match="no incidents"):
        lorenz(table([0, 0]))


def test_every_theme_and_period_has_a_row():
    both = pd.concat([table([1, 3]), table([2, 2], "ASB")])
    found = concentration(both)
    assert found.index.tolist() == [("robbery", "2018"), ("ASB", "2018")]
    assert found["gini"].tolist() == pytest.approx([0.25, 0])


counts = st.lists(st.integers(0, 300), min_size=2, max_size=30).filter(any)


@given(counts, st.randoms())
def test_the_curve_holds_the_gini_and_order_does_not_matter(values, random):
    given_table = table(values)
    curve = lorenz(given_table)
    area = np.trapezoid(curve["share_incidents"], curve["share_wards"])
    found = concentration(given_table)
    assert found["gini"].item() == pytest.approx(1 - 2 * area)
    order = list(range(len(values)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(concentration(given_table.iloc[order]), found)
    pd.testing.assert_frame_equal(lorenz(given_table.iloc[order]), curve)


@given(counts, st.floats(0.01, 1))
def test_the_smallest_set_holds_the_share_and_one_ward_fewer_does_not(values, share):
    found = concentration(table(values), share=share).iloc[0]
    largest = np.sort(values)[::-1]
    held = largest[: found["smallest_set"]].sum()
    assert held >= share * sum(values) * (1 - 1e-9)
    assert held - largest[found["smallest_set"] - 1] < share * sum(values) * (1 + 1e-9)
