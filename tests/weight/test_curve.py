"""The curve can be drawn from any trial."""

from PIL import Image

from kiosk.commands.weight import main
from tests.weight.curve import HIGH, WIDE, Chart, Figures, picture, read


def test_a_trial_is_drawn(capsys, tmp_path):
    checks = "learned:-1,learned,fixed25,fixed50"
    main(["trial", "--baskets", "15", "--dishonest", "0.5", "--seed", "4", "--deciders", checks])
    (tmp_path / "trial.json").write_text(capsys.readouterr().out)
    figures, tried = read(tmp_path / "trial.json")
    assert list(figures) == ["learned:-1", "learned", "fixed25", "fixed50"] and "1 shops x 15 visits" in tried
    picture(figures, tried).save(tmp_path / "new" / "curve.png")
    with Image.open(tmp_path / "new" / "curve.png") as drawn:
        assert drawn.size == (WIDE, HIGH) and len(drawn.getcolors()) > 20


def test_more_is_further_right_and_further_up():
    chart = Chart({"learned": Figures(4.0, 0.31, 0.2), "fixed25": Figures(90.0, 0.4, 0.2)})
    assert (chart.least, chart.most, chart.top) == (2, 100, 0.5)
    (x, y), (more, higher) = chart.at(4.0, 0.31), chart.at(90.0, 0.4)
    assert x < more and y > higher
