"""Whether wards fit together, their halo, their vintage, and what stands for a name."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, MisfitWarning, VintageError


def layer(*shapes, **columns):
    codes = [f"E0500000{i}" for i in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame(
        {"WD13CD": codes, "WD13NM": [f"Ward {c[-1]}" for c in codes], **columns},
        geometry=[shapely.transform(shape, lambda xy: xy + 100_000) for shape in shapes],
        crs=27700,
    )


# Fit ------------------------------------------------------------------------------------------------


def test_wards_that_fit_are_read_without_a_word():
    assert len(wm.read_wards(layer(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)))) == 2


def test_an_overlap_is_named_with_its_size():
    with pytest.warns(MisfitWarning, match=r"1 overlap, (.|\n)*Ward 1 \(E05000001\) and Ward 2 .* by 20 m²"):
        wm.read_wards(layer(shapely.box(0, 0, 12, 10), shapely.box(10, 0, 20, 10)))


def test_a_gap_open_at_its_ends_is_named_with_what_bridges_it():
    with pytest.warns(MisfitWarning, match=r"(?s)edges run less than 1 m apart.*tolerance_m=1"):
        wards = wm.read_wards(layer(shapely.box(0, 0, 9.5, 10), shapely.box(10, 0, 20, 10)))
    assert wm.neighbours(wards, tolerance_m=1).n_edges == 2


def test_a_narrow_gap_is_named_with_its_size_and_a_wide_one_is_left_alone():
    frame = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    inside = shapely.box(40.5, 40, 60, 60)
    with pytest.warns(MisfitWarning, match=r"1 closed gap(.|\n)*a gap of 10 m² between Ward 1"):
        wm.read_wards(layer(frame, inside))
    assert len(wm.read_wards(layer(frame, shapely.box(43, 43, 57, 57)))) == 2


def test_sizes_are_square_metres_whatever_the_system():
    overlap = layer(
        shapely.box(424_000, 323_000, 424_012, 323_010), shapely.box(424_010, 323_000, 424_020, 323_010)
    )
    for crs in (4326, 2264, 3435):  # degrees, and two systems in feet
        moved = overlap.to_crs(4326) if crs == 4326 else overlap.set_geometry(
            overlap.translate(-424_000, -323_000).scale(1 / 0.3048006, 1 / 0.3048006, origin=(0, 0)), crs=crs
        ).set_crs(crs, allow_override=True)  # fmt: skip
        with pytest.warns(MisfitWarning, match="by 20 m²"):
            wm.read_wards(moved)


# District and halo ------------------------------------------------------------------------------------


@pytest.fixture
def row():
    """Return five wards in a row, the middle one a district of its own."""
    shapes = [shapely.box(10 * i, 0, 10 * i + 10, 10) for i in range(5)]
    return layer(*shapes, LAD13NM=["West", "West", "Middle", "East", "East"])


def test_a_halo_is_the_wards_that_touch_the_district(row):
    wards = wm.read_wards(row, district="Middle", halo=True)
    schema.check(wards, schema.WARDS)
    assert wards["halo"].to_dict() == {"E05000002": True, "E05000003": False, "E05000004": True}
    assert wards["district"].tolist() == ["West", "Middle", "East"]
    assert wm.read_wards(row, district="Middle").index.tolist() == ["E05000003"]


def test_a_halo_needs_a_district(row):
    with pytest.raises(InputError, match="around a district"):
        wm.read_wards(row, halo=True)


# Vintage and names ----------------------------------------------------------------------------------


def test_two_boundary_years_in_one_table_are_an_error(row):
    years = ["2013", "2013", "2013", "2024", "2024"]
    with pytest.raises(VintageError, match=r"several boundary years(.|\n)*'2013', '2024'"):
        wm.read_wards(row.assign(vintage=years))
    assert wm.read_wards(row.assign(vintage=years), vintage="2013")["vintage"].unique().tolist() == ["2013"]
    assert len(wm.read_wards(row.assign(vintage=years), district="Middle")) == 1


@pytest.mark.parametrize(("column", "vintage"), [("wd22cd", "2022"), ("ward2021_code", "vintage not known")])
def test_the_year_in_a_column_name_is_the_vintage(row, column, vintage):
    wards = wm.read_wards(row.rename(columns={"WD13CD": column}), code=column)
    assert wards["vintage"].unique().tolist() == ["2021" if "2021" in column else vintage]


def test_without_names_codes_stand_for_them(row):
    wards = wm.read_wards(row.drop(columns="WD13NM"))
    assert (wards["ward_name"] == wards.index).all()


# Real layers ----------------------------------------------------------------------------------------


@pytest.mark.real_data
@pytest.mark.slow
def test_england_has_one_ring_to_mend_and_slivers_under_a_square_metre(shared_data):
    with pytest.warns() as said:
        wards = wm.read_wards(shared_data / "boundaries" / "england_wards_2013.gpkg")
    text = "\n".join(str(warning.message) for warning in said)
    assert len(wards) == 7681
    assert "Tolleshunt D'Arcy (E05004205)" in text
    assert "27 wards with edges that do not meet" in text
    assert "by less than 1 m²" in text
    assert np.asarray(wards.is_valid).all()
