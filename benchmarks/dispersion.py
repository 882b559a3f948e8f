"""How long do tests under dispersion take for all wards of England? Prints seconds.

    python benchmarks/dispersion.py

7,681 wards in 320 districts, 15 themes, 36 months: 4.1 million rows, each against the rest of its district.
The first p waits for the compiler where it has never run before.
"""

import time
from collections.abc import Callable

import numpy as np

from wardmap.stats import beta_binomial, dispersion, negative_binomial

WARDS, DISTRICTS, THEMES, MONTHS = 7_681, 320, 15, 36


def seconds(name: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{name:<60}{time.perf_counter() - start:8.2f}")


def england(random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Return counts, totals of districts, shares of the people and φ, themes × wards × months."""
    people, district = random.gamma(6, size=WARDS), random.integers(DISTRICTS, size=WARDS)
    share = (people / np.bincount(district, people)[district])[:, np.newaxis]
    mean = np.geomspace(0.15, 20, THEMES)[:, np.newaxis, np.newaxis] * people[:, np.newaxis] / 6
    counts = random.poisson(random.gamma(mean / 0.6, size=(THEMES, WARDS, MONTHS)) * 0.6).astype(float)
    inside = np.eye(DISTRICTS)[district]
    totals = np.einsum("wd,twm->tdm", inside, counts, optimize=True)[:, district]
    return counts, totals, share, np.linspace(1.05, 2.5, THEMES)[:, np.newaxis, np.newaxis], district


def main() -> None:
    random = np.random.default_rng(1)
    n, s = random.integers(20, 400, 100_000), random.uniform(0.01, 0.12, 100_000)
    few = random.binomial(n, s), n, s, random.uniform(1, 2.5, 100_000)
    seconds("100,000 tails", lambda: beta_binomial.tails(*few))
    seconds("100,000 pairs of limits, no two rows alike", lambda: beta_binomial.ratio_limits(*few))
    counts, totals, share, phi, district = england(random)
    year = np.repeat(np.arange(3), 12)
    seconds("φ of 15 themes", lambda: dispersion.monthly_moments(counts, years=year, districts=district))
    seconds(
        "4.1 million p, the first time", lambda: beta_binomial.tails(counts, totals, share, phi).two_sided()
    )
    seconds("4.1 million p", lambda: beta_binomial.tails(counts, totals, share, phi).two_sided())
    seconds(
        "4.1 million pairs of limits, one φ a theme",
        lambda: beta_binomial.ratio_limits(counts, totals, share, phi),
    )
    own = phi + 0.002 * totals * share
    seconds(
        "4.1 million pairs of limits, a φ a ward",
        lambda: beta_binomial.ratio_limits(counts, totals, share, own),
    )
    fixed = counts.mean(axis=1, keepdims=True) * np.ones_like(counts)
    seconds(
        "4.1 million p against a fixed rate", lambda: negative_binomial.tails(counts, fixed, phi).two_sided()
    )
    seconds("4.1 million pairs of limits of a mean", lambda: negative_binomial.mean_limits(counts, phi))


if __name__ == "__main__":
    main()
