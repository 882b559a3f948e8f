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
    "bad",
    [
        {"min_ratio": 0}, {"volume_share": 0}, {"volume_share": 50}, {"max_cluster_q": -1},
        {"max_scan_p": 5}, {"min_incidents": -1}, {"max_wards": 0},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_refused(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        wm.PriorityRule(**bad)


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ((("ASB", 1), ("ASB", 2)), "twice"),
        ((("ASB", 0), ("KSI", 0)), "more than nothing"),
        ((("ASB", 2), ("KSI", -1)), "not be negative"),
        ((("ASB", float("nan")),), "not be negative"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused(themes, said):
    with pytest.raises(InputError, match=said):
        wm.PriorityRule(themes=themes)


def test_a_theme_that_is_weighed_must_be_there(table):
    with pytest.raises(InputError, match=r"(?s)'all crimes'.*found.*'all crime'"):
        wm.flag_wards(table, rule=wm.PriorityRule(themes=(("all crimes", 1),)))


def test_a_rule_cannot_be_changed_after_it_is_signed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        wm.PriorityRule().min_ratio = 1


def test_the_comparison_comes_first(table):
    with pytest.raises(MissingColumnError, match="compare"):
        wm.flag_wards(table.drop(columns="status"))


@pytest.mark.parametrize("against", ["district", 20.0])
def test_ratios_to_something_else_than_the_rest_are_refused(table, against):
    plain = table[["ward_name", "incidents", "population"]]
    with pytest.raises(InputError, match=r"(?s)compare with something else.*against=\"rest\""):
        wm.flag_wards(wm.compare(plain, against=against))
    beside = wm.compare(wm.compare(plain), against=against, into="other")
    assert wm.flag_wards(beside)["priority"].tolist() == wm.flag_wards(table)["priority"].tolist()


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
        "holds 40.0% of all crime, in the set that makes up 50%; not tested for clusters."
    )
    assert reasons[2].startswith(
        "Moor: 0.80 times the rest (0.70 to 0.91), below; holds 35.0% of all crime, in the"
    )
    assert reasons[3].startswith("Dale: 0.39 times the rest (0.32 to 0.49), below; holds 9.0% of all crime;")


def test_above_is_not_enough_without_size(table):
    strict = wm.flag_wards(table, rule=wm.PriorityRule(min_ratio=5))
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


def test_a_quiet_ward_among_loud_neighbours_is_not_watched_for_them(table):
    """Gi* counts the neighbours in: Dale runs at 0.39 times the rest, whatever Gi* says of its window."""
    found = wm.flag_wards(table.assign(gi_z=[1.0, 1, 1, 3, 0], gi_q=[0.5, 0.5, 0.5, 0.02, 0.5])).iloc[3]
    assert (found["priority_clustered"], found["priority"]) == (True, "none")
    assert found["reason"].endswith("(Gi* q = 0.020), which its neighbours make: its own rate is lower.")


def test_a_scan_cluster_counts_as_gi_does(table):
    """Hill and Dale are in the one cluster; the other wards are in none, which a scan does say."""
    scanned = table.assign(scan_p=[np.nan, 0.01, np.nan, 0.01, np.nan])
    found = wm.flag_wards(scanned)
    assert found["priority_clustered"].tolist() == [False, True, False, True, False]
    assert found["priority"].tolist() == ["priority", "priority", "watch", "none", "none"]
    assert found["reason"].iloc[1].endswith("in a cluster (scan p = 0.010).")
    both = wm.flag_wards(scanned.assign(gi_z=2.0, gi_q=[np.nan, 0.5, 0.05, np.nan, np.nan]))
    assert both["priority_clustered"].tolist() == [False, True, True, True, False]
    assert "in a cluster (scan p = 0.010, Gi* q = 0.500)" in both["reason"].iloc[1]


def test_a_theme_that_was_not_scanned_is_not_tested(table):
    assert wm.flag_wards(table.assign(scan_p=np.nan))["priority_clustered"].isna().all()


def test_too_few_incidents_are_watched_and_no_priority(table):
    found = wm.flag_wards(table, rule=wm.PriorityRule(min_incidents=401))
    assert found["priority_enough"].tolist() == [False] * 5
    assert found["priority"].iloc[0] == "watch"
    assert "; fewer than the agreed 401 incidents." in found["reason"].iloc[0]
    assert found["priority_outcome"].iloc[0] == "Of 5 wards: 0 priority, 3 watch, 2 none."


def test_a_rule_stops_at_so_many_wards_the_surest_first(table):
    clustered = table.assign(gi_z=3.0, gi_q=0.01)
    found = wm.flag_wards(clustered, rule=wm.PriorityRule(max_wards=1))
    assert found["priority"].tolist() == ["priority", "watch", "watch", "none", "none"]
    assert found["reason"].iloc[1].endswith("; would be a priority, but the rule stops at 1.")
    assert "By the lower limit of the ratio, at most 1 ward." in found["priority_method"].iloc[0]


def test_the_score_adds_up_the_themes_that_the_rule_weighs(table):
    """Quay is a priority for crime (weight 3), Dale for anti-social behaviour (weight 1)."""
    asb = table.rename({"all crime": "ASB"}, level="theme").assign(incidents=[5, 5, 5, 90, 5])
    both = wm.compare(pd.concat([table, asb]))
    rule = wm.PriorityRule(themes=(("all crime", 3), ("ASB", 1)))
    found = wm.flag_wards(both, rule=rule)["priority_score"]
    assert found.loc["all crime"].tolist() == found.loc["ASB"].tolist() == [0.75, 0, 0, 0.25, 0]
    assert wm.flag_wards(both)["priority_score"].isna().all()
    assert "Score: all crime 3, ASB 1." in str(rule)


def test_the_smallest_set_by_hand(table):
    """400 of 1,000 is less than 40.1 %, so a second ward is needed; exactly 40 % needs one."""
    exactly = wm.flag_wards(table, rule=wm.PriorityRule(volume_share=0.4))["priority_volume"]
    more = wm.flag_wards(table, rule=wm.PriorityRule(volume_share=0.401))["priority_volume"]
    everything = wm.flag_wards(table, rule=wm.PriorityRule(volume_share=1))["priority_volume"]
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
