"""Boundaries that are not what they seem, one test for each way in which libraries say nothing of it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap.errors import (
    AlignmentError,
    DuplicateWardError,
    EdgeIncidentsWarning,
    GeometryError,
    IslandWarning,
    MisfitWarning,
    RepairWarning,
    SmallNumbersWarning,
)

FEW = pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")  # five wards are few to test


def redrawn(layer, shape, at=0):
    """Return the layer with another shape for one ward."""
    shapes = layer.geometry.to_list()
    shapes[at] = shape
    return layer.set_geometry(shapes, crs=layer.crs)


def test_an_overlap_is_named_and_its_points_count_once(layer, rows):
    with pytest.warns(
        MisfitWarning, match=r"Quay \(E05000001\) and Hill \(E05000002\) overlap by 500,000 m²"
    ):
        wards = wm.read_wards(redrawn(layer, shapely.box(424_000, 323_000, 425_500, 324_000)))
    rows.loc[0, "easting"] = 425_250
    with pytest.warns(
        EdgeIncidentsWarning, match="2 incidents on the edge between wards, or where they overlap"
    ):
        found = wm.assign_wards(wm.read_incidents(rows), wards)
    assert found["ward_code"].iloc[0] == "E05000001"
    assert wm.count_incidents(found, wards).loc["Burglary", "incidents"].sum() == len(rows)


def test_a_gap_is_named_and_bridged_only_when_asked(layer):
    with pytest.warns(MisfitWarning, match=r"(?s)'Quay.*'Hill.*less than 1 m apart.*tolerance_m=1"):
        wards = wm.read_wards(redrawn(layer, shapely.box(424_000, 323_000, 424_999.5, 324_000)))
    with pytest.warns(IslandWarning, match=r"(?s)1 of 5 wards.*Quay.*tolerance_m=1"):
        assert "E05000001" in wm.neighbours(wards).isolates
    assert wm.neighbours(wards, tolerance_m=1).n_edges == 8


def test_the_parts_of_a_ward_on_several_rows_are_put_together(layer):
    parts = layer.assign(
        WD13CD=["E05000001", "E05000001", *layer["WD13CD"][2:]], WD13NM=["Quay", "Quay", *"abc"]
    )
    with pytest.warns(RepairWarning, match=r"(?s)parts of 1 ward were on several rows.*Quay \(E05000001\)"):
        wards = wm.read_wards(parts)
    assert wards.index.is_unique
    assert wards.area["E05000001"] == 2e6


def test_two_rows_with_one_code_that_are_no_parts_are_an_error(layer):
    with pytest.raises(DuplicateWardError, match=r"(?s)2 rows carry.*'E05000001'.*very same shape"):
        wm.read_wards(pd.concat([layer, layer[:1]]))
    with pytest.raises(DuplicateWardError, match=r"(?s)'Quay', 'Hill', 'Moor'.*their names differ"):
        wm.read_wards(layer.assign(WD13CD="E05000001"))


def test_a_population_with_a_ward_twice_multiplies_nothing(residents):
    with pytest.raises(DuplicateWardError, match=r"(?s)more than one population.*'E05000003'"):
        wm.read_population(pd.concat([residents, residents[2:3]]))


def test_a_bow_tie_keeps_both_halves_and_it_is_said(layer):
    """`buffer(0)` would lose one of them; before it is mended its area is nothing."""
    tie = shapely.Polygon([(424_000, 323_000), (425_000, 324_000), (425_000, 323_000), (424_000, 324_000)])
    with pytest.warns(RepairWarning, match=r"(?s)Quay \(E05000001\): Self-intersection.*enclosed nothing"):
        wards = wm.read_wards(redrawn(layer, tie))
    assert wards.area["E05000001"] == pytest.approx(2 * tie.buffer(0).area)
    assert wards.is_valid.all()


def test_a_ring_that_encloses_nothing_even_when_mended_is_an_error(layer):
    flat = shapely.Polygon([(424_000, 323_000), (425_000, 323_000), (424_500, 323_000)])
    with pytest.raises(GeometryError, match=r"(?s)1 row.*cannot be a ward.*Quay"):
        wm.read_wards(redrawn(layer, flat))


def test_a_hole_outside_its_shell_is_mended_and_it_is_said(layer):
    hole = [(424_100, 325_000), (424_200, 325_000), (424_200, 325_100)]
    with pytest.warns(RepairWarning, match=r"(?s)Quay \(E05000001\): Hole lies outside shell.*\+1\.00"):
        wards = wm.read_wards(redrawn(layer, shapely.Polygon(layer.geometry[0].exterior.coords, [hole])))
    assert wards.is_valid.all()


@pytest.mark.parametrize("nothing", [None, shapely.Polygon()])
def test_a_ward_without_a_geometry_is_an_error_that_names_it(layer, nothing):
    with pytest.raises(GeometryError, match=r"(?s)1 ward without a geometry.*Dale \(E05000004\)"):
        wm.read_wards(redrawn(layer, nothing, at=3))


def test_heights_are_dropped_and_never_reach_the_page(layer, rates, tmp_path):
    high = shapely.force_3d(layer.geometry.to_numpy(), 7.0)
    wards = wm.read_wards(layer.set_geometry(high, crs=layer.crs))
    assert not wards.has_z.any()
    flat = wm.read_wards(layer)
    for name, borders in (("high", wards), ("flat", flat)):
        wm.save_map(wm.ward_map(rates, borders), tmp_path / f"{name}.html")
    assert (tmp_path / "high.html").read_bytes() == (tmp_path / "flat.html").read_bytes()


@pytest.mark.parametrize("kind", ["representative_point", "boundary"])
def test_points_and_lines_are_no_wards(layer, kind):
    shapes = layer.representative_point() if kind == "representative_point" else layer.boundary
    with pytest.raises(GeometryError, match=r"(?s)5 rows.*cannot be a ward.*Quay.*'(Point|LineString)'"):
        wm.read_wards(layer.set_geometry(shapes))


def test_a_ward_that_covers_the_world_is_an_error(layer):
    with pytest.raises(GeometryError, match=r"(?s)1 ward wider than half the earth.*Quay"):
        wm.read_wards(redrawn(layer.to_crs(4326), shapely.box(-179, 50, 179, 52)))


def test_a_shared_edge_without_a_shared_vertex_is_shared(layer):
    """Two wards meet beside Quay, in the middle of its edge, where Quay is drawn without a vertex."""
    halves = gpd.GeoDataFrame(
        {"WD13CD": ["E05000008", "E05000009"], "WD13NM": ["Low", "High"]},
        geometry=[
            shapely.box(425_000, 323_000, 426_000, 323_400),
            shapely.box(425_000, 323_400, 426_000, 324_000),
        ],
        crs=layer.crs,
    )
    with pytest.warns(MisfitWarning, match="edges run less than 1 m apart"):
        wards = wm.read_wards(pd.concat([layer[:1], halves], ignore_index=True))
    for rule in ("queen", "rook"):
        assert set(wm.neighbours(wards, rule=rule)["E05000001"].index) == {"E05000008", "E05000009"}


@FEW
@pytest.mark.parametrize(("verb", "into"), [(wm.gi_star, "gi"), (wm.hotspots.local_moran, "moran")])
def test_an_island_is_never_significant(layer, rates, verb, into):
    far = redrawn(layer, shapely.box(424_000, 330_000, 425_000, 331_000))
    with pytest.warns(IslandWarning, match=r"(?s)1 of 5 wards have no neighbour.*Quay"):
        graph = wm.neighbours(wm.read_wards(far))
    found = verb(rates.loc[["Burglary"]], graph).xs("E05000001", level="ward_code")
    assert found[f"{into}_class"].tolist() == ["not testable"]
    assert found[f"{into}_p"].isna().all()


@FEW
@pytest.mark.parametrize("verb", [wm.gi_star, wm.hotspots.local_moran])
def test_rows_in_another_order_than_the_graph_change_nothing(district, rates, verb):
    table = rates.assign(rate=[5.0, 4.0, 1.0, 2.0, 0.5] * 2)
    graph = wm.neighbours(district)
    turned = verb(table.iloc[::-1], graph).reindex(table.index)
    pd.testing.assert_frame_equal(turned, verb(table, graph))
    one, other = (wm.hotspots.moran(given, graph) for given in (table, table.iloc[::-1]))
    pd.testing.assert_frame_equal(other.reindex(one.index), one)


@pytest.mark.parametrize("written", [str.lower, " {} ".format, "{}\t".format])
def test_codes_in_other_cases_and_with_spaces_are_the_same_codes(rates, residents, district, written):
    people = wm.read_population(residents.assign(ward_code=residents["ward_code"].map(written)))
    assert people.index.tolist() == district.index.tolist()
    assert wm.add_rates(rates, people)["rate"].equals(rates["rate"])


def test_codes_that_are_numbers_meet_codes_that_are_text(layer, rows, residents):
    """A workbook holds 1.0, a shapefile 1, and a CSV file the text 1."""
    wards = wm.read_wards(layer.assign(WD13CD=[1.0, 2.0, 3.0, 4.0, 5.0]))
    counts = wm.count_incidents(wm.assign_wards(wm.read_incidents(rows), wards), wards)
    for codes in ([1, 2, 3, 4, 5], ["1", "2 ", "3", "4", "5"], [1.0, 2.0, 3.0, 4.0, 5.0]):
        assert (
            wm.add_rates(counts, wm.read_population(residents.assign(ward_code=codes)))["rate"].notna().all()
        )


def test_codes_that_do_not_match_are_listed_on_both_sides(rates, residents, district):
    others = wm.read_population(residents.assign(ward_code=[*residents["ward_code"][:4], "E05000009"]))
    with pytest.raises(AlignmentError, match=r"(?s)table only: 'E05000005'.*population only: 'E05000009'"):
        wm.add_rates(rates, others)
    with pytest.raises(AlignmentError, match=r"(?s)table only, 1: 'E05000005'.*graph only, 0: none"):
        wm.gi_star(rates, wm.neighbours(district.iloc[:4]))
    numbers = district.set_axis(pd.Index(range(1, 6), name="ward_code"))
    with pytest.raises(AlignmentError, match="codes in the table are string, in the graph integer"):
        wm.gi_star(rates, wm.neighbours(numbers))


@pytest.mark.parametrize("nobody", [0, None])
@pytest.mark.parametrize("towards", ["district", "gamma-poisson"])
def test_a_ward_without_people_has_no_rate_and_takes_none_from_the_others(rates, residents, nobody, towards):
    people = wm.read_population(residents.assign(pop_mid2017=[1000, 1000, nobody, 1000, 1000]))
    with pytest.warns(SmallNumbersWarning, match=r"(?s)No rate for 1 ward.*'E05000003'"):
        table = wm.add_rates(rates, people)
    found = wm.rates.smooth_rates(table, against=towards)
    for column in ("rate", "smoothed"):
        assert found[column].isna().tolist() == [False, False, True, False, False] * 2


@pytest.mark.parametrize("value", [0, 3])
def test_no_variation_is_not_testable_and_never_significant(district, rates, value):
    table = rates.assign(incidents=value, rate=float(value))
    graph = wm.neighbours(district)
    for found, into in ((wm.gi_star(table, graph), "gi"), (wm.hotspots.local_moran(table, graph), "moran")):
        assert found[f"{into}_class"].eq("not testable").all()
        assert found[f"{into}_p"].isna().all()
    assert wm.hotspots.moran(table, graph)["moran_p"].isna().all()
    assert "does not vary" in wm.hotspots.moran(table, graph)["moran_method"].iloc[0]
    scanned = wm.scan(table, district, replicates=99)
    assert scanned["scan_cluster"].isna().all()
    assert not (scanned["scan_p"] <= 0.5).any()


def test_few_different_values_make_few_classes_and_no_data_is_one_of_its_own(district, rates):
    page = wm.ward_map(rates.assign(rate=[1.0, 1.0, 2.0, 2.0, np.nan] * 2), district).get_root().render()
    legend = page.split('<section class="wm-legend"')[1].split("</section>")[0]
    assert "2 classes cut at natural breaks" in legend
    assert legend.count('<span class="wm-count"') == 3
    assert "No data" in legend
    assert "url(#wm-hatch-1)" in legend
