"""The order of periods in time: one rule, whoever asks."""

import re
from collections.abc import Hashable, Iterable
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)

_BEGINS_WITH_TIME = re.compile(r"\d{4}(?!\d)(?:-\d\d(?:-\d\d)?| Q[1-4]|/\d\d)?")


def in_time_order(labels: Iterable[Label]) -> list[Label]:
    """Return each label once, in order of time.

    Where all begin with a year, as those of `count_incidents` do, by the time with which they begin; those
    that begin with the same time, and labels of any other kind, in the order in which they come, because a
    table is counted in order of time. Never by name: `launch` does not come before `run-up`.

    Examples
    --------
    >>> in_time_order(["2017/18", "2015/16", "2016/17"])
    ['2015/16', '2016/17', '2017/18']
    >>> in_time_order(["run-up", "launch", "after"])
    ['run-up', 'launch', 'after']
    >>> in_time_order(["2016 spring", "2016 autumn", "2015 autumn"])
    ['2015 autumn', '2016 spring', '2016 autumn']
    """
    there = list(dict.fromkeys(labels))
    begins = [_BEGINS_WITH_TIME.match(str(label)) for label in there]
    if not all(begins):
        return there
    order = sorted(range(len(there)), key=lambda at: begins[at][0])  # type: ignore[index]
    return [there[at] for at in order]
