"""track_targets: the plan's table of targets, each row by its own polarity."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

import wardmap as wm
from wardmap.errors import AlignmentError, InputError, MissingColumnError

YEARS = ("2018/19", "2019/20", "2020/21")


@pytest.fixture
def targets():
    """The targets table of the East Staffordshire plan 2018-21; how many were asked is ours."""
    rows = {
        "Domestic abuse reports": ("count", "rise", 966, None),
        "Repeat domestic abuse": ("count", "fall", 780, None),
        "ASB incidents": ("count", "fall", 3502, None),
        "Feelings of safety after dark": ("percent", "rise", 81, 500),
        "KSI": ("count", "fall", 41, None),
        "Young people in positive activities": ("count", "rise", None, None),
        "Unplanned hospital admissions": ("count", "fall", None, None),
    }
    columns = ["kind", "wanted", "baseline", "baseline_n"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("indicator")
    return table.astype({"baseline": float, "baseline_n": float})


def figures(rows):
    """Values from `{(indicator, period): value or (value, n)}`."""
    index = pd.MultiIndex.from_tuples(rows, names=["indicator", "period"])
    pairs = [row if isinstance(row, tuple) else (row, None) for row in rows.values()]
    return pd.DataFrame(pairs, index=index, columns=["value", "n"]).astype(float)


# Inputs ---------------------------------------------------------------------------------------------


def test_targets_that_are_none(targets):
    values = figures({("KSI", "2018/19"): 40})
    with pytest.raises(MissingColumnError, match=r"(?s)index indicator.*set_index"):
        wm.rates.track_targets(targets.reset_index(), values)
    with pytest.raises(InputError, match=r"(?s)'wanted'.*given: 'down'.*'KSI'"):
        wm.rates.track_targets(targets.replace({"wanted": {"fall": "down"}}).iloc[[4]], values)
    with pytest.raises(InputError, match="there twice"):
        wm.rates.track_targets(pd.concat([targets] * 2), values)
    with pytest.raises(InputError, match=r"(?s)whole number.*'-1"):
        wm.rates.track_targets(targets.assign(baseline=-1.0), values)


def test_values_that_are_none(targets):
    with pytest.raises(MissingColumnError, match="index indicator, period"):
        wm.rates.track_targets(targets, figures({("KSI", "2018/19"): 40}).reset_index())
    with pytest.raises(AlignmentError, match=r"(?s)'KSIs'.*nearest first: 'KSI'"):
        wm.rates.track_targets(targets, figures({("KSIs", "2018/19"): 40}))
    with pytest.raises(InputError, match=r"(?s)whole number.*40.5"):
        wm.rates.track_targets(targets, figures({("KSI", "2018/19"): 40.5}))
    with pytest.raises(InputError, match=r"(?s)between 0 and 100.*'120"):
        wm.rates.track_targets(targets, figures({("Feelings of safety after dark", "2018/19"): 120}))
    with pytest.raises(InputError, match="no values"):
        wm.rates.track_targets(targets, figures({("KSI", "2018/19"): 40}).iloc[:0])


# Outputs --------------------------------------------------------------------------------------------


def test_every_target_and_period_is_kept_with_a_reason(targets):
    values = figures({("KSI", year): count for year, count in zip(YEARS, (33, 25, 70), strict=True)})
    found = wm.rates.track_targets(targets, values)
    assert found.index.tolist() == [(name, year) for name in targets.index for year in YEARS]
    assert found.loc["KSI", "target_status"].tolist() == ["cannot tell", "met", "not met"]
    assert found.loc["KSI", "direction"].tolist() == ["down", "down", "up"]
    assert found.loc["KSI", "target_reason"].iloc[0] == "could be chance"
    assert found.loc["KSI", "target_reason"].iloc[1:].isna().all()
    assert found.loc["ASB incidents", "target_reason"].unique().tolist() == ["no figure for the period"]


def test_a_row_without_a_baseline_is_kept_and_cannot_be_told(targets):
    found = wm.rates.track_targets(targets, figures({("Unplanned hospital admissions", "2018/19"): 50})).iloc[
        -1
    ]
    assert found["value"] == 50
    assert found["target_status"] == "cannot tell"
    assert found["target_reason"] == "no baseline"
    assert found[["change", "direction", "detectable_fall"]].isna().all()


def test_the_smallest_changes_that_41_killed_or_seriously_injured_can_show(targets):
    """To 25 (-39 %) or to 61 (+49 %): the plan's facts."""
    found = wm.rates.track_targets(targets, figures({("KSI", "2018/19"): 41})).loc["KSI"].iloc[0]
    assert found[["detectable_fall", "detectable_rise"]].tolist() == [25, 61]
    assert found[["value_lower", "value_upper"]].astype(float).round(2).tolist() == [29.42, 55.62]
    assert found["direction"] == "level"


def test_polarity_is_each_rows_own(targets):
    values = figures({("Domestic abuse reports", "2018/19"): 1200, ("ASB incidents", "2018/19"): 4000})
    found = wm.rates.track_targets(targets, values)["target_status"].dropna()
    assert found.loc[("Domestic abuse reports", "2018/19")] == "met"
    assert found.loc[("ASB incidents", "2018/19")] == "not met"


def test_a_survey_by_wilson_with_the_number_asked(targets):
    safety = "Feelings of safety after dark"
    found = wm.rates.track_targets(
        targets, figures({(safety, "2018/19"): (86, 500), (safety, "2019/20"): 90})
    )
    first, second = found.loc[safety].iloc[0], found.loc[safety].iloc[1]
    theirs = stats.binomtest(430, 500).proportion_ci(method="wilson")
    limits = first[["value_lower", "value_upper"]].tolist()
    assert limits == pytest.approx([100 * theirs.low, 100 * theirs.high])
    assert first["target_p"] == pytest.approx(proportions_ztest([430, 405], [500, 500])[1])
    assert first["target_status"] == "met"
    assert first["change"] == 5
    assert np.isnan(first["change_percent"])
    assert second["target_reason"] == "not known how many were asked"
    assert "Wilson" in first["target_method"]


def test_no_per_cent_of_next_to_nothing_and_nought_after_nought(targets):
    few = targets.assign(baseline=[3, 0, 0, 81, 41, 1, 1])
    found = wm.rates.track_targets(few, figures({(name, "2018/19"): 0 for name in few.index}))
    assert found["change_percent"].dropna().to_dict() == {("KSI", "2018/19"): -100}
    assert found.loc[("ASB incidents", "2018/19"), "target_reason"] == "could be chance"
