# make demo   set up, crawl two small clinic sites of our own, search them
# make test   set up, run the whole suite
# make engines, make engines-stop    real PostgreSQL and OpenSearch servers on loopback, for the tests that want them and for trying out
# Python >= 3.11 with venv, and make, are all that is needed. Both are safe to run again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

FLOOR_PIPELINE := 94
FLOOR_URLS := 97
FLOOR_QUERY := 95
TYPES := ../$(BIN)/mypy --explicit-package-bases --ignore-missing-imports --check-untyped-defs --config-file ../setup.cfg --exclude '^$$'

.PHONY: demo test engines engines-stop reloaded soak check types coverage docs extraction-version release lock clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.run
	@$(BIN)/python -m clinicdex.demo .clinicdex-demo

test: check
	$(BIN)/pytest -n 2 --dist loadfile -m "not soak"

# Jars from Maven Central and PostgreSQL's own programs; prints the two settings that lead to them.
engines:
	@$(PYTHON) tests/engines start

engines-stop:
	@$(PYTHON) tests/engines stop

# The index on the other keeper of Whoosh's format, so that there is always a second one.
reloaded: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade --target $(VENV)/reloaded -r tests/whoosh-reloaded.txt
	PYTHONPATH=$(VENV)/reloaded $(BIN)/pytest -m "not soak" tests/index/test_engines.py tests/index/test_whoosh.py tests/index/test_index_crash.py tests/index/test_hostile_queries.py

soak: $(VENV)/.test
	$(BIN)/pytest -m soak

check: $(VENV)/.test $(VENV)/.clients types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if [ -x tests/clients/node_modules/.bin/biome ]; then tests/clients/node_modules/.bin/biome check --error-on-warnings; else echo "npm is not there: JavaScript is not linted"; fi
	@if command -v phpcs >/dev/null; then phpcs --standard=phpcs.xml; else echo "phpcs is not there: PHP is not linted; install Debian's php-codesniffer"; fi

# The package, then tests and benchmarks, which import their neighbours by bare names.
types: $(VENV)/.test
	@mkdir -p .typing && ln -sfn .. .typing/clinicdex
	MYPYPATH=.typing $(BIN)/mypy --strict -p clinicdex --config-file setup.cfg
	MYPYPATH=.typing $(BIN)/mypy --strict --config-file setup.cfg tests/typing/api.py
	cd .typing && MYPYPATH=.:../tests:../tests/engines $(TYPES) $$(cd .. && git ls-files 'tests/test_*.py' 'tests/*/test_*.py' tests/conftest.py 'tests/support/*.py' 'tests/engines/*.py' docs/reference.py | sed 's|^|../|')
	@cd .typing && for room in $$(cd .. && git ls-files "benchmarks/*/*.py" | sed "s|[^/]*$$||; s|^|../|" | sort -u); do MYPYPATH=.:../benchmarks:$$room:../tests:../tests/engines $(TYPES) $$room*.py || exit 1; done
	@cd .typing && MYPYPATH=.:../tests $(TYPES) ../benchmarks/report.py

# What decides an extraction has a committed digest, and the reference pages come out of the code; tests compare both.
extraction-version: $(VENV)/.test
	$(BIN)/python tests/support/extraction_version.py

docs: $(VENV)/.test
	$(BIN)/python docs/reference.py

# Branch coverage of the pure parts, with floors that only go up.
coverage: $(VENV)/.test
	$(BIN)/coverage run -m pytest -q tests/pipeline tests/flow/test_owner.py tests/flow/test_near.py tests/test_urls.py tests/index/test_query.py tests/index/test_hostile_queries.py tests/commands/test_cli.py -m "not soak"
	$(BIN)/coverage report --include='pipeline/*' --fail-under=$(FLOOR_PIPELINE)
	$(BIN)/coverage report --include='urls.py' --fail-under=$(FLOOR_URLS)
	$(BIN)/coverage report --include='index/query.py' --fail-under=$(FLOOR_QUERY)

# Wheel, sdist, their checksums and a list of what they need (CycloneDX), in dist/.
release: test
	rm -rf dist build
	$(BIN)/python -m build --outdir dist .
	$(PYTHON) -m venv dist/.bom && dist/.bom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom
	dist/.bom/bin/cyclonedx-py requirements requirements.lock --output-file dist/clinicdex.cdx.json
	rm -rf dist/.bom
	cd dist && sha256sum * > SHA256SUMS

# The environment, made again when the lock changes.
$(VENV)/.run: requirements.lock setup.cfg
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "clinicdex needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv here; run: sudo apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

# Other people's search clients, which speak to ours; without npm their tests are skipped and say so.
$(VENV)/.clients: tests/clients/package-lock.json $(VENV)/.run
	@if command -v npm >/dev/null; then cd tests/clients && npm ci --silent --ignore-scripts --no-fund --no-audit; else echo "npm is not there: the tests of other people's search clients are skipped"; fi
	@touch $@

lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" requirements.in setup.cfg -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" requirements.in setup.cfg --extra test --extra scale --extra skos -c requirements.lock -o requirements-test.lock

clean:
	rm -rf $(VENV) .typing build dist *.egg-info .clinicdex-demo .engines
