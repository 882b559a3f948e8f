"""The attack on what is released: sums rebuilt from public facts, every small count, in whole numbers."""

import itertools
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from tests.disclosure_auditor import Attacker
from wardmap.errors import InputError, ResolutionWarning
from wardmap.reports import DisclosureRule, disclose, release

SENSITIVE = ("Sexual offences", "Stalking")


def ward_table(random, *, wards=5, types=4, periods=("2016",), scale=(0.5, 3, 12)):
    """A ward table of one district, with all crime, as `count_incidents` makes it."""
    names = [*SENSITIVE, "Burglary", "Robbery", "Drugs"][:types]
    codes = [f"E0500000{n}" for n in range(1, wards + 1)]
    rows = {}
    for period in periods:
        drawn = random.poisson(random.choice(scale, size=(types, 1)) * random.gamma(2, 0.5, size=(1, wards)))
        for name, counts in zip([*names, "all crime"], [*drawn, drawn.sum(axis=0)], strict=True):
            rows |= {(name, period, code): count for code, count in zip(codes, counts, strict=True)}
    index = pd.MultiIndex.from_tuples(sorted(rows), names=["theme", "period", "ward_code"])
    counts = pd.Series(rows).reindex(index).to_numpy()
    people = np.tile(1000.0 * np.arange(1, wards + 1), len(index) // wards)
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


def with_years(table):
    """The table with the years that its months or quarters add up to."""
    flat = table.reset_index()
    flat["period"] = flat["period"].str[:4]
    keys = ["theme", "period", "ward_code"]
    years = flat.groupby(keys).agg(incidents=("incidents", "sum"), population=("population", "first"))
    return pd.concat([table, years])


def published(*frames):
    """Every number in released frames, by name; null where hidden."""
    for frame in frames:
        for key, count, mark in zip(frame.index, frame["incidents"], frame["disclosure"], strict=True):
            yield "|".join(map(str, key)), (None if mark == "confidential" else int(count))


def sums(themes, periods, places, areas):
    """What anyone knows to add up: wards, types, months and quarters."""
    crime = [t for t in themes if t != "all crime"]
    wards = [p for p in places if p.startswith("E05")]
    years = {p: [q for q in periods if q != p and q.startswith(p)] for p in periods if len(p) == 4}
    for t, p in itertools.product(themes, periods):
        yield f"{t}|{p}|district", [f"{t}|{p}|{w}" for w in wards]
        for area, codes in areas.items():
            yield f"{t}|{p}|{area}", [f"{t}|{p}|{w}" for w in codes]
    for p, place in itertools.product(periods, places):
        yield f"all crime|{p}|{place}", [f"{t}|{p}|{place}" for t in crime]
    for (year, parts), t, place in itertools.product(years.items(), themes, places):
        if parts:
            yield f"{t}|{year}|{place}", [f"{t}|{p}|{place}" for p in parts]


def attacker_on(found, table, areas, *, told=True):
    """A reader who knows even which of what is hidden is no zero, where zeros are told."""
    truth = truth_of(table, areas)
    numbers = dict(published(found.table, found.totals))
    themes, periods = (list(table.index.unique(level)) for level in ("theme", "period"))
    places = [*table.index.unique("ward_code"), *areas, "district"]
    shown = {name: count for name, count in numbers.items() if count is not None}
    hidden = [name for name, count in numbers.items() if count is None]
    return Attacker(
        list(sums(themes, periods, places, areas)),
        shown,
        {name: int(told and truth[name] > 0) for name in hidden},
    ), numbers


def truth_of(table, areas):
    sizes = {"|".join(map(str, key)): int(count) for key, count in table["incidents"].items()}
    wards = table.index.unique("ward_code")
    for name in list(dict.fromkeys(n.rsplit("|", 1)[0] for n in sizes)):
        for area, codes in {**areas, "district": list(wards)}.items():
            sizes[f"{name}|{area}"] = sum(sizes[f"{name}|{w}"] for w in codes)
    return sizes


def leaves(name, truth, areas, wards):
    """How many non-zero counts a reader who is told zeros knows to be under a hidden one."""
    theme, period, place = name.split("|")
    under = wards if place == "district" else areas.get(place, [place])
    parts = {n.split("|")[1] for n in truth if n.split("|")[1].startswith(period)}
    parts = (parts - {period}) or {period}
    return sum(truth[f"{theme}|{p}|{w}"] > 0 for p in parts for w in under)


def audit(found, table, areas, *, told=True, least=5):
    """Check every small count of a sensitive theme; return how many there were."""
    reader, numbers = attacker_on(found, table, areas, told=told)
    truth = truth_of(table, areas)
    assert set(truth) == set(numbers)
    assert all(truth[name] == count for name, count in numbers.items() if count is not None)
    wards = list(table.index.unique("ward_code"))
    small = [n for n in truth if n.startswith(SENSITIVE) and (1 if told else 0) <= truth[n] < least]
    for name in small:
        assert numbers[name] is None, name
        low, high = reader.wholes(name)
        assert low <= (leaves(name, truth, areas, wards) if told else 0), name
        assert high >= least, name
    return len(small)


def attacked(number, seed, **how):
    random = np.random.default_rng(seed)
    looked = refused = 0
    for _ in range(number):
        table = ward_table(random, wards=int(random.integers(3, 7)), types=int(random.integers(3, 6)))
        areas = {"Town": list(table.index.unique("ward_code")[:2])} if random.random() < 0.5 else {}
        try:
            found = release(table, DisclosureRule(seconds=10, **how), areas=areas)
        except InputError:  # that it says so has a test of its own
            refused += 1
            continue
        looked += audit(found, table, areas, told=how.get("zeros") != "hidden")
    return looked, refused


@pytest.mark.parametrize("seed", range(4))
def test_no_small_count_can_be_told_from_what_is_released(seed):
    looked, refused = attacked(40, seed)
    assert looked > 100
    assert refused == 0


def test_nor_where_zeros_are_hidden():
    looked, refused = attacked(40, 11, zeros="hidden")
    assert looked > 100
    assert refused == 0


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 40))
def test_no_small_count_can_be_told_from_two_thousand_releases(seed):
    looked, refused = attacked(100, seed)
    assert looked > 250
    assert refused < 10


@pytest.mark.parametrize("seed", range(3))
def test_months_and_years_together_tell_no_small_count(seed):
    random = np.random.default_rng(100 + seed)
    table = with_years(ward_table(random, wards=4, types=3, periods=[f"2016 Q{q}" for q in range(1, 5)]))
    areas = {"Town": list(table.index.unique("ward_code")[:2])}
    found = release(table, DisclosureRule(seconds=10), areas=areas)
    assert audit(found, table, areas) > 5


def test_showing_a_complement_again_fails_the_audit():
    failed = 0
    for seed in range(6):
        table = ward_table(np.random.default_rng(seed), scale=(3, 12))
        found = release(table, DisclosureRule(seconds=10))
        extra = [
            key
            for key, mark in found.table["disclosure"].items()
            if mark == "confidential" and (key[0] not in SENSITIVE or table.loc[key, "incidents"] >= 5)
        ]
        for key in extra[:2]:
            again = found.table.copy()
            again.loc[key, "incidents"] = table.loc[key, "incidents"]
            again.loc[key, "disclosure"] = "published"
            with pytest.raises(AssertionError):
                audit(replace(found, table=again), table, {})
            failed += 1
    assert failed >= 4


def test_another_table_that_fits_gives_the_same_release():
    """Non-interference: hidden counts are in nothing that is published, whatever is worked out from them."""
    different = 0
    for seed in range(12):
        table = ward_table(np.random.default_rng(200 + seed), scale=(2, 12, 30))
        found = release(worked_out(table), DisclosureRule(seconds=10))
        reader, numbers = attacker_on(found, table, {})
        small = next((n for n, count in numbers.items() if count is None), None)
        if small is None:
            continue
        for witness in reader.witnesses(small):
            other = table.copy()
            other["incidents"] = [witness[reader.names.index("|".join(key))] for key in table.index]
            different += not other.equals(table)
            pd.testing.assert_frame_equal(frozen(other, found), found.table)
    assert different > 10


def worked_out(table):
    """The table with everything that the main way works out from counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResolutionWarning)
        return _worked_out(table)


def _worked_out(table):
    wards = table.index.unique("ward_code")
    graph = wm.hotspots.neighbours(_row_of_wards(wards))
    table = wm.compare(wm.compare(table.assign(**_rates(table)), against="district", into="whole"))
    table = wm.rates.smooth_rates(wm.rates.funnel_limits(table))
    table = wm.gi_star(table, graph, seed=0)
    return wm.flag_wards(wm.rank_stability(table))


def _rates(table):
    people = table["population"]
    return {"rate": 1000 * table["incidents"] / people, "rate_method": "Per 1,000 people."}


def _row_of_wards(codes):
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    return gpd.GeoDataFrame(
        {
            "ward_name": codes,
            "district": "Testshire",
            "vintage": pd.Categorical(["2013"] * len(codes)),
            "halo": False,
        },
        geometry=[shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(len(codes))],
        index=pd.Index(codes, name="ward_code"),
        crs="EPSG:27700",
    )


def frozen(table, found):
    """What is published of another table, with the same pattern."""
    from wardmap.reports.disclosure.release import apply  # noqa: PLC0415

    hidden = (found.table["disclosure"] == "confidential").to_numpy()
    whole = found.totals["disclosure"].xs("district", level="area") == "confidential"
    keys = table.index.droplevel("ward_code")
    return apply(worked_out(table), hidden, whole.reindex(keys).to_numpy(), DisclosureRule(seconds=10))


def test_rounding_adds_up_and_tells_no_small_count():
    for seed in range(10):
        table = ward_table(np.random.default_rng(300 + seed))
        found = release(table, DisclosureRule(round_to=5))
        shown = dict(published(found.table, found.totals))
        truth = truth_of(table, {})
        assert all(count % 5 == 0 and abs(count - truth[name]) < 5 for name, count in shown.items())
        themes, places = list(table.index.unique("theme")), [*table.index.unique("ward_code"), "district"]
        for total, parts in sums(themes, ["2016"], places, {}):
            assert shown[total] == sum(shown[part] for part in parts)
        assert (found.table["disclosure"] == "rounded").all()


def test_rounding_is_fair_over_many_cells():
    random = np.random.default_rng(1)
    off = [
        float(
            (
                disclose(t, DisclosureRule(round_to=5, seed=seed))["incidents"].astype(float) - t["incidents"]
            ).mean()
        )
        for seed in range(30)
        for t in [ward_table(random, wards=6, types=5)]
    ]
    assert abs(np.mean(off)) < 3 * np.std(off) / np.sqrt(len(off))
