"""The practice district: its totals are the plan's, its truth is as planted, its files are as made."""

import importlib.util
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from wardmap import demo, themes
from wardmap.provenance import sha256

BOUNDARIES = Path(__file__).parents[1] / "data" / "boundaries"
PRIORITY = ["E05006918", "E05006922", "E05006930"]

# East Staffordshire community safety plan 2018-21, figure 10: recorded crime in 2016/17.
PLAN = {
    "all crime": 7_913,
    "Violence against the person": 2_479,
    "Violence with injury": 1_156,
    "Violence without injury": 1_322,
    "Sexual offences": 290,
    "Robbery": 60,
    "Theft offences": 3_088,
    "Burglary": 682,
    "Vehicle offences": 551,
    "Theft from the person": 62,
    "Bicycle theft": 188,
    "Shoplifting": 791,
    "All other theft": 814,
    "Criminal damage and arson": 1_051,
    "Drug offences": 195,
    "Possession of weapons": 49,
    "Public order": 321,
    "Miscellaneous crimes against society": 183,
}


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    return demo.extract()


@pytest.fixture(scope="module")
def wards() -> gpd.GeoDataFrame:
    return gpd.read_file(demo.wards_file()).set_index("WD13CD")


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(BOUNDARIES / "east_staffordshire_facts.csv").set_index("ward_code")


def _year(incidents: pd.DataFrame, start: int = 2016) -> pd.DataFrame:
    return incidents[incidents["Month"].between(f"{start}-04", f"{start + 1}-03")]


def _with_wards(incidents: pd.DataFrame, wards: gpd.GeoDataFrame) -> pd.Series:
    """Return the ward of each located incident, by plain point in polygon."""
    located = incidents[incidents["Longitude"].notna()]
    ward = pd.Series("", index=located.index, dtype=object)
    for code, shape in wards.geometry.items():
        inside = shapely.contains_properly(shape, shapely.points(located["Longitude"], located["Latitude"]))
        ward[inside] = code
    return ward


def _crime_by_ward(incidents: pd.DataFrame, wards: gpd.GeoDataFrame) -> pd.Series:
    year = _year(incidents)
    crime = year[~year["Crime type"].isin(list(themes.NOT_CRIME))]
    return _with_wards(crime, wards).value_counts().reindex(wards.index, fill_value=0)


# The extract


def test_the_totals_of_2016_17_are_those_of_the_plan(incidents: pd.DataFrame) -> None:
    """Each of the 18 rows of figure 10 comes out of the types that make it up, in the plan's order."""
    counts = _year(incidents)["Crime type"].value_counts()
    rows = {row: int(counts[list(types)].sum()) for row, types in demo.THEMES.items()}
    assert rows == {**PLAN, themes.ASB: 3_502, themes.KSI: 41}
    assert list(rows) == [*PLAN, themes.ASB, themes.KSI]


def test_the_plan_s_own_gaps_are_rows_of_their_own(incidents: pd.DataFrame) -> None:
    """The plan's sub-rows of violence fall one short, its groups 197 short of the total."""
    counts = _year(incidents)["Crime type"].value_counts()
    assert counts["Violence, kind not stated"] == 1
    assert counts["Crime, group not stated"] == 197


def test_asb_and_collisions_are_beside_crime_never_inside(incidents: pd.DataFrame) -> None:
    """The plan's 3,502 and 41 are there, and no row of the plan's crime table holds them."""
    counts = _year(incidents)["Crime type"].value_counts()
    assert (counts[themes.ASB], counts[themes.KSI]) == (3_502, 41)
    assert not themes.NOT_CRIME & {name for row in PLAN for name in demo.THEMES[row]}
    total = demo.THEMES["all crime"]
    assert themes.with_all_crime(incidents["Crime type"])[themes.ALL_CRIME] == tuple(sorted(total))


def test_columns_are_those_of_a_police_file(incidents: pd.DataFrame) -> None:
    """The very header of a data.police.uk street file, in its order."""
    assert ",".join(incidents.columns) == (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
        "Crime type,Last outcome category,Context"
    )


def test_blanks_are_where_police_files_have_them(incidents: pd.DataFrame) -> None:
    """ASB and collisions have no identifier, crimes a unique one; coordinates are blank together."""
    crime = ~incidents["Crime type"].isin(list(themes.NOT_CRIME))
    identifiers = incidents.loc[crime, "Crime ID"]
    assert identifiers.str.fullmatch("[0-9a-f]{64}").all()
    assert identifiers.is_unique
    assert incidents.loc[~crime, "Crime ID"].isna().all()
    assert (incidents["Longitude"].isna() == incidents["Latitude"].isna()).all()
    assert (incidents["Longitude"].isna() == (incidents["Location"] == "No Location")).all()


@pytest.mark.parametrize(
    ("name", "share"),
    [
        (themes.ASB, 0.0),
        (themes.KSI, 0.0),
        ("Shoplifting", 0.48),
        ("Bicycle theft", 0.22),
        ("Burglary", 0.18),
        ("Violence with injury", 0.10),
        ("All other theft", 0.10),
    ],
)
def test_shares_without_a_location_are_those_of_real_files(
    incidents: pd.DataFrame, name: str, share: float
) -> None:
    """The number of rows without a location is exact, in every year."""
    for start in (2015, 2016, 2017):
        year = _year(incidents, start)
        rows = year[year["Crime type"] == name]
        assert rows["Longitude"].isna().sum() == round(share * len(rows))


def test_three_years_and_no_empty_month(incidents: pd.DataFrame) -> None:
    """36 months, and each of them in every type but the single violence of no stated kind."""
    months = incidents.groupby("Crime type")["Month"].nunique()
    assert incidents["Month"].agg(["min", "max"]).tolist() == ["2015-04", "2018-03"]
    assert (months.drop("Violence, kind not stated") == 36).all()


def test_the_same_seed_gives_the_same_bytes(incidents: pd.DataFrame) -> None:
    """Same seed, same file; another seed, other rows but the same totals."""
    again, other = demo.extract(), demo.extract(seed=1)
    assert again.to_csv(index=False) == incidents.to_csv(index=False)
    assert other.to_csv(index=False) != incidents.to_csv(index=False)
    by = ["Crime type", "Location"]
    pd.testing.assert_series_equal(other[by].value_counts(), incidents[by].value_counts())


def test_points_are_few_and_shared_and_lie_well_inside_wards(
    incidents: pd.DataFrame, wards: gpd.GeoDataFrame
) -> None:
    """A few hundred points, each at least 30 m from a ward line, so a join can only find one ward."""
    points = incidents[["Longitude", "Latitude"]].dropna().drop_duplicates()
    assert 300 < len(points) < 600
    located = gpd.GeoSeries(gpd.points_from_xy(points["Longitude"], points["Latitude"]), crs=4326).to_crs(
        27700
    )
    shapes = wards.to_crs(27700).geometry
    lines = shapely.union_all(shapes.boundary.to_numpy())
    assert located.distance(lines).min() > 30
    assert located.within(shapes.union_all()).all()


# What was planted


def test_planted_risk_covers_every_ward_and_averages_one(facts: pd.DataFrame) -> None:
    """21 wards; weighted by residents the risks average 1, the three wards' about 2.07."""
    planted, people = pd.Series(demo.PLANTED), facts["population_mid2017"]
    assert set(planted.index) == set(facts.index)
    assert np.average(planted[people.index], weights=people) == pytest.approx(1, abs=0.005)
    assert np.average(planted[PRIORITY], weights=people[PRIORITY]) == pytest.approx(2.07, abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_the_three_wards_are_to_be_found_and_no_other(
    wards: gpd.GeoDataFrame, facts: pd.DataFrame, seed: int
) -> None:
    """About twice the borough together; against the rest, each above 1.5, any other below 1.4."""
    counts = _crime_by_ward(demo.extract(seed), wards)
    people = facts["population_mid2017"]
    borough = counts.sum() / people.sum()
    pooled = counts[PRIORITY].sum() / people[PRIORITY].sum() / borough
    assert 1.95 < pooled < 2.15
    against_rest = (counts / people) / ((counts.sum() - counts) / (people.sum() - people))
    assert against_rest[PRIORITY].min() > 1.5
    assert against_rest.drop(PRIORITY).max() < 1.4
    ranked = counts.sort_values(ascending=False)
    half = ranked.index[: int((ranked.cumsum() < counts.sum() / 2).sum()) + 1]
    assert set(PRIORITY) <= set(half)


def test_every_located_incident_is_in_a_ward(incidents: pd.DataFrame, wards: gpd.GeoDataFrame) -> None:
    """None is lost to a gap or outside the district, so the ledger of the demo has no such row."""
    assert (_with_wards(incidents, wards) != "").all()


# The files


def test_wards_are_a_valid_coverage_with_the_areas_of_the_facts(
    wards: gpd.GeoDataFrame, facts: pd.DataFrame
) -> None:
    """21 single polygons without gap or overlap; each has its area to within 2 % (0.2 % was reached)."""
    assert wards.index.tolist() == facts.index.tolist()
    assert wards["WD13NM"].tolist() == facts["ward_name"].tolist()
    assert set(wards.geom_type) == {"Polygon"}
    assert shapely.coverage_is_valid(wards.geometry.to_numpy())
    assert len(shapely.get_rings(wards.union_all())) == 1
    hectares = wards.to_crs(27700).area / 10_000
    assert (hectares / facts["area_ha"] - 1).abs().max() < 0.02


def test_wards_lie_about_where_they_are(wards: gpd.GeoDataFrame, facts: pd.DataFrame) -> None:
    """No centroid is further from the real one than a third of the ward's radius."""
    centroids = wards.to_crs(27700).centroid
    off = np.hypot(centroids.x - facts["easting"], centroids.y - facts["northing"])
    assert (off / np.sqrt(facts["area_ha"] * 10_000 / np.pi)).max() < 1 / 3


def test_wards_say_that_they_are_schematic(wards: gpd.GeoDataFrame) -> None:
    """Whoever opens the file in another program reads it too."""
    assert set(wards["vintage"]) == {"2013, schematic boundaries for practice"}
    assert [*wards.columns] == ["WD13NM", "LAD13CD", "LAD13NM", "vintage", "geometry"]
    assert demo.wards_file().stat().st_size < 60_000


def test_populations_are_those_of_the_facts(facts: pd.DataFrame) -> None:
    """The denominators of the demo are real numbers of mid-2017."""
    people = pd.read_csv(demo.population_file()).set_index("ward_code")
    assert people["population_mid2017"].to_dict() == facts["population_mid2017"].to_dict()


def test_every_data_file_has_a_source_and_the_bytes_it_names() -> None:
    """SOURCES.toml lists each data file with licence, attribution and SHA-256."""
    listing = tomllib.loads((BOUNDARIES / "SOURCES.toml").read_text(encoding="utf-8"))["file"]
    on_disk = {path.name for path in BOUNDARIES.iterdir() if path.suffix in {".csv", ".geojson"}}
    assert {entry["file"] for entry in listing} == on_disk
    for entry in listing:
        assert entry["sha256"] == sha256(BOUNDARIES / entry["file"])
    assert all(source.licence and source.attribution and source.publisher for source in demo.sources())


@pytest.mark.slow
def test_the_script_makes_the_committed_files(tmp_path: Path) -> None:
    """Run again, the script writes the same bytes, so the boundaries are what it says they are."""
    path = BOUNDARIES / "make_practice_district.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    for name in (script.WARDS, script.POPULATION):
        assert (tmp_path / name).read_bytes() == (BOUNDARIES / name).read_bytes()
