"""notebooks/04_priority.py runs from top to bottom, on the practice district and on real data."""

import runpy
import shutil

import pytest

from tests.conftest import REPOSITORY

SCRIPT = REPOSITORY / "notebooks" / "04_priority.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::wardmap.errors.WardmapWarning"),
]


def test_it_runs_on_the_practice_district_where_there_is_no_other_data(tmp_path, capsys):
    alone = tmp_path / "repository" / "notebooks" / SCRIPT.name
    alone.parent.mkdir(parents=True)
    shutil.copy(SCRIPT, alone)
    names = runpy.run_path(str(alone))
    assert names["money"]["allocation"].sum() == 100_000
    assert names["changed"]["change"].eq("still priority").sum() == 3
    assert "Of 21 wards: 3 priority" in capsys.readouterr().out


@pytest.mark.real_data
def test_it_runs_on_real_files(shared_data, capsys):
    names = runpy.run_path(str(SCRIPT))
    assert names["REAL"]
    assert shared_data == names["SHARED"]
    assert names["money"]["allocation"].sum() == 100_000
    # March 2018: 101 crimes in the ward Burton, as counted by hand from the file
    assert names["year"].loc["E05006922", ["priority", "incidents"]].tolist() == ["priority", 101]
    assert names["scored"].loc[("all crime", "2018 Q1"), "scored_on"] == "2018 Q4"
    assert "in all: 100000" in capsys.readouterr().out
