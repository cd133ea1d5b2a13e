# Wijkagenda. `make help` explains every target.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test lint bench faults oracles pictures translations lock licences clean

# Any Python 3.11 or newer starts the installing; everything after it uses .venv.
PYTHON ?= python3
BIN := .venv/bin

help: ## This list
	@echo "Wijkagenda: make <target>"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 18

setup: ## Install what is missing to run: Debian packages (root or sudo), Python and npm packages, built assets
	@$(PYTHON) scripts/install.py

setup-tests: ## The same, and what tests and checks need: PostGIS, Chromium, tools
	@$(PYTHON) scripts/install.py --for-tests

run: ## Run everything here with the demo city until Ctrl-C; PORT=8123 picks the port
	@PORT="$(PORT)" exec $(PYTHON) scripts/run.py

test: setup-tests ## All checks and tests, with their own PostGIS, Redis, mail server and Chromium; T="-k votes" narrows
	@$(BIN)/python scripts/checks.py $(T)

lint: setup-tests ## Only the checks that read code: style, imports, types, templates
	@$(BIN)/python scripts/checks.py --static-only

bench: setup-tests ## Measure pages and votes against bare Flask on the same server; prints one table (about 5 minutes)
	@$(BIN)/python -m scripts.bench

oracles: setup-tests ## Compare our counting with pabutools, abcvoting, pabulib-checker and a brute force; prints how many agreed
	@$(BIN)/python scripts/oracles.py

faults: setup-tests ## 10,000 votes over all channels while web, worker and database are killed at random (about 3 minutes, more on a busy machine); SEED=7 repeats a run
	@$(BIN)/python scripts/faults.py

pictures: setup-tests ## Pictures of every page of the demo, 390 and 1280 px wide, Dutch and English, into pictures/
	@$(BIN)/python scripts/pictures.py

translations: setup-tests ## Bring English in step with the Dutch texts in code and templates; says what is to be written
	@$(BIN)/python scripts/translations.py

lock: ## Lock the newest versions that requirements*.in allow, with hashes
	@$(BIN)/python scripts/lock.py

licences: ## Write docs/licences.md: the licence of everything that is shipped
	@$(BIN)/python scripts/licences.py

clean: ## Remove what was installed and built here; keeps var/ (the data)
	rm -rf .venv node_modules wijkagenda/static/dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
