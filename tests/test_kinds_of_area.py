"""Whether codes are those of wards, nation by nation."""

import warnings

import geopandas as gpd
import pytest
import shapely

import wardmap as wm
from wardmap.errors import NotWardsWarning


def layer(codes, column="WD24CD"):
    return gpd.GeoDataFrame(
        {column: codes, "WD24NM": [f"Place {code}" for code in codes]},
        geometry=[
            shapely.box(424_000 + 100 * i, 323_000, 424_100 + 100 * i, 323_100) for i in range(len(codes))
        ],
        crs=27700,
    )


@pytest.mark.parametrize(
    "codes",
    [
        ["E05006918", "E05006922"],
        ["W05000123", "W05001123"],
        ["S13002516", "S13003132"],
        ["N08000101", "N08000462"],
        ["031", "KITSILANO"],  # of other countries
    ],
    ids=["England", "Wales", "Scotland", "Northern Ireland", "elsewhere"],
)
def test_wards_of_every_nation_are_read_without_a_word(codes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert wm.read_wards(layer(codes)).index.tolist() == codes


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("E36000001", "E36 county electoral divisions"),
        ("E58000001", "E58 county electoral divisions"),
        ("E07000193", "E07 districts"),
        ("W06000001", "W06 districts"),
        ("S12000033", "S12 districts"),
        ("N09000001", "N09 districts"),
        ("E01029447", "E01 small areas"),
        ("E99999999", "E99 of another kind"),
    ],
)
def test_other_areas_are_named_and_kept(code, kind):
    with pytest.warns(NotWardsWarning, match=rf"(?s)not wards.*1 area of 2.*{kind}.*'{code}'.*code=") as said:
        wards = wm.read_wards(layer(["E05006918", code]))
    assert wards.index.tolist() == sorted(["E05006918", code])
    assert "E05006918" not in str(said[0].message)


def test_divisions_are_read_when_their_column_is_named():
    with pytest.warns(NotWardsWarning, match=r"(?s)not wards.*2 areas of 2"):
        wards = wm.read_wards(layer(["E58000001", "E58000002"], "CED23CD"), code="CED23CD")
    assert wards["vintage"].tolist() == ["2023"] * 2


@pytest.mark.parametrize("codes", [[1, 2], [1.0, 2.0], ["1", " 2 "]])
def test_codes_that_are_numbers_read_the_same_from_every_kind_of_column(codes):
    assert wm.read_wards(layer(codes)).index.tolist() == ["1", "2"]
