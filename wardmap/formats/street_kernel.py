"""The compiled reader of street files: a plain file's five columns, in one walk over its bytes.

Imported only for large jobs, because loading the compiler costs more than reading a small file does.

It reads what data.police.uk writes and nothing else: no quotes, every row as wide as the header, months as
`2018-03`, decimal numbers of up to 15 digits. Such a number is a whole number over a power of ten, both
exact, so that their quotient is the nearest double, as every careful parser has it. At anything else it
gives up, and the whole text is read by the parser of pandas, which says what is wrong.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from wardmap.formats.fingerprints import FACTOR, SEED

ODD = -1
"""There is something here that this reader leaves to pandas."""

MOST_KINDS = 64

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Offsets = npt.NDArray[np.int64]

_LINE, _QUOTE, _RETURN, _MINUS, _DOT, _ZERO = 10, 34, 13, 45, 46, 48
_DIGITS = 15
_POWERS = 10.0 ** np.arange(_DIGITS + 1)

_ONES = np.uint64(0x0101010101010101)
_LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
_PLACE_OF_BIT = np.uint64(0x0001020304050607)


@njit(cache=True, nogil=True)
def find_values(text: Bytes, words: Words, header: int, separator: int, ends: Ints) -> tuple[int, int]:
    """Write where values end, line ends among them; return how many do, and how many lines. `ODD` at a quote.

    A return before a line end is taken for the end of the line's last value, and `ODD` anywhere else.
    `words` is `text` eight bytes at a time, without the rest; the first `header` bytes are passed over.
    The end of the header stands first in `ends`, so that a value lies between two of them.
    """
    comma, line = np.uint64(separator) * _ONES, np.uint64(_LINE) * _ONES
    quote, back = np.uint64(_QUOTE) * _ONES, np.uint64(_RETURN) * _ONES
    ends[0] = header - 1
    count, lines = 1, 0
    for i in range(header // 8, len(words)):
        word = words[i]
        if not (_any(word, comma) | _any(word, line) | _any(word, quote) | _any(word, back)):
            continue
        breaks = _equal(word, line)
        marks = _equal(word, comma) | breaks
        odd = _equal(word, quote)
        if 8 * i < header:
            rest = ~np.uint64(0) << np.uint64(8 * (header - 8 * i))
            marks, breaks, odd = marks & rest, breaks & rest, odd & rest
        if odd or count + 8 > len(ends) or (_any(word, back) and not _before_lines(text, 8 * i)):
            return ODD, 0
        if breaks:
            lines += int(((breaks >> np.uint64(7)) * _ONES) >> np.uint64(56))
        while marks:
            lowest = marks & (~marks + np.uint64(1))
            place = (_PLACE_OF_BIT * (lowest >> np.uint64(7))) >> np.uint64(56)
            ends[count] = 8 * i + int(place)
            count += 1
            marks ^= lowest
    for i in range(max(header, 8 * len(words)), len(text)):
        if text[i] == _QUOTE or count == len(ends) or not _before_lines(text, i):
            return ODD, 0
        if text[i] in (separator, _LINE):
            ends[count] = i
            count += 1
            lines += text[i] == _LINE
    return count - 1, lines


@njit(cache=True, nogil=True)
def read_values(
    text: Bytes,
    ends: Ints,
    width: int,
    words: Words,
    wanted: Ints,
    identifier: Words,
    month: Ints,
    x: Floats,
    y: Floats,
    kind: Ints,
    kinds: Ints,
) -> int:
    """Write each row's values and return how many kinds there are; `ODD` at the first value that is.

    There are as many rows as lines, so each is as wide as the header if every `width`-th value ends a line.
    `wanted` are the positions of identifier, month, x, y and kind in a row. `identifier` gets fingerprints,
    and `kinds` the place and the length of the first of each kind.
    """
    found = 0
    for row in range(len(month)):
        first = width * row
        if text[ends[first + width]] != _LINE:
            return ODD
        begin, end = _value(ends, first + wanted[0])
        identifier[row] = _fingerprint(text, words, begin, end)
        begin, end = _value(ends, first + wanted[1])
        month[row] = _month(text, begin, end)
        if month[row] == ODD:
            return ODD
        begin, end = _value(ends, first + wanted[2])
        x[row], plain = _number(text, begin, end)
        if not plain:
            return ODD
        begin, end = _value(ends, first + wanted[3])
        y[row], plain = _number(text, begin, end)
        if not plain:
            return ODD
        begin, end = _value(ends, first + wanted[4])
        kind[row] = _kind(text, begin, end, kinds, found)
        if kind[row] == found:
            if found == MOST_KINDS:
                return ODD
            kinds[2 * found], kinds[2 * found + 1] = begin, end - begin
            found += 1
    return found


@njit(cache=True, nogil=True)
def find_offsets(ends: Ints, width: int, column: int, offsets: Offsets) -> None:
    """Write where each value of a column will end when they lie one behind the other; the first is 0."""
    for row in range(len(offsets) - 1):
        begin, end = _value(ends, width * row + column)
        offsets[row + 1] = offsets[row] + end - begin


@njit(cache=True, nogil=True)
def copy_column(text: Bytes, ends: Ints, width: int, column: int, offsets: Offsets, values: Bytes) -> None:
    """Write the values of a column one behind the other."""
    for row in range(len(offsets) - 1):
        begin, _ = _value(ends, width * row + column)
        for i in range(offsets[row + 1] - offsets[row]):
            values[offsets[row] + i] = text[begin + i]


@njit(inline="always")
def _any(word: np.uint64, wanted: np.uint64) -> np.uint64:
    """Return 0 unless one of eight bytes is the one wanted; which, only `_equal` can tell."""
    other = word ^ wanted
    return (other - _ONES) & ~other & ~_LOW_BITS


@njit(inline="always")
def _equal(word: np.uint64, wanted: np.uint64) -> np.uint64:
    """Return the highest bit of each of eight bytes that is the one wanted."""
    other = word ^ wanted
    return ~(((other & _LOW_BITS) + _LOW_BITS) | other | _LOW_BITS)


@njit(cache=True, nogil=True)
def _before_lines(text: Bytes, begin: int) -> bool:
    """Return whether each return among eight bytes comes before a line end."""
    for i in range(begin, min(begin + 8, len(text))):
        if text[i] == _RETURN and (i + 1 == len(text) or text[i + 1] != _LINE):
            return False
    return True


@njit(inline="always")
def _value(ends: Ints, number: int) -> tuple[int, int]:
    """Return where a value begins and ends."""
    return ends[number] + 1, ends[number + 1]


@njit(inline="always")
def _fingerprint(text: Bytes, words: Words, begin: int, end: int) -> np.uint64:
    """Return 64 bits for a value: see `wardmap.formats.fingerprints`, which does the same in numpy."""
    mixed = SEED ^ np.uint64(end - begin)
    at = begin
    while at < end:
        if at // 8 + 1 < len(words):
            shift = np.uint64(8 * (at % 8))
            word = words[at // 8] >> shift
            if shift:
                word |= words[at // 8 + 1] << (np.uint64(64) - shift)
            if end - at < 8:
                word &= (np.uint64(1) << np.uint64(8 * (end - at))) - np.uint64(1)
        else:
            word = np.uint64(0)
            for i in range(min(8, end - at)):
                word |= np.uint64(text[at + i]) << np.uint64(8 * i)
        mixed = (mixed ^ word) * FACTOR
        mixed ^= mixed >> np.uint64(32)
        at += 8
    return mixed


@njit(inline="always")
def _month(text: Bytes, begin: int, end: int) -> int:
    """Return the months since year 0 of `2018-03`, 0 where blank; old pandas knows no years beyond these."""
    if begin == end:
        return 0
    if end - begin != 7 or text[begin + 4] != _MINUS:
        return ODD
    number = 0
    for i in range(7):
        if i != 4:
            digit = int(text[begin + i]) - _ZERO
            if not 0 <= digit <= 9:
                return ODD
            number = 10 * number + digit
    year, month = number // 100, number % 100
    return 12 * year + month - 1 if 1700 <= year <= 2261 and 1 <= month <= 12 else ODD


@njit(inline="always")
def _number(text: Bytes, begin: int, end: int) -> tuple[float, bool]:
    """Return a decimal number, NaN where blank, and whether it is one."""
    if begin == end:
        return np.nan, True
    negative = text[begin] == _MINUS
    whole, digits, after_dot, dots = 0, 0, 0, 0
    for i in range(begin + negative, end):
        if text[i] == _DOT:
            dots += 1
        else:
            digit = int(text[i]) - _ZERO
            if not 0 <= digit <= 9:
                return 0.0, False
            whole = 10 * whole + digit
            digits += 1
            after_dot += dots
            if digits > _DIGITS:
                return 0.0, False
    if digits == 0 or dots > 1:
        return 0.0, False
    number = whole / _POWERS[after_dot]
    return (-number if negative else number), True


@njit(inline="always")
def _kind(text: Bytes, begin: int, end: int, kinds: Ints, found: int) -> int:
    """Return the number of a kind among those found, -1 where blank, `found` where it is a new one."""
    size = end - begin
    if not size:
        return -1
    for number in range(found):
        if kinds[2 * number + 1] == size:
            known = kinds[2 * number]
            same = 0
            while same < size and text[known + same] == text[begin + same]:
                same += 1
            if same == size:
                return number
    return found
