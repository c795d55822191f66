/* Jordan blocks of an observable and a state: their spectra against dense
   sectors, their exact law against moments found without any of it. */
#include <math.h>
#include <string.h>

#include "algebra/strings/string_landscape.h"
#include "tests/ref_matrix.h"
#include "tests/string_cases.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 4, MAX_DIM = 16, MAX_ENTRIES = 256, MAX_SECTORS = 256 };

static double to_double(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

/* --- one case: everything in both encodings --- */

typedef struct {
  int n;
  size_t count;
  unsigned strings[STRING_CASE_MAX];
  test_state_t state;
  test_sum_t sum;
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  landscape_t l;
} case_t;

static void case_init(case_t *c, int n, int kind) {
  c->n = n;
  c->count = string_case_random(c->strings, n, kind);
  test_state_init_random(&c->state, n, c->strings, c->count);
  test_sum_random(&c->sum, &c->state, c->strings, c->count);
  ansatz_init(c->ansatz, ANSATZ_OPERATORS, (size_t)n);
  fmpq_t q;
  pauli_sum_t sum;
  stabilizer_state_t state;
  fmpq_init(q);
  for (size_t i = 0; i < c->count; i++) {
    uint64_t row[2] = {c->strings[i] & ((1u << n) - 1), c->strings[i] >> n};
    pauli_sum_init(sum, (size_t)n);
    fmpq_set_si(q, i % 3 ? 1 : -2, i % 2 ? 3 : 1);
    pauli_sum_push(sum, q, row);
    ansatz_add_generator(c->ansatz, sum);
    pauli_sum_clear(sum);
  }
  c->ansatz->num_parameters = c->count;
  test_sum_export(sum, &c->sum);
  ansatz_add_observable(c->ansatz, sum, "o");
  pauli_sum_clear(sum);
  test_state_export(state, &c->state);
  ansatz_add_stabilizer(c->ansatz, state, "s");
  stabilizer_state_clear(state);
  fmpq_clear(q);
  generator_set_init(c->set, c->ansatz);
  string_case_algebra(c->g, n, c->strings, c->count);
  landscape_init_strings(c->l, c->g, c->set, c->ansatz, 0, 0);
}

static void case_clear(case_t *c) {
  landscape_clear(c->l);
  string_algebra_clear(c->g);
  generator_set_clear(c->set);
  ansatz_clear(c->ansatz);
  test_state_clear(&c->state);
}

static void case_print(const case_t *c, const char *wrong) {
  tap_diag("%s is wrong for (generators up to factors)", wrong);
  test_print_inputs(&c->sum, &c->state, c->strings, c->count);
  for (size_t i = 0; i < c->l->num_blocks; i++) {
    const laws_block_struct *b = c->l->blocks[i].law;
    char *text = fmpq_get_str(NULL, 10, b->weight);
    tap_diag("block: component %zu, count %ld, beta %lu, N %ld, s %ld, "
             "weight %s, mean %g, variance %g, %ld levels",
             c->l->blocks[i].component, fmpz_get_si(b->count), b->beta,
             fmpz_get_si(b->dimension), fmpz_get_si(b->rank), text,
             to_double(b->mean), to_double(b->central2), b->num_levels);
    flint_free(text);
  }
}

/* --- blocks against dense sectors --- */

enum { MAX_STRINGS = 1 << (2 * MAX_QUBITS) };

/* All products of the strings; returns how many. */
static size_t all_products(unsigned *algebra, const unsigned *strings,
                           size_t count) {
  uint8_t seen[MAX_STRINGS] = {1};
  size_t size = 1;
  algebra[0] = 0;
  for (size_t head = 0; head < size; head++)
    for (size_t i = 0; i < count; i++)
      if (!seen[algebra[head] ^ strings[i]]) {
        seen[algebra[head] ^ strings[i]] = 1;
        algebra[size++] = algebra[head] ^ strings[i];
      }
  return size;
}

/* Are all terms of O products of generators? Otherwise O need not respect the
   sectors (a spin factor with an even number of modes). */
static bool respects_sectors(const case_t *c) {
  unsigned algebra[MAX_STRINGS];
  size_t size = all_products(algebra, c->strings, c->count);
  for (int t = 0; t < c->sum.num_terms; t++) {
    bool found = false;
    for (size_t i = 0; i < size; i++) found |= algebra[i] == c->sum.strings[t];
    if (!found) return false;
  }
  return true;
}

/* The products that commute with all generators. */
static size_t central_strings(unsigned *central, int n, const unsigned *strings,
                              size_t count) {
  unsigned algebra[MAX_STRINGS];
  size_t size = all_products(algebra, strings, count), found = 0;
  for (size_t i = 0; i < size; i++) {
    bool good = true;
    for (size_t j = 0; j < count && good; j++)
      good = !ref_anticommute(n, algebra[i], strings[j]);
    if (good) central[found++] = algebra[i];
  }
  return found;
}

/* Independent generators of a group of strings listed in full. */
static size_t group_basis(unsigned *basis, const unsigned *group, size_t size) {
  uint8_t seen[MAX_STRINGS] = {1};
  unsigned list[MAX_STRINGS] = {0};
  size_t length = 1, rank = 0;
  for (size_t i = 0; i < size; i++) {
    if (seen[group[i]]) continue;
    basis[rank++] = group[i];
    for (size_t j = 0, old = length; j < old; j++) {
      seen[list[j] ^ group[i]] = 1;
      list[length++] = list[j] ^ group[i];
    }
  }
  return rank;
}

typedef struct {
  double weight, mean, square, least, spread; /* of O on the sector */
} sector_t;

/* Sectors that rho populates, and the part of O moved by one component there.
   Returns how many. */
static size_t dense_sectors(sector_t *out, const case_t *c, size_t component) {
  int n = c->n;
  size_t d = (size_t)1 << n, num_out = 0;
  unsigned central[MAX_STRINGS], basis[2 * MAX_QUBITS];
  size_t size = central_strings(central, n, c->strings, c->count);
  size_t rank = group_basis(basis, central, size);
  ref_entry_t o[MAX_ENTRIES], rho[MAX_ENTRIES], pi[MAX_ENTRIES];
  ref_entry_t x[MAX_ENTRIES], y[MAX_ENTRIES], vectors[MAX_ENTRIES];
  double values[MAX_DIM];
  ref_matrix_zero(o, n);
  ref_matrix_zero(rho, n);
  for (int t = 0; t < c->sum.num_terms; t++)
    for (size_t i = 0; i < c->count; i++)
      if (c->g->component[i] == component &&
          ref_anticommute(n, c->sum.strings[t], c->strings[i])) {
        ref_matrix_add_string(
            o, n, (double)c->sum.num[t] / (double)c->sum.den[t],
            c->sum.strings[t]);
        break;
      }
  for (unsigned p = 0; p < 1u << (2 * n); p++)
    if (c->state.expectation[p])
      ref_matrix_add_string(rho, n, c->state.expectation[p] / (double)d, p);
  for (unsigned signs = 0; signs < 1u << rank; signs++) {
    ref_matrix_identity(pi, n);
    for (size_t j = 0; j < rank; j++) { /* pi (1 +- z) / 2 */
      ref_matrix_zero(x, n);
      ref_matrix_add_string(x, n, 0.5, 0);
      ref_matrix_add_string(x, n, signs >> j & 1 ? -0.5 : 0.5, basis[j]);
      ref_matrix_mul(y, n, pi, x);
      memcpy(pi, y, sizeof pi);
    }
    ref_matrix_mul(x, n, pi, rho);
    double weight = creal(ref_matrix_trace(n, x));
    double dimension = creal(ref_matrix_trace(n, pi));
    if (weight < 1e-9) continue;
    sector_t s = {.weight = weight};
    ref_matrix_mul(x, n, pi, o);
    s.mean = creal(ref_matrix_trace(n, x)) / dimension;
    ref_matrix_mul(y, n, x, x);
    s.square = creal(ref_matrix_trace(n, y)) / dimension;
    for (size_t i = 0; i < d * d; i++)
      x[i] += 1000 * ((i % (d + 1) == 0) - pi[i]);
    ref_matrix_eigenvalues(values, vectors, x, d);
    s.least = values[0];
    s.spread = values[(size_t)(dimension + 0.5) - 1] - values[0];
    out[num_out++] = s;
  }
  return num_out;
}

/* Sizes of the ideals of one component, by enumeration. */
static long ideal_dimension(const case_t *c, size_t component) {
  unsigned part[STRING_CASE_MAX];
  size_t count = 0;
  for (size_t i = 0; i < c->count; i++)
    if (c->g->component[i] == component) part[count++] = c->strings[i];
  ref_structure_t s;
  ref_structure_init(&s, c->n, part, count);
  long dimension = s.ideals[0].dimension;
  ref_structure_clear(&s);
  return dimension;
}

/* Does a term of O move with this component and one before it? Then the block
   of both, so(4) = su(2) + su(2) on C^4, is that of the first. */
static bool is_second(const case_t *c, size_t component) {
  for (int t = 0; t < c->sum.num_terms; t++) {
    bool here = false, before = false;
    for (size_t i = 0; i < c->count; i++)
      if (ref_anticommute(c->n, c->sum.strings[t], c->strings[i])) {
        here |= c->g->component[i] == component;
        before |= c->g->component[i] < component;
      }
    if (here && before) return true;
  }
  return false;
}

static long expected_ideal(const laws_block_t b) {
  long n = fmpz_get_si(b->dimension), m = (long)b->beta + 1;
  if (n == 4 && b->beta == 1) return 3; /* so(4) is two of these */
  if (n == 2 && b->beta != 2) return m * (m - 1) / 2; /* spin factor */
  if (b->beta == 1) return n * (n - 1) / 2;
  if (b->beta == 2) return n * n - 1;
  return n * (2 * n + 1);
}

/* Eigenvalues found densely have errors of about dimension^2 x epsilon x 1000
   (the shift), so 1e-9 is safe. */
static const char *blocks_wrong(const case_t *c) {
  for (size_t i = 0; i < c->g->num_components; i++) {
    static sector_t sectors[MAX_SECTORS];
    size_t num = dense_sectors(sectors, c, i);
    double depth = 0, slack = 0, spread = 0, dense_depth = 0, dense_spread = 0;
    bool any = false, least_known = true, levels_known = true;
    if (is_second(c, i)) continue;
    for (size_t s = 0; s < num; s++) {
      dense_depth += sectors[s].weight * (sectors[s].mean - sectors[s].least);
      dense_spread += sectors[s].weight * sectors[s].spread;
    }
    for (size_t k = 0; k < c->l->num_blocks; k++) {
      const laws_block_struct *b = c->l->blocks[k].law;
      if (c->l->blocks[k].component != i) continue;
      any = true;
      if (expected_ideal(b) != ideal_dimension(c, i)) return "beta or N";
      double scale = to_double(b->weight) * sqrt(to_double(b->radicand)) *
                     fmpz_get_d(b->count);
      if (b->num_levels)
        spread += scale * (to_double(b->levels + b->num_levels - 1) -
                           to_double(b->levels));
      else
        levels_known = false;
      if (b->least_kind == LAWS_LEAST_EXACT)
        depth += scale * (to_double(b->mean) - to_double(b->least));
      else if (b->least_kind == LAWS_LEAST_BALL) {
        depth += scale * (to_double(b->mean) -
                          arf_get_d(arb_midref(b->least_ball), ARF_RND_NEAR));
        slack += scale * mag_get_d(arb_radref(b->least_ball));
      } else
        least_known = false;
      laws_wishart_t w;
      laws_wishart_init(w);
      if (laws_block_wishart(w, b, 64) == STATUS_OK && w->is_exact) {
        bool found = false; /* degrees of freedom of some sector */
        double r = to_double(w->r_exact);
        for (size_t s = 0; s < num; s++) {
          double mean = sectors[s].mean - sectors[s].least;
          double square = sectors[s].square -
                          sectors[s].mean * sectors[s].mean +
                          mean * mean;
          if (square > 1e-9 &&
              fabs(fmpz_get_d(b->dimension) * mean * mean / square - r) < 1e-8)
            found = true;
        }
        if (!found) {
          laws_wishart_clear(w);
          return "degrees of freedom";
        }
      }
      laws_wishart_clear(w);
    }
    if (!any && dense_spread > 1e-9) return "missing block";
    if (!least_known || fabs(depth - dense_depth) > slack + 1e-9)
      return "mean above the least eigenvalue";
    if (levels_known && fabs(spread - dense_spread) > 1e-9) return "spread";
  }
  return NULL;
}

/* The law's own mean and variance against those by the orbits, which
   t-string-moments checks. */
static const char *law_wrong(const case_t *c) {
  const char *wrong = NULL;
  laws_moments_t m;
  laws_moments_init(m);
  laws_finite_moments(m, c->l->loss);
  if (m->mean_is_rational && !fmpq_equal(m->mean, c->l->mean))
    wrong = "mean of the law";
  if (!fmpq_equal(m->variance, c->l->variance)) wrong = "variance of the law";
  if ((size_t)c->l->loss->length != c->l->num_blocks)
    wrong = "number of blocks in the law";
  laws_moments_clear(m);
  return wrong;
}

/* --- higher moments by iterated rotations --- */

enum { MAX_TUPLES = 1 << 18 };

/* Average over the angle of cos^(j-b) sin^b for j factors. */
static double angle_average(int j, int b) {
  if (j % 2 || b % 2) return 0;
  if (j == 2) return 0.5;
  return b == 2 ? 1.0 / 8 : 3.0 / 8; /* j = 4 */
}

/* Q_f to i G Q_f for one factor f of a tuple. */
static void flip(unsigned *member, int *sign, int of_factor, unsigned letters) {
  *sign *= of_factor;
  *member ^= letters;
}

/* One average over exp(-i angle G / 2) of an element of the order-th tensor
   power, coefficients per tuple of strings; returns the largest change. */
static double average_tuples(double *x, int n, int order, unsigned g) {
  unsigned bits = 2 * (unsigned)n, tuples = 1u << (bits * (unsigned)order);
  unsigned mask = (1u << bits) - 1;
  int signs[64];
  double change = 0;
  for (unsigned q = 0; q <= mask; q++)
    signs[q] = !ref_anticommute(n, g, q)                     ? 0
               : (ref_mul_phase(n, g, q) + 1) % 4 == 0 ? 1
                                                       : -1;
  for (unsigned t = 0; t < tuples; t++) {
    int j = 0;
    unsigned shifts[4];
    bool first = true; /* the least member of its family */
    for (unsigned f = 0; f < (unsigned)order && first; f++) {
      unsigned q = t >> (bits * f) & mask;
      if (!signs[q]) continue;
      if ((q ^ g) < q) first = false;
      shifts[j++] = bits * f;
    }
    if (!first || !j) continue;
    double old[16], new[16];
    bool zero = true;
    for (unsigned s = 0; s < 1u << j; s++) { /* in the basis Q, i G Q */
      int sign = 1;
      unsigned member = t;
      for (int f = 0; f < j; f++)
        if (s >> f & 1) flip(&member, &sign, signs[t >> shifts[f] & mask], g << shifts[f]);
      old[s] = sign * x[member];
      if (old[s] != 0) zero = false;
    }
    if (zero) continue;
    for (unsigned s = 0; s < 1u << j; s++) {
      new[s] = 0;
      for (unsigned r = 0; r < 1u << j; r++) {
        int flips = __builtin_popcount(s ^ r);
        int minus = __builtin_popcount(r & ~s); /* i G Q -> -Q sin */
        new[s] += (minus % 2 ? -1 : 1) * angle_average(j, flips) * old[r];
      }
      change = fmax(change, fabs(new[s] - old[s]));
    }
    for (unsigned s = 0; s < 1u << j; s++) {
      int sign = 1;
      unsigned member = t;
      for (int f = 0; f < j; f++)
        if (s >> f & 1) flip(&member, &sign, signs[t >> shifts[f] & mask], g << shifts[f]);
      x[member] = sign * new[s];
    }
  }
  return change;
}

/* E[(l - mean)^order]; the constant is taken off as an identity term. */
static double iterated_moment(const case_t *c, int order, double mean) {
  static double x[MAX_TUPLES];
  double o[64] = {0};
  int n = c->n;
  unsigned bits = 2 * (unsigned)n, tuples = 1u << (bits * (unsigned)order);
  unsigned mask = (1u << bits) - 1;
  for (int i = 0; i < c->sum.num_terms; i++)
    o[c->sum.strings[i]] += (double)c->sum.num[i] / (double)c->sum.den[i];
  o[0] -= mean;
  for (unsigned t = 0; t < tuples; t++) {
    x[t] = 1;
    for (unsigned f = 0; f < (unsigned)order; f++)
      x[t] *= o[t >> (bits * f) & mask];
  }
  for (int sweep = 0; sweep < 5000; sweep++) {
    double change = 0;
    for (size_t i = 0; i < c->count; i++)
      change = fmax(change, average_tuples(x, n, order, c->strings[i]));
    if (change < 1e-12) break;
  }
  double sum = 0;
  for (unsigned t = 0; t < tuples; t++) {
    if (x[t] == 0) continue;
    double product = x[t];
    for (unsigned f = 0; f < (unsigned)order; f++)
      product *= c->state.expectation[t >> (bits * f) & mask];
    sum += product;
  }
  return sum;
}

/* Projections iterated until a sweep changes less than 1e-12; 1e-6 relative
   to the size of the moment leaves room for a gap of 1e-5. */
static const char *moment_wrong(const case_t *c, int order) {
  laws_moments_t m;
  laws_moments_init(m);
  laws_finite_moments(m, c->l->loss);
  const char *wrong = NULL;
  double mean = to_double(c->l->mean), size = 0;
  for (int i = 0; i < c->sum.num_terms; i++)
    size += fabs((double)c->sum.num[i] / (double)c->sum.den[i]);
  double found = to_double(order == 3 ? m->third : m->fourth);
  if (order == 4 || m->third_is_rational)
    if (fabs(iterated_moment(c, order, mean) - found) > 1e-6 * pow(size, order))
      wrong = order == 3 ? "third moment" : "fourth moment";
  laws_moments_clear(m);
  return wrong;
}

/* --- gradients --- */

/* A generator c h instead of h/2 turns 2c times as fast. */
static bool gradients_scale(const case_t *c) {
  ansatz_t plain;
  generator_set_t set;
  landscape_t l;
  fmpq_t half, speed;
  fmpq_init(half);
  fmpq_init(speed);
  fmpq_set_si(half, 1, 2);
  ansatz_init(plain, ANSATZ_OPERATORS, (size_t)c->n);
  for (size_t i = 0; i < c->count; i++) {
    pauli_sum_t sum;
    pauli_sum_init(sum, (size_t)c->n);
    pauli_sum_push(sum, half, pauli_sum_string(c->ansatz->generators + i, 0));
    ansatz_add_generator(plain, sum);
    pauli_sum_clear(sum);
  }
  plain->num_parameters = c->count;
  ansatz_add_observable(plain, c->ansatz->observables[0].sum, "o");
  ansatz_add_state(plain, c->ansatz->states[0].state, "s");
  generator_set_init(set, plain);
  landscape_init_strings(l, c->g, set, plain, 0, 0);
  bool ok = l->gradient_known && c->l->gradient_known;
  for (size_t i = 0; i < c->count && ok; i++) {
    fmpq_div(speed, c->ansatz->generators[i].coeffs, half);
    fmpq_mul(speed, speed, speed);
    fmpq_mul(speed, speed, landscape_gradient(l, i));
    ok = fmpq_equal(speed, landscape_gradient(c->l, i));
  }
  landscape_clear(l);
  generator_set_clear(set);
  ansatz_clear(plain);
  fmpq_clear(half);
  fmpq_clear(speed);
  return ok;
}

/* An angle pi theta: the derivative has a factor pi^2, and 2/9 stands beside it, as it
   does for the angle theta of Z. */
static bool pi_is_not_dropped(void) {
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  landscape_t l;
  angle_t angle;
  fmpq_t one;
  pauli_sum_t z;
  stabilizer_state_t zero;
  uint64_t rows[2][2] = {{1, 0}, {0, 1}};
  fmpq_init(one);
  fmpq_one(one);
  ansatz_init(ansatz, ANSATZ_CIRCUIT, 1);
  for (size_t i = 0; i < 2; i++) {
    ansatz_add_parameter(ansatz, "t", false);
    angle_init(angle);
    angle_add_term(angle, i, i == 0, one);
    ansatz_add_rotation(ansatz, rows[i], angle, 1);
    angle_clear(angle);
  }
  pauli_sum_init(z, 1);
  pauli_sum_push(z, one, rows[1]);
  ansatz_add_observable(ansatz, z, "Z0");
  stabilizer_state_init(zero, 1);
  stabilizer_state_set_zero(zero);
  ansatz_add_stabilizer(ansatz, zero, "zero");
  generator_set_init(set, ansatz);
  uint64_t *strings = generator_set_strings(set);
  string_algebra_init(g, strings, set->num_generators, 1);
  landscape_init_strings(l, g, set, ansatz, 0, 0);
  bool ok = l->variance_known && l->gradient_known && l->gradient_in_pi[0] &&
            !l->gradient_in_pi[1] && landscape_has_pi(l) &&
            fmpq_cmp_ui(landscape_gradient(l, 1), 0) > 0 &&
            fmpq_equal(landscape_gradient(l, 0), landscape_gradient(l, 1));
  landscape_clear(l);
  string_algebra_clear(g);
  flint_free(strings);
  generator_set_clear(set);
  stabilizer_state_clear(zero);
  pauli_sum_clear(z);
  ansatz_clear(ansatz);
  fmpq_clear(one);
  return ok;
}

int main(void) {
  tap_begin("t-wishart");
  static const char *const kinds[] = STRING_CASE_KINDS;
  long applied = 0, seen_beta[8] = {0}, seen_rank = 0, seen_spin = 0;
  for (int kind = 0; kind < STRING_CASE_NUM_KINDS; kind++) {
    long tries = tap_iterations(kind == 5 ? 900 : 150), failures = 0;
    for (long i = 0; i < tries && failures < 3; i++) {
      case_t c;
      case_init(&c, 1 + (int)tap_random_below(MAX_QUBITS), kind);
      const char *wrong = gradients_scale(&c) ? NULL : "gradient variance";
      if (!wrong && c.l->wishart_applies == ANSWER_YES) {
        applied++;
        for (size_t k = 0; k < c.l->num_blocks; k++) {
          const laws_block_struct *b = c.l->blocks[k].law;
          seen_beta[b->beta < 8 ? b->beta : 7]++;
          seen_rank += !fmpz_is_one(b->rank);
          seen_spin += fmpz_equal_si(b->dimension, 2) && b->beta != 2;
        }
        wrong = law_wrong(&c);
        if (!wrong && respects_sectors(&c)) wrong = blocks_wrong(&c);
      }
      if (wrong) {
        case_print(&c, wrong);
        failures++;
      }
      case_clear(&c);
    }
    tap_ok(failures == 0, "%ld cases against dense sectors, %s", tries,
           kinds[kind]);
  }
  tap_diag("the class applied %ld times; beta 1: %ld, 2: %ld, 4: %ld; spin "
           "factors %ld; mixed reduced states %ld",
           applied, seen_beta[1], seen_beta[2], seen_beta[4], seen_spin,
           seen_rank);
  tap_occurred(applied && seen_beta[1] && seen_beta[2] && seen_beta[4] &&
                   seen_spin && seen_rank,
               "every kind of block occurred");
  for (int order = 4; order >= 3; order--) {
    long wanted = tap_iterations(order == 4 ? 40 : 12), done = 0, failures = 0;
    for (long tries = 0; done < wanted && tries < 200 * wanted; tries++) {
      case_t c;
      case_init(&c, order == 4 ? 2 : 3,
                (int)tap_random_below(STRING_CASE_NUM_KINDS));
      if (c.l->wishart_applies == ANSWER_YES && c.count <= 8) {
        const char *wrong = moment_wrong(&c, order);
        done++;
        if (wrong) {
          case_print(&c, wrong);
          failures++;
        }
      }
      case_clear(&c);
    }
    tap_ok(!failures && done == wanted,
           "moment %d of the exact law on %d qubits, %ld cases", order,
           order == 4 ? 2 : 3, done);
  }
  tap_ok(pi_is_not_dropped(), "an angle in units of pi has a factor of its own");
  return tap_end();
}
