"""rebase: totals kept exactly when wards are divided, joined and drawn anew."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError

pytestmark = pytest.mark.filterwarnings("ignore::wardmap.errors.WardmapWarning")


@pytest.fixture
def new():
    """Return wards of 2024: the first two joined, the third kept, the last two cut into three."""
    cuts = [(0, 2000), (2000, 3000), (3000, 3500), (3500, 4600), (4600, 5000)]
    shapes = [shapely.box(left, 0, right, 1000) for left, right in cuts]
    return gpd.GeoDataFrame(
        {
            "ward_name": list("ABCDE"),
            "district": "Testshire",
            "vintage": pd.Categorical(["2024"] * 5),
            "halo": False,
        },
        geometry=shapes,
        index=pd.Index([f"E0500010{n}" for n in range(5)], name="ward_code"),
        crs=27700,
    )


@pytest.fixture
def table(wards, incidents):
    return wm.count_incidents(wm.assign_wards(incidents, wards), wards, by_period="month")


# Inputs ---------------------------------------------------------------------------------------------


def test_lookups_that_cannot_be_used(table, new, wards):
    whole = pd.DataFrame({"from_code": wards.index, "to_code": new.index})
    with pytest.raises(MissingColumnError, match=r'rename\(columns={"WD13CD": "from_code"'):
        wm.read.rebase(table, whole.rename(columns={"from_code": "WD13CD"}), wards=new)
    with pytest.raises(AlignmentError, match=r"Not in the lookup: 1 ward of the table(.|\n)*E05000001"):
        wm.read.rebase(table, whole[1:], wards=new)
    with pytest.raises(
        AlignmentError, match=r"Not among the wards: 1 new ward of the lookup(.|\n)*E05000999"
    ):
        wm.read.rebase(table, whole.assign(to_code=[*new.index[:4], "E05000999"]), wards=new)
    with pytest.raises(InputError, match=r"more than one row for 1 code, and no column 'share'"):
        wm.read.rebase(table, pd.concat([whole, whole[:1].assign(to_code=new.index[1])]), wards=new)
    with pytest.raises(InputError, match=r"do not sum to 1(.|\n)*E05000002"):
        wm.read.rebase(table, whole.assign(share=[1, 0.4, 1, 1, 1]), wards=new)


def test_an_old_ward_beyond_the_new_ones_is_an_error(wards, new):
    with pytest.raises(AlignmentError, match=r"In none of the new wards: 2 old wards"):
        wm.read.overlap_lookup(wards, new[:2])


# Outputs --------------------------------------------------------------------------------------------


def test_shares_of_land_by_hand(wards, new):
    lookup = wm.read.overlap_lookup(wards, new).set_index(["from_code", "to_code"])["share"]
    assert lookup["E05000001"].to_dict() == {"E05000100": 1.0}
    assert lookup["E05000004"].to_dict() == {"E05000102": 0.5, "E05000103": 0.5}
    assert lookup["E05000005"].to_dict() == {"E05000103": 0.6, "E05000104": 0.4}


def test_shares_of_people_by_hand_and_land_where_nobody_lives(wards, new):
    points = gpd.GeoDataFrame(
        {"population": [90, 10, 50]},
        geometry=gpd.points_from_xy([3100, 3900, 500], [500, 500, 500]),
        crs=27700,
    )
    lookup = wm.read.overlap_lookup(wards, new, people=points).set_index(["from_code", "to_code"])
    assert lookup.loc["E05000004", "share"].to_dict() == {"E05000102": 0.9, "E05000103": 0.1}
    assert lookup.loc["E05000005", "share"].to_dict() == {"E05000103": 0.6, "E05000104": 0.4}
    assert "no people" in lookup.loc["E05000005", "share_method"].iloc[0]


def test_counts_keep_every_total(table, wards, new):
    rebased = wm.read.rebase(table, wm.read.overlap_lookup(wards, new), wards=new)
    schema.check(rebased, schema.WARD_TABLE)
    by = ["theme", "period"]
    pd.testing.assert_series_equal(
        rebased.groupby(level=by)["incidents"].sum(), table.groupby(level=by)["incidents"].sum()
    )
    assert rebased.index.unique("ward_code").tolist() == new.index.tolist()
    assert rebased.xs("E05000100", level="ward_code")["incidents"].sum() == (
        table.loc[(slice(None), slice(None), ["E05000001", "E05000002"]), "incidents"].sum()
    )
    words = rebased["incidents_method"].iloc[0]
    assert "Carried to the wards of 2024: 5 wards, 2 divided, with" in words
    assert "E05000005 (60% to E05000103)" in words


def test_people_keep_their_total_and_what_is_not_known_stays_so(people, wards, new):
    lookup = wm.read.overlap_lookup(wards, new)
    rebased = wm.read.rebase(people, lookup, wards=new)
    schema.check(rebased, schema.POPULATION)
    assert rebased["population"].tolist() == [2000, 1000, 500, 1100, 400]
    unknown = wm.read.rebase(
        people.assign(population=[None, 1, 2, 3, 4]).astype({"population": float}), lookup, wards=new
    )
    assert unknown["population"].isna().tolist() == [True, False, False, False, False]


def test_an_official_lookup_without_shares_joins_whole_wards(people, wards, new):
    lookup = pd.DataFrame({"from_code": wards.index, "to_code": [new.index[0]] * 5})
    rebased = wm.read.rebase(people, lookup, wards=new)
    assert rebased["population"].tolist() == [5000, 0, 0, 0, 0]
    assert "none divided" in rebased["population_method"].iloc[0]


@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.integers(1, 9), min_size=3, max_size=3)
)
def test_whatever_the_shares_whole_numbers_stay_whole_and_sum(counts, weights):
    codes = pd.Index(["a", "b", "c"], name="ward_code")
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(3)]
    new = gpd.GeoDataFrame({"ward_name": codes, "vintage": "2024"}, geometry=shapes, index=codes, crs=27700)
    index = pd.MultiIndex.from_product([["x"], ["2018", "2019"], ["o", "p"]], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": counts, "months": 12}, index=index)
    share = [weight / sum(weights) for weight in weights]
    lookup = pd.DataFrame({"from_code": ["o"] * 3 + ["p"], "to_code": [*codes, "c"], "share": [*share, 1.0]})
    rebased = wm.read.rebase(table, lookup, wards=new)["incidents"]
    assert str(rebased.dtype) == "int64"
    assert rebased.groupby(level="period").sum().tolist() == [counts[0] + counts[1], counts[2] + counts[3]]
