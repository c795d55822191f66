#include "algebra/laws/adjoint_orbit.h"

#include <stdlib.h>

#include "algebra/laws/adjoint_confluent.h"

enum { MOST_BITS = 1 << 15, MOST_CONFLUENT_BITS = 1 << 11, MOST_TERMS = 100000 };

/* --- the orbit --------------------------------------------------------------------- */

static int compare(const void *a, const void *b) {
  return arf_cmp(arb_midref((const arb_struct *)a), arb_midref((const arb_struct *)b));
}

static void set_tail(adjoint_orbit_t *o, slong prec);

void adjoint_orbit_init(adjoint_orbit_t *o, ulong modes, const arb_struct *b,
                        const arb_struct *s, int orientation, slong prec) {
  *o = (adjoint_orbit_t){
      .modes = modes, .rank = (slong)modes / 2, .orientation = orientation};
  o->b = _arb_vec_init(o->rank);
  o->s = _arb_vec_init(o->rank);
  _arb_vec_set(o->b, b, o->rank);
  _arb_vec_set(o->s, s, o->rank);
  qsort(o->b, (size_t)o->rank, sizeof *o->b, compare);
  qsort(o->s, (size_t)o->rank, sizeof *o->s, compare);
  if (o->rank <= ADJOINT_TAIL_RANK) set_tail(o, prec);
}

void adjoint_orbit_clear(adjoint_orbit_t *o) {
  _arb_vec_clear(o->b, o->rank);
  _arb_vec_clear(o->s, o->rank);
  if (o->tail_coeffs) _arb_vec_clear(o->tail_coeffs, o->rank * o->rank + o->rank + 1);
}

/* --- the characteristic function ------------------------------------------------------ */

/* rows[p * length + j] = h_j(x_0^2 .. x_p^2). */
static void symmetric(arb_struct *rows, slong rank, slong length, const arb_struct *x,
                      slong prec) {
  arb_t square;
  arb_init(square);
  for (slong p = 0; p < rank; p++) {
    arb_struct *row = rows + p * length;
    arb_sqr(square, x + p, prec);
    arb_one(row);
    for (slong j = 1; j < length; j++) {
      arb_mul(row + j, square, row + j - 1, prec);
      if (p) arb_add(row + j, row + j, row - length + j, prec);
    }
  }
  arb_clear(square);
}

/* How many terms of a row's series until the rest is below 2^(-prec), and that rest:
   of t^(2(n-p)) h_(n-p) h_(n-q) (2p + odd)!/(2n + odd)!, h_(n-p) <= C(n, p). From where
   8 t^2 <= (2n)^2 on each term is less than half of the one before; short of that they
   are at least 1. */
static slong series_length(mag_t rest, const adjoint_orbit_t *o, const arb_t t,
                           slong prec) {
  mag_t x, term, factor;
  slong n = 2 * o->rank;
  mag_init(x);
  mag_init(term);
  mag_init(factor);
  arb_get_mag(x, o->b + o->rank - 1);
  arb_get_mag(factor, o->s + o->rank - 1);
  mag_mul(x, x, factor);
  arb_get_mag(factor, t);
  mag_mul(x, x, factor);
  mag_set_ui(factor, 1);
  mag_max(x, x, factor);
  for (; n < MOST_TERMS; n++) {
    mag_pow_ui(term, x, 2 * (ulong)n);
    mag_fac_ui(factor, 2 * (ulong)n);
    mag_div(term, term, factor);
    mag_mul_2exp_si(term, term, 3 * n); /* both binomials, and the sum of the rest */
    mag_fac_ui(factor, 2 * (ulong)o->rank);
    mag_mul(term, term, factor);
    if (mag_cmp_2exp_si(term, -prec) < 0) break;
  }
  mag_set(rest, term);
  mag_clear(x);
  mag_clear(term);
  mag_clear(factor);
  return n;
}

/* D of the header, for exact t, b and s, these at most 1, by its series. */
static void sum_series(arb_t out, const adjoint_orbit_t *o, const arb_t t, ulong odd,
                        slong prec) {
  slong rank = o->rank;
  mag_t rest;
  mag_init(rest);
  slong length = series_length(rest, o, t, prec) + 1;
  arb_struct *hu = _arb_vec_init(rank * length), *hv = _arb_vec_init(rank * length);
  arb_struct *row = _arb_vec_init(length);
  arb_t square, w;
  arb_mat_t m;
  arb_init(square);
  arb_init(w);
  arb_mat_init(m, rank, rank);
  symmetric(hu, rank, length, o->b, prec);
  symmetric(hv, rank, length, o->s, prec);
  arb_sqr(square, t, prec);
  arb_neg(square, square);
  for (slong p = 0; p < rank; p++) {
    /* row[n] = h_(n-p)(u) w, w = (-t^2)^(n-p) (2p + odd)!/(2n + odd)! */
    arb_one(w);
    for (slong n = p; n < length; n++) {
      arb_mul(row + n, hu + p * length + n - p, w, prec);
      arb_mul(w, w, square, prec);
      arb_div_ui(w, w, (2 * (ulong)n + 2 + odd) * (2 * (ulong)n + 1 + odd), prec);
    }
    for (slong q = 0; q < rank; q++) {
      slong from = p > q ? p : q;
      arb_dot(arb_mat_entry(m, p, q), NULL, 0, row + from, 1,
              hv + q * length + from - q, 1, length - from, prec);
      arb_add_error_mag(arb_mat_entry(m, p, q), rest);
    }
  }
  arb_mat_det(out, m, prec);
  arb_mat_clear(m);
  arb_clear(square);
  arb_clear(w);
  _arb_vec_clear(hu, rank * length);
  _arb_vec_clear(hv, rank * length);
  _arb_vec_clear(row, length);
  mag_clear(rest);
}

static void determinant(arb_t out, const adjoint_orbit_t *o, const arb_t t, ulong odd,
                        bool series, slong prec) {
  if (series) sum_series(out, o, t, odd, prec);
  else adjoint_confluent(out, o->b, o->s, o->rank, t, odd, prec);
}

/* o (i t)^N prod b_k s_k D(1/(2n+1)!) prod 1/(2k+1), added. */
static void add_oriented(acb_t phi, const adjoint_orbit_t *o, const arb_t t, bool series,
                         slong prec) {
  arb_t part;
  arb_init(part);
  determinant(part, o, t, 1, series, prec);
  for (slong k = 0; k < o->rank; k++) {
    arb_mul(part, part, o->b + k, prec);
    arb_mul(part, part, o->s + k, prec);
    arb_mul(part, part, t, prec);
    arb_div_ui(part, part, 2 * (ulong)k + 1, prec);
  }
  if ((o->rank % 4 >= 2) != (o->orientation < 0)) arb_neg(part, part);
  if (o->rank % 2) arb_add(acb_imagref(phi), acb_imagref(phi), part, prec);
  else arb_add(acb_realref(phi), acb_realref(phi), part, prec);
  arb_clear(part);
}

static bool is_good(const acb_t phi, slong prec) {
  return mag_cmp_2exp_si(arb_radref(acb_realref(phi)), -prec) <= 0 &&
         mag_cmp_2exp_si(arb_radref(acb_imagref(phi)), -prec) <= 0;
}

/* Middles of numbers, by a power of two at most 1; what they are off by in all, and the
   greatest, not scaled. */
static slong set_middles(arb_struct *out, mag_t off, mag_t top, const arb_struct *x,
                         slong n) {
  mag_zero(off);
  for (slong k = 0; k < n; k++) {
    arb_get_mid_arb(out + k, x + k);
    mag_add(off, off, arb_radref(x + k));
  }
  arb_get_mag(top, x + n - 1);
  fmpz_t e;
  fmpz_init(e);
  arf_abs_bound_lt_2exp_fmpz(e, arb_midref(out + n - 1));
  slong shift = fmpz_get_si(e);
  for (slong k = 0; k < n; k++) arb_mul_2exp_si(out + k, out + k, -shift);
  fmpz_clear(e);
  return shift;
}

/* |phi| changes by at most |l| |dt| + |t| (sum |db| max s + sum |ds| max b). */
static void add_change(acb_t phi, const mag_t t, const mag_t dt, const mag_t b,
                       const mag_t db, const mag_t s, const mag_t ds, slong rank) {
  mag_t sum, term;
  mag_init(sum);
  mag_init(term);
  mag_mul(sum, b, s);
  mag_mul_ui(sum, sum, (ulong)rank);
  mag_mul(sum, sum, dt);
  mag_mul(term, db, s);
  mag_addmul(term, ds, b);
  mag_addmul(sum, term, t);
  arb_add_error_mag(acb_realref(phi), sum);
  arb_add_error_mag(acb_imagref(phi), sum);
  mag_clear(sum);
  mag_clear(term);
}

/* True when the ball is as small as asked, at some precision up to most. */
static bool find_value(acb_t phi, const adjoint_orbit_t *o, const arb_t t, bool series,
                       slong prec, slong most) {
  for (slong bits = 2 * prec + 64; bits <= most; bits *= 2) {
    acb_zero(phi);
    determinant(acb_realref(phi), o, t, o->modes % 2, series, bits);
    if (o->modes % 2 == 0 && o->orientation) add_oriented(phi, o, t, series, bits);
    if (is_good(phi, prec)) return true;
  }
  return false;
}

void adjoint_orbit_characteristic(acb_t phi, const adjoint_orbit_t *orbit,
                                  const arb_t t, slong prec) {
  slong rank = orbit->rank;
  if (arb_is_zero(t) || arb_is_zero(orbit->b + rank - 1) ||
      arb_is_zero(orbit->s + rank - 1)) {
    acb_one(phi);
    return;
  }
  adjoint_orbit_t o = *orbit;
  mag_t b, db, s, ds, size;
  arb_t time;
  mag_init(b);
  mag_init(db);
  mag_init(s);
  mag_init(ds);
  mag_init(size);
  arb_init(time);
  o.b = _arb_vec_init(rank);
  o.s = _arb_vec_init(rank);
  slong shift = set_middles(o.b, db, b, orbit->b, rank);
  shift += set_middles(o.s, ds, s, orbit->s, rank);
  arb_get_mid_arb(time, t);
  arb_mul_2exp_si(time, time, shift);
  if (!find_value(phi, &o, time, false, prec, MOST_CONFLUENT_BITS))
    find_value(phi, &o, time, true, prec, MOST_BITS);
  arb_get_mag(size, t);
  add_change(phi, size, arb_radref(t), b, db, s, ds, rank);
  if (!o.orientation || o.modes % 4 != 2) arb_zero(acb_imagref(phi));
  _arb_vec_clear(o.b, rank);
  _arb_vec_clear(o.s, rank);
  arb_clear(time);
  mag_clear(b);
  mag_clear(db);
  mag_clear(s);
  mag_clear(ds);
  mag_clear(size);
}

/* --- what it is bounded by --------------------------------------------------------------- */

/* A cluster of overlapping numbers, from..to-1; `order` of one within it. */
typedef struct {
  slong from, to;
  arb_t hull;
  bool is_zero;
} cluster_t;

/* False: a cluster holds zero and more. */
static bool find_clusters(cluster_t *list, slong *count, const arb_struct *x, slong n,
                          slong prec) {
  bool fine = true;
  *count = 0;
  for (slong i = 0; i < n; i++) {
    cluster_t *last = list + *count - 1;
    if (*count && arb_overlaps(last->hull, x + i)) {
      arb_union(last->hull, last->hull, x + i, prec);
      last->to = i + 1;
      continue;
    }
    cluster_t *c = list + (*count)++;
    c->from = i;
    c->to = i + 1;
    arb_init(c->hull);
    arb_set(c->hull, x + i);
  }
  for (slong k = 0; k < *count; k++) {
    list[k].is_zero = arb_is_zero(list[k].hull);
    fine = fine && (list[k].is_zero || arb_is_positive(list[k].hull));
  }
  return fine;
}

/* prod over pairs of different clusters of 1/|x_i^2 - x_j^2|, multiplied on. */
static void divide_differences(arb_t out, const cluster_t *list, slong count,
                               slong prec) {
  arb_t a, b;
  arb_init(a);
  arb_init(b);
  for (slong i = 0; i < count; i++)
    for (slong j = 0; j < i; j++) {
      arb_sqr(a, list[i].hull, prec);
      arb_sqr(b, list[j].hull, prec);
      arb_sub(a, a, b, prec);
      arb_pow_ui(a, a, (ulong)((list[i].to - list[i].from) * (list[j].to - list[j].from)),
                 prec);
      arb_div(out, out, a, prec);
    }
  arb_clear(a);
  arb_clear(b);
}

/* Polynomials of t with coefficients >= 0: entry bounds, of t^0 .. t^(2 rank), and of
   t^(-1) where odd = 1, which is made t^0 by a factor t of each row. */
typedef struct {
  slong rank, length, prec;
  arb_struct *coeffs; /* [(row * rank + column) * length + power] */
} bounds_t;

static arb_struct *bounds_at(const bounds_t *m, slong row, slong column) {
  return m->coeffs + (row * m->rank + column) * m->length;
}

/* |d_u^p d_v^q f|/(p! q!), u = b^2, v = s^2, f = exp(i t b s) (t b s)^(-odd): the sum of
   r_i t^i b^(i-2p) s^(i-2q), r by the chain rule. */
static void smooth_entry(arb_struct *out, const arb_t b, const arb_t s, slong p, slong q,
                         slong odd, slong prec) {
  slong length = p + q + 2;
  arb_struct *r = _arb_vec_init(length); /* r[i + 1] */
  arb_t term, power;
  arb_init(term);
  arb_init(power);
  adjoint_chain_rule(r, p, q, odd, prec);
  for (slong i = -odd; i <= p + q - odd; i++) {
    fmpz_t e;
    fmpz_init_set_si(e, i - 2 * p);
    arb_pow_fmpz(power, b, e, prec);
    fmpz_set_si(e, i - 2 * q);
    arb_pow_fmpz(term, s, e, prec);
    arb_mul(term, term, power, prec);
    arb_mul(term, term, r + i + 1, prec);
    arb_abs(out + i + odd, term);
    fmpz_clear(e);
  }
  arb_clear(term);
  arb_clear(power);
  _arb_vec_clear(r, length);
}

/* Where b = 0: t^(2p) C(p, q) s^(2(p-q)) / (2p + odd)!. */
static void zero_entry(arb_struct *out, const arb_t s, slong p, slong q, slong odd,
                       slong prec) {
  if (q > p || (arb_is_zero(s) && q < p)) return;
  arb_t term;
  arb_init(term);
  arb_pow_ui(term, s, 2 * (ulong)(p - q), prec);
  arb_bin_uiui(out + 2 * p + odd, (ulong)p, (ulong)q, prec);
  arb_mul(out + 2 * p + odd, out + 2 * p + odd, term, prec);
  arb_fac_ui(term, 2 * (ulong)p + (ulong)odd, prec);
  arb_div(out + 2 * p + odd, out + 2 * p + odd, term, prec);
  arb_clear(term);
}

static void set_entries(bounds_t *m, const cluster_t *bs, slong num_b,
                        const cluster_t *ss, slong num_s, slong odd) {
  for (slong i = 0; i < num_b; i++)
    for (slong j = 0; j < num_s; j++)
      for (slong row = bs[i].from; row < bs[i].to; row++)
        for (slong column = ss[j].from; column < ss[j].to; column++) {
          slong p = row - bs[i].from, q = column - ss[j].from;
          arb_struct *out = bounds_at(m, row, column);
          if (bs[i].is_zero) zero_entry(out, ss[j].hull, p, q, odd, m->prec);
          else if (ss[j].is_zero) zero_entry(out, bs[i].hull, q, p, odd, m->prec);
          else smooth_entry(out, bs[i].hull, ss[j].hull, p, q, odd, m->prec);
        }
}

/* out += the permanent: by subsets of columns. length of out: rank (length - 1) + 1. */
static void add_permanent(arb_struct *out, const bounds_t *m, slong size) {
  slong subsets = WORD(1) << m->rank;
  arb_struct *table = _arb_vec_init(subsets * size);
  arb_struct *product = _arb_vec_init(size + m->length);
  arb_one(table);
  for (slong set = 1; set < subsets; set++) {
    slong row = __builtin_popcountl((unsigned long)set) - 1;
    slong before = row * (m->length - 1) + 1;
    for (slong c = 0; c < m->rank; c++) {
      if (!(set >> c & 1)) continue;
      const arb_struct *entry = bounds_at(m, row, c);
      slong length = m->length;
      while (length && arb_is_zero(entry + length - 1)) length--;
      if (!length) continue;
      const arb_struct *from = table + (set & ~(WORD(1) << c)) * size;
      slong known = before;
      while (known && arb_is_zero(from + known - 1)) known--;
      if (!known) continue;
      if (known >= length) _arb_poly_mul(product, from, known, entry, length, m->prec);
      else _arb_poly_mul(product, entry, length, from, known, m->prec);
      _arb_vec_add(table + set * size, table + set * size, product, known + length - 1,
                   m->prec);
    }
  }
  _arb_vec_add(out, out, table + (subsets - 1) * size, size, m->prec);
  _arb_vec_clear(table, subsets * size);
  _arb_vec_clear(product, size + m->length);
}

/* One determinant's part of the bound of |phi| t^(N(N-1) + N odd - N oriented), times
   prod of numerators. */
static void add_part(adjoint_orbit_t *o, const cluster_t *bs, slong num_b,
                     const cluster_t *ss, slong num_s, slong odd, slong prec) {
  slong n = o->rank, size = n * n + n + 1;
  bounds_t m = {n, 2 * n + 1, prec, _arb_vec_init(n * n * (2 * n + 1))};
  slong wide = n * 2 * n + 1;
  arb_struct *sum = _arb_vec_init(wide);
  arb_t factor, term;
  arb_init(factor);
  arb_init(term);
  set_entries(&m, bs, num_b, ss, num_s, odd);
  add_permanent(sum, &m, wide);
  arb_one(factor);
  divide_differences(factor, bs, num_b, prec);
  divide_differences(factor, ss, num_s, prec);
  for (slong k = 0; k < n; k++) {
    arb_fac_ui(term, 2 * (ulong)k + (o->modes % 2), prec);
    arb_mul(factor, factor, term, prec);
    if (odd && o->modes % 2 == 0) { /* oriented */
      arb_mul(factor, factor, o->b + k, prec);
      arb_mul(factor, factor, o->s + k, prec);
    }
  }
  arb_abs(factor, factor);
  /* odd = 1 made rows t times too large: t^(-N), which (i t)^N takes back. */
  slong shift = odd && o->modes % 2 ? n : 0;
  for (slong i = 0; i < wide; i++) {
    if (arb_is_zero(sum + i)) continue;
    arb_mul(term, sum + i, factor, prec);
    slong at = i - shift + n; /* coefficient of t^(at - n) */
    if (at >= size || at < 0) {
      at = size - 1; /* no decay: told by the power */
      arb_pos_inf(term);
    }
    arb_add(o->tail_coeffs + at, o->tail_coeffs + at, term, prec);
  }
  arb_clear(factor);
  arb_clear(term);
  _arb_vec_clear(sum, wide);
  _arb_vec_clear(m.coeffs, n * n * (2 * n + 1));
}

static void set_tail(adjoint_orbit_t *o, slong prec) {
  slong n = o->rank, size = n * n + n + 1, num_b, num_s, top = size - 1;
  cluster_t bs[ADJOINT_TAIL_RANK], ss[ADJOINT_TAIL_RANK];
  bool fine = find_clusters(bs, &num_b, o->b, n, prec);
  fine = find_clusters(ss, &num_s, o->s, n, prec) && fine;
  if (fine) {
    o->tail_coeffs = _arb_vec_init(size);
    add_part(o, bs, num_b, ss, num_s, o->modes % 2, prec);
    if (o->modes % 2 == 0 && o->orientation)
      add_part(o, bs, num_b, ss, num_s, 1, prec);
    while (top > 0 && arb_is_zero(o->tail_coeffs + top)) top--;
    o->tail_power = n * (n - 1) - (top - n);
    fine = o->tail_power >= 1;
    for (slong i = 0; i <= top; i++) fine = fine && arb_is_finite(o->tail_coeffs + i);
  }
  if (!fine && o->tail_coeffs) {
    _arb_vec_clear(o->tail_coeffs, size);
    o->tail_coeffs = NULL;
  }
  for (slong k = 0; k < num_b; k++) arb_clear(bs[k].hull);
  for (slong k = 0; k < num_s; k++) arb_clear(ss[k].hull);
}

bool adjoint_orbit_tail(mag_t bound, const adjoint_orbit_t *o, const arb_t t) {
  if (!o->tail_coeffs) return false;
  slong n = o->rank, size = n * n + n + 1;
  arb_t sum, term;
  fmpz_t e;
  arb_init(sum);
  arb_init(term);
  fmpz_init(e);
  for (slong i = 0; i < size; i++) {
    if (arb_is_zero(o->tail_coeffs + i)) continue;
    fmpz_set_si(e, i - n - n * (n - 1));
    arb_pow_fmpz(term, t, e, 64);
    arb_addmul(sum, term, o->tail_coeffs + i, 64);
  }
  arb_get_mag(bound, sum);
  arb_clear(sum);
  arb_clear(term);
  fmpz_clear(e);
  return true;
}
