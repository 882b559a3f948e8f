"""`fetch_population`: official populations from Nomis, page by page."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from wardmap.errors import DownloadError, InputError, Use, counted, listed
from wardmap.read.fetch.cache import kept_file
from wardmap.read.fetch.http import Params, get_text

POPULATION_URL = "https://www.nomisweb.co.uk/api/v01/dataset/NM_2014_1.data.csv"
"""Mid-year estimates for small areas: all persons, all ages."""

_AT_ONCE = 100  # codes in one question: addresses have a limit
_FIELDS = ("date", "geography_code", "geography_name", "obs_value", "record_count")


def fetch_population(
    area_codes: Iterable[str],
    *,
    url: str = POPULATION_URL,
    date: str = "latest",
    folder: Path | None = None,
    refresh: bool = False,
) -> Path:
    """Download how many people live in each of some areas, and keep it.

    Answers: where do I get the denominators? `read_population(fetch_population(wards.index))`.

    Parameters
    ----------
    area_codes
        Official codes of wards or small areas, as the data set has them. Small-area estimates come by
        LSOA; add them up to wards with `read_population` and a lookup.
    url
        A data set of the Nomis API, ending in `.data.csv`.
    date
        A year, or `latest`.
    folder, refresh
        As for `fetch_wards`.

    Returns
    -------
    Path
        A CSV file for `read_population`: `area_code`, `area_name`, `population_<year>`.

    Raises
    ------
    InputError
        There are no codes, or the data set does not know some of them.
    DownloadError
        The server is out of reach, refuses, answers something else, or stops half way. Nothing is
        kept then.

    Examples
    --------
    >>> import wardmap as wm
    >>> people = wm.read_population(wm.read.fetch_population(["E05006918"]))  # doctest: +SKIP
    """
    wanted = sorted({str(code).strip().upper() for code in area_codes})
    if not wanted:
        raise InputError("There are no codes to ask for.", mend="wm.read.fetch_population(wards.index)")
    return kept_file(
        "population.csv",
        f"{url} {date} {' '.join(wanted)}",
        lambda: _download(url, wanted, date),
        folder=folder,
        refresh=refresh,
    )


def _download(url: str, wanted: list[str], date: str) -> str:
    rows = [
        row
        for start in range(0, len(wanted), _AT_ONCE)
        for row in _rows(url, wanted[start : start + _AT_ONCE], date)
    ]
    missing = sorted(set(wanted) - {row["geography_code"] for row in rows})
    if missing:
        raise InputError(
            f"The data set does not know {counted(len(missing), 'area')}.",
            f"codes: {listed(missing)}",
            f"address: {url}",
            mend="ask for areas of the years that the data set covers.",
        )
    dates = sorted({row["date"] for row in rows})
    if len(dates) != 1 or len(rows) != len(wanted):
        raise DownloadError(
            "The data set gives more than one number for an area.",
            f"dates: {listed(dates)}; rows: {len(rows):,} for {counted(len(wanted), 'area')}",
            f"address: {url}",
            mend=(
                "name the year:",
                Use("read.fetch_population", "date", "2022"),
                ", of a data set of all persons.",
            ),
        )
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["area_code", "area_name", f"population_{dates[0]}"])
    writer.writerows([row["geography_code"], row["geography_name"], row["obs_value"]] for row in rows)
    return table.getvalue()


def _rows(url: str, codes: list[str], date: str) -> Iterator[dict[str, str]]:
    asked: Params = {
        "geography": ",".join(codes),
        "date": date,
        "gender": 0,
        "c_age": 200,
        "measures": 20100,
        "select": ",".join(_FIELDS),
    }
    got, total = 0, 1
    while got < total:
        text = get_text(url, {**asked, "RecordOffset": got})
        page = [
            {str(key).lower(): value for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text))
        ]
        if not page and not got:
            return
        if not page or any(not row.get(field) for row in page for field in _FIELDS):
            raise DownloadError(
                "The server did not answer with the table that was asked for.",
                f"address: {url}, from row {got:,} of {total:,}",
                f"it said: {text[:200]!r}",
            )
        got, total = got + len(page), int(page[0]["record_count"])
        yield from page
