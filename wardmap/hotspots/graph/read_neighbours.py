"""Neighbours that somebody has already agreed on, from a file: GAL, GWT or CSV.

The files are read here and not by libpysal, whose readers drop a neighbour they do not know (GAL) and a
ward that only others name (GWT), and say nothing. Only links are read; the graph is libpysal's.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, DuplicateWardError, InputError, OneWayWarning, listed, warn
from wardmap.hotspots.graph.neighbours import graph_of
from wardmap.hotspots.graph.ward_graph import WardGraph

_SPELLINGS = {"neighbor": "neighbour"}
_LEAST_COLUMNS = ["focal", "neighbour"]
_CSV = 'a CSV file with the columns focal and neighbour, e.g. graph.adjacency.to_csv("east.csv").'


def read_neighbours(wards: pd.DataFrame, path: str | Path) -> WardGraph:
    """Read which wards are neighbours from a file, as a libpysal Graph with weights of 1.

    Parameters
    ----------
    wards
        The wards table, indexed by `ward_code`: the wards that the file must be about. Its geometry is
        not looked at.
    path
        A file of codes as in `ward_code`, by its ending:

        - `.gal` (GeoDa): each ward with the number of its neighbours, then their codes.
        - `.gwt` (GeoDa): a line for each link. Its third column, most often a distance, is not read.
        - `.csv`: columns `focal` and `neighbour` (or `neighbor`) and, if you like, `weight`: 0 says
          that there is no link. A graph written by `graph.adjacency.to_csv(path)` comes back.

    Returns
    -------
    WardGraph
        Nodes in the order of the wards, as `neighbours` returns it. Links of a ward to itself are
        not links.

    Raises
    ------
    AlignmentError
        The file names wards that are not in the table, or is about another number of wards, or (GAL)
        leaves out a ward of the table.
    DuplicateWardError
        The table has a ward twice.
    InputError
        The ending is unknown, a line is not as its format wants it, a link stands twice, or a ward's
        links differ in weight, which no statistic here allows for.

    Warns
    -----
    OneWayWarning
        A ward names a neighbour that does not name it. The links are kept as they are.
    IslandWarning
        Some wards have no neighbour: local statistics will say `not testable` there.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> codes = ["E05000001", "E05000002", "E05000003"]
    >>> wards = pd.DataFrame(index=pd.Index(codes, name="ward_code"))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "row.csv")
    ...     links = zip(codes[:-1] + codes[1:], codes[1:] + codes[:-1])
    ...     pd.DataFrame(links, columns=["focal", "neighbour"]).to_csv(path, index=False)
    ...     graph = read_neighbours(wards, path)
    >>> graph["E05000002"].to_dict()
    {'E05000001': 1, 'E05000003': 1}
    """
    schema.require(wards, schema.WARDS, [])
    codes = wards.index
    if codes.has_duplicates:
        repeated = codes[codes.duplicated()].unique()
        raise DuplicateWardError(
            f"{len(repeated):,} ward codes stand in several rows.", f"codes: {listed(repeated)}"
        )
    path = Path(path)
    match path.suffix.lower():
        case ".gal":
            links = _gal(path, codes)
        case ".gwt":
            links = _gwt(path, codes)
        case ".csv":
            links = _csv(path)
        case _:
            raise InputError(
                "Neighbours are read from .gal, .gwt or .csv.",
                f"given: {path.name}",
                mend=f"save them as {_CSV}",
            )
    _check_codes(links, codes, path)
    links = links[links["focal"] != links["neighbour"]]
    _check_links(links, path)
    focal, other = (codes.get_indexer(pd.Index(links[name])) for name in _LEAST_COLUMNS)
    order = np.lexsort((other, focal))
    return graph_of(wards, focal[order], other[order], rule=path.name)


def _gal(path: Path, codes: pd.Index) -> pd.DataFrame:
    lines = _lines(path)
    _check_header(lines, len(codes), path)
    links: list[tuple[str, str]] = []
    named: list[str] = []
    at = 1
    while at < len(lines):
        entry = lines[at]
        count = int(entry[1]) if len(entry) == 2 and entry[1].isdecimal() else -1
        found = lines[at + 1] if count > 0 and at + 1 < len(lines) else []
        if len(found) != count:
            raise InputError(
                f"{path.name} is not as a GAL file should be.",
                f"entry {len(named) + 1:,}: {listed(entry)}",
                "wanted: a code and the number of its neighbours, and their codes on the next line",
            )
        named.append(entry[0])
        links += [(entry[0], other) for other in found]
        at += 2 if found else 1
    missing = codes.difference(named)
    if len(missing):
        raise AlignmentError(
            f"{path.name} leaves out {len(missing):,} wards of the table.",
            f"wards: {listed(missing)}",
            mend="a ward without neighbours has the number 0; or read the wards of the file's year.",
        )
    return _table(links + [(code, code) for code in named])


def _gwt(path: Path, codes: pd.Index) -> pd.DataFrame:
    lines = _lines(path)
    _check_header(lines, len(codes), path)
    wrong = [line for line in lines[1:] if len(line) != 3]
    if wrong:
        raise InputError(
            f"{path.name} is not as a GWT file should be.",
            f"{len(wrong):,} lines, the first: {listed(wrong[0])}",
            "wanted: a code, the code of a neighbour, and a number",
        )
    return _table([(line[0], line[1]) for line in lines[1:]])


def _csv(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    table = table.rename(columns=lambda name: _SPELLINGS.get(name.strip().lower(), name.strip().lower()))
    if not set(_LEAST_COLUMNS) <= set(table.columns):
        raise InputError(f"{path.name} has other columns.", f"columns: {listed(table.columns)}", mend=_CSV)
    links = pd.DataFrame({name: table[name].str.strip() for name in _LEAST_COLUMNS})
    if "weight" not in table:
        return links
    weight = pd.to_numeric(table["weight"], errors="coerce")
    wrong = ~weight.between(0, np.inf, inclusive="left")
    if wrong.any():
        raise InputError(
            f"{wrong.sum():,} weights of {path.name} are not numbers from 0 up.",
            f"weights: {listed(table['weight'][wrong].unique())}",
        )
    linked = (weight > 0) & (links["focal"] != links["neighbour"])
    by_ward = weight[linked].groupby(links["focal"][linked])
    uneven = by_ward.max() - by_ward.min() > 1e-9 * by_ward.max()
    if uneven.any():
        raise InputError(
            f"{uneven.sum():,} wards of {path.name} have neighbours of different weight.",
            f"here all count alike; wards: {listed(uneven.index[uneven])}",
            mend="leave the column weight out of the file.",
        )
    links["neighbour"] = links["neighbour"].where(weight > 0, links["focal"])  # 0: no link
    return links


def _lines(path: Path) -> list[list[str]]:
    """Return the words of each line that has any; GeoDa has an empty one for no neighbours."""
    return [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]


def _check_header(lines: list[list[str]], wards: int, path: Path) -> None:
    """Check the number of wards in the first line: `n`, or `0 n file variable`."""
    header = lines[0] if lines else []
    count = header[1] if len(header) > 1 else "".join(header)
    if not count.isdecimal():
        raise InputError(
            f"{path.name} does not begin with the number of wards.",
            f"first line: {listed(header) or 'none'}",
            mend=f"export it from GeoDa again, or use {_CSV}",
        )
    if int(count) != wards:
        raise AlignmentError(
            f"{path.name} is about another number of wards than the table.",
            f"in the file: {int(count):,}; in the table: {wards:,}",
            mend="read the wards of the year that the file was made from.",
        )


def _table(links: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(links, columns=_LEAST_COLUMNS, dtype=str)


def _check_codes(links: pd.DataFrame, codes: pd.Index, path: Path) -> None:
    named = pd.Index(pd.concat([links["focal"], links["neighbour"]])).unique()
    unknown = named.difference(codes)
    if len(unknown):
        raise AlignmentError(
            f"{path.name} names {len(unknown):,} wards that are not in the table.",
            f"in the file only: {listed(unknown)}",
            f"in the table, for example: {listed(codes[:3])}",
            mend="read the wards of the file's year, or leave these wards out of the file.",
        )


def _check_links(links: pd.DataFrame, path: Path) -> None:
    repeated = links[links.duplicated()]
    if len(repeated):
        raise InputError(
            f"{len(repeated):,} links of {path.name} stand twice.",
            f"first: {' to '.join(repeated.iloc[0])}",
            mend="keep one of each.",
        )
    there = pd.MultiIndex.from_frame(links)
    alone = there[~there.isin(there.swaplevel())]
    if len(alone):
        warn(
            OneWayWarning,
            f"{len(alone):,} of {len(links):,} links of {path.name} have no link back.",
            f"links: {listed(f'{focal} to {other}' for focal, other in alone)}",
            mend="that is right for nearest wards; else add the links back to the file.",
        )
