#include "cli/check/check_adjoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/check/check_fermions.h"
#include "algebra/check/sums/check_commutant.h"
#include "algebra/check/sums/check_member.h"
#include "algebra/check/sums/check_orbits.h"
#include "algebra/check/sums/check_spheres.h"
#include "cli/check/check_distribution.h"
#include "cli/check/check_ideals.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/check/said_ideal.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

enum {
  PREC_BITS = SAID_PREC_BITS,
  MAX_LAW_MODES = 160
};
/* Operations on one observable of an algebra of sums: a second or two. */
static const int64_t member_work = 1000000000, orbit_work = 4000000000;

static const char spectra_open[] =
    "the spectra of observable and state on the ideals were not computed anew";
static const char orbit_open[] =
    "what the orbit of the state is was not decided anew";
static const char class_open[] =
    "whether the observable lies in the algebra was not decided anew";

/* The exact claim must lie in the ball. */
static void check_inside(ledger_t *l, const char *key, const arb_t ball) {
  fmpq_t value;
  fmpq_init(value);
  bool exact = cert_get_fmpq(value, json_object_get(l->left, key));
  ledger_judge(l, key, exact && arb_contains_fmpq(ball, value),
               exact ? "the spectra say otherwise" : "it is no exact number");
  fmpq_clear(value);
}

/* A number that the landscape has too. */
static void check_agrees(ledger_t *l, const char *key, const json_t *other) {
  fmpq_t value;
  fmpq_init(value);
  if (cert_get_fmpq(value, other)) ledger_fmpq(l, key, value);
  else ledger_open(l, key, "the landscape does not say it");
  fmpq_clear(value);
}

/* --- ideals ---------------------------------------------------------------------------- */

static void settle_ideals(ledger_t *l, answer_t fit) {
  if (fit == ANSWER_UNDECIDED) ledger_open(l, "ideals", spectra_open);
  else ledger_judge(l, "ideals", fit == ANSWER_YES, "the spectra are others");
}

/* found: NULL when it was not found anew. */
static void check_ideals(ledger_t *l, const json_t *ideals, check_adjoint_struct *found,
                         const arb_t second, const check_subject_t *s, size_t index,
                         const json_t *landscape) {
  fmpq_t claim;
  fmpq_init(claim);
  if (cert_get_fmpq(claim, json_object_get(landscape, "variance")) &&
      !arb_contains_fmpq(second, claim)) {
    ledger_judge(l, "ideals", false, "they do not add up to the variance");
  } else {
    settle_ideals(l, check_ideals_fit(ideals, found, s, index));
  }
  fmpq_clear(claim);
}

static void check_law(ledger_t *l, const json_t *ideals, check_adjoint_struct *found,
                      const check_subject_t *s, size_t index, const json_t *landscape) {
  arb_t second, fourth;
  bool ok = true;
  arb_init(second);
  arb_init(fourth);
  for (size_t i = 0; i < json_array_size(ideals) && ok; i++)
    ok = said_type_fits(json_array_get(ideals, i)) &&
         said_add_cumulants(second, fourth, json_array_get(ideals, i));
  check_agrees(l, "constant", json_object_get(landscape, "mean"));
  if (!ok) {
    ledger_judge(l, "ideals", false, "an ideal is not readable");
  } else {
    check_ideals(l, ideals, found, second, s, index, landscape);
    check_inside(l, "variance", second);
    arb_sqr(second, second, PREC_BITS);
    arb_div(fourth, fourth, second, PREC_BITS);
    if (arb_is_zero(second) ||
        !strcmp(cert_text_at(landscape, "variance", ""), "0"))
      ledger_null(l, "excess_kurtosis");
    else
      check_inside(l, "excess_kurtosis", fourth);
  }
  arb_clear(second);
  arb_clear(fourth);
}

/* Why it lies outside: of strings it is a term; of sums it may be said in three ways. */
static reason_code_t outside_reason(const ledger_t *l, bool of_sums) {
  reason_code_t said = ledger_said(l, "reason");
  bool other = said == REASON_ADJOINT_OUTSIDE || said == REASON_ADJOINT_NOT_BILINEAR;
  return of_sums && other ? said : REASON_ADJOINT_TERM_OUTSIDE;
}

/* applies, decided, reason. applies: as found anew. */
static void check_answer(ledger_t *l, answer_t applies, bool of_sums, bool has_law) {
  bool silent = ledger_said(l, "reason") == REASON_ADJOINT_NOT_EXAMINED;
  if (applies != ANSWER_UNDECIDED && !(of_sums && silent)) {
    bool yes = applies == ANSWER_YES;
    ledger_bool(l, "applies", yes);
    ledger_bool(l, "decided", true);
    ledger_code(l, "reason", !yes      ? outside_reason(l, of_sums)
                             : has_law ? REASON_ADJOINT_CLASS
                                       : REASON_ADJOINT_WITHOUT_LAW);
    return;
  }
  if (silent) {
    ledger_bool(l, "applies", false);
    ledger_bool(l, "decided", false);
    ledger_reason(l, "reason"); /* it claims not to know */
    return;
  }
  ledger_opens(l, "applies decided", class_open);
  if (ledger_reason_words(l, "reason"))
    ledger_open(l, "reason_code", class_open);
  else
    ledger_take(l, "reason_code");
}

/* member: of sums, as found anew; undecided where generators are strings, and NO says nothing
   of an observable that is rounded. */
static void check_class(ledger_t *parent, check_adjoint_struct *found, answer_t member,
                        const check_subject_t *s, size_t index, const json_t *landscape) {
  ledger_t l;
  ledger_begin_at(&l, parent, "adjoint");
  const json_t *ideals = json_object_get(l.left, "ideals");
  bool of_strings = found && found->applies != ANSWER_UNDECIDED;
  size_t observable = index / s->ansatz->num_states;
  if (member == ANSWER_NO && !fmpq_is_zero(s->generators->observable_errors + observable))
    member = ANSWER_UNDECIDED;
  check_answer(&l, of_strings ? found->applies : member, !of_strings,
               json_is_array(ideals));
  check_distribution(&l, json_object_get(l.left, "constant"), ideals);
  if (json_is_array(ideals)) {
    check_law(&l, ideals, found, s, index, landscape);
  } else if (found && found->has_law) {
    ledger_judge(&l, "ideals", false, "they are missing");
  } else {
    ledger_nulls(&l, "ideals constant variance excess_kurtosis");
  }
  ledger_end(&l);
}

/* Of a state of strings, under sums; once for each state. */
static bool count_orbit(size_t *out, const check_subject_t *s, size_t state) {
  struct check_sums_cache *cache = s->sums;
  const stabilizer_state_struct *rho =
      quantum_state_stabilizer(subject_state(s, state));
  if (!s->counted || s->ansatz->symbol || !rho) return false;
  if (!cache->orbit_asked || cache->orbit_state != state) {
    cache->orbit_asked = true;
    cache->orbit_state = state;
    cache->orbit_known =
        check_sums_orbit_dimension(&cache->orbit, s->generators, rho, orbit_work);
  }
  *out = cache->orbit;
  return cache->orbit_known;
}

static void check_dimension(ledger_t *l, const check_subject_t *s, size_t index,
                            const check_components_struct *components) {
  static const char key[] = "orbit_dimension";
  const stabilizer_state_struct *rho = quantum_state_stabilizer(subject_state(s, index));
  bool pure = rho && rho->rank == rho->num_qubits && !s->ansatz->symbol;
  check_pure_struct *on_sectors =
      pure ? check_sums_get_pure(s, index % s->ansatz->num_states) : NULL;
  size_t counted;
  if ((s->counted || subject_is_turned(s, index)) &&
      json_is_null(json_object_get(l->left, key))) {
    ledger_null(l, key); /* not known */
  } else if ((on_sectors && check_pure_orbit_dimension(&counted, on_sectors)) ||
      (pure && components &&
       check_orbit_dimension(&counted, components, rho, s->max_elements)) ||
      (pure && count_orbit(&counted, s, index % s->ansatz->num_states))) {
    ledger_ulong(l, key, counted);
  } else if (!pure || json_is_null(json_object_get(l->left, key))) {
    ledger_null(l, key);
  } else {
    ledger_open(l, key, "the orbit of the state was not counted anew");
  }
}

/* Does a sum of balls vanish, surely or perhaps? */
static void count_bend(size_t *least, size_t *most, const arb_t b, const arb_t s) {
  if (!arb_contains_zero(b) && !arb_contains_zero(s)) *least += 2;
  if (!arb_is_zero(b) && !arb_is_zero(s)) *most += 2;
}

static int by_middle(const void *a, const void *b) {
  return arf_cmp(arb_midref((const arb_struct *)a), arb_midref((const arb_struct *)b));
}

/* Of su(m): (b_i - b_j)(s_i - s_j) for one in ascending, the other in descending order. */
static void count_unitary_bends(size_t *least, size_t *most, const said_ideal_t *said) {
  slong m = (slong)said->rank;
  arb_t b, s;
  arb_init(b);
  arb_init(s);
  qsort(said->b, said->rank, sizeof *said->b, by_middle);
  qsort(said->s, said->rank, sizeof *said->s, by_middle);
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < i; j++) {
      arb_sub(b, said->b + i, said->b + j, PREC_BITS);
      arb_sub(s, said->s + m - 1 - i, said->s + m - 1 - j, PREC_BITS);
      count_bend(least, most, b, s);
    }
  arb_clear(b);
  arb_clear(s);
}

/* Those of a plane of Majorana pairs i and j are (b_i + e b_j)(s_i + e s_j), e = 1, -1, twice
   each, and twice b_i s_i where one mode is left over. The sign of the last s is that of
   -Pf(B) Pf(S) for odd and Pf(B) Pf(S) for even numbers of pairs. */
static void count_orthogonal_bends(size_t *least, size_t *most, const said_ideal_t *said) {
  size_t pairs = said->rank;
  arb_t b, s;
  arb_init(b);
  arb_init(s);
  if (said->modes % 2 == 0 && (pairs % 2 ? -said->turn : said->turn) < 0)
    arb_neg(said->s + pairs - 1, said->s + pairs - 1);
  for (size_t i = 0; i < pairs; i++)
    for (size_t j = i; j < pairs; j++)
      for (slong e = -1; e <= 1; e += 2) {
        if (i == j && (e < 0 || said->modes % 2 == 0)) continue;
        arb_mul_si(b, said->b + j, e, PREC_BITS);
        arb_mul_si(s, said->s + j, e, PREC_BITS);
        arb_add(b, b, said->b + i, PREC_BITS);
        arb_add(s, s, said->s + i, PREC_BITS);
        count_bend(least, most, b, s);
      }
  arb_clear(b);
  arb_clear(s);
}

/* Second derivatives at a global minimum that vanish not (*least) or may not (*most).
   False: unreadable. */
static bool count_bends(size_t *least, size_t *most, const json_t *ideal) {
  said_ideal_t said;
  if (!said_init(&said, ideal)) return false;
  bool small = said.modes <= MAX_LAW_MODES;
  if (small && said.unitary) count_unitary_bends(least, most, &said);
  else if (small) count_orthogonal_bends(least, most, &said);
  said_clear(&said);
  return small;
}

/* Is it said to follow from the orbit of the state alone? */
static bool by_orbit(const ledger_t *l) {
  reason_code_t said = ledger_said(l, "because");
  return said == REASON_TRAPS_NONE_SPHERE || said == REASON_TRAPS_NONE_SPHERES;
}

/* It follows from the spectra, where these tell eigenvalues apart. */
static void check_codimension(ledger_t *l, const json_t *ideals) {
  static const char key[] = "codimension";
  const json_t *claim = json_object_get(l->left, key);
  size_t least = 0, most = 0, i;
  const json_t *ideal;
  fmpz_t value;
  fmpz_init(value);
  bool ok = json_is_array(ideals);
  json_array_foreach((json_t *)ideals, i, ideal)
    ok = ok && count_bends(&least, &most, ideal);
  if (!json_is_array(ideals) && json_is_string(claim) && by_orbit(l))
    ledger_open(l, key, orbit_open);
  else if (!json_is_array(ideals)) ledger_null(l, key);
  else if (!ok) ledger_open(l, key, spectra_open);
  else {
    ledger_judge(l, key,
                 cert_get_fmpz(value, claim) && fmpz_cmp_ui(value, least) >= 0 &&
                     fmpz_cmp_ui(value, most) <= 0,
                 "the spectra say otherwise");
  }
  fmpz_clear(value);
}

/* The orbit is the sphere of the one sector that the state populates, or the product of
   those of two: SU(d) acts on each, independently. */
static bool is_whole(const check_subject_t *s, size_t index, reason_code_t said) {
  const check_pure_struct *pure =
      s->ansatz->symbol ? NULL
                        : check_sums_get_pure(s, index % s->ansatz->num_states);
  size_t length = said == REASON_TRAPS_NONE_SPHERE ? 1 : 2;
  if (!pure || !pure->apart || pure->length != length) return false;
  for (size_t k = 0; k < length; k++)
    if (pure->list[k].dimension == 1) return false;
  return true;
}

/* What follows from the two classes. */
static reason_code_t by_class(const json_t *landscape) {
  const json_t *blocks = cert_at(landscape, "wishart.blocks");
  const json_t *ideals = cert_at(landscape, "adjoint.ideals");
  size_t moving = 0;
  arb_t second, fourth;
  arb_init(second);
  arb_init(fourth);
  for (size_t i = 0; i < json_array_size(ideals); i++) {
    arb_zero(second);
    said_add_cumulants(second, fourth, json_array_get(ideals, i));
    moving += !arb_is_zero(second);
  }
  arb_clear(second);
  arb_clear(fourth);
  if (json_is_true(cert_at(landscape, "adjoint.applies")))
    return moving > 1 ? REASON_TRAPS_NONE_SUMS : REASON_TRAPS_NONE_ADJOINT;
  if (json_is_true(cert_at(landscape, "wishart.applies")))
    return json_array_size(blocks) == 1 &&
                   !strcmp(cert_text_at(json_array_get(blocks, 0), "count", ""), "1")
               ? REASON_TRAPS_NONE_JORDAN
               : REASON_TRAPS_NONE_SUMS;
  return REASON_TRAPS_UNKNOWN;
}

/* Of free fermions of strings; takes codimension when it is so. */
static bool take_gaussian(ledger_t *l, const check_subject_t *s, size_t index) {
  size_t codimension;
  if (!s->components || s->ansatz->symbol || !subject_is_exact(s, index) ||
      check_gaussian_orbit(&codimension, s->components,
                           subject_observable(s, index), subject_state(s, index),
                           MAX_LAW_MODES,
                           s->max_elements) != ANSWER_YES)
    return false;
  ledger_ulong(l, "codimension", codimension);
  return true;
}

/* Spheres by words in the generators, of a state of strings. */
static bool are_spheres(check_spheres_struct *out, const check_subject_t *s, size_t index) {
  size_t orbit;
  return count_orbit(&orbit, s, index % s->ansatz->num_states) &&
         check_spheres_find(out, s->generators,
                            quantum_state_stabilizer(subject_state(s, index)), orbit,
                            subject_observable(s, index)) &&
         out->holds;
}

/* Not known where the state is not at the minimum; an approximation of the observable has
   another one. */
static void take_codimension(ledger_t *l, const check_spheres_struct *spheres, bool exact) {
  static const char key[] = "codimension";
  if (spheres->codimension == SIZE_MAX || !exact) ledger_null(l, key);
  else ledger_ulong(l, key, spheres->codimension);
}

static void take_open(ledger_t *l) {
  ledger_open(l, "none", orbit_open);
  if (ledger_reason_words(l, "because")) ledger_open(l, "because_code", orbit_open);
  else ledger_take(l, "because_code");
}

static void check_traps(ledger_t *parent, const check_subject_t *s, size_t index,
                        const check_components_struct *components,
                        const json_t *landscape) {
  reason_code_t which = by_class(landscape);
  ledger_t l;
  ledger_begin_at(&l, parent, "traps_on_group");
  check_spheres_struct spheres;
  if (which == REASON_TRAPS_UNKNOWN && take_gaussian(&l, s, index)) {
    which = REASON_TRAPS_NONE_GAUSSIAN;
  } else if (which == REASON_TRAPS_UNKNOWN && by_orbit(&l) &&
             are_spheres(&spheres, s, index)) {
    take_codimension(&l, &spheres, subject_is_exact(s, index));
    which = spheres.spheres == 1 ? REASON_TRAPS_NONE_SPHERE : REASON_TRAPS_NONE_SPHERES;
  } else {
    check_codimension(&l, cert_at(landscape, "adjoint.ideals"));
  }
  if (which == REASON_TRAPS_UNKNOWN && by_orbit(&l) &&
      is_whole(s, index, ledger_said(&l, "because")))
    which = ledger_said(&l, "because");
  if (which == REASON_TRAPS_UNKNOWN && by_orbit(&l)) {
    take_open(&l);
  } else {
    if (which != REASON_TRAPS_UNKNOWN) ledger_bool(&l, "none", true);
    else ledger_null(&l, "none");
    ledger_code(&l, "because", which);
  }
  check_dimension(&l, s, index, components);
  ledger_end(&l);
}

/* Does the observable lie in the algebra of sums? Not asked where nothing is claimed; once
   for all states of one observable. */
static answer_t member_of_sums(const check_subject_t *s, size_t observable,
                               const json_t *landscape) {
  const pauli_sum_struct *o = s->generators->observables + observable;
  struct check_sums_cache *cache = s->sums;
  if (check_in_generators(o, s->generators)) return ANSWER_YES;
  if (cert_get_code(json_object_get(landscape, "adjoint"), "reason") ==
      REASON_ADJOINT_NOT_EXAMINED)
    return ANSWER_UNDECIDED;
  if (!cache->member_known || cache->member_of != observable)
    cache->member = check_member(s->generators, o, member_work);
  cache->member_known = true;
  cache->member_of = observable;
  return cache->member;
}

void check_adjoint(ledger_t *l, const check_subject_t *s, size_t index,
                   const json_t *landscape) {
  const check_components_struct *components = s->components;
  const pauli_sum_struct *o = subject_observable(s, index);
  bool of_sums = s->counted && !s->ansatz->symbol;
  check_adjoint_t found;
  if (s->counted && s->counted->is_strings && s->as_strings)
    components = s->counted->components;
  if (s->ansatz->symbol) components = NULL;
  answer_t member = of_sums && check_in_generators(o, s->generators) ? ANSWER_YES
                    : of_sums && !components
                        ? member_of_sums(s, index / s->ansatz->num_states, landscape)
                        : ANSWER_UNDECIDED;
  quantum_state_t none; /* in the place of an approximation, the law of which is none */
  quantum_state_init(none, s->ansatz->num_qubits);
  if (components)
    check_adjoint_init(found, components, o,
                       subject_is_exact(s, index) ? subject_state(s, index) : none,
                       MAX_LAW_MODES, s->max_elements);
  quantum_state_clear(none);
  /* Of sums the ideals may be given as smaller ones: their own spectra are open; those of
     approximations say nothing. */
  if (components &&
      (components != s->components || !subject_is_exact(s, index))) {
    check_adjoint_struct known = *found;
    known.has_law = false;
    known.num_defining = 0;
    check_class(l, &known, member, s, index, landscape);
  } else {
    check_class(l, components ? found : NULL, member, s, index, landscape);
  }
  if (components) check_adjoint_clear(found);
  check_traps(l, s, index, components, landscape);
}
