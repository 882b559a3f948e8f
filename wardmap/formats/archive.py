"""Files as members: one on disk, or one in the ZIP archive of data.police.uk, which is never extracted."""

import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from wardmap.errors import InputError, counted, listed
from wardmap.formats.police import is_police_file

MAX_MEMBERS = 20_000
MAX_BYTES = 20_000_000_000
MAX_MEMBER_BYTES = 1_000_000_000
MAX_RATIO = 200
"""Far above any download (about 5,000 members, 5 GB, 1:10), far below what fills a machine."""


@dataclass(frozen=True, slots=True)
class Member:
    """One table to read: its name, the file on disk, its size, how to open it, its name inside an archive."""

    name: str
    path: Path
    size: int
    open: Callable[[], IO[bytes]]
    inside: str = ""

    @property
    def place(self) -> str:
        """Return where it lies, archive first."""
        return "/".join(part for part in (self.path.as_posix(), self.inside) if part)

    def read(self) -> bytes:
        """Return all of its bytes."""
        with self.opened() as file:
            return file.read()

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open it; what cannot be unpacked is an InputError, here or while it is read."""
        try:
            with self.open() as file:  # zipfile stops at the size that was checked, and compares the checksum
                yield file
        except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
            raise InputError(
                f"{self.inside!r} in the archive {self.path.name!r} cannot be unpacked.",
                str(error),
                mend="download it again.",
            ) from error


def file_member(path: Path) -> Member:
    """Return a file on disk as a member; one packed by gzip is unpacked in memory."""
    size = path.stat().st_size
    if path.suffix.lower() == ".gz":
        return Member(path.name, path, size, lambda: io.BytesIO(unpacked(path)))
    return Member(path.name, path, size, lambda: path.open("rb"))


def archive_members(path: Path) -> tuple[list[Member], list[str]]:
    """Return the police files of an archive in the order of their names, and what else is in it.

    Raises when the archive is broken, encrypted, holds another archive, holds one name twice, or is
    larger inside than any download is.
    """
    inside = check_archive(path)
    known = {info.filename: info.file_size for info in inside if is_police_file(info.filename)}
    archive = zipfile.ZipFile(path)  # open as long as a member is: finding a member takes reading its list
    members = [
        Member(PurePosixPath(name).name, path, known[name], partial(archive.open, name), name)
        for name in sorted(known)
    ]
    return members, sorted({info.filename for info in inside} - set(known))


def check_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return what is inside an archive, or a workbook, after refusing what no download is."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path.name!r} is not a readable ZIP archive.", str(error), mend="download it again."
        ) from error
    _refuse_hostile(path.name, inside)
    return inside


def unpacked(path: Path) -> bytes:
    """Return the bytes of a file packed by gzip, up to the limits of a member of an archive."""
    limit = min(MAX_MEMBER_BYTES, MAX_RATIO * path.stat().st_size)
    try:
        with gzip.open(path) as file:
            data = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name!r} cannot be unpacked.", str(error), mend="download it again."
        ) from error
    if len(data) > limit:
        raise InputError(
            f"{path.name!r} unpacks to more than {limit:,} bytes, and was not read.",
            mend="unpack it yourself if you trust it.",
        )
    return data


def _refuse_hostile(name: str, inside: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in inside)
    packed = sum(info.compress_size for info in inside)
    names = [info.filename for info in inside]
    largest = max(inside, key=lambda info: info.file_size, default=None)
    nested = [n for n in names if n.lower().endswith((".zip", ".gz", ".7z", ".tar", ".rar"))]
    repeated = _repeated(names)
    reason = ""
    if len(inside) > MAX_MEMBERS:
        reason = f"it holds {len(inside):,} files; at most {MAX_MEMBERS:,} are read"
    elif total > MAX_BYTES:
        reason = f"unpacked it would be {total:,} bytes; at most {MAX_BYTES:,} are read"
    elif largest is not None and largest.file_size > MAX_MEMBER_BYTES:
        reason = f"{largest.filename!r} would be {largest.file_size:,} bytes; at most {MAX_MEMBER_BYTES:,}"
    elif total > MAX_RATIO * max(packed, 1):
        reason = f"it unpacks to {total / max(packed, 1):,.0f} times its size; at most {MAX_RATIO} times"
    elif nested:
        reason = f"it holds another archive: {listed(nested)}"
    elif repeated:
        reason = f"it holds more than one file of a name: {listed(repeated)}"
    elif any(info.flag_bits & 1 for info in inside):
        reason = "it is encrypted"
    if reason:
        raise InputError(
            f"The archive {name!r} was not read.",
            reason,
            mend="unpack it yourself if you trust it, and read the folder.",
        )


def refuse_twice(members: list[Member]) -> None:
    """Raise when one month of one force comes twice: rows without an identifier would count double."""
    police = [m for m in members if is_police_file(m.name)]
    repeated = _repeated(m.name for m in police)
    if repeated:
        places = [m.place for m in police if m.name == repeated[0]]
        raise InputError(
            "Files of police data are there twice, and would be counted twice.",
            f"{counted(len(repeated), 'file')}; the first, {repeated[0]!r}, in {listed(places)}",
            mend="read one download, or name the files: rows without a Crime ID cannot be told apart.",
        )


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)
