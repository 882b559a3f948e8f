"""Grid references: the middle of the square that they name."""

import numpy as np
import pandas as pd
import pytest

from wardmap.read.incidents.grid_references import parse


@pytest.mark.parametrize(
    ("reference", "east", "north"),
    [
        # TG 51409 13177 is the worked example of the Ordnance Survey's guide: 651409, 313177
        ("TG 51409 13177", 651_409.5, 313_177.5),
        ("SK 245 231", 424_550, 323_150),
        ("sk245231", 424_550, 323_150),
        ("NN 166 712", 216_650, 771_250),
        ("SV 0 0", 5_000, 5_000),
        ("HP 600 140", 460_050, 1_214_050),
        ("SK 245 23", np.nan, np.nan),
        ("IK 245 231", np.nan, np.nan),
        ("Burton", np.nan, np.nan),
    ],
)
def test_references(reference, east, north):
    x, y, blank = parse(pd.Series([reference, None, ""], dtype=object))
    np.testing.assert_array_equal(x, [east, np.nan, np.nan])
    np.testing.assert_array_equal(y, [north, np.nan, np.nan])
    assert blank.tolist() == [False, True, True]
