"""Text that a spreadsheet would run: told apart, and made safe, in one place for files and pages."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts with one of these, whoever wrote it."""


def safe_cell(value: object) -> object:
    """Return text that looks like a formula with an apostrophe before it, and anything else as it is.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell(-3)
    ("'=1+1", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
