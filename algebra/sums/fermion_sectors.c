/* The sectors of C^(2^n): declared and explained in fermion_structure.h. */
#include <stdlib.h>
#include <string.h>

#include "algebra/sums/fermion_structure.h"
#include "algebra/sectors/weights.h"

enum { MAX_RADICAL = 12, MAX_PARTS = 8, MAX_CHARGES = 4096, MAX_IRREP = 64 };

/* --- what a part of C^(2^n) gives to the components ---------------------------------- */

/* One value of all central operators of the strings, or several that the generators
   do not tell apart (`times` of them). */
typedef struct {
  size_t times;
  size_t block[MAX_PARTS];
  int target[MAX_PARTS]; /* sign that the pieces of the component multiply to; 0: any */
  int *central;          /* values of the central strings */
} part_struct;

/* value of the Hermitian string, an element of the radical, where the i-th row of
   the radical is -1 iff bit i of s is set. */
static int string_value(const fermion_algebra_struct *a, const uint64_t *string,
                        size_t s) {
  const f2_span_struct *radical = a->frame->strings->radical;
  size_t w = a->frame->strings->num_words, set = 0;
  uint64_t *rest = flint_malloc((2 * w + 1) * sizeof *rest);
  memcpy(rest, string, 2 * w * sizeof *rest);
  for (size_t i = 0; i < radical->dim; i++)
    if (rest[radical->pivots[i] / 64] >> (radical->pivots[i] % 64) & 1) {
      pauli_xor(rest, rest, f2_span_row(radical, i), w);
      set |= (size_t)1 << i;
    }
  unsigned phase = 0;
  memset(rest, 0, 2 * w * sizeof *rest);
  for (size_t i = 0; i < radical->dim; i++)
    if (set >> i & 1) phase += pauli_mul(rest, rest, f2_span_row(radical, i), w);
  flint_free(rest);
  return (phase % 4 ? -1 : 1) * (__builtin_parityll(set & s) ? -1 : 1);
}

/* Pfaffian modulo p of an antisymmetric matrix, destroyed. */
static ulong pfaffian_mod(ulong *x, size_t m, nmod_t mod) {
  ulong value = 1;
  for (size_t k = 0; k + 1 < m; k += 2) {
    size_t pivot = k + 1;
    while (pivot < m && !x[k * m + pivot]) pivot++;
    if (pivot == m) return 0;
    if (pivot != k + 1) { /* exchange rows and columns */
      for (size_t j = 0; j < m; j++) {
        ulong t = x[(k + 1) * m + j];
        x[(k + 1) * m + j] = x[pivot * m + j];
        x[pivot * m + j] = t;
      }
      for (size_t j = 0; j < m; j++) {
        ulong t = x[j * m + k + 1];
        x[j * m + k + 1] = x[j * m + pivot];
        x[j * m + pivot] = t;
      }
      value = nmod_neg(value, mod);
    }
    ulong head = x[k * m + k + 1];
    value = nmod_mul(value, head, mod);
    ulong inverse = nmod_inv(head, mod);
    for (size_t i = k + 2; i < m; i++) {
      /* rows i: clears (k, i) with column k + 1, and (k + 1, i) with column k */
      ulong u = nmod_mul(x[k * m + i], inverse, mod);
      ulong v = nmod_mul(x[(k + 1) * m + i], inverse, mod);
      if (!u && !v) continue;
      for (size_t j = k + 2; j < m; j++) {
        ulong down = nmod_mul(u, x[(k + 1) * m + j], mod);
        ulong up = nmod_mul(v, x[k * m + j], mod);
        x[i * m + j] = nmod_add(nmod_sub(x[i * m + j], down, mod), up, mod);
      }
    }
  }
  return value;
}

/* |Pf(x)| on the block: its square is the product of the D/2-th powers of the
   eigenvalues of z = -x^2. */
static void pfaffian_size(fmpz_t out, const fermion_algebra_struct *a,
                          size_t block) {
  fmpz_t norm;
  fmpq_t value;
  fmpz_init(norm);
  fmpq_init(value);
  fmpz_one(out);
  for (size_t i = 0; i < a->num_pieces; i++) {
    const fermion_piece_struct *p = a->pieces + i;
    if (p->block != block || p->kind == PIECE_ZERO) continue;
    fmpq_poly_get_coeff_fmpq(value, p->factor, 0);
    fmpz_abs(norm, fmpq_numref(value));
    fmpz_pow_ui(norm, norm, p->dimension / 2);
    fmpz_mul(out, out, norm);
  }
  fmpz_sqrt(out, out);
  fmpz_clear(norm);
  fmpq_clear(value);
}

/* Sign of Pf(x), which is not 0. */
static int pfaffian_sign(const fermion_algebra_struct *a, size_t block) {
  size_t m = a->frame->modes[block];
  ulong *x = flint_malloc((m * m + 1) * sizeof *x), value, size;
  fmpz_t whole;
  nmod_t mod;
  ulong p = UINT64_C(1) << 62;
  fmpz_init(whole);
  pfaffian_size(whole, a, block);
  do {
    p = n_nextprime(p, 1);
    nmod_init(&mod, p);
    size = fmpz_fdiv_ui(whole, p);
  } while (!size);
  for (size_t i = 0; i < m * m; i++)
    x[i] = fmpz_fdiv_ui(fmpz_mat_entry(a->generic + block, (slong)(i / m),
                                       (slong)(i % m)), p);
  value = pfaffian_mod(x, m, mod);
  fmpz_clear(whole);
  flint_free(x);
  if (value != size && value != nmod_neg(size, mod)) flint_abort();
  return value == size ? 1 : -1;
}

static bool block_has_zero(const fermion_algebra_struct *a, size_t block) {
  for (size_t i = 0; i < a->num_pieces; i++)
    if (a->pieces[i].block == block && a->pieces[i].kind == PIECE_ZERO)
      return true;
  return false;
}

static void part_set(part_struct *p, const fermion_algebra_struct *a, size_t s,
                     const int *orientation) {
  const fermion_frame_struct *f = a->frame;
  size_t w = f->strings->num_words;
  uint64_t *parity = flint_malloc((2 * w + 1) * sizeof *parity);
  memset(p, 0, sizeof *p);
  p->times = 1;
  for (size_t i = 0; i < f->num_parts; i++) {
    const fermion_part_struct *part = f->parts + i;
    const string_component_struct *c = f->strings->components + part->component;
    size_t chi = 0;
    for (size_t k = 0; k < part->num_twists; k++)
      if (string_value(a, f2_span_row(c->twists, k), s) < 0)
        chi |= (size_t)1 << k;
    p->block[i] = part->first_block + chi;
    if (!orientation[p->block[i]]) continue;
    bool negative = fermion_frame_parity(parity, f, i);
    p->target[i] = string_value(a, parity, s) * orientation[p->block[i]] *
                   (negative ? -1 : 1);
  }
  p->central = flint_malloc((f->num_central + 1) * sizeof *p->central);
  for (size_t i = 0; i < f->num_central; i++)
    p->central[i] =
        string_value(a, f->strings->strings + f->central[i] * 2 * w, s);
  flint_free(parity);
}

static bool part_same(const part_struct *p, const part_struct *q,
                      const fermion_frame_struct *f) {
  return !memcmp(p->block, q->block, sizeof p->block) &&
         !memcmp(p->target, q->target, sizeof p->target) &&
         !memcmp(p->central, q->central, f->num_central * sizeof *p->central);
}

/* All 2^R parts, equal ones together. */
static part_struct *list_parts(size_t *length,
                               const fermion_algebra_struct *a) {
  size_t count = (size_t)1 << a->frame->strings->radical->dim;
  part_struct *list = flint_malloc(count * sizeof *list);
  int *orientation =
      flint_calloc(a->frame->num_blocks + 1, sizeof *orientation);
  for (size_t b = 0; b < a->frame->num_blocks; b++)
    if (a->frame->modes[b] % 2 == 0 && !block_has_zero(a, b))
      orientation[b] = pfaffian_sign(a, b);
  *length = 0;
  for (size_t s = 0; s < count; s++) {
    part_struct *p = list + *length;
    part_set(p, a, s, orientation);
    size_t i = 0;
    while (i < *length && !part_same(list + i, p, a->frame)) i++;
    if (i == *length) {
      (*length)++;
      continue;
    }
    list[i].times++;
    flint_free(p->central);
  }
  flint_free(orientation);
  return list;
}

/* --- charges ------------------------------------------------------------------------------ */

/* A state of all circles: eigenvalues of the generators there, which components have
   the sign -1, and how often. */
typedef struct {
  fmpq *charge;
  size_t odd; /* bits */
  fmpz_t times;
} charge_struct;

typedef struct {
  size_t length, alloc, num_generators;
  charge_struct *list;
} charges_t;

static void charges_clear(charges_t *c) {
  for (size_t i = 0; i < c->length; i++) {
    for (size_t j = 0; j < c->num_generators; j++)
      fmpq_clear(c->list[i].charge + j);
    flint_free(c->list[i].charge);
    fmpz_clear(c->list[i].times);
  }
  flint_free(c->list);
}

static void charges_add(charges_t *c, const fmpq *charge, size_t odd,
                        const fmpz_t times) {
  for (size_t i = 0; i < c->length; i++) {
    bool same = c->list[i].odd == odd;
    for (size_t j = 0; j < c->num_generators && same; j++)
      same = fmpq_equal(c->list[i].charge + j, charge + j);
    if (!same) continue;
    fmpz_add(c->list[i].times, c->list[i].times, times);
    return;
  }
  if (c->length == c->alloc) {
    c->alloc = 2 * c->alloc + 4;
    c->list = flint_realloc(c->list, c->alloc * sizeof *c->list);
  }
  charge_struct *new = c->list + c->length++;
  new->charge = flint_malloc((c->num_generators + 1) * sizeof *new->charge);
  for (size_t j = 0; j < c->num_generators; j++) {
    fmpq_init(new->charge + j);
    fmpq_set(new->charge + j, charge + j);
  }
  new->odd = odd;
  fmpz_init_set(new->times, times);
}

/* unit[j]: the generators on one mode of a circle of degree 1; false when they are
   irrational. c_j lambda, A_j = c_j x, lambda^2 the root of f. */
static bool circle_charge(fmpq *unit, const fermion_algebra_struct *a,
                          const fermion_piece_struct *p) {
  const fermion_trace_struct *t = a->traces + p->block;
  const fmpz_mat_struct *x = a->generic + p->block;
  fmpq_poly_t c;
  fmpq_t norm, root;
  bool rational = p->degree == 1;
  fmpq_poly_init(c);
  fmpq_init(norm);
  fmpq_init(root);
  fmpq_poly_get_coeff_fmpq(root, p->factor, 0);
  fmpq_neg(root, root);
  if (!fmpz_is_square(fmpq_numref(root)) || !fmpz_is_square(fmpq_denref(root)))
    rational = false;
  if (rational) {
    fmpz_sqrt(fmpq_numref(root), fmpq_numref(root));
    fmpz_sqrt(fmpq_denref(root), fmpq_denref(root));
    fermion_trace(c, t, x, x);
    fmpq_poly_rem(c, c, p->factor);
    fmpq_poly_get_coeff_fmpq(norm, c, 0);
  }
  for (size_t j = 0; j < a->num_generators && rational; j++) {
    fermion_trace(c, t, a->generators + j * a->frame->num_blocks + p->block, x);
    fmpq_poly_rem(c, c, p->factor);
    fmpq_poly_get_coeff_fmpq(unit + j, c, 0);
    fmpq_div(unit + j, unit + j, norm);
    fmpq_mul(unit + j, unit + j, root);
  }
  fmpq_poly_clear(c);
  fmpq_clear(norm);
  fmpq_clear(root);
  return rational;
}

/* c times the charges of one circle, whose component has the bit `odd` (0 when its
   sign does not matter). */
static void multiply_circle(charges_t *c, const fmpq *unit, size_t dimension,
                            size_t odd) {
  charges_t out = {.num_generators = c->num_generators};
  fmpq *charge = flint_malloc((c->num_generators + 1) * sizeof *charge);
  fmpq_t step;
  fmpz_t times;
  slong p = (slong)(dimension / 2);
  fmpq_init(step);
  fmpz_init(times);
  for (size_t j = 0; j < c->num_generators; j++) fmpq_init(charge + j);
  for (size_t k = 0; k < c->length; k++)
    for (slong i = 0; i <= p; i++) {
      fmpq_set_si(step, p - 2 * i, 1);
      for (size_t j = 0; j < c->num_generators; j++) {
        fmpq_set(charge + j, c->list[k].charge + j);
        fmpq_addmul(charge + j, unit + j, step);
      }
      fmpz_bin_uiui(times, (ulong)p, (ulong)i);
      fmpz_mul(times, times, c->list[k].times);
      charges_add(&out, charge, c->list[k].odd ^ (i % 2 ? odd : 0), times);
    }
  for (size_t j = 0; j < c->num_generators; j++) fmpq_clear(charge + j);
  flint_free(charge);
  fmpq_clear(step);
  fmpz_clear(times);
  charges_clear(c);
  *c = out;
}

static bool has_circle(const fermion_algebra_struct *a, size_t block) {
  for (size_t i = 0; i < a->num_pieces; i++)
    if (a->pieces[i].block == block && a->pieces[i].kind == PIECE_CIRCLE)
      return true;
  return false;
}

/* Of all circles and central strings of a part. */
static reason_code_t charges_init(charges_t *c, const fermion_algebra_struct *a,
                                  const part_struct *part) {
  const fermion_frame_struct *f = a->frame;
  reason_code_t reason = REASON_NONE;
  *c = (charges_t){.num_generators = a->num_generators};
  fmpq *unit = flint_malloc((a->num_generators + 1) * sizeof *unit);
  fmpq_t value;
  fmpz_t one;
  fmpq_init(value);
  fmpz_init_set_ui(one, 1);
  for (size_t j = 0; j < a->num_generators; j++) {
    fmpq_init(unit + j);
    for (size_t i = 0; i < f->num_central; i++) {
      fmpq_set_si(value, part->central[i], 1);
      fmpq_addmul(unit + j, a->central + j * f->num_central + i, value);
    }
  }
  charges_add(c, unit, 0, one);
  for (size_t k = 0; k < a->num_pieces && !reason; k++) {
    const fermion_piece_struct *p = a->pieces + k;
    size_t owner = f->part[p->block];
    if (p->kind != PIECE_CIRCLE || part->block[owner] != p->block) continue;
    if (!circle_charge(unit, a, p)) reason = REASON_CHARGES_IRRATIONAL;
    else
      multiply_circle(c, unit, p->dimension,
                      part->target[owner] ? (size_t)1 << owner : 0);
    if (c->length > MAX_CHARGES) reason = REASON_TOO_MANY_CHARGES;
  }
  for (size_t j = 0; j < a->num_generators; j++) fmpq_clear(unit + j);
  flint_free(unit);
  fmpq_clear(value);
  fmpz_clear(one);
  if (reason) charges_clear(c);
  return reason;
}

/* --- representations of the su(2) -------------------------------------------------------- */

/* Choices of an irreducible for each ideal: `count` of them with this product of
   dimensions and multiplicities; pairs[d]: ideals with the irreducible of
   dimension d, added up over the choices. */
typedef struct {
  fmpz_t dimension, times, count;
  size_t odd;
  bool quaternionic;
  fmpz *pairs; /* MAX_IRREP */
} choice_struct;

typedef struct {
  size_t length, alloc;
  choice_struct *list;
} choices_t;

static void choices_clear(choices_t *c) {
  for (size_t i = 0; i < c->length; i++) {
    choice_struct *x = c->list + i;
    fmpz_clear(x->dimension);
    fmpz_clear(x->times);
    fmpz_clear(x->count);
    _fmpz_vec_clear(x->pairs, MAX_IRREP);
  }
  flint_free(c->list);
}

/* The entry of that kind, made when there is none. */
static choice_struct *choices_find(choices_t *c, const fmpz_t dimension,
                                   const fmpz_t times, size_t odd,
                                   bool quaternionic) {
  for (size_t i = 0; i < c->length; i++) {
    choice_struct *x = c->list + i;
    if (x->odd == odd && x->quaternionic == quaternionic &&
        fmpz_equal(x->dimension, dimension) && fmpz_equal(x->times, times))
      return x;
  }
  if (c->length == c->alloc) {
    c->alloc = 2 * c->alloc + 4;
    c->list = flint_realloc(c->list, c->alloc * sizeof *c->list);
  }
  choice_struct *x = c->list + c->length++;
  fmpz_init_set(x->dimension, dimension);
  fmpz_init_set(x->times, times);
  fmpz_init(x->count);
  x->odd = odd;
  x->quaternionic = quaternionic;
  x->pairs = _fmpz_vec_init(MAX_IRREP);
  return x;
}

/* C(2p, i) - C(2p, i - 2) */
static void irrep_times(fmpz_t out, ulong p, ulong i) {
  fmpz_t less;
  fmpz_init(less);
  fmpz_bin_uiui(out, 2 * p, i);
  if (i >= 2) fmpz_bin_uiui(less, 2 * p, i - 2);
  fmpz_sub(out, out, less);
  fmpz_clear(less);
}

static void multiply_su2(choices_t *c, ulong p, size_t odd) {
  choices_t out = {0};
  fmpz_t dimension, times, own;
  fmpz_init(dimension);
  fmpz_init(times);
  fmpz_init(own);
  for (size_t k = 0; k < c->length; k++)
    for (ulong i = 0; i <= p; i++) {
      const choice_struct *x = c->list + k;
      ulong d = p - i + 1;
      fmpz_mul_ui(dimension, x->dimension, d);
      irrep_times(own, p, i);
      fmpz_mul(times, x->times, own);
      choice_struct *y =
          choices_find(&out, dimension, times, x->odd ^ (i % 2 ? odd : 0),
                       x->quaternionic ^ (d % 2 == 0));
      fmpz_add(y->count, y->count, x->count);
      _fmpz_vec_add(y->pairs, y->pairs, x->pairs, MAX_IRREP);
      fmpz_add(y->pairs + d, y->pairs + d, x->count);
    }
  fmpz_clear(dimension);
  fmpz_clear(times);
  fmpz_clear(own);
  choices_clear(c);
  *c = out;
}

static bool is_of(const fermion_piece_struct *p, const part_struct *part,
                  const fermion_algebra_struct *a) {
  return part->block[a->frame->part[p->block]] == p->block;
}

static reason_code_t choices_init(choices_t *c, const fermion_algebra_struct *a,
                                  const part_struct *part) {
  fmpz_t one;
  *c = (choices_t){0};
  fmpz_init_set_ui(one, 1);
  choice_struct *none = choices_find(c, one, one, 0, false);
  fmpz_one(none->count);
  fmpz_clear(one);
  for (size_t k = 0; k < a->num_pieces; k++) {
    const fermion_piece_struct *p = a->pieces + k;
    size_t owner = a->frame->part[p->block];
    if (p->kind != PIECE_SU2 || !is_of(p, part, a)) continue;
    bool twice = p->dimension / 4 + 1 >= MAX_IRREP;
    for (size_t l = 0; l < k && !twice; l++)
      twice = a->pieces[l].family == p->family && is_of(a->pieces + l, part, a);
    if (twice) {
      choices_clear(c);
      return REASON_LINKED_PIECES;
    }
    for (size_t copy = 0; copy < p->degree; copy++)
      multiply_su2(c, p->dimension / 4,
                   part->target[owner] ? (size_t)1 << owner : 0);
  }
  return REASON_NONE;
}

/* --- putting them together ----------------------------------------------------------------- */

/* Adds to the entry of that kind, or makes one; returns its index. */
static size_t add_sector(structure_t s, const fmpz_t dimension,
                         const fmpz_t multiplicity, const fmpz_t count,
                         field_t field) {
  for (size_t i = 0; i < s->num_sectors; i++) {
    sector_struct *known = s->sectors + i;
    if (!fmpz_equal(known->dimension, dimension) || known->field != field ||
        !fmpz_equal(known->multiplicity, multiplicity))
      continue;
    fmpz_add(known->count, known->count, count);
    return i;
  }
  structure_add_sector(s, dimension, multiplicity, count, field);
  return s->num_sectors - 1;
}

static void add_actions(structure_t out, size_t sector, const fmpz *pairs) {
  root_system_t system;
  fmpz_t rank, dimension;
  if (!root_system_init(system, 'A', 1)) flint_abort();
  fmpz_init_set_ui(rank, 1);
  fmpz_init(dimension);
  for (unsigned d = 2; d < MAX_IRREP; d++) {
    unsigned weight[8] = {d - 1};
    if (fmpz_is_zero(pairs + d)) continue;
    fmpz_set_ui(dimension, d);
    structure_add_action(out, sector, 'A', rank, pairs + d, dimension,
                         weight_get_name(weight, system),
                         weight_get_str(weight, system));
  }
  fmpz_clear(rank);
  fmpz_clear(dimension);
  root_system_clear(system);
}

static bool is_charged(const charges_t *c, const charge_struct *x) {
  for (size_t j = 0; j < c->num_generators; j++)
    if (!fmpq_is_zero(x->charge + j)) return true;
  return false;
}

/* Multiplicity that all sectors of a part share: of the strings, of equal parts, of
   pieces without action. */
static void set_common(fmpz_t out, const fermion_algebra_struct *a,
                       const part_struct *part) {
  const string_algebra_struct *g = a->frame->strings;
  slong power = (slong)(g->num_qubits - g->total_k - g->total_r);
  for (size_t i = 0; i < a->num_pieces; i++) {
    const fermion_piece_struct *p = a->pieces + i;
    if (p->kind != PIECE_ZERO || !is_of(p, part, a)) continue;
    power += p->dimension % 2 ? (slong)(p->dimension - 1) / 2
                              : (slong)p->dimension / 2 - 1;
  }
  fmpz_set_ui(out, part->times);
  fmpz_mul_2exp(out, out, (ulong)power);
}

/* The sectors of one part; those on which all ideals act trivially go to trivial. */
static void add_part(structure_t out, charges_t *trivial,
                     const fermion_algebra_struct *a, const part_struct *part,
                     const charges_t *charges, const choices_t *choices) {
  size_t wanted = 0;
  fmpz_t common, multiplicity;
  fmpz_init(common);
  fmpz_init(multiplicity);
  set_common(common, a, part);
  for (size_t i = 0; i < a->frame->num_parts; i++)
    if (part->target[i] < 0) wanted |= (size_t)1 << i;
  for (size_t i = 0; i < charges->length; i++)
    for (size_t k = 0; k < choices->length; k++) {
      const charge_struct *q = charges->list + i;
      const choice_struct *x = choices->list + k;
      if ((q->odd ^ x->odd) != wanted || fmpz_is_zero(x->times)) continue;
      fmpz_mul(multiplicity, q->times, x->times);
      fmpz_mul(multiplicity, multiplicity, common);
      if (fmpz_is_one(x->dimension)) {
        charges_add(trivial, q->charge, 0, multiplicity);
        continue;
      }
      field_t field = is_charged(charges, q) ? FIELD_COMPLEX
                      : x->quaternionic      ? FIELD_QUATERNIONIC
                                             : FIELD_REAL;
      add_actions(out,
                  add_sector(out, x->dimension, multiplicity, x->count, field),
                  x->pairs);
    }
  fmpz_clear(common);
  fmpz_clear(multiplicity);
}

static void add_trivial(structure_t out, const charges_t *trivial) {
  fmpz_t one;
  fmpz_init_set_ui(one, 1);
  for (size_t i = 0; i < trivial->length; i++)
    add_sector(out, one, trivial->list[i].times, one,
               is_charged(trivial, trivial->list + i) ? FIELD_COMPLEX
                                                      : FIELD_REAL);
  fmpz_clear(one);
}

/* Can one representation of all ideals, not trivial, occur in both parts? Not when
   no ideal acts in both; nor when a component has one block in both, without
   circles, and two signs. */
static bool may_coincide(const fermion_algebra_struct *a, const part_struct *p,
                         const part_struct *q) {
  for (size_t i = 0; i < a->frame->num_parts; i++)
    if (p->block[i] == q->block[i] && p->target[i] * q->target[i] < 0 &&
        !has_circle(a, p->block[i]))
      return false;
  for (size_t k = 0; k < a->num_pieces; k++)
    for (size_t l = 0; l < a->num_pieces; l++)
      if (a->pieces[k].kind == PIECE_SU2 && a->pieces[l].kind == PIECE_SU2 &&
          a->pieces[k].family == a->pieces[l].family &&
          is_of(a->pieces + k, p, a) && is_of(a->pieces + l, q, a))
        return true;
  return false;
}

reason_code_t fermion_sectors(structure_t out, const fermion_algebra_t a) {
  if (a->frame->strings->total_r > MAX_RADICAL ||
      a->frame->num_parts > MAX_PARTS)
    return REASON_TOO_MANY_PARTS;
  size_t length, done = 0;
  part_struct *parts = list_parts(&length, a);
  charges_t *charges = flint_malloc((length + 1) * sizeof *charges);
  choices_t *choices = flint_malloc((length + 1) * sizeof *choices);
  charges_t trivial = {.num_generators = a->num_generators};
  reason_code_t reason = REASON_NONE;
  for (size_t i = 0; i < length && !reason; i++)
    for (size_t j = 0; j < i && !reason; j++)
      if (may_coincide(a, parts + i, parts + j)) reason = REASON_LINKED_PIECES;
  for (; done < length && !reason; done++) {
    if ((reason = charges_init(charges + done, a, parts + done))) break;
    if ((reason = choices_init(choices + done, a, parts + done))) {
      charges_clear(charges + done);
      break;
    }
  }
  for (size_t i = 0; i < done; i++) {
    if (!reason)
      add_part(out, &trivial, a, parts + i, charges + i, choices + i);
    charges_clear(charges + i);
    choices_clear(choices + i);
  }
  if (!reason) add_trivial(out, &trivial);
  charges_clear(&trivial);
  for (size_t i = 0; i < length; i++) flint_free(parts[i].central);
  flint_free(parts);
  flint_free(charges);
  flint_free(choices);
  return reason;
}
