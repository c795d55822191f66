#include "algebra/check/sums/check_sector_spectra.h"

enum { MAX_SIZE = 12, NUMERATOR_BITS = 28, DENOMINATOR_BITS = 12 };

static bool fraction(fmpq_t out, mp_limb_t x, nmod_t mod) {
  fmpz_t a, m, above, below;
  fmpz_init_set_ui(a, x);
  fmpz_init_set_ui(m, mod.n);
  fmpz_init_set_ui(above, UINT64_C(1) << NUMERATOR_BITS);
  fmpz_init_set_ui(below, UINT64_C(1) << DENOMINATOR_BITS);
  bool found = fmpq_reconstruct_fmpz_2(out, a, m, above, below);
  fmpz_clear(a);
  fmpz_clear(m);
  fmpz_clear(above);
  fmpz_clear(below);
  return found;
}

/* The characteristic polynomial of O on the module of sector k. */
static bool on_module(nmod_poly_t f, check_decomposition_struct *d, size_t k,
                      const pauli_sum_struct *observable) {
  const check_module_t *m = &d->list[k].module;
  const check_sparse_struct *s = d->space;
  size_t start = s->start[m->block], dim = s->start[m->block + 1] - start;
  size_t *place = flint_malloc((s->size + 1) * sizeof *place);
  check_element_t e = {.p = d->p, .dim = dim, .num_parts = 1};
  check_part_t own;
  for (size_t a = 0; a < s->size; a++) place[a] = SIZE_MAX;
  for (size_t i = 0; i < dim; i++) place[s->states[start + i]] = i;
  bool ok = check_rows_of_sum(e.part, s, observable, s->states + start, dim, place);
  flint_free(place);
  if (!ok) return false;
  for (int w = 0; w < 3; w++) e.work[w] = check_vector(dim);
  check_part_init(&own, s, &d->choices, m->block);
  ok = check_module_characteristic(f, m, &own, &e);
  check_part_clear(&own);
  for (int w = 0; w < 3; w++) flint_free(e.work[w]);
  check_rows_clear(e.part);
  return ok;
}

static bool set_observable(check_sector_ideal_t *ideal, check_decomposition_struct *d,
                           size_t k, const pauli_sum_struct *observable) {
  nmod_poly_t f, sums;
  nmod_poly_init_mod(f, d->p->mod);
  nmod_poly_init_mod(sums, d->p->mod);
  bool ok = on_module(f, d, k, observable);
  if (ok) check_centre_polynomial(f, f);
  if (ok) nmod_poly_power_sums(sums, f, (slong)ideal->size + 1);
  for (size_t r = 0; r < ideal->size && ok; r++)
    ok = fraction(ideal->observable + r, nmod_poly_get_coeff_ui(sums, (slong)r + 1),
                  d->p->mod);
  nmod_poly_clear(f);
  nmod_poly_clear(sums);
  return ok;
}

/* w^j ((1 - 1/d)^j + (d - 1) (-1/d)^j), j = r + 1 */
static bool set_state(check_sector_ideal_t *ideal, mp_limb_t weight, nmod_t mod) {
  fmpq_t w, x, y;
  slong d = (slong)ideal->size;
  fmpq_init(w);
  fmpq_init(x);
  fmpq_init(y);
  bool ok = fraction(w, weight, mod);
  for (slong r = 0; r < d && ok; r++) {
    fmpq_set_si(x, d - 1, (ulong)d);
    fmpq_set_si(y, -1, (ulong)d);
    fmpq_pow_si(x, x, r + 1);
    fmpq_pow_si(y, y, r + 1);
    fmpq_mul_si(y, y, d - 1);
    fmpq_add(x, x, y);
    fmpq_pow_si(y, w, r + 1);
    fmpq_mul(ideal->state + r, x, y);
  }
  fmpq_clear(w);
  fmpq_clear(x);
  fmpq_clear(y);
  return ok;
}

/* The ideal that acts first on sector k. */
static bool add_ideal(check_sector_spectra_t out, const check_pure_struct *pure, size_t k,
                      const pauli_sum_struct *observable) {
  check_decomposition_struct *d = pure->d;
  size_t size = d->list[k].module.dimension, at = k;
  const check_populated_t *populated = NULL;
  if (size > MAX_SIZE) return false;
  check_sector_ideal_t *ideal = out->list + out->length++;
  *ideal = (check_sector_ideal_t){size, _fmpq_vec_init((slong)size),
                                  _fmpq_vec_init((slong)size)};
  for (size_t j = 0; j < pure->length; j++)
    if (d->list[pure->list[j].found].link == k) populated = pure->list + j;
  if (populated) at = populated->found;
  return set_observable(ideal, d, at, observable) &&
         (!populated || set_state(ideal, populated->weight, d->p->mod));
}

bool check_sector_spectra_init(check_sector_spectra_t out, const check_pure_t pure,
                               const pauli_sum_struct *observable) {
  const check_decomposition_struct *d = pure->d;
  bool ok = pure->apart && !d->space->copies;
  *out = (check_sector_spectra_struct){0, flint_calloc(d->length + 1, sizeof *out->list)};
  for (size_t k = 0; k < d->length && ok; k++) {
    ok = d->list[k].module.acts == CHECK_ACTS_LINEAR;
    if (ok && d->list[k].module.dimension > 1 && d->list[k].link == k)
      ok = add_ideal(out, pure, k, observable);
  }
  if (!ok) check_sector_spectra_clear(out);
  return ok;
}

void check_sector_spectra_clear(check_sector_spectra_t s) {
  for (size_t k = 0; k < s->length; k++) {
    _fmpq_vec_clear(s->list[k].observable, (slong)s->list[k].size);
    _fmpq_vec_clear(s->list[k].state, (slong)s->list[k].size);
  }
  flint_free(s->list);
}
