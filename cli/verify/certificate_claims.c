#include "cli/verify/certificate_claims.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/verify/claims_private.h"

/* Largest block and number of copies that a sampled law is compared with. */
enum { MAX_BLOCK = 1 << 16, MAX_COPIES = 256, MAX_MODES = 1024 };

bool claims_bad(const claims_reader_t *r, const char *format, ...) {
  va_list args;
  va_start(args, format);
  diagnostic_set_va(r->diag, r->file_name, NULL, 0, 0, format, args);
  va_end(args);
  return false;
}

/* A number or null (NaN). */
static bool get_number(double *out, const claims_reader_t *r, const json_t *json,
                       const char *key, size_t landscape) {
  const json_t *value = json_object_get(json, key);
  *out = NAN;
  if (!value || json_is_null(value)) return true;
  *out = cert_get_double(value);
  if (!isnan(*out)) return true;
  return claims_bad(r, "landscapes[%zu].%s is not an exact number or a ball",
             landscape, key);
}

static bool get_gradient(verify_landscape_struct *l, const claims_reader_t *r,
                         const json_t *json, size_t index, size_t length) {
  const json_t *list = json_object_get(json, "gradient_variance");
  if (!list || json_is_null(list)) return true;
  if (!json_is_array(list) || json_array_size(list) != length)
    return claims_bad(r, "landscapes[%zu].gradient_variance is not a list of %zu",
               index, length);
  for (size_t k = 0; k < length; k++) {
    const json_t *item = json_array_get(list, k);
    if (json_is_null(item)) continue;
    if (json_is_string(item)) claims_get_number(l->gradient_variance + k, item);
    else l->gradient_variance[k] = cert_get_double(item);
    if (isnan(l->gradient_variance[k]))
      return claims_bad(r, "landscapes[%zu].gradient_variance[%zu] is not a number",
                 index, k);
  }
  return true;
}

/* A small whole number; false when it is absent, negative or above limit. */
static bool get_small(size_t *out, const json_t *json, const char *key,
                      size_t limit) {
  fmpz_t value;
  fmpz_init(value);
  bool ok = cert_get_fmpz(value, json_object_get(json, key)) &&
            fmpz_sgn(value) > 0 && fmpz_cmp_ui(value, limit) <= 0;
  if (ok) *out = fmpz_get_ui(value);
  fmpz_clear(value);
  return ok;
}

/* Adds one block (count copies of it) to the law. False: it cannot be sampled
   against (too large, spectrum not listed); no error. */
static bool add_block(verify_landscape_struct *l, const json_t *block) {
  const json_t *spectrum = json_object_get(block, "spectrum");
  size_t levels = json_array_size(spectrum), rank, copies, beta;
  double weight = cert_get_double(json_object_get(block, "weight"));
  weight *= sqrt(cert_get_double(json_object_get(block, "radicand")));
  if (!levels || levels > MAX_BLOCK || isnan(weight) ||
      !get_small(&rank, block, "rank", MAX_BLOCK) ||
      !get_small(&beta, block, "beta", MAX_BLOCK) ||
      !get_small(&copies, block, "count", MAX_COPIES))
    return false;
  double *values = flint_malloc(levels * sizeof *values);
  size_t *multiplicities = flint_malloc(levels * sizeof *multiplicities);
  size_t total = 0;
  bool ok = true;
  for (size_t i = 0; i < levels && ok; i++) {
    const json_t *level = json_array_get(spectrum, i);
    values[i] = cert_get_double(json_object_get(level, "eigenvalue"));
    ok = !isnan(values[i]) &&
         get_small(multiplicities + i, level, "multiplicity", MAX_BLOCK) &&
         (total += multiplicities[i]) <= MAX_BLOCK;
  }
  for (size_t copy = 0; copy < copies && ok; copy++)
    verify_landscape_add_block(l, (double)beta, rank, weight, levels, values,
                               multiplicities);
  flint_free(values);
  flint_free(multiplicities);
  return ok;
}

void claims_drop_law(verify_landscape_struct *l) { verify_landscape_drop_law(l); }

/* One simple ideal of an observable in the algebra. False: it cannot be read. */
static bool add_orbit(verify_landscape_struct *l, const json_t *ideal) {
  const json_t *observable = json_object_get(ideal, "observable_spectrum");
  const json_t *state = json_object_get(ideal, "state_spectrum");
  json_int_t modes = json_integer_value(json_object_get(ideal, "modes"));
  bool unitary = !strcmp(cert_text_at(ideal, "group", ""), "su");
  size_t rank = (size_t)(unitary ? modes : modes / 2);
  if (modes < 3 || modes > MAX_MODES || json_array_size(observable) != rank ||
      json_array_size(state) != rank)
    return false;
  double b[MAX_MODES + 1], s[MAX_MODES + 1];
  for (size_t k = 0; k < rank; k++) {
    b[k] = cert_get_double(json_array_get(observable, k));
    s[k] = cert_get_double(json_array_get(state, k));
    if (isnan(b[k]) || isnan(s[k])) return false;
  }
  verify_landscape_add_orbit(
      l, unitary, (size_t)modes, b, s,
      (int)json_integer_value(json_object_get(ideal, "orientation")));
  return true;
}

/* The law of the adjoint class, where the Wishart class gives none. */
static void read_adjoint(verify_landscape_struct *l, const json_t *json) {
  const json_t *ideals = cert_at(json, "adjoint.ideals");
  if (!json_is_true(cert_at(json, "adjoint.applies")) || l->has_law ||
      !json_array_size(ideals))
    return;
  l->law_constant = cert_get_double(cert_at(json, "adjoint.constant"));
  bool ok = !isnan(l->law_constant);
  for (size_t i = 0; i < json_array_size(ideals) && ok; i++)
    ok = add_orbit(l, json_array_get(ideals, i));
  if (!ok) claims_drop_law(l);
}

/* Is every generator one string, and its own parameter's? */
static bool are_strings(const ansatz_struct *a) {
  bool ok = !a->upper_bound && !a->symbol;
  size_t *uses = flint_calloc(a->num_parameters + 1, sizeof *uses);
  for (size_t j = 0; j < a->num_generators && ok; j++) ok = a->generators[j].length == 1;
  for (size_t j = 0; j < a->num_rotations && ok; j++) {
    const angle_struct *angle = a->rotations[j].angle;
    unsigned turns;
    ok = angle->num_terms == 1 ? !uses[angle->terms->parameter]++
                               : angle->num_terms == 0 && angle_is_clifford(&turns, angle);
  }
  flint_free(uses);
  return ok;
}

/* Are all blocks that vary of one component? */
static bool is_one_component(const json_t *blocks) {
  const json_t *block, *first = NULL;
  size_t i;
  json_array_foreach(blocks, i, block) {
    const json_t *component = json_object_get(block, "component");
    if (json_array_size(json_object_get(block, "spectrum")) == 1) continue;
    if (!json_is_integer(component) || (first && !json_equal(first, component))) return false;
    first = component;
  }
  return first;
}

void claims_read_law(verify_landscape_struct *l, const json_t *json) {
  const json_t *wishart = json_object_get(json, "wishart");
  const json_t *blocks = json_object_get(wishart, "blocks");
  if (!json_is_true(json_object_get(wishart, "applies"))) return;
  l->law_constant = cert_get_double(json_object_get(wishart, "constant"));
  bool ok = !isnan(l->law_constant);
  for (size_t b = 0; b < json_array_size(blocks) && ok; b++)
    ok = add_block(l, json_array_get(blocks, b));
  if (!ok) claims_drop_law(l);
}

/* mean - (mean of the s least eigenvalues): as far below its mean as the block
   gets. NaN where s > 1 and the spectrum, ascending, is not listed. */
static double block_height(const json_t *block) {
  const json_t *spectrum = json_object_get(block, "spectrum");
  double rank = cert_get_double(cert_at(block, "rank")), left = rank, sum = 0;
  if (rank == 1) return cert_get_double(cert_at(block, "mean_eigenvalue"));
  if (!json_is_array(spectrum)) return NAN;
  for (size_t i = 0; i < json_array_size(spectrum) && left > 0; i++) {
    const json_t *level = json_array_get(spectrum, i);
    double take = fmin(left, cert_get_double(cert_at(level, "multiplicity")));
    sum += take * cert_get_double(cert_at(level, "eigenvalue"));
    left -= take;
  }
  return (cert_get_double(cert_at(block, "moments.mean")) - sum / rank) *
         sqrt(cert_get_double(cert_at(block, "radicand")));
}

/* Threshold, and the mean less all that the Wishart blocks add to it. */
static void get_minima(verify_landscape_struct *l, const json_t *json) {
  const json_t *blocks = cert_at(json, "wishart.blocks");
  l->threshold = cert_get_double(cert_at(json, "minima.threshold"));
  if (isnan(l->threshold)) return;
  l->least = l->mean;
  for (size_t b = 0; b < json_array_size(blocks); b++) {
    const json_t *block = json_array_get(blocks, b);
    l->least -= cert_get_double(cert_at(block, "count")) *
                cert_get_double(cert_at(block, "weight")) *
                block_height(block);
  }
  if (isnan(l->least)) l->threshold = NAN;
}

/* Lists of rotations treated otherwise than written. */
static bool get_flags(verify_claims_t claims, const claims_reader_t *r,
                      const json_t *certificate, const char *path,
                      uint8_t flag) {
  const json_t *list = cert_at(certificate, path);
  if (!list) return true;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    json_int_t at = json_integer_value(item);
    if (!json_is_integer(item) || at < 0 ||
        (uint64_t)at >= claims->num_rotations)
      return claims_bad(r, "%s[%zu] is not the index of a rotation", path, i);
    claims->rotation_flags[at] |= flag;
  }
  return json_is_array(list) || claims_bad(r, "%s is not a list", path);
}

/* The centre, and what the sectors add up to when they are all there. */
static void get_structure(verify_claims_t claims, const json_t *certificate) {
  const json_t *sectors = json_object_get(certificate, "sectors");
  double squares = 0, forms = 0;
  if (json_is_true(cert_at(certificate, "algebra.proved")))
    claims->center = cert_get_double(cert_at(certificate, "algebra.center"));
  if (!json_array_size(sectors)) return;
  for (size_t i = 0; i < json_array_size(sectors); i++) {
    const json_t *s = json_array_get(sectors, i);
    const char *field = cert_text_at(s, "field", "");
    double m = cert_get_double(json_object_get(s, "multiplicity"));
    double count = cert_get_double(json_object_get(s, "count"));
    squares += count * m * m;
    if (!strcmp(field, "real")) forms += count * m;
    else if (!strcmp(field, "quaternionic")) forms -= count * m;
    else if (strcmp(field, "complex")) forms = NAN;
  }
  claims->commutant = squares;
  claims->forms = forms;
}

static bool get_landscape(verify_claims_struct *claims,
                          verify_landscape_struct *l, const claims_reader_t *r,
                          const ansatz_t ansatz, const json_t *json,
                          size_t index) {
  const char *said = cert_text_at(json, "observable", "");
  char *observable =
      pauli_sum_get_str(ansatz->observables[l->observable].sum);
  bool same = !strcmp(said, observable);
  free(observable);
  if (!same)
    return claims_bad(r, "landscapes[%zu].observable is not that of the ansatz",
               index);
  if (strcmp(cert_text_at(json, "state", ""), ansatz->states[l->state].text))
    return claims_bad(r, "landscapes[%zu].state is not that of the ansatz", index);
  if (!get_number(&l->mean, r, json, "mean", index) ||
      !get_number(&l->variance, r, json, "variance", index) ||
      !get_gradient(l, r, json, index, ansatz->num_parameters))
    return false;
  if (!json_is_true(json_object_get(json, "mean_square_bounded")) &&
      !get_number(&l->mean_square, r, json, "mean_square", index))
    return false;
  claims_read_law(l, json);
  l->blocks_turn_together = l->has_law && are_strings(ansatz) &&
                            is_one_component(cert_at(json, "wishart.blocks"));
  read_adjoint(l, json);
  claims->orbit_dimensions[l->state] =
      cert_get_double(cert_at(json, "traps_on_group.orbit_dimension"));
  get_minima(l, json);
  claims_get_shape(l, json);
  claims_get_curvature(l, json);
  claims_get_minima_law(l, json);
  return claims_get_depth(l, r, json, index, ansatz->num_parameters) &&
         claims_get_widths(l, r, json, index);
}

status_t claims_read(verify_claims_t claims, diagnostic_t diag,
                     const char *file_name, const ansatz_t ansatz,
                     const json_t *certificate) {
  claims_reader_t r = {diag, file_name};
  const json_t *list = json_object_get(certificate, "landscapes");
  verify_claims_init(claims, ansatz);
  bool ok = json_array_size(list) == claims->num_landscapes &&
            json_is_array(list);
  if (!ok)
    claims_bad(&r, "landscapes is not a list of %zu, one for each observable and state",
        claims->num_landscapes);
  for (size_t j = 0; j < claims->num_landscapes && ok; j++)
    ok = get_landscape(claims, claims->landscapes + j, &r, ansatz,
                       json_array_get(list, j), j);
  if (json_is_true(cert_at(certificate, "algebra.proved")))
    claims->dimension = cert_get_double(cert_at(certificate, "algebra.dimension"));
  get_structure(claims, certificate);
  ok = ok && claims_get_covariance(claims, &r, certificate) &&
       claims_get_kernel(claims, &r, certificate) &&
       get_flags(claims, &r, certificate, "ansatz.freed", VERIFY_FREED) &&
       get_flags(claims, &r, certificate, "ansatz.split", VERIFY_SPLIT);
  if (ok) return STATUS_OK;
  verify_claims_clear(claims);
  return STATUS_BAD_INPUT;
}
