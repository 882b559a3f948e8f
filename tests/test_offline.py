"""save_map: one file, no request, the same bytes."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import folium
import geopandas as gpd
import pandas as pd
import pytest
from folium.plugins import MarkerCluster
from shapely import box

from wardmap.errors import InputError
from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map

BUILD = """
import geopandas as gpd, pandas as pd, sys
from shapely import box
import folium
import wardmap as wm
codes = pd.Index(["E05000001", "E05000002", "E05000003"], name="ward_code")
wards = gpd.GeoDataFrame({"ward_name": ["Abbey", "Bridge", "Castle"]}, index=codes, crs=27700,
    geometry=[box(400000 + 1000 * n, 300000, 401000 + 1000 * n, 301000) for n in range(3)])
index = pd.MultiIndex.from_product([["Burglary"], ["2018"], codes], names=["theme", "period", "ward_code"])
table = pd.DataFrame({"rate": [1.0, 2.0, 4.0], "priority": ["none", "watch", "priority"]}, index=index)
drawn = wm.ward_map(table, wards)
folium.Circle([52.6, -1.99], radius=300).add_to(drawn)
wm.save_map(drawn, sys.argv[1])
"""


@pytest.fixture
def drawn():
    codes = pd.Index(["E05000001", "E05000002"], name="ward_code")
    squares = [box(400_000, 300_000, 401_000, 301_000), box(401_000, 300_000, 402_000, 301_000)]
    wards = gpd.GeoDataFrame({"ward_name": ["Abbey", "Bridge"]}, geometry=squares, index=codes, crs=27700)
    index = pd.MultiIndex.from_product(
        [["Burglary"], ["2018"], codes], names=["theme", "period", "ward_code"]
    )
    return ward_map(pd.DataFrame({"rate": [4.0, 10.0]}, index=index), wards)


class Read(HTMLParser):
    def __init__(self, content):
        super().__init__()
        self.tags, self.inline, self._open = [], [], None
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs).get("type")) if tag in ("script", "style") else None
        if self._open:
            self.inline.append([*self._open, ""])

    def handle_data(self, data):
        if self._open:
            self.inline[-1][2] += data

    def handle_endtag(self, _tag):
        self._open = None


# inputs


def test_what_is_not_our_map_is_refused(tmp_path):
    for other in (folium.Map(tiles=None), "map"):
        with pytest.raises(InputError, match="not a map made by wardmap"):
            save_map(other, tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["wards.gpkg", "wards", "folder.html"])
def test_only_html_files_are_written(drawn, tmp_path, name):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InputError, match=r"saved as an \.html file, or"):
        save_map(drawn, tmp_path / name)


def test_an_element_that_needs_other_files_is_named(drawn, tmp_path):
    MarkerCluster().add_to(drawn)
    with pytest.raises(InputError, match=r"leaflet\.markercluster(.|\n)*asked for by: 'MarkerCluster'"):
        save_map(drawn, tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "element",
    [
        folium.TileLayer("OpenStreetMap"),
        folium.Marker([52, -1], popup="x"),
        folium.Marker([52, -1], icon=folium.Icon()),
    ],
)
def test_an_element_that_cannot_work_offline_is_refused(drawn, tmp_path, element):
    element.add_to(drawn)
    with pytest.raises(InputError, match="does not work offline"):
        save_map(drawn, tmp_path / "a.html")


def test_an_element_that_was_taken_out_again_is_forgotten(drawn, tmp_path):
    plain = drawn.get_root().render()
    cluster = MarkerCluster().add_to(drawn)
    with pytest.raises(InputError):
        save_map(drawn, tmp_path / "a.html")
    del drawn._children[cluster.get_name()]
    assert save_map(drawn, tmp_path / "a.html").read_text(encoding="utf-8") == plain


@pytest.mark.parametrize(
    "markup", ['<script src="https://example.org/a.js"></script>', '<img src="https://example.org/a.png">']
)
def test_a_request_in_added_markup_is_refused(drawn, markup):
    drawn.get_root().html.add_child(folium.Element(markup))
    with pytest.raises(InputError, match=r"https://example\.org/a"):
        drawn.get_root().render()


# outputs


def test_the_file_appears_whole_and_alone(drawn, tmp_path):
    path = save_map(drawn, tmp_path / "new" / "folder" / "wards.html")
    assert path == tmp_path / "new" / "folder" / "wards.html"
    assert [file.name for file in path.parent.iterdir()] == ["wards.html"]
    assert path.read_bytes().decode("utf-8").endswith("</html>")


def test_a_failure_leaves_the_old_file_as_it_was(drawn, tmp_path, monkeypatch):
    path = tmp_path / "wards.html"
    path.write_text("old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(type(path), "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        save_map(drawn, path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_page_has_a_language_a_title_and_a_way_past_the_map(drawn):
    tags = Read(drawn.get_root().render()).tags
    assert ("html", {"lang": "en-GB"}) in tags
    assert any(tag == "title" for tag, _ in tags)
    assert any(attrs.get("href") == "#wm-table" for tag, attrs in tags if tag == "a")
    assert any(attrs.get("id") == "wm-table" for tag, attrs in tags if tag == "table")


def test_nothing_in_the_page_asks_for_a_file(drawn):
    content = drawn.get_root().render()
    for tag, attrs in Read(content).tags:
        assert tag not in ("link", "iframe", "img", "object", "embed", "base"), tag
        assert "src" not in attrs
    assert not re.search(r"url\((?!data:|#)", content.replace("url(#default#VML)", ""))
    assert "sourceMappingURL" not in content


def test_no_other_library_is_in_the_page(drawn):
    content = drawn.get_root().render().lower()
    for library in ("jquery", "bootstrap", "fontawesome", "awesome-markers", "d3.js", "cdn."):
        assert library not in content


def test_the_policy_names_every_script_and_style_and_allows_nothing_else(drawn):
    content = drawn.get_root().render()
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', content)
    assert policy.start() < content.index("<script")
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    inline = Read(content).inline
    expected = {
        kind: [f"'{hashed(text)}'" for tag, given, text in inline if tag == kind and given is None]
        for kind in ("script", "style")
    }
    assert rules == {
        "default-src": "'none'",
        "script-src": " ".join(expected["script"]),
        "style-src": " ".join(expected["style"]),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def hashed(content):
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def test_the_licence_of_leaflet_is_kept(drawn):
    content = drawn.get_root().render()
    assert "copyright 2010-2022 Vladimir Agafonkin" in content
    assert "(c) 2010-2022 Vladimir Agafonkin, (c) 2010-2011 CloudMade" in content


def test_a_notebook_gets_the_same_page_boxed_in(drawn):
    shown = drawn._repr_html_()
    tag, attrs = Read(shown).tags[0]
    assert tag == "iframe"
    assert attrs["sandbox"] == "allow-scripts"
    assert attrs["srcdoc"] == drawn.get_root().render()


def test_saving_folium_s_own_way_is_just_as_safe(drawn, tmp_path):
    drawn.save(str(tmp_path / "a.html"))
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == drawn.get_root().render()


def test_an_added_element_is_drawn_on_the_map(drawn):
    folium.Circle([52.6, -1.99], radius=300).add_to(drawn)
    content = drawn.get_root().render()
    assert ".addTo(ward_map_wards)" in content
    assert content.index("wardmap.open(") < content.index("L.circle(\n")


# the same bytes


def test_rendering_twice_gives_the_same_page(drawn):
    folium.Circle([52.6, -1.99], radius=300).add_to(drawn)
    assert drawn.get_root().render() == drawn.get_root().render()


def test_fresh_processes_give_the_same_bytes(tmp_path):
    pages = []
    for seed in ("0", "1234"):
        path = tmp_path / f"{seed}.html"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", BUILD, str(path)], check=True, env=environment)
        pages.append(path.read_bytes())
    assert pages[0] == pages[1]
