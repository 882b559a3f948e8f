"""`plan_themes`: the themes of a community safety plan, from what a source records, or why not."""

import pandas as pd

from wardmap import schema, themes
from wardmap.errors import InputError, Use, listed
from wardmap.themes import Flagged

NAMES = ("all crime", "ASB", "violence", "public place violence", "domestic abuse", "road safety: KSI")

_KSI = {
    "collisions": (*themes.ROAD_COLLISIONS[:2], themes.KSI),
    "casualties": themes.ROAD_CASUALTIES[:2],
}


def plan_themes(incidents: pd.DataFrame, names: list[str]) -> dict[str, tuple[str, ...] | Flagged]:
    """Name the themes of a community safety plan in the types and flags of these incidents.

    Answers: which rows are "violence", or "domestic abuse", here? For `count_incidents(themes=...)`.

    Parameters
    ----------
    incidents
        The incidents table.
    names
        Any of `all crime` (every type but anti-social behaviour and what happens on roads), `ASB`,
        `violence`, `public place violence` (violence with the flag `public_place`), `domestic abuse`
        (any type but anti-social behaviour with the flag), and `road safety: KSI` (killed or
        seriously injured, which comes back as `road safety: KSI collisions` or `... casualties`,
        because one collision may hurt several people).

    Returns
    -------
    dict
        Each theme as its types, or as `Flagged`, in the order asked for.

    Raises
    ------
    InputError
        No such theme, or one that this source cannot supply; the message says why.

    Notes
    -----
    data.police.uk publishes violence together with sexual offences, and no flags at all: from its
    files `violence` is the type "Violence and sexual offences", and nothing can be said about domestic
    abuse or public places.

    Examples
    --------
    >>> import wardmap as wm
    >>> incidents = wm.read_incidents(wm.demo.extract())
    >>> wm.read.plan_themes(incidents, ["ASB", "violence"])["violence"]
    ('Violence with injury', 'Violence without injury', 'Violence, kind not stated')
    """
    schema.require(incidents, schema.INCIDENTS, ["theme"])
    types = sorted(map(str, incidents["theme"].unique()))
    return dict(_theme(name, types, incidents) for name in names)


def _theme(name: str, types: list[str], incidents: pd.DataFrame) -> tuple[str, tuple[str, ...] | Flagged]:
    crime = tuple(kind for kind in types if themes.is_crime(kind))
    violence = tuple(kind for kind in crime if themes.is_violence(kind))
    if name == "all crime":
        return name, _some(crime, name, types, "no type is a crime")
    if name == "ASB":
        asb = tuple(kind for kind in types if themes.is_asb(kind))
        return name, _some(asb, name, types, "no type is anti-social behaviour")
    if name == "violence":
        return name, _some(violence, name, types, "no type is violence")
    if name == "public place violence":
        of = _some(violence, name, types, "no type is violence")
        return name, Flagged((_flag("public_place", name, incidents),), of)
    if name == "domestic abuse":
        return name, Flagged(
            (_flag("domestic_abuse", name, incidents),), _some(crime, name, types, "no type is a crime")
        )
    if name == "road safety: KSI":
        return _ksi(name, types)
    raise InputError(
        f"There is no theme {name!r} among those of a plan.",
        schema.found_words("themes of a plan", name, NAMES),
        mend=(
            Use("read.plan_themes", "names", [(schema.alike(name, NAMES) or ["..."])[0]]),
            ", or name its types yourself.",
        ),
    )


def _some(of: tuple[str, ...], name: str, types: list[str], reason: str) -> tuple[str, ...]:
    if not of:
        raise InputError(
            f"These incidents cannot supply the theme {name!r}: {reason}.",
            f"types found: {listed(types)}",
            mend=f'name its types yourself: {{"{name}": [...]}}, or read a source that records it.',
        )
    return of


def _flag(flag: str, name: str, incidents: pd.DataFrame) -> str:
    unknown = incidents.index if flag not in incidents else incidents.index[incidents[flag].isna()]
    if len(unknown):
        sources = incidents.loc[unknown, "source"].astype(object).unique() if "source" in incidents else ["?"]
        raise InputError(
            f"These incidents cannot supply the theme {name!r}: the flag {flag!r} is not recorded.",
            f"sources without it: {listed(sources)}",
            "data.police.uk publishes no flags",
            mend=("read an extract that has it:", Use("read_incidents", "columns", {flag: "..."})),
        )
    return flag


def _ksi(name: str, types: list[str]) -> tuple[str, tuple[str, ...]]:
    begins = {"collisions": "Road collision,", "casualties": "Road casualty,"}
    there = [what for what, start in begins.items() if any(kind.startswith(start) for kind in types)]
    if len(there) != 1:
        raise InputError(
            f"These incidents cannot supply the theme {name!r}: "
            + (
                "collisions and casualties are both there, and would be added up."
                if there
                else "no road collisions."
            ),
            f"types found: {listed(types)}",
            mend=("read either STATS19 collisions, or casualties:", Use("read_incidents", "collisions")),
        )
    of = tuple(kind for kind in types if kind in _KSI[there[0]])
    return f"{name} {there[0]}", _some(of, name, types, "no one was killed or seriously injured")
