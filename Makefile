# One name a job. `make demo` and `make test` are all that a newcomer needs: each sets up .venv when it is absent.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed
# Each is a program of its own, so their types are checked one by one.
SCRIPTS := check_sql.py docs numbers screenshots terminal
# The tests start our command a hundred times; without bytecode each of them would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports sql bench detection numbers site docs screenshots wheel lock clean

help: ## List the jobs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml scripts/setup
	PYTHON=$(PYTHON) scripts/setup $(VENV)
	@touch $@

demo: $(STAMP) ## Ten nights on an embedded BigQuery, six of them incidents, a verdict after each
	$(BIN)/prop-quality demo

test: $(STAMP) ## Every test, on real parts only
	$(BIN)/pytest -n auto

check: format lint types imports sql test ## Everything that a change must pass

format: $(STAMP) ## Is the code formatted?
	$(BIN)/ruff format --check .

lint: $(STAMP) ## Lint
	$(BIN)/ruff check .

types: $(STAMP) ## mypy --strict
	$(BIN)/mypy
	for script in $(SCRIPTS); do $(BIN)/mypy scripts/$$script || exit 1; done

imports: $(STAMP) ## Who may import whom
	$(BIN)/lint-imports

sql: $(STAMP) ## Parse and type-check our own SQL with Google's analyzer
	$(BIN)/python scripts/check_sql.py

bench: $(STAMP) ## This checkpoint beside stock Great Expectations and a hand-written query; then 1, 53 and 365 dates
	$(BIN)/python -m benchmarks.checkpoint
	$(BIN)/python -m benchmarks.date_range

detection: $(STAMP) ## Recall of each check and false alarms over 1,000 clean nights
	$(BIN)/python -m benchmarks.detection

numbers: $(STAMP) ## Run the benchmarks and quote them in the README; about twenty minutes on a quiet machine
	$(BIN)/python scripts/numbers

site: $(STAMP) ## The demo's site, shown on loopback
	$(BIN)/prop-quality demo --serve

docs: $(STAMP) ## Write anew the pages that are made from the code
	$(BIN)/python scripts/docs

screenshots: $(STAMP) ## The README's pictures, of a real terminal and in a real browser
	$(BIN)/python scripts/terminal
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/screenshots

wheel: $(STAMP) ## The wheel, in dist/
	$(BIN)/python -m hatchling build -t wheel

lock: $(STAMP) ## Resolve requirements.lock anew
	scripts/lock $(VENV)

clean: ## Remove what the other jobs made
	rm -rf $(VENV) .prop-quality dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
