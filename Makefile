# Everything sets itself up: what is needed is Python 3.11 or newer, make and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := VIRTUAL_ENV=$(VENV) $(BIN)/uv pip
PYTEST_WORKERS ?= 2

.PHONY: install demo test check screenshots torture bench audit lock clean

# What `dezhurny` needs to run, and no more.
install: $(VENV)/.ready-to-run

demo: $(VENV)/.ready-to-run
	$(BIN)/python -m bot demo

test: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadscope

# Lives a day on the page and makes the README's pictures anew; needs Debian's chromium.
screenshots: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.page.pictures

# Ends the bot with SIGKILL so many times while a school is at work; SEED repeats a run.
KILLS ?= 50
torture: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.torture --kills $(KILLS) $(if $(SEED),--seed $(SEED))

# Measures what is promised, each figure beside a peer in the same run, and renews
# docs/benchmarks.md: BENCH="wave plan" a part of it, ROUNDS=8 more rounds, STEADY=600 seconds of
# 200 events a second, EVENTS=1000000 for the growth of memory; QUICK=1 only tries the benches.
bench: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.bench $(BENCH) $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(STEADY),--steady $(STEADY)) $(if $(EVENTS),--events $(EVENTS))

check: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Asks an advisory service about every locked package, and says so where there is no way to one;
# with DEZHURNY_AUDIT=1 that is a failure.
audit: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.security.audit

$(BIN)/uv: requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.ready-to-run: requirements/run.txt pyproject.toml $(BIN)/uv
	$(UV) install --quiet --require-hashes -r requirements/run.txt
	$(UV) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: requirements/test.txt $(VENV)/.ready-to-run
	$(UV) install --quiet --require-hashes -r requirements/test.txt
	@touch $@

# Locks carry hashes and no index address.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock: $(BIN)/uv
	$(LOCK) pyproject.toml --extra demo --extra build -o requirements/run.txt
	$(LOCK) pyproject.toml --extra demo --extra build --extra test -c requirements/run.txt -o requirements/test.txt
	echo 'uv' | $(LOCK) - -o requirements/uv.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
