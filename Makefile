# The commands of this project. `make test` is what CI runs, on a machine with Python 3.11, venv and make.
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo setup test test-fast soak lint bench screens lock

help: ## Show the commands.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: setup ## Chat with the bot in a browser: no account, no network, nothing kept (Ctrl-C ends it).
	@$(BIN)/faro demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

setup: $(READY) ## Make .venv with every pinned package (about a minute the first time).

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) with the pinned packages: about a minute the first time."
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is not here; say which one with make PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lint: setup ## Check style, types, layers, words and law in half a minute.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m rules check
	$(BIN)/python -m locales check

test: lint ## Everything: checks, then unit, property, promise and browser tests (a few minutes).
	@tests/browser/install
	$(BIN)/pytest -n auto --dist loadgroup --cov=rules --cov-branch --cov-report= tests/rules
	$(BIN)/coverage report --fail-under=100 --include='rules/*' --skip-covered
	$(BIN)/pytest -n auto --dist loadgroup --ignore=tests/rules

test-fast: setup ## The quick tests only, under a minute.
	$(BIN)/pytest -n auto --dist loadgroup -m "not slow"

soak: setup ## The long variants of what the gate proves with fewer tries (about five minutes).
	$(BIN)/pytest -n auto --dist loadgroup -m soak

bench: setup ## Measure how families wait in a flood, and a broadcast to 20,000 (nine minutes).
	$(BIN)/python -m bench.flood
	$(BIN)/python -m bench.broadcast

screens: setup ## Make the pictures of docs/pantallas and docs/guia anew (needs Chromium).
	$(BIN)/python -m tests.browser.screens

lock: ## Pin again what pyproject.toml asks for (needs the network).
	$(BIN)/pip-compile --quiet --upgrade --extra bot --extra dev --generate-hashes --strip-extras \
		--allow-unsafe --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file requirements.lock pyproject.toml
