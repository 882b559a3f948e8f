import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.test_local import CODES, ring, ward_table
from wardmap import schema
from wardmap.errors import InputError, SmallNumbersWarning
from wardmap.hotspots.emerging import CATEGORIES, classify, emerging, mann_kendall
from wardmap.hotspots.local import gi_star

MONTHS = tuple(f"2017-{month:02}" for month in range(1, 13))
LENIENT = {"q": 0.3, "permutations": 999}

# twelve periods each: H hot, C cold, . neither; the trend of Gi*; the category by ESRI's wording
SERIES = [
    ("...........H", 0, "new hot spot"),
    ("..CC.......H", 0, "new hot spot"),
    (".........HHH", 0, "consecutive hot spot"),
    ("...C.....HHH", 0, "consecutive hot spot"),
    ("HHHHHHHHHHHH", 1, "intensifying hot spot"),
    (".HHHHHHHHHHH", 1, "intensifying hot spot"),
    ("HHHHHHHHHHHH", 0, "persistent hot spot"),
    ("HHHHHH.HHHHH", 0, "persistent hot spot"),
    ("HHHHHHHHHHHH", -1, "diminishing hot spot"),
    ("..H....H...H", 0, "sporadic hot spot"),
    ("HHHH....HHHH", 1, "sporadic hot spot"),
    ("H..........H", 0, "sporadic hot spot"),
    ("..H..C.H...H", 0, "oscillating hot spot"),
    ("HHHHHHHHHHH.", 0, "historical hot spot"),
    ("HHHHHHHHHHHC", 0, "new cold spot"),
    ("HHHHHHHHH...", 0, "no pattern"),
    ("............", 1, "no pattern"),
    ("HHCCHHCCHHC.", 0, "no pattern"),
]
SWAP = str.maketrans("HC", "CH")


def marks(series, letter):
    return np.array([[mark == letter for mark in series]])


@pytest.mark.parametrize(("series", "trend", "category"), SERIES)
def test_each_category_by_hand(series, trend, category):
    assert classify(marks(series, "H"), marks(series, "C"), np.array([float(trend)])) == category


@pytest.mark.parametrize(("series", "trend", "category"), SERIES)
def test_cold_is_the_mirror_of_hot(series, trend, category):
    mirrored = category.replace("hot", "COLD").replace("cold", "hot").replace("COLD", "cold")
    series = series.translate(SWAP)
    assert classify(marks(series, "H"), marks(series, "C"), np.array([-float(trend)])) == mirrored


def test_every_category_has_a_series():
    named = {category for _, _, category in SERIES}
    assert {name for name in CATEGORIES if "hot" in name} <= named
    assert len(CATEGORIES) == 17 + 1  # and not testable


@given(arrays(np.int8, (1, 12), elements=st.integers(-1, 1)), st.sampled_from([-1.0, 0.0, 1.0]))
def test_a_ward_that_is_hot_now_is_some_hot_spot(bins, trend):
    category = str(classify(bins == 1, bins == -1, np.array([trend]))[0])
    assert category in CATEGORIES
    if bins[0, -1]:
        assert category.endswith("hot spot" if bins[0, -1] == 1 else "cold spot")
        assert not category.startswith("historical")


# --- the trend


def test_published_mann_kendall():
    """The z of R's Kendall, with its correction for ties and for continuity."""
    z, p = mann_kendall(np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]))
    assert z == pytest.approx(0.995893, abs=5e-7)
    assert p == pytest.approx(0.3193, abs=5e-5)


def test_no_trend_and_no_number():
    z, p = mann_kendall(np.array([[1.0, 1.0, 1.0], [1.0, np.nan, 2.0]]))
    assert (z[0], p[0]) == (0, 1)
    assert np.isnan([z[1], p[1]]).all()


# --- inputs


def test_options_and_periods_are_checked():
    table = ward_table(np.arange(144.0), periods=MONTHS)
    for option in ({"window": "year"}, {"alpha": 0}, {"q": 2}):
        with pytest.raises(InputError):
            emerging(table, ring(), **option)
    two = ward_table(np.arange(288.0), themes=("A", "B"), periods=MONTHS)
    with pytest.raises(InputError, match="1 of 24"):
        emerging(two.drop(index=("B", "2017-03")), ring())


@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_few_periods_warn():
    with pytest.warns(SmallNumbersWarning, match="periods: 3"):
        emerging(ward_table(np.arange(36.0) % 7, periods=MONTHS[:3]), ring(reach=2), **LENIENT)


# --- outputs


def rates(seed=0):
    values = np.random.default_rng(seed).normal(5.0, 1.0, (12, 12))
    values[9:, 3:8] += 9.0
    return values


def test_each_period_alone_is_gi_star():
    table = ward_table(rates(), periods=MONTHS)
    result = emerging(table, ring(reach=2), window="each period", **LENIENT)
    peer = gi_star(table, ring(reach=2), alternative="two-sided", **LENIENT)
    for name in ("z", "p", "q"):
        np.testing.assert_array_equal(result[f"emerging_{name}"], peer[f"gi_{name}"])
    hot = peer["gi_class"] == "hot spot"
    assert ((result["emerging_bin"] == "hot") == hot).all()
    share = hot.groupby(level="ward_code").mean()
    np.testing.assert_allclose(result.loc[("Burglary", "2017-01"), "emerging_hot_share"], share)


def test_all_periods_are_one_map_with_links_within_each():
    values = rates()
    result = emerging(ward_table(values, periods=MONTHS), ring(reach=2), **LENIENT)
    x, near = values.ravel(), np.kron(np.eye(12), ring(reach=2).sparse.toarray())
    z = (near @ x + x - 5 * x.mean()) / (x.std() * np.sqrt((144 * 5 - 25) / 143))
    np.testing.assert_allclose(result["emerging_z"], z)
    assert result["emerging_class"].xs("2017-12", level="period").iloc[5] == "consecutive hot spot"
    schema.check(result, schema.WARD_TABLE)


def test_a_year_that_is_high_everywhere_is_hot_only_against_all_periods():
    values = np.random.default_rng(1).normal(5.0, 0.5, (12, 12))
    values[11] += 6.0
    table = ward_table(values, periods=MONTHS)
    last = {
        window: emerging(table, ring(reach=2), window=window, **LENIENT).loc[("Burglary", "2017-12")]
        for window in ("all periods", "each period")
    }
    assert (last["all periods"]["emerging_bin"] == "hot").all()
    assert not (last["each period"]["emerging_bin"] == "hot").all()


@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
@pytest.mark.parametrize("window", ["all periods", "each period"])
def test_nothing_to_test_is_no_hot_spot(window):
    result = emerging(ward_table(np.zeros(144), periods=MONTHS), ring(), window=window, **LENIENT)
    assert (result["emerging_class"] == "not testable").all()
    assert (result["emerging_bin"] == "not testable").all()


@pytest.mark.parametrize("window", ["all periods", "each period"])
def test_order_of_rows_and_one_theme_at_a_time(window):
    values = np.stack([rates(1), rates(2)])
    table = ward_table(values, themes=("A", "B"), periods=MONTHS)
    result = emerging(table, ring(reach=2), window=window, **LENIENT)
    moved = emerging(table.sample(frac=1, random_state=0), ring(reach=2), window=window, **LENIENT)
    pd.testing.assert_frame_equal(moved.loc[result.index], result)
    alone = [
        emerging(part, ring(reach=2), window=window, **LENIENT) for _, part in table.groupby(level="theme")
    ]
    pd.testing.assert_frame_equal(pd.concat(alone), result, check_categorical=False)


def test_the_method_says_how():
    result = emerging(ward_table(rates(), periods=MONTHS), ring(reach=2), **LENIENT)
    sentence = result["emerging_method"].iloc[0]
    assert sentence.startswith(
        "Emerging hot spots by Gi* of rate with the neighbours given and the ward itself"
    )
    assert sentence.endswith("Trend: Mann-Kendall, two-sided p below 0.05.")
    assert len(CODES) == 12
