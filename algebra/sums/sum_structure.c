#include "algebra/sums/sum_structure.h"

#include "algebra/sums/sum_ideals.h"
#include "algebra/sums/sum_sectors.h"
#include "algebra/strings/string_algebra.h"

/* The span of [g, g] under the generators: the brackets of pairs as seeds. */
static status_t derived_span(span_struct *span, size_t num_qubits,
                             const pauli_sum_struct *const *generators,
                             size_t count, const closure_limits_t *limits) {
  size_t num = 0;
  pauli_sum_struct *brackets =
      flint_malloc((count * count + 1) * sizeof *brackets);
  const pauli_sum_struct **seeds =
      flint_malloc((count * count + 1) * sizeof *seeds);
  span_map_t *maps = flint_malloc((count + 1) * sizeof *maps);
  for (size_t j = 0; j < count; j++) {
    maps[j] = (span_map_t){generators[j], SPAN_LIE};
    for (size_t k = 0; k < j; k++) {
      pauli_sum_init(brackets + num, num_qubits);
      closure_bracket(brackets + num, generators[j], generators[k]);
      if (pauli_sum_is_zero(brackets + num)) {
        pauli_sum_clear(brackets + num);
        continue;
      }
      seeds[num] = brackets + num;
      num++;
    }
  }
  span_init(span, num_qubits, maps, count, seeds, num, limits);
  status_t status = span_run(span);
  for (size_t k = 0; k < num; k++) pauli_sum_clear(brackets + k);
  flint_free(brackets);
  flint_free(seeds);
  flint_free(maps);
  return status;
}

static bool from_strings(structure_t out, const closure_t closure) {
  size_t count;
  uint64_t *strings = closure_get_strings(&count, closure);
  if (!strings || count > 20000) {
    flint_free(strings);
    return false;
  }
  string_algebra_t g;
  string_algebra_init(g, strings, count, closure->num_qubits);
  string_algebra_structure(out, g);
  string_algebra_clear(g);
  flint_free(strings);
  out->evidence = EVIDENCE_CLOSURE_STRINGS;
  return true;
}

void sum_structure(structure_t out, const closure_t closure,
                   const pauli_sum_struct *generators, size_t num_generators,
                   const closure_limits_t *limits) {
  if (closure->proved && from_strings(out, closure)) return;
  sum_structure_general(out, closure, generators, num_generators, limits);
}

static void analyse(structure_t out, const closure_t closure,
                    const pauli_sum_struct *generators, size_t num_generators,
                    const pauli_sum_struct *const *scalars, size_t num_scalars,
                    sum_projectors_struct *projectors, size_t max_terms,
                    const closure_limits_t *limits) {
  fmpz_set_ui(out->dimension, closure->dimension);
  out->proved = closure->proved;
  if (!closure->proved) {
    out->evidence = EVIDENCE_MODULAR;
    out->reason = reason_of(REASON_CLOSURE_INCOMPLETE);
    return;
  }
  const pauli_sum_struct **list =
      flint_malloc((num_generators + 1) * sizeof *list);
  size_t count = 0;
  for (size_t k = 0; k < num_generators; k++)
    if (!pauli_sum_is_zero(generators + k)) list[count++] = generators + k;
  span_struct derived;
  sum_ideals_struct split = {0};
  sum_sectors_struct blocks;
  reason_code_t ideals = REASON_DERIVED_ALGEBRA_INCOMPLETE;
  reason_code_t sectors =
      sum_sectors_init(&blocks, out, closure->num_qubits, list, count, scalars,
                       num_scalars, limits);
  if (derived_span(&derived, closure->num_qubits, list, count, limits) ==
      STATUS_OK) {
    fmpz_set_ui(out->center, closure->dimension - derived.dimension);
    out->center_known = true;
    if (!sectors && sum_saturation(out, derived.dimension)) {
      ideals = REASON_NONE;
      out->actions_known = true;
      if (projectors) projectors->saturated = true;
    } else {
      ideals = sum_ideals_init(&split, out, &derived, limits);
      if (!ideals && !sectors) sum_sectors_actions(out, &blocks, &split);
    }
  }
  if (!sectors && projectors)
    sum_projectors_set(projectors, out, &blocks, max_terms);
  sum_sectors_clear(&blocks);
  sum_ideals_clear(&split);
  span_clear(&derived);
  flint_free(list);
  out->ideals_known = !ideals;
  out->sectors_known = !sectors;
  out->reason = reason_of(ideals);
  out->sectors_reason = sectors;
  out->evidence = closure->proof == CLOSURE_FILLS_STRINGS
                      ? EVIDENCE_CLOSURE_FULL
                      : EVIDENCE_CLOSURE;
}

void sum_structure_general(structure_t out, const closure_t closure,
                           const pauli_sum_struct *generators,
                           size_t num_generators,
                           const closure_limits_t *limits) {
  analyse(out, closure, generators, num_generators, NULL, 0, NULL, 0, limits);
}

void sum_structure_scalars(structure_t out, const closure_t closure,
                           const pauli_sum_struct *generators,
                           size_t num_generators,
                           const pauli_sum_struct *const *scalars,
                           size_t num_scalars,
                           const closure_limits_t *limits) {
  analyse(out, closure, generators, num_generators, scalars, num_scalars, NULL,
          0, limits);
}

void sum_structure_projectors(structure_t out, sum_projectors_t projectors,
                              size_t max_terms, const closure_t closure,
                              const pauli_sum_struct *generators,
                              size_t num_generators,
                              const closure_limits_t *limits) {
  if (closure->proved && from_strings(out, closure)) return;
  analyse(out, closure, generators, num_generators, NULL, 0, projectors,
          max_terms, limits);
}

bool sum_structure_sectors(structure_t out, size_t num_qubits,
                           const pauli_sum_struct *generators,
                           size_t num_generators,
                           const closure_limits_t *limits) {
  const pauli_sum_struct **list =
      flint_malloc((num_generators + 1) * sizeof *list);
  size_t count = 0;
  for (size_t k = 0; k < num_generators; k++)
    if (!pauli_sum_is_zero(generators + k)) list[count++] = generators + k;
  sum_sectors_struct blocks;
  reason_code_t reason =
      sum_sectors_init(&blocks, out, num_qubits, list, count, NULL, 0, limits);
  sum_sectors_clear(&blocks);
  flint_free(list);
  out->sectors_known = !reason;
  out->sectors_reason = reason;
  return !reason;
}
