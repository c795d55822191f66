#include "algebra/check/sums/check_pure_loss.h"

#include <stdlib.h>

enum { MAX_DENSE = 1200 };

/* --- observables ------------------------------------------------------------------------------- */

/* Tr(x y) */
static mp_limb_t trace_of_product(const nmod_mat_t x, const nmod_mat_t y) {
  mp_limb_t sum = 0;
  nmod_mat_t turned;
  nmod_mat_init(turned, nmod_mat_ncols(y), nmod_mat_nrows(y), y->mod.n);
  nmod_mat_transpose(turned, y);
  for (slong i = 0; i < nmod_mat_nrows(x); i++)
    sum = nmod_add(sum, check_vector_dot(&nmod_mat_entry(x, i, 0),
                                         &nmod_mat_entry(turned, i, 0),
                                         (size_t)nmod_mat_ncols(x), x->mod), x->mod);
  nmod_mat_clear(turned);
  return sum;
}

static void dense(nmod_mat_t out, const check_rows_t *o) {
  nmod_mat_zero(out);
  for (size_t i = 0; i < o->dim; i++)
    for (uint64_t j = o->start[i]; j < o->start[i + 1]; j++)
      nmod_mat_entry(out, (slong)i, (slong)o->col[j]) = o->val[j];
}

/* Tr m, Tr m^2 of a matrix by rows. */
static void sparse_traces(mp_limb_t *trace, mp_limb_t *square, const check_rows_t *m,
                          nmod_t mod) {
  *trace = *square = 0;
  for (size_t i = 0; i < m->dim; i++)
    for (uint64_t j = m->start[i]; j < m->start[i + 1]; j++) {
      size_t to = m->col[j];
      if (to == i) *trace = nmod_add(*trace, m->val[j], mod);
      for (uint64_t k = m->start[to]; k < m->start[to + 1]; k++)
        if (m->col[k] == i) *square = nmod_addmul(*square, m->val[j], m->val[k], mod);
    }
}

/* Its diagonal, if it has nothing else. */
static mp_limb_t *only_diagonal(const check_rows_t *o) {
  mp_limb_t *out = check_vector(o->dim);
  bool ok = true;
  for (size_t i = 0; i < o->dim && ok; i++)
    for (uint64_t j = o->start[i]; j < o->start[i + 1] && ok; j++) {
      ok = o->col[j] == i;
      out[i] = o->val[j];
    }
  if (ok) return out;
  flint_free(out);
  return NULL;
}

/* v[z] := sum over masks x of (-1)^(x.z) v[x] */
static void walsh(mp_limb_t *v, size_t size, nmod_t mod) {
  for (size_t half = 1; half < size; half *= 2)
    for (size_t a = 0; a < size; a++) {
      if (a & half) continue;
      mp_limb_t x = v[a], y = v[a + half];
      v[a] = nmod_add(x, y, mod);
      v[a + half] = nmod_sub(x, y, mod);
    }
}

/* The values on all of the space of a sum of flips that stays on U; NULL: it is none. */
static mp_limb_t *only_flips(const check_pure_struct *pure, const check_rows_t *o,
                             const pauli_sum_struct *observable) {
  const check_sparse_struct *s = pure->d->space;
  mp_limb_t *out = check_vector(s->size);
  bool ok = true;
  for (size_t t = 0; t < observable->length && ok; t++) {
    check_mask_t m;
    bool minus = check_sparse_rotate(&m, s, pauli_sum_string(observable, t));
    mp_limb_t c = check_prime_coeff(s->p, observable, t);
    ok = m.z == 0;
    out[m.mask] = minus ? nmod_neg(c, s->p->mod) : c;
  }
  for (size_t i = 0; i < o->dim && ok; i++)
    ok = o->start[i + 1] - o->start[i] == observable->length;
  if (ok) walsh(out, s->size, s->p->mod);
  if (ok) return out;
  flint_free(out);
  return NULL;
}

static void set_values(check_pure_loss_struct *loss, const check_pure_struct *pure,
                       const check_rows_t *o, const pauli_sum_struct *observable) {
  loss->num_values = o->dim;
  loss->values = only_diagonal(o);
  if (loss->values) return;
  if (pure->d->space->copies) return;
  loss->num_values = pure->d->space->size;
  loss->values = only_flips(pure, o, observable);
}

static mp_limb_t over_dimensions(mp_limb_t x, size_t a, size_t b, nmod_t mod) {
  return nmod_div(nmod_div(x, a, mod), b, mod);
}

/* w^2 (1 - 1/d) (Tr O^2 - (Tr O)^2/d) / D, D = d^2 - 1, or that of the traceless symmetric
   matrices; 0 for d = 1. */
static mp_limb_t own_term(const check_pure_loss_struct *loss, const check_populated_t *k,
                          size_t index) {
  nmod_t mod = loss->mod;
  size_t d = k->dimension;
  size_t all = loss->turned ? (d * d + d - 2) / 2 : d * d - 1;
  if (d == 1) return 0;
  mp_limb_t t = loss->trace[index];
  mp_limb_t rest = nmod_sub(loss->square[index],
                            nmod_div(nmod_mul(t, t, mod), d, mod), mod);
  mp_limb_t weight = nmod_mul(nmod_mul(k->weight, k->weight, mod),
                              nmod_div(d - 1, d, mod), mod);
  return nmod_div(nmod_mul(weight, rest, mod), (mp_limb_t)all % mod.n, mod);
}

/* w_k w_l c_kl / (d_k d_l), twice where the group is real */
static mp_limb_t shared_term(const check_pure_loss_struct *loss,
                             const check_pure_struct *pure, size_t k, size_t l) {
  const check_populated_t *a = pure->list + k, *b = pure->list + l;
  nmod_t mod = loss->mod;
  mp_limb_t c = nmod_mat_entry(loss->coherence, (slong)k, (slong)l);
  c = nmod_mul(c, nmod_mul(a->weight, b->weight, mod), mod);
  if (loss->turned) c = nmod_add(c, c, mod);
  return over_dimensions(c, a->dimension, b->dimension, mod);
}

/* Coherences between sectors of dimension 2, or 2 and 1, or among more than two of
   dimension 1, may interfere. */
static bool are_covered(const check_pure_loss_struct *loss, const check_pure_struct *pure) {
  size_t lines = 0;
  bool ok = true;
  for (size_t k = 0; k < pure->length; k++) lines += pure->list[k].dimension == 1;
  for (size_t k = 0; k < pure->length; k++)
    for (size_t l = 0; l < k; l++) {
      size_t a = pure->list[k].dimension, b = pure->list[l].dimension;
      if (a > 2 || b > 2 || !nmod_mat_entry(loss->coherence, (slong)k, (slong)l)) continue;
      ok = ok && a == 1 && b == 1 && lines == 2;
    }
  return ok;
}

static void set_parts(check_pure_loss_struct *loss, check_pure_struct *pure,
                      const check_rows_t *o, const pauli_sum_struct *observable) {
  check_prime_t *p = pure->d->p;
  for (size_t k = 0; k < pure->length; k++) {
    slong d = (slong)pure->list[k].dimension;
    if (!pure->list[k].has_matrices) {
      set_values(loss, pure, o, observable);
      bool small = d <= MAX_DENSE && !loss->values;
      nmod_mat_init(loss->part + k, small ? d : 0, small ? d : 0, p->mod.n);
      if (small) dense(loss->part + k, o);
      sparse_traces(loss->trace + k, loss->square + k, o, p->mod);
      continue;
    }
    nmod_mat_init(loss->part + k, d, d, p->mod.n);
    check_pure_between(loss->part + k, o, pure->list + k, pure->list + k, p);
    loss->trace[k] = nmod_mat_trace(loss->part + k);
    loss->square[k] = trace_of_product(loss->part + k, loss->part + k);
    for (size_t l = 0; l < k; l++) {
      nmod_mat_t x, y;
      slong e = (slong)pure->list[l].dimension;
      nmod_mat_init(x, d, e, p->mod.n);
      nmod_mat_init(y, e, d, p->mod.n);
      check_pure_between(x, o, pure->list + k, pure->list + l, p);
      check_pure_between(y, o, pure->list + l, pure->list + k, p);
      mp_limb_t c = trace_of_product(x, y);
      nmod_mat_entry(loss->coherence, (slong)k, (slong)l) = c;
      nmod_mat_entry(loss->coherence, (slong)l, (slong)k) = c;
      nmod_mat_clear(x);
      nmod_mat_clear(y);
    }
  }
}

static bool set_twirl(check_pure_loss_struct *loss, check_pure_struct *pure,
                      const pauli_sum_struct *observable) {
  size_t n = pure->length;
  check_rows_t o;
  if (!check_twirl_init(loss->twirl, pure)) return false;
  loss->has_twirl = true;
  loss->all = flint_calloc(n * n + 1, sizeof *loss->all);
  bool ok = check_rows_of_sum(&o, pure->d->space, observable, pure->states, pure->size,
                              pure->place);
  for (size_t k = 0; k < n; k++)
    for (size_t l = 0; l < n; l++) {
      nmod_mat_struct *part = loss->all + k * n + l;
      nmod_mat_init(part, (slong)pure->list[k].dimension, (slong)pure->list[l].dimension,
                    loss->mod.n);
      if (ok) check_pure_between(part, &o, pure->list + k, pure->list + l, pure->d->p);
    }
  if (ok) check_rows_clear(&o);
  return ok && check_twirl_second(&loss->second, loss->twirl, loss->all, NULL);
}

/* observable: turned, its symmetric part. */
static bool set_loss(check_pure_loss_struct *loss, check_pure_struct *pure,
                     const pauli_sum_struct *observable) {
  check_rows_t o;
  size_t n = pure->length;
  nmod_t mod = pure->d->p->mod;
  if (!check_rows_of_sum(&o, pure->d->space, observable, pure->states, pure->size,
                         pure->place))
    return false;
  *loss = (check_pure_loss_struct){.mod = mod, .length = n, .turned = pure->turns};
  loss->trace = check_vector(n);
  loss->square = check_vector(n);
  loss->part = flint_malloc((n + 1) * sizeof *loss->part);
  nmod_mat_init(loss->coherence, (slong)n, (slong)n, mod.n);
  set_parts(loss, pure, &o, observable);
  check_rows_clear(&o);
  for (size_t k = 0; k < n; k++) {
    const check_populated_t *one = pure->list + k;
    mp_limb_t t = nmod_div(loss->trace[k], one->dimension, mod);
    loss->mean = nmod_addmul(loss->mean, one->weight, t, mod);
    loss->second = nmod_add(loss->second, own_term(loss, one, k), mod);
    for (size_t l = 0; l < n; l++)
      if (l != k) loss->second = nmod_add(loss->second, shared_term(loss, pure, k, l), mod);
  }
  loss->second = nmod_addmul(loss->second, loss->mean, loss->mean, mod);
  if (pure->turns || (pure->apart && are_covered(loss, pure))) return true;
  if (set_twirl(loss, pure, observable)) return true;
  check_pure_loss_clear(loss);
  return false;
}

/* The strings that are symmetric matrices in the frame. */
static void symmetric_part(pauli_sum_struct *out, const check_sparse_struct *s,
                           const pauli_sum_struct *observable) {
  for (size_t t = 0; t < observable->length; t++) {
    check_mask_t m;
    check_sparse_rotate(&m, s, pauli_sum_string(observable, t));
    if (m.ys % 2 == 0)
      pauli_sum_push(out, observable->coeffs + t, pauli_sum_string(observable, t));
  }
}

bool check_pure_loss_init(check_pure_loss_t loss, check_pure_t pure,
                          const pauli_sum_struct *observable) {
  pauli_sum_t part;
  if (!pure->turns) return set_loss(loss, pure, observable);
  pauli_sum_init(part, observable->num_qubits);
  symmetric_part(part, pure->d->space, observable);
  bool ok = set_loss(loss, pure, part);
  pauli_sum_clear(part);
  return ok;
}

void check_pure_loss_clear(check_pure_loss_t loss) {
  for (size_t k = 0; k < loss->length; k++) nmod_mat_clear(loss->part + k);
  flint_free(loss->part);
  flint_free(loss->values);
  flint_free(loss->trace);
  flint_free(loss->square);
  nmod_mat_clear(loss->coherence);
  for (size_t k = 0; k < loss->length * loss->length && loss->all; k++)
    nmod_mat_clear(loss->all + k);
  flint_free(loss->all);
  if (loss->has_twirl) check_twirl_clear(loss->twirl);
}

/* --- gradients ------------------------------------------------------------------------------------ */

/* Tr H and Tr H^2 on a sector, H of the algebra. */
static void traces_of_generator(mp_limb_t *trace, mp_limb_t *square,
                                const check_populated_t *k, const check_rows_t *h,
                                check_prime_t *p) {
  if (!k->has_matrices) {
    sparse_traces(trace, square, h, p->mod);
    return;
  }
  nmod_mat_t once, twice;
  slong rows = nmod_mat_nrows(k->right), columns = nmod_mat_ncols(k->right);
  nmod_mat_init(once, rows, columns, p->mod.n);
  nmod_mat_init(twice, rows, columns, p->mod.n);
  check_pure_apply(once, h, k->right, p);
  check_pure_apply(twice, h, once, p);
  *trace = *square = 0;
  for (slong i = 0; i < rows; i++) {
    const mp_limb_t *x = &nmod_mat_entry(k->left, i, 0);
    *trace = nmod_add(*trace, check_vector_dot(x, &nmod_mat_entry(once, i, 0),
                                               (size_t)columns, p->mod), p->mod);
    *square = nmod_add(*square, check_vector_dot(x, &nmod_mat_entry(twice, i, 0),
                                                 (size_t)columns, p->mod), p->mod);
  }
  nmod_mat_clear(once);
  nmod_mat_clear(twice);
}

bool check_pure_mean(mp_limb_t *out, check_pure_t pure, const pauli_sum_struct *observable) {
  check_rows_t rows;
  nmod_t mod = pure->d->p->mod;
  mp_limb_t trace, square;
  if (!check_rows_of_sum(&rows, pure->d->space, observable, pure->states, pure->size,
                         pure->place))
    return false;
  *out = 0;
  for (size_t k = 0; k < pure->length; k++) {
    const check_populated_t *one = pure->list + k;
    traces_of_generator(&trace, &square, one, &rows, pure->d->p);
    *out = nmod_addmul(*out, one->weight, nmod_div(trace, one->dimension, mod), mod);
  }
  check_rows_clear(&rows);
  return true;
}

/* As pure->apart, and sp(d/2) where there is su(d): both move phi_k over all of a sphere. */
static bool moves_on_spheres(const check_pure_struct *pure) {
  const check_found_t *list = pure->d->list;
  bool ok = true;
  for (size_t k = 0; k < pure->length; k++) {
    const check_found_t *a = list + pure->list[k].found;
    ok = ok && (a->module.acts == CHECK_ACTS_LINEAR || a->module.acts == CHECK_ACTS_SYMPLECTIC);
    for (size_t l = 0; l < k; l++)
      ok = ok && (a->module.dimension == 1 || a->link != list[pure->list[l].found].link);
  }
  return ok;
}

bool check_pure_orbit_dimension(size_t *out, check_pure_t pure) {
  check_prime_t *p = pure->d->p;
  nmod_mat_t phases; /* of the generators on lines, a row each; of the whole */
  size_t lines = 0, at = 0;
  bool ok = true;
  if (!pure->turns && !moves_on_spheres(pure)) {
    check_twirl_t twirl;
    if (!check_twirl_init(twirl, pure)) return false;
    ok = check_twirl_orbit_dimension(out, twirl);
    check_twirl_clear(twirl);
    return ok;
  }
  *out = 0;
  for (size_t k = 0; k < pure->length; k++) {
    size_t d = pure->list[k].dimension;
    if (pure->turns) *out += d - 1;
    else if (d > 1) *out += 2 * d - 1;
    else lines++;
  }
  if (pure->turns) return true;
  nmod_mat_init(phases, (slong)p->num_sums + 1, (slong)lines, p->mod.n);
  for (size_t k = 0; k < pure->length; k++) {
    if (pure->list[k].dimension > 1) continue;
    for (size_t j = 0; j < p->num_sums && ok; j++) {
      check_rows_t h;
      mp_limb_t trace, square;
      ok = check_rows_of_sum(&h, pure->d->space, p->sums[j], pure->states, pure->size,
                             pure->place);
      if (!ok) break;
      traces_of_generator(&trace, &square, pure->list + k, &h, p);
      nmod_mat_entry(phases, (slong)j, (slong)at) = trace;
      check_rows_clear(&h);
    }
    nmod_mat_entry(phases, (slong)p->num_sums, (slong)at++) = 1;
  }
  *out += (size_t)nmod_mat_rank(phases);
  *out -= 1;
  nmod_mat_clear(phases);
  return ok;
}

bool check_pure_gradient(mp_limb_t *out, const check_pure_loss_t loss,
                         check_pure_t pure, const pauli_sum_struct *h) {
  check_rows_t rows;
  nmod_t mod = loss->mod;
  size_t n = pure->length;
  if (loss->has_twirl) return check_twirl_second(out, loss->twirl, loss->all, h);
  if (!check_rows_of_sum(&rows, pure->d->space, h, pure->states, pure->size, pure->place))
    return false;
  mp_limb_t *trace = check_vector(n), *square = check_vector(n); /* over d */
  for (size_t k = 0; k < n; k++) {
    traces_of_generator(trace + k, square + k, pure->list + k, &rows, pure->d->p);
    trace[k] = nmod_div(trace[k], pure->list[k].dimension, mod);
    square[k] = nmod_div(square[k], pure->list[k].dimension, mod);
  }
  *out = 0;
  for (size_t k = 0; k < n; k++) {
    size_t d = pure->list[k].dimension;
    mp_limb_t spread = nmod_sub(square[k], nmod_mul(trace[k], trace[k], mod), mod);
    if (d > 1) { /* 2 d Tr H'^2 / (d^2 - 1), or 2 Tr H'^2 / (d - 1); Tr H'^2 = d spread */
      size_t above = loss->turned ? 2 * d : 2 * d * d, below = loss->turned ? d - 1 : d * d - 1;
      mp_limb_t factor = nmod_div(nmod_mul((mp_limb_t)above % mod.n, spread, mod),
                                  (mp_limb_t)below % mod.n, mod);
      *out = nmod_addmul(*out, own_term(loss, pure->list + k, k), factor, mod);
    }
    for (size_t l = 0; l < n; l++) {
      if (l == k) continue;
      mp_limb_t factor = nmod_add(square[k], square[l], mod);
      factor = nmod_sub(factor, nmod_mul(2, nmod_mul(trace[k], trace[l], mod), mod), mod);
      *out = nmod_addmul(*out, shared_term(loss, pure, k, l), factor, mod);
    }
  }
  flint_free(trace);
  flint_free(square);
  check_rows_clear(&rows);
  return pure->d->p->work_left > 0;
}
