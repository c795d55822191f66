#include "algebra/couplings/coupling_words.h"

#include <flint/nmod_poly.h>
#include <flint/ulong_extras.h>

#include "algebra/base/stream.h"

enum { MAX_COLUMNS = 20000 };
/* Multiplications modulo primes that a set of minors may take. */
static const uint64_t MAX_WORK = UINT64_C(40000000000);

/* --- the space of strings ----------------------------------------------------- */

/* Coefficients of generator j cleared of denominators, and its norm. */
static void set_coefficients(coupling_space_struct *s, size_t j) {
  const couplings_input_t *in = &s->input;
  const pauli_sum_struct *op = s->span.ops + j;
  size_t width = in->degree + 1;
  fmpz_t den, norm, t;
  fmpz_init_set_ui(den, 1);
  fmpz_init(norm);
  fmpz_init(t);
  for (size_t k = 0; k < width; k++) {
    const pauli_sum_struct *part = in->parts + j * width + k;
    for (size_t i = 0; i < part->length; i++)
      fmpz_lcm(den, den, fmpq_denref(part->coeffs + i));
  }
  for (size_t i = 0; i < op->length; i++)
    for (size_t k = 0; k < width; k++) {
      const pauli_sum_struct *part = in->parts + j * width + k;
      size_t term = pauli_sum_find(part, pauli_sum_string(op, i));
      fmpz *out = s->coeffs + s->offset[j] + i * width + k;
      fmpz_init(out);
      if (term == SIZE_MAX) continue;
      const fmpq *c = part->coeffs + term;
      fmpz_divexact(out, den, fmpq_denref(c));
      fmpz_mul(out, out, fmpq_numref(c));
      fmpz_abs(t, out);
      fmpz_add(norm, norm, t);
    }
  s->norm_bits[j] = (size_t)fmpz_bits(norm);
  fmpz_clear(den);
  fmpz_clear(norm);
  fmpz_clear(t);
}

status_t coupling_space_init(coupling_space_struct *space,
                             const couplings_input_t *input, const fmpq_t at,
                             const closure_limits_t *limits) {
  size_t num = input->num_generators, width = input->degree + 1;
  *space = (coupling_space_struct){.input = *input, .limits = limits};
  pauli_sum_struct *ops = flint_malloc((num + 1) * sizeof *ops);
  span_map_t *maps = flint_malloc((num + 1) * sizeof *maps);
  const pauli_sum_struct **seeds = flint_malloc((num + 1) * sizeof *seeds);
  for (size_t j = 0; j < num; j++) {
    pauli_sum_init(ops + j, input->num_qubits);
    couplings_evaluate(ops + j, input, j, at);
    maps[j] = (span_map_t){ops + j, SPAN_LIE};
    seeds[j] = ops + j;
  }
  span_init(&space->span, input->num_qubits, maps, num, seeds, num, limits);
  status_t status = span_run(&space->span);
  space->offset = flint_malloc((num + 1) * sizeof *space->offset);
  space->norm_bits = flint_malloc((num + 1) * sizeof *space->norm_bits);
  space->offset[0] = 0;
  for (size_t j = 0; j < num; j++)
    space->offset[j + 1] =
        space->offset[j] + space->span.ops[j].length * width;
  space->num_coeffs = space->offset[num];
  space->coeffs =
      flint_malloc((space->num_coeffs + 1) * sizeof *space->coeffs);
  for (size_t j = 0; j < num; j++) set_coefficients(space, j);
  for (size_t j = 0; j < num; j++) pauli_sum_clear(ops + j);
  flint_free(ops);
  flint_free(maps);
  flint_free(seeds);
  return status;
}

void coupling_space_clear(coupling_space_struct *space) {
  for (size_t i = 0; i < space->num_coeffs; i++)
    fmpz_clear(space->coeffs + i);
  flint_free(space->coeffs);
  flint_free(space->offset);
  flint_free(space->norm_bits);
  span_clear(&space->span);
}

/* --- at a value modulo a prime -------------------------------------------------- */

/* The maps as matrices on columns, and the seeds. Generators in reverse order
   when asked. */
typedef struct {
  module_mod_struct m;
  mp_limb_t **seeds;
} sample_struct;

static void sample_init(sample_struct *sample,
                        const coupling_space_struct *space, mp_limb_t x,
                        mp_limb_t prime, bool reverse) {
  const span_struct *span = &space->span;
  size_t num = span->num_maps, dim = span->num_columns;
  size_t width = space->input.degree + 1;
  module_mod_struct *m = &sample->m;
  *m = (module_mod_struct){.dim = dim, .num_maps = num};
  nmod_init(&m->mod, prime);
  m->idx = flint_malloc((dim * num + 1) * sizeof *m->idx);
  m->val = flint_malloc((dim * num + 1) * sizeof *m->val);
  m->length = flint_calloc(dim * num + 1, sizeof *m->length);
  sample->seeds = flint_malloc((num + 1) * sizeof *sample->seeds);
  uint64_t *scratch = flint_malloc((4 * span->num_words + 1) * sizeof *scratch);
  for (size_t r = 0; r < num; r++) {
    size_t j = reverse ? num - 1 - r : r, terms = span->ops[j].length;
    mp_limb_t *c = flint_malloc((terms + 1) * sizeof *c);
    sample->seeds[r] = flint_calloc(dim + 1, sizeof **sample->seeds);
    for (size_t t = 0; t < terms; t++) {
      c[t] = 0;
      for (size_t k = width; k-- > 0;)
        c[t] = nmod_add(
            nmod_mul(c[t], x, m->mod),
            fmpz_fdiv_ui(space->coeffs + space->offset[j] + t * width + k,
                         prime), m->mod);
      uint32_t column =
          span_find_column(span, pauli_sum_string(span->ops + j, t), scratch);
      sample->seeds[r][column] =
          nmod_add(sample->seeds[r][column], c[t], m->mod);
    }
    for (size_t k = 0; k < dim; k++) {
      const image_struct *image = span_image_at(span, j, (uint32_t)k);
      size_t at = r * dim + k;
      uint32_t length = image->known ? image->length : 0;
      m->length[at] = length;
      m->idx[at] = flint_malloc((length + 1) * sizeof **m->idx);
      m->val[at] = flint_malloc((length + 1) * sizeof **m->val);
      for (uint32_t e = 0; e < length; e++) {
        int32_t term = image->entries[e].term;
        m->idx[at][e] = image->entries[e].column;
        m->val[at][e] = term > 0 ? c[term - 1] : nmod_neg(c[-term - 1], m->mod);
      }
    }
    flint_free(c);
  }
  flint_free(scratch);
}

static void sample_clear(sample_struct *sample) {
  module_mod_struct *m = &sample->m;
  for (size_t k = 0; k < m->dim * m->num_maps; k++) flint_free(m->idx[k]);
  for (size_t j = 0; j < m->num_maps; j++) flint_free(sample->seeds[j]);
  flint_free(sample->seeds);
  module_mod_clear(m);
}

/* --- words ------------------------------------------------------------------------ */

/* Makes every image known that the words can need, whatever the value: columns are
   followed formally, without cancellation. */
static void complete_images(coupling_space_struct *space,
                            const coupling_words_struct *words) {
  span_struct *span = &space->span;
  uint32_t **reach = flint_malloc((words->num + 1) * sizeof *reach);
  size_t *count = flint_calloc(words->num + 1, sizeof *count);
  uint64_t *scratch = flint_malloc((4 * span->num_words + 1) * sizeof *scratch);
  for (size_t k = 0; k < words->num; k++) {
    size_t alloc = 16, j = words->map[k];
    reach[k] = flint_malloc(alloc * sizeof **reach);
    uint8_t *seen = flint_calloc(2 * span->num_columns + 100000, 1);
    size_t room = 2 * span->num_columns + 100000;
    size_t sources = words->parent[k] == UINT32_MAX
                         ? span->ops[j].length : count[words->parent[k]];
    for (size_t i = 0; i < sources; i++) {
      uint32_t single;
      image_entry_t own;
      const image_entry_t *entries = &own;
      size_t length = 1;
      if (words->parent[k] == UINT32_MAX) {
        own.column = span_find_column(
            span, pauli_sum_string(span->ops + j, i), scratch);
      } else {
        single = reach[words->parent[k]][i];
        span_image(span, j, single);
        entries = span_image_at(span, j, single)->entries;
        length = span_image_at(span, j, single)->length;
      }
      for (size_t e = 0; e < length; e++) {
        uint32_t column = entries[e].column;
        if (column >= room || seen[column]) continue;
        seen[column] = 1;
        if (count[k] == alloc) {
          alloc *= 2;
          reach[k] = flint_realloc(reach[k], alloc * sizeof **reach);
        }
        reach[k][count[k]++] = column;
      }
    }
    flint_free(seen);
  }
  for (size_t k = 0; k < words->num; k++) flint_free(reach[k]);
  flint_free(reach);
  flint_free(count);
  flint_free(scratch);
}

void coupling_words_init(coupling_words_struct *words,
                         coupling_space_struct *space, mp_limb_t x,
                         mp_limb_t prime, bool reverse) {
  size_t maps = space->span.num_maps;
  sample_struct sample;
  words_struct found;
  sample_init(&sample, space, x, prime, reverse);
  words_init(&found, &sample.m, sample.seeds, maps, space->limits);
  words->num = found.num;
  words->parent = flint_malloc((found.num + 1) * sizeof *words->parent);
  words->map = flint_malloc((found.num + 1) * sizeof *words->map);
  words->degree = flint_malloc((found.num + 1) * sizeof *words->degree);
  words->bits = flint_malloc((found.num + 1) * sizeof *words->bits);
  words->block = flint_malloc((found.num + 1) * sizeof *words->block);
  for (size_t k = 0; k < found.num; k++) {
    uint32_t up = found.parent[k], map = found.map[k];
    if (reverse) map = (uint32_t)(maps - 1) - map;
    words->parent[k] = up;
    words->map[k] = map;
    words->degree[k] = space->input.degree;
    words->bits[k] = space->norm_bits[map];
    if (up != UINT32_MAX) {
      words->degree[k] += words->degree[up];
      words->bits[k] += words->bits[up];
    }
    words->block[k] = space->span.block_of[found.lead[k]];
  }
  words_clear(&found);
  sample_clear(&sample);
  complete_images(space, words);
}

void coupling_words_clear(coupling_words_struct *words) {
  flint_free(words->parent);
  flint_free(words->map);
  flint_free(words->degree);
  flint_free(words->bits);
  flint_free(words->block);
}

/* Row k of out = word k. */
static void replay(nmod_mat_t out, const coupling_words_struct *words,
                   const sample_struct *sample) {
  const module_mod_struct *m = &sample->m;
  mp_limb_t *x = flint_malloc(2 * (m->dim + 1) * sizeof *x), *y = x + m->dim;
  for (size_t k = 0; k < words->num; k++) {
    if (words->parent[k] == UINT32_MAX) {
      memcpy(y, sample->seeds[words->map[k]], m->dim * sizeof *y);
    } else {
      for (size_t i = 0; i < m->dim; i++)
        x[i] = nmod_mat_entry(out, (slong)words->parent[k], (slong)i);
      module_mod_apply(y, x, m, words->map[k]);
    }
    for (size_t i = 0; i < m->dim; i++)
      nmod_mat_entry(out, (slong)k, (slong)i) = y[i];
  }
  flint_free(x);
}

size_t coupling_space_rank(coupling_space_struct *space, mp_limb_t x,
                           mp_limb_t prime) {
  span_struct *span = &space->span;
  size_t known = span->num_columns, rank;
  for (size_t c = 0; c < known; c++)
    for (size_t j = 0; j < span->num_maps; j++)
      span_image(span, j, (uint32_t)c);
  sample_struct sample;
  words_struct words;
  sample_init(&sample, space, x, prime, false);
  words_init(&words, &sample.m, sample.seeds, span->num_maps, space->limits);
  rank = words.num;
  for (size_t k = 0; k < words.num; k++)
    for (size_t c = known; c < sample.m.dim; c++)
      if (words.vectors[k][c]) rank = 0;
  words_clear(&words);
  sample_clear(&sample);
  return rank;
}

/* --- minors ------------------------------------------------------------------------- */

/* Combination of column `column` for the i-th word of its block: 0..3. */
static mp_limb_t weight(uint64_t salt, size_t column, size_t i) {
  return stream_mix(salt + (uint64_t)column * STREAM_STEP +
                    (uint64_t)i * UINT64_C(0xd1342543de82ef95)) & 3;
}

typedef struct {
  uint32_t block;
  size_t num, degree, bits; /* of words; bounds of the minor */
  size_t *words;
  size_t num_columns;
  const uint32_t *columns;
} group_struct;

static mp_limb_t group_minor(const group_struct *group, const nmod_mat_t rows,
                             uint64_t salt) {
  mp_limb_t n = rows->mod.n;
  nmod_mat_t a, c, square;
  nmod_mat_init(a, (slong)group->num, (slong)group->num_columns, n);
  nmod_mat_init(c, (slong)group->num_columns, (slong)group->num, n);
  nmod_mat_init(square, (slong)group->num, (slong)group->num, n);
  for (size_t i = 0; i < group->num_columns; i++)
    for (size_t k = 0; k < group->num; k++) {
      nmod_mat_entry(a, (slong)k, (slong)i) = nmod_mat_entry(
          rows, (slong)group->words[k], (slong)group->columns[i]);
      nmod_mat_entry(c, (slong)i, (slong)k) =
          weight(salt, group->columns[i], k);
    }
  nmod_mat_mul(square, a, c);
  mp_limb_t det = nmod_mat_det(square);
  nmod_mat_clear(a);
  nmod_mat_clear(c);
  nmod_mat_clear(square);
  return det;
}

static size_t make_groups(group_struct *groups,
                          const coupling_words_struct *words,
                          const coupling_space_struct *space) {
  size_t count = 0;
  for (size_t k = 0; k < words->num; k++) {
    size_t g = 0;
    while (g < count && groups[g].block != words->block[k]) g++;
    if (g == count) {
      const block_struct *block = space->span.blocks + words->block[k];
      groups[count++] = (group_struct){
          .block = words->block[k], .num_columns = block->num_columns,
          .columns = block->columns,
          .words = flint_malloc((words->num + 1) * sizeof(size_t))};
    }
    groups[g].words[groups[g].num++] = k;
    groups[g].degree += words->degree[k];
    groups[g].bits += words->bits[k] + 2; /* weights up to 3 */
  }
  return count;
}

/* One prime: values at 0..degree, interpolated, into the minors. */
static void add_prime(fmpz_poly_struct *minors, const fmpz_t modulus,
                      const group_struct *groups, size_t count,
                      const coupling_words_struct *words,
                      const coupling_space_struct *space, mp_limb_t prime,
                      uint64_t salt) {
  size_t most = 0;
  for (size_t g = 0; g < count; g++)
    if (groups[g].degree > most) most = groups[g].degree;
  mp_limb_t *xs = flint_malloc((most + 1) * sizeof *xs);
  mp_limb_t *ys = flint_malloc((most + 1) * count * sizeof *ys + 1);
  nmod_mat_t rows;
  nmod_poly_t poly;
  nmod_poly_init(poly, prime);
  nmod_mat_init(rows, (slong)words->num, (slong)space->span.num_columns, prime);
  for (size_t x = 0; x <= most && !limits_abort(space->limits); x++) {
    sample_struct sample;
    sample_init(&sample, space, x, prime, false);
    replay(rows, words, &sample);
    sample_clear(&sample);
    xs[x] = x;
    for (size_t g = 0; g < count; g++)
      if (x <= groups[g].degree)
        ys[g * (most + 1) + x] = group_minor(groups + g, rows, salt);
  }
  for (size_t g = 0; g < count && !limits_abort(space->limits); g++) {
    nmod_poly_interpolate_nmod_vec(poly, xs, ys + g * (most + 1),
                                   (slong)groups[g].degree + 1);
    fmpz_poly_CRT_ui(minors + groups[g].block, minors + groups[g].block,
                     modulus, poly, 1);
  }
  nmod_poly_clear(poly);
  nmod_mat_clear(rows);
  flint_free(xs);
  flint_free(ys);
}

status_t coupling_minors(fmpz_poly_struct *minors,
                         const coupling_words_struct *words,
                         const coupling_space_struct *space, uint64_t salt) {
  group_struct *groups = flint_malloc((words->num + 1) * sizeof *groups);
  size_t count = make_groups(groups, words, space), bits = 0, degree = 0;
  uint64_t work = 0, columns = space->span.num_columns;
  for (size_t g = 0; g < count; g++) {
    if (groups[g].bits > bits) bits = groups[g].bits;
    if (groups[g].degree > degree) degree = groups[g].degree;
    work += groups[g].num * groups[g].num *
            (groups[g].num_columns + groups[g].num);
  }
  work += columns * (words->num + 8 * space->span.num_maps);
  status_t status = STATUS_OK;
  if (columns > MAX_COLUMNS ||
      work > MAX_WORK / ((bits / 57 + 1) * (degree + 1)))
    status = STATUS_LIMIT;
  fmpz_t modulus, bound;
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(bound);
  fmpz_setbit(bound, bits + 1);
  mp_limb_t p = UINT64_C(1) << 58;
  while (status == STATUS_OK && fmpz_cmp(modulus, bound) <= 0) {
    do p--;
    while (!n_is_prime(p));
    add_prime(minors, modulus, groups, count, words, space, p, salt);
    fmpz_mul_ui(modulus, modulus, p);
    if (limits_abort(space->limits)) status = STATUS_LIMIT;
  }
  for (size_t g = 0; g < count; g++) flint_free(groups[g].words);
  flint_free(groups);
  fmpz_clear(modulus);
  fmpz_clear(bound);
  return status;
}
