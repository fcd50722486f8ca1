"""Whether a scene moves, at a hundredth of the cost of reading it."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Thumb: TypeAlias = NDArray[np.int16]

CELLS = (40, 30)  # of the small picture: wide, high
STEP = 6  # grey levels by which one cell must differ


class Change:
    """Compares each frame with the last one that had changed, so that what creeps is seen, too.

    A cell is the mean of hundreds of pixels, in which a sensor's noise is far below STEP; the median of all cells is
    taken out, for lamps flicker and cameras set their exposure.
    """

    def __init__(self) -> None:
        self._thumb: Thumb | None = None

    def seen(self, grey: NDArray[np.uint8]) -> bool:
        """Whether this frame (rows, columns) shows anything new; the first one does."""
        thumb = cv2.resize(grey, CELLS, interpolation=cv2.INTER_AREA).astype(np.int16)
        if self._thumb is not None:
            apart = thumb - self._thumb
            if np.abs(apart - int(np.median(apart))).max() < STEP:
                return False
        self._thumb = thumb
        return True
