import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import (
    AlignmentError,
    DuplicateWardError,
    InputError,
    IslandWarning,
    MissingColumnError,
    OneWayWarning,
)
from wardmap.hotspots.graph.neighbours import graph_of
from wardmap.hotspots.graph.read_neighbours import read_neighbours
from wardmap.hotspots.graph.ward_graph import rule_of

ROW = {
    "row.gal": "0 3 wards ward_code\nA 1\nB\nB 2\nA C\nC 1\nB\n",
    "row.gwt": "0 3 wards ward_code\nA B 10.5\nB A 10.5\nB C 7\nC B 7\n",
    "row.csv": "focal,neighbour\nA,B\nB,A\nB,C\nC,B\n",
}
LINKS = [("A", "B"), ("B", "A"), ("B", "C"), ("C", "B")]


def wards(codes="ABC"):
    return pd.DataFrame(index=pd.Index(list(codes), name="ward_code"))


@pytest.fixture
def read(tmp_path):
    def from_text(name, text, codes="ABC"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_neighbours(wards(codes), path)

    return from_text


def links(graph):
    return [pair for pair, weight in graph.adjacency.items() if weight]


# --- inputs


@pytest.mark.parametrize("name", ROW)
def test_an_unknown_code_is_named(read, name):
    text = ROW[name].replace("\nB C 7", "\nB X 7").replace("A C", "A X").replace("B,C", "B,X")
    with pytest.raises(AlignmentError, match=r"(?s)1 wards that are not in the table.*only: 'X'"):
        read(name, text)


@pytest.mark.parametrize("name", ["row.gal", "row.gwt"])
def test_a_file_about_another_number_of_wards_is_refused(read, name):
    with pytest.raises(AlignmentError, match=r"(?s)in the file: 3; in the table: 4"):
        read(name, ROW[name], "ABCD")


def test_a_gal_file_must_have_every_ward(read):
    with pytest.raises(AlignmentError, match=r"(?s)leaves out 1 wards.*'C'"):
        read("short.gal", "3\nA 1\nB\nB 1\nA\n")


@pytest.mark.parametrize("name", ["row.gwt", "row.csv"])
def test_a_ward_that_no_line_names_is_an_island_and_named(read, name):
    with pytest.warns(IslandWarning, match=r"(?s)1 of 4 wards.*D"):
        graph = read(name, ROW[name].replace("0 3", "0 4"), "ABCD")
    assert links(graph) == LINKS
    assert list(graph.unique_ids) == list("ABCD")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("row.gal", "3\nA 1\nB\nB 3\nA C\nC 1\nB\n"),
        ("row.gal", "3\nA 1\nB\nB many\nA C\n"),
        ("row.gal", "3\nA 1\nB\nB 2\nA C\nC 1\n"),
        ("row.gwt", "0 3 f id\nA B\n"),
    ],
    ids=["count", "word", "cut off", "columns"],
)
def test_a_line_that_does_not_fit_is_named(read, name, text):
    with pytest.raises(InputError, match=r"is not as a G.. file should be"):
        read(name, text)


@pytest.mark.parametrize("text", ["", "A 1\nB\n"])
def test_a_file_begins_with_the_number_of_wards_of_the_table(read, text):
    with pytest.raises((InputError, AlignmentError), match="number of wards"):
        read("row.gal", text)


def test_a_link_without_a_link_back_warns_and_is_kept(read):
    with pytest.warns(OneWayWarning, match=r"(?s)1 of 3 links.*'B to C'"), pytest.warns(IslandWarning):
        graph = read("row.csv", "focal,neighbour\nA,B\nB,A\nB,C\n")
    assert links(graph) == LINKS[:3]


def test_a_link_that_stands_twice_is_refused(read):
    with pytest.raises(InputError, match=r"(?s)1 links.*stand twice.*A to B"):
        read("row.csv", ROW["row.csv"] + "A,B\n")


def test_other_columns_and_endings(read):
    with pytest.raises(InputError, match=r"(?s)other columns.*'from', 'to'"):
        read("row.csv", "from,to\nA,B\n")
    with pytest.raises(InputError, match=r"(?s)\.gal, \.gwt or \.csv.*row\.shp"):
        read("row.shp", "")


@pytest.mark.parametrize("weight", ["-1", "near", "", "inf"])
def test_a_weight_is_a_number_from_0_up(read, weight):
    with pytest.raises(InputError, match=r"1 weights .* are not numbers from 0 up"):
        read("row.csv", f"focal,neighbour,weight\nA,B,1\nB,A,{weight}\n")


def test_a_ward_with_uneven_weights_is_named(read):
    with pytest.raises(InputError, match=r"(?s)1 wards .* different weight.*'B'"):
        read("row.csv", "focal,neighbour,weight\nA,B,1\nB,A,0.9\nB,C,0.1\nC,B,1\n")


def test_the_wards_need_their_index_and_each_code_once(tmp_path):
    with pytest.raises(MissingColumnError, match="ward_code"):
        read_neighbours(wards().reset_index(), tmp_path / "row.csv")
    with pytest.raises(DuplicateWardError, match="'B'"):
        read_neighbours(wards("ABB"), tmp_path / "row.csv")


# --- outputs


@pytest.mark.parametrize("name", ROW)
def test_every_format_says_the_same(read, name):
    graph = read(name, ROW[name])
    assert links(graph) == LINKS
    assert (graph.adjacency == 1).all()
    assert rule_of(graph) == name


def test_a_ward_without_neighbours_in_gal_with_or_without_its_empty_line(read):
    for end in ("D 0\n\n", "D 0\n"):
        with pytest.warns(IslandWarning, match="1 of 4"):
            graph = read("row.gal", ROW["row.gal"].replace("0 3", "0 4") + end, "ABCD")
        assert list(graph.isolates) == ["D"]


def test_weights_that_are_alike_are_1_and_0_is_no_link(read):
    text = "\ufefffocal,Neighbor,weight\nA,A,0.5\nA,B,1\nB,A,0.5\nB,C,0.5\nC,B,1\nA,C,0\n"
    assert links(read("row.csv", text)) == LINKS


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1])))
@pytest.mark.filterwarnings("ignore::wardmap.errors.IslandWarning")
def test_what_a_graph_writes_is_read_back(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("graph") / "graph.csv"
    both = pd.DataFrame(sorted(pairs | {pair[::-1] for pair in pairs}), columns=["one", "two"], dtype=int)
    table = wards("ABCDEF")
    graph = graph_of(table, both["one"].to_numpy(), both["two"].to_numpy(), rule="drawn")
    graph.adjacency.to_csv(path)
    pd.testing.assert_series_equal(read_neighbours(table, path).adjacency, graph.adjacency)


# --- alignment


def test_nodes_go_in_the_order_of_the_wards_and_not_of_the_file(read):
    graph = read("row.csv", ROW["row.csv"], "CAB")
    assert list(graph.unique_ids) == ["C", "A", "B"]
    assert links(graph) == [("C", "B"), ("A", "B"), ("B", "C"), ("B", "A")]
