"""One table of incidents, from a file, a frame or a query, to rows and their coordinate system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyproj

from wardmap.errors import InputError, Use
from wardmap.formats.archive import Member
from wardmap.formats.geofile import agreed_crs
from wardmap.formats.layout import NOT_INCIDENTS, Layout, layout_of
from wardmap.formats.police import CRS, TAKE_STREET
from wardmap.formats.rows import read_rows
from wardmap.formats.table import TEXT, ending_of, read_table
from wardmap.formats.text import open_text
from wardmap.read.columns import refuse_repeated
from wardmap.read.incidents import street_rows
from wardmap.read.incidents.extract_rows import extract_rows
from wardmap.read.incidents.fields import PLACE, find_fields
from wardmap.read.incidents.road_rows import casualty_rows, collision_rows

VERB = "read_incidents"

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
    if ending_of(member) in TEXT:
        return _read_text(member, options)
    raw, words = read_table(member, options.layer, verb=VERB)
    return read_frame(raw, member.name, words, options)


def read_frame(raw: pd.DataFrame, name: str, words: str, options: Options) -> Rows:
    """Turn a frame into rows by the layout that its columns show."""
    refuse_repeated(raw.columns, name)
    layout = _layout(raw.columns, name, options)
    if layout == "street":
        crs = agreed_crs(CRS, options.crs, "Street files", verb=VERB)
        return street_rows.rows_of_frame(raw, name, words), crs
    if layout == "collisions":
        return collision_rows(raw, name, words, crs=options.crs, date_format=options.date_format)
    if layout == "casualties":
        return casualty_rows(
            raw, _collisions(options, name), name, words, crs=options.crs, date_format=options.date_format
        )
    fields = find_fields(list(raw.columns), options.columns, name)
    return extract_rows(raw, fields, name, words, crs=options.crs, date_format=options.date_format)


def _read_text(member: Member, options: Options) -> Rows:
    """Read only the columns that are needed."""
    text = open_text(member.read(), member.name)
    layout = _layout(text.header, text.name, options)
    if layout == "street":
        crs = agreed_crs(CRS, options.crs, "Street files", verb=VERB)
        return street_rows.rows_of_file(text, compiled=options.compiled), crs
    if layout != "other":
        return read_frame(read_rows(text), text.name, text.words(), options)
    fields = find_fields(text.header, options.columns, text.name)
    # where no place was found, the message lists every column that there is
    raw = read_rows(text, list(fields.values()) if PLACE & set(fields) else None)
    return extract_rows(
        raw, fields, text.name, text.words(), crs=options.crs, date_format=options.date_format
    )


def _collisions(options: Options, name: str) -> pd.DataFrame:
    if options.collisions is None:
        raise InputError(
            f"{name!r} holds casualties, whose places and dates are in the file of collisions.",
            mend=Use(VERB, "collisions"),
        )
    return options.collisions


def _layout(columns: Any, name: str, options: Options) -> Layout:
    """Return the layout; a mapping of columns rules out all that are known."""
    layout: Layout = "other" if options.columns else layout_of(map(str, columns))
    if layout in NOT_INCIDENTS:
        raise NotIncidentsError(f"{name!r} holds {NOT_INCIDENTS[layout]}.", mend=TAKE_STREET)
    return layout
