"""From street files to what each comes to: its rows by theme, month, ward and match, kept among the parts."""

import os
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from wardmap import location
from wardmap.errors import InputError
from wardmap.formats.archive import Member
from wardmap.formats.police import CRS, PLACE
from wardmap.formats.street import Street, read_plain_street, read_street
from wardmap.formats.text import BLOCK, text_blocks
from wardmap.join.kept_counts import Parts
from wardmap.join.place import MATCH_OF, Matches, Positions, place
from wardmap.join.tally import Tally, pack
from wardmap.join.ward_layer import WardLayer
from wardmap.themes import NOT_RECORDED

Placed = tuple[Street, Positions, Matches]


def count_file(member: Member, stamp: str, layer: WardLayer, parts: Parts, *, compiled: bool) -> None:
    """Count any file, a block at a time, by the rules of `read_incidents`."""

    def placed() -> Iterator[Placed]:
        for text in text_blocks(member):
            street = read_street(text, compiled=compiled, identifiers=False)
            _refuse_misplaced(street, member.name)
            yield from _place([street], layer)

    _keep(stamp, placed(), parts)


def count_plain_files(
    members: list[Member], stamps: list[str], layer: WardLayer, parts: Parts
) -> Generator[bool]:
    """Count files that the compiled reader takes, many at once; yield for each whether it is done.

    Of what it does not take something may have to be said, which only the thread of the caller can do.
    """

    def count(batch: list[int]) -> list[bool]:
        read = [(i, _read_plain(members[i])) for i in batch if stamps[i] not in parts]
        plain = [(i, street) for i, street in read if street is not None]
        placed = _place([street for _, street in plain], layer) if plain else []
        for (i, _), rows in zip(plain, placed, strict=True):
            _keep(stamps[i], [rows], parts)
        return [stamps[i] in parts for i in batch]

    sizes = np.cumsum([member.size for member in members])
    batches = np.split(np.arange(len(members)), np.flatnonzero(np.diff(sizes // BLOCK)) + 1)
    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        pool.submit(layer.index.place, np.empty(0), np.empty(0))  # builds the index while files are read
        for done in pool.map(count, [batch.tolist() for batch in batches]):
            yield from done
    finally:
        pool.shutdown(cancel_futures=True)


def _read_plain(member: Member) -> Street | None:
    try:
        street = read_plain_street(member) if member.size <= BLOCK else None
        if street is not None:
            _refuse_misplaced(street, member.name)
    except InputError:
        return None
    return street


def _refuse_misplaced(street: Street, name: str) -> None:
    codes = location.classify(street.x, street.y, blank=street.blank)
    location.refuse_misplaced(street.x, street.y, codes, source=name, names=PLACE, system=CRS)


def _place(streets: list[Street], layer: WardLayer) -> list[Placed]:
    """Return each street file's rows with their wards: points of many files are placed faster at once."""
    x, y, blank = (np.concatenate([getattr(s, name) for s in streets]) for name in ("x", "y", "blank"))
    ward, match = place(x, y, MATCH_OF[location.classify(x, y, blank=blank)], layer)
    cuts = np.cumsum([len(street.x) for street in streets])[:-1]
    return list(zip(streets, np.split(ward, cuts), np.split(match, cuts), strict=True))


def _keep(stamp: str, placed: Iterable[Placed], parts: Parts) -> None:
    """Keep what a file's blocks come to."""
    tallies, themes, runs = list[Tally](), list[str](), []
    for street, ward, match in placed:
        names = [*street.kinds, NOT_RECORDED]  # the last for rows of kind -1
        themes += [kind for kind in names if kind not in themes]
        number_of = np.array([themes.index(kind) for kind in names])
        keys = pack(number_of[street.kind], street.month.astype(np.int64), ward, match)
        runs.append(parts.keep_rows(street.fingerprint[street.known], keys[street.known]))
        tallies.append(Tally.of(keys))
    parts.finish(stamp, Tally.sum_of(*tallies), themes, runs)
