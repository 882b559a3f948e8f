"""The command line: `wardmap demo`, `wardmap check`, `wardmap map` and `wardmap fetch`."""

import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from wardmap import __version__
from wardmap.errors import InputError, RepairWarning, Use, WardmapError, WardmapWarning, counted, listed

if TYPE_CHECKING:
    import geopandas as gpd

    from wardmap.assessment import Assessment

# Commands import what they use: help, the version and a mistyped option must not wait for it.
# ruff: noqa: PLC0415

_OPTIONS = {
    ("read_incidents", "columns"): "--column",
    ("read_incidents", "crs"): "--crs",
    ("read_incidents", "date_format"): "--date-format",
    ("read_incidents", "layer"): "--layer",
    ("read_wards", "crs"): "--wards-crs",
    ("read_wards", "code"): "--wards-code",
    ("read_wards", "district"): "--district",
    ("read_population", "column"): "--population-column",
}
"""Which option gives which argument; an argument that is not here has none."""

app = typer.Typer(
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
            sys.exit(f"wardmap: {error.said(_as_option)}")


def _say_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it with what was given
    if asked:
        print(f"wardmap {__version__}")
        raise typer.Exit


@app.callback()
def every_command(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Say which version this is.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """From incidents and ward boundaries to priority wards, on a map that opens anywhere."""


@app.command()
def demo(*, out: Out = Path("wardmap-demo")) -> None:
    """Go the whole way on the practice district: simulated incidents, schematic wards, no internet."""
    from wardmap import demo as practice
    from wardmap.assessment import assess, save_assessment
    from wardmap.read import read_incidents, read_population, read_wards

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
    theme: Annotated[str, typer.Option(help="The theme that the map shows.")] = "all crime",
    period: Annotated[
        str,
        typer.Option(
            help="How to group time: all, year, financial year, quarter or month. The last is mapped."
        ),
    ] = "all",
    column: Column = None,
    crs: Crs = None,
    date_format: DateFormat = None,
    layer: Layer = None,
    wards_crs: WardsCrs = None,
    wards_code: WardsCode = None,
    out: Out = Path("wardmap-out"),
) -> None:
    """Find the priority wards in your own files, and write the map, the tables and the manifest."""
    from wardmap.assessment import assess, save_assessment
    from wardmap.formats.find import find_files
    from wardmap.formats.table import ENDINGS
    from wardmap.provenance import Source
    from wardmap.rates.periods import Period
    from wardmap.read import read_incidents, read_population, read_wards

    if period not in get_args(Period):
        raise InputError(
            f"There is no way of grouping time called {period!r}.",
            mend=f"--period with one of {listed(get_args(Period))}.",
        )
    files = find_files(incidents, ENDINGS)
    found = assess(
        read_incidents(files, columns=_mapping(column), crs=crs, date_format=date_format, layer=layer),
        read_wards(wards, district=district, crs=wards_crs, code=wards_code),
        read_population(population, column=population_column),
        theme=theme,
        period=period,  # type: ignore[arg-type]  # which mypy does not see was checked above
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
    from wardmap.formats.find import find_files
    from wardmap.formats.table import ENDINGS
    from wardmap.join import assign_wards
    from wardmap.read import completeness, read_incidents, read_wards
    from wardmap.reports.screen import months_on_screen

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
    url: Annotated[
        str | None, typer.Option(help="The layer of an ArcGIS feature service; that of the ONS if not given.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The GeoJSON file to write.")] = Path("wards.geojson"),
) -> None:
    """Download the ward boundaries of a district."""
    from wardmap.page.write_whole import whole_file
    from wardmap.read import fetch_wards, read_wards
    from wardmap.read.fetch.fetch_wards import WARDS_URL

    _refuse_to_replace(out)
    path = fetch_wards(district, url=url or WARDS_URL)
    wards = read_wards(path)
    whole_file(out, path.read_bytes())
    print(f"{counted(len(wards), 'ward')} of {district}: {out}")


@fetch.command("population")
def fetch_population_command(
    *,
    wards: Annotated[Path, typer.Option(help="The boundary file of the wards to ask for.")],
    url: Annotated[
        str | None,
        typer.Option(help="A data set of Nomis, ending in .data.csv; mid-year estimates if not given."),
    ] = None,
    date: Annotated[str, typer.Option(help="A year, or latest.")] = "latest",
    out: Annotated[Path, typer.Option(help="The CSV file to write.")] = Path("population.csv"),
) -> None:
    """Download how many people live in each ward."""
    from wardmap.page.write_whole import whole_file
    from wardmap.read import fetch_population, read_population, read_wards
    from wardmap.read.fetch.fetch_population import POPULATION_URL

    _refuse_to_replace(out)
    path = fetch_population(read_wards(wards).index, url=url or POPULATION_URL, date=date)
    people = read_population(path)
    whole_file(out, path.read_bytes())
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
                mend=_as_option(Use("read_incidents", "columns", {"date": "Committed from"})),
            )
        found[field.strip()] = name
    return found


def _as_option(use: Use) -> str:
    """Write what mends it as options of the command line; as Python where no option gives that argument."""
    option = _OPTIONS.get((use.verb, use.argument))
    if option is None:
        return str(use)
    if isinstance(use.value, Mapping):
        return " ".join(f'{option} {field}="{column}"' for field, column in use.value.items())
    plain = re.fullmatch(r"[\w:.]+", str(use.value))
    return f"{option} {use.value}" if plain else f'{option} "{use.value}"'


def _tell_rows(incidents: "gpd.GeoDataFrame") -> None:
    from wardmap.formats.geofile import crs_words
    from wardmap.read import describe_incidents
    from wardmap.reports.screen import types_on_screen

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


def _tell_matches(incidents: "gpd.GeoDataFrame", borders: "gpd.GeoDataFrame") -> None:
    from wardmap.join import ledger
    from wardmap.reports.screen import matches_on_screen

    print(f"\nMatched with {counted(len(borders), 'ward')} ({' and '.join(borders['vintage'].unique())})")
    print(matches_on_screen(ledger(incidents)))
    empty = borders[~borders.index.isin(incidents["ward_code"].dropna())]
    if len(empty):
        names = listed(f"{name} ({code})" for code, name in empty["ward_name"].items())
        print(f"Without an incident, {counted(len(empty), 'ward')}: {names}")


def _tell_notes(heading: str, notes: Sequence[warnings.WarningMessage]) -> None:
    print(f"\n{heading}: {len(notes) or 'nothing'}")
    for note in notes:
        print(f"- {_said(note.message)}")


def _refuse_to_replace(out: Path) -> None:
    if out.exists():
        raise InputError(f"{str(out)!r} is there already.", mend="--out another name, or remove it first.")


def _tell(found: "Assessment", written: Sequence[Path]) -> None:
    reasons = found.priority_reasons()
    print(f"\nPriority wards for {found.theme}, {found.period}: {len(reasons) or 'none'}.")
    for reason in reasons:
        print(f"  {reason}")
    if len(reasons) > 1:
        together = found.priority_area().iloc[0]
        print(
            f"Together: {together['ratio_district']:.2f} times the rate of the whole district, "
            f"which contains them, and {together['ratio_rest']:.2f} times that of the rest."
        )
    print(f"{found.rows()['priority_outcome'].iloc[0]}\nThe rule: {found.rule}")
    size = written[0].stat().st_size / 1000
    print(f"\nThe map: {written[0]} ({size:,.0f} kB; opens in any browser, without internet)")
    print(f"Beside it: {', '.join(path.name for path in written[1:])}")


def _names(files: Sequence[Path]) -> str:
    return files[0].name if len(files) == 1 else f"{len(files)} files, {files[0].name} to {files[-1].name}"


def _said(message: Warning | str) -> str:
    return message.said(_as_option) if isinstance(message, WardmapWarning) else str(message)


def _note(message: Warning | str, *_: object) -> None:
    print(f"note: {_said(message)}", file=sys.stderr)


if __name__ == "__main__":
    main()
