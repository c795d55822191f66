# shown.awk - the sessions that a page shows. Pages are in Markdown; a session is an
# indented block with lines "    $ COMMAND" and the output below each.
#
#   awk -f shown.awk -v folder=DIR PAGE       writes DIR/1.command, DIR/1.expected, ...
#                                             and prints how many there are
#   awk -f shown.awk -v actual=FILE EXPECTED  prints the first line that differs. A line
#                                             "..." stands for any lines. With -v samples=1
#                                             numbers may be any: they are sampled.

function words(line) {
  if (samples) {
    gsub(/[-+]?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?%?/, "#", line)
    gsub(/ +/, " ", line)
  }
  return line
}

BEGIN {
  if (!folder)
    while ((getline line < actual) > 0) found[++length_found] = words(line)
  at = 1
}

# --- taking a page apart ---

folder && /^    [$] / {
  count++
  print substr($0, 7) > (folder "/" count ".command")
  printf "" > (folder "/" count ".expected")
  inside = 1
  blank = 0
  next
}
folder && inside && /^$/ { blank++; next }
folder && inside && /^    / {
  for (; blank; blank--) print "" > (folder "/" count ".expected")
  print substr($0, 5) > (folder "/" count ".expected")
  next
}
folder { inside = 0; next }

# --- comparing ---

differs { next }
$0 == "..." { skip = 1; next }
{
  wanted = words($0)
  if (skip) while (at <= length_found && found[at] != wanted) at++
  if (at > length_found || found[at] != wanted) {
    differs = 1
    print "wanted: " $0
    if (!skip) print "found:  " found[at]
  }
  at++
  skip = 0
}

END {
  if (folder) print count + 0
  else if (!differs && !skip && at <= length_found) print "found besides: " found[at]
}
