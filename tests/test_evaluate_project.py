"""evaluate_project: the change where a project worked, against wards where it did not."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import _zconfint_generic

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError

CODES = [f"E0500000{n}" for n in range(1, 6)]
ONE = {"treated_codes": CODES[:1], "control_codes": CODES[1:2], "before": "2018", "after": "2019"}


def ward_table(before, after, **columns):
    index = pd.MultiIndex.from_product([["ASB"], ["2018", "2019"], CODES], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": [*before, *after], **columns}, index=index)


@pytest.fixture
def paper():
    """Wheeler and Ratcliffe (2018), their example: treated, control, and the two displacement areas."""
    return ward_table([207, 308, 178, 150, 9], [110, 318, 157, 140, 9])


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"control_codes": CODES[:1]}, "two roles"),
        ({"control_codes": []}, "The control set names no ward"),
        ({"buffer_codes": ["E05000009"]}, "The buffer set names wards that are not there"),
        ({"after": "2018"}, "two periods"),
        ({"after": "2020"}, "no period '2020'"),
        ({"theme": "crime"}, "no theme 'crime'"),
    ],
)
def test_a_comparison_that_is_none_is_refused(paper, change, said):
    with pytest.raises(InputError, match=said):
        wm.priority.evaluate_project(paper, **{**ONE, **change})


# Outputs --------------------------------------------------------------------------------------------


def test_the_published_example(paper):
    """Printed there: −118, variance 1,568, z −2.98, interval −196 to −40 (also a test of R's ptools)."""
    found = wm.priority.evaluate_project(
        paper, **ONE, buffer_codes=CODES[2:3], buffer_control_codes=CODES[3:4]
    )
    schema.check(found, schema.PROJECT)
    row = found.loc["ASB"]
    assert row["wdd"] == -118
    assert [round(row["wdd_lower"]), round(row["wdd_upper"])] == [-196, -40]
    assert ((row["wdd_upper"] - row["wdd"]) / 1.959964) ** 2 == pytest.approx(1568, rel=1e-6)
    assert row["wdd_p"] == pytest.approx(0.0029, abs=1e-4)  # two-sided, z = −2.98
    assert row["verdict"] == "fell more"
    assert "treated: E05000001; control: E05000002" in row["project_method"]


def test_the_published_example_of_unequal_lengths():
    """Wheeler (2021), two years before and one after: −20 a year with standard error √115."""
    months = [24] * 5 + [12] * 5
    row = wm.priority.evaluate_project(
        ward_table([80, 100, 0, 0, 0], [20, 50, 0, 0, 0], months=months), **ONE
    ).loc["ASB"]
    assert row["wdd"] == -20
    assert [row["wdd_lower"], row["wdd_upper"]] == pytest.approx(
        _zconfint_generic(-20, np.sqrt(115), 0.05, "two-sided")
    )
    assert row["verdict"] == "cannot tell"


def test_a_buffer_without_a_comparison_is_taken_to_have_stayed(paper):
    row = wm.priority.evaluate_project(paper, **ONE, buffer_codes=CODES[2:3]).loc["ASB"]
    assert row["wdd"] == (110 - 207) - (318 - 308) + (157 - 178)
    assert row["buffer_control_before"] == 0


def test_the_proportional_comparison_by_hand(paper):
    """(110 / 207) / (318 / 308), with limits exp(± 1.96 √(1/110 + 1/207 + 1/318 + 1/308))."""
    row = wm.priority.evaluate_project(paper, **ONE).loc["ASB"]
    assert row["relative"] == pytest.approx(0.51469, abs=1e-5)
    assert [row["relative_lower"], row["relative_upper"]] == pytest.approx([0.3882, 0.6825], abs=2e-3)
    zero = wm.priority.evaluate_project(ward_table([0, 5, 1, 1, 1], [3, 5, 1, 1, 1]), **ONE).loc["ASB"]
    assert np.isnan(zero["relative"])


def test_a_high_ward_is_expected_to_fall_by_itself():
    table = ward_table([60, 20, 15, 18, 22], [45, 20, 15, 18, 22], population=1000.0)
    row = wm.priority.evaluate_project(table, **ONE).loc["ASB"]
    assert 20 < row["expected_alone"] < 60
    assert np.isnan(
        wm.priority.evaluate_project(table.drop(columns="population"), **ONE)["expected_alone"].item()
    )


def test_swapping_treated_and_control_turns_the_sign(paper):
    one = wm.priority.evaluate_project(paper, **ONE).loc["ASB"]
    other = wm.priority.evaluate_project(
        paper, treated_codes=CODES[1:2], control_codes=CODES[:1], before="2018", after="2019"
    ).loc["ASB"]
    assert (other["wdd"], other["verdict"]) == (-one["wdd"], "fell less or rose")
    assert other["relative"] == pytest.approx(1 / one["relative"])


def test_nothing_happened_is_an_outcome():
    row = wm.priority.evaluate_project(ward_table([0] * 5, [0] * 5), **ONE).loc["ASB"]
    assert (row["wdd"], row["verdict"]) == (0, "cannot tell")
    assert np.isnan(row["wdd_p"])
