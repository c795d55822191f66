#include "numeric/circuit/string_module.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/circuit/drives.h"
#include "numeric/machine/memory.h"

enum { LANES = STATEVECTOR_LANES };

/* --- the module ------------------------------------------------------------------ */

/* Keeps what is not zero. */
static void vector_pack(string_module_vector_t *out, const double *dense, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += dense[i] != 0;
  out->count = 0;
  out->elements = memory_get(count, sizeof *out->elements);
  out->values = memory_get(count, sizeof *out->values);
  for (size_t i = 0; i < n; i++) {
    if (dense[i] == 0) continue;
    out->elements[out->count] = (uint32_t)i;
    out->values[out->count++] = dense[i];
  }
}

/* Tr(rho P) for a product state: the product of components of Bloch vectors. */
static double product_value(const double *bloch, const uint64_t *string,
                            size_t num_qubits, size_t w) {
  static const int axis[4] = {0, 0, 2, 1}; /* letters I X Z Y */
  double value = 1;
  for (size_t q = 0; q < num_qubits && value != 0; q++) {
    unsigned letter = pauli_get(string, w, q);
    if (letter) value *= bloch[3 * q + (size_t)axis[letter]];
  }
  return value;
}

static void stabilizer_values(double *out, const reach_t *r,
                              const stabilizer_state_struct *state) {
  stabilizer_echelon_t echelon;
  stabilizer_echelon_init(echelon, state);
  for (size_t i = 0; i < r->num_strings; i++)
    out[i] = stabilizer_echelon_expectation(
        echelon, r->strings + i * 2 * r->num_words);
  stabilizer_echelon_clear(echelon);
}

static void product_values(double *out, const reach_t *r,
                           const product_state_struct *state) {
  double *bloch = memory_get(3 * state->num_qubits, sizeof *bloch);
  for (size_t i = 0; i < 3 * state->num_qubits; i++)
    bloch[i] = fmpq_get_d(state->bloch + i);
  for (size_t i = 0; i < r->num_strings; i++)
    out[i] = product_value(bloch, r->strings + i * 2 * r->num_words,
                           state->num_qubits, r->num_words);
  free(bloch);
}

static void pauli_values(double *out, const reach_t *r,
                         const pauli_sum_struct *state) {
  for (size_t i = 0; i < r->num_strings; i++) {
    const uint64_t *string = r->strings + i * 2 * r->num_words;
    out[i] = 0;
    for (size_t t = 0; t < state->length; t++)
      if (pauli_equal(string, pauli_sum_string(state, t), r->num_words))
        out[i] = fmpq_get_d(state->coeffs + t);
  }
}

static void prepare_state(string_module_vector_t *out, const reach_t *r,
                          const quantum_state_struct *state) {
  double *dense = memory_get(r->num_strings, sizeof *dense);
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  if (stabilizer) stabilizer_values(dense, r, stabilizer);
  else if (quantum_state_product(state))
    product_values(dense, r, quantum_state_product(state));
  else pauli_values(dense, r, quantum_state_pauli(state));
  for (size_t i = 0; i < r->num_strings; i++)
    if (r->negative[i]) dense[i] = -dense[i];
  vector_pack(out, dense, r->num_strings);
  free(dense);
}

/* Closing gates, last to first, when they were not moved through. */
static void close_observable(double *dense, const reach_t *r) {
  size_t layer = r->program->layer.num_gates;
  for (size_t g = r->num_gates; g-- > layer;) {
    double angle = r->program->closing.gates[g - layer].fixed;
    double c = cos(angle), s = sin(angle);
    for (size_t k = 0; k < r->num_classes; k++) {
      const size_t *places = r->places + k * (r->num_gates + 1) + g;
      for (size_t i = places[0]; i < places[1]; i++) {
        double *a = dense + r->pairs[i].a, *b = dense + r->pairs[i].b;
        double x = *a, y = *b;
        *a = c * x - s * y;
        *b = c * y + s * x;
      }
    }
  }
}

static void prepare_observable(string_module_t *m, size_t o,
                               const pauli_sum_struct *sum) {
  const reach_t *r = &m->reach;
  double *dense = memory_get(r->num_strings, sizeof *dense);
  for (size_t t = 0; t < sum->length; t++) {
    bool negative;
    size_t at = reach_start(&negative, r, pauli_sum_string(sum, t));
    double value = fmpq_get_d(sum->coeffs + t);
    dense[at] += negative ? -value : value;
    m->touches[o * r->num_classes + reach_class(r, at)] = true;
  }
  close_observable(dense, r);
  vector_pack(m->observables + o, dense, r->num_strings);
  free(dense);
}

status_t string_module_init(string_module_t *m, const program_t *program,
                     const ansatz_t ansatz, const bool *used,
                     reach_limits_t limits) {
  *m = (string_module_t){.num_observables = ansatz->num_observables,
                  .num_states = ansatz->num_states};
  const pauli_sum_struct **sums =
      memory_get(ansatz->num_observables, sizeof *sums);
  size_t count = 0;
  for (size_t o = 0; o < ansatz->num_observables; o++)
    if (used[o]) sums[count++] = ansatz->observables[o].sum;
  status_t status = reach_init(&m->reach, program, sums, count, limits);
  free(sums);
  if (status != STATUS_OK) return status;
  m->observables = memory_get(m->num_observables, sizeof *m->observables);
  m->states = memory_get(m->num_states, sizeof *m->states);
  m->touches = memory_get(m->num_observables * m->reach.num_classes, 1);
  for (size_t o = 0; o < m->num_observables; o++)
    if (used[o]) prepare_observable(m, o, ansatz->observables[o].sum);
  for (size_t s = 0; s < m->num_states; s++)
    prepare_state(m->states + s, &m->reach, ansatz->states[s].state);
  return STATUS_OK;
}

static void vectors_clear(string_module_vector_t *vectors, size_t count) {
  for (size_t i = 0; vectors && i < count; i++) {
    free(vectors[i].elements);
    free(vectors[i].values);
  }
  free(vectors);
}

void string_module_clear(string_module_t *m) {
  vectors_clear(m->observables, m->num_observables);
  vectors_clear(m->states, m->num_states);
  free(m->touches);
  reach_clear(&m->reach);
  *m = (string_module_t){.touches = NULL};
}

double string_module_layer_pairs(const string_module_t *m, size_t observable) {
  const reach_t *r = &m->reach;
  size_t layer = r->program->layer.num_gates, sum = 0;
  for (size_t c = 0; c < r->num_classes; c++)
    if (observable == SIZE_MAX ||
        m->touches[observable * r->num_classes + c]) {
      const size_t *places = r->places + c * (r->num_gates + 1);
      sum += places[layer] - places[0];
    }
  return (double)sum;
}

/* --- work space ------------------------------------------------------------------ */

static size_t vector_bytes(const string_module_t *m) {
  size_t elements = m->reach.num_strings ? m->reach.num_strings : 1;
  return elements * LANES * sizeof(double);
}

static size_t angle_bytes(const string_module_t *m) {
  size_t gates = m->reach.program->layer.num_gates;
  return (gates ? gates : 1) * 2 * LANES * sizeof(double);
}

double string_module_work_bytes(const string_module_t *m) {
  double vectors = 2 + (double)(m->num_observables + m->num_states);
  return vectors * (double)vector_bytes(m) + 2 * (double)angle_bytes(m);
}

bool string_module_work_init(string_module_work_t *w, const string_module_t *m) {
  size_t drives = m->reach.program->num_drives;
  *w = (string_module_work_t){.module = m};
  w->states = memory_get(m->num_states, sizeof *w->states);
  w->observables = memory_get(m->num_observables, sizeof *w->observables);
  w->uniforms = memory_get(drives + 1, sizeof *w->uniforms);
  w->drives = memory_get(drives * LANES, sizeof *w->drives);
  w->shifts = memory_get(LANES, sizeof *w->shifts);
  w->class_used = memory_get(m->reach.num_classes, 1);
  bool ok = true;
  for (size_t i = 0; ok && i < m->num_states; i++)
    ok = (w->states[i] = memory_state(vector_bytes(m))) != NULL;
  for (size_t o = 0; ok && o < m->num_observables; o++)
    ok = (w->observables[o] = memory_state(vector_bytes(m))) != NULL;
  for (size_t i = 0; ok && i < 2; i++)
    ok = (w->spare[i] = memory_state(vector_bytes(m))) != NULL;
  ok = ok && (w->angles = memory_state(angle_bytes(m))) != NULL;
  ok = ok && (w->middle = memory_state(angle_bytes(m))) != NULL;
  for (size_t o = 0; o < m->num_observables; o++)
    for (size_t c = 0; c < m->reach.num_classes; c++)
      w->class_used[c] |= m->touches[o * m->reach.num_classes + c];
  if (!ok) string_module_work_clear(w);
  return ok;
}

void string_module_work_clear(string_module_work_t *w) {
  for (size_t i = 0; w->states && i < w->module->num_states; i++)
    free(w->states[i]);
  for (size_t o = 0; w->observables && o < w->module->num_observables; o++)
    free(w->observables[o]);
  free(w->states);
  free(w->observables);
  for (size_t i = 0; i < 2; i++) free(w->spare[i]);
  free(w->uniforms);
  free(w->drives);
  free(w->angles);
  free(w->middle);
  free(w->shifts);
  free(w->class_used);
  *w = (string_module_work_t){.module = NULL};
}

/* --- layers ------------------------------------------------------------------------ */

/* The same drives as those of state vectors; the shift is one number more. */
static void draw_layer(double *rows, string_module_work_t *w, const string_module_job_t *job,
                       size_t first, size_t layer) {
  const program_t *program = w->module->reach.program;
  size_t count = program->num_drives;
  double angles[LANES] __attribute__((aligned(64)));
  for (size_t k = 0; k < LANES; k++) {
    drives_draw(w->drives + k, LANES, w->uniforms, job->shuffle_bits != 0, program,
                job->seed, job->purpose, first + k, layer);
    w->shifts[k] = 0;
    if (job->shuffle_bits)
      w->shifts[k] =
          (size_t)ldexp(w->uniforms[count], (int)job->shuffle_bits);
  }
  for (size_t g = 0; g < program->layer.num_gates; g++, rows += 2 * LANES) {
    const program_gate_t *gate = program->layer.gates + g;
    for (size_t k = 0; k < LANES; k++) angles[k] = gate->fixed;
    for (size_t t = 0; t < gate->num_terms; t++) {
      const double *drive = w->drives + gate->terms[t].drive * LANES;
      for (size_t k = 0; k < LANES; k++)
        angles[k] += gate->terms[t].coeff * drive[k];
    }
    statevector_angles(rows, rows + LANES, angles, LANES);
  }
}

static void set_vector(double *out, const string_module_work_t *w,
                       const string_module_vector_t *in) {
  memset(out, 0, vector_bytes(w->module));
  for (size_t i = 0; i < in->count; i++)
    for (size_t k = 0; k < LANES; k++)
      out[in->elements[i] * LANES + k] = in->values[i];
}

/* out_j = in_(j + shift) along one cycle, lane by lane; the sign changes with
   every turn around when the cycle is twisted. */
static void shift_cycle(double *out, const double *in,
                        const reach_cycle_t *cycle, const size_t *shifts,
                        bool back) {
  size_t length = cycle->length;
  in += (size_t)cycle->start * LANES;
  out += (size_t)cycle->start * LANES;
  for (size_t k = 0; k < LANES; k++) {
    size_t shift = shifts[k] % length;
    bool negative = cycle->twist && (shifts[k] / length) % 2;
    /* Backwards in time the rest of a turn around. */
    if (back && shift) {
      shift = length - shift;
      negative = negative != cycle->twist;
    }
    double sign = negative ? -1 : 1, wrapped = cycle->twist ? -sign : sign;
    for (size_t j = 0; j < length - shift; j++)
      out[j * LANES + k] = sign * in[(j + shift) * LANES + k];
    for (size_t j = length - shift; j < length; j++)
      out[j * LANES + k] = wrapped * in[(j + shift - length) * LANES + k];
  }
}

/* *vector is exchanged for the spare one. */
static void shift_vector(double **vector, string_module_work_t *w, const bool *classes,
                         bool back) {
  const reach_t *r = &w->module->reach;
  for (size_t c = 0; c < r->num_classes; c++)
    for (size_t i = r->class_cycles[c]; classes[c] && i < r->class_cycles[c + 1];
         i++)
      shift_cycle(w->spare[0], *vector, r->cycles + i, w->shifts, back);
  double *old = *vector;
  *vector = w->spare[0];
  w->spare[0] = old;
}

/* One layer on a state's vector: the shuffle, then the gates. */
static void forward(double **state, string_module_work_t *w, const double *rows,
                    bool shuffle) {
  const reach_t *r = &w->module->reach;
  const pair_kernels_t *kernel = pair_kernels();
  double minus[LANES] __attribute__((aligned(64)));
  if (shuffle) shift_vector(state, w, w->class_used, false);
  for (size_t g = 0; g < r->program->layer.num_gates; g++) {
    const double *c = rows + g * 2 * LANES, *s = c + LANES;
    for (size_t k = 0; k < LANES; k++) minus[k] = -s[k];
    for (size_t k = 0; k < r->num_classes; k++) {
      const size_t *places = r->places + k * (r->num_gates + 1) + g;
      if (w->class_used[k])
        kernel->rotate(*state, r->pairs + places[0], places[1] - places[0], c,
                       minus);
    }
  }
}

/* One layer on an observable's vector: the gates, last first, then the shuffle. */
static void backward(size_t o, string_module_work_t *w, const double *rows,
                     bool shuffle) {
  const reach_t *r = &w->module->reach;
  const bool *classes = w->module->touches + o * r->num_classes;
  const pair_kernels_t *kernel = pair_kernels();
  for (size_t g = r->program->layer.num_gates; g-- > 0;) {
    const double *c = rows + g * 2 * LANES, *s = c + LANES;
    for (size_t k = 0; k < r->num_classes; k++) {
      const size_t *places = r->places + k * (r->num_gates + 1) + g;
      if (classes[k])
        kernel->rotate(w->observables[o], r->pairs + places[0],
                       places[1] - places[0], c, s);
    }
  }
  if (shuffle) shift_vector(w->observables + o, w, classes, true);
}

/* --- samples ------------------------------------------------------------------------ */

static void set_observables(string_module_work_t *w) {
  for (size_t o = 0; o < w->module->num_observables; o++)
    set_vector(w->observables[o], w, w->module->observables + o);
}

static void step_states(string_module_work_t *w, const string_module_job_t *job,
                        const double *rows) {
  for (size_t s = 0; s < w->module->num_states; s++)
    forward(w->states + s, w, rows, job->shuffle_bits != 0);
}

void string_module_step(string_module_work_t *w, const string_module_job_t *job, size_t first,
                 size_t layer) {
  if (layer == 0) {
    set_observables(w);
    for (size_t s = 0; s < w->module->num_states; s++)
      set_vector(w->states[s], w, w->module->states + s);
  }
  draw_layer(w->angles, w, job, first, layer);
  step_states(w, job, w->angles);
}

void string_module_run(string_module_work_t *w, const string_module_job_t *job, size_t first,
                size_t meet) {
  set_observables(w);
  for (size_t s = 0; s < w->module->num_states; s++)
    set_vector(w->states[s], w, w->module->states + s);
  for (size_t layer = 0; layer < meet; layer++) {
    double *rows = layer + 1 == meet ? w->middle : w->angles;
    draw_layer(rows, w, job, first, layer);
    step_states(w, job, rows);
  }
  for (size_t layer = job->num_layers; layer-- > meet;) {
    draw_layer(w->angles, w, job, first, layer);
    for (size_t o = 0; o < w->module->num_observables; o++)
      if (w->module->observables[o].count)
        backward(o, w, w->angles, job->shuffle_bits != 0);
  }
}

void string_module_loss(double loss[LANES], const string_module_work_t *w, size_t observable,
                 size_t state) {
  const reach_t *r = &w->module->reach;
  double sum[LANES] __attribute__((aligned(64))) = {0};
  for (size_t c = 0; c < r->num_classes; c++) {
    size_t start = r->class_start[c] * LANES;
    if (w->module->touches[observable * r->num_classes + c])
      pair_kernels()->dot(sum, w->states[state] + start,
                          w->observables[observable] + start,
                          r->class_start[c + 1] - r->class_start[c]);
  }
  memcpy(loss, sum, sizeof sum);
}

void string_module_slopes(double *slopes, string_module_work_t *w, size_t observable,
                   size_t state) {
  const reach_t *r = &w->module->reach;
  const bool *classes = w->module->touches + observable * r->num_classes;
  const pair_kernels_t *kernel = pair_kernels();
  size_t gates = r->program->layer.num_gates;
  double sum[LANES] __attribute__((aligned(64)));
  memcpy(w->spare[0], w->observables[observable], vector_bytes(w->module));
  memcpy(w->spare[1], w->states[state], vector_bytes(w->module));
  for (size_t g = gates; g-- > 0;) {
    const double *c = w->middle + g * 2 * LANES, *s = c + LANES;
    memset(sum, 0, sizeof sum);
    for (size_t k = 0; k < r->num_classes; k++) {
      const size_t *places = r->places + k * (r->num_gates + 1) + g;
      if (classes[k])
        kernel->back(sum, w->spare[0], w->spare[1], r->pairs + places[0],
                     places[1] - places[0], c, s);
    }
    memcpy(slopes + g * LANES, sum, sizeof sum);
  }
}
