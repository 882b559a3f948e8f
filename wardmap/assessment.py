"""The whole way in one call: from three tables to flagged wards, and from these to a folder of files."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from tqdm.auto import tqdm

from wardmap import provenance, schema
from wardmap.hotspots.graph.neighbours import neighbours
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.join.assign import assign_wards
from wardmap.join.ledger_table import ledger
from wardmap.maps.district_map import ward_map
from wardmap.maps.offline import save_map
from wardmap.page.write_whole import whole_file, whole_folder
from wardmap.priority.areas.place_area import place_area
from wardmap.priority.rule.flag_wards import flag_wards
from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.rates.comparison import compare
from wardmap.rates.counts import count_incidents
from wardmap.rates.periods import Period
from wardmap.rates.rate import add_rates
from wardmap.reports.csv import as_csv
from wardmap.themes import Groups


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment found: the ward table with every column, and what it rests on."""

    table: pd.DataFrame
    wards: gpd.GeoDataFrame
    ledger: pd.DataFrame
    rule: PriorityRule
    theme: str
    period: str

    def rows(self) -> pd.DataFrame:
        """Return the ward table of the theme and period that the assessment is about."""
        return schema.select(self.table, self.theme, self.period).droplevel(["theme", "period"])

    def priority_reasons(self) -> list[str]:
        """Return the sentence of each priority ward, the highest ratio first."""
        rows = self.rows().sort_values("ratio", ascending=False)
        return rows.loc[rows["priority"] == "priority", "reason"].tolist()

    def priority_area(self) -> gpd.GeoDataFrame:
        """Return the priority wards as one area, with their pooled ratios."""
        rows = self.rows()
        codes = rows.index[rows["priority"] == "priority"].tolist()
        return place_area(
            self.wards,
            name="Priority wards",
            ward_codes=codes,
            table=self.table,
            theme=self.theme,
            period=self.period,
        )


def assess(
    incidents: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    population: pd.DataFrame,
    *,
    theme: str = "all crime",
    period: Period = "all",
    about: str | None = None,
    themes: Groups | None = None,
    rule: PriorityRule | None = None,
) -> Assessment:
    """Take incidents, wards and people through every room, with a progress bar.

    Parameters
    ----------
    incidents, wards, population
        As `read_incidents`, `read_wards` and `read_population` return them.
    theme
        The theme that the assessment is about; the table holds all of them.
    period
        How incidents are grouped in time, as for `count_incidents`.
    about
        The one period that the assessment is about; the last when left out.
    themes
        Named groups of types, as for `count_incidents`.
    rule
        The policy that flags wards; PriorityRule() when left out.

    Raises
    ------
    InputError
        The theme or the period is not in the table; and whatever the rooms raise.
    """
    rule = rule or PriorityRule()
    with tqdm(total=6, desc="Assessing", unit="step", leave=False, disable=None) as bar:
        assigned = _step(bar, "wards", assign_wards(incidents, wards))
        table = _step(bar, "counts", count_incidents(assigned, wards, by_period=period, themes=themes))
        about = str(schema.select(table, theme, about).index.get_level_values("period")[0])
        table = _step(bar, "rates", add_rates(table, population))
        table = _step(bar, "comparison", compare(table))
        table = _step(bar, "hot spots", gi_star(table, neighbours(wards)))
        table = _step(bar, "flags", flag_wards(table, rule=rule))
    return Assessment(table, wards, ledger(assigned), rule, theme, about)


def save_assessment(
    found: Assessment,
    folder: Path,
    *,
    title: str,
    areas: dict[str, Sequence[str]] | None = None,
    inputs: Iterable[Path] = (),
    sources: Sequence[provenance.Source] = (),
) -> list[Path]:
    """Write `map.html`, `wards.csv`, `ledger.csv` and `manifest.json`: all of them, or none.

    Parameters
    ----------
    found
        What `assess` returned.
    folder
        Where to write; made if it is not there. Other files in it stay.
    title
        The headline of the map.
    areas
        Named sets of ward codes to outline on the map.
    inputs
        The files that were read, for the manifest.
    sources
        Where they came from, for the map and the manifest.

    Raises
    ------
    InputError
        `folder` is a file, or the folder that you work in: it could not be replaced as a whole.
    """
    places = [
        place_area(
            found.wards,
            name=name,
            ward_codes=codes,
            table=found.table,
            theme=found.theme,
            period=found.period,
        )
        for name, codes in (areas or {}).items()
    ]
    page = ward_map(
        found.table,
        found.wards,
        theme=found.theme,
        period=found.period,
        areas=pd.concat(places) if places else None,
        title=title,
        sources=sources,
    )
    settings = {"rule": asdict(found.rule), "theme": found.theme, "period": found.period}
    manifest = provenance.manifest(found.table, inputs=inputs, settings=settings, sources=sources)
    files = {
        "wards.csv": as_csv(found.table),
        "ledger.csv": as_csv(found.ledger),
        "manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False) + "\n",
    }
    with whole_folder(folder) as draft:
        save_map(page, draft / "map.html")
        for name, content in files.items():
            whole_file(draft / name, content)
    return [folder / name for name in ("map.html", *files)]


def _step(bar: Any, done: str, result: Any) -> Any:
    bar.set_postfix_str(done)
    bar.update()
    return result
