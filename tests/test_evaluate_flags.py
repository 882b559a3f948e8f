"""evaluate_flags: last year's flags, scored on this year."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError
from wardmap.stats import gamma_poisson

PEOPLE = [1000.0, 1000, 2000, 3000, 3000]


def ward_table(*years, people=PEOPLE):
    codes = [f"E0500000{n}" for n in range(1, len(people) + 1)]
    periods = [f"{2017 + n}" for n in range(len(years))]
    index = pd.MultiIndex.from_product([["all crime"], periods, codes], names=schema.WARD_TABLE.index)
    counts = [count for year in years for count in year]
    return pd.DataFrame({"incidents": counts, "population": people * len(years)}, index=index)


def flagged(*years, **options):
    return wm.flag_wards(wm.compare(ward_table(*years, **options)))


# Inputs ---------------------------------------------------------------------------------------------


def test_one_period_cannot_judge_itself():
    with pytest.raises(InputError, match=r"(?s)a second one is needed.*2017"):
        wm.priority.evaluate_flags(flagged([100, 50, 50, 50, 50]))


def test_flags_come_first_and_wards_must_be_the_same(wards):
    with pytest.raises(MissingColumnError, match="flag_wards"):
        wm.priority.evaluate_flags(ward_table([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]))
    table = flagged([100, 50, 50, 50, 50], [100, 50, 50, 50, 50])
    with pytest.raises(AlignmentError, match="E05000005"):
        wm.priority.evaluate_flags(table.drop(("all crime", "2018", "E05000005")))
    with pytest.raises(AlignmentError, match="E05000001"):
        wm.priority.evaluate_flags(table, wards=wards.iloc[1:])


# Outputs --------------------------------------------------------------------------------------------


def test_the_indices_by_hand(wards):
    """Quay, a tenth of the people and a fifth of the land, is flagged on 400 of 1,000 incidents.

    It then holds 250 of 1,000: hit rate 0.25, PAI 0.25 / 0.1 over people and 0.25 / 0.2 over land
    (Chainey, Tompson and Uhlig 2008: share of events over share of area). The best tenth of the people
    would have been Hill with 300, so PEI is 250 / 300.
    """
    found = wm.priority.evaluate_flags(
        flagged([400, 100, 150, 150, 200], [250, 300, 150, 150, 150]), wards=wards
    )
    schema.check(found, schema.EVALUATION)
    row = found.loc[("all crime", "2017")]
    assert (row["scored_on"], row["flagged"]) == ("2018", 1)
    expected = {"hit_rate": 0.25, "pai": 2.5, "pai_area": 1.25, "pei": 250 / 300, "jaccard": 0.5}
    assert row[list(expected)].to_dict() == pytest.approx(expected)
    assert row["ratio_now"] == pytest.approx(4)
    assert row["ratio_next"] == pytest.approx(2.5)


def test_the_best_set_takes_its_last_ward_in_part():
    """Flagged is Dale, 3,000 people; the best 3,000 are Quay, Hill and half of Moor: 60 + 50 + 20 of 210."""
    table = ward_table([10, 10, 20, 300, 30], [60, 50, 40, 30, 30])
    found = wm.priority.evaluate_flags(wm.flag_wards(wm.compare(table)))
    assert found["pei"].item() == pytest.approx(30 / (60 + 50 + 20))


def test_the_expected_ratio_is_the_smoothed_one():
    counts, people = np.array([40.0, 12, 15, 22, 25]), np.array(PEOPLE)
    smoothed = gamma_poisson.fit(counts, people).smoothed(counts, people) * people
    found = wm.priority.evaluate_flags(flagged([40, 12, 15, 22, 25], [30, 12, 15, 22, 25])).iloc[0]
    assert found["ratio_expected"] == pytest.approx(smoothed[0] / smoothed.sum() / 0.1)
    assert found["ratio_expected"] < found["ratio_now"]
    assert found["beyond_lower"] < found["beyond"] < found["beyond_upper"]
    assert found["verdict"] == "cannot tell"


def test_a_real_fall_is_told_from_one_by_itself():
    still = wm.priority.evaluate_flags(
        flagged([4000, 1500, 1500, 1500, 1500], [3950, 1500, 1500, 1500, 1500])
    )
    fell = wm.priority.evaluate_flags(flagged([4000, 1500, 1500, 1500, 1500], [2500, 1500, 1500, 1500, 1500]))
    rose = wm.priority.evaluate_flags(flagged([4000, 1500, 1500, 1500, 1500], [6000, 1500, 1500, 1500, 1500]))
    verdicts = [found["verdict"].item() for found in (still, fell, rose)]
    assert verdicts == ["cannot tell", "fell more", "fell less or rose"]


def test_a_fall_of_the_whole_district_is_no_success():
    found = wm.priority.evaluate_flags(flagged([4000, 1500, 1500, 1500, 1500], [2000, 750, 750, 750, 750]))
    assert found["beyond"].item() == pytest.approx(1, abs=0.02)


@pytest.mark.slow
def test_wards_flagged_by_chance_fall_as_expected():
    """Two hundred districts whose rates never change: the interval holds the truth about 95 times of 100."""
    random = np.random.default_rng(0)
    verdicts, falls = [], []
    people = np.full(15, 1000.0)
    for _ in range(200):
        rates = random.gamma(4, 10, 15)
        years = random.poisson(rates, (2, 15)).tolist()
        found = wm.priority.evaluate_flags(flagged(*years, people=people.tolist())).iloc[0]
        if found["flagged"]:
            verdicts.append(found["verdict"])
            falls.append(found["ratio_next"] / found["ratio_now"])
    assert np.mean(falls) < 0.97  # they do fall, untreated
    assert np.mean([verdict == "cannot tell" for verdict in verdicts]) > 0.9


def test_nothing_flagged_is_an_outcome():
    found = wm.priority.evaluate_flags(flagged([10, 10, 20, 30, 30], [10, 10, 20, 30, 30])).iloc[0]
    assert (found["flagged"], found["hit_rate"], found["verdict"]) == (0, 0, "cannot tell")
    assert found[["pai", "pei", "jaccard", "beyond"]].isna().all()


def test_every_pair_of_periods_and_every_theme_is_scored():
    table = ward_table([400, 150, 150, 150, 150], [250, 300, 150, 150, 150], [250, 300, 150, 150, 150])
    both = pd.concat([table, table.rename({"all crime": "ASB"}, level="theme")])
    found = wm.priority.evaluate_flags(wm.flag_wards(wm.compare(both)))
    assert found.index.tolist() == [
        ("all crime", "2017"), ("all crime", "2018"), ("ASB", "2017"), ("ASB", "2018"),
    ]  # fmt: skip
    assert found.loc[("all crime", "2018"), "rank_correlation"] == pytest.approx(1)
    one = wm.priority.evaluate_flags(wm.flag_wards(wm.compare(both)), theme="ASB")
    assert one.index.get_level_values("theme").unique().tolist() == ["ASB"]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 400), min_size=10, max_size=10))
def test_indices_stay_within_their_bounds(counts):
    found = wm.priority.evaluate_flags(flagged(counts[:5], counts[5:])).iloc[0]
    for name in ("hit_rate", "pei", "jaccard", "share_population"):
        assert np.isnan(found[name]) or 0 <= found[name] <= 1 + 1e-12


def test_row_order_does_not_matter():
    table = flagged([400, 150, 150, 150, 150], [250, 300, 150, 150, 150])
    pd.testing.assert_frame_equal(
        wm.priority.evaluate_flags(table.iloc[::-1]), wm.priority.evaluate_flags(table)
    )
