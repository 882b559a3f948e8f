"""count_incidents: every combination, true zeros, and ASB never inside crime."""

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, VintageError

pytestmark = pytest.mark.filterwarnings(
    "ignore::wardmap.errors.UnmatchedIncidentsWarning", "ignore::wardmap.errors.EdgeIncidentsWarning"
)


@pytest.fixture
def assigned(incidents, wards):
    return wm.assign_wards(incidents, wards)


# Inputs ---------------------------------------------------------------------------------------------


def test_the_join_comes_first(incidents, wards):
    with pytest.raises(MissingColumnError, match="assign_wards"):
        wm.count_incidents(incidents, wards)


def test_other_wards_than_those_assigned(assigned, wards):
    with pytest.raises(AlignmentError, match=r"(?s)4 wards: 'E05000001'.*assign_wards"):
        wm.count_incidents(assigned, wards.iloc[1:])


def test_an_unknown_period_or_type_is_named(assigned, wards):
    with pytest.raises(InputError, match=r"(?s)'fortnight'.*financial year"):
        wm.count_incidents(assigned, wards, by_period="fortnight")
    with pytest.raises(InputError, match=r"(?s)'violence'.*'Assault'.*nearest first"):
        wm.count_incidents(assigned, wards, themes={"violence": ["Assault"]})
    with pytest.raises(InputError, match="names no type"):
        wm.count_incidents(assigned, wards, themes={"violence": []})


def test_an_undated_incident_would_vanish_and_is_an_error(assigned, wards):
    undated = assigned.assign(date=assigned["date"].where(assigned.index != 0))
    with pytest.raises(InputError, match=r"(?s)1 incident without a date.*one.csv"):
        wm.count_incidents(undated, wards)


def test_wards_of_two_boundary_years_are_refused(assigned, wards):
    mixed = wards.assign(vintage=["2013"] * 4 + ["2023"])
    with pytest.raises(VintageError, match=r"(?s)'2013', '2023'.*halo"):
        wm.count_incidents(assigned, mixed)
    halo = mixed.assign(halo=[False] * 4 + [True])
    assert wm.count_incidents(assigned, halo)["incidents"].sum() > 0


def test_weights_that_cannot_be_added_up(assigned, wards):
    with pytest.raises(InputError, match=r"(?s)1 weight .*'victims' holds: '-1'"):
        wm.count_incidents(assigned.assign(victims=[-1, *[1] * 7]), wards, weights="victims")
    with pytest.raises(MissingColumnError, match="victims"):
        wm.count_incidents(assigned, wards, weights="victims")


# Outputs --------------------------------------------------------------------------------------------


def test_every_combination_is_there_and_zeros_are_true(assigned, wards):
    table = wm.count_incidents(assigned, wards, by_period="year")
    schema.check(table, schema.WARD_TABLE)
    assert table.index.names == ["theme", "period", "ward_code"]
    assert len(table) == 4 * 2 * 5
    assert table["incidents"].sum() == 7  # four rows have a ward; three of them are crimes, counted twice
    assert table.loc[("Burglary", "2016"), "incidents"].tolist() == [1, 1, 0, 0, 0]
    assert table.loc[("Burglary", "2017"), "incidents"].tolist() == [0, 0, 0, 0, 0]
    assert table.loc[("all crime", "2016", "E05000001"), "ward_name"] == "Quay"


def test_anti_social_behaviour_is_never_inside_crime(assigned, wards):
    table = wm.count_incidents(assigned, wards, by_period="all")["incidents"].groupby("theme").sum()
    assert table.to_dict() == {"Anti-social behaviour": 1, "Burglary": 2, "Robbery": 1, "all crime": 3}


@pytest.mark.parametrize(
    ("period", "labels", "months"),
    [
        ("all", ["2016-04 to 2017-03 (2 months on file)"], [2]),
        ("year", ["2016", "2017"], [1, 1]),
        ("financial year", ["2016/17"], [2]),
        ("quarter", ["2016 Q2", "2017 Q1"], [1, 1]),
        ("month", ["2016-04", "2017-03"], [1, 1]),
    ],
)
def test_periods_are_labelled_and_their_months_counted(assigned, wards, period, labels, months):
    table = wm.count_incidents(assigned, wards, by_period=period)
    assert table.index.unique("period").tolist() == labels
    assert table["months"].groupby("period").first().tolist() == months
    assert table.loc["all crime", "incidents"].sum() == 3


def test_financial_years_turn_in_april(assigned, wards):
    dates = pd.to_datetime(["2000-03-01", "2000-04-01", "1999-12-01", "2000-01-01"] * 2)
    table = wm.count_incidents(assigned.assign(date=dates), wards, by_period="financial year")
    assert table.index.unique("period").tolist() == ["1999/00", "2000/01"]
    assert table.loc["all crime", "incidents"].groupby("period").sum().to_dict() == {
        "1999/00": 2,
        "2000/01": 1,
    }


def test_the_halo_is_not_reported(assigned, wards):
    halo = wards.assign(halo=np.arange(5) < 1)
    table = wm.count_incidents(assigned, halo, by_period="all")
    assert table.index.unique("ward_code").tolist() == wards.index[1:].tolist()
    assert table.loc["all crime", "incidents"].sum() == 1


def test_groups_of_types_can_be_named(assigned, wards):
    table = wm.count_incidents(assigned, wards, by_period="all", themes={"taking": ["Burglary", "Robbery"]})
    assert table.index.unique("theme").tolist() == ["taking"]
    assert table["incidents"].sum() == 3


def test_a_period_is_complete_when_all_its_months_are_on_file(assigned, wards):
    april_and_march = wm.count_incidents(assigned, wards, by_period="month")
    assert april_and_march["complete"].all()
    assert not wm.count_incidents(assigned, wards, by_period="all")["complete"].any()
    year = assigned.loc[assigned.index.repeat(2)].reset_index(drop=True)
    year["date"] = [pd.Timestamp(2016 + (m > 8), (m + 3) % 12 + 1, 1) for m in range(12)] + [
        pd.Timestamp("2017-04-01")
    ] * 4
    table = wm.count_incidents(year, wards, by_period="financial year")
    assert table["complete"].groupby("period").first().tolist() == [True, False]


def test_the_located_share_is_of_all_rows_read_but_duplicates(assigned, wards):
    share = wm.count_incidents(assigned, wards, by_period="all")["located_share"].groupby("theme").first()
    # burglary: four rows, one outside and so located, one invalid; robbery: two, one without a place
    assert share["Anti-social behaviour"] == 1
    assert share["Burglary"] == pytest.approx(3 / 4)
    assert share["Robbery"] == pytest.approx(1 / 2)
    assert share["all crime"] == pytest.approx(4 / 6)


def test_weights_are_added_up_beside_the_counts(assigned, wards):
    weighted = assigned.assign(victims=[2.5, 1, 1, 1, 9, 9, 9, 9])
    table = wm.count_incidents(weighted, wards, by_period="all", weights="victims")
    schema.check(table, schema.WARD_TABLE)
    assert table["incidents"].equals(wm.count_incidents(assigned, wards, by_period="all")["incidents"])
    assert table.loc["Burglary", "incidents_weighted"].tolist() == [2.5, 1, 0, 0, 0]
    assert "Weighted by column 'victims'" in table["incidents_method"].iloc[0]


def test_order_of_rows_and_wards_does_not_matter(assigned, wards):
    table = wm.count_incidents(assigned, wards)
    pd.testing.assert_frame_equal(wm.count_incidents(assigned.iloc[::-1], wards.iloc[::-1]), table)


def test_the_method_says_what_was_counted_and_what_was_not(assigned, wards):
    sentence = wm.count_incidents(assigned, wards, by_period="financial year")["incidents_method"].unique()
    said = "Recorded incidents by ward (boundaries 2013) and theme, by financial year (April to March); "
    assert sentence.tolist() == [f"{said}5 of 7 rows read have a place."]
