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
            "rates/funnel.py": "moves to stats with the funnel",
        },
    ),
    "quantiles and tails of the normal distribution": (
        r"\bnorm\.(ppf|isf|sf|cdf)|\bndtri?\(",
        {"stats/intervals.py"},
        {
            "stats/funnel.py": "continuous quantiles of a whole curve",
            "stats/roots.py": "where a search for limits begins",
            "hotspots/time/emerging.py": "the score of Mann-Kendall by numbers of periods",
            "priority/evaluation/evaluate_project.py": "moves to stats with the two counts",
            "rates/change_elsewhere.py": "moves to stats with the two counts",
            "rates/funnel.py": "moves to stats with the funnel",
            "rates/group.py": "moves to stats with the shares",
            "rates/targets.py": "moves to stats with the two counts",
        },
    ),
    "1.96 written out": (r"1\.9599|\b1\.96\b(?! for 0\.95)", set(), {}),
    "tails of the binomial distribution": (r"\bbdtrc?\(|\bbinom\.(sf|cdf)", {"stats/intervals.py"}, {}),
    "the order of periods": (
        r"\[:4\]\.isdigit\(\)",
        {"stats/time_order.py"},
        {"maps/trends.py": "asks whether labels are dated at all, to draw them"},
    ),
    "the smallest set that holds a share": (
        r"cumsum\([^)]*\)\s*-\s*ordered|held\s*<\s*share",
        {"stats/concentration.py"},
        {"rates/lorenz_curve.py": "moves to stats with the Lorenz curve"},
    ),
    "a rest by subtraction": (
        r"(\w+)\.sum\((axis=\S+)?\)\s*-\s*\1\b",
        {"stats/ratios.py"},
        {"stats/exceedance.py": "rests of drawn rates, whose people are known"},
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
