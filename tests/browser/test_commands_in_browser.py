"""What the two commands write, opened with the network cut: the practice district and real wards."""

import sys

import pytest

from tests.browser.conftest import NEEDS_CHROMIUM
from wardmap import cli

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Run a command of wardmap and return the map that it wrote."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["wardmap", *map(str, arguments), "--out", str(tmp_path / "out")])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        return (tmp_path / "out" / "map.html").as_uri()

    return run


@pytest.fixture
def offline(browser):
    """Return a page on which any request but the file itself, and any complaint, fails the test."""
    complaints = []
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("request", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [said for said in complaints if not said.startswith("file:")] == []
    assert len([said for said in complaints if said.startswith("file:")]) == 1


def check(page, priority):
    """Twenty-one wards, a legend, the flagged wards by name, and a tooltip by mouse."""
    page.wait_for_selector("path.wm-ward")
    assert page.locator("path.wm-ward").count() == 21
    assert page.locator("path.wm-priority").count() == len(priority)
    assert "Rate" in page.locator(".wm-side").inner_text()
    page.get_by_role("button", name="Priority wards").click()
    labels = " ".join(page.locator(".wm-label-priority").all_inner_texts())
    assert all(name in labels for name in priority)
    page.locator("path.wm-priority").first.hover(force=True)
    page.wait_for_selector(".leaflet-tooltip")


def test_the_map_of_the_demo(written, offline):
    offline.goto(written("demo"))
    check(offline, ["Burton", "Anglesey", "Shobnall"])
    assert "schematic boundaries for practice" in offline.locator("header").inner_text()


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::wardmap.errors.IncompleteWarning")
@pytest.mark.filterwarnings("ignore::wardmap.errors.UnmatchedIncidentsWarning")
def test_the_map_of_real_files(written, offline, shared_data):
    uri = written(
        "map",
        "--incidents", shared_data / "police" / "*" / "*-staffordshire-street.csv",
        "--wards", shared_data / "boundaries" / "east_staffordshire_wards_2013.geojson",
        "--population", shared_data / "population" / "east_staffordshire_ward_facts.csv",
        "--population-column", "pop_mid2017",
    )  # fmt: skip
    offline.goto(uri)
    check(offline, ["Burton"])
