"""The rule on arrays, and its repetition: the same rule, the same comparison, the same family."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.stats import gamma_poisson
from wardmap.stats.concentration import smallest_set
from wardmap.stats.multiplicity import below_level, q_values


def ward_table(themes, population):
    codes = [f"E0500000{n}" for n in range(1, len(population) + 1)]
    index = pd.MultiIndex.from_product([list(themes), ["2016/17"], codes], names=schema.WARD_TABLE.index)
    counts = np.concatenate(list(themes.values()))
    return pd.DataFrame({"incidents": counts, "population": population * len(themes)}, index=index)


def test_families_that_are_nearly_empty_are_corrected_as_full_ones():
    random = np.random.default_rng(0)
    p = random.random((300, 12)) ** 3
    p[random.random(p.shape) < 0.1] = np.nan
    p[:, 3] = p[:, 7]  # equal p stand or fall together
    for level in (0.05, 0.1, 0.5):
        row, at = np.nonzero(p <= level)
        found = below_level(p[row, at], row, np.count_nonzero(~np.isnan(p), axis=1), level)
        assert found.tolist() == (q_values(p.copy()) <= level)[row, at].tolist()


@pytest.mark.parametrize("share", [0.07, 0.5, 0.7, 1.0])
def test_a_set_that_holds_exactly_the_share_is_enough(share):
    """0.07 of 100 and 0.7 of 10 are a little more than 7 in a computer."""
    counts = np.array([[7, 1] + [1] * 92, [50, 50] + [0] * 92])
    inside = smallest_set(counts, share)
    for row, marked in zip(counts, inside, strict=True):
        ordered = np.sort(row)[::-1]
        needed = next(n for n in range(1, 95) if ordered[:n].sum() * 100 >= round(share * 100) * row.sum())
        assert marked.sum() == needed
        assert row[marked].sum() == ordered[:needed].sum()


def test_the_flag_the_concentration_and_the_repetition_have_one_smallest_set():
    """Of equal wards the first by code, in every verb; rows in any order."""
    table = ward_table({"ASB": [20, 30, 30, 20], "robbery": [1, 7, 1, 1]}, [1000.0] * 4).iloc[::-1]
    flags = wm.flag_wards(wm.compare(table), rule=wm.PriorityRule(volume_share=0.7))
    marked = flags[flags["priority_volume"]].sort_index()
    sets = wm.rates.concentration(table, share=0.7)["smallest_set_codes"]
    for theme, codes in {"ASB": ["E05000001", "E05000002", "E05000003"], "robbery": ["E05000002"]}.items():
        assert marked.loc[theme].index.get_level_values("ward_code").tolist() == codes
        assert sorted(sets.xs(theme, level="theme").item()) == codes


def test_again_below_twenty_is_the_rule_itself():
    """A small ward, where log-normal limits and exact ones part: the verbs on the same drawn years."""
    table = ward_table({"ASB": [9, 8, 7, 9, 8]}, [300.0, 1000, 1000, 1000, 1000])
    model = gamma_poisson.fit(*(table[c].to_numpy(float) for c in ("incidents", "population")))
    random = np.random.default_rng(1)
    people = table["population"].to_numpy()
    drawn = random.poisson(model.draws(table["incidents"].to_numpy(float), people, 1500, random) * people)
    years = pd.concat([table.assign(incidents=row) for row in drawn], keys=[f"{n:04}" for n in range(1500)])
    years = years.droplevel("period").rename_axis(["period", "theme", "ward_code"])
    flags = wm.flag_wards(wm.compare(years.reorder_levels(schema.WARD_TABLE.index), dispersion=1))
    expected = (flags["priority"] == "priority").groupby(level="ward_code").mean().iloc[0]
    found = wm.rank_stability(table, draws=20_000)["rank_again"].iloc[0]
    assert 0.05 < expected < 0.95
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 1500))


def test_a_second_theme_is_in_the_family_of_a_drawn_year():
    """One theme where chance is all, nine times: the q of the other theme must be larger."""
    one = ward_table({"ASB": [16, 8, 7, 9, 8]}, [500.0, 1000, 1000, 1000, 1000])
    quiet = {f"quiet {n}": [10] * 5 for n in range(9)}
    ten = ward_table({"ASB": [16, 8, 7, 9, 8], **quiet}, [500.0, 1000, 1000, 1000, 1000])
    alone, beside = (wm.rank_stability(table)["rank_again"].iloc[0] for table in (one, ten))
    assert beside < alone - 0.05


def test_into_names_the_columns_and_says_of_what_they_are_a_copy():
    table = ward_table({"ASB": [160, 35, 30]}, [1000.0] * 3)
    found = wm.rank_stability(table, into="order", draws=100)
    usual = wm.rank_stability(table, draws=100)
    assert found["order_top"].tolist() == usual["rank_top"].tolist()
    assert found["order_copy_of"].unique().tolist() == ["rank"]
    assert "order_top is the first 3" in found["order_method"].iloc[0]


def test_dispersion_of_the_comparison_is_allowed_for_again():
    table = wm.compare(ward_table({"ASB": [60, 30, 30, 30]}, [1000.0] * 4))
    once, thrice = (
        wm.rank_stability(table.assign(ratio_phi=phi))["rank_again"].iloc[0] for phi in (1.0, 6.0)
    )
    assert thrice < once - 0.1
    assert stats.binom.sf(59, 150, 0.25) < 0.001  # so that it is the dispersion that makes it doubtful
