"""How a row was matched, as small numbers: positions in `schema.MATCHES`."""

import numpy as np
import numpy.typing as npt

from wardmap import schema

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int32]
Matches = npt.NDArray[np.int8]

CODE = {name: np.int8(position) for position, name in enumerate(schema.MATCHES)}

MATCH_OF: Matches = np.array([CODE["within"], CODE["no_location"], CODE["invalid"]])
"""The match of a row by its `location`; a located row is still to be placed."""
