#include "algebra/depth/depth_independent.h"

#include <flint/fmpz_vec.h>
#include <stdlib.h>

#include "algebra/depth/depth_noise.h"
#include "algebra/depth/depth_walk.h"

/* With noise: in balls. */
typedef struct {
  arb_ptr second, gradient; /* gradient: or NULL */
  slong prec_bits;
  ulong max_bits;
  fmpz_t den; /* common denominator; 0: too large */
} balls_t;

typedef struct {
  const depth_frame_struct *frame;
  depth_value_struct *value;
  const pauli_sum_struct *sum;
  const depth_limits_t *limits;
  /* Terms with equal group numbers differ by strings that commute with every
     rotation of the joint cone. */
  uint32_t *group;
  bool *done;
  fmpq_t second;
  fmpq *gradient; /* or NULL */
  balls_t *balls; /* NULL: no noise */
  size_t most_strings;
  uint8_t *met; /* gate of the frame: did a string meet it? */
  depth_too_much_t too_much;
} job_t;

/* --- which pairs of terms live ---------------------------------------------- */

typedef struct {
  const uint64_t *bits;
  size_t words, term;
} syndrome_t;

static int compare_syndromes(const void *a, const void *b) {
  const syndrome_t *s = a, *t = b;
  for (size_t i = 0; i < s->words; i++)
    if (s->bits[i] != t->bits[i]) return s->bits[i] < t->bits[i] ? -1 : 1;
  return s->term < t->term ? -1 : s->term > t->term;
}

/* PP' commutes with a gate iff both or none of P, P' anticommute with it. */
static void find_groups(job_t *job) {
  const pauli_sum_struct *sum = job->sum;
  size_t num_terms = sum->length;
  depth_cone_t cone;
  depth_cone_init(cone, job->frame, sum->strings, num_terms);
  commutation_table_t table;
  commutation_table_init(table, cone->num_qubits);
  for (size_t g = 0; g < cone->num_gates; g++)
    commutation_table_append(table, cone->strings + g * 2 * cone->num_words);
  size_t words = commutation_table_words(table);
  uint64_t *bits = flint_calloc(num_terms * words + 1, sizeof *bits);
  uint64_t *string = flint_malloc((2 * cone->num_words + 1) * sizeof *string);
  syndrome_t *list = flint_malloc((num_terms + 1) * sizeof *list);
  for (size_t t = 0; t < num_terms; t++) {
    depth_cone_compress(string, cone, pauli_sum_string(sum, t));
    commutation_table_query(bits + t * words, table, string);
    list[t] = (syndrome_t){bits + t * words, words, t};
  }
  qsort(list, num_terms, sizeof *list, compare_syndromes);
  for (size_t k = 0; k < num_terms; k++)
    job->group[list[k].term] =
        k && !memcmp(list[k].bits, list[k - 1].bits, words * sizeof *bits)
            ? job->group[list[k - 1].term]
            : (uint32_t)list[k].term;
  flint_free(list);
  flint_free(string);
  flint_free(bits);
  commutation_table_clear(table);
  depth_cone_clear(cone);
}

/* --- one portion -------------------------------------------------------------- */

typedef struct {
  depth_cone_t cone;
  depth_walk_t walk;
  size_t num_terms;
  size_t *terms; /* start string s of the walk is term terms[s] */
  uint64_t *expanded; /* the walk's strings on the register, one at a time */
  fmpq *rho;          /* Tr(rho Q) for every string of the walk */
  bool has_local;     /* worth it: many strings, and a stabilizer state */
  depth_value_t local;
} portion_t;

static status_t portion_lay(portion_t *part, const job_t *job) {
  size_t w = job->frame->num_words;
  uint64_t *start = flint_malloc((part->num_terms * 2 * w + 1) * sizeof *start);
  for (size_t s = 0; s < part->num_terms; s++)
    memcpy(start + s * 2 * w, pauli_sum_string(job->sum, part->terms[s]),
           2 * w * sizeof *start);
  depth_cone_init(part->cone, job->frame, start, part->num_terms);
  size_t wc = part->cone->num_words, max_strings = job->limits->max_strings;
  /* rows and commutation columns grow by doubling; then hash, chain, values */
  size_t bytes = 2 * (2 * wc * sizeof(uint64_t) + 2 * wc * 8) + 96;
  if (max_strings > job->limits->max_bytes / bytes)
    max_strings = job->limits->max_bytes / bytes;
  uint64_t *row = flint_malloc((part->num_terms * 2 * wc + 1) * sizeof *row);
  for (size_t s = 0; s < part->num_terms; s++)
    depth_cone_compress(row + s * 2 * wc, part->cone, start + s * 2 * w);
  status_t status = depth_walk_init(
      part->walk, part->cone->num_qubits, part->cone->strings,
      part->cone->num_gates, row, part->num_terms, max_strings,
      job->limits->max_bytes / 16, job->limits);
  flint_free(row);
  flint_free(start);
  if (status != STATUS_OK) depth_cone_clear(part->cone);
  return status;
}

static void portion_unlay(portion_t *part) {
  depth_walk_clear(part->walk);
  depth_cone_clear(part->cone);
}

/* Adds the terms that the walk visits anyway: they share its strings. */
static bool portion_absorb(portion_t *part, const job_t *job) {
  size_t wc = part->cone->num_words, w = job->frame->num_words;
  size_t before = part->num_terms;
  uint64_t *row = flint_malloc((2 * wc + 1) * sizeof *row);
  uint64_t *back = flint_malloc((2 * w + 1) * sizeof *back);
  for (size_t t = 0; t < job->sum->length; t++) {
    const uint64_t *string = pauli_sum_string(job->sum, t);
    if (job->done[t] || t == part->terms[0]) continue;
    depth_cone_compress(row, part->cone, string);
    depth_cone_expand(back, part->cone, row);
    if (pauli_equal(back, string, w) &&
        depth_walk_find(part->walk, row) != SIZE_MAX)
      part->terms[part->num_terms++] = t;
  }
  flint_free(back);
  flint_free(row);
  return part->num_terms > before;
}

/* values[id] = den rho_Q Tr(rho [Q]L), weights[s] = scale o_P o_PL with the
   signs of the basis [Q] (x) [Q]L: [Q]L = i^e [Q+L], and i^(e_end - e_start)
   is the product of the two (-1)^(e/2), e/2 rounded down. */
static bool fill_values(fmpz *values, fmpz_t den, portion_t *part,
                        const job_t *job, const uint64_t *shift) {
  size_t w = job->frame->num_words, num = part->walk->num_strings;
  uint64_t *other = flint_malloc((2 * w + 1) * sizeof *other);
  fmpq *exact = flint_malloc((num + 1) * sizeof *exact);
  bool any = false, same = pauli_is_identity(shift, w);
  fmpz_one(den);
  for (size_t id = 0; id < num; id++) {
    fmpq *x = exact + id;
    fmpq_init(x);
    if (fmpq_is_zero(part->rho + id)) continue;
    depth_value_struct *second = job->value->other ? job->value->other : job->value;
    if (same && second == job->value) {
      fmpq_set(x, part->rho + id);
    } else {
      depth_cone_expand(part->expanded, part->cone,
                        depth_walk_string(part->walk, id));
      unsigned e = pauli_mul(other, part->expanded, shift, w);
      depth_value_get(x, second, other);
      if (e & 2) fmpq_neg(x, x);
    }
    fmpq_mul(x, x, part->rho + id);
    fmpz_lcm(den, den, fmpq_denref(x));
    any = any || !fmpq_is_zero(x);
  }
  for (size_t id = 0; id < num; id++) {
    fmpz_divexact(values + id, den, fmpq_denref(exact + id));
    fmpz_mul(values + id, values + id, fmpq_numref(exact + id));
    fmpq_clear(exact + id);
  }
  flint_free(exact);
  flint_free(other);
  return any;
}

static void fill_weights(fmpz *weights, fmpz_t scale, const portion_t *part,
                         const job_t *job, const uint64_t *shift) {
  size_t w = job->frame->num_words;
  const pauli_sum_struct *sum = job->sum;
  uint64_t *other = flint_malloc((2 * w + 1) * sizeof *other);
  fmpq *exact = flint_malloc((part->num_terms + 1) * sizeof *exact);
  fmpz_one(scale);
  for (size_t s = 0; s < part->num_terms; s++) {
    size_t t = part->terms[s];
    unsigned e = pauli_mul(other, pauli_sum_string(sum, t), shift, w);
    fmpq_init(exact + s);
    size_t u = pauli_sum_find(sum, other);
    if (u == SIZE_MAX) continue;
    fmpq_mul(exact + s, sum->coeffs + t, sum->coeffs + u);
    if (e & 2) fmpq_neg(exact + s, exact + s);
    fmpz_lcm(scale, scale, fmpq_denref(exact + s));
  }
  for (size_t s = 0; s < part->num_terms; s++) {
    fmpz_divexact(weights + s, scale, fmpq_denref(exact + s));
    fmpz_mul(weights + s, weights + s, fmpq_numref(exact + s));
    fmpq_clear(exact + s);
  }
  flint_free(exact);
  flint_free(other);
}

/* All L of a portion, one after another in rows of 2w words: the differences
   of its terms with the terms of their group, each once. */
static int compare_rows(const void *a, const void *b, void *width) {
  return memcmp(a, b, *(size_t *)width);
}

static uint64_t *portion_shifts(size_t *num_shifts, const portion_t *part,
                                const job_t *job) {
  const pauli_sum_struct *sum = job->sum;
  size_t w = sum->num_words, count = 0, alloc = 16;
  size_t bytes = 2 * w * sizeof(uint64_t);
  uint64_t *rows = flint_malloc(alloc * bytes + 1);
  for (size_t s = 0; s < part->num_terms; s++)
    for (size_t u = 0; u < sum->length; u++) {
      size_t t = part->terms[s];
      if (job->group[t] != job->group[u]) continue;
      if (count == alloc) rows = flint_realloc(rows, (alloc *= 2) * bytes + 1);
      pauli_xor(rows + count++ * 2 * w, pauli_sum_string(sum, t),
                pauli_sum_string(sum, u), w);
    }
  qsort_r(rows, count, bytes, compare_rows, &bytes);
  *num_shifts = 0;
  for (size_t k = 0; k < count; k++)
    if (k == 0 || memcmp(rows + k * 2 * w, rows + (k - 1) * 2 * w, bytes))
      memmove(rows + (*num_shifts)++ * 2 * w, rows + k * 2 * w, bytes);
  return rows;
}

/* den: what values and weights are over. */
static void note_denominator(balls_t *balls, const fmpz_t den,
                             const depth_noise_t noise, const job_t *job,
                             const depth_walk_t walk) {
  fmpz_t d;
  uint32_t chain = depth_walk_chain(walk);
  fmpz_init(d);
  depth_frame_denominator(d, job->frame);
  uint64_t bits =
      (uint64_t)fmpz_bits(d) * noise->most + chain + (uint64_t)fmpz_bits(den);
  if (fmpz_is_zero(balls->den) || bits > balls->max_bits) {
    fmpz_zero(balls->den);
  } else {
    fmpz_pow_ui(d, d, noise->most);
    fmpz_mul(d, d, den);
    fmpz_mul_2exp(d, d, chain);
    fmpz_lcm(balls->den, balls->den, d);
    if (fmpz_bits(balls->den) > balls->max_bits) fmpz_zero(balls->den);
  }
  fmpz_clear(d);
}

/* values and weights are integers over den. */
static status_t add_noisy(portion_t *part, job_t *job, const uint64_t *shift,
                          const fmpz *values, const fmpz *weights, const fmpz_t den) {
  balls_t *balls = job->balls;
  size_t num_gates = part->walk->num_gates;
  depth_noise_t noise;
  arb_t total;
  arb_ptr gradient = NULL;
  arb_init(total);
  if (balls->gradient) gradient = _arb_vec_init((slong)num_gates + 1);
  depth_noise_init(noise, job->frame, part->cone, part->walk, part->num_terms, shift,
                   balls->prec_bits);
  status_t status =
      depth_noise_evaluate(total, gradient, noise, part->walk, weights,
                           part->num_terms, values, balls->prec_bits, job->limits);
  if (status == STATUS_LIMIT && gradient) {
    arb_zero(total);
    status = depth_noise_evaluate(total, NULL, noise, part->walk, weights,
                                  part->num_terms, values, balls->prec_bits,
                                  job->limits);
    if (status == STATUS_OK) status = STATUS_UNDECIDED;
  }
  if (status != STATUS_LIMIT) {
    note_denominator(balls, den, noise, job, part->walk);
    arb_div_fmpz(total, total, den, balls->prec_bits);
    arb_add(balls->second, balls->second, total, balls->prec_bits);
  }
  for (size_t g = 0; gradient && status == STATUS_OK && g < num_gates; g++) {
    arb_ptr sum = balls->gradient + part->cone->gates[g];
    arb_div_fmpz(gradient + g, gradient + g, den, balls->prec_bits);
    arb_add(sum, sum, gradient + g, balls->prec_bits);
  }
  depth_noise_clear(noise);
  if (gradient) _arb_vec_clear(gradient, (slong)num_gates + 1);
  arb_clear(total);
  return status;
}

/* Adds one L's share. STATUS_UNDECIDED: without the gradients. */
static status_t add_shift(portion_t *part, job_t *job, const uint64_t *shift) {
  size_t num = part->walk->num_strings, num_gates = part->walk->num_gates;
  status_t status = STATUS_OK;
  fmpz *values = _fmpz_vec_init((slong)num + 1);
  fmpz *weights = _fmpz_vec_init((slong)part->num_terms + 1);
  fmpq *gradient = NULL;
  fmpz_t den, scale;
  fmpq_t total;
  fmpz_init(den);
  fmpz_init(scale);
  fmpq_init(total);
  if (!fill_values(values, den, part, job, shift)) goto cleanup;
  fill_weights(weights, scale, part, job, shift);
  fmpz_mul(den, den, scale);
  if (job->balls) {
    status = add_noisy(part, job, shift, values, weights, den);
    goto cleanup;
  }
  if (job->gradient) {
    gradient = flint_malloc((num_gates + 1) * sizeof *gradient);
    for (size_t g = 0; g < num_gates; g++) fmpq_init(gradient + g);
  }
  status = depth_walk_evaluate(total, gradient, part->walk, weights,
                               part->num_terms, values, job->limits);
  if (status == STATUS_LIMIT && gradient) {
    status = depth_walk_evaluate(total, NULL, part->walk, weights,
                                 part->num_terms, values, job->limits);
    if (status == STATUS_OK) status = STATUS_UNDECIDED;
  }
  if (status == STATUS_LIMIT) goto cleanup;
  fmpq_div_fmpz(total, total, den);
  fmpq_add(job->second, job->second, total);
  if (status == STATUS_UNDECIDED) goto cleanup;
  for (size_t g = 0; gradient && g < num_gates; g++) {
    fmpq *sum = job->gradient + part->cone->gates[g];
    fmpq_div_fmpz(gradient + g, gradient + g, den);
    fmpq_add(sum, sum, gradient + g);
  }
cleanup:
  for (size_t g = 0; gradient && g < num_gates; g++) fmpq_clear(gradient + g);
  flint_free(gradient);
  _fmpz_vec_clear(values, (slong)num + 1);
  _fmpz_vec_clear(weights, (slong)part->num_terms + 1);
  fmpz_clear(den);
  fmpz_clear(scale);
  fmpq_clear(total);
  return status;
}

static void fill_rho(portion_t *part, job_t *job) {
  size_t num = part->walk->num_strings;
  part->rho = flint_malloc((num + 1) * sizeof *part->rho);
  part->has_local =
      num > job->frame->num_qubits &&
      depth_value_init_local(part->local, job->value, part->cone);
  for (size_t id = 0; id < num; id++) {
    fmpq_init(part->rho + id);
    if (part->has_local) {
      depth_value_get(part->rho + id, part->local,
                      depth_walk_string(part->walk, id));
      continue;
    }
    depth_cone_expand(part->expanded, part->cone,
                      depth_walk_string(part->walk, id));
    depth_value_get(part->rho + id, job->value, part->expanded);
  }
}

static void note_cost(const portion_t *part, job_t *job) {
  const depth_walk_struct *walk = part->walk;
  if (walk->num_strings > job->most_strings)
    job->most_strings = walk->num_strings;
  for (size_t g = 0; g < walk->num_gates; g++)
    if (walk->gate_start[g + 1] > walk->gate_start[g])
      job->met[part->cone->gates[g]] = 1;
}

/* Exact numbers of as many bits as the chain, one for each gate. */
static bool is_too_long(const portion_t *part, const job_t *job) {
  return (uint64_t)depth_walk_chain(part->walk) *
             (job->gradient ? part->walk->num_gates : 1) > DEPTH_EXACT_BITS;
}

/* Walks from term t, together with the other terms on its way. */
static status_t do_portion(job_t *job, size_t t) {
  portion_t part = {.num_terms = 1};
  size_t w = job->frame->num_words, num_shifts;
  part.terms = flint_malloc((job->sum->length + 1) * sizeof *part.terms);
  part.expanded = flint_malloc((2 * w + 1) * sizeof *part.expanded);
  part.terms[0] = t;
  status_t status = portion_lay(&part, job);
  if (status == STATUS_OK && portion_absorb(&part, job)) {
    portion_unlay(&part);
    status = portion_lay(&part, job);
    if (status != STATUS_OK) {
      part.num_terms = 1;
      status = portion_lay(&part, job);
    }
  }
  if (status != STATUS_OK) {
    if (!depth_limits_stop(job->limits)) job->too_much = DEPTH_STRINGS;
    goto cleanup;
  }
  if (!job->balls && is_too_long(&part, job)) {
    job->too_much = DEPTH_DIGITS;
    portion_unlay(&part);
    status = STATUS_LIMIT;
    goto cleanup;
  }
  fill_rho(&part, job);
  note_cost(&part, job);
  uint64_t *shifts = portion_shifts(&num_shifts, &part, job);
  for (size_t k = 0; k < num_shifts && status != STATUS_LIMIT; k++) {
    status_t one = add_shift(&part, job, shifts + k * 2 * w);
    if (one != STATUS_OK) status = one;
  }
  flint_free(shifts);
  for (size_t s = 0; s < part.num_terms; s++) job->done[part.terms[s]] = true;
  for (size_t id = 0; id < part.walk->num_strings; id++)
    fmpq_clear(part.rho + id);
  flint_free(part.rho);
  if (part.has_local) depth_value_clear(part.local);
  portion_unlay(&part);
cleanup:
  flint_free(part.terms);
  flint_free(part.expanded);
  return status;
}

/* All portions; the sums are in the job. */
static status_t run_portions(job_t *job, size_t *num_strings, size_t *num_gates) {
  size_t num_terms = job->sum->length;
  status_t status = STATUS_OK;
  job->group = flint_calloc(num_terms + 1, sizeof *job->group);
  job->done = flint_calloc(num_terms + 1, sizeof *job->done);
  job->met = flint_calloc(job->frame->num_gates + 1, 1);
  find_groups(job);
  for (size_t t = 0; t < num_terms && status != STATUS_LIMIT; t++)
    if (!job->done[t]) {
      status_t one = do_portion(job, t);
      if (one != STATUS_OK) status = one;
    }
  if (status != STATUS_LIMIT) {
    *num_strings = job->most_strings;
    *num_gates = 0;
    for (size_t g = 0; g < job->frame->num_gates; g++) *num_gates += job->met[g];
  }
  flint_free(job->group);
  flint_free(job->done);
  flint_free(job->met);
  return status;
}

status_t depth_independent_noisy(arb_t second, arb_ptr gate_gradient,
                                 fmpz_t denominator, ulong max_bits,
                                 size_t *num_strings, size_t *num_gates,
                                 const depth_frame_t frame, depth_value_t value,
                                 const pauli_sum_t observable, slong prec_bits,
                                 const depth_limits_t *limits) {
  balls_t balls = {.second = second, .gradient = gate_gradient,
                   .prec_bits = prec_bits, .max_bits = max_bits};
  job_t job = {.frame = frame, .value = value, .sum = observable,
               .limits = limits, .balls = &balls};
  fmpz_init_set_ui(balls.den, 1);
  fmpq_init(job.second);
  status_t status = run_portions(&job, num_strings, num_gates);
  fmpz_swap(denominator, balls.den);
  fmpz_clear(balls.den);
  fmpq_clear(job.second);
  return status;
}

status_t depth_independent_moments(fmpq_t second, fmpq *gate_gradient,
                                   depth_too_much_t *too_much,
                                   size_t *num_strings, size_t *num_gates,
                                   const depth_frame_t frame,
                                   depth_value_t value,
                                   const pauli_sum_t observable,
                                   const depth_limits_t *limits) {
  job_t job = {.frame = frame, .value = value, .sum = observable,
               .limits = limits};
  fmpq_init(job.second);
  if (gate_gradient) {
    job.gradient =
        flint_malloc((frame->num_gates + 1) * sizeof *job.gradient);
    for (size_t g = 0; g < frame->num_gates; g++)
      fmpq_init(job.gradient + g);
  }
  status_t status = run_portions(&job, num_strings, num_gates);
  *too_much = job.too_much;
  if (status != STATUS_LIMIT) fmpq_swap(second, job.second);
  for (size_t g = 0; gate_gradient && g < frame->num_gates; g++) {
    if (status == STATUS_OK) fmpq_swap(gate_gradient + g, job.gradient + g);
    fmpq_clear(job.gradient + g);
  }
  fmpq_clear(job.second);
  flint_free(job.gradient);
  return status;
}
