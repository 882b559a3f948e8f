"""CSV that a spreadsheet opens as data: text that looks like a formula stays text."""

import pandas as pd

# A spreadsheet runs a cell that starts with one of these, whoever wrote it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV text, index included, methods last, text cells made safe for spreadsheets.

    A text cell that a spreadsheet would take for a formula gets an apostrophe before it. Numbers
    are written as they are. A geometry column is left out.
    """
    flat = pd.DataFrame(table.drop(columns="geometry", errors="ignore")).reset_index()
    methods = [name for name in flat.columns if str(name).endswith("_method")]
    flat = flat[[name for name in flat.columns if name not in methods] + methods]
    for position, name in enumerate(flat.columns):
        if not pd.api.types.is_numeric_dtype(flat[name]) and not pd.api.types.is_datetime64_any_dtype(
            flat[name]
        ):
            flat.isetitem(position, flat.iloc[:, position].astype(object).map(_safe).array)
    flat.columns = [_safe(name) for name in flat.columns]
    return flat.to_csv(index=False, lineterminator="\r\n")


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
