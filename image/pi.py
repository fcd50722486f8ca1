"""python -m image.pi: the list as a layer of rpi-image-gen, for a Raspberry Pi 4 or 5, into image/pi.

Only what rpi-image-gen has not: its A/B layout (image-rota) mounts, starts by tryboot, keeps the journal and the
machine's id. A test holds image/pi against this; the image itself is built where Raspberry Pi's archive is reachable.
"""

import sys
from pathlib import Path

from image import recipe
from image.recipe import HERE, Recipe

OTHERS = ("busybox-static", "cryptsetup-bin", "systemd-repart")
"""Packages of our own way of starting, which a Pi does not use."""
LAYER = """\
# METABEGIN
# X-Env-Layer-Name: kiosk-lane
# X-Env-Layer-Version: 1.0.0
# X-Env-Layer-Category: app
# X-Env-Layer-Desc: A self-checkout lane and nothing else. Written by `python -m image.pi` from image/image.toml.
# X-Env-Layer-Requires: image-rota,rpi-ab-slot-mapper,systemd-min
#
# X-Env-VarPrefix: lane
#
# X-Env-Var-source: ${{DIRECTORY}}/../../..
# X-Env-Var-source-Desc: The kiosk's repository, after `make .venv/.kiosk .venv/.test` in it.
# X-Env-Var-source-Required: n
# X-Env-Var-source-Valid: string
# X-Env-Var-source-Set: y
# METAEND
---
mmdebstrap:
  packages:
{packages}
  customize-hooks:
    - |
      set -eu
      install -D -m 644 "$IGconf_lane_source/image/pi/kiosk.conf" "$1/etc/rpi-image-gen/slot-shared.d/kiosk.conf"
      cd "$IGconf_lane_source" && .venv/bin/python -m image.furnish arm64 "$1"
"""
CONFIG = """\
# A lane on a Raspberry Pi, for rpi-image-gen; device.layer is rpi4 for a Pi 4:
#   rpi-image-gen build -S image/pi -c lane.yaml
include:
  file: trixie-minbase-ab.yaml

device:
  layer: rpi5
  hostname: lane

image:
  name: {name}
  rootfs_type: erofs
  system_part_size: 768M

layer:
  app: kiosk-lane
"""
SHARED = "Version=1\nPath=/var/lib/kiosk\n"
"""What both slots see of /var, besides the journal (rpi-image-gen, slot-shared-generator)."""


def files(made: Recipe) -> dict[str, str]:
    """Path below image/pi → contents."""
    packages = "\n".join(f"    - {name}" for name in sorted(set(made.packages) - set(OTHERS)))
    return {
        "layer/kiosk-lane.yaml": LAYER.format(packages=packages),
        "config/lane.yaml": CONFIG.format(name=made.name),
        "kiosk.conf": SHARED,
    }


def main(place: Path = HERE / "pi") -> int:
    for name, text in files(recipe.read()).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
