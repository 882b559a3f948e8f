"""What the hotspots room writes: statistics of clustering, with the p that could be reached."""

from wardmap.schema.column import Column, Table, Tone
from wardmap.schema.reading import READING

_GI = "table = wm.gi_star(table, graph)"
_LOCAL = 'table = wm.hotspots.local_moran(table, graph, variable="standard_rate")'
_STANDARD = "table = wm.rates.standardise_rates(table)"
_POWER = "wm.hotspots.detectable(table, wards, graph)"
_MORAN = 'wm.hotspots.moran(table, graph, variable="standard_rate")'
_SCAN = "table = wm.scan(table, wards)"
_EMERGING = "table = wm.hotspots.emerging(table, graph)"
_TIME = "table = wm.hotspots.scan_space_time(table, wards)"

_QUADRANTS: tuple[tuple[str, Tone], ...] = (
    ("low-low", "low"), ("low-high", "lowered"), ("not distinguishable", "middle"), ("high-low", "raised"),
    ("high-high", "high"),
)  # fmt: skip
_PATTERNS: tuple[tuple[str, Tone], ...] = (
    *((f"{kind} cold spot", "low") for kind in ("new", "consecutive", "intensifying", "persistent")),
    *((f"{kind} cold spot", "lowered") for kind in ("diminishing", "sporadic", "oscillating", "historical")),
    ("no pattern", "middle"),
    *((f"{kind} hot spot", "raised") for kind in ("historical", "oscillating", "sporadic", "diminishing")),
    *((f"{kind} hot spot", "high") for kind in ("persistent", "intensifying", "consecutive", "new")),
)

HOTSPOT_COLUMNS = (
    Column("gi_z", "number", "Getis-Ord Gi* as a standard score", "no variation, or not tested", _GI, scale="score", label="Gi* score", tested_by="gi_class", example="2.31"),
    Column("gi_p", "number", "share of arrangements at least as high, one-sided unless stated", "not testable", _GI, scale="probability", label="Gi* p", tested_by="gi_class"),
    Column("gi_q", "number", "`gi_p` after Benjamini-Hochberg within the stated family", "not testable", _GI, scale="probability", label="Gi* q", tested_by="gi_class"),
    Column("gi_attainable_p", "number", "the smallest p that this ward could have", "not testable", _GI, scale="probability", tested_by="gi_class"),
    Column("gi_class", "category", "`hot spot`, `not distinguishable` or `not testable`; `cold spot` "
           "when cold was asked for", writer=_GI, label="Cluster test (Gi*)", example="hot spot", words=(("cold spot", "low"), ("not distinguishable", "middle"), ("hot spot", "high")), reading=READING["gi"]),
    Column("gi_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_GI),
    Column("standard_rate", "number", "standard deviations of the rate from that of all wards, size allowed for",
           "incidents not known, nobody lives there, or no incidents at all", _STANDARD, scale="score", label="Standardised rate"),
    Column("standard_rate_method", "category", "how rates were standardised, in a sentence", writer=_STANDARD),
    Column("moran_i", "number", "local Moran's I: above 0 where ward and neighbours are alike", "not testable", _LOCAL, tested_by="moran_class"),
    Column("moran_lag", "number", "mean of the neighbours in standard deviations", "not testable", _LOCAL, scale="score", tested_by="moran_class"),
    Column("moran_z", "number", "`moran_i` as a standard score, given the ward's own value", "not testable", _LOCAL, scale="score", tested_by="moran_class"),
    Column("moran_p", "number", "share of arrangements as extreme, two-sided unless stated", "not testable", _LOCAL, scale="probability", tested_by="moran_class"),
    Column("moran_q", "number", "`moran_p` after Benjamini-Hochberg within the stated family", "not testable", _LOCAL, scale="probability", tested_by="moran_class"),
    Column("moran_attainable_p", "number", "the smallest p that this ward could have", "not testable", _LOCAL, scale="probability", tested_by="moran_class"),
    Column("moran_class", "category", "`high-high`, `low-low`, `high-low`, `low-high`, `not distinguishable` or "
           "`not testable`", writer=_LOCAL, words=_QUADRANTS),
    Column("moran_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_LOCAL),
    Column("scan_cluster", "whole number", "1 for the most likely cluster of the theme and period, 2 for the next",
           "in no cluster", _SCAN, label="Cluster number (scan)", tested_by="scan_class"),
    Column("scan_p", "number", "share of random maps with a zone as good: the cluster's p, search included",
           "in no cluster", _SCAN, scale="probability", tested_by="scan_class"),
    Column("scan_llr", "number", "the cluster's log likelihood ratio", "in no cluster", _SCAN, tested_by="scan_class"),
    Column("scan_incidents", "whole number", "incidents in the cluster", "in no cluster", _SCAN, tested_by="scan_class"),
    Column("scan_expected", "number", "incidents that its share of the people would have", "in no cluster", _SCAN, scale="count", tested_by="scan_class"),
    Column("scan_ratio", "number", "rate in the cluster over that outside; infinite when it holds every incident",
           "in no cluster", _SCAN, scale="ratio", tested_by="scan_class"),
    Column("scan_class", "category", "`cluster`, `not distinguishable` or `not testable`", writer=_SCAN, label="Cluster (scan)", example="cluster", words=(("not distinguishable", "middle"), ("cluster", "high"))),
    Column("scan_method", "category", "zones, random maps and family, in a sentence", writer=_SCAN),
    Column("scan_time_cluster", "whole number", "1 for the most likely cluster of the theme in space and time",
           "the ward is in no cluster in this period", _TIME, tested_by="scan_time_class"),
    Column("scan_time_p", "number", "share of random maps with a cylinder as good, search included",
           "in no cluster", _TIME, scale="probability", tested_by="scan_time_class"),
    Column("scan_time_llr", "number", "the cluster's log likelihood ratio", "in no cluster", _TIME, tested_by="scan_time_class"),
    Column("scan_time_incidents", "whole number", "incidents in the cluster, all its periods", "in no cluster", _TIME, tested_by="scan_time_class"),
    Column("scan_time_expected", "number", "incidents expected in it", "in no cluster", _TIME, scale="count", tested_by="scan_time_class"),
    Column("scan_time_ratio", "number", "incidents over expected in the cluster, over the same outside it",
           "in no cluster", _TIME, scale="ratio", tested_by="scan_time_class"),
    Column("scan_time_class", "category", "`cluster`, `not distinguishable` or `not testable`", writer=_TIME, label="Cluster in space and time", words=(("not distinguishable", "middle"), ("cluster", "high"))),
    Column("scan_time_method", "category", "cylinders, random maps and family, in a sentence", writer=_TIME),
    Column("emerging_z", "number", "Gi* of the ward in the period, as a standard score", "not testable", _EMERGING, scale="score", tested_by="emerging_class"),
    Column("emerging_p", "number", "its p, two-sided", "not testable", _EMERGING, scale="probability", tested_by="emerging_class"),
    Column("emerging_q", "number", "its p after Benjamini-Hochberg over the window", "not testable", _EMERGING, scale="probability", tested_by="emerging_class"),
    Column("emerging_bin", "category", "`hot`, `cold`, `neither` or `not testable` in this period", writer=_EMERGING, tested_by="emerging_class", words=(("cold", "low"), ("neither", "middle"), ("hot", "high"))),
    Column("emerging_hot_share", "number", "share of periods in which the ward is hot", writer=_EMERGING, scale="share", tested_by="emerging_class"),
    Column("emerging_cold_share", "number", "share of periods in which the ward is cold", writer=_EMERGING, scale="share", tested_by="emerging_class"),
    Column("emerging_trend_z", "number", "Mann-Kendall of Gi* over the periods", "not testable in some period", _EMERGING, scale="score", tested_by="emerging_class"),
    Column("emerging_trend_p", "number", "its p, two-sided", "not testable in some period", _EMERGING, scale="probability", tested_by="emerging_class"),
    Column("emerging_class", "category", "`new hot spot` to `historical cold spot`, `no pattern` or `not testable`",
           writer=_EMERGING, label="Emerging hot spot", words=_PATTERNS),
    Column("emerging_method", "category", "Gi*, window, family and trend, in a sentence", writer=_EMERGING),
)  # fmt: skip

CLUSTERING = Table(
    "clustering",
    "one row per theme and period: is there any pattern at all",
    ("theme", "period"),
    (
        Column("moran_i", "number", "Moran's I: above 0 where neighbours are alike", "no variation", _MORAN, tested_by="moran_class"),
        Column("moran_expected", "number", "its expectation when there is no pattern", "no variation", _MORAN, tested_by="moran_class"),
        Column("moran_z", "number", "its standard score under randomisation", "no variation", _MORAN, scale="score", tested_by="moran_class"),
        Column("moran_p", "number", "share of dealings as extreme, one-sided unless stated", "no variation", _MORAN, scale="probability", tested_by="moran_class"),
        Column("moran_wards", "whole number", "wards that took part", writer=_MORAN, tested_by="moran_class"),
        Column("moran_method", "category", "variable, neighbours and dealings, in a sentence", writer=_MORAN),
    ),
)  # fmt: skip

POWER = Table(
    "power",
    "one row per theme and period: how strong a cluster must be to be found",
    ("theme", "period"),
    (
        Column("power_incidents", "whole number", "incidents in all wards", writer=_POWER),
        Column("power_gi", "number", "smallest rate ratio that Gi* finds", "not even 6 is found", _POWER, scale="ratio"),
        Column("power_scan", "number", "smallest rate ratio that the scan finds", "not even 6 is found", _POWER, scale="ratio"),
        Column("power_method", "category", "maps, ratios and limits, in a sentence", writer=_POWER),
    ),
)  # fmt: skip
