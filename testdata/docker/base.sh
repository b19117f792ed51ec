#!/usr/bin/env bash
# Makes an image golang:1.26 of this machine's Go, where no registry of images can be reached: the
# toolchain, a shell, git, the authorities, and the modules that have been downloaded.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."
docker image inspect golang:1.26 >/dev/null 2>&1 && exit 0
if ! command -v busybox >/dev/null; then
	echo "make docker lacks busybox: the image golang:1.26 cannot be pulled, and the one made instead has its shell;" \
		"install busybox-static, or pull golang:1.26" >&2
	exit 1
fi
go mod download
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,tmp,etc/ssl/certs,usr/local,root/go/pkg/mod/cache}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh mkdir cp rm ls cat env; do ln -s busybox "$root/bin/$name"; done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp -r "$(go env GOROOT)" "$root/usr/local/go"
cp -r "$(go env GOMODCACHE)/cache/download" "$root/root/go/pkg/mod/cache/"
tar -C "$root" -c . | docker import \
    --change 'ENV PATH=/usr/local/go/bin:/bin GOPROXY=file:///root/go/pkg/mod/cache/download GOSUMDB=off GOTOOLCHAIN=local' \
    - golang:1.26
