"""grow_area: the fewest contiguous wards that hold a share."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError


@pytest.fixture
def table(wards):
    """Forty and thirty of a hundred incidents in wards that do not touch."""
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    return pd.DataFrame({"incidents": [40, 5, 30, 20, 5], "population": 1000.0}, index=index)


@pytest.fixture
def graph(wards):
    return wm.neighbours(wards)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0, 1.01, -1, float("nan")])
def test_a_share_that_is_none(table, wards, graph, share):
    with pytest.raises(InputError, match="share above 0 and at most 1"):
        wm.priority.grow_area(table, wards, graph, share=share)


def test_what_cannot_be_grown_is_refused(table, wards, graph):
    with pytest.raises(InputError, match=r"(?s)wards that are not there.*E05000009"):
        wm.priority.grow_area(table, wards, graph, ward_codes=["E05000009"])
    with pytest.raises(InputError, match="nothing to hold a share of"):
        wm.priority.grow_area(table.assign(incidents=0), wards, graph)
    with pytest.raises(MissingColumnError, match="harm"):
        wm.priority.grow_area(table, wards, graph, column="harm")
    with pytest.raises(AlignmentError, match="E05000005"):
        wm.priority.grow_area(table, wards, wm.neighbours(wards.iloc[:4]))


def test_a_district_in_two_parts_may_have_no_such_area(table, wards):
    apart = wards.drop("E05000003")
    rest = table.drop("E05000003", level="ward_code")
    graph = wm.neighbours(apart)
    with pytest.raises(InputError, match=r"(?s)touch each other.*falls into 2 parts"):
        wm.priority.grow_area(rest, apart, graph, share=0.9)


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand(table, wards, graph):
    """Quay and Moor hold 70 % and do not touch; with Hill between them they hold 75 %."""
    area = wm.priority.grow_area(table, wards, graph, share=0.6, name="Docks")
    schema.check(area, schema.AREAS)
    row = area.loc["Docks"]
    assert row["ward_names"] == ["Quay", "Hill", "Moor"]
    assert (row["contiguous"], row["gap"], row["share_incidents"]) == (True, 0, 0.75)
    assert row["area_method"].endswith("60% of incidents, 3 wards, proved to be the fewest.")


def test_a_ward_that_must_be_in_it(table, wards, graph):
    area = wm.priority.grow_area(table, wards, graph, share=0.3, ward_codes=["e05000005"])
    assert area["ward_codes"].item() == ["E05000003", "E05000004", "E05000005"]


def test_a_search_that_is_cut_short_says_so(table, wards, graph):
    area = wm.priority.grow_area(table, wards, graph, share=0.6, effort=0)
    assert area["contiguous"].item()
    assert area["gap"].item() == 1  # two wards would hold 60 %, if they touched
    assert "2 might do: the search was cut short" in area["area_method"].item()


def test_harm_can_be_held_instead(table, wards, graph):
    harm = table.assign(harm=[0.0, 0, 0, 1, 9])
    area = wm.priority.grow_area(harm, wards, graph, column="harm", share=0.5)
    assert (area["ward_names"].item(), area["share_harm"].item()) == (["Abbey"], 0.9)


def test_row_order_does_not_matter(table, wards, graph):
    area = wm.priority.grow_area(table, wards, graph, share=0.6)
    other = wm.priority.grow_area(
        table.iloc[::-1], wards.iloc[::-1], wm.neighbours(wards.iloc[::-1]), share=0.6
    )
    assert other["ward_codes"].item() == area["ward_codes"].item()
