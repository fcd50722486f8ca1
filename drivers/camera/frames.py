"""Grey frames from a camera, a film or a row of pictures: OpenCV opens them all, and here alone."""

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.config import Config
from drivers.camera.grey import Grey
from drivers.line import LineLost

cv2.setNumThreads(1)
cv2.utils.logging.setLogLevel(
    cv2.utils.logging.LOG_LEVEL_SILENT
)  # it complains of every camera that is not there


class Frames(Protocol):
    """Where pictures come from."""

    def frame(self) -> Grey:
        """The next one. Raises LineLost when there is none."""

    def close(self) -> None: ...


class Capture:
    """What a Config names, opened. Raises LineLost. A device keeps one frame at most, so that none is old."""

    def __init__(self, config: Config) -> None:
        self._name = config.device
        device = config.device.startswith("/dev/")
        self._capture = cv2.VideoCapture(config.device, cv2.CAP_V4L2 if device else cv2.CAP_ANY)
        if not self._capture.isOpened():
            raise LineLost(f"{self._name}: no camera, film or row of pictures")
        if device:
            for what, value in (
                (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
                (cv2.CAP_PROP_FRAME_WIDTH, config.size[0]),
                (cv2.CAP_PROP_FRAME_HEIGHT, config.size[1]),
                (cv2.CAP_PROP_FPS, config.rate),
                (cv2.CAP_PROP_BUFFERSIZE, 1),
            ):
                self._capture.set(what, value)  # a camera that cannot gives what it has

    def frame(self) -> Grey:
        there, frame = self._capture.read()
        if not there:
            raise LineLost(f"{self._name}: no more frames")
        grey = frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        return np.asarray(grey, np.uint8)

    def close(self) -> None:
        self._capture.release()


def picture(path: Path) -> Grey:
    """One picture from a file. Raises LineLost."""
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise LineLost(f"{path}: not a picture, or not there")
    return np.asarray(grey, np.uint8)
