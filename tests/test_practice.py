"""The whole way on the practice district, held against what was planted and against the plan's pages."""

import pytest

import wardmap as wm
from wardmap import demo

THREE = ["E05006918", "E05006922", "E05006930"]  # Anglesey, Burton, Shobnall


@pytest.fixture(scope="module")
def district():
    """The practice district with every column that exists, by financial year."""
    wards = wm.read_wards(demo.wards_file())
    incidents = wm.assign_wards(wm.read_incidents(demo.extract()), wards)
    table = wm.count_incidents(incidents, wards, period="financial year", themes=demo.THEMES)
    table = wm.compare(wm.add_rates(table, wm.read_population(demo.population_file())))
    return wards, wm.flag_wards(wm.gi_star(table, wm.neighbours(wards)))


@pytest.mark.parametrize("year", demo.YEARS)
def test_the_flags_find_the_planted_wards_in_every_year(district, year):
    found = district[1].loc[("all crime", year)]
    assert found.index[found["priority"] == "priority"].tolist() == THREE


def test_together_they_run_at_almost_double_the_boroughs_rate(district):
    """The plan: "almost double that of East Staffordshire overall"; against the rest, 2.5 times."""
    wards, table = district
    area = wm.place_area(wards, "Three wards", THREE, table=table, period="2016/17").iloc[0]
    assert area["share_population"] == pytest.approx(0.17, abs=0.005)
    assert area["ratio_district"] == pytest.approx(2.0, abs=0.1)
    assert area["ratio_rest"] == pytest.approx(2.5, abs=0.1)


def test_every_ward_has_a_reason_in_every_theme(district):
    table = district[1]
    names = table["ward_name"].astype(str)
    assert all(reason.startswith(f"{name}: ") for reason, name in zip(table["reason"], names, strict=True))


def test_the_seven_wards_of_the_plan_hang_together(district):
    area = wm.place_area(district[0], "Place-based area", demo.PLACE_BASED_AREA)
    assert area["contiguous"].item()
    assert area.geometry.item().geom_type == "Polygon"
