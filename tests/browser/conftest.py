"""A browser with the network cut, and a practice map of 21 wards to open in it."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map
from wardmap.provenance import Source

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
PLAIN = [f"Ward {n}" for n in range(21)]

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "{% x %}",
    "{# x #}",
    "{%",
    "${1}",
    "`${alert(1)}`",
    "</script><script>document.title='x'</script>",
    "</title><script>alert(1)</script>",
    "<!--<script>",
    "&lt;b&gt;",
    "\"quoted\" 'twice'",
    "\\u003cb\\u003e",
    "javascript:alert(1)",
    "שלום עולם",
    "\u202eevil",
    "]]>",
    "' onmouseover='alert(1)",
    "Tŷ-croes",
    "{{''.__class__}}",
    "a & b",
    "'; alert(1); //",
    '"; alert(1); //',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "</style><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>",
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<link rel=stylesheet href='https://example.org/a.css'>",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self }}{% for x in (1,2) %}x{% endfor %}",
    "#{1+1} <%= 1+1 %> [[1+1]]",
    "${{7*7}} #set($x=1)",
    "constructor",
    "__proto__",
    "toString",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&#60;script&#62;",
    "&amp;lt;",
    "\\x3cscript\\x3e",
    "$a_1^2$ \\frac{1}{2}",
    "=HYPERLINK(1)",
    "\u2028line\u2029end",
    "\u0130\u0131\ufb01 \U0001f46e\u200d\u2642\ufe0f",
    "a" * 200,
]
FLAGS = ["priority"] * 3 + ["watch"] * 2 + ["none"] * 16


def make_wards(names, *, said=""):
    """Return 21 square wards, three rows of seven."""
    codes = pd.Index([f"E050000{n:02}" for n in range(21)], name="ward_code")
    squares = [
        box(x, y, x + 1_000, y + 1_000) for y in range(0, 3_000, 1_000) for x in range(0, 7_000, 1_000)
    ]
    return gpd.GeoDataFrame(
        {"ward_name": names, "district": f"Practice{said}", "vintage": f"2013{said}"},
        geometry=gpd.GeoSeries(squares).translate(400_000, 300_000).to_numpy(),
        index=codes,
        crs=27700,
    )


def make_table(names, *, theme="all crime", period="2018", said="", add=0):
    """Return a ward table in which the first ward is highest; the last has no rate."""
    codes = [f"E050000{n:02}" for n in range(21)]
    return pd.DataFrame(
        {
            "ward_name": names,
            "incidents": np.arange(30, 9, -1) + add,
            "rate": [*np.arange(30.0, 10.0, -1.0) + add, np.nan],
            "rate_lower": 5.5,
            "rate_upper": 40.25 + add,
            "priority": FLAGS,
            "reason": [f"Because {name}" for name in names],
            "rate_method": f"Per 1,000 residents{said}",
        },
        index=pd.MultiIndex.from_product([[theme], [period], codes], names=["theme", "period", "ward_code"]),
    )


def make_area(wards, *, said=""):
    """Return the first three wards as an area."""
    return gpd.GeoDataFrame(
        {"ward_codes": [list(wards.index[:3])]},
        geometry=[wards.geometry.iloc[:3].union_all()],
        index=pd.Index([f"Old Town{said}"], name="area"),
        crs=27700,
    )


def make_map(names, *, theme="all crime", period="2018", said="", **given):
    """Return a map of one theme and period, with an area and a source."""
    wards = make_wards(names, said=said)
    table = make_table(names, theme=theme, period=period, said=said)
    return ward_map(
        table, wards, areas=make_area(wards, said=said), sources=[Source(f"Boundaries{said}")], **given
    )


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def open_map(browser, tmp_path):
    """Open a map with the network cut; whatever goes wrong in it must be empty at the end."""
    wrong, contexts = [], []

    def opened(drawn, width=1280, height=900, **options):
        path = save_map(drawn, tmp_path / "wards.html")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)

        def cut(route):
            if route.request.url != path.as_uri():
                wrong.append(f"request: {route.request.url}")
                return route.abort()
            return route.continue_()

        context.route("**/*", cut)
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " event => console.log('policy: ' + event.violatedDirective))"
        )
        page.goto(path.as_uri())
        page.wait_for_selector("path.wm-ward")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
