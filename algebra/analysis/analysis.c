#include "algebra/analysis/analysis.h"

#include <inttypes.h>
#include <stdlib.h>

#include <flint/flint.h>

#include "algebra/analysis/gaussian_orbit.h"
#include "algebra/analysis/orbit_dimension.h"
#include "algebra/closure/closure.h"
#include "algebra/couplings/quadratic.h"
#include "algebra/depth/finite_depth.h"
#include "algebra/generators/square_mean.h"
#include "algebra/sums/particle_sectors.h"
#include "algebra/sums/sum_jordan.h"
#include "algebra/sums/sum_structure.h"
#include "algebra/strings/string_landscape.h"

enum {
  MAX_CLOSURE_STRINGS = 20000,
  MAX_PROJECTOR_TERMS = 20000,
  /* Below this the closure is fast, and finds Wishart blocks too. */
  MIN_FERMION_QUBITS = 7,
  MIN_EQUIVARIANT_QUBITS = 7,
  MAX_SQUARE_PAIRS = 10000,
  MAX_SQUARE_MODULE = 300,
  SMALL_SQUARE_MODULE = 40,
  MAX_ORBIT_QUBITS = 30
};

static void analyse_strings(analysis_t out) {
  uint64_t *rows = generator_set_strings(out->set);
  string_algebra_init(out->strings, rows, out->set->num_generators,
                      out->set->num_qubits);
  flint_free(rows);
  out->has_strings = true;
  string_algebra_structure(out->structure, out->strings);
  out->dimension_known = true;
}

static closure_limits_t get_limits(analysis_t out) {
  return (closure_limits_t){.max_dimension = out->limits.max_dimension,
                            .max_bytes = out->limits.max_bytes,
                            .num_threads = out->limits.num_threads,
                            .abort = stopwatch_is_up,
                            .abort_data = &out->watch};
}

/* Why the closure was not proved. */
static void explain_closure(analysis_t out, status_t status) {
  structure_struct *s = out->structure;
  s->evidence = EVIDENCE_MODULAR;
  if (status == STATUS_UNDECIDED)
    s->reason = reason_of(REASON_CLOSURE_UNPROVED);
  else if (out->watch.stopped)
    s->reason = reason_of(REASON_CLOSURE_STOPPED);
  else if (out->watch.spent)
    s->reason = reason_with(REASON_CLOSURE_TIME_LIMIT,
                            out->limits.time_limit_ns / (STOPWATCH_SECOND / 1000));
  else if (out->limits.max_dimension &&
           out->closure->dimension >= out->limits.max_dimension)
    s->reason = reason_with(REASON_CLOSURE_DIMENSION_LIMIT,
                            (int64_t)out->limits.max_dimension);
  else
    s->reason = reason_of(REASON_CLOSURE_MEMORY_LIMIT);
}

/* The algebra as one of strings, when it is. */
static void use_strings(analysis_t out, const closure_t closure) {
  size_t count;
  uint64_t *strings = closure_get_strings(&count, closure);
  if (strings && count <= MAX_CLOSURE_STRINGS) {
    string_algebra_init(out->strings, strings, count, out->set->num_qubits);
    out->has_strings = true;
  }
  flint_free(strings);
}

/* Qubits on which some generator acts: the way of an analysis does not depend on others. */
static size_t active_qubits(const generator_set_struct *set) {
  size_t count = 0;
  for (size_t q = 0; q < set->num_qubits; q++) {
    bool acts = false;
    for (size_t j = 0; j < set->num_generators && !acts; j++) {
      const pauli_sum_struct *h = set->generators + j;
      for (size_t t = 0; t < h->length && !acts; t++)
        acts = pauli_get(pauli_sum_string(h, t), h->num_words, q) != 0;
    }
    count += acts;
  }
  return count;
}

/* Sums of Majorana bilinears: is everything known from one particle? */
static bool analyse_fermions(analysis_t out) {
  structure_t s;
  if (!out->fermions || active_qubits(out->set) < MIN_FERMION_QUBITS) return false;
  structure_init(s);
  bool known = fermion_structure(s, out->fermions) && s->sectors_known;
  if (known) {
    structure_struct swap = *out->structure;
    *out->structure = *s;
    *s = swap;
    out->dimension_known = true;
  }
  structure_clear(s);
  return known;
}

static void recognise_fermions(analysis_t out) {
  fermion_algebra_struct *a = flint_malloc(sizeof *a);
  if (fermion_algebra_init(a, out->set->generators, out->set->num_generators,
                           out->set->num_qubits))
    flint_free(a);
  else
    out->fermions = a;
}

static bool is_stopped(const analysis_t out) {
  return out->limits.abort && out->limits.abort(out->limits.abort_data);
}

/* Sums that are no strings, and not recognised already. */
static void recognise_particles(analysis_t out) {
  if (out->fermions || out->has_strings || out->set->single_strings ||
      out->ansatz->num_roots || out->ansatz->symbol || is_stopped(out))
    return;
  particle_algebra_struct *a = flint_malloc(sizeof *a);
  if (particle_algebra_init(a, out->set->generators, out->set->num_generators,
                            out->set->num_qubits, out->structure)) {
    out->particles = a;
    particle_sectors(out->structure, a);
  } else {
    flint_free(a);
  }
}

enum {
  MIN_SECTOR_QUBITS = 6, /* below it modules are small */
  MAX_LISTED = 1000,     /* dimension up to which an algebra is closed, */
  MAX_LISTED_QUBITS = 6, /* on so many qubits */
  MAX_LISTED_MODES = 64  /* so(64) has dimension 2,016 */
};

/* Sectors first (algebra/sectors), when they show an algebra that is too large, or in
   too large a space, to be closed with profit. */
static bool analyse_sectors(analysis_t out) {
  const generator_set_struct *set = out->set;
  closure_limits_t limits = get_limits(out);
  if (!sectors_fit(set->generators, set->num_generators, set->num_qubits,
                   limits.max_bytes))
    return false;
  const pauli_sum_struct **list =
      flint_malloc((set->num_generators + 1) * sizeof *list);
  for (size_t j = 0; j < set->num_generators; j++)
    list[j] = set->generators + j;
  /* The closure is to have its share of the time when the sectors do not end. */
  stopwatch_t algebra = out->watch;
  out->watch = stopwatch_stage(&algebra);
  sectors_init(out->sectors, set->num_qubits, list, set->num_generators,
               &limits);
  flint_free(list);
  out->has_sectors = !sectors_recognise(out->sectors);
  algebra.spent = algebra.stopped = out->watch.stopped;
  out->watch = algebra;
  out->sectors_first =
      out->has_sectors && (sectors_dimension(out->sectors) > MAX_LISTED ||
                          active_qubits(out->set) > MAX_LISTED_QUBITS);
  if (out->sectors_first) {
    sectors_structure(out->structure, out->sectors);
    out->dimension_known = true;
  }
  if (!out->has_sectors)
    fmpz_set_ui(out->structure->dimension, sectors_least_dimension(out->sectors));
  if (!out->has_sectors) sectors_clear(out->sectors);
  return out->sectors_first;
}

/* From spins, when every permutation of the qubits fixes the generators. */
static bool analyse_equivariant(analysis_t out) {
  const generator_set_struct *set = out->set;
  closure_limits_t limits = get_limits(out);
  if (set->num_qubits < MIN_EQUIVARIANT_QUBITS) return false;
  out->has_equivariant =
      equivariant_init(&out->equivariant, set->generators, set->num_generators,
                       set->num_qubits, &limits);
  if (!out->has_equivariant) return false;
  equivariant_structure(out->structure, &out->equivariant);
  out->sectors_first = out->dimension_known = true;
  return true;
}

/* Sums of Majorana bilinears: the algebra is at most that of one particle, and acts
   on no sector but the smallest as one that is full. */
static bool is_one_particle(const generator_set_struct *set) {
  fermion_frame_t frame;
  if (!fermion_frame_init(frame, set->generators, set->num_generators,
                          set->num_qubits, MAX_LISTED_MODES))
    return false;
  fermion_frame_clear(frame);
  return true;
}

/* Sectors that were refused: what would fit. */
static void explain_sectors(analysis_t out) {
  const generator_set_struct *set = out->set;
  structure_struct *s = out->structure;
  closure_limits_t limits = get_limits(out);
  if (s->sectors_known || set->num_qubits < MIN_SECTOR_QUBITS ||
      sectors_fit(set->generators, set->num_generators, set->num_qubits, limits.max_bytes))
    return;
  s->sectors_reason = REASON_SECTORS_BEYOND_MEMORY;
  s->sectors_number = (int64_t)sectors_most_qubits(set->generators, set->num_generators,
                                                   limits.max_bytes);
}

static void analyse_sums(analysis_t out) {
  closure_limits_t limits = get_limits(out);
  closure_init(out->closure, out->set->num_qubits);
  if (analyse_fermions(out) || analyse_equivariant(out)) return;
  if (!is_one_particle(out->set) && analyse_sectors(out)) return;
  status_t status = closure_compute(out->closure, out->set->generators,
                                    out->set->num_generators, &limits);
  out->dimension_known = true;
  if (status == STATUS_OK) {
    sum_structure_projectors(out->structure, out->projectors,
                             MAX_PROJECTOR_TERMS, out->closure,
                             out->set->generators, out->set->num_generators,
                             &limits);
    use_strings(out, out->closure);
  } else {
    if (fmpz_cmp_ui(out->structure->dimension, out->closure->dimension) < 0)
      fmpz_set_ui(out->structure->dimension, out->closure->dimension);
    explain_closure(out, status);
    if (!out->watch.spent)
      sum_structure_sectors(out->structure, out->set->num_qubits,
                            out->set->generators, out->set->num_generators,
                            &limits);
    explain_sectors(out);
  }
}

/* Each generator a number times one string: the numbers do not matter, as long as
   they are not 0. */
static void analyse_scaled_strings(analysis_t out) {
  string_algebra_t g;
  uint64_t *rows = generator_set_strings(out->set);
  string_algebra_init(g, rows, out->set->num_generators, out->set->num_qubits);
  flint_free(rows);
  string_algebra_structure(out->structure, g);
  string_algebra_clear(g);
  out->dimension_known = true;
}

/* Everything but the sectors. */
static void copy_algebra(structure_t out, const structure_t in) {
  fmpz_set(out->center, in->center);
  out->center_known = in->center_known;
  out->ideals_known = in->ideals_known;
  for (size_t k = 0; k < in->num_ideals; k++) {
    const ideal_struct *ideal = in->ideals + k;
    structure_add_ideal(out, ideal->letter, ideal->rank, ideal->dimension,
                        ideal->count);
  }
  out->evidence = in->evidence;
  out->reason = in->reason;
}

static void analyse_surds(analysis_t out) {
  const ansatz_struct *ansatz = out->ansatz;
  if (out->set->single_strings) {
    analyse_scaled_strings(out);
    return;
  }
  closure_limits_t limits = get_limits(out);
  out->dimension_known = true;
  if (quadratic_structure(out->structure, ansatz->symbol_parts,
                          ansatz->num_generators, ansatz->root_radicands,
                          ansatz->num_roots, &limits) == STATUS_LIMIT &&
      !reason_given(out->structure->reason))
    out->structure->reason = reason_of(REASON_ROOTS_BEYOND_LIMITS);
}

/* The structure is that of every value that is not special. */
static void analyse_couplings(analysis_t out) {
  const ansatz_struct *ansatz = out->ansatz;
  closure_limits_t limits = get_limits(out);
  couplings_input_t input = {ansatz->num_qubits, ansatz->num_generators,
                             ansatz->symbol_degree, ansatz->symbol_parts};
  couplings_init(out->couplings, &input, &limits);
  if (out->couplings->reason) out->limit_reached = true;
  if (out->set->single_strings) {
    analyse_scaled_strings(out);
    return;
  }
  structure_struct *s = out->structure;
  copy_algebra(s, out->couplings->generic);
  out->dimension_known = true;
  fmpz_set_ui(s->dimension, out->couplings->dimension);
  s->proved = out->couplings->proved;
  s->sectors_known = false;
  s->sectors_reason = REASON_SECTORS_DEPEND_ON_SYMBOL;
}

static bool all_stabilizers(const generator_set_t set) {
  for (size_t i = 0; i < set->num_inputs; i++)
    if (set->inputs[i].state && !quantum_state_stabilizer(set->inputs[i].state))
      return false;
  return true;
}

/* For a product state without a closed form in the module of the observable. */
static void init_strings(landscape_struct *landscape, const analysis_t c,
                         size_t observable, size_t state) {
  landscape_init_strings(landscape, c->strings, c->set, c->ansatz, observable,
                         state);
  const quantum_state_struct *rho = c->set->inputs[state].state;
  if (landscape->variance_known || !c->sums || !rho ||
      quantum_state_stabilizer(rho))
    return;
  landscape_clear(landscape);
  landscape_init_sums(landscape, c->sums, observable, state);
}

/* Is the other path worth trying: for moments, or for the Wishart class? */
static bool is_open(const landscape_struct *l, const analysis_t c) {
  if (!l->variance_known) return true;
  return l->wishart_applies == ANSWER_UNDECIDED && landscape_is_exact(l) &&
         c->closure->dimension;
}

static bool says_more(const landscape_struct *other, const landscape_struct *l) {
  if (!l->variance_known || !other->variance_known) return other->variance_known;
  return other->wishart_applies != ANSWER_UNDECIDED &&
         (other->gradient_known || !l->gradient_known);
}

/* From the module of the observable, or on the sectors: what is known first. */
static void init_sums(landscape_struct *landscape, const analysis_t c,
                      size_t observable, size_t state) {
  bool sectors = c->sector_sums && (c->sectors_first ||
                                    active_qubits(c->set) >= MIN_SECTOR_QUBITS);
  if (sectors)
    landscape_init_sectors(landscape, c->sector_sums, observable, state);
  else landscape_init_sums(landscape, c->sums, observable, state);
  if (!c->sector_sums || !is_open(landscape, c)) return;
  landscape_struct other;
  if (sectors) landscape_init_sums(&other, c->sums, observable, state);
  else landscape_init_sectors(&other, c->sector_sums, observable, state);
  if (says_more(&other, landscape)) {
    landscape_struct swap = *landscape;
    *landscape = other;
    other = swap;
  }
  landscape_clear(&other);
}

/* What moments that are no moments of strings are computed from. */
static void analyse_sum_landscapes(analysis_t out) {
  closure_limits_t *limits = &out->sum_limits; /* covariances use it later */
  if ((out->has_strings && all_stabilizers(out->set)) || out->ansatz->symbol)
    return;
  analysis_begin_stage(out);
  *limits = get_limits(out);
  out->sums = flint_malloc(sizeof *out->sums);
  out->algebra =
      (sum_algebra_struct){out->closure, out->structure, out->projectors};
  sum_landscapes_init(out->sums, out->set, out->ansatz,
                      out->has_strings ? NULL : &out->algebra, limits);
  if (!out->has_sectors && !out->has_equivariant) return;
  out->sector_sums = flint_malloc(sizeof *out->sector_sums);
  sector_landscapes_init(out->sector_sums, out->has_sectors ? out->sectors : NULL,
                         out->has_equivariant ? &out->equivariant : NULL, out->set,
                         out->structure, limits);
}

/* From the law of the observable; false, and nothing to clear, when that does not tell. */
static bool init_law(landscape_struct *l, const analysis_t out, const adjoint_struct *adjoint,
                     size_t observable, size_t state) {
  landscape_init_empty(l, out->set->num_parameters, observable, state);
  landscape_set_errors(l, out->set);
  if (adjoint_set_moments(l, adjoint, out->set) && !fmpq_is_zero(l->variance)) {
    l->wishart_reason = reason_of(landscape_is_exact(l)
                                      ? sum_jordan_obstacle(&out->algebra)
                                      : REASON_IRRATIONAL_BEHIND_FIXED_GATES);
    return true;
  }
  landscape_clear(l);
  return false;
}

/* At once, where the algebra was not listed. */
static bool init_fermions(landscape_struct *l, const analysis_t out,
                          const adjoint_struct *adjoint, size_t observable,
                          size_t state) {
  return out->sums && !out->has_strings && !out->closure->dimension &&
         init_law(l, out, adjoint, observable, state);
}

/* From the module of the observable or on the sectors, and where these are too large from
   the law. */
static void init_sums_or_law(landscape_struct *l, const analysis_t out,
                             const adjoint_struct *adjoint, size_t observable,
                             size_t state) {
  landscape_struct other;
  init_sums(l, out, observable, state);
  if (l->variance_known || out->has_strings ||
      !init_law(&other, out, adjoint, observable, state))
    return;
  landscape_clear(l);
  *l = other;
}

/* mean_square, E[Tr(rho U^dag O^2 U)]: for sums from the module of O^2. */
static void set_mean_square(landscape_struct *l, const analysis_t a) {
  const pauli_sum_struct *o = a->set->observables + l->observable;
  const quantum_state_struct *rho = a->set->inputs[l->state].state;
  l->square_bounded = false;
  if (l->square_known) return;
  if (!rho || !a->set->observable_known[l->observable]) {
    l->square_bounded = true;
    square_bound(l->mean_square, a->ansatz->observables[l->observable].sum);
    return;
  }
  if (a->has_strings) {
    landscape_set_square(l, a->strings, o, rho);
    return;
  }
  /* Where the algebra itself was not listed, nothing else is to take long. */
  size_t max_module =
      a->closure->dimension ? MAX_SQUARE_MODULE : SMALL_SQUARE_MODULE;
  pauli_sum_t square;
  pauli_sum_init(square, a->set->num_qubits);
  bool expanded = square_expand(square, o, MAX_SQUARE_PAIRS) == STATUS_OK;
  l->square_bounded =
      !expanded ||
      (!square_is_scalar(l->mean_square, square) &&
       !(a->has_equivariant &&
         equivariant_mean(l->mean_square, &a->equivariant, square, rho)) &&
       (!a->sums || !sum_landscapes_mean(l->mean_square, a->sums, square,
                                         l->state, max_module)));
  if (l->square_bounded) square_bound(l->mean_square, o);
  pauli_sum_clear(square);
}

/* The state behind the fixed gates, when it is known exactly to be of this kind. */
static const stabilizer_state_struct *exact_stabilizer(const analysis_t a,
                                                       size_t state) {
  const generator_input_struct *input = a->set->inputs + state;
  return input->state && fmpq_is_zero(input->error)
             ? quantum_state_stabilizer(input->state) : NULL;
}

/* Traps by the orbit of the state alone, where nothing else tells and there is time. */
static void examine_sphere(adjoint_struct *adjoint, analysis_t out,
                           size_t observable, size_t state) {
  const stabilizer_state_struct *rho = exact_stabilizer(out, state);
  size_t dimension = out->orbit_dimensions[state];
  if (adjoint->traps != REASON_TRAPS_UNKNOWN || !rho || dimension == SIZE_MAX ||
      out->has_strings || out->ansatz->symbol || !out->set->observable_known[observable] ||
      out->set->upper_bound || is_stopped(out) || stopwatch_is_up(&out->whole))
    return;
  sphere_orbit_t sphere =
      sphere_orbit_find(out->set->generators, out->set->num_generators, rho, dimension,
                        out->set->observables + observable);
  if (!fmpq_is_zero(out->set->inputs[state].error) ||
      !fmpq_is_zero(out->set->observable_errors + observable)) /* another form */
    sphere.codimension = SIZE_MAX;
  adjoint_use_sphere(adjoint, &sphere);
}

/* Free fermions of strings: products of Majorana operators on Gaussian states. */
static void examine_gaussian(adjoint_struct *adjoint, const analysis_t out,
                             size_t observable, size_t state) {
  size_t codimension;
  const generator_input_struct *input = out->set->inputs + state;
  if (!input->state || !fmpq_is_zero(input->error) ||
      !fmpq_is_zero(out->set->observable_errors + observable)) /* signs and zeros count */
    return;
  if (adjoint->traps != REASON_TRAPS_UNKNOWN || !out->fermions || !out->has_strings ||
      !out->set->single_strings || !out->set->observable_known[observable] ||
      out->set->upper_bound)
    return;
  if (!gaussian_orbit_find(&codimension, out->fermions->frame,
                           out->set->observables + observable,
                           input->state))
    return;
  adjoint->traps = REASON_TRAPS_NONE_GAUSSIAN;
  adjoint->codimension = codimension;
}

static void analyse_landscape(analysis_t out, size_t j) {
  const ansatz_struct *ansatz = out->ansatz;
  landscape_struct *l = out->landscapes + j;
  adjoint_struct *adjoint = out->adjoints + j;
  size_t observable = j / ansatz->num_states, state = j % ansatz->num_states;
  adjoint_init(adjoint, is_stopped(out) ? NULL : out->fermions,
               out->has_strings ? out->strings : NULL, out->set, observable,
               state);
  if (!out->has_strings && !ansatz->symbol)
    adjoint_use_closure(adjoint, out->closure, out->set, observable);
  if (out->particles)
    adjoint_use_particles(adjoint, out->particles, out->set, observable, state);
  if (is_stopped(out))
    landscape_init_unknown(l, ansatz->num_parameters, observable, state,
                           REASON_STOPPED);
  else if (out->has_strings)
    init_strings(l, out, observable, state);
  else if (init_fermions(l, out, adjoint, observable, state))
    ;
  else if (out->sums)
    init_sums_or_law(l, out, adjoint, observable, state);
  else
    landscape_init_unknown(l, ansatz->num_parameters, observable, state,
                           ansatz->num_roots ? REASON_IRRATIONAL_COEFFICIENTS
                                             : REASON_SYMBOL_WITHOUT_VALUE);
  if (!ansatz->symbol && (!l->mean_known || !l->variance_known ||
                          (!l->gradient_known && out->has_strings)))
    out->limit_reached = true;
  set_mean_square(l, out);
  if (l->orbit_dimension && out->orbit_dimensions[state] == SIZE_MAX)
    out->orbit_dimensions[state] = l->orbit_dimension;
  if (out->has_strings && !is_stopped(out))
    adjoint_use_strings(adjoint, out->strings, out->set, l, observable, state);
  adjoint_conclude(adjoint, l);
  examine_gaussian(adjoint, out, observable, state);
  examine_sphere(adjoint, out, observable, state);
  outlook_init(out->outlooks + j, l);
}

/* Where the algebra was not listed, it is small and known to end. */
static bool orbit_of_sums(size_t *dimension, analysis_t out,
                          const stabilizer_state_struct *rho) {
  if (out->closure->dimension)
    return orbit_dimension_closure(dimension, out->closure, rho);
  if (!out->fermions || out->set->num_qubits > MAX_ORBIT_QUBITS) return false;
  closure_limits_t limits = get_limits(out);
  closure_t closure;
  closure_init(closure, out->set->num_qubits);
  bool known = closure_compute(closure, out->set->generators,
                               out->set->num_generators, &limits) == STATUS_OK &&
               orbit_dimension_closure(dimension, closure, rho);
  closure_clear(closure);
  return known;
}

/* Rational generators and pure stabilizer states, behind the fixed gates. */
static void analyse_orbits(analysis_t out) {
  const ansatz_struct *ansatz = out->ansatz;
  out->orbit_dimensions =
      flint_malloc((ansatz->num_states + 1) * sizeof *out->orbit_dimensions);
  for (size_t i = 0; i < ansatz->num_states; i++) {
    const stabilizer_state_struct *rho = exact_stabilizer(out, i);
    size_t *to = out->orbit_dimensions + i;
    *to = SIZE_MAX;
    if (!rho || ansatz->symbol || is_stopped(out)) continue;
    bool known = out->has_strings
                     ? orbit_dimension_strings(to, out->strings, rho)
                     : orbit_of_sums(to, out, rho);
    if (!known) *to = SIZE_MAX;
  }
}

static void clear_landscape(analysis_t a, size_t j) {
  landscape_clear(a->landscapes + j);
  adjoint_clear(a->adjoints + j);
  outlook_clear(a->outlooks + j);
}

/* Each has an equal share of the time that is left; those for which it was too short have in
   a second round what others did not take. */
static void analyse_in_time(analysis_t out, size_t count) {
  stopwatch_t stage = out->watch;
  bool *cut = flint_calloc(count + 1, sizeof *cut), reached = out->limit_reached;
  size_t num_cut = count;
  for (int round = 0; round < 2; round++)
    for (size_t j = 0, left = num_cut; j < count; j++) {
      if (round && !cut[j]) continue;
      if (round) clear_landscape(out, j);
      if (!round && count > 1) analysis_progress(out, "exact moments", j, count);
      out->watch = left > 1 ? stopwatch_share(&stage, left) : stage;
      out->limit_reached = false;
      analyse_landscape(out, j);
      cut[j] = !round && out->limit_reached && out->watch.spent && left > 1;
      if (!round) num_cut -= !cut[j];
      if (!cut[j]) reached = reached || out->limit_reached;
      left--;
    }
  out->limit_reached = reached;
  out->watch = stage;
  flint_free(cut);
}

static void analyse_landscapes(analysis_t out) {
  size_t count = out->ansatz->num_observables * out->ansatz->num_states;
  out->num_landscapes = count;
  out->landscapes = flint_malloc((count + 1) * sizeof *out->landscapes);
  out->adjoints = flint_malloc((count + 1) * sizeof *out->adjoints);
  out->outlooks = flint_malloc((count + 1) * sizeof *out->outlooks);
  analyse_sum_landscapes(out);
  analyse_orbits(out);
  analyse_in_time(out, count);
}

void analysis_progress(const analysis_t a, const char *stage, size_t done,
                       size_t total) {
  if (a->limits.progress)
    a->limits.progress(a->limits.progress_data, stage, done, total);
}

void analysis_begin_stage(analysis_t a) { a->watch = stopwatch_stage(&a->whole); }

static void analyse_algebra(analysis_t out) {
  const structure_struct *s = out->structure;
  analysis_begin_stage(out);
  if (!out->ansatz->num_roots && !out->ansatz->symbol) recognise_fermions(out);
  if (out->ansatz->num_roots) analyse_surds(out);
  else if (out->ansatz->symbol) analyse_couplings(out);
  else if (out->set->single_strings) analyse_strings(out);
  else analyse_sums(out);
  recognise_particles(out);
  if (!s->proved || !s->center_known || !s->ideals_known ||
      (!s->sectors_known && (!out->ansatz->symbol || out->ansatz->num_roots)))
    out->limit_reached = true;
}

void analysis_find_repeated(analysis_t a) {
  const ansatz_struct *ansatz = a->ansatz;
  if (ansatz->kind != ANSATZ_CIRCUIT || !a->has_strings || a->set->upper_bound ||
      !finite_depth_repeated(&a->repetitions, a->repeated_dimension, ansatz))
    a->repetitions = 0;
}

void analysis_init(analysis_t out, const ansatz_t ansatz,
                   const analysis_limits_t *limits) {
  *out = (analysis_struct){.ansatz = ansatz, .limits = *limits,
                           .whole = stopwatch_start(limits->time_limit_ns)};
  out->whole.abort = limits->abort;
  out->whole.abort_data = limits->abort_data;
  generator_set_init(out->set, ansatz);
  structure_init(out->structure);
  fmpz_init(out->repeated_dimension);
  analysis_progress(out, "algebra", 0, 0);
  analyse_algebra(out);
  analysis_progress(out, "exact moments", 0, 0);
  analyse_landscapes(out);
}

void analysis_clear(analysis_t out) {
  for (size_t j = 0; j < out->num_landscapes; j++) clear_landscape(out, j);
  flint_free(out->landscapes);
  flint_free(out->adjoints);
  flint_free(out->orbit_dimensions);
  flint_free(out->outlooks);
  if (out->ansatz->symbol && !out->ansatz->num_roots)
    couplings_clear(out->couplings);
  structure_clear(out->structure);
  fmpz_clear(out->repeated_dimension);
  if (out->fermions) fermion_algebra_clear(out->fermions);
  flint_free(out->fermions);
  if (out->particles) particle_algebra_clear(out->particles);
  flint_free(out->particles);
  if (out->sums) sum_landscapes_clear(out->sums);
  flint_free(out->sums);
  closure_clear(out->closure);
  flint_free(out->sector_sums);
  if (out->has_sectors) sectors_clear(out->sectors);
  if (out->has_equivariant) equivariant_clear(&out->equivariant);
  sum_projectors_clear(out->projectors);
  if (out->has_strings) string_algebra_clear(out->strings);
  generator_set_clear(out->set);
}
