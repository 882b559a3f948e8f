"""The ward table, its areas and its earlier editions as one cube: themes by periods by places."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from wardmap.errors import AlignmentError, InputError, listed
from wardmap.reports.disclosure.dimension import Dimension, dimension
from wardmap.reports.disclosure.linear_model import Flags, Matrix, Numbers, Whole
from wardmap.reports.disclosure.months import months_of
from wardmap.reports.disclosure.theme_sets import theme_sets
from wardmap.themes import Groups

DISTRICT = "district"
ROUNDED = "rounded"
HIDDEN = "confidential"
UNSEEN = "not observed"


@dataclass(frozen=True, slots=True)
class Cube:
    """Every cell that is printed or that a difference could tell, flat; themes vary slowest, places fastest.

    `known` counts are true; the others are such as fit all that is known. `printed` is what this edition
    would print, `observed` what it knows. `shown_before` and `hidden_before` are what earlier editions did,
    `revised` where an earlier edition printed another number.
    """

    themes: Dimension
    periods: Dimension
    places: Dimension
    relations: Matrix
    counts: Whole
    known: Flags
    printed: Flags
    observed: Flags
    shown_before: Flags
    hidden_before: Flags
    revised: Flags
    rounded_before: Numbers
    """What earlier editions rounded a count to, null where they did not."""
    rows: Whole
    """Where each row of the ward table is."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the number of themes, periods and places."""
        return len(self.themes.names), len(self.periods.names), len(self.places.names)


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier editions showed, rounded and hid, by place in the cube."""

    shown: Any
    rounded: Any
    hidden: Any

    def add(self, at: Whole, edition: pd.DataFrame) -> None:
        """Take an edition in; of two that show a count, the later one stands."""
        numbers = edition["incidents"].to_numpy(dtype=float, na_value=np.nan)
        marks = edition["disclosure"].astype(object).to_numpy()
        there = ~np.isnan(numbers)
        self.hidden.flat[at[marks == HIDDEN]] = True
        self.rounded.flat[at[there & (marks == ROUNDED)]] = numbers[there & (marks == ROUNDED)]
        self.shown.flat[at[there & (marks != ROUNDED)]] = numbers[there & (marks != ROUNDED)]


def cube_of(
    table: pd.DataFrame,
    areas: Mapping[str, Sequence[str]],
    groups: Groups | None,
    history: Sequence[pd.DataFrame],
) -> Cube:
    """Return the cube; earlier editions are tables as they were published."""
    wards = [str(code) for code in table.index.unique("ward_code")]
    places = dimension(_place_sets(wards, areas))
    named = list(dict.fromkeys(str(t) for frame in (table, *history) for t in frame.index.unique("theme")))
    themes = dimension(theme_sets(named, groups))
    editions = [_labels(frame) for frame in (table, *history)]
    periods = dimension(_period_sets(editions))
    shape = (len(themes.names), len(periods.names), len(places.names))

    truth: Any = np.full(shape, np.nan)
    rows = _positions(table, editions[0], themes, periods, places)
    given = table["incidents"].to_numpy(dtype=float, na_value=np.nan)
    truth.flat[rows] = np.where(np.isnan(given), 0, given)
    observed = np.ones(shape, dtype=bool)
    observed.flat[rows] = ~np.isnan(given)
    here: Any = ~np.isnan(truth).all(axis=2)
    _refuse_gaps(truth[here][:, : len(wards)])
    for place in _smallest_first(places):
        truth[:, :, place] = truth[:, :, list(places.parts_of[place])].sum(axis=2)
    printed = ~np.isnan(truth)
    printed[:, :, places.named :] = False

    before = Before(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=bool))
    for frame, labels in zip(history, editions[1:], strict=True):
        before.add(_positions(frame, labels, themes, periods, places), frame)
    shown_before = ~np.isnan(before.shown)
    revised = shown_before & printed & (before.shown != truth)
    truth = np.where(np.isnan(truth), before.shown, truth).ravel()

    relations = _relations(themes, periods, places)
    known = _worked_out(truth, relations)
    _refuse_contradiction(truth, relations, themes, edited=bool(history))
    at_least = np.where(known, 0, before.hidden.ravel())
    counts = truth if known.all() else _completed(truth, relations, at_least)
    return Cube(
        themes, periods, places, relations, np.rint(counts).astype(np.int64), known, printed.ravel(),
        observed.ravel(), shown_before.ravel(), before.hidden.ravel(), revised.ravel(),
        before.rounded.ravel(), rows,
    )  # fmt: skip


def _place_sets(wards: list[str], areas: Mapping[str, Sequence[str]]) -> dict[Hashable, frozenset[Hashable]]:
    sets: dict[Hashable, frozenset[Hashable]] = {ward: frozenset([ward]) for ward in wards}
    for name, codes in areas.items():
        strangers = sorted(set(map(str, codes)) - set(wards))
        if strangers or not len(codes):
            raise AlignmentError(
                f"Area {name!r} has {'wards that are not in the table' if strangers else 'no wards'}.",
                f"ward codes: {listed(strangers) or 'none'}",
                mend="name areas by wards of the table.",
            )
        if name in sets or name == DISTRICT:
            raise InputError(f"An area cannot be called {name!r}: that is a ward's code, or all wards.")
        sets[name] = frozenset(map(str, codes))
    return {**sets, DISTRICT: frozenset(wards)}


def _labels(frame: pd.DataFrame) -> dict[Hashable, frozenset[Hashable]]:
    on_file: dict[Hashable, int | None] = dict.fromkeys(frame.index.unique("period"))
    if "months" in frame.columns:
        on_file = frame["months"].groupby(level="period", sort=False, observed=True).max().to_dict()
    return months_of(on_file)


def _period_sets(editions: list[dict[Hashable, frozenset[Hashable]]]) -> dict[Hashable, frozenset[Hashable]]:
    """Return the periods of all editions, each set of months once, this edition's first."""
    sets: dict[Hashable, frozenset[Hashable]] = dict(editions[0])
    for edition in editions[1:]:
        for label, months in edition.items():
            if months not in sets.values():
                sets[label if label not in sets else (label, len(months))] = months
    return sets


def _positions(
    frame: pd.DataFrame,
    labels: Mapping[Hashable, frozenset[Hashable]],
    themes: Dimension,
    periods: Dimension,
    places: Dimension,
) -> Whole:
    """Return where each row of a table is in the cube."""
    level = "ward_code" if "ward_code" in frame.index.names else "area"
    named = {str(name): at for at, name in enumerate(places.names[: places.named])}
    strangers = [one for one in map(str, frame.index.unique(level)) if one not in named]
    if strangers:
        raise AlignmentError(
            "An earlier edition has wards or areas that are neither in the table nor among the areas.",
            f"codes: {listed(strangers)}",
            mend='name what they are now made of: areas={"E05000001": [...]}',
        )
    theme_at = {str(name): at for at, name in enumerate(themes.names[: themes.named])}
    nodes = dict(zip(periods.names, periods.atoms, strict=True))
    months_at = {months: at for at, months in reversed(list(enumerate(periods.atoms)))}
    period = {
        label: periods.names.index(label) if nodes.get(label) == months else months_at[months]
        for label, months in labels.items()
    }
    indices = (
        frame.index.get_level_values("theme").map(lambda name: theme_at[str(name)]).to_numpy(dtype=np.int64),
        frame.index.get_level_values("period").map(period).to_numpy(dtype=np.int64),
        frame.index.get_level_values(level).map(lambda name: named[str(name)]).to_numpy(dtype=np.int64),
    )
    shape = (len(themes.names), len(periods.names), len(places.names))
    return np.asarray(np.ravel_multi_index(indices, shape), dtype=np.int64)


def _refuse_gaps(counts: Any) -> None:
    if np.isnan(counts).any():
        raise InputError(
            "The ward table lacks rows, so that sums over its wards would be too small.",
            f"combinations of theme, period and ward without a row: {int(np.isnan(counts).sum()):,}",
            mend="give every theme and period a row for every ward, null where it was not observed.",
        )


def _smallest_first(places: Dimension) -> Iterable[int]:
    return sorted(places.parts_of, key=lambda place: (len(places.atoms[place]), place))


def _relations(themes: Dimension, periods: Dimension, places: Dimension) -> Matrix:
    """Return every sum along each dimension, for every combination of the other two."""
    one = [sparse.identity(len(d.names)) for d in (themes, periods, places)]
    along = [
        sparse.kron(sparse.kron(themes.relations(), one[1]), one[2]),
        sparse.kron(sparse.kron(one[0], periods.relations()), one[2]),
        sparse.kron(sparse.kron(one[0], one[1]), places.relations()),
    ]
    return sparse.csr_matrix(sparse.vstack(along))


def _worked_out(truth: Any, relations: Matrix) -> Flags:
    """Fill in, in place, what is the only unknown of a sum, until there is none; return what is known."""
    while True:
        unknown = np.isnan(truth)
        number = np.asarray(abs(relations) @ unknown.astype(float))
        alone = relations[np.flatnonzero(number == 1)]
        if not alone.shape[0]:
            return np.asarray(~unknown)
        missing = -np.asarray(alone @ np.where(unknown, 0, truth))
        at = sparse.coo_matrix(alone.multiply(unknown[None, :].astype(float)))
        at.eliminate_zeros()
        truth[at.col] = missing[at.row] / at.data


def _refuse_contradiction(truth: Any, relations: Matrix, themes: Dimension, *, edited: bool) -> None:
    whole = relations[np.flatnonzero(np.asarray(abs(relations) @ np.isnan(truth).astype(float)) == 0)]
    off = np.flatnonzero(np.asarray(whole @ np.where(np.isnan(truth), 0, truth)) != 0)
    if not len(off) and not (truth < 0).any():
        return
    cells = len(truth) // len(themes.names)
    if len(off):
        row = whole[off[0]]
        total = themes.names[int(row.indices[row.data < 0][0]) // cells]
    else:
        total = themes.names[int(np.flatnonzero(truth < 0)[0]) // cells]
    raise InputError(
        "The counts do not add up as the themes and earlier editions say they do.",
        f"theme: {total!r}; sums that do not fit: {max(len(off), 1):,}",
        mend="say what each theme is made of, as when they were counted: themes={...}"
        + ("; after a revision, round instead: DisclosureRule(round_to=5)." if edited else "."),
    )


def _completed(truth: Any, relations: Matrix, at_least: Any) -> Any:
    """Return whole counts that fit all that is known; an attack is as wide from any such table."""
    unknown = np.isnan(truth)
    rows = relations[:, np.flatnonzero(unknown)]
    target = -np.asarray(relations @ np.where(unknown, 0, truth))
    binds = np.diff(rows.indptr) > 0
    found = milp(
        np.zeros(int(unknown.sum())),
        constraints=LinearConstraint(rows[binds], target[binds], target[binds]),
        bounds=Bounds(at_least[unknown], np.inf),
        integrality=np.ones(int(unknown.sum())),
    )
    if found.x is None:
        raise InputError(
            "What earlier editions published and the table cannot both be right.",
            "no counts fit them all",
            mend="after a revision, round instead: DisclosureRule(round_to=5).",
        )
    filled = truth.copy()
    filled[unknown] = np.rint(found.x)
    return filled
