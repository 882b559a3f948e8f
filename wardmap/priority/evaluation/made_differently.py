"""What was made differently in two editions of the flags, by the columns that hold it."""

import json
from collections.abc import Iterator

import pandas as pd

from wardmap.priority.rule.tests_made import WORDS, tests_made

CLUSTER_TESTS = ("scan", "gi_star")


def made_differently(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return what is unlike, in words; each edition is the rows of one theme and period."""
    return [*_rules(before, after), *_benchmarks(before, after), *_tests(before, after)]


def unlike_tests(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the tests that were made in one of the editions only."""
    was, now = (tests_made(rows).iloc[0] for rows in (before, after))
    return [str(test) for test in was.index[was != now]]


def _rules(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    if "priority_rule" not in before or "priority_rule" not in after:
        return
    was, now = (json.loads(rows["priority_rule"].iloc[0]) for rows in (before, after))
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield f"the rule, {name}: {was.get(name)} before, {now.get(name)} now"


def _benchmarks(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    if "ratio_against" not in before or "ratio_against" not in after:
        return
    was, now = (
        " and ".join(sorted(map(str, rows["ratio_against"].dropna().unique()))) for rows in (before, after)
    )
    if was != now:
        yield f"what ratios are held against: {was} before, {now} now"


def _tests(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[str]:
    made = tests_made(after).iloc[0]
    for test in unlike_tests(before, after):
        yield f"{WORDS[test]}: {'now, not before' if made[test] else 'before, not now'}"
