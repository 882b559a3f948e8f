"""`dispersion`: how much more than chance counts vary, and the φ that a comparison allows for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, counted, listed
from wardmap.method import POISSON, Method
from wardmap.rates.monthly_spread import COLUMNS
from wardmap.stats import between_years
from wardmap.stats import dispersion as arithmetic

Numbers = npt.NDArray[np.float64]
Given = float | pd.DataFrame | None


@dataclass(frozen=True, slots=True)
class Known:
    """The φ of each theme within a year, the κ between years, and what they rest on, in words."""

    phi: pd.Series
    kappa: float
    words: str

    def of_wards(self, incidents: pd.Series, people: pd.Series, years: pd.Series) -> Numbers:
        """Return the φ of each row's comparison with the rest; `years` is the length of each period."""
        themes = incidents.index.get_level_values("theme")
        phi = themes.map(self.phi.to_dict()).to_numpy(dtype=np.float64)
        if not self.kappa:
            return phi
        at = schema.families(incidents.index)
        lived_in = np.nan_to_num(at.laid_out(people))
        with np.errstate(invalid="ignore"):  # a theme and period without any people has no shares
            share = lived_in / lived_in.sum(axis=1, keepdims=True)
        total = np.nansum(at.laid_out(incidents), axis=1, keepdims=True)
        of_wards = between_years.phi_against_rest(0.0, self.kappa, total, share)[at.family, at.ward]
        longer = years.where(years > 1, 1.0).to_numpy(dtype=np.float64)
        return np.asarray(phi + np.nan_to_num(of_wards) / longer, dtype=np.float64)


def dispersion(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    r"""Say how much more than chance the counts of each theme vary.

    Answers: repeat victims, series and recording in batches make counts jump more than chance alone
    would. By how much here, and from how many months do we know it?

    Parameters
    ----------
    table
        The ward table as `count_incidents` makes it, with `population` where `add_rates` was called.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    DataFrame
        Index `theme`: `phi` (how many times a Poisson count's variance is allowed for: the theme's own
        estimate, drawn towards those of the other themes as far as it is uncertain, and half a standard
        error added; 1 where it cannot be estimated), `phi_alone` (the theme's own estimate, which may be
        below 1; null where there is none), `phi_lower`, `phi_upper` (of the true φ), `kappa` (variance
        between years over the square of the mean, all themes together; null with one year), `phi_months`,
        `phi_years`, `phi_wards` (what it rests on), `phi_method`.

    Raises
    ------
    MissingColumnError
        The table was not made by `count_incidents`.

    Notes
    -----
    .. math:: \operatorname{var} O = \phi \mu \quad \text{within a year}, \qquad
        \phi \mu + \kappa \mu^2 \quad \text{over years}

    by moments in closed form: how often two incidents of one ward share a month, against how often two of
    different wards do. Seasons and trends of the whole district do not count; a season that only some
    wards have makes φ larger, which is cautious. Six months at least; not for counts by week or day.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> table = wm.count_incidents(incidents, wards, by_period="financial year")
    >>> found = wm.rates.dispersion(table)
    >>> found.loc["all crime", ["phi_months", "phi_years", "phi_wards"]].astype(int).tolist()
    [36, 3, 21]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", *COLUMNS])
    moments, degrees, months = _moments(table)
    themes = table.index.unique("theme")
    concentration = _concentration(table)
    estimable = degrees > 0 and np.isfinite(moments.phi).any()
    phi, lower, upper = np.ones(len(themes)), np.full(len(themes), np.nan), np.full(len(themes), np.nan)
    if estimable:
        phi = arithmetic.pool(moments, concentration=concentration, degrees=degrees)
        lower, upper = arithmetic.interval(
            moments, concentration=concentration, degrees=degrees, confidence=confidence
        )
    years = _whole_years(table)
    kappa = _kappa(table, years, phi, concentration) if estimable and len(years) > 1 else np.nan
    found = pd.DataFrame({"phi": phi, "phi_alone": moments.phi}, index=themes)
    return schema.write(
        found,
        "phi",
        {
            "phi_lower": lower,
            "phi_upper": upper,
            "kappa": kappa,
            "phi_months": int(months),
            "phi_years": len(years),
            "phi_wards": table.index.unique("ward_code").size,
        },
        Method(
            "Dispersion by moments of wards and months within years, pooled over themes",
            confidence=confidence,
            notes=() if estimable else (POISSON,),
        ),
    )


def known_dispersion(table: pd.DataFrame, given: Given) -> Known:
    """Return the dispersion to allow for: as given, or as the table's own months show it.

    Raises
    ------
    InputError
        A number below 1, or a table that lacks a theme.
    """
    themes = table.index.unique("theme")
    if isinstance(given, pd.DataFrame):
        missing = themes.difference(given.index)
        if len(missing) or "phi" not in given:
            raise InputError(
                "The dispersion given lacks a theme, or the column phi.",
                f"themes without one: {listed(missing)}",
                mend="dispersion=wm.rates.dispersion(table)",
            )
        kappa = float(given["kappa"].fillna(0).max()) if "kappa" in given else 0.0
        return Known(given["phi"].astype(float).clip(lower=1), kappa, "dispersion as given")
    if given is not None:
        if isinstance(given, bool) or not 1 <= given < np.inf:
            raise InputError(
                "A dispersion is 1 (Poisson) or more.",
                f"given: {given}",
                mend="dispersion=1 asks for Poisson",
            )
        words = "" if given == 1 else "dispersion as given"
        return Known(pd.Series(float(given), index=themes), 0.0, words)
    if not set(COLUMNS) <= set(table.columns):
        return Known(pd.Series(1.0, index=themes), 0.0, "")
    found = dispersion(table)
    if found["phi_alone"].isna().all():
        return Known(found["phi"], 0.0, "")
    first = found.iloc[0]
    months = counted(int(first["phi_months"]), "month")
    if np.isnan(first["kappa"]):
        return Known(found["phi"], 0.0, f"from {months}; for this year only")
    return Known(found["phi"], float(first["kappa"]), f"from {months} and {int(first['phi_years'])} years")


def _moments(table: pd.DataFrame) -> tuple[arithmetic.Moments, float, float]:
    """Return the moments of each theme, the degrees of freedom of the months, and how many months."""
    first = table[list(COLUMNS)].groupby(level="theme", sort=False, observed=True).first()
    first = first.reindex(table.index.unique("theme"))
    excess, scale, events, months, degrees = (first[name].to_numpy(dtype=np.float64) for name in COLUMNS)
    return arithmetic.Moments(excess, scale, events), float(np.nanmax(degrees)), float(np.nanmax(months))


def _concentration(table: pd.DataFrame) -> float:
    """Return the sum of the squares of the wards' shares of the people; as if alike where none are known."""
    people = pd.Series(1.0, index=table.index.unique("ward_code"))
    if "population" in table:
        known = table["population"].groupby(level="ward_code").first().astype(float).fillna(0.0).clip(lower=0)
        people = known if known.sum() > 0 else people
    return float(((people / people.sum()) ** 2).sum())


def _whole_years(table: pd.DataFrame) -> list[str]:
    """Return the periods that are a whole year, in the order of the table."""
    if "months" not in table:
        return []
    months = table["months"].groupby(level="period", sort=False).first()
    return [str(period) for period in months.index[months == 12]]


def _kappa(table: pd.DataFrame, years: list[str], phi: Numbers, concentration: float) -> float:
    """Return the variance between the years of all themes together."""
    counts = table["incidents"].astype(float).unstack("period")[years]  # noqa: PD010 - of a Series
    themes, wards = table.index.unique("theme"), table.index.unique("ward_code")
    every = pd.MultiIndex.from_product([themes, wards])
    cube = counts.reindex(every).to_numpy().reshape(len(themes), len(wards), len(years))
    yearly = arithmetic.yearly_moments(cube).phi
    return between_years.kappa(
        yearly, phi, np.nanmean(cube, axis=2), concentration=concentration, years=len(years)
    )
