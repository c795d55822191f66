/* Generators of circuits: dense matrices, and all reorderings of small ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/generators/generators.h"
#include "tests/ref_matrix.h"
#include "tests/ref_strings.h"
#include "tests/tap.h"

enum { MAX_GATES = 7, MAX_QUBITS = 3, MAX_SIZE = 64 };

/* A circuit in the test's own form: angle = constant + sum of coeff theta. */
typedef struct {
  unsigned string;
  long quarter_turns, eighth; /* constant: quarter_turns pi/2 + eighth pi/8 */
  int num_terms;
  size_t parameter[2];
  long num[2], den[2]; /* coefficient */
  bool times_pi[2];
} gate_t;

typedef struct {
  int num_qubits, num_gates;
  size_t num_parameters;
  gate_t gates[MAX_GATES];
  int num_terms[2]; /* two observables */
  unsigned terms[2][3];
} circuit_t;

static void to_row(uint64_t *row, int n, unsigned p) {
  row[0] = p & ((1u << n) - 1);
  row[1] = p >> n;
}

static unsigned from_row(const uint64_t *row, int n) {
  return (unsigned)(row[0] | row[1] << n);
}

static double to_double(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

static void build(ansatz_t ansatz, const circuit_t *c) {
  uint64_t row[2];
  angle_t angle;
  fmpq_t q;
  fmpq_init(q);
  angle_init(angle);
  ansatz_init(ansatz, ANSATZ_CIRCUIT, (size_t)c->num_qubits);
  for (size_t p = 0; p < c->num_parameters; p++) {
    char name[32];
    snprintf(name, sizeof name, "t%zu", p);
    ansatz_add_parameter(ansatz, name, false);
  }
  for (int i = 0; i < c->num_gates; i++) {
    const gate_t *g = c->gates + i;
    angle_t fresh;
    angle_init(fresh);
    angle_swap(fresh, angle);
    angle_clear(fresh);
    fmpq_set_si(angle->pi_part, 4 * g->quarter_turns + g->eighth, 8);
    for (int t = 0; t < g->num_terms; t++) {
      fmpq_set_si(q, g->num[t], (ulong)g->den[t]);
      angle_add_term(angle, g->parameter[t], g->times_pi[t], q);
    }
    to_row(row, c->num_qubits, g->string);
    ansatz_add_rotation(ansatz, row, angle, i + 1);
  }
  for (int j = 0; j < 2; j++) {
    pauli_sum_t sum;
    pauli_sum_init(sum, (size_t)c->num_qubits);
    for (int k = 0; k < c->num_terms[j]; k++) {
      to_row(row, c->num_qubits, c->terms[j][k]);
      fmpq_set_si(q, k + 1, (ulong)j + 1);
      pauli_sum_push(sum, q, row);
    }
    pauli_sum_canonicalise(sum);
    ansatz_add_observable(ansatz, sum, "o");
    pauli_sum_clear(sum);
  }
  angle_clear(angle);
  fmpq_clear(q);
}

static double angle_of(const gate_t *g, const double *theta) {
  double angle = M_PI * (double)(4 * g->quarter_turns + g->eighth) / 8;
  for (int t = 0; t < g->num_terms; t++)
    angle += (g->times_pi[t] ? M_PI : 1) * (double)g->num[t] /
             (double)g->den[t] * theta[g->parameter[t]];
  return angle;
}

static void print_circuit(const circuit_t *c) {
  char text[64];
  for (int i = 0; i < c->num_gates; i++) {
    const gate_t *g = c->gates + i;
    char line[200];
    int at = snprintf(line, sizeof line, "rotation %s by (%ld/8) pi",
                      ref_get_str(text, c->num_qubits, g->string),
                      4 * g->quarter_turns + g->eighth);
    for (int t = 0; t < g->num_terms; t++)
      at += snprintf(line + at, sizeof line - (size_t)at, " + %ld/%ld%s t%zu",
                     g->num[t], g->den[t], g->times_pi[t] ? " pi" : "",
                     g->parameter[t]);
    tap_diag("%s", line);
  }
}

/* --- U^dag O U, directly and from the generators in some order --- */

static void conjugate(ref_entry_t *out, int n, const ref_entry_t *u,
                      const ref_entry_t *o) {
  ref_entry_t t[MAX_SIZE], a[MAX_SIZE];
  ref_matrix_adjoint(a, n, u);
  ref_matrix_mul(t, n, o, u);
  ref_matrix_mul(out, n, a, t);
}

static void sum_matrix(ref_entry_t *out, int n, const pauli_sum_struct *sum) {
  ref_matrix_zero(out, n);
  for (size_t k = 0; k < sum->length; k++)
    ref_matrix_add_string(out, n, to_double(sum->coeffs + k),
                          from_row(pauli_sum_string(sum, k), n));
}

typedef struct {
  const circuit_t *circuit;
  const generator_set_struct *set;
  const double *theta;
  double freed_angle;
  ref_entry_t target[2][MAX_SIZE], moved[2][MAX_SIZE];
} search_t;

static void apply_use(ref_entry_t *u, const search_t *s, size_t use) {
  const generator_use_struct *x = s->set->uses + use;
  const pauli_sum_struct *g = s->set->generators + x->generator;
  double theta = x->parameter == GENERATOR_FIXED ? s->freed_angle
                                                 : s->theta[x->parameter];
  theta *= to_double(x->scale) * (x->times_pi ? M_PI : 1);
  for (size_t k = 0; k < g->length; k++) /* its terms commute */
    ref_matrix_rotate_left(u, s->circuit->num_qubits,
                           theta * to_double(g->coeffs + k),
                           from_row(pauli_sum_string(g, k),
                                    s->circuit->num_qubits));
}

static bool some_order_works(const search_t *s, const ref_entry_t *u,
                             unsigned used) {
  int n = s->circuit->num_qubits;
  if (used == (1u << s->set->num_uses) - 1) {
    ref_entry_t x[MAX_SIZE];
    for (int j = 0; j < 2; j++) {
      conjugate(x, n, u, s->moved[j]);
      /* a few hundred products of entries of modulus at most 1, norms <= 6 */
      if (ref_matrix_distance(n, x, s->target[j]) > 1e-11) return false;
    }
    return true;
  }
  for (size_t i = 0; i < s->set->num_uses; i++) {
    if (used >> i & 1) continue;
    ref_entry_t v[MAX_SIZE];
    memcpy(v, u, sizeof v);
    apply_use(v, s, i);
    if (some_order_works(s, v, used | 1u << i)) return true;
  }
  return false;
}

static int occurrences(const circuit_t *c, size_t parameter) {
  int count = 0;
  for (int i = 0; i < c->num_gates; i++)
    for (int t = 0; t < c->gates[i].num_terms; t++)
      count += c->gates[i].parameter[t] == parameter;
  return count;
}

/* The constant of a gate with a parameter of its own is a shift of that. */
static void absorb(double *theta, const circuit_t *c, const gate_t *g) {
  for (int t = 0; t < g->num_terms; t++)
    if (occurrences(c, g->parameter[t]) == 1) {
      theta[g->parameter[t]] += (double)(4 * g->quarter_turns + g->eighth) / 8 *
                                (g->times_pi[t] ? 1 : M_PI) *
                                (double)g->den[t] / (double)g->num[t];
      return;
    }
}

static bool dense_agrees(const circuit_t *c, const ansatz_t ansatz,
                         const generator_set_t set) {
  int n = c->num_qubits;
  search_t s = {.circuit = c, .set = set};
  double theta[MAX_GATES];
  ref_entry_t u[MAX_SIZE], o[MAX_SIZE];
  for (size_t p = 0; p < MAX_GATES; p++)
    theta[p] = (double)tap_random_below(1000000) * 1e-6 * 6.28 + 0.001;
  s.theta = theta;
  ref_matrix_identity(u, n);
  for (int i = 0; i < c->num_gates; i++) {
    ref_matrix_rotate_left(u, n, angle_of(c->gates + i, theta) / 2,
                           c->gates[i].string);
    if (set->treatment[i] & ROTATION_FREED)
      s.freed_angle = M_PI *
                      (double)(4 * c->gates[i].quarter_turns +
                               c->gates[i].eighth) / 8;
  }
  for (int i = 0; i < c->num_gates; i++)
    if (c->gates[i].eighth && !(set->treatment[i] & ROTATION_FREED))
      absorb(theta, c, c->gates + i);
  for (int j = 0; j < 2; j++) {
    sum_matrix(o, n, ansatz->observables[j].sum);
    conjugate(s.target[j], n, u, o);
    sum_matrix(s.moved[j], n, set->observables + j);
  }
  ref_matrix_identity(u, n);
  return some_order_works(&s, u, 0);
}

/* --- what can be merged, by trying every order --- */

typedef struct {
  int num_atoms;
  size_t parameter[2 * MAX_GATES]; /* GENERATOR_FIXED: none */
  unsigned string[2 * MAX_GATES];
  bool times_pi[2 * MAX_GATES];
} atoms_t;

/* Strings seen through the Cliffords before them, by matrices: the string S
   with C^dag P C = +-S. */
static unsigned seen_through(int n, const ref_entry_t *c, unsigned p) {
  ref_entry_t m[MAX_SIZE], x[MAX_SIZE], s[MAX_SIZE];
  ref_matrix_zero(m, n);
  ref_matrix_add_string(m, n, 1, p);
  conjugate(x, n, c, m);
  for (unsigned q = 0; q < 1u << (2 * n); q++) {
    ref_entry_t t[MAX_SIZE];
    ref_matrix_zero(s, n);
    ref_matrix_add_string(s, n, 1, q);
    ref_matrix_mul(t, n, s, x);
    if (cabs(ref_matrix_trace(n, t)) > 0.5) return q;
  }
  abort();
}

static void list_atoms(atoms_t *a, const circuit_t *c) {
  int n = c->num_qubits;
  ref_entry_t clifford[MAX_SIZE];
  ref_matrix_identity(clifford, n);
  a->num_atoms = 0;
  for (int i = 0; i < c->num_gates; i++) {
    const gate_t *g = c->gates + i;
    bool freed = g->eighth != 0;
    for (int t = 0; t < g->num_terms; t++)
      if (occurrences(c, g->parameter[t]) == 1) freed = false;
    unsigned string = seen_through(n, clifford, g->string);
    for (int t = 0; t < g->num_terms + freed; t++) {
      bool fixed = t == g->num_terms;
      a->parameter[a->num_atoms] = fixed ? GENERATOR_FIXED : g->parameter[t];
      a->times_pi[a->num_atoms] = !fixed && g->times_pi[t];
      a->string[a->num_atoms++] = string;
    }
    if (!g->eighth)
      ref_matrix_rotate_left(clifford, n,
                             (double)g->quarter_turns * M_PI / 4, g->string);
  }
}

/* Some order of the atoms that keeps non-commuting pairs in order, in which
   every parameter of `wanted` is contiguous? */
static bool contiguous_order(const atoms_t *a, int n, unsigned wanted,
                             unsigned used, size_t last) {
  if (used == (1u << a->num_atoms) - 1) return true;
  bool open = false; /* the parameter of the last atom is not finished */
  if (last < GENERATOR_FIXED && wanted >> last & 1)
    for (int i = 0; i < a->num_atoms; i++)
      if (!(used >> i & 1) && a->parameter[i] == last) open = true;
  for (int i = 0; i < a->num_atoms; i++) {
    if (used >> i & 1) continue;
    if (open && a->parameter[i] != last) continue;
    bool free_to_go = true;
    for (int j = 0; j < i && free_to_go; j++)
      if (!(used >> j & 1) && ref_anticommute(n, a->string[i], a->string[j]))
        free_to_go = false;
    if (free_to_go && contiguous_order(a, n, wanted, used | 1u << i,
                                       a->parameter[i]))
      return true;
  }
  return false;
}

static bool can_merge(const atoms_t *a, int n, unsigned wanted) {
  for (int i = 0; i < a->num_atoms; i++)
    for (int j = 0; j < i; j++)
      if (a->parameter[i] == a->parameter[j] &&
          a->parameter[i] != GENERATOR_FIXED && wanted >> a->parameter[i] & 1 &&
          (ref_anticommute(n, a->string[i], a->string[j]) ||
           a->times_pi[i] != a->times_pi[j]))
        return false;
  return contiguous_order(a, n, wanted, 0, GENERATOR_FIXED);
}

/* Flags against each other and against the orders. NULL when right. */
static const char *flags_wrong(const circuit_t *c, const generator_set_t set) {
  atoms_t atoms;
  list_atoms(&atoms, c);
  unsigned shared = 0, split = 0, once = 0;
  for (int i = 0; i < atoms.num_atoms; i++) {
    if (atoms.parameter[i] == GENERATOR_FIXED) continue;
    unsigned bit = 1u << atoms.parameter[i];
    shared |= once & bit;
    once |= bit;
  }
  for (size_t p = 0; p < c->num_parameters; p++) {
    size_t uses = 0, with = 0;
    for (size_t i = 0; i < set->num_uses; i++)
      uses += set->uses[i].parameter == p;
    for (int i = 0; i < atoms.num_atoms; i++) with += atoms.parameter[i] == p;
    if (uses > 1) split |= 1u << p;
    if (uses > 1 && uses != with) return "uses of a split parameter";
  }
  bool flagged = false, freed = false;
  for (int i = 0; i < c->num_gates; i++) {
    const gate_t *g = c->gates + i;
    unsigned mine = 0;
    for (int t = 0; t < g->num_terms; t++) mine |= 1u << g->parameter[t];
    if (((set->treatment[i] & ROTATION_SPLIT) != 0) != ((mine & split) != 0))
      return "ROTATION_SPLIT";
    if ((mine & split) && (mine & shared & ~split))
      return "half-split rotation";
    flagged = flagged || set->treatment[i];
    freed = freed || (set->treatment[i] & ROTATION_FREED);
  }
  size_t fixed_atoms = 0, fixed_uses = 0;
  for (int i = 0; i < atoms.num_atoms; i++)
    fixed_atoms += atoms.parameter[i] == GENERATOR_FIXED;
  for (size_t i = 0; i < set->num_uses; i++)
    fixed_uses += set->uses[i].parameter == GENERATOR_FIXED;
  if (fixed_atoms != fixed_uses || freed != (fixed_atoms > 0))
    return "freed gates";
  if (set->upper_bound != flagged) return "upper_bound";
  if (set->upper_bound && !set->num_notes) return "no note";
  if (can_merge(&atoms, c->num_qubits, shared) && split)
    return "all could be merged";
  if (!can_merge(&atoms, c->num_qubits, shared & ~split)) {
    /* only sums commute: rare, the matrices have the last word */
    tap_diag("merged beyond exchanges of commuting gates");
    print_circuit(c);
  }
  return NULL;
}

static const char *form_wrong(const generator_set_t set) {
  bool single = true;
  fmpq_t ratio;
  fmpq_init(ratio);
  const char *wrong = NULL;
  for (size_t j = 0; j < set->num_generators; j++) {
    const pauli_sum_struct *g = set->generators + j;
    if (g->length != 1) single = false;
    if (!g->length) wrong = "zero generator";
    for (size_t k = 0; k < g->length; k++)
      if (pauli_is_identity(pauli_sum_string(g, k), g->num_words))
        wrong = "identity";
    for (size_t i = 0; i < j; i++)
      if (pauli_sum_is_multiple(ratio, g, set->generators + i))
        wrong = "proportional generators";
    bool used = false;
    for (size_t i = 0; i < set->num_uses; i++)
      used = used || set->uses[i].generator == j;
    if (!used) wrong = "generator without use";
  }
  for (size_t i = 1; i < set->num_uses; i++)
    if (set->uses[i].parameter < set->uses[i - 1].parameter)
      wrong = "order of uses";
  if (single != set->single_strings) wrong = "single_strings";
  if (!wrong && single) {
    uint64_t *rows = generator_set_strings(set);
    size_t width = 2 * pauli_words(set->num_qubits);
    for (size_t j = 0; j < set->num_generators; j++)
      if (memcmp(rows + j * width, pauli_sum_string(set->generators + j, 0),
                 width * sizeof *rows))
        wrong = "generator_set_strings";
    flint_free(rows);
  }
  fmpq_clear(ratio);
  return wrong;
}

static long num_merged, num_split, num_freed, num_cancelled;

/* Is there a fixed gate that is not treated as free? */
static bool is_placed(const circuit_t *c, const generator_set_t set) {
  for (int i = 0; i < c->num_gates; i++) {
    bool own = false;
    for (int t = 0; t < c->gates[i].num_terms; t++)
      own |= occurrences(c, c->gates[i].parameter[t]) == 1;
    if (c->gates[i].eighth && !own && !(set->treatment[i] & ROTATION_FREED))
      return true;
  }
  return false;
}

static bool circuit_agrees(const circuit_t *c) {
  ansatz_t ansatz;
  generator_set_t set;
  build(ansatz, c);
  generator_set_init(set, ansatz);
  if (is_placed(c, set)) { /* see t-fixed-gates */
    generator_set_clear(set);
    ansatz_clear(ansatz);
    return true;
  }
  const char *wrong = form_wrong(set);
  if (!wrong) wrong = flags_wrong(c, set);
  if (!wrong && !dense_agrees(c, ansatz, set)) wrong = "dense product";
  size_t atoms = 0;
  for (int i = 0; i < c->num_gates; i++) {
    atoms += (size_t)c->gates[i].num_terms;
    num_split += (set->treatment[i] & ROTATION_SPLIT) != 0;
    if (set->treatment[i] & ROTATION_FREED) atoms++, num_freed++;
  }
  if (set->num_uses < atoms) num_merged++;
  for (size_t i = 0; i < set->num_notes; i++)
    if (strstr(set->notes[i], "no effect")) num_cancelled++;
  if (wrong) {
    tap_diag("%s is wrong for", wrong);
    print_circuit(c);
    for (size_t i = 0; i < set->num_uses; i++) {
      char *text = pauli_sum_get_str(set->generators + set->uses[i].generator);
      char *scale = fmpq_get_str(NULL, 10, set->uses[i].scale);
      tap_diag("use: t%zd * %s (%s)", (ssize_t)set->uses[i].parameter, scale,
               text);
      free(text);
      flint_free(scale);
    }
  }
  generator_set_clear(set);
  ansatz_clear(ansatz);
  return !wrong;
}

/* --- random circuits --- */

static unsigned local_string(int n) {
  for (;;) {
    unsigned p = (unsigned)tap_random_below((size_t)1 << (2 * n)), keep = 0;
    for (int j = 0; j < n; j++)
      if (tap_random_below(2)) keep |= 1u << j | 1u << (n + j);
    if (p & keep) return p & keep;
  }
}

static void random_circuit(circuit_t *c, bool sharing, bool freeing) {
  memset(c, 0, sizeof *c);
  int n = c->num_qubits = 1 + (int)tap_random_below(MAX_QUBITS);
  c->num_gates = 1 + (int)tap_random_below(MAX_GATES);
  size_t used = 0, num_terms = 0;
  bool freed = false;
  for (int i = 0; i < c->num_gates; i++) {
    gate_t *g = c->gates + i;
    g->string = local_string(n);
    if (i && tap_random_below(4) == 0) g->string = c->gates[i - 1].string;
    g->quarter_turns = (long)tap_random_below(9) - 4;
    if (tap_random_below(2)) g->quarter_turns = 0;
    int terms = tap_random_below(3) == 0 ? 0 : 1;
    if (terms && tap_random_below(6) == 0) terms = 2;
    if (num_terms + (size_t)terms > 5) terms = 0;
    num_terms += (size_t)terms;
    if (freeing && !freed && tap_random_below(4) == 0) {
      freed = true;
      g->eighth = 1 + 2 * (long)tap_random_below(2);
    }
    for (int t = 0; t < terms; t++) {
      size_t p = used;
      if (sharing && used && tap_random_below(2)) p = tap_random_below(used);
      if (t == 1 && p == g->parameter[0]) p = used;
      if (p == used) used++;
      g->parameter[t] = p;
      g->num[t] = (long)tap_random_below(5) - 2;
      if (!g->num[t]) g->num[t] = 1;
      if (tap_random_below(2)) g->num[t] = g->num[t] > 0 ? 1 : -1;
      g->den[t] = tap_random_below(4) ? 1 : 3;
      g->times_pi[t] = tap_random_below(12) == 0;
    }
    g->num_terms = terms;
  }
  c->num_parameters = used;
  for (int j = 0; j < 2; j++) {
    c->num_terms[j] = 3;
    for (int k = 0; k < 3; k++)
      c->terms[j][k] = (unsigned)tap_random_below((size_t)1 << (2 * n));
  }
}

/* --- named cases --- */

static const struct {
  const char *text; /* gates "LETTERS parameter" */
  int num_qubits, num_parameters;
  bool upper_bound;
  size_t num_generators, num_uses;
  const char *why;
} named[] = {
    {"ZZII0 IIZZ0", 4, 1, false, 1, 1, "commuting gates add up"},
    {"XIII0 ZIII1 XIII0", 4, 2, true, 2, 3, "blocked by a gate between"},
    {"XIII0 IZII1 XIII0", 4, 2, false, 2, 2, "not blocked by a gate between"},
    {"XIII0 ZIII0", 4, 1, true, 2, 2, "its own gates do not commute"},
    {"ZZII0 XIII1 IIXI1 IIZZ0", 4, 2, true, 3, 3,
     "each alone could be merged, not both"},
    {"ZZII0 XIII1 IIZZ0 IIXI1", 4, 2, false, 2, 2, "both in order"},
    {"XIII0 ZIII1 IIXI0 IIZI1", 4, 2, false, 2, 2, "interleaved layers"},
    {"XIII0 ZIII1 IIXI0 IIZI1 XIII2", 4, 3, false, 3, 3, "and one more"},
    {"XIII0 ZIII1 IIZI1 IIXI0", 4, 2, true, 3, 3, "nested the wrong way"},
    {"YIII0 YIII1 YIII0", 4, 2, false, 1, 2, "one generator, two parameters"},
};

static bool named_case(size_t which) {
  ansatz_t ansatz;
  generator_set_t set;
  angle_t angle;
  fmpq_t one;
  int n = named[which].num_qubits;
  fmpq_init(one);
  fmpq_one(one);
  ansatz_init(ansatz, ANSATZ_CIRCUIT, (size_t)n);
  for (int p = 0; p < named[which].num_parameters; p++)
    ansatz_add_parameter(ansatz, "t", false);
  for (const char *at = named[which].text; *at;
       at += at[n + 1] ? n + 2 : n + 1) {
    uint64_t row[2] = {0, 0};
    for (int j = 0; j < n; j++)
      pauli_set(row, 1, (size_t)j,
                at[j] == 'X' ? 1 : at[j] == 'Z' ? 2 : at[j] == 'Y' ? 3 : 0);
    angle_init(angle);
    angle_add_term(angle, (size_t)(at[n] - '0'), false, one);
    ansatz_add_rotation(ansatz, row, angle, 1);
    angle_clear(angle);
  }
  generator_set_init(set, ansatz);
  bool ok = set->upper_bound == named[which].upper_bound &&
            set->num_generators == named[which].num_generators &&
            set->num_uses == named[which].num_uses;
  generator_set_clear(set);
  ansatz_clear(ansatz);
  fmpq_clear(one);
  return ok;
}

/* --- operator files, many qubits --- */

static bool operators_kept(void) {
  ansatz_t ansatz;
  generator_set_t set;
  uint64_t rows[3][2] = {{1, 0}, {0, 2}, {0, 0}};
  fmpq_t q;
  pauli_sum_t sum;
  fmpq_init(q);
  ansatz_init(ansatz, ANSATZ_OPERATORS, 2);
  ansatz->num_parameters = 7;
  /* X0, 0, Z1 + 3, -2/3 X0, 5 I */
  static const long coeffs[5][3] = {
      {1, 0, 0}, {0, 0, 0}, {0, 1, 3}, {-2, 0, 0}, {0, 0, 5}};
  for (size_t j = 0; j < 5; j++) {
    pauli_sum_init(sum, 2);
    for (size_t k = 0; k < 3; k++) {
      fmpq_set_si(q, coeffs[j][k], j == 3 ? 3 : 1);
      pauli_sum_push(sum, q, rows[k]);
    }
    pauli_sum_canonicalise(sum);
    ansatz_add_generator(ansatz, sum);
    if (j == 2) ansatz_add_observable(ansatz, sum, "o");
    pauli_sum_clear(sum);
  }
  generator_set_init(set, ansatz);
  /* parameters 0..6 drive X0, 0, Z1+3, -2/3 X0, 5, X0, 0 */
  static const size_t parameter[5] = {0, 2, 3, 4, 5};
  static const size_t generator[5] = {0, 1, 0, 2, 0};
  bool ok = set->num_generators == 3 && set->num_uses == 5 &&
            !set->upper_bound && !set->single_strings && !set->treatment &&
            set->num_observables == 1 &&
            pauli_sum_equal(set->observables, ansatz->observables[0].sum) &&
            pauli_sum_equal(set->generators + 1, ansatz->generators + 2);
  for (size_t i = 0; i < 5 && ok; i++) {
    fmpq_set_si(q, i == 2 ? -2 : 1, i == 2 ? 3 : 1);
    ok = set->uses[i].parameter == parameter[i] &&
         set->uses[i].generator == generator[i] && !set->uses[i].times_pi &&
         fmpq_equal(set->uses[i].scale, q);
  }
  generator_set_clear(set);
  /* fewer parameters than generators: the others are in the algebra */
  ansatz->num_parameters = 1;
  generator_set_init(set, ansatz);
  ok = ok && set->num_generators == 3 && set->uses[0].parameter == 0 &&
       set->num_uses == 4 && set->uses[3].parameter == GENERATOR_FIXED;
  generator_set_clear(set);
  ansatz_clear(ansatz);
  fmpq_clear(q);
  return ok;
}

/* Moves qubits 0,1,2 to 3,64,150 of 200. */
static void spread_row(uint64_t *out, const uint64_t *row) {
  static const size_t to[3] = {3, 64, 150};
  memset(out, 0, 8 * sizeof *out);
  for (size_t j = 0; j < 3; j++) pauli_set(out, 4, to[j], pauli_get(row, 1, j));
}

static bool sums_match(const pauli_sum_t small, const pauli_sum_t large) {
  pauli_sum_t moved;
  uint64_t row[8];
  pauli_sum_init(moved, 200);
  for (size_t k = 0; k < small->length; k++) {
    spread_row(row, pauli_sum_string(small, k));
    pauli_sum_push(moved, small->coeffs + k, row);
  }
  pauli_sum_canonicalise(moved);
  bool ok = pauli_sum_equal(moved, large);
  pauli_sum_clear(moved);
  return ok;
}

static bool many_qubits_agree(void) {
  circuit_t c;
  do random_circuit(&c, true, true);
  while (c.num_qubits != 3);
  ansatz_t small, large;
  generator_set_t a, b;
  uint64_t row[8];
  build(small, &c);
  ansatz_init(large, ANSATZ_CIRCUIT, 200);
  for (size_t p = 0; p < c.num_parameters; p++)
    ansatz_add_parameter(large, "t", false);
  for (size_t i = 0; i < small->num_rotations; i++) {
    spread_row(row, small->rotations[i].string);
    ansatz_add_rotation(large, row, small->rotations[i].angle, 1);
  }
  for (size_t j = 0; j < 2; j++) {
    pauli_sum_t sum;
    const pauli_sum_struct *in = small->observables[j].sum;
    pauli_sum_init(sum, 200);
    for (size_t k = 0; k < in->length; k++) {
      spread_row(row, pauli_sum_string(in, k));
      pauli_sum_push(sum, in->coeffs + k, row);
    }
    pauli_sum_canonicalise(sum);
    ansatz_add_observable(large, sum, "o");
    pauli_sum_clear(sum);
  }
  generator_set_init(a, small);
  generator_set_init(b, large);
  bool ok = a->num_uses == b->num_uses &&
            a->num_generators == b->num_generators &&
            a->upper_bound == b->upper_bound;
  for (size_t j = 0; j < a->num_generators && ok; j++)
    ok = sums_match(a->generators + j, b->generators + j);
  for (size_t j = 0; j < 2 && ok; j++)
    ok = sums_match(a->observables + j, b->observables + j);
  for (size_t i = 0; i < a->num_uses && ok; i++)
    ok = a->uses[i].parameter == b->uses[i].parameter &&
         a->uses[i].generator == b->uses[i].generator &&
         fmpq_equal(a->uses[i].scale, b->uses[i].scale);
  generator_set_clear(a);
  generator_set_clear(b);
  ansatz_clear(small);
  ansatz_clear(large);
  return ok;
}

int main(void) {
  tap_begin("t-generators");
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    tap_ok(named_case(i), "%s: %s", named[i].text, named[i].why);
  tap_ok(operators_kept(), "operator files: as written, zero and repeated");
  static const char *const kinds[4] = {
      "Cliffords and free parameters", "shared parameters",
      "a fixed gate that is no Clifford", "shared parameters and a fixed gate"};
  for (unsigned kind = 0; kind < 4; kind++) {
    long tries = tap_iterations(700), failures = 0;
    for (long i = 0; i < tries && failures < 3; i++) {
      circuit_t c;
      random_circuit(&c, kind & 1, kind & 2);
      failures += !circuit_agrees(&c);
    }
    tap_ok(failures == 0, "%ld circuits: %s", tries, kinds[kind]);
  }
  long failures = 0;
  for (long i = 0; i < tap_iterations(300); i++)
    failures += !many_qubits_agree();
  tap_ok(failures == 0, "the same circuits spread over 200 qubits");
  tap_occurred(num_merged && num_split && num_freed && num_cancelled,
               "merged, split, freed and cancelled all occurred");
  tap_diag("merged %ld, split %ld, freed %ld, cancelled %ld", num_merged,
           num_split, num_freed, num_cancelled);
  return tap_end();
}
