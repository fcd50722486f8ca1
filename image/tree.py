"""The tree between Debian and the file system: our files, users, units; and nothing that differs between two builds."""

import json
import shutil
import stat
from pathlib import Path

from image.host import BuildError, run
from image.recipe import HERE, ROOT, Recipe

SERVERS = ("usr/local/bin/store", "etc/systemd/system/store.service")
EMPTY = ("data", "efi", "proc", "sys", "dev", "run", "tmp")
LINKS = {
    "etc/kiosk/kiosk.toml": "/var/lib/kiosk/config/kiosk.toml",
    "etc/resolv.conf": "/run/systemd/resolve/resolv.conf",
}
SAFE = "nosuid,nodev,noexec"
DATA = f"noatime,commit=60,{SAFE},errors=remount-ro"
"""How the data partition is mounted; tests/vm pulls the plug of one that is mounted like this. Whatever must last is
synced by who writes it: what is left for ext4 to commit is the time of a file's last change, 12 KiB each time."""


def furnish(tree: Path, release: dict[str, str | bool]) -> None:
    """Our units and files, the links that a root which cannot be written to needs, who this `release` is, the users."""
    run(
        ROOT / "systemd/install.sh", "install",
        env={"DESTDIR": str(tree), "VENV": "skip", "APPLIANCE": "1", "CONFIG": "/dev/null"},
    )  # fmt: skip
    shutil.copytree(HERE / "files/lane", tree, dirs_exist_ok=True, symlinks=True)
    for name in SERVERS:
        (tree / name).unlink(missing_ok=True)
    for name, target in LINKS.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).unlink(missing_ok=True)
        (tree / name).symlink_to(target)
    named(tree, release)
    run("systemd-sysusers", f"--root={tree}")


def mounts(recipe: Recipe, tree: Path) -> None:
    """/etc/fstab: /var is memory but for the folders of the data partition."""
    patient = "x-systemd.device-timeout=180s"
    lines = [
        "tmpfs /var tmpfs mode=0755,size=64M,nosuid,nodev",
        f"tmpfs /tmp tmpfs mode=1777,size=64M,{SAFE}",
        f"PARTLABEL={recipe.data.label} /data ext4 {DATA},x-systemd.growfs,{patient} 0 2",
        f"PARTLABEL=esp /efi vfat umask=0077,{SAFE},noauto,x-systemd.automount,x-systemd.idle-timeout=10s",
    ]
    for folder, place in recipe.data.folders.items():
        lines.append(f"/data/{folder} {place} none bind,x-systemd.requires=kiosk-data.service")
    (tree / "etc/fstab").write_text("\n".join(lines) + "\n")


def named(tree: Path, release: dict[str, str | bool]) -> None:
    """Who this is; the first program fills in the hash of the slot that it starts."""
    (tree / "usr/share/kiosk").mkdir(parents=True, exist_ok=True)
    (tree / "usr/share/kiosk/release.json").write_text(json.dumps({**release, "slot_hash": ""}) + "\n")
    (tree / "etc/hostname").write_text("lane\n")


def started(recipe: Recipe, arch: str, tree: Path, keyring: Path) -> None:
    """Our own way of starting: the folders to mount on, the data partition, RAUC and whose bundles it takes."""
    shutil.copytree(HERE / "files/start", tree, dirs_exist_ok=True, symlinks=True)
    for name in EMPTY:
        (tree / name).mkdir(exist_ok=True)
    (tree / "etc/machine-id").write_text("uninitialized\n")
    conf = tree / "etc/rauc/system.conf"
    conf.write_text(conf.read_text().replace("@COMPATIBLE@", compatible(recipe, arch)))
    shutil.copy(keyring, tree / "etc/rauc/keyring.pem")
    mounts(recipe, tree)


def compatible(recipe: Recipe, arch: str) -> str:
    """What RAUC calls the machines that a bundle is for."""
    return f"{recipe.name}-{arch}"


def os_release(recipe: Recipe, version: str) -> str:
    """What systemd-boot shows, and sorts by."""
    title = f"Self-checkout lane {version}"
    return f'ID={recipe.name}\nPRETTY_NAME="{title}"\nVERSION_ID={version}\nIMAGE_VERSION={version}\n'


def unwanted(tree: Path) -> None:
    """Nothing runs because Debian thinks that it should: what it enabled is forgotten, before `units` enables ours."""
    for folder in sorted((tree / "etc/systemd/system").glob("*.[wr]*s")):
        if folder.suffix in (".wants", ".requires"):
            shutil.rmtree(folder)


def units(recipe: Recipe, tree: Path) -> None:
    """Enables and masks. Raises BuildError for a unit that is enabled and not there."""
    for name in recipe.units.enabled:
        run("systemctl", "--quiet", f"--root={tree}", "enable", name)
    for name in recipe.units.masked:
        path = tree / "etc/systemd/system" / name
        if path.exists() or path.is_symlink():
            path.unlink()
        path.symlink_to("/dev/null")


def clean(recipe: Recipe, tree: Path) -> None:
    """Takes away what the list removes; what is laid by us afterwards stays."""
    for pattern in recipe.removed:
        for path in sorted(tree.glob(pattern.lstrip("/"))):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def doors(tree: Path) -> list[str]:
    """Every way in that needs no key: accounts with a password or none at all, keys and secrets that came along."""
    found = []
    for line in (tree / "etc/shadow").read_text().splitlines():
        name, password = line.split(":")[:2]
        if not password.startswith(("!", "*")):
            found.append(f"{name} has {'a' if password else 'no'} password")
    for line in (tree / "etc/passwd").read_text().splitlines():
        if line.split(":")[1] != "x":
            found.append(f"{line.split(':')[0]} has its password in passwd")
    for pattern in (
        "etc/ssh/ssh_host_*",
        "**/authorized_keys",
        "etc/credstore/*",
        "**/.netrc",
        "**/id_ed25519",
        "**/id_rsa",
    ):
        found += [f"a key or secret: {path.relative_to(tree)}" for path in tree.glob(pattern)]
    return found


def strangers(tree: Path) -> list[str]:
    """Programs that run as root for whoever starts them, beyond those that a technician's rights need."""
    return sorted(
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & stat.S_ISUID
    )


def check(tree: Path) -> None:
    """Raises BuildError with every door that stands open."""
    open_ = doors(tree)
    if open_:
        raise BuildError("no image leaves with these:\n" + "\n".join(open_))


def squash(tree: Path, out: Path, epoch: int) -> None:
    """The file system that the lane runs from, the same bytes for the same tree."""
    out.unlink(missing_ok=True)
    run(
        "mksquashfs", tree, out, "-comp", "zstd", "-Xcompression-level", "9", "-b", "128K", "-noappend",
        "-no-progress", "-reproducible", "-xattrs",
        env={"SOURCE_DATE_EPOCH": str(epoch)},
    )  # fmt: skip
