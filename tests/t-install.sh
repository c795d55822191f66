#!/bin/sh
# t-install.sh - what `make install` leaves runs: the program from an empty
# prefix, and program and library from /usr/local as the README has it, in a mount
# namespace of their own where one may have it. TAP.
. "${srcdir:-.}/tests/tap.sh"
srcdir=$(cd "${srcdir:-.}" && pwd)
MAKE=${MAKE:-make}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR LD_LIBRARY_PATH

# What a user would see of the program in the folder $1.
cat >"$tmp/try" <<'TRY'
printf 'qubits 1\ngenerator X0\ngenerator Z0\nobservable Z0\n' |
  env -i "$1/bin/liescape" certify - --json=- | grep -q '"variance": "1/3"'
TRY
$MAKE -s install prefix="$tmp/prefix" >"$tmp/log" 2>&1
ok $? 'make install into an empty prefix'
sh "$tmp/try" "$tmp/prefix"
ok $? 'the program in it runs'
$MAKE -s install DESTDIR="$tmp/staged" prefix=/usr >"$tmp/log" 2>&1 &&
  [ ! -e "$tmp/staged/etc" ]
ok $? 'make install into a staging folder writes nothing outside the prefix'
mv "$tmp/staged/usr" "$tmp/moved"
sh "$tmp/try" "$tmp/moved"
ok $? 'the program runs wherever it is moved'

# As root in a namespace: an empty /usr/local, and a cache of libraries that may
# be written without changing the machine's.
cat >"$tmp/local" <<'LOCAL'
set -e
mount -t tmpfs tmpfs /usr/local
mkdir "$2/etc"
cp -a /etc/ld.so.conf /etc/passwd /etc/group "$2/etc"
for item in ld.so.conf.d ld.so.cache alternatives; do
  [ ! -e /etc/$item ] || cp -a /etc/$item "$2/etc"
done
mount --bind "$2/etc" /etc
$MAKE -s install prefix=/usr/local >"$2/log" 2>&1
echo installed
sh "$2/try" /usr/local
echo runs
cd "$2"
PKG_CONFIG_PATH=/usr/local/lib/pkgconfig
export PKG_CONFIG_PATH
# With the flags of the build (of a sanitizer, say), and all libraries if it is static.
static=
ls /usr/local/lib*/libliescape.so >/dev/null 2>&1 || static=--static
"${CC:-cc}" $(sed -n 's/^CFLAGS = //p' "$3/Makefile") "$1/examples/analyze.c" \
  $(pkg-config $static --cflags --libs liescape) -o analyze
env -i ./analyze
echo linked
LOCAL
name='from /usr/local, installed by root'
if ! command -v unshare >/dev/null; then
  skip "$name" 'there is no unshare'
elif [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
  namespace='unshare -m'
elif unshare -rm true 2>/dev/null; then
  namespace='unshare -rm'
else
  skip "$name" 'no mount namespace may be made'
fi
if [ -n "$namespace" ]; then
  said=$(MAKE=$MAKE $namespace sh "$tmp/local" "$srcdir" "$tmp" "$PWD" 2>"$tmp/err")
  if [ -z "$said" ] && ! grep -q '^make' "$tmp/err"; then
    skip "$name" "$(head -1 "$tmp/err")"
  else
    case $said in installed*) ok 0 "make install $name" ;; *) ok 1 "make install $name" ;; esac
    case $said in *runs*) ok 0 "the program runs $name" ;; *) ok 1 "the program runs $name" ;; esac
    case $said in *linked) ok 0 "a program that links the library runs $name" ;;
    *) ok 1 "a program that links the library runs $name" ;; esac
    sed 's/^/# /' "$tmp/err" | head -5
  fi
fi
echo "1..$count"
exit $status
