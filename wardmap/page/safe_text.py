"""Text from data in a page, in a script's data and in a spreadsheet: shown as it is, and never run.

folium parses the output of its elements as Jinja templates, browsers parse a page, and a spreadsheet
runs a cell that begins with "=". Here text is made so that each of them shows it and none runs it.
"""

import json
import re
import unicodedata
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts with one of these, whoever wrote it."""

# Letters and digits of every language are safe too, so that Welsh names stay readable.
_NOT_PLAIN = re.compile(r"[^\w .,\-()/:;]|_")
_REPLACEMENT = "\ufffd"
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NOT_PLAIN_JSON = re.compile(r'[^A-Za-z0-9 .,\-()/:;"\\]')


def text(value: object) -> str:
    """Return `value` as HTML text that reads back as the same characters and can do nothing else.

    Every character that is not a letter, a digit or plain punctuation becomes a numeric character
    reference, so that neither HTML, nor Jinja, nor a JavaScript literal finds anything of its own.
    It is right between tags and in quoted attributes, and not within a script: use `island` there.

    Examples
    --------
    >>> text("Tŷ-croes {{7*7}}")
    'Tŷ-croes &#123;&#123;7&#42;7&#125;&#125;'
    """
    return _NOT_PLAIN.sub(lambda found: f"&#{ord(found[0])};", clean(value))


def clean(value: object) -> str:
    r"""Return `value` as text that every browser shows alike.

    Line breaks and tabs become a space. What cannot stand in a page at all (other control
    characters, half surrogate pairs, code points that are no characters) becomes the visible `�`.

    Examples
    --------
    >>> clean("Eton\nPark\x00")
    'Eton Park�'
    """
    said = str(value)
    if said.isascii() and said.isprintable():
        return said
    return "".join(_shown(char) for char in said.replace("\r\n", "\n"))


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


def safe_cell(value: object) -> object:
    """Return text that looks like a formula with an apostrophe before it, and anything else as it is.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell(-3)
    ("'=1+1", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _shown(char: str) -> str:
    if char in "\n\r\t":
        return " "
    point = ord(char)
    not_a_character = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
    return _REPLACEMENT if not_a_character or unicodedata.category(char) in ("Cc", "Cs") else char


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
