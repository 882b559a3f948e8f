"""The command line: `wardmap demo`, `wardmap check`, `wardmap map` and `wardmap fetch`."""

import shutil
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from wardmap import demo as practice
from wardmap import themes
from wardmap.assessment import Assessment, assess, save_assessment
from wardmap.errors import InputError, WardmapError, WardmapWarning, counted, listed
from wardmap.join.assign import assign_wards
from wardmap.join.ledger import ledger
from wardmap.provenance import Source
from wardmap.rates.period import Period
from wardmap.read.describe import describe_incidents
from wardmap.read.download import WARDS_URL, fetch_wards
from wardmap.files.find import find_files
from wardmap.read.incidents import read_incidents
from wardmap.read.nomis import POPULATION_URL, fetch_population
from wardmap.read.one_table import ENDINGS
from wardmap.read.population import read_population
from wardmap.read.wards import read_wards

app = typer.Typer(
    help="From incidents and ward boundaries to priority wards, on a map that opens anywhere.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
fetch = typer.Typer(help="Download official boundaries and populations, and keep them.", no_args_is_help=True)
app.add_typer(fetch, name="fetch")

Out = Annotated[Path, typer.Option(help="The folder to write to; made if it is not there.")]


def main() -> None:
    """Run the command line: warnings as plain notes, errors as messages rather than tracebacks."""
    with warnings.catch_warnings():
        warnings.showwarning = _note  # type: ignore[assignment]  # fewer names, the same call
        try:
            app()
        except WardmapError as error:
            sys.exit(f"wardmap: {error}")


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
    out: Out = Path("wardmap-out"),
) -> None:
    """Find the priority wards in your own files, and write the map, the tables and the manifest."""
    files = find_files(incidents, ENDINGS)
    found = assess(
        read_incidents(files),
        read_wards(wards, district=district),
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
    wards: Annotated[Path | None, typer.Option(help="Ward boundaries to match them with.")] = None,
    district: Annotated[str | None, typer.Option(help="Keep the wards of this district.")] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinate system, for files that do not say.")] = None,
    date_format: Annotated[str | None, typer.Option(help="How dates are written, as %d/%m/%Y.")] = None,
) -> None:
    """Say what is in your files before anything is computed: rows, dates, places, repeats, gaps, repairs."""
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always", WardmapWarning)
        incidents = read_incidents(find_files(files, ENDINGS), crs=crs, date_format=date_format)
        found = describe_incidents(incidents)
        assigned = None
        if wards is not None:
            borders = read_wards(wards, district=district)
            assigned = assign_wards(incidents, borders)
    total = found.loc["total"]
    print(
        f"{total['read']:,} rows from {counted(incidents['source'].nunique(), 'file')}, "
        f"{total['date_first']:%Y-%m-%d} to {total['date_last']:%Y-%m-%d}; "
        f"places in {incidents.crs.to_string()}"
    )
    for method in incidents["read_method"].cat.categories:
        print(f"  {method}")
    print(f"\n{found.to_string(float_format='{:.3f}'.format)}")
    if assigned is not None:
        print(f"\nMatched with {counted(len(borders), 'ward')}, {listed(borders['vintage'].unique())}:")
        print(ledger(assigned).loc[["total"]].to_string())
    print(f"\nTo act on: {len(noted) or 'nothing'}")
    for note in noted:
        print(f"- {note.message}")


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
    print(f"note: {message}", file=sys.stderr)


if __name__ == "__main__":
    main()
