#!/bin/sh
# t-layers.sh - the layers stay apart: the exact module has no floating point
# and knows nothing of the numerical one; the numerical one never calls the
# algorithms whose results it checks; only cli/ prints and exits. TAP.
srcdir=${srcdir:-.}
cd "$srcdir" || exit 99
count=0
status=0
numerical_public= numerical_names= exact_public=

# empty DESCRIPTION TEXT: passes when TEXT is empty, else shows it.
empty() {
  count=$((count + 1))
  if [ -z "$2" ]; then
    echo "ok $count - $1"
  else
    echo "not ok $count - $1"
    printf '%s\n' "$2" | sed 's/^/# /'
    status=1
  fi
}

# The C source of the files without comments and string literals; line
# numbers are kept and each line begins with its file and number.
code() {
  for file in "$@"; do
    [ -f "$file" ] || continue
    awk -v file="$file" '{
      line = $0; out = ""
      while (line != "") {
        if (inside) {
          i = index(line, "*/")
          if (!i) { line = ""; break }
          inside = 0; line = substr(line, i + 2); out = out " "
        } else if (match(line, /\/\*|\/\/|"([^"\\]|\\.)*"/)) {
          token = substr(line, RSTART, RLENGTH)
          out = out substr(line, 1, RSTART - 1)
          line = substr(line, RSTART + RLENGTH)
          if (token == "//") line = ""
          else if (token == "/*") inside = 1
          # the name of an included file is kept
          else if (out ~ /^[ \t]*#[ \t]*include/) out = out token
        } else { out = out line; line = "" }
      }
      print file ":" FNR ": " out
    }' "$file"
  done
}

exact="algebra/*/*.c algebra/*/*.h algebra/*/*/*.c algebra/*/*/*.h"
# Public headers belong to the folder that has their source; that of verify.h
# is in several files, and precision.h, which is numerical, has none.
for f in include/liescape/*.h; do
  name=$(basename "$f" .h)
  if ls numeric/*/"$name.c" >/dev/null 2>&1 || [ "$name" = verify ] ||
    [ "$name" = precision ]; then
    numerical_public="$numerical_public $f"
    numerical_names="$numerical_names|$name"
  else
    exact_public="$exact_public $f"
  fi
done
numerical="numeric/*/*.c numeric/*/*.h"
# shellcheck disable=SC2086
exact_code=$(code $exact $exact_public)
# shellcheck disable=SC2086
numerical_code=$(code $numerical $numerical_public)

empty 'there is exact code to look at' \
  "$([ -n "$exact_code" ] || echo 'algebra/ was not found')"
empty 'algebra/ has no floating point' \
  "$(printf '%s\n' "$exact_code" |
     grep -E '(^|[^A-Za-z0-9_])(double|float|_Complex|long double)([^A-Za-z0-9_]|$)|<(math|tgmath|complex|fenv)\.h>')"
empty 'algebra/ has no floating-point literal' \
  "$(printf '%s\n' "$exact_code" |
     sed 's/^[^ ]*: //' | grep -nE '(^|[^A-Za-z0-9_.])([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+[eE][-+]?[0-9]+)([^A-Za-z0-9_.]|$)' |
     grep -vE '^[0-9]+:[ \t]*#')"
empty 'algebra/ includes neither numeric/ nor cli/' \
  "$(printf '%s\n' "$exact_code" | grep -E '# *include.*"(\.\./)?(numeric|cli)/')"
empty 'numeric/ does not include cli/' \
  "$(printf '%s\n' "$numerical_code" | grep -E '# *include.*"(\.\./)?cli/')"
empty 'numeric/ includes no private header of algebra/' \
  "$(printf '%s\n' "$numerical_code" | grep -E '# *include.*"(\.\./)?algebra/')"
# Data types and what reads them; everything else in include/liescape that
# belongs to algebra/ computes what numeric/ is there to check.
allowed='status|pauli|pauli_sum|state|product_state|quantum_state|ansatz'
empty 'numeric/ uses only data types of algebra/' \
  "$(printf '%s\n' "$numerical_code" | grep -E '# *include *"liescape/' |
     grep -vE "\"liescape/($allowed$numerical_names)\.h\"")"
# shellcheck disable=SC2086
empty 'the library neither exits nor prints on its own' \
  "$(printf '%s\n%s\n' "$exact_code" "$numerical_code" |
     grep -E '(^|[^A-Za-z0-9_])(exit|printf|puts|putchar|perror) *\(')"
echo "1..$count"
exit $status
