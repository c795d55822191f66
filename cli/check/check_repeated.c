#include "cli/check/check_repeated.h"

#include "algebra/check/check_limit.h"

enum { LINES = 8 };

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
    ansatz_struct part = *a; /* borrowed */
    size_t first = leading - back;
    const rotation_struct *r = part.rotations += first;
    bool inside = back && first && r[0].line == r[-1].line;
    if (inside || (first && lines++ == LINES)) {
      if (!inside) lines--;
      continue;
    }
    part.num_rotations -= first;
    size_t times = check_repeated(other, &part, part.num_rotations, a->observables->sum,
                                  max_elements);
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
    ledger_judge(l, key, false, "the algebra does not grow");
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
