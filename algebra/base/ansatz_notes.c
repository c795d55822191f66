#include "algebra/base/ansatz_notes.h"

#include "algebra/base/text.h"

char *ansatz_note_freed(long line) {
  return text_print("a fixed rotation that is not a Clifford gate (first at line %ld) "
                    "is treated as a free one: the algebra is an upper bound", line);
}

char *ansatz_note_cancels(const char *parameter) {
  return text_print("parameter %s has no effect: its gates cancel", parameter);
}

char *ansatz_note_split(size_t count, const char *first) {
  return text_print("%zu parameter%s (first: %s) %s used by gates that do not act as "
                    "one exponential; these gates are treated as independent: the "
                    "algebra is an upper bound",
                    count, count > 1 ? "s" : "", first, count > 1 ? "are" : "is");
}
