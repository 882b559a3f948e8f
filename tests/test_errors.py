"""The tree of errors and warnings, and the shape of a message."""

import inspect
import pickle

import geopandas as gpd
import pytest
import shapely

from wardmap import errors
from wardmap.read.wards.read_wards import read_wards


def test_every_error_and_warning_hangs_on_its_root():
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if kind.__module__ == errors.__name__:
            assert issubclass(kind, errors.WardmapError | errors.WardmapWarning)
            assert kind.__name__ in (errors.__doc__ or "")


def test_people_can_catch_what_they_already_catch():
    assert issubclass(errors.MissingColumnError, KeyError)
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.AlignmentError, ValueError)
    assert issubclass(errors.TooFewWardsError, ValueError)


def test_a_message_has_a_headline_facts_and_a_mend():
    error = errors.InputError("It is wrong.", "value: 7", "limit: 5", mend="use 5")
    assert str(error) == "It is wrong.\n  value: 7\n  limit: 5\n  Mend it: use 5"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_long_lists_are_cut_and_counted():
    assert errors.listed(range(3)) == "'0', '1', '2'"
    assert errors.listed(range(2000)).endswith("'7' and 1,992 more")
    assert [errors.counted(n, "ward") for n in (0, 1, 2048)] == ["0 wards", "1 ward", "2,048 wards"]


def test_a_warning_points_at_the_line_of_the_user():
    bow_tie = gpd.GeoDataFrame(
        {"ward_code": ["a"], "name": ["A"]},
        geometry=[shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
        crs=4326,
    )
    with pytest.warns(errors.RepairWarning) as caught:
        read_wards(bow_tie)
    assert caught[0].filename == __file__
