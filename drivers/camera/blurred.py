"""EAN-13 and UPC-A out of focus: not edges are looked for, which are gone, but the number whose bars, blurred, explain
the picture best.

Where many edges run one way, a strip across them is cut out and its rows are averaged to profiles. For a first guess of
place, width and blur the nearest number is found (`ink`), with that number place, width, bend, blur and contrast are
bettered by least squares, and so on in turns. On the photographs right numbers leave 0.06 to 0.2 unexplained, wrong
ones 0.3 and more, or others come near them. It reads from left to right only, on a picture turned by less than 90°.
"""

import math
from itertools import pairwise

import cv2
import numpy as np
from msgspec import Struct

from drivers.camera.grey import Grey
from drivers.camera.ink import AT, BLUR, MODULES, Floats, ink
from kiosk.barcode.digits import check_digit

ALONG = AT / MODULES
# What background and contrast may do along a code.
SLOW = np.stack([np.ones_like(ALONG), 2 * ALONG - 1, (2 * ALONG - 1) ** 2], 1)
# Lenses blur light; cameras bend its scale afterwards.
LIGHT = (255 * (np.arange(256) / 255) ** 1.6).astype(np.float32)

SIDE, ROWS = 360, 64  # pixels: of the picture that is looked at, of a strip
AROUND = (21, 21)  # cells of two pixels, in which edges are gathered
BANDS = (slice(24, 40), slice(8, 24), slice(40, 56))  # rows of a strip that make a profile
SPACES = (6, 29)  # between the bars, of those that blur leaves to be seen
FINEST = 0.9  # pixels in a module
SIGMAS = (1.7, 0.8)  # modules: the blur to begin with
BEND = 0.02  # four times what the middle of a code is off, as a share of its width
TURNS = 8
HOPELESS = 2.0  # left after three turns
LEFT_OVER = 0.2  # squares of ink that a number may leave unexplained
MARGIN = 0.15  # of that: what any other number must leave in addition


# ---- place


class Place(Struct, frozen=True):
    """Where a code lies on a profile: pixels of its first and last bar, its bend, and its blur in modules."""

    first: float
    last: float
    bend: float = 0.0
    sigma: float = 0.8


def sampled(profile: Floats, first: Floats, last: Floats, bend: Floats) -> Floats:
    """A row of samples for each of these places."""
    at = first[:, None] + (last - first)[:, None] * (ALONG + bend[:, None] * ALONG * (1 - ALONG))
    at = np.clip(at, 0, len(profile) - 1.001)
    low = at.astype(np.intp)
    return profile[low] + (profile[low + 1] - profile[low]) * (at - low).astype(np.float32)


def spans(profile: Floats) -> list[tuple[int, int]]:
    """From which falling edge to which rising one a code may reach: quiet on both sides, and none within."""
    slope = np.gradient(cv2.GaussianBlur(profile[None], (0, 0), 1.0)[0])
    steep: Floats = np.abs(slope)
    least = max(0.6, 0.08 * float(np.percentile(steep, 97)))
    peaks = 1 + np.flatnonzero(
        (steep[1:-1] >= steep[:-2]) & (steep[1:-1] > steep[2:]) & (steep[1:-1] > least)
    )
    turns = [(0, True), *((int(at), bool(slope[at] > 0)) for at in peaks), (len(profile) - 1, False)]
    bright = [(a, b) for (a, rises), (b, still) in pairwise(turns) if rises and not still]
    found = []
    for i, (begins, first) in enumerate(bright):
        for j in range(i + SPACES[0] + 1, min(i + SPACES[1] + 2, len(bright))):
            last, ends = bright[j]
            module = (last - first) / MODULES
            quiet = min(first - begins, ends - last) / module if module >= FINEST else 0.0
            if quiet >= 3 and max(b - a for a, b in bright[i + 1 : j]) <= 7 * module:
                found.append((quiet, first, last))
    return [(first, last) for _, first, last in sorted(found, reverse=True)]


def normal(profile: Floats, first: int, last: int) -> Floats:
    """0 where it is as bright as the quiet beside the bars, 1 for their ink, of which two codes have as much: 0.47."""
    module = (last - first) / MODULES
    quiet = [
        profile[max(0, int(at)) : int(at + 6 * module) + 1] for at in (first - 7 * module, last + module)
    ]
    white = [float(each.max()) if len(each) else 255.0 for each in quiet]
    at = (np.arange(len(profile), dtype=np.float32) - first) / (last - first)
    dark = white[0] + (white[1] - white[0]) * at - profile
    middle = (first + last) // 2
    left, right = dark[first:middle].mean() / 0.47, dark[middle:last].mean() / 0.47
    return np.asarray(dark / np.maximum(left + (right - left) * (2 * at - 0.5), 5), np.float32)


def begun(profile: Floats, first: int, last: int) -> list[Place]:
    """For each of SIGMAS the best place near these edges."""
    steps = np.linspace(-1.4, 1.4, 5, dtype=np.float32) * (last - first) / MODULES
    firsts, lasts = (each.ravel() for each in np.meshgrid(first + steps, last + steps))
    bends = np.full_like(firsts, BEND)
    samples = sampled(profile, firsts, lasts, bends)
    places = []
    for sigma in SIGMAS:
        at = int(ink(sigma).least(samples).argmin())
        places.append(Place(float(firsts[at]), float(lasts[at]), BEND, sigma))
    return places


def bettered(even: Floats, slope: Floats, place: Place, number: str) -> tuple[Place, Floats]:
    """A place where this number explains the profile better, and the samples of now with their contrast made even.

    The place is moved by one step of least squares; that of background and contrast alone goes before it, for taken
    with the place they would explain a wrong number too well.
    """
    exact, more = (ink(place.sigma + by).drawn(number) for by in (0, 0.1))
    samples, slopes = one(even, place), one(slope, place)
    shown = np.concatenate([SLOW, SLOW * exact[:, None]], 1)
    held = solved(shown, samples)
    gain = np.maximum(SLOW @ held[3:], 0.2)
    wide, module = place.last - place.first, (place.last - place.first) / MODULES
    moves = [
        -slopes * (1 - ALONG),
        -slopes * ALONG,
        -slopes * wide * ALONG * (1 - ALONG),
        gain * (more - exact),
    ]
    most = (0.7 * module, 0.7 * module, 0.03, 1.5)
    step = solved(np.concatenate([shown, np.stack(moves, 1)], 1), samples)[6:]
    first, last, bend, blur = map(float, np.clip(step, np.negative(most), most))
    moved = Place(
        first=place.first + first,
        last=place.last + last,
        bend=min(max(place.bend + bend, -0.12), 0.12),
        sigma=min(max(place.sigma + 0.1 * blur, BLUR[0]), BLUR[1]),
    )
    return moved, np.asarray((samples - SLOW @ held[:3]) / gain)


def solved(columns: Floats, values: Floats) -> Floats:
    """Least squares, with so little of a ridge that no columns are too much alike."""
    square = columns.T @ columns + 1e-5 * np.eye(columns.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(square, columns.T @ values), np.float32)


def one(profile: Floats, place: Place) -> Floats:
    """The samples of one place."""
    where = np.array([[place.first], [place.last], [place.bend]], np.float32)
    return np.asarray(sampled(profile, *where)[0])


# ---- number


class Fit(Struct, frozen=True):
    """The number that explains a profile best, and whether it is to be believed: it leaves no more unexplained than
    right numbers do, its check digit is right, which nobody made so, and no other number comes near."""

    number: str
    place: Place
    sure: bool


def fitted(even: Floats, place: Place) -> Fit:
    """Number and place, each for the other's sake, in turns."""
    slope = np.gradient(even)
    samples, number, left = one(even, place), "", math.inf
    for turn in range(TURNS):
        if turn == 3 and left > HOPELESS:
            break
        before = left
        left, now = ink(place.sigma).nearest(samples)
        if now == number and left > 0.9 * before:
            break
        number = now
        place, samples = bettered(even, slope, place, number)
    sure = left <= LEFT_OVER and check_digit(number[:-1]) == int(number[-1])
    return Fit(number, place, sure and ink(place.sigma).margin(samples, number) >= MARGIN * left)


def number_of(strip: Floats) -> str | None:
    """What is written across this strip (rows along the bars), if two bands of it say so."""
    bands = [strip[rows].mean(0) for rows in BANDS]
    for first, last in spans(bands[0])[:1]:
        even, *others = (normal(band, first, last) for band in bands)
        for place in begun(even, first, last):
            fit = fitted(even, place)
            if fit.sure and any(
                again.sure and again.number == fit.number
                for again in (fitted(other, fit.place) for other in others)
            ):
                return fit.number
    return None


# ---- picture


def found(grey: Grey) -> tuple[float, float, float] | None:
    """Where many edges side by side run one way: x, y, and the direction across them; None where none do."""
    size = max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2)
    smooth = cv2.resize(cv2.blur(grey, (3, 3)), size, interpolation=cv2.INTER_AREA)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    power = across * across + down * down + 1e-3
    weight = np.minimum(np.sqrt(power), 48) * (power > 144)  # one strong edge does not outweigh many weak
    cos = cv2.blur((across * across - down * down) / power * weight, AROUND)
    sin = cv2.blur(2 * across * down / power * weight, AROUND)
    together = cv2.magnitude(cos, sin)
    agreed = together / (cv2.blur(weight, AROUND) + 0.1)
    y, x = np.unravel_index(int((together * agreed * agreed).argmax()), together.shape)
    if agreed[y, x] < 0.7 or together[y, x] < 4:
        return None
    return 2.0 * float(x), 2.0 * float(y), 0.5 * math.atan2(float(sin[y, x]), float(cos[y, x]))


def strip_at(grey: Grey, x: float, y: float, way: float) -> Floats:
    """ROWS rows across the bars through that point, in light as the sensor got it."""
    long = int(math.hypot(*grey.shape))
    cos, sin = math.cos(way), math.sin(way)
    back = np.array(
        [
            [cos, -sin, x - long / 2 * cos + ROWS / 2 * sin],
            [sin, cos, y - long / 2 * sin - ROWS / 2 * cos],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    strip = cv2.warpAffine(grey, back, (long, ROWS), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(LIGHT[strip])


def decode(grey: Grey) -> str | None:
    """The thirteen digits of the code on this picture, if one is there and explains it well."""
    if min(grey.shape) < ROWS:
        return None
    scale = SIDE / max(grey.shape)
    if scale < 1:
        size = max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    place = found(grey)
    return number_of(strip_at(grey, *place)) if place else None
