/* t-check-pure - moments of pure states on sectors as `check` computes them, by its own
   formula for independent su(d) and by invariant tensors for everything else: against the
   exact numbers of certify, which follows strings or closes the algebra. */
#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_pure_loss.h"
#include "cli/format/json_number.h"
#include "cli/request/reader.h"
#include "tests/program.h"
#include "tests/sum_inputs.h"
#include "tests/tap.h"

typedef struct {
  size_t compared, twirled, wrong, orbits, turned, ways;
} count_t;

static bool is_residue(const json_t *number, mp_limb_t value, nmod_t mod) {
  fmpq_t x;
  fmpq_init(x);
  bool same = cert_get_fmpq(x, number) &&
              nmod_mul(value, fmpz_fdiv_ui(fmpq_denref(x), mod.n), mod) ==
                  fmpz_fdiv_ui(fmpq_numref(x), mod.n);
  fmpq_clear(x);
  return same;
}

static bool same_loss(check_pure_loss_struct *loss, check_pure_struct *pure,
                      const json_t *landscape, const check_generators_struct *g) {
  nmod_t mod = loss->mod;
  mp_limb_t value, square = nmod_mul(loss->mean, loss->mean, mod);
  const json_t *list = json_object_get(landscape, "gradient_variance");
  bool same = is_residue(json_object_get(landscape, "mean"), loss->mean, mod) &&
              is_residue(json_object_get(landscape, "variance"),
                         nmod_sub(loss->second, square, mod), mod);
  for (size_t u = 0; u < g->num_uses && same && json_is_array(list); u++)
    same = check_pure_gradient(&value, loss, pure, g->uses[u].sum) &&
           is_residue(json_array_get(list, g->uses[u].parameter), value, mod);
  return same;
}

/* One landscape; forced: by invariant tensors where the other formula would do. */
static void compare(count_t *c, check_decomposition_struct *d, const quantum_state_t rho,
                    const pauli_sum_struct *o, const json_t *landscape,
                    const check_generators_struct *g, bool forced, const char *text) {
  check_pure_t pure;
  check_pure_loss_t loss;
  if (!json_is_string(json_object_get(landscape, "variance")) ||
      !check_pure_init(pure, d, rho))
    return;
  size_t orbit = 0, again = 0;
  bool known = check_pure_orbit_dimension(&orbit, pure), ours = pure->apart || pure->turns;
  c->turned += pure->turns;
  if (forced) pure->apart = pure->turns = false;
  if (known && ours && forced && check_pure_orbit_dimension(&again, pure)) {
    c->orbits++;
    if (orbit != again) {
      c->wrong++;
      tap_diag("orbit of dimension %zu or %zu in\n%s", orbit, again, text);
    }
  }
  if (check_pure_loss_init(loss, pure, o)) {
    c->compared++;
    c->twirled += loss->has_twirl;
    if (!same_loss(loss, pure, landscape, g)) {
      c->wrong++;
      tap_diag("other moments (%s) in\n%s", loss->has_twirl ? "tensors" : "su(d)", text);
    }
    check_pure_loss_clear(loss);
  }
  check_pure_clear(pure);
}

/* By both formulas, whatever certify says, the state's sectors being so(d): both change with
   the parts of O that join them. */
static void compare_ways(count_t *c, check_decomposition_struct *d, const quantum_state_t rho,
                         const pauli_sum_struct *o, const check_generators_struct *g,
                         const char *text) {
  check_pure_t pure;
  check_pure_loss_t one, other;
  mp_limb_t x, y;
  if (!check_pure_init(pure, d, rho)) return;
  bool has_one = pure->turns && pure->list[0].has_matrices && check_pure_loss_init(one, pure, o);
  pure->apart = pure->turns = false;
  if (has_one && check_pure_loss_init(other, pure, o)) {
    bool same = one->mean == other->mean && one->second == other->second;
    for (size_t u = 0; u < g->num_uses && same; u++)
      same = check_pure_gradient(&x, one, pure, g->uses[u].sum) &&
             check_pure_gradient(&y, other, pure, g->uses[u].sum) && x == y;
    c->ways++;
    c->wrong += !same;
    if (!same) tap_diag("so(d) and tensors differ in\n%s", text);
    check_pure_loss_clear(other);
  }
  if (has_one) check_pure_loss_clear(one);
  check_pure_clear(pure);
}

/* more: observables that certify is not asked for, since it would close the algebra. */
static void compare_all(count_t *c, const char *text, const char *more) {
  ansatz_t ansatz;
  diagnostic_t diag;
  check_generators_t g;
  check_prime_t p;
  char *whole;
  if (asprintf(&whole, "%s%s", text, more ? more : "") < 0) abort();
  diagnostic_init(diag);
  program_write("pure.ops", text);
  run_t run = program_run("$L certify pure.ops --json --time-limit 120");
  json_t *root = run_json(&run);
  if (root && reader_read_text(ansatz, diag, "pure.ops", whole, strlen(whole), FORMAT_OPS,
                               NULL, 0) == STATUS_OK) {
    check_generators_init(g, ansatz, NULL);
    if (check_prime_init_cyclic(&p, g) && p.num_sums > 0) {
      check_decomposition_t d;
      p.work_left = 2000000000;
      check_decomposition_init(d, &p);
      const json_t *list = json_object_get(root, "landscapes");
      size_t states = ansatz->num_states;
      for (size_t i = 0; i < states * ansatz->num_observables && d->known; i++)
        compare_ways(c, d, ansatz->states[i % states].state, g->observables + i / states, g,
                     text);
      for (size_t i = 0; i < 2 * json_array_size(list) && d->known; i++)
        compare(c, d, ansatz->states[i / 2 % states].state, g->observables + i / 2 / states,
                json_array_get(list, i / 2), g, i % 2, text);
      check_decomposition_clear(d);
    }
    check_prime_clear(&p);
    check_generators_clear(g);
    ansatz_clear(ansatz);
  }
  diagnostic_clear(diag);
  json_decref(root);
  run_clear(&run);
  free(whole);
}

static void test_random(void) {
  static char text[SUM_INPUTS_ROOM];
  size_t total = (size_t)tap_iterations(20);
  count_t c = {0};
  for (size_t k = 0; k < total; k++) {
    sum_inputs_random(text);
    compare_all(&c, text, NULL);
  }
  tap_ok(!c.wrong, "%zu random ansaetze: %zu moments, %zu by invariant tensors, %zu orbits",
         total, c.compared, c.twirled, c.orbits);
}

/* What acts, and of which of these the state populates several: */
static const struct {
  const char *text;
  bool tensors, real; /* needs them; so(d) and real states */
  const char *more;
} families[] = {
    /* unitary coupled cluster, two electrons in three orbitals: so(9) on two sectors, which
       X5 joins; Y5 is antisymmetric */
    {"qubits 6\ngenerator Y0 Z1 X2 - X0 Z1 Y2\ngenerator Y1 Z2 X3 - X1 Z2 Y3\n"
     "generator Y0 Z1 Z2 Z3 X4 - X0 Z1 Z2 Z3 Y4\ngenerator Y1 Z2 Z3 Z4 X5 - X1 Z2 Z3 Z4 Y5\n"
     "generator Y0 Y1 Y2 X3 - X0 X1 Y2 X3 + Y0 X1 X2 X3 + X0 Y1 X2 X3 - Y0 X1 Y2 Y3 - "
     "X0 Y1 Y2 Y3 + Y0 Y1 X2 Y3 - X0 X1 X2 Y3\n"
     "generator Y0 Y1 Y4 X5 - X0 X1 Y4 X5 + Y0 X1 X4 X5 + X0 Y1 X4 X5 - Y0 X1 Y4 Y5 - "
     "X0 Y1 Y4 Y5 + Y0 Y1 X4 Y5 - X0 X1 X4 Y5\n"
     "observable Z0 + X1 Z2 X3 + Y1 Z2 Y3 + 1/2 Z5\n"
     "state bits 110000\nstate product 0,0,-1 0,0,-1 0,0,1 0,0,1 0,0,1 3/5,0,4/5\n", false, true,
     "observable X5 + Y5 Z4 + Z0 X5 + 1/3 Z2 + Y5\n"},
    /* so(6), su(4) and a line */
    {"qubits 8\ngenerator X0 X1 + Y0 Y1 + X4 X5 + Y4 Y5 + X2 X3 + Y2 Y3 + X6 X7 + Y6 Y7\n"
    "generator X0 Z1 X2 + Y0 Z1 Y2 + X4 Z5 X6 + Y4 Z5 Y6 + X1 Z2 X3 + Y1 Z2 Y3 + X5 Z6 X7 + "
    "Y5 Z6 Y7\ngenerator Z0 Z4 - Z0 - Z4 + Z1 Z5 - Z1 - Z5 + Z2 Z6 - Z2 - Z6 + Z3 Z7 - Z3 - "
    "Z7\nobservable Z0 Z4 + Z1 Z5\nobservable X0 X1 + Y0 Y1\nstate bits 10100101\n", true, false, NULL},
    /* su(6) by its defining representation and by its dual, spin 1 */
    {"qubits 6\ngenerator sum(i in 0..4: X{i} X{i+1} + Y{i} Y{i+1})\n"
    "generator sum(i in 0..4: Z{i} Z{i+1})\nobservable Z0 Z1\nobservable X0 X3 + Y0 Y3\n"
    "state bits 010101\nstate bits 001101\nstate plus\n", true, false, NULL},
    /* the centre tells copies apart */
    {"qubits 4\ngenerator X0 X1 + Y0 Y1 + Z3\ngenerator X1 X2 + Y1 Y2\ngenerator Z0 Z1\n"
    "observable X3\nobservable X0 X1 X3\nobservable Z0 + X0 X3\nstate bits 0100\n"
    "state product 0,0,1 0,0,-1 0,0,1 3/5,0,4/5\n", true, false, NULL},
    /* all permutations, and matrices that are not real */
    {"qubits 9\ngenerator sum(i in 0..8: X{i})\ngenerator sum(i in 0..8: Y{i})\n"
     "generator sum(i in 0..7: sum(j in i+1..8: Z{i} Z{j}))\nobservable Z0 Z1\n"
     "observable X0 + Y1 Y2\nstate zero\nstate plus\nstate product 3/5,0,4/5 3/5,0,4/5 "
     "3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5\n", false, false, NULL}};

int main(void) {
  tap_begin("t-check-pure");
  test_random();
  for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
    count_t c = {0};
    compare_all(&c, families[k].text, families[k].more);
    tap_ok(!c.wrong && c.compared && (c.twirled || !families[k].tensors) &&
               (!families[k].real || (c.turned && c.ways)),
           "family %zu: %zu moments, %zu by invariant tensors, %zu orbits", k, c.compared,
           c.twirled, c.orbits);
  }
  program_end();
  return tap_end();
}
