"""Which hot spots are new, lasting, growing or gone? Emerging hot spots, in seventeen categories."""

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, kron
from scipy.special import ndtr

from wardmap import schema
from wardmap.errors import InputError, SmallNumbersWarning, counted, listed, warn
from wardmap.hotspots.graph.ward_graph import rule_of
from wardmap.hotspots.local.gi_star import statistic
from wardmap.hotspots.local.local_tests import Results, Settings, check_options, judge
from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.panel import Panel, links_of, panel_of, theme_periods

Window = Literal["all periods", "each period"]
Marks = NDArray[np.bool_]

_KINDS = (
    "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating",
    "historical",
)  # fmt: skip
CATEGORIES = (
    *(f"{kind} hot spot" for kind in _KINDS), *(f"{kind} cold spot" for kind in _KINDS), "no pattern",
    "not testable",
)  # fmt: skip
_BINS = ["hot", "cold", "neither", "not testable"]
_MOSTLY = 0.9  # the share of periods from which a spot has always been there
_FEWEST_PERIODS = 10


def emerging(
    table: pd.DataFrame,
    graph: Graph,
    *,
    variable: str = "rate",
    window: Window = "all periods",
    periods_before: int = 0,
    q: float = 0.1,
    alpha: float = 0.05,
    permutations: int = 9_999,
    seed: int = 0,
    into: str = "emerging",
) -> pd.DataFrame:
    r"""Say how each ward became, stayed or ceased to be a hot spot or a cold spot.

    Answers: which hot spots are new, which have always been there, which come and go?

    Parameters
    ----------
    table
        The ward table, with ten or more periods of the same length: in order of time where labels
        begin with a year, otherwise in that of the table.
        Each theme is classed by itself.
    graph
        The neighbours, by code, in any order (`wm.neighbours(wards)`).
    variable
        The column to test, as for `gi_star`.
    window
        `all periods`: a ward in a period is held against all wards in all periods, so that a year that
        is high everywhere is hot everywhere. `each period`: against the same period only.
    periods_before
        With `all periods`: how many periods before count as neighbours too, of the ward itself and of
        its neighbours. ESRI's tool takes 1 unless told otherwise. It steadies rare themes, and a spot
        is seen up to so many periods later, and for so many periods longer.
    q
        False discovery rate of calling a ward in a period hot or cold, over the window.
    alpha
        The p below which a trend of Gi* is one (Mann-Kendall, two-sided).
    permutations, seed
        As for `gi_star`.
    into
        The prefix of the columns written.

    Returns
    -------
    DataFrame
        The table with, for each ward and period, `emerging_z` (number: Gi*, null where not testable),
        `emerging_p` and `emerging_q` (numbers, two-sided) and `emerging_bin` (category, never null: `hot`,
        `cold`, `neither`, `not testable`); and, the same in all periods of a ward, `emerging_hot_share`
        and `emerging_cold_share` (numbers: of the periods), `emerging_trend_z` and `emerging_trend_p`
        (numbers: Mann-Kendall over the periods, null where Gi* is missing in any), `emerging_class`
        (category, never null) and `emerging_method`.

    Raises
    ------
    MissingColumnError, InputError, AlignmentError, TooFewWardsError
        As `gi_star`; or the themes have different periods, or only one.

    Warns
    -----
    SmallNumbersWarning
        There are fewer than ten periods.
    ResolutionWarning
        As `gi_star`.

    Notes
    -----
    The first that holds, for hot spots and, with hot and cold exchanged, for cold spots; H is the share of
    periods in which the ward is hot:

    1. *new*: hot in the last period, never before.
    2. *consecutive*: hot in an unbroken run of two or more periods to the last, never before it, H < 0.9.
    3. *intensifying*, 4. *persistent*, 5. *diminishing*: hot in the last period, H ≥ 0.9, with a trend of
       Gi* up, none, or down.
    6. *sporadic*: hot in the last period and, with breaks, before; H < 0.9; never cold.
    7. *oscillating*: likewise, and cold in some period.
    8. *historical*: not hot in the last period, H ≥ 0.9. A ward that is now cold is classed by that first.

    A period in which the ward is not testable counts as neither. These are the definitions of ESRI's
    Emerging Hot Spot Analysis, except that a persistent spot must be hot in the last period, that Gi* takes
    neighbours from the period before only where asked to, and that p is by permutation.

    Do not use it on fewer than ten periods, across a change in recording, or for a theme so rare that most
    wards have none in most periods.

    References
    ----------
    Ord and Getis (1995), https://doi.org/10.1111/j.1538-4632.1995.tb00912.x;
    Mann (1945), https://doi.org/10.2307/1907187

    Examples
    --------
    Twenty wards around a lake over twelve months, each next to four; five are high from the tenth month.

    >>> codes, months = [f"E050000{i:02}" for i in range(20)], [f"2017-{m:02}" for m in range(1, 13)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], months, codes], names=schema.WARD_TABLE.index)
    >>> rates = np.random.default_rng(0).normal(5.0, 1.0, (12, 20))
    >>> rates[9:, 3:8] += 9.0
    >>> near = [(i, (i + step) % 20) for i in range(20) for step in (-2, -1, 1, 2)]
    >>> lake = Graph.from_arrays([codes[i] for i, _ in near], [codes[j] for _, j in near], [1] * 80)
    >>> result = emerging(pd.DataFrame({"rate": rates.ravel()}, index=index), lake)
    >>> result["emerging_class"].xs("2017-12", level="period").iloc[3:8].tolist()
    ['no pattern', 'consecutive hot spot', 'consecutive hot spot', 'consecutive hot spot', 'no pattern']
    """
    check_options("two-sided", q, permutations, seed)
    if window not in get_args(Window):
        raise InputError("Unknown window.", f"window: {window!r}", mend=f"one of {listed(get_args(Window))}.")
    if not 0 < alpha < 0.5:
        raise InputError("alpha must lie between 0 and 0.5.", f"alpha: {alpha!r}")
    panel = panel_of(table, variable)
    themes = theme_periods(table, panel)
    _check_before(periods_before, window, len(themes[0]))
    _warn_of_few(len(themes[0]))
    rule = f"{rule_of(graph)} neighbours" if rule_of(graph) else "the neighbours given"
    if periods_before:
        rule += f", also in {counted(periods_before, 'period')} before,"
    settings = Settings(
        name="Gi*",
        title=f"Emerging hot spots by Gi* of {variable} with {rule} and the ward itself, against {window}",
        variable=variable,
        alternative="two-sided",
        tail="two-sided",
        finding="hot or cold",
        q=q,
        permutations=permutations,
        seed=seed,
    )
    links = links_of(graph, panel.codes)
    tested = _tested(panel, links, themes, window, settings, periods_before=periods_before)
    bins = _bins(tested, q)
    columns: dict[str, NDArray[Any]] = {"z": tested.numbers["z"], "p": tested.p, "q": tested.q, "bin": bins}
    columns |= _histories(tested.numbers["z"], bins, themes, alpha)
    found: dict[str, Any] = {f"{into}_{name}": panel.rows(values) for name, values in columns.items()}
    found[f"{into}_bin"] = pd.Categorical(found[f"{into}_bin"], categories=_BINS)
    found[f"{into}_class"] = pd.Categorical(found[f"{into}_class"], categories=CATEGORIES)
    method = tested.method + f" Trend: Mann-Kendall, two-sided p below {alpha:g}."
    return schema.write(table, into, found, panel.rows(method), root="emerging")


def classify(hot: Marks, cold: Marks, trend: Numbers) -> NDArray[np.str_]:
    """Name the history of each ward: wards by periods hot and cold, and the trend's sign (0 for none).

    Examples
    --------
    >>> hot = np.array([[0, 0, 0, 1], [1, 1, 1, 1], [1, 0, 0, 1]], dtype=bool)
    >>> classify(hot, np.zeros_like(hot), np.array([0.0, 1.0, 0.0])).tolist()
    ['new hot spot', 'intensifying hot spot', 'sporadic hot spot']
    """
    now = {"hot": _now(hot, cold, trend), "cold": _now(cold, hot, -trend)}
    historical = {
        kind: ~marks[:, -1] & (marks.mean(axis=1) >= _MOSTLY)
        for kind, marks in (("hot", hot), ("cold", cold))
    }
    conditions = [marks for kind in now for marks in now[kind].values()] + list(historical.values())
    names = [f"{name} {kind} spot" for kind in now for name in now[kind]]
    names += [f"historical {kind} spot" for kind in historical]
    return np.select(conditions, names, default="no pattern")


def _now(hot: Marks, cold: Marks, trend: Numbers) -> dict[str, Marks]:
    """Return what a ward that is hot in the last period could be, in the order in which it is asked."""
    last, ever_before = hot[:, -1], hot[:, :-1].any(axis=1)
    mostly = hot.mean(axis=1) >= _MOSTLY
    runs = (np.diff(hot.astype(np.int8), axis=1, prepend=0) == 1).sum(axis=1)
    one_run = (runs == 1) & (hot.sum(axis=1) >= 2)
    return {
        "new": last & ~ever_before,
        "consecutive": last & one_run & ~mostly,
        "intensifying": last & mostly & (trend > 0),
        "persistent": last & mostly & (trend == 0),
        "diminishing": last & mostly & (trend < 0),
        "sporadic": last & ever_before & ~mostly & ~cold.any(axis=1),
        "oscillating": last & ever_before & ~mostly & cold.any(axis=1),
    }


def mann_kendall(values: Numbers) -> tuple[Numbers, Numbers]:
    """Return the standard score and two-sided p of a trend along the last axis; NaN where a value is.

    Examples
    --------
    >>> z, p = mann_kendall(np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]))
    >>> round(float(z), 6), round(float(p), 4)
    (0.995893, 0.3193)
    """
    n = values.shape[-1]
    earlier, later = np.triu_indices(n, 1)
    signs = np.sign(values[..., later] - values[..., earlier])
    total = signs.sum(axis=-1)
    same = (values[..., :, np.newaxis] == values[..., np.newaxis, :]).sum(axis=-1)  # t, once per member
    ties = ((same - 1) * (2 * same + 5)).sum(axis=-1)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    with np.errstate(divide="ignore", invalid="ignore"):  # all alike: 0/0 is no trend
        z = np.where(variance > 0, (total - np.sign(total)) / np.sqrt(variance), 0.0)
    z = np.where(np.isnan(total), np.nan, z)
    return z, 2 * ndtr(-np.abs(z))


def _check_before(before: int, window: Window, periods: int) -> None:
    if not isinstance(before, int | np.integer) or not 0 <= before < periods:
        raise InputError(
            "periods_before must be a whole number, from 0 to fewer than there are periods.",
            f"periods_before: {before!r} of {periods}",
        )
    if before and window == "each period":
        raise InputError(
            "Against each period by itself no period before can count.",
            f"periods_before: {before}",
            mend='window="all periods".',
        )


def _warn_of_few(periods: int) -> None:
    if periods < _FEWEST_PERIODS:
        warn(
            SmallNumbersWarning,
            f"Fewer than {_FEWEST_PERIODS} periods say little about a pattern over time.",
            f"periods: {periods}",
            mend='count with by_period="month", or read the periods one by one.',
        )


def _tested(
    panel: Panel,
    links: csr_array,
    themes: list[Positions],
    window: Window,
    settings: Settings,
    *,
    periods_before: int,
) -> Results:
    """Test each ward in each period, as families by wards, whatever the window."""
    if window == "each period":
        return judge(panel, links, statistic, ("z", "high"), settings)
    # all periods of a theme as one family: a ward in a period is next to its neighbours in that period
    order, shape = np.array(themes), panel.numbers.shape
    numbers = panel.numbers[order].reshape(len(themes), -1)
    codes = [f"{code} in period {period + 1}" for period in range(order.shape[1]) for code in panel.codes]
    cube = Panel(numbers, codes, slice(None), np.tile(panel.halo, order.shape[1]))
    tested = judge(
        cube, _over_time(links, order.shape[1], periods_before), statistic, ("z", "high"), settings
    )

    def unfolded(values: Numbers) -> Numbers:
        result = np.empty(shape)
        result[order] = values.reshape(*order.shape, shape[1])
        return result

    method = np.empty(shape[0], dtype=object)
    method[order] = tested.method[:, np.newaxis]
    return Results(
        {name: unfolded(values) for name, values in tested.numbers.items()},
        unfolded(tested.p),
        unfolded(tested.q),
        unfolded(tested.attainable),
        tested.limits,
        method,
    )


def _over_time(links: csr_array, periods: int, before: int) -> csr_array:
    """Link every ward in every period to its neighbours, and to itself and them in the periods before."""
    whole = kron(eye_array(periods), links)
    for back in range(1, before + 1):
        whole += kron(eye_array(periods, k=-back), links + eye_array(links.shape[0]))
    over_time = csr_array(whole)
    over_time.sort_indices()
    return over_time


def _bins(tested: Results, q: float) -> NDArray[np.str_]:
    z, found, high = tested.numbers["z"], tested.q <= q, tested.numbers["high"] == 1
    conditions = [found & high & (z > 0), found & ~high & (z < 0), ~np.isnan(tested.p)]
    return np.select(conditions, _BINS[:3], default=_BINS[3])


def _histories(
    z: Numbers, bins: NDArray[np.str_], themes: list[Positions], alpha: float
) -> dict[str, NDArray[Any]]:
    """Return what holds for a ward over all periods, repeated in each of them."""
    found = {name: np.full(z.shape, np.nan) for name in ("hot_share", "cold_share", "trend_z", "trend_p")}
    classes = np.full(z.shape, "not testable", dtype=object)
    for families in themes:
        marks = bins[families].T
        trend, p = mann_kendall(z[families].T)
        direction = np.where(p < alpha, np.sign(trend), 0.0)
        for name, values in (
            ("hot_share", (marks == "hot").mean(axis=1)),
            ("cold_share", (marks == "cold").mean(axis=1)),
            ("trend_z", trend),
            ("trend_p", p),
        ):
            found[name][families] = values
        named = classify(marks == "hot", marks == "cold", direction).astype(object)
        classes[families] = np.where((marks == "not testable").all(axis=1), "not testable", named)
    return {**found, "class": classes}
