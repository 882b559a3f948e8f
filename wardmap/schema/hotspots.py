"""What the hotspots room writes: statistics of clustering, with the p that could be reached."""

from wardmap.schema.column import Column, Table

_GI = "table = wm.gi_star(table, graph)"
_LOCAL = 'table = wm.hotspots.local_moran(table, graph, variable="standard_rate")'
_STANDARD = "table = wm.hotspots.standardise_rates(table)"
_POWER = "wm.hotspots.detectable(table, wards, graph)"
_MORAN = 'wm.hotspots.moran(table, graph, variable="standard_rate")'
_SCAN = "table = wm.scan(table, wards)"
_EMERGING = "table = wm.hotspots.emerging(table, graph)"
_TIME = "table = wm.hotspots.scan_space_time(table, wards)"

HOTSPOT_COLUMNS = (
    Column("gi_z", "number", "Getis-Ord Gi* as a standard score", "no variation, or not tested", _GI),
    Column("gi_p", "number", "share of arrangements at least as high, one-sided unless stated", "not testable", _GI),
    Column("gi_q", "number", "`gi_p` after Benjamini-Hochberg within the stated family", "not testable", _GI),
    Column("gi_attainable_p", "number", "the smallest p that this ward could have", "not testable", _GI),
    Column("gi_class", "category", "`hot spot`, `not distinguishable` or `not testable`; `cold spot` "
           "when cold was asked for", writer=_GI),
    Column("gi_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_GI),
    Column("standard_rate", "number", "standard deviations of the rate from that of all wards, size allowed for",
           "incidents not known, nobody lives there, or no incidents at all", _STANDARD),
    Column("standard_rate_method", "category", "how rates were standardised, in a sentence", writer=_STANDARD),
    Column("moran_i", "number", "local Moran's I: above 0 where ward and neighbours are alike", "not testable", _LOCAL),
    Column("moran_lag", "number", "mean of the neighbours in standard deviations", "not testable", _LOCAL),
    Column("moran_z", "number", "`moran_i` as a standard score, given the ward's own value", "not testable", _LOCAL),
    Column("moran_p", "number", "share of arrangements as extreme, two-sided unless stated", "not testable", _LOCAL),
    Column("moran_q", "number", "`moran_p` after Benjamini-Hochberg within the stated family", "not testable", _LOCAL),
    Column("moran_attainable_p", "number", "the smallest p that this ward could have", "not testable", _LOCAL),
    Column("moran_class", "category", "`high-high`, `low-low`, `high-low`, `low-high`, `not distinguishable` or "
           "`not testable`", writer=_LOCAL),
    Column("moran_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_LOCAL),
    Column("scan_cluster", "whole number", "1 for the most likely cluster of the theme and period, 2 for the next",
           "in no cluster", _SCAN),
    Column("scan_p", "number", "share of random maps with a zone as good: the cluster's p, search included",
           "in no cluster", _SCAN),
    Column("scan_llr", "number", "the cluster's log likelihood ratio", "in no cluster", _SCAN),
    Column("scan_incidents", "whole number", "incidents in the cluster", "in no cluster", _SCAN),
    Column("scan_expected", "number", "incidents that its share of the people would have", "in no cluster", _SCAN),
    Column("scan_ratio", "number", "rate in the cluster over that outside; infinite when it holds every incident",
           "in no cluster", _SCAN),
    Column("scan_class", "category", "`cluster`, `not distinguishable` or `not testable`", writer=_SCAN),
    Column("scan_method", "category", "zones, random maps and family, in a sentence", writer=_SCAN),
    Column("scan_time_cluster", "whole number", "1 for the most likely cluster of the theme in space and time",
           "the ward is in no cluster in this period", _TIME),
    Column("scan_time_p", "number", "share of random maps with a cylinder as good, search included",
           "in no cluster", _TIME),
    Column("scan_time_llr", "number", "the cluster's log likelihood ratio", "in no cluster", _TIME),
    Column("scan_time_incidents", "whole number", "incidents in the cluster, all its periods", "in no cluster", _TIME),
    Column("scan_time_expected", "number", "incidents expected in it", "in no cluster", _TIME),
    Column("scan_time_ratio", "number", "incidents over expected in the cluster, over the same outside it",
           "in no cluster", _TIME),
    Column("scan_time_class", "category", "`cluster`, `not distinguishable` or `not testable`", writer=_TIME),
    Column("scan_time_method", "category", "cylinders, random maps and family, in a sentence", writer=_TIME),
    Column("emerging_z", "number", "Gi* of the ward in the period, as a standard score", "not testable", _EMERGING),
    Column("emerging_p", "number", "its p, two-sided", "not testable", _EMERGING),
    Column("emerging_q", "number", "its p after Benjamini-Hochberg over the window", "not testable", _EMERGING),
    Column("emerging_bin", "category", "`hot`, `cold`, `neither` or `not testable` in this period", writer=_EMERGING),
    Column("emerging_hot_share", "number", "share of periods in which the ward is hot", writer=_EMERGING),
    Column("emerging_cold_share", "number", "share of periods in which the ward is cold", writer=_EMERGING),
    Column("emerging_trend_z", "number", "Mann-Kendall of Gi* over the periods", "not testable in some period", _EMERGING),
    Column("emerging_trend_p", "number", "its p, two-sided", "not testable in some period", _EMERGING),
    Column("emerging_class", "category", "`new hot spot` to `historical cold spot`, `no pattern` or `not testable`",
           writer=_EMERGING),
    Column("emerging_method", "category", "Gi*, window, family and trend, in a sentence", writer=_EMERGING),
)  # fmt: skip

CLUSTERING = Table(
    "clustering",
    "one row per theme and period: is there any pattern at all",
    ("theme", "period"),
    (
        Column("moran_i", "number", "Moran's I: above 0 where neighbours are alike", "no variation", _MORAN),
        Column("moran_expected", "number", "its expectation when there is no pattern", "no variation", _MORAN),
        Column("moran_z", "number", "its standard score under randomisation", "no variation", _MORAN),
        Column("moran_p", "number", "share of dealings as extreme, one-sided unless stated", "no variation", _MORAN),
        Column("moran_wards", "whole number", "wards that took part", writer=_MORAN),
        Column("moran_method", "category", "variable, neighbours and dealings, in a sentence", writer=_MORAN),
    ),
)  # fmt: skip

POWER = Table(
    "power",
    "one row per theme and period: how strong a cluster must be to be found",
    ("theme", "period"),
    (
        Column("power_incidents", "whole number", "incidents in all wards", writer=_POWER),
        Column("power_gi", "number", "smallest rate ratio that Gi* finds", "not even 6 is found", _POWER),
        Column("power_scan", "number", "smallest rate ratio that the scan finds", "not even 6 is found", _POWER),
        Column("power_method", "category", "maps, ratios and limits, in a sentence", writer=_POWER),
    ),
)  # fmt: skip
