#!/bin/sh
# t-ends.sh - wherever the world around the program fails (a full disk, a folder that
# cannot be written, standard streams that are closed, a pipe that breaks, signals, two
# processes on one checkpoint, kill -9 in any stage of verify): an exit status and a
# message that say so, files that are whole or not there, and after it the same result as
# ever. TAP. LIESCAPE_TEST_SEED chooses the moments, LIESCAPE_TEST_MULTIPLIER how many.
. "${srcdir:-.}/tests/tap.sh"
program=$PWD/liescape library=$PWD/.libs/libstop.so
seed=${LIESCAPE_TEST_SEED:-$(date +%s)}
# longer N: N, by the multiplier.
longer() { awk -v m="${LIESCAPE_TEST_MULTIPLIER:-1}" -v n="$1" 'BEGIN { r = int(n * m); print r < 2 ? 2 : r }'; }
# moments N MOST: N times in seconds, less than MOST, the same for a seed.
moments() { awk -v n="$1" -v most="$2" -v seed="$seed" 'BEGIN { srand(seed); while (n-- > 0) printf "%.3f ", most * rand() }'; }
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/work"
cd "$tmp/work" || exit 99
echo "# seed $seed"
ansatz=$PWD/../pair.ops
printf 'qubits 2\ngenerator X0 + X1\ngenerator Z0 Z1\ngenerator Z0 + Z1\nobservable Z0 Z1 + X0\n' >"$ansatz"
"$program" certify "$ansatz" --json=../good.json >../good.out || exit 99

# --- a disk that is full, or not to be written ------------------------------------------
# In a name space of mounts of its own, where everybody is root.
cat >../disk.sh <<'END'
set -e
mkdir disk
mount -t tmpfs -o size=64k none disk
cd disk
wrong() { echo "# $1: exit $code, $(cat ../err); left: $(echo *)"; exit 1; }
expect() { # STATUS WORDS COMMAND...: exits so, says so, leaves only `there`
  want=$1 words=$2
  shift 2
  code=0
  "$@" >../out 2>../err || code=$?
  [ $code = "$want" ] && grep -q "$words" ../err && [ "$(echo *)" = "$there" ] || wrong "$*"
}
if [ "$1" = full ]; then
  echo old >old.json
  dd if=/dev/zero of=fill bs=1k count=100 2>/dev/null || :
  there='fill old.json' why='No space left on device' first=3
else
  echo old >old.json
  mount -o remount,ro "$PWD" .
  there=old.json why='Read-only file system' first=2
fi
expect $first "$why" "$program" certify "$ansatz" -q --json=new.json
expect $first "$why" "$program" certify "$ansatz" -q --json=old.json
expect $first "$why" "$program" certify "$ansatz" -q --basis=basis.txt
expect 2 "$why" "$program" verify "$ansatz" -q --samples=50 --checkpoint=c
expect $first "$why" "$program" verify "$ansatz" -q --samples=50 --json=new.json
[ "$(cat old.json)" = old ]
END
export program ansatz
for kind in full read-only; do
  rm -rf ./*
  if unshare -rm true 2>/dev/null; then
    unshare -rm sh ../disk.sh $kind >../said 2>&1
    code=$?
    cat ../said
    ok $code "a disk that is $kind: said, nothing half-written, what was there is kept"
  else skip "a disk that is $kind" 'no name spaces of mounts'; fi
done
rm -rf ./*

# --- standard streams that are closed ---------------------------------------------------
# Files that are opened take the free numbers: no report or message may end up in them.
# closed NAME COMMAND...: with each set of closed streams.
closed() {
  name=$1 wrong=0
  shift
  for streams in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
    rm -f ./*
    eval '"$@"' "$streams" >../closed.out 2>../closed.err
    code=$?
    left=$(echo ./*)
    case $code in
      0 | 2 | 3) [ "$left" = './*' ] || cmp -s c.json "$good" ;;
      *) false ;;
    esac || { wrong=$((wrong + 1)); echo "# $name $streams: exit $code, left: $left"; }
  done
  [ $wrong = 0 ]
  ok $? "closed streams, $name"
}
good=../good.json
closed 'certify with a report' "$program" certify "$ansatz" --json=c.json
closed 'certify without' "$program" certify "$ansatz" -q --json=c.json
closed 'certify to standard output' "$program" certify "$ansatz" --json
closed 'certify from standard input' "$program" certify - --format ops --json=c.json
closed 'a wrong command' "$program" certify absent.ops --json=c.json
closed check "$program" check ../good.json
# A report that outgrows the buffer of standard output while the certificate is open.
cat >../long.qasm <<'END'
OPENQASM 3.0; input array[float, 2000] p; qubit[2] q;
for int i in [0:1999] { rx(p[i]) q[0]; rz(p[i]) q[1]; }
#pragma liescape observable Z0
END
good=../long.json
"$program" certify ../long.qasm --details --json=$good | wc -c >../size
[ "$(cat ../size)" -gt 66000 ]
ok $? 'a long report'
closed 'a long report' "$program" certify ../long.qasm --details --json=c.json

# --- a pipe that breaks -----------------------------------------------------------------
rm -f ./*
for command in "certify $ansatz --json" "certify $ansatz --details" 'check ../good.json' \
  "verify $ansatz --samples=50 --json"; do
  # shellcheck disable=SC2086
  code=$({ "$program" $command 2>../err; echo $? >../code; } | true; cat ../code)
  case $code in
    0) ;; # all of it was in the pipe before that broke
    3) grep -q 'standard output' ../err ;;
    *) false ;;
  esac && [ "$(echo ./*)" = './*' ]
  ok $? "a pipe that breaks: ${command%% *}, exit $code"
done

# --- signals ------------------------------------------------------------------------------
# signals NAME NUMBER COMMAND...: at moments of a run's time, as that is here.
signals() {
  name=$1 signal=$2 wrong=0 ended=0
  shift 2
  most=$(date +%s.%N)
  "$@" >../out 2>../err
  most=$(awk -v from="$most" -v to="$(date +%s.%N)" 'BEGIN { print to - from }')
  for moment in $(moments "$(longer 8)" "$most"); do
    rm -f ./*
    env --default-signal=INT,TERM,HUP "$@" >../out 2>../err &
    p=$!
    sleep "$moment"
    kill -"$signal" $p 2>/dev/null || :
    wait $p 2>/dev/null
    code=$?
    left=$(echo ./*)
    case $code in
      "$expected") [ "$left" = './*' ] || cmp -s c.json $good ;;
      # or whole, when the signal came after its end
      $((128 + signal))) ended=$((ended + 1)); [ "$left" = './*' ] || cmp -s c.json $good ;;
      *) false ;;
    esac || { wrong=$((wrong + 1)); echo "# $moment s: exit $code, $(head -n 1 ../err); left: $left"; }
  done
  [ $wrong = 0 ]
  ok $? "$name, signal $signal: ended by it $ended times, nothing half-written"
}
"$program" check -q $good
checked=$?
for signal in 1 2 15; do
  expected=0
  signals certify $signal "$program" certify ../long.qasm -q --json=c.json
  expected=$checked
  signals check $signal "$program" check -q $good
done

# --- checkpoints --------------------------------------------------------------------------
rm -f ./*
printf 'qubits 3\nfor i in 0..2: generator X{i}\nfor i in 0..2: generator Z{i}\nfor i in 0..1: generator Z{i} Z{i+1}\nobservable Z0 Z1\n' >ring.ops
work="--samples=$(longer 2500) --layers=100 --minima=8 --threads=1 --json"
# shellcheck disable=SC2086
"$program" verify ring.ops $work >../whole.json
code=$?
[ $code = 0 ] && grep -q minima_found ../whole.json
ok $? 'a run at one go'
for p in 1 2; do
  # shellcheck disable=SC2086
  "$program" verify ring.ops $work --checkpoint=c --resume --checkpoint-every=0.02 \
    >../both.$p 2>../both.err.$p &
done
wait
cmp -s ../whole.json ../both.1 && cmp -s ../whole.json ../both.2 && [ "$(echo ./*)" = ./ring.ops ]
ok $? 'two processes on one checkpoint: the same certificate twice, no file left' ||
  head -n 3 ../both.err.*

# Killed as soon as the file has the name of a stage that it had not before, and resumed,
# until it ends. A name follows the size of its piece, whose last byte is 0. Where that is
# does not depend on time: tests/stop-run.c.
cat >../new-stage.sh <<'END'
grep -aoP '\x00\K(pilot, [0-9]+ (windows|layers)|pilot|samples|repetition|squares [0-9]|own depth|minima of [0-9]+|minima [0-9a-f]+)' k |
  sort -u - ../seen >../now
cmp -s ../now ../seen && exit
mv ../now ../seen
exit 1
END
# everywhere NAME STAGES OPTIONS...: among those it is killed in must be the STAGES.
everywhere() {
  name=$1 wanted=$2
  shift 2
  if [ ! -e "$library" ]; then
    skip "$name: killed in every stage" 'no library that could be preloaded (static build)'
    return
  fi
  rm -f ./k* ../seen
  : >../seen
  "$program" verify "$@" --json >../whole.json 2>../err || { cat ../err; false; }
  code=$? killed=137
  while [ $code = 0 ] && [ $killed = 137 ]; do
    before=$(wc -l <../seen)
    env LD_PRELOAD="$library" LIESCAPE_AFTER_RENAME='sh ../new-stage.sh' \
      "$program" verify "$@" --json --checkpoint=k --resume --checkpoint-every=0.001 \
      >../part.json 2>../err
    killed=$?
    [ $killed != 137 ] || [ "$(wc -l <../seen)" -gt "$before" ] || code=1
  done
  missing=
  for stage in $wanted; do grep -q "^$stage" ../seen || missing="$missing $stage"; done
  [ $code = 0 ] && [ $killed = 0 ] && cmp -s ../whole.json ../part.json && [ ! -e k ] &&
    [ -z "$missing" ]
  ok $? "$name: killed in $(wc -l <../seen) stages, then the same certificate"
  [ -z "$missing" ] || echo "# not killed in:$missing; exit $killed, $(head -n 1 ../err)"
  sed 's/^/# killed in: /' ../seen
}
everywhere 'a deep circuit' 'pilot samples squares minima' ring.ops --samples="$(longer 2500)" --minima=8 --threads=1
cat >noisy.qasm <<'END'
OPENQASM 3.0; include "stdgates.inc";
input float a; input float b; input float c; qubit[2] q;
rx(a) q[0]; ry(b) q[1]; cx q[0], q[1]; rz(c) q[1]; rx(a) q[1];
#pragma liescape observable Z0 Z1
#pragma liescape noise depolarizing=0.01
END
everywhere 'a circuit with noise' 'pilot samples squares own minima' noisy.qasm --samples="$(longer 2000)" --minima=8 --threads=1
echo "1..$count"
exit $status
