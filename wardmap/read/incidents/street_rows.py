"""Street files of data.police.uk as rows of incidents: months without days, points in degrees."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from wardmap import location
from wardmap.errors import RepairWarning, counted, warn
from wardmap.formats.police import CRS, PLACE
from wardmap.formats.street import Street, read_street, street_of
from wardmap.formats.text import Text
from wardmap.read.incidents.coordinates import Places, location_codes
from wardmap.read.incidents.stack import constant
from wardmap.themes import NOT_RECORDED, TODAYS_TYPES


def rows_of_file(text: Text, *, compiled: bool) -> pd.DataFrame:
    """Read one street file as rows of incidents."""
    return _rows(read_street(text, compiled=compiled), text.name, text.words())


def rows_of_frame(raw: pd.DataFrame, name: str, words: str) -> pd.DataFrame:
    """Turn rows with the columns of a street file into rows of incidents; `words` say how they were read."""
    return _rows(street_of(raw, name), name, words)


def _rows(street: Street, name: str, words: str) -> pd.DataFrame:
    system = pyproj.CRS(CRS)
    where = location_codes(Places(street.x, street.y, street.blank, system, PLACE), name)
    theme, note = _themes(street, name)
    method = f"data.police.uk street file, {words}; points in {CRS}; dates by month{note}."
    return pd.DataFrame(
        {
            "incident_id": street.identifier,
            "fingerprint": street.fingerprint,
            "date": _dates(street.month),
            "date_precision": constant("month", len(where)),
            "theme": theme,
            "x": street.x,
            "y": street.y,
            "location": pd.Categorical.from_codes(where, categories=pd.Index(location.LOCATIONS)),
            "source": constant(name, len(where)),
            "read_method": constant(method, len(where)),
        }
    )


def _themes(street: Street, name: str) -> tuple[Any, str]:
    """Return today's name of each type, and a note where an old one was mapped."""
    old = sorted(set(street.kinds) & set(TODAYS_TYPES))
    if old:
        rows = np.isin(street.kind, [street.kinds.index(kind) for kind in old])
        warn(
            RepairWarning,
            f"{counted(int(rows.sum()), 'row')} of {name!r} had a type that is no longer used, and were "
            "given today's nearest.",
            *(f"{kind!r} became {TODAYS_TYPES[kind]!r}" for kind in old),
            note="do not compare a type across May 2013, when the types changed.",
        )
    named = [TODAYS_TYPES.get(kind, kind) for kind in street.kinds]
    named += [NOT_RECORDED] if (street.kind < 0).any() else []  # the last one, for rows of kind -1
    themes = sorted(set(named))
    code_of = np.array([themes.index(kind) for kind in named], dtype=np.intp)
    note = "".join(f"; {kind!r} read as {TODAYS_TYPES[kind]!r}" for kind in old)
    return pd.Categorical.from_codes(code_of[street.kind], categories=pd.Index(themes, dtype=str)), note


def _dates(month: npt.NDArray[np.int32]) -> npt.NDArray[np.datetime64]:
    """Return the first of each month; each of the few that there are is worked out once."""
    month_of, distinct = pd.factorize(month)
    days = (distinct.astype(np.int64) - 12 * 1970).astype("datetime64[M]").astype("datetime64[us]")
    days[distinct == 0] = np.datetime64("NaT")
    dates: npt.NDArray[np.datetime64] = days[month_of]
    return dates
