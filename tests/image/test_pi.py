"""The same list for the Raspberry Pi: image/pi says what image.toml says, and every file that it names is there.

It is read here as rpi-image-gen reads it; the image is built where Raspberry Pi's own archive can be had.
"""

import re

import yaml

from image import pi, recipe
from image.recipe import HERE, ROOT

RECIPE = recipe.read()
LAYER = (HERE / "pi/layer/kiosk-lane.yaml").read_text()


def test_what_lies_in_image_pi_was_written_from_the_list() -> None:
    there = {str(path.relative_to(HERE / "pi")): path.read_text() for path in (HERE / "pi").rglob("*.*")}
    assert there == pi.files(RECIPE), "python -m image.pi"


def test_the_layer_is_yaml_with_all_packages_but_those_of_another_way_to_start() -> None:
    layer = yaml.safe_load(LAYER)["mmdebstrap"]
    assert set(layer) == {"packages", "customize-hooks"}
    assert set(layer["packages"]) | set(pi.OTHERS) == set(RECIPE.packages)
    assert set(pi.OTHERS) < set(RECIPE.packages)


def test_its_head_is_what_rpi_image_gen_reads() -> None:
    head = LAYER.split("# METABEGIN\n")[1].split("# METAEND\n")[0]
    fields = dict(re.findall(r"^# (X-Env-[\w-]+): (.+)$", head, re.M))
    assert (
        fields["X-Env-Layer-Name"]
        == yaml.safe_load((HERE / "pi/config/lane.yaml").read_text())["layer"]["app"]
    )
    prefix = fields["X-Env-VarPrefix"]
    declared = {
        name.removeprefix("X-Env-Var-") for name in fields if re.fullmatch(r"X-Env-Var-[a-z_]+", name)
    }
    assert set(re.findall(rf"\$IGconf_{prefix}_([a-z_]+)", LAYER)) == declared


def test_every_file_that_it_names_is_here() -> None:
    named = re.findall(r"\$IGconf_lane_source/([\w/.-]+)", LAYER)
    modules = [name.replace(".", "/") + ".py" for name in re.findall(r"\.venv/bin/python -m ([\w.]+)", LAYER)]
    assert named and modules
    assert [name for name in (*named, *modules) if not (ROOT / name).is_file()] == []


def test_what_both_slots_see_is_where_the_lane_keeps_its_data() -> None:
    assert RECIPE.data.folders["kiosk"] in pi.SHARED.split("Path=")[1].splitlines()
