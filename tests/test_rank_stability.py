"""rank_stability: how sure is a ward's place, and would it be flagged again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, TooFewWardsError
from wardmap.stats import gamma_poisson


def ward_table(incidents, population=1000.0, theme="all crime"):
    codes = [f"E0500000{n}" for n in range(1, len(incidents) + 1)]
    index = pd.MultiIndex.from_product([[theme], ["2016/17"], codes], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": incidents, "population": population}, index=index)


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [{"top": 0}, {"draws": 0}])
def test_numbers_that_cannot_be_meant(bad):
    with pytest.raises(InputError, match="at least 1"):
        wm.rank_stability(ward_table([5, 3]), **bad)


def test_one_ward_has_no_rank():
    with pytest.raises(TooFewWardsError, match=r"(?s)two wards.*all crime"):
        wm.rank_stability(ward_table([5, 3], population=[1000.0, np.nan]))


def test_redrawn_counts_of_other_rows_are_refused():
    table = ward_table([5, 3])
    with pytest.raises(AlignmentError, match="E05000002"):
        wm.rank_stability(table, redrawn=table[["incidents"]].iloc[:1])
    with pytest.raises(AlignmentError, match="draws: 0"):
        wm.rank_stability(table, redrawn=table[[]])


def test_a_rule_that_rests_on_stability_needs_it():
    with pytest.raises(MissingColumnError, match="rank_stability"):
        wm.flag_wards(wm.compare(ward_table([50, 3])), rule=wm.PriorityRule(stable_only=True))


# Outputs --------------------------------------------------------------------------------------------


def test_two_of_five_wards_against_the_beta_distribution():
    """With equal populations, the ratio of two gamma posteriors is a beta prime: P(first > second)."""
    table = ward_table([30, 24, 2, 1, 1])
    model = gamma_poisson.fit(table["incidents"].to_numpy(float), table["population"].to_numpy(float))
    exact = stats.beta.sf(0.5, model.shape + 30, model.shape + 24)
    found = wm.rank_stability(table, top=1, draws=20_000)
    schema.check(found, schema.WARD_TABLE)
    assert found["rank_top"].iloc[0] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))


def test_wards_that_chance_explains_are_in_no_order():
    found = wm.rank_stability(ward_table([10, 10, 10, 10, 10]), top=2, draws=20_000)
    assert found["rank_top"].to_numpy() == pytest.approx([0.4] * 5, abs=0.02)
    assert (found[["rank_lower", "rank_upper"]] == [1, 5]).all().all()


def test_again_is_what_the_rule_says_of_a_second_year():
    """The verbs themselves, on years drawn from the same posterior, with counts large enough."""
    table = ward_table([400, 330, 350, 90, 100], population=[2000.0, 2000, 5000, 2500, 2600])
    model = gamma_poisson.fit(table["incidents"].to_numpy(float), table["population"].to_numpy(float))
    random = np.random.default_rng(1)
    people = table["population"].to_numpy()
    rates = model.draws(table["incidents"].to_numpy(float), people, 400, random)
    drawn = random.poisson(rates * people)
    years = pd.concat(
        [table.assign(incidents=counts) for counts in drawn], keys=range(len(drawn)), names=["year"]
    )
    years = years.droplevel("period").reset_index("year")
    years = years.rename(columns={"year": "period"}).set_index("period", append=True)
    flags = wm.flag_wards(wm.compare(years.reorder_levels(schema.WARD_TABLE.index)))["priority"]
    expected = (flags == "priority").groupby(level="ward_code").mean().to_numpy()
    assert wm.rank_stability(table)["rank_again"].to_numpy() == pytest.approx(expected, abs=0.08)
    assert 0.1 < expected[1] < 0.99  # the second ward is on the edge, so the test can fail


def test_uncertain_places_widen_the_interval():
    table = ward_table([300, 200, 100, 50, 20])
    moved = pd.DataFrame(dict.fromkeys(range(10), table["incidents"]))
    moved[5] = [150, 350, 100, 50, 20]  # in one draw of ten, an estate on the line falls to its neighbour
    found = wm.rank_stability(table, top=1, redrawn=moved)
    assert wm.rank_stability(table, top=1)["rank_top"].iloc[0] == 1
    assert found["rank_top"].iloc[0] == pytest.approx(0.9, abs=0.01)
    assert "with 10 redraws of uncertain places" in found["rank_method"].iloc[0]


def test_stability_is_shown_and_decides_only_when_asked():
    table = wm.compare(ward_table([60, 50, 20, 10, 10]))
    ranked = wm.rank_stability(table, top=1)
    shown = wm.flag_wards(ranked)
    assert shown["priority_stable"].tolist() == [True, False, False, False, False]
    assert shown["priority"].tolist() == ["priority", "priority", "none", "none", "none"]
    strict = wm.flag_wards(ranked, rule=wm.PriorityRule(stable_only=True))
    assert strict["priority"].tolist() == ["priority", "watch", "none", "none", "none"]
    assert ", less than the agreed 0.8." in strict["reason"].iloc[1]
    assert "among the highest with a probability of at least 0.8" in strict["priority_method"].iloc[0]


def test_a_ward_without_people_has_no_rank():
    found = wm.rank_stability(ward_table([5, 9, 3], population=[1000.0, np.nan, 1000.0]))
    assert found["rank_expected"].isna().tolist() == [False, True, False]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=9), st.integers(1, 9))
def test_ranks_add_up_whatever_the_counts(counts, top):
    found = wm.rank_stability(ward_table(counts), top=top, draws=200)
    size = len(counts)
    assert found["rank_expected"].sum() == pytest.approx(size * (size + 1) / 2)
    assert found["rank_top"].sum() == pytest.approx(min(top, size))
    assert (found["rank_lower"] <= found["rank_upper"]).all()


# Alignment ------------------------------------------------------------------------------------------


def test_neither_row_order_nor_other_themes_matter():
    table = ward_table([30, 24, 2, 1, 1])
    before = table.copy(deep=True)
    found = wm.rank_stability(table)
    both = pd.concat([ward_table([3, 4, 5, 6, 7], theme="ASB"), table.iloc[::-1]])
    again = wm.rank_stability(both).loc[table.index]
    shared = ["rank_method", "rank_again"]  # both themes are one family of tests
    pd.testing.assert_frame_equal(again.drop(columns=shared), found.drop(columns=shared))
    turned = wm.rank_stability(table.iloc[::-1]).reindex(table.index)
    pd.testing.assert_frame_equal(turned, found)
    pd.testing.assert_frame_equal(table, before)
