#include "cli/format/eigenvalues_json.h"

#include <stdlib.h>

#include "cli/format/json_number.h"

enum { PREC_BITS = 256 };

static bool read_matrix(acb_mat_t m, const json_t *rows, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const json_t *x = json_array_get(json_array_get(rows, i), j);
      arb_ptr to = acb_realref(acb_mat_entry(m, (slong)i, (slong)j));
      if (!cert_get_real(to, x, PREC_BITS) && !cert_get_surd(to, x, PREC_BITS))
        return false;
    }
  return true;
}

static int greatest_first(const void *a, const void *b) {
  const arb_struct *x = a, *y = b;
  return -arf_cmp(arb_midref(x), arb_midref(y));
}

bool eigenvalues_find(arb_ptr values, const json_t *rows, size_t n) {
  acb_mat_t m, vectors;
  acb_ptr near = _acb_vec_init((slong)n), found = _acb_vec_init((slong)n);
  acb_mat_init(m, (slong)n, (slong)n);
  acb_mat_init(vectors, (slong)n, (slong)n);
  bool good = json_array_size(rows) == n && read_matrix(m, rows, n);
  if (good) {
    acb_mat_approx_eig_qr(near, NULL, vectors, m, NULL, 0, PREC_BITS);
    good = acb_mat_eig_multiple(found, m, near, vectors, PREC_BITS);
  }
  for (size_t i = 0; i < n && good; i++) /* a symmetric matrix has real ones */
    arb_set(values + i, acb_realref(found + i));
  if (good) qsort(values, n, sizeof *values, greatest_first);
  acb_mat_clear(m);
  acb_mat_clear(vectors);
  _acb_vec_clear(near, (slong)n);
  _acb_vec_clear(found, (slong)n);
  return good;
}

json_t *eigenvalues_json(const json_t *rows) {
  size_t n = json_array_size(rows);
  arb_ptr values = _arb_vec_init((slong)n + 1);
  json_t *list = json_null();
  if (eigenvalues_find(values, rows, n)) {
    list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, cert_arb(values + i));
  }
  _arb_vec_clear(values, (slong)n + 1);
  return list;
}
