"""A most similar group: HMIC's mean, status and rank that disagree, and the second opinion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError, MissingColumnError
from wardmap.rates import compare_group


def group(counts, people=100_000, theme="Theft"):
    areas = [f"Area {n}" for n in range(len(counts))]
    index = pd.MultiIndex.from_product([[theme], areas], names=["theme", "area"])
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


def ours(frame, **options):
    return compare_group(frame, area="Area 0", **options).iloc[0]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (group([1, 2]), "at least three areas"),
        (group([1, 2, -3]), "not be negative(.|\n)*Area 2"),
        (group([1, 2, 3], people=0), "positive(.|\n)*Area 0"),
        (
            pd.concat([group([1, 2, 3]), group([1, 2, 3], theme="Drugs").iloc[:2]]),
            "missing or twice: 'Drugs'",
        ),
        (pd.concat([group([1, 2, 3]), group([1, 2, 3]).iloc[:1]]), "missing or twice: 'Theft'"),
    ],
)
def test_a_group_that_cannot_be_compared_is_named(frame, says):
    with pytest.raises(InputError, match=says):
        ours(frame)


def test_an_area_that_is_not_there_and_a_frame_that_is_no_group_are_named():
    with pytest.raises(InputError, match=r"no area 'Area 9'(.|\n)*nearest first: 'Area 0'"):
        compare_group(group([1, 2, 3]), area="Area 9")
    with pytest.raises(MissingColumnError, match=r'set_index\(\["theme", "area"\]\)'):
        ours(group([1, 2, 3]).reset_index())


@pytest.mark.parametrize("wrong", [{"against": "mode"}, {"per": 0}, {"confidence": 1}])
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(InputError, match=str(next(iter(wrong.values())))):
        ours(group([1, 2, 3]), **wrong)


def test_above_the_mean_and_yet_in_the_middle_as_theft_in_the_plan():
    """Figure 10 has theft Above its group at rank 8 of 15: seven areas are higher, and the mean is lower."""
    found = ours(group([2660, *[2700] * 7, *[1500] * 7]))
    assert found[["status", "standing", "areas"]].tolist() == ["Above", 8, 15]
    assert found["spread_status"] == "Similar"


def test_below_the_mean_and_yet_in_the_upper_half_as_public_order_in_the_plan():
    """Figure 10 has public order Below at rank 7 of 15: two very high areas draw the mean up."""
    found = ours(group([280, *[900] * 2, *[290] * 4, *[270] * 8]))
    assert found[["status", "standing"]].tolist() == ["Below", 7]


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [("mean", 20), ("mean_excl", 15), ("pooled", 16), ("pooled_excl", 12.5), ("median", 20)],
)
def test_every_benchmark_by_hand(benchmark, expected):
    frame = group([30, 20, 30], people=[1000, 1000, 3000])
    assert ours(frame, against=benchmark)["benchmark"] == pytest.approx(expected)


def test_equal_rates_share_the_better_number():
    assert ours(group([20, 20, 30, 10]))["standing"] == 2


def test_status_at_95_and_at_998_by_the_interval_of_the_rate():
    """65 has limits 50.16 and 82.85 at 95 % (PHE test data), so 84.5 is outside at 95 % and not at 99.8 %."""
    found = ours(group([65, 104, 84.5]))
    assert found[["status", "status_998"]].tolist() == ["Below", "Similar"]


def test_areas_that_differ_by_chance_alone_leave_only_chance_in_the_spread():
    found = ours(group([100, 101, 99]), per=100_000)
    assert found["spread_upper"] - 100 == pytest.approx(1.959964 * 10, rel=1e-4)


def test_themes_keep_their_order():
    frame = pd.concat([group([1, 2, 3]), group([3, 2, 1], theme="Drugs")])
    assert compare_group(frame, area="Area 0")["standing"].to_dict() == {"Theft": 3, "Drugs": 1}


@given(st.lists(st.integers(0, 5000), min_size=3, max_size=15), st.randoms())
def test_the_order_of_areas_does_not_matter_and_standing_counts_the_higher(counts, random):
    frame = group(counts)
    found = ours(frame)
    assert found["standing"] == 1 + (np.array(counts[1:]) > counts[0]).sum()
    order = list(range(len(counts)))
    random.shuffle(order)
    shuffled = ours(frame.iloc[order])
    assert shuffled["benchmark"] == pytest.approx(found["benchmark"])
    assert shuffled[["status", "standing"]].tolist() == found[["status", "standing"]].tolist()
