"""The dictionary says how a column is shown, and every copy of it is shown alike (cases M1, M13)."""

import json
import re

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema, style
from wardmap.maps import facts
from wardmap.reports.csv import as_csv
from wardmap.schema import description
from wardmap.schema.column import DECIMALS, Column


@pytest.fixture(scope="module")
def wards():
    return wm.read_wards(wm.demo.wards_file())


@pytest.fixture(scope="module")
def table(wards):
    incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    made = wm.count_incidents(incidents, wards, by_period="financial year", themes={"robbery": ["Robbery"]})
    return wm.compare(wm.add_rates(made, wm.read_population(wm.demo.population_file())))


def legend(page):
    html = page.get_root().render()
    return re.sub(r"<[^>]+>", " ", html)


@pytest.mark.parametrize("column", [c for t in schema.TABLES for c in t.columns], ids=lambda c: c.name)
def test_every_column_says_how_it_is_shown(column):
    assert column.label
    assert column.scale in (*DECIMALS, "class", "text")
    assert (column.dtype in ("number", "whole number")) == column.is_number
    if column.scale in ("ratio", "probability", "share", "percent", "score"):
        assert column.unit


def test_every_class_that_can_be_mapped_has_words_with_a_place():
    for name in ("status", "gi_class", "scan_class", "scan_time_class", "emerging_class", "priority"):
        words = schema.column(pd.DataFrame(), name).words
        assert len(words) >= 2, name
        assert style.word_classes(pd.Series([word for word, _ in words]), words) is not None


def test_a_copy_is_described_as_its_root_is(table):
    made = wm.compare(table, against=2.0, into="england")
    status, lower = schema.column(made, "england_status"), schema.column(made, "england_lower")
    assert status.words == schema.column(made, "status").words
    assert (lower.scale, lower.benchmark) == ("ratio", 1.0)
    assert schema.column(made, "england").tested_by == "england_status"
    assert schema.explained_by(made, "england_status") == "england"


def test_a_copy_whose_name_begins_as_another_does_is_its_own(table):
    made = wm.compare(wm.compare(table, against=2.0, into="england"), against=3.0, into="england_north")
    assert schema.column(made, "england_north").label == "Rate ratio (england north)"
    assert schema.column(made, "england_north_status").name == "england_north_status"


def test_a_column_that_nobody_described_is_taken_as_it_is(table):
    own = schema.column(table.assign(need=1.5), "need")
    assert (own.label, own.scale, own.meaning) == ("need", "measure", "given by the user")


@pytest.mark.parametrize(
    "value", ["england_status", "england", "status", "status_998", "gi_class", "gi_rate_class"]
)
def test_copies_and_classes_can_be_mapped(table, wards, value):
    made = wm.compare(table, against=2.0, into="england")
    made = wm.gi_star(made, wm.neighbours(wards))
    made = wm.gi_star(made, wm.neighbours(wards), into="gi_rate")
    said = legend(wm.ward_map(made, wards, value=value, theme="robbery", period="2016/17"))
    column = schema.column(made, value)
    if column.words:
        there = set(made.xs(("robbery", "2016/17"))[value].dropna().astype(str))
        assert all(word in said for word in there)
    else:
        assert "under 0.67" in said


def test_a_new_column_is_described_in_one_place_and_shown_everywhere(table, wards, monkeypatch):
    new = Column("need_index", "number", "the index of need", scale="rate", label="Index of need", told=True)
    monkeypatch.setattr(schema.tables, "WARD_TABLE", schema.WARD_TABLE)
    monkeypatch.setattr(
        description,
        "WARD_TABLE",
        schema.Table("ward table", "", schema.WARD_TABLE.index, (*schema.WARD_TABLE.columns, new)),
    )
    monkeypatch.setitem(description._KNOWN, new.name, new)
    made = table.assign(need_index=np.linspace(0, 60, len(table)))
    page = wm.ward_map(made, wards, theme="robbery", period="2016/17").get_root().render()
    assert "Index of need" in page
    shown = facts.facts(made.xs(("robbery", "2016/17")), "ratio")
    told = next(fact for fact in shown if fact.label == "Index of need")
    assert told.words[0].count(".") == 1  # one decimal, as rates have
    assert "need_index" in as_csv(made).splitlines()[0]


def test_small_numbers_are_never_a_rounded_nought():
    assert style.number(0.0004, 3) == "less than 0.001"
    assert style.number(0.0005, 3) == "less than 0.001" or style.number(0.0005, 3) == "0.001"
    assert style.number(0.0, 3) == "0.000"
    rows = pd.DataFrame({"rate": [0.02, 0.041]})
    assert facts.decimals(rows, "rate") == 3
    assert facts.decimals(pd.DataFrame({"rate": [0.02, 41.0]}), "rate") == 1


def test_a_ward_that_the_space_time_scan_could_not_test_is_not_called_without_data(table, wards):
    rows = table.assign(
        scan_time_cluster=pd.array([pd.NA] * len(table), dtype="Int64"),
        scan_time_llr=np.where(np.arange(len(table)) % 2, 3.5, np.nan),
        scan_time_class=np.where(np.arange(len(table)) % 2, "cluster", "not testable"),
        scan_class="cluster",
        scan_time_method="made for the test",
    )
    said = legend(wm.ward_map(rows, wards, value="scan_time_llr", theme="robbery", period="2016/17"))
    assert "Not testable" in said
    assert json.dumps("No data") not in said


def test_the_page_of_tables_explains_the_links_first():
    page = schema.as_markdown()
    assert page.index("## How they link") < page.index("## incidents")
    assert "`england_copy_of`" not in page
    assert "| `ratio` | number | times |" in page
