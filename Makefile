# Everything a person or CI runs. Needs Python 3.11+ and make; each target does its own set-up.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
.SUFFIXES:

# An environment that happens to be active must change nothing.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE

BIN := .venv/bin
PACKAGES := ims_kernel ims ims_config ims_tenants ims_billing
step = @printf '\n== %s\n' "$(1)"

# `make bench NAME=imports` and `make bench imports` are the same.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
  NAME ?= $(word 2,$(MAKECMDGOALS))
  ifneq (,$(word 2,$(MAKECMDGOALS)))
    .PHONY: $(word 2,$(MAKECMDGOALS))
    $(eval $(word 2,$(MAKECMDGOALS)):;@:)
  endif
endif

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
	@printf '\nDATABASE_URL=postgresql://... uses your own PostgreSQL instead of the embedded one.\n'

.PHONY: setup
setup: ## Install what the other targets need (they call it themselves)
	@requirements/setup.sh

.PHONY: demo
demo: setup ## Two invented councils from bank statement to ledger file, then serve (SERVE=0: stop there)
	@$(BIN)/ims demo $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: test
test: lint types arch ## Everything CI runs: lint, types, arch, then all tests
	$(call step,tests)
	@$(BIN)/python -m pytest -n auto --cov --cov-branch --cov-report= tests
	@$(BIN)/python -m tests.coverage_floors

.PHONY: lint
lint: setup ## Style, formatting, spelling, missing migrations
	$(call step,lint)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/codespell
	@DJANGO_SETTINGS_MODULE=ims_config.settings.test $(BIN)/python manage.py makemigrations --check --dry-run

.PHONY: types
types: setup ## mypy, strict, with the Django plug-in
	$(call step,types)
	@$(BIN)/mypy $(foreach package,$(PACKAGES),-p $(package)) -p tests

.PHONY: arch
arch: setup ## Who may import whom
	$(call step,architecture)
	@$(BIN)/lint-imports --no-logo

.PHONY: bench
bench: setup ## Speed and size against their budgets (NAME=... for one of them)
	@$(BIN)/python -m tests.bench $(NAME)

.PHONY: shell
shell: setup ## A Python prompt with the service loaded
	@$(BIN)/ims shell

.PHONY: lock
lock: ## Renew requirements/*.lock from requirements/*.in (needs uv)
	@requirements/lock.sh

.PHONY: clean
clean: ## Stop the local databases and delete them, .venv, and everything built
	@if [ -x $(BIN)/python ] && [ -d .var ]; then \
	    $(BIN)/python -m ims_config.localdb destroy .var/pg .var/pg-test; fi
	@rm -rf .venv .var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage \
	    platform/ims_kernel/web/frontend/node_modules platform/ims_kernel/web/static/build
	@find platform tenants billing tests -name __pycache__ -type d -prune -exec rm -rf {} +
