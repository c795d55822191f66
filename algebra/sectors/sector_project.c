#include "algebra/sectors/sector_project.h"

/* The sector of this group among the units: SIZE_MAX for a bad prime. */
static size_t find(const sector_units_struct *u, const sector_group_struct *g,
                   size_t m) {
  size_t at = SIZE_MAX;
  for (size_t k = 0; k < u->length; k++) {
    if (u->dimension[k] != g->dimension || u->multiplicity[k] != g->multiplicity ||
        memcmp(g->signature, u->signature + k * m, m * sizeof(slong)))
      continue;
    if (at != SIZE_MAX) return SIZE_MAX;
    at = k;
  }
  return at;
}

/* e^k_00 + ..., `count` of them, = sum out[a] c_a. */
static mp_limb_t *get_coefficients(const sector_units_struct *u, size_t k, size_t count,
                                   size_t m) {
  mp_limb_t *out = flint_calloc(m + 1, sizeof *out);
  for (size_t a = 0; a < m; a++)
    for (size_t i = 0; i < count; i++)
      out[a] = nmod_add(
          out[a], nmod_mat_entry(u->unit, sector_unit_at(u, k, i, i), (slong)a), u->mod);
  return out;
}

static void set_states(sector_project_struct *w) {
  const sector_space_struct *space = w->c->space;
  w->states = flint_malloc((space->size + 1) * sizeof *w->states);
  w->local = flint_malloc((space->size + 1) * sizeof *w->local);
  for (size_t s = 0; s < space->size; s++) {
    bool inside = w->c->blocks[space->block_of[s]];
    w->local[s] = inside ? (uint32_t)w->length : UINT32_MAX;
    if (inside) w->states[w->length++] = (uint32_t)s;
  }
}

static void matrix_alloc(project_matrix_struct *m, size_t rows, size_t entries) {
  m->start = flint_calloc(rows + 1, sizeof *m->start);
  m->col = flint_malloc((entries + 1) * sizeof *m->col);
  m->val = flint_malloc((entries + 1) * sizeof *m->val);
}

/* Takes the coefficients. */
static void set_projector(project_matrix_struct *out, const sector_project_struct *w,
                          mp_limb_t *coefficient) {
  sector_rows_struct index;
  sector_rows_init(&index, w->c, w->mod);
  matrix_alloc(out, w->length, index.start[index.size]);
  size_t used = 0;
  for (size_t i = 0; i < w->length; i++) {
    size_t s = w->states[i];
    for (size_t t = index.start[s]; t < index.start[s + 1]; t++) {
      mp_limb_t v = nmod_mul(coefficient[index.which[t]], index.val[t], w->mod);
      if (!v) continue;
      out->col[used] = w->local[index.col[t]];
      out->val[used++] = v;
    }
    out->start[i + 1] = used;
  }
  sector_rows_clear(&index);
  flint_free(coefficient);
}

static void set_operand(sector_project_struct *w, const sector_source_struct *source,
                        mp_limb_t root) {
  size_t size = w->c->space->size, used = 0, from, entries = 0;
  sector_operand_struct o;
  sector_commutant_operand(&o, source, w->c, w->mod, root);
  for (size_t i = 0; i < w->length; i++) entries += sector_operand_row_length(&o, w->states[i]);
  matrix_alloc(&w->o, w->length, entries);
  for (size_t i = 0; i < w->length; i++) {
    size_t num = sector_operand_row_length(&o, w->states[i]);
    for (size_t k = 0; k < num; k++) {
      mp_limb_t v = sector_operand_in_row(&from, &o, w->states[i], k, size);
      if (!v || w->local[from] == UINT32_MAX) continue;
      w->o.col[used] = w->local[from];
      w->o.val[used++] = v;
    }
    w->o.start[i + 1] = used;
  }
  sector_operand_clear(&o);
}

bool sector_project_init(sector_project_struct *w, const sector_commutant_struct *c,
                         const sector_group_struct *group,
                         const sector_source_struct *source, size_t index) {
  const sector_units_struct *u = sector_units_take(c, index);
  *w = (sector_project_struct){.c = c};
  if (!u) return false;
  size_t k = find(u, group, c->dimension);
  bool ok = k != SIZE_MAX && fmpz_fdiv_ui(c->index, u->mod.n) != 0;
  if (ok) {
    w->mod = u->mod;
    set_states(w);
    set_projector(&w->p, w, get_coefficients(u, k, u->multiplicity[k], c->dimension));
    set_projector(&w->one, w, get_coefficients(u, k, 1, c->dimension));
    set_operand(w, source, u->root);
  }
  sector_units_release(c, u);
  return ok;
}

static void matrix_clear(project_matrix_struct *m) {
  flint_free(m->start);
  flint_free(m->col);
  flint_free(m->val);
}

void sector_project_clear(sector_project_struct *w) {
  flint_free(w->states);
  flint_free(w->local);
  matrix_clear(&w->p);
  matrix_clear(&w->one);
  matrix_clear(&w->o);
}

void sector_project_apply(mp_limb_t *out, const sector_project_struct *w,
                          const project_matrix_struct *m, const mp_limb_t *in) {
  nmod_t mod = w->mod;
  for (size_t i = 0; i < w->length; i++) {
    mp_limb_t high = 0, low = 0, a, b;
    for (uint64_t t = m->start[i]; t < m->start[i + 1]; t++) {
      umul_ppmm(a, b, m->val[t], in[m->col[t]]);
      add_ssaaaa(high, low, high, low, a, b);
      if (high >= mod.n) high -= mod.n; /* products are below mod.n 2^62 */
    }
    NMOD_RED2(out[i], high, low, mod);
  }
}

/* --- exactly --------------------------------------------------------------------------- */

/* Has every c_a an entry where no other has one? */
static bool is_echelon(const sector_commutant_struct *c, const uint32_t *local,
                       size_t length) {
  uint8_t *seen = flint_calloc(length * length + 1, sizeof *seen);
  bool all = true;
  for (size_t a = 0; a < c->dimension; a++)
    for (size_t i = 0; i < c->basis[a].length; i++) {
      uint8_t *at = seen + local[c->basis[a].row[i]] * length + local[c->basis[a].col[i]];
      if (*at < 2) ++*at;
    }
  for (size_t a = 0; a < c->dimension && all; a++) {
    all = false;
    for (size_t i = 0; i < c->basis[a].length && !all; i++)
      all = seen[local[c->basis[a].row[i]] * length + local[c->basis[a].col[i]]] == 1;
  }
  flint_free(seen);
  return all;
}

/* index P by rows: sum X_a c_a, equal places added up. */
static bool sum_rows(sector_exact_struct *e, const slong *x, const uint32_t *local,
                     const uint32_t *states, slong most) {
  const sector_commutant_struct *c = e->c;
  sector_rows_struct rows;
  nmod_t mod; /* the values are small, so that residues tell them */
  nmod_init(&mod, (UINT64_C(1) << 62) + 1);
  sector_rows_init(&rows, c, mod);
  __int128 *sum = flint_calloc(e->length + 1, sizeof *sum);
  uint8_t *used = flint_calloc(e->length + 1, sizeof *used);
  uint32_t *list = flint_malloc((e->length + 1) * sizeof *list);
  size_t total = 0;
  bool ok = true;
  e->start = flint_calloc(e->length + 1, sizeof *e->start);
  e->col = flint_malloc((rows.start[rows.size] + 1) * sizeof *e->col);
  e->val = flint_malloc((rows.start[rows.size] + 1) * sizeof *e->val);
  for (size_t i = 0; i < e->length && ok; i++) {
    size_t count = 0;
    for (size_t t = rows.start[states[i]]; t < rows.start[states[i] + 1]; t++) {
      uint32_t at = local[rows.col[t]];
      slong v = rows.val[t] > mod.n / 2 ? -(slong)(mod.n - rows.val[t]) : (slong)rows.val[t];
      if (!used[at]) list[count++] = at;
      used[at] = 1;
      sum[at] += (__int128)x[rows.which[t]] * v;
    }
    for (size_t k = 0; k < count; k++) {
      __int128 v = sum[list[k]];
      sum[list[k]] = 0;
      used[list[k]] = 0;
      ok = ok && v <= most && v >= -most;
      if (!v || !ok) continue;
      e->col[total] = list[k];
      e->val[total++] = (slong)v;
    }
    e->start[i + 1] = total;
  }
  flint_free(sum);
  flint_free(used);
  flint_free(list);
  sector_rows_clear(&rows);
  return ok;
}

/* index times what entries of P can be: 1, or between orbits o and o' sqrt(|o'| / |o|). */
static void set_most(fmpz_t most, const sector_commutant_struct *c) {
  slong weight = 1;
  for (size_t k = 0; c->orbits && k < c->space->size; k++)
    if (c->orbits->weight[k] > weight) weight = c->orbits->weight[k];
  fmpz_mul_si(most, c->index, weight);
}

/* index x for P = sum x_a c_a, by Chinese remainders of primes whose product exceeds twice
   what it can be. */
static bool exact_coefficients(slong *out, const sector_commutant_struct *c,
                               const sector_group_struct *group, const fmpz_t most) {
  size_t m = c->dimension;
  fmpz *x = _fmpz_vec_init((slong)m);
  fmpz_t modulus, enough;
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(enough);
  fmpz_mul_2exp(enough, most, 1);
  for (size_t i = 0; i < 8 && fmpz_cmp(modulus, enough) <= 0; i++) {
    const sector_units_struct *u = sector_units_take(c, i);
    size_t k = u ? find(u, group, m) : SIZE_MAX;
    if (k != SIZE_MAX) {
      mp_limb_t index = fmpz_fdiv_ui(c->index, u->mod.n);
      mp_limb_t *residues = get_coefficients(u, k, u->multiplicity[k], m);
      for (size_t a = 0; a < m; a++)
        fmpz_CRT_ui(x + a, x + a, modulus, nmod_mul(residues[a], index, u->mod), u->mod.n, 1);
      fmpz_mul_ui(modulus, modulus, u->mod.n);
      flint_free(residues);
    }
    sector_units_release(c, u);
  }
  bool ok = fmpz_cmp(modulus, enough) > 0;
  for (size_t a = 0; a < m && ok; a++) {
    ok = fmpz_cmpabs(x + a, most) <= 0;
    if (ok) out[a] = fmpz_get_si(x + a);
  }
  _fmpz_vec_clear(x, (slong)m);
  fmpz_clear(modulus);
  fmpz_clear(enough);
  return ok;
}

bool sector_exact_init(sector_exact_struct *e, const sector_commutant_struct *c,
                       const sector_group_struct *group) {
  sector_project_struct w = {.c = c};
  fmpz_t most;
  *e = (sector_exact_struct){.c = c};
  fmpz_init(most);
  set_most(most, c);
  if (fmpz_bits(most) > 62) {
    fmpz_clear(most);
    return false;
  }
  slong *x = flint_malloc((c->dimension + 1) * sizeof *x);
  set_states(&w);
  e->length = w.length;
  bool ok = exact_coefficients(x, c, group, most) && is_echelon(c, w.local, w.length) &&
            sum_rows(e, x, w.local, w.states, fmpz_get_si(most));
  flint_free(w.states);
  flint_free(w.local);
  flint_free(x);
  fmpz_clear(most);
  if (!ok) sector_exact_clear(e);
  return ok;
}

void sector_exact_clear(sector_exact_struct *e) {
  flint_free(e->start);
  flint_free(e->col);
  flint_free(e->val);
}

/* Primes of their own, 1 modulo 4. */
static mp_limb_t choose_prime(size_t index) {
  mp_limb_t p = (UINT64_C(1) << 61) + 1;
  for (size_t k = 0;; p -= 4)
    if (n_is_prime(p) && k++ == index) return p;
}

bool sector_project_init_exact(sector_project_struct *w, const sector_exact_struct *e,
                               const sector_source_struct *source, size_t index) {
  *w = (sector_project_struct){.c = e->c};
  nmod_init(&w->mod, choose_prime(index));
  mp_limb_t den = fmpz_fdiv_ui(e->c->index, w->mod.n);
  if (!den) return false;
  den = nmod_inv(den, w->mod);
  set_states(w);
  matrix_alloc(&w->p, w->length, e->start[e->length]);
  matrix_alloc(&w->one, 0, 0);
  for (size_t i = 0; i <= e->length; i++) w->p.start[i] = e->start[i];
  for (uint64_t t = 0; t < e->start[e->length]; t++) {
    mp_limb_t v = (mp_limb_t)(e->val[t] < 0 ? -e->val[t] : e->val[t]);
    v = nmod_mul(v % w->mod.n, den, w->mod);
    w->p.col[t] = e->col[t];
    w->p.val[t] = e->val[t] < 0 ? nmod_neg(v, w->mod) : v;
  }
  set_operand(w, source, n_sqrtmod(w->mod.n - 1, w->mod.n));
  return true;
}
