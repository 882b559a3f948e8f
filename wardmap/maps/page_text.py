"""The words and controls of the page, above and below the map."""

import re

from wardmap.maps import foot
from wardmap.maps.contents import Plan
from wardmap.maps.controls import chooser, search, view_buttons
from wardmap.maps.legend import hatches, legend, overlay_legend
from wardmap.page.safe_text import text

_NORTH = (
    '<div class="wm-north" aria-hidden="true"><svg width="12" height="14" viewBox="0 0 12 14">'
    '<path d="M6 0 L11 13 L6 10 L1 13 Z" fill="#1d2430"/></svg>N</div>'
)
_PANEL = (
    '<section class="wm-panel-box" aria-labelledby="wm-panel-name">'
    '<h2 id="wm-panel-name">Selected ward</h2>'
    '<div id="wm-panel" aria-live="polite"><p class="wm-note">Choose a ward on the map, or its name in '
    "the table, to read its numbers and the reason for its flag.</p></div></section>"
)


def above(plan: Plan) -> str:
    """Return the page from its top to the map."""
    themes = [periods[0].theme for periods in plan.themes]
    periods = [layer.period for layer in plan.themes[0]]
    return _joined(
        '<a class="wm-skip" href="#wm-table">Skip the map: go to the table of wards</a>',
        hatches(),
        _head(plan),
        '<main>\n<div class="wm-stage">\n<div>',
        "" if plan.beside else chooser(themes, periods),
        f'<div class="wm-bar">{view_buttons(plan.views())}{search(plan.opened.rows["ward_name"])}</div>',
        f'<div class="wm-frame{" wm-pair" if plan.beside else ""}">',
    )


def below(plan: Plan) -> str:
    """Return the page from the map to its end."""
    opened = plan.opened
    areas = [str(area) for area in plan.outlines.index]
    class_methods = list(dict.fromkeys(periods[0].classes.method for periods in plan.themes))
    return _joined(
        '<div class="folium-map" id="wm-beside"></div>' if plan.beside else "",
        f'{_NORTH}</div></div>\n<div class="wm-side">',
        *(
            legend(at, _named(plan, at), plan.measure_methods, periods, areas, shown=at == 0 or plan.beside)
            for at, periods in enumerate(plan.themes)
        ),
        overlay_legend(plan),
        _PANEL,
        "</div>\n</div>",
        "<noscript><p>The map needs JavaScript. The table has all of its numbers.</p></noscript>",
        foot.table(
            opened.facts,
            opened.rows["ward_name"].tolist(),
            opened.reasons(),
            opened.name(),
            "The numbers of the map, in full.",
        ),
        foot.words(opened.facts, plan.methods, class_methods, plan.sources),
        "</main>",
        foot.foot(plan.vintage, plan.tiles),
    )


def _head(plan: Plan) -> str:
    remark = "" if re.fullmatch(r"\d{4}", plan.vintage) else " wm-vintage-remark"
    return (
        '<header class="wm-head"><h1><bdi data-layer="headline">'
        f"{text(plan.headline(plan.opened))}</bdi></h1>"
        f'<p class="wm-lede" data-layer="lede">{text(plan.lede(plan.opened))}</p>'
        f'<p class="wm-vintage{remark}">Boundaries: <bdi>{text(plan.vintage)}</bdi></p></header>'
    )


def _named(plan: Plan, at: int) -> str:
    both = plan.beside and len(plan.themes) > 1
    return f"{plan.measure}: {plan.themes[at][0].theme}" if both else plan.measure


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
