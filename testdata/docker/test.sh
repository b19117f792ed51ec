#!/usr/bin/env bash
# Builds the images and holds docker-compose.yml to what it says: a shop sells through the sandbox, and the
# harness judges the shop. Wants a Docker engine and docker-compose; where there is no engine, root starts one.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0 COMPOSE_PROJECT_NAME=payporter-mock-test

engine=
cleanup() {
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
docker-compose build -q

size=$(docker image inspect payporter-mock --format '{{.Size}}')
echo "the image has $((size / 1000000)) MB"
((size < 25000000)) || { echo "that is more than 25" >&2; exit 1; }

docker-compose up -d sandbox shop
until_ok curl -sf http://localhost:3000/health
healthy() { [[ $(docker inspect -f '{{.State.Health.Status}}' "$(docker-compose ps -q sandbox)") == healthy ]]; }
until_ok healthy

order=$(curl -sf http://localhost:3000/orders -H 'Content-Type: application/json' -d '{"amount": 100.50, "currency": "TRY"}')
link=$(grep -o 'http://localhost:8080/checkout-link/[^"]*' <<<"$order")
curl -sf "$link" >/dev/null
curl -sf -X POST "http://localhost:8080/_mock/checkouts/${link##*/}/pay" >/dev/null
curl -sf 'http://localhost:8080/_mock/journal/wait?kind=callback&status=DELIVERED&timeout=20s' >/dev/null
curl -sf "http://localhost:3000/orders/$(grep -o 'ORD-[^"]*' <<<"$order" | head -1)" | grep -q '"status":"paid"'
echo "the shop sold through the sandbox"

docker-compose --profile verify up --abort-on-container-exit --exit-code-from verify verify | tail -3
echo "docker-compose.yml holds"
