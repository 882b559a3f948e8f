"""PriorityRule and flag_wards: an agreed rule, a flag, and a reason for every ward."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

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
        {"min_ratio": 0}, {"max_q": 0}, {"max_q": 1.5},
        {"volume_share": 0}, {"volume_share": 50}, {"max_cluster_q": -1},
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
    assert found["priority_above"].tolist() == [True, True, False, False, False]
    assert found["priority_large"].tolist() == [True, True, False, False, False]
    assert found["priority_volume"].tolist() == [True, False, True, False, False]
    assert found["priority_clustered"].isna().all()
    assert found["priority"].tolist() == ["priority", "watch", "none", "none", "none"]


def test_every_ward_has_its_reason_flagged_or_not(table):
    found = wm.flag_wards(table)
    reasons = found["reason"].tolist()
    assert reasons[0] == (
        "Quay is a priority: its recorded rate is about 3.5 times that of the rest. Evidence: 3.47 times the "
        "rest (3.05 to 3.93), above beyond chance (q < 0.001 over 5 tests), at least the agreed 1.5; "
        "holds 40.0% of all crime, in the set that makes up 50%."
    )
    assert reasons[1].startswith("Hill is watched: its recorded rate is above that of the rest beyond chance")
    assert reasons[2].startswith(
        "Moor is not flagged: its recorded rate is below that of the rest. Evidence: 0.80"
    )
    assert "holds 9.0% of all crime" in reasons[3]
    assert "cluster" not in " ".join(reasons)  # no test is named that was not made
    assert found["priority_outcome"].iloc[0] == (
        "Of 5 wards: 1 priority (Quay), 1 watch (Hill), 3 none. Without Quay, Moor would be above."
    )


def test_a_ward_that_is_surely_high_and_small_in_size_is_watched_and_a_populous_one_is_not(table):
    """Moor holds 35% of the incidents with half of the people: volume alone is no reason to watch."""
    found = wm.flag_wards(table)
    assert found["priority_volume"].iloc[2]
    assert found["priority"].iloc[2] == "none"


@pytest.mark.parametrize(("least", "flag"), [(400, "priority"), (401, "watch")])
def test_exactly_as_many_incidents_as_agreed_are_enough(table, least, flag):
    assert wm.flag_wards(table, rule=wm.PriorityRule(min_incidents=least))["priority"].iloc[0] == flag


def test_exactly_the_agreed_ratio_is_large(table):
    ratio = float(table["ratio"].iloc[0])
    assert wm.flag_wards(table, rule=wm.PriorityRule(min_ratio=ratio))["priority_large"].iloc[0]
    more = wm.PriorityRule(min_ratio=np.nextafter(ratio, 9))
    assert not wm.flag_wards(table, rule=more)["priority_large"].iloc[0]


def test_an_infinite_ratio_is_a_priority(wards):
    """Case N1: 30 incidents in one ward of five alike, none elsewhere."""
    index = pd.MultiIndex.from_product([["ASB"], ["2018"], wards.index], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": [30, 0, 0, 0, 0], "population": 1000.0}, index=index)
    found = wm.flag_wards(wm.compare(table)).iloc[0]
    assert (found["ratio"], found["priority"]) == (np.inf, "priority")
    assert "far more than that of the rest" in found["reason"]


def test_q_is_over_all_wards_and_themes_of_the_period(table):
    """Benjamini-Hochberg by scipy over both themes; another period is a family of its own."""
    other = table.rename({"all crime": "ASB"}, level="theme")
    later = table.rename({"2016/17": "2017/18"}, level="period")
    found = wm.flag_wards(wm.compare(pd.concat([table, other, later])))
    one = found.xs("2016/17", level="period")
    expected = stats.false_discovery_control(one["ratio_p_above"])
    assert one["priority_q"].tolist() == pytest.approx(expected.tolist())
    assert found["priority_family"].tolist() == [10] * 10 + [5] * 5


def test_the_ward_behind_another_is_named(wards):
    """Case N21: one ward so far above all others that it stands in everyone else's rest."""
    index = pd.MultiIndex.from_product([["ASB"], ["2018"], wards.index], names=schema.WARD_TABLE.index)
    table = pd.DataFrame(
        {"ward_name": list("ABCDE"), "incidents": [2000, 150, 60, 60, 60], "population": 1000.0}, index=index
    )
    found = wm.flag_wards(wm.compare(table))
    assert found["priority"].tolist() == ["priority", "none", "none", "none", "none"]
    assert found["priority_hidden_by"].tolist() == ["", "E05000001", "", "", ""]
    assert "Without A, B would be above." in found["priority_outcome"].iloc[0]
    assert found["reason"].iloc[1].endswith("without A in the rest it would be above beyond chance.")


def test_above_is_not_enough_without_size(table):
    strict = wm.flag_wards(table, rule=wm.PriorityRule(min_ratio=5))
    assert strict["priority"].tolist() == ["watch", "watch", "none", "none", "none"]
    assert "but less than the agreed 5 times" in strict["reason"].iloc[0]
    assert "rate ratio of at least 5" in strict["priority_method"].iloc[0]


def test_a_cluster_makes_a_small_high_ward_a_priority(table):
    tested = table.assign(gi_z=[1.0, 3, 0, -3, np.nan], gi_q=[0.5, 0.02, 0.9, 0.02, np.nan])
    found = wm.flag_wards(tested)
    assert found["priority_clustered"].tolist() == [False, True, False, False, pd.NA]
    assert found["priority"].iloc[1] == "priority"
    assert found["reason"].iloc[1].endswith("in a cluster (Gi* q = 0.020).")
    assert "cluster" not in found["reason"].iloc[4]


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
    assert found["priority"].tolist() == ["priority", "priority", "none", "none", "none"]
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
    assert found["priority_outcome"].iloc[0] == (
        "Of 5 wards: 0 priority, 2 watch (Quay and Hill), 3 none. Without Quay, Moor would be above."
    )


def test_a_rule_stops_at_so_many_wards_the_surest_first(table):
    clustered = table.assign(gi_z=3.0, gi_q=0.01)
    found = wm.flag_wards(clustered, rule=wm.PriorityRule(max_wards=1))
    assert found["priority"].tolist() == ["priority", "watch", "none", "none", "none"]
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
        "Quay is not flagged: its rate cannot be compared with that of the rest. "
        "Evidence: nothing to compare its rate with; no all crime was recorded anywhere."
    )


def test_order_does_not_matter_and_the_input_is_not_touched(table):
    before = table.copy(deep=True)
    found = wm.flag_wards(table)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(wm.flag_wards(table.iloc[::-1]).reindex(found.index), found)
    pd.testing.assert_frame_equal(wm.flag_wards(found), found)
