"""`DisclosureRule`: the policy that says which counts are too small to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from wardmap.errors import InputError
from wardmap.themes import Flagged, is_sensitive

LARGEST_LEAST = 1_000


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """The policy that a partnership signs: which counts are not shown to the public or to partners.

    A count of a sensitive theme from 1 to `least - 1` is hidden, as is one that equals the total it is
    part of (all of a ward's violence is domestic). So that nobody can work it out from what is shown,
    further counts are hidden beside it, with the same mark.

    Parameters
    ----------
    least
        The smallest count of a sensitive theme that may be shown. Five is common, and no law.
    zeros
        `told`: a zero is shown, and what is hidden is at least 1; save that zeros beside a count that
        would be all of its total may be hidden with it. `hidden`: a zero of a sensitive theme is hidden
        as a small count is.
    sensitive
        Themes by name, or flags (`domestic_abuse`: every theme that asks for it). None: themes whose
        places may lead to a person, by the words in their names, and every theme by flags.
    public
        Themes whose counts anyone can have elsewhere (the street files of data.police.uk): always
        shown, and never of use as a complement.
    round_to
        5: nothing is hidden, and every count is rounded up or down to a multiple of 5, so that sums
        still add up.
    seconds
        How long the cheapest complements are looked for. After that, near the cheapest are taken, and
        the outcome says how far from it they are at most.
    seed
        Which way a count is rounded hangs on its ward, theme, time and this number. Do not publish it.

    Raises
    ------
    InputError
        A number or a word that the rule cannot mean.

    Examples
    --------
    >>> print(DisclosureRule(least=5))
    Counts of sensitive themes from 1 to 4 are not shown, nor what would tell them; zeros are shown.
    >>> print(DisclosureRule(round_to=5))
    Every count is rounded up or down to a multiple of 5, so that sums still add up.
    """

    least: int = 5
    zeros: Literal["told", "hidden"] = "told"
    sensitive: tuple[str, ...] | None = None
    public: tuple[str, ...] = ()
    round_to: Literal[5] | None = None
    seconds: float = 60.0
    seed: int = 0

    def __post_init__(self) -> None:
        _check_whole("least", self.least, 2, LARGEST_LEAST)
        _check_whole("seed", self.seed, 0, 2**63 - 1)
        if self.zeros not in {"told", "hidden"}:
            raise InputError(f"zeros cannot be {self.zeros!r}.", mend='zeros="told" or zeros="hidden"')
        if self.round_to not in {None, 5}:
            raise InputError(
                "Counts are rounded to multiples of 5, or not at all.",
                f"given: round_to={self.round_to!r}",
                mend="round_to=5, or round_to=None",
            )
        if isinstance(self.seconds, bool) or not 0 <= self.seconds < float("inf"):
            raise InputError("seconds must be 0 or more.", f"given: {self.seconds!r}", mend="seconds=60")
        for name in ("sensitive", "public"):
            _check_names(name, getattr(self, name))
        both = sorted(set(self.sensitive or ()) & set(self.public))
        if both:
            raise InputError(
                "A theme cannot be sensitive and public at once.", f"theme: {both[0]!r}", mend="name it once."
            )

    def __str__(self) -> str:
        if self.round_to:
            to = f"a multiple of {self.round_to}"
            return f"Every count is rounded up or down to {to}, so that sums still add up."
        smallest, zeros = (1, "are shown") if self.zeros == "told" else (0, "of these are not shown")
        return (
            f"Counts of sensitive themes from {smallest} to {self.least - 1} are not shown, nor what would "
            f"tell them; zeros {zeros}."
        )

    def concerns(self, theme: str, of: Iterable[str] | Flagged | None = None) -> bool:
        """Say whether the theme, which is made of the types or flags `of`, is sensitive under this rule.

        Examples
        --------
        >>> DisclosureRule().concerns("Sexual offences"), DisclosureRule().concerns("Burglary")
        (True, False)
        """
        if theme in self.public:
            return False
        flags = of.flags if isinstance(of, Flagged) else ()
        if self.sensitive is None:
            return is_sensitive(theme) or bool(flags)
        return theme in self.sensitive or any(flag in self.sensitive for flag in flags)


def _check_whole(name: str, value: object, smallest: int, largest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not smallest <= value <= largest:
        raise InputError(
            f"{name} must be a whole number from {smallest:,} to {largest:,}.",
            f"given: {value!r}",
            mend=f"{name}={max(smallest, 5)}",
        )


def _check_names(name: str, value: object) -> None:
    if value is None and name == "sensitive":
        return
    if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
        raise InputError(
            f"{name} must be a tuple of names.", f"given: {value!r}", mend=f'{name}=("Sexual offences",)'
        )
