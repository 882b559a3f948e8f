import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmap import schema
from wardmap.errors import AlignmentError, InputError
from wardmap.hotspots.scans.likelihood import log_likelihood_ratio
from wardmap.hotspots.time import scan_space_time as scan_time
from wardmap.hotspots.time.scan_space_time import scan_space_time

CODES = [f"E0500000{i}" for i in range(5)]
MONTHS = ["2018-01", "2018-02", "2018-03", "2018-04"]
QUIET = [5, 4, 6, 5, 5]
QUICK = {"replicates": 99}


def ward_table(counts, people=1000, themes=("Burglary",), periods=MONTHS):
    index = pd.MultiIndex.from_product([themes, periods, CODES], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": np.ravel(counts), "population": people}, index=index)


def road():
    points = gpd.points_from_xy([0, 2, 5, 9, 14], [0] * 5)
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(CODES, name="ward_code"))


def cluster(result, number=1):
    rows = result[result["scan_time_cluster"] == number].index.droplevel("theme")
    return sorted(rows.tolist())


# --- inputs


@pytest.mark.parametrize(
    "option",
    [
        {"when": "now"}, {"null": "poisson"}, {"max_time": 0.6}, {"max_share": 0}, {"replicates": 9},
        {"seed": -1},
    ],
)  # fmt: skip
def test_options_are_checked(option):
    with pytest.raises(InputError):
        scan_space_time(ward_table([QUIET] * 4), road(), **{**QUICK, **option})


def test_every_theme_needs_every_period_and_more_than_one():
    table = ward_table([QUIET] * 8, themes=("A", "B"))
    with pytest.raises(InputError, match="1 of 8"):
        scan_space_time(table.drop(index=("B", "2018-02")), road(), **QUICK)
    with pytest.raises(InputError, match="at least two"):
        scan_space_time(table.xs("2018-02", level="period", drop_level=False), road(), **QUICK)


def test_a_ward_that_is_not_on_the_map_is_named():
    with pytest.raises(AlignmentError, match="E05000004"):
        scan_space_time(ward_table([QUIET] * 4), road().iloc[:4], **QUICK)


def test_what_cannot_be_tested_is_never_a_cluster():
    result = scan_space_time(ward_table([[0] * 5] * 4), road(), **QUICK)
    assert (result["scan_time_class"] == "not testable").all()
    table = ward_table([QUIET] * 4).astype(float)
    table.loc[("Burglary", "2018-02", CODES[1]), "incidents"] = np.nan
    result = scan_space_time(table, road(), **QUICK)
    assert (result.xs(CODES[1], level="ward_code")["scan_time_class"] == "not testable").all()
    assert result["scan_time_method"].iloc[0].endswith("not known: 'E05000001'.")


# --- outputs


def test_a_burst_in_two_wards_and_two_months_is_found_with_its_months():
    counts = [QUIET, QUIET, [19, 15, 4, 5, 6], [17, 18, 5, 4, 5]]
    burst = [(month, code) for month in MONTHS[2:] for code in CODES[:2]]
    for when in ("retrospective", "prospective"):
        result = scan_space_time(ward_table(counts), road(), when=when, **QUICK)
        assert cluster(result) == burst
        assert (result.loc["Burglary"].loc[burst, "scan_time_incidents"] == 69).all()
        assert (result.loc["Burglary"].loc[burst, "scan_time_p"] == 0.01).all()


def test_what_is_over_is_no_cluster_now():
    counts = [[19, 15, 4, 5, 6], [17, 18, 5, 4, 5], QUIET, QUIET]
    assert cluster(scan_space_time(ward_table(counts), road(), **QUICK))
    now = scan_space_time(ward_table(counts), road(), when="prospective", **QUICK)
    assert (now["scan_time_class"] != "cluster").all()


def test_a_ward_that_is_always_high_is_a_cluster_by_people_and_not_by_permutation():
    counts = [[30, 4, 6, 5, 5]] * 4
    by_people = scan_space_time(ward_table(counts), road(), **QUICK)
    assert (by_people["scan_time_class"] == "cluster").any()
    dealt = scan_space_time(ward_table(counts), road(), null="permutation", **QUICK)
    assert (dealt["scan_time_class"] == "not distinguishable").all()


@given(seed=st.integers(0, 500), when=st.sampled_from(["retrospective", "prospective"]))
@settings(max_examples=25)
def test_the_best_cylinder_is_the_best_of_all(seed, when):
    """The oracle: every circle and every run of one or two months of four, one by one."""
    rng = np.random.default_rng(seed)
    counts, people = rng.poisson(6, (4, 5)), rng.integers(500, 2_000, 5)
    result = scan_space_time(ward_table(counts, people=np.tile(people, 4)), road(), when=when, **QUICK)
    places = np.array([0, 2, 5, 9, 14])
    apart = np.abs(places[:, np.newaxis] - places)
    zones = {tuple(np.flatnonzero(row <= radius)) for row in apart for radius in row}
    small = [list(zone) for zone in zones if people[list(zone)].sum() <= people.sum() / 2]
    runs = [(s, e) for e in range(1, 5) for s in (e - 1, e - 2) if s >= 0 and (when[0] == "r" or e == 4)]
    best = max(
        float(
            log_likelihood_ratio(
                counts[start:end, zone].sum(),
                counts.sum() * people[zone].sum() * (end - start) / (4 * people.sum()),
                counts.sum(),
            )
        )
        for zone in small
        for start, end in runs
    )
    found = result.loc[result["scan_time_cluster"] == 1, "scan_time_llr"]
    if found.empty:  # every random map has a better one
        assert (result["scan_time_class"] == "not distinguishable").all()
    else:
        assert found.iloc[0] == pytest.approx(best)


def test_a_burst_is_found_by_permutation_and_its_expectation_is_by_the_margins():
    counts = np.array([QUIET, QUIET, [35, 4, 5, 6, 5], QUIET])
    result = scan_space_time(ward_table(counts), road(), null="permutation", **QUICK)
    assert cluster(result) == [("2018-03", CODES[0])]
    row = result.loc[("Burglary", "2018-03", CODES[0])]
    assert row["scan_time_expected"] == pytest.approx(50 * 55 / counts.sum())
    assert row["scan_time_class"] == "cluster"


def test_random_maps_keep_what_their_null_keeps():
    rng = np.random.default_rng(0)
    incidents, people = rng.poisson(5, (5, 4)).astype(float), np.full((5, 4), 100.0)
    wanted = scan_time._Settings("retrospective", "permutation", 0.5, 0.5, 0.05, 99, 0)
    for drawn in scan_time._random_maps(incidents, people, wanted):
        np.testing.assert_array_equal(drawn.sum(axis=0), incidents.sum(axis=0))
        np.testing.assert_array_equal(drawn.sum(axis=1), incidents.sum(axis=1))
    wanted = scan_time._Settings("retrospective", "population", 0.5, 0.5, 0.05, 99, 0)
    assert all(m.sum() == incidents.sum() for m in scan_time._random_maps(incidents, people, wanted))


@pytest.mark.slow
@pytest.mark.parametrize("null", ["population", "permutation"])
def test_p_is_uniform_when_there_is_nothing_to_find(null):
    themes = [f"T{i}" for i in range(200)]
    counts = np.random.default_rng(1).poisson(8, (200, 4, 5))
    result = scan_space_time(ward_table(counts, themes=themes), road(), null=null, **QUICK)
    first = result[result["scan_time_cluster"] == 1].groupby(level="theme")["scan_time_p"].first()
    p = first.reindex(themes, fill_value=1.0)
    for level in (0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 200)


def test_columns_types_and_order_of_rows():
    table = ward_table(np.random.default_rng(2).poisson(6, (2, 4, 5)), themes=("A", "B"))
    result = scan_space_time(table, road(), **QUICK)
    schema.check(result, schema.WARD_TABLE)
    moved = scan_space_time(table.sample(frac=1, random_state=0), road(), **QUICK)
    pd.testing.assert_frame_equal(moved.loc[result.index], result)
    alone = pd.concat([scan_space_time(part, road(), **QUICK) for _, part in table.groupby(level="theme")])
    pd.testing.assert_frame_equal(alone, result, check_categorical=False)


def test_the_sentence_says_how_it_was_made():
    result = scan_space_time(ward_table([QUIET] * 4), road(), when="prospective", null="permutation", **QUICK)
    sentence = result["scan_time_method"].iloc[0]
    for words in ("prospective", "up to 2 periods, until the last period", "dealt anew, seed 0", "99 random"):
        assert words in sentence


def test_named_periods_keep_their_order_and_the_last_is_the_last():
    """Sorted by name, "after" would come first, and a run "until the last period" end with "run-up"."""
    names = ["run-up", "launch", "after"]
    table = ward_table([QUIET, QUIET, [5, 4, 40, 5, 5]], periods=names)
    found = scan_space_time(table, road(), when="prospective", max_time=0.5, **QUICK)
    assert cluster(found) == [("after", CODES[2])]
