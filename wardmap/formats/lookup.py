"""A lookup from codes to codes: `from_code`, `to_code`, and the `share` of each that goes there."""

from pathlib import Path
from typing import TypeAlias

import pandas as pd

from wardmap.errors import InputError, MissingColumnError, counted, listed
from wardmap.formats.archive import file_member
from wardmap.formats.find import check_file
from wardmap.formats.table import TABLES, read_table
from wardmap.schema import found_words

Lookup: TypeAlias = pd.DataFrame | str | Path


def read_lookup(lookup: Lookup, *, verb: str) -> pd.DataFrame:
    """Return a lookup as a frame with `from_code`, `to_code` and `share`.

    Without a column of shares each code goes to one place as a whole; raises where it goes to several.
    """
    if not isinstance(lookup, pd.DataFrame):
        path = Path(lookup)
        check_file(path, TABLES)
        lookup = read_table(file_member(path), verb=verb)[0]
    missing = [column for column in ("from_code", "to_code") if column not in lookup.columns]
    if missing:
        raise MissingColumnError(
            f"The lookup has no column {missing[0]!r}.",
            found_words("columns", missing[0], lookup.columns),
            mend='lookup.rename(columns={"WD13CD": "from_code", "WD24CD": "to_code"})',
        )
    if "share" not in lookup.columns:
        divided = lookup.loc[lookup["from_code"].duplicated(), "from_code"].unique()
        if len(divided):
            raise InputError(
                f"The lookup has more than one row for {counted(len(divided), 'code')}, and no column "
                "'share' that says how much of each goes where.",
                f"codes: {listed(divided)}",
                mend="leave them out, or give the shares, which wm.read.overlap_lookup measures.",
            )
    share = pd.to_numeric(lookup["share"]) if "share" in lookup.columns else 1.0
    return lookup.assign(share=share)
