"""CSV that a spreadsheet opens as data: text that looks like a formula stays text."""

import pandas as pd

from wardmap.page.safe_text import safe_cell


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
            flat.isetitem(position, flat.iloc[:, position].astype(object).map(safe_cell).array)
    flat.columns = [safe_cell(name) for name in flat.columns]
    return flat.to_csv(index=False, lineterminator="\r\n")
