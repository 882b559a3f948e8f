"""Overlays in a real browser: drawn, named, and out of the way of the wards."""

import folium
import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from tests.browser.conftest import NEEDS_CHROMIUM, PLAIN, make_area, make_map, make_table, make_wards
from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def drawn():
    wards = make_wards(PLAIN)
    table = make_table(PLAIN)
    table["scan_cluster"] = pd.array([1] * 3 + [None] * 18, dtype="Int64")
    centres = wards.geometry.centroid
    projects = gpd.GeoDataFrame(
        {"name": ["Club <b>", "Van"], "reach": [700.0, None]},
        geometry=centres.iloc[[8, 9]].to_numpy(),
        crs=27700,
    )
    points = [Point(c.x + 50, c.y) for c in centres for _ in range(3)]
    incidents = gpd.GeoDataFrame({"theme": ["Burglary"] * 63}, geometry=points, crs=27700)
    given = {"areas": make_area(wards), "grey_rest": True, "projects": projects, "incidents": incidents}
    return ward_map(table, wards, **given, incidents_as="places")


def test_everything_asked_for_is_drawn(open_map, drawn):
    page = open_map(drawn)
    assert page.locator("path.wm-cluster").count() == 1
    assert page.locator("path.wm-project").count() == 2
    assert page.locator("path.wm-reach").count() == 1
    assert page.locator("path.wm-ward[fill-opacity='0.2']").count() == 18
    assert "63 of 63 incidents have a place: 21 distinct places" in page.locator(".wm-overlays").inner_text()


def test_a_project_says_its_name_and_wards_stay_within_reach_of_the_mouse(open_map, drawn):
    page = open_map(drawn)
    assert page.locator("path.wm-project").first.get_attribute("aria-label") == "Club <b>: reaches 700 m"
    page.locator("path.wm-project").first.focus()
    assert page.locator(".leaflet-tooltip").inner_text() == "Club <b>: reaches 700 m"
    page.locator("path.wm-ward").nth(12).click(position={"x": 8, "y": 8})
    assert page.locator("#wm-panel .wm-facts-name").inner_text() == PLAIN[12]


def test_only_the_host_of_the_tiles_is_asked(browser, tmp_path):
    with pytest.warns(match="needs the internet"):
        drawn = ward_map(
            make_table(PLAIN),
            make_wards(PLAIN),
            tiles=("https://tiles.example.org/{z}/{x}/{y}.png", "the maker"),
        )
    path = save_map(drawn, tmp_path / "a.html")
    context = browser.new_context()
    asked, complaints = [], []
    context.route("https://**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    page.wait_for_selector("path.wm-ward")
    assert asked
    assert all(url.startswith("https://tiles.example.org/") for url in asked)
    assert not [said for said in complaints if "Content Security Policy" in said]
    context.close()


def test_a_marker_that_is_added_carries_its_picture(open_map):
    drawn = make_map(PLAIN)
    folium.Marker([52.6, -1.95]).add_to(drawn)
    page = open_map(drawn)
    assert page.locator("img.leaflet-marker-icon").get_attribute("src").startswith("data:image/png")
    size = page.locator("img.leaflet-marker-icon").evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    assert size == 25


def test_one_ward_is_a_map_too(open_map):
    wards, table = make_wards(PLAIN).iloc[:1], make_table(PLAIN).iloc[:1]
    page = open_map(ward_map(table, wards))
    page.locator("path.wm-ward").click()
    assert page.locator("#wm-panel .wm-facts-name").inner_text() == "Ward 0"
