#include "algebra/check/sums/check_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/text.h"

enum { COORDINATES = CHECK_MAX_RANK + 1 };

/* --- roots ------------------------------------------------------------------------ */

static bool exists(char letter, size_t rank) {
  static const struct {
    char letter;
    size_t least, most;
  } types[] = {{'A', 1, CHECK_MAX_RANK}, {'B', 3, CHECK_MAX_RANK},
               {'C', 2, CHECK_MAX_RANK}, {'D', 4, CHECK_MAX_RANK},
               {'E', 6, 8}, {'F', 4, 4}, {'G', 2, 2}};
  for (size_t k = 0; k < sizeof types / sizeof *types; k++)
    if (types[k].letter == letter)
      return rank >= types[k].least && rank <= types[k].most;
  return false;
}

/* Twice the simple roots. */
static void set_simple(int simple[][COORDINATES], char letter, size_t rank) {
  static const int e8[][8] = {{1, -1, -1, -1, -1, -1, -1, 1}, {2, 2}};
  static const int f4[][4] = {
      {0, 2, -2, 0}, {0, 0, 2, -2}, {0, 0, 0, 2}, {1, -1, -1, -1}};
  static const int g2[][3] = {{2, -2, 0}, {-4, 2, 2}};
  for (size_t i = 0; i < rank; i++) {
    memset(simple[i], 0, sizeof simple[i]);
    if (letter == 'E') {
      if (i < 2) memcpy(simple[i], e8[i], sizeof e8[i]);
      else simple[i][i - 1] = 2;
      if (i >= 2) simple[i][i - 2] = -2;
    } else if (letter == 'F') {
      memcpy(simple[i], f4[i], sizeof f4[i]);
    } else if (letter == 'G') {
      memcpy(simple[i], g2[i], sizeof g2[i]);
    } else { /* e_i - e_(i+1), at the end the root that tells the types apart */
      bool last = i + 1 == rank;
      simple[i][i] = last && letter == 'C' ? 4 : 2;
      if (!last || letter == 'A') simple[i][i + 1] = -2;
      if (last && letter == 'D') simple[i][i - 1] = 2;
    }
  }
}

/* (c, a_i), times 4, for a sum c of simple roots */
static int product(const check_roots_struct *s, const int *c, size_t i) {
  int sum = 0;
  for (size_t j = 0; j < s->rank; j++) sum += c[j] * s->gram[j][i];
  return sum;
}

static int square(const check_roots_struct *s, const int *c) {
  int sum = 0;
  for (size_t i = 0; i < s->rank; i++) sum += c[i] * product(s, c, i);
  return sum;
}

static void reflect_all(check_roots_struct *s) {
  size_t room = 4 * s->rank * s->rank + 130;
  s->roots = flint_calloc(room * s->rank, sizeof *s->roots);
  for (size_t i = 0; i < s->rank; i++)
    s->roots[s->num_roots++ * s->rank + i] = 1;
  for (size_t k = 0; k < s->num_roots; k++)
    for (size_t i = 0; i < s->rank; i++) {
      const int *root = s->roots + k * s->rank;
      int *image = s->roots + s->num_roots * s->rank;
      memcpy(image, root, s->rank * sizeof *image);
      image[i] -= 2 * product(s, root, i) / s->gram[i][i];
      bool known = image[i] < 0; /* that of a_i itself */
      for (size_t l = 0; l < s->num_roots && !known; l++)
        known = !memcmp(s->roots + l * s->rank, image, s->rank * sizeof *image);
      if (!known && ++s->num_roots == room) flint_abort();
    }
}

bool check_roots_init(check_roots_t out, char letter, size_t rank) {
  int simple[CHECK_MAX_RANK][COORDINATES], most = 0;
  if (!exists(letter, rank)) return false;
  *out = (check_roots_struct){.letter = letter, .rank = rank};
  set_simple(simple, letter, rank);
  for (size_t i = 0; i < rank; i++)
    for (size_t j = 0; j < rank; j++)
      for (size_t k = 0; k < COORDINATES; k++)
        out->gram[i][j] += simple[i][k] * simple[j][k];
  reflect_all(out);
  for (size_t k = 0; k < out->num_roots; k++) {
    int height = 0;
    for (size_t i = 0; i < rank; i++) height += out->roots[k * rank + i];
    if (height > most) out->highest = k;
    if (height > most) most = height;
  }
  return true;
}

void check_roots_clear(check_roots_t roots) {
  flint_free(roots->roots);
}

/* --- numbers ------------------------------------------------------------------------ */

/* 8 (l + shift rho, r) for root number k */
static ulong against(const unsigned *labels, unsigned shift,
                     const check_roots_struct *s, size_t k) {
  ulong sum = 0;
  for (size_t i = 0; i < s->rank; i++)
    sum += (ulong)s->roots[k * s->rank + i] * (ulong)s->gram[i][i] *
           (labels[i] + shift);
  return sum;
}

void check_weight_dimension(fmpz_t out, const unsigned *labels,
                            const check_roots_t roots) {
  static const unsigned zero[CHECK_MAX_RANK];
  fmpz_t below;
  fmpz_init_set_ui(below, 1);
  fmpz_one(out);
  for (size_t k = 0; k < roots->num_roots; k++) {
    fmpz_mul_ui(out, out, against(labels, 1, roots, k));
    fmpz_mul_ui(below, below, against(zero, 1, roots, k));
  }
  fmpz_divexact(out, out, below);
  fmpz_clear(below);
}

static void add_products(fmpz_t out, const unsigned *labels,
                         const check_roots_struct *s) {
  fmpz_t term;
  fmpz_init(term);
  fmpz_zero(out);
  for (size_t k = 0; k < s->num_roots; k++) {
    fmpz_set_ui(term, against(labels, 0, s, k));
    fmpz_addmul_ui(out, term, against(labels, 2, s, k));
  }
  fmpz_clear(term);
}

void check_weight_casimir(fmpq_t out, const unsigned *labels,
                          const check_roots_t roots) {
  unsigned adjoint[CHECK_MAX_RANK];
  const int *top = roots->roots + roots->highest * roots->rank;
  for (size_t i = 0; i < roots->rank; i++)
    adjoint[i] = (unsigned)(2 * product(roots, top, i) / roots->gram[i][i]);
  add_products(fmpq_numref(out), labels, roots);
  add_products(fmpq_denref(out), adjoint, roots);
  fmpq_canonicalise(out);
}

bool check_weight_is_odd(const unsigned *labels, const check_roots_t roots) {
  ulong sum = 0;
  for (size_t k = 0; k < roots->num_roots; k++)
    sum += against(labels, 0, roots, k) /
           (ulong)square(roots, roots->roots + k * roots->rank);
  return sum % 2;
}

/* --- automorphisms ---------------------------------------------------------------------- */

bool check_weight_turn(unsigned *out, const unsigned *labels,
                       const check_roots_t roots, size_t k) {
  static const size_t triality[][3] = {{0, 2, 3}, {0, 3, 2}, {2, 0, 3},
                                       {2, 3, 0}, {3, 0, 2}, {3, 2, 0}};
  static const size_t e6[] = {5, 1, 4, 3, 2, 0};
  size_t r = roots->rank;
  memcpy(out, labels, r * sizeof *out);
  if (k == 0) return true;
  if (roots->letter == 'D' && r == 4) {
    for (size_t i = 0; i < 3 && k < 6; i++)
      out[triality[0][i]] = labels[triality[k][i]];
    return k < 6;
  }
  bool e = roots->letter == 'E' && r == 6;
  bool a = roots->letter == 'A' && r > 1;
  if (k > 1 || !(a || e || roots->letter == 'D')) return false;
  for (size_t i = 0; i < r; i++)
    out[i] = labels[a ? r - 1 - i : e ? e6[i] : i + 2 < r ? i : 2 * r - 3 - i];
  return true;
}

bool check_weight_is_turned(const unsigned *a, const unsigned *b,
                            const check_roots_t roots) {
  unsigned image[CHECK_MAX_RANK];
  bool same = false;
  for (size_t k = 0; !same && check_weight_turn(image, a, roots, k); k++)
    same = !memcmp(image, b, roots->rank * sizeof *b);
  return same;
}

bool check_weight_moves(const unsigned *labels, const check_roots_t roots) {
  unsigned image[CHECK_MAX_RANK];
  bool same = true;
  for (size_t k = 1; same && check_weight_turn(image, labels, roots, k); k++)
    same = !memcmp(image, labels, roots->rank * sizeof *labels);
  return !same;
}

/* --- lists and words ---------------------------------------------------------------------- */

static void list_from(unsigned *labels, size_t from, const check_roots_struct *s,
                      size_t most, check_weight_visit_t *visit, void *data) {
  fmpz_t dimension;
  fmpz_init(dimension);
  for (size_t i = from; i < s->rank; i++) {
    labels[i]++;
    check_weight_dimension(dimension, labels, s);
    if (fmpz_cmp_ui(dimension, most) <= 0) { /* it grows with each label */
      visit(labels, fmpz_get_ui(dimension), data);
      list_from(labels, i, s, most, visit, data);
    }
    labels[i]--;
  }
  fmpz_clear(dimension);
}

void check_weights_list(const check_roots_t roots, size_t most,
                        check_weight_visit_t *visit, void *data) {
  unsigned labels[CHECK_MAX_RANK] = {0};
  list_from(labels, 0, roots, most, visit, data);
}

char *check_weight_text(const unsigned *labels, const check_roots_t roots) {
  char *text = text_copy("");
  for (size_t i = 0; i < roots->rank; i++) {
    char factor[24] = "";
    if (!labels[i]) continue;
    if (labels[i] > 1) snprintf(factor, sizeof factor, "%u ", labels[i]);
    char *longer =
        text_print("%s%s%sw%zu", text, *text ? " + " : "", factor, i + 1);
    free(text);
    text = longer;
  }
  return text;
}

char *check_weight_word(const unsigned *labels, const check_roots_t roots) {
  char letter = roots->letter, *text = NULL;
  size_t r = roots->rank, nonzero = 0, at = 0;
  for (size_t i = 0; i < r; i++) {
    nonzero += labels[i] != 0;
    if (labels[i]) at = i;
  }
  unsigned power = nonzero == 1 ? labels[at] : 0; /* of w_(at + 1) */
  bool one = power == 1, first = at == 0, last = at + 1 == r;
  fmpq_t casimir;
  fmpq_init(casimir);
  check_weight_casimir(casimir, labels, roots);
  const char *word = fmpq_is_one(casimir) ? "adjoint" : "other";
  if (one && letter == 'B' && last) word = "spin";
  if (one && letter == 'D' && at + 2 >= r) word = "half-spin";
  if (one && letter == 'A' && last) word = "conjugate";
  if (one && first && letter != 'E' && letter != 'F') word = "defining";
  if (letter == 'A' && one && !first && !last)
    text = text_print("exterior power %zu", at + 1);
  else if (letter == 'A' && power > 1 && (first || last))
    text = text_print("%ssymmetric power %u", first ? "" : "conjugate of ",
                      power);
  else
    text = text_print("%s", word);
  fmpq_clear(casimir);
  return text;
}
