"""From bytes to a table in text: which encoding, which separator, which header."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wardmap.errors import InputError, RepairWarning, counted, first_lines, warn
from wardmap.formats.archive import Member

BLOCK = 1 << 26
"""Bytes of a table that are held at a time where its rows are only counted: some 300,000 rows."""

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_UTF8, _UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Text:
    """A table in text: its bytes in UTF-8, how they were encoded, what separates values, the header.

    Of a long table it may be one block under a copy of the header; `above` counts the lines left out there.
    """

    name: str
    data: bytes
    encoding: str
    separator: str
    header: tuple[str, ...]
    above: int = 0

    def words(self) -> str:
        """Return how the file was read, in a few words."""
        return f"text in {self.encoding} separated by {_SEPARATORS[self.separator]}s"


def text_blocks(member: Member) -> Iterator[Text]:
    """Open a table in text in blocks of some 64 MB that end where a row does, each with the header."""
    with member.opened() as file:
        data = file.read(BLOCK)
        if data.startswith(_UTF16):  # a block could end within a letter
            data += file.read()
        header, above = _first_row(data), 0
        while more := file.read(BLOCK):
            block, rest = _whole_rows(data)
            if len(block) > len(header):
                yield replace(open_text(block, member.name), above=above)
                above += block.count(b"\n") - header.count(b"\n")
                data = header + rest + more
            else:
                data += more
        yield replace(open_text(data, member.name), above=above)


def open_text(data: bytes, name: str) -> Text:
    """Find the encoding and the separator of a table in text, and read its header.

    Raises when it is not text, has no header, or names two columns alike. Warns when the encoding
    had to be assumed and when zero bytes were taken out.
    """
    return _opened(*_as_utf8(data, name), name)


def open_plain_text(data: bytes, name: str) -> Text | None:
    """Do as `open_text` does where there is nothing to warn of: None where a byte is zero or not ASCII."""
    return _opened(data, "UTF-8", name) if data.isascii() and 0 not in data else None


def _opened(data: bytes, encoding: str, name: str) -> Text:
    if b"\r" in data and b"\n" not in data:  # as old spreadsheets end their lines
        data = data.replace(b"\r", b"\n")
    separator, header = _header(data, name)
    repeated = sorted({column for column in header if column and header.count(column) > 1})
    if repeated:
        where = [f"{column!r} in columns {_positions(header, column)}" for column in repeated]
        raise InputError(
            f"{name!r} names {counted(len(repeated), 'column')} more than once.",
            *first_lines(where),
            mend="rename all but one: which of them is meant cannot be guessed.",
        )
    return Text(name, data, encoding, separator, tuple(header))


def _first_row(data: bytes) -> bytes:
    end = data.find(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        begin, end = end, data.find(b"\n", end) + 1
        quotes += data.count(b'"', begin, end)
    return data[:end]


def _whole_rows(data: bytes) -> tuple[bytes, bytes]:
    """Cut after the last line end that is not within quotes."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', begin, end)
        end = begin
    return data[:end], data[end:]


def _as_utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """Return the bytes as UTF-8 without a byte-order mark, and the name of the encoding they came in."""
    if data.startswith(_UTF16):
        return _without_zeroes(data.decode("utf-16").encode(), name), "UTF-16"
    data = _without_zeroes(data.removeprefix(_UTF8), name)
    if data.isascii():
        return data, "UTF-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        position = error.start
    else:
        return data, "UTF-8"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise InputError(
            f"It cannot be told how the text of {name!r} is encoded.",
            f"neither UTF-8 (position {position:,}) nor Windows-1252 (position {error.start:,})",
            mend="save it as 'CSV UTF-8'.",
        ) from error
    line = data.count(b"\n", 0, position) + 1
    warn(
        RepairWarning,
        f"{name!r} is not in UTF-8, and was read as Windows-1252 (Western European).",
        f"line {line}: {text.splitlines()[line - 1][:80]!r}",
        mend="save it as 'CSV UTF-8' if an accented letter looks wrong.",
    )
    return text.encode(), "Windows-1252"


def _without_zeroes(data: bytes, name: str) -> bytes:
    if 0 not in data:
        return data
    zeroes = data.count(0)
    if zeroes > len(data) / 10:
        raise InputError(
            f"{name!r} is not text: {zeroes:,} of its {len(data):,} bytes are zero.",
            mend="export it again as 'CSV UTF-8'.",
        )
    warn(
        RepairWarning,
        f"Zero bytes were taken out of {name!r}.",
        f"{counted(zeroes, 'zero byte')}, the first in line {data.count(10, 0, data.index(0)) + 1}",
        mend="look at that line: a zero byte is a sign of a broken export.",
    )
    return data.replace(b"\0", b"")


def _header(data: bytes, name: str) -> tuple[str, list[str]]:
    """Return the separator that cuts the first line into most columns, and these columns."""
    start = data[:65_536].decode("utf-8", errors="ignore")
    try:
        cuts = {
            sep: next(csv.reader(io.StringIO(start, newline=""), delimiter=sep), []) for sep in _SEPARATORS
        }
    except csv.Error as error:
        raise InputError(f"The header of {name!r} cannot be read.", str(error)) from error
    separator = max(cuts, key=lambda sep: len(cuts[sep]))
    header = [column.strip() for column in cuts[separator]]
    if not any(header):
        raise InputError(
            f"{name!r} has no header in its first line.", mend="put the names of the columns there."
        )
    return separator, header


def _positions(header: list[str], column: str) -> str:
    return ", ".join(str(i + 1) for i, name in enumerate(header) if name == column)
