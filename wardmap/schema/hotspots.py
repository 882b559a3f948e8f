"""What the hotspots room writes: statistics of clustering, with the p that could be reached."""

from wardmap.schema.column import Column

_GI = "table = wm.gi_star(table, graph)"
_SCAN = "table = wm.scan(table, wards)"

HOTSPOT_COLUMNS = (
    Column("gi_z", "number", "Getis-Ord Gi* as a standard score", "no variation, or not tested", _GI),
    Column("gi_p", "number", "share of arrangements at least as high, one-sided unless stated", "not testable", _GI),
    Column("gi_q", "number", "`gi_p` after Benjamini-Hochberg within the stated family", "not testable", _GI),
    Column("gi_attainable_p", "number", "the smallest p that this ward could ever have", "not testable", _GI),
    Column("gi_class", "category", "`hot spot`, `not distinguishable` or `not testable`; `cold spot` "
           "when cold was asked for", writer=_GI),
    Column("gi_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_GI),
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
)  # fmt: skip
