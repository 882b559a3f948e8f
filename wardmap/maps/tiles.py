"""Map tiles, only when they are asked for: what they cost is said, and one host is let in."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wardmap.errors import InputError, TilesWarning, warn

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where the page asks for tiles, and whom it must name for them."""

    url: str
    host: str
    attribution: str


def tiles(given: tuple[str, str] | None) -> Tiles | None:
    """Return the tiles that were asked for, with a warning of what they mean; None for none."""
    if given is None:
        return None
    url, attribution = given if isinstance(given, tuple) and len(given) == 2 else ("", "")
    parts = urlsplit(url)
    whole = all(f"{{{place}}}" in url for place in "zxy")
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc) or not whole or not attribution.strip():
        raise InputError(
            "Tiles are given as an https address with {z}, {x} and {y}, and the words that name their maker.",
            f"given: {given!r}",
            mend='tiles=("https://tile.example.org/{z}/{x}/{y}.png", "© the maker")',
        )
    warn(
        TilesWarning,
        "This map needs the internet, and tells a host which places are looked at.",
        f"host: {parts.netloc}",
        mend="leave tiles= out: the wards are the basemap.",
    )
    return Tiles(url, parts.netloc, attribution)
