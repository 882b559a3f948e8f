"""`resolve_wards`: from names as people write them to ward codes, asking where a name could be two."""

import re
from collections.abc import Iterable

import geopandas as gpd

from wardmap import schema
from wardmap.errors import InputError, counted, first_lines


def resolve_wards(wards: gpd.GeoDataFrame, names: Iterable[str]) -> list[str]:
    """Return the codes of wards that are given by name, or by code, and refuse to guess.

    Answers: which wards does this plan mean? Case, punctuation and "&" for "and" do not matter;
    anything else does. A name that no ward has, or that two have, is an error with its candidates:
    "Burton Town" is neither Burton nor Town until someone who knows says which.

    Parameters
    ----------
    wards
        The wards table.
    names
        Ward names or codes.

    Returns
    -------
    list of str
        One ward code for each name, in their order.

    Raises
    ------
    InputError
        A name fits no ward, or more than one. All such names are listed, each with candidates.

    Notes
    -----
    Do not join tables by name: names recur in other districts, and change from year to year.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> wm.read.resolve_wards(wards, ["Anglesey", "SHOBNALL"])
    ['E05006918', 'E05006930']
    """
    schema.require(wards, schema.WARDS, ["ward_name"])
    codes_of: dict[str, list[str]] = {}
    for code, name in wards["ward_name"].items():
        codes_of.setdefault(_plain(str(name)), []).append(str(code))
    known = {_plain(str(code)): str(code) for code in wards.index}
    found, doubts = [], []
    for name in names:
        codes = codes_of.get(_plain(name), [])
        if _plain(name) in known:
            codes = [known[_plain(name)]]
        if len(codes) == 1:
            found.append(codes[0])
        else:
            doubts.append(f"{name!r} could be {_candidates(name, codes, wards)}")
    if doubts:
        raise InputError(
            f"It is not clear which ward is meant by {counted(len(doubts), 'name')}.",
            *first_lines(doubts),
            mend="give the code of the ward that is meant.",
        )
    return found


def _plain(name: str) -> str:
    return " ".join(_words(name))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold().replace("&", " and ").replace("'", "").replace("’", ""))


def _candidates(name: str, codes: list[str], wards: gpd.GeoDataFrame) -> str:
    """Name the wards of that name, else those that share a word with it, else the most alike."""
    rows = wards.loc[codes]
    if rows.empty:
        words = set(_words(name))
        rows = wards[[bool(words & set(_words(str(other)))) for other in wards["ward_name"]]]
    if rows.empty:
        nearest = schema.nearest(name, wards["ward_name"].unique())[:3]
        rows = wards[wards["ward_name"].isin(nearest)].sort_values(
            "ward_name", key=lambda n: n.map(nearest.index)
        )
    return " or ".join(
        f"{row.ward_name} ({row.Index}{f', {row.district}' if isinstance(row.district, str) else ''})"
        for row in rows.head(8).itertuples()
    )
