#!/usr/bin/env bash
# Installs the real downloaders that tests/clients and harness/tests/clients run, each in a folder of its own below
# target/clients.
#
#   tests/clients/install.sh             the pinned ones; says nothing and needs no network when they are there
#   tests/clients/install.sh --newest    the newest uv as well, as target/clients/uv-newest, fetched anew each time
#
# curl, wget and Python are the system's own; cargo is the one that builds the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The last release that does not count its retries, the first that does, and a current one.
uv_versions=(0.7.17 0.7.18 0.13.9)
pip_version=26.3
clients=target/clients

version_of() { # FOLDER: what the uv in there calls itself, or nothing
    "$1/bin/uv" --version 2>/dev/null | cut -d ' ' -f 2 || true
}

pip_version_of() { # FOLDER: what the pip in there calls itself, or nothing
    [[ -d $1/pip ]] && PYTHONPATH=$1 python3 -m pip --version 2>/dev/null | cut -d ' ' -f 2 || true
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

folder=$clients/pip-$pip_version
if [[ $(pip_version_of "$folder") != "$pip_version" ]]; then
    install_package "pip==$pip_version" "$folder"
    if [[ $(pip_version_of "$folder") != "$pip_version" ]]; then
        echo "install.sh: in $folder there is no pip $pip_version" >&2
        exit 1
    fi
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
