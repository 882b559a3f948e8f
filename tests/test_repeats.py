"""Repeated identifiers: by fingerprint first, and never by fingerprint alone."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from wardmap.formats.fingerprints import fingerprints, repeated


@given(st.lists(st.one_of(st.none(), st.text(max_size=2))))
def test_repeats_are_those_that_comparing_every_identifier_finds(names):
    identifiers = pd.Series(names, dtype=object)
    expected = (identifiers.notna() & identifiers.duplicated()).to_numpy(dtype=bool)
    prints = fingerprints(["" if name is None else name for name in names])
    assert repeated(identifiers, prints).tolist() == expected.tolist()


def test_two_identifiers_of_one_fingerprint_are_told_apart():
    identifiers = pd.Series(["a", "b", "a", None, None], dtype=object)
    same = np.zeros(5, dtype=np.uint64)
    assert repeated(identifiers, same).tolist() == [False, False, True, False, False]
