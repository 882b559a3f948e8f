"""compare_periods: volume and per cent, and whether two uncertain counts differ."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep

import wardmap as wm
from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError
from wardmap.stats.two_counts import equal_rates_p

test_poisson_2indep.__test__ = False  # statsmodels' name, not a test of ours


def ward_table(early, late, **columns):
    """One theme, two years, a ward for each pair of counts."""
    codes = [f"E0500000{n}" for n in range(1, len(early) + 1)]
    index = pd.MultiIndex.from_product(
        [["ASB"], ["2015/16", "2016/17"], codes], names=schema.WARD_TABLE.index
    )
    return pd.DataFrame({"incidents": [*early, *late]}, index=index).assign(**columns)


def changed(early, late, **options):
    return wm.compare_periods(ward_table(early, late), before="2015/16", after="2016/17", **options)


# Inputs ---------------------------------------------------------------------------------------------


def test_periods_that_cannot_be_compared():
    table = ward_table([16], [25])
    with pytest.raises(InputError, match="with itself"):
        wm.compare_periods(table, before="2015/16", after="2015/16")
    with pytest.raises(InputError, match=r"(?s)no period '2014/15'.*nearest first: '2015/16'"):
        wm.compare_periods(table, before="2014/15", after="2016/17")
    with pytest.raises(InputError, match=r"(?s)months are on file.*2015/16: 12 months; 2016/17: 4 months"):
        wm.compare_periods(table.assign(months=[12, 4]), before="2015/16", after="2016/17")
    with pytest.raises(InputError, match=r"(?s)one of the two periods only.*E05000002"):
        wm.compare_periods(ward_table([1, 2], [3, 4]).iloc[:3], before="2015/16", after="2016/17")


def test_counts_and_options_that_are_none():
    with pytest.raises(InputError, match="negative"):
        changed([-1], [2])
    with pytest.raises(InputError, match="missing"):
        changed([np.nan], [2])
    with pytest.raises(InputError, match="no test 'z'"):
        changed([1], [2], test="z")
    with pytest.raises(InputError, match="between 0 and 1"):
        changed([1], [2], confidence=95)
    with pytest.raises(InputError, match=r"(?s)not found: 'arson', '2019'.*2017/18"):
        changed([1], [2], breaks={"arson": ["2019"]})


def test_incomplete_periods_of_equal_length_are_compared_with_a_warning():
    table = ward_table([16], [25], months=4, complete=False)
    with pytest.warns(IncompleteWarning, match=r"'2015/16', '2016/17'"):
        assert wm.compare_periods(table, before="2015/16", after="2016/17")["change"].tolist() == [9]


# Outputs --------------------------------------------------------------------------------------------


# Published E-test: Krishnamoorthy and Thomson (2004); the exact p is the binomial's.
@pytest.mark.parametrize(
    ("late", "early", "e_test", "exact"),
    [
        (25, 16, 0.16480, 0.21102),
        (6, 2, 0.17487, 0.28906),
        (20, 10, 0.06883, 0.09874),
        (41, 35, 0.49598, 0.56657),
        (3502, 3300, 0.01431, 0.01480),
    ],
)
def test_golden_p(late, early, e_test, exact):
    assert changed([early], [late], test="E-test")["change_p"].iloc[0].round(5) == e_test
    assert changed([early], [late])["change_p"].iloc[0].round(5) == exact


def test_volume_per_cent_and_verdict_by_hand():
    found = changed([16, 100, 100, 0, 4, 0], [25, 150, 60, 6, 12, 0])
    assert found["change"].tolist() == [9, 50, -40, 6, 8, 0]
    assert found["change_percent"].iloc[:3].tolist() == [56.25, 50, -40]
    assert found["change_percent"].iloc[3:].isna().all()  # no per cent of nothing, nor of four
    verdicts = ["cannot tell", "rose", "fell", "rose", "cannot tell", "cannot tell"]
    assert found["change_status"].tolist() == verdicts
    assert np.isnan(found["change_p"].iloc[5])
    spread = stats.norm.ppf(0.975) * np.sqrt(1 / 100 + 1 / 150)
    limits = found[["change_percent_lower", "change_percent_upper"]].iloc[1].tolist()
    assert limits == pytest.approx([100 * (1.5 * np.exp(side * spread) - 1) for side in (-1, 1)])


def test_across_a_break_there_is_a_volume_and_no_verdict():
    found = changed([100], [200], breaks={"ASB": ["2016/17"]})
    assert found["change"].tolist() == [100]
    assert found["change_status"].tolist() == ["cannot tell"]
    assert found["change_break"].tolist() == [True]
    assert np.isnan(found["change_p"].iloc[0])
    assert changed([100], [200], breaks={"ASB": ["2015/16"]})["change_status"].tolist() == ["rose"]


def test_names_and_method_come_along():
    found = wm.compare_periods(
        ward_table([16], [25], ward_name="Quay"), before="2015/16", after="2016/17", test="mid-p"
    )
    assert found.columns[0] == "ward_name"
    assert "two-sided, conditional test with mid-p" in found["change_method"].iloc[0]


@given(st.integers(1, 60), st.integers(0, 60))
def test_p_agrees_with_statsmodels(early, late):
    """One side at a time, doubled: statsmodels' two-sided exact p adds up the less likely outcomes."""
    counts = np.array([early], dtype=float), np.array([late], dtype=float)
    for test, theirs in (("exact", "exact-cond"), ("mid-p", "cond-midp")):
        sides = [
            test_poisson_2indep(late, 1, early, 1, method=theirs, alternative=side).pvalue
            for side in ("smaller", "larger")
        ]
        assert equal_rates_p(*counts, test)[0] == pytest.approx(min(1, 2 * min(sides)), abs=1e-9)


@pytest.mark.parametrize(("early", "late"), [(16, 25), (2, 6), (35, 41), (5, 0)])
def test_the_e_test_agrees_with_statsmodels(early, late):
    theirs = test_poisson_2indep(late, 1, early, 1, compare="diff", method="etest-wald").pvalue
    ours = equal_rates_p(np.array([early], dtype=float), np.array([late], dtype=float), "E-test")[0]
    assert ours == pytest.approx(theirs, abs=2e-3)


# Invariants -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter_and_turning_time_round_turns_the_verdict(pairs, random):
    early, late = zip(*pairs, strict=True)
    table = ward_table(early, late)
    found = wm.compare_periods(table, before="2015/16", after="2016/17")
    rows = list(range(len(table)))
    random.shuffle(rows)
    again = wm.compare_periods(table.iloc[rows], before="2015/16", after="2016/17").loc[found.index]
    pd.testing.assert_frame_equal(again, found)
    back = wm.compare_periods(table, before="2016/17", after="2015/16")
    assert back["change"].tolist() == (-found["change"]).tolist()
    turned = {"rose": "fell", "fell": "rose", "cannot tell": "cannot tell"}
    assert back["change_status"].tolist() == [turned[status] for status in found["change_status"]]
