"""What breaks a local statistic elsewhere, given to each verb here: a null with its reason, or an error.

Twelve wards around a lake over twelve months, the same for all six verbs. A finding is what an analyst
would act on: a hot or cold spot, a kind of local Moran, a cluster, or a p of Moran's I of at most 5 %.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import wardmap as wm
from tests.test_gi_star import CODES, from_matrix, ring
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, TooFewWardsError

MONTHS = [f"2017-{month:02}" for month in range(1, 13)]
FEW = {"permutations": 199}
MAPS = {"replicates": 99}
ANGLE = np.arange(12) * np.pi / 6
QUIET = ["ignore::wardmap.errors.ResolutionWarning", "ignore::wardmap.errors.SmallNumbersWarning"]
pytestmark = [pytest.mark.filterwarnings(each) for each in QUIET]


def ward_table(counts, people=1000.0, codes=CODES):
    """Return months by wards as a ward table: incidents, population and rate, all of them as given."""
    index = pd.MultiIndex.from_product([["Burglary"], MONTHS, codes], names=schema.WARD_TABLE.index)
    counts = np.broadcast_to(counts, (12, len(codes))).ravel()
    table = pd.DataFrame(
        {"incidents": counts, "population": np.tile(people, len(index) // np.size(people))}, index
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        table["rate"] = (table["incidents"] / table["population"]).replace([np.inf, -np.inf], np.nan)
    return table


def lake(codes=CODES):
    points = gpd.points_from_xy(np.cos(ANGLE)[: len(codes)], np.sin(ANGLE)[: len(codes)])
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))


def even(seed=0, months=12):
    return np.random.default_rng(seed).poisson(30, size=(months, 12))


# Each verb: from table, graph and wards to (its class or p for each row, what counts as a finding, method)


def gi_star(table, graph, wards):  # noqa: ARG001 - as the others
    found = wm.gi_star(table, graph, alternative="two-sided", **FEW)
    return found["gi_class"], found["gi_class"].isin(["hot spot", "cold spot"]), found["gi_method"]


def local_moran(table, graph, wards):  # noqa: ARG001
    found = wm.hotspots.local_moran(table, graph, **FEW)
    return found["moran_class"], found["moran_class"].str.contains("high|low"), found["moran_method"]


def moran(table, graph, wards):  # noqa: ARG001
    found = wm.hotspots.moran(table, graph, **FEW)
    said = found["moran_p"].notna().map({True: "tested", False: "not testable"})
    return said, found["moran_p"] <= 0.05, found["moran_method"]


def scan(table, graph, wards):  # noqa: ARG001
    found = wm.scan(table, wards, **MAPS)
    return found["scan_class"], found["scan_class"] == "cluster", found["scan_method"]


def scan_space_time(table, graph, wards):  # noqa: ARG001
    found = wm.hotspots.scan_space_time(table, wards, **MAPS)
    return found["scan_time_class"], found["scan_time_class"] == "cluster", found["scan_time_method"]


def emerging(table, graph, wards):  # noqa: ARG001
    found = wm.hotspots.emerging(table, graph, **FEW)
    return found["emerging_bin"], found["emerging_bin"].isin(["hot", "cold"]), found["emerging_method"]


BY_GRAPH = [gi_star, local_moran, moran, emerging]
BY_MAP = [scan, scan_space_time]
VERBS = BY_GRAPH + BY_MAP
every = pytest.mark.parametrize("verb", VERBS)


def judged(verb, table, graph=None, wards=None):
    """Run a verb and hold what must be true of any input."""
    before = table.copy()
    classes, findings, method = verb(
        table, ring(reach=2) if graph is None else graph, lake() if wards is None else wards
    )
    pd.testing.assert_frame_equal(table, before)
    assert classes.notna().all()
    assert method.notna().all()
    assert (method.astype(str).str.len() > 20).all()
    assert not findings[(classes == "not testable").to_numpy()].any()
    return classes, findings, method.astype(str)


# --- numbers that are no evidence


@every
@pytest.mark.parametrize("value", [0, 7], ids=["all zero", "constant"])
def test_no_variation_finds_nothing(verb, value):
    classes, findings, method = judged(verb, ward_table(np.full(12, value)))
    assert not findings.any()
    if value == 0 or verb in BY_GRAPH:
        assert (classes == "not testable").all()
        assert method.str.contains("does not vary|no incidents").all()


@every
def test_nothing_is_known(verb):
    classes, findings, method = judged(verb, ward_table(np.full(12, np.nan)))
    assert (classes == "not testable").all()
    assert not findings.any()
    assert method.str.contains(r"known in 0 wards|no ward|0 wards").all()


@every
def test_one_unknown_ward_is_left_out_by_name_and_the_others_are_judged_as_if_it_were_not_there(verb):
    counts = even().astype(float)
    counts[:, 3] = np.nan
    classes, findings, method = judged(verb, ward_table(counts))
    if verb is not moran:
        assert (classes.xs(CODES[3], level="ward_code") == "not testable").all()
        assert method.str.contains(CODES[3]).all()
    kept = [code for code in CODES if code != CODES[3]]
    table = ward_table(counts).drop(index=CODES[3], level="ward_code")
    without = judged(verb, table, ring(reach=2).subgraph(kept), lake().loc[kept])
    rows = ~(classes == "not testable").to_numpy()
    assert findings[rows].tolist() == without[1].tolist()
    assert findings.mean() < 0.2


@every
def test_chance_alone_is_no_wall_of_findings(verb):
    assert judged(verb, ward_table(even()))[1].mean() < 0.2


@every
def test_whole_numbers_and_nullable_ones_are_like_any_other(verb):
    table = ward_table(even())
    whole = judged(verb, table)
    kinds = {"incidents": "Int64", "population": "float32", "rate": "Float64"}
    other = judged(verb, table.astype(kinds))
    assert whole[0].tolist() == other[0].tolist()
    counted = table.assign(rate=table["incidents"])  # whole numbers in the place of a rate
    assert judged(verb, counted)[1].mean() < 0.2


@every
def test_what_is_no_number_or_endless_is_refused(verb):
    column = "incidents" if verb in BY_MAP else "rate"
    for values in ("many", np.inf, True):
        with pytest.raises(InputError, match=r"must hold numbers|infinite"):
            judged(verb, ward_table(even()).assign(**{column: values}))
    with pytest.raises(MissingColumnError):
        judged(verb, ward_table(even()).drop(columns=column))


@every
def test_one_ward_with_every_incident_is_one_ward(verb):
    counts = np.zeros((12, 12), dtype=int)
    counts[:, 4] = 40
    _, findings, _ = judged(verb, ward_table(counts))
    if verb in BY_MAP:  # it is a cluster, of itself alone
        wards = findings[findings].index.get_level_values("ward_code").unique().tolist()
        assert wards in ([CODES[4]], [])
        assert scan is not verb or wards
    else:  # neighbours of one high ward among zeros: next to nothing to tell apart
        assert findings.mean() <= 1 / 3
        assert not findings.all()


# --- people


@every
def test_a_ward_where_nobody_lives(verb):
    people = np.full(12, 1000.0)
    people[6] = 0
    classes, findings, method = judged(verb, ward_table(even(1), people))
    if verb is not moran:
        assert (classes.xs(CODES[6], level="ward_code") == "not testable").all()
        assert method.str.contains(CODES[6]).all()
    assert findings.mean() < 0.2


@every
def test_nobody_lives_anywhere(verb):
    classes, findings, _ = judged(verb, ward_table(even(), 0.0))
    assert (classes == "not testable").all()
    assert not findings.any()


# --- wards


@every
def test_two_wards_are_too_few(verb):
    pair = CODES[:2]
    with pytest.raises(TooFewWardsError, match=r"(?s)at least 3.*table: 2"):
        judged(verb, ward_table(even()[:, :2], codes=pair), from_matrix(1 - np.eye(2), pair), lake(pair))


@pytest.mark.parametrize("verb", BY_GRAPH)
def test_an_island_is_not_tested_and_does_not_disturb(verb):
    island = from_matrix(np.pad(ring(CODES[:11]).sparse.toarray(), (0, 1)), CODES)
    classes, findings, method = judged(verb, ward_table(even(2)), island)
    assert findings.mean() < 0.2
    if verb is moran:
        assert method.str.contains("11 wards").all()
    else:
        assert (classes.xs(CODES[11], level="ward_code") == "not testable").all()
        assert method.str.contains(f"no neighbours: '{CODES[11]}").all()


@pytest.mark.parametrize("verb", BY_GRAPH)
def test_no_links_at_all(verb):
    classes, findings, _ = judged(verb, ward_table(even()), from_matrix(np.zeros((12, 12)), CODES))
    assert (classes == "not testable").all()
    assert not findings.any()


@pytest.mark.parametrize("verb", BY_GRAPH)
def test_everybody_is_everybodys_neighbour(verb):
    classes, findings, _ = judged(verb, ward_table(even()), from_matrix(1 - np.eye(12), CODES))
    assert not findings.any()
    if verb in (gi_star, local_moran):
        assert (classes == "not testable").all()


@every
def test_rows_links_and_wards_in_any_order(verb):
    table = ward_table(even(3))
    as_drawn = judged(verb, table)
    graph = Graph(ring(reach=2).adjacency.sample(frac=1, random_state=0))
    moved = judged(verb, table.sample(frac=1, random_state=1), graph, lake().sample(frac=1, random_state=2))
    pd.testing.assert_series_equal(moved[0].loc[as_drawn[0].index], as_drawn[0])


@pytest.mark.parametrize("verb", BY_GRAPH)
def test_a_graph_about_other_wards_is_refused(verb):
    for codes in ([*CODES[:11], "X1"], [f"W{number}" for number in range(12)]):
        with pytest.raises(AlignmentError, match="not about the same wards"):
            judged(verb, ward_table(even()), ring(codes, reach=2))
    with pytest.raises(AlignmentError, match="table only, 1"):
        judged(verb, ward_table(even()), ring(CODES[:11], reach=2))


@pytest.mark.parametrize("verb", BY_MAP)
def test_a_map_of_other_wards_is_refused(verb):
    with pytest.raises(AlignmentError, match=CODES[0]):
        judged(verb, ward_table(even()), wards=lake(["X1", *CODES[1:]]))


@every
def test_a_ward_missing_in_one_month_is_refused(verb):
    with pytest.raises(InputError, match=r"every ward exactly once"):
        judged(verb, ward_table(even()).drop(index=("Burglary", MONTHS[4], CODES[7])))
