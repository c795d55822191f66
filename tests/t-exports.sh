#!/bin/sh
# t-exports.sh - the shared library shows what the installed headers declare and
# nothing else, and they compile by themselves as C and as C++. TAP.
srcdir=${srcdir:-.}
CC=${CC:-cc}
. "${srcdir:-.}/tests/tap.sh"
library=.libs/libliescape.so
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
if [ ! -e $library ] || ! command -v nm >/dev/null; then
  echo '1..0 # SKIP no shared library or no nm'
  exit 0
fi
header=$srcdir/include/liescape/liescape.h
nm -D --defined-only $library | awk '{ print $NF }' | sed 's/@.*//' | sort >"$tmp/exported"
# Declarations begin with LIESCAPE_API and end in a semicolon; a name stands
# before its parameters.
awk '/^LIESCAPE_API / { text = "" ; inside = 1 }
     inside { text = text " " $0 }
     inside && /;/ { sub(/\(.*/, "", text); n = split(text, word, /[ *]+/)
                     print word[n]; inside = 0 }' "$header" | sort >"$tmp/declared"
[ "$(wc -l <"$tmp/declared")" -gt 10 ]
ok $? "declarations are found: $(wc -l <"$tmp/declared")"
diff "$tmp/declared" "$tmp/exported" >"$tmp/difference"
ok $? 'what is declared is exported, and nothing else'
sed 's/^/# /' "$tmp/difference" | head -20
[ -z "$(grep -v '^liescape_' "$tmp/declared")" ]
ok $? 'every name begins with liescape_'
echo '#include "liescape/liescape.h"' >"$tmp/header.c"
$CC -I"$srcdir/include" -Wall -Wextra -Werror -std=c99 -c "$tmp/header.c" -o "$tmp/header.o"
ok $? 'the header compiles as C99'
cp "$tmp/header.c" "$tmp/header.cpp"
if command -v "${CXX:-c++}" >/dev/null; then
  "${CXX:-c++}" -I"$srcdir/include" -Wall -Wextra -Werror -std=c++11 -c \
    "$tmp/header.cpp" -o "$tmp/header.o"
  ok $? 'the header compiles as C++11'
else
  count=$((count + 1))
  echo "ok $count - the header as C++ # SKIP no C++ compiler"
fi
version=$(sed -n 's/^#define LIESCAPE_VERSION "\(.*\)"/\1/p' "$header")
grep -q "PACKAGE_VERSION \"$version\"" config.h
ok $? "the header has the version of the package: $version"
parts=$(awk '/define LIESCAPE_VERSION_(MAJOR|MINOR|PATCH) / { printf "%s%s", dot, $3; dot = "." }' "$header")
[ "$parts" = "$version" ]
ok $? 'and its parts'
echo "1..$count"
exit $status
