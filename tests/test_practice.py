"""The whole way on the practice district, held against what was planted and against the plan's pages."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import demo

THREE = ["E05006918", "E05006922", "E05006930"]  # Anglesey, Burton, Shobnall


@pytest.fixture(scope="module")
def district():
    """The practice district with every column that exists, by financial year."""
    wards = wm.read_wards(demo.wards_file())
    incidents = wm.assign_wards(wm.read_incidents(demo.extract()), wards)
    table = wm.count_incidents(incidents, wards, by_period="financial year", themes=demo.THEMES)
    table = wm.compare(wm.add_rates(table, wm.read_population(demo.population_file())))
    return wards, wm.flag_wards(wm.gi_star(table, wm.neighbours(wards)))


@pytest.mark.parametrize("year", demo.YEARS)
def test_the_flags_find_the_planted_wards_in_every_year(district, year):
    found = district[1].loc[("all crime", year)]
    assert found.index[found["priority"] == "priority"].tolist() == THREE


def test_together_they_run_at_almost_double_the_boroughs_rate(district):
    """The plan: "almost double that of East Staffordshire overall"; against the rest, 2.5 times."""
    wards, table = district
    area = wm.place_area(wards, name="Three wards", ward_codes=THREE, table=table, period="2016/17").iloc[0]
    assert area["share_population"] == pytest.approx(0.17, abs=0.005)
    assert area["ratio_district"] == pytest.approx(2.0, abs=0.1)
    assert area["ratio_rest"] == pytest.approx(2.5, abs=0.1)


WATCHED = ["E05006925", "E05006927", "E05006931", "E05006936"]  # Eton Park, Horninglow, Stapenhill, Winshill


@pytest.fixture(scope="module")
def editions(district):
    """The edition of 2018, on 2016/17, and that of 2019, on 2017/18, each as it was signed; with the scan."""
    wards, table = district
    crime = table.loc[table.index.get_level_values("theme") == "all crime"]
    scanned = wm.scan(crime, wards, replicates=999)
    years = scanned.index.get_level_values("period")
    return [wm.flag_wards(scanned.loc[years == year]) for year in ("2016/17", "2017/18")]


def test_the_plans_seven_wards_are_what_the_rule_flags(editions):
    """Three priority wards; four that are watched, because a scan finds them in the same cluster."""
    found = editions[0].droplevel(["theme", "period"])["priority"]
    assert found.index[found == "priority"].tolist() == THREE
    assert found.index[found == "watch"].tolist() == WATCHED
    assert sorted(THREE + WATCHED) == sorted(demo.PLACE_BASED_AREA)


def test_the_edition_of_2019_signs_what_that_of_2018_signed(editions):
    changed = wm.priority.compare_editions(*editions)
    assert changed.index[changed["change"] == "still priority"].tolist() == THREE
    assert not changed["change"].isin(["new priority", "no longer priority"]).any()
    scored = wm.priority.evaluate_flags(pd.concat(editions)).iloc[0]
    assert scored["pai"] > 1.8
    assert scored["verdict"] == "cannot tell"  # the planted risks do not change from year to year


def test_the_baseline_of_the_seven_wards(district):
    pack = wm.priority.area_baseline(
        district[1], name="Place-based area", ward_codes=demo.PLACE_BASED_AREA, period="2016/17"
    )
    seven = pack.xs("Place-based area", level="place")
    assert seven["share_population"].iloc[0] == pytest.approx(0.45, abs=0.01)
    assert 2 < seven.loc["all crime", "ratio_rest"] < 4
    assert pack.index.get_level_values("theme").nunique() == len(demo.THEMES)


def test_every_ward_has_a_reason_in_every_theme(district):
    table = district[1]
    names = table["ward_name"].astype(str)
    assert all(reason.startswith(f"{name} is ") for reason, name in zip(table["reason"], names, strict=True))


def test_the_seven_wards_of_the_plan_hang_together(district):
    area = wm.place_area(district[0], name="Place-based area", ward_codes=demo.PLACE_BASED_AREA)
    assert area["contiguous"].item()
    assert area.geometry.item().geom_type == "Polygon"
