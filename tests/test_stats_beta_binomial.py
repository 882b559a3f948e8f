"""A part of a total under dispersion: methods C21, exact fractions, and scipy where it is right."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wardmap.errors import InputError
from wardmap.stats import beta_binomial
from wardmap.stats.beta_binomial import rate_ratio, ratio_limits, share_limits, tails

GOLDEN = [  # methods C21, s = .05: O, N, φ, P(X ≥ O), mid, plain limits, mid-p limits
    (8, 60, 1, 0.0097891487, 0.0063188773, (1.199108, 6.196340), (1.296812, 5.917905)),
    (8, 60, 1.5, 0.030538095, 0.022477555, (0.941707, 7.049471), (1.031405, 6.732139)),
    (8, 60, 2, 0.050052711, 0.039294261, (0.761294, 7.832150), (0.842176, 7.480415)),
    (0, 60, 2, 1, 0.94063779, (0, 1.774091), (0, 1.425016)),
    (5, 5, 2, 0.00064232236, 0.00032116118, (8.842294, np.inf), (13.027950, np.inf)),
]
ROWS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = st.fractions(Fraction(1, 200), Fraction(199, 200), max_denominator=200)
PHIS = st.fractions(1, 6, max_denominator=20)


def exact_tails(count, total, share, phi):
    """P(X < O), P(X = O), P(X > O): the ratio of one probability to the last is a fraction."""
    d, s = phi - 1, share
    chances = [Fraction(1)]
    for k in range(total):
        step = Fraction(total - k, k + 1) * (k * d + total * s) / ((total - k - 1) * d + total * (1 - s))
        chances.append(chances[-1] * step)
    whole = sum(chances)
    parts = sum(chances[:count], Fraction(0)), chances[count], sum(chances[count + 1 :], Fraction(0))
    return [float(part / whole) for part in parts]


# Golden numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", GOLDEN)
def test_the_table_of_the_methods(row):
    """Methods C21, the golden table, s = .05."""
    count, total, phi, at_least, mid, plain, mid_limits = row
    found = tails(count, total, 0.05, phi)
    assert found.at_least == pytest.approx(at_least, rel=5e-8)
    assert found.mid_at_least == pytest.approx(mid, rel=5e-8)
    np.testing.assert_allclose(ratio_limits(count, total, 0.05, phi, mid=False), plain, atol=6e-7)
    np.testing.assert_allclose(ratio_limits(count, total, 0.05, phi), mid_limits, atol=6e-7)


def test_a_larger_total():
    """Methods C21: N = 2000, O = 120, s = .03, φ = 2."""
    assert tails(120, 2000, 0.03, 2).at_least == pytest.approx(1.86517939e-06, rel=5e-9)


# Tails ----------------------------------------------------------------------------------------------


@given(ROWS, SHARES, PHIS)
def test_tails_are_those_of_exact_fractions(row, share, phi):
    found = tails(*row, float(share), float(phi))
    expected = exact_tails(*row, Fraction(float(share)), Fraction(float(phi)))
    np.testing.assert_allclose([found.below, found.here, found.above], expected, rtol=1e-12, atol=1e-290)


@given(ROWS, st.floats(0.01, 0.99), st.floats(1.05, 6))
def test_tails_agree_with_scipy_where_it_is_right(row, share, phi):
    count, total = row
    d = phi - 1
    law = stats.betabinom(total, total * share / d, total * (1 - share) / d)
    assert tails(count, total, share, phi).here == pytest.approx(law.pmf(count), rel=1e-8)
    assert tails(count, total, share, phi).at_most == pytest.approx(law.cdf(count), rel=1e-6)


@given(ROWS, st.floats(0.01, 0.99))
def test_at_phi_1_it_is_the_binomial_and_just_above_it_nearly(row, share):
    count, total = row
    found = tails(count, total, share, [1.0, 1 + 1e-12])
    np.testing.assert_allclose(found.at_most, stats.binom.cdf(count, total, share), rtol=1e-8)


@pytest.mark.parametrize(
    ("count", "total", "share", "phi"),
    [
        (200, 2000, 0.03, 1.5),
        (31_500, 1_000_000, 0.03, 2.0),
        (28_000, 1_000_000, 0.03, 1.0),
        (0, 10**6, 1e-4, 1.2),
    ],
)
def test_far_tails_keep_their_digits(count, total, share, phi):
    """Tails down to 1e-32 and totals up to a million, where scipy's beta-binomial gives 0 (methods C21)."""
    with localcontext() as context:
        context.prec = 60
        d, s, sides = Decimal(phi) - 1, Decimal(share), []
        for k, m, own, other in ((count, total - count, s, 1 - s), (total - count, count, 1 - s, s)):
            u, v = total * own, total * other
            term, whole, i = Decimal(1), Decimal(0), 0
            while i < m and (term > whole * Decimal("1e-40") or i < 10):
                term *= ((k + i) * d + u) * (m - i) / ((k + i + 1) * ((m - i - 1) * d + v))
                whole, i = whole + term, i + 1
            sides.append(whole)
        above, below = sides
        expected = [float(part / (1 + above + below)) for part in (below, Decimal(1), above)]
    found = tails(count, total, share, phi)
    np.testing.assert_allclose([found.below, found.here, found.above], expected, rtol=1e-12)


def test_a_tail_too_small_for_a_number_is_0_and_the_other_is_1():
    found = tails([4000, 0], [4000, 10**6], [1e-3, 0.5], 1.0)
    assert found.at_least.tolist() == [0.0, 1.0]
    assert found.at_most.tolist() == [1.0, 0.0]


def test_nothing_to_compare_has_no_p():
    found = tails([0, 3, 3, np.nan, 3, 7], [0, 9, 9, 9, 9, 6], [0.5, 0, 1, 0.5, np.nan, 0.5], 2.0)
    assert np.isnan(found.at_least).all()
    assert np.isnan(found.two_sided()).all()
    assert np.isnan(ratio_limits([0, 3, 3, np.nan], [0, 9, 9, 9], [0.5, 0, 1, 0.5], 2.0)).all()


@pytest.mark.parametrize("wrong", [(-1, 3, 0.5, 1), (1.5, 3, 0.5, 1), (1, 3, 0.5, 0.9), (1, np.inf, 0.5, 1)])
def test_what_no_count_or_dispersion_can_be_is_refused(wrong):
    with pytest.raises(InputError):
        tails(*wrong)


# Limits ---------------------------------------------------------------------------------------------


@given(ROWS, st.floats(1, 6), st.booleans(), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_are_where_the_tails_say_so(row, phi, mid, confidence):
    count, total = row
    lower, upper = share_limits(count, total, phi, confidence=confidence, mid=mid)
    assert lower <= upper
    tail = (1 - confidence) / 2
    if count:
        at = tails(count, total, lower / (1 + lower), phi)
        assert (at.mid_at_least if mid else at.at_least) == pytest.approx(tail, rel=1e-9)
    else:
        assert lower == 0
    if count < total:
        at = tails(count, total, upper / (1 + upper), phi)
        assert (at.mid_at_most if mid else at.at_most) == pytest.approx(tail, rel=1e-9)
    else:
        assert np.isinf(upper)


@given(ROWS, st.floats(0.02, 0.98), st.floats(1, 4), st.booleans())
def test_p_is_small_exactly_where_the_limits_leave_out_1(row, share, phi, mid):
    p = tails(*row, share, phi).two_sided(mid=mid)
    if abs(p - 0.05) > 1e-9:
        lower, upper = ratio_limits(*row, share, phi, mid=mid)
        assert (p < 0.05) == (lower > 1 or upper < 1)


@given(st.integers(6, 80), st.floats(1, 5))
def test_limits_rise_with_the_count_and_widen_with_dispersion(total, phi):
    lower, upper = share_limits(np.arange(total + 1), total, phi)
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper[:-1]) > 0).all()
    wider = share_limits(total // 2, total, phi + 0.5)
    assert wider[0] < lower[total // 2]
    assert wider[1] > upper[total // 2]


def test_many_rows_are_what_each_is_alone_compiled_or_not(monkeypatch):
    random = np.random.default_rng(3)
    total = random.integers(0, 90, 400)
    count, share, phi = (
        random.binomial(total, 0.2),
        random.uniform(0, 1, 400),
        random.choice([1, 1.4, 3.2], 400),
    )
    together = tails(count, total, share, phi).above, *ratio_limits(count, total, share, phi)
    alone = np.array(
        [
            [tails(*row).above, *ratio_limits(*row)]
            for row in zip(count[:40], total[:40], share[:40], phi[:40], strict=True)
        ]
    )
    np.testing.assert_array_equal(np.array(together)[:, :40].T, alone)
    monkeypatch.setattr(beta_binomial, "COMPILE_FROM", -1)
    compiled = tails(count, total, share, phi).above, *ratio_limits(count, total, share, phi)
    np.testing.assert_array_equal(together, compiled)


def test_shapes_are_kept():
    assert tails(np.ones((2, 3)), 5, 0.2, np.full((2, 1), 1.5)).above.shape == (2, 3)
    assert ratio_limits(np.ones((2, 3)), 5, 0.2, np.full((2, 1), 1.5))[0].shape == (2, 3)


def test_a_ratio_to_a_rest_without_incidents_is_infinite():
    np.testing.assert_array_equal(rate_ratio([5, 0, 1, 0], [5, 5, 2, 0], 0.5), [np.inf, 0, 1, np.nan])
