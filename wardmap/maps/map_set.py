"""A set of maps in one folder, with a page that leads to each."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from wardmap.errors import InputError, listed
from wardmap.maps.folium_map import WardMap
from wardmap.maps.offline import Page, save_map
from wardmap.page.document import document
from wardmap.page.rendering import Finished, own_file, render
from wardmap.page.write_whole import whole_file, whole_folder

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
        Where to write; made if it is not there. Files of the same names are replaced, others stay. The folder
        appears whole or the old one stays.
    title
        The headline of the index page.

    Returns
    -------
    list of Path
        `index.html`, then the maps in order. A file is named after its map, in letters and digits.

    Raises
    ------
    InputError
        There is no map, one was not made by `ward_map` or `compare_maps`, the folder is a file, or it is
        the one that you work in.

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
    files = _file_names(maps)
    with whole_folder(place) as draft:
        for one, file in zip(maps.values(), files, strict=True):
            save_map(one, draft / file)
        cards = [_card(name, one, file) for (name, one), file in zip(maps.items(), files, strict=True)]
        body = render("maps/templates/map_set.html", title=title, cards=cards)
        head = Finished(f"<style>\n{own_file('maps/templates/map_set.css')}</style>")
        whole_file(draft / "index.html", document(title, body, head=head))
    return [place / file for file in ("index.html", *files)]


def _card(name: str, one: WardMap, file: str) -> dict[str, str]:
    page = one.get_root()
    assert isinstance(page, Page)  # noqa: S101 - a WardMap puts itself into one
    plan = page.picture.plan
    small = base64.b64encode(page.picture.save("png", dpi=_DOTS_PER_INCH)).decode("ascii")
    return {
        "name": str(name),
        "file": file,
        "picture": Finished(f"data:image/png;base64,{small}"),
        "headline": plan.headline(plan.opened),
        "lede": plan.lede(plan.opened),
    }


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
