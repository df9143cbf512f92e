.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCAL := $(VENV)/.local
DEV := $(VENV)/.dev

.PHONY: help demo run test check bench chaos clean
help:            ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

demo: $(LOCAL)   ## Play the whole story on the seed network, then serve it (ONCE=1: exit after the story)
	$(BIN)/python -m jobs.demo

run: $(LOCAL)    ## Run everything for your own data, from the Procfile
	$(BIN)/python -m jobs.migrate
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start --env /dev/null

test: $(DEV)     ## Run all tests
	$(BIN)/python -m pytest

check: $(DEV)    ## Lint, types and the rules of who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV)    ## Run every benchmark (BENCH=name for one)
	$(BIN)/python -m tests.benchmarks $(BENCH)

chaos: $(DEV)    ## Kill every process of a small night at random, and look what is lost or comes twice
	$(BIN)/python -m tests.chaos

clean:           ## Remove the environment and everything under .data
	rm -rf $(VENV) .data

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Counterpart needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(LOCAL): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local]'
	@touch $@

$(DEV): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local,dev]'
	@touch $@ $(LOCAL)
