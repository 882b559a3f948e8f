import pandas as pd
import pytest

import wardmap as wm
from wardmap import demo, schema
from wardmap.errors import InputError
from wardmap.hotspots.power import detectable


@pytest.fixture(scope="module")
def district():
    wards = wm.read_wards(demo.wards_file())
    people = wm.read_population(demo.population_file())["population"]
    index = pd.MultiIndex.from_product([["Robbery"], ["2017"], wards.index], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": 0, "population": people.reindex(wards.index).to_numpy()}, index=index)
    return wards, wm.neighbours(wards), table


def with_incidents(table, total):
    table = table.copy()
    table.iloc[0, 0] = total
    return table


@pytest.mark.parametrize("option", [{"power": 1.0}, {"maps": 5}, {"seed": -1}])
def test_options_are_checked(district, option):
    wards, graph, table = district
    with pytest.raises(InputError):
        detectable(with_incidents(table, 60), wards, graph, **option)


@pytest.mark.slow
def test_many_incidents_show_what_few_cannot(district):
    wards, graph, table = district
    few, many = (detectable(with_incidents(table, total), wards, graph, maps=40) for total in (40, 4_000))
    schema.check(many, schema.POWER)
    assert many["power_scan"].item() == 1.25
    for method in ("power_gi", "power_scan"):
        assert not few[method].item() <= 1.5


def test_no_incidents_find_nothing(district):
    wards, graph, table = district
    result = detectable(table, wards, graph, maps=20)
    assert result[["power_gi", "power_scan"]].isna().all(axis=None)
    assert result["power_incidents"].item() == 0


def test_where_the_incidents_are_does_not_matter_and_the_sentence_says_how(district):
    wards, graph, table = district
    here, there = with_incidents(table, 3_000), with_incidents(table.iloc[::-1], 3_000)
    result = detectable(here, wards, graph, maps=20)
    pd.testing.assert_frame_equal(result, detectable(there, wards, graph, maps=20))
    assert "80 % probability on 20 random maps" in result["power_method"].iloc[0]
