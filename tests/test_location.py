"""The one rule of what coordinates are worth."""

import numpy as np
import pytest

from wardmap.location import LOCATIONS, classify


@pytest.mark.parametrize(
    ("x", "y", "degrees", "expected"),
    [
        (-1.6, 52.8, True, "located"),
        (0.0, 51.5, True, "located"),
        (0.0, 0.0, True, "no_location"),
        (0.0, 0.0, False, "no_location"),
        (np.nan, 52.8, True, "no_location"),
        (np.inf, 52.8, True, "invalid"),
        (-1.6, 95.0, True, "invalid"),
        (424_500.0, 323_100.0, True, "invalid"),
        (424_500.0, 323_100.0, False, "located"),
        (424_500.0, -np.inf, False, "invalid"),
    ],
)
def test_the_rule(x, y, degrees, expected):
    assert LOCATIONS[classify(np.array([x]), np.array([y]), degrees=degrees)[0]] == expected


def test_text_that_is_no_number_is_invalid_where_blank_is_told_apart():
    nothing = np.array([np.nan, np.nan])
    codes = classify(nothing, nothing, blank=np.array([True, False]))
    assert [LOCATIONS[code] for code in codes] == ["no_location", "invalid"]
