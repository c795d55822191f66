/* Sampling in the module of the observables against state vectors: the same
   losses, gradients and traces on random ansaetze (local and not, fixed gates of
   any angle, shared parameters, commuting generators, mixed and product states);
   shuffles against the layers that they stand for; the same circuit on a few of
   many qubits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/random.h"
#include "numeric/sample/sampler.h"
#include "numeric/circuit/turns.h"
#include "tests/tap.h"

enum { SAMPLES = 11, LAYERS = 5, PURPOSE = 4000, MAX_PAIRS = 4 };

/* --- random ansaetze ----------------------------------------------------------- */

/* Where qubit j of the small circuit sits: the identity, or spread. */
typedef struct {
  size_t num_qubits, place[8];
} layout_t;

static void put_letter(uint64_t *string, const layout_t *at, size_t qubit,
                       unsigned letter) {
  pauli_set(string, pauli_words(at->num_qubits), at->place[qubit], letter);
}

static void random_string(uint64_t string[16], const layout_t *at, size_t n,
                          bool local) {
  bool some = false;
  memset(string, 0, 16 * sizeof *string);
  size_t first = tap_random_below(n);
  for (size_t q = 0; q < n; q++) {
    unsigned letter = (unsigned)tap_random_below(4);
    if (local && q != first && q != first + 1) letter = 0;
    put_letter(string, at, q, letter);
    some = some || letter;
  }
  if (!some) put_letter(string, at, first, 3);
}

static void random_rational(fmpq_t q) {
  static const long nums[] = {1, -1, 1, 2, -1, 3, -2, 5};
  static const unsigned long dens[] = {1, 1, 2, 1, 2, 2, 3, 4};
  size_t i = tap_random_below(8);
  fmpq_set_si(q, nums[i], dens[i]);
}

static void random_sum(pauli_sum_t sum, const layout_t *at, size_t n,
                       size_t terms, bool commuting) {
  uint64_t string[16];
  size_t w = pauli_words(at->num_qubits);
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < terms; t++) {
    bool fine = true;
    random_string(string, at, n, tap_random() & 1);
    for (size_t i = 0; commuting && i < sum->length; i++)
      fine = fine && !pauli_anticommute(string, pauli_sum_string(sum, i), w);
    random_rational(c);
    if (fine) pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  if (pauli_sum_is_zero(sum)) random_sum(sum, at, n, 1, commuting);
  fmpq_clear(c);
}

/* kind 0: Clifford fixed gates, 1: any fixed gates. */
static void random_rotations(ansatz_t a, const layout_t *at, size_t n,
                             int kind) {
  size_t parameters = 1 + tap_random_below(3), count = 3 + tap_random_below(8);
  bool local = tap_random() & 1;
  fmpq_t c;
  fmpq_init(c);
  for (size_t k = 0; k < parameters; k++) ansatz_add_parameter(a, "t", false);
  for (size_t r = 0; r < count; r++) {
    uint64_t string[16];
    angle_t angle;
    angle_init(angle);
    random_string(string, at, n, local);
    if (r >= parameters && tap_random_below(3) == 0) {
      fmpq_set_si(angle->pi_part, (long)tap_random_below(4), 2);
    } else {
      if (tap_random_below(3)) fmpq_one(c);
      else random_rational(c);
      angle_add_term(angle, r % parameters, false, c);
      if (tap_random_below(3) == 0) fmpq_set_si(angle->pi_part, 1, 2);
    }
    if (kind == 1 && tap_random_below(3) == 0)
      random_rational(angle->rad_part);
    ansatz_add_rotation(a, string, angle, 0);
    angle_clear(angle);
  }
  fmpq_clear(c);
}

static void random_state(ansatz_t a, const layout_t *at, size_t n,
                         bool product) {
  quantum_state_t state;
  uint64_t string[16];
  if (product) {
    product_state_t p;
    fmpq_t x[3];
    product_state_init(p, at->num_qubits);
    for (size_t i = 0; i < 3; i++) fmpq_init(x[i]);
    for (size_t q = 0; q < n; q++) {
      for (size_t i = 0; i < 3; i++)
        fmpq_set_si(x[i], (long)tap_random_below(9) - 4, 8);
      if (product_state_set_bloch(p, at->place[q], x[0], x[1], x[2]) !=
          STATUS_OK)
        tap_diag("Bloch vector too long");
    }
    quantum_state_init(state, at->num_qubits);
    quantum_state_set_product(state, p);
    for (size_t i = 0; i < 3; i++) fmpq_clear(x[i]);
    product_state_clear(p);
  } else {
    stabilizer_state_t s;
    size_t rank = tap_random() & 1 ? n : tap_random_below(n + 1);
    stabilizer_state_init(s, at->num_qubits);
    for (size_t j = 0; j < rank; j++) {
      random_string(string, at, n, true);
      (void)stabilizer_state_add(s, string, tap_random() & 1);
    }
    quantum_state_init(state, at->num_qubits);
    quantum_state_set_stabilizer(state, s);
    stabilizer_state_clear(s);
  }
  ansatz_add_state(a, state, "s");
  quantum_state_clear(state);
}

static void random_ansatz(ansatz_t a, const layout_t *at, size_t n, int kind) {
  pauli_sum_t sum;
  ansatz_init(a, kind == 2 ? ANSATZ_OPERATORS : ANSATZ_CIRCUIT,
              at->num_qubits);
  if (kind < 2) random_rotations(a, at, n, kind);
  for (size_t j = 0; kind == 2 && j < 3; j++) {
    pauli_sum_init(sum, at->num_qubits);
    random_sum(sum, at, n, 1 + tap_random_below(3), true);
    ansatz_add_generator(a, sum);
    pauli_sum_clear(sum);
  }
  if (kind == 2) a->num_parameters = a->num_generators;
  for (size_t o = 0; o < 2; o++) {
    pauli_sum_init(sum, at->num_qubits);
    random_sum(sum, at, n, 1 + tap_random_below(3), false);
    ansatz_add_observable(a, sum, "O");
    pauli_sum_clear(sum);
  }
  random_state(a, at, n, false);
  random_state(a, at, n, true);
}

/* --- what is compared ------------------------------------------------------------ */

typedef struct {
  program_t program;
  sampler_t sampler;
  size_t parameters;
  double losses[MAX_PAIRS][SAMPLES], kept[MAX_PAIRS][SAMPLES];
  double norms[MAX_PAIRS][SAMPLES], trace[MAX_PAIRS * 2 * SAMPLES];
  double *sums;
} run_t;

static void run_clear(run_t *r) {
  sampler_clear(&r->sampler);
  program_clear(&r->program);
  free(r->sums);
}

static bool run(run_t *r, const ansatz_t a, sampler_way_t way,
                unsigned shuffle_bits) {
  static const sampler_pair_t pairs[MAX_PAIRS] = {
      {0, 0}, {0, 1}, {1, 0}, {1, 1}};
  static const size_t times[2] = {1, LAYERS};
  double *losses[MAX_PAIRS], *kept[MAX_PAIRS], *norms[MAX_PAIRS];
  size_t kept_parameters[MAX_PAIRS];
  char *message = NULL;
  program_init(&r->program, a, NULL);
  r->parameters = r->program.num_parameters;
  r->sums = calloc(4 * MAX_PAIRS * r->parameters, sizeof *r->sums);
  for (size_t p = 0; p < MAX_PAIRS; p++) {
    losses[p] = r->losses[p];
    kept[p] = r->kept[p];
    norms[p] = r->norms[p];
    kept_parameters[p] = p % r->parameters;
  }
  status_t status = sampler_init_way(&r->sampler, &r->program, a, pairs,
                                     MAX_PAIRS, 0, 1, way, PRECISION_DOUBLE,
                                     &message);
  if (status != STATUS_OK) tap_diag("%s", message ? message : "refused");
  free(message);
  if (status != STATUS_OK) return false;
  r->sampler.shuffle_bits = sampler_can_shuffle(&r->sampler) ? shuffle_bits : 0;
  sampler_job_t job = {.seed = 3, .purpose = PURPOSE, .num_samples = SAMPLES,
                       .num_layers = LAYERS, .losses = losses,
                       .gradients = r->sums, .gradient_norms = norms,
                       .kept_parameters = kept_parameters,
                       .kept_gradients = kept};
  return sampler_run(&r->sampler, &job) == STATUS_OK &&
         sampler_trace(&r->sampler, r->trace, 3, PURPOSE, SAMPLES, times, 2, NULL,
                       NULL, NULL) == STATUS_OK;
}

static bool near(const double *a, const double *b, size_t count, double tol,
                 const char *what) {
  for (size_t i = 0; i < count; i++)
    if (!(fabs(a[i] - b[i]) <= tol * (1 + fabs(a[i])))) {
      tap_diag("%s %zu: %.17g and %.17g", what, i, a[i], b[i]);
      return false;
    }
  return true;
}

static bool same(const run_t *a, const run_t *b) {
  double scale = 0, angle = 0;
  for (size_t o = 0; o < 2; o++)
    scale = fmax(scale, a->sampler.observables[o].norm1);
  for (size_t g = 0; g < a->program.layer.num_gates; g++)
    for (size_t t = 0; t < a->program.layer.gates[g].num_terms; t++)
      angle += fabs(a->program.layer.gates[g].terms[t].coeff);
  double tol = scale * (1 + angle) * (1 + angle) *
               (sampler_tolerance(&a->sampler, LAYERS) +
                sampler_tolerance(&b->sampler, LAYERS));
  return near(a->losses[0], b->losses[0], MAX_PAIRS * SAMPLES, tol, "loss") &&
         near(a->kept[0], b->kept[0], MAX_PAIRS * SAMPLES, tol, "derivative") &&
         near(a->norms[0], b->norms[0], MAX_PAIRS * SAMPLES,
              4 * tol * scale * (double)a->parameters, "norm") &&
         near(a->trace, b->trace, MAX_PAIRS * 2 * SAMPLES, tol, "trace") &&
         near(a->trace + SAMPLES, a->losses[0], SAMPLES, tol, "end of trace");
}

static const layout_t together = {8, {0, 1, 2, 3, 4, 5, 6, 7}};
static const layout_t apart = {150, {5, 63, 64, 65, 127, 128, 149, 0}};

static bool ways_agree(int kind) {
  ansatz_t a;
  layout_t at = together;
  size_t n = 2 + tap_random_below(tap_random_below(16) == 0 ? 7 : 4);
  run_t vectors, module;
  at.num_qubits = n;
  random_ansatz(a, &at, n, kind);
  bool ok = run(&vectors, a, SAMPLER_VECTORS, 0);
  ok = run(&module, a, SAMPLER_MODULE, 0) && ok;
  ok = ok && module.sampler.module && !vectors.sampler.module &&
       same(&vectors, &module);
  run_clear(&vectors);
  run_clear(&module);
  ansatz_clear(a);
  return ok;
}

/* --- many qubits -------------------------------------------------------------------- */

static void spread_string(uint64_t out[16], const uint64_t *in, size_t n) {
  memset(out, 0, 16 * sizeof *out);
  for (size_t q = 0; q < n; q++)
    put_letter(out, &apart, q, pauli_get(in, 1, q));
}

static void spread_sum(pauli_sum_t out, const pauli_sum_struct *in) {
  uint64_t string[16];
  pauli_sum_init(out, apart.num_qubits);
  for (size_t t = 0; t < in->length; t++) {
    spread_string(string, pauli_sum_string(in, t), in->num_qubits);
    pauli_sum_push(out, in->coeffs + t, string);
  }
  pauli_sum_canonicalise(out);
}

static void spread_state(ansatz_t a, const quantum_state_struct *in) {
  quantum_state_t state;
  uint64_t string[16];
  quantum_state_init(state, apart.num_qubits);
  const stabilizer_state_struct *from = quantum_state_stabilizer(in);
  if (from) {
    stabilizer_state_t s;
    stabilizer_state_init(s, apart.num_qubits);
    for (size_t j = 0; j < from->rank; j++) {
      spread_string(string, stabilizer_state_string(from, j), in->num_qubits);
      (void)stabilizer_state_add(s, string, from->signs[j]);
    }
    quantum_state_set_stabilizer(state, s);
    stabilizer_state_clear(s);
  } else {
    product_state_t p;
    const fmpq *x = quantum_state_product(in)->bloch;
    product_state_init(p, apart.num_qubits);
    for (size_t q = 0; q < in->num_qubits; q++)
      (void)product_state_set_bloch(p, apart.place[q], x + 3 * q, x + 3 * q + 1,
                                    x + 3 * q + 2);
    quantum_state_set_product(state, p);
    product_state_clear(p);
  }
  ansatz_add_state(a, state, "s");
  quantum_state_clear(state);
}

/* The ansatz with its qubits spread out over three words. */
static void spread(ansatz_t out, const ansatz_t in) {
  pauli_sum_t sum;
  uint64_t string[16];
  ansatz_init(out, in->kind, apart.num_qubits);
  for (size_t k = 0; in->kind == ANSATZ_CIRCUIT && k < in->num_parameters; k++)
    ansatz_add_parameter(out, "t", false);
  for (size_t r = 0; r < in->num_rotations; r++) {
    spread_string(string, in->rotations[r].string, in->num_qubits);
    ansatz_add_rotation(out, string, in->rotations[r].angle, 0);
  }
  for (size_t j = 0; j < in->num_generators; j++) {
    spread_sum(sum, in->generators + j);
    ansatz_add_generator(out, sum);
    pauli_sum_clear(sum);
  }
  out->num_parameters = in->num_parameters;
  for (size_t o = 0; o < in->num_observables; o++) {
    spread_sum(sum, in->observables[o].sum);
    ansatz_add_observable(out, sum, "O");
    pauli_sum_clear(sum);
  }
  for (size_t s = 0; s < in->num_states; s++)
    spread_state(out, in->states[s].state);
}

static bool spread_agrees(int kind) {
  ansatz_t few, many;
  layout_t at = together;
  size_t n = 2 + tap_random_below(5);
  run_t vectors, module;
  double difference = 1;
  at.num_qubits = n;
  random_ansatz(few, &at, n, kind);
  spread(many, few);
  bool ok = run(&vectors, few, SAMPLER_VECTORS, 0);
  ok = run(&module, many, SAMPLER_EITHER, 0) && ok;
  ok = ok && same(&vectors, &module) &&
       sampler_self_check(&difference, &module.sampler, tap_random()) ==
           STATUS_OK &&
       difference == 0;
  run_clear(&vectors);
  run_clear(&module);
  ansatz_clear(few);
  ansatz_clear(many);
  return ok;
}

/* A wrong conversion is noticed: one rotation of the layer altered. */
static bool alteration_is_noticed(void) {
  ansatz_t a;
  program_t program;
  layout_t at = together;
  double *turn = NULL;
  bool noticed = true;
  at.num_qubits = 4;
  random_ansatz(a, &at, 4, 0);
  program_init(&program, a, NULL);
  turn = turns_choose(&program);
  size_t gates = program.layer.num_gates;
  if (turn && gates) {
    const program_gate_t *gate =
        program.layer.gates + tap_random_below(gates);
    uint64_t *string =
        program.strings + gate->string * 2 * program.num_words;
    string[0] ^= 1;
    /* Half of all turns of the gate are odd and move the string. */
    if (turns_of(gate, turn) % 2 && (string[0] | string[1]))
      noticed = turns_check(&program, 1) > 0;
  }
  free(turn);
  program_clear(&program);
  ansatz_clear(a);
  return noticed;
}

/* --- shuffles ------------------------------------------------------------------------ */

static void rotate_all(statevector_t *v, const gate_list_t *list,
                       const double *drives) {
  for (size_t g = 0; g < list->num_gates; g++) {
    double angle = program_angle(list->gates + g, drives, 1);
    double c = cos(angle / 2), s = sin(angle / 2);
    statevector_rotate(v, list->gates[g].x, list->gates[g].z, &c, &s);
  }
}

/* Sample k with shuffles, gate by gate. */
static double shuffled_loss(const run_t *r, size_t pair, uint64_t k,
                            unsigned bits, const double *turn) {
  const program_t *p = &r->program;
  const quantum_state_struct *state =
      r->sampler.ansatz->states[r->sampler.pairs[pair].state].state;
  double loss = NAN, *u = calloc(p->num_drives + 1, sizeof *u);
  statevector_t v;
  if (statevector_init(&v, p->num_qubits + statevector_ancillas(state), 1)) {
    statevector_prepare(&v, state);
    for (size_t layer = 0; layer < LAYERS; layer++) {
      random_uniforms(u, p->num_drives + 1, 3, PURPOSE, k, layer);
      size_t times = (size_t)(u[p->num_drives] * (double)(1u << bits));
      for (size_t i = 0; i < times; i++) rotate_all(&v, &p->layer, turn);
      for (size_t d = 0; d < p->num_drives; d++) u[d] *= p->windows[d];
      rotate_all(&v, &p->layer, u);
    }
    rotate_all(&v, &p->closing, u);
    statevector_expectation(
        &loss, &v,
        r->sampler.observables + r->sampler.pairs[pair].observable);
  }
  statevector_clear(&v);
  free(u);
  return loss;
}

static bool shuffles_agree(int kind, bool *tested) {
  ansatz_t a;
  layout_t at = together;
  run_t module;
  size_t n = 2 + tap_random_below(4);
  unsigned bits = 1 + (unsigned)tap_random_below(6);
  at.num_qubits = n;
  random_ansatz(a, &at, n, kind);
  bool ok = run(&module, a, SAMPLER_MODULE, bits);
  *tested = ok && sampler_can_shuffle(&module.sampler);
  const double *turn =
      *tested ? module.sampler.module->reach.turn_drives : NULL;
  double scale = 1e-10;
  for (size_t o = 0; ok && o < 2; o++)
    scale = fmax(scale, 1e-10 * module.sampler.observables[o].norm1);
  for (size_t p = 0; turn && ok && p < MAX_PAIRS; p++)
    for (uint64_t k = 0; k < SAMPLES && ok; k += 5) {
      double loss = shuffled_loss(&module, p, k, bits, turn);
      ok = fabs(loss - module.losses[p][k]) < scale &&
           fabs(loss - module.trace[(2 * p + 1) * SAMPLES + k]) < scale;
      if (!ok) tap_diag("%.15g and %.15g", loss, module.losses[p][k]);
    }
  run_clear(&module);
  ansatz_clear(a);
  return ok;
}

int main(void) {
  static const char *const kinds[] = {"Clifford fixed gates", "any fixed gates",
                                      "commuting generators"};
  tap_begin("t-string-module");
  for (int kind = 0; kind < 3; kind++) {
    bool ok = true;
    long t = 0;
    for (; t < tap_iterations(40) && ok; t++) ok = ways_agree(kind);
    tap_ok(ok, "%s: both ways agree (%ld)", kinds[kind], t);
  }
  for (int kind = 0; kind < 3; kind++) {
    bool ok = true;
    long t = 0;
    for (; t < tap_iterations(20) && ok; t++) ok = spread_agrees(kind);
    tap_ok(ok, "%s: the same on some of 150 qubits (%ld)", kinds[kind], t);
  }
  long tests = 0;
  bool fine = true, tested;
  for (long t = 0; (t < tap_iterations(60) || (tests <= 5 && t < 600)) && fine;
       t++) {
    fine = shuffles_agree(t % 2 ? 2 : 0, &tested);
    tests += tested;
  }
  tap_ok(fine && tests > 5, "shuffles are what they stand for (%ld)", tests);
  for (long t = 0; t < tap_iterations(50) && fine; t++)
    fine = alteration_is_noticed();
  tap_ok(fine, "an altered layer is noticed");
  return tap_end();
}
