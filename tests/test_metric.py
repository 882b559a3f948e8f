"""The one metric system: metres are metres in any country (case N16)."""

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely

import wardmap as wm
from wardmap.geometry.metric import in_metres, metric_crs

PLACES = {"Chicago": (-87.7, 41.9), "Vancouver": (-123.1, 49.25), "Nairobi": (36.8, -1.3)}


@pytest.mark.parametrize("crs", [4326, 27700, 3857])
def test_british_layers_are_measured_on_the_british_grid(crs):
    burton = gpd.GeoSeries([shapely.box(424_000, 322_000, 425_000, 323_000)], crs=27700).to_crs(crs)
    assert metric_crs(burton) == pyproj.CRS("EPSG:27700")
    assert in_metres(burton).area.item() == pytest.approx(1e6, rel=1e-4)


def test_a_layer_in_metres_keeps_its_own_system():
    utm = gpd.GeoSeries([shapely.box(490_000, 5_450_000, 491_000, 5_451_000)], crs=32610)
    assert metric_crs(utm) == pyproj.CRS("EPSG:32610")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("crs", [4326, 3857])
def test_elsewhere_areas_are_those_on_the_globe(place, crs):
    """Held against geodesic areas by pyproj."""
    longitude, latitude = PLACES[place]
    box = shapely.box(longitude, latitude, longitude + 0.1, latitude + 0.1)
    area, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(box)
    layer = gpd.GeoSeries([box], crs=4326).to_crs(crs)
    assert in_metres(layer).area.item() == pytest.approx(abs(area), rel=2e-4)


def test_feet_are_not_metres():
    """Ten thousand feet by ten thousand are 9.29 square kilometres."""
    square = shapely.box(1_150_000, 1_900_000, 1_160_000, 1_910_000)
    wards = gpd.GeoDataFrame(
        {"ward_name": ["Loop"], "halo": False, "vintage": "2018", "district": "Chicago"},
        geometry=[square],
        index=pd.Index(["C1"], name="ward_code"),
        crs=3435,
    )
    area = wm.place_area(wards, name="Loop", ward_codes=["C1"])
    assert area["area_km2"].item() == pytest.approx(9.290304, rel=1e-3)
