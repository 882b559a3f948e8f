"""A small district on the British National Grid, whole, for the tests to spoil one thing at a time."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import wardmap as wm

CODES = [f"E0500000{n}" for n in range(1, 6)]


@pytest.fixture
def layer():
    """Five wards in a row, each a kilometre square, as a publisher's layer."""
    return gpd.GeoDataFrame(
        {"WD13CD": CODES, "WD13NM": ["Quay", "Hill", "Moor", "Dale", "Abbey"]},
        geometry=[shapely.box(424_000 + 1000 * i, 323_000, 425_000 + 1000 * i, 324_000) for i in range(5)],
        crs="EPSG:27700",
    )


@pytest.fixture
def district(layer):
    """Return the same as a wards table."""
    return wm.read_wards(layer)


@pytest.fixture
def rows():
    """Six incidents of a day: two in Quay, one in each other ward."""
    return pd.DataFrame(
        {
            "date": "2018-03-14",
            "type": "Burglary",
            "easting": [424_500.0, 424_600, 425_500, 426_500, 427_500, 428_500],
            "northing": 323_500.0,
        }
    )


@pytest.fixture
def residents():
    """Return a thousand people in each ward."""
    return pd.DataFrame({"ward_code": CODES, "pop_mid2017": 1000})


@pytest.fixture
def rates(rows, district, residents):
    """Return the ward table of all this, with rates."""
    incidents = wm.assign_wards(wm.read_incidents(rows), district)
    return wm.add_rates(wm.count_incidents(incidents, district), wm.read_population(residents))
