/* laws_jack.c - see laws_jack.h.

   The coefficients in the table follow from triangularity in monomials and
   orthogonality (Macdonald 1995, VI.10); the test checks both properties for
   several alpha. */
#include <assert.h>

#include "algebra/laws/laws_jack.h"

static const int partitions[5][JACK_MAX_PARTITIONS][5] = {
    {{0}},
    {{1}},
    {{2}, {1, 1}},
    {{3}, {2, 1}, {1, 1, 1}},
    {{4}, {3, 1}, {2, 2}, {2, 1, 1}, {1, 1, 1, 1}}};
static const int num_partitions[5] = {1, 1, 2, 3, 5};

int jack_num_partitions(int degree) {
  assert(degree >= 0 && degree <= JACK_MAX_DEGREE);
  return num_partitions[degree];
}

const int *jack_partition(int degree, int index) {
  assert(index >= 0 && index < jack_num_partitions(degree));
  return partitions[degree][index];
}

/* coefficient[degree][lambda][mu][i]: the coefficient of alpha^i in that of
   p_mu in J_lambda; mu runs over the partitions in the order
   (1^k), (2 1^(k-2)), (2 2), (3 1), (4)  (of 3: (111), (21), (3)). */
static const int coefficient[5][JACK_MAX_PARTITIONS][5][4] = {
    {{{1}}},
    {{{1}}},
    {{{1}, {0, 1}}, {{1}, {-1}}},
    {{{1}, {0, 3}, {0, 0, 2}}, {{1}, {-1, 1}, {0, -1}}, {{1}, {-3}, {2}}},
    {{{1}, {0, 6}, {0, 0, 3}, {0, 0, 8}, {0, 0, 0, 6}},
     {{1}, {-1, 3}, {0, -1}, {0, -2, 2}, {0, 0, -2}},
     {{1}, {-2, 2}, {1, 1, 1}, {0, -4}, {0, 1, -1}},
     {{1}, {-3, 1}, {0, -1}, {2, -2}, {0, 2}},
     {{1}, {-6}, {3}, {8}, {-6}}}};
static const int power_partition[5][5][5] = {
    {{0}},
    {{1}},
    {{1, 1}, {2}},
    {{1, 1, 1}, {2, 1}, {3}},
    {{1, 1, 1, 1}, {2, 1, 1}, {2, 2}, {3, 1}, {4}}};

void jack_eval(fmpq_t value, int degree, int index, const fmpq_t alpha,
               const fmpq *p) {
  assert(index >= 0 && index < jack_num_partitions(degree));
  fmpq_t term, polynomial, sum;
  fmpq_init(term);
  fmpq_init(polynomial);
  fmpq_init(sum);
  for (int mu = 0; mu < num_partitions[degree]; mu++) {
    fmpq_zero(polynomial);
    for (int i = 3; i >= 0; i--) {
      fmpq_mul(polynomial, polynomial, alpha);
      fmpq_add_si(polynomial, polynomial, coefficient[degree][index][mu][i]);
    }
    fmpq_set(term, polynomial);
    for (const int *part = power_partition[degree][mu]; *part; part++)
      fmpq_mul(term, term, p + *part);
    fmpq_add(sum, sum, term);
  }
  fmpq_swap(value, sum);
  fmpq_clear(term);
  fmpq_clear(polynomial);
  fmpq_clear(sum);
}

void jack_eval_ones(fmpq_t value, int degree, int index, const fmpq_t alpha,
                    const fmpz_t n) {
  const int *rows = jack_partition(degree, index);
  fmpq_t factor, product;
  fmpq_init(factor);
  fmpq_init(product);
  fmpq_one(product);
  for (int i = 0; rows[i]; i++)
    for (int j = 0; j < rows[i]; j++) {
      fmpq_mul_si(factor, alpha, j);
      fmpq_sub_si(factor, factor, i);
      fmpq_add_fmpz(factor, factor, n);
      fmpq_mul(product, product, factor);
    }
  fmpq_swap(value, product);
  fmpq_clear(factor);
  fmpq_clear(product);
}

void jack_norm(fmpq_t norm, int degree, int index, const fmpq_t alpha) {
  const int *rows = jack_partition(degree, index);
  fmpq_t hook, product;
  fmpq_init(hook);
  fmpq_init(product);
  fmpq_one(product);
  for (int i = 0; rows[i]; i++)
    for (int j = 0; j < rows[i]; j++) {
      int arm = rows[i] - j - 1, leg = 0;
      while (rows[i + leg + 1] > j) leg++;
      fmpq_mul_si(hook, alpha, arm);
      fmpq_add_si(hook, hook, leg + 1);
      fmpq_mul(product, product, hook);
      fmpq_sub_si(hook, hook, 1);
      fmpq_add(hook, hook, alpha);
      fmpq_mul(product, product, hook);
    }
  fmpq_swap(norm, product);
  fmpq_clear(hook);
  fmpq_clear(product);
}

void jack_moment(fmpq_t moment, int degree, const fmpq_t alpha, const fmpz_t s,
                 const fmpz_t n, const fmpq *p) {
  fmpq_t sum, term, factor;
  fmpz_t power;
  fmpq_init(sum);
  fmpq_init(term);
  fmpq_init(factor);
  fmpz_init(power);
  for (int index = 0; index < jack_num_partitions(degree); index++) {
    /* Vanishes with fewer than len(lambda) variables: then J_lambda(P) does
       too, and the term is absent. For s >= len it never vanishes. */
    jack_eval_ones(term, degree, index, alpha, s);
    if (fmpq_is_zero(term)) continue;
    jack_eval(factor, degree, index, alpha, p);
    fmpq_mul(term, term, factor);
    jack_eval_ones(factor, degree, index, alpha, n);
    fmpq_div(term, term, factor);
    jack_norm(factor, degree, index, alpha);
    fmpq_div(term, term, factor);
    fmpq_add(sum, sum, term);
  }
  /* Tr^k = sum over lambda of (alpha^k k! / norm) J_lambda. */
  for (int k = 1; k <= degree; k++) {
    fmpq_mul(sum, sum, alpha);
    fmpq_mul_si(sum, sum, k);
  }
  fmpz_pow_ui(power, s, (ulong)degree);
  fmpq_div_fmpz(moment, sum, power);
  fmpq_clear(sum);
  fmpq_clear(term);
  fmpq_clear(factor);
  fmpz_clear(power);
}
