"""The command line, run as a user runs it: in a process of its own."""

import json
import subprocess
import sys
from dataclasses import asdict

import pandas as pd
import pytest

import wardmap as wm
from wardmap import assessment, cli, demo


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """Run the demo once, as a process of its own, and return its folder and what it said."""
    folder = tmp_path_factory.mktemp("practice")
    command = [sys.executable, "-m", "wardmap.cli", "demo", "--out", "out"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout


@pytest.fixture
def wardmap(tmp_path, monkeypatch, capsys):
    """Return a call of the command line in an empty folder: its exit code or complaint, and what it said."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["wardmap", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr().out

    return call


@pytest.fixture
def files(tmp_path):
    """The practice district as a user's files."""
    demo.extract().to_csv(tmp_path / "2016-street.csv", index=False)
    return [
        "--incidents", "*-street.csv", "--wards", demo.wards_file(), "--population", demo.population_file(),
    ]  # fmt: skip


# wardmap demo ---------------------------------------------------------------------------------------


def test_the_demo_flags_the_plans_three_wards_and_no_other(practice):
    out, said = practice
    assert "Priority wards for all crime, 2016/17: 3." in said
    rows = pd.read_csv(out / "wards.csv").set_index(["theme", "period", "priority"]).sort_index()
    flagged = rows.loc[("all crime", "2016/17", "priority"), "ward_name"]
    assert sorted(flagged) == ["Anglesey", "Burton", "Shobnall"]
    reasons = [line.split()[0] for line in said.splitlines() if "times the rest (" in line]
    assert reasons == ["Burton", "Anglesey", "Shobnall"]
    assert "4 watch (Stapenhill, Horninglow, Eton Park and Winshill), 14 none." in said
    assert "Together: 2.03 times the rate of the whole district" in said


def test_the_demo_says_where_the_map_is_and_writes_all_four(practice):
    out, said = practice
    kilobytes = round((out / "map.html").stat().st_size / 1000)
    assert f"The map: out/map.html ({kilobytes:,} kB; opens in any browser" in said
    assert sorted(path.name for path in out.iterdir()) == [
        "ledger.csv",
        "manifest.json",
        "map.html",
        "wards.csv",
    ]


def test_the_ledger_of_the_demo_balances(practice):
    book = pd.read_csv(practice[0] / "ledger.csv", index_col="theme")
    assert book.index[-1] == "total"
    assert (book.drop(columns="read").sum(axis=1) == book["read"]).all()
    assert book.loc["total", "read"] == len(demo.extract())


def test_the_manifest_says_how_it_was_made_and_names_no_folder(practice):
    text = (practice[0] / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["settings"]["rule"] == json.loads(json.dumps(asdict(wm.PriorityRule())))
    assert set(manifest["methods"]) >= {"incidents", "population", "rate", "ratio", "gi", "priority"}
    assert [entry["file"] for entry in manifest["inputs"]] == [
        "east_staffordshire_practice_wards.geojson", "practice_population.csv",
    ]  # fmt: skip
    assert str(demo.wards_file().parent) not in text


def test_the_demo_writes_the_same_bytes_twice(practice, wardmap, tmp_path):
    wardmap("demo", "--out", "again")
    for path in practice[0].iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


# wardmap map ----------------------------------------------------------------------------------------


def test_a_users_files_go_the_same_way(files, wardmap, tmp_path):
    code, said = wardmap("map", *files, "--district", "East Staffordshire", "--out", "out")
    assert not code
    assert "Priority wards for all crime, 2015-04 to 2018-03: 3." in said
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][0]["file"] == "2016-street.csv"


def test_columns_can_be_named(files, wardmap, tmp_path):
    names = {"Month": "When", "Crime type": "What", "Longitude": "Long pos", "Latitude": "Lat pos"}
    rows = pd.read_csv(tmp_path / "2016-street.csv", dtype=str).rename(columns=names)
    rows.to_csv(tmp_path / "2016-street.csv", index=False)
    fields = ["date=When", "theme=What", "longitude=Long pos", "latitude=Lat pos"]
    columns = [argument for field in fields for argument in ("--column", field)]
    code, said = wardmap("map", *files, *columns, "--out", "out")
    assert not code
    assert "Priority wards for all crime, 2015-04 to 2018-03: 3." in said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--incidents", "no-such.csv"], "There is no file 'no-such.csv'"),
        (["--wards", "no-such.gpkg"], "There is no file 'no-such.gpkg'"),
        (["--district", "East Stafordshire"], "nearest first: 'East Staffordshire'"),
        (["--period", "week"], "There is no way of grouping time called 'week'"),
        (["--theme", "arson"], "The ward table has no theme 'arson'"),
        (["--population-column", "people"], "--population-column population_mid2017"),
        (["--out", "2016-street.csv"], "is a file, so nothing can be written"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_written(files, wardmap, tmp_path, wrong, says):
    before = sorted(tmp_path.iterdir())
    complaint, _ = wardmap("map", *files, "--out", "out", *wrong)  # text for an exit means status 1
    assert complaint.startswith("wardmap: ")
    assert says in complaint
    assert sorted(tmp_path.iterdir()) == before


def test_a_failure_while_writing_leaves_last_years_folder_whole(tmp_path, monkeypatch):
    found = assessment.assess(
        wm.read_incidents(demo.extract()), wm.read_wards(demo.wards_file()),
        wm.read_population(demo.population_file()), period="financial year",
    )  # fmt: skip
    out = tmp_path / "out"
    out.mkdir()
    (out / "map.html").write_text("last year")

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr(assessment, "as_csv", full_disk)
    with pytest.raises(OSError, match="no space"):
        assessment.save_assessment(found, out, title="This year")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "map.html").read_text() == "last year"
