# SPDX-License-Identifier: AGPL-3.0-or-later
# From a bare Debian 12 with git, make, python3 and python3-venv: `make demo` and `make test` do the rest.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
HAS_SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)
DEMO_OUT ?= build/demo
WORKERS ?= 2

.PHONY: demo test lint suite bench torture access bundle lock clean

demo: $(READY)
	sh .ci/system-libraries
ifeq ($(HAS_SCREEN),)
	@echo "No display here: the demo case is done without a window; its letters go to $(DEMO_OUT)."
	$(BIN)/imr-desktop demo --headless --out $(DEMO_OUT)
else
	$(BIN)/imr-desktop demo
endif

test: lint suite

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Compiled modules are kept, whatever the machine's habit: the suite starts hundreds of processes of the program.
# Where a test hangs, the run ends after three minutes with the place of every thread, instead of holding up CI until that
# gives up; a worker that is gone is not replaced, because it would begin that test again.
suite: $(READY)
	PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
		--max-worker-restart=0 -o faulthandler_timeout=180 -o faulthandler_exit_on_timeout=true

bench: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -s -o python_files="bench_*.py" tests/benchmarks

torture: $(READY)
	QT_QPA_PLATFORM=offscreen IMR_TORTURE=1 $(BIN)/python -m pytest -q -s tests/torture

access: $(READY)
	$(BIN)/python -m pytest -q -s -o python_files="atspi_*.py" tests/access

bundle: $(READY)
	$(BIN)/python -m pip install --disable-pip-version-check -q "pip>=25.1"
	$(BIN)/python -m pip install --disable-pip-version-check -q --group bundle
	$(BIN)/python -m PyInstaller --noconfirm --distpath dist --workpath build/pyinstaller .ci/imr-desktop.spec
	$(BIN)/python packaging/sbom.py dist/imr-desktop

# Writes the exact versions that CI and the two commands above install.
lock: $(READY)
	$(BIN)/python -m pip freeze --exclude imr-desktop | grep -v '^-e' > requirements.lock

$(READY): pyproject.toml requirements.lock .ci/system-libraries
	sh .ci/system-libraries
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	touch $(READY)

clean:
	rm -rf $(VENV) build dist
