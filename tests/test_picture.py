"""save_map as a picture: the opened layer, the same bytes every time, and no text that runs."""

import io
import re

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from shapely import box

import wardmap as wm
from wardmap.errors import LargeFileWarning
from wardmap.maps import offline
from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map

NAMES = ["$a_1$ & <b>", "Bridge", "Castle", "שלום", "Elm"]
CODES = pd.Index([f"E0500000{n}" for n in range(1, 6)], name="ward_code")


@pytest.fixture
def wards():
    squares = [box(400_000 + 1_000 * n, 300_000, 401_000 + 1_000 * n, 301_000) for n in range(5)]
    given = {"ward_name": NAMES, "district": "Practice", "halo": [False] * 4 + [True]}
    return gpd.GeoDataFrame(given, geometry=squares, index=CODES, crs=27700)


@pytest.fixture
def table():
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2017", "2018"], CODES[:4]], names=["theme", "period", "ward_code"]
    )
    rate, flags = [30.0, 20.0, np.nan, 5.0], ["priority", "watch", "none", "none"]
    return pd.DataFrame({"rate": rate * 2, "priority": flags * 2}, index=index)


def area(wards):
    given = {"ward_codes": [list(CODES[:2])]}
    outline = [wards.geometry.iloc[:2].union_all()]
    return gpd.GeoDataFrame(given, geometry=outline, index=pd.Index(["$Old_Town$"], name="area"), crs=27700)


def test_a_picture_is_drawn_at_a_size_for_print(table, wards, tmp_path):
    path = save_map(ward_map(table, wards, areas=area(wards)), tmp_path / "a.png")
    with Image.open(path) as image:
        assert image.size == (1500, 1050)
        colours = {colour for _, colour in image.convert("RGB").getcolors(maxcolors=1_000_000)}
    assert {(0x12, 0x43, 0x6D), (0x80, 0x16, 0x50)} <= colours  # the highest class, the line of priority
    assert path.stat().st_size < 200_000


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_map_gives_the_same_bytes(table, wards, tmp_path, kind):
    paths = [save_map(ward_map(table, wards), tmp_path / f"{n}.{kind}") for n in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_settings_of_the_user_do_not_change_the_picture(table, wards, tmp_path):
    drawn = ward_map(table, wards)
    first = save_map(drawn, tmp_path / "a.png").read_bytes()
    with mpl.rc_context({"font.size": 20, "text.usetex": True, "axes.facecolor": "red"}):
        assert save_map(drawn, tmp_path / "b.png").read_bytes() == first


def test_no_text_is_read_as_mathematics_or_markup(table, wards, tmp_path):
    title = "$x^2$ <script>alert(1)</script> \\alpha"
    drawn = ward_map(table, wards, areas=area(wards), title=title)
    svg = save_map(drawn, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|href=\"http", svg)
    save_map(drawn, tmp_path / "a.png")


def test_the_same_wards_at_another_time_give_another_picture(table, wards, tmp_path):
    table.loc[("all crime", "2017"), "rate"] = [1.0, 2.0, 3.0, 4.0]
    pictures = [
        save_map(ward_map(table, wards, period=period), tmp_path / f"{period}.png")
        for period in ("2017", "2018")
    ]
    assert pictures[0].read_bytes() != pictures[1].read_bytes()


def test_one_ward_is_a_picture_too(table, wards, tmp_path):
    one = table[table.index.get_level_values("ward_code") == CODES[0]]
    assert save_map(ward_map(one, wards.iloc[:1]), tmp_path / "a.png").stat().st_size


def test_a_page_over_the_budget_says_what_makes_it_large(table, wards, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "_BUDGET", 1_000)
    with pytest.warns(LargeFileWarning, match=r"of this, layers and shapes: .* MB; the table"):
        save_map(ward_map(table, wards), tmp_path / "a.html")


def test_a_map_of_an_ordinary_district_is_under_400_kb(tmp_path):
    wards = wm.read_wards(wm.demo.wards_file())
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2018"], wards.index], names=["theme", "period", "ward_code"]
    )
    table = pd.DataFrame({"rate": np.arange(21.0), "reason": "a reason of a usual length " * 6}, index=index)
    assert len(wards) == 21
    assert save_map(ward_map(table, wards), tmp_path / "a.html").stat().st_size < 400_000
    assert Image.open(io.BytesIO(save_map(ward_map(table, wards), tmp_path / "a.png").read_bytes()))
