#!/usr/bin/env bash
# Builds the packages for this machine, installs each into an empty project from its file alone, and takes orders
# through with Node.js, Jest, Playwright, TypeScript and pytest. PROGRAM and PYTHON are those of build.sh; CHROMIUM is a
# browser.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
tests=$root/testdata
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PAYPORTER_MOCK # it is the packages' own program that is tried

step() { printf '== %s\n' "$*"; }

step "build"
export PYTHON=${PYTHON:-$root/.recipes/venv/bin/python}
clients/build.sh 0.0.0-dev.0 "$(go env GOOS)/$(go env GOARCH)"

# The test frameworks are not installed anew: Jest stands outside of the project, and Playwright is linked into it.
step "npm package"
mkdir "$work/npm" && cd "$work/npm"
echo '{"private": true}' >package.json
npm install --offline --silent --no-audit --no-fund "$root"/clients/dist/npm/*.tgz
ln -s "$tests/playwright/node_modules/@playwright" node_modules/
cp "$root"/clients/npm/test/* .
npx --offline payporter-mock version
node --test --test-reporter=dot start.test.mjs
"$tests/recipes/jest/node_modules/.bin/jest" --ci --rootDir . order.test.js
"$tests/generators/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --target es2022 --module nodenext types.ts
sed 's/\*\.spec\.mjs/*.spec.js/' "$tests/playwright/playwright.config.mjs" >playwright.config.mjs
if [[ ${CHROMIUM-} ]]; then
	node node_modules/@playwright/test/cli.js test page
else
	echo "left out: the fixtures for Playwright: install Chromium" >&2
	[[ ${PAYPORTER_MOCK_TEST_ALL-} != 1 ]]
fi
if node node_modules/@playwright/test/cli.js test fails >/dev/null; then exit 1; fi
npx --offline payporter-mock show test-results/*/payporter-session.json | grep '^.*ORD-1'
rm -r node_modules/@payporter-mock
{ ! node -e 'require("payporter-mock").start()'; } 2>&1 | grep 'the program is not installed: install @payporter-mock/'

step "wheel"
mkdir "$work/pypi" && cd "$work/pypi"
"$PYTHON" -m venv --without-pip venv
"$PYTHON" -m pip --python venv/bin/python install --quiet --no-index "$root"/clients/dist/pypi/*.whl
cp "$root"/clients/pypi/test/* .
export PYTHONPATH # where pytest is
PYTHONPATH=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
PATH=$PWD/venv/bin:$PATH venv/bin/python -m pytest -q -p no:cacheprovider
