"""`DisclosureRule`, `disclose` and `release`: what is primary, what goes with it, editions, and refusals."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

import wardmap as wm
from wardmap.errors import AlignmentError, InputError, MissingColumnError
from wardmap.reports import DisclosureRule, disclose, release
from wardmap.themes import Flagged


def table_of(counts, **columns):
    """A ward table from {theme: {period: counts by ward A, B, ...}}."""
    rows = {
        (theme, period, ward): count
        for theme, periods in counts.items()
        for period, of_wards in periods.items()
        for ward, count in zip("ABCDEFGH", of_wards, strict=False)
    }
    index = pd.MultiIndex.from_tuples(list(rows), names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": list(rows.values()), **columns}, index=index)


def hidden(shown):
    return {"|".join(map(str, key)) for key, mark in shown["disclosure"].items() if mark == "confidential"}


def one_theme(counts, theme="Sexual offences", period="2016"):
    return table_of({theme: {period: counts}})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"least": 1}, "least"),
        ({"least": 5.0}, "least"),
        ({"least": True}, "least"),
        ({"least": 10_000}, "least"),
        ({"zeros": "shown"}, "zeros"),
        ({"round_to": 10}, "round_to"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": float("nan")}, "seconds"),
        ({"seed": -1}, "seed"),
        ({"sensitive": "Sexual offences"}, "sensitive"),
        ({"public": ["Burglary"]}, "public"),
        ({"public": ("Burglary",), "sensitive": ("Burglary",)}, "sensitive and public"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(given, named):
    with pytest.raises(InputError, match=named):
        DisclosureRule(**given)


@pytest.mark.parametrize(("count", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_the_threshold_is_exact(count, is_hidden):
    shown = disclose(one_theme([count, 9, 12, 30]))
    assert ("Sexual offences|2016|A" in hidden(shown)) == is_hidden
    assert len(hidden(shown)) == 2 * is_hidden


@pytest.mark.parametrize(("count", "is_hidden"), [(0, True), (4, True), (5, False)])
def test_zeros_can_be_hidden_too(count, is_hidden):
    shown = disclose(one_theme([count, 9, 12, 30]), DisclosureRule(zeros="hidden"))
    assert ("Sexual offences|2016|A" in hidden(shown)) == is_hidden


def test_least_is_obeyed():
    assert not hidden(disclose(one_theme([3, 9, 12, 30]), DisclosureRule(least=3)))
    assert "Sexual offences|2016|B" in hidden(disclose(one_theme([30, 9, 12, 30]), DisclosureRule(least=10)))


def test_what_is_not_sensitive_or_is_public_is_shown():
    counts = {"Sexual offences": {"2016": [3, 9, 12]}, "Burglary": {"2016": [2, 9, 12]}}
    assert not hidden(disclose(table_of({"Burglary": {"2016": [2, 9, 12]}})))
    assert hidden(disclose(table_of(counts))) == {"Sexual offences|2016|A", "Sexual offences|2016|B"}
    assert not hidden(disclose(table_of(counts), DisclosureRule(public=("Sexual offences",))))
    by_name = disclose(table_of(counts), DisclosureRule(sensitive=("Burglary",)))
    assert hidden(by_name) == {"Burglary|2016|A", "Burglary|2016|B"}


def test_a_small_total_is_hidden_too():
    found = release(one_theme([1, 2, 0, 0]), areas={"Town": ["A", "B"]})
    assert hidden(found.totals) == {"Sexual offences|2016|Town", "Sexual offences|2016|district"}
    assert "district" in found.advice


def test_a_flag_is_sensitive_and_what_it_leaves_of_its_type_is_thought_of():
    counts = {
        "Violence": {"2016": [20, 30, 40]},
        "domestic": {"2016": [3, 9, 15]},
        "other violence": {"2016": [17, 21, 25]},
    }
    themes = {"Violence": ["Violence"], "domestic": Flagged(("domestic_abuse",), ("Violence",))}
    without = disclose(table_of({k: v for k, v in counts.items() if k != "other violence"}), themes=themes)
    assert hidden(without) == {"domestic|2016|A", "domestic|2016|B"}


def test_a_type_with_a_flag_that_nobody_prints_is_not_told_by_sums():
    """Of 3 violent incidents and 6 burglaries in A, 8 are domestic: 2 or 3 of the violent ones."""
    counts = {
        "Violence": {"2016": [3, 30, 40, 35]},
        "Burglary": {"2016": [6, 30, 20, 25]},
        "domestic": {"2016": [8, 10, 15, 20]},
    }
    themes = {"domestic": Flagged(("domestic_abuse",))}
    shown = disclose(table_of(counts), themes=themes)
    told = {"Violence|2016|A", "Burglary|2016|A", "domestic|2016|A"} & hidden(shown)
    assert told
    counts["domestic"]["2016"][0] = 6
    assert not hidden(disclose(table_of(counts), themes=themes))


def test_all_of_a_total_being_sensitive_is_hidden_with_the_zeros_that_would_say_so():
    counts = {
        "Sexual offences": {"2016": [20, 30, 40, 30]},
        "Burglary": {"2016": [0, 30, 30, 40]},
        "all crime": {"2016": [20, 60, 70, 70]},
    }
    shown = disclose(table_of(counts))
    assert {"Sexual offences|2016|A", "Burglary|2016|A"} <= hidden(shown)


def test_counts_that_do_not_add_up_are_refused():
    counts = {"Sexual offences": {"2016": [3, 9]}, "all crime": {"2016": [30, 90]}}
    with pytest.raises(InputError, match="do not add up"):
        disclose(table_of(counts))
    themes = {"Sexual offences": ["Sexual offences"], "all crime": ["Sexual offences", "Burglary"]}
    assert hidden(disclose(table_of(counts), themes=themes))


def test_a_rule_that_cannot_be_met_is_refused_and_the_other_way_named():
    counts = {
        "Sexual offences": {"2016": [1, 30, 40]},
        "Burglary": {"2016": [8, 30, 30]},
        "all crime": {"2016": [9, 60, 70]},
    }
    with pytest.raises(InputError, match=r"Sexual offences, 2016, A(.|\n)*round_to=5"):
        disclose(table_of(counts), DisclosureRule(public=("Burglary", "all crime")))
    assert disclose(table_of(counts), DisclosureRule(round_to=5))["incidents"].mod(5).eq(0).all()


def test_what_is_not_promised_is_refused_and_the_other_ways_named():
    months = [f"2016-{month:02d}" for month in range(1, 13)]
    wards = [f"E05{n:06d}" for n in range(211)]
    themes = [f"Sexual offences {n}" for n in range(5)]
    index = pd.MultiIndex.from_product([themes, months, wards], names=["theme", "period", "ward_code"])
    table = pd.DataFrame({"incidents": np.random.default_rng(0).poisson(2, len(index))}, index=index)
    with pytest.raises(InputError, match=r"round_to=5(.|\n)*by year"):
        disclose(table)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda t: t.assign(incidents=[-1, 9, 12]),
        lambda t: t.assign(incidents=[0.5, 9, 12]),
        lambda t: t.assign(incidents=[np.inf, 9, 12]),
        lambda t: pd.concat([t, t]),
        lambda t: t.iloc[:0],
        lambda t: t.assign(halo=[False, False, True]),
        disclose,
        lambda t: pd.concat([t, table_of({"Burglary": {"2016": [1, 2]}})]),
    ],
)
def test_what_cannot_be_counted_is_refused(spoilt):
    with pytest.raises(InputError):
        disclose(spoilt(one_theme([3, 9, 12])))


def test_areas_must_be_made_of_wards_of_the_table():
    with pytest.raises(AlignmentError, match="'Z'"):
        disclose(one_theme([3, 9, 12]), areas={"Town": ["A", "Z"]})
    with pytest.raises(InputError, match="district"):
        disclose(one_theme([3, 9, 12]), areas={"district": ["A"]})
    with pytest.raises(AlignmentError, match="no wards"):
        disclose(one_theme([3, 9, 12]), areas={"Town": []})


def test_an_area_that_is_published_is_not_undone():
    table = one_theme([3, 9, 7, 12])
    assert hidden(disclose(table)) == {"Sexual offences|2016|A", "Sexual offences|2016|C"}
    found = release(table, areas={"Town": ["A", "B"]})
    assert hidden(found.table) == {"Sexual offences|2016|A", "Sexual offences|2016|B"}
    assert found.totals["incidents"].tolist() == [12, 31]


def test_what_was_not_observed_has_a_mark_of_its_own_and_is_no_complement():
    table = one_theme([3, None, 12, 30])
    shown = disclose(table.astype({"incidents": "Int64"}))
    assert shown["disclosure"].tolist() == ["confidential", "not observed", "confidential", "published"]
    assert shown["incidents"].isna().tolist() == [True, True, True, False]


def test_the_input_is_not_touched_and_rows_keep_their_order():
    table = one_theme([3, 9, 12, 0]).iloc[::-1]
    before = table.copy()
    shown = disclose(table)
    pd.testing.assert_frame_equal(table, before)
    assert shown.index.equals(table.index)


def test_figures_go_with_the_counts_that_they_were_made_from():
    counts = {"Sexual offences": {"2016": [3, 9, 20, 30]}, "Burglary": {"2016": [30, 20, 40, 10]}}
    index = table_of(counts).index
    people = pd.DataFrame({"population": 1000.0}, index=index.unique("ward_code"))
    table = wm.compare(wm.add_rates(table_of(counts, months=12), people))
    table = wm.rates.smooth_rates(table).assign(my_own=1.5)
    shown = disclose(table)
    of_theme = shown.loc["Sexual offences"]
    assert of_theme["rate"].isna().tolist() == [True, True, False, False]
    assert of_theme["ratio_upper"].isna().tolist() == [True, True, False, False]
    assert of_theme["status"].isna().tolist() == [True, True, False, False]
    assert of_theme["smoothed"].isna().all()
    assert shown["smoothed"].notna().tolist() == [False] * 4 + [True] * 4
    assert shown["my_own"].isna().all()
    assert shown["population"].notna().all()
    assert table.loc[("Sexual offences", "2016", "A"), "rate_method"] == of_theme["rate_method"].iloc[2]


def test_a_ratio_to_the_rest_needs_the_district():
    table = one_theme([1, 2, 0, 0]).assign(population=1000.0)
    shown = disclose(wm.compare(table))
    assert shown["ratio"].isna().all()
    assert shown["incidents"].isna().tolist() == [True, True, False, False]


def test_a_category_keeps_no_word_of_a_hidden_row():
    table = one_theme([3, 9, 12, 0]).assign(reason=pd.Categorical(["only 3", "nine", "twelve", "none"]))
    assert disclose(table)["reason"].cat.categories.tolist() == []


# G8: what derived figures leave of a count, by enumeration


def could_be(told, counts=range(200)):
    return {count for count in counts if told(count)}


def test_a_derived_figure_tells_the_count():
    def limits(count, people):
        lower = chi2.ppf(0.025, 2 * count) / 2 if count else 0
        return round(1000 * lower / people, 1), round(500 * chi2.ppf(0.975, 2 * count + 2) / people, 1)

    def ratio(count):
        return round(count / 8000 / ((40 - count) / 160_000), 2)

    assert could_be(lambda n: round(1000 * n / 8200, 1) == 0.4) == {3}
    assert could_be(lambda n: limits(n, 8200) == limits(3, 8200)) == {3}
    assert could_be(lambda n: round(1000 * n / 24_000, 1) == 0.1) == {2, 3}
    assert could_be(lambda n: n < 40 and ratio(n) == 1.62) == {3}
    assert could_be(lambda n: round(100 * n / 900, 1) == 0.3) == {3}
    nearest = {
        a
        for a in range(1, 4)
        for b in range(1, 4)
        if round(a / 5) == round(b / 5) == 0 and round((a + b) / 5) == 1
    }
    assert nearest == {1, 2}


# editions


def test_a_second_edition_does_not_tell_what_the_first_one_hid():
    table = one_theme([20, 9, 3, 12])
    first = release(table, areas={"Town": ["A", "B"]})
    assert hidden(first.table) == {"Sexual offences|2016|C", "Sexual offences|2016|D"}
    second = release(
        table, areas={"Town": ["A", "B"], "City": ["A", "B", "C"]}, history=[first.table, first.totals]
    )
    assert hidden(second.table) == hidden(first.table)
    assert hidden(second.totals) == {"Sexual offences|2016|City"}


def rolling(period, counts):
    return one_theme(counts, period=period).assign(months=1 if len(period) == 7 else 12)


def test_rolling_years_do_not_tell_the_month_that_came():
    """January 2024 is 6 and the years are 46 and 42, so that January 2025 would be 2."""
    january = disclose(rolling("2024-01", [6, 8, 9]))
    year = disclose(rolling("2024-01 to 2024-12", [46, 80, 90]))
    next_year = rolling("2024-02 to 2025-01", [42, 80, 90])
    assert not hidden(year) | hidden(january)
    assert not hidden(disclose(next_year))
    shown = disclose(next_year, history=[january, year])
    assert "Sexual offences|2024-02 to 2025-01|A" in hidden(shown)


def test_what_was_shown_stays_and_what_was_hidden_stays_hidden():
    table = one_theme([3, 9, 12, 30])
    first = disclose(table)
    again = disclose(table, history=[first])
    pd.testing.assert_frame_equal(again, first)
    bigger = disclose(one_theme([6, 9, 12, 30]), history=[first])
    assert hidden(bigger) == hidden(first)


def test_an_edition_of_divided_wards_is_placed_by_areas():
    first = disclose(one_theme([20, 30, 40]))
    now = one_theme([12, 8, 30, 40])
    now.index = now.index.set_levels(["A1", "A2", "B", "C"], level="ward_code")
    with pytest.raises(AlignmentError, match="'A'"):
        disclose(now, history=[first])
    assert not hidden(disclose(now, areas={"A": ["A1", "A2"]}, history=[first]))


def test_a_contradiction_with_an_earlier_edition_is_said():
    year = disclose(one_theme([46, 80]))
    quarters = table_of({"Sexual offences": {f"2016 Q{q}": [10, 20] for q in range(1, 5)}})
    with pytest.raises(InputError, match="round_to=5"):
        disclose(quarters, history=[year])


def test_rounded_editions_agree_and_are_not_followed_by_hiding():
    table = one_theme([3, 9, 12, 31])
    rule = DisclosureRule(round_to=5)
    first = disclose(table, rule)
    again = disclose(table, DisclosureRule(round_to=5, seed=99), history=[first])
    assert again["incidents"].tolist() == first["incidents"].tolist()
    with pytest.raises(InputError, match="rounded"):
        disclose(table, history=[first])


def test_rounding_after_hiding_does_not_show_a_zero_that_is_known_to_be_none():
    table = one_theme([3, 9, 12, 31])
    hid = disclose(table)
    for seed in range(8):
        try:
            shown = disclose(table, DisclosureRule(round_to=5, seed=seed), history=[hid])
        except InputError:
            continue
        assert shown["incidents"].iloc[0] == 5


def test_an_earlier_edition_must_say_what_it_hid():
    with pytest.raises(MissingColumnError, match="disclosure"):
        disclose(one_theme([3, 9]), history=[one_theme([3, 9])])
