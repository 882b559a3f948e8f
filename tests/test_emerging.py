from fractions import Fraction
from itertools import combinations
from math import erfc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.test_gi_star import CODES, from_matrix, ring, ward_table
from wardmap import schema
from wardmap.errors import InputError, SmallNumbersWarning
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.time.emerging import CATEGORIES, classify, emerging, mann_kendall

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


# --- a second implementation, from the wording alone: nothing of the first is used


def named_by_the_text(marks, trend):  # noqa: PLR0911 - one for each definition
    """Name a history, `H` hot, `C` cold, `.` neither, by the eight definitions asked one after the other."""
    for hot, word, up in (("H", "hot", trend), ("C", "cold", -trend)):
        earlier, last = marks[:-1], marks[-1]
        share = Fraction(marks.count(hot), len(marks))
        run = len(marks) - len(marks.rstrip(hot))
        cold = "C" if hot == "H" else "H"
        if last == hot and hot not in earlier:
            return f"new {word} spot"
        if run >= 2 and hot not in marks[: len(marks) - run] and share < Fraction(9, 10):
            return f"consecutive {word} spot"
        if last == hot and share >= Fraction(9, 10):
            return {1: "intensifying", 0: "persistent", -1: "diminishing"}[up] + f" {word} spot"
        if last == hot and hot in earlier and cold not in marks:
            return f"sporadic {word} spot"
        if last == hot and cold in earlier:
            return f"oscillating {word} spot"
    for hot, word in (("H", "hot"), ("C", "cold")):
        if marks[-1] != hot and Fraction(marks.count(hot), len(marks)) >= Fraction(9, 10):
            return f"historical {word} spot"
    return "no pattern"


@given(
    st.integers(2, 30).flatmap(
        lambda n: st.one_of(
            st.text("HC.", min_size=n, max_size=n),
            st.text("HHHHHHHHHHHHH.", min_size=n, max_size=n),
            st.text("CCCCCCCCCCCCCH", min_size=n, max_size=n),
            st.tuples(st.text("C.", max_size=n - 1), st.just("H" * n)).map(lambda two: "".join(two)[:n]),
        )
    ),
    st.sampled_from([-1, 0, 1]),
)
@settings(max_examples=600)
def test_categories_equal_a_second_reading_of_the_text(series, trend):
    assert classify(marks(series, "H"), marks(series, "C"), np.array([float(trend)])) == named_by_the_text(
        series, trend
    )


@pytest.mark.parametrize(("hot", "of"), [(9, 10), (18, 20), (27, 30), (45, 50), (8, 9), (17, 19)])
def test_nine_in_ten_is_mostly_and_less_is_not(hot, of):
    series = "." * (of - hot) + "H" * hot
    name = str(classify(marks(series, "H"), marks(series, "C"), np.zeros(1))[0])
    assert name == ("persistent hot spot" if 10 * hot >= 9 * of else "consecutive hot spot")
    gone = series[::-1]
    name = str(classify(marks(gone, "H"), marks(gone, "C"), np.zeros(1))[0])
    assert name == ("historical hot spot" if 10 * hot >= 9 * of else "no pattern")


def cells_by_hand(values, near, before):
    """Return z and two-sided p of every cell, counting every arrangement, in plain loops over all periods."""
    periods, wards = len(values), len(values[0])
    cells = [(t, i) for t in range(periods) for i in range(wards)]
    number = {cell: values[cell[0]][cell[1]] for cell in cells}
    mean = sum(number.values()) / len(cells)
    spread = (sum((x - mean) ** 2 for x in number.values()) / len(cells)) ** 0.5
    z, p = {}, {}
    for t, i in cells:
        around = [(t, j) for j in near[i]]
        around += [(t - back, j) for back in range(1, before + 1) if t >= back for j in (i, *near[i])]
        w, n = len(around) + 1, len(cells)
        total = number[t, i] + sum(number[cell] for cell in around)
        z[t, i] = (total - mean * w) / (spread * ((n * w - w * w) / (n - 1)) ** 0.5)
        others = [number[cell] for cell in cells if cell != (t, i)]
        sums = [sum(chosen) for chosen in combinations(others, len(around))]
        observed = sum(number[cell] for cell in around)
        high = sum(s >= observed - 1e-9 for s in sums) / len(sums)
        low = sum(s <= observed + 1e-9 for s in sums) / len(sums)
        p[t, i] = min(1.0, 2 * min(high, low)), high <= low
    return z, p


def q_by_hand(p):
    ranked, q = sorted(p.items(), key=lambda item: item[1]), {}
    smallest = 1.0
    for rank, (cell, value) in reversed(list(enumerate(ranked, 1))):
        smallest = min(smallest, value * len(ranked) / rank)
        q[cell] = smallest
    return q


def trend_by_hand(series):
    n = len(series)
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    s = sum((series[b] > series[a]) - (series[b] < series[a]) for a, b in pairs)
    z = (s - (s > 0) + (s < 0)) / (n * (n - 1) * (2 * n + 5) / 18) ** 0.5  # no ties among these numbers
    return z, erfc(abs(z) / 2**0.5)


@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
@pytest.mark.parametrize(("before", "q"), [(0, 0.6), (1, 0.9)])
def test_every_column_equals_a_second_implementation(before, q):
    """Five wards in a row over ten months, of which two rise from the middle on; all arrangements counted."""
    values = np.random.default_rng(5).normal(10.0, 1.0, (10, 5)).round(6)
    values[5:, :3] += np.arange(5)[:, np.newaxis] * 2 + 8
    values[:7, 3:] -= 5
    near = {0: [1], 1: [0, 2], 2: [1, 3], 3: [2, 4], 4: [3]}
    if before:  # six neighbours in 50 cells have 12 million arrangements: without the inner wards, few
        near = {0: [], 1: [], 2: [], 3: [], 4: []}
    matrix = np.array([[j in near[i] for j in range(5)] for i in range(5)], dtype=int)
    months = MONTHS[:10]
    result = emerging(
        ward_table(values, CODES[:5], periods=months), from_matrix(matrix, CODES[:5]), q=q, alpha=0.2,
        periods_before=before,
    )  # fmt: skip
    assert "all arrangements" in result["emerging_method"].iloc[0]
    z, tails = cells_by_hand(values.tolist(), near, before)
    tested = {cell for cell in z if near[cell[1]] or (before and cell[0])}
    adjusted = q_by_hand({cell: tails[cell][0] for cell in tested})
    got = result.loc["Burglary"]
    for i, code in enumerate(CODES[:5]):
        series, history = [], ""
        for t, month in enumerate(months):
            row, cell = got.loc[(month, code)], (t, i)
            if cell not in tested:
                assert np.isnan([row["emerging_z"], row["emerging_p"], row["emerging_q"]]).all()
                assert row["emerging_bin"] == "not testable"
                history += "."
                continue
            assert row["emerging_z"] == pytest.approx(z[cell])
            assert row["emerging_p"] == pytest.approx(tails[cell][0])
            assert row["emerging_q"] == pytest.approx(adjusted[cell])
            hot = adjusted[cell] <= q and tails[cell][1] and z[cell] > 0
            cold = adjusted[cell] <= q and not tails[cell][1] and z[cell] < 0
            assert row["emerging_bin"] == ("hot" if hot else "cold" if cold else "neither")
            history += "H" if hot else "C" if cold else "."
            series.append(z[cell])
        last = got.loc[(months[-1], code)]
        assert last["emerging_hot_share"] == pytest.approx(history.count("H") / 10)
        assert last["emerging_cold_share"] == pytest.approx(history.count("C") / 10)
        trend = 0
        if len(series) == 10:
            score, p = trend_by_hand(series)
            assert (last["emerging_trend_z"], last["emerging_trend_p"]) == pytest.approx((score, p))
            trend = int(np.sign(score)) if p < 0.2 else 0
        else:
            assert np.isnan(last["emerging_trend_z"])
        assert last["emerging_class"] == named_by_the_text(history, trend)
    assert before or (result["emerging_class"] == "consecutive hot spot").any()


# --- neighbours from the periods before


def test_the_period_before_makes_its_own_wards_neighbours():
    table = ward_table(rates(), periods=MONTHS)
    result = emerging(table, ring(reach=2), periods_before=1, **LENIENT)
    near, x = ring(reach=2).sparse.toarray(), rates().ravel()
    links = np.kron(np.eye(12), near) + np.kron(np.eye(12, k=-1), near + np.eye(12))
    w = links.sum(axis=1) + 1
    z = (links @ x + x - w * x.mean()) / (x.std() * np.sqrt((144 * w - w**2) / 143))
    np.testing.assert_allclose(result["emerging_z"], z)
    assert (
        "the neighbours given, also in 1 period before, and the ward itself"
        in result["emerging_method"].iloc[0]
    )
    schema.check(result, schema.WARD_TABLE)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"periods_before": -1}, "from 0"),
        ({"periods_before": 12}, "12 of 12"),
        ({"periods_before": 1.0}, "whole number"),
        ({"periods_before": 1, "window": "each period"}, "no period before"),
    ],
)
def test_periods_before_are_checked(option, words):
    with pytest.raises(InputError, match=words):
        emerging(ward_table(rates(), periods=MONTHS), ring(reach=2), **option, **LENIENT)
