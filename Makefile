# What a person types. `make` alone prints this list.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
DRIVERS := $(VENV)/.servers
STATIC := var/static/.ready
ENGINES := $(VENV)/.engines
PEERS := var/bench/.ready

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PORT

.DEFAULT_GOAL := help
.PHONY: help run setup prepare test chromium pictures test-api test-engines servers test-servers servers-stop servers-status bench check format messages lock

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: export OPEN_INTERFACES ?= pages,analytics,sky,archivos,reportes,ingestion
run: export HTTPS ?= False
run: prepare ## set up what is missing and serve http://127.0.0.1:8000/ (PORT= for another), with worker and beat
	@echo "  Dirección:   http://127.0.0.1:$(PORT)/   (Ctrl-C lo detiene todo)"
	@honcho start

setup: prepare ## the same without serving

prepare: export HTTPS ?= False
prepare: $(STATIC)
	@python manage.py prepare

test: $(TOOLS) $(STATIC) ## run the tests on the embedded stores, and walk the pages where there is a chromium
	@pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not spark and not trino"

chromium: ## install the browser that walks the pages (Debian's, as root)
	@command -v chromium >/dev/null || (apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends chromium)

pictures: $(TOOLS) chromium ## walk the pages again and keep their pictures in docs/pantallas
	PICTURES=$(CURDIR)/docs/pantallas pytest --quiet config/tests/browser

test-api: $(TOOLS) ## ask the API a hundred things of each operation (make test asks four)
	@API_EXAMPLES=100 pytest -n 2 config/tests/test_api_promises.py

test-engines: $(TOOLS) $(ENGINES) ## ask Spark too what the analytics ask (needs Java 17), and Trino (make servers S="s3 postgresql trino")
	@SPARK_LOCAL_IP=127.0.0.1 pytest -m spark
	@set -a; [ ! -f var/servers/env ] || . var/servers/env; set +a; \
	if [ -n "$$TRINO_URL" ]; then pytest -m trino; \
	else echo 'Trino queda sin probar: make servers S="s3 postgresql trino" lo arranca.'; fi

servers: $(DRIVERS) ## start real servers for development and tests (S="postgresql redis" for some)
	@deploy/servers/servers.sh up $(S)

# Those that stop a server come last, alone. The others wait for the servers about half of the time, so four
# share two cores.
test-servers: $(TOOLS) $(DRIVERS) $(STATIC) chromium ## the whole suite on the real servers: one that is not there is a failure
	@set -a; [ ! -f var/servers/env ] || . var/servers/env; set +a; \
	TEST_SERVERS=required pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not any_engine and not spark and not trino" && \
	if [ -f var/servers/env ]; then TEST_SERVERS=stopped pytest config/tests/servers; \
	else echo "Estos servidores no son de make servers: no se prueba a detenerlos."; fi

servers-stop: ## stop them (S= for some)
	@deploy/servers/servers.sh stop $(S)

servers-status: ## say which of them run
	@deploy/servers/servers.sh status $(S)

bench: $(TOOLS) $(DRIVERS) $(PEERS) ## measure analytics, and exports on the servers of make servers, against others (BENCH_USERS=, BENCH_ROWS= for fewer), and kill all that can die
	@set -a; [ ! -f var/servers/env ] || . var/servers/env; set +a; \
	python -m benchmarks.analytics && \
	python -m benchmarks.exports && \
	KILLS=1 pytest --quiet ingestion/tests/kills && \
	RELAY_WRITES=10000 TEST_SERVERS=stopped pytest --quiet config/tests/servers/test_relay.py

check: $(TOOLS) ## format, lint, types, migrations in step, import direction, templates, translations
	ruff check .
	ruff format --check .
	mypy .
	lint-imports
	djlint --check --lint --quiet templates
	python manage.py check --fail-level WARNING
	HTTPS=True python manage.py check --deploy --fail-level WARNING
	python manage.py makemigrations --check --dry-run
	pytest --quiet config/tests/test_translations.py

format: $(TOOLS) ## put the code in its format
	ruff check --fix .
	ruff format .
	djlint --reformat --quiet templates

messages: $(TOOLS) ## extract strings and compile the translations (needs Debian's gettext)
	python manage.py makemessages --locale en --no-wrap --no-obsolete --add-location file --ignore .venv --ignore var --ignore tests
	pybabel compile --directory locale --domain django

lock: $(TOOLS) ## resolve requirements/lock.txt again
	uv pip compile --universal --python-version 3.11 requirements/base.txt requirements/servers.txt requirements/dev.txt -o requirements/lock.txt

# What is installed: base.txt serves and works; servers.txt talks to real servers; dev.txt tests and checks.

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(READY): $(VENV)/bin/uv requirements/base.txt requirements/lock.txt
	uv pip install --quiet --python $(BIN)/python -r requirements/base.txt -c requirements/lock.txt
	@touch $@

$(TOOLS): $(READY) requirements/dev.txt
	uv pip install --quiet --python $(BIN)/python -r requirements/dev.txt -c requirements/lock.txt
	@touch $@

$(DRIVERS): $(READY) requirements/servers.txt
	@deploy/servers/servers.sh drivers
	uv pip install --quiet --python $(BIN)/python -r requirements/servers.txt -c requirements/lock.txt
	@touch $@

$(ENGINES): $(READY) requirements/engines.txt
	uv pip install --quiet --python $(BIN)/python -r requirements/engines.txt -c requirements/lock.txt
	@touch $@

$(PEERS): $(VENV)/bin/uv requirements/bench.txt
	uv venv --quiet --clear --python $(PYTHON) var/bench
	uv pip install --quiet --python var/bench/bin/python -r requirements/bench.txt
	@touch $@

# Gathered again only when a file of ours, or a package, changed.
$(STATIC): $(READY) $(shell find static $(filter-out var/static,$(wildcard */static)) -type f)
	@python manage.py collectstatic --no-input --verbosity 0
	@touch $@
