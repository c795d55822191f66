#include "algebra/analysis/family.h"

#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/text.h"

void family_init(family_t *family) { *family = (family_t){0}; }

static void member_clear(family_member_t *m) {
  for (size_t i = 0; i < m->num_ideals; i++) {
    fmpz_clear(m->ideals[i].rank);
    fmpz_clear(m->ideals[i].dimension);
    fmpz_clear(m->ideals[i].count);
  }
  for (size_t j = 0; j < m->num_points; j++) {
    family_point_t *p = m->points + j;
    for (int q = 0; q < FAMILY_QUANTITIES; q++) fmpq_clear(p->value + q);
    free(p->observable);
    free(p->state);
  }
  flint_free(m->ideals);
  flint_free(m->points);
  fmpq_clear(m->dimension);
  free(m->value);
}

void family_clear(family_t *family) {
  for (size_t i = 0; i < family->length; i++)
    member_clear(family->members + i);
  flint_free(family->members);
}

family_member_t *family_add(family_t *family, const char *value,
                            size_t num_ideals, size_t num_points) {
  family->members = flint_realloc(
      family->members, (family->length + 1) * sizeof *family->members);
  family_member_t *m = family->members + family->length++;
  *m = (family_member_t){.value = text_copy(value),
                         .num_ideals = num_ideals,
                         .num_points = num_points};
  fmpq_init(m->dimension);
  m->ideals = flint_calloc(num_ideals + 1, sizeof *m->ideals);
  m->points = flint_calloc(num_points + 1, sizeof *m->points);
  for (size_t i = 0; i < num_ideals; i++) {
    fmpz_init(m->ideals[i].rank);
    fmpz_init(m->ideals[i].dimension);
    fmpz_init(m->ideals[i].count);
  }
  for (size_t j = 0; j < num_points; j++) {
    m->points[j].verdict = ANSWER_UNDECIDED;
    for (int q = 0; q < FAMILY_QUANTITIES; q++)
      fmpq_init(m->points[j].value + q);
  }
  return m;
}

static slong positive_integer(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);
  return *end || value <= 0 || value > 1L << 20 ? 0 : value;
}

/* --- the members in order of size ---------------------------------- */

typedef struct {
  const char *variable; /* "qubits" or "value" */
  slong length;
  const family_member_t **members;
  slong *sizes; /* strictly increasing */
  bool is_size; /* n is the number of qubits */
  bool ordered; /* by distinct positive sizes */
  bool uniform;
  char *classification; /* of the ideals in n, NULL unless uniform */
} series_t;

static int compare_members(const void *a, const void *b) {
  const family_member_t *x = *(const family_member_t *const *)a;
  const family_member_t *y = *(const family_member_t *const *)b;
  return (x->size > y->size) - (x->size < y->size);
}

/* Or why the members are no family in a size. */
static reason_code_t series_init(series_t *s, family_t *family) {
  bool same_qubits = true;
  *s = (series_t){.variable = "qubits", .length = (slong)family->length};
  s->members = flint_malloc((family->length + 1) * sizeof *s->members);
  s->sizes = flint_malloc((family->length + 1) * sizeof *s->sizes);
  for (size_t i = 0; i < family->length; i++)
    same_qubits &= family->members[i].qubits == family->members[0].qubits;
  s->is_size = !same_qubits || family->length <= 1;
  if (!s->is_size) s->variable = "value";
  for (size_t i = 0; i < family->length; i++) {
    family_member_t *m = family->members + i;
    m->size = s->is_size ? (slong)m->qubits : positive_integer(m->value);
    s->members[i] = m;
    if (m->num_points != family->members[0].num_points)
      return REASON_FAMILY_UNEQUAL_MEMBERS;
  }
  for (size_t i = 0; i < family->length; i++)
    if (family->members[i].size <= 0) return REASON_FAMILY_SIZES_NOT_POSITIVE;
  qsort(s->members, family->length, sizeof *s->members, compare_members);
  for (slong i = 0; i < s->length; i++) {
    s->sizes[i] = s->members[i]->size;
    if (i && s->sizes[i] == s->sizes[i - 1])
      return REASON_FAMILY_SIZE_TWICE;
  }
  s->ordered = s->length > 0;
  return s->ordered ? REASON_NONE : REASON_FAMILY_EMPTY;
}

static void series_clear(series_t *s) {
  flint_free(s->members);
  flint_free(s->sizes);
  free(s->classification);
}

/* --- closed forms ---------------------------------- */

/* value_i = slope n_i + offset for all i (at least 3)? */
static bool is_affine(slong *slope, slong *offset, const slong *sizes,
                      const fmpz *values, slong length) {
  fmpz_t step;
  fmpz_init(step);
  bool affine = length >= 3;
  if (affine) {
    fmpz_sub(step, values + 1, values);
    slong gap = sizes[1] - sizes[0];
    affine = fmpz_fits_si(step) && fmpz_get_si(step) % gap == 0;
    *slope = affine ? fmpz_get_si(step) / gap : 0;
    fmpz_set_si(step, *slope);
    fmpz_mul_si(step, step, sizes[0]);
    fmpz_sub(step, values, step);
    affine = affine && fmpz_fits_si(step);
    *offset = affine ? fmpz_get_si(step) : 0;
  }
  for (slong i = 0; i < length && affine; i++) {
    fmpz_set_si(step, *slope);
    fmpz_mul_si(step, step, sizes[i]);
    fmpz_add_si(step, step, *offset);
    affine = fmpz_equal(step, values + i);
  }
  fmpz_clear(step);
  return affine;
}

static char *affine_text(slong slope, slong offset) {
  char *text = NULL;
  char product[32] = "n";
  if (slope != 1) snprintf(product, sizeof product, "%ld n", (long)slope);
  if (slope == 0) text = text_print("%ld", (long)offset);
  else if (offset == 0) text = text_print("%s", product);
  else
    text = text_print("%s %c %ld", product, offset < 0 ? '-' : '+',
                      labs((long)offset));
  return text;
}

/* "2 n", "2^n", "2^(n - 1)" for values that follow such a law, else NULL. */
static char *law_text(const series_t *s, const fmpz *values) {
  slong slope, offset;
  char *text = NULL;
  if (is_affine(&slope, &offset, s->sizes, values, s->length))
    return affine_text(slope, offset);
  fmpz *logs = _fmpz_vec_init(s->length);
  bool powers = true;
  for (slong i = 0; i < s->length && powers; i++) {
    powers = fmpz_sgn(values + i) > 0;
    if (!powers) break;
    slong bits = (slong)fmpz_bits(values + i) - 1;
    powers = fmpz_val2(values + i) == (ulong)bits;
    fmpz_set_si(logs + i, bits);
  }
  if (powers && is_affine(&slope, &offset, s->sizes, logs, s->length)) {
    char *exponent = affine_text(slope, offset);
    bool plain = slope == 1 && offset == 0;
    text = text_print(plain ? "2^%s" : "2^(%s)", exponent);
    free(exponent);
  }
  _fmpz_vec_clear(logs, s->length);
  return text;
}

/* One simple ideal as count copies of su(N), so(N) or sp(N). Low ranks have
   several names: A1 = su(2) = sp(1) = so(3), two of it so(4); C2 = sp(2) =
   so(5); A3 = su(4) = so(6). split: write two A1 as so(4) rather than so(3).
   False when the ideal is not of that kind. */
static bool ideal_as(fmpz_t argument, fmpz_t count, const ideal_struct *ideal,
                     char kind, bool split) {
  ulong rank = fmpz_abs_fits_ui(ideal->rank) ? fmpz_get_ui(ideal->rank) : 0;
  fmpz_set(argument, ideal->rank);
  fmpz_set(count, ideal->count);
  switch (kind) {
    case 'A': /* su */
      fmpz_add_ui(argument, argument, 1);
      return ideal->letter == 'A';
    case 'C': /* sp */
      return ideal->letter == 'C' || (ideal->letter == 'A' && rank == 1);
    case 'D': /* so */
      break;
    default: return false;
  }
  if (ideal->letter == 'B' || ideal->letter == 'D') {
    fmpz_mul_2exp(argument, argument, 1);
    if (ideal->letter == 'B') fmpz_add_ui(argument, argument, 1);
    return true;
  }
  if (ideal->letter == 'A' && rank == 1) {
    fmpz_set_ui(argument, split ? 4 : 3);
    if (split && fmpz_is_odd(count)) return false;
    if (split) fmpz_fdiv_q_2exp(count, count, 1);
    return true;
  }
  fmpz_set_ui(argument, ideal->letter == 'C' ? 5 : 6);
  return (ideal->letter == 'C' && rank == 2) ||
         (ideal->letter == 'A' && rank == 3);
}

/* "1 x su(2^n)" for ideal i of every member, else NULL. */
static char *ideal_law(const series_t *s, size_t i, char kind, bool split) {
  fmpz *values = _fmpz_vec_init(s->length), *counts = _fmpz_vec_init(s->length);
  char *text = NULL;
  bool same = true;
  for (slong k = 0; k < s->length && same; k++)
    same = ideal_as(values + k, counts + k, s->members[k]->ideals + i, kind,
                    split);
  char *argument = same ? law_text(s, values) : NULL;
  char *count = argument ? law_text(s, counts) : NULL;
  const char *name = kind == 'A' ? "su" : kind == 'C' ? "sp" : "so";
  if (count) text = text_print("%s x %s(%s)", count, name, argument);
  free(argument);
  free(count);
  _fmpz_vec_clear(values, s->length);
  _fmpz_vec_clear(counts, s->length);
  return text;
}

static char *any_ideal_law(const series_t *s, size_t i) {
  char *law = ideal_law(s, i, 'A', false);
  if (!law) law = ideal_law(s, i, 'C', false);
  if (!law) law = ideal_law(s, i, 'D', false);
  return law ? law : ideal_law(s, i, 'D', true);
}

static void set_classification(series_t *s) {
  size_t count = s->members[0]->num_ideals;
  s->uniform = s->is_size && s->ordered && s->length >= 3 && count > 0;
  for (slong k = 0; k < s->length; k++)
    s->uniform &= s->members[k]->ideals_known &&
                  s->members[k]->num_ideals == count;
  for (size_t i = 0; i < count && s->uniform; i++) {
    char *law = any_ideal_law(s, i), *joined = NULL;
    s->uniform = law != NULL;
    if (law)
      joined = text_print("%s%s%s", s->classification ? s->classification : "",
                          s->classification ? " + " : "", law);
    free(law);
    if (!joined) continue;
    free(s->classification);
    s->classification = joined;
  }
  if (s->uniform) return;
  free(s->classification);
  s->classification = NULL;
}

/* --- growth ---------------------------------- */

static void sequence_init(family_sequence_t *out, slong length) {
  *out = (family_sequence_t){.known = true};
  growth_init(out->growth);
  out->has_value = flint_calloc((size_t)length + 1, sizeof *out->has_value);
  out->values = _fmpq_vec_init(length);
}

static void sequence_clear(family_sequence_t *out, slong length) {
  growth_clear(out->growth);
  flint_free(out->has_value);
  _fmpq_vec_clear(out->values, length);
}

static void sequence_set(family_sequence_t *out, slong i, bool known,
                         const fmpq_t value) {
  out->has_value[i] = known;
  out->known &= known;
  if (known) fmpq_set(out->values + i, value);
}

/* closed: a formula found is the closed one of the family. */
static void sequence_decide(family_sequence_t *out, const series_t *s,
                            bool closed) {
  out->known = out->known && s->ordered && growth_decide(out->growth, s->sizes, out->values,
                                           s->length) == STATUS_OK;
  if (out->known && closed && out->growth->basis == GROWTH_BASIS_EXACT_VALUES)
    out->growth->basis = GROWTH_BASIS_CLOSED_FORM;
}

/* A formula for all but the smallest sizes, with MIN_TAIL values at least. */
static void decide_tail(family_sequence_t *out, const series_t *s) {
  enum { MIN_TAIL = 4 };
  for (slong from = 1; from + MIN_TAIL <= s->length; from++) {
    growth_t growth;
    growth_init(growth);
    if (growth_decide(growth, s->sizes + from, out->values + from,
                      s->length - from) == STATUS_OK &&
        growth->basis == GROWTH_BASIS_EXACT_VALUES) {
      growth_clear(out->growth);
      *out->growth = *growth;
      out->from = s->sizes[from];
      return;
    }
    growth_clear(growth);
  }
}

/* Growth of one quantity of landscape j. */
static void decide_quantity(family_sequence_t *out, const series_t *s, size_t j,
                            family_quantity_t which) {
  bool own = which == FAMILY_OWN_GRADIENT || which == FAMILY_OWN_VARIANCE;
  sequence_init(out, s->length);
  for (slong i = 0; i < s->length; i++) {
    const family_point_t *p = s->members[i]->points + j;
    sequence_set(out, i, p->known[which], p->value + which);
  }
  sequence_decide(out, s, s->uniform && !own);
  if (own && s->is_size && out->known &&
      out->growth->basis == GROWTH_BASIS_FIT)
    decide_tail(out, s);
}

/* --- Gaussian process ---------------------------------- */

static bool is_constant(const series_t *s, size_t j) {
  for (slong i = 0; i < s->length; i++)
    if (!s->members[i]->points[j].constant) return false;
  return true;
}

/* Are all losses sums of independent uniform variables (adjoint_law.h)? */
static bool are_uniforms(const series_t *s, size_t j) {
  for (slong i = 0; i < s->length; i++)
    if (!s->members[i]->points[j].uniforms) return false;
  return true;
}

static answer_t uniforms_answer(const char **because,
                                const family_sequence_t *finite) {
  answer_t answer = finite->known ? growth_gaussian_limit(finite->growth)
                                  : ANSWER_UNDECIDED;
  *because = answer == ANSWER_YES
                 ? "a sum of independent uniform variables, the excess kurtosis of "
                   "which tends to 0"
             : answer == ANSWER_NO
                 ? "a sum of independent uniform variables, the excess kurtosis of "
                   "which does not tend to 0"
                 : "the sequence of excess kurtoses does not decide";
  return answer;
}

static answer_t gaussian_answer(const char **because,
                                const family_sequence_t *wishart,
                                const family_sequence_t *finite) {
  answer_t by_wishart = wishart->known ? growth_gaussian_limit(wishart->growth)
                                       : ANSWER_UNDECIDED;
  answer_t by_finite = finite->known ? growth_gaussian_limit(finite->growth)
                                  : ANSWER_UNDECIDED;
  *because = "the sequence of excess kurtoses does not decide";
  if (!wishart->known)
    *because = finite->known ? "not every degree of freedom is exact"
                             : "not every member is in the Wishart class";
  else if (by_wishart != by_finite)
    *because = "the Wishart form and the law at finite size do not agree";
  else if (by_wishart == ANSWER_YES)
    *because = "the excess kurtosis of the loss tends to 0";
  else if (by_wishart == ANSWER_NO)
    *because = "the excess kurtosis of the loss does not tend to 0";
  return by_wishart == by_finite ? by_wishart : ANSWER_UNDECIDED;
}

/* --- verdict ---------------------------------- */

static bool is_established(const growth_t g) {
  return g->basis == GROWTH_BASIS_CLOSED_FORM ||
         g->basis == GROWTH_BASIS_EXACT_VALUES;
}

/* The verdicts of the members on landscape j. */
typedef struct {
  slong yes, no, circuits, upper_bounds;
  bool largest_no;  /* of the two largest sizes */
  bool largest_yes; /* of the largest */
} members_t;

static members_t count_members(const series_t *s, size_t j) {
  members_t m = {.largest_no = true};
  for (slong i = 0; i < s->length; i++) {
    const family_point_t *p = s->members[i]->points + j;
    m.yes += p->verdict == ANSWER_YES;
    m.no += p->verdict == ANSWER_NO;
    m.circuits += p->rests_on_circuit;
    m.upper_bounds += s->members[i]->upper_bound;
    if (i >= s->length - 2)
      m.largest_no = m.largest_no && p->verdict == ANSWER_NO;
    m.largest_yes = p->verdict == ANSWER_YES;
  }
  return m;
}

/* A sweep over something that is no size. */
static answer_t judge_values(const char **because, const members_t *m,
                             slong length) {
  if (m->yes == length) {
    *because = "every member is trainable";
    return ANSWER_YES;
  }
  if (m->no == length) {
    *because = "no member is trainable";
    return ANSWER_NO;
  }
  *because = "the members have different verdicts, or are undecided, and what is "
             "swept is no size: see the rows";
  return ANSWER_UNDECIDED;
}

/* No by the growth of the gradient variance or the degrees of freedom? */
static bool grows_untrainable(const char **because,
                              const family_sequence_t *gradient,
                              const family_sequence_t *degrees,
                              const members_t *m) {
  bool established = gradient && gradient->known &&
                     is_established(gradient->growth);
  if (established && gradient->growth->kind == GROWTH_ZERO) {
    *because = "no parameter moves the loss";
    return true;
  }
  if (established && gradient->growth->kind == GROWTH_EXP_DECAY) {
    *because = "the shots per gradient component grow exponentially (barren "
               "plateau)";
    return true;
  }
  if (m->largest_no) {
    *because = "the members of the largest sizes are not trainable";
    return true;
  }
  if (m->circuits == 0 && !m->largest_yes && degrees->known &&
      is_established(degrees->growth) &&
      degrees->growth->kind == GROWTH_EXPONENTIAL) {
    *because = "the parameters needed for local minima to merge, p*, grow "
               "exponentially";
    return true;
  }
  return false;
}

static answer_t judge_sizes(const char **because, const family_landscape_t *l,
                            const members_t *m, slong length) {
  const family_sequence_t *gradient =
      m->circuits == length ? l->quantities + FAMILY_OWN_GRADIENT
      : m->circuits == 0    ? l->quantities + FAMILY_GRADIENT
                            : NULL;
  if (grows_untrainable(because, gradient, l->quantities + FAMILY_DEGREES, m))
    return ANSWER_NO;
  if (!gradient || !gradient->known) {
    *because = "the growth of the gradient variance is not known";
  } else if (!is_established(gradient->growth)) {
    *because = "no formula reproduces the gradient variances; a fit decides "
               "nothing";
  } else if (m->yes < length) {
    *because = "the shots per gradient component grow polynomially at most, but "
               "not every member is trainable by itself: see the rows";
  } else {
    *because = "the shots per gradient component grow polynomially at most, and "
               "every member is trainable";
    return ANSWER_YES;
  }
  return ANSWER_UNDECIDED;
}

static answer_t judge(const char **because, const family_landscape_t *l,
                      const series_t *s, size_t j) {
  members_t m = count_members(s, j);
  if (m.upper_bounds) {
    *because = "the algebra of a member is only an upper bound, on which nothing "
               "is judged";
    return ANSWER_UNDECIDED;
  }
  return s->is_size ? judge_sizes(because, l, &m, s->length)
                    : judge_values(because, &m, s->length);
}

static growth_basis_t weaker_basis(const family_sequence_t *a,
                                   const family_sequence_t *b) {
  growth_basis_t basis = a->known ? a->growth->basis : GROWTH_BASIS_NONE;
  return b->known && b->growth->basis > basis ? b->growth->basis : basis;
}

static void landscape_decide(family_landscape_t *out, const series_t *s,
                             size_t j) {
  const family_point_t *p = s->members[0]->points + j;
  out->observable = p->observable;
  out->state = p->state;
  for (int q = 0; q < FAMILY_QUANTITIES; q++)
    decide_quantity(out->quantities + q, s, j, (family_quantity_t)q);
  out->gaussian = ANSWER_NO;
  out->gaussian_because = "no parameter moves the loss of any member";
  if (are_uniforms(s, j))
    out->gaussian = uniforms_answer(&out->gaussian_because,
                                    out->quantities + FAMILY_KURTOSIS_FINITE);
  else if (!is_constant(s, j))
    out->gaussian = gaussian_answer(&out->gaussian_because,
                                    out->quantities + FAMILY_KURTOSIS,
                                    out->quantities + FAMILY_KURTOSIS_FINITE);
  out->trainable = judge(&out->because, out, s, j);
  out->basis = weaker_basis(out->quantities + FAMILY_DEGREES,
                            out->quantities + FAMILY_GRADIENT);
}

/* --- all ---------------------------------- */

static void decide_all(family_growth_t out, const series_t *s) {
  sequence_init(&out->dimension, s->length);
  for (slong i = 0; i < s->length; i++)
    sequence_set(&out->dimension, i, s->members[i]->dimension_known,
                 s->members[i]->dimension);
  sequence_decide(&out->dimension, s, s->uniform);
  out->num_landscapes = s->members[0]->num_points;
  out->landscapes =
      flint_calloc(out->num_landscapes + 1, sizeof *out->landscapes);
  for (size_t j = 0; j < out->num_landscapes; j++)
    landscape_decide(out->landscapes + j, s, j);
}

/* Values that are no sizes may be judged by the members all the same. */
static bool can_be_judged(const series_t *s, reason_code_t reason) {
  return !reason || (!s->is_size && (reason == REASON_FAMILY_SIZES_NOT_POSITIVE ||
                                     reason == REASON_FAMILY_SIZE_TWICE));
}

void family_growth_init(family_growth_t out, family_t *family) {
  series_t s;
  *out = (family_growth_struct){.reason = series_init(&s, family)};
  out->judged = can_be_judged(&s, out->reason);
  if (out->judged) {
    set_classification(&s);
    decide_all(out, &s);
    out->variable = s.variable;
    out->length = s.length;
    out->sizes = s.sizes;
    out->classification = s.classification;
    out->order = flint_malloc(((size_t)s.length + 1) * sizeof *out->order);
    for (slong i = 0; i < s.length; i++)
      out->order[i] = (size_t)(s.members[i] - family->members);
    s.sizes = NULL;
    s.classification = NULL;
  }
  series_clear(&s);
}

void family_growth_clear(family_growth_t out) {
  if (!out->judged) return;
  for (size_t j = 0; j < out->num_landscapes; j++) {
    for (int q = 0; q < FAMILY_QUANTITIES; q++)
      sequence_clear(out->landscapes[j].quantities + q, out->length);
  }
  sequence_clear(&out->dimension, out->length);
  flint_free(out->landscapes);
  flint_free(out->sizes);
  flint_free(out->order);
  free(out->classification);
}
