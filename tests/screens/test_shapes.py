"""A plate leaves out what nobody sees of it, and looks as if it had not."""

import pygame
import pytest

from screens.marks import Plate, Rect
from screens.shapes import plate, rounded


@pytest.mark.parametrize("size", [(400, 128), (60, 44), (44, 44), (20, 200)])
@pytest.mark.parametrize("radius", [0, 6, 22, 60])
@pytest.mark.parametrize("top", [False, True])
@pytest.mark.parametrize(("lip", "edge"), [(0, 0), (10, 0), (0, 3), (6, 2), (6, 30)])
def test_a_plate_is_its_lip_its_edge_and_its_fill_in_layers(
    size: tuple[int, int], radius: int, top: bool, lip: int, edge: int
) -> None:
    box = Rect(30, 40, *size)
    mark = Plate(
        box, (200, 10, 10), radius=radius, top=top, lip=(10, 10, 200) if lip else None, lip_px=lip,
        edge=(10, 200, 10) if edge else None, edge_px=edge,
    )  # fmt: skip
    seen, layers = pygame.Surface((500, 320)), pygame.Surface((500, 320))
    plate(seen, mark, box)
    if mark.lip:
        rounded(layers, box.moved(lip), mark.lip, radius, top)
    if mark.edge:
        rounded(layers, box, mark.edge, radius, top)
    rounded(layers, box.grown(-edge) if edge else box, mark.fill, max(0, radius - edge), top)
    assert pygame.image.tobytes(seen, "RGB") == pygame.image.tobytes(layers, "RGB")
