"""Points that are not where they seem, one test for each way in which the libraries underneath say nothing.

Every row ends in exactly one place of the ledger, or reading stops with the reason.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    CRSError,
    EdgeIncidentsWarning,
    InputError,
    MisfitWarning,
    RepairWarning,
    TransformWarning,
    UnmatchedIncidentsWarning,
)

LOSSES = pytest.mark.filterwarnings("ignore::wardmap.errors.UnmatchedIncidentsWarning")


def points(x, y, crs="EPSG:27700"):
    rows = {"date": ["2018-03-14"] * len(x), "type": "Burglary"}
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(x, y), crs=crs)


def degrees(longitude, latitude):
    return pd.DataFrame({"date": "2018-03-14", "longitude": longitude, "latitude": latitude})


def test_no_coordinate_or_half_of_one_is_no_location_and_is_counted(rows, district):
    rows["easting"] = [424_500, np.nan, np.nan, 426_500, 427_500, 428_500]
    rows["northing"] = [323_500, np.nan, 323_500, np.nan, 323_500, 323_500]
    read = wm.read_incidents(rows)
    assert read["location"].eq("no_location").tolist() == [False, True, True, True, False, False]
    assert read.geometry.isna().sum() == 3
    assert wm.ledger(wm.assign_wards(read, district)).loc["total", ["within", "no_location"]].tolist() == [
        3,
        3,
    ]


def test_a_point_of_a_layer_that_is_not_a_number_is_no_location():
    read = wm.read_incidents(points([424_500, np.nan, np.nan], [323_500, np.nan, 323_500]))
    assert read["location"].tolist() == ["located", "no_location", "no_location"]
    assert np.isfinite(read.total_bounds).all()


@pytest.mark.parametrize("door", ["table", "layer"])
def test_an_endless_coordinate_is_invalid_and_spoils_no_bounds(rows, door):
    rows.loc[0, "easting"] = np.inf
    read = wm.read_incidents(rows if door == "table" else points(rows["easting"], rows["northing"]))
    assert read["location"].value_counts().to_dict() == {"located": 5, "no_location": 0, "invalid": 1}
    assert np.isfinite(read.total_bounds).all()


@LOSSES
def test_the_join_drops_no_row(rows, district):
    """`sjoin` is inner by default: what matches nothing is gone."""
    rows["easting"] = [424_500, 600_000, np.nan, np.inf, 427_500, 428_500]
    found = wm.assign_wards(wm.read_incidents(rows), district)
    assert found["match"].tolist() == ["within", "outside", "no_location", "invalid", "within", "within"]
    book = wm.ledger(found)
    assert book.loc["total", list(schema.MATCHES)].sum() == book.loc["total", "read"] == len(rows)


@pytest.mark.parametrize("door", ["table", "layer"])
def test_longitude_and_latitude_that_look_swapped_are_refused_not_mended(door):
    rows = degrees([52.8, 52.9], [-1.6, -1.7])
    if door == "layer":
        rows = points(rows["longitude"], rows["latitude"], "EPSG:4326")
    with pytest.raises(CRSError, match=r"(?s)look swapped.*the first: \w+ 52.8, \w+ -1.6"):
        wm.read_incidents(rows)


@pytest.mark.parametrize(
    ("pair", "good"),
    [(("easting", "northing"), (424_500, 323_500)), (("longitude", "latitude"), (-1.63, 52.8))],
)
def test_a_pair_of_zeroes_is_no_location(pair, good):
    rows = pd.DataFrame([(0, 0), good, (0.0, 0.0)], columns=pair).assign(date="2018-03-14")
    assert wm.read_incidents(rows)["location"].tolist() == ["no_location", "located", "no_location"]


def test_a_place_outside_the_study_area_is_outside_and_none_inside_is_an_error(district):
    inside = gpd.GeoSeries(gpd.points_from_xy([424_500], [323_500]), crs=27700).to_crs(4326)[0]
    wards = district.to_crs(4326)
    read = wm.read_incidents(degrees([inside.x, -87.6, 2.35], [inside.y, 41.9, 48.86]))
    with pytest.warns(UnmatchedIncidentsWarning, match="Outside every ward: 2 of 3 located incidents"):
        assert wm.assign_wards(read, wards)["match"].tolist() == ["within", "outside", "outside"]
    with pytest.raises(InputError, match=r"(?s)Not one of 2 located incidents.*wards lie in"):
        wm.assign_wards(read.iloc[1:], wards)


def test_a_latitude_that_is_not_on_earth_is_invalid_and_most_of_them_an_error():
    assert wm.read_incidents(degrees([-1.6] * 3, [52.8, 52.8, 95]))["location"].tolist()[2] == "invalid"
    with pytest.raises(CRSError, match="Most coordinates"):
        wm.read_incidents(degrees([-1.6] * 3, [195, 196, 52.8]))


def test_eastings_with_thousands_marks_are_read_with_a_warning(rows):
    text = rows.assign(easting=rows["easting"].map("{:,.0f}".format))
    with pytest.warns(
        RepairWarning, match=r"(?s)Thousands marks in 'easting'.*6 values; the first: '424,500'"
    ):
        read = wm.read_incidents(text)
    assert [point.x for point in read.geometry] == rows["easting"].tolist()


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("SK 245 235", r'columns={"grid_reference": "easting"}'),
        ("424500,5", r'frame\["easting"\].str.replace'),
        ("Burton", r'columns={"easting": "...", "northing": "..."}'),
    ],
)
def test_eastings_that_are_text_are_an_error_with_the_line_that_mends_it(rows, text, mend):
    with pytest.raises(InputError, match=rf"(?s)Most values of 'easting'.*6 of 6.*'{text}'.*{mend}"):
        wm.read_incidents(rows.assign(easting=text))


def test_grid_references_are_the_middle_of_their_square(rows, district):
    references = rows.drop(columns=["easting", "northing"]).assign(grid_ref="SK 245 235")
    found = wm.assign_wards(wm.read_incidents(references), district)
    assert found["ward_code"].unique().tolist() == ["E05000001"]


def test_layers_in_two_systems_are_brought_together_and_it_is_said(rows, district):
    with pytest.warns(TransformWarning, match="from EPSG:4326 to EPSG:27700"):
        found = wm.assign_wards(wm.read_incidents(rows), district.to_crs(4326))
    assert found["match"].eq("within").all()
    assert "wards transformed from EPSG:4326 to EPSG:27700" in found["match_method"].iloc[0]


def test_a_layer_that_does_not_say_its_system_is_an_error_whichever_it_is(rows, layer, district):
    nameless = layer.set_crs(None, allow_override=True)
    with pytest.raises(CRSError, match=r'(?s)look like metres on the British.*crs="EPSG:27700"'):
        wm.read_wards(nameless)
    assert wm.read_wards(nameless, crs="EPSG:27700").crs == layer.crs
    with pytest.raises(CRSError, match="do not say which coordinate system"):
        wm.read_incidents(points(rows["easting"], rows["northing"], None))
    read = wm.read_incidents(rows)
    nowhere, drawn = (table.set_crs(None, allow_override=True) for table in (read, district))
    with pytest.raises(CRSError, match="The wards do not say"):
        wm.assign_wards(read, drawn)
    for wards in (district, drawn):  # both without one: geopandas says nothing then
        with pytest.raises(CRSError, match="The incidents do not say"):
            wm.assign_wards(nowhere, wards)


@pytest.mark.parametrize(
    ("true", "said", "message"),
    [
        (4326, 27700, r'(?s)5 wards cannot be where EPSG:27700.*Quay.*set_crs\("EPSG:4326"'),
        (4326, 3857, r'(?s)5 wards cannot be where EPSG:3857.*set_crs\("EPSG:4326"'),
        (27700, 4326, r'(?s)5 wards cannot be where EPSG:4326.*set_crs\("EPSG:27700"'),
        (32630, 27700, r'(?s)5 wards cannot be where EPSG:27700.*set_crs\("\.\.\."'),
    ],
)
def test_boundaries_under_the_wrong_system_are_refused(layer, true, said, message):
    wrong = layer.to_crs(true).set_crs(said, allow_override=True)
    with pytest.raises(CRSError, match=message):
        wm.read_wards(wrong)
    with pytest.raises(CRSError, match=r'read_wards\(\.\.\., crs="'):
        wm.read_wards(wrong.set_crs(None, allow_override=True), crs=said)


def test_boundaries_whose_degrees_are_swapped_are_refused_and_the_mend_mends(layer):
    swapped = shapely.transform(layer.to_crs(4326).geometry.to_numpy(), lambda xy: xy[:, ::-1])
    wards = layer.drop(columns="geometry").set_geometry(swapped, crs=4326)
    with pytest.raises(CRSError, match=r"(?s)boundaries look swapped.*Quay \(E05000001\).*xy\[:, ::-1\]"):
        wm.read_wards(wards)
    mended = shapely.transform(wards.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    assert len(wm.read_wards(wards.set_geometry(mended, crs="EPSG:4326"))) == 5


@pytest.mark.parametrize(
    ("x", "y", "crs", "guess"),
    [
        ([-1.63, -1.64], [52.8, 52.81], 27700, "degrees"),
        ([424_500, 424_600], [323_500, 323_500], 4326, "metres"),
        ([594_500, 594_600], [5_850_000, 5_850_100], 27700, "another system"),
    ],
)
def test_points_under_the_wrong_system_are_refused(x, y, crs, guess):
    with pytest.raises(CRSError, match=rf"(?s)Most coordinates.*cannot be in.*{guess}"):
        wm.read_incidents(points(x, y, crs))


def test_files_in_several_systems_are_not_put_under_each_other(tmp_path, rows):
    rows.to_csv(tmp_path / "one.csv", index=False)
    degrees([-1.6], [52.8]).to_csv(tmp_path / "two.csv", index=False)
    with pytest.raises(
        CRSError, match=r"(?s)several coordinate systems.*'one.csv': EPSG:27700; 'two.csv': EPSG"
    ):
        wm.read_incidents(tmp_path)


def test_what_is_measured_is_measured_in_metres(layer):
    layer.loc[0, "geometry"] = shapely.box(424_000, 323_000, 425_010, 324_000)
    with pytest.warns(MisfitWarning, match="by 10,000 m²"):
        wards = wm.read_wards(layer)
    with pytest.warns(MisfitWarning, match=r"by (9,99\d|10,00\d) m²"):
        geographic = wm.read_wards(layer.to_crs(4326))
    with pytest.raises(CRSError, match="need wards in metres"):
        wm.neighbours(geographic, rule="nearest", nearest=1)
    assert wm.neighbours(wards, rule="nearest", nearest=1).n_edges == 5


def test_a_transformation_without_the_national_grid_says_by_how_much_it_is_off(rows, district):
    with pytest.warns(TransformWarning, match=r"(?s)expected error of \d.* m.*one coordinate system"):
        found = wm.assign_wards(wm.read_incidents(rows), district.to_crs(4326))
    assert "with an expected error of" in found["match_method"].iloc[0]
    both = rows.assign(longitude=-1.63, latitude=52.8)  # the pair that needs no transformation is kept
    assert (
        "both layers in EPSG:27700"
        in wm.assign_wards(wm.read_incidents(both), district)["match_method"].iloc[0]
    )


def test_a_point_on_a_shared_edge_is_in_one_ward_the_lowest_and_is_counted(rows, district):
    rows.loc[0, "easting"] = 425_000  # between Quay and Hill
    with pytest.warns(EdgeIncidentsWarning, match="1 incident on the edge"):
        found = wm.assign_wards(wm.read_incidents(rows), district.iloc[::-1])
    assert found["match"].tolist() == ["edge", *["within"] * 5]
    assert found["ward_code"].iloc[0] == "E05000001"
    assert wm.count_incidents(found, district).loc["Burglary", "incidents"].sum() == 6


@pytest.mark.parametrize("column", ["index_right", "index_left", "index"])
def test_columns_with_the_names_that_joins_use_are_left_alone(rows, district, column):
    found = wm.assign_wards(wm.read_incidents(rows).assign(**{column: 7}), district)
    assert found[column].eq(7).all()
    assert found["match"].eq("within").all()


def test_no_rows_are_an_error_when_reading_and_when_counting(tmp_path, rows, district):
    rows[:0].to_csv(tmp_path / "own.csv", index=False)
    for source in (tmp_path / "own.csv", rows[:0]):
        with pytest.raises(InputError, match="There are no incidents to read"):
            wm.read_incidents(source)
    incidents = wm.read_incidents(rows)
    none = wm.assign_wards(incidents[incidents["theme"] == "Burglry"], district)
    with pytest.raises(InputError, match="There are no incidents to count"):
        wm.count_incidents(none, district)


def test_wards_without_an_incident_count_zero_and_a_blank_type_is_a_type(rows, district):
    few = rows[:2].assign(type=["Burglary", None])
    table = wm.count_incidents(wm.assign_wards(wm.read_incidents(few), district), district)
    assert table.index.unique("theme").tolist() == ["(not recorded)", "Burglary", "all crime"]
    assert table.loc["Burglary", "incidents"].tolist() == [1, 0, 0, 0, 0]
    assert table.loc["(not recorded)", "incidents"].tolist() == [1, 0, 0, 0, 0]
    assert table.loc["all crime", "incidents"].sum() == len(few)
