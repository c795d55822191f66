/* Orbits in closed form, for components proved by a witness (check_strings.h).

   Displacements. The strings reached from p are p + v. If the component is full
   they are the v of its span V with p + v not fixed and, when q exists,
   Q(v) = q(v) + omega(p, v) = 0. For free fermions p acts on the potentials as
   gamma_F for a set F of modes, and they are the v = gamma_S t, t in T, with
   |F + S| = |F|.
   Counting. #{v in V : Q(v) = 0} from the Gauss sum of Q, which is a product
   over a symplectic basis. In the stabilizer group S: S meet (p + V) is empty or
   s + (S meet V), on which q is linear, as S is isotropic; for free fermions
   the sets F + S run through a coset of a binary code, whose words of one
   weight are counted part by part. */

#include <flint/fmpz_poly.h>

#include "algebra/check/check_strings.h"

enum { MAX_CODE_BITS = 18 };

/* --- Gauss sums ------------------------------------------------------------------------------ */

/* sum over v in V of (-1)^(q(v) + omega(x, v)). */
static void gauss_sum(fmpz_t out, const check_component_struct *c,
                      const uint64_t *x) {
  const check_span_struct *b = c->basis;
  fmpz_one(out);
  for (size_t i = 0; i < b->length; i++) {
    unsigned value = b->q[i] ^ pauli_anticommute(x, check_span_row(b, i), b->w);
    if (i >= 2 * c->pairs) {
      fmpz_mul_si(out, out, value ? 0 : 2);
    } else if (i % 2) {
      unsigned before = b->q[i - 1] ^
                        pauli_anticommute(x, check_span_row(b, i - 1), b->w);
      fmpz_mul_si(out, out, value & before ? -2 : 2);
    }
  }
}

/* --- S against a subspace U ------------------------------------------------------------------ */

/* Rows (u | 0) and (s | s): what a string leaves in the second half when it
   reduces to 0 in the first is an element of S in its coset of U. */
typedef struct {
  size_t w;
  check_span_t both;
  check_span_t inside; /* S meet U */
} meeting_t;

static void meeting_init(meeting_t *m, const check_span_t space,
                         const check_span_t state) {
  size_t width = 2 * space->w;
  uint64_t *row = flint_calloc(2 * width + 1, sizeof *row);
  m->w = space->w;
  check_span_init(m->both, width);
  check_span_init(m->inside, space->w);
  for (size_t i = 0; i < space->length; i++) {
    memcpy(row, check_span_row(space, i), width * sizeof *row);
    check_span_add(m->both, row, NULL);
  }
  for (size_t i = state->length; i-- > 0;) { /* along a chain sums stay short */
    memcpy(row, check_span_row(state, i), width * sizeof *row);
    memcpy(row + width, check_span_row(state, i), width * sizeof *row);
    check_span_add(m->both, row, NULL);
    size_t last = m->both->length - 1;
    if (m->both->leads[last] >= 64 * width)
      check_span_add(m->inside, check_span_row(m->both, last) + width, NULL);
  }
  flint_free(row);
}

static void meeting_clear(meeting_t *m) {
  check_span_clear(m->both);
  check_span_clear(m->inside);
}

/* s = an element of S in x + U; false when there is none. */
static bool meet(uint64_t *s, const meeting_t *m, const uint64_t *x) {
  size_t width = 2 * m->w;
  bool found = true;
  uint64_t *row = flint_calloc(2 * width + 1, sizeof *row);
  memcpy(row, x, width * sizeof *row);
  check_span_reduce(m->both, row, NULL);
  for (size_t i = 0; i < width; i++) found &= !row[i];
  memcpy(s, row + width, width * sizeof *s);
  flint_free(row);
  return found;
}

/* --- a component and a state ------------------------------------------------------------------- */

/* Sets of modes, m bits. */
typedef struct {
  size_t m, words, length, rank;
  uint64_t *rows;  /* reduced row echelon form */
  size_t *part_of; /* rows of one part share modes with each other only */
} code_t;

struct check_place {
  const check_component_struct *c;
  size_t w;
  const check_span_struct *span; /* V in echelon form, with q */
  meeting_t meeting, radical; /* with V, with its radical */
  code_t code; /* free fermions: sets of S meet V */
  bool parity; /* of m even modes, in T */
};
typedef struct check_place place_t;

/* --- full components ------------------------------------------------------------------------------ */

/* Q(p + s), s in p + V. */
static bool form_at(const place_t *p, const uint64_t *string,
                    const uint64_t *s) {
  uint64_t *v = flint_malloc((2 * p->w + 1) * sizeof *v);
  uint8_t q = 0;
  pauli_xor(v, string, s, p->w);
  bool with = pauli_anticommute(string, v, p->w);
  check_span_reduce(p->span, v, &q);
  flint_free(v);
  return q ^ with;
}

/* Elements of s + U, U in S meet V, with Q = 0 (all if q does not exist). */
static void count_zeros(fmpz_t out, const place_t *p, const uint64_t *string,
                        const uint64_t *s, const check_span_t inside) {
  bool changes = false;
  uint64_t *moved = flint_malloc((2 * p->w + 1) * sizeof *moved);
  bool start = p->c->q_consistent && form_at(p, string, s);
  for (size_t i = 0; i < inside->length && p->c->q_consistent; i++) {
    pauli_xor(moved, s, check_span_row(inside, i), p->w);
    changes |= form_at(p, string, moved) != start;
  }
  fmpz_one(out);
  fmpz_mul_2exp(out, out, inside->length - changes);
  if (!changes && start) fmpz_zero(out);
  flint_free(moved);
}

/* The fixed strings of p + V are f + R, if p commutes with R. */
static bool find_fixed(uint64_t *f, const place_t *p, const uint64_t *string) {
  const check_span_struct *b = p->c->basis;
  for (size_t i = 2 * p->c->pairs; i < b->length; i++)
    if (pauli_anticommute(string, check_span_row(b, i), p->w)) return false;
  memcpy(f, string, 2 * p->w * sizeof *f);
  for (size_t i = 0; i < 2 * p->c->pairs; i++)
    if (pauli_anticommute(string, check_span_row(b, i ^ 1), p->w))
      pauli_xor(f, f, check_span_row(b, i), p->w);
  return true;
}

/* Strings of f + R with Q = 0. */
static void count_fixed(fmpz_t out, const place_t *p, const uint64_t *string,
                        const uint64_t *f) {
  const check_span_struct *b = p->c->basis;
  bool odd = false, start = p->c->q_consistent && form_at(p, string, f);
  for (size_t i = 2 * p->c->pairs; i < b->length; i++)
    odd |= p->c->q_consistent && b->q[i];
  fmpz_one(out);
  fmpz_mul_2exp(out, out, b->length - 2 * p->c->pairs - odd);
  if (!odd && start) fmpz_zero(out);
}

static void full_orbit(fmpz_t size, fmpz_t in_state, fmpz_t anticommuting,
                       const place_t *p, const uint64_t *string,
                       const uint64_t *h) {
  size_t d = p->c->basis->length;
  uint64_t *f = flint_malloc((2 * p->w + 1) * sizeof *f);
  uint64_t *s = flint_malloc((2 * p->w + 1) * sizeof *s);
  fmpz_t t;
  fmpz_init(t);
  fmpz_one(size);
  fmpz_mul_2exp(size, size, d);
  fmpz_fdiv_q_2exp(anticommuting, size, 1);
  if (p->c->q_consistent) {
    /* #{Q = 0} = (2^d + G)/2, and of these anticommute with h
       (2^d + G - (-1)^omega(p,h) G_h)/4, G_h with omega(v, h) added */
    gauss_sum(t, p->c, string);
    fmpz_add(size, size, t);
    fmpz_set(anticommuting, size);
    pauli_xor(s, string, h, p->w);
    gauss_sum(t, p->c, s);
    if (pauli_anticommute(string, h, p->w)) fmpz_neg(t, t);
    fmpz_sub(anticommuting, anticommuting, t);
    fmpz_fdiv_q_2exp(anticommuting, anticommuting, 2);
    fmpz_fdiv_q_2exp(size, size, 1);
  }
  fmpz_zero(in_state);
  if (meet(s, &p->meeting, string))
    count_zeros(in_state, p, string, s, p->meeting.inside);
  if (find_fixed(f, p, string)) {
    count_fixed(t, p, string, f);
    fmpz_sub(size, size, t);
    if (meet(s, &p->radical, f)) {
      count_zeros(t, p, string, s, p->radical.inside);
      fmpz_sub(in_state, in_state, t);
    }
  }
  fmpz_clear(t);
  flint_free(f);
  flint_free(s);
}

/* --- free fermions ------------------------------------------------------------------------------------ */

static void flip(uint64_t *set, size_t a) { set[a / 64] ^= UINT64_C(1) << a % 64; }

static bool has(const uint64_t *set, size_t a) { return set[a / 64] >> a % 64 & 1; }

static size_t weight_of(const uint64_t *set, size_t words) {
  size_t weight = 0;
  for (size_t i = 0; i < words; i++)
    weight += (size_t)__builtin_popcountll(set[i]);
  return weight;
}

static void complement(uint64_t *set, size_t m) {
  for (size_t a = 0; a < m; a++) flip(set, a);
}

/* The signature is F without mode 0.
   S with v = gamma_S t, t in T, v in V: the even one of the signature and its
   complement; if both are, the one that leaves an element of T. */
static void subset(uint64_t *set, const check_component_struct *c,
                   const uint64_t *v) {
  size_t m = c->num_modes, w = c->potentials->w, words = (m + 63) / 64;
  check_signature(set, c, v);
  if (m % 2) {
    if (weight_of(set, words) % 2) complement(set, m);
    return;
  }
  uint64_t *t = flint_malloc((2 * w + 1) * sizeof *t);
  memcpy(t, v, 2 * w * sizeof *t);
  for (size_t a = 1; a < m; a++)
    if (has(set, a)) pauli_xor(t, t, check_span_row(c->potentials, a - 1), w);
  if (!check_span_contains(c->twists, t)) complement(set, m);
  flint_free(t);
}

/* Reduced row echelon form. */
static void reduce_code(code_t *code) {
  size_t words = code->words;
  for (size_t a = 0; a < code->m && code->rank < code->length; a++) {
    size_t pivot = code->rank;
    uint64_t *row = code->rows + code->rank * words;
    while (pivot < code->length && !has(code->rows + pivot * words, a)) pivot++;
    if (pivot == code->length) continue;
    for (size_t j = 0; j < words; j++) {
      uint64_t t = code->rows[pivot * words + j];
      code->rows[pivot * words + j] = row[j];
      row[j] = t;
    }
    for (size_t i = 0; i < code->length; i++)
      if (i != code->rank && has(code->rows + i * words, a))
        for (size_t j = 0; j < words; j++)
          code->rows[i * words + j] ^= row[j];
    code->rank++;
  }
}

/* Numbers the parts: rows that share modes belong together. */
static void find_parts(code_t *code) {
  size_t *owner = flint_malloc((code->m + 1) * sizeof *owner);
  code->part_of = flint_malloc((code->rank + 1) * sizeof *code->part_of);
  for (size_t a = 0; a < code->m; a++) owner[a] = SIZE_MAX;
  for (size_t i = 0; i < code->rank; i++) code->part_of[i] = i;
  for (size_t i = 0; i < code->rank; i++)
    for (size_t a = 0; a < code->m; a++) {
      if (!has(code->rows + i * code->words, a)) continue;
      if (owner[a] == SIZE_MAX) {
        owner[a] = i;
        continue;
      }
      size_t from = code->part_of[owner[a]], to = code->part_of[i];
      for (size_t j = 0; j < code->rank && from != to; j++)
        if (code->part_of[j] == from) code->part_of[j] = to;
    }
  flint_free(owner);
}

/* Weights of start + (span of the rows listed), on the modes that these rows
   touch, which are added to touched. False when there are too many rows. */
static bool count_part(fmpz_poly_t out, uint64_t *touched, const code_t *code,
                       const uint64_t *start, const size_t *list,
                       size_t length) {
  uint64_t *modes = flint_calloc(code->words + 1, sizeof *modes);
  uint64_t *word = flint_malloc((code->words + 1) * sizeof *word);
  slong *counts = flint_calloc(code->m + 1, sizeof *counts);
  bool ok = length <= MAX_CODE_BITS;
  for (size_t i = 0; i < length; i++)
    for (size_t j = 0; j < code->words; j++)
      modes[j] |= code->rows[list[i] * code->words + j];
  for (size_t j = 0; j < code->words; j++) {
    word[j] = start[j] & modes[j];
    touched[j] |= modes[j];
  }
  for (size_t n = 0; ok && n < (size_t)1 << length; n++) { /* Gray code */
    size_t next = (size_t)__builtin_ctzll(n + 1);
    counts[weight_of(word, code->words)]++;
    for (size_t j = 0; j < code->words && next < length; j++)
      word[j] ^= code->rows[list[next] * code->words + j];
  }
  fmpz_poly_zero(out);
  for (size_t i = code->m + 1; i-- > 0;)
    if (counts[i]) fmpz_poly_set_coeff_si(out, (slong)i, counts[i]);
  flint_free(modes);
  flint_free(word);
  flint_free(counts);
  return ok;
}

/* Weights of start + code: parts multiply, and modes that no row touches count
   with the weight of start there. */
static bool count_words(fmpz_poly_t out, const code_t *code,
                        const uint64_t *start) {
  size_t *list = flint_malloc((code->rank + 1) * sizeof *list);
  uint64_t *touched = flint_calloc(code->words + 1, sizeof *touched);
  bool ok = true;
  fmpz_poly_t part;
  fmpz_poly_init(part);
  fmpz_poly_one(out);
  for (size_t i = 0; i < code->rank && ok; i++) {
    size_t length = 0;
    bool first = true;
    for (size_t j = 0; j < i && first; j++)
      first = code->part_of[j] != code->part_of[i];
    for (size_t j = i; j < code->rank && first; j++)
      if (code->part_of[j] == code->part_of[i]) list[length++] = j;
    if (!first) continue;
    ok = count_part(part, touched, code, start, list, length);
    fmpz_poly_mul(out, out, part);
  }
  for (size_t j = 0; j < code->words; j++) touched[j] = start[j] & ~touched[j];
  fmpz_poly_shift_left(out, out, (slong)weight_of(touched, code->words));
  fmpz_poly_clear(part);
  flint_free(list);
  flint_free(touched);
  return ok;
}

/* Elements of s + (S meet V) whose set F + S has the weight of F, or, when the
   parity lies in T and sets are known up to complement, that or the rest. */
static bool count_weight(fmpz_t out, const place_t *p, const uint64_t *string,
                         const uint64_t *s, const uint64_t *modes) {
  const code_t *code = &p->code;
  uint64_t *start = flint_malloc((code->words + 1) * sizeof *start);
  uint64_t *v = flint_malloc((2 * p->w + 1) * sizeof *v);
  size_t weight = weight_of(modes, code->words);
  fmpz_poly_t words;
  fmpz_poly_init(words);
  pauli_xor(v, string, s, p->w);
  subset(start, p->c, v);
  for (size_t j = 0; j < code->words; j++) start[j] ^= modes[j];
  bool ok = count_words(words, code, start);
  fmpz_poly_get_coeff_fmpz(out, words, (slong)weight);
  if (p->parity && 2 * weight != code->m) {
    fmpz_t more;
    fmpz_init(more);
    fmpz_poly_get_coeff_fmpz(more, words, (slong)(code->m - weight));
    fmpz_add(out, out, more);
    fmpz_clear(more);
  }
  fmpz_mul_2exp(out, out, code->length - code->rank);
  fmpz_poly_clear(words);
  flint_free(start);
  flint_free(v);
  return ok;
}

static bool parity_in_twists(const check_component_struct *c) {
  size_t w = c->potentials->w;
  uint64_t *parity = flint_calloc(2 * w + 1, sizeof *parity);
  for (size_t a = 1; a < c->num_modes; a++)
    pauli_xor(parity, parity, check_span_row(c->potentials, a - 1), w);
  bool inside =
      c->num_modes % 2 == 0 && check_span_contains(c->twists, parity);
  flint_free(parity);
  return inside;
}

static bool fermion_orbit(fmpz_t size, fmpz_t in_state, fmpz_t anticommuting,
                          const place_t *p, const uint64_t *string) {
  const check_component_struct *c = p->c;
  size_t m = c->num_modes;
  for (size_t i = 0; i < c->twists->length; i++)
    if (pauli_anticommute(string, check_span_row(c->twists, i), p->w))
      return false;
  uint64_t *modes = flint_malloc(((m + 63) / 64 + 1) * sizeof *modes);
  uint64_t *s = flint_malloc((2 * p->w + 1) * sizeof *s);
  check_signature(modes, c, string);
  size_t weight = weight_of(modes, (m + 63) / 64);
  bool ok = true;
  fmpz_bin_uiui(size, m, weight);
  fmpz_mul_2exp(size, size, c->twists->length);
  if (p->parity && 2 * weight == m) fmpz_fdiv_q_2exp(size, size, 1);
  /* two given modes, one of them in the set: 2 w (m - w) / (m (m - 1)) */
  fmpz_mul_ui(anticommuting, size, 2 * weight * (m - weight));
  fmpz_divexact_ui(anticommuting, anticommuting, m * (m - 1));
  fmpz_zero(in_state);
  if (meet(s, &p->meeting, string))
    ok = count_weight(in_state, p, string, s, modes);
  flint_free(modes);
  flint_free(s);
  return ok;
}

/* --- both --------------------------------------------------------------------------------------------------- */

check_place_t *check_place_new(const check_component_struct *c,
                               const stabilizer_state_t state) {
  const check_span_struct *b = c->basis;
  place_t *p = flint_calloc(1, sizeof *p);
  check_span_t radical, s;
  p->c = c;
  p->w = b->w;
  p->span = c->span;
  check_span_init(radical, b->w);
  check_span_init(s, b->w);
  for (size_t i = 2 * c->pairs; i < b->length; i++)
    check_span_add(radical, check_span_row(b, i), NULL);
  for (size_t j = 0; j < state->rank; j++)
    check_span_add(s, stabilizer_state_string(state, j), NULL);
  meeting_init(&p->meeting, p->span, s);
  meeting_init(&p->radical, radical, s);
  check_span_clear(radical);
  check_span_clear(s);
  if (!c->num_modes) return p;
  code_t *code = &p->code;
  *code = (code_t){.m = c->num_modes, .words = (c->num_modes + 63) / 64,
                   .length = p->meeting.inside->length};
  code->rows =
      flint_malloc((code->length * code->words + 1) * sizeof *code->rows);
  for (size_t i = 0; i < code->length; i++)
    subset(code->rows + i * code->words, c,
           check_span_row(p->meeting.inside, i));
  reduce_code(code);
  find_parts(code);
  p->parity = parity_in_twists(c);
  return p;
}

void check_place_free(check_place_t *p) {
  if (!p) return;
  meeting_clear(&p->meeting);
  meeting_clear(&p->radical);
  flint_free(p->code.rows);
  flint_free(p->code.part_of);
  flint_free(p);
}

bool check_orbit(fmpz_t size, fmpz_t in_state, fmpz_t anticommuting,
                 const check_place_t *place, const uint64_t *string,
                 const uint64_t *member) {
  if (place->c->num_modes)
    return fermion_orbit(size, in_state, anticommuting, place, string);
  full_orbit(size, in_state, anticommuting, place, string, member);
  return true;
}

bool check_place_reduce(const check_place_t *place, uint64_t *string) {
  return check_span_reduce(place->span, string, NULL);
}

bool check_place_same_orbit(const check_place_t *p, const uint64_t *x,
                            const uint64_t *y) {
  const check_component_struct *c = p->c;
  if (!c->num_modes) return !c->q_consistent || !form_at(p, x, y);
  size_t words = p->code.words, weight, moved;
  uint64_t *v = flint_malloc((2 * p->w + 1) * sizeof *v);
  uint64_t *set = flint_malloc((words + 1) * sizeof *set);
  uint64_t *modes = flint_malloc((words + 1) * sizeof *modes);
  pauli_xor(v, x, y, p->w);
  subset(set, c, v);
  for (size_t a = 1; a < c->num_modes; a++)
    if (has(set, a)) pauli_xor(v, v, check_span_row(c->potentials, a - 1), p->w);
  check_signature(modes, c, x);
  weight = weight_of(modes, words);
  for (size_t j = 0; j < words; j++) set[j] ^= modes[j];
  moved = weight_of(set, words);
  bool same = check_span_contains(c->twists, v) &&
              (moved == weight || (p->parity && moved + weight == p->code.m));
  flint_free(v);
  flint_free(set);
  flint_free(modes);
  return same;
}
