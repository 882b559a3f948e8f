"""wardmap: from incidents and ward boundaries to priority wards, with the doubt stated.

The front door: the public names, each loaded when it is first used, and no logic.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardmap import demo as demo
    from wardmap import errors as errors
    from wardmap import schema as schema
    from wardmap.hotspots.detectable import detectable as detectable
    from wardmap.hotspots.emerging import emerging as emerging
    from wardmap.hotspots.local import gi_star as gi_star
    from wardmap.hotspots.local_moran import local_moran as local_moran
    from wardmap.hotspots.moran import moran as moran
    from wardmap.hotspots.neighbours import neighbours as neighbours
    from wardmap.hotspots.neighbours_file import read_neighbours as read_neighbours
    from wardmap.hotspots.scan import scan as scan
    from wardmap.hotspots.scan_time import scan_space_time as scan_space_time
    from wardmap.hotspots.standardise import standardise_rates as standardise_rates
    from wardmap.join.assign import assign_wards as assign_wards
    from wardmap.join.ledger import ledger as ledger
    from wardmap.join.stream import count_files as count_files
    from wardmap.join.uncertainty import boundary_uncertainty as boundary_uncertainty
    from wardmap.join.uncertainty import redraw_counts as redraw_counts
    from wardmap.maps.compare_maps import compare_maps as compare_maps
    from wardmap.maps.map_set import save_map_set as save_map_set
    from wardmap.maps.offline import save_map as save_map
    from wardmap.maps.ward_map import ward_map as ward_map
    from wardmap.priority.allocation import allocate as allocate
    from wardmap.priority.allocation import compare_allocations as compare_allocations
    from wardmap.priority.areas import place_area as place_area
    from wardmap.priority.baseline import area_baseline as area_baseline
    from wardmap.priority.coverage import coverage as coverage
    from wardmap.priority.editions import compare_editions as compare_editions
    from wardmap.priority.editions import compare_rules as compare_rules
    from wardmap.priority.evaluation import evaluate_flags as evaluate_flags
    from wardmap.priority.grow import grow_area as grow_area
    from wardmap.priority.places import patrol_places as patrol_places
    from wardmap.priority.project import evaluate_project as evaluate_project
    from wardmap.priority.rule import PriorityRule as PriorityRule
    from wardmap.priority.rule import flag_wards as flag_wards
    from wardmap.priority.stability import rank_stability as rank_stability
    from wardmap.priority.suggest import suggest_areas as suggest_areas
    from wardmap.provenance import Source as Source
    from wardmap.rates.against import compare_change as compare_change
    from wardmap.rates.change import compare_periods as compare_periods
    from wardmap.rates.comparison import compare as compare
    from wardmap.rates.concentration import concentration as concentration
    from wardmap.rates.concentration import lorenz as lorenz
    from wardmap.rates.counts import count_incidents as count_incidents
    from wardmap.rates.funnel import funnel_limits as funnel_limits
    from wardmap.rates.group import compare_group as compare_group
    from wardmap.rates.harm import weigh_harm as weigh_harm
    from wardmap.rates.pooled import compare_wards as compare_wards
    from wardmap.rates.rate import add_rates as add_rates
    from wardmap.rates.reconcile import implied_population as implied_population
    from wardmap.rates.reconcile import reconcile as reconcile
    from wardmap.rates.smoothing import smooth_rates as smooth_rates
    from wardmap.rates.targets import track_targets as track_targets
    from wardmap.rates.trend import trend as trend
    from wardmap.read.completeness import completeness as completeness
    from wardmap.read.describe import describe_incidents as describe_incidents
    from wardmap.read.download import fetch_wards as fetch_wards
    from wardmap.read.incidents import read_incidents as read_incidents
    from wardmap.read.names import resolve_wards as resolve_wards
    from wardmap.read.nomis import fetch_population as fetch_population
    from wardmap.read.overlap import overlap_lookup as overlap_lookup
    from wardmap.read.plan_themes import plan_themes as plan_themes
    from wardmap.read.population import read_population as read_population
    from wardmap.read.rebase import rebase as rebase
    from wardmap.read.wards import read_wards as read_wards

__version__ = "0.1.0"

_HOME = {
    "PriorityRule": "priority.rule",
    "Source": "provenance",
    "add_rates": "rates.rate",
    "allocate": "priority.allocation",
    "area_baseline": "priority.baseline",
    "assign_wards": "join.assign",
    "boundary_uncertainty": "join.uncertainty",
    "compare": "rates.comparison",
    "compare_allocations": "priority.allocation",
    "compare_change": "rates.against",
    "compare_editions": "priority.editions",
    "compare_group": "rates.group",
    "compare_maps": "maps.compare_maps",
    "compare_periods": "rates.change",
    "compare_rules": "priority.editions",
    "compare_wards": "rates.pooled",
    "completeness": "read.completeness",
    "concentration": "rates.concentration",
    "count_files": "join.stream",
    "count_incidents": "rates.counts",
    "coverage": "priority.coverage",
    "describe_incidents": "read.describe",
    "detectable": "hotspots.detectable",
    "emerging": "hotspots.emerging",
    "evaluate_flags": "priority.evaluation",
    "evaluate_project": "priority.project",
    "fetch_population": "read.nomis",
    "fetch_wards": "read.download",
    "flag_wards": "priority.rule",
    "funnel_limits": "rates.funnel",
    "gi_star": "hotspots.local",
    "grow_area": "priority.grow",
    "implied_population": "rates.reconcile",
    "ledger": "join.ledger",
    "local_moran": "hotspots.local_moran",
    "lorenz": "rates.concentration",
    "moran": "hotspots.moran",
    "neighbours": "hotspots.neighbours",
    "read_neighbours": "hotspots.neighbours_file",
    "overlap_lookup": "read.overlap",
    "patrol_places": "priority.places",
    "place_area": "priority.areas",
    "plan_themes": "read.plan_themes",
    "rank_stability": "priority.stability",
    "read_incidents": "read.incidents",
    "read_population": "read.population",
    "read_wards": "read.wards",
    "rebase": "read.rebase",
    "redraw_counts": "join.uncertainty",
    "reconcile": "rates.reconcile",
    "resolve_wards": "read.names",
    "save_map": "maps.offline",
    "save_map_set": "maps.map_set",
    "scan": "hotspots.scan",
    "scan_space_time": "hotspots.scan_time",
    "smooth_rates": "rates.smoothing",
    "standardise_rates": "hotspots.standardise",
    "suggest_areas": "priority.suggest",
    "track_targets": "rates.targets",
    "trend": "rates.trend",
    "ward_map": "maps.ward_map",
    "weigh_harm": "rates.harm",
}
_MODULES = ("demo", "errors", "schema")

__all__ = sorted([*_HOME, *_MODULES])  # noqa: PLE0605 - the two lists above are the one list


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"wardmap.{name}")
    if name in _HOME:
        return getattr(import_module(f"wardmap.{_HOME[name]}"), name)
    raise AttributeError(f"module 'wardmap' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
