from .assign import assign_wards as assign_wards
from .ledger_table import ledger as ledger
from .streamed_counts import count_files as count_files
from .uncertainty import boundary_uncertainty as boundary_uncertainty
from .uncertainty import redraw_counts as redraw_counts
