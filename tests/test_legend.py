"""Signs of a legend: what is drawn is what was asked for, and hatches point to the page's own."""

import re

from tests.test_rendering import Reader
from wardmap import style
from wardmap.page.legend import Entry, area, cluster, dot, filled, hatched, hatches, line, plain, signs


def drawn(sign):
    tag, attrs = Reader(signs([Entry("x", sign)])).tags[3]
    return tag, {name: value for name, value in attrs if name not in ("x", "y", "width", "height")}


def test_each_sign_is_drawn_as_its_words_say():
    outlined = {"stroke": style.OUTLINE, "stroke-width": "0.9"}
    assert drawn(filled("#e6eff7")) == ("rect", {"fill": "#e6eff7", **outlined})
    assert drawn(hatched(-2)) == ("rect", {"fill": "url(#wm-hatch-2)", **outlined})
    assert drawn(plain("#eceef1")) == ("rect", {"fill": "#eceef1"})
    assert drawn(line("#801650", 4)) == (
        "rect",
        {"fill": "#ffffff", "stroke": "#801650", "stroke-width": "4"},
    )
    assert drawn(line("#801650", 2.4, dashes="7 5"))[1]["stroke-dasharray"] == "7 5"
    assert drawn(cluster())[1]["stroke-linecap"] == "round"
    assert drawn(area())[1]["stroke-opacity"] == str(style.BAND_OPACITY)
    assert drawn(dot("#3d2470")) == ("circle", {"cx": "17", "cy": "10", "r": "6", "fill": "#3d2470"})


def test_entries_stand_in_order_with_their_wards():
    page = signs([Entry("high", plain("#000000"), "1 ward", "4"), Entry("low", plain("#ffffff"))])
    assert [said.strip() for said in Reader(page).said if said.strip()] == ["high", "1 ward", "low"]
    assert re.findall(r'data-counts="([^"]*)"', page) == ["4"]


def test_every_hatch_that_a_sign_points_to_is_in_the_page():
    there = [dict(attrs)["id"] for tag, attrs in Reader(hatches()).tags if tag == "pattern"]
    assert there == ["wm-hatch-1", "wm-hatch-2", "wm-hatch-3", "wm-hatch-4"]
