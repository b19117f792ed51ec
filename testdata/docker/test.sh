#!/usr/bin/env bash
# Builds the images and holds docker-compose.yml to what it says: a shop sells through the sandbox, and the
# harness judges the shop. Wants a Docker engine and docker-compose; where there is no engine, root starts one.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."
export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0 COMPOSE_PROJECT_NAME=payporter-mock-test

# lack says what is missing, all of it before anything is built.
lacking=
lack() { echo "make docker lacks $1: $2" >&2; lacking=yes; }
for program in docker docker-compose curl go; do
	command -v "$program" >/dev/null || lack "$program" "install it, and have it on the PATH"
done
if command -v docker >/dev/null && ! docker info >/dev/null 2>&1; then
	if ! command -v dockerd >/dev/null; then
		lack "a Docker engine" "docker info finds none, and there is no dockerd to start; start one, or set DOCKER_HOST"
	elif ((EUID != 0)); then
		lack "a Docker engine" "docker info finds none, and only root may start dockerd; start one, or set DOCKER_HOST"
	fi
fi
[[ -z $lacking ]] || exit 1

engine= work=$(mktemp -d)
cleanup() {
	rm -rf "$work"
	docker-compose --profile verify down --timeout 10 >/dev/null 2>&1 || true
	[[ -z $engine ]] || kill "$engine" 2>/dev/null || true
}
trap cleanup EXIT

# until_ok tries a command for at most 30 seconds.
until_ok() { for _ in $(seq 60); do "$@" >/dev/null 2>&1 && return; sleep 0.5; done; echo "still not: $*" >&2; return 1; }

if ! docker info >/dev/null 2>&1; then
	dockerd --storage-driver=vfs --data-root "$(mktemp -d)" >/dev/null 2>&1 &
	engine=$!
	until_ok docker info
fi
docker pull -q golang:1.26 >/dev/null 2>&1 || testdata/docker/base.sh
build() { docker build -q --build-arg VERSION=1.2.3 --build-arg REVISION=abc -t "$1" "${@:2}" . >/dev/null; }
docker-compose build -q
build payporter-mock

size=$(docker image inspect payporter-mock --format '{{.Size}}')
echo "the image has $((size / 1000000)) MB"
((size < 25000000)) || { echo "that is more than 25" >&2; exit 1; }

of() { docker image inspect payporter-mock --format "$1"; }
is() { [[ $2 == "$3" ]] || { echo "$1 is '$2', want '$3'" >&2; exit 1; }; }
is "the user" "$(of '{{.Config.User}}')" 65532:65532
is "the version" "$(of '{{index .Config.Labels "org.opencontainers.image.version"}}')" 1.2.3
is "the revision" "$(of '{{index .Config.Labels "org.opencontainers.image.revision"}}')" abc
docker run --rm --read-only payporter-mock version

# Two builds from nothing give the same program.
program() { local c; c=$(docker create "$1") && docker cp "$c:/payporter-mock" - | tar -xO | sha256sum && docker rm "$c" >/dev/null; }
build payporter-mock-again --no-cache
is "a second build" "$(program payporter-mock-again)" "$(program payporter-mock)"
echo "two builds give the same program"

docker-compose up -d sandbox shop
until_ok curl -sf http://localhost:3000/health
healthy() { [[ $(docker inspect -f '{{.State.Health.Status}}' "$(docker-compose ps -q "$1")") == healthy ]]; }
until_ok healthy sandbox
until_ok healthy shop
docker-compose logs sandbox | grep -q 'http://localhost:8080/_mock/ui/' || { echo "the sandbox does not say where to look" >&2; exit 1; }
docker-compose logs shop | grep -q 'http://localhost:3000' || { echo "the shop does not say where to look" >&2; exit 1; }

order=$(curl -sf http://localhost:3000/orders -H 'Content-Type: application/json' -d '{"amount": 100.50, "currency": "TRY"}')
link=$(grep -o 'http://localhost:8080/checkout-link/[^"]*' <<<"$order")
curl -sf "$link" >/dev/null
curl -sf -X POST "http://localhost:8080/_mock/checkouts/${link##*/}/pay" >/dev/null
curl -sf 'http://localhost:8080/_mock/journal/wait?kind=callback&status=DELIVERED&timeout=20s' >/dev/null
curl -sf "http://localhost:3000/orders/$(grep -o 'ORD-[^"]*' <<<"$order" | head -1)" | grep -q '"status":"paid"'
echo "the shop sold through the sandbox"

begin=$SECONDS
docker-compose stop sandbox >/dev/null 2>&1
((SECONDS - begin < 10)) || { echo "the sandbox did not end when it was told to" >&2; exit 1; }
is "the exit code of the sandbox" "$(docker inspect -f '{{.State.ExitCode}}' "$(docker-compose ps -aq sandbox)")" 0

judge() { docker-compose "$@" --profile verify up --abort-on-container-exit --exit-code-from verify verify; }
judge | tail -3
docker-compose --profile verify down --timeout 5 >/dev/null 2>&1
docker-compose -f docker-compose.yml -f testdata/docker/wrong.yaml build -q shop-under-test
if judge -f docker-compose.yml -f testdata/docker/wrong.yaml >"$work/wrong" 2>&1; then
	echo "a wrong shop passed" >&2
	exit 1
fi
grep -q 'TRUST-' "$work/wrong" || { cat "$work/wrong" >&2; exit 1; }
echo "a wrong shop fails"

(cd mock/testcontainers && PAYPORTER_MOCK_IMAGE=payporter-mock TESTCONTAINERS_RYUK_DISABLED=true go test -count=1 ./...)
echo "docker-compose.yml holds"
