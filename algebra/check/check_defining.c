#include "algebra/check/check_defining.h"

/* --- matrices -------------------------------------------------------------------------- */

void check_power_sums(fmpq *out, const fmpq_mat_t b, size_t rank) {
  fmpq_mat_t z, power;
  fmpq_t half;
  fmpq_mat_init(z, fmpq_mat_nrows(b), fmpq_mat_nrows(b));
  fmpq_mat_init(power, fmpq_mat_nrows(b), fmpq_mat_nrows(b));
  fmpq_init(half);
  fmpq_set_si(half, 1, 2);
  fmpq_mat_mul(z, b, b);
  fmpq_mat_neg(z, z);
  fmpq_mat_set(power, z);
  for (size_t j = 0; j < rank; j++) {
    if (j) fmpq_mat_mul(power, power, z);
    fmpq_mat_trace(out + j, power);
    fmpq_mul(out + j, out + j, half);
  }
  fmpq_mat_clear(z);
  fmpq_mat_clear(power);
  fmpq_clear(half);
}

/* By congruences that clear rows 0 and 1, 2 and 3, ... */
int check_pfaffian_sign(const fmpq_mat_t b) {
  slong m = fmpq_mat_nrows(b);
  int sign = m % 2 ? 0 : 1;
  fmpq_mat_t x;
  fmpq_t factor;
  fmpq_mat_init(x, m, m);
  fmpq_init(factor);
  fmpq_mat_set(x, b);
  for (slong k = 0; k + 1 < m && sign; k += 2) {
    slong pivot = k + 1;
    while (pivot < m && fmpq_is_zero(fmpq_mat_entry(x, k, pivot))) pivot++;
    if (pivot == m) {
      sign = 0;
      break;
    }
    if (pivot > k + 1) {
      fmpq_mat_swap_rows(x, NULL, k + 1, pivot);
      fmpq_mat_swap_cols(x, NULL, k + 1, pivot);
      sign = -sign;
    }
    if (fmpq_sgn(fmpq_mat_entry(x, k, k + 1)) < 0) sign = -sign;
    /* Row and column i less a multiple of k + 1 clears (k, i), then of k (k + 1, i). */
    for (slong i = k + 2; i < m; i++)
      for (slong side = 0; side < 2; side++) {
        slong from = side ? k : k + 1, at = side ? k + 1 : k;
        fmpq_div(factor, fmpq_mat_entry(x, at, i), fmpq_mat_entry(x, at, from));
        for (slong j = 0; j < m; j++)
          fmpq_submul(fmpq_mat_entry(x, i, j), factor, fmpq_mat_entry(x, from, j));
        for (slong j = 0; j < m; j++)
          fmpq_submul(fmpq_mat_entry(x, j, i), factor, fmpq_mat_entry(x, j, from));
      }
  }
  fmpq_mat_clear(x);
  fmpq_clear(factor);
  return sign;
}

/* out[j] = tr H^(j+1), H = A + i C as [[A, -C], [C, A]]. */
static void unitary_sums(fmpq *out, const fmpq_mat_t h, size_t rank) {
  fmpq_mat_t power;
  fmpq_mat_init_set(power, h);
  for (size_t j = 0; j < rank; j++) {
    if (j) fmpq_mat_mul(power, power, h);
    fmpq_mat_trace(out + j, power);
    fmpq_div_2exp(out + j, out + j, 1);
  }
  fmpq_mat_clear(power);
}

/* --- the component ---------------------------------------------------------------------- */

/* e_i at 2i, f_i at 2i + 1, as strings; then the radical. */
typedef struct {
  const check_component_struct *c;
  size_t w, k, r;
  uint64_t *rows;
  check_group_t group;
  bool conjugate;
  size_t flip; /* conjugate: a row of R with q = 1, as a bit */
} place_t;

static uint64_t *place_row(const place_t *p, size_t i) { return p->rows + i * 2 * p->w; }

/* q of a sum of rows of the basis; bits of `set` as the rows. */
static bool form_at(const check_component_struct *c, size_t set) {
  bool q = false;
  for (size_t i = 0; i < 2 * c->pairs; i++)
    if (set >> i & 1) q ^= c->basis->q[i] ^ (i % 2 == 0 && (set >> (i + 1) & 1));
  return q;
}

static bool crossed(size_t a, size_t b) {
  size_t even = ~(size_t)0 / 3; /* bits 0, 2, ... */
  return __builtin_parityl(((a & even) << 1 & b) ^ (a >> 1 & even & b));
}

/* The first set with q = 0 that crosses `with` (or 0: any but 0) and no other of `found`. */
static size_t find_pair(const check_component_struct *c, const size_t *found, size_t count,
                        size_t with) {
  for (size_t set = 1; set >> 2 * c->pairs == 0; set++) {
    bool fits = !form_at(c, set) && (!with || crossed(set, with));
    for (size_t i = 0; i < count && fits; i++) fits = !crossed(set, found[i]);
    if (fits) return set;
  }
  return 0;
}

/* Hyperbolic pairs in the place of e_i, f_i; false: there are none, and q is that of sp. */
static bool find_hyperbolic(place_t *p) {
  size_t found[2 * CHECK_DEFINING_PAIRS];
  for (size_t i = 0; i < p->k; i++) {
    found[2 * i] = find_pair(p->c, found, 2 * i, 0);
    if (!found[2 * i]) return false;
    found[2 * i + 1] = find_pair(p->c, found, 2 * i, found[2 * i]);
    if (!found[2 * i + 1]) return false;
  }
  for (size_t i = 0; i < 2 * p->k; i++) {
    memset(place_row(p, i), 0, 2 * p->w * sizeof *p->rows);
    for (size_t j = 0; j < 2 * p->k; j++)
      if (found[i] >> j & 1)
        pauli_xor(place_row(p, i), place_row(p, i), check_span_row(p->c->basis, j), p->w);
  }
  return true;
}

static void place_init(place_t *p, const check_component_struct *c) {
  size_t length = c->basis->length;
  *p = (place_t){.c = c, .w = c->basis->w, .k = c->pairs, .r = length - 2 * c->pairs,
                 .group = CHECK_GROUP_SU};
  p->rows = flint_malloc((length * 2 * p->w + 1) * sizeof *p->rows);
  memcpy(p->rows, c->basis->rows, length * 2 * p->w * sizeof *p->rows);
  for (size_t i = 0; i < p->r && c->q_consistent; i++)
    if (c->basis->q[2 * p->k + i]) {
      p->conjugate = true;
      p->flip = (size_t)1 << i;
    }
  if (c->q_consistent && !p->conjugate)
    p->group = find_hyperbolic(p) ? CHECK_GROUP_SO : CHECK_GROUP_SP;
}

/* --- strings as letters -------------------------------------------------------------------- */

/* [string] = i^turns times the product of rows in `bits`, Z X on a qubit being i Y. */
typedef struct {
  uint64_t *string;
  size_t x, z, twist;
  unsigned turns;
} letters_t;

static void set_product(letters_t *l, const place_t *p, size_t pairs, size_t twist) {
  *l = (letters_t){.string = l->string, .twist = twist};
  memset(l->string, 0, 2 * p->w * sizeof *l->string);
  unsigned phase = 0;
  for (size_t i = 0; i < 2 * p->k + p->r; i++) {
    bool in = i < 2 * p->k ? pairs >> i & 1 : twist >> (i - 2 * p->k) & 1;
    if (!in) continue;
    phase += pauli_mul(l->string, l->string, place_row(p, i), p->w);
    if (i >= 2 * p->k) continue;
    *(i % 2 ? &l->x : &l->z) |= (size_t)1 << i / 2;
  }
  l->turns = (unsigned)__builtin_popcountl(l->x & l->z) - phase;
}

/* m += value times [string] on the eigenspace chi: A and C of H, or of so C alone. */
static void add_letters(fmpq_mat_t m, const place_t *p, const letters_t *l, size_t chi,
                        const fmpq_t value) {
  size_t size = (size_t)1 << p->k;
  unsigned y = (unsigned)__builtin_popcountl(l->x & l->z);
  bool minus = (l->turns >> 1 & 1) != (unsigned)__builtin_parityl(l->twist & chi);
  fmpq_t signed_value;
  fmpq_init(signed_value);
  for (size_t a = 0; a < size; a++) { /* to i^y (-1)^(z a) |a + x> */
    slong to = (slong)(a ^ l->x), from = (slong)a, half = (slong)size;
    bool turn = minus != ((y >> 1 & 1) != (unsigned)__builtin_parityl(l->z & a));
    fmpq_set(signed_value, value);
    if (turn) fmpq_neg(signed_value, signed_value);
    if (p->group == CHECK_GROUP_SO) {
      fmpq_add(fmpq_mat_entry(m, to, from), fmpq_mat_entry(m, to, from), signed_value);
      continue;
    }
    slong row = y % 2 ? half : 0;
    fmpq *first = fmpq_mat_entry(m, to + row, from);
    fmpq *second = fmpq_mat_entry(m, to + half - row, from + half);
    fmpq_add(first, first, signed_value);
    if (y % 2) fmpq_sub(second, second, signed_value);
    else fmpq_add(second, second, signed_value);
  }
  fmpq_clear(signed_value);
}

/* Is it to be in the ideal? */
static bool is_wanted(const place_t *p, const letters_t *l) {
  uint8_t q = 0;
  if (!l->x && !l->z) return false;
  if (!p->c->q_consistent) return true;
  uint64_t *row = flint_malloc((2 * p->w + 1) * sizeof *row);
  memcpy(row, l->string, 2 * p->w * sizeof *row);
  bool inside = check_span_reduce(p->c->span, row, &q);
  flint_free(row);
  return inside && q;
}

/* --- one ideal after the other -------------------------------------------------------------- */

static bool read_matrices(fmpq_mat_struct *b, fmpq_mat_struct *s, const place_t *p,
                          const size_t *chi, size_t copies, const pauli_sum_struct *o,
                          const quantum_state_struct *state, check_contains_t *contains,
                          const void *context) {
  bool whole = true;
  letters_t l = {.string = flint_malloc((2 * p->w + 1) * sizeof *l.string)};
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  stabilizer_echelon_t echelon;
  fmpq_t value, share;
  fmpq_init(value);
  fmpq_init(share);
  bool twice = p->group != CHECK_GROUP_SU || p->conjugate;
  fmpq_set_si(share, 1, UWORD(1) << (p->k + p->r - twice));
  if (stabilizer) stabilizer_echelon_init(echelon, stabilizer);
  for (size_t set = 1; set >> 2 * p->k == 0 && whole; set++)
    for (size_t twist = 0; twist >> p->r == 0 && whole; twist++) {
      set_product(&l, p, set, twist);
      bool wanted = is_wanted(p, &l);
      whole = contains(context, l.string) == (wanted ? ANSWER_YES : ANSWER_NO);
      if (!wanted || !whole) continue;
      pauli_sum_coefficient(value, o, l.string);
      for (size_t j = 0; j < copies && !fmpq_is_zero(value); j++)
        add_letters(b + j, p, &l, chi[j], value);
      if (stabilizer)
        fmpq_set_si(value, stabilizer_echelon_expectation(echelon, l.string), 1);
      else quantum_state_expectation(value, state, l.string);
      fmpq_mul(value, value, share);
      for (size_t j = 0; j < copies && !fmpq_is_zero(value); j++)
        add_letters(s + j, p, &l, chi[j], value);
    }
  if (stabilizer) stabilizer_echelon_clear(echelon);
  fmpq_clear(value);
  fmpq_clear(share);
  flint_free(l.string);
  return whole;
}

/* Of sp and su (1/2) tr H^(2j) and tr H^j; sp has each number of both signs. */
static void read_sums(fmpq *out, const check_defining_struct *ideal, const fmpq_mat_t m) {
  if (ideal->group == CHECK_GROUP_SO) {
    check_power_sums(out, m, ideal->rank);
    return;
  }
  if (ideal->group == CHECK_GROUP_SU) {
    unitary_sums(out, m, ideal->rank);
    return;
  }
  fmpq_mat_t square;
  fmpq_mat_init(square, fmpq_mat_nrows(m), fmpq_mat_nrows(m));
  fmpq_mat_mul(square, m, m);
  unitary_sums(out, square, ideal->rank);
  for (size_t j = 0; j < ideal->rank; j++) fmpq_div_2exp(out + j, out + j, 1);
  fmpq_mat_clear(square);
}

static void set_ideal(check_defining_struct *ideal, const place_t *p, const fmpq_mat_t b,
                      const fmpq_mat_t s) {
  size_t size = (size_t)1 << p->k;
  *ideal = (check_defining_struct){.group = p->group, .conjugate = p->conjugate};
  ideal->modes = size + (p->group == CHECK_GROUP_SP);
  ideal->rank = p->group == CHECK_GROUP_SU ? size : size / 2;
  ideal->observable = _fmpq_vec_init((slong)ideal->rank);
  ideal->state = _fmpq_vec_init((slong)ideal->rank);
  read_sums(ideal->observable, ideal, b);
  read_sums(ideal->state, ideal, s);
  if (p->group == CHECK_GROUP_SO)
    ideal->orientation = check_pfaffian_sign(b) * check_pfaffian_sign(s);
}

void check_defining_clear(check_defining_struct *ideal) {
  _fmpq_vec_clear(ideal->observable, (slong)ideal->rank);
  _fmpq_vec_clear(ideal->state, (slong)ideal->rank);
}

/* One chi of each conjugate pair. */
static size_t list_characters(size_t *chi, const place_t *p) {
  size_t count = 0;
  for (size_t x = 0; x >> p->r == 0; x++)
    if (!(x & p->flip)) chi[count++] = x;
  return count;
}

size_t check_defining(check_defining_struct **out, const check_component_struct *c,
                      const pauli_sum_t o, const quantum_state_t state,
                      check_contains_t *contains, const void *context) {
  size_t r = c->basis->length - 2 * c->pairs;
  *out = NULL;
  if (c->central || c->pairs < 2 || c->pairs > CHECK_DEFINING_PAIRS ||
      r > CHECK_DEFINING_PAIRS || c->pairs + r > 9)
    return 0;
  place_t p;
  place_init(&p, c);
  size_t *chi = flint_malloc(((size_t)1 << r) * sizeof *chi);
  size_t copies = list_characters(chi, &p);
  slong size = (p.group == CHECK_GROUP_SO ? WORD(1) : WORD(2)) << p.k;
  fmpq_mat_struct *m = flint_malloc(2 * copies * sizeof *m);
  for (size_t j = 0; j < 2 * copies; j++) fmpq_mat_init(m + j, size, size);
  bool fits = copies << p.k <= CHECK_DEFINING_NUMBERS &&
              read_matrices(m, m + copies, &p, chi, copies, o, state, contains, context);
  if (fits) {
    *out = flint_malloc(copies * sizeof **out);
    for (size_t j = 0; j < copies; j++) set_ideal(*out + j, &p, m + j, m + copies + j);
  }
  for (size_t j = 0; j < 2 * copies; j++) fmpq_mat_clear(m + j);
  flint_free(m);
  flint_free(chi);
  flint_free(p.rows);
  return fits ? copies : 0;
}
