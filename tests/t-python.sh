#!/bin/sh
# t-python.sh - the Python package against the program that was built: by itself with
# any Python from 3.9 on, and with whatever toolkits $LIESCAPE_TEST_PYTHON (python3) has
# when the tests are long. TAP.
srcdir=${srcdir:-.}
python=${LIESCAPE_TEST_PYTHON:-python3}
recent='import sys; sys.exit(sys.version_info < (3, 9))'
if ! "$python" -c "$recent" 2>/dev/null; then
  echo '1..0 # SKIP no Python 3.9 or later'
  exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
LIESCAPE=${LIESCAPE:-$PWD/liescape}
LIESCAPE_EXAMPLES=$(cd "$srcdir/examples" && pwd)
PYTHONPATH=$(cd "$srcdir/python" && pwd)
PYTHONDONTWRITEBYTECODE=1
MPLBACKEND=Agg
export MPLBACKEND LIESCAPE LIESCAPE_EXAMPLES PYTHONPATH PYTHONDONTWRITEBYTECODE
status=0
run() {
  "$python" "$PYTHONPATH/tests/$2.py" >"$tmp/log" 2>&1
  if [ $? = 0 ]; then echo "ok $1 - $3: $(grep '^Ran ' "$tmp/log")"
  else echo "not ok $1 - $3"; status=1; sed 's/^/# /' "$tmp/log"; fi
}
run 1 test_package 'the package by itself'
long='BEGIN { exit !(ARGV[1] > 1) }' # a multiplier may be a fraction
if awk "$long" "${LIESCAPE_TEST_MULTIPLIER:-1}" || [ -n "$LIESCAPE_TEST_PYTHON" ]; then
  run 2 test_toolkits 'with the toolkits that are installed'
  run 3 test_shown 'snippets and cells come out as they are shown'
else
  echo 'ok 2 - with toolkits # SKIP set LIESCAPE_TEST_PYTHON to a Python that has some'
  echo 'ok 3 - snippets and cells # SKIP the same'
fi
echo 1..3
exit $status
