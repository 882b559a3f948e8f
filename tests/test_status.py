"""Statuses in words, nulls and ends included."""

import numpy as np

from wardmap import schema
from wardmap.rates.status import status, verdict


def test_where_an_interval_lies():
    lower, upper = [1.1, 0.8, 0.5, 1.0, np.nan, 2.0], [1.3, 1.2, 0.9, 1.0, np.nan, np.inf]
    found = status(lower, upper, least=1, most=1)
    assert found.tolist() == ["Above", "Similar", "Below", "Similar", np.nan, "Above"]
    assert found.categories.tolist() == list(schema.STATUSES)


def test_a_band_that_is_not_known_gives_no_status():
    assert status([5.0, 5.0], [5.0, 5.0], least=[np.nan, 1], most=[np.nan, 4]).tolist() == [np.nan, "Above"]


def test_a_verdict_needs_a_p_that_tells_it():
    found = verdict([3, 3, -3, 0, 3], [0.01, 0.2, 0.01, 0.01, np.nan], 0.95, schema.CHANGES)
    assert found.tolist() == ["rose", "cannot tell", "fell", "cannot tell", "cannot tell"]
