"""A formula stands in one place: what each looks like in the source, and where alone it may stand."""

import re

import pytest

from tests.conftest import REPOSITORY

HOUSE = REPOSITORY / "wardmap"

# what it is: how it looks, where it belongs, and where it stands for now, with the reason
FORMULAS = {
    "limits of a Poisson count": (
        r"chi2\.(ppf|isf)",
        {"stats/intervals.py"},
        {
            "stats/dispersion.py": "limits of a variance, another use of the distribution",
        },
    ),
    "quantiles and tails of the normal distribution": (
        r"\bnorm\.(ppf|isf|sf|cdf)|\bndtri?\(",
        {"stats/intervals.py"},
        {
            "stats/funnel.py": "continuous quantiles of a whole curve",
            "stats/roots.py": "where a search for limits begins",
            "hotspots/time/emerging.py": "the score of Mann-Kendall by numbers of periods",
        },
    ),
    "1.96 written out": (r"1\.9599|\b1\.96\b(?! for 0\.95)", set(), {}),
    "tails of the binomial distribution": (r"\bbdtrc?\(|\bbinom\.(sf|cdf)", {"stats/intervals.py"}, {}),
    "the order of periods": (
        r"\[:4\]\.isdigit\(\)",
        {"stats/time_order.py"},
        {},
    ),
    "the smallest set that holds a share": (
        r"cumsum\([^)]*\)\s*-\s*ordered|held\s*<\s*share",
        {"stats/concentration.py"},
        {},
    ),
    "a rest by subtraction": (
        r"(\w+)\.sum\((axis=\S+)?\)\s*-\s*\1\b",
        {"stats/ratios.py"},
        {"stats/exceedance.py": "rests of drawn rates, whose people are known"},
    ),
    "the E-test of two counts": (r"poisson_means_test", {"stats/two_counts.py"}, {}),
    "limits of a logarithm, turned back": (
        r"exp\(-?(?:spread|width|\w*z\w* \*)",
        {"stats/intervals.py", "stats/funnel.py"},
        {},
    ),
    "what a count regresses to": (
        r"\.smoothed\([^)]*\)\s*\*",
        {"stats/regression_to_mean.py"},
        {},
    ),
    "Gini's coefficient": (r"\(places \* ascending\)", {"stats/concentration.py"}, {}),
    "the rates of Assunção and Reis, and Marshall's weight": (
        r"np\.where\(total < 0|between / \(between \+ chance\)",
        {"stats/empirical_bayes.py"},
        {},
    ),
    "an allowance for rounding of a share": (
        r"\* \(1 - (?:1e-12|_ROUNDING)\)",
        {"stats/concentration.py"},
        {},
    ),
    "false discovery rates": (r"f?minimum\.accumulate|fmin\.accumulate", {"stats/multiplicity.py"}, {}),
    "pairs of times, for Kendall and Sen": (
        r"triu_indices",
        {"stats/kendall.py"},
        {"hotspots/time/emerging.py": "its own Mann-Kendall, of many series at once"},
    ),
    "the dispersion of a ward's comparison over years": (
        r"share \* others / \(1 - share\)",
        {"stats/between_years.py"},
        {},
    ),
    "a ratio to the rest turned into one to the whole": (
        r"1 - (share|w) \+ \1 \* ",
        {"stats/ratios.py"},
        {},
    ),
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_stands_where_it_belongs_and_nowhere_else(formula):
    look, home, for_now = FORMULAS[formula]
    found = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if re.search(look, path.read_text(encoding="utf-8"))
    }
    assert found - home - set(for_now) == set()


def test_no_code_reads_a_sentence():
    """What a later stage must know is a column: nothing is looked up in the text of a `_method`."""
    reads = re.compile(r"""_method"\][^\n]*\.(startswith|str\.(contains|startswith|extract|match))""")
    assert [str(p) for p in HOUSE.rglob("*.py") if reads.search(p.read_text(encoding="utf-8"))] == []


_OTHERWISE = {"stats/time_order.py", "stats/ratios.py"}
"""Files that have the formula in a form of their own, which no other may have either."""


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_list_knows_what_it_speaks_of(formula):
    """A pattern that finds nothing in the file that has the formula guards nothing."""
    look, home, for_now = FORMULAS[formula]
    for name in (*home, *for_now):
        if name not in _OTHERWISE:
            assert re.search(look, (HOUSE / name).read_text(encoding="utf-8")), name


def test_the_arithmetic_makes_no_sentences_and_no_tables():
    for path in (HOUSE / "stats").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"import pandas|wardmap\.(?:method|schema)", text), path.name
