"""A set of maps in one folder, with a page that leads to each."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from wardmap.errors import InputError, listed
from wardmap.maps.folium_map import WardMap
from wardmap.maps.offline import Page, save_map, with_policy, write_whole
from wardmap.page.safe_text import text

_STYLE = """
:root { font-size: clamp(100%, 0.72rem + 0.38vw, 150%); }
body { margin: 0; color: #1d2430; line-height: 1.45;
  font-family: system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
header { border-top: 0.35rem solid #12436d; padding: 1.1rem 1.5rem 0.4rem; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 1rem 1.5rem; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
li { border: 1px solid #d5dae3; }
a { display: block; height: 100%; color: inherit; text-decoration: none; }
a:hover { background: #f5f7fa; }
a:focus-visible { outline: 3px solid #f46a25; outline-offset: 2px; }
img { display: block; width: 100%; height: auto; border-bottom: 1px solid #d5dae3; }
h2 { font-size: 1.05rem; margin: 0.6rem 0.9rem 0; color: #12436d;
  text-decoration: underline; overflow-wrap: anywhere; }
p { margin: 0.2rem 0.9rem 0.8rem; color: #4e5868; font-size: 0.875rem; overflow-wrap: anywhere; }
"""
_DOTS_PER_INCH = 60  # 600 pixels across


def save_map_set(maps: Mapping[str, WardMap], folder: str | Path, *, title: str = "Ward maps") -> list[Path]:
    """Write several maps into one folder, one file each, and an index page that leads to them.

    The question answered: how do I hand over a map for every theme? As a folder that opens at
    `index.html`: the name, a small picture and the summary of each map. No page makes a request.

    Parameters
    ----------
    maps
        The maps by the names that readers see, in the order in which they are to stand.
    folder
        Where to write; made if it is not there. Files of the same names are replaced.
    title
        The headline of the index page.

    Returns
    -------
    list of Path
        `index.html`, then the maps in order. A file is named after its map, in letters and digits.

    Raises
    ------
    InputError
        There is no map, one was not made by `ward_map` or `compare_maps`, or the folder is a file.

    Examples
    --------
    >>> save_map_set({}, "maps")
    Traceback (most recent call last):
    ...
    wardmap.errors.InputError: There is no map to write.
      Mend it: wm.maps.save_map_set({"Burglary": wm.ward_map(table, wards, theme="Burglary")}, "maps")
    """
    if not maps:
        raise InputError(
            "There is no map to write.",
            mend='wm.maps.save_map_set({"Burglary": wm.ward_map(table, wards, theme="Burglary")}, "maps")',
        )
    strange = [name for name, one in maps.items() if not isinstance(one, WardMap)]
    if strange:
        raise InputError("Some of these are no maps made by wardmap.", f"names: {listed(strange)}")
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"{str(folder)!r} is a file, so no maps can be written into it.")
    files = _file_names(maps)
    written = [save_map(one, place / file) for one, file in zip(maps.values(), files, strict=True)]
    cards = "".join(_card(name, one, file) for (name, one), file in zip(maps.items(), files, strict=True))
    page = (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1><bdi>{text(title)}</bdi></h1></header>\n<main><ul>{cards}</ul></main>\n</body>\n</html>\n"
    )
    return [write_whole(place / "index.html", with_policy(page, None).encode("utf-8")), *written]


def _card(name: str, one: WardMap, file: str) -> str:
    page = one.get_root()
    assert isinstance(page, Page)  # noqa: S101 - a WardMap puts itself into one
    plan = page.picture.plan
    small = base64.b64encode(page.picture.save("png", dpi=_DOTS_PER_INCH)).decode("ascii")
    return (
        f'<li><a href="{file}"><img src="data:image/png;base64,{small}" alt="" width="600" height="420">'
        f"<h2><bdi>{text(name)}</bdi></h2>"
        f"<p>{text(plan.headline(plan.opened))}. {text(plan.lede(plan.opened))}</p></a></li>"
    )


def _file_names(names: Mapping[str, WardMap]) -> list[str]:
    taken, files = {"index"}, []
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-")[:60] or "map"
        number, chosen = 1, plain
        while chosen in taken:
            number += 1
            chosen = f"{plain}-{number}"
        taken.add(chosen)
        files.append(f"{chosen}.html")
    return files
