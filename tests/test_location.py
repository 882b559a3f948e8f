"""The one rule of what coordinates are worth, and points that are shared."""

import numpy as np
import pytest

from wardmap.location import LOCATIONS, classify, numbered, points


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


def test_points_keep_every_digit_and_share_places():
    x, y = np.array([0.1 + 0.2, 1e-300, 0.1 + 0.2]), np.array([1 / 3, -5.0, 1 / 3])
    known = {}
    made = points(numbered(x, y, np.array([True, True, True]), known), known)
    assert made[0] is made[2]
    assert [(p.x, p.y) for p in made] == list(zip(x, y, strict=True))
    assert points(numbered(x[:0], y[:0], np.zeros(0, dtype=bool), {}), {}).tolist() == []
