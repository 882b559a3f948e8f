"""Which wards meet an agreed rule, on arrays: by recorded counts, and by counts that are drawn."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.stats.checks import Numbers
from wardmap.stats.concentration import smallest_set

Flags = npt.NDArray[np.bool_]


class Evidence(NamedTuple):
    """What a rule looks at, each as districts by wards, these in the order of their codes.

    1 where a ward is above, in a cluster, stable; 0 where not; NaN where it is not known. `stable` is None
    where nobody asks for it.
    """

    incidents: Numbers
    ratio: Numbers
    above: Numbers
    clustered: Numbers
    stable: Numbers | None = None


class Criteria(NamedTuple):
    """Which criteria each ward meets. `clustered` is where a cluster counts; `passed` is all of them."""

    high: Flags
    volume: Flags
    clustered: Flags
    enough: Flags
    passed: Flags


def criteria(evidence: Evidence, rule: PriorityRule) -> Criteria:
    """Hold every ward of every district against the rule.

    A cluster counts for a ward whose own rate is not below the rest's: a window of wards can be high around
    a quiet one.
    """
    high = (evidence.above == 1) & (evidence.ratio >= rule.min_ratio)
    volume = smallest_set(evidence.incidents, rule.volume_share)
    clustered = (evidence.clustered == 1) & (evidence.ratio >= 1)
    enough = evidence.incidents >= rule.min_incidents
    passed = high & enough & (volume | clustered)
    if rule.stable_only and evidence.stable is not None:
        passed &= evidence.stable == 1
    return Criteria(high, volume, clustered, enough, passed)


def highest(values: Numbers, most: int | None) -> Flags:
    """Mark the `most` highest of each district, all where None; ties go to the ward that comes first."""
    if most is None:
        return np.ones(values.shape, dtype=bool)
    order = np.argsort(-values, axis=-1, kind="stable")
    marked = np.zeros(values.shape, dtype=bool)
    np.put_along_axis(marked, order[..., :most], values=True, axis=-1)
    return marked
