#include "algebra/check/sums/check_sector_blocks.h"

enum { MAX_SIZE = 600 };
static const size_t most_powers = (size_t)1 << 29; /* some seconds */

static void set_powers_of_values(check_sum_block_struct *b,
                                 const check_pure_loss_struct *loss, mp_limb_t mean,
                                 size_t d) {
  nmod_t mod = loss->mod;
  size_t count = loss->num_values;
  mp_limb_t *power = flint_malloc((count + 1) * sizeof *power);
  mp_limb_t each = nmod_div(d, count % mod.n, mod);
  for (size_t i = 0; i < count; i++) power[i] = each;
  for (size_t j = 0; j < b->num_powers; j++) {
    b->power[j] = 0;
    for (size_t i = 0; i < count; i++) {
      b->power[j] = nmod_add(b->power[j], power[i], mod);
      power[i] = nmod_mul(power[i], nmod_sub(loss->values[i], mean, mod), mod);
    }
  }
  flint_free(power);
}

/* sum of (eigenvalue - mean)^j, j <= d and at least 4. */
static bool set_powers(check_sum_block_struct *b, const check_pure_loss_struct *loss,
                       size_t k, size_t d) {
  nmod_poly_t f, sums;
  mp_limb_t mean = nmod_div(loss->trace[k], d, loss->mod);
  size_t count = (d > 4 ? d : 4) + 1;
  bool by_values = loss->values != NULL;
  if (by_values ? loss->num_values > most_powers / d
                : nmod_mat_nrows(loss->part + k) != (slong)d || d > MAX_SIZE)
    return false;
  b->num_powers = count;
  b->power = flint_malloc(count * sizeof *b->power);
  if (by_values) {
    set_powers_of_values(b, loss, mean, d);
    return true;
  }
  nmod_poly_init_mod(f, loss->mod);
  nmod_poly_init_mod(sums, loss->mod);
  nmod_mat_charpoly(f, loss->part + k);
  nmod_poly_taylor_shift(f, f, mean);
  nmod_poly_power_sums(sums, f, (slong)count);
  for (size_t j = 0; j < count; j++) b->power[j] = nmod_poly_get_coeff_ui(sums, (slong)j);
  nmod_poly_clear(f);
  nmod_poly_clear(sums);
  return true;
}

static bool set_block(check_sum_block_struct *b, const check_sum_structure_struct *s,
                      const check_pure_struct *pure, const check_pure_loss_struct *loss,
                      size_t k) {
  const check_populated_t *one = pure->list + k;
  nmod_t mod = loss->mod;
  size_t d = one->dimension;
  mp_limb_t t = loss->trace[k];
  *b = (check_sum_block_struct){.kind = s->kinds + one->found, .populated = true,
                                .inside = true, .weight = one->weight};
  b->state[0] = nmod_mul(one->weight, one->weight, mod);
  b->state[1] = nmod_mul(b->state[0], one->weight, mod);
  b->moved = nmod_mul(loss->square[k], d, mod) != nmod_mul(t, t, mod);
  bool full = loss->turned || pure->d->list[one->found].module.acts == CHECK_ACTS_LINEAR;
  return !b->moved || !full || set_powers(b, loss, k, d);
}

static bool commutes_with_all(const check_prime_t *p, const pauli_sum_struct *o) {
  for (size_t j = 0; j < p->num_sums; j++)
    if (!pauli_sum_commute(o, p->sums[j])) return false;
  return true;
}

bool check_sector_blocks_init(check_sum_blocks_t out, const check_sum_structure_t counted,
                              const check_pure_t pure, const check_pure_loss_t loss,
                              const pauli_sum_struct *observable) {
  bool ok = true;
  *out = (check_sum_blocks_struct){.mod = loss->mod, .saturated = true, .exact = true};
  out->real = pure->turns;
  if (!pure->apart && !pure->turns) out->saturated = check_sum_is_saturated(counted);
  out->fixed = commutes_with_all(pure->d->p, observable);
  out->between = !nmod_mat_is_zero(loss->coherence);
  out->list = flint_calloc(pure->length + 1, sizeof *out->list);
  for (; out->length < pure->length && ok; out->length++)
    ok = set_block(out->list + out->length, counted, pure, loss, out->length);
  if (!ok) check_sum_blocks_clear(out);
  return ok;
}
