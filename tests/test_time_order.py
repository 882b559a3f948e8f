"""One order of time for every room."""

import pytest

from wardmap.stats.time_order import in_time_order


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["2018-10", "2018-02", "2018-01"], ["2018-01", "2018-02", "2018-10"]),
        (["2016/17", "2015/16", "2016/17"], ["2015/16", "2016/17"]),
        (["2018 Q4", "2018 Q1"], ["2018 Q1", "2018 Q4"]),
        (["run-up", "launch", "after"], ["run-up", "launch", "after"]),
        (["2018", "after", "2017"], ["2018", "after", "2017"]),  # one without a year, and none is sorted
        (["201", "199"], ["201", "199"]),  # three digits are no year
        ([2018, 2016], [2016, 2018]),  # what was given comes back, not its name
        ([], []),
    ],
)
def test_years_are_sorted_and_names_keep_their_order(labels, expected):
    assert in_time_order(labels) == expected
