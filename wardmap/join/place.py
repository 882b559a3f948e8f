"""`place`: from coordinates to each row's ward and `match`, and the warnings that go with them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import (
    CRSError,
    EdgeIncidentsWarning,
    InputError,
    UnmatchedIncidentsWarning,
    counted,
    warn,
)
from wardmap.join.lookup import by_small_area
from wardmap.join.matches import CODE, Floats, Matches, Positions
from wardmap.join.ward_layer import WardLayer


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
    rows: pd.DataFrame, x: Floats, y: Floats, match: Matches, layer: WardLayer, *, lookup: pd.Series | None
) -> tuple[pd.DataFrame, Matches]:
    """Return the rows with `ward_code`, `match` and `match_method`, and each row's match as a number."""
    ward, match = place(x, y, match, layer)
    words = layer.words
    if lookup is not None:
        ward, match = by_small_area(rows, lookup, layer.codes, ward, match)
        words += f"; rows without a usable point by lookup of {lookup.index.name}"
    columns = {
        "ward_code": pd.Categorical.from_codes(ward, categories=layer.codes),
        "match": pd.Categorical.from_codes(match, categories=pd.Index(schema.MATCHES)),
    }
    said = np.zeros(len(match), dtype=np.int8)
    method = pd.Categorical.from_codes(said, categories=pd.Index([f"{words}."]))
    return schema.write(rows, "match", columns, method), match


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
            f"{outside:,} of {counted(placed, 'located incident')} are outside every ward.",
            mend="nothing, if the files cover more than the district; wm.ledger(incidents) accounts for all.",
        )
    if edge:
        warn(
            EdgeIncidentsWarning,
            f"{counted(edge, 'incident')} on an edge or an overlap went to the lowest code.",
            mend='nothing, if few; incidents[incidents["match"] == "edge"] shows them.',
        )


def _box(left: float, bottom: float, right: float, top: float) -> str:
    return f"x {left:,.6g} to {right:,.6g}, y {bottom:,.6g} to {top:,.6g}"
