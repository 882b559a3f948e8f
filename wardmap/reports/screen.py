"""Tables as a person reads them on a screen: plain headings, thousands marks, long ones cut and counted."""

import pandas as pd

LINES = 30
"""Rows of a table that are shown; the rest is counted."""

_APART = 9  # characters for a column at least, so that headings of two words cannot be misread
_MATCHES = {
    "within": "in one ward",
    "edge": "on an edge or overlap: in the lowest code",
    "lookup": "in a ward, by small area",
    "outside": "outside every ward",
    "no_location": "without a place",
    "invalid": "with an invalid place",
    "duplicate": "repeated, not counted",
}


def types_on_screen(found: pd.DataFrame, *, days: bool) -> str:
    """Return what was found by type, the most frequent first, then the total; dates by day or by month."""
    types = found.drop(index="total").sort_values("read", ascending=False, kind="stable")
    shown = pd.concat([types.head(LINES), found.loc[["total"]]])
    date = "%Y-%m-%d" if days else "%Y-%m"
    table = pd.DataFrame(
        {
            "rows": _whole(shown["read"]),
            "placed": shown["located_share"].map("{:.1%}".format),
            "without": _whole(shown["no_location"]),
            "invalid": _whole(shown["invalid"]),
            "repeated": _whole(shown["duplicate"]),
            "first": shown["date_first"].dt.strftime(date).fillna("no date"),
            "last": shown["date_last"].dt.strftime(date).fillna("no date"),
        }
    )
    return _cut(table.set_axis(shown.index), len(types) - LINES, "types")


def months_on_screen(months: pd.DataFrame) -> str:
    """Return for each source its rows, its first and last month, and how many months are amiss."""
    there = months[months["rows"] > 0].reset_index().groupby("source", sort=False)
    status = pd.crosstab(months.index.get_level_values("source"), months["status"].astype(object))
    status = status.reindex(columns=["complete", "low", "missing"], fill_value=0)
    table = pd.DataFrame(
        {
            "rows": _whole(there["rows"].sum()),
            "first": there["month"].min().dt.strftime("%Y-%m"),
            "last": there["month"].max().dt.strftime("%Y-%m"),
            "complete": _whole(status["complete"]),
            "low": _whole(status["low"]),
            "missing": _whole(status["missing"]),
        }
    )
    return _cut(table.head(LINES), len(table) - LINES, "sources")


def matches_on_screen(ledger: pd.DataFrame) -> str:
    """Return where the rows went, in words, from the total of a ledger; what did not occur is left out."""
    total = ledger.loc["total"]
    parts = pd.Series(
        {words: total[match] for match, words in _MATCHES.items() if total[match]}, dtype="int64"
    )
    table = pd.DataFrame({"rows": _whole(parts), "": (parts / total["read"]).map("{:.1%}".format)})
    return _cut(table, 0, "")


def _whole(numbers: pd.Series) -> pd.Series:
    return numbers.map("{:,}".format)


def _cut(table: pd.DataFrame, hidden: int, what: str) -> str:
    more = f"\n({hidden:,} more {what}, not shown)" if hidden > 0 else ""
    return f"{table.rename_axis(None).to_string(col_space=_APART)}{more}"
