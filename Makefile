# Two commands do everything on a fresh machine: `make run` and `make test`. Both begin with scripts/set_up.py, which
# updates system libraries and .venv, and does nothing if nothing changed. PYTHON=... creates .venv from the Python it
# names, whichever one was used before.

ifndef PYTHON
PYTHON := $(firstword $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done) python3)
else
NAMED := --this-python
endif
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
ARGS ?=

.PHONY: help run test check format bench soak

help:
	@echo 'make run     open Lectern        make run ARGS="FILE..." imports the files first'
	@echo 'make test    all checks and tests   make test ARGS="..." passes options to pytest'
	@echo 'make check   lint, types and layers only'
	@echo 'make format  format the code'
	@echo 'make bench   the benchmarks    make bench ARGS="FILE..." only those in the files'
	@echo 'make soak    the long tests, which update the figures in docs/reliability.md'

run:
	@$(PYTHON) scripts/set_up.py run $(NAMED)
	@$(BIN)/python main.py $(ARGS)

check:
	@$(PYTHON) scripts/set_up.py test $(NAMED)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

# 90 % of the lines and branches below the window, unless ARGS narrow the run. On two or more cores at once; a debugger
# wants `make test ARGS="-n 0 --pdb ..."`.
test: export QT_QPA_PLATFORM := offscreen
test: check
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --cov --cov-report=term $(ARGS)
	@$(if $(ARGS),,$(BIN)/python -m coverage report --omit='reader/ui/*' --fail-under=90 --format=total)

format:
	@$(PYTHON) scripts/set_up.py test $(NAMED)
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

# All of tests/benchmarks, unless ARGS name files; options alone (`-k effort`) choose among all.
bench: export QT_QPA_PLATFORM := offscreen
bench:
	@$(PYTHON) scripts/set_up.py test $(NAMED)
	$(BIN)/python -m pytest $(if $(filter tests/% ./tests/% $(CURDIR)/tests/%,$(ARGS)),,tests/benchmarks )$(ARGS)

# Everything of tests/reliability, short tests too, since some of the figures are theirs; then the other long runs, and
# every property with ten times the examples.
FIGURES := .reliability-figures
soak: export QT_QPA_PLATFORM := offscreen
soak: export LECTERN_FIGURES := $(CURDIR)/$(FIGURES)
soak: export LECTERN_EXAMPLES := 10
soak:
	@$(PYTHON) scripts/set_up.py test $(NAMED)
	@rm -f $(FIGURES)
	$(BIN)/python -m pytest tests/reliability -m 'soak or not soak' --deselect tests/reliability/test_report.py $(ARGS)
	$(BIN)/python scripts/reliability_report.py $(FIGURES)
	$(BIN)/python -m pytest -m 'soak or hypothesis' --ignore tests/reliability $(ARGS)
