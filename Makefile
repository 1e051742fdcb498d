# Xiesou's commands; `make help` lists them. Everything is installed into $(VENV), nothing elsewhere.

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
INDEX ?= $(or $(XIESOU_INDEX),index_data/index)
PATHS ?= index_data/sample

BIN := $(VENV)/bin
AUDIT := $(VENV)/audit
SBOM ?= dist/xiesou.cdx.json
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.10 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links

MARKED := browser or cluster or corpus or packaging or benchmarks or proxy or office or recognition or thorough

COMPILED := $(shell find search -name "*.pyx")

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run index ocr opensearch test lint messages bench relevance lock sbom audit clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(VENV)/.run-installed ## install what serving and indexing need, and nothing else

run: $(VENV)/.run-installed ## install what is missing, index the sample reports if there is no index, serve
	@set -- $(INDEX)/*.toc; test -e "$$1" || $(BIN)/xiesou index index_data/sample --index $(INDEX)
	@exec $(BIN)/xiesou serve --index $(INDEX) --host $(HOST) --port $(PORT)

index: $(VENV)/.run-installed ## index your own folders: make index PATHS="reports more-reports"
	@$(BIN)/xiesou index $(PATHS) --index $(INDEX)

ocr: $(VENV)/.run-installed ## install what reads pictures of pages, 260 MB
	@$(PIP) install --require-hashes -r requirements/ocr.txt

opensearch: $(VENV)/.run-installed ## install what a collection on a cluster needs
	@$(PIP) install --require-hashes -r requirements/opensearch.txt

# What is compiled stays: else every process that a test starts compiles all of Xiesou again.
test: $(VENV)/.dev-installed ## run the tests that need neither a browser, a proxy nor the real text, on all cores
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal -m "not ($(MARKED))"

lint: $(VENV)/.dev-installed ## ruff (rules and format) and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict

messages: $(VENV)/.dev-installed ## gather the sentences of the code into search/locale and compile them
	@$(BIN)/python -m search.messages.make_catalogue

bench: $(VENV)/.dev-installed ## time it against its peers: make bench CORPUS=<folder>
	@$(BIN)/python benchmarks/run.py $(or $(CORPUS),$(error name the folder of real text: make bench CORPUS=<folder>))

relevance: $(VENV)/.dev-installed ## measure the ranking: make relevance SETS=<folder>
	@$(BIN)/python benchmarks/relevance.py $(or $(SETS),$(error name the folder of query sets: make relevance SETS=<folder>))

lock: | $(BIN)/python ## pin the newest versions that setup.cfg allows, with their hashes
	@$(PIP) install 'uv>=0.5'
	@$(COMPILE) --upgrade requirements/build.in --output-file requirements/build.txt
	@$(COMPILE) --upgrade setup.cfg --output-file requirements/run.txt
	@$(COMPILE) --upgrade setup.cfg --extra test --extra lint --extra bench \
		--constraint requirements/run.txt --output-file requirements/dev.txt
	@$(COMPILE) --upgrade setup.cfg --extra ocr \
		--constraint requirements/run.txt --constraint requirements/dev.txt --output-file requirements/ocr.txt
	@$(COMPILE) --upgrade setup.cfg --extra opensearch \
		--constraint requirements/run.txt --constraint requirements/dev.txt --output-file requirements/opensearch.txt
	@$(COMPILE) --upgrade requirements/audit.in --output-file requirements/audit.txt

sbom: $(AUDIT)/.installed ## list what a release is made of, from requirements/run.txt, as CycloneDX: dist/xiesou.cdx.json
	@mkdir -p $(dir $(SBOM))
	@printf '[project]\nname = "xiesou"\nversion = "%s"\nlicense = "Apache-2.0"\n' \
		"$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' search/__init__.py)" > $(AUDIT)/xiesou.toml
	@PYTHONWARNINGS=ignore $(AUDIT)/bin/cyclonedx-py requirements requirements/run.txt --pyproject $(AUDIT)/xiesou.toml --mc-type application \
		--output-reproducible --output-format JSON --output-file $(SBOM)
	@echo $(SBOM)

audit: $(AUDIT)/.installed ## ask the databases of known holes about requirements/*.txt; needs the network
	@for list in run ocr opensearch dev build audit; do \
		$(AUDIT)/bin/pip-audit --disable-pip --require-hashes --requirement requirements/$$list.txt || exit 1; done

clean: ## remove the environment, caches and the built index
	@rm -rf $(VENV) build dist xiesou.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache index_data/index
	@rm -f $(foreach folder,$(sort $(dir $(COMPILED))),$(addprefix $(folder)_*,.c .so .pyd))
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "$(PYTHON) was not found. Install Python 3.10 or newer, or name it: make PYTHON=/path/to/python3"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); Xiesou needs Python 3.10 or newer. Name one: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) can't make environments. On Debian or Ubuntu: apt install python3-venv"; exit 1; } >&2
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.run-installed: requirements/build.txt requirements/run.txt setup.cfg setup.py pyproject.toml $(COMPILED) | $(BIN)/python
	@echo "Installing into $(VENV); the first time this takes about a minute."
	@$(PIP) install --no-compile --require-hashes -r requirements/build.txt
	@$(PIP) install --no-compile --require-hashes --no-build-isolation -r requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python -W ignore -m compileall -q $(VENV)/lib*/python*/site-packages/jieba $(VENV)/lib*/python*/site-packages/whoosh
	@$(BIN)/python -c 'from search import compiled; compiled.is_complete() or print(compiled.NOT_BUILT)'
	@touch $@

$(AUDIT)/.installed: requirements/audit.txt | $(BIN)/python
	@$(BIN)/python -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/audit.txt
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	@echo "Installing what the tests and checks need into $(VENV)."
	@$(PIP) install --require-hashes --no-build-isolation -r requirements/dev.txt
	@$(BIN)/python -W ignore -m compileall -q $(VENV)/lib*/python*/site-packages || true
	@touch $@
