#include "cli/request/reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/qasm/qasm_reader.h"
#include "cli/read/ops_reader.h"

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

/* By name, or by the first word that is neither blank nor comment: the words
   of operator files against everything else. */
static reader_format_t guess_format(const char *name, const char *text,
                                    size_t length) {
  static const char *const words[] = {"qubits", "generator", "observable",
                                      "state", "parameters", "for", "symbol", "edges"};
  if (ends_with(name, ".qasm")) return FORMAT_QASM;
  if (ends_with(name, ".ops")) return FORMAT_OPS;
  size_t i = 0;
  for (;;) {
    while (i < length && isspace((unsigned char)text[i])) i++;
    if (i >= length || text[i] != '#') break;
    if (length - i > 7 && !strncmp(text + i, "#pragma", 7)) return FORMAT_QASM;
    while (i < length && text[i] != '\n') i++;
  }
  for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
    size_t n = strlen(words[k]);
    if (length - i > n && !memcmp(text + i, words[k], n) &&
        isspace((unsigned char)text[i + n]))
      return FORMAT_OPS;
  }
  return FORMAT_QASM;
}

status_t reader_read_text(ansatz_t ansatz, diagnostic_t diag,
                          const char *file_name, const char *text,
                          size_t length, reader_format_t format,
                          const reader_override_t *overrides,
                          size_t num_overrides) {
  input_t input = {.diag = diag, .file = file_name, .text = text,
                   .length = length};
  ansatz_t out;
  size_t mark = source_mark_length(text, length);
  input.text = text += mark;
  input.length = length -= mark;
  if (length > SOURCE_MAX_BYTES)
    return input_limit(&input, 0, "longer than %zu bytes", SOURCE_MAX_BYTES);
  status_t status = source_check(diag, file_name, text, length);
  if (status) return status;
  if (format == FORMAT_AUTO) format = guess_format(file_name, text, length);
  if (format == FORMAT_OPS)
    status = ops_reader_read(out, &input, overrides, num_overrides);
  else
    status = qasm_reader_read(out, &input, overrides, num_overrides);
  if (status == STATUS_OK) *ansatz = *out;
  return status;
}

status_t reader_read_file(ansatz_t ansatz, diagnostic_t diag, const char *path,
                          reader_format_t format,
                          const reader_override_t *overrides,
                          size_t num_overrides) {
  char *text;
  size_t length;
  status_t status = source_read(&text, &length, diag, path, SOURCE_MAX_BYTES);
  if (status) return status;
  status = reader_read_text(ansatz, diag, strcmp(path, "-") ? path : "<stdin>",
                            text, length, format, overrides, num_overrides);
  free(text);
  return status;
}
