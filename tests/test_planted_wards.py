"""The default rule on simulated districts with planted wards: hits and false flags, against two others."""

import runpy

import pytest

from tests.conftest import REPOSITORY

BENCHMARK = REPOSITORY / "benchmarks" / "flags_on_planted_wards.py"
DEFAULT, THREE = "the default rule", "the same, three wards at most"
GI, TOP = "Gi* with FDR, q ≤ 0.05", "top three by rate"


@pytest.fixture(scope="module")
def simulation():
    return runpy.run_path(str(BENCHMARK))


@pytest.mark.slow
@pytest.mark.parametrize("events", [8_000, 300, 60])
def test_it_finds_more_than_gi_and_is_wrong_less_often_than_either(simulation, events):
    found = simulation["scores"](simulation["simulated_table"](events, 100, seed=1))
    assert found.loc[DEFAULT, "hits"] > found.loc[GI, "hits"] + 0.2
    assert found.loc[DEFAULT, "right of those flagged"] > found.loc[GI, "right of those flagged"] + 0.2
    # Told, as the top three are, that there are three: it flags no more wards that were not planted.
    assert found.loc[THREE, "false flags"] <= found.loc[TOP, "false flags"]
    assert found.loc[THREE, "right of those flagged"] >= found.loc[TOP, "right of those flagged"]


@pytest.mark.slow
@pytest.mark.parametrize("events", [8_000, 300, 60])
def test_where_nothing_is_planted_it_seldom_flags_and_the_top_three_always_do(simulation, events):
    found = simulation["scores"](simulation["simulated_table"](events, 100, seed=1, planted=False))
    flags = found["false flags"] + 3 * found["hits"]
    assert flags[DEFAULT] < 0.6
    assert flags[TOP] == 3
