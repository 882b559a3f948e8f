"""The default rule on simulated editions with planted wards: hits and false flags, beside two others."""

import runpy

import pytest

from tests.conftest import REPOSITORY

BENCHMARK = REPOSITORY / "benchmarks" / "flags_on_planted_wards.py"
PRIORITY, ANY = "the rule (priority)", "the rule (priority or watch)"
FIRST, TOP = "above at 95%, large, volume, Poisson (first edition)", "top three by rate"
FALSE = "editions with a false flag"


@pytest.fixture(scope="module")
def simulation():
    return runpy.run_path(str(BENCHMARK))


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting", ["one theme, 300 events, φ 2", "fourteen themes, φ 1", "fourteen themes, φ 1.2 to 2.5"]
)
def test_where_nothing_is_planted_few_editions_have_a_false_priority(simulation, setting):
    """The goal is .12 of editions; two standard errors of 40 editions are added."""
    found = simulation["scores"](setting, 40, 1, planted=False)
    assert found.loc[PRIORITY, FALSE] <= 0.12 + 0.10
    assert found.loc[ANY, FALSE] <= 0.12 + 0.10
    assert found.loc[TOP, FALSE] == 1


@pytest.mark.slow
def test_crime_that_varies_more_than_chance_made_the_first_edition_wrong(simulation):
    found = simulation["scores"]("fourteen themes, φ 2", 30, 1, planted=False)
    assert found.loc[FIRST, FALSE] > 0.9
    assert found.loc[PRIORITY, FALSE] < 0.25


@pytest.mark.slow
def test_planted_wards_are_found_where_there_are_many_incidents(simulation):
    found = simulation["scores"]("one theme, 8,000 events, φ 2", 30, 1, planted=True)
    assert found.loc[PRIORITY, "hits"] > 0.95
    assert found.loc[PRIORITY, "false flags"] < 0.1
