"""`wardmap check`: what was found, and what to act on."""

import pytest
from typer.testing import CliRunner

from wardmap import demo
from wardmap.cli import app


def run(*arguments):
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_check_says_what_was_found_and_what_to_act_on(tmp_path):
    rows = demo.extract()
    rows = rows[rows["Month"] != "2016-05"]
    rows.to_csv(tmp_path / "practice.csv", index=False)
    (tmp_path / "outcomes.csv").write_text("Crime ID,Month,Outcome type\n")
    said = run("check", tmp_path, "--wards", demo.wards_file(), "--district", "East Staffordshire")
    assert f"{len(rows):,} rows from 1 file, 2015-04-01 to 2018-03-01; places in EPSG:4326" in said
    assert "data.police.uk street file, text in UTF-8 separated by commas" in said
    assert "located_share" in said
    assert "Matched with 21 wards" in said
    assert "1 month without a row" in said
    assert "'outcomes.csv' holds outcomes" in said


def test_check_of_whole_files_has_nothing_to_act_on(tmp_path):
    demo.extract().to_csv(tmp_path / "practice.csv", index=False)
    assert "To act on: nothing" in run("check", tmp_path / "practice.csv")


@pytest.mark.real_data
def test_check_of_real_files(shared_data):
    said = run("check", str(shared_data / "police" / "*" / "*-staffordshire-street.csv"))
    assert "39,120 rows from 4 files" in said
    assert "staffordshire: 2018-04 to 2018-09" in said
