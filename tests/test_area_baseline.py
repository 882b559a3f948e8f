"""area_baseline: where a place starts from."""

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError

DOCKS = ["E05000001", "E05000002"]


@pytest.fixture
def table(wards):
    """Two themes; a district of 1,000 and of 10 incidents, and 10,000 people."""
    index = pd.MultiIndex.from_product(
        [["all crime", "ASB"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    return pd.DataFrame(
        {
            "ward_name": wards["ward_name"].tolist() * 2,
            "incidents": [200, 200, 200, 200, 200, 10, 0, 0, 0, 0],
            "population": [1000.0, 1000, 2000, 3000, 3000] * 2,
        },
        index=index,
    )


def test_an_area_that_is_no_part_is_refused(table, wards):
    with pytest.raises(InputError, match="there is no rest"):
        wm.priority.area_baseline(table, name="All", ward_codes=wards.index)
    with pytest.raises(InputError, match="names a ward twice"):
        wm.priority.area_baseline(table, name="Docks", ward_codes=["E05000001"] * 2)


def test_two_wards_by_hand(table):
    found = wm.priority.area_baseline(table, name="Docks", ward_codes=DOCKS)
    schema.check(found, schema.BASELINE)
    crime = found.loc["all crime"]
    assert crime.index.tolist() == [
        "Quay (E05000001)", "Hill (E05000002)", "Docks", "Rest of the district", "District",
    ]  # fmt: skip
    assert crime["incidents"].tolist() == [200, 200, 400, 600, 1000]
    assert crime["rate"].tolist() == [200, 200, 200, 75, 100]
    assert crime.loc["Docks", "ratio_rest"] == pytest.approx(200 / 75)
    assert crime.loc["Quay (E05000001)", "ratio_rest"] == pytest.approx(200 / (800 / 9))
    assert np.isnan(crime.loc["District", "ratio_rest"])


def test_limits_are_those_of_the_rates(table):
    """None: 0 to 3.6889 (Breslow and Day 1987, table 2.11); from ten, Byar's, as `add_rates` has them."""
    asb = wm.priority.area_baseline(table, name="Docks", ward_codes=DOCKS).loc["ASB"]
    ten, none = asb.loc["Quay (E05000001)"], asb.loc["Hill (E05000002)"]
    assert [ten["rate_lower"], ten["rate_upper"]] == pytest.approx([4.7954, 18.3904], abs=1e-2)  # exact
    assert [none["rate_lower"], none["rate_upper"]] == pytest.approx([0, 3.6889], abs=1e-4)


def test_the_parts_sum_to_the_district(table):
    found = wm.priority.area_baseline(table, name="Docks", ward_codes=DOCKS).xs("all crime")
    for column in ("incidents", "population", "share_incidents", "share_population"):
        docks, rest, district = found[column].loc[["Docks", "Rest of the district", "District"]]
        assert docks + rest == pytest.approx(district)
        assert found[column].iloc[:2].sum() == pytest.approx(docks)
