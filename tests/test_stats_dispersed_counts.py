"""Drawn maps: methods C21, the scan."""

import numpy as np
import pytest
from scipy import stats

from wardmap.errors import InputError
from wardmap.stats.dispersed_counts import draw_counts

SHARE = np.array([0.05, 0.15, 0.3, 0.5])


@pytest.mark.parametrize("phi", [1.0, 1.5, 3.0])
def test_each_ward_is_beta_binomial(phi):
    maps = draw_counts(60, SHARE, phi, maps=60_000, random=np.random.default_rng(1))
    assert (maps.sum(axis=1) == 60).all()
    for ward, share in enumerate(SHARE):
        law = (
            stats.betabinom(60, 60 * share / (phi - 1), 60 * (1 - share) / (phi - 1))
            if phi > 1
            else stats.binom(60, share)
        )
        assert maps[:, ward].mean() == pytest.approx(law.mean(), abs=5 * law.std() / np.sqrt(60_000))
        assert maps[:, ward].var() == pytest.approx(law.var(), rel=0.04)
        assert (maps[:, ward] >= 8).mean() == pytest.approx(law.sf(7), abs=0.01)


def test_years_add_to_the_variance_and_less_when_there_are_more():
    draws = [
        draw_counts(2000, SHARE, 1.5, maps=20_000, random=np.random.default_rng(1), kappa=k, years=y)[
            :, 0
        ].var()
        for k, y in ((0.0, 1), (0.03, 3), (0.03, 1))
    ]
    assert draws[0] < draws[1] < draws[2]


def test_the_same_generator_gives_the_same_maps():
    once, again = (draw_counts(60, SHARE, 2, maps=5, random=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_edges():
    random = np.random.default_rng(0)
    assert not draw_counts(0, SHARE, 2.0, maps=3, random=random).any()
    assert not draw_counts(50, [0, 1, 1], 2.0, maps=9, random=random)[:, 0].any()
    rare = draw_counts(1, [1, 3], 1e6, maps=20_000, random=random)
    assert (rare.sum(axis=1) == 1).all()
    assert rare[:, 1].mean() == pytest.approx(0.75, abs=0.02)
    with pytest.raises(InputError):
        draw_counts(5, [0, 0], 2.0, maps=1, random=random)
    with pytest.raises(InputError):
        draw_counts(5, [1, 1], 0.5, maps=1, random=random)
