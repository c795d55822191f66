#include "numeric/judge/dimension.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/circuit/fisher.h"
#include "numeric/machine/memory.h"
#include "numeric/judge/minima_search.h"
#include "numeric/machine/random.h"
#include "numeric/machine/share.h"

enum { ROUNDS = 3, MORE_LAYERS = 3, LEAST_LAYERS = 4 };
/* Amplitude updates of one matrix, and its size. */
static const double max_operations = 1e9, max_bytes = 3e8;

typedef struct {
  const checks_input_t *in;
  statevector_t input;
  uint64_t stream;
  double budget;
} probe_t;

/* num_chosen of the count numbers below count, in random order. */
static size_t *choose(size_t count, size_t num_chosen, random_stream_t *stream) {
  size_t *all = memory_get(count, sizeof *all);
  for (size_t i = 0; i < count; i++) all[i] = i;
  for (size_t i = 0; i < num_chosen; i++) {
    size_t j = i + (size_t)(random_uniform(stream) * (double)(count - i));
    size_t keep = all[i];
    all[i] = all[j];
    all[j] = keep;
  }
  return all;
}

typedef enum { FOUND, UNDECIDED, TOO_LARGE } found_t;

/* Rank at a random point of a circuit of that many layers, `parameters` of its
   drives being free. */
static found_t find_rank(size_t *rank, const probe_t *p, size_t layers,
                         size_t parameters) {
  const program_t *program = p->in->sampler->program;
  minima_circuit_t c;
  random_stream_t stream;
  fisher_t fisher;
  minima_circuit_deep(&c, program, layers, parameters);
  found_t found = TOO_LARGE;
  if (fisher_cost(program, &c.list, p->input.num_qubits, parameters) <=
      max_operations) {
    size_t count = layers * program->num_drives;
    random_stream_init(&stream, p->in->seed,
                       RANDOM_FISHER + ((p->in->attempt + 1) << 8), p->stream);
    double *drives = memory_state(count * sizeof *drives);
    size_t *chosen = choose(count, parameters, &stream);
    for (size_t d = 0; drives && d < count; d++)
      drives[d] = c.windows[d] * random_uniform(&stream);
    if (drives && fisher_init(&fisher, &c.program, &c.list, &p->input, drives,
                              chosen, parameters,
                              p->in->sampler->num_threads) == STATUS_OK) {
      *rank = fisher.rank;
      found = fisher.decided ? FOUND : UNDECIDED;
      fisher_clear(&fisher);
    }
    free(drives);
    free(chosen);
  }
  minima_circuit_clear(&c);
  return found;
}

/* Parameters and layers for a rank of `claim`. */
static void plan(size_t *layers, size_t *parameters, const probe_t *p,
                 double claim) {
  size_t drives = p->in->sampler->program->num_drives;
  *parameters = (size_t)ceil(1.25 * claim) + 16;
  *layers = (2 * *parameters + drives - 1) / drives;
  if (*layers < LEAST_LAYERS) *layers = LEAST_LAYERS;
  if (*parameters > *layers * drives) *parameters = *layers * drives;
}

static bool fits(const probe_t *p, size_t num_qubits, double claim) {
  if (!(claim < 1e4) || num_qubits > 40) return false;
  double bytes = 2 * fisher_bytes(num_qubits, (size_t)(1.25 * claim) + 16);
  return bytes <= fmin(max_bytes, p->budget);
}

/* What is known of least <= rank <= most: a p value, 0 or 1; *known false when nothing can be said. */
static double test(bool *known, size_t *rank, probe_t *p, double least,
                   double most) {
  size_t layers, parameters, before = SIZE_MAX;
  plan(&layers, &parameters, p, most);
  *known = false;
  for (int round = 0; round < ROUNDS; round++, layers *= MORE_LAYERS) {
    found_t found = find_rank(rank, p, layers, parameters);
    p->stream++;
    if (found == TOO_LARGE) return NAN;
    if ((double)*rank > most || found == FOUND) *known = true;
    if ((double)*rank > most) return 0;
    if (found != FOUND) continue;
    if ((double)*rank >= least) return 1;
    if (*rank == before) return 0;
    before = *rank;
    *known = false; /* it may still grow */
  }
  return NAN;
}

bool dimension_has_identity(const ansatz_struct *a) {
  if (a->kind != ANSATZ_OPERATORS) return false;
  for (size_t j = 0; j < a->num_generators; j++)
    for (size_t t = 0; t < a->generators[j].length; t++)
      if (pauli_is_identity(pauli_sum_string(a->generators + j, t),
                            a->generators[j].num_words))
        return true;
  return false;
}

static void add(verify_report_t report, probe_t *p, char *name, double claim,
                double least) {
  bool known;
  size_t rank;
  double p_value = test(&known, &rank, p, least, claim);
  if (!known) {
    checks_note(report, text_print("%s is not tested: the rank is not decided "
                                   "at reasonable cost", name));
    free(name);
    return;
  }
  verify_check_t *check = checks_append(report, p->in, SIZE_MAX, name);
  /* A phase among the elements does not show. */
  bool phase = least == claim - 1 && (double)rank == least;
  check->predicted = phase ? least : claim;
  check->notices = 1;
  check->measured = (double)rank;
  check->p_value = p_value;
}

static void check_algebra(verify_report_t report, probe_t *p) {
  const ansatz_struct *a = p->in->ansatz;
  double claim = p->in->claims->dimension;
  size_t n = a->num_qubits;
  if (isnan(claim)) return;
  quantum_state_t mixed;
  quantum_state_init(mixed, n);
  if (!fits(p, 2 * n, claim)) {
    checks_note(report, text_print("the dimension of the algebra is not tested "
                                   "by Fisher rank: %.4g vectors of %zu qubits",
                                   1.25 * claim, 2 * n));
  } else if (statevector_init(&p->input, 2 * n, 1)) {
    statevector_prepare(&p->input, mixed);
    add(report, p, text_print("dimension by Fisher rank"), claim,
        claim - (dimension_has_identity(a) ? 1 : 0));
    statevector_clear(&p->input);
  }
  quantum_state_clear(mixed);
}

static void check_state(verify_report_t report, probe_t *p, size_t s) {
  const ansatz_struct *a = p->in->ansatz;
  double orbit = p->in->claims->orbit_dimensions[s];
  double most = 2 * (ldexp(1, (int)a->num_qubits) - 1);
  double bound = fmin(p->in->claims->dimension, most); /* most when NaN */
  bool known = !isnan(orbit);
  if (statevector_ancillas(a->states[s].state) ||
      !fits(p, a->num_qubits, known ? orbit : bound) ||
      !statevector_init(&p->input, a->num_qubits, 1))
    return;
  statevector_prepare(&p->input, a->states[s].state);
  add(report, p,
      text_print(known ? "orbit of %s" : "orbit of %s, at most",
                 a->states[s].text),
      known ? orbit : bound, known ? orbit : 0);
  statevector_clear(&p->input);
}

void dimension_checks(verify_report_t report, const checks_input_t *in,
                      uint64_t memory_bytes) {
  probe_t p = {.in = in,
               .budget = memory_bytes ? (double)memory_bytes
                                      : (double)share_default_memory()};
  if (!in->sampler->program->num_drives) return;
  if (isnan(in->claims->dimension) && !in->claims->orbit_dimensions) return;
  check_algebra(report, &p);
  for (size_t s = 0; s < in->ansatz->num_states; s++)
    if (!isnan(in->claims->dimension) ||
        !isnan(in->claims->orbit_dimensions[s]))
      check_state(report, &p, s);
}
