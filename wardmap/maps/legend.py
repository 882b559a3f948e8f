"""The legend: classes with their counts, no data, and the signs for flags and areas."""

from collections.abc import Sequence

import pandas as pd

from wardmap import style
from wardmap.maps.safe_html import text

# One hatch for the whole page: the wards on the map and the legend point to it.
HATCH = (
    '<svg class="wm-defs" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="wm-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="{style.HATCH_GROUND}"/>'
    f'<line x1="0" y1="0" x2="0" y2="7" stroke="{style.HATCH_LINE}" stroke-width="2.4"/>'
    "</pattern></defs></svg>"
)


def legend(
    name: str, methods: Sequence[str], classes: style.Classes, flags: pd.Series | None, areas: Sequence[str]
) -> str:
    """Return the legend of one layer as HTML, highest class first, each with its number of wards."""
    rows = [
        _row(_filled(colour), label, count)
        for label, colour, count in zip(classes.labels, classes.colours, classes.counts, strict=True)
    ][::-1]
    if classes.no_data:
        infinite = f" ({classes.infinite} not finite)" if classes.infinite else ""
        rows.append(_row(_filled("url(#wm-hatch)"), style.NO_DATA + infinite, classes.no_data))
    return (
        '<section class="wm-legend" aria-labelledby="wm-legend-name">'
        f'<h2 id="wm-legend-name"><bdi>{text(name)}</bdi></h2>'
        f"{''.join(_note(sentence) for sentence in methods)}<ul>{''.join(rows)}</ul>"
        f"{_note(classes.method)}{_signs(flags, areas)}</section>"
    )


def _signs(flags: pd.Series | None, areas: Sequence[str]) -> str:
    rows = []
    if flags is not None:
        rows.append(_row(_outlined(style.PRIORITY, "4"), "Priority ward: thick line and lettered name",
                         int((flags == "priority").sum())))  # fmt: skip
        rows.append(_row(_outlined(style.WATCH, "2.4", "7 5"), "Watch ward: dashed line",
                         int((flags == "watch").sum())))  # fmt: skip
    rows += [_row(_banded(), area, None) for area in areas]
    return f"<h3>Lines</h3><ul>{''.join(rows)}</ul>" if rows else ""


def _note(sentence: str) -> str:
    return f'<p class="wm-note">{text(sentence)}</p>'


def _row(sample: str, label: str, count: int | None) -> str:
    wards = "" if count is None else f"{count:,} ward{'' if count == 1 else 's'}"
    return (
        f'<li>{sample}<span><bdi>{text(label)}</bdi></span> <span class="wm-count">{text(wards)}</span></li>'
    )


def _filled(colour: str) -> str:
    return _sample(f'fill="{colour}" stroke="{style.OUTLINE}" stroke-width="0.9"')


def _outlined(colour: str, width: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return _sample(f'fill="#ffffff" stroke="{colour}" stroke-width="{width}"{dashed}')


def _banded() -> str:
    look = f'fill="none" stroke="{style.AREA}" stroke-opacity="{style.BAND_OPACITY}" stroke-width="5"'
    return _sample(look)


def _sample(look: str) -> str:
    return (
        '<svg viewBox="0 0 34 20" aria-hidden="true" focusable="false">'
        f'<rect x="2.5" y="2.5" width="29" height="15" {look}/></svg>'
    )
