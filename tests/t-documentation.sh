#!/bin/sh
# t-documentation.sh - every option of --help stands in the manual page and in
# docs/options.md, and is completed; they know no others; docs/reasons.md has every
# reason with its text; and every session that the
# README and docs/ show comes out as it is shown. TAP.
srcdir=${srcdir:-.}
program=${LIESCAPE:-./liescape}
manual=cli/liescape.1 options_page=$srcdir/docs/options.md
completion=$srcdir/cli/completion/liescape
. "$srcdir/tests/tap.sh"

help=$(for command in '' certify verify check; do "$program" $command --help; done)
# The options, and those that take a value, as --help writes them.
options=$(printf '%s\n' "$help" |
          grep -oE -- '--[a-z][a-z-]*[a-z]' | sort -u)
letters=$(printf '%s\n' "$help" | sed -n 's/^ *\(-[A-Za-z]\), --.*/\1/p' | sort -u)
valued=$(printf '%s\n' "$help" |
         sed -n 's/^ *\(-[A-Za-z], \)\{0,1\}\(--[a-z-]*[a-z]\) [][A-Za-z].*/\2/p' |
         sort -u)
[ -e "$manual" ] || ${MAKE:-make} -s "$manual" >/dev/null
manual_text=$(sed 's/\\-/-/g; s/\\f.//g' "$manual")

# missing WORDS TEXT: those of the words that the text lacks.
missing() {
  for word in $1; do
    printf '%s\n' "$2" | grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" ||
      echo "$word"
  done
}

# Some that must be there, lest everything be empty.
empty '--help lists options' \
  "$(missing '--observable --resume --json --quiet' "$options")"
empty 'the manual page has every option' \
  "$(missing "$options $letters" "$manual_text")"
empty 'docs/options.md has every option' \
  "$(missing "$options" "$(cat "$options_page")")"
empty 'completion knows which take a value' \
  "$(missing "$valued" "$(cat "$completion")")"
empty 'the manual page has no others' \
  "$(missing "$(printf '%s\n' "$manual_text" |
                grep -oE -- '--[a-z][a-z-]*[a-z]' | sort -u)" "$options")"
empty 'completion has no others' \
  "$(missing "$(grep -oE -- '--[a-z][a-z-]*[a-z]' "$completion" | sort -u)" \
             "$options")"
empty 'the manual page has every exit status' \
  "$(for code in 0 1 2 3 70; do
       printf '%s\n' "$manual_text" | grep -q "^\.B $code\$" || echo "$code"
     done)"

# --- reasons ---------------------------------------------------------------------

# "| `code` | text |" for each row of the table in reason.h.
table_of_reasons() {
  sed -n '/^#define LIESCAPE_REASON_TABLE/,/[^\\]$/p' "$srcdir/algebra/base/reason.h" |
    sed 's/ *\\$//; s,/\*.*\*/,,' | tr '\n' ' ' | sed 's/" *"//g; s/  R(/\n  R(/g' |
    sed -n 's/^ *R([A-Z0-9_]*, *\([a-z0-9_]*\), *"\(..*\)").*/| `\1` | \2 |/p'
}
reasons=$(table_of_reasons)
empty 'there are reasons' \
  "$([ "$(printf '%s\n' "$reasons" | wc -l)" -ge 140 ] ||
     printf '%s\n' "$reasons")"
empty 'docs/reasons.md has every reason with its text, and what to do' \
  "$(printf '%s\n' "$reasons" | while read -r row; do
       grep -F -- "$row" "$srcdir/docs/reasons.md" | grep -qE '[^ |] \|$' ||
         printf '%s\n' "$row"
     done)"
empty 'docs/reasons.md has no others' \
  "$(grep -o '^| `[a-z0-9_]*`' "$srcdir/docs/reasons.md" | while read -r row; do
       printf '%s\n' "$reasons" | grep -qF -- "$row " || echo "$row"
     done)"

# What bash would offer after a dash.
if command -v bash >/dev/null; then
  offered=$(COMMAND=$program bash -c '
    _init_completion() {
      cur=- prev=verify cword=2 words=(liescape verify -)
    }
    _filedir() { :; }
    . "$0"
    _liescape "$COMMAND"
    printf "%s\n" "${COMPREPLY[@]}"' "$completion")
  empty 'bash completes the options of verify' \
    "$(missing "$("$program" verify --help |
                  grep -oE -- '^ *(-[A-Za-z], )?--[a-z][a-z-]*[a-z]' |
                  grep -oE -- '--[a-z-]*' | sort -u)" "$offered")"
fi

# --- sessions --------------------------------------------------------------------

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
top=$(cd "$srcdir" && pwd)
case $program in /*) ;; *) program=$PWD/$program ;; esac
mkdir "$tmp/bin" "$tmp/here"
ln -s "$program" "$tmp/bin/liescape"
ln -s "$top/examples" "$tmp/here/examples"
# The library as it was built here, without an installation.
{
  echo '#!/bin/sh'
  echo "echo -I'$top/include' -L'$PWD/.libs' -Wl,-rpath,'$PWD/.libs' -lliescape"
} >"$tmp/bin/pkg-config"
chmod +x "$tmp/bin/pkg-config"

# session PAGE NUMBER: runs one command and compares.
session() {
  command=$(cat "$tmp/shown/$2.command") sampled=
  case $command in
    cc\ * | ./analyze)
      if [ ! -e .libs/libliescape.so ]; then
        count=$((count + 1))
        echo "ok $count - $1: $command # SKIP no shared library"
        return
      fi ;;
    'liescape verify'*)
      sampled=1
      if awk 'BEGIN { exit !(ARGV[1] < 1) }' "${LIESCAPE_TEST_MULTIPLIER:-1}"; then
        count=$((count + 1))
        echo "ok $count - $1: $command # SKIP a short run"
        return
      fi ;;
  esac
  (cd "$tmp/here" && PATH=$tmp/bin:$PATH && sh -c "$command") >"$tmp/out" 2>&1
  empty "$1: $command" "$(awk -f "$top/tests/shown.awk" -v actual="$tmp/out" \
    -v samples="$sampled" "$tmp/shown/$2.expected")"
}

shown=0
for page in "$top"/README.md "$top"/docs/*.md; do
  rm -rf "$tmp/shown"
  mkdir "$tmp/shown"
  number=$(awk -f "$top/tests/shown.awk" -v folder="$tmp/shown" "$page")
  k=1
  while [ "$k" -le "$number" ]; do
    session "$(basename "$page")" "$k"
    k=$((k + 1)) shown=$((shown + 1))
  done
done
empty 'there are sessions' "$([ "$shown" -ge 8 ] || echo "$shown")"

# The points of the picture are those of the table.
table=$(sed -n '/liescape certify .*--sweep n=/,/O = /d; /this circuit .*deep circuit/,/own  /p' \
        "$top/docs/plateau.md" | awk '$1 ~ /^(4|8|16|32)$/ && NF == 9 {
          print "own, n = " $1 ": " $2; print "deep, n = " $1 ": " $8 }' | head -8)
empty 'the picture of the plateau shows the numbers of its table' \
  "$(printf '%s\n' "$table" | while read -r point; do
       grep -qF "<title>$point</title>" "$top/docs/plateau.svg" || echo "$point"
     done
     [ "$(printf '%s\n' "$table" | wc -l)" = 8 ] || echo "$table")"

echo "1..$count"
exit $status
