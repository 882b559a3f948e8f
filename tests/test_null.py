"""Where there is nothing to find, p is uniform: from the ward table to p, over many simulated districts."""

import numpy as np
import pytest
from scipy.stats import kstest

from tests.test_gi_star import ring, ward_table
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.local.local_moran import local_moran

DISTRICTS = 2_000
WAYS = pytest.mark.parametrize(("wards", "reach"), [(13, 2), (60, 3)], ids=["counted", "drawn"])
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")]


def p_of_a_ward(values, reach, alternative, statistic=gi_star):
    """Each theme is a district of its own: one p from each, so that they know nothing of each other."""
    districts, wards = values.shape
    codes = [f"W{number:03}" for number in range(wards)]
    table = ward_table(values, codes, themes=[f"theme {number}" for number in range(districts)])
    # each ward's arrangements are drawn once for all themes: a new seed for each block of districts
    blocks = np.array_split(np.arange(districts), 20)
    parts = [
        statistic(table.iloc[block[0] * wards : (block[-1] + 1) * wards], ring(codes, reach),
                alternative=alternative, permutations=999, seed=seed)
        for seed, block in enumerate(blocks)
    ]  # fmt: skip
    return np.concatenate(
        [part.filter(regex="_p$").iloc[:, 0].xs(codes[5], level="ward_code").to_numpy() for part in parts]
    )


@WAYS
@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_p_of_gi_star_is_uniform(wards, reach, alternative):
    values = np.random.default_rng(11).gamma(1.0, size=(DISTRICTS, wards))
    p = p_of_a_ward(values, reach, alternative)
    assert kstest(p, "uniform").pvalue > 0.001
    for level in (0.01, 0.05, 0.1, 0.5):
        error = 4 * np.sqrt(level * (1 - level) / DISTRICTS) + 2 / 495
        assert (p <= level).mean() == pytest.approx(level, abs=error)


@WAYS
@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_p_of_local_moran_is_uniform(wards, reach, alternative):
    values = np.random.default_rng(13).gamma(1.0, size=(DISTRICTS, wards))
    p = p_of_a_ward(values, reach, alternative, local_moran)
    for level in (0.01, 0.05, 0.1, 0.5):
        error = 4 * np.sqrt(level * (1 - level) / DISTRICTS) + 2 / 495
        assert (p <= level).mean() == pytest.approx(level, abs=error)


@WAYS
def test_few_incidents_make_p_cautious_and_never_bold(wards, reach):
    """Poisson counts share values: p may be too large, and must not be too small."""
    values = np.random.default_rng(12).poisson(1.0, size=(DISTRICTS, wards))
    p = p_of_a_ward(values, reach, "greater")
    for level in (0.01, 0.05, 0.1, 0.5):
        assert np.nanmean(p <= level) <= level + 4 * np.sqrt(level * (1 - level) / DISTRICTS)
