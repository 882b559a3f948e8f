"""PriorityRule and flag_wards: an agreed rule, a flag, and a reason for every ward."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, MissingColumnError


@pytest.fixture
def table(wards):
    """Quay is high and large, Hill high but small, Moor average and large, Dale and Abbey neither."""
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    counts = {"incidents": [400, 60, 350, 90, 100], "population": [2000.0, 300, 5000, 2500, 2600]}
    return wm.compare(pd.DataFrame({"ward_name": wards["ward_name"].tolist(), **counts}, index=index))


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", [{"min_ratio": 0}, {"volume_share": 0}, {"volume_share": 50}, {"max_cluster_q": -1}]
)
def test_a_rule_that_cannot_be_meant_is_refused(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        wm.PriorityRule(**bad)


def test_a_rule_cannot_be_changed_after_it_is_signed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        wm.PriorityRule().min_ratio = 1


def test_the_comparison_comes_first(table):
    with pytest.raises(MissingColumnError, match="compare"):
        wm.flag_wards(table.drop(columns="status"))


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand(table):
    found = wm.flag_wards(table)
    schema.check(found, schema.WARD_TABLE)
    assert found["priority_high"].tolist() == [True, True, False, False, False]
    assert found["priority_volume"].tolist() == [True, False, True, False, False]
    assert found["priority_clustered"].isna().all()
    assert found["priority"].tolist() == ["priority", "watch", "watch", "none", "none"]


def test_every_ward_has_its_reason_flagged_or_not(table):
    reasons = wm.flag_wards(table)["reason"].tolist()
    assert reasons[0] == (
        "Quay: 3.47 times the rest (3.05 to 3.93), above, and at least the agreed 1.5; "
        "holds 40.0 % of all crime, in the set that makes up 50 %; not tested for clusters."
    )
    assert reasons[2].startswith(
        "Moor: 0.80 times the rest (0.70 to 0.91), below; holds 35.0 % of all crime, in the"
    )
    assert reasons[3].startswith("Dale: 0.39 times the rest (0.32 to 0.49), below; holds 9.0 % of all crime;")


def test_above_is_not_enough_without_size(table):
    strict = wm.flag_wards(table, wm.PriorityRule(min_ratio=5))
    assert strict["priority"].tolist() == ["watch", "none", "watch", "none", "none"]
    assert "above, but less than the agreed 5" in strict["reason"].iloc[0]
    assert "rate ratio of at least 5" in strict["priority_method"].iloc[0]


def test_a_cluster_makes_a_small_high_ward_a_priority(table):
    tested = table.assign(gi_z=[1.0, 3, 0, -3, np.nan], gi_q=[0.5, 0.02, 0.9, 0.02, np.nan])
    found = wm.flag_wards(tested)
    assert found["priority_clustered"].tolist() == [False, True, False, False, pd.NA]
    assert found["priority"].iloc[1] == "priority"
    assert found["reason"].iloc[1].endswith("in a cluster (Gi* q = 0.020).")
    assert found["reason"].iloc[4].endswith("not tested for clusters.")


def test_the_smallest_set_by_hand(table):
    """400 of 1,000 is less than 40.1 %, so a second ward is needed; exactly 40 % needs one."""
    exactly = wm.flag_wards(table, wm.PriorityRule(volume_share=0.4))["priority_volume"]
    more = wm.flag_wards(table, wm.PriorityRule(volume_share=0.401))["priority_volume"]
    everything = wm.flag_wards(table, wm.PriorityRule(volume_share=1))["priority_volume"]
    assert [exactly.sum(), more.sum(), everything.sum()] == [1, 2, 5]


def test_nothing_recorded_flags_nobody_and_says_so(table):
    empty = wm.flag_wards(wm.compare(table.assign(incidents=0)))
    assert empty["priority"].unique().tolist() == ["none"]
    assert empty["reason"].iloc[0] == (
        "Quay: its rate cannot be compared with the rest; no all crime was recorded anywhere; "
        "not tested for clusters."
    )


def test_order_does_not_matter_and_the_input_is_not_touched(table):
    before = table.copy(deep=True)
    found = wm.flag_wards(table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(wm.flag_wards(table.iloc[::-1]).reindex(found.index), found)
    pd.testing.assert_frame_equal(wm.flag_wards(found), found)
