"""Text from data as every page shows it alike: the characters that they are, and nothing that runs."""

import re
import unicodedata

# Letters and digits of every language are safe too, so that Welsh names stay readable.
_NOT_PLAIN = re.compile(r"[^\w .,\-()/:;]|_")
_REPLACEMENT = "\ufffd"


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


def _shown(char: str) -> str:
    if char in "\n\r\t":
        return " "
    point = ord(char)
    not_a_character = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
    return _REPLACEMENT if not_a_character or unicodedata.category(char) in ("Cc", "Cs") else char
