"""read_wards: a boundary file becomes the wards table."""

import geopandas as gpd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    CRSError,
    DuplicateWardError,
    GeometryError,
    InputError,
    MissingColumnError,
    RepairWarning,
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


def test_a_file_that_is_not_what_its_name_says_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "wards.geojson"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
    with pytest.raises(InputError, match=r"not what its name says(.|\n)*a virtual file"):
        wm.read_wards(path)
    (tmp_path / "wards.vrt").write_text("<OGRVRTDataSource/>")
    with pytest.raises(InputError, match="not of a kind"):
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
    with pytest.raises(MissingColumnError, match="nearest first: WD13CD"):
        wm.read_wards(layer, code="WD13C")


def test_two_columns_of_codes_are_ambiguous(layer):
    with pytest.raises(InputError, match=r"Several columns.*\n.*WD13CD, WD22CD"):
        wm.read_wards(layer.assign(WD22CD=layer["WD13CD"]))


def test_an_unknown_district_lists_those_there(layer):
    with pytest.raises(InputError, match="Testshire"):
        wm.read_wards(layer, district="Testshir")
    with pytest.raises(InputError, match="does not say which district"):
        wm.read_wards(layer.drop(columns=["LAD13CD", "LAD13NM"]), district="Testshire")


def test_two_wards_with_one_code_are_an_error(layer):
    codes = ["E05000001", "E05000001", "E05000002"]
    with pytest.raises(DuplicateWardError, match=r"(?s)'Moor', 'Quay'.*names differ"):
        wm.read_wards(layer.assign(WD13CD=codes))
    twice = layer.assign(WD13CD=codes, WD13NM="Quay").set_geometry(
        [layer.geometry[0]] * 2 + [layer.geometry[2]]
    )
    with pytest.raises(DuplicateWardError, match="very same shape"):
        wm.read_wards(twice)


@pytest.mark.parametrize("nothing", [None, shapely.Polygon()])
def test_a_ward_without_geometry_is_named(layer, nothing):
    with pytest.raises(GeometryError, match=r"1 ward without a geometry(.|\n)*Moor \(E05000003\)"):
        wm.read_wards(layer.set_geometry([nothing, *layer.geometry[1:]], crs=4326))


def test_points_are_not_wards(layer):
    with pytest.raises(GeometryError, match=r"(?s)3 rows.*'Point'"):
        wm.read_wards(layer.set_geometry(layer.geometry.representative_point()))


def test_a_blank_code_is_an_error(layer):
    with pytest.raises(InputError, match="1 ward without a code"):
        wm.read_wards(layer.assign(WD13CD=["E05000001", " ", "E05000002"]))


def test_a_ward_round_the_world_is_an_error(layer):
    world = shapely.box(-179, 50, 179, 51)
    with pytest.raises(GeometryError, match=r"1 ward wider than half the earth(.|\n)*Moor"):
        wm.read_wards(layer.set_geometry([world, *layer.geometry[1:]], crs=4326))


def test_a_file_that_unfolds_its_own_text_is_refused(tmp_path):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))
    path = tmp_path / "wards.kml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY e0 "x">{entities}]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&e8;</name></Placemark>'
        "</Document></kml>"
    )
    with pytest.raises(InputError):
        wm.read_wards(path, code="Name")


# Repairs --------------------------------------------------------------------------------------------


def test_a_bow_tie_is_mended_and_said(layer):
    bow_tie = shapely.Polygon([(0, 50), (1, 51), (1, 50), (0, 51)])
    with pytest.warns(RepairWarning, match=r"(?s)1 ward.*Moor \(E05000003\): Self-intersection"):
        wards = wm.read_wards(layer.set_geometry([bow_tie, *layer.geometry[1:]], crs=4326))
    assert wards.geometry["E05000003"].is_valid
    assert wards.geometry["E05000003"].area == pytest.approx(0.5)


def test_a_ward_on_several_rows_is_put_together(layer):
    parts = layer.assign(WD13CD=["E05000001", "E05000001", "E05000002"], WD13NM=["Quay", "Quay", "Hill"])
    with pytest.warns(RepairWarning, match=r"(?s)1 ward came.*Quay"):
        wards = wm.read_wards(parts)
    assert shapely.area(wards.geometry).tolist() == [2, 1]


def test_heights_are_dropped(layer):
    high = layer.set_geometry(shapely.force_3d(layer.geometry.to_numpy(), 7.0), crs=4326)
    assert not wm.read_wards(high).geometry.has_z.any()


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
