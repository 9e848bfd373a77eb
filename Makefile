# Qafila: `make` explains itself. Everything is installed under this folder; nothing else is touched.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= hardlink
# Each process of a demonstration, a test or a server would compile every module again (3 s of 5).
export UV_COMPILE_BYTECODE ?= 1
unexport PYTHONDONTWRITEBYTECODE
PORT ?= 8000

.PHONY: help setup demo headless serve test look check fuzz components lint types clean

help: ## Explain the targets
	@echo "Qafila carries craftworkers from unknown to covered. Targets:"
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: .venv/.ready src/qafila/web/static/dist/.ready ## Prepare everything; afterwards .venv/bin/qafila runs
	@.venv/bin/qafila translations compile

demo: setup ## Load a demonstration, run the whole chain, serve on http://127.0.0.1:8000
	.venv/bin/qafila demo --port $(PORT)

headless: setup ## Run the whole chain without pages and print its balance
	.venv/bin/qafila demo --headless

serve: setup ## Serve the installation as it is (background jobs included)
	.venv/bin/qafila serve --port $(PORT)

test: setup .venv/.browser ## Run the whole test suite, browser tests included
	.venv/bin/pytest -n 2 --dist loadgroup

look: setup .venv/.browser ## Pictures of every page, and what a program sees: var/look/ (LOOK=--whole for every role)
	PYTHONPATH=tests .venv/bin/python -m look $(LOOK)

check: setup ## Lint, types, import contracts, migrations, translations, generated documents
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/bandit --quiet --recursive src law --configfile pyproject.toml -ll
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/qafila translations check
	.venv/bin/qafila docs check
	.venv/bin/qafila api openapi --check

fuzz: setup ## Three minutes of requests of every kind for each API, on a served installation
	.venv/bin/python benchmarks/fuzz_api.py

components: setup ## List every library with its digest (var/components.json, CycloneDX), and newer versions
	$(UV) export --quiet --frozen --all-extras --format cyclonedx1.5 --preview-features sbom-export --output-file var/components.json
	-$(UV) tree --quiet --frozen --depth 1 --outdated

clean: ## Remove what setup made and the demonstration's data (asks the server to stop first)
	-[ -x .venv/bin/qafila ] && .venv/bin/qafila database stop
	rm -rf .venv .tools node_modules var src/qafila/web/static/dist

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Qafila needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=… to another one.")'
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.ready: $(UV) uv.lock pyproject.toml law/pyproject.toml
	$(UV) sync --frozen --all-extras --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

.venv/.browser: .venv/.ready
	.venv/bin/python tests/browser/find_chromium.py
	@touch $@

src/qafila/web/static/dist/.ready: .venv/.ready package-lock.json vite.config.ts map-areas.ts tsconfig.json $(shell find src/qafila/web/assets -type f 2>/dev/null)
	PATH="$$(.venv/bin/python -m qafila.web.site.node):$$PATH" && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@
