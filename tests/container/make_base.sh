#!/usr/bin/env bash
# Make a base image like the official slim Python where no image can be pulled: Debian by debootstrap, and this
# machine's Python, so that the locked versions fit and scores compare. Usage: make_base.sh FOLDER PYTHON
# Writes FOLDER/base.tar, for `podman import`. Needs root. The mirror is the one that this machine's apt uses.
set -euo pipefail
folder=$1
python=$2
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    | awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
root=$(mktemp -d "$folder/rootfs-XXXXXX")
trap 'rm -rf "$root"' EXIT
# python3-venv brings along the libraries that any Python is linked with.
debootstrap --variant=minbase --include=python3-venv,ca-certificates "$suite" "$root" "$mirror" >&2

prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$prefix" != /usr ]; then
    mkdir -p "$root/usr/local/bin" "$root/usr/local/lib"
    cp -a "$prefix/bin/python$version" "$root/usr/local/bin/"
    ln -sf "python$version" "$root/usr/local/bin/python3"
    cp -a "$prefix"/lib/libpython3*.so* "$root/usr/local/lib/" 2>/dev/null || true
    tar -C "$prefix/lib" --exclude=site-packages --exclude=__pycache__ --exclude=test -cf - "python$version" \
        | tar -C "$root/usr/local/lib" -xf -
    mkdir -p "$root/usr/local/lib/python$version/site-packages"
    chroot "$root" ldconfig
fi
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/etc/apt/sources.list \
    "$root"/etc/resolv.conf
tar --numeric-owner -C "$root" -cf "$folder/base.tar.partial" .
mv "$folder/base.tar.partial" "$folder/base.tar"
