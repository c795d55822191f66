/* The 23 families of translation-invariant 2-local open chains of Wiersema,
   Kokcu, Kemper and Bakalov, arXiv:2309.05690, against the published
   classification and against enumeration, n = 3..7. */

#include "algebra/strings/string_algebra.h"
#include "tests/ref_strings.h"
#include "tests/string_cases.h"
#include "tests/tap.h"

/* Which formula of the published classification holds. */
typedef enum {
  ABELIAN,     /* a0: u(1)^(n-1) */
  SO_N,        /* a1: so(n) */
  TWO_SO_N,    /* a2 = a4: 2 so(n) */
  PERIOD_8,    /* a3 */
  PERIOD_6,    /* a5 */
  HEISENBERG,  /* a6 = a7 = a10 */
  SO_2N_1,     /* a8: so(2n-1) */
  SP,          /* a9: sp(2^(n-2)) */
  SO_FULL,     /* a11 = a16: so(2^n) */
  SU_FULL,     /* a12 = a17 = a18 = a19 = a21 = a22: su(2^n) */
  TWO_SU,      /* a13 = a15 = a20: 2 su(2^(n-1)) */
  SO_2N        /* a14: so(2n) */
} formula_t;

static const struct {
  const char *seeds;
  formula_t formula;
} families[23] = {
    {"XX", ABELIAN},
    {"XY", SO_N},
    {"XY YX", TWO_SO_N},
    {"XX YZ", PERIOD_8},
    {"XX YY", TWO_SO_N},
    {"XY YZ", PERIOD_6},
    {"XX YZ ZY", HEISENBERG},
    {"XX YY ZZ", HEISENBERG},
    {"XX XZ", SO_2N_1},
    {"XY XZ", SP},
    {"XY YZ ZX", HEISENBERG},
    {"XY YX YZ", SO_FULL},
    {"XX XY YZ", SU_FULL},
    {"XX YY YZ", TWO_SU},
    {"XX YY XY", SO_2N},
    {"XX XY XZ", TWO_SU},
    {"XY YX YZ ZY", SO_FULL},
    {"XX XY ZX", SU_FULL},
    {"XX XZ YY ZY", SU_FULL},
    {"XX XY ZX YZ", SU_FULL},
    {"XX YY ZZ ZY", TWO_SU},
    {"XX YY XY ZX", SU_FULL},
    {"XX XY XZ YX", SU_FULL},
};

/* so, su, sp ('o', 'u', 'p') of argument m, count copies; 'a' is abelian. */
typedef struct {
  char kind;
  long m, count;
} algebra_t;

static algebra_t published(size_t family, int n) {
  long half = 1L << (n - 1), quarter = 1L << (n - 2), eighth = quarter / 2;
  /* exceptions of the paper at n = 3 */
  if (n == 3 && family == 11) return (algebra_t){'o', 7, 1};
  if (n == 3 && (family == 12 || family == 17)) return (algebra_t){'p', 4, 1};
  switch (families[family].formula) {
    case ABELIAN: return (algebra_t){'a', n - 1, 1};
    case SO_N: return (algebra_t){'o', n, 1};
    case TWO_SO_N: return (algebra_t){'o', n, 2};
    case PERIOD_8:
      switch (n % 8) {
        case 0: return (algebra_t){'o', quarter, 4};
        case 1: case 7: return (algebra_t){'o', half, 1};
        case 2: case 6: return (algebra_t){'u', quarter, 2};
        case 3: case 5: return (algebra_t){'p', quarter, 1};
        default: return (algebra_t){'p', eighth, 4};
      }
    case PERIOD_6:
      switch (n % 6) {
        case 0: return (algebra_t){'o', quarter, 4};
        case 1: case 5: return (algebra_t){'o', half, 1};
        case 2: case 4: return (algebra_t){'u', quarter, 2};
        default: return (algebra_t){'p', quarter, 1};
      }
    case HEISENBERG:
      return n % 2 ? (algebra_t){'u', half, 1} : (algebra_t){'u', quarter, 4};
    case SO_2N_1: return (algebra_t){'o', 2 * n - 1, 1};
    case SP: return (algebra_t){'p', quarter, 1};
    case SO_FULL: return (algebra_t){'o', 2 * half, 1};
    case SU_FULL: return (algebra_t){'u', 2 * half, 1};
    case TWO_SU: return (algebra_t){'u', half, 2};
    case SO_2N: return (algebra_t){'o', 2 * n, 1};
  }
  return (algebra_t){'?', 0, 0};
}

/* Cartan's names, low ranks as structure.h says. */
static bool is_published(const structure_t s, algebra_t a) {
  if (a.kind == 'a')
    return s->num_ideals == 0 && fmpz_equal_si(s->center, a.m) &&
           fmpz_equal_si(s->dimension, a.m);
  char letter = 'A';
  long rank = a.m - 1, dimension = a.m * a.m - 1, count = a.count;
  if (a.kind == 'p') {
    letter = a.m == 1 ? 'A' : 'C';
    rank = a.m;
    dimension = a.m * (2 * a.m + 1);
  }
  if (a.kind == 'o') {
    rank = a.m / 2;
    dimension = a.m * (a.m - 1) / 2;
    letter = a.m % 2 ? 'B' : 'D';
    if (a.m == 3) letter = 'A';
    if (a.m == 4) letter = 'A', rank = 1, dimension = 3, count *= 2;
    if (a.m == 5) letter = 'C';
    if (a.m == 6) letter = 'A';
  }
  return s->num_ideals == 1 && fmpz_is_zero(s->center) &&
         s->ideals[0].letter == letter &&
         fmpz_equal_si(s->ideals[0].rank, rank) &&
         fmpz_equal_si(s->ideals[0].dimension, dimension) &&
         fmpz_equal_si(s->ideals[0].count, count) &&
         fmpz_equal_si(s->dimension, dimension * count);
}

static size_t chain(unsigned *strings, const char *seeds, int n) {
  size_t count = 0;
  for (const char *seed = seeds; *seed; seed += seed[2] ? 3 : 2)
    for (int j = 0; j + 1 < n; j++) {
      unsigned p = 0;
      for (int site = 0; site < 2; site++) {
        if (seed[site] != 'Z') p |= 1u << (j + site);
        if (seed[site] != 'X') p |= 1u << (n + j + site);
      }
      strings[count++] = p;
    }
  return count;
}

/* Too large to enumerate: the published classification alone. */
static bool as_published_up_to(size_t family, int last) {
  unsigned strings[4 * 32];
  uint64_t rows[2 * 4 * 32];
  for (int n = 8; n <= last; n++) {
    /* strings of the chain on two sites, moved along */
    size_t count = chain(strings, families[family].seeds, 2);
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
      for (int j = 0; j + 1 < n; j++) {
        rows[2 * length] = (uint64_t)(strings[i] & 3) << j;
        rows[2 * length + 1] = (uint64_t)(strings[i] >> 2) << j;
        length++;
      }
    string_algebra_t g;
    structure_t found;
    string_algebra_init(g, rows, length, (size_t)n);
    structure_init(found);
    string_algebra_structure(found, g);
    bool ok = is_published(found, published(family, n));
    structure_clear(found);
    string_algebra_clear(g);
    if (!ok) {
      tap_diag("n = %d", n);
      return false;
    }
  }
  return true;
}

static void check_family(size_t family, int n) {
  unsigned strings[STRING_CASE_MAX];
  size_t count = chain(strings, families[family].seeds, n);
  string_algebra_t g;
  structure_t found;
  ref_structure_t expected;
  ref_structure_init(&expected, n, strings, count);
  string_case_algebra(g, n, strings, count);
  structure_init(found);
  string_algebra_structure(found, g);
  const char *wrong = string_case_compare(found, &expected);
  bool members = true;
  for (unsigned p = 0; p < 1u << (2 * n); p++) {
    uint64_t row[2] = {p & ((1u << n) - 1), p >> n};
    if (string_algebra_contains(g, row) != (expected.closure[p] != 0))
      members = false;
  }
  if (!tap_ok(!wrong && members, "a%zu {%s}, n = %d, by enumeration", family,
              families[family].seeds, n)) {
    tap_diag("wrong: %s", wrong ? wrong : "membership");
    ref_print_ops(n, strings, count);
    string_case_print(found, &expected);
  }
  if (!tap_ok(is_published(found, published(family, n)),
              "a%zu {%s}, n = %d, as published", family,
              families[family].seeds, n))
    string_case_print(found, &expected);
  structure_clear(found);
  string_algebra_clear(g);
  ref_structure_clear(&expected);
}

int main(void) {
  tap_begin("t-families");
  for (int n = 3; n <= 7; n++)
    for (size_t family = 0; family < 23; family++) check_family(family, n);
  for (size_t family = 0; family < 23; family++)
    tap_ok(as_published_up_to(family, 29), "a%zu {%s}, n = 8..29, as published",
           family, families[family].seeds);
  return tap_end();
}
