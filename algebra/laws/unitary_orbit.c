#include "algebra/laws/unitary_orbit.h"

#include <stdbool.h>

enum { MOST_BITS = 1 << 15, MOST_TERMS = 20000 };

/* rows[p * length + j] = h_j(x_0 .. x_p) */
static void symmetric(arb_struct *rows, slong m, slong length, const arb_struct *x,
                      slong prec) {
  for (slong p = 0; p < m; p++) {
    arb_struct *row = rows + p * length;
    arb_one(row);
    for (slong j = 1; j < length; j++) {
      arb_mul(row + j, x + p, row + j - 1, prec);
      if (p) arb_add(row + j, row + j, row - length + j, prec);
    }
  }
}

/* Of |a|, |b| <= x / |t|^(1/2): terms from n on are below
     x^(2n-p-q) C(n, p) C(n, q) p!/n! <= y^(2n) 4^n m!/n!,  y = max(1, x),
   less than half of the one before once n >= 8 y^2. */
static slong series_length(mag_t rest, const mag_t y, slong m, slong prec) {
  mag_t term, factor;
  slong n = 2 * m;
  mag_init(term);
  mag_init(factor);
  for (; n < MOST_TERMS; n++) {
    mag_pow_ui(term, y, 2 * (ulong)n);
    mag_mul_2exp_si(term, term, 2 * n);
    mag_fac_ui(factor, (ulong)m);
    mag_mul(term, term, factor);
    mag_rfac_ui(factor, (ulong)n);
    mag_mul(term, term, factor);
    mag_mul(factor, y, y);
    mag_mul_2exp_si(factor, factor, 3);
    if (mag_cmp_2exp_si(term, -prec - 1) < 0 && mag_cmp_2exp_si(factor, 62) < 0) {
      mag_set_ui_lower(rest, (ulong)n);
      if (mag_cmp(factor, rest) <= 0) break;
    }
  }
  mag_mul_2exp_si(rest, term, 1);
  mag_clear(term);
  mag_clear(factor);
  return n;
}

/* Both spectra times sqrt(|t|), so that t is a sign. */
static void determinant(acb_t phi, const arb_struct *a, const arb_struct *b, slong m,
                        int sign, const mag_t y, slong prec) {
  mag_t rest;
  mag_init(rest);
  slong length = series_length(rest, y, m, prec) + 1;
  arb_struct *ha = _arb_vec_init(m * length), *hb = _arb_vec_init(m * length);
  acb_mat_t matrix;
  arb_t term, factor;
  acb_t phase;
  acb_mat_init(matrix, m, m);
  arb_init(term);
  arb_init(factor);
  acb_init(phase);
  symmetric(ha, m, length, a, prec);
  symmetric(hb, m, length, b, prec);
  for (slong p = 0; p < m; p++)
    for (slong q = 0; q < m; q++) {
      acb_struct *entry = acb_mat_entry(matrix, p, q);
      arb_one(factor); /* p!/n! */
      for (slong n = p; n < length; n++) {
        if (n > p) arb_div_si(factor, factor, n, prec);
        if (n < q) continue;
        arb_mul(term, ha + p * length + n - p, hb + q * length + n - q, prec);
        arb_mul(term, term, factor, prec);
        /* (i sign)^(n - p) */
        slong turn = (n - p) % 4;
        if (sign < 0 && turn % 2) turn = 4 - turn;
        arb_struct *to = turn % 2 ? acb_imagref(entry) : acb_realref(entry);
        if (turn < 2) arb_add(to, to, term, prec);
        else arb_sub(to, to, term, prec);
      }
      arb_add_error_mag(acb_realref(entry), rest);
      arb_add_error_mag(acb_imagref(entry), rest);
    }
  acb_mat_det(phi, matrix, prec);
  acb_mat_clear(matrix);
  arb_clear(term);
  arb_clear(factor);
  acb_clear(phase);
  _arb_vec_clear(ha, m * length);
  _arb_vec_clear(hb, m * length);
  mag_clear(rest);
}

/* E of a number of modulus 1: within the unit square. */
static void set_anything(acb_t phi) {
  acb_zero(phi);
  mag_one(arb_radref(acb_realref(phi)));
  mag_one(arb_radref(acb_imagref(phi)));
}

void unitary_orbit_characteristic(acb_t phi, const arb_struct *a, const arb_struct *b,
                                  slong m, const arb_t t, slong prec_bits) {
  arb_struct *x = _arb_vec_init(m), *y = _arb_vec_init(m);
  arb_t root;
  mag_t most, one;
  int sign = arb_is_negative(t) ? -1 : 1;
  arb_init(root);
  mag_init(most);
  mag_init(one);
  set_anything(phi);
  for (slong prec = 64 + prec_bits; prec <= MOST_BITS; prec *= 2) {
    acb_t found;
    acb_init(found);
    arb_abs(root, t);
    arb_sqrt(root, root, prec);
    mag_one(most);
    for (slong k = 0; k < m; k++) {
      arb_mul(x + k, a + k, root, prec);
      arb_mul(y + k, b + k, root, prec);
      arb_get_mag(one, x + k);
      mag_max(most, most, one);
      arb_get_mag(one, y + k);
      mag_max(most, most, one);
    }
    determinant(found, x, y, m, sign, most, prec);
    bool finite = acb_is_finite(found);
    bool sharp = finite && mag_cmp_2exp_si(arb_radref(acb_realref(found)), -prec_bits) <= 0 &&
                 mag_cmp_2exp_si(arb_radref(acb_imagref(found)), -prec_bits) <= 0;
    if (finite && acb_rel_accuracy_bits(found) > acb_rel_accuracy_bits(phi))
      acb_set(phi, found);
    acb_clear(found);
    if (sharp) break;
  }
  _arb_vec_clear(x, m);
  _arb_vec_clear(y, m);
  arb_clear(root);
  mag_clear(most);
  mag_clear(one);
}
