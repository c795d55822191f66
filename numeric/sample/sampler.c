#include "numeric/sample/sampler.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/circuit/drives.h"
#include "numeric/circuit/gates.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

/* --- what one thread works with ---------------------------------------------- */

typedef struct {
  statevector_t psi, *lambda, scratch[3];
  double *uniforms; /* num_drives */
  double *drives;   /* num_drives rows of lanes */
  double *angles; /* of the layers that are run back: cos, sin rows */
  double *slopes; /* gate, observable used, lane */
  double *gradient; /* pair, parameter, lane */
  gates_t layer, closing;
  double *closing_angles;
  string_module_work_t module;
} workspace_t;

static size_t num_lambdas(const sampler_t *s) {
  return s->ansatz->num_observables;
}

static size_t num_scratch(const sampler_t *s) {
  return s->program->num_sums ? 3 : 1;
}

static void workspace_clear(workspace_t *w, const sampler_t *s) {
  if (s->module) {
    string_module_work_clear(&w->module);
    free(w->gradient);
    return;
  }
  statevector_clear(&w->psi);
  for (size_t i = 0; w->lambda && i < num_lambdas(s); i++)
    statevector_clear(w->lambda + i);
  free(w->lambda);
  for (size_t i = 0; i < 3; i++) statevector_clear(w->scratch + i);
  free(w->uniforms);
  free(w->drives);
  free(w->angles);
  free(w->slopes);
  free(w->gradient);
  gates_clear(&w->layer);
  gates_clear(&w->closing);
  free(w->closing_angles);
}

/* Vectors for n qubits (ancillas included); backward: with gradients. */
static bool workspace_init(workspace_t *w, const sampler_t *s, size_t n,
                           size_t back_layers, bool backward) {
  size_t gates = s->program->layer.num_gates;
  *w = (workspace_t){.lambda = NULL};
  if (s->module) {
    if (!string_module_work_init(&w->module, s->module)) return false;
    w->gradient =
        memory_get(s->num_pairs * s->program->num_parameters * s->lanes,
                   sizeof(double));
    return true;
  }
  bool ok = statevector_init_as(&w->psi, n, s->lanes, s->precision);
  w->lambda = memory_get(num_lambdas(s), sizeof *w->lambda);
  for (size_t i = 0; ok && backward && i < num_lambdas(s); i++)
    ok = statevector_init_as(w->lambda + i, n, s->lanes, s->precision);
  for (size_t i = 0; ok && i < num_scratch(s); i++)
    ok = statevector_init_as(w->scratch + i, n, s->lanes, s->precision);
  w->drives = memory_get(s->program->num_drives * s->lanes, sizeof(double));
  w->uniforms = memory_get(s->program->num_drives, sizeof(double));
  w->angles = memory_state((back_layers ? back_layers : 1) * gates * 2 *
                           s->lanes * sizeof(double));
  ok = ok && w->angles;
  w->slopes = memory_get(gates * num_lambdas(s) * s->lanes, sizeof(double));
  gates_init(&w->layer, s->program, &s->program->layer, n, s->lanes,
             s->precision);
  gates_init(&w->closing, s->program, &s->program->closing, n, s->lanes,
             s->precision);
  w->closing_angles = memory_state(w->closing.row_length * sizeof(double));
  ok = ok && w->closing_angles;
  if (ok) gates_angles(w->closing_angles, &w->closing, NULL);
  w->gradient = memory_get(
      s->num_pairs * s->program->num_parameters * s->lanes, sizeof(double));
  if (!ok) workspace_clear(w, s);
  return ok;
}

/* --- gates -------------------------------------------------------------------- */

static void draw_drives(workspace_t *w, const sampler_t *s, uint64_t seed,
                        uint64_t purpose, size_t first, size_t layer) {
  for (size_t k = 0; k < s->lanes; k++)
    drives_draw(w->drives + k, s->lanes, w->uniforms, 0, s->program, seed, purpose,
                first + k, layer);
}

/* U(0), unless the observables have been moved through it. */
static void close_circuit(statevector_t *v, const workspace_t *w,
                          const sampler_t *s) {
  if (!s->moved) gates_run(v, &w->closing, w->closing_angles, NULL);
}

static const double_sum_t *observable(const sampler_t *s, size_t o) {
  return (s->moved ? s->moved : s->observables) + o;
}

/* <v|v>, by which losses are divided: 1 in double precision. In single, cosine and
   sine of a gate that comes again and again are off in the same way each time, and
   the norm with them. */
static void squared_norm(double *norm, const statevector_t *v) {
  double im[STATEVECTOR_MAX_LANES];
  for (size_t k = 0; k < v->lanes; k++) norm[k] = 1;
  if (v->precision == PRECISION_SINGLE)
    statevector_bracket(norm, im, v, 0, 0, v);
}

/* --- gradients ---------------------------------------------------------------- */

static bool observable_used(const sampler_t *s, size_t state, size_t o) {
  for (size_t p = 0; p < s->num_pairs; p++)
    if (s->pairs[p].state == state && s->pairs[p].observable == o) return true;
  return false;
}

/* From slopes by gate to derivatives by parameter, for the pairs of a state
   whose observables are numbered by place. */
static void add_gradients(workspace_t *w, const sampler_t *s, size_t state,
                          const size_t *place, size_t used) {
  const gate_list_t *list = &s->program->layer;
  size_t row = s->program->num_parameters * s->lanes;
  for (size_t p = 0; p < s->num_pairs; p++) {
    if (s->pairs[p].state != state) continue;
    for (size_t g = 0; g < list->num_gates; g++) {
      const double *slope =
          w->slopes + (g * used + place[s->pairs[p].observable]) * s->lanes;
      for (size_t t = 0; t < list->gates[g].num_terms; t++) {
        const program_term_t *term = list->gates[g].terms + t;
        if (term->parameter >= s->program->num_parameters) continue;
        double *to = w->gradient + p * row + term->parameter * s->lanes;
        for (size_t k = 0; k < s->lanes; k++) to[k] += term->coeff * slope[k];
      }
    }
  }
}

static void run_back(workspace_t *w, const sampler_t *s, size_t state,
                     size_t middle, size_t num_layers) {
  statevector_t *lambda = memory_get(num_lambdas(s), sizeof *lambda);
  size_t *place = memory_get(num_lambdas(s), sizeof *place), used = 0;
  for (size_t o = 0; o < num_lambdas(s); o++) {
    if (!observable_used(s, state, o)) continue;
    lambda[used] = w->lambda[o];
    statevector_apply_sum(lambda + used, observable(s, o), &w->psi);
    if (!s->moved)
      gates_run_inverse(lambda + used, &w->closing, w->closing_angles, NULL);
    place[o] = used++;
  }
  if (!s->moved)
    gates_run_inverse(&w->psi, &w->closing, w->closing_angles, NULL);
  for (size_t layer = num_layers; layer-- > middle;)
    gates_adjoint(layer == middle ? w->slopes : NULL, &w->psi, lambda, used,
                  &w->layer,
                  w->angles + (layer - middle) * w->layer.row_length,
                  w->scratch);
  add_gradients(w, s, state, place, used);
  free(lambda);
  free(place);
}

/* --- batches ------------------------------------------------------------------ */

/* Losses of one batch of lanes for one state; w->psi is overwritten. */
static void run_batch(workspace_t *w, const sampler_t *s,
                      const sampler_job_t *job, size_t state, size_t first) {
  size_t lanes = s->lanes, middle = job->num_layers / 2;
  size_t layer_row = w->layer.row_length;
  bool back = job->gradients || job->gradient_norms;
  statevector_prepare(&w->psi, s->ansatz->states[state].state);
  for (size_t layer = 0; layer < job->num_layers; layer++) {
    bool keep = back && layer >= middle;
    double *rows = w->angles + (keep ? (layer - middle) * layer_row : 0);
    draw_drives(w, s, job->seed, job->purpose, first, layer);
    gates_angles(rows, &w->layer, w->drives);
    gates_run(&w->psi, &w->layer, rows, w->scratch);
  }
  close_circuit(&w->psi, w, s);
  double loss[STATEVECTOR_MAX_LANES], norm[STATEVECTOR_MAX_LANES];
  squared_norm(norm, &w->psi);
  for (size_t p = 0; p < s->num_pairs; p++) {
    if (s->pairs[p].state != state) continue;
    statevector_expectation(loss, &w->psi,
                            observable(s, s->pairs[p].observable));
    for (size_t k = 0; k < lanes && first + k < job->num_samples; k++)
      job->losses[p][first + k] = loss[k] / norm[k];
  }
  if (back) run_back(w, s, state, middle, job->num_layers);
}

/* --- batches in the module ------------------------------------------------------- */

static void module_gradient(workspace_t *w, const sampler_t *s, size_t p,
                            double *slopes) {
  const gate_list_t *layer = &s->program->layer;
  string_module_slopes(slopes, &w->module, s->pairs[p].observable, s->pairs[p].state);
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++) {
      const program_term_t *term = layer->gates[g].terms + t;
      if (term->parameter >= s->program->num_parameters) continue;
      double *to = w->gradient +
                   (p * s->program->num_parameters + term->parameter) * s->lanes;
      for (size_t k = 0; k < s->lanes; k++)
        to[k] += term->coeff * slopes[g * s->lanes + k];
    }
}

static void module_batch(workspace_t *w, const sampler_t *s,
                         const sampler_job_t *job, size_t first) {
  bool back = job->gradients || job->gradient_norms;
  string_module_job_t what = {job->seed, job->purpose, job->num_layers,
                       s->shuffle_bits};
  string_module_run(&w->module, &what, first,
             back ? job->num_layers / 2 + 1 : job->num_layers);
  double loss[STATEVECTOR_MAX_LANES];
  double *slopes = memory_get(s->program->layer.num_gates * s->lanes,
                              sizeof *slopes);
  for (size_t p = 0; p < s->num_pairs; p++) {
    string_module_loss(loss, &w->module, s->pairs[p].observable, s->pairs[p].state);
    for (size_t k = 0; k < s->lanes && first + k < job->num_samples; k++)
      job->losses[p][first + k] = loss[k];
    if (back) module_gradient(w, s, p, slopes);
  }
  free(slopes);
}

/* Gradients of the batch, lane after lane, into the sums of its chunk. */
static void collect(const workspace_t *w, const sampler_t *s,
                    const sampler_job_t *job, size_t first, double *sums) {
  size_t parameters = s->program->num_parameters, left = job->num_samples - first;
  if (job->products)
    slope_products_set(job->products, w->gradient, parameters, s->lanes, first,
                       left < s->lanes ? left : s->lanes);
  for (size_t p = 0; p < s->num_pairs; p++)
    for (size_t k = 0; k < s->lanes && first + k < job->num_samples; k++) {
      double norm = 0;
      for (size_t j = 0; j < parameters; j++) {
        double g = w->gradient[(p * parameters + j) * s->lanes + k];
        double square = g * g;
        double *to = sums + 4 * (p * parameters + j);
        to[0] += square;
        to[1] += square * square;
        to[2] += square * square * square;
        to[3] = fmax(to[3], fabs(g));
        norm += square;
      }
      if (job->gradient_norms) job->gradient_norms[p][first + k] = norm;
      if (job->kept_gradients && job->kept_parameters[p] < parameters)
        job->kept_gradients[p][first + k] =
            w->gradient[(p * parameters + job->kept_parameters[p]) * s->lanes +
                        k];
    }
}

static size_t qubits_of(const sampler_t *s, size_t state) {
  return s->program->num_qubits +
         statevector_ancillas(s->ansatz->states[state].state);
}

static bool run_chunk(workspace_t *w, const sampler_t *s,
                      const sampler_job_t *job, size_t chunk, double *sums) {
  size_t end = (chunk + 1) * s->chunk;
  if (end > job->num_samples) end = job->num_samples;
  if (sums) memset(sums, 0, sampler_sums_row(s) * sizeof *sums);
  for (size_t first = chunk * s->chunk; first < end; first += s->lanes) {
    memset(w->gradient, 0,
           s->num_pairs * s->program->num_parameters * s->lanes *
               sizeof(double));
    if (s->module) module_batch(w, s, job, first);
    for (size_t state = 0; !s->module && state < s->ansatz->num_states;
         state++) {
      if (!s->state_used[state]) continue;
      if (qubits_of(s, state) == w->psi.num_qubits) {
        run_batch(w, s, job, state, first);
        continue;
      }
      /* A state with its own number of ancillas: vectors of its own. */
      workspace_t own;
      bool back = job->gradients || job->gradient_norms;
      if (!workspace_init(&own, s, qubits_of(s, state),
                          back ? job->num_layers - job->num_layers / 2 : 0,
                          back))
        return false;
      run_batch(&own, s, job, state, first);
      for (size_t i = 0;
           i < s->num_pairs * s->program->num_parameters * s->lanes; i++)
        w->gradient[i] += own.gradient[i];
      workspace_clear(&own, s);
    }
    if (sums) collect(w, s, job, first, sums);
  }
  return true;
}

size_t sampler_chunks(const sampler_t *s, size_t num_samples) {
  return (num_samples + s->chunk - 1) / s->chunk;
}

size_t sampler_sums_row(const sampler_t *s) {
  return SAMPLER_SUMS * s->num_pairs * s->program->num_parameters;
}

void sampler_add_up(double *gradients, const double *chunk_sums,
                    const sampler_t *s, size_t num_samples) {
  size_t row = sampler_sums_row(s);
  memset(gradients, 0, row * sizeof *gradients);
  for (size_t c = 0; c < sampler_chunks(s, num_samples); c++)
    for (size_t i = 0; i < row; i++) {
      double value = chunk_sums[c * row + i];
      gradients[i] = i % SAMPLER_SUMS == SAMPLER_SUMS - 1
                         ? fmax(gradients[i], value)
                         : gradients[i] + value;
    }
}

static uint64_t count_done(const sampler_job_t *job, size_t chunks) {
  uint64_t done = 0;
  for (size_t c = 0; job->chunk_done && c < chunks; c++)
    done += job->chunk_done[c] != 0;
  return done;
}

status_t sampler_run(const sampler_t *s, const sampler_job_t *job) {
  size_t chunks = sampler_chunks(s, job->num_samples);
  size_t row = sampler_sums_row(s);
  bool back = job->gradients || job->gradient_norms, stop = false;
  double *own = back && !job->chunk_sums
                    ? memory_get(chunks * row, sizeof *own)
                    : NULL;
  double *sums = back ? job->chunk_sums ? job->chunk_sums : own : NULL;
  uint64_t done = count_done(job, chunks);
  int threads = s->threads_inside ? 1 : s->num_threads;
  if (s->threads_inside) omp_set_num_threads(s->num_threads);
#pragma omp parallel num_threads(threads) if (threads > 1)
  {
    workspace_t w;
    bool ok = workspace_init(&w, s, s->max_qubits,
                             back ? job->num_layers - job->num_layers / 2 : 0,
                             back);
#pragma omp for schedule(dynamic, 1)
    for (size_t c = 0; c < chunks; c++) {
      bool stopped;
#pragma omp atomic read
      stopped = stop;
      if (stopped || (job->chunk_done && job->chunk_done[c])) continue;
      bool fine = ok && run_chunk(&w, s, job, c, back ? sums + c * row : NULL);
#pragma omp critical(sampler_progress)
      {
        done++;
        if (job->chunk_done && fine) job->chunk_done[c] = 1;
        if (!fine || (job->progress && !job->progress(job->context, done, chunks)))
#pragma omp atomic write
          stop = true;
      }
    }
    if (ok) workspace_clear(&w, s);
  }
  if (job->gradients && !stop)
    sampler_add_up(job->gradients, sums, s, job->num_samples);
  free(own);
  return stop ? STATUS_LIMIT : STATUS_OK;
}

/* --- traces -------------------------------------------------------------------- */

static void trace_batch(workspace_t *w, const sampler_t *s, double *trace,
                        uint64_t seed, uint64_t purpose, size_t num_samples,
                        const size_t *times, size_t num_times, size_t state,
                        size_t first) {
  double loss[STATEVECTOR_MAX_LANES], norm[STATEVECTOR_MAX_LANES];
  statevector_t *copy = w->scratch;
  statevector_prepare(&w->psi, s->ansatz->states[state].state);
  for (size_t layer = 0, t = 0; t < num_times; layer++) {
    draw_drives(w, s, seed, purpose, first, layer);
    gates_angles(w->angles, &w->layer, w->drives);
    gates_run(&w->psi, &w->layer, w->angles, w->scratch);
    if (layer + 1 != times[t]) continue;
    statevector_copy(copy, &w->psi);
    close_circuit(copy, w, s);
    squared_norm(norm, copy);
    for (size_t p = 0; p < s->num_pairs; p++) {
      if (s->pairs[p].state != state) continue;
      statevector_expectation(loss, copy,
                              observable(s, s->pairs[p].observable));
      for (size_t k = 0; k < s->lanes && first + k < num_samples; k++)
        trace[(p * num_times + t) * num_samples + first + k] = loss[k] / norm[k];
    }
    t++;
  }
}

static bool module_trace(const sampler_t *s, double *trace,
                         string_module_job_t what, size_t num_samples,
                         const size_t *times, size_t num_times, size_t first) {
  string_module_work_t w;
  double loss[STATEVECTOR_MAX_LANES];
  if (!string_module_work_init(&w, s->module)) return false;
  for (size_t layer = 0, t = 0; t < num_times; layer++) {
    string_module_step(&w, &what, first, layer);
    if (layer + 1 != times[t]) continue;
    for (size_t p = 0; p < s->num_pairs; p++) {
      string_module_loss(loss, &w, s->pairs[p].observable, s->pairs[p].state);
      for (size_t k = 0; k < s->lanes && first + k < num_samples; k++)
        trace[(p * num_times + t) * num_samples + first + k] = loss[k];
    }
    t++;
  }
  string_module_work_clear(&w);
  return true;
}

status_t sampler_trace(const sampler_t *s, double *trace, uint64_t seed,
                       uint64_t purpose, size_t num_samples,
                       const size_t *times, size_t num_times,
                       unsigned char *batch_done, sampler_progress_t progress,
                       void *context) {
  size_t batches = (num_samples + s->lanes - 1) / s->lanes;
  bool stop = false;
  uint64_t done = 0;
  int threads = s->threads_inside ? 1 : s->num_threads;
  if (s->threads_inside) omp_set_num_threads(s->num_threads);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (size_t b = 0; b < batches; b++) {
    bool stopped;
#pragma omp atomic read
    stopped = stop;
    if (stopped || (batch_done && batch_done[b])) continue;
    bool fine = true;
    if (s->module)
      fine = module_trace(s, trace,
                          (string_module_job_t){seed, purpose, 0, s->shuffle_bits},
                          num_samples, times, num_times, b * s->lanes);
    for (size_t state = 0; fine && state < s->ansatz->num_states; state++) {
      workspace_t w;
      if (s->module || !s->state_used[state]) continue;
      fine = workspace_init(&w, s, qubits_of(s, state), 0, false);
      if (!fine) break;
      trace_batch(&w, s, trace, seed, purpose, num_samples, times, num_times,
                  state, b * s->lanes);
      workspace_clear(&w, s);
    }
#pragma omp critical(sampler_progress)
    {
      done++;
      if (batch_done && fine) batch_done[b] = 1;
      if (!fine || (progress && !progress(context, done, batches)))
#pragma omp atomic write
        stop = true;
    }
  }
  return stop ? STATUS_LIMIT : STATUS_OK;
}
