"""Small districts that can be checked by hand, and the way to the real data where it is there."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import settings

# A test says what is right, never how fast: on a busy machine a deadline fails what is right.
settings.register_profile("wardmap", deadline=None)
settings.load_profile("wardmap")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data():
    """Return the folder of real public data, or skip where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real public data is not beside the repository")
    return folder


@pytest.fixture
def wards():
    """Five wards in a row, each a kilometre square, named so that codes and names sort differently."""
    codes = [f"E0500000{n}" for n in range(1, 6)]
    return gpd.GeoDataFrame(
        {
            "ward_name": ["Quay", "Hill", "Moor", "Dale", "Abbey"],
            "district": "Testshire",
            "vintage": pd.Categorical(["2013"] * 5),
            "halo": False,
        },
        geometry=[shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(5)],
        index=pd.Index(codes, name="ward_code"),
        crs="EPSG:27700",
    )


@pytest.fixture
def incidents():
    """Eight rows: two in Quay, one in Hill, one on the edge between them, and four in no ward."""
    points = [(500, 500), (200, 900), (1500, 500), (1000, 500), (-500, 500), None, None, (500, 500)]
    return gpd.GeoDataFrame(
        {
            "incident_id": ["a", "b", "c", None, "d", None, "e", "a"],
            "date": pd.to_datetime(["2016-04-01"] * 4 + ["2017-03-01"] * 4),
            "date_precision": pd.Categorical(["month"] * 8),
            "theme": pd.Categorical(["Burglary", "Robbery", "Burglary", "Anti-social behaviour"] * 2),
            "location": pd.Categorical(["located"] * 5 + ["no_location", "invalid", "located"]),
            "duplicate": [False] * 7 + [True],
            "source": pd.Categorical(["one.csv"] * 8),
        },
        geometry=[None if p is None else shapely.Point(p) for p in points],
        crs="EPSG:27700",
    )


@pytest.fixture
def people(wards):
    """A thousand residents in each of the five wards."""
    return pd.DataFrame(
        {"population": 1000.0, "population_method": pd.Categorical(["Residents, mid-2017."] * 5)},
        index=wards.index,
    )


@pytest.fixture
def street_rows():
    """Four rows as data.police.uk writes them: located, without a place, ASB, and zeroes."""
    return pd.DataFrame(
        {
            "Crime ID": ["a1", "b2", None, "c3"],
            "Month": ["2018-03"] * 4,
            "Reported by": "Practice Police",
            "Falls within": "Practice Police",
            "Longitude": ["-1.63", None, "-1.64", "0"],
            "Latitude": ["52.80", None, "52.81", "0"],
            "Location": "On or near",
            "LSOA code": None,
            "LSOA name": None,
            "Crime type": ["Burglary", "Shoplifting", "Anti-social behaviour", None],
            "Last outcome category": None,
            "Context": None,
        }
    )
