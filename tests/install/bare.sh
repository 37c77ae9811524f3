#!/usr/bin/env bash
# Does what the README says on a bare Debian, from nothing to the own table in the window:
#
#     tests/install/bare.sh FOLDER [SUITE [PYTEST OPTION ...]]
#
# FOLDER is a root made by debootstrap, made here of SUITE (bookworm, trixie, testing) where
# it is missing.  With options, such as --fast, the README's test command is run as well.
# Pictures of the window are left in FOLDER/shots.  Needs root, git, debootstrap and Xvfb.
set -euo pipefail
root=$(realpath -m "$1"); suite=${2:-bookworm}; shift $(($# < 2 ? $# : 2))
tree=$(realpath "$(dirname "$0")/../..")
inside() { chroot "$root" env HOME=/root DEBIAN_FRONTEND=noninteractive PIP_ROOT_USER_ACTION=ignore "$@"; }
step() { printf '\n== %s\n' "$*"; }

if ! test -x "$root/usr/bin/env"; then
  step "a bare $suite"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
    "$suite" "$root" >"$root.log" 2>&1
fi
# How this machine reaches the network.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
# A mirror may be older than testing lets its lists become.
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99mirror"

exec 3< <(exec Xvfb -displayfd 1 -listen tcp -ac -screen 0 1440x900x24 2>/dev/null)
xvfb=$!
read -r -u 3 display
mounted=()
finish() {
  kill "$xvfb" 2>/dev/null || true
  for ((k = ${#mounted[@]} - 1; k >= 0; k--)); do umount -l "$root/${mounted[k]}"; done
}
trap finish EXIT
for folder in proc dev dev/shm; do
  mountpoint -q "$root/$folder" && continue
  if test $folder = proc; then mount -t proc proc "$root/proc"; else
    mkdir -p "$root/$folder"; mount --bind "/$folder" "$root/$folder"
  fi
  mounted+=("$folder")
done

step "install, as the README says"
rm -rf "$root/orrery"; git clone -q "$tree" "$root/orrery"
inside bash -ec 'cd /orrery && python3 -m venv .venv && .venv/bin/pip install -q . 2>&1 | grep -v WARNING || true'
orrery=/orrery/.venv/bin/orrery
inside $orrery --version; inside /orrery/.venv/bin/python --version

step "a run, which needs no library of a window"
inside $orrery run opening --set duration=0.2 -o /tmp/first --force

step "the window: the libraries that the message names, installed by its line"
said=$(inside env DISPLAY="127.0.0.1:$display" timeout 60 $orrery 2>&1 </dev/null || true)
echo "$said"  # nothing if it opened
line=$(sed -n 's/.*On Debian or Ubuntu: //p' <<<"$said")
if test -n "$line"; then
  inside bash -ec "${line//install -y/install -y -qq --no-install-recommends}" >/dev/null
fi

step "the first hour in the window"
rm -rf "$root/shots"; cp "$tree/tests/install/first_hour.py" "$root/tmp/"
inside env DISPLAY="127.0.0.1:$display" QT_QPA_PLATFORM=xcb \
  /orrery/.venv/bin/python /tmp/first_hour.py /shots

if (($# > 0)); then
  step "the README's test command, $*"
  line=$(grep -o 'apt-get install -y libegl1[^`]*' "$tree/README.md")
  inside bash -ec "apt-get update -qq && ${line/install -y/install -y -qq --no-install-recommends} git >/dev/null"
  inside bash -ec 'cd /orrery && .venv/bin/pip install -q ".[test]" 2>&1 | grep -v WARNING || true'
  inside bash -ec "cd /orrery && .venv/bin/python -m pytest -p no:cacheprovider $*"
fi
