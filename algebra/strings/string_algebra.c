#include "algebra/strings/string_algebra.h"

#include <stdlib.h>

#include "algebra/base/text.h"
#include "algebra/strings/free_fermion.h"

/* --- components of the anticommutation graph ------------------------------ */

/* While components merge, one is named by its root in a union-find forest over
   the strings seen so far. */
typedef struct {
  size_t *parent;      /* per string */
  f2_span_struct **at; /* span of the component rooted there, else NULL */
  uint8_t *conflict;   /* q inconsistent, at roots */
} forest_t;

static size_t find_root(size_t *parent, size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

static size_t unite(forest_t *forest, size_t a, size_t b) {
  f2_span_struct *large = forest->at[a], *small = forest->at[b];
  if (large->dim < small->dim) {
    size_t t = a;
    a = b;
    b = t;
    large = forest->at[a];
    small = forest->at[b];
  }
  forest->conflict[a] |= forest->conflict[b];
  for (size_t i = 0; i < small->dim; i++)
    if (f2_span_insert(large, f2_span_row(small, i), small->values[i]) ==
        SPAN_CONFLICT)
      forest->conflict[a] = 1;
  f2_span_clear(small);
  flint_free(small);
  forest->at[b] = NULL;
  forest->parent[b] = a;
  return a;
}

/* Builds the forest. A string belongs with a component iff it anticommutes
   with some element of its span, equivalently with some member that entered
   the span when it was inserted (the witnesses in `table`). */
static void build_forest(forest_t *forest, const string_algebra_t g) {
  size_t count = g->num_strings, width = 2 * g->num_words;
  size_t *owner = flint_malloc((count + 1) * sizeof *owner);
  uint64_t *bits = flint_malloc((count / 64 + 1) * sizeof *bits);
  commutation_table_t table;
  commutation_table_init(table, g->num_qubits);
  for (size_t i = 0; i < count; i++) {
    const uint64_t *string = g->strings + i * width;
    size_t root = SIZE_MAX;
    commutation_table_query(bits, table, string);
    for (size_t word = 0; word < commutation_table_words(table); word++)
      for (uint64_t left = bits[word]; left; left &= left - 1) {
        size_t other = find_root(
            forest->parent, owner[64 * word + (size_t)__builtin_ctzll(left)]);
        root = root == SIZE_MAX || root == other ? other
                                                 : unite(forest, root, other);
      }
    if (root == SIZE_MAX) {
      root = i;
      forest->at[i] = flint_malloc(sizeof(f2_span_struct));
      f2_span_init(forest->at[i], g->num_words);
    }
    forest->parent[i] = root;
    /* nothing more to be learnt from a string of the whole space */
    if (forest->conflict[root] &&
        forest->at[root]->dim == 2 * g->num_qubits)
      continue;
    switch (f2_span_insert(forest->at[root], string, 1)) {
      case SPAN_NEW: /* only a string that enlarges the span is a new witness */
        owner[table->length] = i;
        commutation_table_append(table, string);
        break;
      case SPAN_CONFLICT: forest->conflict[root] = 1; break;
      case SPAN_CONSISTENT: break;
    }
  }
  commutation_table_clear(table);
  flint_free(bits);
  flint_free(owner);
}

/* --- one component ---------------------------------------------------------- */

/* Symplectic Gram-Schmidt needs the commutation of the rows, kept as a matrix of
   bits that changes with them: sparse rows touch few others. */
typedef struct {
  size_t width, stride; /* words of a row, of a row of the matrix */
  uint64_t *rows, *omega;
  uint8_t *q;
} gram_t;

static uint64_t *gram_row(const gram_t *m, size_t i) {
  return m->omega + i * m->stride;
}

static void gram_init(gram_t *m, string_component_struct *c,
                      size_t num_qubits) {
  size_t d = c->span->dim;
  commutation_table_t table;
  *m = (gram_t){.width = 2 * c->span->num_words, .stride = (d + 63) / 64,
                .rows = c->basis, .q = c->basis_q};
  m->omega = flint_malloc((d * m->stride + 1) * sizeof *m->omega);
  commutation_table_init_strings(table, num_qubits, c->basis, d);
  for (size_t i = 0; i < d; i++)
    commutation_table_query(gram_row(m, i), table, c->basis + i * m->width);
  commutation_table_clear(table);
}

static void swap_words(uint64_t *a, uint64_t *b, size_t count) {
  for (size_t j = 0; j < count; j++) {
    uint64_t t = a[j];
    a[j] = b[j];
    b[j] = t;
  }
}

static void gram_swap(gram_t *m, size_t a, size_t b) {
  if (a == b) return;
  uint64_t *ra = gram_row(m, a), *rb = gram_row(m, b);
  /* the columns first: where they differ is known from the rows */
  for (size_t i = 0; i < m->stride; i++)
    for (uint64_t left = ra[i] ^ rb[i]; left; left &= left - 1) {
      uint64_t *row = gram_row(m, 64 * i + (size_t)__builtin_ctzll(left));
      if (row == ra || row == rb) continue;
      row[a / 64] ^= UINT64_C(1) << (a % 64);
      row[b / 64] ^= UINT64_C(1) << (b % 64);
    }
  swap_words(ra, rb, m->stride);
  /* omega(a,a) = omega(b,b) = 0; omega(a,b) went to the diagonal */
  if (ra[a / 64] >> (a % 64) & 1) {
    ra[a / 64] ^= UINT64_C(1) << (a % 64);
    ra[b / 64] ^= UINT64_C(1) << (b % 64);
    rb[b / 64] ^= UINT64_C(1) << (b % 64);
    rb[a / 64] ^= UINT64_C(1) << (a % 64);
  }
  swap_words(m->rows + a * m->width, m->rows + b * m->width, m->width);
  uint8_t t = m->q[a];
  m->q[a] = m->q[b];
  m->q[b] = t;
}

/* Makes row i commute with e = row `at` and f = the next. */
static void gram_clear_row(gram_t *m, size_t i, size_t at) {
  size_t first = at / 64, w = m->width / 2;
  const uint64_t *e = gram_row(m, at), *f = gram_row(m, at + 1);
  uint64_t *row = gram_row(m, i), *string = m->rows + i * m->width;
  bool with_e = e[i / 64] >> (i % 64) & 1, with_f = f[i / 64] >> (i % 64) & 1;
  if (with_f) {
    m->q[i] ^= m->q[at] ^ (uint8_t)with_e;
    pauli_xor(string, string, m->rows + at * m->width, w);
    for (size_t j = first; j < m->stride; j++) row[j] ^= e[j];
  }
  if (with_e) { /* which now commutes with f */
    m->q[i] ^= m->q[at + 1];
    pauli_xor(string, string, m->rows + (at + 1) * m->width, w);
    for (size_t j = first; j < m->stride; j++) row[j] ^= f[j];
  }
}

/* The first bit set in [from, end), or end. */
static size_t next_bit(const uint64_t *bits, size_t from, size_t end) {
  for (size_t i = from / 64; 64 * i < end; i++) {
    uint64_t left = bits[i];
    if (i == from / 64) left &= ~UINT64_C(0) << (from % 64);
    if (!left) continue;
    size_t at = 64 * i + (size_t)__builtin_ctzll(left);
    return at < end ? at : end;
  }
  return end;
}

/* Symplectic Gram-Schmidt on the rows of the span. */
static void build_basis(string_component_struct *c, size_t num_qubits) {
  size_t width = 2 * c->span->num_words, d = c->span->dim;
  size_t done = 0, end = d; /* [done,end) is still to be sorted out */
  c->basis = flint_malloc((d * width + 1) * sizeof *c->basis);
  c->basis_q = flint_malloc(d + 1);
  memcpy(c->basis, c->span->rows, d * width * sizeof *c->basis);
  memcpy(c->basis_q, c->span->values, d);
  gram_t m;
  gram_init(&m, c, num_qubits);
  while (done < end) {
    size_t partner = next_bit(gram_row(&m, done), done + 1, end);
    if (partner == end) { /* commutes with all that is left: radical */
      gram_swap(&m, done, --end);
      continue;
    }
    gram_swap(&m, done + 1, partner);
    const uint64_t *e = gram_row(&m, done), *f = gram_row(&m, done + 1);
    for (size_t i = done + 2; i < end; i++) {
      size_t with_e = next_bit(e, i, end), with_f = next_bit(f, i, end);
      i = with_e < with_f ? with_e : with_f;
      if (i < end) gram_clear_row(&m, i, done);
    }
    done += 2;
  }
  flint_free(m.omega);
  c->k = done / 2;
  c->r = d - done;
  commutation_table_init_strings(c->basis_table, num_qubits, c->basis, d);
}

static void classify(string_component_struct *c, const string_algebra_t g) {
  c->q_zero_on_radical = c->q_consistent;
  for (size_t i = 0; i < c->r; i++)
    if (c->basis_q[2 * c->k + i]) c->q_zero_on_radical = false;
  c->arf = 0;
  for (size_t i = 0; i < c->k; i++)
    c->arf ^= c->basis_q[2 * i] & c->basis_q[2 * i + 1];
  f2_span_init(c->twists, g->num_words);
  if (c->k == 0)
    c->kind = COMPONENT_CENTRAL;
  else if (free_fermion_recognise(c, g))
    c->kind = COMPONENT_FREE_FERMION;
  else if (!c->q_consistent)
    c->kind = COMPONENT_UNITARY;
  else if (!c->q_zero_on_radical)
    c->kind = COMPONENT_UNITARY_LINKED;
  else
    c->kind = c->arf ? COMPONENT_SYMPLECTIC : COMPONENT_ORTHOGONAL;
}

/* --- the whole --------------------------------------------------------------- */

static field_t sector_field(const string_algebra_t g) {
  /* The form x -> (-1)^q(x) x of arXiv:2408.00081 descends to a sector iff q
     exists on the sum of the spans and vanishes on the whole radical. */
  bool real = true;
  unsigned arf = 0;
  for (size_t i = 0; i < g->num_components; i++) {
    const string_component_struct *c = g->components + i;
    if (!c->q_consistent) real = false;
    for (size_t j = 0; j < c->r && real; j++)
      if (c->basis_q[2 * c->k + j]) real = false;
    arf ^= c->arf;
  }
  if (!real) return FIELD_COMPLEX;
  return arf ? FIELD_QUATERNIONIC : FIELD_REAL;
}

static int compare_strings(const void *a, const void *b, void *context) {
  const string_algebra_struct *g = context;
  size_t width = 2 * g->num_words;
  return pauli_cmp(g->strings + *(const size_t *)a * width,
                   g->strings + *(const size_t *)b * width, g->num_words);
}

/* Components in the order of their least strings, so that the numbers mean the
   same whatever the order of the generators. */
static void renumber(size_t *number, const string_algebra_t g,
                     forest_t *forest) {
  size_t count = g->num_strings, width = 2 * g->num_words, length = 0;
  size_t *least = flint_malloc((g->num_components + 1) * sizeof *least);
  size_t *order = flint_malloc((g->num_components + 1) * sizeof *order);
  for (size_t c = 0; c < g->num_components; c++) least[c] = SIZE_MAX;
  for (size_t i = 0; i < count; i++) {
    size_t *at = least + number[find_root(forest->parent, i)];
    if (*at == SIZE_MAX ||
        pauli_cmp(g->strings + i * width, g->strings + *at * width,
                  g->num_words) < 0)
      *at = i;
  }
  for (size_t c = 0; c < g->num_components; c++) order[length++] = least[c];
  if (length) qsort_r(order, length, sizeof *order, compare_strings, (void *)g);
  for (size_t c = 0; c < length; c++)
    number[find_root(forest->parent, order[c])] = c;
  flint_free(least);
  flint_free(order);
}

static void collect(string_algebra_t g, forest_t *forest) {
  size_t count = g->num_strings;
  size_t *number = flint_malloc((count + 1) * sizeof *number);
  for (size_t i = 0; i < count; i++)
    if (forest->at[i]) number[i] = g->num_components++;
  renumber(number, g, forest);
  g->components = flint_calloc(g->num_components + 1, sizeof *g->components);
  for (size_t i = 0; i < count; i++) {
    size_t root = find_root(forest->parent, i);
    g->component[i] = number[root];
    g->components[number[root]].num_members++;
  }
  for (size_t i = 0; i < g->num_components; i++) {
    string_component_struct *c = g->components + i;
    c->members = flint_malloc((c->num_members + 1) * sizeof *c->members);
    c->num_members = 0;
  }
  for (size_t i = 0; i < count; i++) {
    string_component_struct *c = g->components + g->component[i];
    c->members[c->num_members++] = i;
    if (forest->at[i]) {
      *c->span = *forest->at[i];
      c->q_consistent = !forest->conflict[i];
      if (!c->q_consistent && c->span->dim == 2 * g->num_qubits)
        f2_span_set_whole(c->span, g->num_qubits); /* sparse, and values are void */
      flint_free(forest->at[i]);
    }
  }
  flint_free(number);
}

void string_algebra_init(string_algebra_t g, const uint64_t *strings,
                         size_t num_strings, size_t num_qubits) {
  size_t w = pauli_words(num_qubits), width = 2 * w;
  memset(g, 0, sizeof *g);
  g->num_qubits = num_qubits;
  g->num_words = w;
  g->num_strings = num_strings;
  g->strings = flint_malloc((num_strings * width + 1) * sizeof *strings);
  if (num_strings)
    memcpy(g->strings, strings, num_strings * width * sizeof *strings);
  g->component = flint_malloc((num_strings + 1) * sizeof *g->component);

  forest_t forest;
  forest.parent = flint_malloc((num_strings + 1) * sizeof *forest.parent);
  forest.at = flint_calloc(num_strings + 1, sizeof *forest.at);
  forest.conflict = flint_calloc(num_strings + 1, 1);
  build_forest(&forest, g);
  collect(g, &forest);
  flint_free(forest.parent);
  flint_free(forest.at);
  flint_free(forest.conflict);

  f2_span_init(g->span, w);
  f2_span_init(g->radical, w);
  for (size_t i = 0; i < g->num_components; i++) {
    string_component_struct *c = g->components + i;
    build_basis(c, num_qubits);
    classify(c, g);
    g->total_k += c->k;
    for (size_t j = 0; j < c->r; j++)
      f2_span_insert(g->radical, string_component_row(c, 2 * c->k + j), 0);
    if (g->num_components == 1)
      f2_span_set(g->span, c->span);
    else
      for (size_t j = 0; j < c->span->dim; j++)
        f2_span_insert(g->span, f2_span_row(c->span, j), 0);
  }
  g->total_r = g->radical->dim;
  g->field = sector_field(g);
}

void string_algebra_clear(string_algebra_t g) {
  for (size_t i = 0; i < g->num_components; i++) {
    string_component_struct *c = g->components + i;
    f2_span_clear(c->span);
    f2_span_clear(c->twists);
    commutation_table_clear(c->basis_table);
    commutation_table_clear(c->tree);
    flint_free(c->tree_parents);
    flint_free(c->members);
    flint_free(c->basis);
    flint_free(c->basis_q);
    flint_free(c->potentials);
    flint_free(c->labels);
  }
  flint_free(g->components);
  flint_free(g->component);
  flint_free(g->strings);
  f2_span_clear(g->span);
  f2_span_clear(g->radical);
  memset(g, 0, sizeof *g);
}

/* Adds the ideals of one component and its dimension. */
static void add_component(structure_t s, const string_component_struct *c) {
  fmpz_t m, count;
  fmpz_init_set_ui(m, 1);
  fmpz_init_set_ui(count, 1);
  size_t copies = c->r;
  switch (c->kind) {
    case COMPONENT_CENTRAL: fmpz_add_ui(s->center, s->center, 1); break;
    case COMPONENT_FREE_FERMION:
      fmpz_mul_2exp(count, count, c->twists->dim);
      fmpz_set_ui(m, c->num_modes);
      structure_add_so(s, m, count);
      break;
    case COMPONENT_UNITARY_LINKED: copies--; /* fall through */
    case COMPONENT_UNITARY:
      fmpz_mul_2exp(count, count, copies);
      fmpz_mul_2exp(m, m, c->k);
      structure_add_su(s, m, count);
      break;
    case COMPONENT_ORTHOGONAL:
      fmpz_mul_2exp(count, count, copies);
      fmpz_mul_2exp(m, m, c->k);
      structure_add_so(s, m, count);
      break;
    case COMPONENT_SYMPLECTIC:
      fmpz_mul_2exp(count, count, copies);
      fmpz_mul_2exp(m, m, c->k - 1);
      structure_add_sp(s, m, count);
      break;
  }
  fmpz_clear(m);
  fmpz_clear(count);
}

/* "w7", "w(2^90-1)". */
static char *fundamental(const fmpz_t index) {
  char *text = NULL;
  fmpz_t next;
  fmpz_init(next);
  fmpz_add_ui(next, index, 1);
  if (fmpz_sizeinbase(index, 10) <= 20) {
    char *digits = fmpz_get_str(NULL, 10, index);
    text = text_print("w%s", digits);
    flint_free(digits);
  } else {
    text = text_print("w(2^%ld-1)", (long)fmpz_val2(next));
  }
  fmpz_clear(next);
  return text;
}

/* pairs copies act by the fundamental representation `index` of the type. */
static void add_fundamental(structure_t s, char letter, const fmpz_t rank,
                            const fmpz_t index, const char *name,
                            const fmpz_t pairs, const fmpz_t dimension) {
  char *copy = text_copy(name);
  structure_add_action(s, 0, letter, rank, pairs, dimension, copy,
                       fundamental(index));
}

/* Spin representations of so(m) on each of `sectors` sectors; low m under the names
   of structure.h. When m is even and the parity does not come from T, a copy acts
   on sectors of both parities, by the two half-spin representations. */
static void add_spin_action(structure_t s, const string_component_struct *c,
                            const fmpz_t sectors, const fmpz_t dimension) {
  size_t m = c->num_modes;
  bool two = m % 2 == 0 && !c->parity_in_twists;
  fmpz_t rank, index, pairs;
  fmpz_init_set_ui(rank, m / 2);
  fmpz_init_set_ui(index, 1);
  fmpz_init_set(pairs, sectors);
  if (two) fmpz_fdiv_q_2exp(pairs, pairs, 1);
  char letter = m == 3 || m == 6 ? 'A' : m == 5 ? 'C' : m % 2 ? 'B' : 'D';
  if (m == 6) fmpz_set_ui(rank, 3);
  bool vector = m == 8 && !two; /* by triality the names are a choice */
  if (m > 6 && !vector) fmpz_set(index, rank);
  const char *name = m <= 6 || vector ? "defining" : m % 2 ? "spin" : "half-spin";
  add_fundamental(s, letter, rank, index, name, pairs, dimension);
  if (two) {
    fmpz_set_ui(index, m == 6 ? 3 : m / 2 - 1);
    add_fundamental(s, letter, rank, index, m == 6 ? "conjugate" : name, pairs,
                    dimension);
  }
  fmpz_clear(rank);
  fmpz_clear(index);
  fmpz_clear(pairs);
}

/* On every sector exactly one copy of the component's ideal acts, that which
   the signs of R (of T) single out, by a representation of dimension 2^k. */
static void add_action(structure_t s, const string_component_struct *c,
                       const fmpz_t sectors) {
  fmpz_t one, rank, dimension, pairs;
  fmpz_init_set_ui(one, 1);
  fmpz_init(rank);
  fmpz_init_set_ui(dimension, 1);
  fmpz_init_set(pairs, sectors);
  fmpz_mul_2exp(dimension, dimension, c->k);
  fmpz_sub_ui(rank, dimension, 1);
  switch (c->kind) {
    case COMPONENT_CENTRAL: break;
    case COMPONENT_FREE_FERMION:
      add_spin_action(s, c, sectors, dimension);
      break;
    case COMPONENT_UNITARY_LINKED:
      fmpz_fdiv_q_2exp(pairs, pairs, 1);
      add_fundamental(s, 'A', rank, one, "defining", pairs, dimension);
      add_fundamental(s, 'A', rank, rank, "conjugate", pairs, dimension);
      break;
    case COMPONENT_UNITARY:
      add_fundamental(s, 'A', rank, one, "defining", pairs, dimension);
      break;
    case COMPONENT_ORTHOGONAL:
    case COMPONENT_SYMPLECTIC:
      fmpz_fdiv_q_2exp(rank, dimension, 1);
      add_fundamental(s, c->kind == COMPONENT_ORTHOGONAL ? 'D' : 'C', rank, one,
                      "defining", pairs, dimension);
      break;
  }
  fmpz_clear(one);
  fmpz_clear(rank);
  fmpz_clear(dimension);
  fmpz_clear(pairs);
}

void string_algebra_structure(structure_t s, const string_algebra_t g) {
  for (size_t i = 0; i < g->num_components; i++)
    add_component(s, g->components + i);
  fmpz_set(s->dimension, s->center);
  for (size_t i = 0; i < s->num_ideals; i++)
    fmpz_addmul(s->dimension, s->ideals[i].dimension, s->ideals[i].count);

  fmpz_t dimension, multiplicity, count;
  fmpz_init_set_ui(dimension, 1);
  fmpz_init_set_ui(multiplicity, 1);
  fmpz_init_set_ui(count, 1);
  fmpz_mul_2exp(dimension, dimension, g->total_k);
  fmpz_mul_2exp(multiplicity, multiplicity,
                g->num_qubits - g->total_k - g->total_r);
  fmpz_mul_2exp(count, count, g->total_r);
  structure_add_sector(s, dimension, multiplicity, count, g->field);
  for (size_t i = 0; i < g->num_components; i++)
    add_action(s, g->components + i, count);
  s->actions_known = true;
  fmpz_clear(dimension);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
  s->proved = s->center_known = true;
  s->ideals_known = s->sectors_known = true;
  s->evidence = EVIDENCE_STRINGS;
}

bool string_algebra_contains(const string_algebra_t g, const uint64_t *string) {
  size_t bytes = 2 * g->num_words * sizeof *string;
  uint64_t *row = flint_malloc(bytes + 1);
  bool inside = false;
  for (size_t i = 0; i < g->num_components && !inside; i++) {
    const string_component_struct *c = g->components + i;
    uint8_t value = 0;
    memcpy(row, string, bytes);
    if (!f2_span_reduce(c->span, row, &value)) continue;
    bool central = true;
    for (size_t j = 0; j < 2 * c->k && central; j++)
      central = !pauli_anticommute(string, string_component_row(c, j),
                                   g->num_words);
    if (c->kind == COMPONENT_CENTRAL)
      inside = pauli_equal(string, g->strings + c->members[0] * 2 *
                                       g->num_words, g->num_words);
    else if (central)
      continue;
    else if (c->kind == COMPONENT_FREE_FERMION)
      inside = free_fermion_is_bilinear(c, string);
    else /* value is q(string), up from 0 */
      inside = c->kind == COMPONENT_UNITARY || value;
  }
  flint_free(row);
  return inside;
}
