"""Wards of the halo take part in the statistics of their neighbours, and are not tested themselves."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

import wardmap as wm
from tests.test_gi_star import CODES, RISING, ring, ward_table
from wardmap.errors import InputError
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.local.local_moran import local_moran
from wardmap.hotspots.local.moran import moran
from wardmap.hotspots.scans.scan_inputs import cases_of
from wardmap.hotspots.time.emerging import emerging
from wardmap.stats.multiplicity import q_values

HALO = np.arange(12) >= 9
LOCAL = pytest.mark.parametrize(("statistic", "name"), [(gi_star, "gi"), (local_moran, "moran")])


def with_halo(values=RISING, **where):
    table = ward_table(values, **where)
    return table.assign(halo=np.tile(HALO, len(table) // 12))


# --- inputs


def test_the_halo_is_true_or_false_and_one_thing_for_a_ward():
    table = with_halo(RISING * 2, periods=("2016", "2017"))
    with pytest.raises(InputError, match=r"(?s)true or false.*1 null"):
        gi_star(table.assign(halo=table["halo"].astype("boolean").mask(np.arange(24) == 3)), ring())
    with pytest.raises(InputError, match=rf"(?s)1 wards.*'{CODES[3]}'"):
        gi_star(table.assign(halo=table["halo"] | (np.arange(24) == 3)), ring())


def test_what_is_about_the_district_refuses_a_halo():
    with pytest.raises(InputError, match=rf"(?s)Moran's I is about the district.*'{CODES[9]}'"):
        moran(with_halo(), ring())
    table = with_halo(variable="incidents").assign(population=100)
    with pytest.raises(InputError, match=r"(?s)The scan is about the district.*~table"):
        cases_of(table, None)


@pytest.mark.parametrize("verb", [wm.compare, wm.flag_wards], ids=["compare", "flag_wards"])
def test_a_halo_is_not_counted_as_the_district(verb):
    """Else the rest of the district, and the set that holds half of it, would reach beyond its edge."""
    table = with_halo(np.arange(12) + 30, variable="incidents").assign(population=1000)
    inner = wm.compare(table[~table["halo"]])
    marked = inner.assign(halo=np.arange(9) == 8) if verb is wm.flag_wards else table
    named = CODES[8] if verb is wm.flag_wards else CODES[9]
    with pytest.raises(InputError, match=rf'(?s)about the district.*{named}.*table\[~table\["halo"\]\]'):
        verb(marked)
    assert verb(inner)["halo"].sum() == 0
    unsure = marked.assign(halo=marked["halo"].astype("boolean"))
    with pytest.raises(InputError, match="about the district"):
        verb(unsure)


SUMS = {
    "funnel_limits": wm.rates.funnel_limits,
    "concentration": wm.rates.concentration,
    "lorenz": wm.rates.lorenz,
    "compare_wards": lambda table: wm.rates.compare_wards(table, ward_codes=CODES[:2], name="Quays"),
    "rank_stability": wm.rank_stability,
    "allocate": lambda table: wm.allocate(table, budget=100),
    "area_baseline": lambda table: wm.priority.area_baseline(table, name="Quays", ward_codes=CODES[:2]),
    "grow_area": lambda table: wm.priority.grow_area(table, squares(table), None),
    "suggest_areas": lambda table: wm.priority.suggest_areas(table, squares(table), None),
    "place_area": lambda table: wm.place_area(
        squares(table), name="Quays", ward_codes=CODES[:2], table=table
    ),
    "evaluate_flags": wm.priority.evaluate_flags,
}


def squares(table):
    codes = table.index.unique("ward_code")
    shapes = [box(i, 0, i + 1, 1) for i in range(len(codes))]
    names = {"ward_name": list(codes), "district": None, "vintage": "2017", "halo": False}
    return gpd.GeoDataFrame(names, geometry=shapes, index=codes, crs=27700)


@pytest.mark.parametrize("verb", SUMS.values(), ids=SUMS)
def test_nothing_that_adds_the_district_up_counts_a_halo(verb):
    table = with_halo(np.arange(12) + 30, variable="incidents").assign(
        population=1000, rate=30.0, priority="none"
    )
    with pytest.raises(InputError, match=r'(?s)about the district.*table\[~table\["halo"\]\]'):
        verb(table)


# --- outputs


@LOCAL
def test_a_halo_ward_is_used_and_not_tested(statistic, name):
    values = np.random.default_rng(1).gamma(1.0, size=12)
    whole = statistic(ward_table(values), ring(), q=0.6)
    result = statistic(with_halo(values), ring(), q=0.6)
    numbers = [column for column in result.filter(regex=f"^{name}_") if result[column].dtype == float]
    assert result.loc[HALO, numbers].isna().all(axis=None)
    assert (result.loc[HALO, f"{name}_class"] == "not testable").all()
    kept = [column for column in numbers if column != f"{name}_q"]
    np.testing.assert_array_equal(result.loc[~HALO, kept], whole.loc[~HALO, kept])
    assert result.loc[~HALO, kept].notna().all(axis=None)
    family = q_values(whole.loc[~HALO, f"{name}_p"].to_numpy())
    np.testing.assert_allclose(result.loc[~HALO, f"{name}_q"], family)


@LOCAL
def test_the_halo_changes_what_its_neighbours_are_told(statistic, name):
    """The same values, and the two of the halo change places: only one touches ward 8."""
    values = np.arange(12.0)
    values[[9, 10]] = 0.0, 20.0
    far, near = values.copy(), values.copy()
    near[[9, 10]] = values[[10, 9]]
    low, high = (statistic(with_halo(each), ring(), q=0.6)[f"{name}_z"].iloc[8] for each in (far, near))
    assert high > low + 1


@pytest.mark.parametrize("window", ["each period", "all periods"])
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_emerging_knows_the_halo(window):
    months = tuple(f"2017-{month:02}" for month in range(1, 13))
    table = with_halo(np.random.default_rng(0).gamma(1.0, size=144), periods=months)
    result = emerging(table, ring(), window=window, permutations=99)
    tested = (result["emerging_class"] != "not testable").groupby(level="ward_code").all()
    assert tested.tolist() == (~HALO).tolist()


# --- provenance


@LOCAL
def test_the_method_names_the_halo(statistic, name):
    sentence = statistic(with_halo(), ring(), q=0.6)[f"{name}_method"].iloc[0]
    assert (
        f"Not tested: halo, used by its neighbours: '{CODES[9]}', '{CODES[10]}', '{CODES[11]}'." in sentence
    )
    assert "over the 9 wards testable" in sentence


def test_from_files_to_gi_star_across_the_edge():
    wards = wm.read_wards(wm.demo.wards_file())
    wards["halo"] = np.arange(len(wards)) % 4 == 0
    incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    table = wm.count_incidents(incidents, wards, by_period="all", halo=True)
    assert table["halo"].groupby(level="ward_code").all().tolist() == wards["halo"].sort_index().tolist()
    inner = wm.count_incidents(incidents, wards, by_period="all")
    assert table.loc[~table["halo"], "incidents"].tolist() == inner["incidents"].tolist()
    result = gi_star(table, wm.neighbours(wards), variable="incidents")
    assert result.loc[table["halo"], "gi_p"].isna().all()
    assert result.loc[~table["halo"], "gi_p"].notna().any()
