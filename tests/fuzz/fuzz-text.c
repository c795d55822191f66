/* fuzz-text - whatever text the program is given, it is read or refused: no crash,
   no leak. For clang's libFuzzer: `make fuzz`.

   The first byte says what the rest is: a program or operator file (the reader),
   an operator file, an OpenQASM program, or a certificate (check). */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "cli/format/certificate_io.h"
#include "cli/check/check.h"
#include "cli/request/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_ansatz(diagnostic_t diag, const char *text, size_t length,
                        reader_format_t format) {
  ansatz_t ansatz;
  status_t status = source_check(diag, "input", text, length);
  if (status == STATUS_OK)
    status = reader_read_text(ansatz, diag, "input", text, length, format,
                              NULL, 0);
  if (status == STATUS_OK) ansatz_clear(ansatz);
  else if (!diag->message || !*diag->message) abort();
}

static void check(diagnostic_t diag, const char *text, size_t length) {
  json_t *certificate;
  check_result_t result = {
      .text = text, .length = length, .quiet = true, .silent = true};
  if (source_check(diag, "input", text, length) != STATUS_OK) return;
  status_t status = certificate_parse(&certificate, diag, "input", text, length);
  if (status != STATUS_OK) return;
  check_certificate(&result, diag, "input", certificate);
  json_decref(certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const reader_format_t formats[] = {FORMAT_AUTO, FORMAT_OPS,
                                            FORMAT_QASM};
  if (size == 0) return 0;
  size_t kind = data[0] % 4, length = size - 1;
  diagnostic_t diag;
  char *text = malloc(length + 1);
  if (!text) abort();
  memcpy(text, data + 1, length);
  text[length] = 0;
  diagnostic_init(diag);
  if (kind == 3) check(diag, text, length);
  else read_ansatz(diag, text, length, formats[kind]);
  diagnostic_clear(diag);
  free(text);
  return 0;
}
