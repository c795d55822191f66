#include "algebra/generators/generators.h"

#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/hash.h"
#include "algebra/base/ansatz_notes.h"
#include "algebra/generators/angle_shifts.h"
#include "algebra/generators/clifford_frame.h"
#include "algebra/generators/circuit_gates.h"
#include "algebra/generators/moved_input.h"

/* Takes the text. */
static void add_note(generator_set_t set, char *text) {
  set->notes = flint_realloc(set->notes,
                             (set->num_notes + 1) * sizeof *set->notes);
  set->notes[set->num_notes++] = text;
}

/* --- distinct generators ----------------------------------------------------- */

static uint64_t sum_hash(const pauli_sum_t sum) {
  uint64_t h = sum->length;
  for (size_t j = 0; j < sum->length; j++)
    h ^= pauli_hash(pauli_sum_string(sum, j), sum->num_words);
  return h;
}

/* Finds or appends sum; ratio = sum / generator. */
static size_t intern(generator_set_t set, hash_table_t index, fmpq_t ratio,
                     const pauli_sum_t sum) {
  uint64_t hash = sum_hash(sum);
  for (size_t probe = 0, k;
       (k = hash_table_next(index, hash, &probe)) != SIZE_MAX;)
    if (pauli_sum_is_multiple(ratio, sum, set->generators + k)) return k;
  hash_table_put(index, hash, set->num_generators);
  if (!(set->num_generators & (set->num_generators - 1)))
    set->generators = flint_realloc(
        set->generators,
        (2 * set->num_generators + 1) * sizeof *set->generators);
  pauli_sum_struct *g = set->generators + set->num_generators;
  pauli_sum_init(g, set->num_qubits);
  pauli_sum_set(g, sum);
  fmpq_one(ratio);
  return set->num_generators++;
}

/* One more use; scale = factor of exp(-i theta sum) as ratio to the generator. */
static void add_use(generator_set_t set, hash_table_t index,
                    size_t parameter, const pauli_sum_t sum, bool times_pi,
                    unsigned root) {
  if (!(set->num_uses & (set->num_uses - 1)))
    set->uses = flint_realloc(set->uses,
                              (2 * set->num_uses + 1) * sizeof *set->uses);
  generator_use_struct *use = set->uses + set->num_uses++;
  use->parameter = parameter;
  use->times_pi = times_pi;
  use->root = root;
  fmpq_init(use->scale);
  use->generator = intern(set, index, use->scale, sum);
}

/* --- the gates of a circuit, seen through its Cliffords ------------------------ */

static void add_atom(gates_t *gates, size_t parameter, size_t rotation,
                     bool times_pi, const fmpq_t coeff, bool negative) {
  if (gates->num_atoms == gates->alloc) {
    gates->alloc = 2 * gates->alloc + 64;
    gates->atoms =
        flint_realloc(gates->atoms, gates->alloc * sizeof *gates->atoms);
  }
  atom_t *atom = gates->atoms + gates->num_atoms++;
  atom->parameter = parameter;
  atom->rotation = rotation;
  atom->times_pi = times_pi;
  atom->string = gates->strings + rotation * 2 * gates->num_words;
  fmpq_init(atom->coeff);
  fmpq_div_2exp(atom->coeff, coeff, 1);
  if (negative) fmpq_neg(atom->coeff, atom->coeff);
  if (parameter != GENERATOR_FIXED) gates->num_of_parameter[parameter]++;
}

static void move_observables(generator_set_t set, const ansatz_t ansatz,
                             const clifford_frame_t frame) {
  size_t w = pauli_words(ansatz->num_qubits);
  uint64_t *row = flint_malloc(2 * w * sizeof *row);
  fmpq_t c;
  fmpq_init(c);
  set->num_observables = ansatz->num_observables;
  set->observables = flint_malloc((set->num_observables + 1) *
                                  sizeof *set->observables);
  for (size_t j = 0; j < set->num_observables; j++) {
    const pauli_sum_struct *in = ansatz->observables[j].sum;
    pauli_sum_init(set->observables + j, ansatz->num_qubits);
    for (size_t k = 0; k < in->length; k++) {
      bool negative = clifford_frame_image(row, frame, pauli_sum_string(in, k));
      fmpq_set(c, in->coeffs + k);
      if (negative) fmpq_neg(c, c);
      pauli_sum_push(set->observables + j, c, row);
    }
    pauli_sum_canonicalise(set->observables + j);
  }
  set->observable_errors = flint_calloc(set->num_observables + 1,
                                        sizeof *set->observable_errors);
  set->observable_known = flint_malloc(set->num_observables + 1);
  for (size_t j = 0; j < set->num_observables; j++) {
    fmpq_init(set->observable_errors + j);
    set->observable_known[j] = true;
  }
  fmpq_clear(c);
  flint_free(row);
}

static void clear_observables(generator_set_t set) {
  for (size_t j = 0; j < set->num_observables; j++) {
    pauli_sum_clear(set->observables + j);
    fmpq_clear(set->observable_errors + j);
  }
  flint_free(set->observables);
  flint_free(set->observable_errors);
  flint_free(set->observable_known);
}

/* How often each parameter occurs, before any atom is made. */
static size_t *count_occurrences(const ansatz_t ansatz) {
  size_t *count = flint_calloc(ansatz->num_parameters + 1, sizeof *count);
  for (size_t r = 0; r < ansatz->num_rotations; r++)
    for (size_t t = 0; t < ansatz->rotations[r].angle->num_terms; t++)
      count[ansatz->rotations[r].angle->terms[t].parameter]++;
  return count;
}

/* A constant part that is not Clifford only shifts the angle when some
   parameter of the rotation occurs nowhere else. */
static bool shift_is_absorbed(const angle_t angle, const size_t *occurrences) {
  for (size_t t = 0; t < angle->num_terms; t++)
    if (occurrences[angle->terms[t].parameter] == 1) return true;
  return false;
}

/* The gates seen through the Cliffords, fixed ones apart. */
static void read_gates(gates_t *gates, generator_set_t set,
                       const ansatz_t ansatz) {
  size_t width = 2 * gates->num_words;
  size_t *occurrences = count_occurrences(ansatz);
  clifford_frame_t frame;
  angle_t constant;
  clifford_frame_init(frame, ansatz->num_qubits);
  angle_init(constant);
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const rotation_struct *rotation = ansatz->rotations + r;
    const angle_struct *angle = rotation->angle;
    unsigned quarter_turns;
    fmpq_set(constant->pi_part, gates->pi_parts + r);
    fmpq_set(constant->rad_part, gates->rad_parts + r);
    bool clifford = angle_is_clifford(&quarter_turns, constant);
    if (clifford && !angle->num_terms) {
      clifford_frame_rotate(frame, rotation->string, quarter_turns);
      continue;
    }
    bool absorbs = shift_is_absorbed(angle, occurrences);
    gates->negative[r] = clifford_frame_image(gates->strings + r * width, frame,
                                              rotation->string);
    if (angle->num_terms) fixed_gates_add(gates->fixed, r, absorbs);
    if (clifford) {
      clifford_frame_rotate(frame, rotation->string, quarter_turns);
    } else if (!absorbs) {
      if (gates->negative[r]) {
        fmpq_neg(constant->pi_part, constant->pi_part);
        fmpq_neg(constant->rad_part, constant->rad_part);
      }
      fixed_gates_add_fixed(gates->fixed, r, constant->pi_part,
                            constant->rad_part);
    }
  }
  move_observables(set, ansatz, frame);
  angle_clear(constant);
  clifford_frame_clear(frame);
  flint_free(occurrences);
}

/* An atom for each term, and for each fixed gate that stays between. */
static void make_atoms(gates_t *gates) {
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t i = 0; i < gates->fixed->num_entries; i++) {
    const fixed_entry_struct *e = gates->fixed->entries + i;
    size_t r = e->rotation;
    const angle_struct *angle = gates->ansatz->rotations[r].angle;
    if (!e->is_fixed) {
      for (size_t t = 0; t < angle->num_terms; t++)
        add_atom(gates, angle->terms[t].parameter, r, angle->terms[t].times_pi,
                 angle->terms[t].coeff, gates->negative[r]);
    } else if (e->place == FIXED_BETWEEN) {
      add_atom(gates, GENERATOR_FIXED, r, false, one, gates->negative[r]);
      gates->atoms[gates->num_atoms - 1].entry = i;
    }
  }
  fmpq_clear(one);
}

static void collect_gates(gates_t *gates, generator_set_t set,
                          const ansatz_t ansatz) {
  fixed_gates_init(gates->fixed, gates->num_words, gates->strings,
                   gates->negative);
  read_gates(gates, set, ansatz);
  if (!gates->free_all)
    fixed_gates_place(gates->fixed, set->observables, set->num_observables);
  make_atoms(gates);
}

/* --- shared parameters ------------------------------------------------------------- */

/* A rotation driven by a split parameter is drawn on its own, so all its
   parameters are split. Returns whether that changed anything. */
static bool spread_split(gates_t *gates, generator_set_t set) {
  bool changed = false;
  for (size_t i = 0; i < gates->num_atoms; i++) {
    const atom_t *atom = gates->atoms + i;
    if (atom->parameter != GENERATOR_FIXED && gates->split[atom->parameter])
      set->treatment[atom->rotation] |= ROTATION_SPLIT;
  }
  for (size_t i = 0; i < gates->num_atoms; i++) {
    const atom_t *atom = gates->atoms + i;
    if (atom->parameter == GENERATOR_FIXED || gates->split[atom->parameter] ||
        gates->num_of_parameter[atom->parameter] < 2)
      continue;
    if (set->treatment[atom->rotation] & ROTATION_SPLIT)
      changed = gates->split[atom->parameter] = true;
  }
  return changed;
}

/* Merges what can be merged; gates->split says what could not. */
static void merge_all(sequence_t *seq, gates_t *gates, generator_set_t set) {
  for (;;) {
    sequence_init_merged(seq, gates);
    if (!spread_split(gates, set)) return;
    sequence_clear(seq);
  }
}

/* --- assembling --------------------------------------------------------------------- */

static int compare_uses(const void *a, const void *b) {
  size_t p = ((const generator_use_struct *)a)->parameter;
  size_t q = ((const generator_use_struct *)b)->parameter;
  return (p > q) - (p < q);
}

static bool note_split(generator_set_t set, const gates_t *gates) {
  size_t num_split = 0, first = 0;
  for (size_t p = gates->ansatz->num_parameters; p-- > 0;)
    if (gates->split[p]) {
      num_split++;
      first = p;
    }
  if (!num_split) return false;
  set->upper_bound = true;
  add_note(set, ansatz_note_split(num_split, gates->ansatz->parameters[first].name));
  return true;
}

/* The fixed part of each rotation that was told apart, or NULL. */
static const fixed_entry_struct **fixed_parts(const gates_t *gates) {
  const fixed_entry_struct **out =
      flint_calloc(gates->ansatz->num_rotations + 1, sizeof *out);
  for (size_t i = 0; i < gates->fixed->num_entries; i++)
    if (gates->fixed->entries[i].is_fixed)
      out[gates->fixed->entries[i].rotation] = gates->fixed->entries + i;
  return out;
}

/* The constant of the angle about +-string: nothing of what is at an end of the circuit,
   where it commutes with all gates on that side, merged into another, or Clifford. */
static void keep_constant(angle_t angle, const gates_t *gates, size_t r,
                          const fixed_entry_struct *part) {
  unsigned turns;
  fmpq_set(angle->pi_part, part ? part->pi_part : gates->pi_parts + r);
  fmpq_set(angle->rad_part, part ? part->rad_part : gates->rad_parts + r);
  if (part && gates->negative[r]) {
    fmpq_neg(angle->pi_part, angle->pi_part);
    fmpq_neg(angle->rad_part, angle->rad_part);
  }
  angle_t constant;
  angle_init(constant);
  fmpq_set(constant->pi_part, angle->pi_part);
  fmpq_set(constant->rad_part, angle->rad_part);
  if ((part && part->place != FIXED_BETWEEN) || angle_is_clifford(&turns, constant)) {
    fmpq_zero(angle->pi_part);
    fmpq_zero(angle->rad_part);
  }
  angle_clear(constant);
}

/* Whatever is no Clifford gate and stays between, for shared_gates. */
static void keep_gates(generator_set_t set, const gates_t *gates) {
  const ansatz_struct *ansatz = gates->ansatz;
  size_t width = 2 * gates->num_words;
  unsigned turns;
  const fixed_entry_struct **parts = fixed_parts(gates);
  set->gates = flint_malloc((ansatz->num_rotations + 1) * sizeof *set->gates);
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    bool gone = !parts[r] || parts[r]->place != FIXED_BETWEEN;
    if (angle_is_clifford(&turns, angle) || (!angle->num_terms && gone)) continue;
    generator_gate_struct *gate = set->gates + set->num_gates++;
    gate->string = flint_malloc((width + 1) * sizeof *gate->string);
    memcpy(gate->string, gates->strings + r * width, width * sizeof *gate->string);
    gate->negative = gates->negative[r];
    gate->independent =
        !angle->num_terms || set->treatment[r] & ROTATION_SPLIT;
    angle_init(gate->angle);
    angle_set(gate->angle, angle);
    keep_constant(gate->angle, gates, r, parts[r]);
  }
  flint_free(parts);
}

/* A gate that is freed, with those that were merged into it. */
static void mark_freed(generator_set_t set, const gates_t *gates,
                       size_t entry) {
  for (; entry != SIZE_MAX; entry = gates->fixed->entries[entry].next)
    set->treatment[gates->fixed->entries[entry].rotation] |= ROTATION_FREED;
}

static void note_freed(generator_set_t set, const ansatz_t ansatz) {
  size_t r = 0;
  while (r < ansatz->num_rotations && !(set->treatment[r] & ROTATION_FREED)) r++;
  if (r == ansatz->num_rotations) return;
  set->upper_bound = true;
  add_note(set, ansatz_note_freed(ansatz->rotations[r].line));
}

/* --- inputs behind the fixed gates ---------------------------------------------------- */

static void move_states(generator_set_t set, const ansatz_t ansatz,
                        const fixed_gates_struct *fixed) {
  size_t *leading = NULL, count = 0;
  if (fixed) {
    leading = flint_malloc((fixed->num_fixed + 1) * sizeof *leading);
    for (size_t i = 0; i < fixed->num_entries; i++)
      if (fixed->entries[i].is_fixed &&
          fixed->entries[i].place == FIXED_LEADING)
        leading[count++] = i;
  }
  set->num_inputs = ansatz->num_states;
  set->inputs = flint_calloc(set->num_inputs + 1, sizeof *set->inputs);
  for (size_t j = 0; j < set->num_inputs; j++) {
    generator_input_struct *input = set->inputs + j;
    fmpq_init(input->error);
    input->state = ansatz->states[j].state;
    if (!count) continue;
    quantum_state_struct *moved = flint_malloc(sizeof *moved);
    quantum_state_init(moved, ansatz->num_qubits);
    if (moved_state(moved, input->error, ansatz->states[j].state, fixed, leading,
                    count)) {
      input->state = moved;
      input->owned = true;
    } else {
      quantum_state_clear(moved);
      flint_free(moved);
      input->state = NULL;
    }
  }
  flint_free(leading);
}

/* Through what is seen through, and then what is trailing. */
static void finish_observables(generator_set_t set,
                               const fixed_gates_struct *fixed,
                               const seen_t *seen) {
  size_t n = set->num_observables, count = seen->num_before;
  size_t *list = flint_malloc((fixed->num_fixed + 1) * sizeof *list);
  memcpy(list, seen->before, count * sizeof *list);
  for (size_t i = 0; i < fixed->num_entries; i++)
    if (fixed->entries[i].is_fixed && fixed->entries[i].place == FIXED_TRAILING)
      list[count++] = i;
  for (size_t j = 0; j < n && count; j++)
    set->observable_known[j] =
        moved_observable(set->observables + j, set->observable_errors + j, fixed,
                         list, count);
  flint_free(list);
}

static void gates_clear(gates_t *gates) {
  for (size_t i = 0; i < gates->num_atoms; i++)
    fmpq_clear(gates->atoms[i].coeff);
  flint_free(gates->atoms);
  flint_free(gates->strings);
  flint_free(gates->negative);
  _fmpq_vec_clear(gates->pi_parts, (slong)gates->ansatz->num_rotations);
  _fmpq_vec_clear(gates->rad_parts, (slong)gates->ansatz->num_rotations);
  flint_free(gates->num_of_parameter);
  flint_free(gates->split);
  fixed_gates_clear(gates->fixed);
}

static void gates_init(gates_t *gates, generator_set_t set,
                       const ansatz_t ansatz, bool free_all) {
  size_t width = 2 * pauli_words(ansatz->num_qubits);
  *gates = (gates_t){
      .ansatz = ansatz, .num_words = width / 2, .free_all = free_all};
  gates->strings = flint_calloc(ansatz->num_rotations * width + 1,
                                sizeof *gates->strings);
  gates->negative = flint_calloc(ansatz->num_rotations + 1,
                                 sizeof *gates->negative);
  gates->num_of_parameter = flint_calloc(ansatz->num_parameters + 1,
                                         sizeof *gates->num_of_parameter);
  gates->split = flint_calloc(ansatz->num_parameters + 1, sizeof *gates->split);
  gates->pi_parts = _fmpq_vec_init((slong)ansatz->num_rotations);
  gates->rad_parts = _fmpq_vec_init((slong)ansatz->num_rotations);
  angle_shifts(gates->pi_parts, gates->rad_parts, ansatz);
  collect_gates(gates, set, ansatz);
}

/* Between gates of split parameters nothing is seen through: fixed gates there are
   free. */
static void order_gates(gates_t *gates, sequence_t *seq, generator_set_t set,
                        const ansatz_t ansatz) {
  set->treatment = flint_calloc(ansatz->num_rotations + 1, 1);
  /* numbers are all that such a circuit has: they were parameters, likely */
  gates_init(gates, set, ansatz, ansatz->num_parameters == 0);
  merge_all(seq, gates, set);
  gates->free_between = gates->free_all;
  for (size_t p = 0; p < ansatz->num_parameters; p++)
    gates->free_between |= gates->split[p];
}

static void from_circuit(generator_set_t set, const ansatz_t ansatz,
                         hash_table_t index) {
  gates_t gates;
  sequence_t seq;
  seen_t seen;
  bool *cancels = flint_calloc(ansatz->num_parameters + 1, sizeof *cancels);
  order_gates(&gates, &seq, set, ansatz);
  bool seen_all = seen_init(&seen, &seq, &gates);
  for (size_t i = 0; i < seq.num_items; i++) {
    const atom_t *atom = gates.atoms + seq.items[i].atoms[0];
    if (atom->parameter == GENERATOR_FIXED) {
      if (seen_all) continue;
      mark_freed(set, &gates, atom->entry);
    }
    if (pauli_sum_is_zero(seen.sums + i))
      cancels[atom->parameter] = true;
    else
      add_use(set, index, atom->parameter, seen.sums + i, atom->times_pi,
              seen.roots[i]);
  }
  note_freed(set, ansatz);
  for (size_t p = 0; p < ansatz->num_parameters; p++)
    if (cancels[p]) add_note(set, ansatz_note_cancels(ansatz->parameters[p].name));
  flint_free(cancels);
  if (note_split(set, &gates)) keep_gates(set, &gates);
  move_states(set, ansatz, gates.fixed);
  finish_observables(set, gates.fixed, &seen);
  seen_clear(&seen, seq.num_items);
  sequence_clear(&seq);
  gates_clear(&gates);
}

static void from_operators(generator_set_t set, const ansatz_t ansatz,
                           hash_table_t index) {
  clifford_frame_t frame;
  clifford_frame_init(frame, ansatz->num_qubits);
  move_observables(set, ansatz, frame); /* nothing to move through: a copy */
  clifford_frame_clear(frame);
  move_states(set, ansatz, NULL);
  /* Generators that no parameter drives (p small) belong to the algebra too. */
  size_t n = ansatz->num_generators;
  size_t p = ansatz->num_parameters;
  for (size_t j = 0; j < n || (n && j < p); j++)
    if (!pauli_sum_is_zero(ansatz->generators + j % n))
      add_use(set, index, j < p ? j : GENERATOR_FIXED,
              ansatz->generators + j % n, false, 1);
}

void generator_set_init(generator_set_t set, const ansatz_t ansatz) {
  memset(set, 0, sizeof *set);
  set->num_qubits = ansatz->num_qubits;
  set->num_parameters = ansatz->num_parameters;
  hash_table_t index;
  hash_table_init(index);
  if (ansatz->kind == ANSATZ_CIRCUIT)
    from_circuit(set, ansatz, index);
  else
    from_operators(set, ansatz, index);
  hash_table_clear(index);
  if (set->num_uses)
    qsort(set->uses, set->num_uses, sizeof *set->uses, compare_uses);
  set->upper_bound |= ansatz->upper_bound;
  set->single_strings = true;
  for (size_t j = 0; j < set->num_generators; j++)
    if (set->generators[j].length != 1) set->single_strings = false;
}

void generator_set_clear(generator_set_t set) {
  for (size_t j = 0; j < set->num_generators; j++)
    pauli_sum_clear(set->generators + j);
  clear_observables(set);
  for (size_t j = 0; j < set->num_inputs; j++) {
    fmpq_clear(set->inputs[j].error);
    if (!set->inputs[j].owned) continue;
    quantum_state_clear((quantum_state_struct *)set->inputs[j].state);
    flint_free((quantum_state_struct *)set->inputs[j].state);
  }
  flint_free(set->inputs);
  for (size_t j = 0; j < set->num_uses; j++) fmpq_clear(set->uses[j].scale);
  for (size_t j = 0; j < set->num_notes; j++) free(set->notes[j]);
  for (size_t g = 0; g < set->num_gates; g++) {
    flint_free(set->gates[g].string);
    angle_clear(set->gates[g].angle);
  }
  flint_free(set->gates);
  flint_free(set->generators);
  flint_free(set->uses);
  flint_free(set->treatment);
  flint_free(set->notes);
  memset(set, 0, sizeof *set);
}

void generator_set_units(bool *in_pi, bool *mixed, const generator_set_t set) {
  for (size_t k = 0; k < set->num_parameters; k++) in_pi[k] = mixed[k] = false;
  for (size_t u = 0; u < set->num_uses; u++) {
    const generator_use_struct *use = set->uses + u;
    size_t k = use->parameter;
    if (k == GENERATOR_FIXED) continue;
    bool first = u == 0 || set->uses[u - 1].parameter != k;
    if (first) in_pi[k] = use->times_pi;
    else if (set->uses[u - 1].times_pi != use->times_pi) mixed[k] = true;
  }
  for (size_t k = 0; k < set->num_parameters; k++) in_pi[k] &= !mixed[k];
}

bool generator_set_only_uses(size_t *generators, const generator_set_t set,
                             const size_t *parameters, size_t num_parameters) {
  size_t u = 0;
  for (size_t i = 0; i < num_parameters; i++) {
    size_t k = parameters[i];
    while (u < set->num_uses && set->uses[u].parameter < k) u++;
    if (u == set->num_uses || set->uses[u].parameter != k ||
        (u + 1 < set->num_uses && set->uses[u + 1].parameter == k))
      return false;
    generators[i] = set->uses[u].generator;
  }
  return true;
}

uint64_t *generator_set_strings(const generator_set_t set) {
  size_t width = 2 * pauli_words(set->num_qubits);
  uint64_t *rows = flint_malloc((set->num_generators * width + 1) *
                                sizeof *rows);
  for (size_t j = 0; j < set->num_generators; j++)
    memcpy(rows + j * width, set->generators[j].strings,
           width * sizeof *rows);
  return rows;
}
