"""Whatever rows are made, in whatever layout: all of them come back, none is changed, each place is judged.

What a place is worth is worked out here a second time, from the text of its two cells alone. Good rows
outnumber those that are made up, because reading stops where most coordinates cannot be right.
"""

import csv
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wardmap as wm
from wardmap import schema
from wardmap.themes import ROAD_COLLISIONS

pytestmark = pytest.mark.filterwarnings(
    "ignore::wardmap.errors.RepairWarning", "ignore::wardmap.errors.IncompleteWarning"
)
LAST_BIT = 0 if pd.__version__ >= "3" else 1e-15  # what pandas 2 may read otherwise

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=6).map(str.strip)
NAMED = TEXT.filter(bool)
JUNK = st.sampled_from(["", "", "0", "inf", "-inf", "1e400", "-1,63", "424,5", "somewhere", "12 May", "--5"])


def written(numbers, marks):
    """Return numbers as text, plain or with a mark every three digits of what is before the point."""
    return st.one_of(
        numbers.map(repr),
        *(numbers.map(lambda number, mark=mark: f"{number:,}".replace(",", mark)) for mark in marks),
    )


DEGREES = st.one_of(JUNK, written(st.floats(-200, 200), []), written(st.floats(allow_nan=False), []))
METRES = st.one_of(
    JUNK, written(st.integers(-1_500_000, 1_500_000), [",", " "]), written(st.floats(0, 7e5), [","])
)
REFERENCES = st.one_of(
    st.sampled_from(["", "nowhere", "SK 24 2", "ZZ 11 11", "SK"]),
    st.builds("{} {:03} {:03}".format, st.sampled_from(["SK", "su", "TQ"]), *[st.integers(0, 999)] * 2),
)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Return a call that writes rows as CSV, every cell in quotes, and reads them back as incidents."""
    path = tmp_path_factory.mktemp("rows") / "rows.csv"

    def through_a_file(header, rows, **options):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *rows])
        found = wm.read_incidents(path, **options)
        schema.check(found, schema.INCIDENTS)
        return found

    return through_a_file


def number(cell):
    """Return what a cell says, None where it is blank, NaN where it says no number."""
    plain = cell.replace(" ", ",")
    head = plain.partition(".")[0].lstrip("+-")
    if "," in head and all(len(part) == 3 for part in head.split(",")[1:]) and len(head.split(",")[0]) <= 3:
        plain = plain.replace(",", "")
    try:
        return float(plain) if cell else None
    except ValueError:
        return math.nan


def worth(place, bounds):
    """Return what a place is worth within these bounds: west, south, east, north."""
    (x, y), (west, south, east, north) = place, bounds
    if x is None or y is None or (x == 0 and y == 0):
        return "no_location"
    return "located" if west <= x <= east and south <= y <= north else "invalid"


def holds(found, cells, bounds):
    """Hold every row's place against its two cells."""
    places = [(number(x), number(y)) for x, y in cells]
    assert found["location"].tolist() == [worth(place, bounds) for place in places]
    kinds = found["location"].value_counts()
    assert kinds["located"] + kinds["no_location"] + kinds["invalid"] == len(cells)
    assert (found.geometry.notna() == found["location"].eq("located")).all()
    for place, point in zip(places, found.geometry, strict=True):
        if point is not None:
            assert (point.x, point.y) == pytest.approx(place, rel=LAST_BIT, abs=0)


def or_none(values):
    return [value or None for value in values]


def repeats(identifiers):
    """Return which non-blank identifiers came before."""
    return [bool(name) and name in identifiers[:at] for at, name in enumerate(identifiers)]


def among_good_rows(rows, good):
    """Return the made rows between good ones that outnumber them."""
    return [good, *rows, *[good] * len(rows)]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(TEXT, st.sampled_from(["2018-03", "2018-04", ""]), DEGREES, DEGREES, TEXT), max_size=8)
)
def test_street_files(read, made):
    columns = ["Crime ID", "Month", "Longitude", "Latitude", "Crime type"]
    rows = among_good_rows(made, ("", "2018-03", "-1.63", "52.8", "Drugs"))
    found = read(columns, rows)
    identifiers, months, x, y, kinds = (list(column) for column in zip(*rows, strict=True))
    holds(found, list(zip(x, y, strict=True)), (-180, -90, 180, 90))
    assert found["incident_id"].astype(object).where(found["incident_id"].notna(), None).tolist() == or_none(
        identifiers
    )
    assert found["theme"].tolist() == [kind or "(not recorded)" for kind in kinds]
    assert found["date"].dt.strftime("%Y-%m").fillna("").tolist() == months
    assert found["duplicate"].tolist() == repeats(identifiers)


EXTRACT = st.tuples(
    TEXT, st.dates(pd.Timestamp("2018-01-13").date(), pd.Timestamp("2018-01-28").date()), TEXT,
    st.sampled_from(["5E05", "00123", "105/01", ""]), st.sampled_from(["Y", "n", ""]),
)  # fmt: skip
FIELDS = {
    "incident_id": "Ref",
    "date": "From",
    "theme": "What",
    "offence_code": "HO",
    "alcohol": "Drink",
}


def keeps(found, rows):
    """Hold the columns of an extract that are no place against its cells."""
    identifiers, dates, kinds, codes, drink = (list(column) for column in list(zip(*rows, strict=True))[:5])
    assert found["incident_id"].tolist() == or_none(identifiers)
    assert found["date"].dt.date.tolist() == dates
    assert found["theme"].tolist() == [kind or "(not recorded)" for kind in kinds]
    assert found["offence_code"].tolist() == or_none(codes)
    assert found["alcohol"].tolist() == [mark == "Y" for mark in drink]
    assert found["duplicate"].tolist() == repeats(identifiers)


PAIRS = {
    ("easting", "northing"): (METRES, ("424,500", "323 100"), (0, 0, 700_000, 1_300_000)),
    ("longitude", "latitude"): (DEGREES, ("-1.63", "52.8"), (-180, -90, 180, 90)),
}


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=40)
@given(data=st.data())
def test_extracts_by_coordinates(read, pair, data):
    cells, good, bounds = PAIRS[pair]
    made = data.draw(st.lists(st.tuples(EXTRACT, cells, cells), max_size=8))
    first = ("a", pd.Timestamp("2018-01-14").date(), "Theft", "5E05", "Y")
    rows = among_good_rows([(*row, x, y) for row, x, y in made], (*first, *good))
    written_rows = [(name, f"{day:%d/%m/%Y}", *rest) for name, day, *rest in rows]
    found = read([*FIELDS.values(), *pair], written_rows, columns=FIELDS)
    holds(found, [row[5:] for row in rows], bounds)
    keeps(found, rows)


@settings(max_examples=40)
@given(st.lists(st.tuples(EXTRACT, REFERENCES), max_size=8))
def test_extracts_by_grid_references(read, made):
    first = ("a", pd.Timestamp("2018-01-14").date(), "Theft", "5E05", "Y", "SK 245 231")
    rows = among_good_rows([(*row, reference) for row, reference in made], first)
    written_rows = [(name, f"{day:%d/%m/%Y}", *rest) for name, day, *rest in rows]
    found = read([*FIELDS.values(), "Grid"], written_rows, columns={**FIELDS, "grid_reference": "Grid"})
    keeps(found, rows)
    corners = {"SK": (400_000, 300_000), "SU": (400_000, 100_000), "TQ": (500_000, 100_000)}
    for (*_, reference), row in zip(rows, found.itertuples(), strict=True):
        letters, *figures = reference.upper().split()[:3] or [""]
        if letters in corners and len(figures) == 2 and {len(part) for part in figures} == {3}:
            east, north = (
                start + 100 * int(part) + 50 for start, part in zip(corners[letters], figures, strict=True)
            )
            assert (row.location, row.geometry.x, row.geometry.y) == ("located", east, north)
        else:
            assert row.location == ("invalid" if reference else "no_location")


SEVERITIES = ["1", "Fatal", "2", "Serious", "3", "slight", "-1", ""]
CHANCE = st.sampled_from(["-1", "", "0", "0.25", "1"])
NOT_KNOWN = st.sampled_from(["NULL", "-1", ""])


@pytest.mark.parametrize("generation", ["Accident_Index", "accident_index", "collision_index"])
@settings(max_examples=40)
@given(
    made=st.lists(
        st.tuples(NAMED, st.dates(pd.Timestamp("2016-01-01").date(), pd.Timestamp("2024-12-31").date()),
                  st.sampled_from(SEVERITIES), CHANCE, CHANCE, METRES | NOT_KNOWN, METRES | NOT_KNOWN),
        max_size=8,
    )
)  # fmt: skip
def test_collisions(read, generation, made):
    what = generation.partition("_")[0]
    names = ["{}_Index", "Date", "{}_Severity", "{}_adjusted_severity_serious",
             "{}_adjusted_severity_slight", "Location_Easting_OSGR", "Location_Northing_OSGR"]  # fmt: skip
    columns = [name.format(what) for name in names]
    columns = columns if what == "Accident" else [name.lower() for name in columns]
    good = ("one", pd.Timestamp("2016-04-03").date(), "2", "0.9", "0.1", "424500", "323100")
    rows = among_good_rows(made, good)
    found = read(columns, [(name, f"{day:%d/%m/%Y}", *rest) for name, day, *rest in rows])
    unknown = {"NULL": "", "-1": ""}
    holds(found, [tuple(unknown.get(cell, cell) for cell in row[5:]) for row in rows], (0, 0, 7e5, 1.3e6))
    assert found["incident_id"].tolist() == [row[0] for row in rows]
    assert found["date"].dt.date.tolist() == [row[1] for row in rows]
    assert found["theme"].tolist() == [ROAD_COLLISIONS[SEVERITIES.index(row[2]) // 2] for row in rows]
    if what == "collision":
        for column, at in (("serious_adjusted", 3), ("slight_adjusted", 4)):
            published = [None if row[at] in unknown or not row[at] else float(row[at]) for row in rows]
            assert found[column].astype(object).where(found[column].notna(), None).tolist() == published
