# make test         every check, with the versions of the lock; nothing has to be set up before
# make test-all     the same on every Python from 3.11 on that is found here
# make test-newest  the same with the newest of everything, then with the oldest dependencies
# make lock         write the lock anew, with the newest of everything
# make demo         four sibling repositories that share a venv, wrecked and repaired
# make fuzz         the hypothesis tests with many more examples, a thousand runs beside pip and uv
# make mutants      whether the tests of rules and fixes notice when one place of them is broken
# make bench        what the hooks cost
# make release-notes TAG=v1.0.0   what CHANGELOG.md says of it; refuses a tag without
# make clean        forget the environments and caches
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

LOCK = requirements-dev.txt
VENV = .venv-$(VERSION)
INSTALLED = $(VENV)/installed
RUN = $(VENV)/bin/python -m

NEWEST = $(VENV)-newest
OLDEST = $(VENV)-oldest
IN = $(MAKE) --no-print-directory checks PYTHON="$(PYTHON)" TESTS=--deselect=$(AS_LOCKED) VENV
AS_LOCKED = tests/test_lock.py::test_what_is_installed_is_what_is_locked

.PHONY: test test-all test-newest checks lock demo fuzz mutants bench release-notes clean

test: $(INSTALLED)
	$(MAKE) --no-print-directory checks PYTHON="$(PYTHON)"

checks:
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) coverage erase
	$(RUN) coverage run -m pytest --numprocesses auto $(TESTS)
	$(RUN) coverage combine --quiet
	$(RUN) coverage report

test-all:
	"$(PYTHON)" -c '$(LIST_PYTHONS)' | while read -r python; do \
		echo "== $$python"; $(MAKE) test PYTHON="$$python" </dev/null || exit 1; done

test-newest: $(INSTALLED)
	rm -rf $(NEWEST) $(OLDEST)
	"$(PYTHON)" -m venv $(NEWEST)
	$(RUN) uv pip install --quiet --python $(NEWEST) --group dev --editable . --upgrade
	$(IN)=$(NEWEST)
	"$(PYTHON)" -m venv $(OLDEST)
	$(RUN) uv pip compile --quiet --resolution lowest-direct --output-file $(OLDEST)/oldest.txt \
		pyproject.toml
	$(RUN) uv pip install --quiet --python $(OLDEST) --group dev --editable . --upgrade \
		--constraint $(OLDEST)/oldest.txt
	$(IN)=$(OLDEST)

# For every Python and every system at once. The index that it asks is not written down.
lock: $(INSTALLED)
	$(RUN) uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --annotation-style line \
		--output-file $(LOCK) --group dev pyproject.toml

demo:
	"$(PYTHON)" -m demo

fuzz: $(INSTALLED)
	HYPOTHESIS_PROFILE=long $(RUN) pytest -m hypothesis --numprocesses auto
	HYPOTHESIS_PROFILE=long $(RUN) pytest -rP tests/test_races.py

mutants: $(INSTALLED)
	$(RUN) benchmarks.mutants $(COUNT) $(SEED)

bench: $(INSTALLED)
	$(RUN) benchmarks

release-notes:
	@"$(PYTHON)" .ci/release_notes.py "$(TAG)"

clean:
	rm -rf .venv-* .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
	find hooks tests demo benchmarks -name __pycache__ -prune -exec rm -rf {} +

# What builds this project is locked as well: without isolation nothing else is fetched for it.
$(INSTALLED): pyproject.toml $(LOCK)
	rm -rf $(VENV)
	"$(PYTHON)" -m venv $(VENV)
	$(RUN) pip install --quiet --require-hashes --requirement $(LOCK)
	$(RUN) pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
