"""What lies over the wards: clusters, a veil on the rest, projects, incidents, and tiles on request."""

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from wardmap.errors import GeometryError, InputError, MissingColumnError, TilesWarning
from wardmap.maps import overlays
from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map

OS = ("https://tiles.example.org/{z}/{x}/{y}.png", "© the maker {{7*7}}")


@pytest.fixture
def table(wards):
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2018"], wards.index], names=["theme", "period", "ward_code"]
    )
    return pd.DataFrame(
        {
            "rate": [1.0, 2.0, 3.0, 4.0, 5.0],
            "scan_cluster": pd.array([1, 1, None, 2, None], dtype="Int64"),
            "scan_p": [0.01, 0.01, None, 0.4, None],
            "scan_class": ["cluster"] * 2 + ["not distinguishable"] * 3,
        },
        index=index,
    )


@pytest.fixture
def area(wards):
    return gpd.GeoDataFrame(
        {"ward_codes": [["E05000001", "E05000002"]]},
        geometry=[wards.geometry.iloc[:2].union_all()],
        index=pd.Index(["Town"], name="area"),
        crs=27700,
    )


@pytest.fixture
def projects():
    given = {"name": ["Youth club", "Pastors"], "reach": [800.0, np.nan]}
    return gpd.GeoDataFrame(given, geometry=[Point(500, 500), Point(1500, 500)], crs=27700)


def data(drawn):
    page = drawn.get_root().render()
    return json.loads(re.search(r'id="wm-data">(.*?)</script>', page, re.DOTALL)[1])


# inputs


def test_a_project_needs_a_name_a_point_and_a_distance(projects):
    with pytest.raises(MissingColumnError, match="no column 'name'"):
        overlays.projects(projects.drop(columns="name"))
    with pytest.raises(InputError, match="metres, above 0"):
        overlays.projects(projects.assign(reach=[-5.0, 1.0]))
    with pytest.raises(GeometryError, match="no points"):
        overlays.projects(projects.set_geometry(projects.buffer(5)))
    with pytest.raises(InputError, match="coordinate system"):
        overlays.projects(projects.set_crs(None, allow_override=True))


def test_sensitive_incidents_are_never_shown_at_their_places(incidents):
    hidden = incidents.assign(theme="Violence and sexual offences")
    with pytest.raises(InputError, match=r"'Violence and sexual offences'\n.*density"):
        overlays.incidents(hidden, "places")
    assert overlays.incidents(hidden, "density")["cells"]


def test_incidents_have_two_ways_to_be_shown(incidents):
    with pytest.raises(InputError, match="'points'"):
        overlays.incidents(incidents, "points")
    with pytest.raises(InputError, match="no coordinate system"):
        overlays.incidents(incidents.set_crs(None, allow_override=True), "density")


def test_the_rest_needs_an_area(table, wards):
    with pytest.raises(InputError, match="no area"):
        ward_map(table, wards, grey_rest=True)


@pytest.mark.parametrize(
    "given",
    [
        "https://tiles.example.org/{z}/{x}/{y}.png",
        ("http://tiles.example.org/{z}/{x}/{y}.png", "them"),
        ("https://tiles.example.org/tile.png", "them"),
        ("https://tiles.example.org/{z}/{x}/{y}.png", " "),
        ("https://tiles.example.org; script-src *;/{z}/{x}/{y}", "them"),
        ("https://user@tiles.example.org/{z}/{x}/{y}", "them"),
        ("https://*/{z}/{x}/{y}", "them"),
        ("javascript://tiles.example.org/{z}/{x}/{y}", "them"),
    ],
)
def test_tiles_without_an_https_address_or_a_maker_are_refused(table, wards, given):
    with pytest.raises(InputError, match="Tiles are given as"):
        ward_map(table, wards, tiles=given)


# outputs


def test_a_cluster_is_outlined_once_around_its_wards_and_only_where_it_was_shown(table, wards):
    drawn = data(ward_map(table, wards))["themes"][0]["layers"][0]
    assert [cluster["name"] for cluster in drawn["clusters"]] == ["Cluster 1, p 0.010"]
    assert len(drawn["clusters"][0]["rings"]) == 1
    assert "clusters" in data(ward_map(table.drop(columns="scan_cluster"), wards))["themes"][0]["layers"][0]


def test_wards_outside_the_areas_are_greyed(table, wards, area, tmp_path):
    drawn = ward_map(table, wards, areas=area, grey_rest=True)
    names = [ward["code"] for at, ward in enumerate(data(drawn)["wards"]) if at in data(drawn)["greyed"]]
    assert sorted(names) == ["E05000003", "E05000004", "E05000005"]
    assert "Outside the areas" in drawn.get_root().render()
    save_map(drawn, tmp_path / "a.png")


def test_projects_come_with_their_reach(table, wards, projects):
    drawn = ward_map(table, wards, projects=projects)
    told = data(drawn)["projects"]
    assert [project["reach"] for project in told] == [800.0, None]
    assert "Youth club, reaches 800 m" in drawn.get_root().render()


def test_places_are_counted_and_rows_without_one_are_said(incidents):
    told = overlays.incidents(incidents, "places")
    assert sum(count for _, _, count in told["places"]) == 6
    assert len(told["places"]) == 5
    assert told["words"].startswith("6 of 8 incidents have a place: 5 distinct places")


def test_squares_hold_every_located_incident_once(incidents):
    told = overlays.incidents(incidents, "density")
    assert sum(cell["count"] for cell in told["cells"]) == 6
    assert {cell["class"] for cell in told["cells"]} <= set(range(len(told["labels"])))
    assert "squares of 100 m" in told["words"]
    assert overlays.incidents(incidents.iloc[5:7], "density")["cells"] == []


def test_the_order_of_incidents_does_not_matter(incidents):
    for how in ("density", "places"):
        assert overlays.incidents(incidents, how) == overlays.incidents(incidents.iloc[::-1], how)


def test_tiles_are_announced_and_let_in_one_host(table, wards):
    with pytest.warns(TilesWarning, match=r"host: tiles\.example\.org"):
        drawn = ward_map(table, wards, tiles=OS)
    page = drawn.get_root().render()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "img-src data: https://tiles.example.org;" in policy
    assert "default-src 'none'" in policy
    assert "this page asks tiles.example.org for map tiles" in page
    assert "makes no request" not in page
    assert "{{7*7}}" not in page
    assert data(drawn)["tiles"]["url"] == OS[0]
