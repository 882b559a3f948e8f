"""A map of many wards: size, build time and smoothness, beside folium's own choropleth with popups.

Run by hand: python benchmarks/maps.py wards.gpkg [--wards 2000] [--browser /usr/bin/chromium]
Both maps are built from the same wards and the same numbers, one after the other in one run, in turns.
"""

import argparse
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

import wardmap as wm

_DRAG = """
async () => {
  const frames = [];
  let last = performance.now();
  let watching = true;
  const watch = (now) => { frames.push(now - last); last = now; if (watching) requestAnimationFrame(watch); };
  requestAnimationFrame(watch);
  window.stopWatching = () => { watching = false; return frames.slice(1); };
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wards", type=Path)
    parser.add_argument("--wards", dest="count", type=int, default=2_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--browser", default="")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    wards = wm.read_wards(given.wards).iloc[: given.count]
    table = numbers(wards)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "wardmap.html"), Path(folder, "folium.html")
        wm.save_map(wm.ward_map(table.iloc[:5], wards.loc[table.index[:5].get_level_values(2)]), ours)  # warm
        spent = {"wardmap": [], "folium": []}
        for _ in range(given.turns):
            spent["wardmap"].append(timed(lambda: wm.save_map(wm.ward_map(table, wards), ours)))
            spent["folium"].append(timed(lambda: choropleth(table, wards).save(str(theirs))))
        build = {name: statistics.median(seconds) for name, seconds in spent.items()}
        size = {"wardmap": ours.stat().st_size, "folium": theirs.stat().st_size}
        print(f"{len(wards):,} wards, median of {given.turns} turns")
        for name, seconds in build.items():
            print(f"  {name:8} build {seconds:6.2f} s   size {size[name] / 1e6:6.2f} MB")
        print(
            f"  folium / wardmap: build {build['folium'] / build['wardmap']:.1f} times, "
            f"size {size['folium'] / size['wardmap']:.1f} times"
        )
        if given.browser:
            smoothness(ours, given.browser)


def numbers(wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a ward table of invented counts, with an interval and a flag."""
    rng = np.random.default_rng(0)
    people = rng.integers(3_000, 12_000, len(wards)).astype(float)
    counts = rng.poisson(500, len(wards))
    rate = counts / people * 1_000
    index = pd.MultiIndex.from_product(
        [["all crime"], ["2018"], wards.index], names=["theme", "period", "ward_code"]
    )
    return pd.DataFrame(
        {
            "incidents": counts,
            "population": people,
            "rate": rate,
            "rate_lower": 0.9 * rate,
            "rate_upper": 1.1 * rate,
            "priority": np.where(rate > np.quantile(rate, 0.98), "priority", "none"),
        },
        index=index,
    )


def choropleth(table: pd.DataFrame, wards: gpd.GeoDataFrame) -> folium.Map:
    """Return the map that folium's own documentation would make of the same numbers."""
    rows = (
        wards[["ward_name", "geometry"]].join(table.droplevel(["theme", "period"])).to_crs(4326).reset_index()
    )
    made = folium.Map(tiles=None)
    layer = folium.Choropleth(
        geo_data=rows, data=rows, columns=["ward_code", "rate"], key_on="feature.properties.ward_code"
    ).add_to(made)
    told = ["ward_name", "incidents", "population", "rate", "priority"]
    layer.geojson.add_child(folium.GeoJsonPopup(told))
    return made


def smoothness(path: Path, browser: str) -> None:
    """Print how long the page takes to open and how long its frames are while it is dragged."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = opened.new_page(viewport={"width": 1280, "height": 900})
        begun = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("path.wm-ward")
        print(f"  opened in Chromium in {time.perf_counter() - begun:.1f} s")
        box = page.locator(".folium-map").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(2_000)
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(_DRAG)
        for step in range(60):
            page.mouse.move(x + 3 * step, y + 2 * step)
        frames = sorted(page.evaluate("() => window.stopWatching()"))
        page.mouse.up()
        opened.close()
    p95 = frames[int(0.95 * (len(frames) - 1))]
    print(
        f"  dragged: {len(frames)} frames, median {statistics.median(frames):.0f} ms, "
        f"95 % within {p95:.0f} ms, longest {frames[-1]:.0f} ms"
    )


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds the work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
