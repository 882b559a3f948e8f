"""compare_rules and compare_editions: the same wards under two rules, and from year to year."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, MixedMethodsWarning


@pytest.fixture
def table(wards):
    """Two years of five wards: Quay falls back, Moor rises, Abbey enters the volume set."""
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2016/17", "2017/18"], wards.index], names=schema.WARD_TABLE.index
    )
    counts = [400, 60, 350, 90, 100, 150, 15, 700, 90, 160]
    people = [2000.0, 300, 5000, 2500, 2600]
    return wm.compare(
        pd.DataFrame(
            {"ward_name": wards["ward_name"].tolist() * 2, "incidents": counts, "population": people * 2},
            index=index,
        )
    )


@pytest.fixture
def flags(table):
    return wm.flag_wards(table)


# Inputs ---------------------------------------------------------------------------------------------


def test_one_rule_is_no_comparison(table):
    with pytest.raises(InputError, match="fewer than two rules"):
        wm.priority.compare_rules(table, rules={"agreed": wm.PriorityRule()})
    with pytest.raises(InputError, match="ward_name"):
        wm.priority.compare_rules(table, rules={"ward_name": wm.PriorityRule(), "other": wm.PriorityRule()})


def test_editions_must_be_flagged_and_about_the_same_wards(table, flags):
    with pytest.raises(MissingColumnError, match="flag_wards"):
        wm.priority.compare_editions(table, flags)
    with pytest.raises(AlignmentError, match="E05000005"):
        wm.priority.compare_editions(flags.drop("E05000005", level="ward_code"), flags, last_period="2016/17")


def test_an_edition_is_not_compared_with_itself(flags):
    with pytest.raises(InputError, match=r"(?s)same period.*2017/18"):
        wm.priority.compare_editions(flags, flags)


def test_two_rules_in_two_editions_are_said(table, flags):
    strict = wm.flag_wards(table, rule=wm.PriorityRule(min_ratio=3))
    with pytest.warns(MixedMethodsWarning, match=r"(?s)different ways.*min_ratio: 1\.5 last, 3 now"):
        wm.priority.compare_editions(flags, strict, last_period="2016/17")


# Outputs --------------------------------------------------------------------------------------------


def test_two_rules_by_hand(table):
    found = wm.priority.compare_rules(
        table, rules={"agreed": wm.PriorityRule(), "strict": wm.PriorityRule(min_ratio=5)}
    )
    year = found.loc[("all crime", "2016/17")]
    assert year["agreed"].tolist() == ["priority", "watch", "none", "none", "none"]
    assert year["strict"].tolist() == ["watch", "watch", "none", "none", "none"]
    assert year["rules_agree"].tolist() == [False, True, True, True, True]
    assert found["rules_method"].iloc[0].startswith("agreed: Priority: above the rest")


def test_two_editions_by_hand(flags):
    found = wm.priority.compare_editions(flags, flags, last_period="2016/17", this_period="2017/18")
    assert found["flag_last"].tolist() == ["priority", "watch", "none", "none", "none"]
    assert found["flag_this"].tolist() == ["none", "none", "priority", "none", "none"]
    assert found["change"].tolist() == [
        "no longer priority", "no longer watched", "new priority", "unflagged", "unflagged",
    ]  # fmt: skip
    assert found["because"].tolist() == [
        "no longer above the rest, no longer large enough, no longer volume",
        "no longer above the rest, no longer large enough",
        "now above the rest, now large enough",
        *["the criteria are as they were"] * 2,
    ]  # fmt: skip
    assert (
        found["editions_method"].iloc[0]
        == "all crime 2017/18 against all crime 2016/17, each as it was flagged."
    )


def test_a_test_that_one_edition_did_not_make_is_said_and_is_no_reason(flags):
    """Case N17: only one of the editions has a scan."""
    known = flags.assign(
        scan_p=[0.01, 1.0] * 5, priority_clustered=pd.array([True, False] * 5, dtype="boolean")
    )
    with pytest.warns(MixedMethodsWarning, match=r"(?s)different ways.*tests made: none last, a scan now"):
        now = wm.priority.compare_editions(flags, known, last_period="2016/17")["because"]
    assert not now.str.contains("clustered").any()
    assert now.iloc[3] == "the criteria are as they were"


def test_row_order_does_not_matter(flags):
    found = wm.priority.compare_editions(flags, flags, last_period="2016/17")
    other = wm.priority.compare_editions(flags.iloc[::-1], flags.iloc[::-1], last_period="2016/17")
    pd.testing.assert_frame_equal(other.reindex(found.index), found)
