# Every target sets up what it needs: `make demo` and `make test` are the only commands a newcomer has to know.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.setup-done

.PHONY: setup machine demo test test-all bench fuzz mutants lint clean

setup: machine $(SETUP)

$(SETUP): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(SETUP)

# A JDK 17+ and Maven build and run what is emitted. On Debian, as root, they are installed; elsewhere the commands are printed.
machine:
	@sh .ci/machine

demo: setup
	$(BIN)/refactor demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup lint
	$(BIN)/pytest -m "not slow"

test-all: setup lint
	$(BIN)/pytest

bench: setup
	$(BIN)/python -m tests.bench

# Generated programs: the exhaustive small scopes, a large random run, and long histories of leases. About an hour on two cores.
fuzz: setup
	$(BIN)/refactor fuzz --exhaustive --jobs 2
	$(BIN)/refactor fuzz --programs 2000 --jobs 2
	$(BIN)/refactor fuzz --spring 12
	$(BIN)/pytest tests/properties

# Seeded defects in the generator of code and in the runtime: every one has to be caught.
mutants: setup
	$(BIN)/python -m tests.mutants

clean:
	rm -rf .venv out
