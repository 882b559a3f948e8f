"""axe-core finds nothing serious on any kind of map. It comes by npm when the tests are run (see .ci/run)."""

import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.browser.conftest import NEEDS_CHROMIUM, PLAIN, make_area, make_map, make_table, make_wards
from wardmap.maps.district_map import ward_map
from wardmap.maps.map_set import save_map_set
from wardmap.maps.offline import save_map
from wardmap.maps.side_by_side import compare_maps

AXE = Path(os.environ.get("WARDMAP_AXE", "axe.min.js"))
pytestmark = [
    *NEEDS_CHROMIUM,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: WARDMAP_AXE names its axe.min.js"),
]


def layers():
    wards = make_wards(PLAIN)
    parts = [
        make_table(PLAIN, theme=t, period=p) for t in ("all crime", "Burglary") for p in ("2017", "2018")
    ]
    return pd.concat(parts), wards


def several():
    table, wards = layers()
    points = wards.geometry.centroid.iloc[:2].to_numpy()
    projects = gpd.GeoDataFrame({"name": ["Club", "Van"], "reach": [500.0, None]}, geometry=points, crs=27700)
    given = {"areas": make_area(wards), "projects": projects, "grey_rest": True}
    return ward_map(table, wards, theme=["all crime", "Burglary"], period=["2017", "2018"], **given)


def beside():
    return compare_maps(*layers(), period=["2017", "2018"])


def serious(browser, path, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_load_state()
    if page.locator("path.wm-ward").count():
        page.locator("path.wm-ward").first.focus()
        page.keyboard.press("Enter")
    page.add_script_tag(path=AXE)
    found = page.evaluate("() => axe.run()")
    context.close()
    assert len(found["passes"]) > 10
    return [
        (fault["id"], fault["help"], [node["html"][:200] for node in fault["nodes"]][:3])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("make", [lambda: make_map(PLAIN), several, beside], ids=["one", "several", "beside"])
def test_no_serious_fault_on_a_map(browser, tmp_path, make, width):
    assert serious(browser, save_map(make(), tmp_path / "a.html"), width) == []


def test_no_serious_fault_on_an_index(browser, tmp_path):
    written = save_map_set({"One": make_map(PLAIN), "Two": make_map(PLAIN)}, tmp_path)
    assert serious(browser, written[0], 1280) == []
