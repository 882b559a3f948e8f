"""What the reader can turn: views to zoom to, the theme, and time."""

from collections.abc import Iterable, Mapping, Sequence

from wardmap.page.safe_text import text


def view_buttons(views: Mapping[str, str]) -> str:
    """Return one button per view: the key by which the page finds its box, and the words on it."""
    buttons = (
        f'<button type="button" data-view="{text(key)}" disabled><bdi>{text(words)}</bdi></button>'
        for key, words in views.items()
    )
    return f'<div class="wm-views" role="group" aria-label="Zoom to">{"".join(buttons)}</div>'


def chooser(themes: Sequence[str], periods: Sequence[str]) -> str:
    """Return the controls that change the layer; nothing where there is only one."""
    parts = []
    if len(themes) > 1:
        options = "".join(
            f'<option value="{at}"{" selected" if at == 0 else ""}>{text(theme)}</option>'
            for at, theme in enumerate(themes)
        )
        parts.append(
            f'<label class="wm-theme">Theme <select id="wm-theme" disabled>{options}</select></label>'
        )
    if len(periods) > 1:
        last = len(periods) - 1
        parts.append(
            '<div class="wm-time" role="group" aria-label="Period">'
            '<button type="button" id="wm-play" disabled>Play</button>'
            f'<span aria-hidden="true"><bdi>{text(periods[0])}</bdi></span>'
            f'<input type="range" id="wm-period" aria-label="Period" min="0" max="{last}" value="{last}" '
            f'step="1" aria-valuetext="{text(periods[-1])}" disabled>'
            f'<span aria-hidden="true"><bdi>{text(periods[-1])}</bdi></span>'
            f'<output id="wm-period-name" for="wm-period"><bdi>{text(periods[-1])}</bdi></output></div>'
        )
    return f'<div class="wm-layers">{"".join(parts)}</div>' if parts else ""


def search(names: Iterable[object]) -> str:
    """Return the box that finds a ward by its name."""
    options = "".join(f'<option value="{text(name)}"></option>' for name in sorted({str(n) for n in names}))
    return (
        '<form class="wm-search" role="search"><label for="wm-find">Find a ward</label>'
        '<input id="wm-find" list="wm-names" type="search" autocomplete="off" disabled>'
        f'<datalist id="wm-names">{options}</datalist>'
        '<p id="wm-found" class="wm-note" role="status"></p></form>'
    )
