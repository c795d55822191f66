# tap.sh - what the test scripts share: TAP by hand. To be read by `.`.
count=0
status=0

# ok STATUS DESCRIPTION: passes when STATUS is 0.
ok() {
  count=$((count + 1))
  if [ "$1" = 0 ]; then echo "ok $count - $2"
  else echo "not ok $count - $2"; status=1; fi
}

# skip DESCRIPTION REASON
skip() {
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

# empty DESCRIPTION TEXT: passes when TEXT is empty, else shows it.
empty() {
  ok "$([ -z "$2" ]; echo $?)" "$1"
  [ -z "$2" ] || printf '%s\n' "$2" | sed 's/^/# /'
}
