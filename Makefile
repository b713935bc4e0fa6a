# make test      every check, in an environment of its own; nothing has to be set up before
# make test-all  the same on every Python from 3.11 on that is found here
# make demo      four sibling repositories that share a venv, wrecked and repaired before your eyes
# make fuzz      the hypothesis tests with many more examples, a thousand runs beside pip and uv
# make bench     what the hooks cost
# make clean     forget the environments and caches
#
# PYTHON=… chooses the interpreter; else it is the first of these that is new enough.

CANDIDATES = python3 python3.14 python3.13 python3.12 python3.11
IS_NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(or $(PYTHON),$(shell for python in $(CANDIDATES); do \
	"$$python" -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo "$$python" && break; done))
ifeq ($(PYTHON),)
$(error Python 3.11 or newer is needed: say where with PYTHON=/path/to/python3)
endif
VERSION := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

LIST_PYTHONS = from tests.trees import pythons; \
	print(*(found.executable for found in pythons() if int(found.version[2:]) >= 11), sep="\n")

VENV = .venv-$(VERSION)
INSTALLED = $(VENV)/installed
RUN = $(VENV)/bin/python -m

.PHONY: test test-all demo fuzz bench clean

test: $(INSTALLED)
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) coverage erase
	$(RUN) coverage run -m pytest --numprocesses auto
	$(RUN) coverage combine --quiet
	$(RUN) coverage report

test-all:
	"$(PYTHON)" -c '$(LIST_PYTHONS)' | while read -r python; do \
		echo "== $$python"; $(MAKE) test PYTHON="$$python" </dev/null || exit 1; done

demo:
	"$(PYTHON)" -m demo

fuzz: $(INSTALLED)
	HYPOTHESIS_PROFILE=long $(RUN) pytest -m hypothesis --numprocesses auto
	HYPOTHESIS_PROFILE=long $(RUN) pytest -rP tests/test_races.py

bench: $(INSTALLED)
	$(RUN) benchmarks

clean:
	rm -rf .venv-* .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
	find hooks tests demo benchmarks -name __pycache__ -prune -exec rm -rf {} +

# pip first: `--group` came with pip 25.1.
$(INSTALLED): pyproject.toml
	rm -rf $(VENV)
	"$(PYTHON)" -m venv $(VENV)
	$(RUN) pip install --quiet --upgrade pip
	$(RUN) pip install --quiet --group dev --editable .
	touch $@
