# Selfcare. `make` alone lists what there is.
# Recipes use paths relative to this folder only, so that it may lie in a path with spaces.

SHELL := /bin/sh
PORT ?= 8000
JOBS ?= auto
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin/python
# mypy reads the settings but no data, and leaves in a way that would keep a server running.
NO_SERVER := SELFCARE_TEST_DATABASE_URL=postgres://nowhere/none

.DEFAULT_GOAL := help
.PHONY: help run test pytest lint format bench oracle examples settings shots demo-reset clean prepare prepare-dev

help: ## List the targets
	@echo "Selfcare, a customer portal for telephone companies"; echo
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1|/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-20s %s\n' "$$name" "$$text"; done

run: prepare ## Start the portal with demo data at http://127.0.0.1:8000/ (another port: PORT=8100)
	@exec $(BIN) -m selfcare.supervisor --port $(PORT)

ifeq ($(strip $(ARGS)),)
test: lint pytest ## Check style, types and imports, then run every test (one part alone: ARGS="-k invoices")
else
test: pytest
endif

# Random order comes from pytest-randomly; -n from pytest-xdist, where an idle worker takes from one with long tests.
pytest: prepare-dev
	@$(BIN) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: prepare-dev ## Check style, types, import contracts and that no migration is missing
	@$(BIN) -m ruff format --check --quiet .
	@$(BIN) -m ruff check --quiet .
	@$(NO_SERVER) $(BIN) -m mypy
	@.venv/bin/lint-imports
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN) manage.py makemigrations --check --dry-run

format: prepare-dev ## Put the code into its usual form
	@$(BIN) -m ruff check --quiet --fix .
	@$(BIN) -m ruff format --quiet .

bench: prepare-dev ## Measure the speed of what must be fast, 15 minutes; prints a table, writes bench.json
	@$(BIN) -m tests.bench $(ARGS)

oracle: prepare-dev ## Ask Time::Period and our schedules 20,000 questions and compare the answers
	@SELFCARE_REQUIRE_TOOLS=1 ORACLE_PERIODS=20000 $(BIN) -m pytest -q tests/centrex/routing/schedule/test_oracle.py

examples: prepare-dev ## Try the rules about prices with 10,000 examples each, for the night
	@HYPOTHESIS_EXAMPLES=10000 $(BIN) -m pytest -q -n $(JOBS) tests/billing/rating

settings: prepare-dev ## Write docs/settings.md: each setting, its page, and the tests that show what it does
	@$(BIN) -m tests.settings_table

shots: prepare-dev ## Make a picture of every page, wide and narrow, light and dark, into shots/
	@$(BIN) -m tests.shots $(ARGS)

demo-reset: prepare ## Throw the trial's data away and make it anew
	@$(BIN) -m selfcare.supervisor --reset

clean: ## Remove what was installed and built; the trial's data in var/ stays
	@[ ! -L var/test/postgres ] || rm -rf "$$(readlink var/test/postgres)"
	@rm -rf .venv node_modules staticfiles shots bench.json .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis var/test
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

prepare:
	@$(PYTHON) deploy/prepare.py

prepare-dev:
	@$(PYTHON) deploy/prepare.py --dev
