#include "algebra/generators/fixed_gates.h"

#include "algebra/base/row_table.h"
#include "algebra/base/ansatz.h"

/* Comparisons of two gates before placing them is given up; strings looked at
   before one counts as not reached. */
enum { MAX_COMPARISONS = 50000000, MAX_REACHED = 4000 };

void fixed_gates_init(fixed_gates_t gates, size_t num_words, uint64_t *strings,
                      bool *negative) {
  *gates = (fixed_gates_struct){
      .num_words = num_words, .strings = strings, .negative = negative};
}

void fixed_gates_clear(fixed_gates_t gates) {
  for (size_t i = 0; i < gates->num_entries; i++) {
    fmpq_clear(gates->entries[i].pi_part);
    fmpq_clear(gates->entries[i].rad_part);
  }
  flint_free(gates->entries);
}

static fixed_entry_struct *add_entry(fixed_gates_t gates, size_t rotation) {
  if (gates->num_entries == gates->alloc) {
    gates->alloc = 2 * gates->alloc + 16;
    gates->entries = flint_realloc(gates->entries,
                                   gates->alloc * sizeof *gates->entries);
  }
  fixed_entry_struct *e = gates->entries + gates->num_entries++;
  *e = (fixed_entry_struct){.rotation = rotation, .next = SIZE_MAX};
  fmpq_init(e->pi_part);
  fmpq_init(e->rad_part);
  return e;
}

void fixed_gates_add(fixed_gates_t gates, size_t rotation, bool absorbs) {
  add_entry(gates, rotation)->absorbs = absorbs;
}

void fixed_gates_add_fixed(fixed_gates_t gates, size_t rotation,
                           const fmpq_t pi_part, const fmpq_t rad_part) {
  fixed_entry_struct *e = add_entry(gates, rotation);
  e->is_fixed = true;
  fmpq_set(e->pi_part, pi_part);
  fmpq_set(e->rad_part, rad_part);
  gates->num_fixed++;
}

static bool anticommute(const fixed_gates_struct *gates, size_t i, size_t j) {
  return pauli_anticommute(fixed_gates_string(gates, i),
                           fixed_gates_string(gates, j), gates->num_words);
}

static bool same_string(const fixed_gates_struct *gates, size_t i, size_t j) {
  return pauli_equal(fixed_gates_string(gates, i),
                     fixed_gates_string(gates, j), gates->num_words);
}

/* --- Cliffords that arise ---------------------------------------------------- */

/* out = K^dag [in] K up to the sign that is returned, K the rotation about p by
   quarter turns; in and p anticommute: Q -> cos a Q + sin a (i P Q). */
static bool through(uint64_t *out, const uint64_t *p, const uint64_t *in,
                    unsigned quarters, size_t w) {
  if (quarters == 2) {
    memmove(out, in, 2 * w * sizeof *out);
    return true;
  }
  unsigned e = 1 + pauli_mul(out, p, in, w);
  return (e / 2 + (quarters == 3)) & 1;
}

static void move_sum(pauli_sum_t sum, const uint64_t *p, unsigned quarters) {
  size_t w = sum->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_t c;
  pauli_sum_t out;
  fmpq_init(c);
  pauli_sum_init(out, sum->num_qubits);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *q = pauli_sum_string(sum, t);
    fmpq_set(c, sum->coeffs + t);
    memcpy(row, q, 2 * w * sizeof *row);
    if (pauli_anticommute(p, q, w) && through(row, p, q, quarters, w))
      fmpq_neg(c, c);
    pauli_sum_push(out, c, row);
  }
  pauli_sum_canonicalise(out);
  pauli_sum_swap(sum, out);
  pauli_sum_clear(out);
  fmpq_clear(c);
  flint_free(row);
}

/* Entry i is a Clifford gate: it goes to the end, through all that is later. */
static void move_clifford(fixed_gates_t gates, size_t i, unsigned quarters,
                          pauli_sum_struct *observables,
                          size_t num_observables) {
  size_t w = gates->num_words, last = SIZE_MAX;
  uint64_t *p = flint_malloc((2 * w + 1) * sizeof *p);
  bool flips = false;
  memcpy(p, fixed_gates_string(gates, i), 2 * w * sizeof *p);
  gates->entries[i].place = FIXED_GONE;
  for (size_t j = i + 1; j < gates->num_entries && quarters; j++) {
    fixed_entry_struct *e = gates->entries + j;
    if (e->rotation == gates->entries[i].rotation) continue;
    if (e->rotation != last) { /* entries of a rotation are neighbours */
      uint64_t *q = gates->strings + e->rotation * 2 * w;
      flips = pauli_anticommute(p, q, w) && through(q, p, q, quarters, w);
      gates->negative[e->rotation] ^= flips;
      last = e->rotation;
    }
    if (flips && e->is_fixed) {
      fmpq_neg(e->pi_part, e->pi_part);
      fmpq_neg(e->rad_part, e->rad_part);
    }
  }
  for (size_t k = 0; k < num_observables && quarters; k++)
    move_sum(observables + k, p, quarters);
  flint_free(p);
}

static bool is_clifford(unsigned *quarters, const fixed_entry_struct *e) {
  angle_t angle;
  angle_init(angle);
  fmpq_set(angle->pi_part, e->pi_part);
  fmpq_set(angle->rad_part, e->rad_part);
  bool is = angle_is_clifford(quarters, angle);
  angle_clear(angle);
  return is;
}

/* --- places --------------------------------------------------------------------- */

typedef struct {
  pauli_sum_struct *observables;
  size_t num_observables;
  long left; /* comparisons */
} work_t;

/* i into the earlier j. */
static void merge(fixed_gates_t gates, size_t j, size_t i, work_t *work) {
  fixed_entry_struct *a = gates->entries + j, *b = gates->entries + i;
  unsigned quarters;
  fmpq_add(a->pi_part, a->pi_part, b->pi_part);
  fmpq_add(a->rad_part, a->rad_part, b->rad_part);
  b->place = FIXED_GONE;
  size_t last = j;
  while (gates->entries[last].next != SIZE_MAX) last = gates->entries[last].next;
  gates->entries[last].next = i;
  if (is_clifford(&quarters, a))
    move_clifford(gates, j, quarters, work->observables,
                  work->num_observables);
}

static bool is_there(const fixed_entry_struct *e) {
  return !e->is_fixed || e->place != FIXED_GONE;
}

/* Back from entry i through what commutes with it: merged, a shift, or leading.
   True when it is gone. */
static bool look_back(fixed_gates_t gates, size_t i, work_t *work) {
  bool alone = true; /* nothing passed that it anticommutes with */
  for (size_t j = i; j-- > 0;) {
    fixed_entry_struct *e = gates->entries + j;
    if (!is_there(e)) continue;
    if (--work->left < 0) return false;
    if (alone && same_string(gates, i, j)) {
      if (e->is_fixed) {
        merge(gates, j, i, work);
        return true;
      }
      if (e->absorbs) {
        gates->entries[i].place = FIXED_GONE;
        return true;
      }
    } else if (anticommute(gates, i, j)) {
      /* what is leading is at the beginning already */
      if (!e->is_fixed || e->place != FIXED_LEADING) return false;
      alone = false;
    }
  }
  gates->entries[i].place = FIXED_LEADING;
  return false;
}

/* Is there a later gate the angle of which entry i shifts? That changes less than
   to move it into the state, which has irrational coordinates then. */
static bool shifts(const fixed_gates_t gates, size_t i, work_t *work) {
  for (size_t j = i + 1; j < gates->num_entries; j++) {
    const fixed_entry_struct *e = gates->entries + j;
    if (!is_there(e)) continue;
    if (--work->left < 0 || anticommute(gates, i, j)) return false;
    if (e->absorbs && same_string(gates, i, j)) return true;
  }
  return false;
}

/* Does it commute with all that is later, and with the observables? */
static bool does_nothing(const fixed_gates_t gates, size_t i, work_t *work) {
  const uint64_t *string = fixed_gates_string(gates, i);
  for (size_t j = i + 1; j < gates->num_entries; j++)
    if (is_there(gates->entries + j) &&
        (--work->left < 0 || anticommute(gates, i, j)))
      return false;
  for (size_t k = 0; k < work->num_observables; k++) {
    const pauli_sum_struct *sum = work->observables + k;
    for (size_t t = 0; t < sum->length; t++)
      if (--work->left < 0 || pauli_anticommute(string, pauli_sum_string(sum, t),
                                                gates->num_words))
        return false;
  }
  return true;
}

static void look_forward(fixed_gates_t gates, size_t i, work_t *work) {
  for (size_t j = i + 1; j < gates->num_entries; j++) {
    const fixed_entry_struct *e = gates->entries + j;
    if (!is_there(e)) continue;
    if (--work->left < 0) return;
    if (anticommute(gates, i, j) &&
        (!e->is_fixed || e->place != FIXED_TRAILING))
      return;
  }
  gates->entries[i].place = FIXED_TRAILING;
}

void fixed_gates_place(fixed_gates_t gates, pauli_sum_struct *observables,
                       size_t num_observables) {
  work_t work = {observables, num_observables, MAX_COMPARISONS};
  bool changed = gates->num_fixed > 0;
  while (changed && work.left > 0) {
    changed = false;
    for (size_t i = 0; i < gates->num_entries; i++) {
      fixed_entry_struct *e = gates->entries + i;
      if (!e->is_fixed || e->place != FIXED_BETWEEN) continue;
      if (shifts(gates, i, &work)) {
        e->place = FIXED_GONE;
        changed = true;
      } else {
        changed = look_back(gates, i, &work) || changed;
      }
    }
  }
  for (size_t i = gates->num_entries; i-- > 0 && work.left > 0;)
    if (gates->entries[i].is_fixed && gates->entries[i].place == FIXED_BETWEEN)
      look_forward(gates, i, &work);
  for (size_t i = gates->num_entries; i-- > 0 && work.left > 0;)
    if (gates->entries[i].is_fixed && gates->entries[i].place != FIXED_GONE &&
        does_nothing(gates, i, &work))
      gates->entries[i].place = FIXED_GONE;
}

bool fixed_gates_twelfths(long *twelfths, const fixed_entry_struct *entry) {
  fmpz_t t;
  fmpz_init(t);
  bool is = fmpq_is_zero(entry->rad_part) &&
            fmpz_cmp_ui(fmpq_denref(entry->pi_part), 12) <= 0 &&
            12 % fmpz_get_si(fmpq_denref(entry->pi_part)) == 0;
  if (is) {
    fmpz_mul_si(t, fmpq_numref(entry->pi_part),
                12 / fmpz_get_si(fmpq_denref(entry->pi_part)));
    /* exp(-i a P / 2) conjugates with period 2 pi */
    *twelfths = (long)fmpz_fdiv_ui(t, 24);
  }
  fmpz_clear(t);
  return is;
}

/* --- membership ------------------------------------------------------------------- */

/* The algebra is spanned by strings, and P, Q in it are in one component iff
   P becomes Q by steps P -> P + G, G a generator that anticommutes with P; so the
   string is in it iff a generator is reached from it. */
bool fixed_gates_reaches(const uint64_t *string, const uint64_t *const *strings,
                         size_t num_strings, size_t num_words) {
  row_table_t reached, wanted;
  uint64_t *row = flint_malloc((2 * num_words + 1) * sizeof *row);
  bool is_new, found;
  row_table_init(reached, 2 * num_words);
  row_table_init(wanted, 2 * num_words);
  for (size_t j = 0; j < num_strings; j++)
    row_table_add(wanted, strings[j], &is_new);
  found = row_table_find(wanted, string) != SIZE_MAX;
  row_table_add(reached, string, &is_new);
  for (size_t i = 0; i < reached->length && i < MAX_REACHED && !found; i++)
    for (size_t j = 0; j < num_strings && !found; j++) {
      const uint64_t *p = row_table_row(reached, i);
      if (!pauli_anticommute(p, strings[j], num_words)) continue;
      for (size_t k = 0; k < 2 * num_words; k++) row[k] = p[k] ^ strings[j][k];
      found = row_table_find(wanted, row) != SIZE_MAX;
      if (reached->length < MAX_REACHED) row_table_add(reached, row, &is_new);
    }
  row_table_clear(reached);
  row_table_clear(wanted);
  flint_free(row);
  return found;
}
