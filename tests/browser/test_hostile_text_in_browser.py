"""Text from data runs nothing and reads back as the very same characters, wherever it stands."""

import re

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

from tests.browser.conftest import HOSTILE, NEEDS_CHROMIUM, PLAIN, make_area, make_map, make_table, make_wards
from wardmap.maps.district_map import ward_map
from wardmap.page.safe_text import clean
from wardmap.provenance import Source

pytestmark = NEEDS_CHROMIUM


def test_there_are_enough_payloads_and_each_is_another():
    assert len(set(HOSTILE)) >= 40


def reads_back(page, names):
    """Look at every place where the names of wards are shown."""
    shown = [clean(name) for name in names]
    assert page.locator("#wm-table tbody th bdi").all_text_contents() == shown
    labels = page.locator("path.wm-ward").evaluate_all("all => all.map(p => p.getAttribute('aria-label'))")
    assert all(label.startswith(name) for label, name in zip(labels, shown, strict=True))
    priority = page.locator(".wm-label-priority bdi").all_text_contents()
    assert priority == shown[:3]
    page.locator("path.wm-ward").first.focus()
    for at, name in enumerate(shown):
        assert page.locator(".leaflet-tooltip .wm-facts-name").text_content() == name
        page.keyboard.press("Enter")
        assert page.locator("#wm-panel .wm-facts-name").text_content() == name
        assert page.locator("#wm-panel .wm-reason bdi").text_content() == clean(f"Because {names[at]}")
        page.keyboard.press("ArrowRight")
    assert page.title() == "All crime, 2018: Practice"
    assert page.locator("img, iframe, base, link").count() == 0


@pytest.mark.parametrize("first", range(0, len(HOSTILE), 21))
def test_hostile_names_are_shown_as_the_very_same_characters(open_map, first):
    names = [*HOSTILE, *PLAIN][first : first + 21]
    reads_back(open_map(make_map(names)), names)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=21, max_size=21))
def test_any_text_reads_back(open_map, names):
    reads_back(open_map(make_map(names)), names)


@pytest.mark.parametrize("turn", range(len(HOSTILE)))
def test_hostile_words_elsewhere_are_shown_as_they_are(open_map, turn):
    theme, period, place, source, maker, column, project, method = (HOSTILE * 2)[turn : turn + 8]
    column = f"{column} of"
    wards = make_wards(PLAIN, said=place)
    table = make_table(PLAIN, theme=f"t{theme}", period=f"p{period}").assign(**{column: 1.5})
    table[f"{column}_method"] = f"Made by {method}"
    points = gpd.GeoDataFrame({"name": [project]}, geometry=[Point(400_500, 300_500)], crs=27700)
    page = open_map(
        ward_map(
            table,
            wards,
            value=column,
            areas=make_area(wards, said=place),
            projects=points,
            sources=[Source(source, attribution=maker)],
        )
    )
    headline = clean(f"T{theme}, p{period}: Practice{place}")
    assert page.locator("h1").text_content() == headline
    assert page.title() == re.sub("[ ]+", " ", headline).strip()
    assert page.locator(".wm-vintage bdi").text_content() == clean(f"2013{place}")
    assert page.locator("button[data-view=area-0]").text_content() == clean(f"Old Town{place}")
    assert page.locator(".wm-legend h2").text_content() == clean(column)
    assert page.locator("#wm-table thead button").nth(1).text_content() == clean(column)
    assert clean(f"Made by {method}") in page.locator("#wm-methods").text_content()
    assert page.locator("#wm-sources li").text_content() == clean(f"{source}. {maker}").strip()
    assert page.locator("path.wm-project").get_attribute("aria-label") == clean(project)
    assert page.locator(".wm-overlays bdi").text_content() == clean(project)


def test_a_hostile_headline_stays_text(open_map):
    headline = "</title><script>alert(1)</script> {{7*7}}"
    page = open_map(make_map(PLAIN, title=headline))
    assert page.title() == headline
    assert page.locator("h1").text_content() == headline
