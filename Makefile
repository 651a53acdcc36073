# The two commands that matter: `make run` and `make test`. The rest are the steps they are made of.

# ---- make run ------------------------------------------------------------------------------------
PORT       ?= 8080
DATA_DIR   ?= ./data
PUBLIC_URL ?= http://localhost:$(PORT)
# `dev` is compiled several times sooner, with what computes optimised all the same; `release` for
# measuring and for use.
PROFILE    ?= dev
# DATABASE_URL and REDIS_URL, where they are set, reach the server through the environment.

# ---- for every target ----------------------------------------------------------------------------
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BINARY      = $(TARGET_DIR)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/liangzheng
# The acceptance tests drive the server that the test build made.
export LZ_TEST_BINARY ?= $(abspath $(TARGET_DIR)/debug/liangzheng)
STEP       := @scripts/step

# One step at a time, also under `make -j`: each uses all the cores it can get.
.NOTPARALLEL:
.PHONY: help run setup test build fmt fmt-check lint clippy divisions typescript unit bindings \
        contract kotlin server-sqlite server-postgres acceptance bench bench-scale pictures deny clean-data

help: ## list the targets (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## build and serve with the demo province; PORT= DATA_DIR= PUBLIC_URL= PROFILE=
	@scripts/setup font
	@cargo build --workspace --bin liangzheng --profile $(PROFILE)
	@PORT='$(PORT)' DATA_DIR='$(DATA_DIR)' PUBLIC_URL='$(PUBLIC_URL)' exec $(BINARY) serve --demo

test: setup fmt-check lint divisions contract typescript build unit bindings server-sqlite server-postgres acceptance ## everything CI checks

setup: ## install what the tests need, or say what is missing
	$(STEP) "Set-up" scripts/setup

build: ## compile the server and all tests
	$(STEP) "Build" scripts/cargo-test build

fmt: ## format the code
	cargo fmt --all

fmt-check:
	$(STEP) "Format" cargo fmt --all --check

lint: clippy ## clippy with warnings denied, and words that must not be in the tree
	$(STEP) "Words" scripts/check-words

clippy:
	$(STEP) "Clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings

divisions: ## the committed divisions against a package of GB/T 2260
	$(STEP) "Divisions" node scripts/check-divisions.mjs

contract: ## the operations of apps, their manifest, and that the schema breaks nothing released
	$(STEP) "Contract" node scripts/contract.mjs check
	$(STEP) "What breaks the contract is seen" node --test scripts/contract.test.mjs

typescript: ## the verifier in TypeScript, on the vectors of the Rust one, in Node and in Chromium
	$(STEP) "TypeScript verifier" npm test --silent --prefix mobile-contract/typescript

unit: ## rules and units, and examples in documentation
	$(STEP) "Rules and units" scripts/cargo-test unit

bindings: ## the contract in other languages: committed as generated, Python on the vectors
	$(STEP) "Bindings" scripts/bindings check

kotlin: ## the committed Kotlin bindings on the vectors, on the JVM (needs Java, JNA and Gson)
	$(STEP) "Kotlin" scripts/kotlin

server-sqlite: ## store, GraphQL and fault tests on SQLite
	$(STEP) "Server on SQLite" env LZ_TEST_ENGINE=sqlite scripts/cargo-test server

server-postgres: ## the same on PostgreSQL and Redis
	$(STEP) "Server on PostgreSQL and Redis" \
	    scripts/services run -- env LZ_TEST_ENGINE=postgres scripts/cargo-test server

acceptance: ## the built server from outside, with a browser
	$(STEP) "Acceptance" scripts/services run -- scripts/cargo-test acceptance

bench: ## measure against the simplest thing that could do the same
	$(STEP) "Benchmarks" scripts/services run -- cargo bench --package acceptance --bench ratios

bench-scale: ## measure a province at once, time and memory; LZ_BENCH_PERCENT= LZ_BENCH_ENGINE=
	$(STEP) "Server for release" cargo build --workspace --bin liangzheng --release --quiet
	$(STEP) "A province at once" scripts/services run -- \
	    env LZ_TEST_BINARY='$(abspath $(TARGET_DIR))/release/liangzheng' \
	    cargo bench --package acceptance --bench scale

pictures: ## take the pictures of docs/pictures again, from the built server
	node scripts/screenshots.mjs

deny: ## licences, advisories and sources of the dependencies (needs cargo-deny)
	cargo deny --workspace check

clean-data: ## remove the data folder of `make run`
	rm -rf -- '$(DATA_DIR)'
