#!/bin/sh
# t-layers.sh - the layers stay apart: the exact module has no floating point
# and knows nothing of the numerical one; the numerical one never calls the
# algorithms whose results it checks; only cli/ prints and exits. TAP.
srcdir=${srcdir:-.}
cd "$srcdir" || exit 99
. tests/tap.sh

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
numerical="numeric/*/*.c numeric/*/*.h"
# shellcheck disable=SC2086
exact_code=$(code $exact)
# shellcheck disable=SC2086
numerical_code=$(code $numerical)

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
# Data types and what reads them; everything else in algebra/ computes what
# numeric/ is there to check.
allowed='hash|text|status|pauli|pauli_sum|state|product_state|quantum_state|ansatz'
empty 'numeric/ uses only data types of algebra/' \
  "$(printf '%s\n' "$numerical_code" | grep -E '# *include.*"(\.\./)?(algebra|liescape)/' |
     grep -vE "\"algebra/base/($allowed)\.h\"")"
# shellcheck disable=SC2086
empty 'the library neither exits nor prints on its own' \
  "$(printf '%s\n%s\n' "$exact_code" "$numerical_code" |
     grep -E '(^|[^A-Za-z0-9_])(exit|printf|puts|putchar|perror) *\(')"

# includes FILE...: "FILE HEADER" for each header of this project. *.y and *.l
# too; what flex and bison make lies in no room.
includes() {
  awk 'match($0, /^[ \t]*#[ \t]*include[ \t]*"[^"]*"/) {
    name = substr($0, RSTART, RLENGTH)
    gsub(/^[^"]*"|"$/, "", name)
    if (name !~ /-parser\.h$|^config\.h$/) print FILENAME, name
  }' "$@"
}

# --- the checker, behind its fence ------------------------------------------
# What re-proves a claim shares nothing with what made it: algebra/check sees the data
# types and itself; cli/check that, what reads text and numbers, and the ledger. Only what
# follows by plain arithmetic from members proved already may use the library's formulas:
# cli/format makes verdict and growth of a certificate again, and the modules listed here
# include the rooms after their names.
follows='
cli/check/said_ideal algebra/laws cumulants of a law from its spectra
cli/check/check_distribution algebra/laws distribution function of a law from its spectra
cli/check/check_block algebra/laws moments and Wishart form of a block
cli/check/block_totals algebra/analysis limits and minima from blocks
cli/check/check_suggestions algebra/analysis the rule of the verdict'
# FENCED ROOMS, as patterns of files, and what they may include
behind() {
  printf '%s\n' "$1" | sed -n 's/^\([^ ]*\):[0-9]*: *# *include *"\(.*\)".*/\1 \2/p' |
    awk -v may="$2" -v follows="$3" '
    BEGIN {
      n = split(follows, list, "\n")
      for (i = 1; i <= n; i++)
        if (split(list[i], word, " ") > 2) extra[word[1]] = word[2]
    }
    {
      module = $1
      sub(/\.[ch]$/, "", module)
      if ($2 ~ may) next
      room = $2
      sub(/\/[^\/]*$/, "", room)
      if (module in extra && extra[module] == room) { used[module] = 1; next }
      print $1 " includes " $2
    }
    END { for (m in extra) if (!(m in used)) print m " needs no " extra[m] }'
}
# shellcheck disable=SC2046
checker=$(code algebra/check/*.[ch] algebra/check/*/*.[ch])
# shellcheck disable=SC2046
ledger=$(code cli/check/*.[ch])
empty 'there is a checker to look at' \
  "$([ -n "$checker" ] && [ -n "$ledger" ] || echo 'algebra/check or cli/check was not found')"
empty 'algebra/check uses only the data types of algebra/base' \
  "$(behind "$checker" '^algebra/(base|check)/' '')"
empty 'algebra/check uses only libc, GMP and FLINT besides' \
  "$(printf '%s\n' "$checker" | grep -E '# *include *<' |
     grep -vE '<((std(lib|bool|int|arg|def|io)|string|limits|sys/random|gmp)\.h|flint/[a-z_]*\.h|(arb|arf|mag)\.h)>')"
empty 'cli/check uses only readers, formats and algebra/check, but for what follows' \
  "$(behind "$ledger" '^(algebra/(base|check)|cli/(check|format|read|qasm|request))/' "$follows")"
empty 'nothing but check uses the checker' \
  "$(includes $(find algebra numeric cli include -name '*.[chly]') |
     grep -E ' (algebra|cli)/check/' |
     grep -vE '^(algebra|cli)/check/|^cli/commands\.c cli/check/check\.h$')"

# --- the rooms, and their order ---------------------------------------------
# A room uses only itself and rooms above it in this list.
rooms='
algebra/base
algebra/check
algebra/check/sums
algebra/generators
algebra/laws
algebra/spectrum
algebra/strings
algebra/closure
algebra/sectors
algebra/sums
algebra/couplings
algebra/depth
algebra/analysis
numeric/machine
numeric/vector
numeric/circuit
numeric/sample
numeric/judge
cli/read
cli/qasm
cli/request
cli/format
cli/terminal
cli/certify
cli/library
cli/verify
cli/check
cli/report
cli'
# The door has its source here.
headers='
liescape cli/library/liescape'
# Includes that climb, still there: from, to, and why.
climbing=
# Circles inside a room that real mutual recursion makes: from, to, and why.
circles=

# A module is a source with its header, and its _private header.
# Lines: KIND FROM TO, where KIND is climbs, circle or unknown.
look_at_rooms() {
  # shellcheck disable=SC2046
  includes $(find algebra numeric cli include -name '*.[chly]') | awk \
    -v rooms="$rooms" -v headers="$headers" -v climbing="$climbing" \
    -v circles="$circles" -v sources="$(find algebra numeric cli -name '*.[chly]')" '
  function module(file) {
    sub(/\.[chly]$/, "", file)
    sub(/_private$/, "", file)
    if (file ~ /^(include\/)?liescape\//) {
      sub(/^.*\//, "", file)
      return (file in of_header) ? of_header[file] : ""
    }
    return file
  }
  function room(m) { sub(/\/[^\/]*$/, "", m); return m }
  BEGIN {
    n = split(rooms, list, /[ \n]+/)
    for (i = 1; i <= n; i++) if (list[i] != "") height[list[i]] = i
    n = split(sources, list, /[ \n]+/)
    for (i = 1; i <= n; i++) {
      m = list[i]
      if (m == "") continue
      sub(/\.[chly]$/, "", m)
      base = m
      sub(/^.*\//, "", base)
      of_header[base] = m
    }
    n = split(headers, list, "\n")
    for (i = 1; i <= n; i++)
      if (split(list[i], word, " ") == 2) of_header[word[1]] = word[2]
    n = split(climbing, list, "\n")
    for (i = 1; i <= n; i++)
      if (split(list[i], word, " ") > 2) may_climb[word[1] " " word[2]] = 1
    n = split(circles, list, "\n")
    for (i = 1; i <= n; i++)
      if (split(list[i], word, " ") > 2) may_circle[word[1] " " word[2]] = 1
  }
  {
    a = module($1)
    b = module($2)
    if (a == "" || b == "" || !(room(a) in height) || !(room(b) in height)) {
      print "unknown", $1, $2
      next
    }
    if (a == b) next
    if (height[room(b)] > height[room(a)]) {
      if ((a " " b) in may_climb) climbed[a " " b] = 1
      else print "climbs", $1, $2
      next
    }
    if ((a " " b) in may_circle) { circled[a " " b] = 1; next }
    edge[a " " b] = 1
  }
  # What nothing uses, and what uses nothing, lies on no circle.
  END {
    do {
      dropped = 0
      split("", used); split("", uses)
      for (e in edge) { split(e, word, " "); uses[word[1]] = used[word[2]] = 1 }
      for (e in edge) {
        split(e, word, " ")
        if (!(word[1] in used) || !(word[2] in uses)) {
          delete edge[e]
          dropped = 1
        }
      }
    } while (dropped)
    for (e in edge) print "circle", e
    for (e in may_climb) if (!(e in climbed)) print "gone", e
    for (e in may_circle) if (!(e in circled)) print "gone", e
  }'
}
found=$(look_at_rooms)
empty 'every file lies in a room' "$(printf '%s\n' "$found" | grep '^unknown')"
empty 'a room uses only rooms below it' "$(printf '%s\n' "$found" | grep '^climbs')"
empty 'no files include each other in circles' \
  "$(printf '%s\n' "$found" | grep '^circle')"
empty 'the lists of exceptions name nothing that is gone' \
  "$(printf '%s\n' "$found" | grep '^gone')"

# Every room has a README that names its modules; a word of a list, or in
# parentheses, will do.
unnamed() {
  for room in $rooms; do
    [ -d "$room" ] && [ "$room" != cli ] || continue
    [ -f "$room/README.md" ] || { echo "$room/README.md is missing"; continue; }
    for file in "$room"/*.[chly]; do
      module=$(basename "$file" | sed 's/\.[chly]$//; s/_private$//')
      grep -qE "(^|[^a-z_])$module([^a-z_]|\$)" "$room/README.md" ||
        echo "$room/README.md has no line about $module"
    done
  done | sort -u
}
empty 'every module stands in the README of its room' "$(unnamed)"

# A README lists modules in the order of dependence: what a module includes from its own
# room stands above it, or in the same line. The first column counts before the text.
misplaced() {
  for room in $rooms; do
    [ -f "$room/README.md" ] && [ "$room" != cli ] || continue
    awk -v room="$room" '
    function module(name) {
      sub(/^.*\//, "", name); sub(/\.[chly]$/, "", name); sub(/_private$/, "", name)
      return name
    }
    FILENAME ~ /README\.md$/ {
      if (!/^\|/) next
      split($0, cell, "|")
      for (c = 2; c <= 3; c++) {
        n = split(cell[c], word, /[^a-z0-9_]+/)
        for (i = 1; i <= n; i++) {
          if (c == 2) first[word[i]] = FNR
          else if (!(word[i] in row)) row[word[i]] = FNR
        }
      }
      next
    }
    match($0, "^[ \t]*#[ \t]*include[ \t]*\"" room "/[a-z0-9_]+\\.h\"") {
      a = module(FILENAME); b = $0; gsub(/^[^"]*"|"$/, "", b); b = module(b)
      at = a in first ? first[a] : row[a]; below = b in first ? first[b] : row[b]
      if (a != b && at && below && at < below)
        print room "/README.md: " a " stands above " b ", which it includes"
    }' "$room/README.md" "$room"/*.[chly] 2>/dev/null
  done | sort -u
}
empty 'READMEs list modules in the order of dependence' "$(misplaced)"

# --- sizes ------------------------------------------------------------------
# At most 700 lines a file and 90 a function, nine in ten of the sources' at most 30, from the first line of its
# signature to its closing brace, both at the margin; what flex and bison make,
# which a distribution has, is not counted.
sizes() {
  # shellcheck disable=SC2046
  awk '
  function finish() {
    if (lines > 700) print file ": " lines " lines"
  }
  FNR == 1 { finish(); file = FILENAME; start = body = 0 }
  { lines = FNR }
  /^[A-Za-z_]/ && !body { start = FNR; signature = "" }
  start && !body {
    signature = signature $0
    if (/\{[ \t]*$/) {
      body = signature ~ /\(/ && signature !~ /=/
      if (!body) start = 0
    } else if (/[;}][ \t]*$/) start = 0
  }
  body && /^\}/ {
    functions++
    if (file !~ /^tests\//) { of_sources++; long += FNR - start + 1 > 30 }
    if (FNR - start + 1 > 90)
      print file ":" start ": a function of " FNR - start + 1 " lines"
    start = body = 0
  }
  END {
    finish()
    if (functions < 2000) print "only " functions " functions were found"
    if (10 * long > of_sources)
      print long " of " of_sources " functions of the sources have over 30 lines"
  }' $(find algebra cli include numeric tests -name '*.[chly]' |
       grep -vE -- '-(parser|lexer)\.[ch]$')
}
empty 'no file over 700 lines, no function over 90, nine in ten of at most 30' "$(sizes)"
echo "1..$count"
exit $status
