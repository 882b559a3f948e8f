"""`Method`: how numbers were made, as data; its sentence is rendered here and nowhere else.

A later stage that must know what a ratio was held against, or which dispersion a test allowed for, reads
the columns that `schema.write` makes from these fields. It never reads the sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

AGAINST: Mapping[str, str] = {
    "rest": "to the rest of the wards (the ward itself left out)",
    "stepped": "to the rest of the wards, without those that stand above all others",
    "district": "to all wards (the ward itself among them)",
    "rate": "to a given rate, taken as known",
}
"""What a number can be held against, by the word that the column `<into>_against` holds."""

POISSON = "Poisson assumed"


@dataclass(frozen=True, slots=True)
class Method:
    """How a group of columns was made.

    Parameters
    ----------
    what
        What the numbers are and where they come from: how the sentence begins.
    against
        One of `AGAINST`; empty where nothing is held against anything.
    confidence
        Of the interval, 0 to 1; None without one.
    interval
        How the interval was made: "log-normal, exact below 20".
    test
        How p was made: "two-sided, exact".
    phi
        How many times a Poisson count's variance was allowed for; 1 is Poisson, None says nothing of it.
    dispersion
        Where `phi` comes from, in words: "from 12 months of 21 wards".
    family
        Over which tests findings were corrected: "21 wards × 14 themes"; "" says nothing of it.
    draws, seed
        Of a simulation.
    notes
        Further sentences or clauses, each added as it is.

    Examples
    --------
    >>> Method("Rate ratio", against="rest", confidence=0.95, interval="exact", phi=1.0).sentence()
    'Rate ratio to the rest of the wards (the ward itself left out); 95% interval, exact; Poisson assumed.'
    """

    what: str
    against: str = ""
    confidence: float | None = None
    interval: str = ""
    test: str = ""
    phi: float | None = None
    dispersion: str = ""
    family: str = ""
    draws: int | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return the whole as one sentence that a reader can follow."""
        parts = [
            f"{self.what} {AGAINST[self.against]}" if self.against else self.what,
            self._interval(),
            f"p {self.test}" if self.test else "",
            self._dispersion(),
            f"corrected over {self.family}" if self.family else "",
            self._simulation(),
            *self.notes,
        ]
        return "; ".join(part for part in parts if part) + "."

    def fields(self) -> dict[str, object]:
        """Return what a later stage may need to know, by the part of a column's name that it gets."""
        known = {"against": self.against, "phi": self.phi, "family": self.family}
        return {name: value for name, value in known.items() if value not in ("", None)}

    def _interval(self) -> str:
        if self.confidence is None:
            return ""
        return f"{percent(self.confidence)} interval{f', {self.interval}' if self.interval else ''}"

    def _dispersion(self) -> str:
        if self.phi is None:
            return ""
        if self.phi == 1 and not self.dispersion:
            return POISSON
        return f"counts taken to vary {self.phi:.2f} times as much as chance alone (Poisson)" + (
            f" ({self.dispersion})" if self.dispersion else ""
        )

    def _simulation(self) -> str:
        if self.draws is None:
            return ""
        return f"{self.draws:,} draws" + (f", seed {self.seed}" if self.seed is not None else "")


def percent(share: float) -> str:
    """Write a share as per cent, as British style has it: no space, and no more digits than it needs.

    Examples
    --------
    >>> percent(0.95), percent(0.998), percent(1 / 3)
    ('95%', '99.8%', '33.3%')
    """
    return f"{100 * share:.3g}%"
