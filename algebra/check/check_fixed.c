#include "algebra/check/check_fixed.h"

enum { MAX_PRODUCT = 20000000 };

typedef struct {
  const check_gate_t *gates;
  size_t num_gates, num_words;
  bool *gone;
} work_t;

static bool clash(const work_t *work, size_t i, size_t j) {
  return !work->gone[i] && !work->gone[j] &&
         pauli_anticommute(work->gates[i].string, work->gates[j].string,
                           work->num_words);
}

/* Does a gate in low..high-1 clash with gate i? */
static bool any_clash(const work_t *work, size_t i, size_t low, size_t high) {
  for (size_t j = low; j < high; j++)
    if (j != i && clash(work, i, j)) return true;
  return false;
}

static bool is_fixed(const work_t *work, size_t i) {
  return !work->gone[i] && work->gates[i].kind == CHECK_GATE_FIXED;
}

/* Quarter turns of the angle, -1 when it is no multiple of pi/2. */
static int quarters(const check_fixed_t *out, size_t i) {
  angle_t angle;
  unsigned turns;
  angle_init(angle);
  fmpq_set(angle->pi_part, out->turns + i);
  fmpq_set(angle->rad_part, out->radians + i);
  int count = angle_is_clifford(&turns, angle) ? (int)turns : -1;
  angle_clear(angle);
  return count;
}

/* Gate i with one about its string; true when it is gone. */
static bool join(check_fixed_t *out, work_t *work, size_t i) {
  for (size_t j = 0; j < work->num_gates; j++) {
    check_gate_kind_t kind = work->gates[j].kind;
    if (j == i || work->gone[j] || kind == CHECK_GATE_FREE ||
        !pauli_equal(work->gates[i].string, work->gates[j].string,
                     work->num_words) ||
        any_clash(work, i, i < j ? i + 1 : j + 1, i < j ? j : i))
      continue;
    work->gone[i] = true;
    if (kind == CHECK_GATE_OWN) return true;
    fmpq_add(out->turns + j, out->turns + j, out->turns + i);
    fmpq_add(out->radians + j, out->radians + j, out->radians + i);
    out->into[i] = j;
    int turns = quarters(out, j);
    if (turns > 0) out->clifford = j;
    if (turns >= 0) work->gone[j] = true;
    return true;
  }
  return false;
}

static bool peel(check_fixed_t *out, work_t *work) {
  bool changed = false;
  for (size_t i = 0; i < work->num_gates; i++)
    if (is_fixed(work, i)) changed |= join(out, work, i);
  if (out->clifford != SIZE_MAX) return changed;
  for (size_t i = 0; i < work->num_gates; i++)
    if (is_fixed(work, i) && !any_clash(work, i, 0, i)) {
      out->first[out->num_first++] = i;
      changed = work->gone[i] = true;
    }
  for (size_t i = work->num_gates; i-- > 0;)
    if (is_fixed(work, i) && !any_clash(work, i, i + 1, work->num_gates)) {
      out->last[out->num_last++] = i;
      changed = work->gone[i] = true;
    }
  return changed;
}

void check_fixed_init(check_fixed_t *out, const check_gate_t *gates,
                      size_t num_gates, size_t num_words) {
  work_t work = {.gates = gates, .num_gates = num_gates, .num_words = num_words};
  size_t count = 0;
  *out = (check_fixed_t){
      .first = flint_malloc((num_gates + 1) * sizeof *out->first),
      .last = flint_malloc((num_gates + 1) * sizeof *out->last),
      .left = flint_calloc(num_gates + 1, sizeof *out->left),
      .into = flint_malloc((num_gates + 1) * sizeof *out->into),
      .turns = _fmpq_vec_init((slong)num_gates),
      .radians = _fmpq_vec_init((slong)num_gates),
      .clifford = SIZE_MAX, .num_gates = num_gates};
  work.gone = flint_calloc(num_gates + 1, sizeof *work.gone);
  for (size_t i = 0; i < num_gates; i++) {
    out->into[i] = SIZE_MAX;
    if (gates[i].kind != CHECK_GATE_FIXED) continue;
    count++;
    fmpq_set(out->turns + i, gates[i].angle->pi_part);
    fmpq_set(out->radians + i, gates[i].angle->rad_part);
    if (!gates[i].negative) continue;
    fmpq_neg(out->turns + i, out->turns + i);
    fmpq_neg(out->radians + i, out->radians + i);
  }
  if (count && num_gates < MAX_PRODUCT / count)
    while (out->clifford == SIZE_MAX && peel(out, &work)) {}
  for (size_t i = 0; i < num_gates; i++) out->num_left += out->left[i] = is_fixed(&work, i);
  flint_free(work.gone);
}

void check_fixed_clear(check_fixed_t *fixed) {
  flint_free(fixed->first);
  flint_free(fixed->last);
  flint_free(fixed->left);
  flint_free(fixed->into);
  _fmpq_vec_clear(fixed->turns, (slong)fixed->num_gates);
  _fmpq_vec_clear(fixed->radians, (slong)fixed->num_gates);
}
