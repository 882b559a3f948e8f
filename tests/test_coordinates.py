"""Coordinates as text: thousands commas are understood, decimal commas are not mistaken for them."""

import numpy as np
import pandas as pd
import pytest

from wardmap.read.coordinates import as_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("424,500", 424_500.0),
        ("424 500.5", 424_500.5),
        ("1,234,567.25", 1_234_567.25),
        (" 424500 ", 424_500.0),
        ("-1.63", -1.63),
        ("-1,63", np.nan),
        ("42,45,00", np.nan),
        ("north", np.nan),
    ],
)
def test_text_to_number(text, number):
    numbers, blank = as_numbers(pd.Series([text, None, " "], dtype=object))
    np.testing.assert_array_equal(numbers, [number, np.nan, np.nan])
    assert blank.tolist() == [False, True, True]
