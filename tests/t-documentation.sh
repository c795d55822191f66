#!/bin/sh
# t-documentation.sh - every option of --help stands in the manual page and in the
# README, and is completed; and they know no others. TAP.
srcdir=${srcdir:-.}
program=${LIESCAPE:-./liescape}
manual=$srcdir/cli/liescape.1 readme=$srcdir/README.md
completion=$srcdir/cli/completion/liescape
count=0
status=0

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

help=$(for command in '' certify verify check; do "$program" $command --help; done)
# The options, and those that take a value, as --help writes them.
options=$(printf '%s\n' "$help" |
          grep -oE -- '--[a-z][a-z-]*[a-z]' | sort -u)
letters=$(printf '%s\n' "$help" | sed -n 's/^ *\(-[A-Za-z]\), --.*/\1/p' | sort -u)
valued=$(printf '%s\n' "$help" |
         sed -n 's/^ *\(-[A-Za-z], \)\{0,1\}\(--[a-z-]*[a-z]\) [A-Za-z].*/\2/p' |
         sort -u)
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
empty 'the README has every option' \
  "$(missing "$options" "$(cat "$readme")")"
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
echo "1..$count"
exit $status
