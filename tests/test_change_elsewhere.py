"""compare_change: less than England, more, or cannot tell."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError

YEARS = ["2015/16", "2016/17"]
BETWEEN = dict(zip(("before", "after"), YEARS, strict=True))


def ward_table(*years, periods=YEARS):
    """One theme; the wards' counts, year by year."""
    codes = [f"E0500000{n}" for n in range(1, len(years[0]) + 1)]
    index = pd.MultiIndex.from_product([["ASB"], periods, codes], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": [count for year in years for count in year]}, index=index)


def england(early, late, periods=YEARS):
    index = pd.MultiIndex.from_product([["ASB"], periods[-2:]], names=["theme", "period"])
    return pd.DataFrame({"incidents": [early, late]}, index=index)


# Inputs ---------------------------------------------------------------------------------------------


def test_an_area_that_cannot_be_compared_with():
    table = ward_table([40], [50])
    with pytest.raises(MissingColumnError, match=r"(?s)index theme, period.*set_index"):
        wm.rates.compare_change(table, against=england(3, 4).reset_index(), **BETWEEN)
    with pytest.raises(AlignmentError, match=r"(?s)no count of some themes.*'ASB'"):
        wm.rates.compare_change(table, against=england(3, 4).iloc[:1], **BETWEEN)
    with pytest.raises(InputError, match="twice, or a negative"):
        wm.rates.compare_change(table, against=pd.concat([england(3, 4)] * 2), **BETWEEN)
    with pytest.raises(InputError, match="between 0 and 1"):
        wm.rates.compare_change(table, against=england(3, 4), **BETWEEN, confidence=1)


# Outputs --------------------------------------------------------------------------------------------


def test_ratio_of_ratios_by_hand():
    found = wm.rates.compare_change(
        ward_table([400, 40, 400], [300, 50, 900]), against=england(30_000, 40_000), **BETWEEN
    )
    assert found["change_ratio"].tolist() == pytest.approx([0.75 * 0.75, 1.25 * 0.75, 2.25 * 0.75])
    assert found["change_ratio_status"].tolist() == ["less", "cannot tell", "more"]
    error = np.sqrt(1 / 400 + 1 / 300 + 1 / 30_000 + 1 / 40_000)
    z = np.log(0.5625) / error
    assert found["change_ratio_p"].iloc[0] == pytest.approx(2 * stats.norm.sf(-z))
    assert found["change_ratio_upper"].iloc[0] == pytest.approx(0.5625 * np.exp(1.959964 * error))
    assert found["change_ratio_phi"].isna().all()


def test_a_count_of_zero_gives_no_ratio_and_cannot_tell():
    found = wm.rates.compare_change(ward_table([0, 5], [5, 0]), against=england(300, 400), **BETWEEN)
    assert found["change_ratio"].isna().all()
    assert found["change_ratio_status"].tolist() == ["cannot tell"] * 2


def test_a_ward_that_varies_anyway_needs_more_before_it_is_told():
    years = [f"{year}" for year in range(2010, 2017)]
    restless, steady = [60, 140, 70, 150, 60, 120], [100, 101, 99, 100, 100, 120]
    counts = zip([*restless, 75], [*steady, 75], strict=True)
    found = wm.rates.compare_change(
        ward_table(*counts, periods=years), against=england(10**6, 10**6, years), before="2015", after="2016"
    )
    phi = np.var(restless, ddof=1) / 100
    assert found["change_ratio_phi"].tolist() == pytest.approx([phi, 1])
    assert found["change_ratio_status"].tolist() == ["cannot tell", "less"]


def test_across_a_break_there_is_no_verdict():
    found = wm.rates.compare_change(
        ward_table([400], [900]), against=england(3, 4), **BETWEEN, breaks={"ASB": ["2016/17"]}
    )
    assert found["change_ratio_status"].tolist() == ["cannot tell"]


def test_the_plans_rule_fires_on_noise_half_of_the_time_and_this_does_not():
    """Wards that change as England does, by chance alone: one in twenty is told apart."""
    random = np.random.default_rng(0)
    early, late = random.poisson(200, (2, 2000))
    index = pd.MultiIndex.from_product(
        [["ASB"], YEARS, [f"W{n}" for n in range(2000)]], names=schema.WARD_TABLE.index
    )
    table = pd.DataFrame({"incidents": [*early, *late]}, index=index)
    found = wm.rates.compare_change(table, against=england(10**7, 10**7), **BETWEEN)
    assert 0.45 < (found["change_ratio"] < 1).mean() < 0.55
    told = (found["change_ratio_status"] != "cannot tell").mean()
    assert abs(told - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 2000)
