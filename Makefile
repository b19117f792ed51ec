# What is missing on this machine is set up where that is possible, and named where it is not. With
# PAYPORTER_MOCK_TEST_ALL=1 whatever is left out is a failure.

GO ?= go
FUZZTIME ?= 10s
# The linters have a module of their own, so that users of the library do not get them.
TOOL = $(GO) tool -modfile=.ci/tools/go.mod
NPM = npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix

shop = testdata/merchants/express/node_modules
redocly = .ci/tools/node_modules
playwright = testdata/playwright/node_modules
jest = testdata/recipes/jest/node_modules
generators = testdata/generators/node_modules
generator_version = $(shell sed -n '/openapi-generator-cli/{n;s/.*<version>\(.*\)<.*/\1/p;}' testdata/generators/openapi-generator/pom.xml)
generator_jar = .generators/openapi-generator-cli-$(generator_version).jar
RECIPES = PAYPORTER_MOCK=$(CURDIR)/.recipes/bin/payporter-mock
prism = testdata/bench/prism/node_modules
browsers = chromium chromium-browser google-chrome
lean = chromium-headless-shell chrome-headless-shell
may_install = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install = { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }
leave_out = { echo "left out: $(1)" >&2; [ "$$PAYPORTER_MOCK_TEST_ALL" != 1 ]; }

.PHONY: test verdicts setup browser openapi schemathesis recipes clients generators docker deployment bench soak kill chaos fuzz lint vulnerabilities run
.NOTPARALLEL:

# Tests of a package that waits leave room for another one.
beside = $$((1 + $$(getconf _NPROCESSORS_ONLN)))

# The tests come last, so that their result is what one sees.
test: setup openapi
	$(GO) test -p $(beside) -count=1 -timeout=30m ./...

# Whether a verdict is the same every run: all right shops and those with a race, RUNS times each.
RUNS ?= 10
verdicts:
	PAYPORTER_MOCK_TEST_RUNS=$(RUNS) $(GO) test -count=1 -timeout=0 -v -run VerdictIsTheSameEveryRun ./contract

setup: $(shop) $(redocly) $(playwright) .venv browser

$(shop): testdata/merchants/express/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,the tests with the Express shop: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,the tests with the Express shop: npm ci went wrong); fi

$(prism): testdata/bench/prism/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,Prism: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,Prism: npm ci went wrong); fi

$(redocly): .ci/tools/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,the lint of openapi.yaml: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,the lint of openapi.yaml: npm ci went wrong); fi

$(playwright): testdata/playwright/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,the tests with Playwright and axe-core: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,the tests with Playwright and axe-core: npm ci went wrong); fi

.venv: testdata/schemathesis/requirements.txt
	@if ! command -v python3 >/dev/null; then \
		$(call leave_out,Schemathesis and the tests with the Python shop: install Python 3); \
	elif python3 -m venv $@ && $@/bin/pip install --quiet --disable-pip-version-check -r $<; then touch $@; \
	else rm -rf $@; $(call leave_out,Schemathesis: no virtual environment could be made); fi

# With the lean browser, the tests in a browser take a third of the processor time. They run without it, too.
browser:
	@for name in $(browsers); do command -v $$name >/dev/null && exit 0; done; \
	if ! $(may_install); then \
		$(call leave_out,the tests in a browser: install Chromium); \
	elif ! $(call install,chromium); then \
		$(call leave_out,the tests in a browser: Chromium could not be installed); fi
	@for name in $(lean); do command -v $$name >/dev/null && exit 0; done; \
	$(may_install) && $(call install,chromium-headless-shell) 2>/dev/null || \
		echo "the tests in a browser take longer: there is no chromium-headless-shell" >&2

# Two linters: neither has a warning for either description.
openapi: $(redocly)
	@[ ! -d $(redocly) ] || { REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(redocly)/.bin/redocly lint --config .ci/tools/redocly.yaml && \
		$(redocly)/.bin/spectral lint --fail-severity warn --ruleset .ci/tools/spectral.yaml \
			openapi.yaml mock/internal/control/control.yaml; }

schemathesis: .venv
	@[ ! -d .venv ] || testdata/schemathesis/run.sh

# Every recipe of docs/recipes.md that can run without somebody else's machine.
recipes: .recipes/bin/payporter-mock .recipes/venv $(jest)
	@[ ! -d $(jest) ] || $(RECIPES) npm --prefix testdata/recipes/jest test
	@[ ! -d .recipes/venv ] || $(RECIPES) .recipes/venv/bin/pytest -q -p no:cacheprovider testdata/recipes/pytest
	@if command -v phpunit >/dev/null; then $(RECIPES) phpunit --do-not-cache-result testdata/recipes/phpunit/PayporterTest.php; \
	else $(call leave_out,the recipe for PHPUnit: install phpunit); fi
	@if command -v mvn >/dev/null; then $(RECIPES) mvn -q -B -ntp -f testdata/recipes/junit/pom.xml test; \
	else $(call leave_out,the recipe for JUnit: install Maven); fi
	cd mock/testcontainers && $(GO) vet ./... && $(GO) test -count=1 ./...
	$(TOOL) actionlint testdata/recipes/github-actions.yml .github/workflows/*.yml

.recipes/bin/payporter-mock: FORCE
	@$(GO) build -o $@ ./cmd/payporter-mock

.recipes/venv: testdata/recipes/pytest/requirements.txt clients/pypi/requirements.txt
	@if ! command -v python3 >/dev/null; then \
		$(call leave_out,the recipe for pytest and the packages in clients: install Python 3); \
	elif python3 -m venv $@ && $@/bin/pip install --quiet --disable-pip-version-check $(^:%=-r %); then touch $@; \
	else rm -rf $@; $(call leave_out,the recipe for pytest and the packages in clients: no virtual environment could be made); fi

$(jest): testdata/recipes/jest/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,the recipe for Jest and the packages in clients: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,the recipe for Jest and the packages in clients: npm ci went wrong); fi

FORCE:

# The packages for npm and PyPI, each installed into an empty project, where it takes orders through.
clients: .recipes/bin/payporter-mock .recipes/venv $(jest) $(playwright) $(generators)
	@[ ! -d $(jest) ] || [ ! -d $(playwright) ] || [ ! -d $(generators) ] || [ ! -d .recipes/venv ] || \
		PROGRAM=$(CURDIR)/.recipes/bin/payporter-mock \
		CHROMIUM=$$(for name in $(browsers); do command -v $$name && break; done) clients/test.sh

# Generators make clients from both descriptions, which order in a sandbox. ONLY=NAME,NAME runs these rows.
generators: $(generators) $(prism) .generators/venv $(generator_jar)
	@$(GO) run ./testdata/generators $(if $(ONLY),-only "$(ONLY)")

$(generators): testdata/generators/package-lock.json
	@if ! command -v npm >/dev/null; then \
		$(call leave_out,generators for TypeScript: install Node.js and npm); \
	elif $(NPM) $(@D); then touch $@; \
	else $(call leave_out,generators for TypeScript: npm ci went wrong); fi

.generators/venv: testdata/generators/requirements.txt
	@if ! command -v python3 >/dev/null; then \
		$(call leave_out,generators for Python: install Python 3); \
	elif python3 -m venv $@ && $@/bin/pip install --quiet --disable-pip-version-check -r $<; then touch $@; \
	else rm -rf $@; $(call leave_out,generators for Python: no virtual environment could be made); fi

$(generator_jar): testdata/generators/openapi-generator/pom.xml
	@if ! command -v mvn >/dev/null; then \
		$(call leave_out,openapi-generator: install Maven); \
	elif mvn -q -B -ntp -f $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(@D); then touch $@; \
	else $(call leave_out,openapi-generator: Maven could not copy it); fi

# The images and docker-compose.yml, with a Docker engine.
docker:
	testdata/docker/test.sh

# The Compose files as docker compose reads them, and docs/kubernetes.yaml with the API's types.
deployment:
	cd testdata/deployment && $(GO) vet ./... && $(GO) test -count=1 ./...

# Beside a bare net/http program and Prism, in one run. The result is kept in testdata/bench/latest.md.
bench: $(prism)
	$(GO) run ./testdata/bench -out testdata/bench/latest.md $(if $(wildcard $(prism)),-prism $(prism)/.bin/prism)

# Many days of several merchants, and then the books. What a whole run said is kept in testdata/soak/latest.md.
SOAK ?= 30m
SOAK_SEED ?= 1
soak:
	$(GO) run ./testdata/soak -for $(SOAK) -seed $(SOAK_SEED) $(if $(filter 30m,$(SOAK)),-out testdata/soak/latest.md)

# A sandbox on a file is killed so often under load; then its books are compared with what it answered.
# What the last run said is kept in testdata/kill/latest.txt.
KILLS ?= 200
kill:
	PAYPORTER_MOCK_KILLS=$(KILLS) $(GO) test -count=1 -timeout=30m -v -run ByAKill ./cmd/payporter-mock \
		> testdata/kill/latest.txt; code=$$?; cat testdata/kill/latest.txt; exit $$code

# So often, something goes wrong with three processes on one PostgreSQL, with the network between them, or with
# PostgreSQL. One process stands still for 30 seconds besides.
# What the last run said is kept in testdata/kill/chaos.txt.
CHAOS ?= 50
chaos:
	PAYPORTER_MOCK_CHAOS=$(CHAOS) PAYPORTER_MOCK_STANDSTILL=30s \
		$(GO) test -count=1 -timeout=60m -v -run "InChaos|StandsStillForLong" ./cmd/payporter-mock \
		> testdata/kill/chaos.txt; code=$$?; cat testdata/kill/chaos.txt; exit $$code

# FUZZTIME each. What is found stays in testdata/fuzz of the package, to be committed with its mending.
fuzz:
	GO="$(GO)" .ci/fuzz $(FUZZTIME)

lint: vulnerabilities
	@files=$$($(TOOL) gofumpt -l $$(git ls-files -co --exclude-standard '*.go')) && \
	{ [ -z "$$files" ] || { echo "gofumpt -w would change:"; echo "$$files"; exit 1; }; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

vulnerabilities:
	@out=$$($(TOOL) govulncheck ./... 2>&1); code=$$?; \
	case "$$out" in \
	*"fetching vulnerabilities"*) echo "left out: govulncheck, whose database cannot be reached from here" >&2 ;; \
	*) printf '%s\n' "$$out"; exit $$code ;; \
	esac

run:
	$(GO) run ./cmd/payporter-mock serve $(ARGS)
