"""The command line: `wardmap demo`, `wardmap check`, `wardmap map` and `wardmap fetch`."""

import re
import shutil
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import typer

from wardmap import demo as practice
from wardmap import themes
from wardmap.assessment import Assessment, assess, save_assessment
from wardmap.errors import InputError, RepairWarning, WardmapError, WardmapWarning, counted, listed
from wardmap.formats.find import find_files
from wardmap.formats.geofile import crs_words
from wardmap.join.assign import assign_wards
from wardmap.join.ledger_table import ledger
from wardmap.provenance import Source
from wardmap.rates.periods import Period
from wardmap.read.fetch.fetch_population import POPULATION_URL, fetch_population
from wardmap.read.fetch.fetch_wards import WARDS_URL, fetch_wards
from wardmap.read.incidents.completeness import completeness
from wardmap.read.incidents.describe_incidents import describe_incidents
from wardmap.read.incidents.one_table import ENDINGS
from wardmap.read.incidents.read_incidents import read_incidents
from wardmap.read.population.read_population import read_population
from wardmap.read.wards.read_wards import read_wards
from wardmap.reports.screen import matches_on_screen, months_on_screen, types_on_screen

app = typer.Typer(
    help="From incidents and ward boundaries to priority wards, on a map that opens anywhere.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
fetch = typer.Typer(help="Download official boundaries and populations, and keep them.", no_args_is_help=True)
app.add_typer(fetch, name="fetch")

Out = Annotated[Path, typer.Option(help="The folder to write to; made if it is not there.")]
Column = Annotated[
    list[str] | None,
    typer.Option(
        help='Which column holds what, as date="Committed from". May be repeated.', metavar="FIELD=COLUMN"
    ),
]
Layer = Annotated[str | None, typer.Option(help="The layer, or the sheet of a workbook, if several.")]
Crs = Annotated[str | None, typer.Option(help="Coordinate system, for incidents that do not say.")]
DateFormat = Annotated[str | None, typer.Option(help="How dates are written, as %d/%m/%Y.")]
WardsCrs = Annotated[str | None, typer.Option(help="Coordinate system, for boundaries that do not say.")]
WardsCode = Annotated[str | None, typer.Option(help="The column of ward codes, if it is not found.")]


def main() -> None:
    """Run the command line: warnings as plain notes, errors as messages rather than tracebacks."""
    with warnings.catch_warnings():
        warnings.showwarning = _note  # type: ignore[assignment]  # fewer names, the same call
        try:
            app()
        except WardmapError as error:
            sys.exit(f"wardmap: {_as_options(str(error))}")


@app.command()
def demo(*, out: Out = Path("wardmap-demo")) -> None:
    """Go the whole way on the practice district: simulated incidents, schematic wards, no internet."""
    print(
        "The practice district: schematic East Staffordshire, simulated incidents. Not evidence of anything."
    )
    found = assess(
        read_incidents(practice.extract()),
        read_wards(practice.wards_file()),
        read_population(practice.population_file()),
        period="financial year",
        about=practice.PLAN_YEAR,
        themes=practice.THEMES,
    )
    written = save_assessment(
        found,
        out,
        title="Priority wards of the practice district",
        areas={"Place-based area": practice.PLACE_BASED_AREA},
        inputs=[practice.wards_file(), practice.population_file()],
        sources=practice.sources(),
    )
    _tell(found, written)


@app.command("map")
def map_command(
    *,
    incidents: Annotated[
        list[str],
        typer.Option(
            help="Street files: a file, a folder, a ZIP archive or a quoted pattern. May be repeated."
        ),
    ],
    wards: Annotated[Path, typer.Option(help="Ward boundaries: GeoJSON, GeoPackage or Shapefile.")],
    population: Annotated[Path, typer.Option(help="CSV with ward codes and people.")],
    district: Annotated[
        str | None, typer.Option(help="Keep the wards of this district, by name or code.")
    ] = None,
    population_column: Annotated[str | None, typer.Option(help="The column of people, if several.")] = None,
    theme: Annotated[str, typer.Option(help="The theme that the map shows.")] = themes.ALL_CRIME,
    period: Annotated[Period, typer.Option(help="How to group time; the last period is mapped.")] = "all",
    column: Column = None,
    crs: Crs = None,
    date_format: DateFormat = None,
    layer: Layer = None,
    wards_crs: WardsCrs = None,
    wards_code: WardsCode = None,
    out: Out = Path("wardmap-out"),
) -> None:
    """Find the priority wards in your own files, and write the map, the tables and the manifest."""
    files = find_files(incidents, ENDINGS)
    found = assess(
        read_incidents(files, columns=_mapping(column), crs=crs, date_format=date_format, layer=layer),
        read_wards(wards, district=district, crs=wards_crs, code=wards_code),
        read_population(population, column=population_column),
        theme=theme,
        period=period,
    )
    written = save_assessment(
        found,
        out,
        title=f"Priority wards{f' of {district}' if district else ''}",
        inputs=[*files, wards, population],
        sources=[
            Source(f"Incidents: {_names(files)}"),
            Source(f"Wards: {wards.name}"),
            Source(f"People: {population.name}"),
        ],
    )
    _tell(found, written)


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(help="Incidents: files, folders, archives or quoted patterns.")
    ],
    *,
    column: Column = None,
    crs: Crs = None,
    date_format: DateFormat = None,
    layer: Layer = None,
    wards: Annotated[Path | None, typer.Option(help="Ward boundaries to match them with.")] = None,
    district: Annotated[str | None, typer.Option(help="Keep the wards of this district.")] = None,
    wards_crs: WardsCrs = None,
    wards_code: WardsCode = None,
) -> None:
    """Say what is in your files before anything is computed: rows, dates, places, repeats, gaps, repairs."""
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always", WardmapWarning)
        try:
            incidents = read_incidents(
                find_files(files, ENDINGS),
                columns=_mapping(column),
                crs=crs,
                date_format=date_format,
                layer=layer,
            )
            borders = None
            if wards is not None:
                borders = read_wards(wards, district=district, crs=wards_crs, code=wards_code)
                incidents = assign_wards(incidents, borders)
        except WardmapError:
            if noted:
                _tell_notes("Found before reading stopped", noted)
            raise
    _tell_rows(incidents)
    if incidents["date"].notna().any():
        print(f"\nMonths with rows, by source\n{months_on_screen(completeness(incidents))}")
    if borders is not None:
        _tell_matches(incidents, borders)
    repairs = [note for note in noted if issubclass(note.category, RepairWarning)]
    _tell_notes("Repairs made", repairs)
    _tell_notes("To act on", [note for note in noted if note not in repairs])


@fetch.command("wards")
def fetch_wards_command(
    *,
    district: Annotated[str, typer.Option(help="The district, by name or code.")],
    url: Annotated[str, typer.Option(help="The layer of an ArcGIS feature service.")] = WARDS_URL,
    out: Annotated[Path, typer.Option(help="The GeoJSON file to write.")] = Path("wards.geojson"),
) -> None:
    """Download the ward boundaries of a district."""
    _refuse_to_replace(out)
    path = fetch_wards(district, url=url)
    wards = read_wards(path)
    shutil.copyfile(path, out)
    print(f"{counted(len(wards), 'ward')} of {district}: {out}")


@fetch.command("population")
def fetch_population_command(
    *,
    wards: Annotated[Path, typer.Option(help="The boundary file of the wards to ask for.")],
    url: Annotated[str, typer.Option(help="A data set of Nomis, ending in .data.csv.")] = POPULATION_URL,
    date: Annotated[str, typer.Option(help="A year, or latest.")] = "latest",
    out: Annotated[Path, typer.Option(help="The CSV file to write.")] = Path("population.csv"),
) -> None:
    """Download how many people live in each ward."""
    _refuse_to_replace(out)
    path = fetch_population(read_wards(wards).index, url=url, date=date)
    people = read_population(path)
    shutil.copyfile(path, out)
    print(f"{int(people['population'].sum()):,} people in {counted(len(people), 'ward')}: {out}")


def _mapping(column: list[str] | None) -> dict[str, str]:
    """Return the columns given as `field=column`."""
    found = {}
    for entry in column or []:
        field, _, name = entry.partition("=")
        if not (field and name):
            raise InputError(
                "A column is given as field=column.",
                f"given: {entry!r}",
                mend='--column date="Committed from"',
            )
        found[field.strip()] = name
    return found


def _as_options(message: str) -> str:
    """Return a message with the arguments of functions as the options of the command line."""

    def columns(found: re.Match[str]) -> str:
        pairs = re.findall(r'"(.*?)": "(.*?)"', found[0])
        return " ".join(f'--column {field}="{name}"' for field, name in pairs)

    message = re.sub(r"columns=\{.*?\}", columns, message)
    message = re.sub(r'read_wards\(\.\.\., crs="(.*?)"\)', r"--wards-crs \1", message)
    message = re.sub(r'\bcode="(.*?)"', r'--wards-code "\1"', message)
    message = re.sub(r'(?:read_incidents\(\.\.\., )?\bcrs="(.*?)"\)?', r"--crs \1", message)
    message = re.sub(r'\bdate_format="(.*?)"', r'--date-format "\1"', message)
    return re.sub(r'\blayer="(.*?)"', r'--layer "\1"', message)


def _tell_rows(incidents: gpd.GeoDataFrame) -> None:
    found = describe_incidents(incidents)
    dates = incidents["date"].dropna()
    days = bool((incidents["date_precision"] == "day").any())
    ends = [f"{date:{'%Y-%m-%d' if days else '%Y-%m'}}" for date in (dates.min(), dates.max()) if len(dates)]
    print(
        f"{counted(len(incidents), 'row')} from {counted(incidents['source'].nunique(), 'file')}, "
        f"{' to '.join(ends) or 'without dates'}; places in {crs_words(incidents.crs)}"
    )
    if len(dates) < len(incidents):
        missing = counted(len(incidents) - len(dates), "row")
        print(f'{missing} without a date: --column date="..." names the column that has them')
    for method, rows in incidents["read_method"].value_counts(sort=False).items():
        print(f"{counted(rows, 'row')}: {method}")
    print(f"\nTypes, and the share of rows that have a place\n{types_on_screen(found, days=days)}")


def _tell_matches(incidents: gpd.GeoDataFrame, borders: gpd.GeoDataFrame) -> None:
    print(f"\nMatched with {counted(len(borders), 'ward')} ({' and '.join(borders['vintage'].unique())})")
    print(matches_on_screen(ledger(incidents)))
    empty = borders[~borders.index.isin(incidents["ward_code"].dropna())]
    if len(empty):
        names = listed(f"{name} ({code})" for code, name in empty["ward_name"].items())
        print(f"Without an incident, {counted(len(empty), 'ward')}: {names}")


def _tell_notes(heading: str, notes: Sequence[warnings.WarningMessage]) -> None:
    print(f"\n{heading}: {len(notes) or 'nothing'}")
    for note in notes:
        print(f"- {_as_options(str(note.message))}")


def _refuse_to_replace(out: Path) -> None:
    if out.exists():
        raise InputError(f"{str(out)!r} is there already.", mend="--out another name, or remove it first.")


def _tell(found: Assessment, written: Sequence[Path]) -> None:
    reasons = found.priority_reasons()
    watched = int((found.rows()["priority"] == "watch").sum())
    print(f"\nPriority wards for {found.theme}, {found.period}: {len(reasons) or 'none'}.")
    for reason in reasons:
        print(f"  {reason}")
    if len(reasons) > 1:
        together = found.priority_area().iloc[0]
        print(
            f"Together: {together['ratio_district']:.2f} times the rate of the whole district, "
            f"which contains them, and {together['ratio_rest']:.2f} times that of the rest."
        )
    print(f"{watched} more to watch. {found.rule}")
    size = written[0].stat().st_size / 1000
    print(f"\nThe map: {written[0]} ({size:,.0f} kB; opens in any browser, without internet)")
    print(f"Beside it: {', '.join(path.name for path in written[1:])}")


def _names(files: Sequence[Path]) -> str:
    return files[0].name if len(files) == 1 else f"{len(files)} files, {files[0].name} to {files[-1].name}"


def _note(message: Warning | str, *_: object) -> None:
    print(f"note: {_as_options(str(message))}", file=sys.stderr)


if __name__ == "__main__":
    main()
