"""Workbooks, Parquet files and queries as DataFrames, with values as they are stored."""

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from wardmap.errors import InputError, Use
from wardmap.formats.archive import check_archive
from wardmap.schema import alike, found_words


def read_workbook(path: Path, sheet: str | None = None, *, verb: str) -> pd.DataFrame:
    """Read one sheet of an Excel workbook: its first row names the columns, formulas give their values.

    `verb` is whose argument `layer` chooses the sheet.
    """
    check_archive(path)
    _need("openpyxl", path.name)
    with pd.ExcelFile(path, engine="openpyxl") as book:
        sheets = [str(name) for name in book.sheet_names]
        if sheet not in sheets and (sheet is not None or len(sheets) > 1):
            raise InputError(
                f"{path.name!r} has no sheet {sheet!r}." if sheet else f"{path.name!r} holds several sheets.",
                found_words("sheets", sheet or "", sheets),
                mend=Use(verb, "layer", (alike(sheet or "", sheets) or sheets)[0]),
            )
        cells = pd.read_excel(
            book, sheet or sheets[0], header=None, dtype=object, keep_default_na=False, na_values=[""]
        )
    if cells.empty:
        raise InputError(f"The sheet {sheet or sheets[0]!r} of {path.name!r} is empty.")
    names = ["" if pd.isna(name) else str(name).strip() for name in cells.iloc[0]]
    rows = cells.iloc[1:].dropna(how="all").reset_index(drop=True)
    return rows.set_axis([name or f"column {i}" for i, name in enumerate(names, 1)], axis=1)


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a Parquet file; one with geometry becomes a GeoDataFrame."""
    _need("pyarrow", path.name)
    import pyarrow as pa  # noqa: PLC0415 - only who reads Parquet needs it
    import pyarrow.parquet  # noqa: PLC0415

    try:
        if b"geo" in (pyarrow.parquet.read_schema(path).metadata or {}):
            import geopandas as gpd  # noqa: PLC0415

            frame: pd.DataFrame = gpd.read_parquet(path)
            return frame
        return pd.read_parquet(path, engine="pyarrow")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"{path.name!r} is not a readable Parquet file.",
            str(error).splitlines()[0],
            mend="write it again.",
        ) from error


def read_query(query: str, connection: Any) -> pd.DataFrame:
    """Return what a query finds, over an SQLAlchemy engine or connection, or any DB-API connection."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "pandas only supports SQLAlchemy", UserWarning)
        try:
            return pd.read_sql_query(query, connection)
        except Exception as error:  # each driver raises its own kind; all mean that the query failed
            raise InputError(
                "The query cannot be answered.", str(error).strip().splitlines()[0], f"query: {query[:200]!r}"
            ) from error


def _need(package: str, name: str) -> None:
    if find_spec(package) is None:
        raise InputError(
            f"{name!r} cannot be read without {package}.", mend='python -m pip install "wardmap[files]"'
        )
