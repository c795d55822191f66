#include "cli/read/ops_roots.h"

#include <stdlib.h>

#include "algebra/base/text.h"

void ops_grid_init(ops_grid_t *grid, size_t num_generators, size_t num_qubits,
                   size_t width, const ops_roots_t *roots) {
  size_t num = num_generators << roots->num;
  *grid = (ops_grid_t){.num_generators = num_generators, .width = width,
                       .roots = roots};
  grid->parts = flint_malloc((num + 1) * sizeof *grid->parts);
  for (size_t i = 0; i < num; i++) pauli_sum_init(grid->parts + i, num_qubits);
  fmpq_mat_init(grid->inverse, (slong)width, (slong)width);
  for (slong x = 0; x < (slong)width; x++)
    for (slong k = 0; k < (slong)width; k++) {
      fmpz_set_si(fmpq_mat_entry_num(grid->inverse, x, k), x);
      fmpz_pow_ui(fmpq_mat_entry_num(grid->inverse, x, k),
                  fmpq_mat_entry_num(grid->inverse, x, k), (ulong)k);
    }
  fmpq_mat_inv(grid->inverse, grid->inverse);
}

void ops_grid_clear(ops_grid_t *grid) {
  if (!grid->roots) return;
  for (size_t i = 0; i < grid->num_generators << grid->roots->num; i++)
    pauli_sum_clear(grid->parts + i);
  flint_free(grid->parts);
  fmpq_mat_clear(grid->inverse);
}

void ops_grid_point(fmpq *values, const ops_grid_t *grid, size_t x) {
  for (size_t i = 0; i < grid->roots->num; i++, x /= grid->width)
    fmpq_set_si(values + i, (slong)(x % grid->width), 1);
}

/* A monomial e (digits: exponents) is prod p_i^(e_i / 2) times the roots of the
   primes with odd exponents. */
void ops_grid_add(ops_grid_t *grid, size_t x, const pauli_sum_struct *generators) {
  size_t k = grid->roots->num, monomials = 1;
  fmpq_t c;
  fmpz_t power;
  fmpq_init(c);
  fmpz_init(power);
  for (size_t i = 0; i < k; i++) monomials *= grid->width;
  for (size_t e = 0; e < monomials; e++) {
    size_t subset = 0, point = x, rest = e;
    fmpq_one(c);
    for (size_t i = 0; i < k; i++, point /= grid->width, rest /= grid->width) {
      ulong exponent = rest % grid->width;
      fmpq_mul(c, c, fmpq_mat_entry(grid->inverse, (slong)exponent,
                                    (slong)(point % grid->width)));
      fmpz_set_ui(power, grid->roots->primes[i]);
      fmpz_pow_ui(power, power, exponent / 2);
      fmpq_mul_fmpz(c, c, power);
      subset |= (exponent & 1) << i;
    }
    for (size_t j = 0; j < grid->num_generators; j++) {
      pauli_sum_struct *part = grid->parts + (j << k | subset);
      pauli_sum_addmul(part, part, c, generators + j);
    }
  }
  fmpq_clear(c);
  fmpz_clear(power);
}

void ops_grid_approximate(fmpq *values, const ops_grid_t *grid, ulong bits) {
  for (size_t i = 0; i < grid->roots->num; i++) {
    fmpq_zero(values + i);
    fmpz_set_ui(fmpq_numref(values + i), grid->roots->primes[i]);
    fmpz_mul_2exp(fmpq_numref(values + i), fmpq_numref(values + i), 2 * bits);
    fmpz_sqrt(fmpq_numref(values + i), fmpq_numref(values + i));
    fmpz_mul_2exp(fmpq_denref(values + i), fmpq_denref(values + i), bits);
    fmpq_canonicalise(values + i);
  }
}

/* Reduced echelon basis over F_2 of the subsets that occur; how many. */
static size_t occurring(size_t basis[OPS_MAX_ROOTS], const ops_grid_t *grid) {
  size_t k = grid->roots->num, rank = 0;
  for (size_t s = 1; s < (size_t)1 << k; s++) {
    size_t v = s;
    bool occurs = false;
    for (size_t j = 0; j < grid->num_generators; j++)
      occurs = occurs || !pauli_sum_is_zero(grid->parts + (j << k | s));
    for (size_t b = 0; b < rank; b++) /* the lowest bit of each is its pivot */
      if (v & (basis[b] & -basis[b])) v ^= basis[b];
    if (!occurs || v == 0) continue;
    for (size_t b = 0; b < rank; b++)
      if (basis[b] & (v & -v)) basis[b] ^= v;
    basis[rank++] = v;
  }
  return rank;
}

static ulong product(const ops_roots_t *roots, size_t subset) {
  ulong m = 1;
  for (size_t i = 0; i < roots->num; i++)
    if (subset >> i & 1) m *= roots->primes[i];
  return m;
}

void ops_field_init(ops_field_t *field, const ops_grid_t *grid) {
  const ops_roots_t *roots = grid->roots;
  size_t basis[OPS_MAX_ROOTS], k = roots->num, rank = occurring(basis, grid);
  *field = (ops_field_t){.num_generators = grid->num_generators,
                         .num_roots = rank};
  field->radicands = flint_malloc((rank + 1) * sizeof *field->radicands);
  for (size_t b = 0; b < rank; b++)
    field->radicands[b] = product(roots, basis[b]);
  size_t num = grid->num_generators << rank;
  field->parts = flint_malloc((num + 1) * sizeof *field->parts);
  fmpz_t square;
  fmpz_init(square);
  for (size_t t = 0; t < (size_t)1 << rank; t++) {
    /* prod of the roots in t = sqrt(square) times the root of the primes in s */
    size_t s = 0;
    fmpz_one(square);
    for (size_t b = 0; b < rank; b++)
      if (t >> b & 1) {
        s ^= basis[b];
        fmpz_mul_ui(square, square, field->radicands[b]);
      }
    fmpz_divexact_ui(square, square, product(roots, s));
    fmpz_sqrt(square, square);
    fmpq_t c;
    fmpq_init(c);
    fmpq_one(c);
    fmpz_set(fmpq_denref(c), square);
    for (size_t j = 0; j < grid->num_generators; j++) {
      pauli_sum_struct *part = field->parts + (j << rank | t);
      pauli_sum_init(part, grid->parts->num_qubits);
      pauli_sum_addmul(part, part, c, grid->parts + (j << k | s));
    }
    fmpq_clear(c);
  }
  fmpz_clear(square);
}

void ops_field_clear(ops_field_t *field) {
  for (size_t i = 0; field->parts && i < field->num_generators << field->num_roots;
       i++)
    pauli_sum_clear(field->parts + i);
  flint_free(field->parts);
  flint_free(field->radicands);
}

/* Coefficients c_S of one string make 0 only when they all are. */
bool ops_field_fits(const ops_field_t *field, const pauli_sum_struct *generators) {
  size_t subsets = (size_t)1 << field->num_roots;
  bool fits = true;
  for (size_t j = 0; j < field->num_generators && fits; j++) {
    pauli_sum_t all, squares;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    pauli_sum_init(all, generators->num_qubits);
    for (size_t s = 0; s < subsets; s++) { /* all coefficients made 1 */
      pauli_sum_init(squares, generators->num_qubits);
      pauli_sum_addmul(squares, squares, one, field->parts + j * subsets + s);
      for (size_t t = 0; t < squares->length; t++) fmpq_one(squares->coeffs + t);
      pauli_sum_addmul(all, all, one, squares);
      pauli_sum_clear(squares);
    }
    fits = all->length == generators[j].length;
    pauli_sum_clear(all);
    fmpq_clear(one);
  }
  return fits;
}

void ops_field_move(ansatz_t ansatz, ops_field_t *field) {
  char *name = NULL, *longer;
  if (field->num_roots == 0) return;
  for (size_t i = 0; i < field->num_roots; i++) {
    longer = text_print("%s%ssqrt(%lu)", name ? name : "", name ? ", " : "",
                        field->radicands[i]);
    free(name);
    name = longer;
  }
  ansatz->symbol = name;
  ansatz->num_roots = field->num_roots;
  ansatz->root_radicands = field->radicands;
  ansatz->symbol_parts = field->parts;
  *field = (ops_field_t){0};
}
