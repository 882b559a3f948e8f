"""The plan's Figure 10 (East Staffordshire, 2016/17): its counts, its rates, its statuses and its ranks."""

import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema

PEOPLE = 116_060
"""Only 116,000 to 116,112 people fit all of the printed rates; the source line says mid-2015."""

# Theme, number, rate per 1,000: as printed in the community safety plan 2018-21, figure 10.
FIGURE_10 = (
    ("Total recorded crime", 7913, 68.2),
    ("Violence against the person", 2479, 21.4),
    ("Violence with injury", 1156, 10.0),
    ("Violence without injury", 1322, 11.4),
    ("Sexual offences", 290, 2.5),
    ("Robbery", 60, 0.5),
    ("Theft offences", 3088, 26.6),
    ("Burglary", 682, 5.9),
    ("Vehicle offences", 551, 4.7),
    ("Theft from the person", 62, 0.5),
    ("Bicycle theft", 188, 1.6),
    ("Shoplifting", 791, 6.8),
    ("All other theft", 814, 7.0),
    ("Criminal damage and arson", 1051, 9.1),
    ("Drug offences", 195, 1.7),
    ("Possession of weapons", 49, 0.4),
    ("Public order", 321, 2.8),
    ("Miscellaneous crimes against society", 183, 1.6),
)


@pytest.fixture(scope="module")
def figure_10():
    """The district as the one "ward" of a ward table: its counts, its people, its rates."""
    index = pd.MultiIndex.from_tuples(
        [(theme, "2016/17", "E07000193") for theme, _, _ in FIGURE_10], names=schema.WARD_TABLE.index
    )
    counts = pd.DataFrame({"incidents": [number for _, number, _ in FIGURE_10]}, index=index)
    people = pd.DataFrame({"population": [PEOPLE]}, index=pd.Index(["E07000193"], name="ward_code"))
    return wm.add_rates(counts, people)


def test_all_18_rates_are_those_printed(figure_10):
    printed = {theme: rate for theme, _, rate in FIGURE_10}
    assert figure_10["rate"].round(1).droplevel(["period", "ward_code"]).to_dict() == printed


@pytest.mark.parametrize("people", [115_999, 116_113])
def test_no_other_population_prints_them(figure_10, people):
    rates = (1000 * figure_10["incidents"] / people).round(1)
    assert rates.tolist() != [rate for _, _, rate in FIGURE_10]


def test_the_figure_against_two_benchmarks_at_once(figure_10):
    """The plan prints no benchmark values; those that its statuses admit lie beside its own rates."""
    given = pd.DataFrame(
        {"group": [60.0, 0.5, 3.1], "England": [75.0, 1.0, 3.4]},
        index=pd.Index(["Total recorded crime", "Robbery", "Public order"], name="theme"),
    )
    found = wm.compare(figure_10, against=given).droplevel(["period", "ward_code"]).loc[given.index]
    assert found["group_status"].tolist() == ["Above", "Similar", "Below"]
    assert found["England_status"].tolist() == ["Below", "Below", "Below"]
