#include "cli/certify/minima_analysis.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/laws/laws.h"
#include "cli/certify/minima_spheres.h"
#include "numeric/sample/matrix_hessian.h"
#include "numeric/sample/orbit_minima.h"

enum { PREC_BITS = 64 };

/* --- the model -------------------------------------------------------------------- */

/* weight sqrt(R) obar, of all copies together. */
static double block_height(const laws_block_struct *b,
                           const laws_wishart_struct *w) {
  arb_t height;
  arb_init(height);
  arb_mul_fmpz(height, w->mean_eigenvalue_ball, b->count, PREC_BITS);
  double value = minima_middle(height);
  fmpq_t weight;
  fmpq_init(weight);
  fmpq_abs(weight, b->weight);
  arb_set_fmpq(height, weight, PREC_BITS);
  value *= minima_middle(height);
  fmpq_clear(weight);
  arb_clear(height);
  return value;
}

/* The only block on which the loss varies, when it is the law of one vector and two
   levels; NULL: there are more, or another one. */
static const laws_block_struct *only_vector(const laws_loss_struct *loss) {
  const laws_block_struct *found = NULL;
  for (slong i = 0; i < loss->length; i++) {
    const laws_block_struct *b = loss->blocks + i;
    if (laws_block_is_constant(b)) continue;
    if (found) return NULL;
    found = b;
  }
  return found && fmpz_is_one(found->count) && fmpz_is_one(found->rank) &&
                 found->num_levels == 2
             ? found : NULL;
}

/* Are the Wishart matrices near the blocks? That is when they have the variance of the
   loss, up to a tenth. (Else, su(4), Z0 + Z1, two parameters: 1.24 minima per period
   where they have 1.50, and twice as high.) */
static bool are_near(const laws_loss_struct *loss) {
  fmpq_t ratio;
  fmpq_init(ratio);
  bool near = laws_variance_ratio(ratio, loss) == STATUS_OK;
  fmpq_mul_ui(ratio, ratio, 10);
  near = near && fmpq_cmp_ui(ratio, 11) <= 0;
  fmpq_clear(ratio);
  return near;
}

static bool work_init(minima_work_t *out, const laws_loss_struct *loss) {
  double total = 0;
  bool known = loss->length > 0;
  *out = (minima_work_t){
      .blocks = flint_malloc(((size_t)loss->length + 1) * sizeof *out->blocks)};
  for (slong i = 0; i < loss->length && known; i++) {
    const laws_block_struct *b = loss->blocks + i;
    if (laws_block_is_constant(b)) continue;
    known = minima_law_covers((double)b->beta);
    if (!known) break;
    laws_wishart_t w;
    laws_wishart_init(w);
    known = laws_block_wishart(w, b, PREC_BITS) == STATUS_OK && w->r_is_known;
    if (known) {
      minima_block_t *block = out->blocks + out->model.num_blocks++;
      block->freedom = fmpz_get_d(b->count) * (double)b->beta *
                       fmpz_get_d(w->r) * fmpz_get_d(b->rank);
      block->weight = block_height(b, w);
      total += block->weight;
      known = isfinite(block->freedom) && block->weight > 0;
    }
    laws_wishart_clear(w);
  }
  for (size_t b = 0; b < out->model.num_blocks; b++)
    out->blocks[b].weight /= total;
  out->model.blocks = out->blocks;
  known = known && out->model.num_blocks > 0;
  const laws_block_struct *vector = only_vector(loss);
  if (known && vector) {
    double dimension = (double)vector->beta * fmpz_get_d(vector->dimension);
    if (out->blocks->freedom + 1 <= dimension) { /* D = beta N */
      out->model.dimension = dimension;
      out->model.beta = (int)vector->beta;
    }
  }
  return known;
}

/* --- live parameters ------------------------------------------------------------------ */

static bool is_zero(const depth_number_t x) {
  return x->kind == DEPTH_EXACT && depth_number_is_rational(x) &&
         fmpq_is_zero(x->rational);
}

/* Those of the circuit at its own depth; returns how many. */
static size_t list_live_here(size_t *live, const depth_analysis_t depth) {
  size_t count = 0;
  for (size_t k = 0; k < depth->exact->num_parameters; k++)
    if (!is_zero(depth->exact->gradient + k) &&
        !(depth->sampled && k < depth->paths->num_parameters &&
          path_number_is_nothing(depth->paths->gradient + k)))
      live[count++] = k;
  return count;
}

static size_t list_live_deep(size_t *live, const landscape_t l) {
  size_t count = 0;
  bool exact = fmpq_is_zero(l->gradient_error);
  for (size_t k = 0; k < l->num_parameters && l->gradient_known; k++)
    if (!exact || !fmpq_is_zero(landscape_gradient(l, k))) live[count++] = k;
  return count;
}

/* --- the true matrices ------------------------------------------------------------------ */

/* Of every live parameter the component that its string is in; false: some drives
   another number of gates than one, or no string alone. */
static bool set_groups(minima_work_t *out, const analysis_struct *a,
                       const size_t *live) {
  const generator_set_struct *set = a->set;
  size_t p = out->model.num_parameters;
  if (!set->single_strings || !a->has_strings ||
      a->strings->num_strings != set->num_generators ||
      !generator_set_only_uses(out->groups, set, live, p))
    return false;
  for (size_t i = 0; i < p; i++) out->groups[i] = a->strings->component[out->groups[i]];
  return true;
}

static bool get_small(size_t *out, const fmpz_t x, ulong most) {
  if (fmpz_sgn(x) <= 0 || fmpz_cmp_ui(x, most) > 0) return false;
  *out = fmpz_get_ui(x);
  return true;
}

static double get_double(const fmpq_t x, const fmpq_t radicand) {
  arb_t value, root;
  arb_init(value);
  arb_init(root);
  arb_set_fmpq(root, radicand, PREC_BITS);
  arb_sqrt(root, root, PREC_BITS);
  arb_set_fmpq(value, x, PREC_BITS);
  arb_mul(value, value, root, PREC_BITS);
  double middle = minima_middle(value);
  arb_clear(value);
  arb_clear(root);
  return middle;
}

/* Appends the copies of a block, whose levels are put at *at. */
static bool add_matrix(minima_work_t *out, const laws_block_struct *b, size_t group,
                       size_t *at) {
  size_t count;
  fmpq_t one;
  minima_matrix_t m = {.beta = b->beta, .num_levels = (size_t)b->num_levels, .group = group,
                       .levels = out->levels + *at,
                       .multiplicities = out->multiplicities + *at};
  if (!b->num_levels || !minima_law_covers((double)b->beta) ||
      *at + m.num_levels > MATRIX_HESSIAN_SIZE ||
      !get_small(&m.size, b->dimension, MATRIX_HESSIAN_SIZE) ||
      !get_small(&m.rank, b->rank, m.size) ||
      !get_small(&count, b->count, MATRIX_HESSIAN_BLOCKS - out->model.num_matrices))
    return false;
  fmpq_init(one);
  fmpq_one(one);
  m.weight = get_double(b->weight, b->radicand);
  for (slong i = 0; i < b->num_levels; i++, ++*at) {
    out->levels[*at] = get_double(b->levels + i, one);
    out->multiplicities[*at] = fmpz_get_ui(b->multiplicities + i);
  }
  fmpq_clear(one);
  while (count--) out->matrices[out->model.num_matrices++] = m;
  return true;
}

static bool set_matrices(minima_work_t *out, const analysis_struct *a,
                         const landscape_struct *l, const size_t *live) {
  size_t at = 0;
  out->matrices = flint_malloc(MATRIX_HESSIAN_BLOCKS * sizeof *out->matrices);
  out->levels = flint_malloc(MATRIX_HESSIAN_SIZE * sizeof *out->levels);
  out->multiplicities = flint_malloc(MATRIX_HESSIAN_SIZE * sizeof *out->multiplicities);
  out->groups = flint_malloc(out->model.num_parameters * sizeof *out->groups);
  bool known = (size_t)l->loss->length == l->num_blocks && set_groups(out, a, live);
  for (size_t i = 0; i < l->num_blocks && known; i++)
    if (!laws_block_is_constant(l->loss->blocks + i))
      known = add_matrix(out, l->loss->blocks + i, l->blocks[i].component, &at);
  out->model.matrices = out->matrices;
  out->model.groups = out->groups;
  if (!known) out->model.num_matrices = 0;
  return known && out->model.num_matrices;
}

static void work_clear(minima_work_t *work) {
  flint_free(work->blocks);
  flint_free(work->matrices);
  flint_free(work->levels);
  flint_free(work->multiplicities);
  flint_free(work->groups);
}

/* --- the laws ------------------------------------------------------------------------ */

static bool same_matrix(const minima_matrix_t *a, const minima_matrix_t *b) {
  bool same = a->beta == b->beta && a->size == b->size && a->rank == b->rank &&
              a->weight == b->weight && a->num_levels == b->num_levels &&
              a->group == b->group;
  for (size_t i = 0; i < a->num_levels && same; i++)
    same = a->levels[i] == b->levels[i] && a->multiplicities[i] == b->multiplicities[i];
  return same;
}

static bool same_model(const minima_model_t *a, const minima_model_t *b) {
  bool same = a->num_blocks == b->num_blocks && a->dimension == b->dimension &&
              a->beta == b->beta && a->num_parameters == b->num_parameters &&
              a->num_matrices == b->num_matrices;
  for (size_t i = 0; i < a->num_blocks && same; i++)
    same = a->blocks[i].freedom == b->blocks[i].freedom &&
           a->blocks[i].weight == b->blocks[i].weight;
  for (size_t i = 0; i < a->num_matrices && same; i++)
    same = same_matrix(a->matrices + i, b->matrices + i);
  for (size_t k = 0; k < a->num_parameters && a->num_matrices && same; k++)
    same = a->groups[k] == b->groups[k];
  return same;
}

/* At finite N but for the exact form numbers may be off by p (p - 1)/(4 D)
   (minima_law.h): no more than a quarter. */
static bool number_holds(const minima_model_t *model) {
  double p = (double)model->num_parameters;
  return !(model->dimension > 0) || p * (p - 1) <= model->dimension ||
         minima_law_is_exact(model);
}

/* A number that is known to no more than that, of its logarithm, is none. */
static const double most_error = 0.2;

static bool sample_law(minima_analysis_t *out, const minima_model_t *model,
                       const minima_law_options_t *options) {
  out->sampled = number_holds(model) && minima_law(&out->law, model, options) == STATUS_OK;
  if (model->num_matrices && out->sampled)
    out->sampled = out->law.log_number.error <= most_error;
  out->has_curvature = curvature_law(&out->curvature, model, options) == STATUS_OK;
  return out->sampled;
}

/* What was sampled before, or is now; kept in place of the oldest. otherwise: without the
   true matrices, too. */
static void sample_model(minima_analysis_t *out, minima_work_t *work, bool otherwise,
                         minima_seen_t *seen, const minima_law_options_t *options) {
  for (size_t i = 0; i < MINIMA_SEEN; i++)
    if (seen->of[i].work.blocks && same_model(&work->model, &seen->of[i].work.model)) {
      *out = seen->of[i].found;
      return;
    }
  bool done = seen->is_late;
  if (!done && work->model.num_matrices) {
    done = sample_law(out, &work->model, options);
    if (!done && otherwise) work->model.num_matrices = 0;
  }
  if (!done && otherwise) sample_law(out, &work->model, options);
  size_t at = seen->next++ % MINIMA_SEEN;
  work_clear(&seen->of[at].work);
  seen->of[at].work = *work;
  seen->of[at].found = *out;
  *work = (minima_work_t){.blocks = NULL}; /* taken */
}

static void find_on_blocks(minima_analysis_t *out, const analysis_struct *a,
                           const landscape_struct *l, const size_t *live,
                           minima_seen_t *seen, const minima_law_options_t *options) {
  minima_work_t work;
  out->known = work_init(&work, l->loss);
  if (out->known) {
    out->edge = minima_law_edge((double)out->live / minima_model_freedom(&work.model));
    work.model.num_parameters = out->live;
    bool finite = work.model.dimension > 0, small = minima_law_needs_matrices(&work.model);
    bool otherwise = !small && (finite || are_near(l->loss));
    if ((finite && !small) || set_matrices(&work, a, l, live) || otherwise)
      sample_model(out, &work, otherwise, seen, options);
  }
  work_clear(&work);
}

void minima_seen_clear(minima_seen_t *seen) {
  for (size_t i = 0; i < MINIMA_SEEN; i++) work_clear(&seen->of[i].work);
}

/* The one ideal on which the loss varies, so(m) with m >= 5; NULL: another kind. */
static const adjoint_family_struct *only_ideal(const adjoint_law_struct *law) {
  const adjoint_family_struct *found = NULL;
  for (size_t i = 0; i < law->num_families; i++) {
    if (fmpq_is_zero(law->families[i].second)) continue;
    if (found) return NULL;
    found = law->families + i;
  }
  return found && found->count == 1 && found->group == ORBIT_SO && found->modes >= 5
             ? found : NULL;
}

/* Generators are strings, which turn a plane each. */
static void find_on_orbit(minima_analysis_t *out, const adjoint_struct *adjoint,
                          const minima_law_options_t *options) {
  const adjoint_family_struct *f = adjoint->has_law ? only_ideal(adjoint->loss->law) : NULL;
  if (!f) return;
  double *numbers = flint_malloc((2 * f->rank + 1) * sizeof *numbers);
  for (size_t k = 0; k < f->rank; k++) {
    numbers[k] = minima_middle(f->observable + k);
    numbers[f->rank + k] = minima_middle(f->state + k);
  }
  orbit_minima_model_t model = {f->modes, numbers, numbers + f->rank, f->orientation,
                                out->live};
  out->sampled = orbit_minima_law(&out->law, &model, options) == STATUS_OK;
  flint_free(numbers);
}

static void find_in_algebra(minima_analysis_t *out, const adjoint_struct *adjoint,
                            const generator_set_struct *set, const size_t *live,
                            const minima_law_options_t *options) {
  if (!adjoint->has_law || out->live >= adjoint->codimension) return;
  out->edge = NAN;
  out->sampled = minima_spheres_find(&out->law, adjoint, set, live, out->live, options);
  if (!out->sampled && set->single_strings) find_on_orbit(out, adjoint, options);
  out->known = out->sampled;
}

void minima_analysis_find(minima_analysis_t *out, const analysis_struct *a, size_t j,
                          const depth_analysis_struct *depth, minima_seen_t *seen,
                          const certify_limits_t *limits) {
  const landscape_struct *l = a->landscapes + j;
  minima_law_options_t options = {.seed = limits->seed,
                                  .num_threads = (int)limits->analysis.num_threads,
                                  .abort = limits->analysis.abort,
                                  .abort_data = limits->analysis.abort_data};
  size_t most = depth ? depth->exact->num_parameters : l->num_parameters;
  size_t *live = flint_malloc((most + 1) * sizeof *live);
  *out = (minima_analysis_t){
      .live = depth ? list_live_here(live, depth) : list_live_deep(live, l)};
  if (out->live && l->wishart_applies == ANSWER_YES)
    find_on_blocks(out, a, l, live, seen, &options);
  else if (out->live && !seen->is_late)
    find_in_algebra(out, a->adjoints + j, a->set, live, &options);
  flint_free(live);
}
