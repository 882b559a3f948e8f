"""patrol_places and aoristic weights: where in a ward to stand, and when."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, MissingColumnError
from wardmap.priority.resources.aoristic import hourly_weights

QUAY = {"ward_codes": ["E05000001"], "snapped": False}


@pytest.fixture
def exact():
    """Six in Quay: four on one street (three of them at one door), one elsewhere, one in Hill's corner."""
    x, y = [10, 10.2, 10.4, 60, 500, 1500], [20, 20.1, 20.3, 30, 500, 500]
    start = pd.to_datetime(
        ["2018-03-01 22:00", "2018-03-02 23:00", "2018-06-01 22:30", *["2018-06-02 08:00"] * 3]
    )
    rows = pd.DataFrame(
        {
            "ward_code": ["E05000001"] * 5 + ["E05000002"],
            "theme": pd.Categorical(["ASB"] * 4 + ["Robbery"] * 2),
            "date": start.normalize(),
            "date_precision": pd.Categorical(["day"] * 6),
            "start": start,
            "end": start + pd.Timedelta(hours=1),
        }
    )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(x, y), crs=27700)


# Inputs ---------------------------------------------------------------------------------------------


def test_snapped_points_and_months_are_refused_with_the_reason(exact, wards):
    with pytest.raises(InputError, match=r"(?s)Snapped points cannot say where to stand.*snapped=False"):
        wm.priority.patrol_places(exact, wards, ward_codes=["E05000001"], snapped=True)
    monthly = exact.assign(date_precision="month")
    with pytest.raises(InputError, match=r"(?s)Dates by month.*5 of 5"):
        wm.priority.patrol_places(monthly, wards, **QUAY)
    with pytest.raises(TypeError, match="snapped"):
        wm.priority.patrol_places(exact, wards, ward_codes=["E05000001"])


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"cell_metres": 5}, InputError, "10 to 500 metres"),
        ({"theme": "Robery"}, InputError, r"nearest first: 'Robbery'"),
        ({"ward_codes": ["E05000009"]}, InputError, "The patrol plan names wards that are not there"),
        ({"window": ("start", "theme")}, InputError, "two columns of times"),
        ({"window": ("start", "until")}, MissingColumnError, "until"),
    ],
)
def test_what_cannot_be_used_is_refused(exact, wards, options, error, said):
    with pytest.raises(error, match=said):
        wm.priority.patrol_places(exact, wards, **{**QUAY, **options})


# Outputs --------------------------------------------------------------------------------------------


def test_cells_by_hand(exact, wards):
    found = wm.priority.patrol_places(exact, wards, **QUAY, window=("start", "end"))
    schema.check(found, schema.PLACES)
    row = found.loc[1]
    assert len(found) == 1
    assert (row["incidents"], row["first_half"], row["second_half"]) == (4, 2, 2)
    assert row["share_chosen"] == pytest.approx(0.8)
    assert row.geometry.bounds == (0, 0, 100, 100)
    # three of four between 22 and 24 o'clock: of the four-hour shifts that hold them, the first is from 20
    assert (row["peak_from"], row["peak_share"]) == (20, pytest.approx(0.75))


def test_repeated_places_by_hand(exact, wards):
    found = wm.priority.patrol_places(exact, wards, **QUAY, cell_metres=0)
    assert found["incidents"].tolist() == [3]
    assert found.geometry.iloc[0].coords[0] == (10.5, 20.5)
    assert found[["peak_from", "peak_share"]].isna().all().all()
    every = wm.priority.patrol_places(exact, wards, **QUAY, cell_metres=0, least=1)
    assert every["share_so_far"].iloc[-1] == pytest.approx(1)


def test_nothing_that_comes_back_is_an_empty_table(exact, wards):
    found = wm.priority.patrol_places(exact, wards, **QUAY, theme="Robbery")
    assert len(found) == 0
    schema.check(found, schema.PLACES)


def test_row_order_does_not_matter(exact, wards):
    options = {**QUAY, "least": 1, "window": ("start", "end")}
    one = wm.priority.patrol_places(exact, wards, **options)
    pd.testing.assert_frame_equal(wm.priority.patrol_places(exact.iloc[::-1], wards, **options), one)


# Aoristic weights -----------------------------------------------------------------------------------


def times(*texts):
    return pd.Series(pd.to_datetime(list(texts)))


def test_windows_by_hand():
    """Ratcliffe's rule: a burglary between 10 and 14 o'clock counts a quarter in each of four hours."""
    weights = hourly_weights(
        times("2018-03-01 10:00", "2018-03-01 23:30", "2018-03-01 08:15", "2018-03-01 06:00"),
        times("2018-03-01 14:00", "2018-03-02 01:30", "2018-03-01 08:15", "2018-03-04 06:00"),
    )
    assert weights[0, 10:14].tolist() == [0.25] * 4
    assert weights[1, [22, 23, 0, 1, 2]].tolist() == [0, 0.25, 0.5, 0.25, 0]
    assert weights[2, 8] == 1
    assert weights[3] == pytest.approx([1 / 24] * 24)


def test_a_window_that_is_none_is_null():
    weights = hourly_weights(times("2018-03-01 10:00", None), times("2018-03-01 09:00", "2018-03-01 09:00"))
    assert np.isnan(weights).all()


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_incident_counts_once(begin, length):
    start = times("2018-01-01") + pd.Timedelta(seconds=begin)
    assert hourly_weights(start, start + pd.Timedelta(seconds=length)).sum() == pytest.approx(1)
