"""place_area: a named set of wards as one place."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError


@pytest.fixture
def table(wards):
    """A district of 1,000 incidents and 10,000 people."""
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    counts = {"incidents": [200, 200, 200, 200, 200], "population": [1000.0, 1000, 2000, 3000, 3000]}
    return pd.DataFrame(counts, index=index)


def test_unknown_doubled_and_no_wards(wards):
    with pytest.raises(InputError, match=r"(?s)E05000009.*nearest first: E0500000"):
        wm.place_area(wards, name="Docks", ward_codes=["E05000009"])
    with pytest.raises(InputError, match=r"(?s)twice.*E05000001"):
        wm.place_area(wards, name="Docks", ward_codes=["E05000001", "e05000001 "])
    with pytest.raises(InputError, match="names no ward"):
        wm.place_area(wards, name="Docks", ward_codes=[])


def test_an_unknown_theme_or_period_is_named(wards, table):
    with pytest.raises(InputError, match=r"(?s)theme 'al crime'.*all crime"):
        wm.place_area(wards, name="Docks", ward_codes=["E05000001"], table=table, theme="al crime")
    with pytest.raises(InputError, match=r"(?s)period '2016'.*2016/17"):
        wm.place_area(wards, name="Docks", ward_codes=["E05000001"], table=table, period="2016")


def test_two_wards_by_hand(wards, table):
    area = wm.place_area(wards, name="Docks", ward_codes=["E05000001", "E05000002"], table=table)
    schema.check(area, schema.AREAS)
    row = area.loc["Docks"]
    assert row["ward_names"] == ["Quay", "Hill"]
    assert bool(row["contiguous"])
    assert row["area_km2"] == pytest.approx(2)
    assert row["share_area"] == pytest.approx(0.4)
    assert row.geometry.area == pytest.approx(2e6)
    assert (row["incidents"], row["population"]) == (400, 2000)
    assert (row["share_incidents"], row["share_population"]) == (0.4, 0.2)
    # twice the district, which contains it; 0.4/0.2 over 0.6/0.8 of the rest: methods C4, r(1-w)/(1-wr)
    assert row["ratio_district"] == pytest.approx(2)
    assert row["ratio_rest"] == pytest.approx(2 * (1 - 0.2) / (1 - 0.2 * 2))


def test_harm_is_shared_as_incidents_are_and_the_halo_is_not_the_district(wards, table):
    harm = table.assign(harm=[30.0, 20, 20, 20, 10])
    assert wm.place_area(wards, name="Docks", ward_codes=["E05000001"], table=harm)[
        "share_harm"
    ].item() == pytest.approx(0.3)
    assert pd.isna(
        wm.place_area(wards, name="Docks", ward_codes=["E05000001"], table=table)["share_harm"].item()
    )
    edge = wards.assign(halo=wards.index == "E05000005")
    assert wm.place_area(edge, name="Docks", ward_codes=["E05000001"])["share_area"].item() == pytest.approx(
        0.25
    )


def test_wards_that_do_not_touch_are_said_not_refused(wards):
    apart = wm.place_area(wards, name="Ends", ward_codes=["E05000001", "E05000005"])
    assert not apart["contiguous"].item()
    assert apart["population"].isna().all()
    schema.check(apart, schema.AREAS)


def test_a_chain_of_wards_is_contiguous_in_any_order(wards):
    assert wm.place_area(wards, name="All", ward_codes=wards.index[[4, 0, 2, 1, 3]].tolist())[
        "contiguous"
    ].item()
