#include "algebra/base/structure.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"

void structure_init(structure_t s) {
  memset(s, 0, sizeof *s);
  fmpz_init(s->dimension);
  fmpz_init(s->center);
}

void structure_clear(structure_t s) {
  for (size_t j = 0; j < s->num_ideals; j++) {
    fmpz_clear(s->ideals[j].rank);
    fmpz_clear(s->ideals[j].dimension);
    fmpz_clear(s->ideals[j].count);
  }
  for (size_t j = 0; j < s->num_sectors; j++) {
    fmpz_clear(s->sectors[j].dimension);
    fmpz_clear(s->sectors[j].multiplicity);
    fmpz_clear(s->sectors[j].count);
  }
  for (size_t j = 0; j < s->num_actions; j++) {
    fmpz_clear(s->actions[j].rank);
    fmpz_clear(s->actions[j].pairs);
    fmpz_clear(s->actions[j].dimension);
    free(s->actions[j].representation);
    free(s->actions[j].highest_weight);
  }
  flint_free(s->actions);
  flint_free(s->ideals);
  flint_free(s->sectors);
  fmpz_clear(s->dimension);
  fmpz_clear(s->center);
}

void structure_add_ideal(structure_t s, char letter, const fmpz_t rank,
                         const fmpz_t dimension, const fmpz_t count) {
  size_t at = 0;
  if (fmpz_is_zero(count)) return;
  while (at < s->num_ideals &&
         (s->ideals[at].letter < letter ||
          (s->ideals[at].letter == letter &&
           fmpz_cmp(s->ideals[at].rank, rank) < 0)))
    at++;
  if (at < s->num_ideals && s->ideals[at].letter == letter &&
      fmpz_equal(s->ideals[at].rank, rank)) {
    fmpz_add(s->ideals[at].count, s->ideals[at].count, count);
    return;
  }
  s->ideals =
      flint_realloc(s->ideals, (s->num_ideals + 1) * sizeof *s->ideals);
  memmove(s->ideals + at + 1, s->ideals + at,
          (s->num_ideals - at) * sizeof *s->ideals);
  s->num_ideals++;
  ideal_struct *ideal = s->ideals + at;
  ideal->letter = letter;
  fmpz_init_set(ideal->rank, rank);
  fmpz_init_set(ideal->dimension, dimension);
  fmpz_init_set(ideal->count, count);
}

void structure_add_su(structure_t s, const fmpz_t m, const fmpz_t count) {
  fmpz_t rank, dim;
  if (fmpz_cmp_ui(m, 2) < 0) return;
  fmpz_init(rank);
  fmpz_init(dim);
  fmpz_sub_ui(rank, m, 1);
  fmpz_mul(dim, m, m);
  fmpz_sub_ui(dim, dim, 1);
  structure_add_ideal(s, 'A', rank, dim, count);
  fmpz_clear(rank);
  fmpz_clear(dim);
}

void structure_add_sp(structure_t s, const fmpz_t m, const fmpz_t count) {
  fmpz_t dim;
  fmpz_init(dim);
  if (fmpz_is_one(m)) {
    fmpz_set_ui(dim, 2);
    structure_add_su(s, dim, count);
  } else if (fmpz_sgn(m) > 0) {
    fmpz_mul_2exp(dim, m, 1);
    fmpz_add_ui(dim, dim, 1);
    fmpz_mul(dim, dim, m); /* m (2m + 1) */
    structure_add_ideal(s, 'C', m, dim, count);
  }
  fmpz_clear(dim);
}

void structure_add_so(structure_t s, const fmpz_t m, const fmpz_t count) {
  fmpz_t a, dim;
  fmpz_init(a);
  fmpz_init(dim);
  if (fmpz_cmp_ui(m, 6) <= 0) {
    /* so(3) = su(2), so(4) = 2 su(2), so(5) = sp(2), so(6) = su(4) */
    slong small = fmpz_get_si(m);
    fmpz_set_ui(a, small == 6 ? 4 : 2);
    fmpz_mul_ui(dim, count, small == 4 ? 2 : 1);
    if (small == 5)
      structure_add_sp(s, a, dim);
    else if (small >= 3)
      structure_add_su(s, a, dim);
  } else {
    fmpz_sub_ui(a, m, 1);
    fmpz_mul(dim, m, a);
    fmpz_fdiv_q_2exp(dim, dim, 1);
    fmpz_fdiv_q_2exp(a, m, 1);
    structure_add_ideal(s, fmpz_is_even(m) ? 'D' : 'B', a, dim, count);
  }
  fmpz_clear(a);
  fmpz_clear(dim);
}

void structure_add_sector(structure_t s, const fmpz_t dimension,
                          const fmpz_t multiplicity, const fmpz_t count,
                          field_t field) {
  s->sectors =
      flint_realloc(s->sectors, (s->num_sectors + 1) * sizeof *s->sectors);
  sector_struct *sector = s->sectors + s->num_sectors++;
  fmpz_init_set(sector->dimension, dimension);
  fmpz_init_set(sector->multiplicity, multiplicity);
  fmpz_init_set(sector->count, count);
  sector->field = field;
}

char *ideal_get_type(const ideal_struct *ideal) {
  char *rank = fmpz_get_str(NULL, 10, ideal->rank), *text = NULL;
  text = text_print("%c%s", ideal->letter, rank);
  flint_free(rank);
  return text;
}

char *ideal_get_name(const ideal_struct *ideal) {
  static const char *const series[] = {"su", "so", "sp", "so"};
  char *text = NULL, *number = NULL;
  if (ideal->letter > 'D') return ideal_get_type(ideal); /* exceptional */
  fmpz_t m;
  fmpz_init(m);
  switch (ideal->letter) {
    case 'A': fmpz_add_ui(m, ideal->rank, 1); break;
    case 'C': fmpz_set(m, ideal->rank); break;
    default:
      fmpz_mul_2exp(m, ideal->rank, 1);
      if (ideal->letter == 'B') fmpz_add_ui(m, m, 1);
  }
  flint_bitcnt_t bits = fmpz_bits(m);
  if (fmpz_sizeinbase(m, 10) > 20 && fmpz_val2(m) + 1 == bits)
    text = text_print("%s(2^%lu)", series[ideal->letter - 'A'],
                      (unsigned long)(bits - 1));
  else {
    number = fmpz_get_str(NULL, 10, m);
    text = text_print("%s(%s)", series[ideal->letter - 'A'], number);
  }
  flint_free(number);
  fmpz_clear(m);
  return text;
}

const char *field_get_str(field_t field) {
  static const char *const names[] = {"real", "complex", "quaternionic"};
  return names[field];
}

static const struct {
  const char *word, *text;
} evidences[] = {
    [EVIDENCE_NONE] = {NULL, NULL},
    [EVIDENCE_STRINGS] = {"strings", "Pauli-string generators: classified "
                                     "exactly by linear algebra over F_2"},
    [EVIDENCE_CLOSURE_STRINGS] =
        {"closure_strings",
         "exact closure over Q: the algebra is the span of the strings it "
         "reaches, analysed by F_2 linear algebra"},
    [EVIDENCE_CLOSURE_FULL] =
        {"closure_full", "exact closure over Q: independent brackets fill all "
                         "strings reached"},
    [EVIDENCE_CLOSURE] = {"closure", "exact closure over Q: independent "
                                     "brackets, invariance of their span "
                                     "checked exactly"},
    [EVIDENCE_CLOSURE_ROOTS] =
        {"closure_roots", "exact closure over Q after restriction of scalars "
                          "from a field of square roots"},
    [EVIDENCE_SECTORS] =
        {"sectors", "sectors first: the space is split by operators that commute "
                    "with the generators, exactly; on every sector the orbit of one "
                    "vector, its dimension bounded from below modulo a prime, shows "
                    "that all of su(d), so(d) or sp(d/2) acts"},
    [EVIDENCE_FERMIONS] =
        {"fermions", "free fermions: the algebra acts on one particle, which is "
                     "split exactly over Q into pieces on which the generators "
                     "form a Clifford algebra"},
    [EVIDENCE_MODULAR] = {"modular", "brackets independent modulo a prime"},
};

const char *evidence_get_word(evidence_t evidence) {
  return evidences[evidence].word;
}

const char *evidence_get_text(evidence_t evidence) {
  return evidences[evidence].text;
}

reason_t structure_sectors_reason(const structure_struct *s) {
  if (s->sectors_known) return reason_of(REASON_NONE);
  return s->sectors_reason ? reason_with(s->sectors_reason, s->sectors_number) : s->reason;
}

static bool same_text(const char *a, const char *b) {
  return a && b ? !strcmp(a, b) : a == b;
}

void structure_add_action(structure_t s, size_t sector, char letter,
                          const fmpz_t rank, const fmpz_t pairs,
                          const fmpz_t dimension, char *representation,
                          char *highest_weight) {
  for (size_t k = 0; k < s->num_actions; k++) {
    action_struct *a = s->actions + k;
    if (a->sector != sector || a->letter != letter ||
        !fmpz_equal(a->rank, rank) || !fmpz_equal(a->dimension, dimension) ||
        !same_text(a->representation, representation) ||
        !same_text(a->highest_weight, highest_weight))
      continue;
    fmpz_add(a->pairs, a->pairs, pairs);
    free(representation);
    free(highest_weight);
    return;
  }
  s->actions =
      flint_realloc(s->actions, (s->num_actions + 1) * sizeof *s->actions);
  action_struct *a = s->actions + s->num_actions++;
  a->sector = sector;
  a->letter = letter;
  fmpz_init_set(a->rank, rank);
  fmpz_init_set(a->pairs, pairs);
  fmpz_init_set(a->dimension, dimension);
  a->representation = representation;
  a->highest_weight = highest_weight;
}
