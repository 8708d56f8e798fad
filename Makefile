# What one types. `make` alone lists it.
PYTHON ?= python3
PLATFORM := .venv/bin/python
ENGINE := engine/.venv/bin/python
UV := var/tools/uv/bin/uv
STAGE := $(PYTHON) -m scripts.run_tests
TEST_STAGES := test-unit test-contract test-integration test-engine test-conversation test-browser test-resilience
# More words for one stage, such as: make test-unit ARGS="-k phone"
ARGS ?=
# Words for the message path's part of `make bench`
PATH_ARGS ?=

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
# Rasa compiled anew at every start takes three times as long; the bytecode stays inside our own folders.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup test check stories bench bench-path bench-console soak chat customers train shell lock clean browser $(TEST_STAGES)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  make test-STAGE         One stage alone: $(TEST_STAGES:test-%=%)"

run: ## Set up what is missing, train if needed, start everything with the demo
	@$(PYTHON) -m scripts.bootstrap
	@$(ENGINE) -m engine.train
	@exec $(PLATFORM) -m ramah run --demo --whatsapp-demo

setup: ## Set up for development: both environments and the browser libraries
	@$(PYTHON) -m scripts.bootstrap --dev

test: setup browser ## Check the code and run every stage of the tests
	@$(STAGE)

check: setup ## Lint, formatting, types, import contract, the assistant's YAML
	@$(STAGE) check

$(TEST_STAGES): setup
	@$(if $(filter test-browser test-conversation,$@),$(PYTHON) -m scripts.ensure_browser,:)
	@$(if $(filter test-conversation test-browser test-resilience,$@),$(ENGINE) -m engine.train,:)
	@$(STAGE) $(@:test-%=%) --args="$(ARGS)"

stories: setup train ## Run the end-to-end stories with `rasa test`
	@$(STAGE) stories

bench: setup train ## The engine beside stock Rasa on our skills, the whole path, then the message path
	@$(PLATFORM) -m benchmarks.engine $(ARGS)
	@$(PLATFORM) -m benchmarks.turns
	@$(PLATFORM) -m benchmarks.message_path $(PATH_ARGS)

bench-path: setup ## The message path alone: webhooks, conversations, growth (12 minutes; ARGS=--quick: 2 to 4)
	@$(PLATFORM) -m benchmarks.message_path $(ARGS)

bench-console: setup ## The operators' screens at a million messages (10 minutes; ARGS=--quick: one)
	@$(PLATFORM) -m benchmarks.console $(ARGS)

soak: setup train ## Many customers and random kills for a long time (bounded)
	@$(PLATFORM) -m pytest tests/soak $(ARGS)

chat: setup ## Talk to the running assistant in the terminal (while `make run` is up)
	@$(PLATFORM) -m ramah chat $(ARGS)

customers: setup train ## Let simulated customers book and compare the ERP with what they wanted
	@$(PLATFORM) -m benchmarks.customers $(ARGS)

train: ## Train the assistant if its YAML or pipeline has changed
	@$(PYTHON) -m scripts.bootstrap
	@$(ENGINE) -m engine.train

shell: train ## Talk to the assistant in the terminal (while `make run` serves its actions)
	@$(PLATFORM) -m scripts.rasa_shell

browser:
	@$(PYTHON) -m scripts.ensure_browser

lock: setup ## Resolve the dependencies again and write every lock file
	@$(PYTHON) -m scripts.lock $(ARGS)

clean: ## Remove what can be made again; databases and .env stay
	rm -rf .venv engine/.venv var/tools var/results console/static/vendor models .rasa
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
