"""The legends of a map: its classes with their counts, what has no class, flags, and areas."""

from collections.abc import Sequence
from typing import Any

from wardmap import style
from wardmap.errors import counted
from wardmap.maps.contents import Plan
from wardmap.maps.layers import NO_CLASS, Layer
from wardmap.page.legend import Entry, area, cluster, dot, filled, hatched, line, plain, signs


def legends(plan: Plan) -> list[dict[str, Any]]:
    """Return the legend of each theme; the page shows that of the layer that the reader turned to."""
    both = plan.beside and len(plan.themes) > 1
    return [
        {
            "name": f"{plan.measure}: {layers[0].theme}" if both else plan.measure,
            "shown": at == 0 or plan.beside,
            "methods": plan.measure_methods,
            "classes": signs(_classes(layers)),
            "cut": layers[-1].classes.method
            + (" They are the same in every period." if len(layers) > 1 else ""),
            "lines": _lines(layers[-1], [str(name) for name in plan.outlines.index]),
        }
        for at, layers in enumerate(plan.themes)
    ]


def overlay_legend(plan: Plan) -> dict[str, Any] | None:
    """Return the legend of what lies over the wards in every layer; nothing where nothing does."""
    entries, notes = [], []
    if plan.incidents:
        squares = zip(plan.incidents.get("labels", ()), plan.incidents.get("colours", ()), strict=True)
        entries += [
            Entry(f"{label} incident{'' if label == '1' else 's'}", filled(colour))
            for label, colour in squares
        ][::-1]
        notes.append(plan.incidents["words"])
    for project in plan.projects:
        reach = f", reaches {project['reach']:,.0f} m" if project["reach"] else ""
        entries.append(Entry(f"{project['name']}{reach}", dot(style.PROJECT)))
    if plan.greyed:
        entries.append(Entry("Outside the areas", plain(style.VEIL), counted(len(plan.greyed), "ward")))
    return {"signs": signs(entries), "notes": notes} if entries or notes else None


def _classes(layers: Sequence[Layer]) -> list[Entry]:
    """Return the classes of a theme, highest first, then what has no class in any of its periods.

    The periods of a theme share the legend: the page puts in the number of wards of the one it shows.
    """
    opened = layers[-1]
    entries = [
        Entry(label, filled(colour), counted(opened.codes.count(code), "ward"), str(code))
        for code, (label, colour) in enumerate(
            zip(opened.classes.labels, opened.classes.colours, strict=True)
        )
    ][::-1]
    return entries + [
        Entry(label, hatched(code), counted(opened.codes.count(code), "ward"), str(code))
        for code, label in NO_CLASS.items()
        if any(code in layer.codes for layer in layers)
    ]


def _lines(opened: Layer, areas: Sequence[str]) -> str | None:
    entries = []
    if "priority" in opened.rows:
        flags = {
            "priority": ("Priority ward: thick line and lettered name", line(style.PRIORITY, 4)),
            "watch": ("Watch ward: dashed line", line(style.WATCH, 2.4, dashes="7 5")),
        }
        entries += [
            Entry(label, sign, counted(len(opened.flagged(flag)), "ward"), flag)
            for flag, (label, sign) in flags.items()
        ]
    if "scan_cluster" in opened.rows:
        entries.append(Entry("Cluster of the scan: dots", cluster()))
    entries += [Entry(name, area()) for name in areas]
    return signs(entries) if entries else None
