"""Where numbers come from: `Source` for inputs, `_method` columns for results, the manifest for a bundle.

`DataFrame.attrs` is lost on merge, join and dissolve, so the truth is kept in ordinary columns:
`rate` is explained by `rate_method`, `gi_z` and `gi_p` by `gi_method`, each a readable sentence.
"""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from wardmap.errors import MixedMethodsWarning, warn

NOT_RECORDED = "method not recorded"

_PACKAGES = (
    "wardmap", "pandas", "numpy", "scipy", "geopandas", "shapely", "pyogrio", "pyproj",
    "libpysal", "jenkspy", "folium", "branca", "XStatic-Leaflet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Say where an input came from, so that maps and manifests can say it too.

    Parameters
    ----------
    name
        What it is: "Ward boundaries of England, 2013".
    publisher
        Who made it: "Office for National Statistics".
    vintage
        The year or period it describes: "mid-2017".
    licence
        The terms it comes under: "Open Government Licence v3.0".
    attribution
        The sentence that the licence asks to be shown, if any.

    Examples
    --------
    >>> Source("Ward populations", publisher="ONS", vintage="mid-2017").sentence()
    'Ward populations, mid-2017, ONS.'
    """

    name: str
    publisher: str = ""
    vintage: str = ""
    licence: str = ""
    attribution: str = ""

    def sentence(self) -> str:
        """Return the source as one line for the foot of a map or a table."""
        parts = ", ".join(p for p in (self.name, self.vintage, self.publisher, self.licence) if p)
        return f"{parts}. {self.attribution}".strip()


def methods(table: pd.DataFrame, what: str) -> list[str]:
    """Return the sentences that explain column group `what`, warning when there are several.

    One is the usual answer. Several raise a MixedMethodsWarning and are all returned, and a group
    without a `_method` column returns the words "method not recorded".
    """
    sentences = _sentences(table, what)
    if len(sentences) > 1:
        warn(
            MixedMethodsWarning,
            f"Column group {what!r} holds numbers made in {len(sentences)} ways.",
            *sentences,
            mend=f'select the rows of one method: table[table["{what}_method"] == ...]',
        )
    return sentences


def manifest(
    table: pd.DataFrame,
    *,
    inputs: Iterable[Path],
    settings: Mapping[str, Any],
    sources: Iterable[Source] = (),
) -> dict[str, Any]:
    """Describe how a bundle was made: methods, settings, input files by SHA-256, package versions.

    Inputs are named by file name, not by path, so that a manifest can be published.
    """
    return {
        "methods": {what: _sentences(table, what) for what in _groups(table)},
        "settings": dict(settings),
        "sources": [asdict(source) for source in sources],
        "inputs": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)} for path in inputs
        ],
        "versions": {"python": platform.python_version(), **_versions()},
    }


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _groups(table: pd.DataFrame) -> list[str]:
    return [name.removesuffix("_method") for name in map(str, table.columns) if name.endswith("_method")]


def _sentences(table: pd.DataFrame, what: str) -> list[str]:
    column = f"{what}_method"
    if column not in table.columns:
        return [NOT_RECORDED]
    return [str(sentence) for sentence in table[column].dropna().unique()] or [NOT_RECORDED]


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
