"""compare_maps: two layers, no more and no fewer, side by side in one page."""

import json
import re

import pandas as pd
import pytest

from wardmap.errors import InputError
from wardmap.maps.offline import save_map
from wardmap.maps.side_by_side import compare_maps


@pytest.fixture
def table(wards):
    index = pd.MultiIndex.from_product(
        [["Burglary", "Robbery"], ["2017", "2018"], wards.index], names=["theme", "period", "ward_code"]
    )
    return pd.DataFrame({"rate": [float(n) for n in range(20)]}, index=index)


def data(drawn):
    page = drawn.get_root().render()
    return json.loads(re.search(r'id="wm-data">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize(
    "given",
    [
        {"theme": "Burglary"},
        {"theme": "Burglary", "period": ["2018", "2018"]},
        {"theme": ["Burglary", "Robbery"], "period": ["2017", "2018"]},
    ],
)
def test_it_takes_two_layers(table, wards, given):
    with pytest.raises(InputError, match="need two layers"):
        compare_maps(table, wards, **given)


def test_two_periods_share_classes_legend_and_headline(table, wards):
    drawn = compare_maps(table, wards, theme="Robbery", period=["2017", "2018"])
    page = drawn.get_root().render()
    assert "Robbery, 2017 beside Robbery, 2018: Testshire" in page
    assert page.count('<section class="wm-legend"') == 1
    assert page.count('class="folium-map"') == 2
    assert data(drawn)["beside"] is True


def test_two_themes_have_a_legend_each_and_both_are_shown(table, wards):
    page = compare_maps(table, wards, theme=["Burglary", "Robbery"]).get_root().render()
    legends = re.findall(r'<section class="wm-legend"[^>]*>', page)
    assert len(legends) == 2
    assert not any("hidden" in legend for legend in legends)
    assert "Rate&#58; Robbery" in page or "Rate: Robbery" in page


def test_it_is_saved_like_any_map(table, wards, tmp_path):
    drawn = compare_maps(table, wards, theme="Robbery", period=["2017", "2018"])
    first = save_map(drawn, tmp_path / "a.html").read_bytes()
    assert save_map(drawn, tmp_path / "b.html").read_bytes() == first
    assert save_map(drawn, tmp_path / "a.png").stat().st_size
