#include "algebra/depth/depth_noise.h"

enum { OPS_PER_LOOK = 1 << 16 }; /* at the time */
enum { FIELD = 21 }; /* bits of an exponent while it is collected */

/* --- collecting ------------------------------------------------------------------ */

typedef struct {
  depth_noise_struct *noise;
  const depth_frame_struct *frame;
  const depth_cone_struct *cone;
  const depth_walk_struct *walk;
  uint64_t *pending;  /* three exponents for each string */
  uint32_t *taken;    /* lambdas on the way to it, at most */
  uint8_t *alive;     /* may have a weight by now */
  uint64_t *x, *z;    /* bits of the letters of all strings at one place */
} collector_t;

static void add_letters(collector_t *c, uint64_t x, uint64_t z, size_t first) {
  for (uint64_t set = x | z; set; set &= set - 1) {
    size_t bit = (size_t)__builtin_ctzll(set);
    unsigned letter =
        (unsigned)(x >> bit & 1) | (unsigned)(z >> bit & 1) << 1;
    c->pending[first + bit] += UINT64_C(1) << (FIELD * (letter - 1));
  }
}

/* Where no string of the walk has a letter. */
static void pass_outside(collector_t *c, const uint64_t *shift) {
  uint64_t row[3] = {0};
  size_t in = 0;
  bool is_new;
  if (pauli_is_identity(shift, c->frame->num_words)) return;
  for (size_t h = 0; h < c->frame->num_places; h++) {
    if (in < c->cone->num_places && c->cone->places[in] == h) {
      in++;
      continue;
    }
    unsigned letter = depth_frame_letter(c->frame, h, shift);
    if (letter) row[letter - 1]++;
  }
  c->noise->outside = (uint32_t)row_table_add(c->noise->powers, row, &is_new);
  c->noise->most += (uint32_t)(row[0] + row[1] + row[2]);
}

/* Every string of the walk, and its partner: the letter of L is added to its own. */
static void pass_place(collector_t *c, size_t place, const uint64_t *shift) {
  const uint64_t *of_x = depth_cone_image(c->cone, place, false);
  const uint64_t *of_z = depth_cone_image(c->cone, place, true);
  size_t num = c->walk->num_strings;
  unsigned letter = depth_frame_letter(c->frame, c->cone->places[place], shift);
  uint64_t flip_x = letter & 1 ? ~UINT64_C(0) : 0;
  uint64_t flip_z = letter & 2 ? ~UINT64_C(0) : 0;
  commutation_table_query(c->x, c->walk->table, of_z);
  commutation_table_query(c->z, c->walk->table, of_x);
  for (size_t i = 0; 64 * i < num; i++) {
    uint64_t in = num - 64 * i < 64 ? (UINT64_C(1) << (num - 64 * i)) - 1
                                    : ~UINT64_C(0);
    add_letters(c, c->x[i] & in, c->z[i] & in, 64 * i);
    add_letters(c, (c->x[i] ^ flip_x) & in, (c->z[i] ^ flip_z) & in, 64 * i);
  }
}

/* The number of what is pending for a string, which is 1 then. */
static uint32_t take(collector_t *c, size_t id) {
  uint64_t row[3], mask = (UINT64_C(1) << FIELD) - 1;
  bool is_new;
  for (int i = 0; i < 3; i++) row[i] = c->pending[id] >> (FIELD * i) & mask;
  c->pending[id] = 0;
  if (!c->alive[id]) return 0;
  c->taken[id] += (uint32_t)(row[0] + row[1] + row[2]);
  return (uint32_t)row_table_add(c->noise->powers, row, &is_new);
}

static void collect(collector_t *c, const uint64_t *shift) {
  const depth_walk_struct *walk = c->walk;
  size_t place = 0;
  for (size_t g = 0; g <= walk->num_gates; g++) {
    for (; place < c->cone->num_places && c->cone->before_place[place] == g; place++)
      pass_place(c, place, shift);
    if (g == walk->num_gates) break;
    for (size_t k = walk->gate_start[g]; k < walk->gate_start[g + 1]; k++) {
      size_t a = walk->ops[k][0], b = walk->ops[k][1];
      c->noise->ops[k][0] = take(c, a);
      c->noise->ops[k][1] = take(c, b);
      c->alive[a] = c->alive[b] = 1;
      if (c->taken[a] < c->taken[b]) c->taken[a] = c->taken[b];
      c->taken[b] = c->taken[a];
    }
  }
  for (size_t id = 0; id < walk->num_strings; id++) {
    c->noise->last[id] = take(c, id);
    if (c->taken[id] > c->noise->most) c->noise->most = c->taken[id];
  }
  pass_outside(c, shift);
}

static void set_factors(depth_noise_t noise, const depth_frame_t frame,
                        slong prec_bits) {
  size_t num = noise->powers->length;
  arb_t base, power;
  arb_init(base);
  arb_init(power);
  noise->factor = _arb_vec_init((slong)num);
  for (size_t k = 0; k < num; k++) {
    arb_one(noise->factor + k);
    for (int i = 0; i < 3; i++) {
      ulong e = row_table_row(noise->powers, k)[i];
      if (!e) continue;
      arb_set_fmpq(base, frame->factors + i + 1, prec_bits + 32);
      arb_pow_ui(power, base, e, prec_bits);
      arb_mul(noise->factor + k, noise->factor + k, power, prec_bits);
    }
  }
  arb_clear(base);
  arb_clear(power);
}

void depth_noise_init(depth_noise_t noise, const depth_frame_t frame,
                      const depth_cone_t cone, const depth_walk_t walk,
                      size_t num_start, const uint64_t *shift, slong prec_bits) {
  size_t num = walk->num_strings, words = num / 64 + 1;
  collector_t c = {.noise = noise, .frame = frame, .cone = cone, .walk = walk};
  bool is_new;
  *noise = (depth_noise_struct){0};
  noise->ops = flint_malloc((walk->num_ops + 1) * sizeof *noise->ops);
  noise->last = flint_malloc((num + 1) * sizeof *noise->last);
  row_table_init(noise->powers, 3);
  row_table_add(noise->powers, (uint64_t[3]){0}, &is_new);
  c.pending = flint_calloc(num + 1, sizeof *c.pending);
  c.taken = flint_calloc(num + 1, sizeof *c.taken);
  c.alive = flint_calloc(num + 1, 1);
  c.x = flint_calloc(words, sizeof *c.x);
  c.z = flint_calloc(words, sizeof *c.z);
  memset(c.alive, 1, num_start);
  collect(&c, shift);
  set_factors(noise, frame, prec_bits);
  flint_free(c.pending);
  flint_free(c.taken);
  flint_free(c.alive);
  flint_free(c.x);
  flint_free(c.z);
}

void depth_noise_clear(depth_noise_t noise) {
  _arb_vec_clear(noise->factor, (slong)noise->powers->length);
  row_table_clear(noise->powers);
  flint_free(noise->ops);
  flint_free(noise->last);
}

/* --- uniform angles ---------------------------------------------------------------- */

typedef struct {
  const depth_noise_struct *noise;
  const depth_walk_struct *walk;
  arb_ptr weight, value, record; /* record: one for each average, or NULL */
  slong prec;
  const depth_limits_t *limits;
} sweep_t;

static void scale(arb_ptr x, const sweep_t *s, uint32_t factor) {
  if (factor) arb_mul(x, x, s->noise->factor + factor, s->prec);
}

/* False: it is time to stop. */
static bool go_forward(sweep_t *s) {
  for (size_t k = 0; k < s->walk->num_ops; k++) {
    if (k % OPS_PER_LOOK == 0 && depth_limits_stop(s->limits)) return false;
    arb_ptr a = s->weight + s->walk->ops[k][0], b = s->weight + s->walk->ops[k][1];
    scale(a, s, s->noise->ops[k][0]);
    scale(b, s, s->noise->ops[k][1]);
    arb_add(a, a, b, s->prec);
    if (s->record) arb_set(s->record + k, a);
    arb_mul_2exp_si(a, a, -1);
    arb_set(b, a);
  }
  for (size_t id = 0; id < s->walk->num_strings; id++) {
    scale(s->value + id, s, s->noise->last[id]);
    scale(s->value + id, s, s->noise->outside);
  }
  return true;
}

/* A pair of strings adds (sum of weights)/2 times the sum of its values. */
static bool go_back(arb_ptr gradient, sweep_t *s) {
  for (size_t g = s->walk->num_gates; g-- > 0;)
    for (size_t k = s->walk->gate_start[g]; k < s->walk->gate_start[g + 1]; k++) {
      if (k % OPS_PER_LOOK == 0 && depth_limits_stop(s->limits)) return false;
      arb_ptr a = s->value + s->walk->ops[k][0], b = s->value + s->walk->ops[k][1];
      arb_add(a, a, b, s->prec);
      arb_mul_2exp_si(a, a, -1);
      arb_addmul(gradient + g, s->record + k, a, s->prec);
      arb_set(b, a);
      scale(a, s, s->noise->ops[k][0]);
      scale(b, s, s->noise->ops[k][1]);
    }
  return true;
}

status_t depth_noise_evaluate(arb_t total, arb_ptr gradient,
                              const depth_noise_t noise, const depth_walk_t walk,
                              const fmpz *weights, size_t num_start,
                              const fmpz *values, slong prec_bits,
                              const depth_limits_t *limits) {
  size_t num = walk->num_strings, ops = gradient ? walk->num_ops : 0;
  size_t bytes = sizeof(arb_struct) + 2 * (size_t)prec_bits / 8;
  sweep_t s = {.noise = noise, .walk = walk, .prec = prec_bits, .limits = limits};
  if (2 * num + ops > limits->max_bytes / bytes || depth_limits_stop(limits))
    return STATUS_LIMIT;
  s.weight = _arb_vec_init((slong)num + 1);
  s.value = _arb_vec_init((slong)num + 1);
  if (gradient) s.record = _arb_vec_init((slong)ops + 1);
  for (size_t id = 0; id < num_start; id++) arb_set_fmpz(s.weight + id, weights + id);
  for (size_t id = 0; id < num; id++) arb_set_fmpz(s.value + id, values + id);
  bool done = go_forward(&s);
  for (size_t id = 0; id < num && done; id++)
    arb_addmul(total, s.weight + id, s.value + id, prec_bits);
  if (gradient) {
    done = done && go_back(gradient, &s);
    _arb_vec_clear(s.record, (slong)ops + 1);
  }
  _arb_vec_clear(s.weight, (slong)num + 1);
  _arb_vec_clear(s.value, (slong)num + 1);
  return done ? STATUS_OK : STATUS_LIMIT;
}
