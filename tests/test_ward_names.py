"""What wards are called: Welsh names beside English ones, and what stands for a name that is not there."""

import geopandas as gpd
import pytest
import shapely

import wardmap as wm
from wardmap.errors import MissingColumnError, RepairWarning

CODES = ["E05000001", "W05000001", "W05000002"]


@pytest.fixture
def layer():
    """Return a ward of England, whose Welsh name is null, and two of Wales, one with one name for both."""
    return gpd.GeoDataFrame(
        {
            "WD22CD": CODES,
            "WD22NM": ["Quay", "Old Mills ", "Llŷn"],
            "WD22NMW": [None, "Hen Felinau", "Llŷn"],
        },
        geometry=[shapely.box(300_000 + 100 * i, 300_000, 300_100 + 100 * i, 300_100) for i in range(3)],
        crs=27700,
    )


@pytest.mark.parametrize(
    ("name", "names"),
    [
        (None, ["Quay", "Old Mills", "Llŷn"]),
        ("WD22NMW", ["Quay", "Hen Felinau", "Llŷn"]),
        (["WD22NM", "WD22NMW"], ["Quay", "Old Mills / Hen Felinau", "Llŷn"]),
        (["WD22NMW", "WD22NM"], ["Quay", "Hen Felinau / Old Mills", "Llŷn"]),
    ],
    ids=["by habit", "Welsh", "both", "Welsh first"],
)
@pytest.mark.parametrize("blank", [None, "", " "])
def test_no_language_loses_a_ward(layer, name, names, blank):
    layer.loc[0, "WD22NMW"] = blank
    wards = wm.read_wards(layer, name=name)
    assert wards.index.tolist() == CODES
    assert wards["ward_name"].tolist() == names


def test_welsh_names_alone_are_found_and_the_code_stands_where_there_is_none(layer):
    with pytest.warns(RepairWarning, match=r"(?s)1 ward without a name: the code.*'E05000001'.*'WD22NMW'"):
        wards = wm.read_wards(layer.drop(columns="WD22NM"))
    assert wards["ward_name"].tolist() == ["E05000001", "Hen Felinau", "Llŷn"]


def test_a_column_of_names_that_is_not_there_names_the_nearest(layer):
    with pytest.raises(MissingColumnError, match=r"(?s)no column 'WD22NMC'.*nearest first: 'WD22NM"):
        wm.read_wards(layer, name=["WD22NM", "WD22NMC"])


def test_welsh_letters_and_apostrophes_survive_a_file(tmp_path, layer):
    layer["WD22NM"] = ["Tŷ-du", "Bôn", "D'Arcy"]
    layer.to_crs(4326).to_file(tmp_path / "wards.geojson")
    assert wm.read_wards(tmp_path / "wards.geojson")["ward_name"].tolist() == ["Tŷ-du", "Bôn", "D'Arcy"]
