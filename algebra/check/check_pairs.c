#include "algebra/check/check_pairs.h"

/* --- the gates --------------------------------------------------------------------------------- */

static size_t look_up_variable(const pairs_circuit_t *c, uint64_t hash, size_t parameter,
                               bool times_pi) {
  for (size_t probe = 0, v; (v = hash_table_next(c->numbers, hash, &probe)) != SIZE_MAX;)
    if (c->variables[v].parameter == parameter && c->variables[v].times_pi == times_pi)
      return v;
  return SIZE_MAX;
}

static size_t find_variable(pairs_circuit_t *c, const ansatz_struct *ansatz,
                            size_t parameter, bool times_pi) {
  uint64_t key[2] = {parameter, times_pi}, other[2] = {parameter, !times_pi};
  uint64_t hash = hash_words(key, 2);
  size_t v = look_up_variable(c, hash, parameter, times_pi);
  if (v != SIZE_MAX) return v;
  if (parameter != SIZE_MAX &&
      look_up_variable(c, hash_words(other, 2), parameter, !times_pi) != SIZE_MAX)
    c->both_scales = true;
  if (!(c->num_variables & (c->num_variables - 1)))
    c->variables = flint_realloc(
        c->variables, (2 * c->num_variables + 1) * sizeof *c->variables);
  pairs_variable_t *x = c->variables + c->num_variables;
  *x = (pairs_variable_t){.parameter = parameter, .times_pi = times_pi,
                    .first = SIZE_MAX, .slot = SIZE_MAX};
  if (parameter != SIZE_MAX) x->law = ansatz->parameters + parameter;
  x->interval = x->law && x->law->law == ANGLE_INTERVAL;
  c->intervals = c->intervals || x->interval;
  fmpz_init_set_ui(x->den, 1);
  hash_table_put(c->numbers, hash, c->num_variables);
  return c->num_variables++;
}

static void use_variable(pairs_circuit_t *c, size_t v, size_t gate,
                         const fmpq_t coeff) {
  pairs_variable_t *x = c->variables + v;
  if (x->first == SIZE_MAX) x->first = gate;
  x->last = gate;
  fmpz_lcm(x->den, x->den, fmpq_denref(coeff));
}

/* Is the exponent known at the end of the rows only? */
static bool is_kept(const pairs_circuit_t *c, const pairs_variable_t *x) {
  return c->keeps_all || x->parameter == SIZE_MAX || x->interval;
}

/* One slot after the other for variables whose gates lie apart, in the order of first
   gates, which is theirs: exponents that are done are 0. Rows go from the last gate to the
   first, so what is kept to their end shares with nobody. */
static void set_slots(pairs_circuit_t *c) {
  size_t *ending = flint_malloc((c->num_gates + 1) * sizeof *ending); /* at each gate */
  size_t *next = flint_malloc((c->num_variables + 1) * sizeof *next);
  size_t *unused = flint_malloc((c->num_variables + 1) * sizeof *unused);
  size_t num_unused = 0, gate = 0;
  for (size_t g = 0; g < c->num_gates; g++) ending[g] = SIZE_MAX;
  for (size_t v = 0; v < c->num_variables; v++) {
    pairs_variable_t *x = c->variables + v;
    for (; gate < x->first; gate++)
      for (size_t u = ending[gate]; u != SIZE_MAX; u = next[u])
        unused[num_unused++] = c->variables[u].slot;
    if (x->first == x->last && !is_kept(c, x)) continue;
    x->slot = num_unused && !is_kept(c, x) ? unused[--num_unused] : c->num_slots++;
    if (is_kept(c, x)) continue;
    next[v] = ending[x->last];
    ending[x->last] = v;
  }
  flint_free(ending);
  flint_free(next);
  flint_free(unused);
}

bool pairs_eighth_turns(int *turn, const angle_struct *angle) {
  fmpq_t t;
  fmpq_init(t);
  fmpq_mul_2exp(t, angle->pi_part, 2);
  bool ok = fmpq_is_zero(angle->rad_part) && fmpz_is_one(fmpq_denref(t));
  *turn = ok ? (int)fmpz_fdiv_ui(fmpq_numref(t), 8) : 0;
  fmpq_clear(t);
  return ok;
}

/* Calls use for every term of every angle: those of parameters and, unless the
   constant part is a multiple of pi/4, its two parts. */
typedef void use_t(pairs_circuit_t *c, size_t v, size_t gate, const fmpq_t coeff);
static void for_all_terms(pairs_circuit_t *c, const ansatz_t ansatz, use_t use) {
  int turn;
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const angle_struct *a = ansatz->rotations[i].angle;
    for (size_t t = 0; t < a->num_terms; t++)
      use(c, find_variable(c, ansatz, a->terms[t].parameter, a->terms[t].times_pi),
          c->position[i], a->terms[t].coeff);
    if (pairs_eighth_turns(&turn, a)) continue;
    c->fixed_angles = true;
    if (c->round_bits) continue;
    if (!fmpq_is_zero(a->pi_part))
      use(c, find_variable(c, ansatz, SIZE_MAX, true), c->position[i], a->pi_part);
    if (!fmpq_is_zero(a->rad_part))
      use(c, find_variable(c, ansatz, SIZE_MAX, false), c->position[i], a->rad_part);
  }
}

/* The exponent coeff den: sums of all of them, and of both sides, must fit. */
enum { POWER_BITS = 50 };
static void add_power(pairs_circuit_t *c, size_t v, size_t gate,
                      const fmpq_t coeff) {
  pairs_gate_t *g = c->gates + gate;
  fmpz_t power;
  fmpz_init(power);
  fmpz_divexact(power, c->variables[v].den, fmpq_denref(coeff));
  fmpz_mul(power, power, fmpq_numref(coeff));
  if (fmpz_bits(power) > POWER_BITS) {
    c->too_fine = true;
    fmpz_zero(power);
  }
  g->variables[g->num_terms] = v;
  g->powers[g->num_terms++] = fmpz_get_si(power);
  fmpz_clear(power);
}

/* First the variables, then the powers, which need their denominators. */
static void read_gates(pairs_circuit_t *c, const ansatz_t ansatz) {
  for_all_terms(c, ansatz, use_variable);
  set_slots(c);
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const angle_struct *a = ansatz->rotations[i].angle;
    pairs_gate_t *g = c->gates + c->position[i];
    g->string = ansatz->rotations[i].string;
    g->variables = flint_malloc((a->num_terms + 2) * sizeof *g->variables);
    g->powers = flint_malloc((a->num_terms + 2) * sizeof *g->powers);
    if (pairs_eighth_turns(&g->turn, a) || !c->round_bits || c->too_fine) continue;
    g->rounded = round_gate_new(a, a->num_terms == 0, c->round_bits);
    if (!g->rounded) c->too_fine = true;
  }
  for_all_terms(c, ansatz, add_power);
}

/* What an X, Y or Z error there does to the letters that anticommute with it. */
static void read_channel(pairs_circuit_t *c, const pauli_noise_t noise) {
  static const unsigned errors[3] = {1, 3, 2};
  fmpq_t factor;
  fmpq_init(factor);
  for (int e = 0; e < 3; e++)
    fmpz_lcm(c->noise_unit, c->noise_unit, fmpq_denref(noise->probability[e]));
  for (unsigned letter = 0; letter < 4; letter++) {
    fmpq_one(factor);
    for (int e = 0; e < 3; e++) {
      if (!letter || letter == errors[e]) continue;
      fmpq_sub(factor, factor, noise->probability[e]);
      fmpq_sub(factor, factor, noise->probability[e]);
    }
    fmpq_mul_fmpz(factor, factor, c->noise_unit);
    fmpz_set(c->noise + letter, fmpq_numref(factor));
  }
  fmpq_clear(factor);
}

/* Rotations and places in the order of time. */
static void set_positions(pairs_circuit_t *c, const ansatz_t ansatz, bool noisy) {
  size_t place = 0, places = noisy ? ansatz->num_places : 0;
  c->num_gates = ansatz->num_rotations + places;
  c->gates = flint_calloc(c->num_gates + 1, sizeof *c->gates);
  c->position = flint_malloc((ansatz->num_rotations + 1) * sizeof *c->position);
  for (size_t i = 0; i <= ansatz->num_rotations; i++) {
    for (; place < places && ansatz->places[place].after <= i; place++)
      c->gates[i + place].qubit = ansatz->places[place].qubit;
    c->position[i] = i + place;
  }
}

/* Do all gates together add up to less? */
static bool powers_are_below(const pairs_circuit_t *c, uint64_t limit) {
  uint64_t total = 0;
  for (size_t i = 0; i < c->num_gates; i++)
    for (size_t t = 0; t < c->gates[i].num_terms && total < limit; t++) {
      slong power = c->gates[i].powers[t];
      total += (uint64_t)(power < 0 ? -power : power);
    }
  return total < limit;
}

/* (width / den)^2 over one unit. */
static void read_spreads(pairs_circuit_t *c, const ansatz_t ansatz) {
  fmpq_t square;
  fmpq_init(square);
  for (int set = 0; set < 2; set++)
    for (size_t v = 0; v < c->num_variables; v++) {
      pairs_variable_t *x = c->variables + v;
      if (x->parameter == SIZE_MAX) continue;
      const parameter_struct *p = ansatz->parameters + x->parameter;
      if (p->law != ANGLE_NORMAL) continue;
      c->normal = true;
      if (p->width_times_pi && x->times_pi) c->too_fine = true; /* pi^2 */
      x->spread_pi = p->width_times_pi || x->times_pi;
      fmpq_div_fmpz(square, p->width, x->den);
      fmpq_mul(square, square, square);
      if (!set) {
        fmpz_lcm(c->spread_unit, c->spread_unit, fmpq_denref(square));
        continue;
      }
      fmpq_mul_fmpz(square, square, c->spread_unit);
      if (fmpz_bits(fmpq_numref(square)) > 24) c->too_fine = true;
      else x->spread = fmpz_get_ui(fmpq_numref(square));
    }
  /* t and pi t of one parameter are not independent then. */
  if ((c->normal || c->intervals) && c->both_scales) c->too_fine = true;
  /* squares of both sides, times spreads of 24 bits, must fit */
  if (!powers_are_below(c, c->normal || c->intervals ? 1 << 17 : UINT64_C(1) << 61))
    c->too_fine = true;
  fmpq_clear(square);
}

/* Of all gates together. */
enum { MOST_ROUND_BITS = 1 << 26 };

/* Errors grow by 4 at most from gate to gate. */
static ulong bits_to_round(const ansatz_t ansatz) {
  enum { LEAST_BITS = 256 };
  return LEAST_BITS + 2 * ansatz->num_rotations;
}

bool pairs_circuit_init(pairs_circuit_t *c, const ansatz_t ansatz, bool noisy,
                        pairs_way_t way) {
  *c = (pairs_circuit_t){.w = pauli_words(ansatz->num_qubits),
                         .keeps_all = way == PAIRS_WAVES};
  if (way != PAIRS_EXACT) c->round_bits = bits_to_round(ansatz);
  c->too_fine = ansatz->num_rotations * c->round_bits > MOST_ROUND_BITS;
  hash_table_init(c->numbers);
  fmpz_init_set_ui(c->noise_unit, 1);
  fmpz_init_set_ui(c->spread_unit, 1);
  for (int i = 0; i < 4; i++) fmpz_init_set_ui(c->noise + i, 1);
  noisy = noisy && ansatz->noise->given;
  if (noisy) read_channel(c, ansatz->noise);
  set_positions(c, ansatz, noisy);
  read_gates(c, ansatz);
  read_spreads(c, ansatz);
  return !c->too_fine;
}

void pairs_circuit_clear(pairs_circuit_t *c) {
  for (size_t i = 0; i < c->num_gates; i++) {
    flint_free(c->gates[i].variables);
    flint_free(c->gates[i].powers);
    round_gate_free(c->gates[i].rounded);
  }
  for (size_t v = 0; v < c->num_variables; v++)
    fmpz_clear(c->variables[v].den);
  for (int i = 0; i < 4; i++) fmpz_clear(c->noise + i);
  fmpz_clear(c->noise_unit);
  fmpz_clear(c->spread_unit);
  flint_free(c->position);
  flint_free(c->gates);
  flint_free(c->variables);
  hash_table_clear(c->numbers);
}

/* --- tables of pairs --------------------------------------------------------------------------------- */

void pairs_table_init(pairs_table_t *t, const pairs_circuit_t *c) {
  *t = (pairs_table_t){.scale = 0};
  fmpz_init_set_ui(t->one, 1);
  fmpz_init(t->error);
  row_table_init(t->rows, 2 * pairs_row_width(c) / 2);
}

ulong pairs_reduce(zeta_t *numbers, size_t length, ulong scale) {
  ulong common = scale;
  for (size_t i = 0; i < length && common; i++)
    for (int j = 0; j < 4 && common; j++) {
      ulong twos = fmpz_val2(numbers[i].w + j);
      if (twos < common && !fmpz_is_zero(numbers[i].w + j)) common = twos;
    }
  for (size_t i = 0; i < length && common; i++)
    for (int j = 0; j < 4; j++)
      fmpz_tdiv_q_2exp(numbers[i].w + j, numbers[i].w + j, common);
  return scale - common;
}

void pairs_table_reduce(pairs_table_t *t) {
  t->scale = pairs_reduce(t->weights, t->rows->length, t->scale);
}

void pairs_table_clear(pairs_table_t *t) {
  for (size_t i = 0; i < t->rows->length; i++) zeta_clear(t->weights + i);
  flint_free(t->weights);
  fmpz_clear(t->one);
  fmpz_clear(t->error);
  row_table_clear(t->rows);
}

zeta_t *pairs_table_at(pairs_table_t *t, const uint64_t *row) {
  size_t length = t->rows->length, i = row_table_add(t->rows, row, NULL);
  if (i < length) return t->weights + i;
  if (i >= t->alloc) {
    t->alloc = 2 * i + 8;
    t->weights = flint_realloc(t->weights, t->alloc * sizeof *t->weights);
  }
  zeta_init(t->weights + i);
  return t->weights + i;
}

bool pairs_fold(uint64_t *row, const pairs_circuit_t *c) {
  uint64_t *other = row + 2 * c->w, *slots = row + 4 * c->w;
  if (memcmp(row, other, 2 * c->w * sizeof *row) > 0)
    for (size_t i = 0; i < 2 * c->w; i++) {
      uint64_t t = row[i];
      row[i] = other[i];
      other[i] = t;
    }
  size_t i = 0;
  while (i < c->num_slots && !slots[i]) i++;
  if (i == c->num_slots || (int64_t)slots[i] > 0) return false;
  for (; i < c->num_slots; i++) slots[i] = 0 - slots[i];
  return true;
}

/* --- one gate -------------------------------------------------------------------------------------------- */

/* One way a string can go: itself or i G Q, times u, 1/u or neither, times
   zeta^turn and, if there are several ways, 1/2; or times a cosine (1) or sine (2). */
typedef struct {
  bool turned;
  int sign; /* of the powers of u */
  int turn;
  int rounded;
} way_t;

static bool gate_is_rounded(const pairs_gate_t *g) { return !g->num_terms && g->rounded; }

static bool gate_is_clifford(const pairs_gate_t *g) {
  return g->string && !g->num_terms && !g->rounded && g->turn % 2 == 0;
}

/* Has a side that anticommutes a factor 1/2? */
static bool gate_halves(const pairs_gate_t *g) {
  return g->string && !gate_is_clifford(g) && !gate_is_rounded(g);
}

/* minus: i G Q is minus the string. Returns how many. */
static size_t list_ways(way_t *ways, const pairs_gate_t *g, bool commutes,
                        bool minus) {
  int turn = g->turn, flip = minus ? 4 : 0;
  ways[0] = (way_t){false, 0, 0, 0};
  if (commutes) return 1;
  if (gate_is_rounded(g)) {
    ways[0] = (way_t){false, 0, 0, 1};
    ways[1] = (way_t){true, 0, flip, 2};
    return 2;
  }
  if (gate_is_clifford(g)) {
    ways[0] = turn % 4 ? (way_t){true, 0, turn - 2 + flip, 0}
                       : (way_t){false, 0, turn, 0};
    return 1;
  }
  ways[0] = (way_t){false, 1, turn, 0};
  ways[1] = (way_t){false, -1, -turn, 0};
  ways[2] = (way_t){true, 1, turn - 2 + flip, 0};  /* u / i */
  ways[3] = (way_t){true, -1, 2 - turn + flip, 0}; /* - 1 / (u i) */
  return 4;
}

/* A parameter is done, its exponent e + e' the power: false when it does not average
   out. */
static bool finish(uint64_t *row, const pairs_step_t *s, size_t at, slong power) {
  const pairs_variable_t *v = s->c->variables + at;
  if (v->parameter == SIZE_MAX || !power || s->c->keeps_all) return true;
  if (v->interval && at == s->tracked) row[pairs_tracked(s->c) + 1] = (uint64_t)power;
  if (v->interval) return true;
  if (!v->spread) return false;
  uint64_t size = (uint64_t)(power < 0 ? -power : power);
  if (v->slot != SIZE_MAX) row[4 * s->c->w + v->slot] = 0;
  if (at == s->tracked) row[pairs_tracked(s->c) + 1] = (uint64_t)power;
  row[pairs_damped(s->c) + v->spread_pi] += v->spread * size * size;
  return true;
}

/* Exponents of row after both sides went their ways; false when a parameter
   that is done does not average out. */
static bool add_powers(uint64_t *row, const pairs_step_t *s, int a, int b) {
  const pairs_gate_t *g = s->c->gates + s->gate;
  uint64_t *slots = row + 4 * s->c->w;
  for (size_t t = 0; t < g->num_terms; t++) {
    const pairs_variable_t *v = s->c->variables + g->variables[t];
    slong power = (a + b) * g->powers[t];
    if (g->variables[t] == s->tracked)
      slots[s->c->num_slots] += (uint64_t)(a * g->powers[t]);
    if (v->slot != SIZE_MAX)
      power = (slong)(slots[v->slot] += (uint64_t)power);
    if (v->first == s->gate && !finish(row, s, g->variables[t], power)) return false;
  }
  return true;
}

/* Of image j of the row: how often, the halves that it is short of, or of noise. */
static void set_factor(fmpz_t factor, const pairs_step_t *s, const uint64_t *row,
                       const pairs_images_t *images, size_t j) {
  const pairs_gate_t *g = s->c->gates + s->gate;
  size_t w = s->c->w;
  if (g->string)
    fmpz_set_ui(factor, images->times[j] << images->missing);
  else
    fmpz_mul(factor, s->c->noise + pauli_get(row, w, g->qubit),
             s->c->noise + pauli_get(row + 2 * w, w, g->qubit));
}

static bool has_own_parameters(const pairs_circuit_t *c, const pairs_gate_t *g) {
  bool own = g->num_terms > 0;
  for (size_t t = 0; t < g->num_terms && own; t++)
    own = c->variables[g->variables[t]].slot == SIZE_MAX;
  return own;
}

/* The factor of both ways. */
static size_t rounded_factor(const pairs_gate_t *g, const way_t *a, const way_t *b) {
  int power = a->sign + b->sign;
  if (!g->rounded) return SIZE_MAX;
  if (gate_is_rounded(g))
    return a->rounded || b->rounded ? round_of_ways(a->rounded, b->rounded) : SIZE_MAX;
  return power ? round_of_power(power) : SIZE_MAX;
}

/* The last of the rows; with `join`, unless it is there already. */
static void add_image(pairs_images_t *out, size_t width, int turn, size_t factor, bool join) {
  size_t last = out->length, bytes = width * sizeof *out->rows;
  for (size_t i = 0; i < last && join; i++) {
    if (out->factors[i] != factor ||
        memcmp(out->rows + i * width, out->rows + last * width, bytes))
      continue;
    int between = (turn - out->turns[i]) & 7;
    if (between == 0) out->times[i]++;
    if (between == 4 && --out->times[i] == 0) {
      out->length--;
      memmove(out->rows + i * width, out->rows + out->length * width, bytes);
      out->turns[i] = out->turns[out->length];
      out->times[i] = out->times[out->length];
      out->factors[i] = out->factors[out->length];
    }
    if (between % 4 == 0) return;
  }
  out->turns[last] = turn;
  out->times[last] = 1;
  out->factors[last] = factor;
  out->length++;
}

/* False when the budget is spent. */
static bool expand(pairs_images_t *out, const pairs_step_t *s, const uint64_t *row) {
  const pairs_gate_t *g = s->c->gates + s->gate;
  size_t w = s->c->w, width = pairs_row_width(s->c), count[2];
  way_t ways[2][4];
  bool commutes[2];
  if (!g->string) { /* makes no pairs */
    memcpy(out->rows, row, width * sizeof *row);
    out->turns[0] = 0;
    out->factors[0] = SIZE_MAX;
    out->times[0] = out->length = 1;
    return true;
  }
  for (size_t side = 0; side < 2; side++) {
    const uint64_t *q = row + side * 2 * w;
    uint64_t *scratch = out->rows; /* only the phase is wanted */
    commutes[side] = !pauli_anticommute(q, g->string, w);
    unsigned e = commutes[side] ? 3 : pauli_mul(scratch, g->string, q, w);
    count[side] = list_ways(ways[side], g, commutes[side], (e + 1) & 2);
  }
  bool join = has_own_parameters(s->c, g);
  out->length = 0;
  out->missing =
      gate_halves(g) ? (ulong)(count[0] == 1) + (ulong)(count[1] == 1) : 0;
  for (size_t i = 0; i < count[0]; i++)
    for (size_t j = 0; j < count[1]; j++) {
      const way_t *a = ways[0] + i, *b = ways[1] + j;
      uint64_t *next = out->rows + out->length * width;
      memcpy(next, row, width * sizeof *next);
      if (a->turned) pauli_xor(next, next, g->string, w);
      if (b->turned) pauli_xor(next + 2 * w, next + 2 * w, g->string, w);
      if (!add_powers(next, s, a->sign, b->sign)) continue;
      add_image(out, width, a->turn + b->turn, rounded_factor(g, a, b), join);
    }
  if (*s->budget < out->length) return false;
  *s->budget -= out->length;
  return true;
}

/* What errors of a row can become. */
static void raise_growth(fmpz_t most, const pairs_step_t *s, const uint64_t *row,
                         const pairs_images_t *images) {
  fmpz_t factor, sum;
  fmpz_init(factor);
  fmpz_init(sum);
  for (size_t j = 0; j < images->length; j++) {
    set_factor(factor, s, row, images, j);
    fmpz_abs(factor, factor);
    fmpz_add(sum, sum, factor);
  }
  if (fmpz_cmp(sum, most) > 0) fmpz_set(most, sum);
  fmpz_clear(factor);
  fmpz_clear(sum);
}

bool pairs_advance(pairs_table_t *out, const pairs_table_t *in, const pairs_step_t *s,
                    pairs_images_t *images) {
  const pairs_gate_t *g = s->c->gates + s->gate;
  fmpz_t factor, growth, error;
  zeta_t term, product;
  bool ok = true;
  fmpz_init(factor);
  fmpz_init(growth);
  fmpz_init(error);
  zeta_init(&term);
  zeta_init(&product);
  out->scale = in->scale + (gate_halves(g) ? 2 : 0);
  out->halves = in->halves + (gate_halves(g) ? 2 : 0);
  out->places = in->places + !g->string;
  for (size_t i = 0; i < in->rows->length && ok; i++) {
    const uint64_t *from = row_table_row(in->rows, i);
    ok = expand(images, s, from);
    if (!ok) break;
    if (!fmpz_is_zero(in->error)) raise_growth(growth, s, from, images);
    for (size_t j = 0; j < images->length; j++) {
      const zeta_t *weight = in->weights + i;
      set_factor(factor, s, from, images, j);
      if (images->factors[j] != SIZE_MAX) {
        round_multiply(&product, error, weight, g->rounded, images->factors[j], factor);
        weight = &product;
      }
      uint64_t *row = images->rows + j * pairs_row_width(s->c);
      if (s->tracked == SIZE_MAX && pairs_fold(row, s->c)) {
        zeta_clear(&term);
        zeta_init(&term);
        zeta_add(&term, weight, images->turns[j], factor);
        zeta_conjugate(&term);
        zeta_add(pairs_table_at(out, row), &term, 0, out->one);
      } else {
        zeta_add(pairs_table_at(out, row), weight, images->turns[j], factor);
      }
    }
  }
  fmpz_mul(out->error, in->error, growth);
  fmpz_add(out->error, out->error, error);
  fmpz_clear(factor);
  fmpz_clear(growth);
  fmpz_clear(error);
  zeta_clear(&term);
  zeta_clear(&product);
  return ok;
}

/* x = value of the row, which is folded, and in the table. */
static void set_value(zeta_t *x, const pairs_circuit_t *c, const pairs_table_t *t,
                      const zeta_t *values, uint64_t *row) {
  bool conjugate = pairs_fold(row, c);
  const zeta_t *value = values + row_table_find(t->rows, row);
  for (int j = 0; j < 4; j++) fmpz_set(x->w + j, value->w + j);
  if (conjugate) zeta_conjugate(x);
}

void pairs_go_back(zeta_t *values, fmpz_t error, const pairs_table_t *before,
                   const pairs_table_t *after, const zeta_t *values_after,
                   const pairs_step_t *s, pairs_images_t *images) {
  const pairs_gate_t *g = s->c->gates + s->gate;
  fmpz_t factor, growth, more, most;
  zeta_t value, product;
  fmpz_init(factor);
  fmpz_init(growth);
  fmpz_init(more);
  fmpz_init(most);
  zeta_init(&value);
  zeta_init(&product);
  for (size_t i = 0; i < before->rows->length; i++) {
    const uint64_t *from = row_table_row(before->rows, i);
    size_t endless = SIZE_MAX;
    pairs_step_t free_step = {s->c, s->gate, SIZE_MAX, &endless};
    expand(images, &free_step, from);
    if (error && !fmpz_is_zero(error)) raise_growth(growth, s, from, images);
    fmpz_zero(more);
    for (size_t j = 0; j < images->length; j++) {
      set_factor(factor, s, from, images, j);
      set_value(&value, s->c, after, values_after, images->rows + j * pairs_row_width(s->c));
      if (images->factors[j] == SIZE_MAX) {
        zeta_add(values + i, &value, images->turns[j], factor);
        continue;
      }
      round_multiply(&product, more, &value, g->rounded, images->factors[j], factor);
      zeta_add(values + i, &product, images->turns[j], factor);
    }
    if (fmpz_cmp(more, most) > 0) fmpz_set(most, more);
  }
  if (error) {
    fmpz_mul(error, error, growth);
    fmpz_add(error, error, most);
  }
  fmpz_clear(factor);
  fmpz_clear(growth);
  fmpz_clear(more);
  fmpz_clear(most);
  zeta_clear(&value);
  zeta_clear(&product);
}

bool pairs_is_needed(const pairs_circuit_t *c, size_t gate, const pairs_table_t *t) {
  const pairs_gate_t *g = c->gates + gate;
  for (size_t k = 0; k < g->num_terms; k++)
    if (c->variables[g->variables[k]].slot != SIZE_MAX &&
        c->variables[g->variables[k]].first == gate)
      return true;
  for (size_t i = 0; i < t->rows->length; i++) {
    const uint64_t *row = row_table_row(t->rows, i);
    if (!g->string) {
      if (pauli_get(row, c->w, g->qubit) || pauli_get(row + 2 * c->w, c->w, g->qubit))
        return true;
      continue;
    }
    if (pauli_anticommute(row, g->string, c->w) ||
        pauli_anticommute(row + 2 * c->w, g->string, c->w))
      return true;
  }
  return false;
}

