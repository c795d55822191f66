#include "algebra/sums/string_loss.h"

#include "algebra/sums/fermion_numbers.h"
#include "algebra/sums/loss_spectrum.h"

/* A component and its letters. */
typedef struct {
  const string_component_struct *c;
  size_t w, k, r;
  uint64_t *rows;  /* e_0 f_0 e_1 f_1 ..., then R */
  uint8_t *q;      /* of each row */
  uint64_t *image; /* two words for each of the first 2k rows */
} frame_t;

/* i^phase [string], beside its image i^image_phase [image]. */
typedef struct {
  uint64_t *string, image[2];
  unsigned phase, image_phase;
  uint8_t q; /* of string */
} word_t;

static uint64_t *row_at(const frame_t *f, size_t i) { return f->rows + i * 2 * f->w; }

static void add_row(frame_t *f, size_t to, size_t from) {
  f->q[to] ^= f->q[from] ^ pauli_anticommute(row_at(f, to), row_at(f, from), f->w);
  pauli_xor(row_at(f, to), row_at(f, to), row_at(f, from), f->w);
}

/* Planes with q = 1 on all of e, f and e + f, two by two, become others:
   e_1 + e_2, f_1 + e_2 and e_1 + f_1 + f_2, e_1 + f_1 + e_2 + f_2. */
static void straighten(frame_t *f) {
  size_t open = SIZE_MAX;
  for (size_t i = 0; i < f->k; i++) {
    size_t e = 2 * i, h = 2 * i + 1;
    if (!f->q[e] || !f->q[h]) continue;
    if (open == SIZE_MAX) {
      open = i;
      continue;
    }
    size_t e1 = 2 * open, f1 = e1 + 1;
    add_row(f, h, e1);  /* f_2 + e_1 */
    add_row(f, h, f1);  /* e_1 + f_1 + f_2 */
    add_row(f, e1, e);  /* e_1 + e_2 */
    add_row(f, f1, e);  /* f_1 + e_2 */
    add_row(f, e, h);   /* e_1 + f_1 + e_2 + f_2 */
    open = SIZE_MAX;
  }
}

static void frame_init(frame_t *f, const string_component_struct *c) {
  *f = (frame_t){.c = c, .w = c->span->num_words, .k = c->k, .r = c->r};
  size_t count = 2 * f->k + f->r, words = count * 2 * f->w;
  f->rows = flint_malloc((words + 1) * sizeof *f->rows);
  f->q = flint_malloc(count + 1);
  f->image = flint_calloc(4 * f->k + 1, sizeof *f->image);
  memcpy(f->rows, c->basis, words * sizeof *f->rows);
  memcpy(f->q, c->basis_q, count);
  bool real = c->kind == COMPONENT_ORTHOGONAL;
  if (real) straighten(f);
  for (size_t i = 0; i < 2 * f->k; i++) /* Z and X, or Y where q = 1 has to be */
    pauli_set(f->image + 2 * i, 1, i / 2, real && f->q[i] ? 3 : i % 2 ? 1 : 2);
}

static void frame_clear(frame_t *f) {
  flint_free(f->rows);
  flint_free(f->q);
  flint_free(f->image);
}

/* The product of rows of a set; set: 2k bits, then r. */
static void set_word(word_t *p, const frame_t *f, size_t set) {
  memset(p->string, 0, 2 * f->w * sizeof *p->string);
  p->image[0] = p->image[1] = 0;
  p->phase = p->image_phase = 0;
  p->q = 0;
  for (size_t i = 0; i < 2 * f->k + f->r; i++) {
    if (!(set >> i & 1)) continue;
    p->q ^= f->q[i] ^ pauli_anticommute(p->string, row_at(f, i), f->w);
    p->phase += pauli_mul(p->string, p->string, row_at(f, i), f->w);
    if (i < 2 * f->k)
      p->image_phase += pauli_mul(p->image, p->image, f->image + 2 * i, 1);
  }
}

/* [string] becomes this times chi times [image]. */
static int word_sign(const word_t *p) {
  return (p->image_phase - p->phase) % 4 ? -1 : 1;
}

/* Does the word belong to the ideal? */
static bool is_element(const frame_t *f, const word_t *p) {
  return (p->image[0] || p->image[1]) && (p->q || !f->c->q_consistent);
}

/* The word of a string; false: it is none of the ideal. */
static bool find_word(word_t *p, size_t *set, const frame_t *f, const uint64_t *string) {
  size_t pairs = 0;
  for (size_t i = 0; i < 2 * f->k; i++)
    if (pauli_anticommute(string, row_at(f, i), f->w)) pairs |= (size_t)1 << (i ^ 1);
  for (size_t t = 0; t >> f->r == 0; t++) {
    *set = pairs | t << 2 * f->k;
    set_word(p, f, *set);
    if (pauli_equal(p->string, string, f->w)) return is_element(f, p);
  }
  return false;
}

/* --- operators on 2^k dimensions ---------------------------------------------------- */

/* out[u] += of images u, over the sets of R: value times sign chi. */
static void add_word(fmpq *out, const frame_t *f, const word_t *p, size_t set, size_t chi,
                     const fmpq_t value) {
  fmpq *at = out + (p->image[0] | p->image[1] << f->k);
  bool minus = (word_sign(p) < 0) != __builtin_parityl(set >> 2 * f->k & chi);
  if (minus) fmpq_sub(at, at, value);
  else fmpq_add(at, at, value);
}

static void read_observable(fmpq *out, const frame_t *f, const pauli_sum_struct *o,
                            size_t chi) {
  word_t p = {.string = flint_malloc((2 * f->w + 1) * sizeof *p.string)};
  size_t set;
  for (size_t i = 0; i < o->length; i++)
    if (find_word(&p, &set, f, pauli_sum_string(o, i)))
      add_word(out, f, &p, set, chi, o->coeffs + i);
  flint_free(p.string);
}

/* The expectations of all words, once for every chi. */
static void read_state(fmpq *out, const frame_t *f, const quantum_state_struct *state,
                       const size_t *chi, size_t copies) {
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  size_t length = (size_t)1 << 2 * f->k;
  word_t p = {.string = flint_malloc((2 * f->w + 1) * sizeof *p.string)};
  stabilizer_echelon_t echelon;
  fmpq_t value, share;
  fmpq_init(value);
  fmpq_init(share);
  fmpq_set_si(share, 1, UWORD(1) << (f->k + f->r));
  if (stabilizer) stabilizer_echelon_init(echelon, stabilizer);
  for (size_t set = 1; set >> (2 * f->k + f->r) == 0; set++) {
    set_word(&p, f, set);
    if (!is_element(f, &p)) continue;
    if (stabilizer)
      fmpq_set_si(value, stabilizer_echelon_expectation(echelon, p.string), 1);
    else quantum_state_expectation(value, state, p.string);
    if (fmpq_is_zero(value)) continue;
    fmpq_mul(value, value, share);
    for (size_t j = 0; j < copies; j++)
      add_word(out + j * length, f, &p, set, chi[j], value);
  }
  if (stabilizer) stabilizer_echelon_clear(echelon);
  fmpq_clear(value);
  fmpq_clear(share);
  flint_free(p.string);
}

/* The Hermitian H = A + i C as the symmetric [[A, -C], [C, A]]; [x, z] takes basis vector a
   to i^(x.z) (-1)^(z.a) of a + x. */
static void set_matrix(fmpq_mat_t out, const fmpq *coeffs, size_t k) {
  size_t size = (size_t)1 << k, mask = size - 1;
  fmpq_mat_zero(out);
  for (size_t u = 0; u < size * size; u++) {
    if (fmpq_is_zero(coeffs + u)) continue;
    size_t x = u & mask, z = u >> k;
    unsigned turns = (unsigned)__builtin_popcountl(x & z);
    for (size_t a = 0; a < size; a++) {
      bool minus = (turns >> 1 & 1) != (unsigned)__builtin_parityl(z & a);
      for (size_t half = 0; half < 2; half++) {
        size_t row = (a ^ x) + size * (turns % 2 ? 1 - half : half);
        fmpq *at = fmpq_mat_entry(out, (slong)row, (slong)(a + size * half));
        if (minus != (turns % 2 && half)) fmpq_sub(at, at, coeffs + u);
        else fmpq_add(at, at, coeffs + u);
      }
    }
  }
}

/* Pf of C, H = i C. */
static void set_pfaffian(fmpq_t out, const fmpq_mat_t h) {
  slong size = fmpq_mat_nrows(h) / 2;
  fmpq_mat_t c;
  fmpq_mat_init(c, size, size);
  for (slong i = 0; i < size; i++)
    for (slong j = 0; j < size; j++)
      fmpq_set(fmpq_mat_entry(c, i, j), fmpq_mat_entry(h, size + i, j));
  fermion_pfaffian(out, c);
  fmpq_mat_clear(c);
}

/* --- one ideal ------------------------------------------------------------------------ */

/* numbers, and (p2, p4) of them; of so the Pfaffian too. */
static void read_operator(arb_struct *numbers, fmpq *sums, const frame_t *f,
                          const adjoint_family_struct *family, const fmpq *coeffs) {
  slong size = WORD(2) << f->k;
  bool unitary = family->group == ORBIT_SU;
  fmpq_mat_t h, square;
  loss_spectrum_t s;
  fmpq_mat_init(h, size, size);
  fmpq_mat_init(square, size, size);
  set_matrix(h, coeffs, f->k);
  fmpq_mat_mul(square, h, h);
  fmpq_mat_trace(sums, square);
  fmpq_zero(sums + 1);
  for (slong i = 0; i < size; i++)
    for (slong j = 0; j < size; j++)
      fmpq_addmul(sums + 1, fmpq_mat_entry(square, i, j), fmpq_mat_entry(square, i, j));
  for (int j = 0; j < 2; j++) fmpq_div_2exp(sums + j, sums + j, unitary ? 1 : 2);
  loss_spectrum_init(&s, h, 0);
  if (unitary) loss_spectrum_shift(&s, 2);
  loss_spectrum_fill(numbers, family->rank, &s, 2);
  loss_spectrum_clear(&s);
  for (size_t j = 0; j < family->rank && !unitary; j++)
    arb_nonnegative_part(numbers + j, numbers + j);
  if (family->group == ORBIT_SO) set_pfaffian(sums + 2, h);
  fmpq_mat_clear(h);
  fmpq_mat_clear(square);
}

static orbit_group_t group_of(component_kind_t kind) {
  return kind == COMPONENT_ORTHOGONAL   ? ORBIT_SO
         : kind == COMPONENT_SYMPLECTIC ? ORBIT_SP
                                        : ORBIT_SU;
}

static void add_ideal(adjoint_law_struct *law, const frame_t *f, const fmpq *observable,
                      const fmpq *state) {
  component_kind_t kind = f->c->kind;
  ulong modes = UWORD(1) << f->k;
  adjoint_family_struct *family = adjoint_law_append(
      law, group_of(kind), modes + (kind == COMPONENT_SYMPLECTIC), 1);
  fmpq *sums = _fmpq_vec_init(7), *twice = sums + 6;
  fmpq_set_si(twice, kind == COMPONENT_UNITARY ? 1 : 2, 1);
  read_operator(family->observable, sums, f, family, observable);
  read_operator(family->state, sums + 3, f, family, state);
  if (family->group == ORBIT_SO) family->orientation = fmpq_sgn(sums + 2) * fmpq_sgn(sums + 5);
  loss_scale_numbers(family->state, family->rank, twice);
  loss_scale_sums(sums + 3, twice);
  for (ulong j = 0; j < family->rank && modes == 8; j++)
    fmpq_mul(sums + 5, sums + 5, twice);
  if (family->group == ORBIT_SU)
    adjoint_su_cumulants(family->second, family->fourth, modes, sums, sums + 3);
  else
    adjoint_so_cumulants(family->second, family->fourth, family->modes, sums, sums + 3);
  _fmpq_vec_clear(sums, 7);
}

/* One chi of every ideal: of linked ones those that are 1 on the first row of R with q = 1. */
static size_t list_ideals(size_t *chi, const frame_t *f) {
  size_t count = 0, first = 0;
  for (size_t i = f->r; i-- > 0 && f->c->kind == COMPONENT_UNITARY_LINKED;)
    if (f->q[2 * f->k + i]) first = (size_t)1 << i;
  for (size_t x = 0; x >> f->r == 0; x++)
    if (!(x & first)) chi[count++] = x;
  return count;
}

static void add_component(adjoint_law_struct *law, const string_component_struct *c,
                          const pauli_sum_struct *o, const quantum_state_struct *state) {
  frame_t f;
  frame_init(&f, c);
  size_t length = (size_t)1 << 2 * f.k;
  size_t *chi = flint_malloc(((size_t)1 << f.r) * sizeof *chi);
  size_t copies = list_ideals(chi, &f);
  fmpq *s = _fmpq_vec_init((slong)(copies * length));
  read_state(s, &f, state, chi, copies);
  for (size_t j = 0; j < copies; j++) {
    fmpq *b = _fmpq_vec_init((slong)length);
    read_observable(b, &f, o, chi[j]);
    add_ideal(law, &f, b, s + j * length);
    _fmpq_vec_clear(b, (slong)length);
  }
  _fmpq_vec_clear(s, (slong)(copies * length));
  flint_free(chi);
  frame_clear(&f);
}

/* --- the whole -------------------------------------------------------------------------- */

static bool is_seen(const string_algebra_struct *g, size_t component,
                    const pauli_sum_struct *o) {
  const string_component_struct *c = g->components + component;
  size_t width = 2 * g->num_words;
  if (c->kind == COMPONENT_CENTRAL) return false;
  for (size_t i = 0; i < o->length; i++)
    for (size_t j = 0; j < c->num_members; j++)
      if (pauli_anticommute(pauli_sum_string(o, i), g->strings + c->members[j] * width,
                            g->num_words))
        return true;
  return false;
}

/* Are its matrices small? Below k = 2, and so(4), there are free fermions only. */
static bool is_small(const string_component_struct *c) {
  return c->kind != COMPONENT_FREE_FERMION && c->k >= 2 && c->k <= STRING_LOSS_PAIRS &&
         c->r <= STRING_LOSS_PAIRS && (c->kind != COMPONENT_ORTHOGONAL || c->k >= 3);
}

static void set_constant(fmpq_t constant, const string_algebra_struct *g,
                         const pauli_sum_struct *o, const quantum_state_struct *state) {
  size_t width = 2 * g->num_words;
  fmpq_t value;
  fmpq_init(value);
  for (size_t i = 0; i < o->length; i++) {
    const uint64_t *string = pauli_sum_string(o, i);
    bool fixed = true;
    for (size_t j = 0; j < g->num_strings && fixed; j++)
      fixed = !pauli_anticommute(string, g->strings + j * width, g->num_words);
    if (!fixed) continue;
    quantum_state_expectation(value, state, string);
    fmpq_addmul(constant, value, o->coeffs + i);
  }
  fmpq_clear(value);
}

void string_loss_init(fermion_loss_t loss, const string_algebra_t g, const pauli_sum_t o,
                      const quantum_state_t state) {
  size_t numbers = 0;
  *loss = (fermion_loss_struct){.applies = true, .has_law = true};
  adjoint_law_init(loss->law);
  bool *seen = flint_calloc(g->num_components + 1, sizeof *seen);
  for (size_t i = 0; i < g->num_components; i++) {
    const string_component_struct *c = g->components + i;
    seen[i] = is_seen(g, i, o);
    if (!seen[i]) continue;
    if (!is_small(c)) loss->has_law = false;
    else numbers += (size_t)1 << (c->k + c->r - (c->kind == COMPONENT_UNITARY_LINKED));
  }
  if (numbers > STRING_LOSS_NUMBERS) loss->has_law = false;
  if (loss->has_law) set_constant(loss->law->constant, g, o, state);
  for (size_t i = 0; i < g->num_components && loss->has_law; i++)
    if (seen[i]) add_component(loss->law, g->components + i, o, state);
  if (!loss->has_law) loss->reason = REASON_ADJOINT_WITHOUT_LAW;
  flint_free(seen);
}
