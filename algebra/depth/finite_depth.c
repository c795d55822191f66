/* Which method applies, and what the numbers are in the end. */
#include "algebra/depth/finite_depth.h"

#include "algebra/depth/depth_independent.h"
#include "algebra/depth/depth_laws.h"
#include "algebra/depth/depth_pairs.h"
#include "algebra/generators/square_mean.h"
#include "algebra/depth/depth_series.h"

void finite_depth_init(finite_depth_t out) {
  *out = (finite_depth_struct){0};
  depth_number_init(out->mean);
  depth_number_init(out->second_moment);
  depth_number_init(out->variance);
  depth_number_init(out->mean_square);
}

void finite_depth_clear(finite_depth_t out) {
  depth_number_clear(out->mean);
  depth_number_clear(out->second_moment);
  depth_number_clear(out->variance);
  depth_number_clear(out->mean_square);
  for (size_t k = 0; k < out->num_parameters; k++)
    depth_number_clear(out->gradient + k);
  flint_free(out->gradient);
  out->gradient = NULL;
  out->reason = REASON_NONE;
  out->num_parameters = 0;
}

/* --- circuits whose angles are independent ---------------------------------- */

/* Does every rotation of the cone have a uniform angle of its own: at least
   one parameter, and none that another rotation of the cone uses? */
static bool angles_are_independent(const ansatz_t ansatz,
                                   const depth_frame_t frame,
                                   const depth_cone_t cone,
                                   const depth_distribution_t *laws) {
  bool independent = true;
  uint8_t *used = flint_calloc(ansatz->num_parameters + 1, 1);
  for (size_t g = 0; g < cone->num_gates && independent; g++) {
    const angle_struct *angle =
        ansatz->rotations[frame->rotation[cone->gates[g]]].angle;
    size_t last = SIZE_MAX;
    if (angle_is_constant(angle)) independent = false;
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t k = angle->terms[t].parameter;
      /* theta and pi theta in one angle are two terms in a row */
      if (k != last && used[k]) independent = false;
      if (laws && laws[k].law != ANGLE_FULL_PERIOD) independent = false;
      used[k] = 1;
      last = k;
    }
  }
  flint_free(used);
  return independent;
}

/* A number of more bits than a certificate should hold becomes a ball. */
static void set_noisy(depth_number_t out, const fmpq_t value, slong prec_bits) {
  if (fmpz_bits(fmpq_denref(value)) <= DEPTH_NOISE_BITS) {
    out->kind = DEPTH_EXACT;
    fmpq_set(out->rational, value);
  } else {
    out->kind = DEPTH_BALL;
    arb_set_fmpq(out->ball, value, prec_bits);
  }
}

static void set_exact(depth_number_t out, const fmpq_t value) {
  out->kind = DEPTH_EXACT;
  fmpq_set(out->rational, value);
}

/* E[l]: a string with which some rotation of its cone anticommutes averages
   to 0. Rotations outside the cone commute with it. */
static void mean_independent(fmpq_t mean, const depth_frame_t frame,
                             depth_value_t value, const pauli_sum_t sum) {
  size_t w = frame->num_words;
  fmpq_t rho, lambda;
  fmpq_init(rho);
  fmpq_init(lambda);
  fmpq_zero(mean);
  for (size_t t = 0; t < sum->length; t++) {
    bool fixed = true;
    for (size_t g = 0; g < frame->num_gates && fixed; g++)
      fixed = !pauli_anticommute(pauli_sum_string(sum, t),
                                 depth_frame_string(frame, g), w);
    if (!fixed) continue;
    depth_value_get(rho, value, pauli_sum_string(sum, t));
    if (fmpq_is_zero(rho)) continue;
    depth_frame_damp(lambda, frame, pauli_sum_string(sum, t));
    fmpq_mul(rho, rho, lambda);
    fmpq_addmul(mean, sum->coeffs + t, rho);
  }
  fmpq_clear(lambda);
  fmpq_clear(rho);
}

/* out += slope^2 x, slope = d angle / d parameter = a + b pi. Keeps out exact
   when one of a, b is zero; several gates of one parameter are no case here. */
static void add_gradient(depth_number_t out, const angle_struct *angle,
                         size_t parameter, const fmpq_t x, slong prec_bits) {
  fmpq_t a, b;
  fmpq_init(a);
  fmpq_init(b);
  for (size_t t = 0; t < angle->num_terms; t++)
    if (angle->terms[t].parameter == parameter)
      fmpq_set(angle->terms[t].times_pi ? b : a, angle->terms[t].coeff);
  if (fmpq_is_zero(a) || fmpq_is_zero(b)) {
    out->kind = DEPTH_EXACT;
    out->pi_power = fmpq_is_zero(b) ? 0 : 2;
    fmpq_add(a, a, b);
    fmpq_mul(a, a, a);
    fmpq_mul(out->rational, a, x);
  } else {
    arb_t s, t;
    arb_init(s);
    arb_init(t);
    arb_const_pi(s, prec_bits);
    arb_set_fmpq(t, b, prec_bits);
    arb_mul(s, s, t, prec_bits);
    arb_set_fmpq(t, a, prec_bits);
    arb_add(s, s, t, prec_bits);
    arb_mul(s, s, s, prec_bits);
    arb_set_fmpq(t, x, prec_bits);
    arb_mul(out->ball, s, t, prec_bits);
    out->kind = DEPTH_BALL;
    arb_clear(s);
    arb_clear(t);
  }
  fmpq_clear(a);
  fmpq_clear(b);
}

static void set_reason(finite_depth_t out, reason_code_t reason,
                       bool too_large) {
  out->reason = reason;
  out->too_large = too_large;
}

/* Parameters of which no gate lies in the light cone: the derivative is 0. */
static void set_outside(finite_depth_t out, const ansatz_t ansatz,
                        const depth_frame_t frame, const depth_cone_t cone) {
  for (size_t k = 0; k < out->num_parameters; k++)
    out->gradient[k].kind = DEPTH_EXACT;
  for (size_t g = 0; g < cone->num_gates; g++) {
    const angle_struct *angle =
        ansatz->rotations[frame->rotation[cone->gates[g]]].angle;
    for (size_t t = 0; t < angle->num_terms; t++)
      out->gradient[angle->terms[t].parameter].kind = DEPTH_UNAVAILABLE;
  }
}

/* --- in balls, with noise or without ------------------------------------------------ */

/* x times den is an integer, if den is not 0: is x known well enough to say which? */
static void set_recovered(fmpq_t out, bool *exact, const arb_t x, const fmpz_t den,
                          slong prec_bits) {
  arb_t scaled;
  fmpz_t integer;
  arb_init(scaled);
  fmpz_init(integer);
  arb_mul_fmpz(scaled, x, den, prec_bits);
  *exact = !fmpz_is_zero(den) && arb_get_unique_fmpz(integer, scaled);
  if (*exact) {
    fmpq_set_fmpz_frac(out, integer, den);
    fmpq_canonicalise(out);
  }
  arb_clear(scaled);
  fmpz_clear(integer);
}

/* out += slope^2 x for a ball. */
static void add_ball_gradient(depth_number_t out, const angle_struct *angle,
                              size_t parameter, const arb_t x, slong prec_bits) {
  depth_number_t slope;
  fmpq_t one;
  depth_number_init(slope);
  fmpq_init(one);
  fmpq_one(one);
  add_gradient(slope, angle, parameter, one, prec_bits);
  depth_number_get_arb(out->ball, slope, prec_bits);
  arb_mul(out->ball, out->ball, x, prec_bits);
  out->kind = DEPTH_BALL;
  depth_number_clear(slope);
  fmpq_clear(one);
}

typedef struct {
  arb_t second;
  arb_ptr gradient; /* by gate of the frame; or NULL */
  fmpz_t den;
} noisy_t;

static void set_noisy_gradients(finite_depth_t out, const ansatz_t ansatz,
                                const depth_frame_t frame, const noisy_t *found,
                                slong prec_bits) {
  fmpq_t x;
  bool exact;
  fmpq_init(x);
  for (size_t k = 0; k < out->num_parameters; k++)
    out->gradient[k].kind = DEPTH_EXACT; /* 0 unless a gate says more */
  for (size_t g = 0; g < frame->num_gates; g++) {
    const angle_struct *angle = ansatz->rotations[frame->rotation[g]].angle;
    if (arb_is_zero(found->gradient + g)) continue;
    set_recovered(x, &exact, found->gradient + g, found->den, prec_bits);
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t k = angle->terms[t].parameter;
      if (!exact)
        add_ball_gradient(out->gradient + k, angle, k, found->gradient + g,
                          prec_bits);
      else if (!fmpq_is_zero(x))
        add_gradient(out->gradient + k, angle, k, x, prec_bits);
    }
  }
  fmpq_clear(x);
}

/* Second moment and variance; mean is there, exact in `mean`. */
static void set_noisy_moments(finite_depth_t out, const noisy_t *found,
                              const fmpq_t mean, slong prec_bits) {
  fmpq_t x;
  bool exact;
  fmpq_init(x);
  set_recovered(x, &exact, found->second, found->den, prec_bits);
  if (exact) {
    set_exact(out->second_moment, x);
    fmpq_submul(x, mean, mean);
    set_noisy(out->variance, x, prec_bits);
  } else {
    arb_t square;
    arb_init(square);
    out->second_moment->kind = out->variance->kind = DEPTH_BALL;
    arb_set(out->second_moment->ball, found->second);
    arb_set_fmpq(square, mean, prec_bits);
    arb_mul(square, square, square, prec_bits);
    arb_sub(out->variance->ball, found->second, square, prec_bits);
    arb_clear(square);
  }
  fmpq_clear(x);
}

static status_t find_noisy(noisy_t *found, finite_depth_t out,
                           const depth_frame_t frame, depth_value_t value,
                           const pauli_sum_t sum, slong prec_bits,
                           const depth_limits_t *limits) {
  slong m = (slong)frame->num_gates;
  arb_zero(found->second);
  if (found->gradient) _arb_vec_zero(found->gradient, m + 1);
  return depth_independent_noisy(found->second, found->gradient, found->den,
                                 DEPTH_NOISE_BITS, &out->num_strings,
                                 &out->num_gates, frame, value, sum, prec_bits,
                                 limits);
}

/* Twice when the numbers are short enough to be exact: to learn how long they are, and
   with that many bits. */
static void run_noisy(finite_depth_t out, const ansatz_t ansatz,
                      const depth_frame_t frame, const depth_cone_t cone,
                      depth_value_t value, const pauli_sum_t sum,
                      const depth_limits_t *limits) {
  slong m = (slong)frame->num_gates, prec = limits->prec_bits;
  noisy_t found = {.gradient = limits->gradients ? _arb_vec_init(m + 1) : NULL};
  fmpq_t mean, bound;
  fmpq_init(mean);
  fmpq_init(bound);
  arb_init(found.second);
  fmpz_init(found.den);
  mean_independent(mean, frame, value, sum);
  set_noisy(out->mean, mean, prec);
  status_t status = limits->never_fits ? STATUS_LIMIT
                                       : find_noisy(&found, out, frame, value, sum, prec,
                                                    limits);
  if (status != STATUS_LIMIT && !fmpz_is_zero(found.den)) {
    square_bound(bound, sum);
    prec += (slong)(fmpz_bits(found.den) + fmpz_bits(fmpq_numref(bound)));
    status = find_noisy(&found, out, frame, value, sum, prec, limits);
  }
  if (status != STATUS_LIMIT) set_noisy_moments(out, &found, mean, prec);
  if (status != STATUS_OK) {
    set_reason(out, status == STATUS_LIMIT ? REASON_DEPTH_STRINGS_LIMIT
                                           : REASON_DEPTH_GRADIENT_LIMIT, true);
    set_outside(out, ansatz, frame, cone);
  } else if (found.gradient) {
    set_noisy_gradients(out, ansatz, frame, &found, prec);
  }
  if (found.gradient) _arb_vec_clear(found.gradient, m + 1);
  arb_clear(found.second);
  fmpz_clear(found.den);
  fmpq_clear(mean);
  fmpq_clear(bound);
}

/* --- exactly ------------------------------------------------------------------- */

static void run_independent(finite_depth_t out, const ansatz_t ansatz,
                            const depth_frame_t frame, const depth_cone_t cone,
                            depth_value_t value,
                            const pauli_sum_t sum,
                            const depth_limits_t *limits) {
  size_t m = frame->num_gates;
  fmpq *gradient = NULL;
  depth_too_much_t too_much;
  fmpq_t mean, second;
  fmpq_init(mean);
  fmpq_init(second);
  if (limits->gradients) {
    gradient = flint_malloc((m + 1) * sizeof *gradient);
    for (size_t g = 0; g < m; g++) fmpq_init(gradient + g);
  }
  mean_independent(mean, frame, value, sum);
  set_exact(out->mean, mean);
  status_t status = depth_independent_moments(
      second, gradient, &too_much, &out->num_strings, &out->num_gates, frame, value,
      sum, limits);
  if (too_much == DEPTH_DIGITS) {
    run_noisy(out, ansatz, frame, cone, value, sum, limits);
    goto cleanup;
  }
  if (status == STATUS_LIMIT) {
    out->never_fits = too_much == DEPTH_STRINGS;
    set_reason(out, REASON_DEPTH_STRINGS_LIMIT, true);
    set_outside(out, ansatz, frame, cone);
    goto cleanup;
  }
  set_exact(out->second_moment, second);
  fmpq_submul(second, mean, mean);
  set_exact(out->variance, second);
  if (status == STATUS_UNDECIDED) {
    set_reason(out, REASON_DEPTH_GRADIENT_LIMIT, true);
    set_outside(out, ansatz, frame, cone);
  } else if (gradient) {
    for (size_t k = 0; k < out->num_parameters; k++)
      out->gradient[k].kind = DEPTH_EXACT; /* 0 unless a gate says more */
    for (size_t g = 0; g < m; g++) {
      const angle_struct *angle = ansatz->rotations[frame->rotation[g]].angle;
      for (size_t t = 0; t < angle->num_terms; t++)
        if (!fmpq_is_zero(gradient + g))
          add_gradient(out->gradient + angle->terms[t].parameter, angle,
                       angle->terms[t].parameter, gradient + g,
                       limits->prec_bits);
    }
  }
cleanup:
  for (size_t g = 0; gradient && g < m; g++) fmpq_clear(gradient + g);
  flint_free(gradient);
  fmpq_clear(mean);
  fmpq_clear(second);
}

/* --- independent angles with laws around zero ---------------------------------- */

static void set_ball(depth_number_t out, const arb_t x) {
  out->kind = DEPTH_BALL;
  arb_set(out->ball, x);
}

static void run_laws(finite_depth_t out, const ansatz_t ansatz,
                     const depth_frame_t frame, const depth_cone_t cone,
                     depth_value_t value, const pauli_sum_t sum,
                     const depth_distribution_t *laws,
                     const depth_limits_t *limits) {
  arb_t mean, second;
  slong p = (slong)out->num_parameters;
  arb_ptr gradient = limits->gradients ? _arb_vec_init(p + 1) : NULL;
  arb_init(mean);
  arb_init(second);
  status_t status =
      depth_laws_moments(mean, second, gradient, &out->num_strings,
                         &out->num_gates, ansatz, frame, cone, value, sum,
                         laws, limits);
  if (status != STATUS_OK)
    set_reason(out, status == STATUS_LIMIT
                        ? REASON_DEPTH_LAWS_LIMIT
                        : REASON_DEPTH_GRADIENT_LIMIT,
               false);
  set_outside(out, ansatz, frame, cone);
  if (status != STATUS_LIMIT) {
    set_ball(out->mean, mean);
    set_ball(out->second_moment, second);
    arb_mul(mean, mean, mean, limits->prec_bits);
    arb_sub(second, second, mean, limits->prec_bits);
    set_ball(out->variance, second);
  }
  for (slong k = 0; status == STATUS_OK && gradient && k < p; k++)
    if (out->gradient[k].kind == DEPTH_UNAVAILABLE)
      set_ball(out->gradient + k, gradient + k);
  if (gradient) _arb_vec_clear(gradient, p + 1);
  arb_clear(mean);
  arb_clear(second);
}

/* --- all other circuits ------------------------------------------------------ */

static void set_real(depth_number_t out, const real_t x, const ring_t *ring) {
  out->kind = ring->ball ? DEPTH_BALL : DEPTH_EXACT;
  if (ring->ball) {
    arb_set(out->ball, &x->ball);
  } else {
    fmpq_set(out->rational, x->exact);
    fmpq_set(out->sqrt2, x->exact + 1);
  }
}

/* second and mean are there: variance = second - mean^2. */
static void set_variance(finite_depth_t out, const ring_t *ring) {
  real_t v, m, minus;
  fmpq_t q;
  real_init(v, ring);
  real_init(m, ring);
  real_init(minus, ring);
  fmpq_init(q);
  fmpq_set_si(q, -1, 1);
  if (ring->ball) {
    arb_set(&v->ball, out->second_moment->ball);
    arb_set(&m->ball, out->mean->ball);
  } else {
    fmpq_set(v->exact, out->second_moment->rational);
    fmpq_set(v->exact + 1, out->second_moment->sqrt2);
    fmpq_set(m->exact, out->mean->rational);
    fmpq_set(m->exact + 1, out->mean->sqrt2);
  }
  real_set_fmpq(minus, q, ring);
  real_mul(minus, minus, m, ring);
  real_addmul(v, minus, m, ring);
  set_real(out->variance, v, ring);
  real_clear(v, ring);
  real_clear(m, ring);
  real_clear(minus, ring);
  fmpq_clear(q);
}

/* As a series where that applies and fits, else by pairs of strings. */
static status_t moment(real_t out, real_struct *gradient, finite_depth_t r,
                       const circuit_angles_t *angles, depth_value_t value,
                       const pauli_sum_t sum, unsigned power, bool series,
                       const depth_limits_t *limits) {
  if (series && depth_series_moment(out, gradient, &r->num_strings, angles, value,
                                    sum, power, limits) == STATUS_OK)
    return STATUS_OK;
  return depth_pairs_moment(out, gradient, &r->num_strings, angles, value, sum,
                            power, limits);
}

/* Blocks are found by comparing all gates of a cone with one another. */
enum { MAX_COUPLED_GATES = 20000 };

static void run_pairs(finite_depth_t out, const ansatz_t ansatz,
                      const depth_frame_t frame, const depth_cone_t cone,
                      depth_value_t value, const pauli_sum_t sum,
                      const depth_distribution_t *laws,
                      const depth_limits_t *limits) {
  circuit_angles_t angles;
  real_t x;
  size_t p = ansatz->num_parameters;
  if (cone->num_gates > MAX_COUPLED_GATES) {
    set_reason(out, REASON_DEPTH_PAIRS_LIMIT, false);
    return;
  }
  if (circuit_angles_init(&angles, ansatz, frame, cone, laws,
                          limits->prec_bits) != STATUS_OK) {
    set_reason(out, REASON_DEPTH_SLOPE_TOO_LARGE, false);
    return;
  }
  const ring_t *ring = &angles.ring;
  real_struct *gradient = flint_malloc((p + 1) * sizeof *gradient);
  for (size_t k = 0; k < p; k++) real_init(gradient + k, ring);
  real_init(x, ring);
  out->num_gates = cone->num_gates;
  out->coupled = true;
  bool series = !value->other && depth_series_applies(&angles);
  status_t status = moment(x, NULL, out, &angles, value, sum, 1, series, limits);
  if (status == STATUS_OK) {
    set_real(out->mean, x, ring);
    status = moment(x, limits->gradients ? gradient : NULL, out, &angles, value,
                    sum, 2, series, limits);
    bool gradients = status == STATUS_OK && limits->gradients;
    if (status == STATUS_LIMIT && limits->gradients)
      status = depth_pairs_moment(x, NULL, &out->num_strings, &angles, value,
                                  sum, 2, limits);
    if (status == STATUS_OK) {
      set_real(out->second_moment, x, ring);
      set_variance(out, ring);
      if (limits->gradients && !gradients) status = STATUS_LIMIT;
    }
    for (size_t k = 0; gradients && k < p; k++)
      out->gradient[k].kind = DEPTH_EXACT; /* 0 outside the light cone */
    for (size_t v = 0; gradients && v < angles.num_variables; v++) {
      size_t k = angles.variables[v].parameter;
      set_real(out->gradient + k, gradient + k, ring);
      out->gradient[k].pi_power =
          !ring->ball && angles.variables[v].times_pi ? 2 : 0;
    }
  }
  if (status == STATUS_LIMIT) set_reason(out, REASON_DEPTH_PAIRS_LIMIT, false);
  real_clear(x, ring);
  for (size_t k = 0; k < p; k++) real_clear(gradient + k, ring);
  flint_free(gradient);
  circuit_angles_clear(&angles);
}

/* --- the square of the observable -------------------------------------------- */

/* As many pairs of terms as are multiplied out when angles are shared. */
enum { MAX_SQUARE_PAIRS = 40000 };

typedef struct {
  depth_value_struct *value;
  const depth_frame_struct *frame;
  const pauli_noise_struct *noise; /* NULL: no flips of bits */
} expectation_t;

/* out *= (1 - 2r)^weight. */
static void flip_bits(fmpq_t out, const pauli_noise_struct *noise,
                      const uint64_t *string, size_t w) {
  fmpq_t factor;
  fmpq_init(factor);
  fmpq_one(factor);
  fmpq_sub(factor, factor, noise->readout);
  fmpq_sub(factor, factor, noise->readout);
  for (size_t i = pauli_weight(string, w); i-- > 0;) fmpq_mul(out, out, factor);
  fmpq_clear(factor);
}

/* Of a string that no gate moves. */
static void value_of(fmpq_t out, void *data, const uint64_t *string) {
  const expectation_t *e = data;
  fmpq_t lambda;
  depth_value_get(out, e->value, string);
  if (fmpq_is_zero(out)) return;
  fmpq_init(lambda);
  depth_frame_damp(lambda, e->frame, string);
  fmpq_mul(out, out, lambda);
  if (e->noise) flip_bits(out, e->noise, string, e->frame->num_words);
  fmpq_clear(lambda);
}

/* out = what is measured in the place of the sum: see finite_depth.h. */
static void damp_readout(pauli_sum_t out, const pauli_sum_t sum,
                         const pauli_noise_struct *noise) {
  pauli_sum_t damped;
  pauli_sum_init(damped, sum->num_qubits);
  pauli_sum_set(damped, sum);
  for (size_t t = 0; t < sum->length; t++)
    flip_bits(damped->coeffs + t, noise, pauli_sum_string(sum, t), sum->num_words);
  pauli_sum_canonicalise(damped);
  pauli_sum_swap(out, damped);
  pauli_sum_clear(damped);
}

static const pauli_noise_struct *readout_of(const ansatz_t ansatz,
                                            const depth_limits_t *limits) {
  return limits->noisy && ansatz->noise->given && !fmpq_is_zero(ansatz->noise->readout)
             ? ansatz->noise
             : NULL;
}

/* E[Tr(rho U^dag X U)] for a sum X of strings of the cone. */
static bool mean_pairs(depth_number_t out, const ansatz_t ansatz,
                       const depth_frame_t frame, const depth_cone_t cone,
                       depth_value_t value, const pauli_sum_t x,
                       const depth_distribution_t *laws,
                       const depth_limits_t *limits) {
  circuit_angles_t angles;
  real_t mean;
  size_t num_pairs = 0;
  if (cone->num_gates > MAX_COUPLED_GATES ||
      circuit_angles_init(&angles, ansatz, frame, cone, laws,
                          limits->prec_bits) != STATUS_OK)
    return false;
  real_init(mean, &angles.ring);
  bool known = depth_pairs_moment(mean, NULL, &num_pairs, &angles, value, x, 1,
                                  limits) == STATUS_OK;
  if (known) set_real(out, mean, &angles.ring);
  real_clear(mean, &angles.ring);
  circuit_angles_clear(&angles);
  return known;
}

static void set_mean_square(finite_depth_t out, const ansatz_t ansatz,
                            const depth_frame_t frame, const depth_cone_t cone,
                            depth_value_t value, const pauli_sum_t sum,
                            const depth_distribution_t *laws, bool independent,
                            const depth_limits_t *limits) {
  expectation_t expectation = {value, frame, readout_of(ansatz, limits)};
  bool known = false;
  fmpq_t square;
  fmpq_init(square);
  if (independent) {
    known = square_mean(square, sum, frame->strings, frame->num_gates, value_of,
                        &expectation) == STATUS_OK;
    if (known) set_noisy(out->mean_square, square, limits->prec_bits);
  } else {
    pauli_sum_t x;
    pauli_sum_init(x, sum->num_qubits);
    known = square_expand(x, sum, MAX_SQUARE_PAIRS) == STATUS_OK;
    if (expectation.noise) damp_readout(x, x, expectation.noise);
    if (known && square_is_scalar(square, x))
      set_exact(out->mean_square, square);
    else
      known = known && mean_pairs(out->mean_square, ansatz, frame, cone, value, x, laws,
                       limits);
    pauli_sum_clear(x);
  }
  out->square_bounded = !known;
  if (!known) {
    square_bound(square, sum);
    set_exact(out->mean_square, square);
  }
  fmpq_clear(square);
}

/* --- entry ------------------------------------------------------------------- */

static bool input_fits(const ansatz_t ansatz, const pauli_sum_t observable,
                       depth_state_t state) {
  if (ansatz->kind != ANSATZ_CIRCUIT) return false;
  size_t n = ansatz->num_qubits;
  if (!!state.stabilizer + !!state.product + !!state.pauli != 1) return false;
  return observable->num_qubits == n &&
         (state.stabilizer ? state.stabilizer->num_qubits
          : state.product  ? state.product->num_qubits
                           : state.pauli->num_qubits) == n;
}

/* As measured: the observable with the flips of the bits in it. */
static void run_observable(finite_depth_t out, const ansatz_t ansatz,
                           const depth_frame_t frame, depth_value_t value,
                           const pauli_sum_t observable,
                           const depth_distribution_t *laws,
                           const depth_limits_t *limits) {
  const pauli_noise_struct *noise = readout_of(ansatz, limits);
  depth_cone_t cone;
  pauli_sum_t measured;
  pauli_sum_init(measured, observable->num_qubits);
  pauli_sum_set(measured, observable);
  if (noise) damp_readout(measured, observable, noise);
  depth_cone_init(cone, frame, observable->strings, observable->length);
  bool independent = angles_are_independent(ansatz, frame, cone, laws);
  set_mean_square(out, ansatz, frame, cone, value, observable, laws, independent,
                  limits);
  if (independent && frame->num_places)
    run_noisy(out, ansatz, frame, cone, value, measured, limits);
  else if (independent)
    run_independent(out, ansatz, frame, cone, value, measured, limits);
  else if (laws && angles_are_independent(ansatz, frame, cone, NULL) &&
           depth_laws_apply(ansatz, frame, cone, measured, laws))
    run_laws(out, ansatz, frame, cone, value, measured, laws, limits);
  else
    run_pairs(out, ansatz, frame, cone, value, measured, laws, limits);
  depth_cone_clear(cone);
  pauli_sum_clear(measured);
}

status_t finite_depth_exact(finite_depth_t out, const ansatz_t ansatz,
                            const pauli_sum_t observable, depth_state_t state,
                            const depth_distribution_t *laws,
                            const depth_limits_t *limits) {
  if (!input_fits(ansatz, observable, state) ||
      (limits->other && !input_fits(ansatz, observable, *limits->other)))
    return STATUS_BAD_INPUT;
  finite_depth_clear(out);
  finite_depth_init(out);
  out->num_parameters = ansatz->num_parameters;
  out->gradient = flint_malloc((ansatz->num_parameters + 1) *
                               sizeof *out->gradient);
  for (size_t k = 0; k < ansatz->num_parameters; k++)
    depth_number_init(out->gradient + k);

  depth_frame_t frame;
  depth_value_t value, other;
  depth_frame_init(frame, ansatz, limits->noisy);
  depth_value_init(value, frame, state);
  if (limits->other) {
    depth_value_init(other, frame, *limits->other);
    value->other = other;
  }
  run_observable(out, ansatz, frame, value, observable, laws, limits);
  if (limits->other) depth_value_clear(other);
  depth_value_clear(value);
  depth_frame_clear(frame);
  return STATUS_OK;
}
