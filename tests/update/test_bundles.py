"""Real signed bundles, read by the real RAUC: whose they are, what they claim, and what is wrong with others."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from kiosk.update.rauc import DEVELOPMENT, Rauc, RaucError
from kiosk.update.release import Claims, Offer
from tests.update.signed import COMPATIBLE, FORMATS, Authority, needs_rauc

pytestmark = needs_rauc


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("keys") / "ours")


@pytest.fixture(scope="module")
def bundle(ours: Authority) -> Path:
    return ours.bundle("1.1")


def rauc(authority: Authority) -> Rauc:
    return Rauc(keyring=authority.keyring)


def flipped(bundle: Path, at: int, folder: Path) -> Path:
    """The same with one bit changed, counted from the end where `at` is below zero."""
    body = bytearray(bundle.read_bytes())
    body[at] ^= 1
    (folder / bundle.name).write_bytes(body)
    return folder / bundle.name


def test_what_a_bundle_claims(ours: Authority, bundle: Path) -> None:
    assert rauc(ours).info(bundle) == Offer(COMPATIBLE, "1.1", Claims(FORMATS))


def test_a_recovery_says_so_under_its_signature(ours: Authority) -> None:
    assert rauc(ours).info(ours.bundle("0.9", Claims(FORMATS, recovery=True))).claims.recovery


def test_a_key_of_the_bench_is_known(tmp_path: Path) -> None:
    bench = Authority(tmp_path / "bench", "development")
    assert rauc(bench).info(bench.bundle("1.2")).development


def test_another_ones_key_is_no_key(ours: Authority, tmp_path: Path) -> None:
    theirs = Authority(tmp_path / "theirs")
    with pytest.raises(RaucError, match="erif"):
        rauc(ours).info(theirs.bundle("1.3"))


def test_a_flipped_bit_of_the_signature(ours: Authority, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(RaucError):
        rauc(ours).info(flipped(bundle, -300, tmp_path))


def test_a_flipped_bit_of_the_payload_is_found_when_it_is_read(
    ours: Authority, bundle: Path, tmp_path: Path
) -> None:
    """The signature is over the root of a hash tree: `info` reads none of the payload, an install all of it."""
    damaged = flipped(bundle, 1000, tmp_path)
    assert rauc(ours).info(damaged).version == "1.1"
    read = ["rauc", "--keyring", str(ours.keyring), "extract", str(damaged), str(tmp_path / "out")]
    done = subprocess.run(read, capture_output=True, text=True, timeout=60)
    assert done.returncode and "payload is corrupted" in done.stderr


def test_half_a_bundle(ours: Authority, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "half.raucb").write_bytes(bundle.read_bytes()[: bundle.stat().st_size // 2])
    with pytest.raises(RaucError):
        rauc(ours).info(tmp_path / "half.raucb")


@pytest.mark.parametrize(("description", "version"), [("A fine release", "2.0"), ('{"journal":{}}', "2.1")])
def test_a_bundle_that_claims_nothing_is_none_of_ours(
    ours: Authority, description: str, version: str
) -> None:
    text = (
        f"[update]\ncompatible={COMPATIBLE}\nversion={version}\ndescription={description}\n"
        "[bundle]\nformat=verity\n[image.rootfs]\nfilename=root.img\n"
    )
    with pytest.raises(RaucError, match="no bundle of ours"):
        rauc(ours).info(ours.bundle(version, text=text))


def test_a_signer_who_is_not_named_is_not_believed(bundle: Path, tmp_path: Path) -> None:
    """A later RAUC may say it in other words: then nothing is installed, rather than anything."""
    silent = tmp_path / "rauc"
    said = msgspec.json.encode(Claims(FORMATS)).decode()
    line = msgspec.json.encode({"compatible": "c", "version": "1.0", "description": said}).decode()
    silent.write_text(f"#!/bin/sh\ncat <<'END'\n{line}\nEND\n")
    silent.chmod(0o755)
    with pytest.raises(RaucError, match="does not say who has signed it"):
        Rauc(program=str(silent)).info(bundle)


@pytest.mark.parametrize(
    ("line", "bench"),
    [
        (" 0 Subject: O = Kiosk, OU = development, CN = dev signer", True),
        (" 0 Subject: O=kiosk, CN=kiosk development: not for shops", True),
        ("   Issuer: O = Kiosk, CN = Development CA", True),
        (" 0 Subject: O = Kiosk, OU = release, CN = signer 7", False),
        (" 0 Subject: O = Software development Ltd, CN = signer 7", False),
        ("   Description: OU = development", False),
    ],
)
def test_who_signs_for_benches_only(line: str, bench: bool) -> None:
    assert bool(DEVELOPMENT.search(line)) is bench


def test_where_there_is_no_rauc() -> None:
    with pytest.raises(RaucError, match="No such file"):
        Rauc(program="/none/rauc").info(Path("x.raucb"))
