# `make run` starts everything; `make test` tests everything. Each does its own set-up.
SHELL := /bin/bash
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/src

MEDIA_SOURCES := $(shell find tools/wheel media/src media/Cargo.toml Cargo.toml Cargo.lock -type f 2>/dev/null)
CONSOLE_SOURCES := $(shell find console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name schema.d.ts 2>/dev/null)
MEDIA_MODULE := src/mingjing/_media.abi3.so
CONSOLE := src/mingjing/web/static/index.html
TYPEFACES := src/mingjing/paper/typefaces/NotoSansSC-Bold.ttf

.PHONY: run test test-code test-rust test-python test-web lint lint-python lint-rust lint-web bench claims claims-page nightly fuzz fault sec supply docs wheel build lock clean \
	prepare-run prepare-test

run: build
	@python -m mingjing serve --demo $(ARGS)

build: prepare-run $(MEDIA_MODULE) $(CONSOLE) $(TYPEFACES)
	@# As the environment's own: a start that has to compile its modules takes twice as long.
	@python -m compileall -q src/mingjing

prepare-run:
	@tools/prepare system run && tools/prepare rust && tools/prepare python && tools/prepare node

prepare-test: prepare-run
	@tools/prepare system test

$(MEDIA_MODULE): $(MEDIA_SOURCES) | prepare-run
	@printf '\033[1m· building the media plane (Rust)\033[0m\n'
	@tools/wheel module

$(CONSOLE): $(CONSOLE_SOURCES) | prepare-run
	@printf '\033[1m· building the console\033[0m\n'
	@cd console && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build -- --logLevel warn
	@touch $@

# From what the console's build has brought.
$(TYPEFACES): tools/typefaces.py $(CONSOLE) | prepare-run
	@printf '\033[1m· unpacking the typefaces of documents\033[0m\n'
	@python tools/typefaces.py

test: prepare-test build lint test-code test-python

# Each of the three leaves a core idle by itself.
lint: build
	@$(MAKE) --no-print-directory -j2 -Otarget lint-rust lint-python lint-web

lint-python:
	ruff check .
	ruff format --check .
	mypy
	lint-imports

lint-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -q -- -D warnings
	cargo clippy -p mingjing-media --features python -q -- -D warnings

lint-web:
	cd console && npm run --silent types && npm run --silent lint && npm run --silent budget

# The media plane's tests wait for time to pass, the console's do not.
test-code: prepare-test build
	@$(MAKE) --no-print-directory -j2 -Otarget test-rust test-web

test-rust: prepare-test
	cargo test --workspace -q

test-web: build
	cd console && npm test --silent

test-python: prepare-test build
	python -m pytest -q -n 2 tests/unit tests/integration tests/law $(ARGS)
	@# Real programs and browsers in real time: what fails is tried once more by itself, and the log shows both.
	python -m pytest -q -n 3 --dist load tests/claims $(ARGS) || \
		python -m pytest -q --last-failed --last-failed-no-failures none tests/claims $(ARGS)
	python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/e2e $(ARGS) || \
		python -m pytest -q --last-failed --last-failed-no-failures none tests/e2e $(ARGS)

bench: prepare-test build
	python -m bench $(ARGS)

claims: prepare-test build
	python -m tests.claims.table $(ARGS)

# The long column, in runs of at most an hour that go on where they were left: ARGS="--list", "--only R16", "--minutes 30"
nightly: prepare-test build
	@tools/prepare fuzz
	python -m tests.claims.nightly $(ARGS)

# docs/reliability.md from what was measured here
claims-page: prepare-test build
	python -m tests.claims.document

# One harness: make fault NAME=kill ARGS="--kills 100"; of security: make sec NAME=brute
fault sec: prepare-test build
	python -m tests.claims.$(NAME) $(ARGS)

# Pinned digests, bill of materials (build/sbom.json), known advisories
supply: prepare-run
	python tools/supply.py

# T seconds for each target: make fuzz T=600 ARGS="rtsp_message sdp"
fuzz: prepare-test build
	@tools/prepare fuzz
	python -m tests.claims.fuzz --seconds $(or $(T),30) $(ARGS)

docs: prepare-run
	python tools/check_docs.py

wheel: prepare-run $(CONSOLE) $(TYPEFACES)
	@tools/wheel pack dist

lock: prepare-run
	uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -o requirements.lock

clean:
	rm -rf build dist target .venv src/mingjing/web/static src/mingjing/paper/typefaces $(MEDIA_MODULE) console/node_modules console/dist
