"""The legend: classes with their counts, what has no class, and the signs for flags and areas."""

from collections.abc import Sequence

from wardmap import style
from wardmap.maps.contents import Plan
from wardmap.maps.layers import NO_CLASS, Layer
from wardmap.page.safe_text import text

# What tells the three hatches apart: their turn and how close their lines are.
_HATCHES = {-1: (45, 7, 2.4), -2: (135, 7, 2.4), -3: (90, 5, 2.0), -4: (0, 5, 2.0)}


def hatches() -> str:
    """Return the hatches of the page, which the wards on the map and the legend point to."""
    patterns = "".join(
        f'<pattern id="wm-hatch{code}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})">'
        f'<rect width="{gap}" height="{gap}" fill="{style.HATCH_GROUND}"/>'
        f'<line x1="0" y1="0" x2="0" y2="{gap}" stroke="{style.HATCH_LINE}" stroke-width="{width}"/>'
        "</pattern>"
        for code, (turn, gap, width) in _HATCHES.items()
    )
    return f'<svg class="wm-defs" aria-hidden="true" focusable="false"><defs>{patterns}</defs></svg>'


def legend(
    at: int, name: str, methods: Sequence[str], periods: Sequence[Layer], areas: Sequence[str], *, shown: bool
) -> str:
    """Return the legend of one theme as HTML, highest class first.

    The periods of a theme share it: the page puts in the number of wards of the period it shows.
    """
    opened, classes = periods[-1], periods[-1].classes
    rows = [
        _row(_filled(colour), label, opened.codes.count(code), str(code))
        for code, (label, colour) in enumerate(zip(classes.labels, classes.colours, strict=True))
    ][::-1]
    for code, label in NO_CLASS.items():
        if any(code in layer.codes for layer in periods):
            rows.append(_row(_filled(f"url(#wm-hatch{code})"), label, opened.codes.count(code), str(code)))
    same = " They are the same in every period." if len(periods) > 1 else ""
    return (
        f'<section class="wm-legend" data-theme="{at}" aria-labelledby="wm-legend-name-{at}"'
        f"{'' if shown else ' hidden'}>"
        f'<h2 id="wm-legend-name-{at}"><bdi>{text(name)}</bdi></h2>'
        f"{''.join(_note(sentence) for sentence in methods)}<ul>{''.join(rows)}</ul>"
        f"{_note(classes.method + same)}{_signs(opened, areas)}</section>"
    )


def overlay_legend(plan: Plan) -> str:
    """Return the legend of what lies over the wards in every layer; nothing where nothing does."""
    rows, notes = [], []
    if plan.incidents:
        squares = zip(plan.incidents.get("labels", ()), plan.incidents.get("colours", ()), strict=True)
        rows += [_row(_filled(colour), f"{label} incidents") for label, colour in squares][::-1]
        notes.append(plan.incidents["words"])
    for project in plan.projects:
        reach = f", reaches {project['reach']:,.0f} m" if project["reach"] else ""
        rows.append(_row(_dot(), f"{project['name']}{reach}"))
    if plan.greyed:
        rows.append(_row(_sample(f'fill="{style.VEIL}"'), "Outside the areas", len(plan.greyed)))
    if not rows and not notes:
        return ""
    return (
        '<section class="wm-overlays" aria-labelledby="wm-overlays-name">'
        '<h2 id="wm-overlays-name">Over the wards</h2>'
        f"<ul>{''.join(rows)}</ul>{''.join(_note(note) for note in notes)}</section>"
    )


def _signs(opened: Layer, areas: Sequence[str]) -> str:
    rows = []
    if "priority" in opened.rows:
        rows.append(_row(_outlined(style.PRIORITY, "4"), "Priority ward: thick line and lettered name",
                         len(opened.flagged("priority")), "priority"))  # fmt: skip
        rows.append(_row(_outlined(style.WATCH, "2.4", "7 5"), "Watch ward: dashed line",
                         len(opened.flagged("watch")), "watch"))  # fmt: skip
    if "scan_cluster" in opened.rows:
        rows.append(_row(_dotted(), "Cluster of the scan: dots"))
    rows += [_row(_banded(), area) for area in areas]
    return f"<h3>Lines</h3><ul>{''.join(rows)}</ul>" if rows else ""


def _note(sentence: str) -> str:
    return f'<p class="wm-note">{text(sentence)}</p>'


def _row(sample: str, label: str, count: int | None = None, counts: str = "") -> str:
    wards = "" if count is None else f"{count:,} ward{'' if count == 1 else 's'}"
    of = f' data-counts="{counts}"' if counts else ""
    return (
        f"<li>{sample}<span><bdi>{text(label)}</bdi></span> "
        f'<span class="wm-count"{of}>{text(wards)}</span></li>'
    )


def _filled(colour: str) -> str:
    return _sample(f'fill="{colour}" stroke="{style.OUTLINE}" stroke-width="0.9"')


def _outlined(colour: str, width: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return _sample(f'fill="#ffffff" stroke="{colour}" stroke-width="{width}"{dashed}')


def _dotted() -> str:
    dots = f'stroke="{style.CLUSTER}" stroke-width="4" stroke-linecap="round" stroke-dasharray="0.1 7"'
    return _sample(f'fill="none" {dots}')


def _dot() -> str:
    return (
        '<svg viewBox="0 0 34 20" aria-hidden="true" focusable="false">'
        f'<circle cx="17" cy="10" r="6" fill="{style.PROJECT}"/></svg>'
    )


def _banded() -> str:
    look = f'fill="none" stroke="{style.AREA}" stroke-opacity="{style.BAND_OPACITY}" stroke-width="5"'
    return _sample(look)


def _sample(look: str) -> str:
    return (
        '<svg viewBox="0 0 34 20" aria-hidden="true" focusable="false">'
        f'<rect x="2.5" y="2.5" width="29" height="15" {look}/></svg>'
    )
