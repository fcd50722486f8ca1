"""Colours that can be told apart, and a shop's own colour made safe."""

import msgspec
import pytest

from screens.theme import BLACK, TAKEN_HUES, WHITE, branded, check, colour, contrast, hue, mix, theme, written


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_every_pair_of_every_theme_can_be_told_apart(name: str) -> None:
    check(theme(name).palette)


@pytest.mark.parametrize(
    "brand", ["#E2001A", "#FFCC00", "#0050AA", "#009FE3", "#7A1FA2", "#111111", "#F2F2F2"]
)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_shops_colour_is_turned_until_it_is_safe(brand: str, name: str) -> None:
    palette = theme(name, brand=brand).palette
    assert contrast(palette.sill, WHITE) >= 16
    assert contrast(palette.go, palette.sill) >= 3
    assert max(contrast(palette.go, WHITE), contrast(palette.go, BLACK)) >= 4.5


def test_the_brands_of_the_look_give_its_colours() -> None:
    light = theme().palette
    assert written(branded(light, colour("#E2001A")).go) == "#E2001A"
    assert written(branded(light, colour("#FFCC00")).go) == "#F2F6F4"
    assert branded(light, colour("#009FE3")).on_go == BLACK


def test_yellow_and_blue_keep_their_meaning() -> None:
    for degrees, brand in zip(TAKEN_HUES, ("#FFD500", "#1E4FC2"), strict=True):
        shade = hue(colour(brand))
        assert shade is not None and abs(shade - degrees) < 20
        assert branded(theme().palette, colour(brand)).go == (242, 246, 244)


def test_high_contrast_knows_no_brand() -> None:
    assert theme("contrast", brand="#E2001A").palette == theme("contrast").palette


def test_a_failing_pair_is_named_with_both_colours_and_the_ratio() -> None:
    grey = msgspec.structs.replace(theme().palette, ink=(0xEE, 0xEE, 0xEE))
    with pytest.raises(
        ValueError, match=r"ink #EEEEEE on counter #E7ECE9 has a contrast of 1\.\d, needs 4.5"
    ):
        check(grey)


def test_a_colour_is_written_in_one_way() -> None:
    assert colour("#42DD9C") == (0x42, 0xDD, 0x9C)
    assert written((1, 2, 255)) == "#0102FF"
    assert mix(BLACK, WHITE, 0.5) == (128, 128, 128)
    for wrong in ("green", "#42DD9", "#42DD9Z"):
        with pytest.raises(ValueError, match="six hexadecimal"):
            colour(wrong)
