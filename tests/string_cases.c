#include "tests/string_cases.h"

#include <stdlib.h>

#include "tests/tap.h"

static int compare_unsigned(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return (x > y) - (x < y);
}

size_t string_case_distinct(unsigned *strings, size_t count) {
  size_t kept = 0;
  qsort(strings, count, sizeof *strings, compare_unsigned);
  for (size_t i = 0; i < count; i++)
    if (!kept || strings[kept - 1] != strings[i]) strings[kept++] = strings[i];
  return kept;
}

static unsigned uniform(int n) {
  return (unsigned)tap_random_below((size_t)1 << (2 * n));
}

static unsigned on_qubit(int n, int qubit, unsigned letter) {
  return (letter & 1) << qubit | (letter >> 1) << (n + qubit);
}

static unsigned two_local(int n) {
  int j = (int)tap_random_below((size_t)n);
  unsigned p = on_qubit(n, j, (unsigned)tap_random_below(4));
  if (j + 1 < n) p |= on_qubit(n, j + 1, (unsigned)tap_random_below(4));
  return p;
}

/* Jordan-Wigner gamma_a, a < 2n. */
static unsigned majorana(int n, size_t a) {
  unsigned p = on_qubit(n, (int)(a / 2), a % 2 ? 3 : 1);
  for (int j = 0; j < (int)(a / 2); j++) p |= on_qubit(n, j, 2);
  return p;
}

/* A random chain of transvections: a Clifford image, the same for all. */
static void scramble(unsigned *strings, size_t count, int n) {
  for (int step = 0; step < 2 * n; step++) {
    unsigned t = uniform(n);
    for (size_t i = 0; i < count; i++)
      if (ref_anticommute(n, strings[i], t)) strings[i] ^= t;
  }
}

/* Edges on a few modes inside fewer qubits, times commuting twists. */
static size_t bilinears(unsigned *strings, int n, size_t count) {
  int inner = n > 1 ? 1 + (int)tap_random_below((size_t)n) : 1;
  for (size_t i = 0; i < count; i++) {
    size_t a = tap_random_below((size_t)(2 * inner));
    size_t b = (a + 1 + tap_random_below((size_t)(2 * inner - 1))) %
               (size_t)(2 * inner);
    strings[i] = majorana(n, a) ^ majorana(n, b);
    if (tap_random_below(3) == 0) /* twists live on the other qubits */
      for (int j = inner; j < n; j++)
        if (tap_random_below(2)) strings[i] ^= on_qubit(n, j, 2);
  }
  if (tap_random_below(4) == 0) strings[0] = majorana(n, 0);
  scramble(strings, count, n);
  return count;
}

static size_t blocks(unsigned *strings, int n, size_t count) {
  int cut = (int)tap_random_below((size_t)n + 1);
  unsigned low = 0;
  for (int j = 0; j < cut; j++) low |= on_qubit(n, j, 3);
  for (size_t i = 0; i < count; i++) {
    strings[i] = uniform(n) & (tap_random_below(2) ? low : ~low);
    strings[i] &= (1u << (2 * n)) - 1;
  }
  if (tap_random_below(2)) scramble(strings, count, n);
  return count;
}

/* Strings on which a random quadratic form is 1. */
static size_t with_form(unsigned *strings, int n, size_t count) {
  unsigned shift = uniform(n);
  int inner = 1 + (int)tap_random_below((size_t)n);
  unsigned mask = 0;
  for (int j = 0; j < inner; j++) mask |= on_qubit(n, j, 3);
  for (int j = inner; j < n; j++) mask |= on_qubit(n, j, 2);
  for (size_t i = 0; i < count; i++) {
    unsigned p = 0;
    for (int tries = 0; tries < 100; tries++) {
      p = uniform(n) & mask;
      if (ref_antisymmetric(n, p) ^ ref_anticommute(n, p, shift)) break;
    }
    strings[i] = p;
  }
  scramble(strings, count, n);
  return count;
}

size_t string_case_random(unsigned *strings, int n, int kind) {
  size_t count = 1 + tap_random_below((size_t)(2 * n + 2));
  switch (kind) {
    case 0:
      for (size_t i = 0; i < count; i++) strings[i] = uniform(n);
      break;
    case 1:
      count = 1 + tap_random_below((size_t)(3 * n));
      for (size_t i = 0; i < count; i++) strings[i] = two_local(n);
      break;
    case 2: count = bilinears(strings, n, count + (size_t)n); break;
    case 3:
      count = 1 + tap_random_below(3);
      for (size_t i = 0; i < count; i++) strings[i] = uniform(n);
      break;
    case 4: {
      size_t others = tap_random_below(3);
      for (size_t i = 0; i < count; i++) strings[i] = uniform(n) >> n;
      for (size_t i = 0; i < others; i++) strings[count++] = uniform(n);
      scramble(strings, count, n);
      break;
    }
    case 5:
      count = 2 + tap_random_below(3 * (size_t)n);
      count = with_form(strings, n, count);
      break;
    case 6: count = blocks(strings, n, count); break;
    case 7:
      count = STRING_CASE_MAX;
      for (size_t i = 0; i < count; i++) strings[i] = uniform(n);
      break;
    default: {
      unsigned base[4];
      for (size_t i = 0; i < 4; i++) base[i] = uniform(n);
      for (size_t i = 0; i < count; i++) {
        strings[i] = 0;
        for (size_t j = 0; j < 4; j++)
          if (tap_random_below(2)) strings[i] ^= base[j];
      }
    }
  }
  if (tap_random_below(8) == 0) strings[tap_random_below(count)] = 0;
  return string_case_distinct(strings, count);
}

void string_case_algebra(string_algebra_t g, int n, const unsigned *strings,
                         size_t count) {
  uint64_t rows[2 * 1024];
  if (count > 1024) abort();
  for (size_t i = 0; i < count; i++) {
    rows[2 * i] = strings[i] & ((1u << n) - 1);
    rows[2 * i + 1] = strings[i] >> n;
  }
  string_algebra_init(g, rows, count, (size_t)n);
}

const char *string_case_compare(const structure_t found,
                                const ref_structure_t *expected) {
  if (!fmpz_equal_si(found->dimension, expected->dimension))
    return "dimension";
  if (!fmpz_equal_si(found->center, expected->center)) return "centre";
  if (!found->proved || !found->ideals_known || !found->sectors_known)
    return "proof status";
  if (found->num_ideals != (size_t)expected->num_ideals)
    return "number of types of ideals";
  for (size_t i = 0; i < found->num_ideals; i++) {
    const ideal_struct *a = found->ideals + i;
    const ref_ideal_t *b = expected->ideals + i;
    if (a->letter != b->letter || !fmpz_equal_si(a->rank, b->rank) ||
        !fmpz_equal_si(a->dimension, b->dimension) ||
        !fmpz_equal_si(a->count, b->count))
      return "ideal";
  }
  if (found->num_sectors != 1) return "number of kinds of sectors";
  const sector_struct *s = found->sectors;
  if (!fmpz_equal_si(s->dimension, expected->sector_dimension))
    return "sector dimension";
  if (!fmpz_equal_si(s->multiplicity, expected->sector_multiplicity))
    return "sector multiplicity";
  if (!fmpz_equal_si(s->count, expected->sector_count)) return "sector count";
  char field = s->field == FIELD_REAL      ? 'R'
               : s->field == FIELD_COMPLEX ? 'C'
                                           : 'H';
  return field == expected->field ? NULL : "field";
}

void string_case_print(const structure_t found,
                       const ref_structure_t *expected) {
  tap_diag("found: dimension %ld, centre %ld", fmpz_get_si(found->dimension),
           fmpz_get_si(found->center));
  for (size_t i = 0; i < found->num_ideals; i++)
    tap_diag("  %ld x %c%ld", fmpz_get_si(found->ideals[i].count),
             found->ideals[i].letter, fmpz_get_si(found->ideals[i].rank));
  for (size_t i = 0; i < found->num_sectors; i++)
    tap_diag("  %ld sectors %ld x %ld, %s",
             fmpz_get_si(found->sectors[i].count),
             fmpz_get_si(found->sectors[i].dimension),
             fmpz_get_si(found->sectors[i].multiplicity),
             field_get_str(found->sectors[i].field));
  tap_diag("expected: dimension %ld, centre %ld", expected->dimension,
           expected->center);
  for (int i = 0; i < expected->num_ideals; i++)
    tap_diag("  %ld x %c%ld", expected->ideals[i].count,
             expected->ideals[i].letter, expected->ideals[i].rank);
  tap_diag("  %ld sectors %ld x %ld, %c", expected->sector_count,
           expected->sector_dimension, expected->sector_multiplicity,
           expected->field);
}
