#!/bin/sh
# t-faults.sh - when memory runs out, at whatever allocation: a message and the exit
# status of a limit, or the same result as ever; never a verdict, nothing half-written.
# The same under limits of the address space. TAP. LIESCAPE_TEST_SEED chooses the
# allocations that fail, LIESCAPE_TEST_MULTIPLIER=100 takes nearly all of them.
. "${srcdir:-.}/tests/tap.sh"
examples=$(cd "${srcdir:-.}/examples" && pwd)
program=$PWD/liescape
library=$PWD/.libs/libfail.so
seed=${LIESCAPE_TEST_SEED:-$(date +%s)}
runs=$(awk -v m="${LIESCAPE_TEST_MULTIPLIER:-1}" 'BEGIN { r = int(60 * m); print r < 6 ? 6 : r }')
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
if [ ! -e "$library" ]; then
  echo '1..0 # SKIP no library that could be preloaded (static build)'
  exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/work"
cd "$tmp/work" || exit 99
echo "# seed $seed, $runs failing allocations for each command"

# What a run with exit status $1 left: an answer, or an end with a message.
is_right() {
  case $1 in
    3 | 70) [ -s ../err ] || return 1 ;;
    "$expected") cmp -s ../out ../expected || return 1 ;;
    *) return 1 ;;
  esac
  for file in *; do
    case $file in
      '*') ;;
      c.json) tail -c 3 c.json | grep -q '}' || return 1 ;;
      *) return 1 ;; # something half-written
    esac
  done
}

# fails_everywhere NAME COMMAND...
fails_everywhere() {
  name=$1
  shift
  env LD_PRELOAD="$library" LIESCAPE_FAIL_COUNT=../count "$@" >../expected 2>../err
  expected=$?
  total=$(cat ../count)
  rm -f ./*
  wrong=0
  for k in $(awk -v n="$total" -v runs="$runs" -v seed="$seed" 'BEGIN {
    srand(seed); step = n > runs ? n / runs : 1
    for (at = 1 + int(rand() * step); at <= n; at += step) print int(at) }'); do
    timeout 100 env LD_PRELOAD="$library" LIESCAPE_FAIL_AT="$k" "$@" >../out 2>../err
    code=$?
    if ! is_right $code; then
      wrong=$((wrong + 1))
      echo "# $name: allocation $k fails: exit $code, $(head -n 1 ../err); left: $(echo ./*)"
    fi
    rm -f ./*
  done
  [ "$total" -gt 1000 ] && [ $wrong = 0 ]
  ok $? "$name: any of its $total allocations may fail"
}

"$program" certify "$examples/tfim_hva.ops" -q --json=../certificate.json
fails_everywhere check "$program" check ../certificate.json
fails_everywhere certify "$program" certify "$examples/tfim_hva.ops" -q --json=c.json
fails_everywhere 'certify, OpenQASM' \
  "$program" certify "$examples/hardware_efficient.qasm" -D n=3 --json=c.json
fails_everywhere verify \
  "$program" verify "$examples/tfim_hva.ops" -q --samples=50 --json=c.json

# The loader may refuse (127), and OpenBLAS may before main has begun: never a
# hang, a verdict or silence.
unset OPENBLAS_NUM_THREADS OMP_NUM_THREADS
wrong=0
for megabytes in 55 60 64 68 72 76 80 90 110 150; do
  for command in certify verify check; do
    case $command in
      check) file=../certificate.json options=-q ;;
      certify) file=$examples/tfim_hva.ops options='-q --json=c.json' ;;
      verify) file=$examples/tfim_hva.ops options='-q --samples=50 --json=c.json' ;;
    esac
    # shellcheck disable=SC2086
    (ulimit -c 0; ulimit -v $((1024 * megabytes))
     exec timeout 100 "$program" $command "$file" $options) >../out 2>../err
    code=$?
    case $code in
      0) ;;
      3 | 70 | 127) [ -s ../err ] ;;
      *) false ;;
    esac || { wrong=$((wrong + 1))
              echo "# $megabytes MB, $command: exit $code, $(head -n 1 ../err)"; }
    rm -f ./*
  done
done
[ $wrong = 0 ]
ok $? 'with an address space of 55 to 150 MB every command ends with a message or a result'
echo "1..$count"
exit $status
