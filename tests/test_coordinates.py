"""Coordinates as text, and what most of them say about the system that they are said to be in."""

import numpy as np
import pandas as pd
import pyproj
import pytest

from wardmap.errors import CRSError, RepairWarning
from wardmap.location import LOCATIONS
from wardmap.read.incidents.coordinates import Places, as_numbers, location_codes


def places(x, y, crs):
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    return Places(x, y, np.isnan(x), pyproj.CRS(crs), ("easting", "northing"))


@pytest.mark.parametrize(
    ("text", "number"),
    [("424,500", 424_500.0), ("424 500.5", 424_500.5), ("1,234,567.25", 1_234_567.25)],
)
def test_thousands_marks_are_taken_out_and_said(text, number):
    with pytest.warns(RepairWarning, match=r"Thousands marks in 'East' of 't.csv'(.|\n)*1 value"):
        numbers, blank = as_numbers(pd.Series([text, None, " "], dtype=object, name="East"), "t.csv")
    np.testing.assert_array_equal(numbers, [number, np.nan, np.nan])
    assert blank.tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 424500 ", 424_500.0), ("-1.63", -1.63), ("-1,63", np.nan), ("42,45,00", np.nan), ("north", np.nan)],
)
def test_a_decimal_comma_is_no_thousands_mark(text, number):
    np.testing.assert_array_equal(as_numbers(pd.Series([text], dtype=object), "t.csv")[0], [number])


@pytest.mark.parametrize(
    ("x", "y", "crs", "message"),
    [
        ([52.8, 52.9], [-1.6, -1.7], 4326, "look swapped"),
        ([49.2, 49.3], [-123.1, -123.2], 4326, "look swapped"),
        ([424_500, 424_600], [323_100, 323_200], 4326, r"(?s)cannot be in EPSG:4326.*metres\?"),
        ([-1.6, 1.6], [52.8, 52.9], 27700, r"(?s)cannot be in EPSG:27700.*degrees\?"),
        ([0.5, 1.6], [52.8, 52.9], 32631, r"(?s)cannot be in EPSG:32631.*degrees\?"),
        ([9e6, 9e6], [1e5, 1e5], 27700, r"(?s)cannot be in EPSG:27700.*metres or feet of another system"),
        ([594_500, 594_600], [5_850_000, 5_850_100], 4326, "metres or feet of another system"),
    ],
)
def test_a_system_that_most_coordinates_contradict_is_an_error(x, y, crs, message):
    with pytest.raises(CRSError, match=message):
        location_codes(places(x, y, crs), "t.csv")


def test_one_that_cannot_be_is_invalid_among_many_that_can():
    codes = location_codes(
        places([424_500, 424_600, -5, 0, np.nan], [323_100, 323_200, 5, 0, 1], 27700), "t.csv"
    )
    assert [LOCATIONS[c] for c in codes] == ["located", "located", "invalid", "no_location", "no_location"]
