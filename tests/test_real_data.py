"""Real police files against real wards, where the public data lies beside the repository."""

import geopandas as gpd
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.cli import app
from wardmap.themes import ROAD_COLLISIONS

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.filterwarnings("ignore::wardmap.errors.UnmatchedIncidentsWarning"),
    pytest.mark.filterwarnings("ignore::wardmap.errors.IncompleteWarning"),
    pytest.mark.filterwarnings("ignore::wardmap.errors.MisfitWarning"),
]


@pytest.fixture(scope="module")
def assigned(shared_data):
    """Four months of Staffordshire's street files in the 21 wards of East Staffordshire."""
    wards = wm.read_wards(shared_data / "boundaries" / "east_staffordshire_wards_2013.geojson")
    with pytest.warns(wm.errors.UnmatchedIncidentsWarning, match="Outside every ward"):
        incidents = wm.assign_wards(
            wm.read_incidents(str(shared_data / "police" / "*" / "*-staffordshire-street.csv")), wards
        )
    return wards, incidents


def test_counts_equal_those_made_independently(shared_data, assigned):
    wards, incidents = assigned
    types = {"everything": sorted(incidents["theme"].astype(str).unique())}
    table = wm.count_incidents(incidents, wards, by_period="month", themes=types)
    expected = pd.read_csv(shared_data / "police" / "expected_east_staffordshire_counts.csv")
    expected = expected.set_index(["ward_code", "ward_name"]).astype("int64")
    got = table.reset_index().pivot_table(
        index=["ward_code", "ward_name"], columns="period", values="incidents", aggfunc="sum"
    )
    pd.testing.assert_frame_equal(got, expected, check_names=False)


def test_the_ledger_balances_by_crime_type(assigned):
    incidents = assigned[1]
    book = wm.ledger(incidents)
    schema.check(book, schema.LEDGER)
    assert (book[list(schema.MATCHES)].sum(axis=1) == book["read"]).all()
    assert book.loc["total", "read"] == len(incidents) == 39_120
    # no anti-social behaviour is without a place, and half of shoplifting is (hazards of these files)
    assert book.loc["Anti-social behaviour", "no_location"] == 0
    assert book.loc["Shoplifting", "no_location"] / book.loc["Shoplifting", "read"] == pytest.approx(
        0.47, abs=0.02
    )


@pytest.mark.slow
def test_every_row_lies_where_geopandas_says(shared_data):
    """All police files in the 7,681 wards of England, row by row, against `sjoin` with the tie rule."""
    with pytest.warns(wm.errors.RepairWarning):
        wards = wm.read_wards(shared_data / "boundaries" / "england_wards_2013.gpkg")
    incidents = wm.read_incidents(str(shared_data / "police" / "*" / "*.csv"))
    found = wm.assign_wards(incidents, wards)
    located = incidents[incidents.location.eq("located") & ~incidents.duplicate]
    joined = gpd.sjoin(located, wards, predicate="intersects", how="inner")["ward_code"]
    lowest = joined.groupby(level=0).min().reindex(incidents.index)
    pd.testing.assert_series_equal(
        found["ward_code"].astype(object), lowest.astype(object), check_names=False
    )
    several = joined.groupby(level=0).size().reindex(incidents.index, fill_value=0) > 1
    assert (found["match"].eq("edge") == several).all()


def test_anti_social_behaviour_without_identifiers_is_not_called_duplicate(assigned):
    incidents = assigned[1]
    asb = incidents[incidents["theme"] == "Anti-social behaviour"]
    assert asb["incident_id"].isna().all()
    assert not asb["duplicate"].any()


def test_the_wards_of_a_county_by_district(shared_data):
    county = wm.read_wards(shared_data / "boundaries" / "staffordshire_wards_2013.gpkg")
    borough = wm.read_wards(
        shared_data / "boundaries" / "staffordshire_wards_2013.gpkg", district="E07000193"
    )
    assert (len(county), len(borough)) == (211, 21)
    assert wm.neighbours(borough).n_edges == 80


def test_the_map_command_writes_a_map(shared_data, tmp_path):
    app(
        [
            "map",
            "--incidents", str(shared_data / "police" / "*" / "*-staffordshire-street.csv"),
            "--wards", str(shared_data / "boundaries" / "staffordshire_wards_2013.gpkg"),
            "--population", str(shared_data / "population" / "east_staffordshire_ward_facts.csv"),
            "--population-column", "pop_mid2017",
            "--district", "E07000193",
            "--out", str(tmp_path / "out"),
        ],
        standalone_mode=False,
    )  # fmt: skip
    assert (tmp_path / "out" / "map.html").stat().st_size < 500_000
    rows = pd.read_csv(tmp_path / "out" / "wards.csv")
    assert rows["ward_code"].nunique() == 21


def test_real_collisions_by_label_add_up_and_both_positions_agree(shared_data):
    file = shared_data / "road" / "gb_ac_sample1000_2005-2014_dft_columns.csv"
    read = wm.read_incidents(file)
    assert read["theme"].value_counts().reindex(ROAD_COLLISIONS).tolist() == [9, 146, 845, 0]
    by_degrees = wm.read_incidents(file, crs="EPSG:4326").to_crs("EPSG:27700")
    assert read.distance(by_degrees).mean() < 5
