"""`wardmap check`: what was found, and what to act on."""

import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from wardmap import cli, demo


def run(*arguments):
    done = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def lines(said, heading):
    """Return the lines of a table below its heading, as words."""
    below = said.split(heading, 1)[1].split("\n\n")[0]
    return [line.split() for line in below.splitlines()[1:]]


@pytest.fixture
def complaint(monkeypatch):
    """Return a call of the whole command line that must fail, and what it complains of."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["wardmap", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code

    return call


@pytest.fixture
def extract(tmp_path):
    """Return a recording system's own file, with columns that no habit finds."""
    rows = {
        "Ref": ["1", "2", "2", "4"],
        "Committed from": ["14/03/2018", "15/05/2018", "16/05/2018", ""],
        "What": ["Theft", "Theft", "Burglary", "Theft"],
        "E pos": ["424,500", "424600", "", "far"],
        "N pos": ["323,100", "323200", "", "323300"],
    }
    pd.DataFrame(rows).to_csv(tmp_path / "own.csv", index=False)
    return tmp_path / "own.csv"


MAPPING = [
    argument
    for column in ("incident_id=Ref", "date=Committed from", "theme=What", "easting=E pos", "northing=N pos")
    for argument in ("--column", column)
]


# Inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["date", "date=", "=Committed from"])
def test_a_column_is_given_as_field_and_column(complaint, extract, column):
    said = complaint("check", extract, "--column", column)
    assert f"given: {column!r}" in said
    assert 'Mend it: --column date="Committed from"' in said


def test_messages_speak_of_options_not_of_arguments(complaint, extract, tmp_path):
    assert '--column easting="..." --column northing="..."' in complaint("check", extract)
    assert 'Mend it: --column easting="E pos"' in complaint("check", extract, "--column", "eastings=E pos")
    rows = pd.DataFrame({"X": [483_841.7], "Y": [5_449_829.9], "date": ["2018-03-14"]})
    rows.to_csv(tmp_path / "plain.csv", index=False)
    assert "Mend it: --crs ..., if you know" in complaint("check", tmp_path / "plain.csv")
    rows.assign(date="03/04/2018").to_csv(tmp_path / "plain.csv", index=False)
    assert '--date-format "%d/%m/%Y" (day first)' in complaint(
        "check", tmp_path / "plain.csv", "--crs", "EPSG:32610"
    )


def test_a_sheet_is_asked_for_and_chosen(complaint, extract, tmp_path):
    pytest.importorskip("openpyxl")
    rows = pd.read_csv(extract, dtype=str)
    with pd.ExcelWriter(tmp_path / "own.xlsx") as book:
        rows.to_excel(book, sheet_name="April", index=False)
        rows[:1].to_excel(book, sheet_name="May", index=False)
    assert "Mend it: --layer April" in complaint("check", tmp_path / "own.xlsx", *MAPPING)
    assert "1 row from 1 file" in run("check", tmp_path / "own.xlsx", *MAPPING, "--layer", "May")


# Outputs --------------------------------------------------------------------------------------------


def test_check_says_what_was_found_and_what_to_act_on(tmp_path):
    rows = demo.extract()
    rows = rows[rows["Month"] != "2016-05"]
    rows.to_csv(tmp_path / "practice.csv", index=False)
    (tmp_path / "outcomes.csv").write_text("Crime ID,Month,Outcome type\n")
    said = run("check", tmp_path, "--wards", demo.wards_file(), "--district", "East Staffordshire")
    assert f"{len(rows):,} rows from 1 file, 2015-04 to 2018-03; places in EPSG:4326" in said
    assert f"{len(rows):,} rows: data.police.uk street file, text in UTF-8 separated by commas" in said
    assert lines(said, "Months with rows")[1] == [
        "practice.csv", f"{len(rows):,}", "2015-04", "2018-03", "35", "0", "1",
    ]  # fmt: skip
    assert "Matched with 21 wards (2013" in said
    assert "1 month without a row" in said
    assert "'outcomes.csv' holds outcomes" in said


def test_the_tables_by_hand(extract):
    said = run("check", extract, *MAPPING)
    assert "4 rows from 1 file, 2018-03-14 to 2018-05-16; places in EPSG:27700" in said
    assert "1 row without a date" in said
    types = lines(said, "Types")
    assert types[0] == ["rows", "placed", "without", "invalid", "repeated", "first", "last"]
    assert types[1:] == [
        ["Theft", "3", "66.7%", "0", "1", "0", "2018-03-14", "2018-05-15"],
        ["Burglary", "1", "0.0%", "1", "0", "1", "2018-05-16", "2018-05-16"],
        ["total", "4", "50.0%", "1", "1", "1", "2018-03-14", "2018-05-16"],
    ]
    assert lines(said, "Months with rows")[1] == ["own.csv", "3", "2018-03", "2018-05", "2", "0", "1"]
    assert "Repairs made: 2\n- Thousands marks in 'E pos'" in said
    assert "To act on: 1\n- 1 month without a row" in said


def test_matches_add_up_and_wards_without_an_incident_are_named(tmp_path):
    rows = demo.extract()
    rows[:1].to_csv(tmp_path / "practice.csv", index=False)
    said = run("check", tmp_path / "practice.csv", "--wards", demo.wards_file())
    assert lines(said, "Matched with")[1:2] == [["in", "one", "ward", "1", "100.0%"]]
    assert "Without an incident, 20 wards: " in said


def test_many_types_are_cut_and_counted(tmp_path):
    types = [f"Type {number:02}" for number in range(35)]
    rows = pd.DataFrame({"type": types, "date": "2018-03-14", "easting": 424_500, "northing": 323_100})
    rows.to_csv(tmp_path / "own.csv", index=False)
    said = run("check", tmp_path / "own.csv")
    assert "(5 more types, not shown)" in said
    assert lines(said, "Types")[-2][:2] == ["total", "35"]


def test_check_of_whole_files_has_nothing_to_act_on(tmp_path):
    demo.extract().to_csv(tmp_path / "practice.csv", index=False)
    said = run("check", tmp_path / "practice.csv")
    assert "Repairs made: nothing" in said
    assert "To act on: nothing" in said


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "options", "says"),
    [
        ("police/*/*-staffordshire-street.csv", [], ["39,120 rows from 4 files", "2018-04 to 2018-09"]),
        ("road/gb_ac_sample1000_2005-2014_dft_columns.csv", [], ["1,000 rows from 1 file, 2005-01-04"]),
        ("road/car_crashes_2018_isle_of_wight.gpkg", [], ["289 rows", "places in 'unnamed' (no number)"]),
        ("elsewhere/vancouver/vancouver_thefts.csv.gz", ["--crs", "EPSG:32610"], ["21,918 rows", "Theft of"]),
        (
            "elsewhere/chicago/chicago_aggravated_assaults.csv.gz",
            ["--wards", "elsewhere/chicago/Chicago77.shp", "--wards-crs", "EPSG:3435"],
            ["Matched with 77 wards", "in one ward"],
        ),
        (
            "elsewhere/chicago/chicago_aggravated_assaults.csv.gz",
            ["--wards", "elsewhere/chicago/chicago_police_districts.kml", "--wards-code", "Name"],
            ["Matched with 23 wards", "The parts of 1 ward"],
        ),
    ],
)  # fmt: skip
def test_check_of_real_files(shared_data, monkeypatch, file, options, says):
    monkeypatch.chdir(shared_data)
    said = run("check", file, *options)
    for words in says:
        assert words in said
