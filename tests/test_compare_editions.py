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
    with pytest.warns(MixedMethodsWarning, match=r"different ways(?s:.*)min_ratio: 1\.5 before, 3 now"):
        found = wm.priority.compare_editions(flags, strict, last_period="2016/17")
    assert "Made differently: the rule, min_ratio: 1.5 before, 3 now." in found["editions_method"].iloc[0]


def test_a_rule_in_other_words_is_the_same_rule(flags):
    """Only the data of the rule counts: its sentence may be written anew from one version to the next."""
    reworded = flags.assign(priority_method="as agreed")
    found = wm.priority.compare_editions(flags, reworded, last_period="2016/17")
    assert "Made differently" not in found["editions_method"].iloc[0]


def test_another_benchmark_is_said(flags):
    unlike = flags.assign(ratio_against="district")
    with pytest.warns(MixedMethodsWarning, match="held against: rest before, district now"):
        wm.priority.compare_editions(flags, unlike, last_period="2016/17")


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


SCANNED = {"scan_p": [None, 0.01, None, 0.01, None] * 2}
GI = {"gi_z": [1.0, 3, 0, -3, 0] * 2, "gi_q": [0.5, 0.02, 0.9, 0.02, 0.9] * 2}


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ({}, SCANNED, "the scan for clusters: now, not before"),
        (SCANNED, {}, "the scan for clusters: before, not now"),
        ({}, GI, "Gi.: now, not before"),
        (GI, SCANNED, "Gi.: before, not now"),
    ],
)
def test_a_criterion_that_was_not_tested_in_one_edition_is_no_reason(table, was, now, said):
    """Hill and Dale are in a cluster where one is looked for."""
    last, this = (
        wm.flag_wards(table.assign(**{name: pd.array(values, "Float64") for name, values in columns.items()}))
        for columns in (was, now)
    )
    with pytest.warns(MixedMethodsWarning, match=said):
        found = wm.priority.compare_editions(last, this, last_period="2016/17")
    assert not found["because"].str.contains("cluster").any()


def test_a_flag_that_only_a_test_has_turned_is_not_given_another_reason(table):
    one = table.xs("2016/17", level="period", drop_level=False)
    tested = one.assign(gi_z=3.0, gi_q=[0.9, 0.01, 0.9, 0.9, 0.9])
    with pytest.warns(MixedMethodsWarning, match="Gi"):
        found = wm.priority.compare_editions(wm.flag_wards(one), wm.flag_wards(tested)).iloc[1]
    assert [found["flag_last"], found["flag_this"]] == ["watch", "priority"]
    assert found["because"] == "the editions were made in different ways"


def test_what_both_have_tested_is_a_reason(table):
    gi = {"gi_z": 3.0, "gi_q": [0.9] * 5 + [0.9, 0.9, 0.01, 0.9, 0.9]}
    flags = wm.flag_wards(table.assign(**gi))
    found = wm.priority.compare_editions(flags, flags, last_period="2016/17")
    assert "now clustered" in found["because"].iloc[2]
    assert not found["because"].drop("E05000003").str.contains("cluster").any()


@pytest.mark.parametrize(
    ("tests", "spoken", "silent"),
    [
        ({}, [], ["scan", "Gi*", "cluster"]),
        (SCANNED, ["scan p at most"], ["Gi*"]),
        (GI, ["Gi* q at most"], ["scan"]),
        ({**SCANNED, **GI}, ["scan p at most", "Gi* q at most"], []),
    ],
)
def test_a_rule_and_its_reasons_speak_only_of_tests_that_were_made(table, tests, spoken, silent):
    made = table.assign(**{name: pd.array(values, "Float64") for name, values in tests.items()})
    found = wm.flag_wards(made)
    for sentence in (found["priority_method"].iloc[0], *(found["reason"] if silent else [])):
        assert not [word for word in silent if word in sentence]
    assert all(word in found["priority_method"].iloc[0] for word in spoken)


def test_a_theme_without_a_scan_has_a_rule_without_one(table):
    two = pd.concat([table, table.rename({"all crime": "ASB"}, level="theme")])
    scanned = two.assign(scan_p=pd.array([None, 0.01, *[None] * 18], "Float64"))
    said = wm.flag_wards(scanned)["priority_method"].astype(str).str.contains("scan")
    assert said.groupby(level=["theme", "period"]).first().to_dict() == {
        ("all crime", "2016/17"): True, ("all crime", "2017/18"): False,
        ("ASB", "2016/17"): False, ("ASB", "2017/18"): False,
    }  # fmt: skip


def test_row_order_does_not_matter(flags):
    found = wm.priority.compare_editions(flags, flags, last_period="2016/17")
    other = wm.priority.compare_editions(flags.iloc[::-1], flags.iloc[::-1], last_period="2016/17")
    pd.testing.assert_frame_equal(other.reindex(found.index), found)
