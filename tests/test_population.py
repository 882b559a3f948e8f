"""read_population: denominators with what they count and when."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import DuplicateWardError, InputError, MissingColumnError


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
    with pytest.raises(InputError, match=r'(?s)pop_mid2017, pop_mid2019\n.*column="pop_mid2019"'):
        wm.read_population(both)
    assert wm.read_population(both, column="pop_mid2017")["population"].sum() == 2000


def test_a_ward_twice_is_an_error(rows):
    with pytest.raises(DuplicateWardError, match="E05000001"):
        wm.read_population(pd.concat([rows, rows.iloc[1:]]))


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
    with pytest.raises(InputError, match="1 row of a table without a ward code"):
        wm.read_population(rows.assign(ward_code=["E05000001", None]))


def test_a_date_can_be_given(rows):
    people = wm.read_population(rows.rename(columns={"pop_mid2017": "population"}), vintage="Census 2021")
    assert "Census 2021" in people["population_method"].iloc[0]
    undated = wm.read_population(rows.rename(columns={"pop_mid2017": "population"}))
    assert "date not known" in undated["population_method"].iloc[0]
