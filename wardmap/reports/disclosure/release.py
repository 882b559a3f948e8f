"""`disclose` and `release`: the ward table as the public may have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MissingColumnError, counted, listed
from wardmap.reports.disclosure.cube import DISTRICT, HIDDEN, ROUNDED, UNSEEN, Cube, cube_of
from wardmap.reports.disclosure.derived import Needed, what_it_needs, without, without_derived
from wardmap.reports.disclosure.linear_model import Cells, Flags, Whole
from wardmap.reports.disclosure.primary import cells_of, sensitive_themes
from wardmap.reports.disclosure.rounding import Before, rounded, told_by_rounding
from wardmap.reports.disclosure.rule import DisclosureRule
from wardmap.reports.disclosure.unprinted import protect
from wardmap.themes import Groups

PUBLISHED = "published"
DISCLOSURES = (PUBLISHED, HIDDEN, ROUNDED, UNSEEN)
MOST_CELLS = 10_000
"""Printed cells by ward and several periods up to which hiding is promised."""

Areas = Mapping[str, Sequence[str]] | pd.DataFrame


@dataclass(frozen=True, slots=True)
class Release:
    """What may be shown, and for the analyst alone how it was protected.

    `table` is the ward table, `totals` its areas and the district (index `theme`, `period`, `area`):
    both may be published. The rest is not for publication: `printed` cells, of which `hidden` are
    hidden, `primary` of these by the rule itself and `complementary` beside them; `exact` says whether
    that costs no more than it must, and `gap` how much more it costs at most (0.05 is 5%); `advice`
    is empty where hiding is the better way.
    """

    table: pd.DataFrame
    totals: pd.DataFrame
    printed: int
    hidden: int
    primary: int
    complementary: int
    exact: bool
    gap: float
    advice: str


def disclose(
    table: pd.DataFrame,
    rule: DisclosureRule | None = None,
    *,
    areas: Areas | None = None,
    themes: Groups | None = None,
    history: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Hide small counts of sensitive themes, and all that would tell them, or round every count.

    Answers: what of this may we publish? Do this once, before anything is drawn or written: a map, a
    chart and a workbook made from the result cannot say more than it does.

    Parameters
    ----------
    table
        The ward table of one district, with a row for every theme, period and ward; periods of several
        lengths may stand in it together (months, quarters and years add up).
    rule
        The policy; DisclosureRule() when left out.
    areas
        Areas that are published beside the wards: the areas table, or wards by name. The district is
        always taken to be published, unless it must be hidden: see `release`.
    themes
        What each theme is made of, as it was counted: types, or types with flags. Without it every theme
        is a type of its own, and `all crime` is all those that are crimes.
    history
        Earlier editions as they were published: ward tables that `disclose` returned, and the totals of
        `release`. What they showed stays shown, what they hid stays hidden, and nothing in between can
        be worked out. Wards that have been divided since are named among `areas`.

    Returns
    -------
    DataFrame
        The table with `incidents` null where hidden (or rounded), every figure null that a hidden
        count went into, `disclosure` (category: `published`, `confidential`, `rounded`, or `not
        observed` where it was null before) and `disclosure_method`. One mark stands for small counts and
        for those hidden beside them: another would tell which is which. After rounding every derived
        figure is null: make them again from the rounded counts.

    Raises
    ------
    InputError
        The rule cannot be met by hiding (the message names round_to=5, and years in place of months);
        the table lacks rows, or its counts do not add up as `themes` or earlier editions say; it has
        wards of the halo, or has been through here before.
    AlignmentError
        Areas or earlier editions are of other wards.

    Notes
    -----
    A hidden count is protected when whole tables that fit all that is shown have it both at the least
    it can be and at `least` or more, so that nobody can tell whether it is small. Which further counts
    are hidden is chosen exactly where time allows (Fischetti and Salazar 2001), and otherwise near the
    cheapest. Not defended: a reader who runs this program backwards, and readers who pool what each
    knows. Themes that contain each other without `themes` saying so are not seen to do so.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> rows = [("Sexual offences", "2018", f"E0500000{n}") for n in range(1, 5)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [3, 9, 12, 0]},
    ...     index=pd.MultiIndex.from_tuples(rows, names=["theme", "period", "ward_code"]),
    ... )
    >>> shown = disclose(table, DisclosureRule(least=5))
    >>> shown["incidents"].tolist(), shown["disclosure"].tolist()[0]
    ([<NA>, <NA>, 12, 0], 'confidential')
    """
    return release(table, rule, areas=areas, themes=themes, history=history).table


def release(
    table: pd.DataFrame,
    rule: DisclosureRule | None = None,
    *,
    areas: Areas | None = None,
    themes: Groups | None = None,
    history: Sequence[pd.DataFrame] = (),
) -> Release:
    """Do what `disclose` does, and return the totals too, and how the table was protected.

    Answers: which totals may be shown beside it, how much is hidden, and would rounding be better?

    Parameters
    ----------
    table, rule, areas, themes, history
        As for `disclose`.

    Returns
    -------
    Release
        `table`, `totals` and, for the analyst alone, how many cells are hidden and how well.

    Raises
    ------
    InputError, AlignmentError
        As for `disclose`.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> rows = [("Sexual offences", "2018", f"E0500000{n}") for n in range(1, 5)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [3, 9, 12, 0]},
    ...     index=pd.MultiIndex.from_tuples(rows, names=["theme", "period", "ward_code"]),
    ... )
    >>> found = release(table)
    >>> found.totals["incidents"].tolist(), found.primary, found.complementary
    ([24], 1, 1)
    """
    rule = rule or DisclosureRule()
    _check(table, history)
    cube = cube_of(table, _areas(areas), themes, history)
    cells = cells_of(cube, rule, themes)
    if rule.round_to:
        return _rounded(table, cube, cells, rule)
    _refuse_too_many(cube, cells)
    _refuse_rounded_before(cube)
    found = protect(cube, cells, _each_theme(cube, rule, themes), rule.seconds)
    if len(found.unprotected):
        raise _cannot(cube, found.unprotected)
    hidden = found.hidden & cube.printed
    primary = int((cells.primary & cube.printed).sum())
    printed, number = int(cube.printed.sum()), int(hidden.sum())
    return Release(
        apply(table, hidden[cube.rows], _of_district(cube, hidden)[cube.rows], rule),
        _totals(table, cube, np.where(hidden, -1, cube.counts), hidden, rule),
        printed,
        number,
        primary,
        number - primary,
        found.exact,
        found.cost / found.bound - 1 if not found.exact and found.bound > 0 else 0.0,
        _advice(cube, hidden, primary / max(printed, 1)),
    )


def apply(table: pd.DataFrame, hidden: Flags, district_hidden: Flags, rule: DisclosureRule) -> pd.DataFrame:
    """Return the table without what is hidden; it hangs on shown counts alone."""
    unseen = table["incidents"].isna().to_numpy()
    shown = without_derived(table, hidden, district_hidden)
    marks = np.where(unseen, UNSEEN, np.where(hidden, HIDDEN, PUBLISHED))
    return _written(
        shown, without(_whole(table["incidents"]), hidden), marks, rule, changed=bool(hidden.any())
    )


def _rounded(table: pd.DataFrame, cube: Cube, cells: Cells, rule: DisclosureRule) -> Release:
    base = cast("int", rule.round_to)
    names = [f"{t}|{sorted(map(str, p))}|{w}" for t in cube.themes.names for p in cube.periods.atoms
             for w in cube.places.names]  # fmt: skip
    no_zero = cube.hidden_before & (cube.counts > 0) & (rule.zeros == "told")
    before = Before(cube.rounded_before, cube.shown_before & ~cube.revised, no_zero)
    numbers = rounded(cells, cube.printed, before, names, base=base, rule=rule)
    if numbers is None or told_by_rounding(cells, numbers, cube.printed, before, base=base).any():
        raise InputError(
            f"These counts cannot be rounded to multiples of {base} so that sums add up and nothing is told.",
            counted(int(cube.printed.sum()), "number"),
            mend="publish fewer wards, themes or periods together.",
        )
    unseen = table["incidents"].isna().to_numpy()
    gone = np.ones(len(table), dtype=bool)
    derived = {
        name: without(table[name], gone)
        for name in table.columns
        if name != "incidents" and what_it_needs(str(name), table) != Needed.NOTHING
    }
    values = pd.Series(numbers[cube.rows], index=table.index, dtype="Int64").mask(unseen)
    marks = np.where(unseen, UNSEEN, ROUNDED)
    shown = _written(table.assign(**derived), values, marks, rule, changed=True)
    nothing = np.zeros(len(cube.counts), dtype=bool)
    totals = _totals(table, cube, numbers, nothing, rule)
    return Release(shown, totals, int(cube.printed.sum()), 0, 0, 0, exact=True, gap=0.0, advice="")


def _check(table: pd.DataFrame, history: Sequence[pd.DataFrame]) -> None:
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    schema.refuse_halo(table, "Disclosure control")
    if "disclosure" in table.columns:
        raise InputError(
            "This table has been through disclosure control already.",
            "it has a column 'disclosure'",
            mend="start from the table with all counts.",
        )
    if table.empty or not table.index.is_unique:
        twice = table.index[table.index.duplicated()]
        raise InputError(
            "The ward table has no rows." if table.empty else "The ward table has a row twice.",
            f"rows: {listed(twice.unique()) or 0}",
            mend=schema.WARD_TABLE.columns[0].writer,
        )
    numbers = table["incidents"].to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isnan(numbers) & ((numbers < 0) | (numbers != np.floor(numbers)) | np.isinf(numbers))
    if wrong.any():
        raise InputError("Counts must be whole numbers of 0 or more.", f"given: {listed(numbers[wrong])}")
    for edition in history:
        for name in ("incidents", "disclosure"):
            if name not in edition.columns:
                raise MissingColumnError(
                    f"An earlier edition has no column {name!r}.",
                    mend="give it as it was published: what `disclose` returned.",
                )


def _areas(areas: Areas | None) -> Mapping[str, Sequence[str]]:
    if isinstance(areas, pd.DataFrame):
        schema.require(areas, schema.AREAS, ["ward_codes"])
        return {str(name): list(codes) for name, codes in areas["ward_codes"].items()}
    return {} if areas is None else {str(name): list(codes) for name, codes in areas.items()}


def _refuse_too_many(cube: Cube, cells: Cells) -> None:
    printed = int(cube.printed.sum())
    if printed > MOST_CELLS and cube.periods.named > 1 and cells.primary.any():
        raise InputError(
            "So many sensitive counts by ward and period cannot be protected by hiding some.",
            f"numbers to print: {printed:,}, at most {MOST_CELLS:,}; {counted(cube.periods.named, 'period')}",
            mend="DisclosureRule(round_to=5), or sensitive themes by year (months for the district only).",
        )


def _refuse_rounded_before(cube: Cube) -> None:
    number = int((~np.isnan(cube.rounded_before)).sum())
    if number:
        raise InputError(
            "An earlier edition was rounded, which bounds what would be hidden now.",
            f"rounded before: {counted(number, 'number')}",
            mend="DisclosureRule(round_to=5)",
        )


def _each_theme(cube: Cube, rule: DisclosureRule, groups: Groups | None) -> Flags:
    return np.repeat(sensitive_themes(cube.themes, rule, groups), len(cube.counts) // len(cube.themes.names))


def _cannot(cube: Cube, unprotected: Whole) -> InputError:
    named = [
        f"{cube.themes.names[t]}, {cube.periods.names[p]}, {cube.places.names[w]}"
        for t, p, w in zip(*np.unravel_index(unprotected, cube.shape), strict=True)
    ]
    return InputError(
        "No hiding protects every small count: what must be shown tells it.",
        f"{counted(len(named), 'number')}: {listed(named)}",
        mend="DisclosureRule(round_to=5), a longer period, or fewer themes of which counts are public.",
    )


def _of_district(cube: Cube, hidden: Flags) -> Flags:
    """Return for each cell whether the district's is hidden, in the same theme and period."""
    place = cube.places.names.index(DISTRICT)
    whole = hidden.reshape(cube.shape)[:, :, [place]]
    return np.broadcast_to(whole, cube.shape).ravel()


def _totals(
    table: pd.DataFrame, cube: Cube, numbers: Whole, hidden: Flags, rule: DisclosureRule
) -> pd.DataFrame:
    """Return the areas and the district, in every theme and period of the table."""
    by = ["theme", "period"]
    keys = cast("pd.MultiIndex", table.index).droplevel("ward_code").unique()
    first = pd.Series(cube.rows, index=table.index).groupby(level=by, sort=False, observed=True).first()
    start = first.reindex(keys).to_numpy() // cube.shape[2] * cube.shape[2]
    places = range(len(table.index.unique("ward_code")), cube.places.named)
    cells = np.add.outer(start, np.array(places)).ravel()
    index = pd.MultiIndex.from_tuples(
        [(theme, period, cube.places.names[place]) for theme, period in keys for place in places],
        names=["theme", "period", "area"],
    )
    gone = hidden[cells]
    values = pd.Series(numbers[cells], index=index, dtype="Int64").mask(gone)
    marks = np.where(gone, HIDDEN, ROUNDED if rule.round_to else PUBLISHED)
    frame = pd.DataFrame({"incidents": values}, index=index)
    if "months" in table.columns:
        months = table["months"].groupby(level=by, sort=False, observed=True).max().reindex(keys)
        frame["months"] = np.repeat(months.to_numpy(), len(places))
    return _written(frame, values, marks, rule, changed=bool(gone.any()))


def _written(
    table: pd.DataFrame, counts: pd.Series, marks: Any, rule: DisclosureRule, *, changed: bool
) -> pd.DataFrame:
    table = table.assign(incidents=counts)
    if changed and "incidents_method" in table.columns:
        # the sentence tells how many rows were read, hidden ones among them
        table["incidents_method"] = pd.Categorical(["Recorded incidents by ward and theme."] * len(table))
    category = pd.Categorical(marks, categories=list(DISCLOSURES))
    return schema.write(table, "disclosure", {"disclosure": category}, str(rule))


def _whole(counts: pd.Series) -> pd.Series:
    return counts.astype("Int64")


def _advice(cube: Cube, hidden: Flags, share: float) -> str:
    """Say when rounding would be the better way."""
    whole = hidden.reshape(cube.shape)[:, :, cube.places.names.index(DISTRICT)].any()
    reasons = [
        f"{100 * share:.0f}% of the numbers are small counts of sensitive themes" if share > 0.15 else "",
        "a total of the district had to be hidden" if whole else "",
    ]
    said = " and ".join(reason for reason in reasons if reason)
    return f"Rounding would show more, since {said}: DisclosureRule(round_to=5)." if said else ""
