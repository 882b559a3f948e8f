"""A file of any kind as a table: which endings can be read, and by what."""

from pathlib import PurePosixPath

import pandas as pd

from wardmap.formats.archive import Member
from wardmap.formats.frames import read_parquet, read_workbook
from wardmap.formats.geofile import DRIVERS, read_geofile
from wardmap.formats.rows import read_rows
from wardmap.formats.text import open_text

TEXT = {".csv", ".tsv", ".txt", ".gz"}
TABLES = {*TEXT, ".xlsx", ".parquet", *DRIVERS}
ENDINGS = {*TABLES, ".zip"}


def ending_of(member: Member) -> str:
    """Return the ending of a file's name, in lower case."""
    return PurePosixPath(member.name).suffix.lower()


def read_table(member: Member, layer: str | None = None, *, verb: str) -> tuple[pd.DataFrame, str]:
    """Read a file as it is, and say how in a few words; `verb` is whose argument `layer` mends."""
    ending = ending_of(member)
    if ending in TEXT:
        text = open_text(member.read(), member.name)
        return read_rows(text), text.words()
    if ending == ".xlsx":
        return read_workbook(member.path, layer, verb=verb), "from a workbook"
    if ending == ".parquet":
        return read_parquet(member.path), "from a Parquet file"
    return read_geofile(member.path, layer, verb=verb), "from a geographic file"
