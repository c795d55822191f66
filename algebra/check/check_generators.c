#include <stdlib.h>

#include "algebra/check/check_frame.h"
#include "algebra/base/text.h"
#include "algebra/check/check_inputs.h"
#include "algebra/check/check_seen.h"

/* --- Clifford gates -------------------------------------------------------------------- */

static void pull_back_sum(pauli_sum_t out, const pauli_sum_t in,
                          const check_frame_t frame) {
  size_t bytes = 2 * in->num_words * sizeof(uint64_t);
  uint64_t *string = flint_malloc(bytes + 1);
  fmpq_t coeff;
  fmpq_init(coeff);
  for (size_t t = 0; t < in->length; t++) {
    bool negative = false;
    memcpy(string, pauli_sum_string(in, t), bytes);
    check_frame_pull(string, &negative, frame);
    fmpq_set(coeff, in->coeffs + t);
    if (negative) fmpq_neg(coeff, coeff);
    pauli_sum_push(out, coeff, string);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(coeff);
  flint_free(string);
}

/* --- gates ------------------------------------------------------------------------------- */

static void atoms_push(check_atoms_t *list, size_t parameter, size_t rotation,
                       bool times_pi, const fmpq_t angle, bool negative,
                       const uint64_t *string) {
  if (list->length == list->alloc) {
    list->alloc = 2 * list->alloc + 64;
    list->atoms = flint_realloc(list->atoms, list->alloc * sizeof *list->atoms);
  }
  check_atom_t *atom = list->atoms + list->length++;
  size_t bytes = 2 * list->num_words * sizeof *string;
  *atom = (check_atom_t){.parameter = parameter, .rotation = rotation,
                   .times_pi = times_pi, .string = flint_malloc(bytes + 1)};
  memcpy(atom->string, string, bytes);
  fmpq_init(atom->coeff);
  fmpq_init(atom->turns);
  fmpq_init(atom->radians);
  fmpq_div_2exp(atom->coeff, angle, 1);
  if (negative) fmpq_neg(atom->coeff, atom->coeff);
}

static void atoms_clear(check_atoms_t *list) {
  for (size_t i = 0; i < list->length; i++) {
    fmpq_clear(list->atoms[i].coeff);
    fmpq_clear(list->atoms[i].turns);
    fmpq_clear(list->atoms[i].radians);
    flint_free(list->atoms[i].string);
  }
  flint_free(list->atoms);
  flint_free(list->occurrences);
}

/* A constant that is no multiple of pi/2 has to be freed unless a parameter
   of the gate that occurs in no other gate takes it up. */
static bool must_be_freed(const angle_struct *angle, const size_t *occurrences) {
  for (size_t t = 0; t < angle->num_terms; t++)
    if (occurrences[angle->terms[t].parameter] == 1) return false;
  return true;
}

/* The constants of the gates, those taken off that shifts of parameters account for:
   angles c theta + d of all gates of theta become c (theta - d0/c0) + d, with the first
   gate that makes every d - c d0/c0 a multiple of pi/2. */
typedef struct {
  angle_struct *constants;
  size_t *gates, num_gates; /* of one parameter */
} shifts_t;

static const angle_term_struct *only_term(const angle_struct *angle, size_t parameter) {
  const angle_term_struct *found = NULL;
  for (size_t t = 0; t < angle->num_terms; t++) {
    if (angle->terms[t].parameter != parameter) continue;
    if (found) return NULL;
    found = angle->terms + t;
  }
  return found;
}

/* d -= c/c0 d0 for all gates, into out. */
static bool shift_by(angle_struct *out, const shifts_t *s, const ansatz_t ansatz,
                     size_t parameter, size_t first) {
  const angle_term_struct *t0 =
      only_term(ansatz->rotations[s->gates[first]].angle, parameter);
  const angle_struct *d0 = s->constants + s->gates[first];
  bool ok = t0 != NULL;
  unsigned turns;
  fmpq_t factor, part;
  fmpq_init(factor);
  fmpq_init(part);
  for (size_t i = 0; i < s->num_gates && ok; i++) {
    const angle_term_struct *t =
        only_term(ansatz->rotations[s->gates[i]].angle, parameter);
    ok = t && t->times_pi == t0->times_pi;
    if (!ok) break;
    fmpq_div(factor, t->coeff, t0->coeff);
    fmpq_mul(part, factor, d0->pi_part);
    fmpq_sub(out[i].pi_part, s->constants[s->gates[i]].pi_part, part);
    fmpq_mul(part, factor, d0->rad_part);
    fmpq_sub(out[i].rad_part, s->constants[s->gates[i]].rad_part, part);
    ok = angle_is_clifford(&turns, out + i);
  }
  fmpq_clear(factor);
  fmpq_clear(part);
  return ok;
}

static void shift_parameter(shifts_t *s, const ansatz_t ansatz, size_t parameter) {
  angle_struct *shifted = flint_malloc((s->num_gates + 1) * sizeof *shifted);
  unsigned turns;
  bool done = false;
  for (size_t i = 0; i < s->num_gates; i++) angle_init(shifted + i);
  for (size_t first = 0; first < s->num_gates && !done; first++) {
    if (angle_is_clifford(&turns, s->constants + s->gates[first])) continue;
    done = shift_by(shifted, s, ansatz, parameter, first);
  }
  for (size_t i = 0; i < s->num_gates; i++) {
    if (done) angle_set(s->constants + s->gates[i], shifted + i);
    angle_clear(shifted + i);
  }
  flint_free(shifted);
}

/* One constant for each rotation. */
static angle_struct *shifted_constants(const ansatz_t ansatz) {
  size_t n = ansatz->num_rotations;
  shifts_t s = {.constants = flint_malloc((n + 1) * sizeof *s.constants),
                .gates = flint_malloc((n + 1) * sizeof *s.gates)};
  bool *moved = flint_calloc(ansatz->num_parameters + 1, sizeof *moved);
  unsigned turns;
  for (size_t r = 0; r < n; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    angle_init(s.constants + r);
    fmpq_set(s.constants[r].pi_part, angle->pi_part);
    fmpq_set(s.constants[r].rad_part, angle->rad_part);
    for (size_t t = 0; t < angle->num_terms; t++)
      moved[angle->terms[t].parameter] |= !angle_is_clifford(&turns, s.constants + r);
  }
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    if (!moved[k]) continue;
    s.num_gates = 0;
    for (size_t r = 0; r < n; r++)
      for (size_t t = 0; t < ansatz->rotations[r].angle->num_terms; t++)
        if (ansatz->rotations[r].angle->terms[t].parameter == k) {
          s.gates[s.num_gates++] = r;
          break;
        }
    shift_parameter(&s, ansatz, k);
  }
  flint_free(s.gates);
  flint_free(moved);
  return s.constants;
}

static void refuse(check_generators_t out, const char *reason) {
  if (!out->reason) out->reason = text_copy(reason);
}

static void keep_gate(check_generators_t out, const rotation_struct *rotation,
                      size_t index, const uint64_t *string, bool negative,
                      const angle_struct *constant) {
  size_t bytes = 2 * out->num_words * sizeof *string;
  if (!(out->num_gates & (out->num_gates - 1)))
    out->gates = flint_realloc(out->gates,
                               (2 * out->num_gates + 1) * sizeof *out->gates);
  check_gate_struct *gate = out->gates + out->num_gates++;
  *gate = (check_gate_struct){.negative = negative, .rotation = index,
                              .independent = !rotation->angle->num_terms,
                              .string = flint_malloc(bytes + 1)};
  memcpy(gate->string, string, bytes);
  angle_init(gate->angle);
  angle_set(gate->angle, rotation->angle);
  unsigned turns;
  bool clifford = angle_is_clifford(&turns, constant);
  for (int i = 0; i < 2; i++) {
    fmpq *part = i ? gate->angle->rad_part : gate->angle->pi_part;
    if (clifford) fmpq_zero(part);
    else fmpq_set(part, i ? constant->rad_part : constant->pi_part);
  }
}

/* One gate for each rotation with parameters, one for each fixed part that counts;
   strings are copied. */
typedef struct {
  size_t length, num_fixed;
  check_gate_t *gates;
} gate_list_t;

static void push_gate(gate_list_t *list, check_gate_kind_t kind, size_t rotation,
                      const uint64_t *string, bool negative,
                      const angle_struct *angle, size_t w) {
  check_gate_t *gate = list->gates + list->length++;
  uint64_t *copy = flint_malloc((2 * w + 1) * sizeof *copy);
  memcpy(copy, string, 2 * w * sizeof *copy);
  *gate = (check_gate_t){kind, copy, negative, angle, rotation};
  list->num_fixed += kind == CHECK_GATE_FIXED;
}

static void gate_list_clear(gate_list_t *list) {
  for (size_t k = 0; k < list->length; k++)
    flint_free((uint64_t *)list->gates[k].string);
  flint_free(list->gates);
}

/* What becomes of rotation i. */
typedef struct {
  unsigned turns; /* of its Clifford part */
  bool clifford;  /* the constant part is one */
  bool own;       /* or a shift of a parameter */
  bool freed;     /* or treated as a parameter */
  bool apart;     /* or looked at by check_fixed */
} fate_t;

/* A circuit while it is read. */
typedef struct {
  const ansatz_struct *ansatz;
  const uint8_t *freed_rotation; /* may be NULL: all */
  const size_t *occurrences;
  angle_struct *constants;
  check_frame_t frame; /* the Clifford gates before */
  size_t num_words;
} reading_t;

static fate_t fate_of(const reading_t *r, size_t i) {
  fate_t f = {0};
  f.clifford = angle_is_clifford(&f.turns, r->constants + i);
  f.own = !must_be_freed(r->ansatz->rotations[i].angle, r->occurrences);
  f.freed = !f.clifford && !f.own && (!r->freed_rotation || r->freed_rotation[i]);
  f.apart = !f.clifford && !f.own && !f.freed;
  if (!f.clifford) f.turns = 0;
  return f;
}

/* The string of rotation i behind the Clifford gates before it; those are asked for in
   order. */
static bool see_string(uint64_t *string, reading_t *r, size_t i, const fate_t *f) {
  const rotation_struct *rotation = r->ansatz->rotations + i;
  bool negative = false;
  memcpy(string, rotation->string, 2 * r->num_words * sizeof *string);
  if (rotation->angle->num_terms || !f->clifford)
    check_frame_pull(string, &negative, r->frame);
  if (f->turns) check_frame_push(r->frame, rotation->string, f->turns);
  return negative;
}

static void list_gates(gate_list_t *all, reading_t *r) {
  const ansatz_struct *ansatz = r->ansatz;
  size_t w = r->num_words;
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  *all = (gate_list_t){.gates = flint_malloc((2 * ansatz->num_rotations + 1) *
                                             sizeof *all->gates)};
  check_frame_init(r->frame, ansatz->num_qubits);
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    fate_t f = fate_of(r, i);
    bool negative = see_string(string, r, i, &f);
    if (ansatz->rotations[i].angle->num_terms || f.freed)
      push_gate(all, f.own ? CHECK_GATE_OWN : CHECK_GATE_FREE, i, string, negative,
                NULL, w);
    if (f.apart)
      push_gate(all, CHECK_GATE_FIXED, i, string, negative, r->constants + i, w);
  }
  check_frame_clear(r->frame);
  flint_free(string);
}

/* Constants that merge to a Clifford gate become one: all of it where the others have
   merged into it, nothing elsewhere. */
static bool join_constants(reading_t *r, const gate_list_t *all) {
  check_fixed_t fixed;
  check_fixed_init(&fixed, all->gates, all->length, r->num_words);
  size_t to = fixed.clifford;
  for (size_t i = 0; i < all->length && to != SIZE_MAX; i++) {
    size_t end = i;
    while (fixed.into[end] != SIZE_MAX) end = fixed.into[end];
    if (end != to || all->gates[i].kind != CHECK_GATE_FIXED) continue;
    angle_struct *constant = r->constants + all->gates[i].rotation;
    fmpq_zero(constant->pi_part);
    fmpq_zero(constant->rad_part);
    if (i != to) continue;
    fmpq_set(constant->pi_part, fixed.turns + to);
    if (all->gates[i].negative) fmpq_neg(constant->pi_part, constant->pi_part);
  }
  check_fixed_clear(&fixed);
  return to != SIZE_MAX;
}

static void read_rotation(check_atoms_t *list, check_generators_t out, const reading_t *r,
                          size_t i, const fate_t *f, const uint64_t *string,
                          bool negative) {
  const rotation_struct *rotation = r->ansatz->rotations + i;
  const angle_struct *angle = rotation->angle;
  angle_t none;
  fmpq_t one;
  angle_init(none);
  fmpq_init(one);
  fmpq_one(one);
  if (angle->num_terms || f->freed)
    keep_gate(out, rotation, i, string, negative, f->apart ? none : r->constants + i);
  if (f->freed) out->gates[out->num_gates - 1].independent = true; /* a constant of its own */
  for (size_t t = 0; t < angle->num_terms; t++)
    atoms_push(list, angle->terms[t].parameter, i, angle->terms[t].times_pi,
               angle->terms[t].coeff, negative, string);
  if (f->freed) {
    atoms_push(list, SIZE_MAX, i, false, one, negative, string);
    out->freed[i] = 1;
    if (!out->num_freed++) out->first_freed_line = rotation->line;
  }
  angle_clear(none);
  fmpq_clear(one);
}

/* Fixed gates that are not freed, and where they go. */
typedef struct {
  gate_list_t all;
  check_fixed_t fixed;
} placed_t;

static void placed_clear(placed_t *placed) {
  check_fixed_clear(&placed->fixed);
  gate_list_clear(&placed->all);
}

/* Gate k of those stays between others: an atom of its own. */
static void push_fixed(check_atoms_t *list, const placed_t *placed, size_t k) {
  const check_gate_t *gate = placed->all.gates + k;
  fmpq_t none;
  fmpq_init(none);
  atoms_push(list, SIZE_MAX, gate->rotation, false, none, false, gate->string);
  check_atom_t *atom = list->atoms + list->length - 1;
  atom->fixed = true;
  fmpq_set(atom->turns, placed->fixed.turns + k);
  fmpq_set(atom->radians, placed->fixed.radians + k);
  fmpq_clear(none);
}

/* Lists the atoms, the gates (but for fixed ones that check_fixed is to place), the
   observables seen through the Clifford gates, the rotations that are freed, and the
   places of the fixed gates. */
static void read_gates(check_atoms_t *list, check_generators_t out, placed_t *placed,
                       const ansatz_t ansatz, const uint8_t *freed_rotation) {
  size_t n = ansatz->num_rotations, k = 0;
  uint64_t *string = flint_malloc((2 * out->num_words + 1) * sizeof *string);
  reading_t r = {.ansatz = ansatz, .freed_rotation = freed_rotation,
                 .occurrences = list->occurrences, .num_words = out->num_words,
                 .constants = shifted_constants(ansatz)};
  for (size_t i = 0; i < n; i++)
    for (size_t t = 0; t < ansatz->rotations[i].angle->num_terms; t++)
      list->occurrences[ansatz->rotations[i].angle->terms[t].parameter]++;
  gate_list_t *all = &placed->all;
  for (list_gates(all, &r); all->num_fixed && join_constants(&r, all);) {
    gate_list_clear(all);
    list_gates(all, &r);
  }
  check_fixed_init(&placed->fixed, all->gates, all->length, out->num_words);
  check_frame_init(r.frame, ansatz->num_qubits);
  for (size_t i = 0; i < n; i++) {
    fate_t f = fate_of(&r, i);
    bool negative = see_string(string, &r, i, &f);
    read_rotation(list, out, &r, i, &f, string, negative);
    for (; k < all->length && all->gates[k].rotation <= i; k++)
      if (placed->fixed.left[k]) push_fixed(list, placed, k);
  }
  for (size_t j = 0; j < ansatz->num_observables; j++)
    pull_back_sum(out->observables + j, ansatz->observables[j].sum, r.frame);
  for (size_t i = 0; i < n; i++) angle_clear(r.constants + i);
  flint_free(r.constants);
  check_frame_clear(r.frame);
  flint_free(string);
}

/* --- parameters that drive several gates --------------------------------------------------- */

/* A parameter of several gates is split when one of its rotations is listed:
   then all of them have to be. False when the list is not of this kind. */
static bool read_split(bool *split, const check_atoms_t *list,
                       const uint8_t *split_rotation, size_t num_rotations) {
  uint8_t *used = flint_calloc(num_rotations + 1, 1);
  bool ok = true;
  for (size_t i = 0; i < list->length; i++) {
    const check_atom_t *atom = list->atoms + i;
    if (atom->parameter == SIZE_MAX || !split_rotation[atom->rotation] ||
        list->occurrences[atom->parameter] < 2)
      continue;
    split[atom->parameter] = true;
    used[atom->rotation] = 1;
  }
  for (size_t i = 0; i < list->length; i++) {
    const check_atom_t *atom = list->atoms + i;
    if (atom->parameter != SIZE_MAX && split[atom->parameter])
      ok = ok && split_rotation[atom->rotation];
  }
  for (size_t r = 0; r < num_rotations; r++)
    ok = ok && (!split_rotation[r] || used[r]);
  flint_free(used);
  return ok;
}

static void add_use(check_generators_t out, size_t parameter, bool times_pi) {
  if (!(out->num_uses & (out->num_uses - 1)))
    out->uses = flint_realloc(out->uses,
                              (2 * out->num_uses + 1) * sizeof *out->uses);
  check_use_struct *use = out->uses + out->num_uses++;
  *use = (check_use_struct){.parameter = parameter, .times_pi = times_pi, .root = 1};
  pauli_sum_init(use->sum, out->num_qubits);
}

/* One use for each node that is not fixed; the sums of its atoms. */
static void make_uses(check_generators_t out, const check_atoms_t *list,
                      const check_order_t *order) {
  size_t *use_of = flint_malloc((order->num_nodes + 1) * sizeof *use_of);
  for (size_t u = 0; u < order->num_nodes; u++) use_of[u] = SIZE_MAX;
  for (size_t i = 0; i < list->length; i++) {
    const check_atom_t *atom = list->atoms + i;
    size_t u = order->node[i];
    if (atom->fixed) continue;
    if (use_of[u] == SIZE_MAX) {
      use_of[u] = out->num_uses;
      add_use(out, atom->parameter, atom->times_pi);
      out->uses[use_of[u]].node = u;
    }
    pauli_sum_push(out->uses[use_of[u]].sum, atom->coeff, atom->string);
  }
  flint_free(use_of);
}

/* The sums of the uses seen through fixed gates between; false when they are not. */
static bool see_uses(check_generators_t out, check_turns_t *turns, const check_atoms_t *list,
                     const check_order_t *order) {
  size_t n = order->num_nodes;
  pauli_sum_struct *sums = flint_malloc((n + 1) * sizeof *sums);
  unsigned *roots = flint_malloc((n + 1) * sizeof *roots);
  for (size_t u = 0; u < n; u++) pauli_sum_init(sums + u, out->num_qubits);
  bool ok = check_seen(sums, roots, turns, order, list);
  for (size_t i = 0; i < out->num_uses && ok; i++) {
    check_use_struct *use = out->uses + i;
    pauli_sum_swap(use->sum, sums + use->node);
    use->root = roots[use->node];
  }
  for (size_t u = 0; u < n; u++) pauli_sum_clear(sums + u);
  flint_free(sums);
  flint_free(roots);
  return ok;
}

/* Atoms compared in pairs when fixed gates stay between; when parameters drive several. */
enum { MAX_COMPARED = 10000, MAX_SHARED = 30000 };

/* Brings parameters together, and places the fixed gates. */
static void order_gates(check_generators_t out, const check_atoms_t *list, check_order_t *order,
                        bool shared, const ansatz_t ansatz, const placed_t *placed) {
  bool fixed = order->num_fixed > 0, few = list->length <= MAX_COMPARED;
  check_turns_t turns;
  check_turns_init(&turns, order->num_fixed);
  out->comes_together = !(shared || (fixed && few)) ||
                        (list->length <= MAX_SHARED && check_order_find(order, list));
  make_uses(out, list, order);
  out->seen_through = fixed && few && out->comes_together && !out->num_split &&
                      see_uses(out, &turns, list, order);
  check_inputs_place(out, ansatz, placed->all.gates, placed->all.length, &placed->fixed,
                     out->seen_through ? &turns : NULL);
  check_turns_clear(&turns);
}

static void read_circuit(check_generators_t out, const ansatz_t ansatz,
                         const uint8_t *split_rotation,
                         const uint8_t *freed_rotation) {
  check_atoms_t list = {.num_words = out->num_words};
  check_order_t order;
  placed_t placed;
  size_t p = out->num_parameters;
  bool *split = flint_calloc(p + 1, sizeof *split), shared = false;
  list.occurrences = flint_calloc(p + 1, sizeof *list.occurrences);
  read_gates(&list, out, &placed, ansatz, freed_rotation);
  out->split_is_whole =
      read_split(split, &list, split_rotation, ansatz->num_rotations);
  check_order_init(&order, &list, split, p);
  for (size_t k = p; k-- > 0;) {
    if (list.occurrences[k] > 1 && !split[k]) shared = true;
    if (!split[k]) continue;
    out->num_split++;
    out->first_split = k;
  }
  order_gates(out, &list, &order, shared, ansatz, &placed);
  for (size_t i = 0; i < out->num_gates; i++) {
    check_gate_struct *gate = out->gates + i;
    for (size_t t = 0; t < gate->angle->num_terms; t++)
      gate->independent |= split[gate->angle->terms[t].parameter];
  }
  placed_clear(&placed);
  check_order_clear(&order);
  flint_free(split);
  atoms_clear(&list);
}

/* --- generators --------------------------------------------------------------------------- */

static void read_operators(check_generators_t out, const ansatz_t ansatz) {
  size_t n = ansatz->num_generators, p = out->num_parameters;
  out->split_is_whole = out->comes_together = true;
  for (size_t j = 0; j < n || (n && j < p); j++) {
    add_use(out, j < p ? j : SIZE_MAX, false);
    pauli_sum_set(out->uses[out->num_uses - 1].sum, ansatz->generators + j % n);
  }
}

/* Numbers the sums that are not zero, up to a factor. */
static void number_generators(check_generators_t out) {
  fmpq_t ratio;
  fmpq_init(ratio);
  for (size_t i = 0; i < out->num_uses; i++) {
    check_use_struct *use = out->uses + i;
    pauli_sum_canonicalise(use->sum);
    use->generator = SIZE_MAX;
    if (use->sum->length == 1)
      use->generator =
          row_table_add(out->strings, pauli_sum_string(use->sum, 0), NULL);
    else if (use->sum->length > 1)
      refuse(out, "a generator is a sum of several strings");
  }
  out->num_generators = out->strings->length;
  for (size_t i = 0; i < out->num_uses; i++) {
    check_use_struct *use = out->uses + i;
    if (use->sum->length < 2) continue;
    for (size_t j = 0; j < i && use->generator == SIZE_MAX; j++)
      if (pauli_sum_is_multiple(ratio, use->sum, out->uses[j].sum))
        use->generator = out->uses[j].generator;
    if (use->generator == SIZE_MAX) use->generator = out->num_generators++;
  }
  fmpq_clear(ratio);
}

void check_generators_init(check_generators_t out, const ansatz_t ansatz,
                           const uint8_t *split_rotation) {
  check_generators_init_fixed(out, ansatz, split_rotation, NULL);
}

void check_generators_init_fixed(check_generators_t out, const ansatz_t ansatz,
                                 const uint8_t *split_rotation,
                                 const uint8_t *freed_rotation) {
  *out = (check_generators_struct){
      .num_qubits = ansatz->num_qubits,
      .num_words = pauli_words(ansatz->num_qubits),
      .num_parameters = ansatz->num_parameters,
      .num_observables = ansatz->num_observables};
  row_table_init(out->strings, 2 * out->num_words);
  out->freed = flint_calloc(ansatz->num_rotations + 1, 1);
  out->observables =
      flint_malloc((out->num_observables + 1) * sizeof *out->observables);
  for (size_t j = 0; j < out->num_observables; j++) {
    pauli_sum_init(out->observables + j, out->num_qubits);
    if (ansatz->kind == ANSATZ_OPERATORS)
      pauli_sum_set(out->observables + j, ansatz->observables[j].sum);
  }
  check_inputs_init(out, ansatz);
  if (ansatz->kind == ANSATZ_OPERATORS) read_operators(out, ansatz);
  else read_circuit(out, ansatz, split_rotation, freed_rotation);
  number_generators(out);
}

void check_generators_units(bool *in_pi, bool *mixed, const check_generators_t g) {
  bool *radians = mixed; /* seen so far */
  for (size_t k = 0; k < g->num_parameters; k++) in_pi[k] = radians[k] = false;
  for (size_t i = 0; i < g->num_uses; i++) {
    const check_use_struct *use = g->uses + i;
    if (use->parameter == SIZE_MAX || pauli_sum_is_zero(use->sum)) continue;
    *((use->times_pi ? in_pi : radians) + use->parameter) = true;
  }
  for (size_t k = 0; k < g->num_parameters; k++) {
    mixed[k] = in_pi[k] && radians[k];
    in_pi[k] &= !mixed[k];
  }
}

void check_generators_clear(check_generators_t out) {
  check_inputs_clear(out);
  row_table_clear(out->strings);
  for (size_t i = 0; i < out->num_gates; i++) {
    flint_free(out->gates[i].string);
    angle_clear(out->gates[i].angle);
  }
  flint_free(out->gates);
  for (size_t i = 0; i < out->num_uses; i++)
    pauli_sum_clear(out->uses[i].sum);
  flint_free(out->uses);
  for (size_t j = 0; j < out->num_observables; j++)
    pauli_sum_clear(out->observables + j);
  flint_free(out->observables);
  flint_free(out->freed);
  free(out->reason);
}
