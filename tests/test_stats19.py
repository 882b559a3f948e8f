"""STATS19: three generations of columns, codes and labels, collisions and casualties."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, LeftOutWarning, MissingColumnError
from wardmap.themes import ROAD_CASUALTIES, ROAD_COLLISIONS


@pytest.fixture
def old():
    """Return five collisions as published until 2020, in codes."""
    return pd.DataFrame(
        {
            "Accident_Index": ["201601", "201602", "201603", "201604", "201605"],
            "Location_Easting_OSGR": ["424500", "424600", "424700", "NULL", "424800"],
            "Location_Northing_OSGR": ["323100", "323200", "323300", "NULL", "323400"],
            "Longitude": ["-1.638", "-1.637", "-1.636", "NULL", "-1.635"],
            "Latitude": ["52.805", "52.806", "52.807", "NULL", "52.808"],
            "Accident_Severity": ["1", "2", "3", "3", "-1"],
            "Date": ["03/04/2016", "04/04/2016", "05/04/2016", "06/04/2016", "07/04/2016"],
            "LSOA_of_Accident_Location": ["E01029447", "", "-1", None, "E01029447"],
        }
    )


@pytest.fixture
def people():
    """Return three casualties of two of the collisions, as published from 2024."""
    return pd.DataFrame(
        {
            "collision_index": ["201601", "201601", "201602"],
            "vehicle_reference": [1, 1, 2],
            "casualty_reference": [1, 2, 1],
            "casualty_severity": [1, 3, 2],
            "casualty_adjusted_severity_serious": ["-1", "0.25", "0.875"],
            "casualty_adjusted_severity_slight": ["-1", "0.75", "0.125"],
        }
    )


def middle(old):
    return old.rename(columns=str.lower)


def newest(old):
    names = {"accident_index": "collision_index", "accident_severity": "collision_severity"}
    return (
        middle(old)
        .rename(columns=names)
        .assign(
            collision_adjusted_severity_serious=["-1", "0.9", "0.2", "0.1", "-1"],
            collision_adjusted_severity_slight=["-1", "0.1", "0.8", "0.9", "-1"],
        )
    )


# Inputs ---------------------------------------------------------------------------------------------


def test_casualties_need_their_collisions(people):
    with pytest.raises(InputError, match=r'holds casualties(.|\n)*collisions="..."'):
        wm.read_incidents(people)


def test_casualties_of_collisions_that_are_not_there_are_an_error(people, old):
    with pytest.raises(InputError, match=r"not given(.|\n)*1 row of(.|\n)*'201602'"):
        wm.read_incidents(people, collisions=old.drop(index=1))


def test_a_collision_that_comes_twice_is_an_error(people, old):
    with pytest.raises(InputError, match=r"has some of them twice(.|\n)*'201601'"):
        wm.read_incidents(people, collisions=pd.concat([old, old[:1]]))


def test_a_severity_that_is_none_is_named(old):
    with pytest.raises(InputError, match=r"neither codes(.|\n)*'4'"):
        wm.read_incidents(old.assign(Accident_Severity=["1", "2", "3", "3", "4"]))


def test_a_date_column_is_needed(old):
    with pytest.raises(MissingColumnError, match="no column for date"):
        wm.read_incidents(old.drop(columns="Date"))


def test_vehicles_are_left_out(tmp_path, old):
    old.to_csv(tmp_path / "collisions.csv", index=False)
    (tmp_path / "vehicles.csv").write_text("accident_index,vehicle_reference,vehicle_type\n201601,1,9\n")
    with pytest.warns(LeftOutWarning, match="holds vehicles"):
        assert len(wm.read_incidents(tmp_path)) == len(old)


# Outputs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", [lambda old: old, middle, newest], ids=["old", "middle", "newest"])
def test_every_generation_gives_the_same_incidents(old, generation):
    read = wm.read_incidents(generation(old))
    schema.check(read, schema.INCIDENTS)
    assert read["theme"].tolist() == [ROAD_COLLISIONS[i] for i in (0, 1, 2, 2, 3)]
    assert read["date"].dt.strftime("%Y-%m-%d").tolist()[0] == "2016-04-03"
    assert read["location"].tolist() == ["located", "located", "located", "no_location", "located"]
    assert (read.geometry[0].x, read.geometry[0].y, read.crs) == (424500, 323100, "EPSG:27700")
    assert read["lsoa_code"].tolist() == ["E01029447", None, None, None, "E01029447"]
    assert read["incident_id"].tolist() == old["Accident_Index"].tolist()


def test_labels_read_as_codes_do(old):
    labels = {"1": "Fatal", "2": "Serious", "3": "Slight", "-1": "Data missing or out of range"}
    by_label = wm.read_incidents(old.assign(Accident_Severity=old["Accident_Severity"].map(labels)))
    pd.testing.assert_frame_equal(by_label, wm.read_incidents(old))


def test_the_pair_in_the_system_of_the_wards_is_taken(old):
    assert wm.read_incidents(old, crs="EPSG:4326").geometry[0].x == -1.638


def test_adjusted_severities_stand_beside_the_recorded_ones(old):
    read = wm.read_incidents(newest(old))
    schema.check(read, schema.INCIDENTS)
    assert read["theme"].tolist() == [ROAD_COLLISIONS[i] for i in (0, 1, 2, 2, 3)]
    assert read["serious_adjusted"].tolist()[1:4] == [0.9, 0.2, 0.1]
    assert read["slight_adjusted"].tolist()[1:4] == [0.1, 0.8, 0.9]
    assert read["ksi_adjusted"].tolist()[:4] == [1.0, 0.9, 0.2, 0.1]
    assert read["serious_adjusted"].isna().tolist() == read["slight_adjusted"].isna().tolist()
    assert read["serious_adjusted"].isna().tolist() == [True, False, False, False, True]
    assert read["ksi_adjusted"].isna().tolist() == [False] * 4 + [True]
    assert read["read_method"].iloc[0].endswith("; adjusted severities as published.")


@pytest.mark.parametrize("generation", [lambda old: old, middle], ids=["old", "middle"])
def test_a_generation_without_adjusted_severities_has_none(old, generation):
    read = wm.read_incidents(generation(old))
    assert not {"serious_adjusted", "slight_adjusted", "ksi_adjusted"} & set(read.columns)


def test_years_with_and_without_adjusted_severities_stand_together(tmp_path, old):
    old.to_csv(tmp_path / "2016.csv", index=False)
    later = newest(old).assign(collision_index=["202401", "202402", "202403", "202404", "202405"])
    later.to_csv(tmp_path / "2024.csv", index=False)
    read = wm.read_incidents([tmp_path / "2016.csv", tmp_path / "2024.csv"])
    has_one = read.groupby("source", observed=True)["slight_adjusted"].count()
    assert has_one.to_dict() == {"2016.csv": 0, "2024.csv": 3}


@pytest.mark.parametrize("wrong", ["1.5", "-0.2", "likely"])
def test_an_adjusted_severity_that_is_no_chance_is_named(old, wrong):
    rows = newest(old).assign(collision_adjusted_severity_slight=["-1", "0.1", wrong, "0.9", "-1"])
    with pytest.raises(InputError, match=rf"1 value of slight adjusted(.|\n)*'{wrong}'"):
        wm.read_incidents(rows)


def test_casualties_are_people_where_their_collision_was(tmp_path, people, old):
    old.to_csv(tmp_path / "collisions.csv", index=False)
    people.to_csv(tmp_path / "people.csv", index=False)
    read = wm.read_incidents(tmp_path / "people.csv", collisions=tmp_path / "collisions.csv")
    schema.check(read, schema.INCIDENTS)
    assert read["theme"].tolist() == [ROAD_CASUALTIES[i] for i in (0, 2, 1)]
    assert [p.x for p in read.geometry] == [424500, 424500, 424600]
    assert read["incident_id"].is_unique
    assert read["ksi_adjusted"].tolist() == [1.0, 0.25, 0.875]
    assert read["serious_adjusted"].tolist()[1:] == [0.25, 0.875]
    assert read["slight_adjusted"].tolist()[1:] == [0.75, 0.125]
    by_degrees = wm.read_incidents(people, collisions=old, crs=4326)
    assert [p.x for p in by_degrees.geometry] == [-1.638, -1.638, -1.637]
