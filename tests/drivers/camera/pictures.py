"""Pictures of codes as a camera may see them: drawn by zxing's own writer, laid on a counter."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from drivers.camera.grey import Grey

WIDE, HIGH = 640, 480
FORMATS = {
    "EAN-13": zxingcpp.BarcodeFormat.EAN13,
    "EAN-8": zxingcpp.BarcodeFormat.EAN8,
    "UPC-A": zxingcpp.BarcodeFormat.UPCA,
    "UPC-E": zxingcpp.BarcodeFormat.UPCE,
    "ITF": zxingcpp.BarcodeFormat.ITF,
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "QR": zxingcpp.BarcodeFormat.QRCode,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "DataBar": zxingcpp.BarcodeFormat.DataBarOmni,
    "DataBarLimited": zxingcpp.BarcodeFormat.DataBarLtd,
    "DataBarExp": zxingcpp.BarcodeFormat.DataBarExp,
}


def symbol(name: str, text: str, scale: int = 3) -> Grey:
    """The symbol alone with its quiet zone, so many pixels a module."""
    bars = zxingcpp.create_barcode(text, FORMATS[name]).to_image(scale=scale)
    return np.array(bars, np.uint8)


def counter(level: int = 90) -> Grey:
    """The empty counter."""
    return np.full((HIGH, WIDE), level, np.uint8)


def laid(picture: Grey, *symbols: Grey, left: int = 40, top: int = 60) -> Grey:
    """A copy of the picture with the symbols on it, one under the other."""
    picture = picture.copy()
    for each in symbols:
        high, wide = each.shape
        picture[top : top + high, left : left + wide] = each
        top += high + 20
    return picture


def noisy(picture: NDArray[np.integer], seed: int, sigma: float = 3.0) -> Grey:
    """As a sensor would see it: no two frames are the same."""
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def blurred(picture: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)
