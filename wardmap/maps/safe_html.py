"""Data never becomes code: the only three ways by which data enters a page.

folium parses the output of every element as a Jinja template a second time, so a ward name may run
as code while a map is drawn, and `html.escape` does not stop it. Here data never goes through a
template at all. What stands in HTML goes through `safe_text.text`, what our scripts read goes through
`island`, and both are put into the page by `Raw`, which is written once and never parsed.
"""

import json
import re
from typing import Any

from branca.element import Element

from wardmap.page.safe_text import clean, text

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NOT_PLAIN_JSON = re.compile(r'[^A-Za-z0-9 .,\-()/:;"\\]')


class Raw(Element):
    """Finished text in the page, which no template ever parses."""

    def __init__(self, finished: str) -> None:
        super().__init__()
        self.finished = finished

    def render(self, **_: Any) -> str:
        """Return the text as it is."""
        return self.finished


def island(data: Any, name: str) -> str:
    r"""Return `data` as a JSON island, a script element that holds data and is never run.

    Within strings everything but letters, digits and plain punctuation is escaped, so that no text
    can end the element or start anything in another language.

    Raises
    ------
    ValueError
        A number is not finite: JSON has no word for it.

    Examples
    --------
    >>> island({"name": "</script>"}, "wards")
    '<script type="application/json" id="wards">{"name":"\\u003c/script\\u003e"}</script>'
    """
    dumped = json.dumps(_cleaned(data), allow_nan=False, separators=(",", ":"))
    safe = _JSON_STRING.sub(lambda found: _NOT_PLAIN_JSON.sub(_escape, found[0]), dumped)
    return f'<script type="application/json" id="{text(name)}">{safe}</script>'


def _cleaned(data: Any) -> Any:
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, dict):
        return {clean(key): _cleaned(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_cleaned(item) for item in data]
    return data


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
