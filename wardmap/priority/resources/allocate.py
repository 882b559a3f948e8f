"""`allocate` and `compare_allocations`: money, hours, officers or places, to the last unit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError
from wardmap.priority.chosen_wards import checked_codes, ward_names
from wardmap.priority.resources.apportion import apportion
from wardmap.priority.resources.bases import Basis, Need, in_words, mixed

Wholes = npt.NDArray[np.int64]
Limit = float | Mapping[str, float]

_LEAST = 1e-12  # a need so small that it takes only what no other ward can


def allocate(
    table: pd.DataFrame,
    *,
    budget: float,
    by: Basis = "volume",
    unit: float = 1,
    floor: Limit = 0,
    cap: Limit | None = None,
    ward_codes: Sequence[str] | None = None,
    theme: str | None = None,
    period: str | None = None,
    draws: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Share out a budget over wards by an agreed basis, so that it sums exactly.

    Answers: who gets how much, and how much of that hangs on chance in the counts?

    Parameters
    ----------
    table
        The ward table with `incidents` (and `population` for an excess).
    budget
        What there is to share: pounds, patrol hours, officers, project places.
    by
        `volume` (incidents), `excess` (incidents above what the rest of the district's rate would give,
        none below), `eb_excess` (the same above the district's mean, after smoothing, so that small
        wards gain and lose less by chance), `equal`, or any column of numbers of the table, such as
        harm or a need index, where more means more need. A mix: `{"volume": 0.5, "equal": 0.5}`.
    unit
        What cannot be split: 1 officer, 100 pounds, half an hour. The budget must be whole units.
    floor, cap
        The least and the most that a ward gets; one number, or a number by ward code (the others are
        not limited). A floor is raised and a cap lowered to whole units.
    ward_codes
        The codes of the wards that share; all when left out. An excess is still over the whole
        district.
    theme, period
        Which rows of `table`. By default `all crime`, or the only theme; and the last period.
    draws
        Draws of the counts for the interval.
    seed
        The same seed gives the same interval.

    Returns
    -------
    DataFrame
        Index `ward_code`: `ward_name`, `need_share` (0 to 1), `allocation` (in the unit of the
        budget; sums to it exactly), `allocation_lower`, `allocation_upper` (95% of what it would be
        if the counts had fallen otherwise), `allocation_method`.

    Raises
    ------
    InputError
        The floors need more than the budget, the caps leave some over, nobody has any need, a ward
        is unknown or named twice, the budget is not whole units, or weights sum to nothing.
    MissingColumnError
        `by` names neither a basis nor a column of numbers.

    Notes
    -----
    Each share is a multiple of the need, cut at floor and cap; what is left is rounded by the largest
    remainder (Hamilton's method), ties to the larger need and then to the lower ward code. More need
    never gets less. For the interval the mean behind each count is drawn from its gamma distribution
    (Jeffreys prior), columns of the table staying as given. Any basis is a choice: show the same
    budget under several with `compare_allocations` before one is signed.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> wm.allocate(table, budget=100_000, unit=100, floor=20_000)["allocation"].tolist()
    [58200, 21800, 20000]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    schema.refuse_halo(table, "An allocation")
    rows = schema.select(table, theme, period).sort_index(level="ward_code")
    shown = " ".join(map(str, rows.index[0][:2]))
    parts = mixed(by)
    need = Need(rows, parts)
    rows = rows.droplevel(["theme", "period"])
    names = ward_names(rows)
    codes = sorted(checked_codes(rows.index if ward_codes is None else ward_codes, names, "The allocation"))
    chosen = rows.index.get_indexer(pd.Index(codes))
    whole = _in_units(budget, unit)
    floors, caps = _limits(floor, cap, unit, names.loc[codes], whole)

    counts = rows["incidents"].to_numpy(dtype=float)
    need.refuse_nobody(counts, chosen)
    shares = need.shares(counts, chosen)
    given = apportion(shares, whole, floors, caps)
    random = np.random.default_rng(seed)
    drawn = [
        apportion(np.maximum(share, _LEAST), whole, floors, caps)
        for share in _drawn_shares(need, counts, chosen, draws, random)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0, method="inverted_cdf")
    found = pd.DataFrame(
        {"ward_name": names.loc[codes], "need_share": shares}, index=pd.Index(codes, name="ward_code")
    )
    return schema.write(
        found,
        "allocation",
        {
            "allocation": given * unit,
            "allocation_lower": low * unit,
            "allocation_upper": high * unit,
        },
        f"{budget:,g} in units of {unit:g}, {in_words(parts)}, {shown}; largest remainder between floors and "
        f"caps; interval: 95% of {draws:,} draws of the means behind the counts, seed {seed}.",
    )


def compare_allocations(
    table: pd.DataFrame,
    *,
    budget: float,
    by: Mapping[str, Basis],
    unit: float = 1,
    floor: Limit = 0,
    cap: Limit | None = None,
    ward_codes: Sequence[str] | None = None,
    theme: str | None = None,
    period: str | None = None,
) -> pd.DataFrame:
    """Share out the same budget on several bases, side by side.

    Answers: who gains and who loses by the basis that we choose?

    Parameters
    ----------
    by
        Bases by the name that their column gets, each as `allocate` takes it.
    table, budget, unit, floor, cap, ward_codes, theme, period
        As for `allocate`.

    Returns
    -------
    DataFrame
        Index `ward_code`: `ward_name`, one column for each basis, each summing to the budget, and
        `bases_method`.

    Raises
    ------
    InputError, MissingColumnError
        As `allocate` does.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 30, 20], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> shares = wm.priority.compare_allocations(table, budget=60, by={"volume": "volume", "equal": "equal"})
    >>> shares[["volume", "equal"]].to_numpy()[0].tolist()
    [37, 20]
    """
    taken = {"ward_name", "bases_method"} & set(by)
    if taken or not by:
        raise InputError(
            "Bases to compare need names, and none that a column has.", f"names: {sorted(by)}",
            mend='by={"by volume": "volume", "by excess": "excess"}',
        )  # fmt: skip
    same: Any = {"budget": budget, "unit": unit, "floor": floor, "cap": cap, "ward_codes": ward_codes}
    budgets = {
        name: allocate(table, by=basis, theme=theme, period=period, draws=1, **same)
        for name, basis in by.items()
    }
    first = next(iter(budgets.values()))
    columns = {name: found["allocation"] for name, found in budgets.items()}
    method = " ".join(f"{name}: {in_words(mixed(basis))}." for name, basis in by.items())
    return schema.write(first[["ward_name"]].assign(**columns), "bases", {}, method)


def _drawn_shares(
    need: Need,
    counts: npt.NDArray[np.float64],
    chosen: npt.NDArray[np.intp],
    draws: int,
    random: np.random.Generator,
) -> list[npt.NDArray[np.float64]]:
    if draws < 1:
        raise InputError("An interval needs draws.", f"draws: {draws}", mend="draws=1_000")
    return [need.shares(means, chosen) for means in random.gamma(counts + 0.5, size=(draws, len(counts)))]


def _in_units(budget: float, unit: float) -> int:
    if not unit > 0 or not 0 < budget < np.inf:
        raise InputError("A budget and its unit must be positive.", f"budget: {budget}; unit: {unit}")
    whole = round(budget / unit)
    if abs(whole - budget / unit) > 1e-9 * whole:
        raise InputError(
            "The budget is not a whole number of units, so it could not be shared out exactly.",
            f"budget: {budget:,}; unit: {unit:,}",
            mend=f"budget={whole * unit:,}".replace(",", "_"),
        )
    return whole


def _limits(
    floor: Limit, cap: Limit | None, unit: float, names: pd.Series, whole: int
) -> tuple[Wholes, Wholes]:
    """Return floors and caps in whole units, once it is sure that they leave room."""
    floors = np.ceil(_by_ward(floor, names, 0.0, "The floor") / unit - 1e-9).astype(np.int64)
    most = _by_ward(np.inf if cap is None else cap, names, np.inf, "The cap")
    caps = np.floor(np.minimum(most / unit, whole) + 1e-9).astype(np.int64)
    if (floors > caps).any():
        at = int(np.argmax(floors > caps))
        raise InputError(
            f"The floor of {names.index[at]} {names.iloc[at]} is above its cap, or above the budget.",
            f"floor: {floors[at] * unit:,g}; cap: {caps[at] * unit:,g}; budget: {whole * unit:,g}",
        )
    if floors.sum() > whole or caps.sum() < whole:
        small = floors.sum() > whole
        limits = floors if small else caps
        raise InputError(
            "The budget is smaller than its floors." if small else "The caps leave part of the budget over.",
            f"budget: {whole * unit:,g}; {'floors' if small else 'caps'} of {len(names)} wards together: "
            f"{limits.sum() * unit:,g}",
            mend=f"floor={whole // len(names) * unit:g}"
            if small
            else f"cap={-(-whole // len(names)) * unit:g}",
        )
    return floors, caps


def _by_ward(limit: Limit, names: pd.Series, otherwise: float, what: str) -> npt.NDArray[np.float64]:
    if isinstance(limit, Mapping):
        given = dict(zip(checked_codes(limit, names, what), limit.values(), strict=True))
        values = np.array([given.get(code, otherwise) for code in names.index], dtype=float)
    else:
        values = np.full(len(names), float(limit))
    if not (values >= 0).all():
        raise InputError(f"{what} cannot be negative.", f"given: {limit}")
    return values
