#include "algebra/check/check_fixed.h"

enum { MAX_PRODUCT = 20000000 };

typedef struct {
  const check_gate_t *gates;
  size_t num_gates, num_words;
  bool *gone;
  fmpq *turns, *radians; /* of fixed gates, about the string without its sign */
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
static int quarters(const work_t *work, size_t i) {
  angle_t angle;
  unsigned turns;
  angle_init(angle);
  fmpq_set(angle->pi_part, work->turns + i);
  fmpq_set(angle->rad_part, work->radians + i);
  int out = angle_is_clifford(&turns, angle) ? (int)turns : -1;
  angle_clear(angle);
  return out;
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
    fmpq_add(work->turns + j, work->turns + j, work->turns + i);
    fmpq_add(work->radians + j, work->radians + j, work->radians + i);
    int turns = quarters(work, j);
    out->has_clifford |= turns > 0;
    if (turns >= 0) work->gone[j] = true;
    return true;
  }
  return false;
}

static bool peel(check_fixed_t *out, work_t *work) {
  bool changed = false;
  for (size_t i = 0; i < work->num_gates; i++)
    if (is_fixed(work, i)) changed |= join(out, work, i);
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
      .last = flint_malloc((num_gates + 1) * sizeof *out->last)};
  work.gone = flint_calloc(num_gates + 1, sizeof *work.gone);
  work.turns = flint_calloc(num_gates + 1, sizeof *work.turns);
  work.radians = flint_calloc(num_gates + 1, sizeof *work.radians);
  for (size_t i = 0; i < num_gates; i++) {
    fmpq_init(work.turns + i);
    fmpq_init(work.radians + i);
    if (gates[i].kind != CHECK_GATE_FIXED) continue;
    count++;
    fmpq_set(work.turns + i, gates[i].angle->pi_part);
    fmpq_set(work.radians + i, gates[i].angle->rad_part);
    if (!gates[i].negative) continue;
    fmpq_neg(work.turns + i, work.turns + i);
    fmpq_neg(work.radians + i, work.radians + i);
  }
  if (count && num_gates < MAX_PRODUCT / count)
    while (peel(out, &work)) {}
  for (size_t i = 0; i < num_gates; i++) {
    out->num_left += is_fixed(&work, i);
    fmpq_clear(work.turns + i);
    fmpq_clear(work.radians + i);
  }
  flint_free(work.gone);
  flint_free(work.turns);
  flint_free(work.radians);
}

void check_fixed_clear(check_fixed_t *fixed) {
  flint_free(fixed->first);
  flint_free(fixed->last);
}
