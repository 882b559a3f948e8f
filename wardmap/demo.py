"""The practice district: a schematic East Staffordshire with simulated incidents.

For learning and for tests: every figure can be had again on a machine without internet. The
boundaries are drawn from facts (`data/boundaries/make_practice_district.py`), and the incidents are
drawn at random so that the totals of 2016/17 equal those printed in figure 10 of the East
Staffordshire community safety plan 2018-21. **Never evidence**: no incident of it ever happened.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import themes
from wardmap.errors import InputError
from wardmap.provenance import Source

YEARS = ("2015/16", "2016/17", "2017/18")

PLAN_YEAR = "2016/17"
"""The year of the plan's tables."""

PLACE_BASED_AREA = (
    "E05006918", "E05006922", "E05006930", "E05006925", "E05006927", "E05006931", "E05006936",
)  # fmt: skip
"""The plan's seven wards: Anglesey, Burton, Shobnall; Eton Park, Horninglow, Stapenhill, Winshill."""

# Type: incidents in 2016/17 (the plan's figure 10; anti-social behaviour and KSI from its targets), in
# 2015/16 and 2017/18 as multiples of that (ours), and the share without a location (as in police files).
# The plan's sub-rows fall one short for violence, and its groups 197 short of 7,913: both are kept.
_TYPES: dict[str, tuple[int, float, float, float]] = {
    "Violence with injury": (1156, 0.88, 1.10, 0.10),
    "Violence without injury": (1322, 0.85, 1.14, 0.10),
    "Violence, kind not stated": (1, 1.00, 1.00, 0.10),
    "Sexual offences": (290, 0.88, 1.12, 0.10),
    "Robbery": (60, 0.95, 1.10, 0.10),
    "Burglary": (682, 1.04, 1.02, 0.18),
    "Vehicle offences": (551, 0.96, 1.06, 0.10),
    "Theft from the person": (62, 1.00, 1.05, 0.10),
    "Bicycle theft": (188, 1.05, 0.95, 0.22),
    "Shoplifting": (791, 0.95, 1.06, 0.48),
    "All other theft": (814, 0.98, 1.00, 0.10),
    "Criminal damage and arson": (1051, 0.96, 0.99, 0.10),
    "Drug offences": (195, 1.08, 0.92, 0.10),
    "Possession of weapons": (49, 0.85, 1.20, 0.10),
    "Public order": (321, 0.80, 1.20, 0.10),
    "Miscellaneous crimes against society": (183, 0.90, 1.05, 0.10),
    "Crime, group not stated": (197, 0.95, 1.00, 0.10),
    themes.ASB: (3502, 1.04, 1.02, 0.0),
    themes.KSI: (41, 1.12, 0.95, 0.0),
}

_VIOLENCE = ("Violence with injury", "Violence without injury", "Violence, kind not stated")
_THEFT = (
    "Burglary", "Vehicle offences", "Theft from the person", "Bicycle theft", "Shoplifting",
    "All other theft",
)  # fmt: skip
_OTHER = (
    "Criminal damage and arson", "Drug offences", "Possession of weapons", "Public order",
    "Miscellaneous crimes against society",
)  # fmt: skip

THEMES: dict[str, tuple[str, ...]] = {
    themes.ALL_CRIME: tuple(name for name in _TYPES if name not in themes.NOT_CRIME),
    "Violence against the person": _VIOLENCE,
    "Violence with injury": ("Violence with injury",),
    "Violence without injury": ("Violence without injury",),
    "Sexual offences": ("Sexual offences",),
    "Robbery": ("Robbery",),
    "Theft offences": _THEFT,
    **{name: (name,) for name in (*_THEFT, *_OTHER, themes.ASB, themes.KSI)},
}
"""The 18 rows of the plan's figure 10 in its order ("Total recorded crime" first, as `all crime`), the types
that make up each, and after them what is counted beside crime."""

PLANTED: dict[str, float] = {
    "E05006917": 0.40,  # Abbey
    "E05006918": 1.95,  # Anglesey: priority
    "E05006919": 0.40,  # Bagots
    "E05006920": 0.54,  # Branston
    "E05006921": 0.54,  # Brizlincote
    "E05006922": 3.05,  # Burton: priority, few residents and the town centre
    "E05006923": 0.40,  # Churnet
    "E05006924": 0.40,  # Crown
    "E05006925": 1.22,  # Eton Park: inner
    "E05006926": 0.90,  # Heath, in Uttoxeter
    "E05006927": 1.22,  # Horninglow: inner
    "E05006928": 0.40,  # Needwood
    "E05006929": 0.48,  # Rolleston on Dove
    "E05006930": 1.70,  # Shobnall: priority
    "E05006931": 1.22,  # Stapenhill: inner
    "E05006932": 0.54,  # Stretton
    "E05006933": 0.95,  # Town, in Uttoxeter
    "E05006934": 0.48,  # Tutbury and Outwoods
    "E05006935": 0.40,  # Weaver
    "E05006936": 1.22,  # Winshill: inner
    "E05006937": 0.40,  # Yoxall
}
"""The truth to find: each ward's risk relative to the borough's, before it is scaled to a mean of 1.

Anglesey, Burton and Shobnall together run at 2.06 times the borough's rate, the four inner wards at
1.22, all others below 1. It holds for every crime and for anti-social behaviour. Road collisions have no
planted ward: there, every flag is a false one. Shoplifting is drawn a further `_SHOPS` times as often to
the two town centres.
"""

_SHOPS = {"E05006922": 3.0, "E05006933": 3.0}  # the centres of Burton and Uttoxeter
_PEOPLE_PER_POINT = 250  # about 470 points, as many as a month of real incidents has in the district
_FROM_LINE = 0.0005  # degrees: points keep at least 30 m from a ward line
_SEASON = 0.12  # July is this much above the mean month, January below

_COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip


def wards_file() -> Path:
    """Return the file of the practice wards, as `read_wards` takes it.

    Answers: where are boundaries to practise on? GeoJSON in longitude and latitude (EPSG:4326),
    21 wards with `WD13CD`, `WD13NM`, `LAD13CD`, `LAD13NM`, `vintage`.

    Notes
    -----
    The wards have the codes, names, areas (within 2 %) and about the centroids of the real wards of
    2013, and their shapes are schematic. Do not assign real incidents by them, and say "schematic
    boundaries, for practice" on every map of them.

    Examples
    --------
    >>> wards_file().name
    'east_staffordshire_practice_wards.geojson'
    """
    return _folder() / "east_staffordshire_practice_wards.geojson"


def population_file() -> Path:
    """Return the file of the practice wards' populations, as `read_population` takes it.

    Answers: out of how many people? CSV with `ward_code`, `ward_name` and `population_mid2017`:
    residents, mid-2017, Office for National Statistics.

    Notes
    -----
    The numbers are real. The plan divides by residents of mid-2015 (about 116,100); these are 117,552,
    so that rates come out 1 % lower than those it prints.

    Examples
    --------
    >>> int(pd.read_csv(population_file())["population_mid2017"].sum())
    117552
    """
    return _folder() / "practice_population.csv"


def extract(seed: int = 0) -> pd.DataFrame:
    """Simulate three years of incidents in the columns of a data.police.uk street file.

    Answers: what does an extract look like, and does my analysis find what was planted in it?

    Parameters
    ----------
    seed
        The same seed gives the same rows. Totals by type and year, and how many rows of each have no
        location, do not depend on it.

    Returns
    -------
    DataFrame
        One row per incident, April 2015 to March 2018, by month: `Crime ID` (blank for anti-social
        behaviour and road collisions, as police files leave it), `Month` (YYYY-MM), `Reported by`,
        `Falls within`, `Longitude` and `Latitude` (degrees, EPSG:4326, a few hundred shared points,
        blank without a location), `Location`, `LSOA code` and `LSOA name` (always blank: the practice
        district has none), `Crime type` (in the plan's words), `Last outcome category`, `Context`.

    Notes
    -----
    Simulated, never evidence. Totals of 2016/17 equal the plan's figure 10; those of the other years
    are ours, within what is plausible. Wards are drawn from their population times `PLANTED`, then
    rows lose their location at random, whatever their ward. Do not use it to judge how well a method
    places points, or a trend: real points are snapped by other rules, and real months are correlated.

    Examples
    --------
    >>> incidents = extract()
    >>> year = incidents[incidents["Month"].between("2016-04", "2017-03")]
    >>> int(year["Crime type"].isin(THEMES["all crime"]).sum())
    7913
    >>> int((year["Crime type"] == "Shoplifting").sum())
    791
    """
    rng = np.random.default_rng(seed)
    people = pd.read_csv(population_file()).set_index("ward_code")["population_mid2017"].sort_index()
    longitude, latitude, first = _points(people)
    drawn = pd.concat(
        [_draw(name, year, people, first, rng) for year in range(len(YEARS)) for name in _TYPES],
        ignore_index=True,
    )
    drawn = drawn.sort_values(["month", "type"], kind="stable", ignore_index=True)
    point = drawn["point"].to_numpy()
    located = point >= 0
    crime = ~drawn["type"].isin(list(themes.NOT_CRIME))
    rows = pd.DataFrame(
        {
            "Crime ID": pd.Series(_identifiers(len(drawn), rng), dtype=object).where(crime, None),
            "Month": _month_names()[drawn["month"]],
            "Reported by": "Practice Police",
            "Falls within": "Practice Police",
            "Longitude": np.where(located, longitude[point], np.nan),
            "Latitude": np.where(located, latitude[point], np.nan),
            "Location": np.where(located, "On or near a practice street", "No Location"),
            "Crime type": drawn["type"],
            "Last outcome category": pd.Series("Status update unavailable", index=drawn.index).where(
                crime, None
            ),
        }
    )
    return rows.assign(**{"LSOA code": None, "LSOA name": None, "Context": None})[list(_COLUMNS)]


def sources() -> list[Source]:
    """Return where the files of the practice district come from, for the foot of a map or a table.

    Answers: whom must I name when I show the practice district? One `Source` per file, facts first.

    Examples
    --------
    >>> [source.vintage for source in sources()]
    ['wards of 2013, residents mid-2017 and mid-2019', '2013, schematic boundaries for practice', 'mid-2017']
    """
    listing = tomllib.loads((_folder() / "SOURCES.toml").read_text(encoding="utf-8"))
    return [
        Source(
            entry["source"],
            publisher=entry["publisher"],
            vintage=entry["vintage"],
            licence=entry["licence"],
            attribution=entry["attribution"],
        )
        for entry in listing["file"]
    ]


def _folder() -> Path:
    """Find the data inside the installed package, or beside it in a checkout."""
    house = Path(__file__).parent
    places = (house / "data" / "boundaries", house.parent / "data" / "boundaries")
    for place in places:
        if (place / "SOURCES.toml").is_file():
            return place
    raise InputError(
        "The files of the practice district are missing.",
        "looked for: data/boundaries/SOURCES.toml in the package and beside it",
        mend="install wardmap again: python -m pip install --force-reinstall wardmap",
    )


def _points(
    people: pd.Series,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return the points that incidents are snapped to, ward by ward, and where each ward's begin.

    They are the map's, not the sample's: the same for every seed.
    """
    import shapely  # noqa: PLC0415 - import wardmap.demo must not wait for GEOS

    rng = np.random.default_rng(0)
    features = json.loads(wards_file().read_text(encoding="utf-8"))["features"]
    shapes = {f["properties"]["WD13CD"]: shapely.geometry.shape(f["geometry"]) for f in features}
    found, sizes = [], []
    for code, residents in people.items():
        core = shapes[str(code)].buffer(-_FROM_LINE)
        west, south, east, north = core.bounds
        wanted = max(8, round(residents / _PEOPLE_PER_POINT))
        # A ward fills well over a fifth of its box, so ten times as many tries are always enough.
        tries = np.round(rng.uniform((west, south), (east, north), (10 * wanted, 2)), 6)
        found.append(tries[shapely.contains_xy(core, tries)][:wanted])
        sizes.append(len(found[-1]))
    lonlat = np.concatenate(found)
    return lonlat[:, 0], lonlat[:, 1], np.concatenate([[0], np.cumsum(sizes)])


def _draw(
    name: str, year: int, people: pd.Series, first: npt.NDArray[np.intp], rng: np.random.Generator
) -> pd.DataFrame:
    """Draw one type in one year: `type`, `month` (0 is April 2015) and `point` (-1 is no location)."""
    total = _total(name, year)
    ward = rng.choice(len(people), size=total, p=_ward_shares(name, people))
    # Within a ward a few points hold most incidents: squaring a uniform favours the first ones.
    point = first[ward] + (rng.random(total) ** 2 * np.diff(first)[ward]).astype(np.intp)
    lost = rng.permutation(total)[: round(_TYPES[name][3] * total)]
    point[lost] = -1
    return pd.DataFrame({"type": name, "month": 12 * year + _months(total, rng), "point": point})


def _total(name: str, year: int) -> int:
    count, before, after, _ = _TYPES[name]
    return round(count * (before, 1.0, after)[year])


def _ward_shares(name: str, people: pd.Series) -> npt.NDArray[np.float64]:
    weight = people.astype(float)
    if name != themes.KSI:
        weight = weight * pd.Series(PLANTED)
    if name == "Shoplifting":
        weight = weight.mul(pd.Series(_SHOPS), fill_value=1.0)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _months(total: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw each incident's month of the financial year; 24 or more leave no month empty."""
    season = 1 + _SEASON * np.cos(2 * np.pi * (np.arange(12) - 3) / 12)  # April is 0, so July is 3
    one_each = 1 if total >= 24 else 0
    counts = one_each + rng.multinomial(total - 12 * one_each, season / season.sum())
    return rng.permutation(np.repeat(np.arange(12), counts))


def _month_names() -> npt.NDArray[np.str_]:
    return pd.period_range("2015-04", periods=12 * len(YEARS), freq="M").strftime("%Y-%m").to_numpy(dtype=str)


def _identifiers(size: int, rng: np.random.Generator) -> Iterator[str]:
    """Yield identifiers of 64 hexadecimal digits, as police files have; 256 random bits never repeat."""
    digits = rng.bytes(32 * size).hex()
    return (digits[64 * i : 64 * (i + 1)] for i in range(size))
