"""assign_wards and ledger: every incident in one ward, or a reason."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import (
    AlignmentError,
    CRSError,
    DuplicateWardError,
    EdgeIncidentsWarning,
    GeometryError,
    InputError,
    MissingColumnError,
    TransformWarning,
    UnmatchedIncidentsWarning,
)

expected_losses = pytest.mark.filterwarnings(
    "ignore::wardmap.errors.UnmatchedIncidentsWarning", "ignore::wardmap.errors.EdgeIncidentsWarning"
)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["incidents", "wards"])
def test_a_layer_without_crs_is_an_error(incidents, wards, which):
    layers = {"incidents": incidents, "wards": wards}
    layers[which] = layers[which].set_crs(None, allow_override=True)
    with pytest.raises(CRSError, match=f"The {which} do not say"):
        wm.assign_wards(layers["incidents"], layers["wards"])


def test_layers_that_do_not_overlap_are_an_error_with_both_boxes(incidents, wards):
    far = wards.set_geometry(wards.translate(1e5, 1e5))
    with pytest.raises(
        InputError, match=r"Not one of 5 located incidents(.|\n)*x -500 to 1,500(.|\n)*x 100,000"
    ):
        wm.assign_wards(incidents, far)


def test_zero_wards_doubled_wards_and_wards_without_an_area(incidents, wards):
    with pytest.raises(GeometryError, match="no wards"):
        wm.assign_wards(incidents, wards.iloc[:0])
    with pytest.raises(DuplicateWardError, match="E05000001"):
        wm.assign_wards(incidents, pd.concat([wards, wards.iloc[:1]]))
    lines = wards.set_geometry(wards.boundary)
    with pytest.raises(GeometryError, match="5 wards without a polygon"):
        wm.assign_wards(incidents, lines)
    empty = wards.set_geometry([shapely.Polygon(), *wards.geometry[1:]], crs=wards.crs)
    with pytest.raises(GeometryError, match="E05000001"):
        wm.assign_wards(incidents, empty)


def test_a_ward_with_a_vertex_that_is_nowhere_is_named(incidents, wards):
    nowhere = shapely.from_wkt("POLYGON ((0 0, 1000 0, inf 1000, 0 0))")
    broken = wards.set_geometry([*wards.geometry[:4], nowhere], crs=wards.crs)
    with pytest.raises(GeometryError, match=r"1 ward with a corner(.|\n)*E05000005"):
        wm.assign_wards(incidents, broken)


def test_swapped_coordinates_are_an_error_that_says_so(incidents, wards):
    moved = wards.set_geometry(wards.translate(0, 20_000))
    swapped = incidents.set_geometry(
        [None if p is None else shapely.Point(p.y + 20_000, p.x) for p in incidents.geometry], crs=27700
    )
    with pytest.raises(CRSError, match=r"look swapped(.|\n)*points_from_xy"):
        wm.assign_wards(swapped, moved)


def test_a_lookup_that_cannot_be_used_says_why(incidents, wards):
    small = pd.DataFrame({"from_code": ["A1"], "to_code": ["E05000003"]})
    with pytest.raises(MissingColumnError, match="lsoa_code"):
        wm.assign_wards(incidents, wards, lookup=small)
    rows = incidents.assign(lsoa_code="A1")
    with pytest.raises(InputError, match=r"more than one row for 1 code(.|\n)*A1"):
        wm.assign_wards(rows, wards, lookup=pd.concat([small, small]))
    halves = pd.concat([small, small.replace("E05000003", "E05000002")]).assign(share=0.5)
    with pytest.raises(InputError, match=r"in more than one ward(.|\n)*A1"):
        wm.assign_wards(rows, wards, lookup=halves)
    with pytest.raises(MissingColumnError, match=r"no column 'to_code'(.|\n)*WD24CD"):
        wm.assign_wards(rows, wards, lookup=small.rename(columns={"to_code": "WD24CD"}))
    with pytest.raises(MissingColumnError, match=r'no column \'oa_code\'(.|\n)*column="lsoa_code"'):
        wm.assign_wards(rows, wards, lookup=small, column="oa_code")
    with pytest.raises(AlignmentError, match=r"None of the ward codes of the lookup(.|\n)*E06"):
        wm.assign_wards(rows, wards, lookup=small.replace("E05000003", "E06"))


def test_what_is_not_a_table_of_incidents_says_how_to_get_one(incidents, wards):
    with pytest.raises(MissingColumnError, match=r"read_incidents"):
        wm.assign_wards(incidents.drop(columns="location"), wards)
    with pytest.raises(MissingColumnError, match=r"ward_code(.|\n)*read_wards"):
        wm.assign_wards(incidents, wards.reset_index())


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand(incidents, wards):
    with (
        pytest.warns(UnmatchedIncidentsWarning, match="1 of 5"),
        pytest.warns(EdgeIncidentsWarning, match="1 inc"),
    ):
        found = wm.assign_wards(incidents, wards)
    schema.check(found, schema.INCIDENTS)
    assert found["match"].tolist() == [
        "within", "within", "within", "edge", "outside", "no_location", "invalid", "duplicate",
    ]  # fmt: skip
    quay, hill = "E05000001", "E05000002"
    assert found["ward_code"].astype(object).where(found["ward_code"].notna(), None).tolist() == [
        quay, quay, hill, quay, None, None, None, None,
    ]  # fmt: skip


@expected_losses
def test_points_that_are_nowhere_are_not_called_outside(incidents, wards):
    points = [shapely.Point(), shapely.Point(np.nan, 5), shapely.Point(np.inf, 5), None]
    rows = incidents.iloc[:5].set_geometry([incidents.geometry[0], *points], crs=27700)
    assert wm.assign_wards(rows, wards)["match"].tolist() == [
        "within", "no_location", "no_location", "invalid", "no_location",
    ]  # fmt: skip


@expected_losses
def test_rows_without_a_point_go_to_the_ward_of_their_small_area(incidents, wards, tmp_path):
    # the second lies in a ward elsewhere
    lookup = pd.DataFrame({"from_code": ["A1", "A2"], "to_code": ["E05000003", "E05999999"]})
    rows = incidents.assign(lsoa_code=["A1"] * 5 + ["A1", "A2", "A1"])
    found = wm.assign_wards(rows, wards, lookup=lookup)
    assert found["match"].tolist()[4:] == ["outside", "lookup", "outside", "duplicate"]
    assert found["ward_code"].iloc[5] == "E05000003"
    assert found["match_method"].iloc[0].endswith("rows without a usable point by lookup of lsoa_code.")
    lookup.assign(share=1).to_csv(tmp_path / "lookup.csv", index=False)
    renamed = rows.rename(columns={"lsoa_code": "small"})
    from_file = wm.assign_wards(renamed, wards, lookup=tmp_path / "lookup.csv", column="small")
    assert from_file["match"].equals(found["match"])
    unknown = wm.assign_wards(rows.assign(lsoa_code=None), wards, lookup=lookup)
    assert unknown["match"].tolist()[5:7] == ["no_location", "invalid"]


@expected_losses
def test_the_ledger_by_hand(incidents, wards):
    book = wm.ledger(wm.assign_wards(incidents, wards))
    schema.check(book, schema.LEDGER)
    assert book.index.tolist() == ["Anti-social behaviour", "Burglary", "Robbery", "total"]
    assert book.loc["Burglary"].to_dict() == {
        "read": 4, "duplicate": 0, "within": 2, "edge": 0, "lookup": 0, "outside": 1, "no_location": 0,
        "invalid": 1,
    }  # fmt: skip
    assert book.loc["total", "read"] == len(incidents)


@expected_losses
def test_the_ledger_by_month_and_by_source(incidents, wards):
    incidents.loc[0, "date"] = pd.NaT
    incidents["source"] = pd.Categorical(["one.csv"] * 3 + ["two.csv"] * 5)
    found = wm.assign_wards(incidents, wards)
    by_month = wm.ledger(found, by="month")
    assert by_month["read"].to_dict() == {"(not recorded)": 1, "2016-04": 3, "2017-03": 4, "total": 8}
    assert by_month.index.name == "month"
    by_source = wm.ledger(found, by="source")
    assert by_source.loc["one.csv", ["read", "within"]].tolist() == [3, 3]
    assert by_source.loc["total"].equals(by_month.loc["total"])
    with pytest.raises(InputError, match="no ledger by 'ward'"):
        wm.ledger(found, by="ward")


def test_the_ledger_needs_the_join(incidents):
    with pytest.raises(MissingColumnError, match="assign_wards"):
        wm.ledger(incidents)


@expected_losses
def test_wards_are_transformed_and_the_error_is_said(incidents, wards):
    with pytest.warns(TransformWarning, match="expected error of 2 m"):
        found = wm.assign_wards(incidents, wards.to_crs("EPSG:4326"))
    assert found.crs == incidents.crs
    assert "wards transformed from EPSG:4326 to EPSG:27700" in found["match_method"].iloc[0]


@expected_losses
def test_the_input_is_not_touched_and_a_second_run_replaces_the_first(incidents, wards):
    before, wards_before = incidents.copy(deep=True), wards.copy(deep=True)
    once = wm.assign_wards(incidents, wards)
    assert incidents.equals(before)
    assert wards.equals(wards_before)
    pd.testing.assert_frame_equal(wm.assign_wards(once, wards), once)


# Alignment ------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_never_matters_and_nothing_is_lost(seed):
    """Points on and beside edges, corners and outside, in overlapping wards, in any order."""
    rng = np.random.default_rng(seed)
    shapes = [
        shapely.box(x, y, x + rng.integers(1, 4), y + rng.integers(1, 4))
        for x, y in rng.integers(1, 6, (6, 2))
    ]
    codes = [f"E0500000{i}" for i in range(6)]
    wards = gpd.GeoDataFrame(geometry=shapes, index=pd.Index(codes, name="ward_code"), crs=27700)
    points = shapely.points(rng.integers(1, 20, (40, 2)) / 2)
    wanted = [next((c for c, s in zip(codes, shapes, strict=True) if s.intersects(p)), None) for p in points]
    rows = gpd.GeoDataFrame(
        {"location": ["located"] * 40, "duplicate": False, "theme": "x"}, geometry=points, crs=27700
    )
    shuffle = rng.permutation(40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wardmap.join.assign.warn_of_losses", lambda _: None)
        if not any(wanted):
            return
        found = wm.assign_wards(rows.iloc[shuffle], wards.iloc[rng.permutation(6)]).sort_index()
    got = found["ward_code"].astype(object).where(found["ward_code"].notna(), None)
    assert got.tolist() == wanted
    book = wm.ledger(found)
    assert (book[list(schema.MATCHES)].sum(axis=1) == book["read"]).all()
