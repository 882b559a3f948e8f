"""What was downloaded, kept beside its checksum, so that a second run needs no internet."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import platformdirs

from wardmap.errors import RepairWarning, warn
from wardmap.page.write_whole import whole_file


def kept_file(name: str, asked: str, make: Callable[[], str], *, folder: Path | None, refresh: bool) -> Path:
    """Return the file that was kept for what was asked; make it if there is none, or on `refresh`.

    A file that is not what was once written is made again, with a RepairWarning.
    """
    folder = platformdirs.user_cache_path("wardmap") if folder is None else Path(folder)
    stem, ending = name.rsplit(".", 1)
    path = folder / f"{stem}-{hashlib.sha256(asked.encode()).hexdigest()[:12]}.{ending}"
    checksum = path.with_name(f"{path.name}.sha256")
    if not refresh and path.exists() and checksum.exists():
        if hashlib.sha256(path.read_bytes()).hexdigest() == checksum.read_text(encoding="ascii"):
            return path
        warn(
            RepairWarning,
            f"{path.name!r} has changed since it was downloaded, and is downloaded again.",
            f"folder: {path.parent}",
        )
    data = make().encode()
    whole_file(path, data)
    whole_file(checksum, hashlib.sha256(data).hexdigest())
    return path
