"""What the README shows in Python runs as it stands there, on the practice district."""

import shutil

import pytest

import wardmap as wm
from tests.conftest import REPOSITORY


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The practice district under the README's file names, in the folder that we are in."""
    month = tmp_path / "police" / "2017-03"
    month.mkdir(parents=True)
    extract = wm.demo.extract()
    extract.to_csv(month / "2017-03-practice-street.csv", index=False)
    wm.read_wards(wm.demo.wards_file()).reset_index().to_file(tmp_path / "wards.gpkg")
    shutil.copy(wm.demo.population_file(), tmp_path / "people.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_step_by_step_of_the_readme_runs(files):
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    code = readme.split("```python\n")[1].split("```")[0]
    seen = {}
    exec(compile(code, "README.md", "exec"), seen)  # noqa: S102 - our own file
    rows = seen["table"].loc[("all crime", "2016/17")]
    flagged = rows.loc[rows["priority"] == "priority", "ward_name"]
    assert flagged.tolist() == ["Anglesey", "Burton", "Shobnall"]
    assert (files / "burton.html").stat().st_size < 600_000
