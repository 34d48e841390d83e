# OIConnect: what a developer types. Settings (see README.md) come from the environment or the
# command line: make run OIC_HTTP_PORT=8080
SHELL := /bin/bash
.DEFAULT_GOAL := help
# What an error message has one type again
export OIC_COMMAND := $(strip make $(MAKECMDGOALS) $(MAKEOVERRIDES))
.PHONY: help setup run reset test bench soak demo-oc lint format doors odoo-update vulnerabilities i18n release clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## builds everything that Odoo, its tests and linters need under OIC_HOME
	@scripts/setup.sh --dev

run: ## serves the product with its demo network until Ctrl-C
	@scripts/run.sh

reset: ## drops the database of make run, to start the demo afresh
	@scripts/run.sh --reset

test: ## unit, integration and browser tests; ARGS="path -k name" runs a part
	@scripts/test.sh $(ARGS)

bench: ## benchmark table, one JSON line per figure (BENCH_SIZE=small|full|huge)
	@scripts/bench.sh $(ARGS)

soak: ## people, files, tickets, imports at once for DURATION=3600 s; fails on a broken limit
	@scripts/soak.sh

demo-oc: ## plays a commercial operator against the running system
	@scripts/env.sh python scripts/demo_oc.py $(ARGS)

lint: ## formatters, linters, translations and size limits
	@scripts/lint.sh $(ARGS)

format: ## rewrites files the way the linters want them
	@scripts/lint.sh --fix

doors: ## refreshes the list of addresses that Odoo serves, and the proxy's part of it
	@scripts/env.sh python scripts/doors.py $(ARGS)

odoo-update: ## takes the newest Odoo 19.0 of Debian, tests it, and locks it
	@scripts/odoo_update.sh

vulnerabilities: ## asks the index what is known against the locked packages
	@scripts/env.sh python scripts/vulnerabilities.py --refresh

i18n: ## refreshes the terms of each addon's .pot and fr.po
	@scripts/update_translations.sh

release: ## VERSION=19.0.x.y.z: versions, changelog, commit and tag, wheels and notes in dist/
	@scripts/release.sh $(VERSION)

clean: ## stops our servers and removes OIC_HOME (downloads, databases, logs)
	@scripts/clean.sh
