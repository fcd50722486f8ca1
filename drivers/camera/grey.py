"""What all here look at."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.uint8]
"""A picture as (rows, columns), 0 black to 255 white."""
