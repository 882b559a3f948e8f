"""What the page says around the map, gathered for its template."""

import re
from typing import Any

from wardmap.maps.contents import Plan
from wardmap.maps.map_legend import legends, overlay_legend
from wardmap.page import how_to_read
from wardmap.page.legend import hatches
from wardmap.page.rendering import Finished, render

_MAP = "<!-- the map -->"  # where the template leaves room for it


def page_text(plan: Plan) -> tuple[Finished, Finished]:
    """Return the page from its top to the map, and from the map to its end."""
    opened = plan.opened
    page = render(
        "maps/templates/map_page.html",
        hatches=hatches(),
        headline=plan.headline(opened),
        lede=plan.lede(opened),
        vintage=plan.vintage,
        plain_vintage=bool(re.fullmatch(r"\d{4}", plan.vintage)),
        themes=_themes(plan),
        periods=_periods(plan),
        views=[{"key": key, "words": words} for key, words in plan.views().items()],
        found_names=sorted({str(name) for name in opened.rows["ward_name"]}),
        beside=plan.beside,
        legends=legends(plan),
        overlays=overlay_legend(plan),
        layer=opened.name(),
        **_table(plan),
        words=_words(plan),
        tiles=plan.tiles,
    )
    above, below = page.split(_MAP)  # data cannot hold it: its "<" would be a reference
    return Finished(above), Finished(below)


def _themes(plan: Plan) -> list[str]:
    """Return the themes that the reader chooses from: none where there is one, or both are shown."""
    return [] if plan.beside or len(plan.themes) == 1 else [layers[0].theme for layers in plan.themes]


def _periods(plan: Plan) -> dict[str, Any] | None:
    layers = plan.themes[0]
    if plan.beside or len(layers) == 1:
        return None
    return {"first": layers[0].period, "last": layers[-1].period, "steps": len(layers) - 1}


def _table(plan: Plan) -> dict[str, Any]:
    """Return every number of the layer that opens, by column, in the order of the map's wards."""
    opened = plan.opened
    columns = [{"label": fact.label, "numeric": fact.numeric, "said": fact.words} for fact in opened.facts]
    names = [str(name) for name in opened.rows["ward_name"]]
    return {"names": names, "columns": columns, "reasons": opened.reasons()}


def _words(plan: Plan) -> Finished:
    facts = plan.opened.facts
    labels = {fact.what: fact.label for fact in facts if fact.what != "ratio" or fact.numeric}
    cuts = dict.fromkeys(layers[0].classes.method for layers in plan.themes)
    classes = how_to_read.term("Classes", *cuts)
    return how_to_read.words(
        how_to_read.reading(fact.what for fact in facts) or [classes],
        [*how_to_read.methods(plan.methods, labels), classes],
        plan.sources,
    )
