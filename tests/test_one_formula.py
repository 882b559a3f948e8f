"""A formula of the house stands once: where each of them may be, and nowhere else.

Rooms were kept apart by copying arithmetic, and the copies disagreed. Who writes a formula twice adds no line
here, but calls the file that has it.
"""

import re

import pytest

from tests.conftest import REPOSITORY
from tests.test_house import FILES, HOUSE

ONCE = {
    # limits of a count, of a ratio, of a share
    r"chi2\.(?:ppf|isf)": {"stats/intervals.py", "stats/dispersion.py"},
    r"\bbdtrc?\(": {"stats/intervals.py"},
    r"beta\.(?:ppf|isf)|betaincinv": {"stats/intervals.py"},
    r"ndtri\(|norm\.ppf|norm\.isf": {"stats/intervals.py", "stats/funnel.py", "stats/roots.py"},
    r"\bndtr\(|norm\.sf|norm\.cdf": {"stats/intervals.py", "hotspots/time/emerging.py"},
    r"1\.95996|1\.96\b": set(),
    r"poisson_means_test": {"stats/two_counts.py"},
    # what lies beyond chance, and what a ward comes down to
    r"gamma_poisson\.fit\(": {
        "stats/regression_to_mean.py", "rates/smoothing.py", "priority/rule/rank_stability.py",
        "priority/resources/bases.py", "hotspots/scans/scan_results.py",
    },
    r"\.smoothed\([^)]*\)\s*\*": {"stats/regression_to_mean.py"},
    # ratios to the rest and to the whole
    r"(people|counts)\.sum\(\) - (people|counts)|whole_o - o|transform\(.sum.\) - ": {"stats/ratios.py"},
    r"1 - w \+ w|1 - share \+ share": {"stats/ratios.py"},
    # sets, shares, order
    r"\* \(1 - 1e-12\)|\(1 - _ROUNDING\)": {"stats/concentration.py"},
    r"np\.cumsum\(ordered|cumsum\(\) - ordered": {"stats/concentration.py"},
    r"\(places \* ascending\)": {"stats/concentration.py"},
    r"\[:4\]\.isdigit\(\)|sorted\([^)]*period[^)]*key=str": set(),
    r"np\.lexsort\(\(np\.arange\([^)]*\), -share": {"stats/shares.py"},
    # many tests, and orders of values
    r"minimum\.accumulate|fmin\.accumulate": {"stats/multiplicity.py"},
    r"triu_indices": {"stats/kendall.py", "hotspots/time/emerging.py"},
    r"2 \* n \+ 5": {"stats/kendall.py", "hotspots/time/emerging.py"},
    # no code reads a sentence
    r"_method[\"']\]\.(?:str|iloc)[^\n]*(?:startswith|contains)|\.startswith\(_TO_": set(),
}  # fmt: skip
"""A formula as it is written, and the files in which it may stand."""

_ALLOWED_LINE = re.compile(r'^\s*(#|>>>|\.\.\. )|^\s*""".*"""$')


def code(path):
    """The file without comments, examples and one-line docstrings: formulas are explained there too."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return "\n".join(line.split("  # ")[0] for line in lines if not _ALLOWED_LINE.match(line))


CODE = {path.relative_to(HOUSE).as_posix(): code(path) for path in FILES}


@pytest.mark.parametrize("formula", ONCE)
def test_it_stands_only_where_it_may(formula):
    found = {name for name, text in CODE.items() if re.search(formula, text)}
    assert found <= ONCE[formula]


@pytest.mark.parametrize("formula", [formula for formula, places in ONCE.items() if places])
def test_the_list_knows_what_it_speaks_of(formula):
    """A pattern that finds nothing any more guards nothing."""
    assert any(re.search(formula, text) for text in CODE.values())


def test_a_copy_would_be_found(tmp_path):
    copy = tmp_path / "copy.py"
    copy.write_text("z = 1.959963984540054  # of 95%\n# 1.96 in a comment is none\n", encoding="utf-8")
    assert re.search(r"1\.95996|1\.96\b", code(copy))
    assert "comment" not in code(copy)


def test_the_arithmetic_makes_no_sentences_and_no_tables():
    for name, text in CODE.items():
        if name.startswith("stats/"):
            assert not re.search(r"import pandas|wardmap\.(?:method|schema)|schema\.write", text), name


def test_this_file_speaks_of_the_house():
    assert (REPOSITORY / "wardmap" / "stats" / "ratios.py").is_file()
