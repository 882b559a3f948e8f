"""`fetch_wards`: official boundaries from an ArcGIS feature service, whole or not at all."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from wardmap.errors import DownloadError, InputError, Use
from wardmap.read import columns as habits
from wardmap.read.fetch.cache import kept_file
from wardmap.read.fetch.http import Params, get_json
from wardmap.schema import found_words

WARDS_URL = (
    "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/"
    "Wards_December_2023_Boundaries_UK_BFE/FeatureServer/0"
)
"""Full resolution, as a join needs it. The ONS gives every year's layer another address."""

_VERB = "read.fetch_wards"
_PAGE = 500
_DISTRICT_CODE = re.compile(r"[EWNS]\d{8}")


def fetch_wards(
    district: str, *, url: str = WARDS_URL, folder: Path | None = None, refresh: bool = False
) -> Path:
    """Download a district's ward boundaries, and keep them.

    Answers: where do I get the boundaries? `read_wards(fetch_wards("East Staffordshire"))`.

    Parameters
    ----------
    district
        Its name or code, as the layer has it ("East Staffordshire", "E07000193").
    url
        The layer of an ArcGIS feature service, up to its number: `.../FeatureServer/0`. Names and
        fields follow the year of the boundaries; the fields are found by asking the layer.
    folder
        Where to keep the file; the user's cache folder when left out. A second call reads it from there,
        without the internet, if its checksum is right.
    refresh
        Download again although it is there.

    Returns
    -------
    Path
        A GeoJSON file in longitude and latitude, for `read_wards`: codes and names of ward and district.

    Raises
    ------
    InputError
        The layer has no such district; those nearest by name are listed.
    DownloadError
        The server is out of reach or refuses, answers with an error, or gives fewer wards than it
        counted, or one twice. Nothing is kept then.

    Notes
    -----
    Take full resolution ("BFC", "BFE") for counting. Generalised boundaries ("BGC", "BSC", "BUC") move
    points across ward lines. Print the attribution that the licence asks for: "Source: Office for
    National Statistics licensed under the Open Government Licence v.3.0. Contains OS data © Crown
    copyright and database right".

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.read.fetch_wards("East Staffordshire"))  # doctest: +SKIP
    """
    layer = re.sub(r"(/query)?/*$", "", url.strip())
    return kept_file(
        "wards.geojson",
        f"{layer} {district}",
        lambda: _download(layer, district.strip()),
        folder=folder,
        refresh=refresh,
    )


def _download(layer: str, district: str) -> str:
    about = get_json(layer, {"f": "json"})
    fields = [str(field.get("name")) for field in about.get("fields") or []]
    if not fields:
        raise DownloadError(
            "The address is not that of a layer.",
            f"address: {layer}",
            mend=Use(_VERB, "url", ".../FeatureServer/0"),
        )
    code = habits.find_column(fields, habits.WARD_CODE, None, "ward code", Use(_VERB, "url"))
    by = _district_field(fields, district)
    where = f"{by}='{_quoted(district)}'"
    count = int(get_json(f"{layer}/query", {"where": where, "returnCountOnly": "true", "f": "json"})["count"])
    if not count:
        raise _no_such(layer, by, district)
    asked: Params = {
        "where": where,
        "outFields": _wanted(fields, code),
        "orderByFields": code,
        "returnGeometry": "true",
        "outSR": "4326",
        "f": "geojson",
        "resultRecordCount": min(_PAGE, int(about.get("maxRecordCount") or _PAGE)),
    }
    features = list(_features(layer, asked, count))
    codes = [feature["properties"][code] for feature in features]
    if len(codes) != count or len(set(codes)) != len(codes):
        raise DownloadError(
            "The server did not give the wards that it counted.",
            f"counted: {count:,}, given: {len(codes):,}, different: {len(set(codes)):,}",
            f"address: {layer}",
            mend="try again; if it stays so, download the file in a browser and read that.",
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _wanted(fields: list[str], code: str) -> str:
    found = (
        habits.optional_column(fields, habit, None, "column", None)
        for habit in (habits.WARD_NAME, habits.DISTRICT_CODE, habits.DISTRICT_NAME)
    )
    return ",".join([code, *(name for name in found if name)])


def _features(layer: str, asked: Params, count: int) -> Iterator[dict[str, Any]]:
    with tqdm(total=count, desc="Wards", unit="ward", delay=2, leave=False) as bar:
        got = 0
        while got < count:
            page = get_json(f"{layer}/query", {**asked, "resultOffset": got}).get("features") or []
            if not page:
                return
            got += len(page)
            bar.update(len(page))
            yield from page


def _district_field(fields: list[str], district: str) -> str:
    habit = habits.DISTRICT_CODE if _DISTRICT_CODE.fullmatch(district) else habits.DISTRICT_NAME
    what = "district's code" if habit is habits.DISTRICT_CODE else "district's name"
    return habits.find_column(fields, habit, None, what, Use(_VERB, "url"))


def _quoted(value: str) -> str:
    """Double the quotes, as SQL wants them: a name never becomes part of the question."""
    return value.replace("'", "''")


def _no_such(layer: str, by: str, district: str) -> InputError:
    answer = get_json(
        f"{layer}/query",
        {
            "where": "1=1",
            "outFields": by,
            "returnDistinctValues": "true",
            "returnGeometry": "false",
            "f": "json",
        },
    )
    there = [str(row["attributes"][by]) for row in answer.get("features") or []]
    return InputError(
        f"The layer has no district {district!r}.",
        found_words("districts", district, there),
        f"address: {layer}",
        mend="name it as the layer does; after 2023 some districts are gone.",
    )
