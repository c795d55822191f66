#include "algebra/depth/depth_average.h"

/* --- reading the angles ------------------------------------------------------ */

static size_t find_variable(circuit_angles_t *a, size_t parameter,
                            bool times_pi) {
  for (size_t v = a->num_variables; v-- > 0;)
    if (a->variables[v].parameter == parameter &&
        a->variables[v].times_pi == times_pi)
      return v;
  return SIZE_MAX;
}

static bool full_period(const circuit_angles_t *a, size_t parameter) {
  return !a->laws || a->laws[parameter].law == ANGLE_FULL_PERIOD;
}

/* Copies the angles with the signs of the frame. */
static void copy_angles(circuit_angles_t *a, const ansatz_t ansatz,
                        const depth_frame_t frame) {
  const depth_cone_struct *cone = a->cone;
  fmpq_t sign;
  angle_t zero;
  fmpq_init(sign);
  angle_init(zero);
  for (size_t g = 0; g < cone->num_gates; g++) {
    size_t k = cone->gates[g];
    angle_init(a->angles + g);
    fmpq_set_si(sign, frame->negative[k] ? -1 : 1, 1);
    angle_addmul(a->angles + g, zero, sign,
                 ansatz->rotations[frame->rotation[k]].angle);
  }
  angle_clear(zero);
  fmpq_clear(sign);
}

static void subtract_multiple(angle_struct *angle, const fmpq_t factor,
                              const fmpq_t pi_part, const fmpq_t rad_part) {
  fmpq_submul(angle->pi_part, factor, pi_part);
  fmpq_submul(angle->rad_part, factor, rad_part);
}

/* A uniform parameter may be shifted: where all its gates have no other one
   (and one unit), the constant of the first of them goes away. */
static void shift_parameters(circuit_angles_t *a, size_t num_parameters) {
  size_t m = a->cone->num_gates;
  size_t *first = flint_malloc((num_parameters + 1) * sizeof *first);
  uint8_t *alone = flint_malloc(num_parameters + 1);
  fmpq_t pi_part, rad_part, factor;
  fmpq_init(pi_part);
  fmpq_init(rad_part);
  fmpq_init(factor);
  memset(alone, 1, num_parameters + 1);
  for (size_t k = 0; k < num_parameters; k++) first[k] = SIZE_MAX;
  for (size_t g = 0; g < m; g++)
    for (size_t t = 0; t < a->angles[g].num_terms; t++) {
      const angle_term_struct *term = a->angles[g].terms + t;
      size_t k = term->parameter;
      if (first[k] == SIZE_MAX) first[k] = g;
      alone[k] &= a->angles[g].num_terms == 1 && full_period(a, k) &&
                  term->times_pi == a->angles[first[k]].terms[0].times_pi;
    }
  for (size_t k = 0; k < num_parameters; k++) {
    if (first[k] == SIZE_MAX || !alone[k]) continue;
    const angle_struct *f = a->angles + first[k];
    fmpq_div(pi_part, f->pi_part, f->terms[0].coeff);
    fmpq_div(rad_part, f->rad_part, f->terms[0].coeff);
    for (size_t g = first[k]; g < m; g++)
      if (a->angles[g].num_terms == 1 &&
          a->angles[g].terms[0].parameter == k) {
        fmpq_set(factor, a->angles[g].terms[0].coeff);
        subtract_multiple(a->angles + g, factor, pi_part, rad_part);
      }
  }
  fmpq_clear(pi_part);
  fmpq_clear(rad_part);
  fmpq_clear(factor);
  flint_free(first);
  flint_free(alone);
}

/* Is the constant part a multiple of pi/4? Then *eighth = it mod 8. */
static bool constant_is_eighth(unsigned *eighth, const angle_struct *angle) {
  const fmpz *den = fmpq_denref(angle->pi_part);
  if (!fmpq_is_zero(angle->rad_part) || fmpz_cmp_ui(den, 4) > 0 ||
      fmpz_equal_ui(den, 3))
    return false;
  *eighth = (unsigned)(fmpz_fdiv_ui(fmpq_numref(angle->pi_part), 8) *
                       (4 / fmpz_get_ui(den)) % 8);
  return true;
}

static size_t find_root(const size_t *node, size_t g) {
  while (node[g] != g) g = node[g];
  return g;
}

static void collect(circuit_angles_t *a, size_t num_parameters) {
  size_t m = a->cone->num_gates;
  size_t *first = flint_malloc((num_parameters + 1) * sizeof *first);
  size_t *variable = flint_malloc((2 * num_parameters + 1) * sizeof *variable);
  for (size_t k = 0; k < num_parameters; k++) first[k] = SIZE_MAX;
  for (size_t k = 0; k < 2 * num_parameters; k++) variable[k] = SIZE_MAX;
  for (size_t g = 0; g < m; g++) {
    unsigned eighth;
    a->node[g] = g;
    if (!constant_is_eighth(&eighth, a->angles + g)) a->ring.ball = true;
    for (size_t t = 0; t < a->angles[g].num_terms; t++) {
      const angle_term_struct *term = a->angles[g].terms + t;
      size_t k = term->parameter, *v = variable + 2 * k + term->times_pi;
      if (!full_period(a, k)) a->ring.ball = true;
      if (variable[2 * k + !term->times_pi] != SIZE_MAX) a->ring.ball = true;
      if (first[k] == SIZE_MAX) first[k] = g;
      a->node[find_root(a->node, g)] = find_root(a->node, first[k]);
      if (*v == SIZE_MAX) {
        *v = a->num_variables++;
        a->variables[*v].parameter = k;
        a->variables[*v].times_pi = term->times_pi;
        fmpz_init_set_ui(a->variables[*v].den, 1);
      }
      fmpz_lcm(a->variables[*v].den, a->variables[*v].den,
               fmpq_denref(term->coeff));
    }
  }
  for (size_t g = 0; g < m; g++) a->node[g] = find_root(a->node, g);
  flint_free(first);
  flint_free(variable);
}

/* More than so many bits in a product of the factors of all places? */
static bool is_long(const depth_frame_t frame, const depth_cone_t cone) {
  fmpz_t den;
  fmpz_init(den);
  depth_frame_denominator(den, frame);
  uint64_t bits = 2 * (uint64_t)cone->num_places * (uint64_t)fmpz_bits(den);
  fmpz_clear(den);
  return cone->num_places && bits > DEPTH_NOISE_BITS;
}

static void add_item(circuit_angles_t *a, size_t item, size_t node,
                     const uint64_t *string) {
  size_t width = 2 * a->cone->num_words, at = a->num_items++;
  a->item[at] = item;
  a->item_node[at] = node;
  if (width) memcpy(a->item_strings + at * width, string, width * sizeof *string);
}

/* Gates and places in Heisenberg order; nodes are numbers of items. */
static void order_items(circuit_angles_t *a) {
  const depth_cone_struct *cone = a->cone;
  size_t m = cone->num_gates, most = m + 2 * cone->num_places, place = 0;
  size_t *item_of = flint_malloc((m + 1) * sizeof *item_of);
  a->item = flint_malloc((most + 1) * sizeof *a->item);
  a->item_node = flint_malloc((most + 1) * sizeof *a->item_node);
  a->item_strings =
      flint_malloc((most * 2 * cone->num_words + 1) * sizeof *a->item_strings);
  for (size_t g = 0; g <= m; g++) {
    for (; place < cone->num_places && cone->before_place[place] == g; place++) {
      size_t first = a->num_items;
      add_item(a, m + 2 * place, first, depth_cone_image(cone, place, false));
      add_item(a, m + 2 * place + 1, first, depth_cone_image(cone, place, true));
    }
    if (g == m) break;
    item_of[g] = a->num_items;
    add_item(a, g, a->node[g], cone->strings + g * 2 * cone->num_words);
  }
  for (size_t i = 0; i < a->num_items; i++)
    if (a->item[i] < m) a->item_node[i] = item_of[a->item_node[i]];
  flint_free(item_of);
}

static void set_factors(circuit_angles_t *a, const depth_frame_t frame) {
  for (int letter = 0; letter < 4; letter++) {
    real_init(a->factors + letter, &a->ring);
    real_set_fmpq(a->factors + letter, frame->factors + letter, &a->ring);
  }
}

status_t circuit_angles_init(circuit_angles_t *a, const ansatz_t ansatz,
                             const depth_frame_t frame,
                             const depth_cone_t cone,
                             const depth_distribution_t *laws,
                             slong prec_bits) {
  size_t m = cone->num_gates, num_terms = 0;
  status_t status = STATUS_OK;
  fmpz_t shift;
  *a = (circuit_angles_t){.cone = cone, .laws = laws};
  a->ring.prec_bits = prec_bits;
  a->ring.ball = is_long(frame, cone);
  a->angles = flint_malloc((m + 1) * sizeof *a->angles);
  a->node = flint_malloc((m + 1) * sizeof *a->node);
  copy_angles(a, ansatz, frame);
  shift_parameters(a, ansatz->num_parameters);
  for (size_t g = 0; g < m; g++) num_terms += a->angles[g].num_terms;
  a->variables = flint_malloc((num_terms + 1) * sizeof *a->variables);
  collect(a, ansatz->num_parameters);
  order_items(a);
  depth_blocks_init(a->blocks, cone->num_qubits, a->item_strings, a->num_items,
                    a->item_node);
  set_factors(a, frame);
  /* frequencies are sums of at most m shifts */
  fmpz_init(shift);
  for (size_t g = 0; g < m; g++)
    for (size_t t = 0; t < a->angles[g].num_terms; t++) {
      const angle_term_struct *term = a->angles[g].terms + t;
      size_t v = find_variable(a, term->parameter, term->times_pi);
      fmpz_divexact(shift, a->variables[v].den, fmpq_denref(term->coeff));
      fmpz_mul(shift, shift, fmpq_numref(term->coeff));
      if (fmpz_bits(shift) > 40) status = STATUS_LIMIT;
    }
  fmpz_clear(shift);
  if (status != STATUS_OK) circuit_angles_clear(a);
  return status;
}

void circuit_angles_clear(circuit_angles_t *a) {
  for (size_t g = 0; g < a->cone->num_gates; g++) angle_clear(a->angles + g);
  for (size_t v = 0; v < a->num_variables; v++)
    fmpz_clear(a->variables[v].den);
  for (int letter = 0; letter < 4; letter++)
    real_clear(a->factors + letter, &a->ring);
  flint_free(a->angles);
  flint_free(a->node);
  depth_blocks_clear(a->blocks);
  flint_free(a->item);
  flint_free(a->item_node);
  flint_free(a->item_strings);
  flint_free(a->variables);
}

/* --- one block ------------------------------------------------------------------ */

static void set_unit(acb_t unit, const angle_struct *angle, slong prec_bits) {
  arb_t x, t;
  arb_init(x);
  arb_init(t);
  arb_const_pi(x, prec_bits);
  arb_set_fmpq(t, angle->pi_part, prec_bits);
  arb_mul(x, x, t, prec_bits);
  arb_set_fmpq(t, angle->rad_part, prec_bits);
  arb_add(x, x, t, prec_bits);
  arb_sin_cos(acb_imagref(unit), acb_realref(unit), x, prec_bits);
  arb_clear(x);
  arb_clear(t);
}

static size_t local_variable(average_block_t *b, size_t v) {
  size_t i = 0;
  while (i < b->expand.num_variables && b->variables[i] != v) i++;
  if (i == b->expand.num_variables)
    b->variables[b->expand.num_variables++] = v;
  size_t k = b->angles->variables[v].parameter, j = 0;
  while (j < b->num_parameters && b->parameters[j] != k) j++;
  if (j == b->num_parameters) b->parameters[b->num_parameters++] = k;
  if (!full_period(b->angles, k)) b->uniform = false;
  return i;
}

static void set_gate(average_block_t *b, expand_gate_struct *gate, size_t g) {
  const circuit_angles_t *a = b->angles;
  const angle_struct *angle = a->angles + g;
  fmpz_t s;
  fmpz_init(s);
  gate->string = a->cone->strings + g * 2 * a->cone->num_words;
  gate->shift =
      flint_calloc(b->expand.num_variables + 1, sizeof *gate->shift);
  gate->eighth = 0;
  acb_init(gate->unit);
  if (a->ring.ball)
    set_unit(gate->unit, angle, a->ring.prec_bits);
  else
    (void)constant_is_eighth(&gate->eighth, angle);
  for (size_t t = 0; t < angle->num_terms; t++) {
    size_t v = find_variable((circuit_angles_t *)a, angle->terms[t].parameter,
                             angle->terms[t].times_pi);
    fmpz_divexact(s, a->variables[v].den,
                  fmpq_denref(angle->terms[t].coeff));
    fmpz_mul(s, s, fmpq_numref(angle->terms[t].coeff));
    gate->shift[local_variable(b, v)] = (int64_t)fmpz_get_si(s);
  }
  fmpz_clear(s);
}

static void set_place(const average_block_t *b, expand_gate_struct *gate,
                      size_t place) {
  gate->string = depth_cone_image(b->angles->cone, place, false);
  gate->image_z = depth_cone_image(b->angles->cone, place, true);
  gate->factors = b->angles->factors;
  gate->shift = NULL;
  acb_init(gate->unit);
}

static void init_variables(average_block_t *b, const size_t *gates,
                           size_t num_gates) {
  const circuit_angles_t *angles = b->angles;
  size_t most = 0;
  for (size_t k = 0; k < num_gates; k++)
    most += angles->angles[gates[k]].num_terms;
  b->variables = flint_malloc((most + 1) * sizeof *b->variables);
  b->parameters = flint_malloc((most + 1) * sizeof *b->parameters);
  for (size_t k = 0; k < num_gates; k++)
    for (size_t t = 0; t < angles->angles[gates[k]].num_terms; t++) {
      const angle_term_struct *term = angles->angles[gates[k]].terms + t;
      local_variable(b, find_variable((circuit_angles_t *)angles,
                                      term->parameter, term->times_pi));
    }
}

void average_block_init(average_block_t *b, const circuit_angles_t *angles,
                        const size_t *items, size_t num_items,
                        row_table_struct *strings) {
  size_t m = angles->cone->num_gates, num_gates = 0;
  size_t *gates = flint_malloc((num_items + 1) * sizeof *gates);
  *b = (average_block_t){.angles = angles, .uniform = true};
  for (size_t k = 0; k < num_items; k++)
    if (angles->item[items[k]] < m) gates[num_gates++] = angles->item[items[k]];
  init_variables(b, gates, num_gates);
  expand_block_t *e = &b->expand;
  e->ring = &angles->ring;
  e->num_words = angles->cone->num_words;
  e->strings = strings;
  e->gates = flint_calloc(num_items + 1, sizeof *e->gates);
  row_table_init(e->frequencies, e->num_variables);
  row_table_init(b->differences, e->num_variables);
  for (size_t k = 0; k < num_items; k++) {
    size_t item = angles->item[items[k]];
    if (item < m) set_gate(b, e->gates + e->num_gates++, item);
    else if ((item - m) % 2 == 0)
      set_place(b, e->gates + e->num_gates++, (item - m) / 2);
  }
  flint_free(gates);
  b->row = flint_calloc(e->num_variables + 1, sizeof *b->row);
}

void average_block_clear(average_block_t *b) {
  const ring_t *ring = &b->angles->ring;
  for (size_t k = 0; k < b->num_omegas * b->num_parameters; k++)
    real_clear(b->omegas + k, ring);
  for (size_t k = 0; k < b->differences->length; k++)
    real_clear(b->phis + k, ring);
  for (size_t k = 0; k < b->expand.num_gates; k++) {
    flint_free(b->expand.gates[k].shift);
    acb_clear(b->expand.gates[k].unit);
  }
  flint_free(b->expand.gates);
  row_table_clear(b->expand.frequencies);
  row_table_clear(b->differences);
  flint_free(b->variables);
  flint_free(b->parameters);
  flint_free(b->omegas);
  flint_free(b->phis);
  flint_free(b->row);
}

/* out = coefficient of the parameter in f.theta. Exact numbers leave out the
   pi of a parameter that has it in all its gates (depth_number_t.pi_power). */
static void slope(real_t out, const average_block_t *b, const uint64_t *f,
                  size_t parameter) {
  const circuit_angles_t *a = b->angles;
  fmpq_t q;
  arb_t t;
  fmpq_init(q);
  arb_init(t);
  real_zero(out, &a->ring);
  for (size_t i = 0; i < b->expand.num_variables; i++) {
    const variable_struct *v = a->variables + b->variables[i];
    if (v->parameter != parameter) continue;
    fmpz_set_si(fmpq_numref(q), (slong)(int64_t)f[i]);
    fmpz_set(fmpq_denref(q), v->den);
    fmpq_canonicalise(q);
    if (!a->ring.ball) {
      fmpq_add(out->exact, out->exact, q);
      continue;
    }
    arb_set_fmpq(t, q, a->ring.prec_bits);
    if (v->times_pi) {
      arb_t pi;
      arb_init(pi);
      arb_const_pi(pi, a->ring.prec_bits);
      arb_mul(t, t, pi, a->ring.prec_bits);
      arb_clear(pi);
    }
    arb_add(&out->ball, &out->ball, t, a->ring.prec_bits);
  }
  fmpq_clear(q);
  arb_clear(t);
}

const real_struct *average_block_omega(average_block_t *b, uint32_t frequency) {
  const ring_t *ring = &b->angles->ring;
  size_t p = b->num_parameters;
  while (b->num_omegas <= frequency) {
    size_t f = b->num_omegas++;
    if (f == b->alloc_omegas) {
      b->alloc_omegas = f ? 2 * f : 16;
      b->omegas = flint_realloc(
          b->omegas, (b->alloc_omegas * p + 1) * sizeof *b->omegas);
    }
    for (size_t k = 0; k < p; k++) {
      real_init(b->omegas + f * p + k, ring);
      slope(b->omegas + f * p + k, b, row_table_row(b->expand.frequencies, f),
            b->parameters[k]);
    }
  }
  return b->omegas + frequency * p;
}

/* Phi(difference); the difference stands in b->row. */
static void compute_phi(real_t out, average_block_t *b) {
  const circuit_angles_t *a = b->angles;
  fmpq_t one;
  real_t x;
  fmpq_init(one);
  fmpq_one(one);
  real_init(x, &a->ring);
  real_set_fmpq(out, one, &a->ring);
  for (size_t i = 0; i < b->expand.num_variables; i++)
    if (b->row[i] &&
        full_period(a, a->variables[b->variables[i]].parameter))
      real_zero(out, &a->ring);
  for (size_t k = 0; k < b->num_parameters; k++) {
    if (full_period(a, b->parameters[k])) continue;
    slope(x, b, b->row, b->parameters[k]);
    depth_characteristic(&x->ball, a->laws + b->parameters[k], &x->ball,
                         a->ring.prec_bits);
    arb_mul(&out->ball, &out->ball, &x->ball, a->ring.prec_bits);
  }
  real_clear(x, &a->ring);
  fmpq_clear(one);
}

const real_struct *average_block_phi(average_block_t *b, uint32_t f, uint32_t g) {
  bool is_new;
  for (size_t i = 0; i < b->expand.num_variables; i++)
    b->row[i] = row_table_row(b->expand.frequencies, f)[i] -
                row_table_row(b->expand.frequencies, g)[i];
  size_t k = row_table_add(b->differences, b->row, &is_new);
  if (is_new) {
    if (k >= b->alloc_phis) {
      b->alloc_phis = k ? 2 * k : 16;
      b->phis = flint_realloc(b->phis, b->alloc_phis * sizeof *b->phis);
    }
    real_init(b->phis + k, &b->angles->ring);
    compute_phi(b->phis + k, b);
  }
  return b->phis + k;
}

/* --- a pair ----------------------------------------------------------------------- */

static real_struct *outcome(outcomes_t *out, uint32_t s, uint32_t t,
                            const ring_t *ring) {
  uint64_t key = pair_key(s, t);
  bool is_new;
  size_t width = 1 + out->num_parameters;
  size_t k = row_table_add(out->pairs, &key, &is_new);
  if (is_new) {
    if (k >= out->alloc) {
      out->alloc = k ? 2 * k : 8;
      out->weights = flint_realloc(out->weights,
                                   out->alloc * width * sizeof *out->weights);
    }
    for (size_t i = 0; i < width; i++)
      real_init(out->weights + k * width + i, ring);
  }
  return out->weights + k * width;
}

static void add_product(outcomes_t *out, average_block_t *b,
                        const expand_term_struct *s,
                        const expand_term_struct *t, const real_t weight) {
  const ring_t *ring = &b->angles->ring;
  real_t x, y;
  real_init(x, ring);
  real_init(y, ring);
  real_struct *to = outcome(out, s->string, t->string, ring);
  complex_real_product(x, s->coeff, t->coeff, ring);
  if (weight) real_mul(x, x, weight, ring);
  real_add(to, to, x, ring);
  for (size_t k = 0; k < out->num_parameters; k++) {
    real_mul(y, average_block_omega(b, s->frequency) + k, x, ring);
    real_addmul(to + 1 + k, y, average_block_omega(b, t->frequency) + k, ring);
  }
  real_clear(x, ring);
  real_clear(y, ring);
}

/* Terms of one string each, both sorted by frequency. Where angles are not
   uniform every term meets every other one: false when the limits said stop. */
static bool add_strings(outcomes_t *out, average_block_t *b,
                        const expand_term_struct *s, size_t num_s,
                        const expand_term_struct *t, size_t num_t,
                        const depth_limits_t *limits) {
  if (b->uniform) {
    for (size_t i = 0, j = 0; i < num_s && j < num_t;)
      if (s[i].frequency == t[j].frequency)
        add_product(out, b, s + i++, t + j++, NULL);
      else if (s[i].frequency < t[j].frequency)
        i++;
      else
        j++;
    return true;
  }
  for (size_t i = 0; i < num_s; i++) {
    if (depth_limits_stop(limits) ||
        b->differences->length > limits->max_strings)
      return false;
    for (size_t j = 0; j < num_t; j++) {
      const real_struct *p =
          average_block_phi(b, s[i].frequency, t[j].frequency);
      if (!real_is_zero(p, &b->angles->ring))
        add_product(out, b, s + i, t + j, p);
    }
  }
  return true;
}

static size_t run_length(const expansion_t *a, size_t from) {
  size_t to = from;
  while (to < a->num_terms && a->terms[to].string == a->terms[from].string)
    to++;
  return to - from;
}

status_t outcomes_init(outcomes_t *out, average_block_t *b,
                       const expansion_t *s, const expansion_t *t,
                       bool gradients, const depth_limits_t *limits) {
  *out = (outcomes_t){.num_parameters = gradients ? b->num_parameters : 0};
  row_table_init(out->pairs, 1);
  bool going = true;
  for (size_t i = 0; i < s->num_terms && going;) {
    size_t num_s = run_length(s, i);
    going = !depth_limits_stop(limits);
    for (size_t j = 0; j < t->num_terms && going;) {
      size_t num_t = run_length(t, j);
      going = add_strings(out, b, s->terms + i, num_s, t->terms + j, num_t,
                          limits);
      j += num_t;
    }
    i += num_s;
  }
  if (going) return STATUS_OK;
  outcomes_clear(out, &b->angles->ring);
  return STATUS_LIMIT;
}

void outcomes_clear(outcomes_t *out, const ring_t *ring) {
  for (size_t k = 0; k < out->pairs->length * (1 + out->num_parameters); k++)
    real_clear(out->weights + k, ring);
  flint_free(out->weights);
  row_table_clear(out->pairs);
}
