# Kantelfonds: everything by one word. `make demo` shows it, `make test` proves it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help python demo setup setup-run test check lint bench css messages shots clean

PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin/python
# The first Python that is new enough; set PYTHON=... to choose another.
PYTHON ?= $(shell for p in python3.13 python3.14 python3.12 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then command -v $$p; break; fi; done)

help: ## what one can say
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Kantelfonds needs Python 3.12 or newer, and this machine has none that make can find."; \
		echo "Install it from your system's packages (python3.13, or python3 when that is new enough)"; \
		echo "and try again; or name it: make demo PYTHON=/path/to/python3.13"; exit 1; fi

$(VENV)/bin/python: | python
	@$(PYTHON) -m venv $(VENV)

# A stamp per requirements file, so that a second time costs nothing.
$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs (once)..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what building and testing need (once)..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

setup-run: $(VENV)/run.stamp

setup: $(VENV)/dev.stamp ## everything that is needed to build and test

demo: setup-run ## a running site with a believable round, on 127.0.0.1:8000
	@$(RUN) manage.py migrate --verbosity 0
	@$(RUN) manage.py collectstatic --noinput --verbosity 0
	@$(RUN) manage.py load_demo --address http://127.0.0.1:$(PORT)
	@exec $(RUN) -m gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --threads 8 --log-level warning

test: setup ## the tests, on the embedded database or on DATABASE_URL
	@$(RUN) -m pytest -n auto --dist loadgroup

lint: setup
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check --quiet .
	@$(VENV)/bin/lint-imports --no-cache
	@$(RUN) -m mypy .
	@git ls-files "templates/*.html" | xargs $(VENV)/bin/djade --check --target-version 6.0
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py write_lifecycles --check
	@KANTELFONDS_MODE=production ALLOWED_HOSTS=example.org SECRET_KEY="$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(RUN) manage.py check --deploy --fail-level WARNING

check: lint ## all that must hold before a change lands: lint, types, layers, tests on both databases
	@$(RUN) -m tests.both_databases

bench: setup ## how fast, how large: ratios side by side in one run
	@$(RUN) -m benchmarks.allocation
	@$(RUN) -m benchmarks.pages

css: ## rebuild the vendored theme (needs npm; see theme/README.md)
	@cd theme && npm ci --ignore-scripts --no-audit --no-fund && npm run build

messages: setup ## collect the texts for translation, and compile the translations (needs gettext)
	@$(RUN) manage.py makemessages --locale nl --no-location --no-wrap --ignore '.venv*' --ignore theme --ignore data --ignore tests --ignore benchmarks
	@$(RUN) manage.py compilemessages --locale nl --ignore '.venv*'

shots: setup ## screenshots of every page at 390 and 1280 px, in shots/ (needs Chromium)
	@$(RUN) -m tests.journeys.shots

clean: ## forget the demo's data; the next `make demo` starts afresh
	@rm -rf data shots
