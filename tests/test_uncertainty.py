"""boundary_uncertainty: what points that are off by some metres could do to the counts."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError

pytestmark = pytest.mark.filterwarnings(
    "ignore::wardmap.errors.UnmatchedIncidentsWarning", "ignore::wardmap.errors.EdgeIncidentsWarning"
)


def at(points, wards):
    """Return incidents at these points, assigned to the wards."""
    rows = gpd.GeoDataFrame(
        {"location": ["located"] * len(points)}, geometry=shapely.points(points), crs=27700
    )
    rows["duplicate"] = False
    return wm.assign_wards(rows, wards)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"metres": 0}, "nothing to redraw"),
        ({"metres": 5, "draws": 0}, "nothing to redraw"),
        ({"metres": 5, "confidence": 95}, "confidence: 95"),
    ],
)
def test_options_that_ask_for_nothing(wards, option, says):
    with pytest.raises(InputError, match=says):
        wm.join.boundary_uncertainty(at([(500, 500)], wards), wards, **option)


def test_incidents_that_are_not_assigned_or_to_other_wards(incidents, wards):
    with pytest.raises(MissingColumnError, match="assign_wards"):
        wm.join.boundary_uncertainty(incidents, wards, metres=5)
    found = at([(500, 500), (1500, 500)], wards)
    with pytest.raises(AlignmentError, match=r"other wards(.|\n)*E05000001"):
        wm.join.boundary_uncertainty(found, wards.iloc[1:], metres=5)


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand(wards):
    """One point deep in Quay, four 5 m from its edge with Hill, none elsewhere; discs of 10 m."""
    found = at([(500, 500), *[(995, y) for y in (200, 400, 600, 800)]], wards)
    doubt = wm.join.boundary_uncertainty(found, wards, metres=10, draws=4_000)
    schema.check(doubt, schema.UNCERTAINTY)
    assert doubt["incidents"].tolist() == [5, 0, 0, 0, 0]
    assert doubt["near_edge"].iloc[0] == 0.8
    assert doubt["near_edge"].iloc[1:].isna().all()
    # beyond a chord at half the radius lies (pi/3 - sqrt(3)/4) / pi of a disc
    beyond = (np.pi / 3 - np.sqrt(3) / 4) / np.pi
    np.testing.assert_allclose(doubt["redrawn"].iloc[:2], [5 - 4 * beyond, 4 * beyond], atol=0.05)
    assert doubt["redrawn_lower"].tolist() == [3, 0, 0, 0, 0]
    assert doubt["redrawn_upper"].tolist() == [5, 2, 0, 0, 0]
    assert "each point moves by up to 10 m" in doubt["redrawn_method"].iloc[0]


def test_points_that_move_together_make_a_wider_interval(wards):
    found = at([(995, y) for y in range(100, 900, 10)], wards)
    alone = wm.join.boundary_uncertainty(found, wards, metres=10)
    alike = wm.join.boundary_uncertainty(found, wards, metres=10, shared=True)
    assert (alike.loc["E05000001", "redrawn_lower"], alike.loc["E05000001", "redrawn_upper"]) == (0, 80)
    assert alone.loc["E05000001", "redrawn_lower"] > 40


def test_points_outside_every_ward_may_move_in_and_others_out(wards):
    found = at([(-5, 500), (5, 500)], wards)
    doubt = wm.join.boundary_uncertainty(found, wards, metres=10)
    assert doubt["incidents"].iloc[0] == 1
    assert (doubt["redrawn_lower"].iloc[0], doubt["redrawn_upper"].iloc[0]) == (0, 2)


def test_degrees_feet_and_metres_tell_the_same(wards):
    """Metres are metres on the ground in every coordinate system: the near shares are the same."""
    rng = np.random.default_rng(0)
    found = at(rng.uniform((0, 0), (5000, 1000), (2_000, 2)), wards)
    near = wm.join.boundary_uncertainty(found, wards, metres=50, draws=1)["near_edge"]
    for crs in ("EPSG:4326", "EPSG:3435"):
        flat = wards.set_crs(32616, allow_override=True).translate(440_000, 4_630_000).to_crs(crs)
        there = wards.set_geometry(flat)
        moved = found.set_crs(32616, allow_override=True).translate(440_000, 4_630_000).to_crs(crs)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("wardmap.join.ward_layer.warn", lambda *_, **__: None)
            rows = wm.assign_wards(
                found.drop(columns=["ward_code", "match", "match_method"]).set_geometry(moved), there
            )
            doubt = wm.join.boundary_uncertainty(rows, there, metres=50, draws=1)
        np.testing.assert_allclose(doubt["near_edge"], near, atol=0.01)


# Alignment ------------------------------------------------------------------------------------------


def test_same_seed_same_numbers_in_any_order_of_wards_and_the_halo_is_left_out(wards):
    found = at([(995, 500), (1995, 500), (2500, 500)], wards)
    wards["halo"] = [False, False, False, False, True]
    first = wm.join.boundary_uncertainty(found, wards, metres=10)
    assert first.index.tolist() == wards.index.tolist()[:4]
    pd.testing.assert_frame_equal(wm.join.boundary_uncertainty(found, wards.iloc[::-1], metres=10), first)
    assert not wm.join.boundary_uncertainty(found, wards, metres=10, draws=3, seed=1).equals(
        wm.join.boundary_uncertainty(found, wards, metres=10, draws=3)
    )


def test_every_draw_counts_every_incident_once_where_no_edge_is_outer(wards):
    found = at([(x, 500) for x in range(500, 4_500, 7)], wards)
    doubt = wm.join.boundary_uncertainty(found, wards, metres=200, draws=50)
    assert doubt["redrawn"].sum() == pytest.approx(len(found))


# Redraws for the ranking ----------------------------------------------------------------------------


def test_redraws_are_those_of_the_uncertainty_and_of_the_ranking(wards):
    """Thirty-five incidents on Quay's side of the edge, thirty in Hill: the edge decides who is first."""
    found = at([*[(998, y) for y in range(100, 800, 20)], *[(1500, y) for y in range(100, 700, 20)]], wards)
    counts = wm.join.redraw_counts(found, wards, metres=10, theme="ASB", period="2018", draws=199)
    doubt = wm.join.boundary_uncertainty(found, wards, metres=10, draws=199)
    assert counts.mean(axis=1).tolist() == pytest.approx(doubt["redrawn"].tolist())
    table = pd.DataFrame({"incidents": [35, 30, 5, 5, 5], "population": 1000.0}, index=counts.index)
    surely, redrawn = wm.rank_stability(table, top=1), wm.rank_stability(table, top=1, redrawn=counts)
    assert redrawn["rank_top"].iloc[0] < 0.3 < surely["rank_top"].iloc[0]


def test_halo_wards_are_not_redrawn_for_the_table(wards):
    found = at([(500, 500)], wards)
    counts = wm.join.redraw_counts(
        found, wards.assign(halo=[False] * 4 + [True]), metres=10, theme="ASB", period="2018", draws=2
    )
    assert counts.index.get_level_values("ward_code").tolist() == wards.index[:4].tolist()
