/* Backend, memory, cost and self-check of the sampler. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/share.h"
#include "algebra/base/text.h"
#include "numeric/vector/kernels.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/sampler.h"
#include "numeric/circuit/turns.h"

/* Up to LANE_QUBITS a row of states goes together; from INSIDE_QUBITS
   threads share one vector. */
enum { LANE_QUBITS = 12, INSIDE_QUBITS = 19, SELF_CHECK_QUBITS = 20 };

/* A chunk is lost when a run is stopped, and goes to one thread of one process;
   each costs the memory of its sums. */
static size_t chunk_for(size_t num_qubits) {
  return num_qubits <= 8               ? 64
         : num_qubits <= LANE_QUBITS   ? STATEVECTOR_MAX_LANES
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
  double each = (double)num_vectors(s) *
                (double)statevector_bytes(0, 1, s->precision);
  double need = each * (double)s->lanes * (double)workers *
                ldexp(1, (int)s->max_qubits);
  if (s->max_qubits <= STATEVECTOR_MAX_QUBITS && need <= (double)budget)
    return STATUS_OK;
  /* One worker with one lane is the least that would do. */
  int fits = 0;
  while (fits < STATEVECTOR_MAX_QUBITS &&
         each * ldexp(1, fits + 1) <= (double)budget)
    fits++;
  size_t n = s->program->num_qubits, ancillas = s->max_qubits - n;
  char *extra = ancillas ? text_print(" and %zu more to purify the mixed "
                                      "input state", ancillas)
                         : text_print("%s", "");
  *message = text_print(
      "%zu state vectors of %zu qubits%s do not fit in %.3g GB of memory: up "
      "to %d qubits would", num_vectors(s), n, extra, (double)budget / 1e9,
      fits - (int)ancillas > 0 ? fits - (int)ancillas : 0);
  free(extra);
  return STATUS_LIMIT;
}

/* --- the module ------------------------------------------------------------------ */

/* Cost of a gate's angle, and of a pair that is turned, for one sample, in
   amplitudes updated (measured, tests/bench). */
static const double angle_cost = 10, pair_cost = 1;

/* As far as a module may go when state vectors would do: it must turn fewer pairs
   than they have amplitudes, and looking for it must not take long. */
static reach_limits_t limits_beside_vectors(const sampler_t *s) {
  double vector = ldexp(1, (int)s->max_qubits);
  double gates = 1 + (double)s->program->layer.num_gates;
  return (reach_limits_t){.max_strings = (size_t)fmin(0x1p20, 4 * vector),
                          .max_pairs = fmin(0x1p26, gates * vector),
                          .max_tests = 3e8};
}

/* Pairs of one layer, so that a few hundred samples end within minutes. */
static const double max_alone = 4e6;

static reach_limits_t limits_alone(const sampler_t *s, uint64_t budget) {
  double words = 1 + (double)s->program->num_words;
  double string = 64 * (2.0 + (double)s->ansatz->num_observables +
                        (double)s->ansatz->num_states) *
                      s->num_threads +
                  16 * words + 64;
  return (reach_limits_t){
      .max_strings = (size_t)fmin(0x1p19, (double)budget / 2 / string),
      .max_pairs = fmin(max_alone, (double)budget / 4 / sizeof(reach_pair_t)),
      .max_tests = 4e9 / words};
}

static status_t try_module(sampler_t *s, const bool *used,
                           reach_limits_t limits, uint64_t budget) {
  string_module_t module;
  status_t status =
      string_module_init(&module, s->program, s->ansatz, used, limits);
  if (status != STATUS_OK) return status;
  double bytes = string_module_work_bytes(&module) * s->num_threads +
                 (double)module.reach.num_pairs * sizeof(reach_pair_t);
  if (bytes > (double)budget) {
    string_module_clear(&module);
    return STATUS_LIMIT;
  }
  s->module = memory_get(1, sizeof *s->module);
  *s->module = module;
  s->precision = PRECISION_DOUBLE;
  s->lanes = STATEVECTOR_LANES;
  s->threads_inside = false;
  s->chunk = module.reach.num_strings < 1024 ? 64 : STATEVECTOR_LANES;
  return STATUS_OK;
}

static void drop_module(sampler_t *s) {
  if (s->module) string_module_clear(s->module);
  free(s->module);
  s->module = NULL;
}

/* State vectors do not fit: as many observables as can be done. */
static status_t module_alone(sampler_t *s, const bool *used, uint64_t budget) {
  size_t count = s->ansatz->num_observables, kept = 0;
  reach_limits_t limits = limits_alone(s, budget);
  status_t status = try_module(s, used, limits, budget);
  for (size_t o = 0; o < count; o++) kept += used[o];
  if (status != STATUS_LIMIT || kept <= 1) return status;
  kept = 0;
  bool *some = memory_get(count, sizeof *some);
  bool *one = memory_get(count, sizeof *one);
  for (size_t o = 0; o < count; o++) {
    if (!used[o]) continue;
    one[o] = true;
    some[o] = try_module(s, one, limits, budget) == STATUS_OK;
    one[o] = false;
    drop_module(s);
    s->left_out[o] = !some[o];
    kept += some[o];
  }
  if (kept) status = try_module(s, some, limits, budget);
  free(some);
  free(one);
  return status;
}

static double module_cost(const sampler_t *s, size_t num_layers,
                          bool gradients);

/* Takes the module instead of vectors that would fit when it is cheaper. */
static void module_if_cheaper(sampler_t *s, const bool *used, uint64_t budget) {
  sampler_t vectors = *s;
  if (try_module(s, used, limits_beside_vectors(s), budget) != STATUS_OK)
    return;
  if (module_cost(s, 8, true) < sampler_cost(&vectors, 8, true)) return;
  drop_module(s);
  *s = vectors;
}

static void choose_lanes(sampler_t *s, int num_threads) {
  s->lanes =
      s->max_qubits <= LANE_QUBITS ? statevector_lanes(s->precision) : 1;
  s->chunk = chunk_for(s->max_qubits);
  s->num_threads = num_threads > 0 ? num_threads : share_default_threads();
  s->threads_inside = s->max_qubits >= INSIDE_QUBITS;
}

static status_t choose_way(sampler_t *s, sampler_way_t way, uint64_t budget,
                           char **message) {
  bool *used = memory_get(s->ansatz->num_observables, sizeof *used);
  for (size_t p = 0; p < s->num_pairs; p++)
    used[s->pairs[p].observable] = true;
  status_t status = way == SAMPLER_MODULE ? STATUS_LIMIT
                                          : check_memory(s, budget, message);
  if (status == STATUS_OK) {
    if (way == SAMPLER_EITHER) module_if_cheaper(s, used, budget);
  } else if (way != SAMPLER_VECTORS) {
    status = module_alone(s, used, budget);
    if (status == STATUS_OK) {
      free(*message);
      *message = NULL;
    } else if (*message) {
      char *vectors = *message;
      *message = text_print(
          "%s; and %s", vectors,
          status == STATUS_LIMIT
              ? "the strings that the circuit makes of the observable are too "
                "many to be listed"
              : "sums of strings that do not commute need state vectors");
      free(vectors);
      status = STATUS_LIMIT;
    }
  }
  free(used);
  return status;
}

static void sums_clear(double_sum_t *sums, size_t count) {
  for (size_t o = 0; sums && o < count; o++) double_sum_clear(sums + o);
  free(sums);
}

static void move_observables(sampler_t *s) {
  size_t count = s->ansatz->num_observables;
  bool ok = !s->module && s->program->num_words == 1 && s->program->turns;
  if (!ok) return;
  s->moved = memory_get(count, sizeof *s->moved);
  for (size_t o = 0; o < count && ok; o++) {
    double_sum_t *sum = s->moved + o;
    program_sum(sum, s->ansatz->observables[o].sum);
    for (size_t t = 0; t < sum->length && ok; t++) {
      uint64_t string[2] = {sum->x[t], sum->z[t]};
      bool negative = false;
      ok = program_move(string, &negative, s->program);
      sum->x[t] = string[0];
      sum->z[t] = string[1];
      if (negative) sum->coeffs[t] = -sum->coeffs[t];
    }
  }
  if (ok) return;
  sums_clear(s->moved, count);
  s->moved = NULL;
}

status_t sampler_init(sampler_t *s, const program_t *program,
                      const ansatz_t ansatz, const sampler_pair_t *pairs,
                      size_t num_pairs, uint64_t memory_bytes, int num_threads,
                      char **message) {
  return sampler_init_way(s, program, ansatz, pairs, num_pairs, memory_bytes,
                          num_threads, SAMPLER_EITHER, PRECISION_DOUBLE,
                          message);
}

status_t sampler_init_way(sampler_t *s, const program_t *program,
                          const ansatz_t ansatz, const sampler_pair_t *pairs,
                          size_t num_pairs, uint64_t memory_bytes,
                          int num_threads, sampler_way_t way,
                          precision_t precision, char **message) {
  uint64_t budget = memory_bytes ? memory_bytes : share_default_memory();
  *s = (sampler_t){.program = program, .ansatz = ansatz, .num_pairs = num_pairs};
  if (!program->num_sums) s->precision = precision;
  s->observables = memory_get(ansatz->num_observables, sizeof *s->observables);
  for (size_t o = 0; o < ansatz->num_observables; o++)
    program_sum(s->observables + o, ansatz->observables[o].sum);
  s->left_out = memory_get(ansatz->num_observables, sizeof *s->left_out);
  s->pairs = memory_get(num_pairs, sizeof *s->pairs);
  memcpy(s->pairs, pairs, num_pairs * sizeof *pairs);
  s->state_used = memory_get(ansatz->num_states, sizeof *s->state_used);
  s->max_qubits = program->num_qubits;
  for (size_t p = 0; p < num_pairs; p++) {
    s->state_used[pairs[p].state] = true;
    size_t n = program->num_qubits +
               statevector_ancillas(ansatz->states[pairs[p].state].state);
    if (n > s->max_qubits) s->max_qubits = n;
  }
  choose_lanes(s, num_threads);
  status_t status = choose_way(s, way, budget, message);
  if (status == STATUS_OK)
    move_observables(s);
  else
    sampler_clear(s);
  return status;
}

void sampler_clear(sampler_t *s) {
  sums_clear(s->observables, s->ansatz ? s->ansatz->num_observables : 0);
  sums_clear(s->moved, s->ansatz ? s->ansatz->num_observables : 0);
  drop_module(s);
  free(s->left_out);
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

/* With gradients all states and observables go through half of the layers each,
   else the states go through all. Without the cost of angles. */
static double module_cost(const sampler_t *s, size_t num_layers,
                          bool gradients) {
  double layers = (double)num_layers, last = 0;
  double shuffle =
      s->shuffle_bits ? 4 * (double)s->module->reach.num_strings : 0;
  double vectors = (double)s->ansatz->num_states;
  double pairs = vectors * string_module_layer_pairs(s->module, SIZE_MAX);
  if (gradients) {
    layers /= 2;
    vectors += (double)s->ansatz->num_observables;
    for (size_t o = 0; o < s->ansatz->num_observables; o++)
      pairs += string_module_layer_pairs(s->module, o);
    for (size_t p = 0; p < s->num_pairs; p++)
      last += 2 * string_module_layer_pairs(s->module, s->pairs[p].observable);
  }
  return layers * (pair_cost * pairs + vectors * shuffle) + pair_cost * last +
         2 * vectors * (double)s->module->reach.num_strings;
}

double sampler_cost(const sampler_t *s, size_t num_layers, bool gradients) {
  if (s->module)
    return angle_cost * (double)(num_layers * s->program->layer.num_gates) +
           module_cost(s, num_layers, gradients);
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
static double module_tolerance(const sampler_t *s, double gates);

/* Sum over the gates of a layer with parameters of the number of gates that have
   one in common with it; fixed: gates without parameters. */
static double companions(size_t *fixed, const sampler_t *s) {
  const gate_list_t *layer = &s->program->layer;
  size_t *users = memory_get(s->program->num_drives, sizeof *users), sum = 0;
  *fixed = 0;
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      users[layer->gates[g].terms[t].drive]++;
  for (size_t g = 0; g < layer->num_gates; g++) {
    size_t most = 0;
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      if (users[layer->gates[g].terms[t].drive] > most)
        most = users[layer->gates[g].terms[t].drive];
    sum += most;
    *fixed += most == 0;
  }
  free(users);
  return (double)sum;
}

/* In single precision the bound below would be too much to see anything by, and
   roundings do not add up like that: angles are independent, hence also the
   roundings of one gate and of another. Those of one move the loss by a standard
   deviation of at most 0.6 u through the angle (that of cosine and sine is 0.4 u,
   relatively; the norm is divided out) and 0.5 u through products and sums, less in
   many dimensions; measured (hardware-efficient circuits, 3 to 13 qubits) is
   0.02 u to 0.4 u. 4 u sqrt(G) is five times the most, and comparisons allow twice
   that. m gates with one angle count as m^2. What is the same every time adds up:
   cosine and sine of a gate without parameters, off by u each, change norm and
   angle by 2 u, a derivative by 4 u. A part of a sum, of equal terms at worst, is
   off by KERNEL_PARTIAL/2 u, its terms by a few u. */
static double single_tolerance(const sampler_t *s, size_t num_layers) {
  size_t fixed;
  double gates = companions(&fixed, s) * (double)num_layers, terms = 0;
  double same = (double)(fixed * num_layers + 2 * s->program->closing.num_gates);
  for (size_t o = 0; o < s->ansatz->num_observables; o++)
    terms = fmax(terms, (double)s->observables[o].length);
  return (4 * sqrt(gates + terms) + 4 * same + KERNEL_PARTIAL) *
         precision_unit(PRECISION_SINGLE);
}

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
  if (s->module) return module_tolerance(s, gates);
  int n = (int)s->max_qubits;
  double sums = ldexp(1, n < 13 ? n : 13) + (n > 13 ? ldexp(1, n - 13) : 0);
  double tolerance = (16 * gates + sums + 64) * DBL_EPSILON / 2;
  if (s->precision == PRECISION_SINGLE)
    tolerance += single_tolerance(s, num_layers);
  return tolerance;
}

double sampler_slope_bound(const sampler_t *s, size_t parameter) {
  double scale = 0;
  for (size_t g = 0; g < s->program->layer.num_gates; g++) {
    const program_gate_t *gate = s->program->layer.gates + g;
    double norm = gate->sum == PROGRAM_NONE
                      ? 0.5
                      : s->program->sums[gate->sum].norm1;
    for (size_t t = 0; t < gate->num_terms; t++)
      if (gate->terms[t].parameter == parameter)
        scale += 2 * norm * fabs(gate->terms[t].coeff);
  }
  return scale;
}

/* In the module a rotation has the same relative error, in the 2-norm of the
   coefficients of O; the scalar product with s, whose N components that are not
   zero are at most one, turns an error e of that vector into sqrt(N) e at most
   and adds that of its own sum. */
static double module_tolerance(const sampler_t *s, double gates) {
  double components = 1;
  for (size_t i = 0; i < s->ansatz->num_states; i++)
    components = fmax(components, (double)s->module->states[i].count);
  return (16 * gates + (double)s->module->reach.num_strings + 64) *
         sqrt(components) * DBL_EPSILON / 2;
}

char *sampler_describe(const sampler_t *s) {
  if (!s->module)
    return text_print("sampled with state vectors of %zu qubits (%s precision, "
                      "%s)", s->max_qubits, precision_name(s->precision),
                      statevector_instructions());
  return text_print("sampled in the module of the observable%s, %zu strings",
                    s->ansatz->num_observables > 1 ? "s" : "",
                    s->module->reach.num_strings);
}

bool sampler_can_shuffle(const sampler_t *s) {
  return s->module && s->module->reach.turn_drives;
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
  if (s->module && s->program->num_qubits > SELF_CHECK_QUBITS) {
    *difference = turns_check(s->program, seed);
    return STATUS_OK;
  }
  statevector_t v[5] = {{0}};
  bool ok = true;
  size_t n = s->program->num_qubits, size = (size_t)2 << n;
  for (size_t i = 0; i < 5 && ok; i++)
    ok = (i >= 2 && !s->program->num_sums) ||
         statevector_init_as(v + i, n, 1, s->precision);
  double *drives = memory_get(s->program->num_drives, sizeof *drives);
  if (ok) {
    random_stream_t stream;
    double square = 0;
    random_stream_init(&stream, seed, RANDOM_SELF_CHECK, 0);
    for (size_t i = 0; i < size; i++) /* of norm one, nearly */
      statevector_put(v[0].any, i, random_normal(&stream) / sqrt((double)size),
                      s->precision);
    statevector_copy(v + 1, v);
    for (size_t d = 0; d < s->program->num_drives; d++)
      drives[d] = s->program->windows[d] * random_uniform(&stream);
    run_one(v, s, &s->program->layer, drives, v + 2, false);
    run_one(v + 1, s, &s->program->circuit, drives, v + 2, false);
    run_one(v + 1, s, &s->program->closing, drives, v + 2, true);
    for (size_t i = 0; i < size; i++) {
      double d = statevector_get(v[0].any, i, s->precision) -
                 statevector_get(v[1].any, i, s->precision);
      square += d * d;
    }
    *difference = sqrt(square);
  }
  free(drives);
  for (size_t i = 0; i < 5; i++) statevector_clear(v + i);
  return ok ? STATUS_OK : STATUS_LIMIT;
}
