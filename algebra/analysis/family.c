#include "algebra/analysis/family.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Quantities of one landscape whose growth is asked. */
typedef enum { DEGREES, GRADIENT, WISHART_KURTOSIS, FINITE_KURTOSIS, KINDS }
    quantity_t;

typedef struct {
  bool known[KINDS];
  fmpq value[KINDS];
  bool constant; /* no parameter moves the loss */
  bool uniforms; /* the loss is a sum of independent uniform variables */
  char *observable, *state;
} point_t;

typedef struct {
  char *value;  /* as swept */
  slong size;   /* 0: none */
  size_t qubits;
  bool dimension_known;
  fmpq_t dimension;
  size_t num_ideals;
  ideal_struct *ideals;
  size_t num_points;
  point_t *points;
} member_t;

struct family {
  size_t length;
  member_t *members;
};

family_t *family_new(void) {
  family_t *family = flint_calloc(1, sizeof *family);
  return family;
}

static void point_clear(point_t *p) {
  for (int q = 0; q < KINDS; q++) fmpq_clear(p->value + q);
  free(p->observable);
  free(p->state);
}

static void member_clear(member_t *m) {
  for (size_t i = 0; i < m->num_ideals; i++) {
    fmpz_clear(m->ideals[i].rank);
    fmpz_clear(m->ideals[i].dimension);
    fmpz_clear(m->ideals[i].count);
  }
  for (size_t j = 0; j < m->num_points; j++) point_clear(m->points + j);
  flint_free(m->ideals);
  flint_free(m->points);
  fmpq_clear(m->dimension);
  free(m->value);
}

void family_free(family_t *family) {
  for (size_t i = 0; i < family->length; i++)
    member_clear(family->members + i);
  flint_free(family->members);
  flint_free(family);
}

/* --- one member ---------------------------------- */

static void set_value(point_t *p, quantity_t which, bool known,
                      const fmpq_t value) {
  p->known[which] = known;
  if (known) fmpq_set(p->value + which, value);
}

static void point_init(point_t *p, const analysis_t c, size_t j) {
  const landscape_struct *l = c->landscapes + j;
  const outlook_struct *o = c->outlooks + j;
  fmpq_t number;
  fmpq_init(number);
  *p = (point_t){.constant = o->shots_known && o->num_moving == 0};
  for (int q = 0; q < KINDS; q++) fmpq_init(p->value + q);
  if (o->shots_known && o->num_moving) fmpq_inv(number, o->shots_typical);
  set_value(p, GRADIENT, o->shots_known && landscape_is_exact(l), number);
  if (!p->constant) {
    fmpq_zero(number);
    fmpz_set(fmpq_numref(number), o->minima->threshold);
    set_value(p, DEGREES, o->minima_known, number);
    set_value(p, WISHART_KURTOSIS,
              o->wishart_known && o->wishart->has_kurtosis,
              o->wishart->excess_kurtosis);
    set_value(p, FINITE_KURTOSIS, o->finite_known && o->finite->has_kurtosis,
              o->finite->excess_kurtosis);
    const adjoint_struct *a = c->adjoints + j;
    if (l->wishart_applies != ANSWER_YES && a->has_law) {
      set_value(p, FINITE_KURTOSIS,
                adjoint_law_kurtosis(number, a->loss->law), number);
      p->uniforms = adjoint_law_is_uniforms(a->loss->law);
    }
  }
  p->observable = pauli_sum_get_str(c->ansatz->observables[l->observable].sum);
  p->state = strdup(c->ansatz->states[l->state].text);
  fmpq_clear(number);
}

static slong positive_integer(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);
  return *end || value <= 0 || value > 1L << 20 ? 0 : value;
}

void family_add(family_t *family, const analysis_t c, const char *value) {
  const structure_struct *s = c->structure;
  family->members = flint_realloc(
      family->members, (family->length + 1) * sizeof *family->members);
  member_t *m = family->members + family->length++;
  *m = (member_t){.value = strdup(value),
                  .qubits = c->ansatz->num_qubits,
                  .size = positive_integer(value),
                  .dimension_known = c->dimension_known && s->proved,
                  .num_points = c->num_landscapes};
  fmpq_init(m->dimension);
  fmpz_set(fmpq_numref(m->dimension), s->dimension);
  if (s->ideals_known && s->proved) {
    m->num_ideals = s->num_ideals;
    m->ideals = flint_malloc((s->num_ideals + 1) * sizeof *m->ideals);
    for (size_t i = 0; i < s->num_ideals; i++) {
      m->ideals[i].letter = s->ideals[i].letter;
      fmpz_init_set(m->ideals[i].rank, s->ideals[i].rank);
      fmpz_init_set(m->ideals[i].dimension, s->ideals[i].dimension);
      fmpz_init_set(m->ideals[i].count, s->ideals[i].count);
    }
  }
  m->points = flint_malloc((m->num_points + 1) * sizeof *m->points);
  for (size_t j = 0; j < m->num_points; j++) point_init(m->points + j, c, j);
}

/* --- the members in order of size ---------------------------------- */

typedef struct {
  const char *variable; /* "qubits" or "value" */
  slong length;
  const member_t **members;
  slong *sizes; /* strictly increasing */
  bool uniform;
  char *classification; /* of the ideals in n, NULL unless uniform */
} series_t;

static int compare_members(const void *a, const void *b) {
  const member_t *x = *(const member_t *const *)a;
  const member_t *y = *(const member_t *const *)b;
  return (x->size > y->size) - (x->size < y->size);
}

/* NULL, or why the members are no family. */
static reason_code_t series_init(series_t *s, const family_t *family) {
  bool same_qubits = true;
  *s = (series_t){.variable = "qubits", .length = (slong)family->length};
  s->members = flint_malloc((family->length + 1) * sizeof *s->members);
  s->sizes = flint_malloc((family->length + 1) * sizeof *s->sizes);
  for (size_t i = 0; i < family->length; i++)
    same_qubits &= family->members[i].qubits == family->members[0].qubits;
  if (same_qubits && family->length > 1) s->variable = "value";
  for (size_t i = 0; i < family->length; i++) {
    member_t *m = family->members + i;
    if (strcmp(s->variable, "value")) m->size = (slong)m->qubits;
    s->members[i] = m;
    if (m->num_points != family->members[0].num_points)
      return REASON_FAMILY_UNEQUAL_MEMBERS;
  }
  qsort(s->members, family->length, sizeof *s->members, compare_members);
  for (slong i = 0; i < s->length; i++) {
    s->sizes[i] = s->members[i]->size;
    if (s->sizes[i] <= 0) return REASON_FAMILY_SIZES_NOT_POSITIVE;
    if (i && s->sizes[i] == s->sizes[i - 1])
      return REASON_FAMILY_SIZE_TWICE;
  }
  return s->length ? REASON_NONE : REASON_FAMILY_EMPTY;
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
  int n;
  if (slope != 1) snprintf(product, sizeof product, "%ld n", (long)slope);
  if (slope == 0) n = asprintf(&text, "%ld", (long)offset);
  else if (offset == 0) n = asprintf(&text, "%s", product);
  else
    n = asprintf(&text, "%s %c %ld", product, offset < 0 ? '-' : '+',
                 labs((long)offset));
  if (n < 0) flint_abort();
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
    if (asprintf(&text, plain ? "2^%s" : "2^(%s)", exponent) < 0) flint_abort();
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
  if (count && asprintf(&text, "%s x %s(%s)", count, name, argument) < 0)
    flint_abort();
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
  s->uniform = s->length >= 3 && count > 0;
  for (slong k = 0; k < s->length; k++)
    s->uniform &= s->members[k]->num_ideals == count;
  for (size_t i = 0; i < count && s->uniform; i++) {
    char *law = any_ideal_law(s, i), *joined = NULL;
    s->uniform = law != NULL;
    if (law && asprintf(&joined, "%s%s%s",
                        s->classification ? s->classification : "",
                        s->classification ? " + " : "", law) < 0)
      flint_abort();
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

/* The values (borrowed numbers) decide; false when one is missing. */
static bool decide(growth_t growth, const series_t *s, const fmpq *values) {
  if (growth_decide(growth, s->sizes, values, s->length) != STATUS_OK)
    return false;
  if (s->uniform && growth->basis == GROWTH_BASIS_EXACT_VALUES)
    growth->basis = GROWTH_BASIS_CLOSED_FORM;
  return true;
}

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

static void sequence_decide(family_sequence_t *out, const series_t *s) {
  out->known = out->known && decide(out->growth, s, out->values);
}

/* Growth of one quantity of landscape j. */
static void decide_quantity(family_sequence_t *out, const series_t *s, size_t j,
                            quantity_t which) {
  sequence_init(out, s->length);
  for (slong i = 0; i < s->length; i++) {
    const point_t *p = s->members[i]->points + j;
    sequence_set(out, i, p->known[which], p->value + which);
  }
  sequence_decide(out, s);
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

static bool is_proved(const growth_t g) {
  return g->basis == GROWTH_BASIS_CLOSED_FORM ||
         g->basis == GROWTH_BASIS_EXACT_VALUES;
}

static answer_t trainable(const char **because,
                          const family_sequence_t *gradient,
                          const family_sequence_t *degrees) {
  *because = "the growth of the gradient variance is not known";
  if (!gradient->known) return ANSWER_UNDECIDED;
  if (!is_proved(gradient->growth)) {
    *because = "no formula reproduces the gradient variances; a fit decides "
               "nothing";
    return ANSWER_UNDECIDED;
  }
  if (gradient->growth->kind == GROWTH_ZERO) {
    *because = "no parameter moves the loss";
    return ANSWER_NO;
  }
  if (gradient->growth->kind == GROWTH_EXP_DECAY) {
    *because = "the shots per gradient component grow exponentially (barren "
               "plateau)";
    return ANSWER_NO;
  }
  if (!degrees->known) {
    *because = "the shots per gradient component grow polynomially at most, but "
               "the degrees of freedom, which govern local minima, are not "
               "known for every member";
    return ANSWER_UNDECIDED;
  }
  if (!is_proved(degrees->growth)) {
    *because = "no formula reproduces the degrees of freedom; a fit decides "
               "nothing";
    return ANSWER_UNDECIDED;
  }
  if (degrees->growth->kind == GROWTH_EXPONENTIAL) {
    *because = "the parameters needed for local minima to merge, p*, grow "
               "exponentially";
    return ANSWER_NO;
  }
  *because = "shots per gradient component and the parameters p* needed for "
             "local minima to merge grow polynomially at most";
  return ANSWER_YES;
}

static growth_basis_t weaker_basis(const family_sequence_t *a,
                                   const family_sequence_t *b) {
  growth_basis_t basis = a->known ? a->growth->basis : GROWTH_BASIS_NONE;
  return b->known && b->growth->basis > basis ? b->growth->basis : basis;
}

static void landscape_decide(family_landscape_t *out, const series_t *s,
                             size_t j) {
  const point_t *p = s->members[0]->points + j;
  out->observable = p->observable;
  out->state = p->state;
  decide_quantity(&out->degrees, s, j, DEGREES);
  decide_quantity(&out->gradient, s, j, GRADIENT);
  decide_quantity(&out->kurtosis, s, j, WISHART_KURTOSIS);
  decide_quantity(&out->kurtosis_finite, s, j, FINITE_KURTOSIS);
  out->gaussian = ANSWER_NO;
  out->gaussian_because = "no parameter moves the loss of any member";
  if (are_uniforms(s, j))
    out->gaussian =
        uniforms_answer(&out->gaussian_because, &out->kurtosis_finite);
  else if (!is_constant(s, j))
    out->gaussian = gaussian_answer(&out->gaussian_because, &out->kurtosis,
                                    &out->kurtosis_finite);
  out->trainable = trainable(&out->because, &out->gradient, &out->degrees);
  out->basis = weaker_basis(&out->degrees, &out->gradient);
}

/* --- all ---------------------------------- */

static void decide_all(family_growth_t out, const series_t *s) {
  sequence_init(&out->dimension, s->length);
  for (slong i = 0; i < s->length; i++)
    sequence_set(&out->dimension, i, s->members[i]->dimension_known,
                 s->members[i]->dimension);
  sequence_decide(&out->dimension, s);
  out->num_landscapes = s->members[0]->num_points;
  out->landscapes =
      flint_calloc(out->num_landscapes + 1, sizeof *out->landscapes);
  for (size_t j = 0; j < out->num_landscapes; j++)
    landscape_decide(out->landscapes + j, s, j);
}

void family_growth_init(family_growth_t out, const family_t *family) {
  series_t s;
  *out = (family_growth_struct){.reason = series_init(&s, family)};
  if (!out->reason) {
    set_classification(&s);
    decide_all(out, &s);
    out->variable = s.variable;
    out->length = s.length;
    out->sizes = s.sizes;
    out->classification = s.classification;
    s.sizes = NULL;
    s.classification = NULL;
  }
  series_clear(&s);
}

void family_growth_clear(family_growth_t out) {
  if (out->reason) return;
  for (size_t j = 0; j < out->num_landscapes; j++) {
    family_landscape_t *l = out->landscapes + j;
    sequence_clear(&l->degrees, out->length);
    sequence_clear(&l->gradient, out->length);
    sequence_clear(&l->kurtosis, out->length);
    sequence_clear(&l->kurtosis_finite, out->length);
  }
  sequence_clear(&out->dimension, out->length);
  flint_free(out->landscapes);
  flint_free(out->sizes);
  free(out->classification);
}
