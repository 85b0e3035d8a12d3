# Both `make audit` and `make test` create what they need: a virtual environment in .venv, nothing else.
PYTHON ?= python3
BIN := .venv/bin
EXAMPLE := corpora/example
REPORT := reports/audit.html

.PHONY: audit test check bench clean

audit: .venv/installed  ## audit the example export: summary here, the full report as one HTML file
	@mkdir -p $(dir $(REPORT))
	@$(BIN)/detector audit $(EXAMPLE) --to html --output $(REPORT) || test $$? -eq 1
	@echo "The report: $(REPORT)"

test: .venv/installed-dev  ## all tests
	$(BIN)/python -m pytest

check: .venv/installed-dev  ## lint, format, types, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.generated_docs --check
	$(BIN)/python -m training card --check

bench: .venv/installed-dev  ## speed of every stage, as ratios to bare tokenisation
	$(BIN)/python -m pytest benchmarks --benchmark-only

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml setup.py $(wildcard detector/compiled/*.pyx) | .venv/bin/python
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable ".[train]" --group dev
	@touch $@

clean:
	rm -rf .venv reports build dist
