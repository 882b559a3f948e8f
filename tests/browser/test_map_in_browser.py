"""The saved map as a reader meets it: offline, in a real browser, by mouse and by keyboard."""

import pytest

from tests.browser.conftest import HOSTILE, NEEDS_CHROMIUM, PLAIN, make_map
from wardmap.maps.offline import save_map

pytestmark = NEEDS_CHROMIUM


def test_the_map_draws_every_ward_without_a_request(open_map):
    page = open_map(make_map(PLAIN))
    assert page.locator("path.wm-ward").count() == 21
    assert page.locator("path.wm-priority").count() == 3
    assert page.locator("path.wm-watch").count() == 2
    assert page.locator("path.wm-area").count() == 1
    assert page.locator("path.wm-ward[fill='url(#wm-hatch-1)']").count() == 1
    assert page.locator(".wm-label-priority").all_inner_texts() == [
        f"{m}\nWard {n}" for n, m in enumerate("ABC")
    ]
    assert page.locator(".leaflet-control-attribution").count() == 0


def test_names_stand_above_every_line(open_map):
    page = open_map(make_map(PLAIN))
    levels = page.evaluate(
        "['bands', 'lines', 'spotlight', 'labels'].map("
        "name => document.querySelectorAll(`.leaflet-wm-${name}-pane`))"
        ".map(panes => [panes.length, Number(getComputedStyle(panes[0]).zIndex)])"
    )
    assert [count for count, _ in levels] == [1, 1, 1, 1]
    assert [level for _, level in levels] == sorted(level for _, level in levels)


def test_the_legend_counts_and_stands_beside_the_wards(open_map):
    page = open_map(make_map(PLAIN))
    counts = page.locator(".wm-legend ul").first.locator(".wm-count").all_inner_texts()
    assert sum(int(count.split()[0]) for count in counts) == 21
    legend, frame = page.locator(".wm-legend").bounding_box(), page.locator(".folium-map").bounding_box()
    assert legend["x"] >= frame["x"] + frame["width"]


def test_the_tooltip_follows_the_mouse(open_map):
    page = open_map(make_map(PLAIN))
    page.locator("path.wm-ward").nth(7).hover()
    tooltip = page.locator(".leaflet-tooltip")
    assert tooltip.locator(".wm-facts-name").inner_text() == "Ward 7"
    assert "23.0 (5.5 to 40.3)" in tooltip.inner_text() or "23.0 (5.5 to 40.2)" in tooltip.inner_text()
    page.mouse.move(5, 5)
    page.wait_for_selector(".leaflet-tooltip", state="detached")


def test_the_tooltip_follows_the_keyboard_and_enter_opens_the_panel(open_map):
    page = open_map(make_map(PLAIN))
    page.locator("button[data-view]").last.focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('wm-ward')"):
            break
    assert page.locator(".leaflet-tooltip .wm-facts-name").inner_text() == PLAIN[0]
    page.keyboard.press("Enter")
    assert "Why: Because Ward 0" in page.locator("#wm-panel").inner_text()
    for key, name in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("End", 20), ("Home", 0)):
        page.keyboard.press(key)
        assert page.locator(".leaflet-tooltip .wm-facts-name").inner_text() == PLAIN[name]
    page.keyboard.press("Tab")  # the wards are one stop
    assert not page.evaluate("document.activeElement.classList.contains('wm-ward')")


def test_every_ward_says_its_name_and_numbers_to_a_screen_reader(open_map):
    page = open_map(make_map(PLAIN))
    wards = page.locator("path.wm-ward")
    labels = [wards.nth(n).get_attribute("aria-label") for n in range(21)]
    assert labels[0].startswith("Ward 0. Priority ward. Incidents 30. Rate 30.0")
    assert len(set(labels)) == 21
    assert {wards.nth(n).get_attribute("role") for n in range(21)} == {"button"}
    assert page.evaluate("document.documentElement.lang") == "en-GB"


def test_a_click_shows_the_numbers_and_the_reason(open_map):
    page = open_map(make_map(PLAIN))
    page.locator("path.wm-ward").nth(4).click()
    panel = page.locator("#wm-panel").inner_text()
    assert "Ward 4" in panel
    assert "Watch ward" in panel
    assert "Why: Because Ward 4" in panel


def test_buttons_lead_to_flagged_wards_and_areas_and_back(open_map):
    page = open_map(make_map(PLAIN), reduced_motion="reduce")
    ward = page.locator("path.wm-ward").first
    before = ward.bounding_box()["width"]
    for name in ("Priority wards (3)", "Old Town"):
        page.get_by_role("button", name=name).click()
        assert ward.bounding_box()["width"] > 1.5 * before
    page.get_by_role("button", name="Whole district").click()
    assert ward.bounding_box()["width"] == pytest.approx(before, rel=0.01)


def test_the_table_sorts_and_leads_to_the_map(open_map):
    page = open_map(make_map(PLAIN), reduced_motion="reduce")
    first = page.locator("#wm-table tbody tr").first
    page.get_by_role("button", name="Incidents", exact=True).click()
    page.get_by_role("button", name="Incidents", exact=True).click()
    assert first.locator("th").inner_text() == "Ward 20"
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Rate", exact=True).click()
    assert page.locator("#wm-table tbody tr").last.locator("th").inner_text() == "Ward 20"  # no data is last
    page.get_by_role("button", name="Ward 12", exact=True).first.click()
    assert "Because Ward 12" in page.locator("#wm-panel").inner_text()


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900), (3840, 2160)])
def test_nothing_overlaps_or_runs_out_of_the_page(open_map, width, height):
    page = open_map(make_map(PLAIN), width, height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    names = [".leaflet-control-zoom", ".leaflet-control-scale", ".wm-north", ".wm-label"]
    boxes = [item.bounding_box() for name in names for item in page.locator(name).all()]
    for at, a in enumerate(boxes):
        for b in boxes[at + 1 :]:
            apart = (
                a["x"] + a["width"] <= b["x"]
                or b["x"] + b["width"] <= a["x"]
                or a["y"] + a["height"] <= b["y"]
                or b["y"] + b["height"] <= a["y"]
            )
            assert apart, (a, b)


def test_without_scripts_the_table_still_has_the_numbers(browser, tmp_path):
    path = save_map(make_map(PLAIN), tmp_path / "plain.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("#wm-table tbody tr").count() == 21
    context.close()


def test_in_a_notebook_the_map_is_boxed_in(browser, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(
        f"<!DOCTYPE html><title>notebook</title>{make_map(HOSTILE[:21])._repr_html_()}", encoding="utf-8"
    )
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("path.wm-ward").first.wait_for()
    assert frame.locator("path.wm-ward").count() == 21
    assert (
        frame.locator("html").evaluate("() => { try { return parent.document.title } catch { return 'no' } }")
        == "no"
    )
    assert [url for url in asked if not url.startswith(("file:", "about:"))] == []
    page.close()
