"""`place`: from coordinates, or a small area, to each row's ward and `match`; and what is said of losses."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import (
    AlignmentError,
    CRSError,
    EdgeIncidentsWarning,
    InputError,
    MissingColumnError,
    UnmatchedIncidentsWarning,
    Use,
    counted,
    listed,
    warn,
)
from wardmap.formats.lookup import Lookup, read_lookup
from wardmap.join.ward_layer import WardLayer

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int32]
Matches = npt.NDArray[np.int8]

CODE = {name: np.int8(position) for position, name in enumerate(schema.MATCHES)}
"""How a row was matched, as a small number: its position in `schema.MATCHES`."""

MATCH_OF: Matches = np.array([CODE["within"], CODE["no_location"], CODE["invalid"]])
"""The match of a row by its `location`; a located row is still to be placed."""


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """The ward of each small area, and the column of the incidents that names the small area."""

    lookup: pd.DataFrame
    column: str

    @classmethod
    def of(cls, lookup: Lookup | None, column: str) -> "SmallAreas | None":
        """Read a lookup, if there is one; raise where a small area lies in two wards."""
        if lookup is None:
            return None
        found = read_lookup(lookup, verb="assign_wards")
        found = found[found["share"] > 0]
        twice = found.loc[found["from_code"].duplicated(), "from_code"].unique()
        if len(twice):
            raise InputError(
                "Some small areas lie in more than one ward, so their incidents could be in either.",
                f"small areas: {listed(twice)}",
                mend="lookup[lookup['share'] == 1] leaves them out, and their incidents stay without a ward.",
            )
        return cls(found, column)


def place(x: Floats, y: Floats, match: Matches, layer: WardLayer) -> tuple[Positions, Matches]:
    """Return each row's ward (-1 for none) and match; rows that `match` has already settled keep theirs.

    Rows still to be placed come in as `within`.
    """
    asked = np.flatnonzero(match == CODE["within"])
    found, several = layer.index.place(x[asked], y[asked])
    ward = np.full(len(match), -1, dtype=np.int32)
    ward[asked] = found
    match = match.copy()
    match[asked[several]] = CODE["edge"]
    match[asked[found < 0]] = CODE["outside"]
    return ward, match


def assigned(
    rows: pd.DataFrame, x: Floats, y: Floats, match: Matches, layer: WardLayer, *, areas: SmallAreas | None
) -> tuple[pd.DataFrame, Matches]:
    """Return the rows with `ward_code`, `match` and `match_method`, and each row's match as a number."""
    ward, match = place(x, y, match, layer)
    words = layer.words
    if areas is not None:
        ward, match = _by_small_area(rows, areas, layer.codes, ward, match)
        words += f"; rows without a usable point by lookup of {areas.column}"
    columns = {
        "ward_code": pd.Categorical.from_codes(ward, categories=layer.codes),
        "match": pd.Categorical.from_codes(match, categories=pd.Index(schema.MATCHES)),
    }
    said = np.zeros(len(match), dtype=np.int8)
    method = pd.Categorical.from_codes(said, categories=pd.Index([f"{words}."]))
    return schema.write(rows, "match", columns, method), match


def _by_small_area(
    rows: pd.DataFrame, areas: SmallAreas, codes: pd.Index, ward: Positions, match: Matches
) -> tuple[Positions, Matches]:
    """Return ward and match with such rows placed; a small area in none of the wards is `outside`."""
    if areas.column not in rows.columns:
        raise MissingColumnError(
            f"The incidents have no column {areas.column!r} that names their small area.",
            schema.found_words("columns", areas.column, rows.columns),
            mend=Use("assign_wards", "column", (schema.alike(areas.column, rows.columns) or ["..."])[0]),
        )
    position = codes.get_indexer(pd.Index(areas.lookup["to_code"], dtype=object))
    if (position < 0).all():
        raise AlignmentError(
            "None of the ward codes of the lookup is among the wards.",
            f"the lookup's: {listed(areas.lookup['to_code'].unique())}",
            f"the wards': {listed(codes)}",
            mend="take a lookup and wards of one vintage.",
        )
    known = pd.Index(areas.lookup["from_code"], dtype=object)
    entry = known.get_indexer(pd.Index(rows[areas.column], dtype=object))
    found = np.isin(match, [CODE["no_location"], CODE["invalid"]]) & (entry >= 0)
    ward, match = ward.copy(), match.copy()
    ward[found] = position[entry[found]]
    match[found] = np.where(ward[found] >= 0, CODE["lookup"], CODE["outside"])
    return ward, match


def refuse_elsewhere(x: Floats, y: Floats, match: Matches, layer: WardLayer) -> None:
    """Raise when not one located row is in any ward."""
    outside = (match == CODE["outside"]) & np.isfinite(x)  # by point, not by lookup
    if not outside.any() or (match <= CODE["edge"]).any():
        return
    x, y = x[outside], y[outside]
    left, bottom, right, top = layer.bounds
    facts = (
        f"incidents lie in {_box(x.min(), y.min(), x.max(), y.max())}",
        f"wards lie in {_box(*layer.bounds)} ({layer.crs.to_string()})",
    )
    if ((left <= y) & (y <= right) & (bottom <= x) & (x <= top)).mean() > 0.5:
        raise CRSError(
            "The coordinates look swapped: most incidents lie in the wards' box once x and y trade places.",
            *facts,
            mend="incidents.set_geometry(gpd.points_from_xy(incidents.geometry.y, incidents.geometry.x, "
            "crs=incidents.crs))",
        )
    raise InputError(
        f"Not one of {counted(len(x), 'located incident')} is in any ward.",
        *facts,
        mend="check that both are about the same district, and each says its true coordinate system.",
    )


def warn_of_losses(numbers: npt.NDArray[np.int64]) -> None:
    """Say how many located rows are in no ward, and how many were given to the lowest code.

    `numbers` are the rows of each match, in the order of `schema.MATCHES`.
    """
    outside, edge = int(numbers[CODE["outside"]]), int(numbers[CODE["edge"]])
    placed = int(numbers[CODE["within"]]) + edge + outside
    if outside:
        warn(
            UnmatchedIncidentsWarning,
            f"Outside every ward: {outside:,} of {counted(placed, 'located incident')}.",
            note="to be expected where the files cover more than the district. wm.ledger(incidents) accounts "
            "for every row.",
        )
    if edge:
        warn(
            EdgeIncidentsWarning,
            f"{counted(edge, 'incident')} on the edge between wards, or where they overlap, went to the "
            "lowest ward code.",
            note='incidents[incidents["match"] == "edge"] shows them.',
        )


def _box(left: float, bottom: float, right: float, top: float) -> str:
    return f"x {left:,.6g} to {right:,.6g}, y {bottom:,.6g} to {top:,.6g}"
