# Songbook's chores. A fresh machine needs Python 3.11 or newer with pip and venv, nothing else.
UV := .venv/bin/uv
RUN := $(UV) run

.PHONY: setup demo test lint fmt pins bench

setup: $(UV)  ## Install everything into .venv
	$(UV) sync --quiet

$(UV):
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet uv

demo: setup  ## See it work on a sample shop
	$(RUN) songbook demo

test: setup  ## Run all tests
	$(RUN) pytest

lint: setup  ## Check style, types and layers
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports

fmt: setup  ## Put the code in form
	$(RUN) ruff check --fix
	$(RUN) ruff format

pins: setup  ## Pin what is installed now
	$(RUN) python .ci/pins.py

bench: setup  ## Measure speed and memory
	$(RUN) python -m benchmarks
