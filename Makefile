# Reelgate. `make` alone lists what can be done.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PROMPT ?= a baby hippo swimming
# As it was typed: not expanded by make, and handed on by the environment, so that no shell reads it.
override PROMPT := $(value PROMPT)
OUT ?= out

# What the road from a prompt to a sealed reel needs; torch is not among it.
ROAD := $(VENV)/.road
# What the tests and checks need on top.
DEV := $(VENV)/.dev

##@ Every day
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

reel: export REEL_PROMPT = $(PROMPT)
reel: $(ROAD) ## PROMPT="...": turn a prompt into a finished, screened, marked, signed reel under out/
	@mkdir -p $(OUT)
	@set -e; file=$$($(BIN)/reelgate imagine --local -o $(OUT)/ -- "$$REEL_PROMPT"); \
	  echo; echo "Your reel: $$file"; echo; $(BIN)/reelgate verify "$$file"

serve: $(ROAD) ## Run the service on 127.0.0.1:8700 (web, worker, SQLite)
	@$(BIN)/reelgate-service serve

photo-app: $(ROAD) ## Run the example photo app, with a service of its own
	@$(BIN)/python examples/photo-app/run.py

test: $(DEV) ## Run the tests, with PostgreSQL, Redis and RabbitMQ where they answer
	@$(BIN)/python .ci/servers.py --look
	@$(BIN)/pytest

check: $(DEV) ## Lint, types, formats
	@$(BIN)/ruff check .
	@$(BIN)/mypy

##@ Longer
test-e2e: $(DEV) ## Run the end-to-end tests: real processes, real signals, a real broker
	@$(BIN)/pytest tests/flow --run-e2e

bench-crash: $(DEV) ## Kill every named point on SQLite and PostgreSQL and count losses and doubles
	@$(BIN)/reelgate-service crash $$($(BIN)/python .ci/servers.py --postgres)

bench-ack: $(DEV) ## How fast a chat command is acknowledged: 100 a second, beside a bare Flask application
	@$(BIN)/python -m bench.ack $$($(BIN)/python .ci/servers.py --postgres)

bench-forgery: $(DEV) ## Spoil 100,000 signed requests, each in its way, and count what gets past the door
	@$(BIN)/python -m bench.forgery --count 100000

bench-schedules: $(DEV) ## 500 chat commands under duplicates, crashes and lost answers: one job, one message each
	@$(BIN)/python -m bench.schedules

bench-marks: $(DEV) ## How the invisible mark survives re-encoding, resizing, cropping and turning
	@$(BIN)/python -m bench.marks

gallery: $(ROAD) ## Reels and stickers as contact sheets under out/gallery/
	@$(BIN)/python -m bench.gallery $(OUT)/gallery

check-specs: $(DEV) ## SAMPLES=DIR: hold the platforms against official files and recorded traffic that you have
	@test -d "$(SAMPLES)" || { echo "Type: make check-specs SAMPLES=DIR, where DIR holds discord/ and the like" >&2; exit 1; }
	@REELGATE_SAMPLES="$(SAMPLES)" $(BIN)/pytest -q tests/integrations -k samples
	@$(BIN)/python -m bench.specs "$(SAMPLES)"

openapi: $(ROAD) ## Write docs/openapi.json anew
	@$(BIN)/reelgate-service openapi > docs/openapi.json

licences: $(DEV) ## Write docs/licences.md anew
	@$(BIN)/python -m bench.licences > docs/licences.md

##@ Setting up
install: $(ROAD) ## Make .venv with all that `make reel` needs
	@echo "Installed in $(VENV). Try: make reel"

install-dev: $(DEV) ## Add what the tests need

clean: ## Remove .venv and what was built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(ROAD): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@bash .ci/libraries.sh
	@echo "Installing Reelgate into $(VENV) (about 130 MB, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[service]'
	@touch $@

$(DEV): $(ROAD)
	@echo "Installing what the tests need ..."
	@$(BIN)/python .ci/devtools.py | $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r /dev/stdin -e '.[all]'
	@$(BIN)/python .ci/devtools.py oracle | $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r /dev/stdin 2>/dev/null \
	  || echo "SKIPPED: pdqhash does not build here (no C++ compiler?); its comparison test will not run"
	@touch $@

.PHONY: help reel serve photo-app test check test-e2e bench-crash bench-forgery bench-ack bench-marks bench-schedules gallery check-specs openapi licences install install-dev clean
