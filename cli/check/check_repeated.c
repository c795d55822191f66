#include "cli/check/check_repeated.h"

#include "algebra/check/check_limit.h"

enum { LINES = 8 };

/* The circuit from a rotation on, so many times, with parameters of their own. */
typedef struct {
  const ansatz_struct *ansatz;
  size_t first;
} part_t;

static void repeat(ansatz_t out, const void *data, size_t times) {
  const part_t *part = (const part_t *)data;
  const ansatz_struct *a = part->ansatz;
  size_t p = a->num_parameters;
  ansatz_init(out, ANSATZ_CIRCUIT, a->num_qubits);
  for (size_t k = 0; k < times * p; k++) ansatz_add_parameter(out, "t", false);
  for (size_t l = 0; l < times; l++)
    for (size_t g = part->first; g < a->num_rotations; g++) {
      angle_t angle;
      angle_init(angle);
      angle_set(angle, a->rotations[g].angle);
      for (size_t t = 0; t < angle->num_terms; t++)
        angle->terms[t].parameter += l * p;
      ansatz_add_rotation(out, a->rotations[g].string, angle, 0);
      angle_clear(angle);
    }
  ansatz_add_observable(out, a->observables->sum, "");
}

/* Begins at the first gate with a parameter, at one of the last lines before it, or at
   the beginning: where the algebra grows least. 0: not counted. */
static size_t count_repeated(fmpz_t dimension, const ansatz_t a, size_t max_elements) {
  size_t leading = 0, best = 0, lines = 0;
  fmpz_t other;
  while (leading < a->num_rotations && !a->rotations[leading].angle->num_terms)
    leading++;
  if (leading == a->num_rotations) return 0;
  fmpz_init(other);
  for (size_t back = 0; back <= leading && best != 1; back++) {
    part_t part = {a, leading - back};
    const rotation_struct *r = a->rotations + part.first;
    bool inside = back && part.first && r[0].line == r[-1].line;
    if (inside || (part.first && lines++ == LINES)) {
      if (!inside) lines--;
      continue;
    }
    size_t times = check_repeated(other, repeat, &part, max_elements);
    if (!times || (best && times > 1 && fmpz_cmp(other, dimension) >= 0)) continue;
    best = times;
    fmpz_set(dimension, other);
  }
  fmpz_clear(other);
  return best;
}

void check_repeated_claim(ledger_t *l, const ansatz_t ansatz,
                          const check_generators_t g, size_t max_elements) {
  static const char key[] = "repeated";
  bool claimed = json_object_get(l->left, key) != NULL;
  fmpz_t dimension;
  fmpz_init(dimension);
  bool known = ansatz->kind == ANSATZ_CIRCUIT && ansatz->num_observables && !g->num_split &&
               !g->num_freed && !ansatz->upper_bound;
  size_t times = known ? count_repeated(dimension, ansatz, max_elements) : 0;
  if (times > 1 && !claimed) {
    ledger_fails(l, key, "%zu repetitions generate more, and it is missing", times);
  } else if (times == 1 && claimed) {
    ledger_take(l, key);
    ledger_fails(l, key, "the algebra does not grow");
  } else if (times > 1) {
    ledger_t inner;
    ledger_begin_at(&inner, l, key);
    ledger_size(&inner, "repetitions", times);
    ledger_fmpz(&inner, "dimension", dimension);
    ledger_end(&inner);
  } else if (claimed) {
    ledger_open(l, key, "the strings of several repetitions are too many to be listed");
  }
  fmpz_clear(dimension);
}
