"""read_population: denominators with what they count and when."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import IncompleteWarning, InputError, MissingColumnError


@pytest.fixture
def rows():
    """Two wards with people counted in one year."""
    return pd.DataFrame({"ward_code": ["E05000002", "E05000001"], "pop_mid2017": ["1,200", "800"]})


def test_codes_people_and_their_year_are_found(tmp_path, rows):
    rows.to_csv(tmp_path / "people.csv", index=False)
    people = wm.read_population(tmp_path / "people.csv")
    schema.check(people, schema.POPULATION)
    assert people["population"].to_dict() == {"E05000001": 800, "E05000002": 1200}
    assert people["population_method"].unique().tolist() == [
        "Residents, mid-2017: column 'pop_mid2017' of people.csv."
    ]


def test_several_years_must_be_chosen_from(rows):
    both = rows.assign(pop_mid2019=1, pop_density_per_ha_mid2017=2.5)
    with pytest.raises(InputError, match=r"(?s)'pop_mid2017', 'pop_mid2019'\n.*column=.pop_mid2019"):
        wm.read_population(both)
    assert wm.read_population(both, column="pop_mid2017")["population"].sum() == 2000


@pytest.mark.parametrize("bad", ["many", "-5", "inf"])
def test_what_is_not_a_number_of_people_is_named_with_its_ward(rows, bad):
    with pytest.raises(InputError, match=rf"(?s)1 value.*'{bad}'.*E05000002"):
        wm.read_population(rows.assign(pop_mid2017=[bad, "800"]))


def test_blank_is_not_known_rather_than_zero(rows):
    people = wm.read_population(rows.assign(pop_mid2017=[None, "800"]))
    assert people["population"].isna().to_dict() == {"E05000001": False, "E05000002": True}


def test_missing_columns_are_named(rows):
    with pytest.raises(MissingColumnError, match="population"):
        wm.read_population(rows.rename(columns={"pop_mid2017": "n"}))
    with pytest.raises(MissingColumnError, match="ward code"):
        wm.read_population(rows.rename(columns={"ward_code": "place"}))
    with pytest.raises(InputError, match="1 row of a table without a code"):
        wm.read_population(rows.assign(ward_code=["E05000001", None]))


def test_a_date_can_be_given(rows):
    people = wm.read_population(rows.rename(columns={"pop_mid2017": "population"}), vintage="Census 2021")
    assert "Census 2021" in people["population_method"].iloc[0]
    undated = wm.read_population(rows.rename(columns={"pop_mid2017": "population"}))
    assert "date not known" in undated["population_method"].iloc[0]


# Small areas and other denominators -----------------------------------------------------------------


@pytest.fixture
def areas():
    """Four small areas with people, and the wards that they fit best."""
    codes = ["E01000001", "E01000002", "E01000003", "E01000004"]
    people = pd.DataFrame({"lsoa11_code": codes, "pop_mid2017": [100, 200, 300, 400]})
    lookup = pd.DataFrame({"LSOA11CD": codes, "WD17CD": ["E05000001", "E05000001", "E05000002", "E05000002"]})
    return people, lookup


def test_people_by_small_area_are_summed_by_best_fit(areas):
    people, lookup = areas
    found = wm.read_population(people, lookup=lookup)
    schema.check(found, schema.POPULATION)
    assert found["population"].to_dict() == {"E05000001": 300, "E05000002": 700}
    assert found["population_year"].unique().tolist() == [2017]
    method = found["population_method"].iloc[0]
    assert "summed from 4 small areas by the best fit of a table" in method
    assert "holds 100.0% of the people" in method


def test_coverage_of_the_lookup_is_reported(areas):
    people, lookup = areas
    found = wm.read_population(people, lookup=lookup[2:])
    assert found.index.tolist() == ["E05000002"]
    assert "holds 70.0% of the people on file; 2 areas are not in it" in found["population_method"].iloc[0]


def test_a_ward_with_an_area_of_unknown_people_is_not_known(areas):
    people, lookup = areas
    with pytest.warns(IncompleteWarning, match=r"1 small area(.|\n)*'E01000004'(.|\n)*'E05000002'"):
        found = wm.read_population(people[:3], lookup=lookup)
    assert found["population"].isna().to_dict() == {"E05000001": False, "E05000002": True}


def test_a_small_area_in_two_wards_is_an_error(areas):
    people, lookup = areas
    twice = pd.concat([lookup, lookup[:1].assign(WD17CD="E05000002")])
    with pytest.raises(InputError, match=r"In more than one ward: 1 small area of a table(.|\n)*best-fit"):
        wm.read_population(people, lookup=twice)


@pytest.mark.parametrize(
    ("what", "column"),
    [
        ("workday population", "workday_pop_2021"),
        ("households", "households_2021"),
        ("road km", "road_km_2021"),
    ],
)
def test_other_denominators_say_what_they_are(what, column):
    rows = pd.DataFrame({"ward_code": ["E05000001"], "population": [900], column: [12.5]})
    found = wm.read_population(rows, what=what)
    assert found["population"].tolist() == [12.5]
    assert found["population_year"].tolist() == [2021]
    assert found["population_method"].iloc[0].startswith(f"{what.capitalize()}, 2021")


def test_an_unknown_denominator_is_refused(rows):
    with pytest.raises(InputError, match="There is no denominator 'pubs'"):
        wm.read_population(rows, what="pubs")


@pytest.mark.real_data
def test_real_small_areas_add_up_to_the_published_wards(shared_data):
    folder = shared_data / "population"
    by_area = wm.read_population(
        folder / "ew_lsoa11_population_mid2017_2019_2020.csv",
        column="pop_mid2017",
        lookup=folder / "ew_lsoa11_to_ward17_bestfit_lookup.csv",
    )
    published = wm.read_population(
        folder / "ew_ward17_population_bestfit_from_lsoa.csv", column="pop_mid2017"
    )
    pd.testing.assert_series_equal(by_area["population"], published["population"])
    facts = wm.read_population(folder / "east_staffordshire_ward_facts.csv", column="pop_mid2017")
    assert by_area["population"].reindex(facts.index).equals(facts["population"])
