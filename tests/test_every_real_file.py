"""Every file of the public data beside the repository is read with at most one argument, and adds up.

A lookup counts as the table that it is. `test_no_file_is_left_out` fails when a file is added that
nothing here reads.
"""

import csv
import gzip
import io
import warnings
from fnmatch import fnmatch

import pandas as pd
import pyogrio
import pytest

import wardmap as wm
from wardmap import schema

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.filterwarnings(
        "ignore::wardmap.errors.IncompleteWarning",
        "ignore::wardmap.errors.MisfitWarning",
        "ignore::wardmap.errors.NotWardsWarning",
        "ignore::wardmap.errors.RepairWarning",
    ),
]

INCIDENTS = {
    "road/gb_ac_sample1000_2005-2014_dft_columns.csv": {},  # severities as labels
    "road/car_crashes_2018_isle_of_wight.gpkg": {},  # a system without a number
    "elsewhere/vancouver/vancouver_thefts.csv.gz": {"crs": "EPSG:32610"},  # metres that do not say which
    "elsewhere/chicago/chicago_aggravated_assaults.csv.gz": {},
}
WARDS = {
    "boundaries/east_staffordshire_wards_2013.geojson": ({}, 21),
    "boundaries/staffordshire_wards_2013.gpkg": ({}, 211),
    "boundaries/england_wards_2013.gpkg": ({}, 7_681),
    "elsewhere/vancouver/vancouver_neighbourhoods.geojson": ({}, 22),
    "elsewhere/chicago/Chicago77.shp": ({"crs": "EPSG:3435"}, 77),  # no .prj
    "elsewhere/chicago/chicago_police_districts.kml": ({"code": "Name"}, 23),
    "reference/nc_sids/ncsids.gpkg": ({"code": "FIPS"}, 100),
    "boundaries/2025/wards_2025_east_staffs.geojson": ({}, 16),
    "boundaries/2025/lsoa_2021_east_staffs.geojson": (
        {"code": "LSOA21CD"},
        72,
    ),  # small areas, and said to be
    "context/bristol/bristol_msoa2011_zones.geojson": ({"code": "geo_code"}, 46),
}
PEOPLE = {
    "population/east_staffordshire_ward_facts.csv": 117_552,
    "population/ew_ward17_population_bestfit_from_lsoa.csv": 58_744_595,
}
SMALL_AREAS = "population/ew_lsoa11_population_mid2017_2019_2020.csv"
LOOKUPS = {
    "population/ew_lsoa11_to_ward17_bestfit_lookup.csv": {},
    "population/east_staffs_lsoa11_to_ward.csv": {"code": "ward17_official_bestfit"},
}
CENSUS = "households/census2021_ts001_residents_lsoa21_east_staffs.csv"
CENSUS_LOOKUP = "boundaries/2025/lookup_lsoa21_ward24_ltla24_staffordshire.csv"
NOT_YET = {  # what no verb reads, and why
    "boundaries/2025/lookup_lsoa11_lsoa21_staffordshire.csv": "changes of small areas, by other column names",
    "boundaries/2025/ward_all_codes_east_staffs.csv": "a history of codes",
    "context/bristol/bristol_os*.geojson": "roads and railways: lines",
    "context/bristol/bristol_rail_stations.geojson": "places that are no incidents",
    "deprivation/*.csv": "ranks and scores of deprivation: no verb reads indices yet",
    "harm/*.csv": "harm weights: weigh_harm takes a Series by type",
    "households/households_tenure_*.csv": "a row for each tenure: read_population wants one for each area",
    "households/workday_density_*.csv": "a density, of which no number of people can be made",
    "postcodes/*.csv": "points of postcodes, which are no incidents",
    "reference/knox/*.csv": "points and days without a header, for a test of near repeats",
    "recorded_crime/*.csv": "recorded crime by force or district: no verb reads it yet",
}
RESULTS = {  # held against in the tests of what they are results of, and read there
    "police/expected_east_staffordshire_counts.csv",
    *(f"reference/{name}" for name in (
        "afcon/afcon_local.csv", "afcon/afcon_weights_binary.csv", "auckland/auckland_EB.csv",
        "auckland/auckland_weights_queen_binary.csv", "columbus/columbus_oldcol_local.csv",
        "columbus/columbus_oldcol_weights_binary.csv", "getis_ord/getisord_localG.csv",
        "nc_sids/ncsids_local.csv", "nc_sids/ncsids_weights_CC89_binary.csv", "new_york_leukaemia/nydf.csv",
        "new_york_leukaemia/satscan_ny_cases.txt", "new_york_leukaemia/satscan_ny_coords.txt",
        "new_york_leukaemia/satscan_ny_pop.txt",
    )),
}  # fmt: skip


def rows_in(path):
    """Count the rows of a file without wardmap."""
    if path.suffix == ".gpkg":
        return pyogrio.read_info(path)["features"]
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1


def test_no_file_is_left_out(shared_data):
    files = {path.relative_to(shared_data).as_posix() for path in shared_data.rglob("*") if path.is_file()}
    street = {name for name in files if name.endswith("-street.csv")}
    beside = {name for name in files if name.endswith((".dbf", ".shx", ".prj")) or name == "README.md"}
    known = {*INCIDENTS, *WARDS, *PEOPLE, SMALL_AREAS, *LOOKUPS, *RESULTS}
    known |= {CENSUS, CENSUS_LOOKUP}
    not_yet = {file for file in files for pattern in NOT_YET if fnmatch(file, pattern)}
    assert all(any(fnmatch(file, pattern) for file in files) for pattern in NOT_YET)
    assert not not_yet & known
    assert files - street - beside - not_yet == known
    assert len(street) == 12


def test_people_of_the_census_are_summed_to_the_wards_of_2024(shared_data):
    """Published: 124,020 residents on census day in East Staffordshire."""
    with pytest.warns(wm.errors.IncompleteWarning, match="Without people"):
        people = wm.read_population(
            shared_data / CENSUS,
            column="Residence type: Total; measures: Value",
            area="geography code",
            lookup=shared_data / CENSUS_LOOKUP,
        )
    assert people["population"].sum() == 124_020
    assert people["population"].notna().sum() == 16


def test_a_density_is_not_taken_for_a_number_of_people(shared_data):
    file = shared_data / "households" / "workday_density_census2021_lsoa21_east_staffs.csv"
    with pytest.raises(wm.errors.MissingColumnError, match="workday_population_density_per_sqkm"):
        wm.read_population(file, what="workday population", code="lsoa21_code")


@pytest.mark.parametrize("file", INCIDENTS)
def test_incidents(shared_data, file):
    read = wm.read_incidents(shared_data / file, **INCIDENTS[file])
    schema.check(read, schema.INCIDENTS)
    found = wm.read.describe_incidents(read)
    assert found.loc["total", "read"] == len(read) == rows_in(shared_data / file)
    assert found.loc["total", "located"] == len(read)
    assert read["date"].notna().all()


def test_street_files_month_by_month_and_as_one_folder(shared_data):
    files = sorted((shared_data / "police").glob("*/*-street.csv"))
    read = wm.read_incidents(files)
    found = wm.read.describe_incidents(read)
    parts = found[["located", "no_location", "invalid"]].sum(axis=1)
    assert parts.equals(found["read"].rename(None))
    by_file = read["source"].value_counts().to_dict()
    assert by_file == {path.name: rows_in(path) for path in files}
    assert found.loc["total", "read"] == sum(by_file.values())
    months = read.groupby("source", observed=True)["date"].unique()
    assert {name: [f"{date:%Y-%m}" for date in dates] for name, dates in months.items()} == {
        path.name: [path.name[:7]] for path in files
    }


@pytest.mark.parametrize("file", WARDS)
def test_wards(shared_data, file):
    options, number = WARDS[file]
    assert len(options) <= 1
    wards = wm.read_wards(shared_data / file, **options)
    schema.check(wards, schema.WARDS)
    assert len(wards) == number
    assert wards.is_valid.all()
    assert wards["ward_name"].str.len().gt(0).all()


@pytest.mark.parametrize("file", PEOPLE)
def test_people(shared_data, file):
    people = wm.read_population(shared_data / file, column="pop_mid2017")
    schema.check(people, schema.POPULATION)
    assert people["population"].sum() == PEOPLE[file]
    assert len(people) == rows_in(shared_data / file)
    assert people["population_year"].unique().tolist() == [2017]


@pytest.mark.parametrize("file", LOOKUPS)
def test_lookups_give_the_wards_of_east_staffordshire_their_published_people(shared_data, file):
    folder = shared_data / "population"
    published = wm.read_population(folder / "east_staffordshire_ward_facts.csv", column="pop_mid2017")
    found = wm.read_population(
        shared_data / SMALL_AREAS, column="pop_mid2017", lookup=shared_data / file, **LOOKUPS[file]
    )
    pd.testing.assert_series_equal(found["population"].reindex(published.index), published["population"])


@pytest.mark.parametrize(
    ("incidents", "wards", "least"),
    [
        ("vancouver/vancouver_thefts.csv.gz", "vancouver/vancouver_neighbourhoods.geojson", 21_800),
        ("chicago/chicago_aggravated_assaults.csv.gz", "chicago/Chicago77.shp", 148_500),
        ("chicago/chicago_aggravated_assaults.csv.gz", "chicago/chicago_police_districts.kml", 148_500),
    ],
)
def test_incidents_of_other_places_are_in_their_wards_and_the_ledger_balances(
    shared_data, incidents, wards, least
):
    incidents, wards = f"elsewhere/{incidents}", f"elsewhere/{wards}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", wm.errors.WardmapWarning)
        found = wm.assign_wards(
            wm.read_incidents(shared_data / incidents, **INCIDENTS[incidents]),
            wm.read_wards(shared_data / wards, **WARDS[wards][0]),
        )
    book = wm.ledger(found)
    assert (book[list(schema.MATCHES)].sum(axis=1) == book["read"]).all()
    total = book.loc["total"]
    assert total["read"] == rows_in(shared_data / incidents)
    assert total["within"] + total["edge"] >= least
