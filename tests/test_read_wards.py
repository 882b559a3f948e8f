"""read_wards: a boundary file becomes the wards table."""

import geopandas as gpd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    CRSError,
    InputError,
    MissingColumnError,
)


@pytest.fixture
def layer():
    """Three wards of two districts as the Office for National Statistics names its columns."""
    return gpd.GeoDataFrame(
        {
            "WD13CD": ["E05000003", "e05000001 ", "E05000002"],
            "WD13NM": ["Moor", "Quay", "Hill"],
            "LAD13CD": ["E07000001", "E07000001", "E07000002"],
            "LAD13NM": ["Testshire", "Testshire", "Elsewhere"],
        },
        geometry=[shapely.box(i, 50, i + 1, 51) for i in range(3)],
        crs="EPSG:4326",
    )


# Inputs ---------------------------------------------------------------------------------------------


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        wm.read_wards(tmp_path / "wards.gpkg")


def test_a_file_of_another_ending_is_refused(tmp_path):
    (tmp_path / "wards.vrt").write_text("<OGRVRTDataSource/>")
    with pytest.raises(InputError, match="kind of file that cannot be read"):
        wm.read_wards(tmp_path / "wards.vrt")


def test_a_broken_file_says_which_format_it_was_opened_as(tmp_path):
    path = tmp_path / "wards.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [')
    with pytest.raises(InputError, match="cannot be opened as ESRIJSON or GeoJSON"):
        wm.read_wards(path)


def test_no_crs_is_an_error_with_a_hint(layer):
    with pytest.raises(CRSError, match=r"(?s)look like degrees.*crs=\"EPSG:4326\""):
        wm.read_wards(layer.set_crs(None, allow_override=True))
    metres = layer.set_geometry(layer.geometry.scale(1e5, 1e4, origin=(0, 0))).set_crs(
        None, allow_override=True
    )
    with pytest.raises(CRSError, match=r"(?s)British National Grid.*EPSG:27700"):
        wm.read_wards(metres)
    far = metres.set_geometry(metres.translate(5e6, 5e6))
    with pytest.raises(CRSError, match="ask the publisher"):
        wm.read_wards(far)


def test_crs_never_overrides_what_the_file_says(layer):
    with pytest.raises(CRSError, match=r"(?s)the source says: EPSG:4326.*crs= says: EPSG:27700"):
        wm.read_wards(layer, crs="EPSG:27700")
    assert wm.read_wards(layer.set_crs(None, allow_override=True), crs=4326).crs == "EPSG:4326"


def test_columns_that_cannot_be_found_are_asked_for(layer):
    with pytest.raises(MissingColumnError, match=r'(?s)ward code.*code="..."'):
        wm.read_wards(layer.rename(columns={"WD13CD": "id"}))
    named = wm.read_wards(layer.rename(columns={"WD13CD": "id"}), code="id")
    assert named["vintage"].unique().tolist() == ["vintage not known"]
    with pytest.raises(MissingColumnError, match="nearest first: 'WD13CD'"):
        wm.read_wards(layer, code="WD13C")


def test_two_columns_of_codes_are_ambiguous(layer):
    with pytest.raises(InputError, match=r"Several columns.*\n.*'WD13CD', 'WD22CD'"):
        wm.read_wards(layer.assign(WD22CD=layer["WD13CD"]))


def test_an_unknown_district_lists_those_there(layer):
    with pytest.raises(InputError, match="Testshire"):
        wm.read_wards(layer, district="Testshir")
    with pytest.raises(InputError, match="does not say which district"):
        wm.read_wards(layer.drop(columns=["LAD13CD", "LAD13NM"]), district="Testshire")


def test_a_blank_code_is_an_error(layer):
    with pytest.raises(InputError, match="1 ward without a code"):
        wm.read_wards(layer.assign(WD13CD=["E05000001", " ", "E05000002"]))


# Outputs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "driver"), [("w.geojson", "GeoJSON"), ("w.gpkg", "GPKG"), ("w.shp", "ESRI Shapefile")]
)
def test_formats_agree(tmp_path, layer, name, driver):
    layer.to_file(tmp_path / name, driver=driver)
    wards = wm.read_wards(tmp_path / name)
    schema.check(wards, schema.WARDS)
    assert wards.index.tolist() == ["E05000001", "E05000002", "E05000003"]
    assert wards["ward_name"].tolist() == ["Quay", "Hill", "Moor"]
    assert wards["district"].tolist() == ["Testshire", "Elsewhere", "Testshire"]
    assert wards["vintage"].tolist() == ["2013"] * 3
    assert wards.normalize().geom_equals_exact(wm.read_wards(layer).normalize(), 1e-9).all()


@pytest.mark.parametrize("district", ["Testshire", "testshire", "E07000001", " e07000001"])
def test_a_district_is_chosen_by_name_or_code(layer, district):
    assert wm.read_wards(layer, district=district)["ward_name"].tolist() == ["Quay", "Moor"]


@pytest.mark.parametrize(
    ("code", "name"),
    [("wd22cd", "wd22nm"), ("ward_code", "ward_name"), ("GSS_CODE", "NAME"), ("ward21_code", "ward21_name")],
)
def test_habits_of_publishers_are_known(layer, code, name):
    wards = wm.read_wards(layer.rename(columns={"WD13CD": code, "WD13NM": name}))
    expected = {"wd22cd": "2022", "ward21_code": "2021"}.get(code, "vintage not known")
    assert wards["vintage"].unique().tolist() == [expected]


def test_the_layer_given_is_not_touched(layer):
    before = layer.copy(deep=True)
    wm.read_wards(layer)
    assert layer.equals(before)
