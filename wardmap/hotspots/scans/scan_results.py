"""What a scan found, as columns of the ward table and as the sentence that explains them."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardmap.errors import listed
from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.panel import Panel
from wardmap.hotspots.scans.clusters import Cluster
from wardmap.hotspots.scans.flexible import SCREEN
from wardmap.hotspots.scans.scan_inputs import Cases
from wardmap.hotspots.scans.zones import Chains

Shape = Literal["circular", "elliptic", "flexible", "restricted"]
Facts = dict[str, float]

_FACTS = ("cluster", "p", "llr", "incidents", "expected", "ratio")
_CLASSES = ["cluster", "not distinguishable", "not testable"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the analyst asked of the scan."""

    shape: Shape
    max_share: float
    penalty: float
    nearest: int
    alpha: float
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class Found:
    """The facts of each ward's cluster as families by wards, NaN where there is none."""

    facts: dict[str, Numbers]
    tested: NDArray[np.bool_]
    method: NDArray[np.object_]

    @classmethod
    def empty(cls, families: int, wards: int) -> "Found":
        """Begin with nothing found and nothing tested."""
        facts = {name: np.full((families, wards), np.nan) for name in _FACTS}
        return cls(facts, np.zeros((families, wards), dtype=bool), np.full(families, "", dtype=object))

    def set(self, family: int, wards: Positions, facts: Facts) -> None:
        """Write the facts of one cluster to its wards."""
        for name, value in facts.items():
            self.facts[name][family, wards] = value

    def columns(self, panel: Panel, alpha: float, into: str) -> dict[str, Any]:
        """Return the columns for the rows of the table."""
        facts = {name: panel.rows(values) for name, values in self.facts.items()}
        tested = panel.rows(self.tested)
        classes = np.where(facts["p"] <= alpha, 0, np.where(tested, 1, 2)).astype(np.int8)
        whole = {name: pd.Series(facts[name]).astype("Int64").array for name in ("cluster", "incidents")}
        return {f"{into}_{name}": values for name, values in {**facts, **whole}.items()} | {
            f"{into}_class": pd.Categorical.from_codes(classes, dtype=pd.CategoricalDtype(_CLASSES))
        }


def facts_of(cluster: Cluster, number: int, total: float, p: float) -> Facts:
    """Say of one cluster what its wards will show."""
    outside = total - cluster.incidents
    rate_outside = outside / (total - cluster.expected)
    return {
        "cluster": number,
        "p": p,
        "llr": cluster.llr(total),
        "incidents": cluster.incidents,
        "expected": cluster.expected,
        "ratio": cluster.incidents / cluster.expected / rate_outside if outside >= 0.5 else np.inf,  # a count
    }


def sentence(cases: Cases, chains: Chains, settings: Settings, family: int, kept: Positions) -> str:
    """Explain in a sentence how one family was scanned."""
    near = f"connected sets of wards among the nearest {settings.nearest}"
    zones = {
        "circular": "circles",
        "elliptic": f"circles and ellipses (penalty {settings.penalty:g})",
        "flexible": near,
        "restricted": f"{near}, all high by themselves (mid-p below {SCREEN:g})",
    }
    metric = "great-circle distances" if cases.great_circle else "distances in the plane"
    codes = np.array(cases.panel.codes, dtype=object)
    gone = np.setdiff1d(np.arange(len(codes)), kept)
    unknown = np.isnan(cases.incidents[family, gone])
    reasons = {"incidents not known": gone[unknown], "nobody known to live there": gone[~unknown]}
    untested = "; ".join(f"{why}: {listed(codes[who], len(who))}" for why, who in reasons.items() if len(who))
    return (
        f"Kulldorff's Poisson scan of incidents by population: {zones[settings.shape]} around the centres of "
        f"{len(kept):,} wards with up to {100 * settings.max_share:g} % of the population, {metric}, "
        f"{len(chains):,} zones. p: one-sided for high rates, the share of {settings.replicates:,} random "
        f"maps (seed {settings.seed}) and the observed one whose best zone is at least as good, at best "
        f"{1 / (settings.replicates + 1):.2g}; a further cluster overlaps no better one. Each theme and "
        f"period is a test of its own; cluster where p is at most {settings.alpha:g}."
        + (f" Not tested: {untested}." if untested else "")
    )
