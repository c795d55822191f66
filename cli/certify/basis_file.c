#include "cli/certify/basis_file.h"

#include <stdlib.h>

#include "algebra/base/stopwatch.h"
#include "cli/format/json_number.h"
#include "cli/request/request.h"
#include "cli/terminal/output.h"
#include "algebra/closure/basis.h"
#include "algebra/generators/generators.h"
#include "cli/read/source.h"

/* Terms of all elements; pairs of terms that brackets multiply. */
enum { MAX_TERMS = 1 << 17 };
static const double MAX_PAIRS = 1e9;

static bool write_line(FILE *stream, json_t *line) {
  bool ok = json_dumpf(line, stream, JSON_PRESERVE_ORDER) == 0 &&
            putc('\n', stream) != EOF;
  json_decref(line);
  return ok;
}

static bool write_elements(FILE *stream, const basis_t basis,
                           size_t num_qubits) {
  bool ok = write_line(
      stream,
      json_pack("{s:s, s:I, s:o, s:s}", "format", "liescape-basis/1", "qubits",
                (json_int_t)num_qubits, "dimension",
                json_sprintf("%zu", basis->num), "convention",
                "A_k Hermitian, i A_k in the algebra; i [A_j, A_k] = sum_l c A_l"));
  for (size_t k = 0; k < basis->num && ok; k++) {
    char *text = pauli_sum_get_str(basis->elements + k);
    ok = write_line(stream, json_pack("{s:I, s:s}", "element", (json_int_t)k,
                                      "operator", text));
    free(text);
  }
  return ok;
}

static bool write_brackets(FILE *stream, const basis_t basis) {
  size_t *index = flint_malloc((basis->num + 1) * sizeof *index);
  fmpq *value = flint_malloc((basis->num + 1) * sizeof *value);
  size_t count, brackets = 0;
  bool ok = true;
  for (size_t l = 0; l < basis->num; l++) fmpq_init(value + l);
  for (size_t j = 0; j < basis->num && ok; j++)
    for (size_t k = j + 1; k < basis->num && ok; k++) {
      if (!basis_bracket(&count, index, value, basis, j, k)) flint_abort();
      if (count == 0) continue;
      json_t *list = json_array();
      for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("[I, o]", (json_int_t)index[i],
                            cert_fmpq(value + i)));
      ok = write_line(stream, json_pack("{s:[I, I], s:o}", "bracket",
                                        (json_int_t)j, (json_int_t)k, "value",
                                        list));
      brackets++;
    }
  ok = ok && write_line(stream, json_pack("{s:I}", "end",
                                          (json_int_t)brackets));
  for (size_t l = 0; l < basis->num; l++) fmpq_clear(value + l);
  flint_free(index);
  flint_free(value);
  return ok;
}

static status_t refuse(const options_t options, const char *why) {
  source_say("%s: no basis was written: %s",
          options->basis_path, why);
  return STATUS_LIMIT;
}

static status_t write_basis(const generator_set_t set,
                            const options_t options) {
  stopwatch_t watch = stopwatch_start(options_time_limit_ns(options));
  closure_limits_t limits = {.max_dimension = options->max_dimension,
                             .max_bytes = options->memory_limit_bytes,
                             .num_threads = (unsigned)options->num_threads,
                             .abort = stopwatch_is_up,
                             .abort_data = &watch};
  closure_t closure;
  basis_t basis;
  FILE *stream = NULL;
  closure_init(closure, set->num_qubits);
  status_t status = closure_compute(closure, set->generators, set->num_generators,
                                    &limits);
  if (status != STATUS_OK) {
    status = refuse(options, "the algebra is beyond --max-dimension, "
                             "--time-limit or --memory-limit");
  } else if ((status = basis_init(basis, closure, MAX_TERMS)) != STATUS_OK) {
    refuse(options, "its elements have more than 131072 strings");
  } else {
    if ((double)basis->num_terms * (double)basis->num_terms > MAX_PAIRS)
      status = refuse(options, "its elements have too many strings for their "
                               "brackets");
    if (status == STATUS_OK && !(stream = output_open(options->basis_path)))
      status = STATUS_BAD_INPUT;
    if (stream) {
      if (write_elements(stream, basis, set->num_qubits))
        write_brackets(stream, basis);
      if (!output_commit(stream)) status = STATUS_LIMIT;
    }
    basis_clear(basis);
  }
  closure_clear(closure);
  return status;
}

static status_t read_source(ansatz_t ansatz, const json_t *certificate) {
  request_t request;
  diagnostic_t diag;
  request_init(request);
  diagnostic_init(diag);
  status_t status = request_from_json(request, diag, "",
                                      cert_at(certificate, "ansatz.source"));
  if (status == STATUS_OK) status = request_read_ansatz(ansatz, diag, request);
  diagnostic_clear(diag);
  request_clear(request);
  return status;
}

status_t basis_file_write(const json_t *certificate, const options_t options) {
  ansatz_t ansatz;
  generator_set_t set;
  if (!options->basis_path) return STATUS_OK;
  status_t status = read_source(ansatz, certificate);
  if (status != STATUS_OK) return status; /* it has been read before */
  if (ansatz->symbol) {
    status = refuse(options, "coefficients are not all rational numbers");
  } else {
    generator_set_init(set, ansatz);
    status = write_basis(set, options);
    generator_set_clear(set);
  }
  ansatz_clear(ansatz);
  return status;
}
