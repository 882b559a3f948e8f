"""One table of incidents, from a file, a frame or a query, to rows and their coordinate system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import pyproj

from wardmap.errors import InputError
from wardmap.formats.archive import Member
from wardmap.formats.frames import read_parquet, read_workbook
from wardmap.formats.geofile import DRIVERS, agreed_crs, read_geofile
from wardmap.formats.rows import read_rows
from wardmap.formats.street import CRS
from wardmap.formats.text import open_text
from wardmap.read.columns import refuse_repeated
from wardmap.read.incidents.fields import PLACE, find_fields
from wardmap.read.incidents.layout import NOT_INCIDENTS, Layout, layout_of
from wardmap.read.incidents import extract, police_uk, stats19

TEXT = {".csv", ".tsv", ".txt", ".gz"}
ENDINGS = {*TEXT, ".zip", ".xlsx", ".parquet", *DRIVERS}

Rows = tuple[pd.DataFrame, pyproj.CRS]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller knows about a table, as read_incidents is told it, and whether the job is large."""

    columns: Mapping[str, str] = field(default_factory=dict)
    crs: str | int | None = None
    date_format: str | None = None
    layer: str | None = None
    collisions: pd.DataFrame | None = None
    compiled: bool = False


class NotIncidentsError(InputError):
    """The table holds something else than incidents."""


def read_member(member: Member, options: Options) -> Rows:
    """Read a file, or a member of an archive, by the kind that its name says it is."""
    if PurePosixPath(member.name).suffix.lower() in TEXT:
        return _read_text(member, options)
    raw, words = read_raw(member, options.layer)
    return read_frame(raw, member.name, words, options)


def read_raw(member: Member, layer: str | None = None) -> tuple[pd.DataFrame, str]:
    """Read a file of any kind as it is, and say how in a few words."""
    ending = PurePosixPath(member.name).suffix.lower()
    if ending in TEXT:
        text = open_text(member.read(), member.name)
        return read_rows(text), text.words()
    if ending == ".xlsx":
        return read_workbook(member.path, layer), "from a workbook"
    if ending == ".parquet":
        return read_parquet(member.path), "from a Parquet file"
    return read_geofile(member.path, layer), "from a geographic file"


def read_frame(raw: pd.DataFrame, name: str, words: str, options: Options) -> Rows:
    """Turn a frame into rows by the layout that its columns show."""
    refuse_repeated(raw.columns, name)
    layout = _layout(raw.columns, name, options)
    if layout == "street":
        crs = agreed_crs(CRS, options.crs, "Street files")
        return police_uk.as_rows(raw, name, words), crs
    if layout == "collisions":
        return stats19.collision_rows(raw, name, words, crs=options.crs, date_format=options.date_format)
    if layout == "casualties":
        return stats19.casualty_rows(
            raw, _collisions(options, name), name, words, crs=options.crs, date_format=options.date_format
        )
    fields = find_fields(list(raw.columns), options.columns, name)
    return extract.as_rows(raw, fields, name, words, crs=options.crs, date_format=options.date_format)


def _read_text(member: Member, options: Options) -> Rows:
    """Read only the columns that are needed."""
    text = open_text(member.read(), member.name)
    layout = _layout(text.header, text.name, options)
    if layout == "street":
        crs = agreed_crs(CRS, options.crs, "Street files")
        return police_uk.read_street_file(text, compiled=options.compiled), crs
    if layout != "other":
        return read_frame(read_rows(text), text.name, text.words(), options)
    fields = find_fields(text.header, options.columns, text.name)
    # where no place was found, the message lists every column that there is
    raw = read_rows(text, list(fields.values()) if PLACE & set(fields) else None)
    return extract.as_rows(
        raw, fields, text.name, text.words(), crs=options.crs, date_format=options.date_format
    )


def _collisions(options: Options, name: str) -> pd.DataFrame:
    if options.collisions is None:
        raise InputError(
            f"{name!r} holds casualties, whose places and dates are in the file of collisions.",
            mend=f'read_incidents("{name}", collisions="...")',
        )
    return options.collisions


def _layout(columns: Any, name: str, options: Options) -> Layout:
    """Return the layout; a mapping of columns rules out all that are known."""
    layout: Layout = "other" if options.columns else layout_of(map(str, columns))
    if layout in NOT_INCIDENTS:
        raise NotIncidentsError(
            f"{name!r} holds {NOT_INCIDENTS[layout]}.", mend="take the files that end in -street.csv."
        )
    return layout
