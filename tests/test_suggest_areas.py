"""suggest_areas: the district cut into contiguous areas, by spopt, and checked."""

import builtins

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, TooFewWardsError, WardmapError
from wardmap.priority.areas.suggest_areas import _check_kept


@pytest.fixture
def district():
    """Four by four wards of a kilometre: the western half runs at 10, the eastern at 30 per 1,000."""
    codes = [f"E050000{n:02d}" for n in range(16)]
    squares = [
        shapely.box(x * 1000, y * 1000, x * 1000 + 1000, y * 1000 + 1000) for x in range(4) for y in range(4)
    ]
    wards = gpd.GeoDataFrame(
        {"ward_name": codes, "halo": False},
        geometry=squares,
        index=pd.Index(codes, name="ward_code"),
        crs=27700,
    )
    index = pd.MultiIndex.from_product([["all crime"], ["2018"], codes], names=schema.WARD_TABLE.index)
    table = pd.DataFrame({"incidents": [10] * 8 + [30] * 8, "population": 1000.0}, index=index)
    return table.assign(rate=table["incidents"] / 1.0), wards, wm.neighbours(wards, rule="rook")


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "a number of areas, or for the least share"),
        ({"number": 2, "least": 0.2}, "a number of areas, or for the least share"),
        ({"number": 16}, "less than that of the wards"),
        ({"number": 1}, "at least 2"),
        ({"least": 0.6}, "half each at most"),
        ({"number": 2, "columns": ["population"]}, r"the same: 'population'"),
    ],
)
def test_what_cannot_be_asked(district, options, said):
    with pytest.raises(InputError, match=said):
        wm.priority.suggest_areas(*district, **options)


def test_wards_across_a_gap_are_not_one_district(district):
    table, wards, _ = district
    middle = wards.index[4:8]
    apart = wards.drop(middle)
    with pytest.raises(TooFewWardsError, match="do not all touch each other"):
        wm.priority.suggest_areas(
            table.drop(middle, level="ward_code"), apart, wm.neighbours(apart), number=2
        )


def test_without_spopt_it_says_how_to_get_it(district, monkeypatch):
    plain = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("spopt"):
            raise ImportError("No module named 'spopt'")
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WardmapError, match=r"wardmap\[areas\]"):
        wm.priority.suggest_areas(*district, number=2)


def test_a_suggestion_that_breaks_its_word_is_not_passed_on(district):
    areas = wm.priority.suggest_areas(*district, number=2)
    for broken, shares, number, least in [
        (areas.assign(contiguous=[True, False]), [0.5, 0.5], 2, None),
        (areas, [0.9, 0.1], None, 0.2),
        (areas, [0.5, 0.5], 3, None),
    ]:
        with pytest.raises(WardmapError, match="does not keep to what was asked"):
            _check_kept(broken, np.array(shares), number, least)


# Outputs --------------------------------------------------------------------------------------------


def test_two_halves_are_found(district):
    areas = wm.priority.suggest_areas(*district, number=2)
    schema.check(areas, schema.AREAS)
    assert [sorted(codes) for codes in areas["ward_codes"]] == [
        district[1].index[8:].tolist(), district[1].index[:8].tolist(),
    ]  # fmt: skip
    assert areas["share_incidents"].tolist() == [0.75, 0.25]
    assert (
        "SKATER, 2 areas, alike in rate; an area holds 25 to 75% of incidents" in areas["area_method"].iloc[0]
    )


def test_as_many_as_hold_a_share_each_ward_once_and_the_same_again(district):
    areas = wm.priority.suggest_areas(*district, least=0.2)
    assert sorted(areas["ward_codes"].explode()) == district[1].index.tolist()
    assert areas["contiguous"].all()
    assert areas["share_incidents"].min() >= 0.2
    assert len(areas) >= 3
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    again = wm.priority.suggest_areas(*district, least=0.2)
    assert again["ward_codes"].tolist() == areas["ward_codes"].tolist()
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002 - the global generator is put back
