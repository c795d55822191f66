/* How a stabilizer group S meets the orbits of strings (see string_orbit.h).

   A string s of S with s + p in V_1 + ... + V_J (the active components) is
   p + v_1 + ... + v_J; the tuple (v_c) is unique up to the kernel K of the sum
   map, K in R_1 x ... x R_J. All tuples over S form an affine space, whose
   linear part L is spanned by the tuples of S meet V ("meet") and by K. The
   count wanted is the number of tuples with every v_c in D_c, divided by the
   number of kernel elements that map the product of the D_c into itself. */
#include <assert.h>

#include "algebra/generators/f2_echelon.h"
#include "algebra/strings/free_fermion.h"
#include "algebra/strings/string_trellis.h"
#include "algebra/spectrum/weight_enumerator.h"
#include "algebra/strings/string_orbit.h"

enum { MAX_SECTION_WORDS = 1 << 26 };

/* A linear subspace of V_c (tuples that live on one component), prepared for
   counting. */
typedef struct {
  const string_component_struct *component;
  size_t dim, width;
  uint64_t *rows; /* dim strings */
  bool q_vanishes; /* on all rows; q is linear on them when they commute */
  /* The rows by their commutation with e_0 f_0 ...: syndrome, then string; the rest,
     which commutes with all of V_c, spans the part in R_c. */
  size_t syndrome_words;
  f2_echelon_t moving;
  size_t kernel_dim;
  bool q_vanishes_on_kernel;
  uint64_t *subsets; /* free fermion: modes of each row */
} meet_t;

struct string_section {
  const string_algebra_struct *algebra;
  size_t num_components; /* J */
  size_t *components;
  size_t w, width, row_words; /* a row: string, then J tuple entries */
  f2_echelon_t rows; /* string = (element of S) + sum of the tuple */
  bool has_span_rows;
  f2_echelon_t span_rows; /* those of the V_c alone, made when asked for */
  size_t num_linear; /* L: tuples of J strings, meet first, then kernel */
  uint64_t *linear;
  size_t num_kernel;
  uint64_t *kernel; /* K */
  bool splits;      /* L is the sum of its parts on single components */
  meet_t *meets;    /* of these parts */
};

static bool bit_at(const uint64_t *bits, size_t i) {
  return bits[i / 64] >> (i % 64) & 1;
}

/* --- one component ------------------------------------------------------------- */

static uint8_t q_of(const string_component_struct *c, const uint64_t *v,
                    uint64_t *scratch) {
  uint8_t value = 0;
  memcpy(scratch, v, 2 * c->span->num_words * sizeof *v);
  bool inside = f2_span_reduce(c->span, scratch, &value);
  assert(inside);
  (void)inside;
  return value;
}

/* Writes the syndrome of a string and the string itself. */
static void set_moving(uint64_t *row, const meet_t *m, const uint64_t *string) {
  memset(row, 0, m->syndrome_words * sizeof *row);
  commutation_table_query(row, m->component->basis_table, string);
  memcpy(row + m->syndrome_words, string, m->width * sizeof *row);
}

static void meet_init(meet_t *m, const string_component_struct *c,
                      const uint64_t *rows, size_t dim) {
  size_t width = 2 * c->span->num_words;
  size_t d = 2 * c->k + c->r, subset_words = (c->num_modes + 63) / 64;
  memset(m, 0, sizeof *m);
  m->component = c;
  m->dim = dim;
  m->width = width;
  m->rows = flint_malloc((dim * width + 1) * sizeof *rows);
  if (dim) memcpy(m->rows, rows, dim * width * sizeof *rows);
  m->syndrome_words = d / 64 + 1;
  f2_echelon_init(m->moving, m->syndrome_words, m->syndrome_words + width);
  m->q_vanishes = m->q_vanishes_on_kernel = true;
  uint64_t *scratch = flint_malloc(width * sizeof *scratch);
  uint64_t *row = flint_malloc(m->moving->row_words * sizeof *row);
  for (size_t i = 0; i < dim; i++) {
    if (c->q_consistent && q_of(c, rows + i * width, scratch))
      m->q_vanishes = false;
    set_moving(row, m, rows + i * width);
    if (f2_echelon_add(m->moving, row)) continue;
    m->kernel_dim++;
    if (c->q_consistent && q_of(c, row + m->syndrome_words, scratch))
      m->q_vanishes_on_kernel = false;
  }
  if (c->kind == COMPONENT_FREE_FERMION) {
    m->subsets = flint_calloc((dim + 1) * subset_words, sizeof *m->subsets);
    for (size_t i = 0; i < dim; i++)
      free_fermion_subset(m->subsets + i * subset_words, c, rows + i * width);
    for (size_t a = 0; a < c->num_modes; a++) /* one more row: all modes */
      m->subsets[dim * subset_words + a / 64] |= UINT64_C(1) << (a % 64);
  }
  flint_free(scratch);
  flint_free(row);
}

static void meet_clear(meet_t *m) {
  flint_free(m->rows);
  f2_echelon_clear(m->moving);
  flint_free(m->subsets);
}

static uint8_t quadric_value(const string_component_struct *c,
                             const uint64_t *p, const uint64_t *v,
                             uint64_t *scratch) {
  return q_of(c, v, scratch) ^
         (uint8_t)pauli_anticommute(p, v, c->span->num_words);
}

/* Number of v in v0 + L_c with v in D_c, not of weight kind. On v0 + L_c, all
   of whose p + v commute, Q is affine: Q(v0 + u) = Q(v0) + q(u). */
static void count_quadratic(fmpz_t count, const meet_t *m, const uint64_t *p,
                            const uint64_t *v0, displacement_kind_t kind) {
  const string_component_struct *c = m->component;
  size_t width = m->width;
  bool quadric = kind == DISPLACEMENT_QUADRIC;
  uint64_t *scratch = flint_malloc(width * sizeof *scratch);
  uint64_t *row = flint_malloc(m->moving->row_words * sizeof *row);
  uint64_t *v = row + m->syndrome_words;
  fmpz_t fixed;
  fmpz_init(fixed);
  fmpz_one(count);
  if (!quadric)
    fmpz_mul_2exp(count, count, m->dim);
  else if (!m->q_vanishes)
    fmpz_mul_2exp(count, count, m->dim - 1);
  else if (!quadric_value(c, p, v0, scratch))
    fmpz_mul_2exp(count, count, m->dim);
  else
    fmpz_zero(count);

  /* those whose p + v is fixed do not belong to D */
  pauli_xor(scratch, p, v0, width / 2);
  set_moving(row, m, scratch);
  if (c->kind != COMPONENT_CENTRAL && f2_echelon_reduce(m->moving, row)) {
    pauli_xor(v, v, p, width / 2); /* now a displacement */
    fmpz_one(fixed);
    if (!quadric)
      fmpz_mul_2exp(fixed, fixed, m->kernel_dim);
    else if (!m->q_vanishes_on_kernel)
      fmpz_mul_2exp(fixed, fixed, m->kernel_dim - 1);
    else if (!quadric_value(c, p, v, scratch))
      fmpz_mul_2exp(fixed, fixed, m->kernel_dim);
    else
      fmpz_zero(fixed);
    fmpz_sub(count, count, fixed);
  }
  fmpz_clear(fixed);
  flint_free(scratch);
  flint_free(row);
}

/* F = signature of p plus the modes of v: the Majorana content of p + v. */
static void majorana_content(uint64_t *content,
                             const string_component_struct *c,
                             const uint64_t *p, const uint64_t *v) {
  size_t words = (c->num_modes + 63) / 64;
  uint64_t *subset = flint_malloc((words + 1) * sizeof *subset);
  free_fermion_signature(content, c, p);
  free_fermion_subset(subset, c, v);
  for (size_t i = 0; i < words; i++) content[i] ^= subset[i];
  flint_free(subset);
}

static status_t count_weight(fmpz_t count, const meet_t *m, const uint64_t *p,
                             const uint64_t *v0, size_t weight) {
  const string_component_struct *c = m->component;
  size_t modes = c->num_modes, words = (modes + 63) / 64, rank;
  uint64_t *offset = flint_malloc((words + 1) * sizeof *offset);
  bool paired = c->parity_in_twists; /* F and its complement: one string */
  majorana_content(offset, c, p, v0);
  status_t status =
      weight_enumerator_count(count, &rank, m->subsets, m->dim + paired, modes,
                              offset, NULL, weight);
  if (status == STATUS_OK) {
    if (paired && 2 * weight == modes) fmpz_fdiv_q_2exp(count, count, 1);
    fmpz_mul_2exp(count, count, m->dim - (rank - paired));
  }
  flint_free(offset);
  return status;
}

static status_t meet_count(fmpz_t count, const meet_t *m, const uint64_t *p,
                           const uint64_t *v0, const displacement_struct *d) {
  if (d->kind == DISPLACEMENT_WEIGHT)
    return count_weight(count, m, p, v0, d->weight);
  count_quadratic(count, m, p, v0, d->kind);
  return STATUS_OK;
}

/* --- the section ------------------------------------------------------------------ */

/* One more tuple in a list that doubles when its length is a power of two. */
static void add_tuple(uint64_t **list, size_t *length, const uint64_t *tuple,
                      size_t words) {
  if (!(*length & (*length - 1)))
    *list = flint_realloc(*list, (2 * *length + 1) * words * sizeof **list);
  memcpy(*list + *length * words, tuple, words * sizeof *tuple);
  ++*length;
}

/* The dependencies, elements of K, go to the section when `kernel`. */
static void insert_components(f2_echelon_t rows, string_section_t *s, bool kernel) {
  size_t words = s->num_components * s->width;
  uint64_t *row = flint_malloc((s->row_words + 1) * sizeof *row);
  for (size_t j = 0; j < s->num_components; j++) {
    const string_component_struct *c =
        s->algebra->components + s->components[j];
    f2_span_t whole; /* any basis will do: rather a sparse one */
    f2_span_init(whole, s->w);
    bool is_whole = c->span->dim == 2 * s->algebra->num_qubits;
    if (is_whole) f2_span_set_whole(whole, s->algebra->num_qubits);
    for (size_t i = 0; i < c->span->dim; i++) {
      memset(row, 0, s->row_words * sizeof *row);
      memcpy(row, f2_span_row(is_whole ? whole : c->span, i),
             s->width * sizeof *row);
      memcpy(row + (1 + j) * s->width, row, s->width * sizeof *row);
      if (!f2_echelon_add(rows, row) && kernel)
        add_tuple(&s->kernel, &s->num_kernel, row + s->width, words);
    }
    f2_span_clear(whole);
  }
  flint_free(row);
}

/* The last ones first, see f2_span_intersect. */
static void insert_stabilizers(string_section_t *s, const stabilizer_state_t state) {
  uint64_t *row = flint_malloc((s->row_words + 1) * sizeof *row);
  for (size_t i = state->rank; i-- > 0;) {
    memset(row, 0, s->row_words * sizeof *row);
    memcpy(row, stabilizer_state_string(state, i), s->width * sizeof *row);
    if (!f2_echelon_add(s->rows, row))
      add_tuple(&s->linear, &s->num_linear, row + s->width,
                s->num_components * s->width);
  }
  flint_free(row);
}

/* The tuples of L that vanish outside component j: elimination of the other
   entries, entry j going along. Returns their number; out gets their entries j. */
static size_t linear_part(uint64_t *out, const string_section_t *s, size_t j) {
  size_t width = s->width, words = s->num_components * width, found = 0;
  f2_echelon_t others;
  f2_echelon_init(others, words - width, words);
  uint64_t *row = flint_malloc((words + 1) * sizeof *row);
  for (size_t i = 0; i < s->num_linear; i++) {
    const uint64_t *tuple = s->linear + i * words;
    memcpy(row, tuple, j * width * sizeof *row);
    memcpy(row + j * width, tuple + (j + 1) * width,
           (words - (j + 1) * width) * sizeof *row);
    memcpy(row + words - width, tuple + j * width, width * sizeof *row);
    if (!f2_echelon_add(others, row))
      memcpy(out + found++ * width, row + words - width, width * sizeof *out);
  }
  flint_free(row);
  f2_echelon_clear(others);
  return found;
}

static void split(string_section_t *s) {
  size_t total = 0;
  uint64_t *part =
      flint_malloc((s->num_linear * s->width + 1) * sizeof *part);
  s->meets = flint_calloc(s->num_components + 1, sizeof *s->meets);
  for (size_t j = 0; j < s->num_components; j++) {
    size_t dim = linear_part(part, s, j);
    meet_init(s->meets + j, s->algebra->components + s->components[j], part,
              dim);
    total += dim;
  }
  s->splits = total == s->num_linear;
  flint_free(part);
}

string_section_t *string_section_new(const string_algebra_t g,
                                     const size_t *components,
                                     size_t num_components,
                                     const stabilizer_state_t state) {
  size_t dims = 0;
  for (size_t j = 0; j < num_components; j++)
    dims += g->components[components[j]].span->dim;
  size_t most = dims + state->rank, all = 2 * g->num_qubits;
  /* independent strings, and dependencies among them */
  size_t tuples = (most < all ? most : all) + most;
  if (tuples * (num_components + 1) * 2 * g->num_words > MAX_SECTION_WORDS)
    return NULL;
  string_section_t *s = flint_calloc(1, sizeof *s);
  s->algebra = g;
  s->w = g->num_words;
  s->width = 2 * s->w;
  s->num_components = num_components;
  s->row_words = (1 + num_components) * s->width;
  f2_echelon_init(s->rows, s->width, s->row_words);
  s->components = flint_malloc((num_components + 1) * sizeof *components);
  memcpy(s->components, components, num_components * sizeof *components);
  size_t words = num_components * s->width;
  insert_components(s->rows, s, true);
  insert_stabilizers(s, state);
  for (size_t i = 0; i < s->num_kernel; i++)
    add_tuple(&s->linear, &s->num_linear, s->kernel + i * words, words);
  split(s);
  return s;
}

void string_section_free(string_section_t *s) {
  if (!s) return;
  for (size_t j = 0; j < s->num_components; j++) meet_clear(s->meets + j);
  flint_free(s->meets);
  flint_free(s->components);
  f2_echelon_clear(s->rows);
  if (s->has_span_rows) f2_echelon_clear(s->span_rows);
  flint_free(s->linear);
  flint_free(s->kernel);
  flint_free(s);
}

/* --- counting ------------------------------------------------------------------------ */

/* Does translation by the kernel entry v change D_c? Quadric: Q is linear on
   R_c. Weight: the parity turns F into its complement. */
static bool kernel_flips(const string_component_struct *c,
                         const displacement_struct *d, const uint64_t *p,
                         const uint64_t *v, uint64_t *scratch) {
  switch (d->kind) {
    case DISPLACEMENT_FULL: return false;
    case DISPLACEMENT_QUADRIC: return quadric_value(c, p, v, scratch);
    case DISPLACEMENT_WEIGHT:
      return 2 * d->weight != c->num_modes &&
             !f2_span_contains(c->twists, v);
  }
  return false;
}

/* log2 of the number of kernel elements that map every D_c into itself. */
static size_t kernel_stabilizer(const string_section_t *s,
                                const string_action_t action) {
  size_t words = s->num_components * s->width, rank = 0;
  size_t flip_words = (s->num_components + 63) / 64;
  uint64_t *flips =
      flint_calloc(s->num_kernel * flip_words + 1, sizeof *flips);
  uint64_t *scratch = flint_malloc(s->width * sizeof *scratch);
  for (size_t i = 0; i < s->num_kernel; i++)
    for (size_t j = 0; j < s->num_components; j++)
      if (kernel_flips(s->algebra->components + s->components[j],
                       action->active + j, action->string,
                       s->kernel + i * words + j * s->width, scratch))
        flips[i * flip_words + j / 64] |= UINT64_C(1) << (j % 64);
  for (size_t j = 0; j < s->num_components; j++) {
    size_t pivot = rank;
    while (pivot < s->num_kernel && !bit_at(flips + pivot * flip_words, j))
      pivot++;
    if (pivot == s->num_kernel) continue;
    for (size_t r = 0; r < s->num_kernel; r++)
      if (r != pivot && bit_at(flips + r * flip_words, j))
        for (size_t k = 0; k < flip_words; k++)
          flips[r * flip_words + k] ^= flips[pivot * flip_words + k];
    for (size_t k = 0; k < flip_words; k++) {
      uint64_t t = flips[pivot * flip_words + k];
      flips[pivot * flip_words + k] = flips[rank * flip_words + k];
      flips[rank * flip_words + k] = t;
    }
    rank++;
  }
  flint_free(flips);
  flint_free(scratch);
  return s->num_kernel - rank;
}

/* Is v in D_c? Straight from the definition. */
static bool in_displacements(const string_component_struct *c,
                             const displacement_struct *d, const uint64_t *p,
                             const uint64_t *v, uint64_t *scratch) {
  size_t w = c->span->num_words;
  if (d->kind == DISPLACEMENT_WEIGHT) {
    size_t words = (c->num_modes + 63) / 64, weight = 0;
    uint64_t *content = flint_malloc((words + 1) * sizeof *content);
    majorana_content(content, c, p, v);
    for (size_t i = 0; i < words; i++)
      weight += (size_t)__builtin_popcountll(content[i]);
    flint_free(content);
    return weight == d->weight ||
           (c->parity_in_twists && c->num_modes - weight == d->weight);
  }
  if (d->kind == DISPLACEMENT_QUADRIC && quadric_value(c, p, v, scratch))
    return false;
  if (c->kind == COMPONENT_CENTRAL) return true;
  pauli_xor(scratch, p, v, w);
  for (size_t i = 0; i < 2 * c->k + c->r; i++)
    if (pauli_anticommute(scratch, string_component_row(c, i), w)) return true;
  return false;
}

bool string_section_same_orbit(string_section_t *s,
                               const string_action_t action,
                               const uint64_t *q) {
  uint64_t *row = flint_calloc(s->row_words, sizeof *row);
  uint64_t *scratch = flint_malloc(s->width * sizeof *scratch);
  pauli_xor(row, action->string, q, s->w);
  if (!s->has_span_rows) {
    f2_echelon_init(s->span_rows, s->width, s->row_words);
    insert_components(s->span_rows, s, false);
    s->has_span_rows = true;
  }
  bool inside = f2_echelon_reduce(s->span_rows, row);
  for (size_t j = 0; j < s->num_components && inside; j++)
    inside = in_displacements(s->algebra->components + s->components[j],
                              action->active + j, action->string,
                              row + (1 + j) * s->width, scratch);
  flint_free(row);
  flint_free(scratch);
  return inside;
}

typedef struct {
  const string_section_t *section;
  const string_action_struct *action;
  uint64_t *scratch;
} allowed_t;

static bool is_allowed(const void *data, size_t entry, const uint64_t *value) {
  const allowed_t *a = data;
  const string_section_t *s = a->section;
  return in_displacements(s->algebra->components + s->components[entry],
                          a->action->active + entry, a->action->string, value,
                          a->scratch);
}

static status_t enumerate(fmpz_t count, const string_section_t *s,
                          const string_action_t action,
                          const uint64_t *start) {
  allowed_t data = {s, action, flint_malloc(s->width * sizeof *data.scratch)};
  status_t status =
      string_trellis_count(count, s->linear, s->num_linear, start,
                           s->num_components, s->width, is_allowed, &data);
  flint_free(data.scratch);
  return status;
}

/* The tuples of start + L whose p + v_c is fixed for every c in the subset:
   log2 of their number in *log_count, or false when there is none. Commutation
   with the bases of these V_c is a system of linear equations on L. */
static bool count_fixed(size_t *log_count, const string_section_t *s,
                        const string_action_t action, const uint64_t *start,
                        size_t subset) {
  size_t words = s->num_components * s->width, n = s->num_linear;
  size_t row_words = 0, rank = 0;
  for (size_t j = 0; j < s->num_components; j++)
    if (subset >> j & 1)
      row_words += s->algebra->components[s->components[j]].span->dim / 64 + 1;
  uint64_t *rows = flint_calloc((n + 1) * row_words + 1, sizeof *rows);
  uint64_t *v = flint_malloc(s->width * sizeof *v);
  for (size_t i = 0; i <= n; i++) { /* row n: the start itself */
    size_t at = 0;
    for (size_t j = 0; j < s->num_components; j++) {
      if (!(subset >> j & 1)) continue;
      const string_component_struct *c =
          s->algebra->components + s->components[j];
      const uint64_t *entry =
          (i < n ? s->linear + i * words : start) + j * s->width;
      memcpy(v, entry, s->width * sizeof *v);
      if (i == n) pauli_xor(v, v, action->string, s->w);
      commutation_table_query(rows + i * row_words + at, c->basis_table, v);
      at += c->span->dim / 64 + 1;
    }
  }
  for (size_t bit = 0; bit < 64 * row_words; bit++) {
    size_t pivot = rank;
    while (pivot < n && !bit_at(rows + pivot * row_words, bit)) pivot++;
    if (pivot == n) continue;
    for (size_t k = 0; k < row_words && pivot != rank; k++) {
      uint64_t t = rows[pivot * row_words + k];
      rows[pivot * row_words + k] = rows[rank * row_words + k];
      rows[rank * row_words + k] = t;
    }
    for (size_t r = rank + 1; r <= n; r++)
      if (bit_at(rows + r * row_words, bit))
        for (size_t k = 0; k < row_words; k++)
          rows[r * row_words + k] ^= rows[rank * row_words + k];
    rank++;
  }
  bool solvable = true;
  for (size_t k = 0; k < row_words; k++)
    if (rows[n * row_words + k]) solvable = false;
  *log_count = n - rank;
  flint_free(rows);
  flint_free(v);
  return solvable;
}

enum { MAX_INCLUSION_COMPONENTS = 8 };

/* All D_c are "what is not fixed": inclusion and exclusion over the components
   for which p + v_c is fixed. */
static bool count_moving(fmpz_t count, const string_section_t *s,
                         const string_action_t action,
                         const uint64_t *start) {
  if (s->num_components > MAX_INCLUSION_COMPONENTS) return false;
  size_t can_fix = 0;
  for (size_t j = 0; j < s->num_components; j++) {
    if (action->active[j].kind != DISPLACEMENT_FULL) return false;
    if (s->algebra->components[s->components[j]].kind != COMPONENT_CENTRAL)
      can_fix |= (size_t)1 << j;
  }
  fmpz_t term;
  fmpz_init(term);
  fmpz_zero(count);
  for (size_t subset = 0; subset < (size_t)1 << s->num_components; subset++) {
    size_t log_count;
    if ((subset & ~can_fix) ||
        !count_fixed(&log_count, s, action, start, subset))
      continue;
    fmpz_one(term);
    fmpz_mul_2exp(term, term, log_count);
    if (__builtin_parityll(subset))
      fmpz_sub(count, count, term);
    else
      fmpz_add(count, count, term);
  }
  fmpz_clear(term);
  return true;
}

enum { MAX_JOINT_WEIGHT = 1 << 16 };

/* Appends the low `length` bits of source to row, beginning at bit `at`. */
static void append_bits(uint64_t *row, size_t at, const uint64_t *source,
                        size_t length) {
  for (size_t i = 0; i < length; i++)
    if (bit_at(source, i))
      row[(at + i) / 64] |= UINT64_C(1) << ((at + i) % 64);
}

/* All D_c are weight classes: the modes of all components side by side, a mode
   of component c counting prod over earlier ones of (num_modes + 1), so that
   one number holds all weights. */
static status_t count_joint_weights(fmpz_t count, const string_section_t *s,
                                    const string_action_t action,
                                    const uint64_t *start) {
  size_t words = s->num_components * s->width, n = s->num_linear;
  size_t length = 0, weight = 0, unit_now = 1, num_paired = 0, halves = 0;
  for (size_t j = 0; j < s->num_components; j++) {
    const string_component_struct *c =
        s->algebra->components + s->components[j];
    if (action->active[j].kind != DISPLACEMENT_WEIGHT) return STATUS_LIMIT;
    weight += action->active[j].weight * unit_now;
    if (weight > MAX_JOINT_WEIGHT) return STATUS_LIMIT;
    unit_now *= c->num_modes + 1;
    length += c->num_modes;
  }
  size_t row_words = (length + 63) / 64, at = 0, rank;
  uint64_t *rows = flint_calloc(
      (n + s->num_components + 1) * row_words + 1, sizeof *rows);
  uint64_t *offset = flint_calloc(row_words + 1, sizeof *offset);
  uint64_t *subset = flint_malloc((row_words + 1) * sizeof *subset);
  size_t *unit = flint_malloc((length + 1) * sizeof *unit);
  unit_now = 1;
  for (size_t j = 0; j < s->num_components; j++) {
    const string_component_struct *c =
        s->algebra->components + s->components[j];
    for (size_t i = 0; i < n; i++) {
      free_fermion_subset(subset, c, s->linear + i * words + j * s->width);
      append_bits(rows + i * row_words, at, subset, c->num_modes);
    }
    majorana_content(subset, c, action->string, start + j * s->width);
    append_bits(offset, at, subset, c->num_modes);
    if (c->parity_in_twists) { /* F and its complement: one string */
      uint64_t *ones = rows + (n + num_paired++) * row_words;
      for (size_t a = 0; a < c->num_modes; a++)
        ones[(at + a) / 64] |= UINT64_C(1) << ((at + a) % 64);
      halves += 2 * action->active[j].weight == c->num_modes;
    }
    for (size_t a = 0; a < c->num_modes; a++) unit[at + a] = unit_now;
    unit_now *= c->num_modes + 1;
    at += c->num_modes;
  }
  status_t status = weight_enumerator_count(count, &rank, rows, n + num_paired,
                                            length, offset, unit, weight);
  if (status == STATUS_OK) {
    fmpz_fdiv_q_2exp(count, count, halves);
    fmpz_mul_2exp(count, count, n - (rank - num_paired));
  }
  flint_free(rows);
  flint_free(offset);
  flint_free(subset);
  flint_free(unit);
  return status;
}

status_t string_section_measure(fmpz_t orbit_size, fmpz_t in_stabilizer,
                                const string_section_t *s,
                                const string_action_t action) {
  assert(action->num_active == s->num_components);
  size_t same = kernel_stabilizer(s, action);
  fmpz_one(orbit_size);
  for (size_t j = 0; j < s->num_components; j++)
    fmpz_mul(orbit_size, orbit_size, action->active[j].size);
  fmpz_fdiv_q_2exp(orbit_size, orbit_size, same);

  uint64_t *row = flint_calloc(s->row_words, sizeof *row);
  memcpy(row, action->string, s->width * sizeof *row);
  status_t status = STATUS_OK;
  fmpz_t total, factor;
  fmpz_init(total);
  fmpz_init(factor);
  if (f2_echelon_reduce(s->rows, row)) { /* else the coset p + V has no string of S */
    const uint64_t *tuple = row + s->width;
    if (s->splits) {
      fmpz_one(total);
      for (size_t j = 0; j < s->num_components && status == STATUS_OK; j++) {
        status = meet_count(factor, s->meets + j, action->string,
                            tuple + j * s->width, action->active + j);
        fmpz_mul(total, total, factor);
      }
    } else if (!count_moving(total, s, action, tuple) &&
               count_joint_weights(total, s, action, tuple) != STATUS_OK)
      status = enumerate(total, s, action, tuple);
  }
  if (status == STATUS_OK) fmpz_fdiv_q_2exp(in_stabilizer, total, same);
  fmpz_clear(total);
  fmpz_clear(factor);
  flint_free(row);
  return status;
}
