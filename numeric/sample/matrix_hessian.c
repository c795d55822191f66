#include "numeric/sample/matrix_hessian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/sample/field.h"
#include "numeric/sample/haar_hessian.h"

enum { RANK = MATRIX_HESSIAN_RANK };
/* Of unit vectors: what is left of one that others span. */
static const double nothing = 1e-9;

/* --- the model ------------------------------------------------------------------------- */

static bool is_covered(const minima_matrix_t *m) {
  size_t rank = 2 * m->rank > m->size ? m->size - m->rank : m->rank, total = 0;
  if (m->size > MATRIX_HESSIAN_SIZE || m->num_levels < 2 || m->rank < 1 ||
      m->rank >= m->size || rank > RANK || !(fabs(m->weight) > 0))
    return false;
  for (size_t i = 0; i < m->num_levels; i++) total += m->multiplicities[i];
  if (total != m->size) return false;
  if (m->beta == 2 && m->size == 2) return true;
  size_t room = m->beta * (m->size - 2 * rank + 1);
  bool even = m->size % 2 == 0;
  return room >= 3 && ((m->beta == 1 && even && m->size > 4 * rank) ||
                       (m->beta == 2 && even) || m->beta == 4);
}

/* Its levels from the least one on, for a projector of rank s <= N/2. */
static void block_init(matrix_block_t *b, const minima_matrix_t *m) {
  bool flipped = 2 * m->rank > m->size;
  *b = (matrix_block_t){.beta = m->beta, .size = m->size, .group = m->group,
                        .rank = flipped ? m->size - m->rank : m->rank,
                        .is_qubit = m->beta == 2 && m->size == 2,
                        .scale = fabs(m->weight) / (double)m->rank};
  bool negative = flipped != (m->weight < 0);
  b->levels = memory_get(m->size, sizeof *b->levels);
  size_t at = 0, last = m->num_levels - 1;
  b->num_levels = m->num_levels;
  b->ends = memory_get(m->num_levels, sizeof *b->ends);
  for (size_t i = 0; i <= last; i++) {
    size_t level = negative ? last - i : i;
    double above = fabs(m->levels[level] - m->levels[negative ? last : 0]);
    for (size_t k = 0; k < m->multiplicities[level]; k++) b->levels[at++] = above;
    b->ends[i] = at;
  }
  size_t rest = m->size - 2 * b->rank;
  b->turned = rest < 2 * b->rank ? rest : 2 * b->rank;
  double d = (double)(b->beta * (rest + 1));
  b->log_density = lgamma(d / 2) - lgamma((d - 1) / 2) - log(M_PI) / 2;
}

double matrix_hessian_freedom(const minima_matrix_t *m) {
  double n = (double)m->size, s = (double)m->rank;
  size_t left = m->rank, last = m->num_levels - 1;
  for (size_t i = 0; i <= last; i++) {
    size_t here = m->multiplicities[m->weight < 0 ? last - i : i];
    if (left <= here) /* `left` of `here` directions are free */
      return (double)m->beta * (s * (n - s) - (double)(left * (here - left)));
    left -= here;
  }
  return 0;
}

/* --- where the density of the gradient grows ------------------------------------------------ */

static size_t multiplicity(const matrix_block_t *b, size_t level) {
  return b->ends[level] - (level ? b->ends[level - 1] : 0);
}

/* The tilt to these levels of all blocks of the group. False: none is needed, as there
   are no minima near or the weights have a variance without it; or there is none. */
static bool set_tilt(tilt_t *out, const matrix_hessian_t *s, const gate_group_t *g) {
  double outside = 0, above = 0, p = (double)g->p;
  bool is_least = true;
  for (size_t b = 0; b < s->num_blocks; b++) {
    const matrix_block_t *block = s->blocks + b;
    if (block->group != g->group) continue;
    size_t level = out->level[b], here = multiplicity(block, level);
    if (here < block->rank) return false;
    double unit = (double)(block->beta * block->rank);
    outside += unit * (double)(block->size - here);
    above += unit * (double)(block->size - block->ends[level]);
    is_least = is_least && !level;
  }
  out->shape = (outside - p) / 2;
  if (!(out->shape > 0) || (!is_least && (p > above || 2 * p + 2 < outside))) return false;
  out->log_ratio = lgamma(outside / 2) - lgamma(out->shape);
  return true;
}

/* The next choice of levels, as one counts; false: that was the last one. */
static bool next_levels(tilt_t *t, const matrix_hessian_t *s, const gate_group_t *g) {
  for (size_t b = 0; b < s->num_blocks; b++) {
    if (s->blocks[b].group != g->group) continue;
    if (++t->level[b] < s->blocks[b].num_levels) return true;
    t->level[b] = 0;
  }
  return false;
}

/* False: minima at the least level cannot be sampled. */
static bool set_tilts(gate_group_t *g, const matrix_hessian_t *s, double freedom) {
  enum { CHOICES = 4096 };
  tilt_t next = {.shape = 0};
  bool at_least = false;
  size_t tried = 0;
  g->tilts = memory_get(MATRIX_HESSIAN_TILTS, sizeof *g->tilts);
  do {
    if (!set_tilt(&next, s, g)) continue;
    at_least = at_least || !tried;
    g->tilts[g->num_tilts++] = next;
  } while (g->num_tilts < MATRIX_HESSIAN_TILTS && ++tried < CHOICES &&
           next_levels(&next, s, g));
  return at_least || 2 * (double)g->p < freedom;
}

/* The gates by groups; false: there is no block for some gate, or see above. */
static bool set_groups(matrix_hessian_t *s, const minima_model_t *model) {
  bool ok = true;
  s->gates = memory_get(s->p, sizeof *s->gates);
  for (size_t j = 0; j < s->p; j++) {
    size_t g = 0;
    while (g < s->num_groups && s->gates[g].group != s->groups[j]) g++;
    s->gates[g].group = s->groups[j];
    s->gates[g].p++;
    s->num_groups += g == s->num_groups;
  }
  for (size_t g = 0; g < s->num_groups; g++) {
    double freedom = 0;
    for (size_t b = 0; b < s->num_blocks; b++)
      if (s->blocks[b].group == s->gates[g].group)
        freedom += matrix_hessian_freedom(model->matrices + b);
    ok = ok && freedom > 0 && (s->is_free || set_tilts(s->gates + g, s, freedom));
  }
  return ok;
}

bool matrix_hessian_init(matrix_hessian_t *out, const minima_model_t *model, bool is_free) {
  size_t p = model->num_parameters, n = model->num_matrices;
  if (!p || !n || n > MATRIX_HESSIAN_BLOCKS) return false;
  for (size_t b = 0; b < n; b++)
    if (!is_covered(model->matrices + b)) return false;
  *out = (matrix_hessian_t){.p = p, .num_blocks = n, .is_free = is_free};
  out->blocks = memory_get(n, sizeof *out->blocks);
  out->groups = memory_get(p, sizeof *out->groups);
  if (model->groups) memcpy(out->groups, model->groups, p * sizeof *out->groups);
  for (size_t b = 0; b < n; b++) {
    matrix_block_t *block = out->blocks + b;
    block_init(block, model->matrices + b);
    double mean = 0, least = 0;
    for (size_t i = 0; i < block->size; i++) mean += block->levels[i];
    for (size_t i = 0; i < block->rank; i++) least += block->levels[i];
    mean *= (double)block->rank / (double)block->size;
    out->least += block->scale * least;
    out->unit += block->scale * (mean - least);
    out->width += block->beta * block->size * block->rank;
  }
  if (set_groups(out, model)) return true;
  matrix_hessian_clear(out);
  return false;
}

void matrix_hessian_clear(matrix_hessian_t *s) {
  for (size_t b = 0; b < s->num_blocks; b++) {
    free(s->blocks[b].levels);
    free(s->blocks[b].ends);
  }
  for (size_t g = 0; g < s->num_groups; g++) free(s->gates[g].tilts);
  free(s->gates);
  free(s->blocks);
  free(s->groups);
}

static size_t length_of(const matrix_block_t *b) { return b->beta * b->size; }

/* Columns of (E F), or of (X and what J_0 X has besides). */
static size_t columns_of(const matrix_block_t *b) { return 2 * b->rank + b->turned; }

size_t matrix_hessian_gammas(const matrix_hessian_t *s) {
  size_t count = 0;
  for (size_t g = 0; g < s->num_groups; g++) count += s->gates[g].num_tilts;
  return count;
}

void matrix_hessian_shapes(double *shapes, const matrix_hessian_t *s) {
  for (size_t g = 0; g < s->num_groups; g++)
    for (size_t i = 0; i < s->gates[g].num_tilts; i++)
      *shapes++ = s->gates[g].tilts[i].shape;
}

/* First one of each group: which law Psi has. */
size_t matrix_hessian_normals(const matrix_hessian_t *s) {
  size_t count = s->num_groups;
  for (size_t b = 0; b < s->num_blocks; b++) {
    const matrix_block_t *block = s->blocks + b;
    count += block->rank * length_of(block);
    for (size_t j = 0; j < s->p; j++)
      if (s->groups[j] == block->group) count += columns_of(block) * length_of(block);
  }
  return count;
}

/* Vectors of all gates. Of a block: (E F); of the one at hand: X and J_0 X, two columns of J E. */
size_t matrix_hessian_room(const matrix_hessian_t *s) {
  size_t count = 2 * s->p * s->width, most = 0;
  for (size_t b = 0; b < s->num_blocks; b++) {
    size_t size = (columns_of(s->blocks + b) + s->blocks[b].rank + 1) *
                  length_of(s->blocks + b);
    count += size;
    if (size > most) most = size;
  }
  return count + 2 * most;
}

double matrix_hessian_operations(const matrix_hessian_t *s) {
  double p = (double)s->p, sum = p * p / 2 * (double)s->width;
  for (size_t b = 0; b < s->num_blocks; b++) {
    double columns = (double)columns_of(s->blocks + b), beta = (double)s->blocks[b].beta;
    double once = columns * columns * (double)length_of(s->blocks + b) * beta;
    for (size_t j = 0; j < s->p; j++)
      if (s->groups[j] == s->blocks[b].group) sum += 3 * once;
  }
  return sum;
}

/* --- vectors ----------------------------------------------------------------------------- */

typedef number_t numbers_t[4 * RANK];

/* v without its part along the columns of basis, of which found (NULL: no matter) gets
   the coefficients; returns what its length was then. */
static double take_out(double *v, const double *basis, size_t count, number_t *found,
                       const matrix_block_t *b) {
  size_t n = b->size, beta = b->beta, length = n * beta;
  for (size_t k = 0; k < count; k++) {
    number_t c = field_dot(basis + k * length, v, n, beta);
    field_add(v, basis + k * length, scaled(-1, c), n, beta);
    if (found) found[k] = c;
  }
  return sqrt(haar_hessian_dot(v, v, length));
}

static void scale_vector(double *v, double c, size_t length) {
  for (size_t i = 0; i < length; i++) v[i] *= c;
}

/* Columns from `from` to `to` of vectors become random ones, orthonormal to those before. */
static const double *draw_columns(double *vectors, size_t from, size_t to,
                                  const double *normals, const matrix_block_t *b) {
  size_t length = length_of(b);
  for (size_t k = from; k < to; k++, normals += length) {
    double *v = vectors + k * length;
    memcpy(v, normals, length * sizeof *v);
    scale_vector(v, 1 / take_out(v, vectors, k, NULL, b), length);
  }
  return normals;
}

/* A unit vector orthogonal to the first `count` columns, as the next one. */
static void complete(double *vectors, size_t count, const matrix_block_t *b) {
  size_t length = length_of(b), best = 0;
  double *v = vectors + count * length, most = -1;
  for (size_t i = 0; i <= b->size; i++) {
    memset(v, 0, length * sizeof *v);
    v[(i < b->size ? i : best) * b->beta] = 1;
    double left = take_out(v, vectors, count, NULL, b);
    if (i < b->size && left > most) {
      most = left;
      best = i;
    }
    if (i == b->size) scale_vector(v, 1 / left, length);
  }
}

/* out += sum over k of column k of vectors times c[k] */
static void combine(double *out, const double *vectors, const number_t *c, size_t count,
                    const matrix_block_t *b) {
  for (size_t k = 0; k < count; k++)
    field_add(out, vectors + k * length_of(b), c[k], b->size, b->beta);
}

static void apply_levels(double *v, const matrix_block_t *b) {
  for (size_t i = 0; i < b->size; i++)
    for (size_t k = 0; k < b->beta; k++) v[i * b->beta + k] *= b->levels[i];
}

/* out = J_0 v: turns by a quarter in the planes of two coordinates; diag(i, -i, ...); i. */
static void apply_structure(double *out, const double *v, const matrix_block_t *b) {
  size_t length = length_of(b);
  if (b->beta == 1) {
    for (size_t i = 0; i < length; i += 2) {
      out[i] = -v[i + 1];
      out[i + 1] = v[i];
    }
  } else if (b->beta == 2) {
    for (size_t i = 0; i < length; i += 2) {
      double sign = i % 4 ? -1 : 1;
      out[i] = -sign * v[i + 1];
      out[i + 1] = sign * v[i];
    }
  } else {
    number_t unit = {{0, 1, 0, 0}};
    for (size_t i = 0; i < length; i += 4) put(out + i, times(unit, get(v + i, 4)), 4);
  }
}

/* --- the state -------------------------------------------------------------------------- */

/* Column b of L and of T are l[b] and t[b]; the last row of T is the longest. */
typedef struct {
  double *e; /* (Psi Q F) */
  number_t l[RANK][RANK], t[RANK][RANK];
  double row; /* the length of the last row */
} frame_t;

static double row_length(const frame_t *f, size_t row, size_t rank) {
  double sum = 0;
  for (size_t b = 0; b < rank; b++) sum += norm2(f->t[b][row]);
  return sqrt(sum);
}

static void swap_rows(frame_t *f, size_t a, size_t b, const matrix_block_t *block) {
  size_t length = length_of(block), s = block->rank;
  double *x = f->e + (s + a) * length, *y = f->e + (s + b) * length;
  for (size_t i = 0; i < length && a != b; i++) {
    double kept = x[i];
    x[i] = y[i];
    y[i] = kept;
  }
  for (size_t k = 0; k < s; k++) {
    number_t kept = f->t[k][a];
    f->t[k][a] = f->t[k][b];
    f->t[k][b] = kept;
  }
}

/* From the Gaussian matrix that is in e; returns tr L. */
static double set_frame(frame_t *f, const matrix_block_t *b) {
  size_t s = b->rank, length = length_of(b), best = 0;
  double trace = 0, top = b->levels[b->size - 1];
  for (size_t k = 0; k < s; k++) {
    double *v = f->e + k * length;
    scale_vector(v, 1 / take_out(v, f->e, k, NULL, b), length);
  }
  memset(f->t, 0, sizeof f->t);
  for (size_t k = 0; k < s; k++) {
    numbers_t found;
    double *v = f->e + (s + k) * length;
    memcpy(v, f->e + k * length, length * sizeof *v);
    apply_levels(v, b);
    double left = take_out(v, f->e, s + k, found, b);
    for (size_t a = 0; a < s; a++) f->l[k][a] = found[a];
    for (size_t a = 0; a < k; a++) f->t[k][a] = found[s + a];
    f->t[k][k].x[0] = left;
    if (left > nothing * top) scale_vector(v, 1 / left, length);
    else complete(f->e, s + k, b);
    trace += f->l[k][k].x[0];
  }
  for (size_t a = 1; a < s; a++)
    if (row_length(f, a, s) > row_length(f, best, s)) best = a;
  swap_rows(f, best, s - 1, b);
  f->row = row_length(f, s - 1, s);
  return trace;
}

/* --- from which law it is ------------------------------------------------------------------- */

/* Squared length of the Gaussian matrix outside of a level. */
static double square_outside(const double *v, size_t level, const matrix_block_t *b) {
  size_t length = length_of(b), from = level ? b->ends[level - 1] * b->beta : 0;
  size_t to = b->ends[level] * b->beta;
  double sum = 0;
  for (size_t k = 0; k < b->rank; k++, v += length)
    sum += haar_hessian_dot(v, v, from) + haar_hessian_dot(v + to, v + to, length - to);
  return sum;
}

static void scale_outside(double *v, double c, size_t level, const matrix_block_t *b) {
  size_t length = length_of(b), from = level ? b->ends[level - 1] * b->beta : 0;
  size_t to = b->ends[level] * b->beta;
  for (size_t k = 0; k < b->rank; k++, v += length) {
    scale_vector(v, c, from);
    scale_vector(v + to, c, length - to);
  }
}

/* G of the tilt. */
static double half_square(const frame_t *frames, const tilt_t *t, const gate_group_t *g,
                          const matrix_hessian_t *s) {
  double sum = 0;
  for (size_t b = 0; b < s->num_blocks; b++)
    if (s->blocks[b].group == g->group)
      sum += square_outside(frames[b].e, t->level[b], s->blocks + b) / 2;
  return sum;
}

/* Tilts the Gaussian matrices, as a standard normal says; returns the log of the weight. */
static double tilt(frame_t *frames, const double *gammas, double normal,
                   const gate_group_t *g, const matrix_hessian_t *s) {
  double laws = (double)(g->num_tilts + 1), sum = 1, p = (double)g->p;
  size_t which = (size_t)(erfc(normal / sqrt(2)) / 2 * laws);
  if (which < g->num_tilts) {
    const tilt_t *t = g->tilts + which;
    double c = sqrt(gammas[which] / half_square(frames, t, g, s));
    for (size_t b = 0; b < s->num_blocks; b++)
      if (s->blocks[b].group == g->group)
        scale_outside(frames[b].e, c, t->level[b], s->blocks + b);
  }
  for (size_t i = 0; i < g->num_tilts; i++)
    sum += exp(g->tilts[i].log_ratio -
               p / 2 * log(half_square(frames, g->tilts + i, g, s)));
  return log(laws / sum);
}

/* --- one gate on one block ----------------------------------------------------------------- */

/* J E = (E F) times the columns image[k]. */
typedef struct {
  numbers_t image[2 * RANK];
  double log_density;
} gate_t;

/* The last column of X, where the gradient of this block is `goal`. */
static bool set_last_column(gate_t *g, double *x, double *spare, const double *normals,
                            double goal, const frame_t *f, const matrix_block_t *b) {
  size_t s = b->rank, length = length_of(b), last = 2 * s - 1;
  double *image = spare + length, *q = x + last * length;
  numbers_t row;
  memset(image, 0, length * sizeof *image);
  for (size_t k = 0; k < s; k++) row[k] = scaled(1 / f->row, conjugate(f->t[k][s - 1]));
  memset(spare, 0, length * sizeof *spare);
  combine(spare, x, row, s, b);
  apply_structure(image, spare, b);
  double left = take_out(image, x, last, NULL, b), unit = b->scale * f->row * left;
  double height = goal / unit, d = (double)(b->beta * (b->size - last));
  if (!(fabs(height) < 1)) return false;
  g->log_density += b->log_density + (d - 3) / 2 * log1p(-height * height) - log(unit);
  scale_vector(image, 1 / left, length);
  memcpy(q, normals, length * sizeof *q);
  take_out(q, x, last, NULL, b);
  double along = haar_hessian_dot(q, image, length);
  for (size_t i = 0; i < length; i++) q[i] -= along * image[i];
  double across = sqrt((1 - height * height) / haar_hessian_dot(q, q, length));
  for (size_t i = 0; i < length; i++) q[i] = height * image[i] + across * q[i];
  return true;
}

/* M and R from X. */
static void set_image(gate_t *g, double *x, const matrix_block_t *b) {
  size_t s = b->rank, length = length_of(b), count = 2 * s;
  memset(g->image, 0, sizeof g->image);
  for (size_t k = 0; k < 2 * s; k++) {
    double *v = x + count * length;
    apply_structure(v, x + k * length, b);
    double left = take_out(v, x, count, g->image[k], b);
    if (!(left > nothing) || count >= columns_of(b)) continue;
    scale_vector(v, 1 / left, length);
    g->image[k][count++].x[0] = left;
  }
}

/* The same on C^2, where the gradient of this block is `goal`. */
static bool set_qubit(gate_t *g, const double *normals, double goal, const frame_t *f,
                      const matrix_block_t *b) {
  double unit = b->scale * f->row, height = goal / unit;
  if (!(fabs(height) < 1)) return false;
  g->log_density -= log(2 * unit);
  double across = sqrt((1 - height * height) /
                       (normals[0] * normals[0] + normals[1] * normals[1]));
  double n = across * normals[0], m = across * normals[1];
  g->image[0][0] = (number_t){{0, n}};
  g->image[0][1] = (number_t){{height, m}};
  g->image[1][0] = (number_t){{-height, m}};
  g->image[1][1] = (number_t){{0, -n}};
  return true;
}

/* w/s Re tr(T* Q* J Psi) */
static double gradient_of(const gate_t *g, const frame_t *f, const matrix_block_t *b) {
  double sum = 0;
  for (size_t k = 0; k < b->rank; k++)
    for (size_t a = 0; a < b->rank; a++)
      for (size_t part = 0; part < 4; part++)
        sum += f->t[k][a].x[part] * g->image[k][b->rank + a].x[part];
  return b->scale * sum;
}

/* What the columns of X that are drawn so far leave of it: without the last row of T. */
static double gradient_so_far(double *x, double *spare, const frame_t *f,
                              const matrix_block_t *b) {
  size_t s = b->rank, length = length_of(b);
  double sum = 0;
  for (size_t k = 0; k < s; k++) {
    apply_structure(spare, x + k * length, b);
    for (size_t a = 0; a + 1 < s; a++) {
      number_t m = field_dot(x + (s + a) * length, spare, b->size, b->beta);
      for (size_t part = 0; part < 4; part++) sum += f->t[k][a].x[part] * m.x[part];
    }
  }
  return b->scale * sum;
}

/* y = J Psi, u = w/(2s) (O J Psi - t J O Psi); spare: a column, J Q. */
static void set_vectors(double *y, double *u, double *spare, const gate_t *g, double t,
                        const frame_t *f, const matrix_block_t *b) {
  size_t s = b->rank, length = length_of(b), columns = columns_of(b);
  memset(y, 0, s * length * sizeof *y);
  memset(spare, 0, s * length * sizeof *spare);
  for (size_t k = 0; k < s; k++) {
    combine(y + k * length, f->e, g->image[k], columns, b);
    combine(spare + k * length, f->e, g->image[s + k], columns, b);
  }
  for (size_t k = 0; k < s; k++) {
    double *v = spare + s * length, *to = u + k * length;
    memset(v, 0, length * sizeof *v);
    combine(v, y, f->l[k], s, b);
    combine(v, spare, f->t[k], s, b);
    memcpy(to, y + k * length, length * sizeof *to);
    apply_levels(to, b);
    for (size_t i = 0; i < length; i++) to[i] = b->scale / 2 * (to[i] - t * v[i]);
  }
}

/* --- the whole ---------------------------------------------------------------------------- */

typedef struct {
  const matrix_hessian_t *s;
  frame_t frames[MATRIX_HESSIAN_BLOCKS];
  double *y, *u, *x, *spare; /* of all gates; of one block */
  double t;
} maker_t;

/* Block of the gate where the gradient is made to vanish. */
static size_t pivot_of(const maker_t *m, size_t group) {
  size_t best = m->s->num_blocks;
  double most = -1;
  for (size_t b = 0; b < m->s->num_blocks; b++) {
    double here = m->s->blocks[b].scale * m->frames[b].row;
    if (m->s->blocks[b].group != group || !(here > most)) continue;
    most = here;
    best = b;
  }
  return best;
}

/* normals: of this gate and block. goal: NULL, or what its gradient shall be. */
static bool act(maker_t *m, size_t gate, size_t at, size_t b, const double *normals,
                double *gradient, const double *goal, double *log_density) {
  const matrix_block_t *block = m->s->blocks + b;
  frame_t *f = m->frames + b;
  size_t s = block->rank, length = length_of(block);
  gate_t g = {.log_density = 0};
  const double *rest = normals + 2 * s * length;
  bool ok = true;
  if (goal && block->is_qubit) {
    ok = set_qubit(&g, normals, *goal, f, block);
  } else {
    draw_columns(m->x, 0, 2 * s - (goal ? 1 : 0), normals, block);
    if (goal)
      ok = set_last_column(&g, m->x, m->spare, rest - length,
                           *goal - gradient_so_far(m->x, m->spare, f, block), f, block);
    if (ok) set_image(&g, m->x, block);
  }
  if (!ok) return false;
  draw_columns(f->e, 2 * s, columns_of(block), rest, block);
  if (!goal) *gradient += gradient_of(&g, f, block);
  *log_density += g.log_density;
  set_vectors(m->y + gate * m->s->width + at, m->u + gate * m->s->width + at, m->spare, &g,
              m->t, f, block);
  return true;
}

/* All blocks of one gate, the pivot last; normals are moved on. */
static bool make_gate(maker_t *m, size_t gate, const double **normals, double *log_density) {
  const matrix_hessian_t *s = m->s;
  size_t group = s->groups[gate], pivot = s->is_free ? SIZE_MAX : pivot_of(m, group);
  size_t at = 0, pivot_at = 0;
  const double *pivot_normals = NULL;
  double gradient = 0;
  bool ok = true;
  for (size_t b = 0; b < s->num_blocks; b++) {
    const matrix_block_t *block = s->blocks + b;
    size_t size = block->rank * length_of(block);
    if (block->group != group) {
      memset(m->y + gate * s->width + at, 0, size * sizeof *m->y);
      memset(m->u + gate * s->width + at, 0, size * sizeof *m->u);
    } else {
      if (b == pivot) {
        pivot_at = at;
        pivot_normals = *normals;
      } else {
        ok = ok && act(m, gate, at, b, *normals, &gradient, NULL, log_density);
      }
      *normals += columns_of(block) * length_of(block);
    }
    at += size;
  }
  double goal = -gradient;
  *log_density += log(s->unit);
  return ok && (!pivot_normals ||
                act(m, gate, pivot_at, pivot, pivot_normals, NULL, &goal, log_density));
}

double matrix_hessian_make(double *h, double *log_density, double *room,
                           const double *gammas, const double *normals, double t,
                           const matrix_hessian_t *s) {
  maker_t m = {.s = s, .y = room, .u = room + s->p * s->width, .t = t};
  double sum = -s->least;
  bool ok = true;
  size_t most = 0;
  const double *which = normals;
  room += 2 * s->p * s->width;
  normals += s->num_groups;
  for (size_t b = 0; b < s->num_blocks; b++) {
    size_t columns = columns_of(s->blocks + b) + s->blocks[b].rank + 1;
    size_t size = columns * length_of(s->blocks + b);
    size_t given = s->blocks[b].rank * length_of(s->blocks + b);
    m.frames[b].e = memcpy(room, normals, given * sizeof *room);
    normals += given;
    room += size;
    if (size > most) most = size;
  }
  m.x = room;
  m.spare = room + most;
  *log_density = 0;
  for (size_t g = 0; g < s->num_groups; gammas += s->gates[g++].num_tilts)
    *log_density += tilt(m.frames, gammas, which[g], s->gates + g, s);
  for (size_t b = 0; b < s->num_blocks; b++)
    sum += s->blocks[b].scale * set_frame(m.frames + b, s->blocks + b);
  for (size_t j = 0; j < s->p && ok; j++) ok = make_gate(&m, j, &normals, log_density);
  if (!ok) *log_density = -INFINITY;
  for (size_t j = 0; j < s->p && ok; j++)
    for (size_t i = 0; i <= j; i++)
      h[j * s->p + i] = haar_hessian_dot(m.u + j * s->width, m.y + i * s->width, s->width) /
                        s->unit;
  return sum / s->unit;
}
