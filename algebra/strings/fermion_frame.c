#include "algebra/strings/fermion_frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/strings/free_fermion.h"

/* --- making ---------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b, void *context) {
  return pauli_cmp(a, b, *(const size_t *)context);
}

/* The distinct strings of the sums. */
static uint64_t *collect_strings(size_t *count, const pauli_sum_struct *sums,
                                 size_t num_sums, size_t w) {
  size_t total = 0, width = 2 * w, n = 0;
  for (size_t j = 0; j < num_sums; j++) total += sums[j].length;
  uint64_t *rows = flint_malloc((total * width + 1) * sizeof *rows);
  for (size_t j = 0; j < num_sums; j++) {
    if (sums[j].length)
      memcpy(rows + n * width, sums[j].strings,
             sums[j].length * width * sizeof *rows);
    n += sums[j].length;
  }
  if (n) qsort_r(rows, n, width * sizeof *rows, compare_rows, &w);
  *count = 0;
  for (size_t i = 0; i < n; i++)
    if (!*count ||
        !pauli_equal(rows + (*count - 1) * width, rows + i * width, w))
      memmove(rows + (*count)++ * width, rows + i * width,
              width * sizeof *rows);
  return rows;
}

/* Blocks and central strings; false when it is of another kind or too large. */
static bool arrange(fermion_frame_t f, size_t max_modes) {
  size_t total = 0;
  for (size_t i = 0; i < f->strings->num_components; i++) {
    const string_component_struct *c = f->strings->components + i;
    if (c->kind == COMPONENT_CENTRAL) {
      for (size_t j = 0; j < c->num_members; j++)
        f->central[f->num_central++] = c->members[j];
      continue;
    }
    if (c->kind != COMPONENT_FREE_FERMION || c->twists->dim >= 16) return false;
    fermion_part_struct *p = f->parts + f->num_parts++;
    *p = (fermion_part_struct){i, c->num_modes, c->twists->dim, f->num_blocks};
    size_t copies = (size_t)1 << p->num_twists;
    total += copies * p->num_modes;
    if (total > max_modes) return false;
    f->modes = flint_realloc(f->modes, (f->num_blocks + copies) *
                                           sizeof *f->modes);
    f->part =
        flint_realloc(f->part, (f->num_blocks + copies) * sizeof *f->part);
    for (size_t k = 0; k < copies; k++) {
      f->modes[f->num_blocks] = p->num_modes;
      f->part[f->num_blocks++] = f->num_parts - 1;
    }
  }
  return true;
}

bool fermion_frame_init(fermion_frame_t f, const pauli_sum_struct *sums,
                        size_t num_sums, size_t num_qubits, size_t max_modes) {
  size_t count;
  memset(f, 0, sizeof *f);
  uint64_t *rows =
      collect_strings(&count, sums, num_sums, pauli_words(num_qubits));
  string_algebra_init(f->strings, rows, count, num_qubits);
  flint_free(rows);
  f->parts = flint_malloc((f->strings->num_components + 1) * sizeof *f->parts);
  f->central = flint_malloc((count + 1) * sizeof *f->central);
  if (arrange(f, max_modes)) return true;
  fermion_frame_clear(f);
  return false;
}

void fermion_frame_clear(fermion_frame_t f) {
  string_algebra_clear(f->strings);
  flint_free(f->parts);
  flint_free(f->modes);
  flint_free(f->part);
  flint_free(f->central);
}

fmpq_mat_struct *fermion_matrices_new(const fermion_frame_t f) {
  fmpq_mat_struct *m = flint_malloc((f->num_blocks + 1) * sizeof *m);
  for (size_t b = 0; b < f->num_blocks; b++)
    fmpq_mat_init(m + b, (slong)f->modes[b], (slong)f->modes[b]);
  return m;
}

void fermion_matrices_free(fmpq_mat_struct *m, const fermion_frame_t f) {
  for (size_t b = 0; b < f->num_blocks; b++) fmpq_mat_clear(m + b);
  flint_free(m);
}

/* --- products of strings with their phases ------------------------------------------ */

/* i^phase [string] */
typedef struct {
  uint64_t *string;
  unsigned phase;
} operator_t;

static void multiply(operator_t *a, const uint64_t *b, size_t w) {
  a->phase += pauli_mul(a->string, a->string, b, w);
}

/* a = h_ab, exactly. */
static void set_pair(operator_t *h, const string_component_struct *c, size_t a,
                     size_t b) {
  size_t w = c->span->num_words;
  memcpy(h->string, string_component_potential(c, a ? a : b),
         2 * w * sizeof *h->string);
  h->phase = 0;
  if (!a) return;
  h->phase = 1; /* h_ab = i h_0a h_0b */
  multiply(h, string_component_potential(c, b), w);
}

/* Multiplies by the product of the twists in the set. */
static void multiply_twists(operator_t *h, const string_component_struct *c,
                            size_t set) {
  for (size_t i = 0; i < c->twists->dim; i++)
    if (set >> i & 1) multiply(h, f2_span_row(c->twists, i), c->span->num_words);
}

/* The set of twists whose product is the string, up to sign; false if none. */
static bool find_twists(size_t *set, uint64_t *string,
                        const string_component_struct *c) {
  size_t width = 2 * c->span->num_words;
  const f2_span_struct *t = c->twists;
  *set = 0;
  for (size_t i = 0; i < t->dim; i++) {
    uint32_t pivot = t->pivots[i];
    if (!(string[pivot / 64] >> (pivot % 64) & 1)) continue;
    *set |= (size_t)1 << i;
    for (size_t j = 0; j < width; j++) string[j] ^= f2_span_row(t, i)[j];
  }
  return pauli_is_identity(string, c->span->num_words);
}

/* +1 or -1: the value of the product of the twists in the set on copy chi. */
static int character(size_t set, size_t chi) {
  return __builtin_parityll(set & chi) ? -1 : 1;
}

/* --- reading ---------------------------------------------------------------------------- */

typedef struct {
  size_t a, b, twists; /* the string is sign h_ab t */
  int sign;
} reading_t;

static bool find_pair(reading_t *r, const string_component_struct *c,
                      const uint64_t *string) {
  size_t m = c->num_modes, words = (m + 63) / 64, count = 0, modes[2] = {0, 0};
  uint64_t *subset = flint_calloc(words, sizeof *subset);
  free_fermion_subset(subset, c, string);
  size_t size = 0;
  for (size_t i = 0; i < m; i++) size += subset[i / 64] >> (i % 64) & 1;
  /* The parity may lie in T: then the complement says the same. */
  bool flip = size != 2 && c->parity_in_twists && m - size == 2;
  for (size_t i = 0; i < m && count < 2; i++)
    if ((subset[i / 64] >> (i % 64) & 1) != flip) modes[count++] = i;
  flint_free(subset);
  r->a = modes[0];
  r->b = modes[1];
  return size == 2 || flip;
}

static bool read_string(reading_t *r, const string_component_struct *c,
                        const uint64_t *string) {
  size_t w = c->span->num_words, width = 2 * w;
  if (!f2_span_contains(c->span, string) || !find_pair(r, c, string))
    return false;
  operator_t h = {flint_malloc(width * sizeof *string), 0};
  set_pair(&h, c, r->a, r->b);
  pauli_xor(h.string, h.string, string, w);
  bool found = find_twists(&r->twists, h.string, c);
  if (found) {
    set_pair(&h, c, r->a, r->b);
    multiply_twists(&h, c, r->twists);
    assert(pauli_equal(h.string, string, w) && h.phase % 2 == 0);
    r->sign = h.phase % 4 ? -1 : 1;
  }
  flint_free(h.string);
  return found;
}

/* Adds coeff [string] to the matrices of the part. */
static bool add_bilinear(fmpq_mat_struct *matrices, const fermion_frame_t f,
                         const fermion_part_struct *p, const fmpq_t coeff,
                         const uint64_t *string) {
  reading_t r;
  if (!read_string(&r, f->strings->components + p->component, string))
    return false;
  for (size_t chi = 0; chi >> p->num_twists == 0; chi++) {
    fmpq_mat_struct *m = matrices + p->first_block + chi;
    fmpq *up = fmpq_mat_entry(m, (slong)r.a, (slong)r.b);
    fmpq *down = fmpq_mat_entry(m, (slong)r.b, (slong)r.a);
    if (r.sign * character(r.twists, chi) > 0) fmpq_add(up, up, coeff);
    else fmpq_sub(up, up, coeff);
    fmpq_neg(down, up);
  }
  return true;
}

static bool add_central(fmpq *central, const fermion_frame_t f,
                        const fmpq_t coeff, const uint64_t *string) {
  size_t w = f->strings->num_words;
  for (size_t i = 0; i < f->num_central && central; i++)
    if (pauli_equal(string, f->strings->strings + f->central[i] * 2 * w, w)) {
      fmpq_add(central + i, central + i, coeff);
      return true;
    }
  return false;
}

void fermion_frame_read(fmpq_mat_struct *matrices, fmpq *central,
                        pauli_sum_t rest, const fermion_frame_t f,
                        const pauli_sum_t sum) {
  for (size_t i = 0; i < sum->length; i++) {
    const uint64_t *string = pauli_sum_string(sum, i);
    bool done = add_central(central, f, sum->coeffs + i, string);
    for (size_t p = 0; p < f->num_parts && !done; p++)
      done = add_bilinear(matrices, f, f->parts + p, sum->coeffs + i, string);
    if (!done) pauli_sum_push(rest, sum->coeffs + i, string);
  }
  pauli_sum_canonicalise(rest);
}

/* --- states ---------------------------------------------------------------------------- */

/* What prepares the expectation values of one state. */
typedef struct {
  const quantum_state_struct *state;
  bool stabilizer;
  stabilizer_echelon_t echelon;
} expectation_t;

static void expect(fmpq_t value, const expectation_t *e,
                   const uint64_t *string) {
  if (e->stabilizer)
    fmpq_set_si(value, stabilizer_echelon_expectation(e->echelon, string), 1);
  else
    quantum_state_expectation(value, e->state, string);
}

/* S_ab of every copy, from Tr(rho h_ab t) for every t. */
static void read_pair(fmpq_mat_struct *matrices, const fermion_part_struct *p,
                      const string_component_struct *c, const expectation_t *e,
                      size_t a, size_t b, operator_t *h) {
  fmpq_t value, scale;
  fmpq_init(value);
  fmpq_init(scale);
  fmpq_set_si(scale, 1, (ulong)1 << p->num_twists);
  for (size_t set = 0; set >> p->num_twists == 0; set++) {
    set_pair(h, c, a, b);
    multiply_twists(h, c, set);
    assert(h->phase % 2 == 0);
    expect(value, e, h->string);
    if (fmpq_is_zero(value)) continue;
    fmpq_mul(value, value, scale);
    if (h->phase % 4) fmpq_neg(value, value);
    for (size_t chi = 0; chi >> p->num_twists == 0; chi++) {
      fmpq *up = fmpq_mat_entry(matrices + p->first_block + chi, (slong)a,
                                (slong)b);
      if (character(set, chi) > 0) fmpq_add(up, up, value);
      else fmpq_sub(up, up, value);
    }
  }
  for (size_t chi = 0; chi >> p->num_twists == 0; chi++) {
    fmpq_mat_struct *m = matrices + p->first_block + chi;
    fmpq_neg(fmpq_mat_entry(m, (slong)b, (slong)a),
             fmpq_mat_entry(m, (slong)a, (slong)b));
  }
  fmpq_clear(value);
  fmpq_clear(scale);
}

void fermion_frame_state(fmpq_mat_struct *matrices, const fermion_frame_t f,
                         const quantum_state_t state) {
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  expectation_t e = {.state = state, .stabilizer = stabilizer != NULL};
  operator_t h = {
      flint_malloc((2 * f->strings->num_words + 1) * sizeof *h.string), 0};
  if (stabilizer) stabilizer_echelon_init(e.echelon, stabilizer);
  for (size_t i = 0; i < f->num_parts; i++) {
    const fermion_part_struct *p = f->parts + i;
    for (size_t a = 0; a < p->num_modes; a++)
      for (size_t b = a + 1; b < p->num_modes; b++)
        read_pair(matrices, p, f->strings->components + p->component, &e, a, b,
                  &h);
  }
  if (stabilizer) stabilizer_echelon_clear(e.echelon);
  flint_free(h.string);
}

bool fermion_frame_parity(uint64_t *string, const fermion_frame_t f,
                          size_t part) {
  size_t w = f->strings->num_words;
  const fermion_part_struct *p = f->parts + part;
  const string_component_struct *c = f->strings->components + p->component;
  operator_t all = {string, 0};
  operator_t h = {flint_malloc(2 * w * sizeof *string), 0};
  memset(string, 0, 2 * w * sizeof *string);
  for (size_t a = 0; a + 1 < p->num_modes; a += 2) {
    set_pair(&h, c, a, a + 1);
    all.phase += h.phase;
    multiply(&all, h.string, w);
  }
  flint_free(h.string);
  assert(all.phase % 2 == 0);
  return all.phase % 4 != 0;
}
