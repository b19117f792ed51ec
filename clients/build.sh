#!/usr/bin/env bash
# Builds the packages for npm and PyPI into clients/dist, with the program in those of each platform:
#
#	clients/build.sh VERSION [GOOS/GOARCH...]
#
# Without a platform, for all of them. PYTHON names a Python that has pypi/requirements.txt, and PROGRAM a program for
# the one platform that is asked for, so that it is not built.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?say which version to build, such as 1.2.0}
shift
PYTHON=${PYTHON:-$PWD/.recipes/venv/bin/python}
dist=$PWD/clients/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What each system of Go is called by npm (os-cpu), and by wheels. The program needs no C library.
declare -A npm=(
	[linux/amd64]=linux-x64 [linux/arm64]=linux-arm64 [darwin/amd64]=darwin-x64 [darwin/arm64]=darwin-arm64
	[windows/amd64]=win32-x64 [windows/arm64]=win32-arm64
)
declare -A wheel=(
	[linux/amd64]=manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64
	[linux/arm64]=manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64
	[darwin/amd64]=macosx_12_0_x86_64 [darwin/arm64]=macosx_12_0_arm64
	[windows/amd64]=win_amd64 [windows/arm64]=win_arm64
)
(($#)) || set -- "${!npm[@]}"

# pack FOLDER: makes a package for npm of a folder.
pack() {
	cp LICENSE "$1"
	npm pack --silent --pack-destination "$dist/npm" "$1" >/dev/null
}

rm -rf "$dist"
mkdir -p "$dist/npm" "$dist/pypi"
cp -r clients/npm "$work/npm"
sed -i "s/\"0\.0\.0\"/\"$version\"/" "$work/npm/package.json"
pack "$work/npm"

for platform; do
	name=${npm[$platform]:?there are no packages for it}
	program=payporter-mock
	[[ $platform != windows/* ]] || program=payporter-mock.exe
	if [[ ${PROGRAM-} ]]; then
		install -D "$PROGRAM" "$work/$name/bin/$program"
	else
		CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} \
			go build -trimpath -ldflags="-s -w -buildid=" -o "$work/$name/bin/$program" ./cmd/payporter-mock
	fi

	cat >"$work/$name/package.json" <<-JSON
		{
		  "name": "@payporter-mock/$name",
		  "version": "$version",
		  "description": "The program of payporter-mock for $name",
		  "license": "Apache-2.0",
		  "repository": "github:payporter-mock/payporter-mock",
		  "os": ["${name%-*}"],
		  "cpu": ["${name#*-}"],
		  "files": ["bin"]
		}
	JSON
	pack "$work/$name"

	cp -r clients/pypi "$work/$name/wheel"
	cp LICENSE "$work/$name/wheel"
	cp -r "$work/$name/bin" "$work/$name/wheel/src/payporter_mock"
	PAYPORTER_MOCK_WHEEL_VERSION=$version PAYPORTER_MOCK_WHEEL_PLATFORM=${wheel[$platform]} \
		"$PYTHON" -m pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir "$dist/pypi" "$work/$name/wheel"
done
