/* Memory, cost and self-check of the sampler. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "liescape/share.h"
#include "numeric/memory.h"
#include "numeric/random.h"
#include "numeric/sampler.h"

/* Up to LANE_QUBITS a row of eight states goes together; from INSIDE_QUBITS
   threads share one vector. */
enum { LANE_QUBITS = 12, INSIDE_QUBITS = 19 };

/* A chunk is lost when a run is stopped, and goes to one thread of one process;
   each costs the memory of its sums. */
static size_t chunk_for(size_t num_qubits) {
  return num_qubits <= 8               ? 64
         : num_qubits <= LANE_QUBITS   ? 2 * STATEVECTOR_LANES
         : num_qubits < INSIDE_QUBITS  ? 4
                                       : 1;
}

/* Vectors that one worker holds: psi, one lambda for each observable, one
   scratch vector (three with exponentials). */
static size_t num_vectors(const sampler_t *s) {
  return 2 + s->ansatz->num_observables + (s->program->num_sums ? 2 : 0);
}

static status_t check_memory(const sampler_t *s, uint64_t budget,
                             char **message) {
  size_t workers = s->threads_inside ? 1 : (size_t)s->num_threads;
  double each = (double)num_vectors(s) * (double)s->lanes * 16;
  double need = each * (double)workers * ldexp(1, (int)s->max_qubits);
  if (s->max_qubits <= STATEVECTOR_MAX_QUBITS && need <= (double)budget)
    return STATUS_OK;
  /* One worker with one lane is the least that would do. */
  int fits = 0;
  while (fits < STATEVECTOR_MAX_QUBITS &&
         (double)num_vectors(s) * 16 * ldexp(1, fits + 1) <= (double)budget)
    fits++;
  size_t n = s->program->num_qubits, ancillas = s->max_qubits - n;
  char *extra = ancillas ? memory_print(" and %zu more to purify the mixed "
                                        "input state", ancillas)
                         : memory_print("%s", "");
  *message = memory_print(
      "%zu state vectors of %zu qubits%s do not fit in %.1f GB of memory: up "
      "to %d qubits would", num_vectors(s), n, extra, (double)budget / 1e9,
      fits - (int)ancillas > 0 ? fits - (int)ancillas : 0);
  free(extra);
  return STATUS_LIMIT;
}

status_t sampler_init(sampler_t *s, const program_t *program,
                      const ansatz_t ansatz, const sampler_pair_t *pairs,
                      size_t num_pairs, uint64_t memory_bytes, int num_threads,
                      char **message) {
  *s = (sampler_t){.program = program, .ansatz = ansatz, .num_pairs = num_pairs};
  s->max_qubits = program->num_qubits;
  for (size_t p = 0; p < num_pairs; p++) {
    size_t n = program->num_qubits +
               statevector_ancillas(ansatz->states[pairs[p].state].state);
    if (n > s->max_qubits) s->max_qubits = n;
  }
  s->lanes = s->max_qubits <= LANE_QUBITS ? STATEVECTOR_LANES : 1;
  s->chunk = chunk_for(s->max_qubits);
  s->num_threads = num_threads > 0 ? num_threads : share_default_threads();
  s->threads_inside = s->max_qubits >= INSIDE_QUBITS;
  uint64_t budget = memory_bytes ? memory_bytes : memory_default_budget();
  status_t status = check_memory(s, budget, message);
  if (status != STATUS_OK) return status;
  s->observables = memory_get(ansatz->num_observables, sizeof *s->observables);
  for (size_t o = 0; o < ansatz->num_observables; o++)
    program_sum(s->observables + o, ansatz->observables[o].sum);
  s->pairs = memory_get(num_pairs, sizeof *s->pairs);
  memcpy(s->pairs, pairs, num_pairs * sizeof *pairs);
  s->state_used = memory_get(ansatz->num_states, sizeof *s->state_used);
  for (size_t p = 0; p < num_pairs; p++) s->state_used[pairs[p].state] = true;
  return STATUS_OK;
}

void sampler_clear(sampler_t *s) {
  for (size_t o = 0; s->observables && o < s->ansatz->num_observables; o++)
    double_sum_clear(s->observables + o);
  free(s->observables);
  free(s->pairs);
  free(s->state_used);
  *s = (sampler_t){0};
}

static double gate_cost(const sampler_t *s, const program_gate_t *gate) {
  if (gate->sum == PROGRAM_NONE) return 1;
  const double_sum_t *sum = s->program->sums + gate->sum;
  double reach = s->program->windows[gate->terms[0].drive] * sum->norm1;
  return (reach + 30) * (double)sum->length;
}

double sampler_cost(const sampler_t *s, size_t num_layers, bool gradients) {
  double layer = 0, total = 0;
  for (size_t g = 0; g < s->program->layer.num_gates; g++)
    layer += gate_cost(s, s->program->layer.gates + g);
  for (size_t state = 0; state < s->ansatz->num_states; state++) {
    double terms = 0, vectors = 1;
    if (!s->state_used[state]) continue;
    for (size_t p = 0; p < s->num_pairs; p++)
      if (s->pairs[p].state == state) {
        terms += (double)s->observables[s->pairs[p].observable].length;
        vectors++;
      }
    size_t n = s->program->num_qubits +
               statevector_ancillas(s->ansatz->states[state].state);
    double gates = layer * (double)num_layers;
    if (gradients) gates *= 1 + vectors / 2;
    total += ldexp(gates + terms + 4, (int)n);
  }
  return total;
}

/* First-order rounding analysis. A rotation maps each amplitude by two products
   and two sums with cos and sin rounded: relative error of the vector at most
   8 u in norm (u = 2^-53), so G gates give 8 G u, and a quadratic form of norm
   ||O|| twice that. A sum of N terms in one order, blocks of at most 2^13 and
   then of blocks, has relative error (2^13 + 2^(n-13)) u with respect to the sum
   of moduli, at most ||O||_1 for a unit vector. An angle of size a is rounded by
   a u. Exponentials count as many gates as they apply strings. */
double sampler_tolerance(const sampler_t *s, size_t num_layers) {
  double gates = 0;
  for (size_t g = 0; g < s->program->layer.num_gates; g++) {
    const program_gate_t *gate = s->program->layer.gates + g;
    double angle = fabs(gate->fixed);
    for (size_t t = 0; t < gate->num_terms; t++)
      angle += fabs(gate->terms[t].coeff) *
               s->program->windows[gate->terms[t].drive];
    gates += gate_cost(s, gate) + angle / 8;
  }
  gates *= (double)num_layers;
  gates += 2 * (double)s->program->closing.num_gates;
  int n = (int)s->max_qubits;
  double sums = ldexp(1, n < 13 ? n : 13) + (n > 13 ? ldexp(1, n - 13) : 0);
  return (16 * gates + sums + 64) * DBL_EPSILON / 2;
}

/* --- self-check ------------------------------------------------------------------ */

static void run_one(statevector_t *v, const sampler_t *s,
                    const gate_list_t *list, const double *drives,
                    statevector_t *scratch, bool inverse) {
  for (size_t i = 0; i < list->num_gates; i++) {
    size_t g = inverse ? list->num_gates - 1 - i : i;
    const program_gate_t *gate = list->gates + g;
    double angle = program_angle(gate, drives, 1), sign = inverse ? -1 : 1;
    if (gate->sum == PROGRAM_NONE) {
      double c = cos(angle / 2), d = sign * sin(angle / 2);
      statevector_rotate(v, gate->x, gate->z, &c, &d);
    } else {
      angle *= sign;
      statevector_exponential(v, s->program->sums + gate->sum, &angle, scratch);
    }
  }
}

status_t sampler_self_check(double *difference, const sampler_t *s,
                            uint64_t seed) {
  statevector_t v[5] = {{0}};
  bool ok = true;
  size_t n = s->program->num_qubits, size = (size_t)2 << n;
  for (size_t i = 0; i < 5 && ok; i++)
    ok = (i >= 2 && !s->program->num_sums) || statevector_init(v + i, n, 1);
  double *drives = memory_get(s->program->num_drives, sizeof *drives);
  if (ok) {
    random_stream_t stream;
    double norm = 0, worst = 0;
    random_stream_init(&stream, seed, RANDOM_SELF_CHECK, 0);
    for (size_t i = 0; i < size; i++) {
      v[0].amps[i] = random_normal(&stream);
      norm += v[0].amps[i] * v[0].amps[i];
    }
    for (size_t i = 0; i < size; i++) v[0].amps[i] /= sqrt(norm);
    statevector_copy(v + 1, v);
    for (size_t d = 0; d < s->program->num_drives; d++)
      drives[d] = s->program->windows[d] * random_uniform(&stream);
    run_one(v, s, &s->program->layer, drives, v + 2, false);
    run_one(v + 1, s, &s->program->circuit, drives, v + 2, false);
    run_one(v + 1, s, &s->program->closing, drives, v + 2, true);
    for (size_t i = 0; i < size; i++)
      worst = fmax(worst, fabs(v[0].amps[i] - v[1].amps[i]));
    *difference = worst;
  }
  free(drives);
  for (size_t i = 0; i < 5; i++) statevector_clear(v + i);
  return ok ? STATUS_OK : STATUS_LIMIT;
}
