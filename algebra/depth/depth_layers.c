/* Circuits that repeat a layer; see finite_depth.h. */
#include <assert.h>
#include <stdlib.h>

#include "algebra/depth/finite_depth.h"

/* --- finding and repeating a block ------------------------------------------- */

static bool same_angle(const angle_struct *a, const angle_struct *b,
                       const size_t *rename) {
  if (a->num_terms != b->num_terms || !fmpq_equal(a->pi_part, b->pi_part) ||
      !fmpq_equal(a->rad_part, b->rad_part))
    return false;
  /* terms are sorted by parameter, so a renaming may reorder them */
  for (size_t t = 0; t < a->num_terms; t++) {
    bool found = false;
    for (size_t u = 0; u < b->num_terms && !found; u++)
      found = b->terms[u].parameter == rename[a->terms[t].parameter] &&
              b->terms[u].times_pi == a->terms[t].times_pi &&
              fmpq_equal(b->terms[u].coeff, a->terms[t].coeff);
    if (!found) return false;
  }
  return true;
}

/* Extends `rename` (first block -> this one) by the terms of two angles, in
   their order; owner[] is the repetition that uses a parameter. */
static bool rename_terms(size_t *rename, size_t *owner, size_t repetition,
                         const angle_struct *a, const angle_struct *b) {
  if (a->num_terms != b->num_terms) return false;
  for (size_t t = 0; t < a->num_terms; t++) {
    size_t from = a->terms[t].parameter, to = b->terms[t].parameter;
    if (rename[from] == SIZE_MAX && owner[to] == SIZE_MAX) {
      rename[from] = to;
      owner[to] = repetition;
    }
    if (owner[to] != repetition) return false;
  }
  return true;
}

static bool repeats(const ansatz_t ansatz, size_t length, size_t *rename,
                    size_t *owner) {
  size_t w = pauli_words(ansatz->num_qubits), m = ansatz->num_rotations;
  for (size_t k = 0; k < ansatz->num_parameters; k++) owner[k] = SIZE_MAX;
  for (size_t begin = 0; begin < m; begin += length) {
    for (size_t k = 0; k < ansatz->num_parameters; k++) rename[k] = SIZE_MAX;
    for (size_t g = 0; g < length; g++) {
      const rotation_struct *a = ansatz->rotations + g, *b = a + begin;
      if (!pauli_equal(a->string, b->string, w) ||
          !rename_terms(rename, owner, begin, a->angle, b->angle) ||
          !same_angle(a->angle, b->angle, rename))
        return false;
    }
  }
  return true;
}

bool finite_depth_find_block(size_t *length, size_t *count,
                             const ansatz_t ansatz) {
  size_t m = ansatz->num_rotations, p = ansatz->num_parameters;
  size_t *rename = flint_malloc((p + 1) * sizeof *rename);
  size_t *owner = flint_malloc((p + 1) * sizeof *owner);
  bool found = false;
  *length = m;
  *count = 1;
  for (size_t l = 1; 2 * l <= m && !found; l++)
    if (m % l == 0 && repeats(ansatz, l, rename, owner)) {
      *length = l;
      *count = m / l;
      found = true;
    }
  flint_free(rename);
  flint_free(owner);
  return found;
}

/* The places within (begin, begin + length] are places[*first] on. */
static size_t count_places(size_t *first, const ansatz_t ansatz, size_t begin,
                           size_t length) {
  size_t at = *first, count = 0;
  while (at < ansatz->num_places && ansatz->places[at].after <= begin) at++;
  *first = at;
  while (at + count < ansatz->num_places &&
         ansatz->places[at + count].after <= begin + length)
    count++;
  return count;
}

bool finite_depth_noise_repeats(const ansatz_t ansatz, size_t length) {
  size_t first = 0, num = count_places(&first, ansatz, 0, length), at = first;
  if (first > 0) return false; /* before the first rotation */
  for (size_t begin = length; begin < ansatz->num_rotations; begin += length) {
    at += num;
    size_t from = at;
    if (count_places(&at, ansatz, begin, length) != num || at != from) return false;
    for (size_t i = 0; i < num; i++)
      if (ansatz->places[at + i].qubit != ansatz->places[i].qubit ||
          ansatz->places[at + i].after != ansatz->places[i].after + begin)
        return false;
  }
  return true;
}

void finite_depth_repeat(ansatz_t out, const ansatz_t in, size_t length,
                         size_t layers) {
  size_t *rename = flint_malloc((in->num_parameters + 1) * sizeof *rename);
  size_t first = 0, num_places = count_places(&first, in, 0, length);
  assert(length <= in->num_rotations && out->num_qubits == in->num_qubits);
  pauli_noise_set(out->noise, in->noise);
  for (size_t l = 0; l < layers; l++) {
    for (size_t k = 0; k < in->num_parameters; k++) rename[k] = SIZE_MAX;
    for (size_t g = 0; g < length; g++) {
      const rotation_struct *r = in->rotations + g;
      angle_t angle;
      angle_init(angle);
      fmpq_set(angle->pi_part, r->angle->pi_part);
      fmpq_set(angle->rad_part, r->angle->rad_part);
      for (size_t t = 0; t < r->angle->num_terms; t++) {
        const angle_term_struct *term = r->angle->terms + t;
        size_t *to = rename + term->parameter;
        if (*to == SIZE_MAX) {
          const parameter_struct *old = in->parameters + term->parameter;
          *to = ansatz_add_parameter(out, old->name, old->derived);
        }
        angle_add_term(angle, *to, term->times_pi, term->coeff);
      }
      ansatz_add_rotation(out, r->string, angle, r->line);
      angle_clear(angle);
    }
    for (size_t i = first; i < first + num_places; i++)
      ansatz_add_place(out, in->places[i].after + l * length, in->places[i].qubit);
  }
  flint_free(rename);
}

/* --- the approach to Haar --------------------------------------------------- */

void depth_profile_init(depth_profile_t out) {
  *out = (depth_profile_struct){0};
}

void depth_profile_clear(depth_profile_t out) {
  for (size_t l = 0; l < out->num_layers; l++) {
    depth_number_clear(out->variance + l);
    depth_number_clear(out->gradient + l);
  }
  flint_free(out->variance);
  flint_free(out->gradient);
  depth_profile_init(out);
}

typedef struct {
  arb_t ball;
  size_t parameter;
} size_of_t;

static int compare_sizes(const void *a, const void *b) {
  const size_of_t *x = a, *y = b;
  int order = arf_cmp(arb_midref(x->ball), arb_midref(y->ball));
  return order ? order : (x->parameter > y->parameter) -
                             (x->parameter < y->parameter);
}

/* The lower median of those that are not 0; 0 when all are. */
static void set_median(depth_number_t out, const finite_depth_t r,
                       slong prec_bits) {
  size_t count = 0, p = r->num_parameters;
  bool known = true;
  size_of_t *list = flint_malloc((p + 1) * sizeof *list);
  for (size_t k = 0; k < p; k++) {
    arb_init(list[count].ball);
    known = known &&
            depth_number_get_arb(list[count].ball, r->gradient + k, prec_bits);
    list[count].parameter = k;
    if (known && !arb_is_zero(list[count].ball)) count++;
    else arb_clear(list[count].ball);
  }
  qsort(list, count, sizeof *list, compare_sizes);
  if (known && count)
    depth_number_set(out, r->gradient + list[(count - 1) / 2].parameter);
  else if (known)
    out->kind = DEPTH_EXACT;
  for (size_t i = 0; i < count; i++) arb_clear(list[i].ball);
  flint_free(list);
}

/* |x - haar| <= tolerance haar, surely? */
static bool within(const depth_number_t x, const fmpq_t haar,
                   const fmpq_t tolerance, slong prec_bits) {
  arb_t ball, center, radius;
  arb_init(ball);
  arb_init(center);
  arb_init(radius);
  fmpq_t bound;
  fmpq_init(bound);
  fmpq_mul(bound, tolerance, haar);
  bool is_within;
  if (depth_number_is_rational(x)) {
    fmpq_t gap;
    fmpq_init(gap);
    fmpq_sub(gap, x->rational, haar);
    fmpq_abs(gap, gap);
    is_within = fmpq_cmp(gap, bound) <= 0;
    fmpq_clear(gap);
  } else {
    is_within = depth_number_get_arb(ball, x, prec_bits);
    arb_set_fmpq(center, haar, prec_bits);
    arb_sub(ball, ball, center, prec_bits);
    arb_abs(ball, ball);
    arb_set_fmpq(radius, bound, prec_bits);
    is_within = is_within && arb_le(ball, radius);
  }
  fmpq_clear(bound);
  arb_clear(ball);
  arb_clear(center);
  arb_clear(radius);
  return is_within;
}

/* One entry more. */
static status_t profile_layer(depth_profile_t out, uint64_t *work,
                              const ansatz_t ansatz, size_t length,
                              const pauli_sum_t observable, depth_state_t state,
                              const depth_limits_t *limits) {
  size_t l = out->num_layers;
  ansatz_t circuit;
  finite_depth_t r;
  ansatz_init(circuit, ANSATZ_CIRCUIT, ansatz->num_qubits);
  finite_depth_repeat(circuit, ansatz, length, l + 1);
  finite_depth_init(r);
  status_t status =
      finite_depth_exact(r, circuit, observable, state, NULL, limits);
  if (status == STATUS_OK && r->variance->kind == DEPTH_UNAVAILABLE)
    status = STATUS_LIMIT;
  if (status == STATUS_OK) {
    depth_number_init(out->variance + l);
    depth_number_init(out->gradient + l);
    depth_number_set(out->variance + l, r->variance);
    set_median(out->gradient + l, r, limits->prec_bits);
    out->num_layers = l + 1;
    /* the numbers grow by a bit for every gate that a string meets */
    *work += (uint64_t)r->num_strings * r->num_gates *
             (120 + r->num_gates) / 120 * (r->coupled ? 40 : 1);
  }
  finite_depth_clear(r);
  ansatz_clear(circuit);
  return status;
}

status_t finite_depth_profile(depth_profile_t out, const ansatz_t ansatz,
                              size_t length, const pauli_sum_t observable,
                              depth_state_t state, const fmpq *haar,
                              const fmpq_t tolerance, size_t max_layers,
                              const depth_limits_t *limits) {
  status_t status = STATUS_OK;
  uint64_t work = 0;
  size_t inside = 0; /* layers in a row within the tolerance */
  if (ansatz->kind != ANSATZ_CIRCUIT || length > ansatz->num_rotations)
    return STATUS_BAD_INPUT;
  depth_profile_clear(out);
  out->variance = flint_malloc((max_layers + 1) * sizeof *out->variance);
  out->gradient = flint_malloc((max_layers + 1) * sizeof *out->gradient);
  while (out->num_layers < max_layers && status == STATUS_OK && !out->settled) {
    if (limits->max_work && work > limits->max_work) {
      status = STATUS_LIMIT;
      break;
    }
    status = profile_layer(out, &work, ansatz, length, observable, state,
                           limits);
    if (status != STATUS_OK) break;
    inside = haar &&
                     within(out->variance + out->num_layers - 1, haar, tolerance,
                    limits->prec_bits)
                 ? inside + 1
                 : 0;
    size_t outside = out->num_layers - inside;
    out->settled = inside >= 4 && inside > outside;
  }
  out->layers_to_haar = inside ? out->num_layers - inside + 1 : 0;
  return status;
}
