"""allocate and compare_allocations: to the last unit, between floors and caps, on a stated basis."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import InputError, MissingColumnError
from wardmap.stats import gamma_poisson

INCIDENTS = [400, 60, 350, 90, 100]
PEOPLE = [2000.0, 300, 5000, 2500, 2600]


def ward_table(incidents=INCIDENTS, population=PEOPLE, **columns):
    codes = [f"E0500000{n}" for n in range(1, len(incidents) + 1)]
    index = pd.MultiIndex.from_product([["all crime"], ["2016/17"], codes], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": incidents, "population": population, **columns}, index=index)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"floor": 21}, r"(?s)smaller than its floors.*5 wards together: 105.*floor=20"),
        ({"cap": 19}, r"(?s)leave part of the budget over.*together: 95.*cap=20"),
        ({"floor": 5, "cap": {"E05000002": 3}}, r"(?s)E05000002.*above its cap"),
        ({"floor": -1}, "The floor cannot be negative"),
        ({"cap": {"E05000009": 3}}, r"(?s)The cap names wards that are not there.*E05000009"),
        ({"unit": 7}, r"(?s)not a whole number of units.*budget=98"),
        ({"unit": 0}, "must be positive"),
        ({"by": {"volume": 0, "equal": 0}}, "more than nothing"),
        ({"by": {"volume": 2, "equal": -1}}, "must not be negative"),
        ({"ward_codes": ["E05000001", "E05000001"]}, "names a ward twice"),
        ({"ward_codes": []}, "names no ward"),
        ({"by": "excess", "ward_codes": ["E05000004"]}, "No ward has any need by 'excess'"),
        ({"draws": 0}, "needs draws"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        wm.allocate(ward_table(), budget=100, **options)


def test_an_unknown_basis_lists_those_there_are():
    with pytest.raises(MissingColumnError, match=r"(?s)basis 'harms'.*eb_excess.*nearest first: harm"):
        wm.allocate(ward_table(harm=1.0), budget=100, by="harms")
    with pytest.raises(InputError, match=r"(?s)'need' cannot be a need.*E05000002"):
        wm.allocate(ward_table(need=[1, -1, 1, 1, 1]), budget=100, by="need")


def test_bases_to_compare_need_names_of_their_own():
    with pytest.raises(InputError, match="ward_name"):
        wm.priority.compare_allocations(ward_table(), budget=100, by={"ward_name": "volume"})


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand():
    found = wm.allocate(ward_table(), budget=100)
    schema.check(found, schema.ALLOCATION)
    assert found["allocation"].tolist() == [40, 6, 35, 9, 10]
    assert found["need_share"].tolist() == [0.4, 0.06, 0.35, 0.09, 0.1]
    assert (
        found["allocation_method"].iloc[0].startswith("100 in units of 1, by volume (incidents), all crime")
    )


def test_excess_by_hand():
    """Against the rest: 400 − 2000 × 600/10400 = 284.6 and 60 − 300 × 940/12100 = 36.7; the others none."""
    found = wm.allocate(ward_table(), budget=1000, by="excess")
    assert found["allocation"].tolist() == [886, 114, 0, 0, 0]
    assert found["need_share"].iloc[0] == pytest.approx(284.615 / (284.615 + 36.694), abs=1e-5)


def test_smoothed_excess_gives_a_small_ward_less():
    model = gamma_poisson.fit(np.array(INCIDENTS, dtype=float), np.array(PEOPLE))
    expected = (model.smoothed(np.array(INCIDENTS, dtype=float), np.array(PEOPLE)) - model.mean).clip(
        0
    ) * PEOPLE
    found = wm.allocate(ward_table(), budget=1000, by="eb_excess")
    assert found["need_share"].to_numpy() == pytest.approx(expected / expected.sum())


def test_a_mix_is_the_average_of_its_bases():
    half = wm.allocate(ward_table(), budget=100, by={"volume": 2, "equal": 2})
    assert half["allocation"].tolist() == [30, 13, 28, 14, 15]  # 27.5 and 14.5: the larger need first
    assert "50% by volume (incidents), 50% by equal (the same for each)" in half["allocation_method"].iloc[0]


def test_a_column_of_need_and_chosen_wards():
    table = ward_table(need=[3, 1, 0, 0, 2])
    found = wm.allocate(table, budget=8, by="need", ward_codes=["e05000002", "E05000001"])
    assert found["allocation"].to_dict() == {"E05000001": 6, "E05000002": 2}


def test_half_hours_sum_exactly():
    found = wm.allocate(ward_table(), budget=33.5, unit=0.5, floor={"E05000004": 5})
    assert found["allocation"].sum() == 33.5
    assert (found["allocation"] * 2 % 1 == 0).all()
    assert found["allocation"].iloc[3] == 5


def test_the_interval_holds_the_share_and_narrows_with_the_counts():
    few = wm.allocate(ward_table(), budget=100_000)
    many = wm.allocate(ward_table(incidents=[100 * n for n in INCIDENTS]), budget=100_000)
    widths = [found["allocation_upper"] - found["allocation_lower"] for found in (few, many)]
    for found in (few, many):
        assert (found["allocation_lower"] <= found["allocation"]).all()
        assert (found["allocation"] <= found["allocation_upper"]).all()
    # A share p of N counts has the standard error sqrt(p (1 − p) / N)
    assert widths[0].iloc[0] == pytest.approx(2 * 1.96 * 1e5 * np.sqrt(0.4 * 0.6 / 1000), rel=0.1)
    assert widths[1].iloc[0] == pytest.approx(widths[0].iloc[0] / 10, rel=0.15)
    fixed = wm.allocate(ward_table(), budget=100, by="equal")
    assert (fixed["allocation_lower"] == fixed["allocation_upper"]).all()


def test_a_draw_without_any_excess_is_shared_equally_not_refused():
    found = wm.allocate(
        ward_table([6, 5, 5, 5, 5], 1000.0), budget=10, by="excess", ward_codes=["E05000001"], draws=200
    )
    assert found["allocation_lower"].tolist() == [10]


def test_the_same_budget_side_by_side():
    bases = {"by volume": "volume", "by excess": "excess", "half": {"volume": 1, "excess": 1}}
    found = wm.priority.compare_allocations(ward_table(), budget=100_000, by=bases, unit=100)
    assert (found[list(bases)].sum() == 100_000).all()
    assert (
        found["by volume"].tolist()
        == wm.allocate(ward_table(), budget=100_000, unit=100)["allocation"].tolist()
    )
    assert found["bases_method"].iloc[0].startswith("by volume: by volume (incidents). by excess: by excess")


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 5000), min_size=2, max_size=9).filter(any),
    st.integers(1, 2000),
    st.sampled_from(["volume", "equal", {"volume": 1, "equal": 3}]),
)
def test_more_need_never_gets_less_and_it_always_sums(incidents, budget, by):
    found = wm.allocate(ward_table(incidents, 1000.0), budget=budget, by=by, draws=2)
    assert found["allocation"].sum() == budget
    ranked = found.sort_values(["need_share", "allocation"])["allocation"]
    assert ranked.is_monotonic_increasing


# Alignment ------------------------------------------------------------------------------------------


def test_neither_row_order_nor_other_columns_matter():
    table = ward_table()
    before = table.copy(deep=True)
    found = wm.allocate(table, budget=1001, by="eb_excess")
    pd.testing.assert_frame_equal(
        wm.allocate(table.iloc[::-1].assign(x="?"), budget=1001, by="eb_excess"), found
    )
    pd.testing.assert_frame_equal(table, before)


@settings(max_examples=25)
@given(st.permutations(range(5)), st.sampled_from(["volume", "excess", "eb_excess"]))
def test_permuting_wards_permutes_shares(order, by):
    order = list(order)
    mixed = ward_table([INCIDENTS[n] for n in order], [PEOPLE[n] for n in order])
    found = wm.allocate(mixed, budget=997, by=by, floor=10, cap=500, draws=2)["allocation"].tolist()
    plain = wm.allocate(ward_table(), budget=997, by=by, floor=10, cap=500, draws=2)["allocation"].tolist()
    assert found == [plain[n] for n in order]
