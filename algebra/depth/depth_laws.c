#include "algebra/depth/depth_laws.h"

#include "algebra/depth/depth_noise.h"
#include "algebra/depth/depth_walk.h"

enum { MAX_TERMS = 24 };

/* --- laws of gates -------------------------------------------------------------- */

/* d angle / d parameter. */
static void slope(arb_t out, const angle_struct *angle, size_t parameter,
                  slong prec) {
  arb_t x, pi;
  arb_init(x);
  arb_init(pi);
  arb_zero(out);
  for (size_t t = 0; t < angle->num_terms; t++) {
    if (angle->terms[t].parameter != parameter) continue;
    arb_set_fmpq(x, angle->terms[t].coeff, prec);
    if (angle->terms[t].times_pi) {
      arb_const_pi(pi, prec);
      arb_mul(x, x, pi, prec);
    }
    arb_add(out, out, x, prec);
  }
  arb_clear(x);
  arb_clear(pi);
}

/* out = E[cos(factor angle)]; the angle has no constant, or this is 0. */
static void mean_cosine(arb_t out, const angle_struct *angle, slong factor,
                        const depth_distribution_t *laws, slong prec) {
  size_t last = SIZE_MAX;
  arb_t x, phi;
  arb_init(x);
  arb_init(phi);
  arb_one(out);
  for (size_t t = 0; t < angle->num_terms; t++) {
    size_t k = angle->terms[t].parameter;
    if (k == last) continue; /* theta and pi theta stand in a row */
    last = k;
    slope(x, angle, k, prec);
    arb_mul_si(x, x, factor, prec);
    depth_characteristic(phi, laws + k, x, prec);
    arb_mul(out, out, phi, prec);
  }
  arb_clear(x);
  arb_clear(phi);
}

static const angle_struct *angle_of(const ansatz_t ansatz,
                                    const depth_frame_t frame,
                                    const depth_cone_t cone, size_t g) {
  return ansatz->rotations[frame->rotation[cone->gates[g]]].angle;
}

bool depth_laws_apply(const ansatz_t ansatz, const depth_frame_t frame,
                      const depth_cone_t cone, const pauli_sum_t observable,
                      const depth_distribution_t *laws) {
  if (observable->length > MAX_TERMS) return false;
  for (size_t g = 0; g < cone->num_gates; g++) {
    const angle_struct *angle = angle_of(ansatz, frame, cone, g);
    bool constant =
        !fmpq_is_zero(angle->pi_part) || !fmpq_is_zero(angle->rad_part);
    for (size_t t = 0; t < angle->num_terms && constant; t++)
      constant = laws[angle->terms[t].parameter].law != ANGLE_FULL_PERIOD;
    if (constant) return false;
  }
  return true;
}

/* --- one walk -------------------------------------------------------------------- */

typedef struct {
  const depth_cone_struct *cone;
  const pauli_sum_struct *sum;
  depth_value_struct *value;
  depth_walk_t walk;
  depth_noise_t noise; /* of the pairs at hand, if the frame has places */
  bool noisy;
  slong prec;
  arb_ptr phi, c, s;        /* by gate of the cone */
  arb_ptr weight, at;       /* by string */
  arb_ptr record;           /* two per operation, or NULL */
  arb_ptr gradient;         /* by gate, or NULL */
  uint64_t *row, *expanded; /* scratch */
} job_t;

/* (a, b) <- (p a + q b, p b + q a). */
static void mix(arb_ptr a, arb_ptr b, const arb_t p, const arb_t q, arb_t t,
                arb_t u, slong prec) {
  arb_mul(t, a, p, prec);
  arb_addmul(t, b, q, prec);
  arb_mul(u, b, p, prec);
  arb_addmul(u, a, q, prec);
  arb_swap(a, t);
  arb_swap(b, u);
}

/* The factors of an average's two strings. */
static void scale_both(arb_ptr a, arb_ptr b, const job_t *job, size_t op) {
  if (!job->noisy) return;
  const uint32_t *factor = job->noise->ops[op];
  if (factor[0]) arb_mul(a, a, job->noise->factor + factor[0], job->prec);
  if (factor[1]) arb_mul(b, b, job->noise->factor + factor[1], job->prec);
}

static void scale_last(job_t *job) {
  if (!job->noisy) return;
  for (size_t id = 0; id < job->walk->num_strings; id++) {
    arb_ptr x = job->at + id;
    arb_mul(x, x, job->noise->factor + job->noise->last[id], job->prec);
    arb_mul(x, x, job->noise->factor + job->noise->outside, job->prec);
  }
}

/* weights forward, values backward; damp[g]: the gate anticommutes with L. */
static void sweep(arb_t total, job_t *job, const bool *damp) {
  const depth_walk_struct *walk = job->walk;
  slong prec = job->prec;
  arb_t t, u, factor;
  arb_init(t);
  arb_init(u);
  arb_init(factor);
  arb_one(factor);
  for (size_t g = 0; g < walk->num_gates; g++) {
    if (damp[g]) arb_mul(factor, factor, job->phi + g, prec);
    for (size_t k = walk->gate_start[g]; k < walk->gate_start[g + 1]; k++) {
      arb_ptr a = job->weight + walk->ops[k][0];
      arb_ptr b = job->weight + walk->ops[k][1];
      scale_both(a, b, job, k);
      if (damp[g]) continue;
      if (job->record) {
        arb_set(job->record + 2 * k, a);
        arb_set(job->record + 2 * k + 1, b);
      }
      mix(a, b, job->c + g, job->s + g, t, u, prec);
    }
  }
  scale_last(job);
  for (size_t id = 0; id < walk->num_strings; id++)
    if (!arb_is_zero(job->at + id)) {
      arb_mul(t, job->at + id, factor, prec);
      arb_addmul(total, job->weight + id, t, prec);
    }
  for (size_t g = walk->num_gates; g-- > 0 && job->record;) {
    for (size_t k = walk->gate_start[g]; k < walk->gate_start[g + 1]; k++) {
      arb_ptr a = job->at + walk->ops[k][0], b = job->at + walk->ops[k][1];
      if (damp[g]) {
        scale_both(a, b, job, k);
        continue;
      }
      arb_mul(t, a, job->s + g, prec);
      arb_addmul(t, b, job->c + g, prec);
      arb_mul(t, t, factor, prec);
      arb_addmul(job->gradient + g, job->record + 2 * k, t, prec);
      arb_mul(t, b, job->s + g, prec);
      arb_addmul(t, a, job->c + g, prec);
      arb_mul(t, t, factor, prec);
      arb_addmul(job->gradient + g, job->record + 2 * k + 1, t, prec);
      mix(a, b, job->c + g, job->s + g, t, u, prec);
      scale_both(a, b, job, k);
    }
  }
  arb_clear(t);
  arb_clear(u);
  arb_clear(factor);
}

/* at[id] = rho_Q Tr(rho [Q]L), in the basis [Q] (x) [Q]L. */
static void fill_values(job_t *job, const fmpq *rho, const uint64_t *shift) {
  size_t w = job->sum->num_words;
  bool same = pauli_is_identity(shift, w);
  fmpq_t x;
  fmpq_init(x);
  for (size_t id = 0; id < job->walk->num_strings; id++) {
    arb_zero(job->at + id);
    if (fmpq_is_zero(rho + id)) continue;
    depth_value_struct *second = job->value->other ? job->value->other : job->value;
    if (same && second == job->value) {
      fmpq_mul(x, rho + id, rho + id);
    } else {
      depth_cone_expand(job->expanded, job->cone,
                        depth_walk_string(job->walk, id));
      unsigned e = pauli_mul(job->row, job->expanded, shift, w);
      depth_value_get(x, second, job->row);
      if (e & 2) fmpq_neg(x, x);
      fmpq_mul(x, x, rho + id);
    }
    arb_set_fmpq(job->at + id, x, job->prec);
  }
  fmpq_clear(x);
}

/* weight[t] = o_P o_PL for the term t, 0 elsewhere. False when all are 0. */
static bool fill_weights(job_t *job, const uint64_t *shift) {
  const pauli_sum_struct *sum = job->sum;
  size_t w = sum->num_words;
  bool any = false;
  fmpq_t x;
  fmpq_init(x);
  for (size_t id = 0; id < job->walk->num_strings; id++)
    arb_zero(job->weight + id);
  for (size_t t = 0; t < sum->length; t++) {
    unsigned e = pauli_mul(job->row, pauli_sum_string(sum, t), shift, w);
    for (size_t u = 0; u < sum->length; u++) {
      if (!pauli_equal(job->row, pauli_sum_string(sum, u), w)) continue;
      fmpq_mul(x, sum->coeffs + t, sum->coeffs + u);
      if (e & 2) fmpq_neg(x, x);
      arb_set_fmpq(job->weight + t, x, job->prec);
      any = true;
    }
  }
  fmpq_clear(x);
  return any;
}

static void run_shift(arb_t total, job_t *job, const fmpq *rho,
                      const uint64_t *shift, const depth_frame_t frame) {
  bool *damp = flint_malloc(job->walk->num_gates + 1);
  for (size_t g = 0; g < job->walk->num_gates; g++)
    damp[g] = pauli_anticommute(
        depth_frame_string(frame, job->cone->gates[g]), shift, frame->num_words);
  if (fill_weights(job, shift)) {
    fill_values(job, rho, shift);
    if (job->noisy)
      depth_noise_init(job->noise, frame, job->cone, job->walk, job->sum->length,
                       shift, job->prec);
    sweep(total, job, damp);
    if (job->noisy) depth_noise_clear(job->noise);
  }
  flint_free(damp);
}

/* Every product of two terms once. */
static void run_shifts(arb_t total, job_t *job, const fmpq *rho,
                       const depth_frame_t frame) {
  const pauli_sum_struct *sum = job->sum;
  size_t w = sum->num_words, count = 0;
  uint64_t *done = flint_malloc((sum->length * sum->length * 2 * w + 1) *
                                sizeof *done);
  for (size_t t = 0; t < sum->length; t++)
    for (size_t u = 0; u < sum->length; u++) {
      uint64_t *shift = done + count * 2 * w;
      size_t at = 0;
      pauli_xor(shift, pauli_sum_string(sum, t), pauli_sum_string(sum, u), w);
      while (!pauli_equal(done + at * 2 * w, shift, w)) at++;
      if (at < count) continue;
      count++;
      run_shift(total, job, rho, shift, frame);
    }
  flint_free(done);
}

/* --- all of it ----------------------------------------------------------------------- */

static status_t lay(job_t *job, const depth_limits_t *limits) {
  const depth_cone_struct *cone = job->cone;
  size_t wc = cone->num_words, max_strings = limits->max_strings;
  size_t bytes = 2 * (2 * wc * sizeof(uint64_t) + 2 * wc * 8) + 96 +
                 2 * sizeof(arb_struct) + sizeof(fmpq);
  if (max_strings > limits->max_bytes / bytes)
    max_strings = limits->max_bytes / bytes;
  uint64_t *start =
      flint_malloc((job->sum->length * 2 * wc + 1) * sizeof *start);
  for (size_t t = 0; t < job->sum->length; t++)
    depth_cone_compress(start + t * 2 * wc, cone,
                        pauli_sum_string(job->sum, t));
  status_t status = depth_walk_init(
      job->walk, cone->num_qubits, cone->strings, cone->num_gates, start,
      job->sum->length, max_strings, limits->max_bytes / 16, limits);
  flint_free(start);
  return status;
}

/* A string is damped by every gate that it anticommutes with. */
static void find_mean(arb_t mean, job_t *job, const depth_frame_t frame) {
  const pauli_sum_struct *sum = job->sum;
  fmpq_t rho, lambda;
  arb_t x;
  fmpq_init(rho);
  fmpq_init(lambda);
  arb_init(x);
  arb_zero(mean);
  for (size_t t = 0; t < sum->length; t++) {
    depth_value_get(rho, job->value, pauli_sum_string(sum, t));
    fmpq_mul(rho, rho, sum->coeffs + t);
    if (!fmpq_is_zero(rho)) {
      depth_frame_damp(lambda, frame, pauli_sum_string(sum, t));
      fmpq_mul(rho, rho, lambda);
    }
    arb_set_fmpq(x, rho, job->prec);
    for (size_t g = 0; g < job->cone->num_gates && !fmpq_is_zero(rho); g++)
      if (pauli_anticommute(depth_frame_string(frame, job->cone->gates[g]),
                            pauli_sum_string(sum, t), sum->num_words))
        arb_mul(x, x, job->phi + g, job->prec);
    arb_add(mean, mean, x, job->prec);
  }
  fmpq_clear(rho);
  fmpq_clear(lambda);
  arb_clear(x);
}

static void set_gates(job_t *job, const ansatz_t ansatz,
                      const depth_frame_t frame,
                      const depth_distribution_t *laws) {
  size_t m = job->cone->num_gates;
  job->phi = _arb_vec_init((slong)m + 1);
  job->c = _arb_vec_init((slong)m + 1);
  job->s = _arb_vec_init((slong)m + 1);
  for (size_t g = 0; g < m; g++) {
    const angle_struct *angle = angle_of(ansatz, frame, job->cone, g);
    mean_cosine(job->phi + g, angle, 1, laws, job->prec);
    mean_cosine(job->s + g, angle, 2, laws, job->prec);
    arb_add_ui(job->c + g, job->s + g, 1, job->prec);
    arb_mul_2exp_si(job->c + g, job->c + g, -1);
    arb_sub_ui(job->s + g, job->s + g, 1, job->prec);
    arb_mul_2exp_si(job->s + g, job->s + g, -1);
    arb_neg(job->s + g, job->s + g);
  }
}

/* By parameters, each of which drives one gate. */
static void set_gradient(arb_ptr out, const job_t *job, const ansatz_t ansatz,
                         const depth_frame_t frame) {
  arb_t x;
  arb_init(x);
  for (size_t g = 0; g < job->cone->num_gates; g++) {
    const angle_struct *angle = angle_of(ansatz, frame, job->cone, g);
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t k = angle->terms[t].parameter;
      slope(x, angle, k, job->prec);
      arb_mul(x, x, x, job->prec);
      arb_mul(out + k, x, job->gradient + g, job->prec);
    }
  }
  arb_clear(x);
}

static size_t gates_met(const depth_walk_t walk) {
  size_t count = 0;
  for (size_t g = 0; g < walk->num_gates; g++)
    count += walk->gate_start[g + 1] > walk->gate_start[g];
  return count;
}

/* The walk is laid. */
static status_t run(arb_t second, arb_ptr gradient, job_t *job,
                    const ansatz_t ansatz, const depth_frame_t frame,
                    const depth_limits_t *limits) {
  size_t num = job->walk->num_strings, ops = job->walk->num_ops;
  bool fits = ops < limits->max_bytes / (4 * sizeof(arb_struct));
  fmpq *rho = flint_malloc((num + 1) * sizeof *rho);
  job->weight = _arb_vec_init((slong)num + 1);
  job->at = _arb_vec_init((slong)num + 1);
  if (gradient && fits) {
    job->record = _arb_vec_init((slong)(2 * ops) + 1);
    job->gradient = _arb_vec_init((slong)job->walk->num_gates + 1);
  }
  for (size_t id = 0; id < num; id++) {
    fmpq_init(rho + id);
    depth_cone_expand(job->expanded, job->cone,
                      depth_walk_string(job->walk, id));
    depth_value_get(rho + id, job->value, job->expanded);
  }
  arb_zero(second);
  run_shifts(second, job, rho, frame);
  if (job->gradient) {
    set_gradient(gradient, job, ansatz, frame);
    _arb_vec_clear(job->record, (slong)(2 * ops) + 1);
    _arb_vec_clear(job->gradient, (slong)job->walk->num_gates + 1);
  }
  for (size_t id = 0; id < num; id++) fmpq_clear(rho + id);
  flint_free(rho);
  _arb_vec_clear(job->weight, (slong)num + 1);
  _arb_vec_clear(job->at, (slong)num + 1);
  return gradient && !fits ? STATUS_UNDECIDED : STATUS_OK;
}

status_t depth_laws_moments(arb_t mean, arb_t second, arb_ptr gradient,
                            size_t *num_strings, size_t *num_gates,
                            const ansatz_t ansatz, const depth_frame_t frame,
                            const depth_cone_t cone, depth_value_t value,
                            const pauli_sum_t observable,
                            const depth_distribution_t *laws,
                            const depth_limits_t *limits) {
  size_t w = observable->num_words, m = cone->num_gates;
  job_t job = {.cone = cone, .sum = observable, .value = value,
               .prec = limits->prec_bits,
               .noisy = frame->num_places > 0};
  status_t status = lay(&job, limits);
  if (status != STATUS_OK) return status;
  job.row = flint_malloc((2 * w + 1) * sizeof *job.row);
  job.expanded = flint_malloc((2 * w + 1) * sizeof *job.expanded);
  set_gates(&job, ansatz, frame, laws);
  find_mean(mean, &job, frame);
  *num_strings = job.walk->num_strings;
  *num_gates = gates_met(job.walk);
  status = run(second, gradient, &job, ansatz, frame, limits);
  depth_walk_clear(job.walk);
  _arb_vec_clear(job.phi, (slong)m + 1);
  _arb_vec_clear(job.c, (slong)m + 1);
  _arb_vec_clear(job.s, (slong)m + 1);
  flint_free(job.row);
  flint_free(job.expanded);
  return status;
}
