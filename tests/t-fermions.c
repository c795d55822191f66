/* Free fermions in the picture of one particle: against the exact closure and the
   sectors found in the Hilbert space, an independent method. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/generators/generators.h"
#include "algebra/sums/fermion_loss.h"
#include "algebra/sums/fermion_structure.h"
#include "algebra/sums/sum_moments.h"
#include "algebra/sums/sum_structure.h"
#include "tests/tap.h"

/* --- inputs ----------------------------------------------------------------------- */

typedef struct {
  size_t qubit;
  char letter;
} letter_t;

static void push(pauli_sum_t sum, slong coeff, const letter_t *letters,
                 size_t count) {
  size_t w = sum->num_words;
  uint64_t string[16] = {0};
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_si(c, coeff, 1);
  for (size_t k = 0; k < count; k++)
    pauli_set(string, w, letters[k].qubit % sum->num_qubits,
              letters[k].letter == 'X' ? 1u : letters[k].letter == 'Z' ? 2u : 3u);
  pauli_sum_push(sum, c, string);
  fmpq_clear(c);
}

/* sum_i coeff letters(i), the i-th shifted by i * step, `count` of them from
   `first`; text like "ZZ" on neighbours, "ZXZ". */
static void add_chain(pauli_sum_t sum, const char *text, slong coeff,
                      size_t first, size_t step, size_t count) {
  for (size_t i = 0; i < count; i++) {
    letter_t letters[8];
    size_t n = 0;
    for (size_t k = 0; text[k]; k++)
      if (text[k] != 'I')
        letters[n++] = (letter_t){first + i * step + k, text[k]};
    push(sum, coeff, letters, n);
  }
  pauli_sum_canonicalise(sum);
}

typedef struct {
  const char *name;
  size_t num_qubits, num_generators;
  pauli_sum_struct generators[8];
} case_t;

static void case_init(case_t *c, const char *name, size_t num_qubits,
                      size_t num_generators) {
  c->name = name;
  c->num_qubits = num_qubits;
  c->num_generators = num_generators;
  for (size_t j = 0; j < num_generators; j++)
    pauli_sum_init(c->generators + j, num_qubits);
}

static void case_clear(case_t *c) {
  for (size_t j = 0; j < c->num_generators; j++)
    pauli_sum_clear(c->generators + j);
}

enum { NUM_FAMILIES = 10 };

static void case_set(case_t *c, size_t family, size_t n) {
  switch (family) {
    case 0:
      case_init(c, "transverse-field Ising ring", n, 2);
      add_chain(c->generators, "X", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZZ", 1, 0, 1, n);
      return;
    case 1:
      case_init(c, "cluster ring", n, 2);
      add_chain(c->generators, "X", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZXZ", 1, 0, 1, n);
      return;
    case 2:
      case_init(c, "Ising ring and its sum", n, 3);
      add_chain(c->generators, "X", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZZ", 2, 0, 1, n);
      add_chain(c->generators + 2, "X", 3, 0, 1, n);
      add_chain(c->generators + 2, "ZZ", -1, 0, 1, n);
      return;
    case 3:
      case_init(c, "Ising ring, YY and ZZ", n, 3);
      add_chain(c->generators, "X", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZZ", 1, 0, 1, n);
      add_chain(c->generators + 2, "YY", 1, 0, 1, n);
      return;
    case 4:
      case_init(c, "YZ and ZY rings", n, 2);
      add_chain(c->generators, "YZ", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZY", 1, 0, 1, n);
      return;
    case 5:
      case_init(c, "XY ring", n, 2);
      add_chain(c->generators, "XX", 1, 0, 1, n);
      add_chain(c->generators + 1, "YY", 1, 0, 1, n);
      return;
    case 6:
      case_init(c, "even and odd bonds", n, 2);
      add_chain(c->generators, "XX", 1, 0, 2, n / 2);
      add_chain(c->generators, "YY", 1, 0, 2, n / 2);
      add_chain(c->generators + 1, "XX", 1, 1, 2, n / 2);
      add_chain(c->generators + 1, "YY", 1, 1, 2, n / 2);
      return;
    case 7:
      case_init(c, "two Ising rings with one field", 2 * (n / 2), 2);
      n /= 2;
      add_chain(c->generators, "X", 1, 0, 1, 2 * n);
      for (size_t k = 0; k < 2; k++) {
        letter_t last[2] = {{k * n + n - 1, 'Z'}, {k * n, 'Z'}};
        add_chain(c->generators + 1, "ZZ", (slong)k + 1, k * n, 1, n - 1);
        if (n > 2) push(c->generators + 1, (slong)k + 1, last, 2);
      }
      pauli_sum_canonicalise(c->generators + 1);
      return;
    case 8:
      case_init(c, "single spins", n, 2);
      add_chain(c->generators, "X", 1, 0, 1, n);
      for (size_t k = 0; k < n; k++)
        add_chain(c->generators + 1, "Z", (slong)k % 3 + 1, k, 1, 1);
      return;
    default:
      case_init(c, "Ising ring with the parity", n, 2);
      add_chain(c->generators, "X", 1, 0, 1, n);
      add_chain(c->generators + 1, "ZZ", 1, 0, 1, n);
      letter_t all[8];
      for (size_t k = 0; k < n && k < 8; k++) all[k] = (letter_t){k, 'X'};
      push(c->generators + 1, 2, all, n);
      pauli_sum_canonicalise(c->generators + 1);
      return;
  }
}

/* --- structure --------------------------------------------------------------------- */

static int compare_sectors(const void *x, const void *y) {
  const sector_struct *a = x, *b = y;
  int c = fmpz_cmp(a->dimension, b->dimension);
  if (!c) c = fmpz_cmp(a->multiplicity, b->multiplicity);
  return c ? c : (int)a->field - (int)b->field;
}

/* Pairs with a representation of dimension d on sectors of this kind. */
static slong pairs_on(const structure_struct *s, size_t sector, ulong d) {
  slong pairs = 0;
  for (size_t k = 0; k < s->num_actions; k++)
    if (s->actions[k].sector == sector &&
        fmpz_equal_ui(s->actions[k].dimension, d))
      pairs += fmpz_get_si(s->actions[k].pairs);
  return pairs;
}

static char *describe(const structure_struct *s, bool sectors) {
  char *text = malloc(200 + 200 * (s->num_sectors + s->num_ideals));
  int at = sprintf(text, "dimension %ld centre %ld proved %d:",
                   fmpz_get_si(s->dimension), fmpz_get_si(s->center), s->proved);
  for (size_t k = 0; k < s->num_ideals; k++)
    at += sprintf(text + at, " %ld %c%ld", fmpz_get_si(s->ideals[k].count),
                  s->ideals[k].letter, fmpz_get_si(s->ideals[k].rank));
  if (!sectors) return text;
  sector_struct *list = malloc((s->num_sectors + 1) * sizeof *list);
  memcpy(list, s->sectors, s->num_sectors * sizeof *list);
  qsort(list, s->num_sectors, sizeof *list, compare_sectors);
  for (size_t k = 0; k < s->num_sectors; k++) {
    size_t i = 0;
    while (compare_sectors(s->sectors + i, list + k)) i++;
    at += sprintf(text + at, " %ld*(%ld,%ld,%d;%ld %ld)",
                  fmpz_get_si(list[k].count), fmpz_get_si(list[k].dimension),
                  fmpz_get_si(list[k].multiplicity), (int)list[k].field,
                  pairs_on(s, i, 2), pairs_on(s, i, 3));
  }
  free(list);
  return text;
}

static void check_case(size_t family, size_t n) {
  case_t c;
  case_set(&c, family, n);
  structure_t fast, slow;
  closure_t closure;
  fermion_algebra_t fermions;
  closure_limits_t limits = {.max_dimension = 4096, .num_threads = 1};
  structure_init(fast);
  structure_init(slow);
  closure_init(closure, c.num_qubits);
  reason_code_t reason = fermion_algebra_init(fermions, c.generators,
                                              c.num_generators, c.num_qubits);
  if (reason) {
    tap_diag("%s, n = %zu: %s", c.name, n, reason_code_word(reason));
  } else {
    if (!fermion_structure(fast, fermions)) tap_diag("not this kind");
    fermion_algebra_clear(fermions);
    closure_compute(closure, c.generators, c.num_generators, &limits);
    sum_structure(slow, closure, c.generators, c.num_generators, &limits);
    char *a = describe(fast, fast->sectors_known),
         *b = describe(slow, fast->sectors_known);
    tap_ok(!strcmp(a, b), "%s, n = %zu: %s", c.name, n, a);
    if (strcmp(a, b)) tap_diag("%s", b);
    if (fast->sectors_reason)
      tap_diag("%s", reason_code_word(fast->sectors_reason));
    free(a);
    free(b);
  }
  structure_clear(fast);
  structure_clear(slow);
  closure_clear(closure);
  case_clear(&c);
}

/* --- losses ---------------------------------------------------------------------------- */

/* A random element of g, plus what commutes with it: a generator, brackets of it, and
   now and then a number. */
static void random_element(pauli_sum_t out, const case_t *c) {
  pauli_sum_t x;
  fmpq_t factor;
  pauli_sum_init(x, c->num_qubits);
  fmpq_init(factor);
  for (size_t k = 0; k < 3; k++) {
    pauli_sum_set(x, c->generators + tap_random_below(c->num_generators));
    for (size_t d = tap_random_below(4); d; d--)
      closure_bracket(x, x, c->generators + tap_random_below(c->num_generators));
    fmpq_set_si(factor, (slong)tap_random_below(5) - 2, 1 + tap_random_below(3));
    pauli_sum_addmul(out, out, factor, x);
  }
  if (tap_random_below(3) == 0) push(out, 2, NULL, 0);
  pauli_sum_canonicalise(out);
  pauli_sum_clear(x);
  fmpq_clear(factor);
}

/* Product of stabilizers of one qubit, or of rational Bloch vectors. */
static void random_state(quantum_state_t out, size_t n) {
  product_state_t product;
  fmpq_t bloch[3];
  bool axes = tap_random_below(2);
  product_state_init(product, n);
  for (size_t i = 0; i < 3; i++) fmpq_init(bloch[i]);
  for (size_t q = 0; q < n; q++) {
    size_t at = tap_random_below(3);
    for (size_t i = 0; i < 3; i++) fmpq_zero(bloch[i]);
    fmpq_set_si(bloch[at], axes ? 1 : 3, axes ? 1 : 5);
    if (!axes) fmpq_set_si(bloch[(at + 1) % 3], 4, 5);
    if (tap_random_below(4) == 0) fmpq_neg(bloch[at], bloch[at]);
    product_state_set_bloch(product, q, bloch[0], bloch[1], bloch[2]);
  }
  quantum_state_set_product(out, product);
  for (size_t i = 0; i < 3; i++) fmpq_clear(bloch[i]);
  product_state_clear(product);
}

static bool same_moments(const fermion_loss_struct *loss, const case_t *c,
                         const pauli_sum_struct *o,
                         const quantum_state_struct *rho) {
  closure_limits_t limits = {.max_dimension = 4096, .num_threads = 1};
  generator_set_t set;
  ansatz_t ansatz;
  ansatz_init(ansatz, ANSATZ_OPERATORS, c->num_qubits);
  for (size_t j = 0; j < c->num_generators; j++)
    ansatz_add_generator(ansatz, c->generators + j);
  ansatz->num_parameters = c->num_generators;
  ansatz_add_observable(ansatz, o, "O");
  generator_set_init(set, ansatz);
  sum_moments_t moments;
  sum_input_t input;
  fmpq_t second, fourth;
  fmpq *gradient = _fmpq_vec_init((slong)c->num_generators);
  fmpq_init(second);
  fmpq_init(fourth);
  sum_moments_init(moments, set, o, &limits);
  bool same = !moments->reason;
  if (same) {
    same = !sum_input_init(input, moments, rho);
    adjoint_law_cumulants(second, fourth, loss->law);
    same = same && fmpq_equal(input->mean, loss->law->constant) &&
           fmpq_equal(input->variance, second) &&
           !sum_gradient(gradient, moments, input);
    for (size_t j = 0; j < c->num_generators && same; j++)
      same = fmpq_equal(gradient + j, loss->slopes + j);
    sum_input_clear(input);
  }
  sum_moments_clear(moments);
  _fmpq_vec_clear(gradient, (slong)c->num_generators);
  fmpq_clear(second);
  fmpq_clear(fourth);
  generator_set_clear(set);
  ansatz_clear(ansatz);
  return same;
}

/* Mean, variance and gradients of the law are those found in the module of the
   observable. */
static void check_losses(size_t family, size_t n) {
  case_t c;
  case_set(&c, family, n);
  fermion_algebra_t fermions;
  if (fermion_algebra_init(fermions, c.generators, c.num_generators,
                           c.num_qubits)) {
    case_clear(&c);
    return;
  }
  long count = tap_iterations(4), wrong = 0;
  for (long i = 0; i < count; i++) {
    pauli_sum_t o;
    quantum_state_t rho;
    fermion_loss_t loss;
    pauli_sum_init(o, c.num_qubits);
    quantum_state_init(rho, c.num_qubits);
    random_element(o, &c);
    random_state(rho, c.num_qubits);
    fermion_loss_init(loss, fermions, c.generators, c.num_generators, o, rho);
    if (!loss->applies || !loss->has_law || !same_moments(loss, &c, o, rho)) {
      char *text = pauli_sum_get_str(o);
      tap_diag("%s, n = %zu: O = %s", c.name, n, text);
      free(text);
      wrong++;
    }
    fermion_loss_clear(loss);
    quantum_state_clear(rho);
    pauli_sum_clear(o);
  }
  tap_ok(!wrong, "%s, n = %zu: moments of %ld losses", c.name, n, count);
  fermion_algebra_clear(fermions);
  case_clear(&c);
}

/* What is no element of g, by a part that commutes with nothing or by weights that
   the generators do not give. */
static void check_outside(void) {
  static const char *const texts[] = {"Z", "XX", "ZXZ"};
  for (size_t k = 0; k < 3; k++) {
    case_t c;
    fermion_algebra_t fermions;
    fermion_loss_t loss;
    pauli_sum_t o;
    quantum_state_t rho;
    case_set(&c, 0, 5);
    pauli_sum_init(o, 5);
    quantum_state_init(rho, 5);
    add_chain(o, texts[k], 1, 0, 1, 1);
    bool outside = !fermion_algebra_init(fermions, c.generators, 2, 5);
    if (outside) {
      fermion_loss_init(loss, fermions, c.generators, 2, o, rho);
      outside = !loss->applies;
      fermion_loss_clear(loss);
      fermion_algebra_clear(fermions);
    }
    tap_ok(outside, "%s on one place is outside the algebra of the Ising ring",
           texts[k]);
    quantum_state_clear(rho);
    pauli_sum_clear(o);
    case_clear(&c);
  }
}

int main(void) {
  tap_begin("t-fermions");
  for (size_t family = 0; family < NUM_FAMILIES; family++)
    for (size_t n = 3; n <= 6; n++) check_case(family, n);
  check_case(0, 7);
  for (size_t family = 0; family < NUM_FAMILIES; family++)
    for (size_t n = 4; n <= 6; n++) check_losses(family, n);
  check_outside();
  return tap_end();
}
