"""The golden tables of disclosure control: known optima and intervals, by hand and by an attacker apart."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from tests.disclosure_auditor import Attacker, plain_cost, two_way
from wardmap.reports.disclosure.attack import intervals
from wardmap.reports.disclosure.heuristic import nearly_optimal
from wardmap.reports.disclosure.linear_model import Cells, needs_of
from wardmap.reports.disclosure.suppress import suppress


def model(counts, relations, primary, *, public=(), withheld=(), least=5):
    """Arrays from names; zeros are told."""
    names = list(counts)
    rows = np.zeros((len(relations), len(names)))
    for row, (total, parts) in enumerate(relations):
        rows[row, [names.index(part) for part in parts]] = 1
        rows[row, names.index(total)] = -1
    values = np.array(list(counts.values()))
    assert not (rows @ values).any()
    return Cells(
        values,
        sparse.csr_matrix(rows),
        (values > 0).astype(np.int64),
        np.isin(names, list(primary)),
        (values == 0) | np.isin(names, list(public)),
        np.isin(names, list(withheld)),
        np.array([plain_cost(name, count) for name, count in counts.items()]),
        least,
    )


def hidden_names(counts, hidden):
    return {name for name, yes in zip(counts, hidden, strict=True) if yes}


def attacker(counts, relations, hidden):
    shown = {name: count for name, count in counts.items() if name not in hidden}
    return Attacker(relations, shown, dict.fromkeys(hidden, 1))


G1 = two_way("ABC", "xyz", [[3, 20, 9], [12, 15, 8], [30, 7, 25]])
G2 = two_way("ABCE", "xyzw", [[6, 7, 20, 30], [8, 9, 3, 12], [18, 9, 8, 5], [40, 22, 6, 9]])
G3 = two_way("ABC", "xyz", [[1, 2, 30], [2, 1, 40], [25, 35, 50]])
G4 = two_way("ABC", "xyz", [[2, 0, 9], [0, 8, 7], [11, 6, 0]])
G5 = (
    {"A": 3, "B": 9, "C": 7, "E": 12, "AB+": 12, "++": 31},
    [("AB+", ["A", "B"]), ("++", ["AB+", "C", "E"])],
)
G6 = two_way("AB", "dn", [[3, 17], [9, 21]])


@pytest.mark.parametrize(
    ("table", "primary", "cost", "hidden", "known"),
    [
        (G1, ["Ax"], 4.32, "Ax Az Bx Bz", {"Ax": [1, 11], "Az": [1, 11], "Bx": [4, 14], "Bz": [6, 16]}),
        (G2, ["Bz"], 4.28, "Bz Bw Cz Cw", {"Bz": [1, 10]}),
        (
            G3,
            ["Ax", "Ay", "Bx", "By"],
            10.86,
            "Ax Ay Bx By Az Bz Cx Cy Cz",
            {"Ax": [1, 26], "Ay": [1, 31], "Bx": [1, 26], "By": [1, 36]},
        ),
        (G4, ["Ax"], 6.43, "Ax Az Bz By Cy Cx", {"Ax": [1, 9], "Az": [2, 10], "Cx": [4, 12]}),
        (G5, ["A"], 2.12, "A B", {"A": [1, 11], "B": [1, 11]}),
        (G6, ["Ad"], 4.50, "Ad An Bd Bn", {"Ad": [1, 11], "An": [9, 19]}),
    ],
    ids=["plain", "two hidden are not enough", "width", "zeros", "area", "flag"],
)
def test_the_optimum_is_the_known_one_and_the_attacker_finds_the_known_intervals(
    table, primary, cost, hidden, known
):
    counts, relations = table
    cells = model(counts, relations, primary)
    found = suppress(cells)
    assert found.exact
    assert found.cost == pytest.approx(cost)
    assert hidden_names(counts, found.hidden) == set(hidden.split())
    reader = attacker(counts, relations, set(hidden.split()))
    assert {name: reader.wholes(name) for name in known} == known
    low, high = intervals(cells, found.hidden)
    at = list(counts)
    assert {name: [low[at.index(name)], high[at.index(name)]] for name in known} == known
    near = nearly_optimal(cells, needs_of(cells))
    assert cells.total_cost(near) >= found.cost - 1e-9


@pytest.mark.parametrize(
    ("table", "hidden", "cell", "known"),
    [
        (G2, "Ax Ay Bx By Bz Cz Cw Ez Ew", "Bz", [3, 3]),
        (G3, "Ax Ay Bx By", "Ax", [1, 2]),
        (G5, "A C", "A", [3, 3]),
        (G6, "Ad", "Ad", [3, 3]),
        (G6, "Ad An", "Ad", [3, 3]),
    ],
)
def test_what_looks_hidden_and_is_not(table, hidden, cell, known):
    counts, relations = table
    assert attacker(counts, relations, set(hidden.split())).wholes(cell) == known
    low, high = intervals(model(counts, relations, [cell]), np.isin(list(counts), hidden.split()))
    at = list(counts).index(cell)
    assert [round(low[at]), round(high[at])] == known


def test_what_cannot_be_protected_is_named_without_an_exception():
    counts, relations = {"A": 1, "B": 3, "C": 0, "++": 4}, [("++", ["A", "B", "C"])]
    found = suppress(model(counts, relations, ["A", "B"], public=["++"]))
    assert found.unprotected.tolist() == [0, 1]
    assert attacker(counts, relations, {"A", "B"}).wholes("A") == [1, 3]
    counts = {"A": 2, "B": 6, "C": 0, "Z": 8, "++": 16}
    relations = [("++", ["A", "B", "C", "Z"])]
    found = suppress(model(counts, relations, ["A"], public=["++"]))
    assert hidden_names(counts, found.hidden) == {"A", "B"}
    assert attacker(counts, relations, {"A", "B"}).wholes("A") == [1, 7]


def test_a_second_edition_hides_the_new_area_that_would_tell_the_first_one():
    counts = {"A": 20, "B": 9, "C": 3, "E": 12, "AB+": 29, "ABC+": 32, "D+": 44}
    relations = [("AB+", ["A", "B"]), ("ABC+", ["AB+", "C"]), ("D+", ["ABC+", "E"])]
    assert attacker(counts, relations, {"C", "E"}).wholes("C") == [3, 3]
    cells = model(counts, relations, ["C"], public=["A", "B", "AB+", "D+"], withheld=["E"])
    found = suppress(cells)
    assert hidden_names(counts, found.hidden) == {"C", "E", "ABC+"}
    assert attacker(counts, relations, {"C", "E", "ABC+"}).wholes("C") == [1, 14]


def small_tables(number, seed=0):
    random = np.random.default_rng(seed)
    while number:
        inside = random.poisson(random.choice([3, 8, 20], size=(3, 3)))
        counts, relations = two_way("ABC", "xyz", inside)
        primary = [n for n in ("Ax", "Bx", "Cx", "Ay", "+x") if 1 <= counts[n] < 5]
        if primary:
            number -= 1
            yield counts, relations, primary


def protects(counts, relations, primary, hidden):
    reader = attacker(counts, relations, hidden)
    lowest = {name: sum(counts[f"{r}x"] > 0 for r in "ABC") if name == "+x" else 1 for name in primary}
    return all(low <= lowest[name] and high >= 5 for name in primary for low, high in [reader.wholes(name)])


def cheapest_by_brute_force(counts, relations, primary):
    """Try every set of cells, the cheapest first."""
    others = [n for n in counts if counts[n] and n not in primary]
    sets = [
        (sum(plain_cost(n, counts[n]) for n in some), some)
        for size in range(len(others) + 1)
        for some in itertools.combinations(others, size)
        if sum("+" in n for n in some) <= 3
    ]
    own = sum(plain_cost(n, counts[n]) for n in primary)
    for cost, some in sorted(sets):
        hidden = {*primary, *some}
        rows = [{total, *parts} & hidden for total, parts in relations]
        if any(len(row) == 1 and row & set(primary) for row in rows):
            continue  # alone in a sum
        if protects(counts, relations, primary, hidden):
            return own + cost
    return None


@pytest.mark.parametrize("case", range(8))
def test_the_optimum_is_that_of_brute_force(case):
    counts, relations, primary = list(small_tables(8, seed=3))[case]
    cells = model(counts, relations, primary)
    found = suppress(cells)
    if len(found.unprotected):
        everything = {n for n in counts if counts[n]}
        assert not protects(counts, relations, primary, everything)
        return
    assert found.exact
    assert found.cost == pytest.approx(cheapest_by_brute_force(counts, relations, primary))
    near = nearly_optimal(cells, needs_of(cells))
    assert cells.total_cost(near) >= found.cost - 1e-9
    assert protects(counts, relations, primary, hidden_names(counts, near))


def test_showing_one_complement_of_an_optimum_again_gives_a_primary_away():
    shown_again = 0
    for counts, relations, primary in small_tables(12, seed=5):
        found = suppress(model(counts, relations, primary))
        if len(found.unprotected):
            continue
        hidden = hidden_names(counts, found.hidden)
        for name in hidden - set(primary):
            assert not protects(counts, relations, primary, hidden - {name})
            shown_again += 1
    assert shown_again > 10


def test_hiding_more_never_narrows_an_interval():
    for counts, relations, primary in small_tables(10, seed=7):
        cells = model(counts, relations, primary)
        found = suppress(cells)
        low, high = intervals(cells, found.hidden)
        more = found.hidden.copy()
        more[np.flatnonzero(~found.hidden & ~cells.public)[:3]] = True
        lower, higher = intervals(cells, more)
        assert (lower <= low + 1e-6).all()
        assert (higher >= high - 1e-6).all()
