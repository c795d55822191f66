#include "algebra/laws/unitary_orbit.h"

#include <stdlib.h>

enum { MOST_BITS = 1 << 15 };

static int compare(const void *a, const void *b) {
  return arf_cmp(arb_midref((const arb_struct *)a), arb_midref((const arb_struct *)b));
}

/* --- the characteristic function ------------------------------------------------------- */

/* Exact numbers in ascending order, less a number near their middle, and how often the same
   number came before. */
typedef struct {
  arb_struct *x;
  slong *order;
  arf_t shift;
  mag_t off, most; /* by how much they were not exact, in all; the greatest, unshifted */
} exact_t;

static void exact_init(exact_t *e, const arb_struct *x, slong m) {
  mag_t one;
  mag_init(one);
  arf_init(e->shift);
  mag_init(e->off);
  mag_init(e->most);
  e->x = _arb_vec_init(m);
  e->order = flint_malloc((size_t)m * sizeof *e->order);
  for (slong k = 0; k < m; k++) {
    arb_get_mid_arb(e->x + k, x + k);
    mag_add(e->off, e->off, arb_radref(x + k));
    arb_get_mag(one, x + k);
    mag_max(e->most, e->most, one);
  }
  qsort(e->x, (size_t)m, sizeof *e->x, compare);
  arf_add(e->shift, arb_midref(e->x), arb_midref(e->x + m - 1), 20, ARF_RND_NEAR);
  arf_mul_2exp_si(e->shift, e->shift, -1);
  for (slong k = 0; k < m; k++)
    e->order[k] = k && arb_equal(e->x + k, e->x + k - 1) ? e->order[k - 1] + 1 : 0;
  for (slong k = 0; k < m; k++)
    arb_sub_arf(e->x + k, e->x + k, e->shift, ARF_PREC_EXACT);
  mag_clear(one);
}

static void exact_clear(exact_t *e, slong m) {
  _arb_vec_clear(e->x, m);
  flint_free(e->order);
  arf_clear(e->shift);
  mag_clear(e->off);
  mag_clear(e->most);
}

/* sum over j of (i t)^(p+q-j) a^(q-j) b^(p-j) / (j! (p-j)! (q-j)!) */
static void set_polynomial(acb_t out, const arb_t a, const arb_t b, const arb_t t, slong p,
                           slong q, slong prec) {
  arb_t term, power;
  arb_init(term);
  arb_init(power);
  acb_zero(out);
  for (slong j = 0; j <= p && j <= q; j++) {
    slong turn = (p + q - j) % 4;
    arb_pow_ui(term, t, (ulong)(p + q - j), prec);
    arb_pow_ui(power, a, (ulong)(q - j), prec);
    arb_mul(term, term, power, prec);
    arb_pow_ui(power, b, (ulong)(p - j), prec);
    arb_mul(term, term, power, prec);
    for (int k = 0; k < 3; k++) {
      arb_fac_ui(power, (ulong)(k == 0 ? j : k == 1 ? p - j : q - j), prec);
      arb_div(term, term, power, prec);
    }
    arb_struct *to = turn % 2 ? acb_imagref(out) : acb_realref(out);
    if (turn < 2) arb_add(to, to, term, prec);
    else arb_sub(to, to, term, prec);
  }
  arb_clear(term);
  arb_clear(power);
}

static void set_phase(acb_t out, const arb_t angle, slong prec) {
  arb_sin_cos(acb_imagref(out), acb_realref(out), angle, prec);
}

/* d_a^p d_b^q exp(i t a b)/(p! q!), p and q the orders in the clusters. */
static void set_entries(acb_mat_t matrix, const exact_t *a, const exact_t *b, const arb_t t,
                        slong prec) {
  slong m = acb_mat_nrows(matrix);
  arb_t angle;
  acb_t phase, entry;
  arb_init(angle);
  acb_init(phase);
  acb_init(entry);
  for (slong j = 0; j < m; j++)
    for (slong k = 0; k < m; k++) {
      if (!b->order[k]) {
        arb_mul(angle, a->x + j, b->x + k, prec);
        arb_mul(angle, angle, t, prec);
        set_phase(phase, angle, prec);
      }
      set_polynomial(entry, a->x + j, b->x + k, t, a->order[j], b->order[k], prec);
      acb_mul(acb_mat_entry(matrix, j, k), entry, phase, prec);
    }
  arb_clear(angle);
  acb_clear(phase);
  acb_clear(entry);
}

/* scale /= prod of differences between clusters */
static void divide_by_differences(arb_t scale, const exact_t *e, slong m, slong prec) {
  arb_t difference;
  arb_init(difference);
  for (slong j = 0; j < m; j++)
    for (slong i = 0; i < j; i++) {
      if (arb_equal(e->x + i, e->x + j)) continue;
      arb_sub(difference, e->x + j, e->x + i, prec);
      arb_div(scale, scale, difference, prec);
    }
  arb_clear(difference);
}

static void determinant(acb_t phi, const exact_t *a, const exact_t *b, slong m, const arb_t t,
                        slong prec) {
  slong roots = m * (m - 1) / 2;
  acb_mat_t matrix;
  arb_t scale, factor;
  acb_mat_init(matrix, m, m);
  arb_init(scale);
  arb_init(factor);
  set_entries(matrix, a, b, t, prec);
  acb_mat_det(phi, matrix, prec);
  arb_one(scale);
  for (slong k = 2; k < m; k++) {
    arb_fac_ui(factor, (ulong)k, prec);
    arb_mul(scale, scale, factor, prec);
  }
  divide_by_differences(scale, a, m, prec);
  divide_by_differences(scale, b, m, prec);
  arb_pow_ui(factor, t, (ulong)roots, prec);
  arb_div(scale, scale, factor, prec);
  acb_mul_arb(phi, phi, scale, prec);
  for (slong k = 0; k < roots % 4; k++) acb_div_onei(phi, phi);
  acb_mat_clear(matrix);
  arb_clear(scale);
  arb_clear(factor);
}

/* times exp(i t (alpha sum b + beta sum a + m alpha beta)), alpha and beta the shifts */
static void undo_shifts(acb_t phi, const exact_t *a, const exact_t *b, slong m, const arb_t t,
                        slong prec) {
  arb_t angle, sum;
  acb_t phase;
  arb_init(angle);
  arb_init(sum);
  acb_init(phase);
  for (slong k = 0; k < m; k++) arb_add(sum, sum, a->x + k, prec);
  arb_addmul_arf(angle, sum, b->shift, prec);
  arb_set_arf(sum, b->shift);
  arb_mul_si(sum, sum, m, prec);
  for (slong k = 0; k < m; k++) arb_add(sum, sum, b->x + k, prec);
  arb_addmul_arf(angle, sum, a->shift, prec);
  arb_mul(angle, angle, t, prec);
  set_phase(phase, angle, prec);
  acb_mul(phi, phi, phase, prec);
  arb_clear(angle);
  arb_clear(sum);
  acb_clear(phase);
}

/* |phi| changes by at most |l| |dt| + |t| (sum |da| max b + sum |db| max a). */
static void add_change(acb_t phi, const exact_t *a, const exact_t *b, slong m, const arb_t t) {
  mag_t sum, term, size;
  mag_init(sum);
  mag_init(term);
  mag_init(size);
  mag_mul(term, a->most, b->most);
  mag_mul_ui(term, term, (ulong)m);
  mag_mul(sum, term, arb_radref(t));
  arb_get_mag(size, t);
  mag_mul(term, a->off, b->most);
  mag_addmul(term, b->off, a->most);
  mag_addmul(sum, term, size);
  acb_add_error_mag(phi, sum);
  mag_clear(sum);
  mag_clear(term);
  mag_clear(size);
}

static bool is_sharp(const acb_t phi, slong prec) {
  return acb_is_finite(phi) && mag_cmp_2exp_si(arb_radref(acb_realref(phi)), -prec) <= 0 &&
         mag_cmp_2exp_si(arb_radref(acb_imagref(phi)), -prec) <= 0;
}

/* E of a number of modulus 1: within the unit square. */
static void set_anything(acb_t phi) {
  acb_zero(phi);
  mag_one(arb_radref(acb_realref(phi)));
  mag_one(arb_radref(acb_imagref(phi)));
}

void unitary_orbit_characteristic(acb_t phi, const arb_struct *a, const arb_struct *b,
                                  slong m, const arb_t t, slong prec_bits) {
  exact_t x, y;
  arb_t time;
  if (arb_is_zero(t)) {
    acb_one(phi);
    return;
  }
  arb_init(time);
  exact_init(&x, a, m);
  exact_init(&y, b, m);
  arb_get_mid_arb(time, t);
  bool sharp = false;
  for (slong prec = 64 + 2 * prec_bits; prec <= MOST_BITS && !sharp && !arb_is_zero(time);
       prec *= 2) {
    determinant(phi, &x, &y, m, time, prec);
    undo_shifts(phi, &x, &y, m, time, prec);
    sharp = is_sharp(phi, prec_bits);
  }
  if (sharp) add_change(phi, &x, &y, m, t);
  else set_anything(phi);
  exact_clear(&x, m);
  exact_clear(&y, m);
  arb_clear(time);
}

/* --- the orbit -------------------------------------------------------------------------- */

static void set_tail(unitary_orbit_t *o, slong prec);

void unitary_orbit_init(unitary_orbit_t *o, const arb_struct *a, const arb_struct *b,
                        slong m, slong prec) {
  arb_t sum;
  *o = (unitary_orbit_t){.size = m, .a = _arb_vec_init(m), .b = _arb_vec_init(m)};
  _arb_vec_set(o->a, a, m);
  _arb_vec_set(o->b, b, m);
  qsort(o->a, (size_t)m, sizeof *o->a, compare);
  qsort(o->b, (size_t)m, sizeof *o->b, compare);
  arb_init(o->mean);
  arb_init(sum);
  for (slong k = 0; k < m; k++) {
    arb_add(o->mean, o->mean, a + k, prec);
    arb_add(sum, sum, b + k, prec);
  }
  arb_mul(o->mean, o->mean, sum, prec);
  arb_div_si(o->mean, o->mean, m, prec);
  arb_clear(sum);
  if (m <= UNITARY_TAIL_SIZE) set_tail(o, prec);
}

static slong tail_length(const unitary_orbit_t *o) { return o->size * (o->size - 1) + 1; }

void unitary_orbit_clear(unitary_orbit_t *o) {
  _arb_vec_clear(o->a, o->size);
  _arb_vec_clear(o->b, o->size);
  arb_clear(o->mean);
  if (o->tail_coeffs) _mag_vec_clear(o->tail_coeffs, tail_length(o));
}

void unitary_orbit_range(arb_t low, arb_t high, const unitary_orbit_t *o, slong prec) {
  arb_neg(low, o->mean);
  arb_neg(high, o->mean);
  for (slong k = 0; k < o->size; k++) {
    arb_addmul(high, o->a + k, o->b + k, prec);
    arb_addmul(low, o->a + k, o->b + o->size - 1 - k, prec);
  }
}

/* --- what it is bounded by ----------------------------------------------------------------- */

/* Overlapping numbers from..to-1, at most `most` apart from 0. */
typedef struct {
  slong from, to;
  arb_t hull;
  mag_t most;
} cluster_t;

static slong find_clusters(cluster_t *list, const arb_struct *x, slong m, slong prec) {
  slong count = 0;
  for (slong i = 0; i < m; i++) {
    cluster_t *c = list + count - 1;
    if (count && arb_overlaps(c->hull, x + i)) {
      arb_union(c->hull, c->hull, x + i, prec);
    } else {
      c = list + count++;
      c->from = i;
      arb_init(c->hull);
      mag_init(c->most);
      arb_set(c->hull, x + i);
    }
    c->to = i + 1;
    arb_get_mag(c->most, c->hull);
  }
  return count;
}

static void clear_clusters(cluster_t *list, slong count) {
  for (slong k = 0; k < count; k++) {
    arb_clear(list[k].hull);
    mag_clear(list[k].most);
  }
}

/* factor /= |x_i - x_j|, over pairs in different clusters. */
static void divide_differences(mag_t factor, const cluster_t *list, slong count) {
  arb_t difference;
  mag_t least;
  arb_init(difference);
  mag_init(least);
  for (slong i = 0; i < count; i++)
    for (slong j = 0; j < i; j++) {
      ulong pairs = (ulong)((list[i].to - list[i].from) * (list[j].to - list[j].from));
      arb_sub(difference, list[i].hull, list[j].hull, 64);
      arb_get_mag_lower(least, difference);
      mag_pow_ui_lower(least, least, pairs);
      mag_div(factor, factor, least);
    }
  arb_clear(difference);
  mag_clear(least);
}

/* |d_a^p d_b^q exp(i t a b)|/(p! q!) <= sum over j of
     t^(p+q-j) a^(q-j) b^(p-j) / (j! (p-j)! (q-j)!). */
static void bound_entry(mag_ptr out, const mag_t a, const mag_t b, slong p, slong q) {
  mag_t term, factor;
  mag_init(term);
  mag_init(factor);
  for (slong j = 0; j <= p && j <= q; j++) {
    mag_pow_ui(term, a, (ulong)(q - j));
    mag_pow_ui(factor, b, (ulong)(p - j));
    mag_mul(term, term, factor);
    mag_rfac_ui(factor, (ulong)j);
    mag_mul(term, term, factor);
    mag_rfac_ui(factor, (ulong)(p - j));
    mag_mul(term, term, factor);
    mag_rfac_ui(factor, (ulong)(q - j));
    mag_mul(out + p + q - j, term, factor);
  }
  mag_clear(term);
  mag_clear(factor);
}

/* The permanent by subsets of columns; entry (row, column) at (row m + column) width. */
static void add_permanent(mag_ptr out, const mag_struct *entries, slong m, slong width) {
  slong subsets = WORD(1) << m, length = m * (m - 1) + 1;
  mag_ptr table = _mag_vec_init(subsets * length);
  mag_one(table);
  for (slong set = 1; set < subsets; set++) {
    slong row = __builtin_popcountl((unsigned long)set) - 1;
    mag_ptr to = table + set * length;
    for (slong c = 0; c < m; c++) {
      if (!(set >> c & 1)) continue;
      const mag_struct *entry = entries + (row * m + c) * width;
      const mag_struct *from = table + (set & ~(WORD(1) << c)) * length;
      for (slong e = 0; e < width; e++)
        for (slong i = 0; i + e < length && !mag_is_zero(entry + e); i++)
          if (!mag_is_zero(from + i)) mag_addmul(to + i + e, from + i, entry + e);
    }
  }
  for (slong i = 0; i < length; i++) mag_set(out + i, table + (subsets - 1) * length + i);
  _mag_vec_clear(table, subsets * length);
}

static void set_tail(unitary_orbit_t *o, slong prec) {
  slong m = o->size, width = 2 * m - 1, length = tail_length(o), top = length - 1;
  cluster_t as[UNITARY_TAIL_SIZE], bs[UNITARY_TAIL_SIZE];
  slong num_a = find_clusters(as, o->a, m, prec), num_b = find_clusters(bs, o->b, m, prec);
  mag_ptr entries = _mag_vec_init(m * m * width);
  mag_t factor, term;
  mag_init(factor);
  mag_init(term);
  for (slong i = 0; i < num_a; i++)
    for (slong j = 0; j < num_b; j++)
      for (slong row = as[i].from; row < as[i].to; row++)
        for (slong column = bs[j].from; column < bs[j].to; column++)
          bound_entry(entries + (row * m + column) * width, as[i].most, bs[j].most,
                      row - as[i].from, column - bs[j].from);
  o->tail_coeffs = _mag_vec_init(length);
  add_permanent(o->tail_coeffs, entries, m, width);
  mag_one(factor);
  for (slong k = 2; k < m; k++) {
    mag_fac_ui(term, (ulong)k);
    mag_mul(factor, factor, term);
  }
  divide_differences(factor, as, num_a);
  divide_differences(factor, bs, num_b);
  for (slong i = 0; i < length; i++)
    mag_mul(o->tail_coeffs + i, o->tail_coeffs + i, factor);
  while (top > 0 && mag_is_zero(o->tail_coeffs + top)) top--;
  o->tail_power = m * (m - 1) / 2 - top;
  if (o->tail_power < 1 || mag_is_inf(factor)) {
    _mag_vec_clear(o->tail_coeffs, length);
    o->tail_coeffs = NULL;
  }
  clear_clusters(as, num_a);
  clear_clusters(bs, num_b);
  _mag_vec_clear(entries, m * m * width);
  mag_clear(factor);
  mag_clear(term);
}

void unitary_orbit_tail(mag_t bound, const unitary_orbit_t *o, const arb_t t) {
  slong shift = o->size * (o->size - 1) / 2;
  mag_t inverse, power, term;
  mag_init(inverse);
  mag_init(power);
  mag_init(term);
  mag_zero(bound);
  arb_get_mag_lower(inverse, t);
  mag_inv(inverse, inverse);
  for (slong i = shift - o->tail_power; i >= 0; i--) { /* t^(i - shift), i < shift */
    mag_pow_ui(power, inverse, (ulong)(shift - i));
    mag_mul(term, power, o->tail_coeffs + i);
    mag_add(bound, bound, term);
  }
  mag_clear(inverse);
  mag_clear(power);
  mag_clear(term);
}

/* --- one number that is not 0 --------------------------------------------------------------- */

/* All but the first, or all but the last, the same number? */
static bool is_simplex_side(arb_t factor, const arb_struct *x, slong m, slong prec) {
  for (slong alone = 0; alone < m; alone += m - 1) {
    const arb_struct *common = x + (alone ? 0 : m - 1);
    bool is = true;
    for (slong k = 0; k < m && is; k++) is = k == alone || arb_equal(x + k, common);
    if (is) {
      arb_sub(factor, x + alone, common, prec);
      return true;
    }
  }
  return false;
}

bool unitary_orbit_is_simplex(arb_struct *factors, const unitary_orbit_t *o, slong prec) {
  const arb_struct *other = o->b;
  arb_t factor;
  arb_init(factor);
  bool is = is_simplex_side(factor, o->a, o->size, prec);
  if (!is) {
    is = is_simplex_side(factor, o->b, o->size, prec);
    other = o->a;
  }
  for (slong k = 0; k < o->size && is; k++) arb_mul(factors + k, other + k, factor, prec);
  if (is) qsort(factors, (size_t)o->size, sizeof *factors, compare);
  arb_clear(factor);
  return is;
}

/* Newton's scheme from the right; the derivatives of (y - x)_+^(m-1)/k! at equal y. */
void unitary_simplex_cdf(arb_t value, const arb_struct *b, slong m, const arb_t x,
                         slong prec) {
  arb_struct *d = _arb_vec_init(m), *above = _arb_vec_init(m);
  arb_t step;
  fmpz_t ways;
  arb_init(step);
  fmpz_init(ways);
  for (slong k = 0; k < m; k++) {
    arb_sub(above + k, b + k, x, prec);
    arb_nonnegative_part(above + k, above + k);
    arb_pow_ui(d + k, above + k, (ulong)(m - 1), prec);
  }
  for (slong order = 1; order < m; order++)
    for (slong k = 0; k + order < m; k++) {
      if (arb_equal(b + k, b + k + order)) {
        fmpz_bin_uiui(ways, (ulong)(m - 1), (ulong)order);
        arb_pow_ui(d + k, above + k, (ulong)(m - 1 - order), prec);
        arb_mul_fmpz(d + k, d + k, ways, prec);
      } else {
        arb_sub(d + k, d + k + 1, d + k, prec);
        arb_sub(step, b + k + order, b + k, prec);
        arb_div(d + k, d + k, step, prec);
      }
    }
  arb_sub_si(value, d, 1, prec);
  arb_neg(value, value);
  arb_clear(step);
  fmpz_clear(ways);
  _arb_vec_clear(d, m);
  _arb_vec_clear(above, m);
}
