#include "cli/check/check_ideals.h"

#include <string.h>

#include "algebra/check/sums/check_particles.h"
#include "algebra/check/sums/check_sector_spectra.h"
#include "algebra/check/sums/check_su2.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/check/said_ideal.h"
#include "cli/format/json_number.h"

enum {
  PREC_BITS = SAID_PREC_BITS,
  MAX_PARTICLE_MODES = 64 /* more, and the elimination takes long */
};

/* Are these numbers >= 0, in descending order, with these power sums of squares? */
static bool spectrum_fits(const json_t *list, const fmpq *sums, size_t rank) {
  bool fits = json_is_array(list) && json_array_size(list) == rank;
  arb_t value, power, before, *sum = flint_malloc((rank + 1) * sizeof *sum);
  arb_init(value);
  arb_init(power);
  arb_init(before);
  for (size_t j = 0; j < rank; j++) arb_init(sum[j]);
  for (size_t i = 0; i < rank && fits; i++) {
    fits = cert_get_real(value, json_array_get(list, i), PREC_BITS) &&
           !arb_is_negative(value) && !(i && arb_gt(value, before));
    arb_set(before, value);
    arb_sqr(value, value, PREC_BITS);
    arb_one(power);
    for (size_t j = 0; j < rank && fits; j++) {
      arb_mul(power, power, value, PREC_BITS);
      arb_add(sum[j], sum[j], power, PREC_BITS);
    }
  }
  for (size_t j = 0; j < rank; j++) {
    fits = fits && arb_contains_fmpq(sum[j], sums + j);
    arb_clear(sum[j]);
  }
  arb_clear(value);
  arb_clear(power);
  arb_clear(before);
  flint_free(sum);
  return fits;
}

static bool ideal_fits(const json_t *ideal, const check_orbit_law_struct *law) {
  const json_t *turn = json_object_get(ideal, "orientation");
  if (law->modes % 2 ? turn != NULL
                     : !json_is_integer(turn) ||
                           json_integer_value(turn) != law->orientation)
    return false;
  return json_integer_value(json_object_get(ideal, "modes")) ==
             (json_int_t)law->modes &&
         json_object_size(ideal) == (law->modes % 2 ? 5u : 6u) &&
         !strcmp(cert_text_at(ideal, "group", ""), "so") && said_type_fits(ideal) &&
         spectrum_fits(json_object_get(ideal, "observable_spectrum"),
                       law->observable, law->rank) &&
         spectrum_fits(json_object_get(ideal, "state_spectrum"), law->state,
                       law->rank);
}

/* The ideals in any order. */
static bool ideals_fit(const json_t *ideals, check_adjoint_struct *found) {
  bool fit = json_array_size(ideals) == found->length;
  for (size_t i = 0; i < found->length && fit; i++) {
    size_t k = 0;
    while (k < found->length &&
           (found->list[k].matched ||
            !ideal_fits(json_array_get(ideals, i), found->list + k)))
      k++;
    fit = k < found->length;
    if (fit) found->list[k].matched = true;
  }
  return fit;
}

/* By two at least of the three members that say so. */
static bool all_are_su2(const json_t *ideals) {
  for (size_t k = 0; k < json_array_size(ideals); k++) {
    const json_t *ideal = json_array_get(ideals, k);
    if ((json_integer_value(json_object_get(ideal, "modes")) == 3) +
            !strcmp(cert_text_at(ideal, "group", ""), "so") +
            !strcmp(cert_text_at(ideal, "type", ""), "A1") < 2)
      return false;
  }
  return true;
}

/* The one number of each side. */
static bool read_su2(arb_ptr b, arb_ptr s, const json_t *ideals) {
  bool ok = true;
  for (size_t k = 0; k < json_array_size(ideals) && ok; k++) {
    const json_t *ideal = json_array_get(ideals, k);
    ok = json_object_size(ideal) == 5 &&
         json_integer_value(json_object_get(ideal, "modes")) == 3 &&
         !strcmp(cert_text_at(ideal, "group", ""), "so") && said_type_fits(ideal) &&
         said_read_spectrum(b + k, json_object_get(ideal, "observable_spectrum"), 1) &&
         said_read_spectrum(s + k, json_object_get(ideal, "state_spectrum"), 1) &&
         !arb_is_negative(b + k) && !arb_is_negative(s + k);
  }
  return ok;
}

/* Power sums of what is said, as check_particles.h has them. */
static void said_sums(arb_ptr out, const arb_struct *x, const said_ideal_t *said) {
  arb_t mean, value, power;
  arb_init(mean);
  arb_init(value);
  arb_init(power);
  for (size_t k = 0; k < said->rank && said->unitary; k++)
    arb_add(mean, mean, x + k, PREC_BITS);
  arb_div_ui(mean, mean, said->rank, PREC_BITS);
  for (size_t k = 0; k < said->rank; k++) {
    arb_sub(value, x + k, mean, PREC_BITS);
    if (!said->unitary) arb_sqr(value, value, PREC_BITS);
    arb_one(power);
    for (size_t r = 0; r < said->rank; r++) {
      arb_mul(power, power, value, PREC_BITS);
      arb_add(out + r, out + r, power, PREC_BITS);
    }
  }
  arb_clear(mean);
  arb_clear(value);
  arb_clear(power);
}

/* x y^n = u v^n? n = 0: x = u. */
static bool products_agree(const arb_t x, const arb_t y, const fmpq_t u, const fmpq_t v,
                           ulong n) {
  arb_t a, b, c;
  arb_init(a);
  arb_init(b);
  arb_init(c);
  arb_set_fmpq(b, v, 4 * PREC_BITS);
  arb_pow_ui(b, b, n, 4 * PREC_BITS);
  arb_mul(a, x, b, 4 * PREC_BITS);
  arb_set_fmpq(c, u, 4 * PREC_BITS);
  arb_pow_ui(b, y, n, 4 * PREC_BITS);
  arb_mul(c, c, b, 4 * PREC_BITS);
  bool agree = arb_overlaps(a, c);
  arb_clear(a);
  arb_clear(b);
  arb_clear(c);
  return agree;
}

/* Up to a factor: p_r against p_1^(r+1), r from 0 on, of su squares of p_r against p_2^(r+1),
   each times the other's. */
static bool sums_agree(const arb_struct *said, const fmpq *found, size_t rank, bool unitary) {
  bool agree = true;
  arb_t square;
  fmpq_t other;
  arb_init(square);
  fmpq_init(other);
  for (size_t r = 0; r < rank && agree; r++) {
    if (unitary) {
      arb_sqr(square, said + r, PREC_BITS);
      fmpq_mul(other, found + r, found + r);
      agree = products_agree(square, said + 1, other, found + 1, r + 1);
    } else {
      agree = products_agree(said + r, said, found + r, found, r + 1);
    }
  }
  arb_clear(square);
  fmpq_clear(other);
  return agree;
}

static bool spectra_agree(const said_ideal_t *said, const check_particles_struct *found) {
  slong rank = (slong)said->rank;
  arb_ptr b = _arb_vec_init(2 * rank), s = b + rank;
  said_sums(b, said->b, said);
  said_sums(s, said->s, said);
  bool agree = sums_agree(b, found->observable, said->rank, said->unitary) &&
               sums_agree(s, found->state, said->rank, said->unitary);
  for (slong r = 0; r < rank && agree; r++) /* signs of odd ones, together */
    if (!fmpq_is_zero(found->observable + r) && !fmpq_is_zero(found->state + r)) {
      int sign = fmpq_sgn(found->observable + r) * fmpq_sgn(found->state + r);
      arb_mul(b + r, b + r, s + r, PREC_BITS);
      agree = sign > 0 ? !arb_is_negative(b + r) : !arb_is_positive(b + r);
    }
  _arb_vec_clear(b, 2 * rank);
  return agree;
}

/* One ideal, all of su or sp of one particle, by check_particles.h. */
static answer_t particles_fit(const json_t *ideals, const check_subject_t *subject,
                              size_t index) {
  size_t states = subject->ansatz->num_states;
  said_ideal_t said;
  check_particles_t found;
  answer_t answer = ANSWER_UNDECIDED;
  fmpz_t derived, centre;
  if (json_array_size(ideals) != 1 || !said_init(&said, json_array_get(ideals, 0)))
    return ANSWER_UNDECIDED;
  fmpz_init(derived);
  fmpz_init(centre);
  check_particles_init(found, subject->generators,
                       subject->generators->observables + index / states,
                       subject->ansatz->states[index % states].state, MAX_PARTICLE_MODES);
  if (found->found && cert_get_fmpz(derived, cert_at(subject->certificate, "algebra.dimension")) &&
      cert_get_fmpz(centre, cert_at(subject->certificate, "algebra.center"))) {
    fmpz_sub(derived, derived, centre); /* that much is proved elsewhere */
    if (fmpz_equal_si(derived, found->dimension) && said.rank == found->size &&
        (found->symplectic ? said.symplectic : said.unitary))
      answer = spectra_agree(&said, found) ? ANSWER_YES : ANSWER_NO;
  }
  check_particles_clear(found);
  said_clear(&said);
  fmpz_clear(derived);
  fmpz_clear(centre);
  return answer;
}

/* --- full su(d) on sectors ------------------------------------------------------------- */

/* Tr B^2 Tr S^2 of what is said, and both vanish where they are to. */
static bool sizes_fit(const arb_t b2, const arb_t s2, const check_sector_ideal_t *found) {
  arb_t x;
  fmpq_t y;
  arb_init(x);
  fmpq_init(y);
  arb_mul(x, b2, s2, PREC_BITS);
  fmpq_mul(y, found->observable + 1, found->state + 1);
  bool fits = arb_contains_fmpq(x, y) &&
              arb_contains_zero(b2) == fmpq_is_zero(found->observable + 1) &&
              arb_contains_zero(s2) == fmpq_is_zero(found->state + 1);
  arb_clear(x);
  fmpq_clear(y);
  return fits;
}

/* b s u on [-1, 1]: +-b are the eigenvalues of B, (b s)^2 = Tr B^2 Tr S^2. */
static bool doublet_fits(const said_ideal_t *said, const check_sector_ideal_t *found) {
  arb_t b2, s2;
  arb_init(b2);
  arb_init(s2);
  arb_sqr(b2, said->b, PREC_BITS);
  arb_mul_2exp_si(b2, b2, 1);
  arb_sqr(s2, said->s, PREC_BITS);
  arb_mul_2exp_si(s2, s2, -1);
  bool fits = !said->unitary && !said->symplectic && said->modes == 3 &&
              !arb_is_negative(said->b) && !arb_is_negative(said->s) &&
              arb_contains_fmpq(b2, found->observable + 1) &&
              arb_contains_fmpq(s2, found->state + 1);
  arb_clear(b2);
  arb_clear(s2);
  return fits;
}

static bool unitary_fits(const said_ideal_t *said, const check_sector_ideal_t *found) {
  check_particles_struct same = {.observable = found->observable, .state = found->state};
  if (!said->unitary || said->modes != found->size || !spectra_agree(said, &same))
    return false;
  arb_ptr sums = _arb_vec_init(2 * (slong)said->rank), of_state = sums + said->rank;
  said_sums(sums, said->b, said);
  said_sums(of_state, said->s, said);
  bool fits = sizes_fit(sums + 1, of_state + 1, found);
  _arb_vec_clear(sums, 2 * (slong)said->rank);
  return fits;
}

static bool sector_fits(const json_t *ideal, const check_sector_ideal_t *found) {
  said_ideal_t said;
  if (json_object_size(ideal) != 5 || !said_type_fits(ideal) || !said_init(&said, ideal))
    return false;
  bool fits = found->size == 2 ? doublet_fits(&said, found) : unitary_fits(&said, found);
  said_clear(&said);
  return fits;
}

/* su(4) may be said as so(6), by other numbers. */
static bool some_as_so(const json_t *ideals) {
  bool some = false;
  for (size_t k = 0; k < json_array_size(ideals); k++) {
    said_ideal_t said;
    some = some || (said_read_group(&said, json_array_get(ideals, k)) && !said.unitary &&
                    said.modes != 3);
  }
  return some;
}

/* By the sectors of a pure state; ideals in any order. */
static answer_t sectors_fit(const json_t *ideals, const check_subject_t *s, size_t index) {
  check_pure_struct *pure = check_sums_get_pure(s, index % s->ansatz->num_states);
  check_sector_spectra_t found;
  if (some_as_so(ideals)) return ANSWER_UNDECIDED;
  if (!pure || !check_sector_spectra_init(found, pure, subject_observable(s, index)))
    return ANSWER_UNDECIDED;
  bool *used = flint_calloc(found->length + 1, sizeof *used);
  bool fit = json_array_size(ideals) == found->length;
  for (size_t i = 0; i < found->length && fit; i++) {
    size_t k = 0;
    while (k < found->length &&
           (used[k] || !sector_fits(json_array_get(ideals, i), found->list + k)))
      k++;
    fit = k < found->length;
    if (fit) used[k] = true;
  }
  flint_free(used);
  check_sector_spectra_clear(found);
  return fit ? ANSWER_YES : ANSWER_NO;
}

/* Of sums, by check_su2.h, or else by their sectors, or by check_particles.h. */
static answer_t sums_fit(const json_t *ideals, const check_subject_t *subject, size_t index) {
  size_t length = json_array_size(ideals);
  arb_ptr b = _arb_vec_init(2 * (slong)length + 1), s = b + length;
  answer_t answer = ANSWER_UNDECIDED;
  if (all_are_su2(ideals) && !read_su2(b, s, ideals)) answer = ANSWER_NO;
  else if (subject->counted && subject_is_exact(subject, index) && all_are_su2(ideals))
    answer = check_su2_spectra(b, s, length, subject->generators,
                               subject_observable(subject, index),
                               subject_state(subject, index));
  _arb_vec_clear(b, 2 * (slong)length + 1);
  if (answer == ANSWER_UNDECIDED && subject->counted && subject_is_exact(subject, index))
    answer = sectors_fit(ideals, subject, index);
  if (answer == ANSWER_UNDECIDED && subject->counted)
    answer = particles_fit(ideals, subject, index);
  return answer;
}

/* In the defining representation; turn: of su with all signs changed. */
static bool numbers_fit(const said_ideal_t *said, const check_defining_struct *found,
                        bool turn) {
  slong rank = (slong)said->rank;
  bool fit = true;
  arb_ptr sums = _arb_vec_init(2 * rank);
  said_sums(sums, said->b, said);
  said_sums(sums + rank, said->s, said);
  for (slong r = 0; r < rank && fit; r++) {
    if (turn && r % 2 == 0) {
      arb_neg(sums + r, sums + r);
      arb_neg(sums + rank + r, sums + rank + r);
    }
    fit = arb_contains_fmpq(sums + r, found->observable + r) &&
          arb_contains_fmpq(sums + rank + r, found->state + r);
  }
  _arb_vec_clear(sums, 2 * rank);
  return fit;
}

static bool defining_fits(const json_t *ideal, const check_defining_struct *found) {
  said_ideal_t said;
  const json_t *turn = json_object_get(ideal, "orientation");
  bool is_so = found->group == CHECK_GROUP_SO;
  if (!said_type_fits(ideal) || json_object_size(ideal) != (is_so ? 6u : 5u) ||
      (is_so && !json_is_integer(turn)) || !said_init(&said, ideal))
    return false;
  bool fits = said.modes == found->modes && said.turn == found->orientation &&
              said.unitary == (found->group == CHECK_GROUP_SU) &&
              said.symplectic == (found->group == CHECK_GROUP_SP);
  for (size_t k = 0; k < said.rank && !said.unitary && fits; k++)
    fits = !arb_is_negative(said.b + k) && !arb_is_negative(said.s + k);
  fits = fits && (numbers_fit(&said, found, false) ||
                  (found->conjugate && numbers_fit(&said, found, true)));
  said_clear(&said);
  return fits;
}

/* Ideals in any order. */
static answer_t all_defining_fit(const json_t *ideals, const check_adjoint_struct *found) {
  size_t length = found->num_defining;
  bool *used = flint_calloc(length + 1, sizeof *used);
  bool fit = json_array_size(ideals) == length;
  for (size_t i = 0; i < length && fit; i++) {
    size_t k = 0;
    while (k < length &&
           (used[k] || !defining_fits(json_array_get(ideals, i), found->defining + k)))
      k++;
    fit = k < length;
    if (fit) used[k] = true;
  }
  flint_free(used);
  return fit ? ANSWER_YES : ANSWER_NO;
}

answer_t check_ideals_fit(const json_t *ideals, check_adjoint_struct *found,
                          const check_subject_t *subject, size_t index) {
  if (found && found->has_law) return ideals_fit(ideals, found) ? ANSWER_YES : ANSWER_NO;
  if (found && found->num_defining) return all_defining_fit(ideals, found);
  return sums_fit(ideals, subject, index);
}
