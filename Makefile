# Set-up is automatic: every target that needs the environment makes it first, and only when it must.
#
#   make compare ARGS="scenario=water_crisis replicates=200"
#   make test PYTHON=python3.12 VENV=.venv-3.12
#
# PYTHON  a Python 3.11–3.13 (default: the first on the PATH that runs)
# VENV    the environment's folder, inside the project (default: .venv)
# ARGS    what is handed to the command of the target

PYTHON ?=
VENV ?= .venv
ARGS ?=
UV ?= uv
export PYTHON VENV

PY = "$(VENV)/bin/python"
SETUP = @sh tools/setup.sh

.DEFAULT_GOAL := help
.PHONY: help compare brief page page-bundle experiments test test-all lint bench clean distclean lock setup setup-dev

help:
	@echo "make compare   compare all governance designs on Zuid-Limburg; says where the results are"
	@echo "make brief     the document for a conference: page, workbook, figures (ARGS=\"municipality=Stein\")"
	@echo "make page      one file that runs the model in a browser (ARGS=\"lang=en\")"
	@echo "make page-bundle  make the script of that file again from page/ (needs Node 18)"
	@echo "make experiments  run the named experiments and rewrite docs/experiments/ (ARGS=NAME for one)"
	@echo "make test      run the whole test suite"
	@echo "make test-all  run it on each of Python 3.11, 3.12 and 3.13 that is found"
	@echo "make lint      ruff, mypy and the import contracts"
	@echo "make bench     speed and memory, measured side by side"
	@echo "make lock      regenerate the lock files (needs uv; UPGRADE=1 takes the newest versions)"
	@echo "make clean     remove caches and build products; make distclean: the environments too"
	@echo 'Options: PYTHON=/path/to/python  VENV=.venv  ARGS="scenario=water_crisis replicates=200"'

setup:
	$(SETUP) core

setup-dev:
	$(SETUP) dev

compare: setup
	@$(PY) -m bresim compare $(ARGS)

brief: setup
	@$(PY) -m bresim brief $(ARGS)

page: setup
	@$(PY) -m bresim page $(ARGS)

page-bundle:
	@cd page && npm ci --no-audit --no-fund && npx tsc --noEmit && node build.mjs

experiments: setup
	@$(PY) -m experiments.named $(ARGS)

test: setup-dev
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-all:
	@sh tools/test_all.sh $(ARGS)

lint: setup-dev
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@"$(VENV)/bin/lint-imports"

bench: setup-dev
	@$(PY) tools/bench.py $(ARGS)

lock:
	@UV="$(UV)" UPGRADE="$(UPGRADE)" sh tools/lock.sh

clean:
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests tools experiments configs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean
	@rm -rf .venv .venv-3.11 .venv-3.12 .venv-3.13
