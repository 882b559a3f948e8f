"""The one way of writing: a file or a folder appears whole, or the old one stays as it was.

What is being written is a draft beside its target, of a name that begins with a dot. A run that was
ended in the middle leaves its draft behind; the next one that writes the same target clears it away.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wardmap.errors import InputError


def whole_file(target: Path, content: bytes | str) -> Path:
    """Write a file, in UTF-8 where it is text, and return its path; missing folders are made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_drafts(target)
    draft = _draft(target)
    try:
        draft.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a draft folder to write into; what is in it at the end takes the place of the target.

    Files of the same names are replaced, others that the target had stay in it. An error while the draft
    is written leaves the target as it was.

    Raises
    ------
    InputError
        The target is a file, one of its folders has the name of a file that is to be written, or it
        cannot be replaced because work goes on in it.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{str(target)!r} is a file, so nothing can be written into it.")
    place = target.resolve()
    if Path.cwd().is_relative_to(place) or place.is_mount():
        raise InputError(
            f"{str(target)!r} is in use as a working folder, and cannot be replaced as a whole.",
            mend=f"name a folder within it: {str(target / 'wardmap-out')!r}",
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    former = place.with_name(f".{place.name}.former")
    _recover(place, former)
    _clear_drafts(place)
    draft = _draft(place)
    draft.mkdir()
    try:
        yield draft
        if place.exists():
            shutil.copymode(place, draft)
            _keep_others(place, draft)
            place.rename(former)
        _put(draft, place, former)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(former, ignore_errors=True)


def _put(draft: Path, place: Path, former: Path) -> None:
    try:
        draft.rename(place)
    except BaseException:
        if former.exists():
            former.rename(place)
        raise


def _recover(place: Path, former: Path) -> None:
    """Put back what a run that was ended between its last two steps had moved aside."""
    if former.exists() and not place.exists():
        former.rename(place)
    shutil.rmtree(former, ignore_errors=True)


def _keep_others(old: Path, new: Path) -> None:
    """Let the new folder have what only the old one has, as the same files wherever the disk can."""
    for entry in sorted(old.iterdir()):
        there = new / entry.name
        folder = entry.is_dir() and not entry.is_symlink()
        if not there.exists():
            if folder:
                shutil.copytree(entry, there, symlinks=True, copy_function=_same_file)
            else:
                _same_file(entry, there)
        elif folder != there.is_dir():
            raise InputError(
                f"{str(entry)!r} is a {'folder' if folder else 'file'}, where a "
                f"{'file' if folder else 'folder'} is to be written.",
                mend="move it, or write into another folder.",
            )
        elif folder:
            _keep_others(entry, there)


def _same_file(old: str | Path, new: str | Path) -> None:
    if not Path(old).is_symlink():
        with suppress(OSError):  # not every disk lets one file have two names
            os.link(old, new)
            return
    shutil.copy2(old, new, follow_symlinks=False)


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.draft")


def _clear_drafts(target: Path) -> None:
    """Remove what earlier runs left; of two at work on one target the slower fails, and writes nothing."""
    begin, end = f".{target.name}.", ".draft"
    for left in target.parent.iterdir():
        middle = left.name.removeprefix(begin).removesuffix(end)
        if left.name == f"{begin}{middle}{end}" and middle.isdecimal():
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
