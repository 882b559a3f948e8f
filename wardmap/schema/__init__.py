"""The column dictionary of every table, as data, and the checks that enforce it.

The tables are the architecture. A room asks for the columns that it needs with `require`, adds its
own with `write`, and never calls another room. Each room's columns are in the file of its name;
`docs/tables.md` is printed from all of them.
"""

from wardmap.schema.change import AGAINST as AGAINST
from wardmap.schema.change import CHANGES as CHANGES
from wardmap.schema.change import TARGETS_MET as TARGETS_MET
from wardmap.schema.checks import alike as alike
from wardmap.schema.checks import check as check
from wardmap.schema.checks import found_words as found_words
from wardmap.schema.checks import nearest as nearest
from wardmap.schema.checks import refuse_halo as refuse_halo
from wardmap.schema.checks import require as require
from wardmap.schema.checks import write as write
from wardmap.schema.column import Column as Column
from wardmap.schema.column import Table as Table
from wardmap.schema.copies import named as named
from wardmap.schema.description import column as column
from wardmap.schema.description import explained_by as explained_by
from wardmap.schema.description import told as told
from wardmap.schema.evaluation import EVALUATION as EVALUATION
from wardmap.schema.evaluation import PROJECT as PROJECT
from wardmap.schema.evaluation import VERDICTS as VERDICTS
from wardmap.schema.hotspots import CLUSTERING as CLUSTERING
from wardmap.schema.hotspots import POWER as POWER
from wardmap.schema.join import COUNTED as COUNTED
from wardmap.schema.join import LEDGER as LEDGER
from wardmap.schema.join import MATCHES as MATCHES
from wardmap.schema.join import UNCERTAINTY as UNCERTAINTY
from wardmap.schema.priority import AREAS as AREAS
from wardmap.schema.priority import BASELINE as BASELINE
from wardmap.schema.priority import FLAGS as FLAGS
from wardmap.schema.rates import STATUSES as STATUSES
from wardmap.schema.read import COMPLETENESS as COMPLETENESS
from wardmap.schema.read import FOUND as FOUND
from wardmap.schema.read import POPULATION as POPULATION
from wardmap.schema.read import WARDS as WARDS
from wardmap.schema.resources import ALLOCATION as ALLOCATION
from wardmap.schema.resources import COVERAGE as COVERAGE
from wardmap.schema.resources import PLACES as PLACES
from wardmap.schema.selection import families as families
from wardmap.schema.selection import in_order as in_order
from wardmap.schema.selection import select as select
from wardmap.schema.tables import INCIDENTS as INCIDENTS
from wardmap.schema.tables import TABLES as TABLES
from wardmap.schema.tables import WARD_TABLE as WARD_TABLE
from wardmap.schema.tables import as_markdown as as_markdown
