#include "algebra/check/sums/check_member.h"

#include "algebra/check/sums/check_brackets.h"

/* ([H_j, x])_j */
static void act_all(mp_limb_t *out, check_brackets_t *b, const mp_limb_t *x) {
  for (size_t j = 0; j < b->p->num_sums; j++)
    check_brackets_act(out + j * b->strings->length, b, j, x);
}

static answer_t decide(const check_echelon_t *g, check_brackets_t *b,
                       const pauli_sum_struct *observable) {
  check_echelon_t images = {.width = g->width * b->p->num_sums};
  mp_limb_t *x = flint_malloc((images.width + 1) * sizeof *x);
  mp_limb_t *o = flint_malloc((g->width + 1) * sizeof *o);
  size_t pivot;
  for (size_t k = 0; k < g->length && b->work > 0; k++) {
    act_all(x, b, g->rows[k]);
    if (check_echelon_reduce(&pivot, x, &images, b->p->mod, &b->work))
      check_echelon_append(&images, x, pivot, b->p->mod);
  }
  check_brackets_vector(o, b, observable);
  act_all(x, b, o);
  bool outside = check_echelon_reduce(&pivot, x, &images, b->p->mod, &b->work);
  check_echelon_clear(&images);
  flint_free(x);
  flint_free(o);
  if (b->work <= 0) return ANSWER_UNDECIDED;
  return outside ? ANSWER_NO : ANSWER_YES;
}

answer_t check_member(const check_generators_t generators,
                      const pauli_sum_struct *observable, int64_t work) {
  check_prime_t p;
  check_brackets_t b;
  answer_t answer = ANSWER_UNDECIDED;
  bool known = check_prime_init(&p, generators);
  for (size_t t = 0; t < observable->length && known; t++)
    known = fmpz_fdiv_ui(fmpq_denref(observable->coeffs + t), p.mod.n) != 0;
  if (known) {
    if (check_brackets_init(&b, &p, observable, work)) {
      check_echelon_t g = {.width = b.strings->length};
      if (check_brackets_close(&g, &b)) answer = decide(&g, &b, observable);
      check_echelon_clear(&g);
    }
    check_brackets_clear(&b);
  }
  check_prime_clear(&p);
  return answer;
}
