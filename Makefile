# Short on purpose: read it instead of a manual. PYTHON picks the interpreter for .venv.
PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev

.PHONY: run demo install test lint types contract check bench campaign lock clean

run: install          ## set up and run everything; the page is at http://127.0.0.1:8080
	$(BIN)/monitor run

demo: install         ## replay a recorded crisis, no network needed
	$(BIN)/monitor demo

install: $(RUN_STAMP)

$(RUN_STAMP): requirements.lock pyproject.toml tools/venv.sh
	sh tools/venv.sh "$(PYTHON)" requirements.lock
	touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml tools/venv.sh
	sh tools/venv.sh "$(PYTHON)" requirements-dev.lock
	touch $@ $(RUN_STAMP)

test: $(DEV_STAMP)    ## everything that needs no long time
	$(BIN)/pytest -q -n 2 -m "not campaign"

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEV_STAMP)
	$(BIN)/mypy

contract: $(DEV_STAMP)
	$(BIN)/lint-imports

check: lint types contract test

bench: $(DEV_STAMP)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.peers
	$(BIN)/python -m tests.benchmarks.latency

campaign: $(DEV_STAMP)
	$(BIN)/pytest -q -m campaign

lock:                 ## needs uv; writes both lock files, hashed, without addresses
	uv pip compile pyproject.toml --extra postgres --extra semantic --extra notify --extra calendar --group build --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --extra semantic --extra notify --extra calendar --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -q -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build dist *.egg-info
