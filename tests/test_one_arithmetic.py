"""Verbs that answer one question agree, because they share the function; cases that once parted them."""

import inspect
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

import wardmap as wm
from tests.conftest import REPOSITORY
from wardmap import schema
from wardmap.errors import InputError
from wardmap.stats import concentration, gamma_poisson, ratios

CODES = [f"E05006{n}" for n in range(901, 911)]


def ward_table(incidents, people, themes=("ASB",), periods=("2018",)):
    codes = CODES[: len(incidents)]
    index = pd.MultiIndex.from_product([themes, periods, codes], names=schema.WARD_TABLE.index)
    repeat = len(themes) * len(periods)
    columns = {"ward_name": [f"Ward {code[-1]}" for code in codes] * repeat}
    return pd.DataFrame(
        columns | {"incidents": [*incidents] * repeat, "population": [*people] * repeat}, index
    )


def squares(count):
    """Square wards of 1 km, from (420000, 320000) eastwards."""
    shapes = [shapely.box(420_000 + 1000 * n, 320_000, 421_000 + 1000 * n, 321_000) for n in range(count)]
    names = {"ward_name": [f"Ward {code[-1]}" for code in CODES[:count]], "halo": False}
    return gpd.GeoDataFrame(
        names, geometry=shapes, index=pd.Index(CODES[:count], name="ward_code"), crs=27700
    )


# A ward without known people -----------------------------------------------------------------------


@pytest.mark.parametrize("unknown", [np.nan, 0.0])
def test_four_verbs_agree_on_a_set_with_a_ward_whose_people_are_not_known(unknown):
    """Case N3: it was in the numerator of one verb, in the rest of another. 50 in 1,000 is 100 in 2,000."""
    table, pair = ward_table([50, 50, 100], [1000, unknown, 2000]), CODES[:2]
    area = wm.place_area(squares(3), name="Pair", ward_codes=pair, table=table).iloc[0]
    base = wm.priority.area_baseline(table, name="Pair", ward_codes=pair).loc["ASB"]
    pooled = wm.rates.compare_wards(table, ward_codes=pair, name="Pair")["ratio"]
    single = wm.compare(table)["ratio"]
    assert (area["ratio_rest"], area["ratio_district"]) == (1, 1)
    assert base.loc[["Pair", "Rest of the district"], "ratio_rest"].tolist() == [1, 1]
    assert pooled.tolist() == [1, 1]
    assert single.iloc[[0, 2]].tolist() == [1, 1]
    assert np.isnan(single.iloc[1])


def test_an_excess_is_over_the_same_rest():
    """60 in 1,000 where the rest has 100 in 2,000: ten too many; the ward without people is in no rest."""
    table = ward_table([60, 40, 100], [1000, np.nan, 2000])
    given = wm.allocate(table, budget=10, by="excess", draws=1)
    assert given["need_share"].tolist() == [1, 0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_sets_and_wards_by_brute_force(seed):
    """One theme beside another, wards without people among them: each ratio added up by hand."""
    random = np.random.default_rng(seed)
    counts, people = (
        random.integers(0, 30, 9),
        np.where(random.random(9) < 0.2, np.nan, random.integers(1, 9, 9)),
    )
    inside = random.random(9) < 0.5
    pooled, each = ratios.set_to_rest(counts, people, inside), ratios.each_to_rest(counts, people)
    lived_in = ~np.isnan(people)

    def rate(where):
        return counts[where].sum() / people[where].sum() if where.any() else np.nan

    with np.errstate(divide="ignore", invalid="ignore"):
        expected = rate(inside & lived_in) / np.float64(rate(~inside & lived_in))
        np.testing.assert_allclose(ratios.ratio(pooled), expected)
        np.testing.assert_allclose(
            ratios.ratio_with_whole(pooled),
            rate(inside & lived_in) / np.float64(rate(lived_in)) if (~inside & lived_in).any() else 1,
        )
        for ward in np.flatnonzero(lived_in):
            me = np.arange(9) == ward
            np.testing.assert_allclose(ratios.ratio(each)[ward], rate(me) / np.float64(rate(lived_in & ~me)))
    grouped = ratios.each_to_rest(np.tile(counts, 2), np.tile(people, 2), np.repeat([1, 0], 9))
    for one, two in zip(grouped, each, strict=True):
        np.testing.assert_array_equal(one, np.tile(two, 2))


# A rest without incidents --------------------------------------------------------------------------


def test_a_ward_that_has_them_all_is_a_priority():
    """Case N1: the ratio is infinite, its lower limit is not, and the reason is a sentence."""
    flags = wm.flag_wards(wm.compare(ward_table([30] + [0] * 9, [1000] * 10)))
    first, second = flags.iloc[0], flags.iloc[1]
    assert np.isposinf(first["ratio"])
    # mid-p: half of the probability of 30 out of 30 at the share π is .025
    odds = 0.05 ** (1 / 30)
    assert first["ratio_lower"] == pytest.approx(9 * odds / (1 - odds), rel=1e-6)
    assert (first["status"], first["priority"]) == ("Above", "priority")
    assert "no incidents in the rest" in first["reason"]
    assert "inf" not in first["reason"]
    assert second["ratio"] == 0
    one_more = wm.flag_wards(wm.compare(ward_table([30, 1] + [0] * 8, [1000] * 10)))
    assert one_more["priority"].tolist() == flags["priority"].tolist()


def test_areas_of_a_rest_without_incidents_are_infinite_too():
    table = ward_table([30, 5, 0, 0], [1000, 1000, 2000, 4000])
    area = wm.place_area(squares(4), name="All", ward_codes=CODES[:2], table=table).iloc[0]
    base = wm.priority.area_baseline(table, name="All", ward_codes=CODES[:2]).loc["ASB"]
    assert np.isposinf(area["ratio_rest"])
    assert area["ratio_district"] == 4  # all incidents among a quarter of the people
    assert np.isposinf(base.loc["All", "ratio_rest"])
    assert base.loc["Rest of the district", "ratio_rest"] == 0
    nothing = ward_table([0, 0, 0], [1000] * 3)
    assert np.isnan(
        wm.place_area(squares(3), name="A", ward_codes=CODES[:1], table=nothing)["ratio_rest"].item()
    )


# One rule ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "share", "members"),
    [
        ([30, 50, 20], 0.5, [1]),
        ([30, 50, 20], 0.500001, [0, 1]),
        ([10] * 10, 0.3, [0, 1, 2]),  # ties go to the first codes
        ([7] + [1] * 93, 0.07, [0]),  # 0.07 × 100 is more than 7 in a computer
        ([0, 0, 0], 0.5, []),
        ([5, np.nan, 5], 1.0, [0, 2]),
    ],
)
def test_the_smallest_set_is_one_for_flags_and_concentration(counts, share, members):
    assert np.flatnonzero(concentration.smallest_set(counts, share)).tolist() == members
    if len(counts) <= len(CODES) and not np.isnan(counts).any():
        table = ward_table(counts, [1000] * len(counts))
        if sum(counts):
            flags = wm.flag_wards(wm.compare(table), rule=wm.PriorityRule(volume_share=share))
            assert np.flatnonzero(flags["priority_volume"]).tolist() == members
        found = wm.rates.concentration(table, share=share)["smallest_set_codes"].item()
        assert sorted(found) == [CODES[n] for n in members]


def test_would_it_be_flagged_again_is_what_the_rule_says_where_counts_are_few():
    """41 events, where the copy of the rule said .202: `compare` and `flag_wards` on drawn years."""
    people = np.array([9000, 8000, 7000, 6000, 5500, 5000, 4000, 3500, 3000, 2500.0])
    table = ward_table([14, 6, 5, 4, 3, 3, 2, 2, 1, 1], people)
    model = gamma_poisson.fit(table["incidents"].to_numpy(float), people)
    random = np.random.default_rng(5)
    counts = random.poisson(model.draws(table["incidents"].to_numpy(float), people, 1500, random) * people)
    cells = pd.MultiIndex.from_product([["ASB"], range(1500), CODES], names=schema.WARD_TABLE.index)
    years = pd.DataFrame({"incidents": counts.ravel(), "population": np.tile(people, 1500)}, index=cells)
    flags = wm.flag_wards(wm.compare(years))["priority"] == "priority"
    said = flags.groupby(level="ward_code").mean().to_numpy()
    again = wm.rank_stability(wm.compare(table), draws=4000)["rank_again"].to_numpy()
    assert again == pytest.approx(said, abs=0.04)
    assert 0.05 < said[0] < 0.95


def test_rates_and_baselines_have_one_interval():
    table = ward_table([9, 10, 65, 0], [1000, 1000, 1000, 1000])
    people = table.droplevel(["theme", "period"])[["population"]]
    rates = wm.add_rates(table.drop(columns="population"), people)
    base = wm.priority.area_baseline(table, name="Four", ward_codes=CODES[:3]).loc["ASB"].iloc[:3]
    for limit in ("rate_lower", "rate_upper"):
        assert base[limit].tolist() == rates[limit].tolist()[:3]
    # PHE's published Byar limits of 65, exact limits of 9
    assert base[["rate_lower", "rate_upper"]].iloc[2].tolist() == pytest.approx([50.1632, 82.8491], abs=1e-4)
    assert base["rate_lower"].iloc[0] == pytest.approx(stats.chi2.ppf(0.025, 18) / 2)


# No code reads a sentence --------------------------------------------------------------------------


def test_a_rule_asks_the_column_and_not_the_sentence():
    table = wm.compare(ward_table([30, 20, 10], [1000] * 3))
    reworded = table.assign(ratio_method="Verhältnis zu den übrigen Bezirken.")
    assert wm.flag_wards(reworded)["priority"].tolist() == wm.flag_wards(table)["priority"].tolist()
    with pytest.raises(InputError, match="district"):
        wm.flag_wards(wm.compare(ward_table([30, 20, 10], [1000] * 3), against="district"))


# Copies and words ----------------------------------------------------------------------------------


def make(name, table, **options):
    """Call a verb that takes `into`, with what it needs."""
    pair = {"ward_codes": CODES[:2], "name": "Pair"}
    calls = {
        "add_rates": lambda: wm.add_rates(
            table.drop(columns="population"), people_of(table), **options
        ),
        "compare": lambda: wm.compare(table, **options),
        "compare_change": lambda: wm.rates.compare_change(
            table, against=table.groupby(level=["theme", "period"])[["incidents"]].sum(), before="2015",
            after="2018", **options,
        ),
        "compare_group": lambda: wm.rates.compare_group(
            table.xs("2018", level="period").rename_axis(["theme", "area"]), area=CODES[0], **options
        ),
        "compare_periods": lambda: wm.compare_periods(table, before="2015", after="2018", **options),
        "compare_wards": lambda: wm.rates.compare_wards(table, **pair, **options),
        "concentration": lambda: wm.rates.concentration(table, **options),
        "funnel_limits": lambda: wm.rates.funnel_limits(table, **options),
        "rank_stability": lambda: wm.rank_stability(table, draws=20, **options),
        "smooth_rates": lambda: wm.rates.smooth_rates(table, **options),
        "standardise_rates": lambda: wm.rates.standardise_rates(table, **options),
        "track_targets": lambda: wm.rates.track_targets(*targets(), **options),
        "trend": lambda: wm.rates.trend(table, **options),
        "weigh_harm": lambda: wm.rates.weigh_harm(
            table, weights=pd.Series({"ASB": 2.0}), version="v1", **options
        ),
    }  # fmt: skip
    return calls[name]()


def people_of(table):
    return table["population"].groupby(level="ward_code").first().to_frame()


def targets():
    wanted = pd.DataFrame(
        {"kind": ["count"], "wanted": ["fall"], "baseline": [41]}, index=pd.Index(["KSI"], name="indicator")
    )
    at = pd.MultiIndex.from_product([["KSI"], ["2018"]], names=["indicator", "period"])
    return wanted, pd.DataFrame({"value": [25]}, index=at)


VERBS = [
    (room, name)
    for room in ("rates", "priority")
    for name in sorted(getattr(wm, room).__all__)
    if name != "dispersion" and "into" in inspect.signature(getattr(getattr(wm, room), name)).parameters
]


@pytest.mark.parametrize(("room", "name"), VERBS, ids=lambda part: part)
def test_every_statistic_can_stand_twice_and_says_what_its_copy_is_of(room, name):
    table = ward_table([30, 20, 10, 5], [1000] * 4, periods=[str(year) for year in range(2013, 2019)])
    table["incidents"] += np.arange(24) % 5
    once = make(name, table)
    copy = make(name, table, into="second")
    root = inspect.signature(getattr(getattr(wm, room), name)).parameters["into"].default
    assert (copy["second_copy_of"] == root).all()
    made = [column for column in copy if str(column).startswith("second") and column != "second_copy_of"]
    written = [column for column in once if column not in copy]
    assert len(made) == len(written) > 1
    for column, own in zip(made, written, strict=True):
        if str(own).endswith("_method"):
            continue  # it names its own columns
        expected = schema.named({own: 0}, "second", root=root)
        assert list(expected) == [column]
        pd.testing.assert_series_equal(copy[column], once[own], check_names=False)


@pytest.mark.parametrize("room", ["rates", "priority"])
def test_every_signature_speaks_one_language(room):
    """Tables come first; everything else is given by name, and by a word of the vocabulary."""
    tables = {
        "table", "incidents", "wards", "population", "graph", "group", "targets", "values", "counts", "rates",
        "last", "this",
    }  # fmt: skip
    retired = {
        "codes", "chosen", "include", "treated", "names", "variable", "value", "of", "by", "alike", "q",
        "alpha",
        "permutations", "replicates", "maps", "within", "cell", "tolerance_m", "distance_m", "benchmark",
        "target", "elsewhere", "towards", "kwargs",
    }  # fmt: skip
    for name in getattr(wm, room).__all__:
        if name == "PriorityRule":
            continue
        for parameter in inspect.signature(getattr(getattr(wm, room), name)).parameters.values():
            basis = (name, parameter.name) in {("allocate", "by"), ("compare_allocations", "by")}
            assert basis or parameter.name not in retired, f"{name}({parameter.name}=)"
            if parameter.kind is not parameter.KEYWORD_ONLY:
                assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD
                assert parameter.name in tables, f"{name}: {parameter.name} is given by place"


def test_british_per_cent_in_every_sentence_of_the_two_rooms():
    for room in ("rates", "priority", "stats"):
        for path in (REPOSITORY / "wardmap" / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"[0-9}] %(?![0-9a-z])", text), path.name
            assert "hang together" not in text, path.name
