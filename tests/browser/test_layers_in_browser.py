"""Several themes and periods in one map: turned by mouse and by keyboard, and everything follows."""

import pandas as pd
import pytest

from tests.browser.conftest import NEEDS_CHROMIUM, PLAIN, make_table, make_wards
from wardmap.maps.district_map import ward_map
from wardmap.maps.side_by_side import compare_maps

pytestmark = NEEDS_CHROMIUM

PERIODS = ["2016", "2017", "2018"]


@pytest.fixture
def drawn():
    wards = make_wards(PLAIN)
    parts = [make_table(PLAIN, theme="all crime", period=p, add=10 * n) for n, p in enumerate(PERIODS)]
    parts += [make_table(PLAIN, theme="Burglary", period=p).iloc[::-1] for p in PERIODS]
    table = pd.concat(parts)
    burglary = table.index.get_level_values("theme") == "Burglary"
    table.loc[burglary, "rate"] = table.loc[burglary, "rate"].to_numpy()[::-1]
    table.loc[burglary, "priority"] = "none"
    return ward_map(table, wards, theme=["all crime", "Burglary"], period=PERIODS)


def fills(page):
    return page.locator("path.wm-ward").evaluate_all("all => all.map(path => path.getAttribute('fill'))")


def test_it_opens_on_the_first_theme_and_the_last_period(open_map, drawn):
    page = open_map(drawn)
    assert page.locator("h1").inner_text() == "All crime, 2018: Practice"
    assert page.locator("#wm-period-name").inner_text() == "2018"
    assert page.locator(".wm-legend:visible").count() == 1


def test_the_theme_is_chosen_by_keyboard_and_everything_follows(open_map, drawn):
    page = open_map(drawn)
    before = fills(page)
    page.locator("path.wm-ward").nth(5).click()
    page.get_by_label("Theme").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("h1").inner_text() == "Burglary, 2018: Practice"
    assert page.title() == "Burglary, 2018: Practice"
    assert fills(page) != before
    assert page.locator(".wm-legend:visible").get_attribute("data-theme") == "1"
    assert page.locator("path.wm-priority").count() == 0
    assert page.get_by_role("button", name="Priority wards").count() == 0
    assert "15.0 (5.5 to" in page.locator("#wm-panel").inner_text()
    assert page.locator("#wm-table tbody tr").nth(0).locator("th").inner_text() == "Ward 20"
    assert page.locator("#wm-table caption").inner_text().startswith("Burglary, 2018.")
    legend = page.locator(".wm-legend:visible ul").first.locator(".wm-count").all_inner_texts()
    assert sum(int(count.split()[0]) for count in legend) == 21


def test_the_slider_is_turned_by_keyboard_and_classes_stay(open_map, drawn):
    page = open_map(drawn)
    labels = page.locator(".wm-legend:visible li").all_inner_texts()
    page.get_by_role("slider", name="Period").focus()
    page.keyboard.press("Home")
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "2016"
    assert page.locator("h1").inner_text() == "All crime, 2016: Practice"
    now = page.locator(".wm-legend:visible li").all_inner_texts()
    assert [said.split("\n")[0] for said in now] == [said.split("\n")[0] for said in labels]
    assert now != labels  # the counts are those of the year
    assert page.locator("#wm-table tbody td").first.inner_text() == "30"
    assert page.locator("path.wm-ward").first.get_attribute("aria-label").startswith("Ward 0. Priority")


def test_a_sorted_table_stays_sorted_when_the_layer_changes(open_map, drawn):
    page = open_map(drawn)
    page.get_by_role("button", name="Ward", exact=True).click()
    first = page.locator("#wm-table tbody tr").first
    assert first.locator("th").inner_text() == "Ward 0"
    page.get_by_label("Theme").select_option("1")
    assert first.locator("th").inner_text() == "Ward 0"
    assert page.locator("th[aria-sort]").count() == 1


def test_play_goes_through_the_periods_and_stops_at_the_end(open_map, drawn):
    page = open_map(drawn)
    play = page.locator("#wm-play")
    play.click()
    assert page.locator("#wm-period-name").inner_text() == "2016"
    assert play.inner_text() == "Pause"
    page.get_by_text("All crime, 2018: Practice").wait_for()
    assert play.inner_text() == "Play"
    play.click()
    play.click()
    assert page.locator("#wm-period-name").inner_text() == "2016"


def test_who_wants_no_motion_is_not_offered_any(open_map, drawn):
    page = open_map(drawn, reduced_motion="reduce")
    assert page.locator("#wm-play").count() == 0
    assert page.get_by_role("slider").is_enabled()


def test_one_layer_needs_no_controls(open_map):
    page = open_map(ward_map(make_table(PLAIN), make_wards(PLAIN)))
    assert page.locator(".wm-layers").count() == 0


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_the_controls_fit(open_map, drawn, width):
    page = open_map(drawn, width, 900)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator(
        ".wm-layers :is(select, button, input, output), .wm-bar :is(button, input)"
    ).all():
        box = control.bounding_box()
        assert box["x"] + box["width"] <= width


def test_the_panel_shows_the_trend_and_follows_the_layer(open_map, drawn):
    page = open_map(drawn)
    page.locator("path.wm-ward").first.click()
    chart = page.locator("#wm-panel svg[role=img]")
    assert chart.get_attribute("aria-label") == "Rate by period. 2016: 30.0, 2017: 40.0, 2018: 50.0"
    assert chart.locator(".wm-trend-now").get_attribute("cx") == "274"
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    assert chart.locator(".wm-trend-now").get_attribute("cx") == "6"
    assert chart.locator(".wm-trend-band").count() == 1


def test_a_ward_is_found_by_a_part_of_its_name(open_map, drawn):
    page = open_map(drawn, reduced_motion="reduce")
    box = page.get_by_label("Find a ward")
    box.fill("ward 1")
    box.press("Enter")
    assert page.locator("#wm-panel .wm-facts-name").inner_text() == "Ward 1"
    box.fill("RD 1")
    for name in ("Ward 1", "Ward 10", "Ward 11"):
        box.press("Enter")
        assert page.locator("#wm-panel .wm-facts-name").inner_text() == name
    assert page.locator("#wm-found").inner_text() == "3 of 11 wards. Enter leads to the next."
    box.fill("Atlantis")
    box.press("Enter")
    assert page.locator("#wm-found").inner_text() == "No ward has this in its name."


def test_the_table_is_downloaded_as_csv_that_runs_nothing(open_map):
    names = ["=1+1", '"Quoted", twice', "@cmd", *PLAIN[3:]]
    wards = make_wards(names)
    page = open_map(ward_map(make_table(names), wards))
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as CSV").click()
    assert started.value.suggested_filename == "All-crime-2018.csv"
    rows = pd.read_csv(started.value.path(), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert rows.columns[:4].tolist() == ["Layer", "Ward code", "Ward", "Incidents"]
    assert rows["Ward"].tolist()[:4] == ["'=1+1", '"Quoted", twice', "'@cmd", "Ward 3"]
    assert rows.loc[0, ["Rate", "Rate, lower", "Rate, upper"]].tolist() == [
        "30.0"[:2],
        "5.5",
        rows.loc[0, "Rate, upper"],
    ]
    assert rows.loc[20, "Rate"] == ""
    assert len(rows) == 21


def test_printed_it_has_the_map_the_table_and_no_controls(open_map, drawn):
    page = open_map(drawn)
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    frame = page.locator(".folium-map").bounding_box()
    for ward in page.locator("path.wm-ward").all():  # the whole district is on the sheet
        box = ward.bounding_box()
        assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"] <= box["y"] + box["height"] <= frame["y"] + frame["height"]
    for control in (".wm-layers", ".wm-bar", "#wm-download", ".leaflet-control-zoom", ".wm-panel-box"):
        assert not page.locator(control).first.is_visible()
    for kept in (".folium-map", ".wm-legend:not([hidden])", "#wm-table", "#wm-methods", "#wm-sources", "h1"):
        assert page.locator(kept).first.is_visible()


def test_two_maps_move_together_and_the_panel_has_both(open_map):
    parts = [make_table(PLAIN, period=period, add=10 * n) for n, period in enumerate(PERIODS[:2])]
    page = open_map(compare_maps(pd.concat(parts), make_wards(PLAIN), period=PERIODS[:2]))
    assert page.locator(".wm-caption").all_inner_texts() == ["All crime, 2016", "All crime, 2017"]
    left, right = (page.locator(f"{frame} path.wm-ward") for frame in ("#ward_map_wards", "#wm-beside"))
    assert left.count() == right.count() == 21
    page.get_by_role("button", name="Priority wards (3)").click()
    sizes = [wards.first.bounding_box()["width"] for wards in (left, right)]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.01)
    right.nth(1).click()
    panel = page.locator("#wm-panel").inner_text()
    assert "All crime, 2016" in panel
    assert "29.0 (5.5 to" in panel
    assert "39.0 (5.5 to" in panel
    assert page.locator("path.wm-chosen").count() == 2
    counts = page.locator("[data-counts=priority]").inner_text()
    assert counts == "3 and 3 wards"
