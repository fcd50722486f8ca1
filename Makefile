# Every target sets up what it needs by itself, on a plain Debian 12 or 13 or Raspberry Pi OS.
#   make demo        the kiosk with a simulated shop around it, into out/demo
#   make test        format, rules, types and all tests (PYTEST="-k sale" for some of them; two at a time else)
#   make bench       the figures of merit, as a table (BENCH=--strict fails when a goal is missed)
#   make gallery     all screens as one page of pictures, into out/gallery (GALLERY="--all", "--languages fr", "--states pay")
#   make conformance EN 301 549 point by point: runs the tests that prove it, writes screens/ACCESSIBILITY.md
#   make prove       the proof about money: SEED=n, WHAT="model controls random …", FAMILY=zvt, RUNS=2000, FIRST=0
#   make cuts        power cuts in every file that is written, as a table (STATES=2000, SEED=1)
#   make image       the device image and its update bundle, as root, into out/image (ARCH=amd64)
#   make vm-test     the image built, started under QEMU, enrolled, selling, and harmed, as root (ARCH is amd64)
#   make vm-update   releases installed while it sells, kept, left again, the power pulled meanwhile, as root (CUTS=10, SEED=1)
#   make vm-cuts     the power pulled at a real lane in a guest under QEMU, as root (CUTS=20, SEED=1)
#   make vm-devices  a sale over USB in such a guest, and each plug pulled, as root
#   make install     this machine becomes a lane: systemd/install.sh says what goes where
#   make uninstall   all of it away again, but for the data and the configuration (PURGE=1: those too)
#   make lock        both lock files anew from pyproject.toml, and a check that each wheel exists

PYTHON ?= python3
PACKAGES = python3-venv
BETTER = libzbar0 libfribidi0 fonts-noto-core fonts-noto-cjk espeak-ng
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
PYTEST ?= -n 4 --dist worksteal
BENCH ?=
GALLERY ?=
SEED ?= 1
WHAT ?=
FAMILY ?=
RUNS ?= 2000
FIRST ?= 0
STATES ?= 2000
ARCH ?= amd64
CUTS ?= 20

.PHONY: demo test lint bench gallery conformance prove cuts image vm-test vm-update vm-cuts vm-devices install uninstall lock clean

demo: .venv/.kiosk
	.venv/bin/kiosk demo --out out/demo

test: lint
	.venv/bin/python -m pytest $(PYTEST)

lint: .venv/.kiosk .venv/.test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

bench: .venv/.kiosk .venv/.test
	.venv/bin/python -m tests.bench $(BENCH)

gallery: .venv/.kiosk .venv/.test
	.venv/bin/python -m tests.gallery $(GALLERY)

conformance: .venv/.kiosk .venv/.test
	.venv/bin/python -m tests.screens.conformance

prove: .venv/.kiosk .venv/.test
	.venv/bin/python -m tests.prove $(WHAT) --seed "$(SEED)" --family "$(FAMILY)" --runs $(RUNS) --first $(FIRST)

cuts: .venv/.kiosk .venv/.test
	.venv/bin/python -m tests.cuts --states $(STATES) --seed "$(SEED)"

image: .venv/.kiosk .venv/.test
	systemd/need.sh mmdebstrap squashfs-tools cryptsetup-bin fdisk dosfstools mtools rauc openssl binutils zstd \
	    $(if $(filter arm64,$(ARCH)),qemu-user-static arch-test)
	.venv/bin/python -m image.build $(ARCH) --out out/image

vm-test: .venv/.kiosk .venv/.test
	systemd/need.sh mmdebstrap squashfs-tools cryptsetup-bin fdisk dosfstools mtools rauc openssl binutils zstd \
	    qemu-system-x86 ovmf
	.venv/bin/python -m tests.vm.whole

vm-update: .venv/.kiosk .venv/.test
	systemd/need.sh mmdebstrap squashfs-tools cryptsetup-bin fdisk dosfstools mtools rauc openssl binutils zstd \
	    qemu-system-x86 ovmf
	.venv/bin/python -m tests.vm.update --cuts $(if $(filter file,$(origin CUTS)),10,$(CUTS)) --seed "$(SEED)"

vm-cuts vm-devices: .venv/.kiosk .venv/.test
	systemd/need.sh mmdebstrap qemu-system-x86 e2fsprogs
	.venv/bin/python -m tests.vm.$(@:vm-%=%) $(if $(@:vm-devices=),--cuts $(CUTS) --seed "$(SEED)")

install uninstall:
	systemd/install.sh $@

lock:
	tests/lock.sh

clean:
	rm -rf .venv out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.lock: requirements.lock
	systemd/need.sh $(PACKAGES)
	-systemd/need.sh $(BETTER)
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	touch $@

.venv/.kiosk: .venv/.lock pyproject.toml
	$(PIP) install --no-deps --no-index --no-build-isolation --editable .
	touch $@

.venv/.test: .venv/.lock tests/requirements.lock
	$(PIP) install --require-hashes --only-binary :all: -r tests/requirements.lock
	touch $@
