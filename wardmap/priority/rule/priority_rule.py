"""`PriorityRule`: the policy that a partnership signs."""

from dataclasses import dataclass

import numpy as np

from wardmap.errors import InputError, counted, listed
from wardmap.method import percent


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """The policy that a partnership signs: which evidence makes a ward a priority.

    The facts are kept apart, so that partners can disagree about each: the ward is **above** the rest of
    the district beyond chance (q of at most `max_q`, over all wards and themes that are looked at
    together), by a **large** ratio (at least `min_ratio`), with **enough** incidents (`min_incidents`); it
    holds **volume** (it is in the smallest set of wards that holds `volume_share` of the incidents), or it
    is **clustered** (in a scan cluster with p of at most `max_scan_p`, or Gi* q of at most `max_cluster_q`,
    its own rate not below the rest's).

    `priority` is above, large, enough, and volume or clustered. `watch` is above, whatever else: a ward
    that is surely high and lacks the agreed size. `none` is the rest, however many people live there.

    Parameters
    ----------
    max_q
        Between 0 and 1: the share of false finds that is accepted among the wards called above.
    min_ratio
        The least rate ratio to the rest of the district. With many incidents any small difference
        is surely there; this says from which size on it matters.
    volume_share
        Between 0 and 1.
    max_cluster_q
        Between 0 and 1: the share of false finds that is accepted among those that Gi* calls hot.
    max_scan_p
        Between 0 and 1: the largest p of a scan cluster that counts.
    min_stability
        Between 0 and 1: the least probability of being among the highest (`rank_top`, from
        `rank_stability`) for a ward to be called stable.
    stable_only
        Only a stable ward can be a priority; the others that pass become `watch`. Otherwise
        stability is shown and decides nothing.
    min_incidents
        With fewer, a ward can be watched and never be a priority.
    themes
        Pairs of theme and weight. `priority_score` adds up the weights of those in which a ward is
        a priority; without pairs there is no score.
    max_wards
        The most priority wards in one theme and period. Those with the highest lower limit of the
        ratio stay, the others become `watch`.

    Raises
    ------
    InputError
        A number that the rule cannot mean, a theme twice, or weights that sum to nothing.

    Examples
    --------
    >>> print(PriorityRule(min_ratio=2))
    Priority: above the rest of the district beyond chance (q at most 0.1 over all wards and themes), by a
    rate ratio of at least 2, with at least 5 incidents, and either in the smallest set of wards that holds
    50% of incidents, or in a cluster (scan p at most 0.05 or Gi* q at most 0.1) with a rate of its own that
    is not below the rest's. Watch: above beyond chance, whatever else.
    """

    min_ratio: float = 1.5
    max_q: float = 0.1
    volume_share: float = 0.5
    max_cluster_q: float = 0.1
    max_scan_p: float = 0.05
    min_stability: float = 0.8
    stable_only: bool = False
    min_incidents: int = 5
    themes: tuple[tuple[str, float], ...] = ()
    max_wards: int | None = None

    def __post_init__(self) -> None:
        if not self.min_ratio > 0:
            raise InputError("min_ratio must be positive.", f"given: {self.min_ratio}", mend="min_ratio=1.5")
        for name in ("max_q", "volume_share", "max_cluster_q", "max_scan_p", "min_stability"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(
                    f"{name} must be a share.", f"given: {getattr(self, name)}", mend=f"{name}=0.5"
                )
        if not self.min_incidents >= 0:
            raise InputError(
                "min_incidents cannot be negative.", f"given: {self.min_incidents}", mend="min_incidents=5"
            )
        if self.max_wards is not None and not self.max_wards >= 1:
            raise InputError(
                "max_wards must leave room for one ward.", f"given: {self.max_wards}", mend="max_wards=3"
            )
        _check_weights(self.themes)

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self, *, scan: bool = True, gi_star: bool = True) -> str:
        """Return the rule as sentences that speak only of cluster tests that were made."""
        most = f"at most {counted(self.max_wards, 'ward')}" if self.max_wards else ""
        score = ", ".join(f"{theme} {weight:g}" for theme, weight in self.themes)
        stable = f", and among the highest with a probability of at least {self.min_stability:g}"
        return (
            f"Priority: above the rest of the district beyond chance (q at most {self.max_q:g} over all "
            f"wards and themes), by a rate ratio of at least {self.min_ratio:g}, "
            f"with at least {self.min_incidents} incidents, and {self._where(scan=scan, gi_star=gi_star)}"
            f"{stable if self.stable_only else ''}. "
            "Watch: above beyond chance, whatever else."
            f"{f' By the lower limit of the ratio, {most}.' if most else ''}"
            f"{f' Score: {score}.' if score else ''}"
        )

    def _where(self, *, scan: bool, gi_star: bool) -> str:
        inside = f"in the smallest set of wards that holds {percent(self.volume_share)} of incidents"
        tests = [f"scan p at most {self.max_scan_p:g}"] if scan else []
        tests += [f"Gi* q at most {self.max_cluster_q:g}"] if gi_star else []
        if not tests:
            return inside
        own = "with a rate of its own that is not below the rest's"
        return f"either {inside}, or in a cluster ({' or '.join(tests)}) {own}"


def _check_weights(themes: tuple[tuple[str, float], ...]) -> None:
    if not themes:
        return
    names = [theme for theme, _ in themes]
    twice = sorted({theme for theme in names if names.count(theme) > 1})
    if twice:
        raise InputError("The rule weighs a theme twice.", f"themes: {listed(twice)}")
    weights = [weight for _, weight in themes]
    if not all(weight >= 0 for weight in weights) or not 0 < sum(weights) < np.inf:
        raise InputError(
            "The weights of themes must not be negative, and must sum to more than nothing.",
            f"weights: {weights}",
            mend='themes=(("all crime", 2), ("Anti-social behaviour", 1))',
        )
