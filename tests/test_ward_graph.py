import copy
import pickle
import re
from xml.etree import ElementTree as ET

import esda
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from shapely import box

import wardmap as wm
from tests.test_gi_star import RISING, ring, ward_table
from wardmap.errors import IslandWarning, OneWayWarning
from wardmap.hotspots.graph import ward_graph_page as graph_page
from wardmap.hotspots.graph.neighbours import neighbours
from wardmap.hotspots.graph.read_neighbours import read_neighbours
from wardmap.hotspots.graph.ward_graph import WardGraph, rule_of

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=x>', "{{7*7}} ${7*7} `", "\x1b[31m\u202e\x00"]


def drawn(shapes, names, crs=27700):
    codes = [f"E0500000{number}" for number in range(len(shapes))]
    index = pd.Index(codes, name="ward_code")
    return gpd.GeoDataFrame({"ward_name": names}, geometry=list(shapes), index=index, crs=crs)


@pytest.fixture
def lake():
    """A ward around another, one that is next to it, and an island."""
    around = box(0, 0, 9000, 9000) - box(3000, 3000, 5000, 5000)
    shapes = [around, box(3000, 3000, 5000, 5000), box(9000, 0, 12000, 3000), box(20000, 0, 21000, 1000)]
    return drawn(shapes, ["Shore", "Isle", "Quay", "Far"])


# --- outputs: the words


def test_it_says_who_is_enclosed_who_has_one_neighbour_and_who_has_none(lake):
    with pytest.warns(IslandWarning):
        graph = neighbours(lake)
    assert repr(graph).split("\n  ") == [
        "WardGraph of 4 wards and 2 pairs of neighbours, by the rule: queen.",
        "Neighbours: 1.0 on average, at least 0, at most 2 ('Shore (E05000000)').",
        "No neighbours: 'Far (E05000003)'.",
        "Enclosed: 'Isle (E05000001) within Shore (E05000000)'.",
        "With a single neighbour: 'Quay (E05000002) next to Shore (E05000000)'.",
    ]


def test_it_names_the_links_that_have_none_back(wards):
    said = repr(neighbours(wards, rule="nearest", nearest=1))
    assert "5 wards and 4 pairs of neighbours, by the rule: 1 nearest." in said
    assert "Neighbours: 1 each." in said
    assert "3 links without a link back: 'Moor (E05000003) to Hill (E05000002)'" in said


def test_a_list_from_a_file_says_the_same_without_a_map(wards, tmp_path):
    path = tmp_path / "row.csv"
    path.write_text("focal,neighbour\nE05000001,E05000002\n")
    with pytest.warns(OneWayWarning), pytest.warns(IslandWarning):
        graph = read_neighbours(pd.DataFrame(wards[["ward_name"]]), path)
    assert isinstance(graph, WardGraph)
    assert "by the rule: row.csv" in repr(graph)
    assert "1 link without a link back: 'Quay (E05000001) to Hill (E05000002)'" in repr(graph)
    assert "<svg" not in graph._repr_html_()


def test_wards_without_names_go_by_their_codes(wards):
    said = repr(neighbours(wards.drop(columns="ward_name")))
    assert "at most 2 ('E05000002', 'E05000003', 'E05000004')" in said


# --- outputs: the page


def picture(graph):
    page = graph._repr_html_()
    return ET.fromstring(page), page  # noqa: S314 - it was written here


def test_the_page_has_the_same_words_and_every_ward_link_and_island(lake):
    with pytest.warns(IslandWarning):
        graph = neighbours(lake)
    page, _ = picture(graph)
    words = [page.find("p").find("strong").text, *(item.text for item in page.iter("li"))]
    assert words == repr(graph).split("\n  ")
    titles = [title.text for title in page.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == [f"{name} ({code})" for code, name in lake["ward_name"].items()]
    radii = [circle.get("r") for circle in page.iter("{http://www.w3.org/2000/svg}circle")]
    assert radii == ["2", "2", "2", "4"]
    paths = [path.get("d") for path in page.iter("{http://www.w3.org/2000/svg}path")]
    assert len(paths) == 4 + 1
    assert paths[4].count("M") == 2
    assert paths[0].count("M") == 2  # the hole is drawn
    assert "Ring: no neighbour." in "".join(page.itertext())


def test_links_one_way_are_dashed(wards):
    page, text = picture(neighbours(wards, rule="nearest", nearest=1))
    dashed = [path for path in page.iter() if path.get("stroke-dasharray")]
    assert [path.get("d").count("M") for path in dashed] == [3]
    assert "Dashed: no link back." in text


def test_the_map_keeps_its_proportions_in_degrees_as_in_metres():
    metres = neighbours(wm.read_wards(wm.demo.wards_file()))
    degrees = neighbours(wm.read_wards(wm.demo.wards_file()).to_crs(4326))
    one, other = (picture(graph)[0].find("{http://www.w3.org/2000/svg}svg") for graph in (metres, degrees))
    assert float(one.get("width")) / float(one.get("height")) == pytest.approx(
        float(other.get("width")) / float(other.get("height")), rel=0.02
    )


def test_many_wards_are_told_and_not_drawn(wards, monkeypatch):
    monkeypatch.setattr(graph_page, "MOST", 4)
    page = neighbours(wards)._repr_html_()
    assert "<svg" not in page
    assert "more than 4 wards" in page


@pytest.mark.parametrize("missing", [None, shapely.Polygon()])
def test_a_ward_without_a_shape_leaves_words(wards, tmp_path, missing):
    path = tmp_path / "row.csv"
    neighbours(wards).adjacency.to_csv(path)
    wards.loc["E05000003", "geometry"] = missing
    assert "<svg" not in read_neighbours(wards, path)._repr_html_()


# --- names are hostile text


def names_read(names):
    shapes = [box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(len(names))]
    graph = neighbours(drawn(shapes, names))
    page, text = picture(graph)
    return [title.text for title in page.iter("{http://www.w3.org/2000/svg}title")], text, repr(graph)


def test_hostile_names_are_read_and_do_nothing():
    titles, text, said = names_read(HOSTILE)
    assert titles[:3] == [f"{name} (E0500000{number})" for number, name in enumerate(HOSTILE[:3])]
    tags = set(re.findall(r"<\s*/?\s*(\w+)", text))
    assert tags == {"div", "p", "strong", "ul", "li", "svg", "rect", "path", "title", "circle"}
    assert not re.search(r"<[^>]*\son\w+\s*=", text)
    for sign in "\x1b\u202e\x00":
        assert sign not in text
        assert sign not in said


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, max_size=3))
def test_any_name_leaves_a_page_that_parses_and_has_no_tag_more(names):
    text = names_read(names)[1]
    assert text.count("<") == names_read(["A"] * len(names))[1].count("<")


def test_the_page_asks_for_nothing_and_runs_nothing(lake):
    with pytest.warns(IslandWarning):
        page = neighbours(lake)._repr_html_()
    for word in ("<script", "href", "src=", "url(", "@import", "<style"):
        assert word not in page
    assert re.findall(r"https?://[^\"]+", page) == ["http://www.w3.org/2000/svg"]


def test_same_wards_same_bytes(lake):
    with pytest.warns(IslandWarning):
        one, other = neighbours(lake)._repr_html_(), neighbours(lake.copy())._repr_html_()
    assert one == other


# --- it is a Graph for everyone else


def test_libpysal_and_esda_take_it_as_it_is(wards):
    graph = neighbours(wards)
    assert isinstance(graph, Graph)
    values = np.array([5.0, 4.0, 3.0, 1.0, 2.0])
    plain = Graph(graph.adjacency)
    assert esda.Moran(values, graph, permutations=0).I == esda.Moran(values, plain, permutations=0).I
    assert graph == plain
    assert graph.to_W().n == 5


def test_it_can_be_stored_and_keeps_its_rule(wards):
    graph = neighbours(wards)
    said = "queen", repr(graph), graph._repr_html_()
    for other in (pickle.loads(pickle.dumps(graph)), copy.copy(graph), copy.deepcopy(graph)):  # noqa: S301
        assert (rule_of(other), repr(other), other._repr_html_()) == said


def test_what_libpysal_makes_of_it_forgets_the_rule(wards):
    graph = neighbours(wards)
    for changed in (graph.transform("R"), graph.higher_order(2), graph.copy()):
        assert type(changed) is Graph
        assert rule_of(changed) == ""


def test_a_graph_made_by_hand_has_no_rule_and_works_as_before():
    assert rule_of(ring()) == ""
    sentence = wm.gi_star(ward_table(RISING), ring(), q=0.4)["gi_method"].iloc[0]
    assert "with the neighbours given" in sentence


def test_the_wards_may_change_afterwards(wards):
    graph = neighbours(wards)
    before = graph._repr_html_()
    wards["ward_name"] = "Gone"
    wards.loc["E05000001", "geometry"] = box(0, 0, 1, 1)
    assert graph._repr_html_() == before


@pytest.mark.real_data
def test_the_words_of_east_staffordshire(shared_data):
    path = shared_data / "boundaries" / "east_staffordshire_wards_2013.geojson"
    graph = neighbours(wm.read_wards(path))
    assert "21 wards and 40 pairs of neighbours" in repr(graph)
    assert "'Weaver (E05006935) next to Churnet (E05006923)'" in repr(graph)
    assert len(graph._repr_html_()) < 40_000


@pytest.mark.parametrize("number", [1, 3])
def test_wards_without_any_link_say_so(number):
    shapes = [box(2 * i, 0, 2 * i + 1, 1) for i in range(number)]
    codes = pd.Index([f"E0500000{i}" for i in range(number)], name="ward_code")
    wards = gpd.GeoDataFrame({"ward_name": list("abc")[:number]}, geometry=shapes, index=codes, crs=27700)
    with pytest.warns(IslandWarning):
        graph = neighbours(wards)
    assert "No neighbours: 'a (E05000000)'" in repr(graph)
    assert graph._repr_html_().count("<circle") == number
