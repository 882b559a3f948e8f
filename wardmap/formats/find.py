"""From what a user types to files that exist and are what their names say."""

import glob
from collections.abc import Iterable
from pathlib import Path

from wardmap.errors import InputError, listed
from wardmap.schema import found_words

_SIGNATURES = {
    b"<OGRVRT": "a virtual file, which opens other files",
    b"fgb\x03fgb": "a FlatGeobuf file",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format 3\x00": "a GeoPackage or SQLite database",
    b"\x00\x00\x27\x0a": "a Shapefile",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"<": "an HTML or XML page",
    b"{": "JSON",
}
_EXPECTED = {
    ".zip": "a ZIP archive or an Excel workbook",
    ".gpkg": "a GeoPackage or SQLite database",
    ".shp": "a Shapefile",
    ".geojson": "JSON",
    ".json": "JSON",
    ".kml": "KML",
    ".fgb": "a FlatGeobuf file",
    ".xlsx": "a ZIP archive or an Excel workbook",
    ".parquet": "a Parquet file",
    ".gz": "a gzip archive",
}

_TABLES = (".csv", ".csv.gz")  # what a folder stands for


def find_files(source: str | Path | Iterable[str | Path], endings: set[str]) -> list[Path]:
    """Return the files that a path, a list or a pattern names, sorted, each checked.

    A folder stands for the CSV files in it and in the folders within it.
    """
    entries = [source] if isinstance(source, str | Path) else list(source)
    found = sorted({path for entry in entries for path in _expand(entry)})
    if not found:
        raise InputError("No files were named.", mend='name them, as "police/*/*-street.csv".')
    for path in found:
        check_file(path, endings)
    return found


def check_file(path: Path, endings: set[str]) -> None:
    """Raise unless `path` is a file, has one of the endings, and starts as such a file does."""
    if not path.exists():
        folder = path.parent
        there = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        raise InputError(
            f"There is no file {str(path)!r}.",
            found_words("in that folder, files", path.name, there)
            if there
            else f"there is no folder {str(folder)!r} with files in it either",
            mend="correct the path.",
        )
    if not path.is_file():
        raise InputError(f"{str(path)!r} is a folder, not a file.", mend=f'name its files: "{path}/*.csv"')
    ending = path.suffix.lower()
    if ending not in endings:
        raise InputError(
            f"{path.name!r} is a kind of file that cannot be read here.",
            f"its ending: {ending or '(none)'}; those that can be read: {', '.join(sorted(endings))}",
        )
    _check_signature(path, _EXPECTED.get(ending))


def _expand(entry: str | Path) -> list[Path]:
    if isinstance(entry, str) and glob.has_magic(entry) and not Path(entry).exists():
        found = [Path(name) for name in glob.glob(entry, recursive=True)]  # noqa: PTH207 - may be absolute
        if not found:
            raise InputError(
                f"No file matches the pattern {entry!r}.",
                f"looked from: {Path.cwd().name!r}",
                mend="correct the pattern; `**` looks in folders within folders.",
            )
        return found
    path = Path(entry)
    if not path.is_dir():
        return [path]
    inside = [file for file in path.rglob("*") if file.name.lower().endswith(_TABLES) and file.is_file()]
    if not inside:
        raise InputError(
            f"There is no CSV file in the folder {str(path)!r}, nor in the folders within it.",
            f"in it: {listed(sorted(p.name for p in path.iterdir())) or 'nothing'}",
            mend="name the folder that the download was unpacked into.",
        )
    return inside


def _check_signature(path: Path, expected: str | None) -> None:
    """Compare the first bytes with the file's ending, before any driver opens it."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise InputError(f"{path.name!r} is empty: it has no bytes at all.", mend="download it again.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = next((kind for start, kind in _SIGNATURES.items() if text.startswith(start)), None)
    if head.startswith(b"\x00\x00\x27\x0a"):
        found = "a Shapefile"
    if found == "an HTML or XML page" and b"<kml" in head and b"<OGRVRT" not in head:
        found = "KML"
    if found != expected:
        raise InputError(
            f"{path.name!r} is not what its name says.",
            f"its ending: {path.suffix}",
            f"it begins as {found or 'plain text or something unknown'} does",
            mend="export it again in the format that its name says, or name it for what it is.",
        )
