"""What the hotspots room writes: statistics of clustering, with the p that could be reached."""

from wardmap.schema.column import Column

_GI = "table = wm.gi_star(table, graph)"

HOTSPOT_COLUMNS = (
    Column("gi_z", "number", "Getis-Ord Gi* as a standard score", "no variation, or not tested", _GI),
    Column("gi_p", "number", "share of arrangements at least as high, one-sided unless stated", "not testable", _GI),
    Column("gi_q", "number", "`gi_p` after Benjamini-Hochberg within the stated family", "not testable", _GI),
    Column("gi_attainable_p", "number", "the smallest p that this ward could ever have", "not testable", _GI),
    Column("gi_class", "category", "`hot spot`, `not distinguishable` or `not testable`; `cold spot` "
           "when cold was asked for", writer=_GI),
    Column("gi_method", "category", "variable, neighbours, permutations and family, in a sentence", writer=_GI),
)  # fmt: skip
