"""coverage: what a set of wards, a patrol plan or venues reach."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import CRSError, GeometryError, InputError


@pytest.fixture
def assigned(incidents, wards):
    """Three burglaries and robberies in Quay and Hill, one on their edge, and four in no ward."""
    with pytest.warns(wm.errors.UnmatchedIncidentsWarning), pytest.warns(wm.errors.EdgeIncidentsWarning):
        return wm.assign_wards(incidents, wards)


def venues(*points, crs="EPSG:27700"):
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in points], crs=crs)


# Inputs ---------------------------------------------------------------------------------------------


def test_a_plan_is_wards_or_places(assigned, wards):
    for plan in ({}, {"ward_codes": ["E05000001"], "places": venues((0, 0))}):
        with pytest.raises(InputError, match="either wards or places"):
            wm.priority.coverage(assigned, wards, **plan)


@pytest.mark.parametrize(
    ("plan", "error", "said"),
    [
        (
            {"ward_codes": ["E05000009"]},
            InputError,
            r"(?s)The plan names wards that are not there.*E05000009",
        ),
        ({"places": venues((0, 0))}, InputError, "reach nothing without a distance"),
        ({"places": venues((0, 0)), "metres": -1}, InputError, "cannot be negative"),
        ({"places": venues((0, 0), crs=None)}, CRSError, "no coordinate system"),
        ({"places": venues()}, GeometryError, "no place"),
        ({"places": gpd.GeoDataFrame(geometry=[None], crs=27700), "metres": 5}, GeometryError, "no geometry"),
    ],
)
def test_what_is_no_plan_is_refused(assigned, wards, plan, error, said):
    with pytest.raises(error, match=said):
        wm.priority.coverage(assigned, wards, **plan)


# Outputs --------------------------------------------------------------------------------------------


def test_wards_by_hand(assigned, wards):
    found = wm.priority.coverage(assigned, wards, ward_codes=["E05000001"])
    schema.check(found, schema.COVERAGE)
    assert found.index.tolist() == ["Anti-social behaviour", "Burglary", "Robbery", "all crime"]
    assert found["incidents"].tolist() == [1, 2, 1, 3]
    assert found["reached"].tolist() == [1, 1, 1, 2]  # the one on the edge went to Quay, the lower code
    assert found["share_reached"].tolist() == pytest.approx([1, 0.5, 1, 2 / 3])
    assert found["no_location"].sum() == 2  # one type, and again in all crime if it is a crime
    assert found["coverage_method"].iloc[0] == "Incidents of the district with a place, in Quay (E05000001)."


def test_places_by_hand(assigned, wards):
    """From (500, 500): itself at 0 m, (1000, 500) at 500 m exactly, (200, 900) at 500 m too."""
    assert wm.priority.coverage(assigned, wards, places=venues((500, 500)), metres=499)["reached"].sum() == 2
    found = wm.priority.coverage(assigned, wards, places=venues((500, 500), (500, 501)), metres=500)
    assert found["reached"].to_dict() == {
        "Anti-social behaviour": 1, "Burglary": 1, "Robbery": 1, "all crime": 2,
    }  # fmt: skip


def test_polygons_reach_what_is_inside(assigned, wards):
    inside = wm.priority.coverage(assigned, wards, places=wards.iloc[[0]])
    by_ward = wm.priority.coverage(assigned, wards, ward_codes=["E05000001"])
    pd.testing.assert_series_equal(inside["reached"], by_ward["reached"])


def test_places_in_degrees_are_measured_in_metres():
    """A venue 300 m north of the only incident, both in the middle of Burton."""
    spot = gpd.GeoSeries([shapely.Point(424_500, 323_000)], crs=27700)
    ward = gpd.GeoDataFrame(
        {"ward_name": ["Burton"], "halo": [False]}, geometry=spot.buffer(2000).to_numpy(),
        index=pd.Index(["E05006922"], name="ward_code"), crs=27700,
    )  # fmt: skip
    rows = pd.DataFrame({"ward_code": ["E05006922"], "match": ["within"], "theme": ["Robbery"]})
    incident = gpd.GeoDataFrame(rows, geometry=spot.to_crs(4326).to_numpy(), crs=4326)
    venue = gpd.GeoDataFrame(geometry=spot.translate(0, 300).to_crs(4326))
    reached = [
        wm.priority.coverage(incident, ward, places=venue, metres=metres).loc["Robbery", "reached"]
        for metres in (299, 301)
    ]
    assert reached == [0, 1]


def test_the_halo_is_not_the_district(assigned, wards):
    edge = wards.assign(halo=wards.index == "E05000002")
    assert wm.priority.coverage(assigned, edge, ward_codes=["E05000001"])["share_reached"].tolist() == [
        1,
        1,
        1,
        1,
    ]


def test_a_plan_of_all_wards_reaches_everything(assigned, wards):
    found = wm.priority.coverage(assigned, wards, ward_codes=wards.index.tolist())
    assert (found["reached"] == found["incidents"]).all()
