"""read_incidents on any table: by mapping, by habit, in every format."""

import gzip
import sqlite3

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy

import wardmap as wm
from wardmap import schema
from wardmap.errors import CRSError, GeometryError, InputError, MissingColumnError

MAPPING = {
    "incident_id": "Ref",
    "date": "Committed from",
    "theme": "What happened",
    "easting": "East",
    "northing": "North",
    "offence_code": "HO",
    "domestic_abuse": "DA?",
}


@pytest.fixture
def rows():
    """Four incidents as a recording system exports them."""
    return pd.DataFrame(
        {
            "Ref": ["001", "002", "002", ""],
            "Committed from": ["14/03/2018 22:15", "15/03/2018 01:00", "", "16/03/2018 12:00"],
            "What happened": ["Common assault", "Burglary", "Burglary", ""],
            "East": ["424500", "424501.5", "0", "not known"],
            "North": ["323100", "323101", "0", "323100"],
            "HO": ["105/01", "5E05", "00123", ""],
            "DA?": ["Y", "", "n", ""],
            "Officer": ["A", "B", "C", "D"],
        }
    )


# Inputs ---------------------------------------------------------------------------------------------


def test_a_field_that_cannot_be_mapped_names_the_nearest(rows):
    with pytest.raises(InputError, match=r'nothing called \'eastings\'(.|\n)*columns={"easting": "East"}'):
        wm.read_incidents(rows, columns={"eastings": "East"})


def test_a_mapped_column_that_is_absent_names_the_nearest(rows):
    with pytest.raises(MissingColumnError, match=r'columns={"easting": "East"}'):
        wm.read_incidents(rows, columns={"easting": "Eest"})


def test_two_columns_that_could_be_meant_are_asked_about(rows):
    unclear = rows.drop(columns="Committed from").assign(Date="x", date_time="y")
    with pytest.raises(InputError, match=r'Several columns could be the date(.|\n)*columns={"date": "date'):
        wm.read_incidents(unclear, columns={"easting": "East", "northing": "North"})


def test_one_column_cannot_be_two_things(rows):
    with pytest.raises(InputError, match="would be both easting and northing"):
        wm.read_incidents(rows, columns={**MAPPING, "northing": "East"})


def test_no_place_is_an_error_that_lists_the_columns(rows):
    with pytest.raises(MissingColumnError, match=r"look like coordinates(.|\n)*Officer"):
        wm.read_incidents(rows.drop(columns=["East", "North"]), columns={"date": "Committed from"})


def test_plain_x_and_y_need_a_system(rows):
    plain = rows.rename(columns={"East": "X", "North": "Y"})
    mapping = {k: v for k, v in MAPPING.items() if k not in ("easting", "northing")}
    with pytest.raises(CRSError, match=r'(?s)British National Grid.*crs="EPSG:27700"'):
        wm.read_incidents(plain, columns=mapping)
    assert wm.read_incidents(plain, columns=mapping, crs=27700)["location"].eq("located").sum() == 2


def test_a_flag_that_is_neither_yes_nor_no_is_named(rows):
    with pytest.raises(InputError, match=r"'DA\?'(.|\n)*'maybe'"):
        wm.read_incidents(rows.assign(**{"DA?": "maybe"}), columns=MAPPING)


def test_lines_are_not_incidents():
    line = gpd.GeoDataFrame(
        {"type": ["Burglary"]}, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=27700
    )
    with pytest.raises(GeometryError, match=r"no points(.|\n)*LineString"):
        wm.read_incidents(line)


def test_a_system_never_overrides_what_the_source_says(rows):
    points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy([1.0] * 4, [52.0] * 4), crs=4326)
    with pytest.raises(CRSError, match=r"(?s)source says: EPSG:4326.*crs= says: EPSG:27700"):
        wm.read_incidents(points, columns={"date": "Committed from"}, crs=27700)
    with pytest.raises(CRSError, match="which coordinate system"):
        wm.read_incidents(points.set_crs(None, allow_override=True), columns={"date": "Committed from"})


def test_a_query_that_fails_says_why():
    with pytest.raises(InputError, match=r"cannot be answered(.|\n)*no such table"):
        wm.read_incidents("SELECT * FROM crimes", connection=sqlite3.connect(":memory:"))


@pytest.mark.parametrize("name", ["http://127.0.0.1/x.geojson", "/vsicurl/http://127.0.0.1/x.gpkg"])
def test_an_address_is_not_a_file(name):
    with pytest.raises(InputError, match="There is no file"):
        wm.read_incidents(name)


def test_a_virtual_file_under_another_name_is_refused(tmp_path):
    for name in ("points.geojson", "points.kml", "points.csv"):
        path = tmp_path / name
        path.write_text("<!-- <kml> --><OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
        with pytest.raises(InputError, match="not what its name says"):
            wm.read_incidents(path)


# Outputs --------------------------------------------------------------------------------------------


def test_every_row_by_mapping(rows):
    read = wm.read_incidents(rows, columns=MAPPING)
    schema.check(read, schema.INCIDENTS)
    assert read["incident_id"].tolist() == ["001", "002", "002", None]
    assert read["duplicate"].tolist() == [False, False, True, False]
    assert read["date"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2018-03-14", "2018-03-15"]
    assert read["date"].isna().tolist() == [False, False, True, False]
    assert read["date_precision"].unique().tolist() == ["day"]
    assert read["theme"].tolist() == ["Common assault", "Burglary", "Burglary", "(not recorded)"]
    assert read["location"].tolist() == ["located", "located", "no_location", "invalid"]
    assert [(p.x, p.y) for p in read.geometry[:2]] == [(424500.0, 323100.0), (424501.5, 323101.0)]
    assert read["offence_code"].tolist() == ["105/01", "5E05", "00123", None]
    assert read["domestic_abuse"].tolist() == [True, False, False, False]
    assert read.crs == "EPSG:27700"
    assert "theme from 'What happened'" in read["read_method"].iloc[0]
    assert "dates as %d/%m/%Y" in read["read_method"].iloc[0]


def test_habits_find_what_recording_systems_call_it(rows):
    named = rows.set_axis(
        ["URN", "Date committed", "Offence", "Easting", "Northing", "HO code", "DA flag", "Officer"], axis=1
    )
    by_habit = wm.read_incidents(named).drop(columns="read_method")
    pd.testing.assert_frame_equal(
        by_habit, wm.read_incidents(rows, columns=MAPPING).drop(columns="read_method")
    )


def test_every_format_gives_the_same_table(tmp_path, rows):
    expected = wm.read_incidents(rows, columns=MAPPING).drop(columns=["source", "read_method"])
    rows.to_csv(tmp_path / "a.csv", index=False)
    rows.to_csv(tmp_path / "a.csv.gz", index=False)
    rows.to_csv(tmp_path / "a.tsv", index=False, sep="\t")
    rows.to_csv(tmp_path / "a.txt", index=False, sep=";", encoding="utf-16")
    rows.to_excel(tmp_path / "a.xlsx", index=False)
    rows.to_parquet(tmp_path / "a.parquet")
    for path in sorted(tmp_path.iterdir()):
        read = wm.read_incidents(path, columns=MAPPING)
        pd.testing.assert_frame_equal(read.drop(columns=["source", "read_method"]), expected, obj=path.name)
        assert read["source"].unique().tolist() == [path.name]


def test_geographic_formats_give_the_same_points(tmp_path):
    points = gpd.GeoDataFrame(
        {"crime_type": ["Burglary", "Robbery", None], "date": ["2018-03-14", "2018-03-15", None]},
        geometry=[shapely.Point(-1.6, 52.8), None, shapely.Point(-1.7, 52.9)],
        crs=4326,
    )
    expected = wm.read_incidents(points).drop(columns=["source", "read_method"])
    assert expected["location"].tolist() == ["located", "no_location", "located"]
    for name in ("a.geojson", "a.gpkg", "a.shp"):
        points.to_file(tmp_path / name)
    points.to_parquet(tmp_path / "a.parquet")
    for name in ("a.geojson", "a.gpkg", "a.shp", "a.parquet"):
        read = wm.read_incidents(tmp_path / name).drop(columns=["source", "read_method"])
        pd.testing.assert_frame_equal(read, expected, obj=name)


def test_layers_and_sheets_are_chosen_by_name(tmp_path, rows):
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        rows.to_excel(book, sheet_name="April", index=False)
        rows[:2].to_excel(book, sheet_name="May", index=False)
    points = gpd.GeoDataFrame({"type": ["x"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    points.to_file(tmp_path / "a.gpkg", layer="one")
    points.to_file(tmp_path / "a.gpkg", layer="two")
    with pytest.raises(InputError, match=r'several sheets(.|\n)*layer="April"'):
        wm.read_incidents(tmp_path / "a.xlsx", columns=MAPPING)
    with pytest.raises(InputError, match=r"holds 2 layers(.|\n)*'one', 'two'"):
        wm.read_incidents(tmp_path / "a.gpkg")
    assert len(wm.read_incidents(tmp_path / "a.xlsx", columns=MAPPING, layer="May")) == 2
    assert len(wm.read_incidents(tmp_path / "a.gpkg", layer="two")) == 1


def test_a_query_over_sqlalchemy_and_over_a_plain_connection(rows):
    plain = sqlite3.connect(":memory:")
    rows.to_sql("crimes", plain, index=False)
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: plain, poolclass=sqlalchemy.StaticPool)
    expected = wm.read_incidents(rows, columns=MAPPING).drop(columns=["source", "read_method"])
    for connection in (plain, engine):
        read = wm.read_incidents("SELECT * FROM crimes", connection=connection, columns=MAPPING)
        pd.testing.assert_frame_equal(read.drop(columns=["source", "read_method"]), expected)
        assert "from a query" in read["read_method"].iloc[0]
    plain.close()


def test_the_pair_that_the_wards_are_in_is_chosen(rows):
    both = rows.assign(East="424500", North="323100", Longitude="-1.638", Latitude="52.805")
    both = both.rename(columns={"East": "Easting", "North": "Northing"})
    mapping = {"date": "Committed from", "theme": "What happened"}
    assert wm.read_incidents(both, columns=mapping).geometry[0].x == 424500
    assert wm.read_incidents(both, columns=mapping, crs="EPSG:27700").geometry[0].x == 424500
    assert wm.read_incidents(both, columns=mapping, crs="EPSG:4326").geometry[0].x == -1.638


def test_grid_references_are_places(rows):
    read = wm.read_incidents(
        rows.assign(Grid=["SK 245 231", "SK2450023100", "", "nowhere"]).drop(columns=["East", "North"]),
        columns={"date": "Committed from", "grid_reference": "Grid"},
    )
    assert read["location"].tolist() == ["located", "located", "no_location", "invalid"]
    assert (read.geometry[0].x, read.geometry[0].y) == (424550, 323150)


@pytest.mark.parametrize("nothing", ["NULL", "null", "NaN", "N/A", "#N/A", "None"])
def test_words_for_an_empty_cell_are_no_location(rows, nothing):
    read = wm.read_incidents(rows.assign(East=["424500", nothing, nothing, nothing]), columns=MAPPING)
    assert read["location"].tolist() == ["located", *["no_location"] * 3]


def test_an_extract_beside_police_files_does_not_record_their_flags(tmp_path, street_rows):
    street_rows.to_csv(tmp_path / "street.csv", index=False)
    street_rows.assign(alcohol="Y").rename(columns={"Crime type": "type"}).to_csv(
        tmp_path / "own.csv", index=False
    )
    read = wm.read_incidents(tmp_path)
    schema.check(read, schema.INCIDENTS)
    by_source = read.groupby("source", observed=True)["alcohol"]
    assert by_source.apply(lambda flag: flag.isna().all()).to_dict() == {"own.csv": False, "street.csv": True}


def test_where_no_place_is_found_every_column_is_named(tmp_path):
    path = tmp_path / "extract.csv"
    path.write_text("Date,What,Where\n2018-03-14,Theft,here\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="columns found: 'Date', 'What', 'Where'"):
        wm.read_incidents(path)


def test_a_folder_stands_for_packed_tables_too(tmp_path):
    text = "Date,What,Easting,Northing\n2018-03-14,Theft,424500,323100\n"
    (tmp_path / "one.csv").write_text(text, encoding="utf-8")
    (tmp_path / "two.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert wm.read_incidents(tmp_path)["source"].tolist() == ["one.csv", "two.csv.gz"]
