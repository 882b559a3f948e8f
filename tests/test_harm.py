"""Harm by hand; wardmap brings no weights, so these are made up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError, SmallNumbersWarning
from wardmap.rates import weigh_harm

WARDS = ["E01", "E02", "E03"]
WEIGHTS = pd.Series({"robbery": 365.0, "bicycle theft": 2.0})


def table(**counts):
    index = pd.MultiIndex.from_product(
        [[name.replace("_", " ") for name in counts], ["2018"], WARDS], names=["theme", "period", "ward_code"]
    )
    return pd.DataFrame(
        {"ward_name": WARDS * len(counts), "incidents": np.concatenate(list(counts.values()))}, index=index
    )


def weigh(frame, weights=WEIGHTS):
    return weigh_harm(frame, weights=weights, version="Made-up weights 1, in days").droplevel(
        ["theme", "period"]
    )


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (pd.Series({"robbery": -1.0}), "not negative(.|\n)*'robbery'"),
        (pd.Series({"robbery": np.nan}), "must be there(.|\n)*'robbery'"),
        (pd.Series([1.0, 2.0], index=["robbery", "robbery"]), "two weights(.|\n)*'robbery'"),
        (pd.Series({"arson": 1.0}), "No offence of the table has a weight"),
    ],
)
def test_weights_that_cannot_be_used_are_named(weights, says):
    with pytest.raises(InputError, match=says):
        weigh(table(robbery=[1, 1, 1]), weights)


def test_offences_without_a_weight_are_named_with_their_incidents():
    with pytest.warns(
        SmallNumbersWarning, match=r"1 offence without a weight: 6 incidents(.|\n)*arson \(6\)"
    ):
        found = weigh(table(robbery=[1, 0, 0], arson=[1, 2, 3]))
    assert found["unmatched"].tolist() == [1, 2, 3]
    assert found["incidents"].tolist() == [1, 0, 0]


def test_harm_variance_and_the_one_incident_that_moves_a_ward_by_hand():
    found = weigh(table(robbery=[1, 0, 0], bicycle_theft=[10, 40, 0]))
    assert found["harm"].tolist() == [385, 80, 0]
    assert found["harm_variance"].tolist() == [365**2 + 4 * 10, 4 * 40, 0]
    assert found["harm_largest"].tolist() == ["robbery", "bicycle theft", pd.NA]
    assert found["harm_largest_share"].iloc[0] == pytest.approx(365 / 385)
    assert found["harm_rank"].tolist() == [1, 2, 3]
    assert found["harm_rank_without"].tolist() == [2, 2, 3]
    assert "Made-up weights 1, in days; 2 of 2 offences" in found["harm_method"].iloc[0]


def test_with_one_weight_the_interval_is_that_of_the_count():
    """Byar's limits of 65 are 50.1632 and 82.8491 (test data of PHEindicatormethods)."""
    found = weigh(table(robbery=[65, 9, 0]))
    assert found.loc["E01", ["harm_lower", "harm_upper"]].tolist() == pytest.approx(
        [365 * 50.1632, 365 * 82.8491], rel=1e-5
    )
    assert found.loc[["E02", "E03"], ["harm_lower", "harm_upper"]].isna().all(axis=None)


def test_all_crime_is_passed_over_because_it_counts_everything_again():
    frame = table(robbery=[1, 2, 3], all_crime=[1, 2, 3])
    assert weigh(frame)["harm"].tolist() == [365, 730, 1095]


def test_the_result_is_a_ward_table_and_the_input_is_as_it_was():
    frame = table(robbery=[1, 2, 3])
    before = frame.copy(deep=True)
    found = weigh_harm(frame, weights=WEIGHTS, version="v")
    assert list(found.index.names) == ["theme", "period", "ward_code"]
    assert found.index.unique("theme").tolist() == ["harm"]
    pd.testing.assert_frame_equal(frame, before)


@given(st.lists(st.integers(0, 50), min_size=6, max_size=6), st.floats(0.01, 100))
def test_the_unit_of_the_weights_changes_no_rank(counts, factor):
    frame = table(robbery=counts[:3], bicycle_theft=counts[3:])
    one, other = weigh(frame), weigh(frame, WEIGHTS * factor)
    assert other["harm"].to_numpy() == pytest.approx(one["harm"].to_numpy() * factor)
    assert one["harm_rank"].tolist() == other["harm_rank"].tolist()
    assert (one["harm_rank_without"] >= one["harm_rank"]).all()
