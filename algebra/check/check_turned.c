#include "algebra/check/check_turned.h"

#include "algebra/base/ansatz.h"
#include "algebra/base/row_table.h"
#include "algebra/check/check_circle.h"

enum { MAX_TERMS = 8192, MAX_EXPANDED = 1024 };

void check_turns_init(check_turns_t *list, size_t room) {
  *list = (check_turns_t){.room = room,
                          .strings = flint_malloc((room + 1) * sizeof *list->strings),
                          .turns = _fmpq_vec_init((slong)room),
                          .radians = _fmpq_vec_init((slong)room)};
}

void check_turns_clear(check_turns_t *list) {
  flint_free(list->strings);
  _fmpq_vec_clear(list->turns, (slong)list->room);
  _fmpq_vec_clear(list->radians, (slong)list->room);
}

void check_turns_add(check_turns_t *list, const uint64_t *string, const fmpq_t turns,
                     const fmpq_t radians) {
  size_t i = list->length++;
  list->strings[i] = string;
  fmpq_set(list->turns + i, turns);
  fmpq_set(list->radians + i, radians);
}

/* --- one angle ------------------------------------------------------------------------- */

typedef struct {
  const check_turns_t *gates;
  check_circle_t circle;
  check_number_t cosine, sine;
} work_t;

static void work_init(work_t *work, const check_turns_t *gates) {
  work->gates = gates;
  check_circle_init(work->circle);
  check_number_init(work->cosine);
  check_number_init(work->sine);
}

static void work_clear(work_t *work) {
  check_circle_clear(work->circle);
  check_number_clear(work->cosine);
  check_number_clear(work->sine);
}

/* False where they are no numbers of the circle. */
static bool set_angle(work_t *work, const fmpq_t turns, const fmpq_t radians,
                      bool negative) {
  if (work->circle->order && !fmpq_is_zero(radians)) return false;
  check_number_cos_sin(work->cosine, work->sine, work->circle, turns, radians);
  if (negative) check_number_neg(work->sine, work->sine);
  return true;
}

/* --- sums ------------------------------------------------------------------------------ */

typedef struct {
  row_table_t rows;
  check_number_struct *coeffs;
  size_t alloc;
} terms_t;

static void terms_init(terms_t *t, size_t width) {
  *t = (terms_t){.alloc = 0};
  row_table_init(t->rows, width);
}

static void terms_clear(terms_t *t) {
  for (size_t i = 0; i < t->alloc; i++) check_number_clear(t->coeffs + i);
  flint_free(t->coeffs);
  row_table_clear(t->rows);
}

static void terms_add(terms_t *t, const check_circle_t c, const check_number_t coeff,
                      const uint64_t *row) {
  size_t at = row_table_add(t->rows, row, NULL);
  if (at >= t->alloc) {
    size_t old = t->alloc;
    t->alloc = 2 * at + 16;
    t->coeffs = flint_realloc(t->coeffs, t->alloc * sizeof *t->coeffs);
    for (size_t i = old; i < t->alloc; i++) check_number_init(t->coeffs + i);
  }
  check_number_add(t->coeffs + at, c, t->coeffs + at, coeff);
}

static bool any_clash(const terms_t *t, const uint64_t *p, size_t w) {
  for (size_t i = 0; i < t->rows->length; i++)
    if (pauli_anticommute(p, row_table_row(t->rows, i), w)) return true;
  return false;
}

/* Q -> cos a Q + sin a (i P Q) for gate i; negative: by minus its angle. */
static bool terms_turn(terms_t *t, work_t *work, size_t gate, bool negative) {
  const uint64_t *p = work->gates->strings[gate];
  size_t w = t->rows->width / 2;
  if (!any_clash(t, p, w)) return true;
  if (!set_angle(work, work->gates->turns + gate, work->gates->radians + gate, negative))
    return false;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  terms_t out;
  check_number_t part;
  terms_init(&out, 2 * w);
  check_number_init(part);
  for (size_t i = 0; i < t->rows->length; i++) {
    const uint64_t *q = row_table_row(t->rows, i);
    if (check_number_is_zero(t->coeffs + i, work->circle)) continue;
    if (!pauli_anticommute(p, q, w)) {
      terms_add(&out, work->circle, t->coeffs + i, q);
      continue;
    }
    check_number_mul(part, work->circle, t->coeffs + i, work->cosine);
    terms_add(&out, work->circle, part, q);
    check_number_mul(part, work->circle, t->coeffs + i, work->sine);
    /* i P Q = i^(e + 1) [row], e odd */
    if (pauli_mul(row, p, q, w) % 4 == 1) check_number_neg(part, part);
    terms_add(&out, work->circle, part, row);
  }
  check_number_clear(part);
  terms_clear(t);
  *t = out;
  flint_free(row);
  return t->rows->length <= MAX_TERMS;
}

static void get_sum(pauli_sum_t sum, fmpq_t error, const terms_t *t,
                    const check_circle_t c) {
  fmpq_t coeff;
  fmpq_init(coeff);
  pauli_sum_zero(sum);
  for (size_t i = 0; i < t->rows->length; i++) {
    check_number_get_fmpq(coeff, error, t->coeffs + i, c);
    pauli_sum_push(sum, coeff, row_table_row(t->rows, i));
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(coeff);
}

/* t (initialised) = F^dag sum F, the last gate first; of a state F sum F^dag, the first one
   first. */
static bool turn_terms(terms_t *t, const pauli_sum_t sum, work_t *work, bool is_state) {
  size_t count = work->gates->length;
  check_number_t coeff;
  bool ok = sum->length <= MAX_TERMS;
  check_number_init(coeff);
  for (size_t i = 0; i < sum->length && ok; i++) {
    check_number_set_fmpq(coeff, work->circle, sum->coeffs + i);
    terms_add(t, work->circle, coeff, pauli_sum_string(sum, i));
  }
  for (size_t i = 0; i < count && ok; i++)
    ok = terms_turn(t, work, is_state ? i : count - 1 - i, is_state);
  check_number_clear(coeff);
  return ok;
}

static bool turn_sum(pauli_sum_t sum, fmpq_t error, work_t *work, bool is_state) {
  terms_t t;
  terms_init(&t, 2 * sum->num_words);
  bool ok = turn_terms(&t, sum, work, is_state);
  if (ok) get_sum(sum, error, &t, work->circle);
  terms_clear(&t);
  return ok;
}

static void divide(fmpq_t x, ulong by) {
  fmpz_mul_ui(fmpq_denref(x), fmpq_denref(x), by);
  fmpq_canonicalise(x);
}

/* c = sqrt(*root) factor, exactly. */
static bool get_surd(fmpq_t factor, unsigned *root, const check_number_t c,
                     const check_circle_t circle) {
  static const unsigned roots[] = {1, 2, 3, 6};
  check_number_t square;
  fmpq_t error, rest;
  check_number_init(square);
  fmpq_init(error);
  fmpq_init(rest);
  bool found = false;
  check_number_mul(square, circle, c, c);
  for (size_t i = 0; i < 4 && !found && fmpq_poly_length(square->poly) == 1; i++) {
    fmpq_poly_get_coeff_fmpq(rest, square->poly, 0);
    divide(rest, roots[i]);
    found = fmpz_is_square(fmpq_numref(rest)) && fmpz_is_square(fmpq_denref(rest));
    *root = roots[i];
  }
  if (found) {
    fmpz_sqrt(fmpq_numref(rest), fmpq_numref(rest));
    fmpz_sqrt(fmpq_denref(rest), fmpq_denref(rest));
    check_number_get_fmpq(factor, error, c, circle); /* its sign */
    if (fmpq_sgn(factor) < 0) fmpq_neg(rest, rest);
    fmpq_set(factor, rest);
  }
  check_number_clear(square);
  fmpq_clear(error);
  fmpq_clear(rest);
  return found;
}

/* All coefficients are rational multiples of the first: c_i c_0 / c_0^2. */
static bool get_surd_sum(pauli_sum_t sum, unsigned *root, const terms_t *t,
                         const check_circle_t circle) {
  size_t first = 0, length = t->rows->length;
  check_number_t product;
  fmpq_t factor, coeff;
  check_number_init(product);
  fmpq_init(factor);
  fmpq_init(coeff);
  *root = 1;
  pauli_sum_zero(sum);
  while (first < length && check_number_is_zero(t->coeffs + first, circle)) first++;
  bool ok = first == length || get_surd(factor, root, t->coeffs + first, circle);
  for (size_t i = first; i < length && ok; i++) {
    check_number_mul(product, circle, t->coeffs + i, t->coeffs + first);
    ok = fmpq_poly_length(product->poly) <= 1;
    fmpq_poly_get_coeff_fmpq(coeff, product->poly, 0);
    fmpq_div(coeff, coeff, factor); /* c_0 = sqrt(root) factor */
    divide(coeff, *root);
    pauli_sum_push(sum, coeff, row_table_row(t->rows, i));
  }
  pauli_sum_canonicalise(sum);
  check_number_clear(product);
  fmpq_clear(factor);
  fmpq_clear(coeff);
  return ok;
}

bool check_turned_surd(pauli_sum_t sum, unsigned *root, const check_turns_t *gates) {
  work_t work;
  terms_t t;
  *root = 1;
  if (!check_turns_sum(sum, gates)) return true;
  work_init(&work, gates);
  terms_init(&t, 2 * sum->num_words);
  bool ok = check_circle_set_exact(work.circle, gates->turns, gates->length) &&
            turn_terms(&t, sum, &work, false) && get_surd_sum(sum, root, &t, work.circle);
  terms_clear(&t);
  work_clear(&work);
  return ok;
}

/* With exact numbers if that is possible, else with balls. */
static bool turn_either(pauli_sum_t sum, fmpq_t error, work_t *work, bool is_state) {
  const check_turns_t *gates = work->gates;
  fmpq_zero(error);
  if (check_circle_set_exact(work->circle, gates->turns, gates->length) &&
      turn_sum(sum, error, work, is_state))
    return true;
  work->circle->order = 0;
  return turn_sum(sum, error, work, is_state);
}

bool check_turns_sum(const pauli_sum_t sum, const check_turns_t *gates) {
  for (size_t i = 0; i < gates->length; i++)
    for (size_t t = 0; t < sum->length; t++)
      if (pauli_anticommute(gates->strings[i], pauli_sum_string(sum, t),
                            sum->num_words))
        return true;
  return false;
}

bool check_turned_sum(pauli_sum_t sum, fmpq_t error, const check_turns_t *gates) {
  work_t work;
  work_init(&work, gates);
  bool ok = turn_either(sum, error, &work, false);
  work_clear(&work);
  return ok;
}

/* --- products of one-qubit states ------------------------------------------------------- */

/* turns about one axis that are still to come, added up: they may be none. */
typedef struct {
  bool any;
  size_t axis;
  angle_t angle;
} awaited_t;

typedef struct {
  size_t num_qubits;
  product_state_t given;
  check_number_struct *r; /* 3 num_qubits, where turned */
  bool *turned;
  awaited_t *awaited;
} bloch_t;

/* Tr(rho P) for the three letters of each qubit; is rho their product? */
static bool get_product(product_state_t out, const quantum_state_t in) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(in);
  const product_state_struct *product = quantum_state_product(in);
  size_t n = in->num_qubits, w = pauli_words(n), sharp = 0;
  if (product) {
    for (size_t k = 0; k < 3 * n; k++) fmpq_set(out->bloch + k, product->bloch + k);
    return true;
  }
  if (!s) return false;
  static const uint8_t xs[3] = {1, 1, 0}, zs[3] = {0, 1, 1};
  stabilizer_echelon_t echelon;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  stabilizer_echelon_init(echelon, s);
  for (size_t j = 0; j < n; j++)
    for (size_t c = 0; c < 3; c++) {
      row[j / 64] = (uint64_t)xs[c] << (j % 64);
      row[w + j / 64] = (uint64_t)zs[c] << (j % 64);
      int value = stabilizer_echelon_expectation(echelon, row);
      fmpq_set_si(out->bloch + 3 * j + c, value, 1);
      sharp += value != 0;
      row[j / 64] = row[w + j / 64] = 0;
    }
  stabilizer_echelon_clear(echelon);
  flint_free(row);
  return sharp == s->rank; /* the group is generated by single letters */
}

static bool bloch_init(bloch_t *b, const quantum_state_t in) {
  size_t n = in->num_qubits;
  b->num_qubits = n;
  product_state_init(b->given, n);
  b->r = flint_malloc((3 * n + 1) * sizeof *b->r);
  b->turned = flint_calloc(n + 1, sizeof *b->turned);
  b->awaited = flint_calloc(n + 1, sizeof *b->awaited);
  for (size_t j = 0; j < n; j++) angle_init(b->awaited[j].angle);
  for (size_t i = 0; i < 3 * n; i++) check_number_init(b->r + i);
  return get_product(b->given, in);
}

static void bloch_clear(bloch_t *b) {
  for (size_t i = 0; i < 3 * b->num_qubits; i++) check_number_clear(b->r + i);
  flint_free(b->r);
  flint_free(b->turned);
  for (size_t j = 0; j < b->num_qubits; j++) angle_clear(b->awaited[j].angle);
  flint_free(b->awaited);
  product_state_clear(b->given);
}

static bool is_sharp(const bloch_t *b, size_t qubit, size_t axis) {
  const fmpq *x = b->given->bloch + 3 * qubit + axis;
  return !b->turned[qubit] && fmpz_is_one(fmpq_denref(x)) && fmpz_is_pm1(fmpq_numref(x));
}

/* Quarter turns of a vector that is as given; false when they are none. */
static bool turn_quarters(bloch_t *b, size_t qubit) {
  const awaited_t *wait = b->awaited + qubit;
  fmpq *r = b->given->bloch + 3 * qubit;
  unsigned quarters = 0;
  if (b->turned[qubit] || !angle_is_clifford(&quarters, wait->angle)) return false;
  for (; quarters > 0; quarters--) {
    fmpq_swap(r + (wait->axis + 1) % 3, r + (wait->axis + 2) % 3);
    fmpq_neg(r + (wait->axis + 1) % 3, r + (wait->axis + 1) % 3);
  }
  return true;
}

/* Carries out what is awaited: k (k.r) stays, the rest r' turns, r' cos a + (k x r') sin a.
   False: the angle is no number of the circle. */
static bool turn_vector(bloch_t *b, work_t *work, size_t qubit) {
  awaited_t *wait = b->awaited + qubit;
  size_t u = (wait->axis + 1) % 3, v = (wait->axis + 2) % 3;
  check_number_struct *r = b->r + 3 * qubit;
  const fmpq *given = b->given->bloch + 3 * qubit;
  if (!wait->any) return true;
  wait->any = false;
  if (turn_quarters(b, qubit)) return true;
  if (!set_angle(work, wait->angle->pi_part, wait->angle->rad_part, false)) return false;
  for (size_t c = 0; c < 3 && !b->turned[qubit]; c++)
    check_number_set_fmpq(r + c, work->circle, given + c);
  b->turned[qubit] = true;
  check_number_t along, across, part;
  check_number_init(along);
  check_number_init(across);
  check_number_init(part);
  check_number_mul(along, work->circle, r + u, work->cosine);
  check_number_mul(part, work->circle, r + v, work->sine);
  check_number_neg(part, part);
  check_number_add(along, work->circle, along, part);
  check_number_mul(across, work->circle, r + v, work->cosine);
  check_number_mul(part, work->circle, r + u, work->sine);
  check_number_add(across, work->circle, across, part);
  check_number_swap(r + u, along);
  check_number_swap(r + v, across);
  check_number_clear(along);
  check_number_clear(across);
  check_number_clear(part);
  return true;
}

/* One more turn, by plus or minus the angle of the gate. */
static bool await(bloch_t *b, work_t *work, size_t gate, size_t qubit, size_t axis,
                  bool negative) {
  awaited_t *wait = b->awaited + qubit;
  const fmpq *given = b->given->bloch + 3 * qubit;
  if (wait->any && wait->axis != axis && !turn_vector(b, work, qubit)) return false;
  if (!b->turned[qubit] && fmpq_is_zero(given + (axis + 1) % 3) &&
      fmpq_is_zero(given + (axis + 2) % 3))
    return true;
  if (!wait->any) {
    fmpq_zero(wait->angle->pi_part);
    fmpq_zero(wait->angle->rad_part);
  }
  wait->any = true;
  wait->axis = axis;
  void (*add)(fmpq_t, const fmpq_t, const fmpq_t) = negative ? fmpq_sub : fmpq_add;
  add(wait->angle->pi_part, wait->angle->pi_part, work->gates->turns + gate);
  add(wait->angle->rad_part, wait->angle->rad_part, work->gates->radians + gate);
  return true;
}

/* False: the state is no product after the gate, or an angle no number of the circle. */
static bool turn_product(bloch_t *b, work_t *work, size_t gate) {
  const uint64_t *p = work->gates->strings[gate];
  size_t w = pauli_words(b->num_qubits), qubit = SIZE_MAX, axis = 0;
  bool negative = false;
  for (size_t j = 0; j < b->num_qubits; j++) {
    bool x = p[j / 64] >> (j % 64) & 1, z = p[w + j / 64] >> (j % 64) & 1;
    if (!x && !z) continue;
    size_t letter = !z ? 0 : x ? 1 : 2;
    const awaited_t *wait = b->awaited + j;
    if (wait->any && wait->axis != letter && !turn_vector(b, work, j)) return false;
    if (is_sharp(b, j, letter)) {
      negative ^= fmpq_sgn(b->given->bloch + 3 * j + letter) < 0;
    } else if (qubit == SIZE_MAX) {
      qubit = j;
      axis = letter;
    } else {
      return false;
    }
  }
  return qubit == SIZE_MAX || await(b, work, gate, qubit, axis, negative);
}

/* In trace norm states of one qubit differ by the length of the difference. */
static void get_state(quantum_state_t out, fmpq_t error, bloch_t *b,
                      const check_circle_t c) {
  for (size_t j = 0; j < b->num_qubits; j++)
    for (size_t k = 0; k < 3 && b->turned[j]; k++)
      check_number_get_fmpq(b->given->bloch + 3 * j + k, error, b->r + 3 * j + k, c);
  quantum_state_set_product(out, b->given);
}

static bool turn_as_product(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                            work_t *work) {
  const check_turns_t *gates = work->gates;
  bool done = false, product = true;
  bool exact = check_circle_set_exact(work->circle, gates->turns, gates->length);
  for (int pass = exact ? 0 : 1; pass < 2 && product && !done; pass++) {
    bloch_t b;
    if (pass) work->circle->order = 0;
    product = bloch_init(&b, in);
    done = product;
    for (size_t i = 0; i < gates->length && done; i++) done = turn_product(&b, work, i);
    for (size_t j = 0; j < b.num_qubits && done; j++) done = turn_vector(&b, work, j);
    fmpq_zero(error);
    if (done) get_state(out, error, &b, work->circle);
    bloch_clear(&b);
  }
  return done;
}

/* --- states ------------------------------------------------------------------------------ */

/* The gates behind the first ones, which are about stabilizers of the state. */
static check_turns_t that_matter(const quantum_state_t in, const check_turns_t *gates) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(in);
  size_t skip = 0;
  while (s && skip < gates->length &&
         stabilizer_state_expectation(s, gates->strings[skip]))
    skip++;
  return (check_turns_t){.length = gates->length - skip,
                         .strings = gates->strings + skip,
                         .turns = gates->turns + skip,
                         .radians = gates->radians + skip};
}

bool check_turns_state(const quantum_state_t state, const check_turns_t *gates) {
  return that_matter(state, gates).length > 0;
}

bool check_turned_state(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                        const check_turns_t *gates) {
  check_turns_t rest = that_matter(in, gates);
  work_t work;
  work_init(&work, &rest);
  bool ok = turn_as_product(out, error, in, &work);
  if (!ok) {
    const stabilizer_state_struct *s = quantum_state_stabilizer(in);
    pauli_sum_t sum;
    pauli_sum_init(sum, in->num_qubits);
    ok = (s ? stabilizer_state_expand(sum, s, MAX_EXPANDED)
            : quantum_state_expand(sum, in, MAX_EXPANDED)) &&
         turn_either(sum, error, &work, true);
    if (ok) quantum_state_set_positive(out, sum);
    pauli_sum_clear(sum);
  }
  work_clear(&work);
  return ok;
}
