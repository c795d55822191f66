#include "numeric/sample/second_moments.h"

#include <complex.h>

#include <assert.h>
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/blas_threads.h"
#include "numeric/machine/memory.h"

/* LAPACK, as OpenBLAS holds it. */
void zheev_(const char *job, const char *triangle, const int *n,
            double complex *a, const int *lda, double *eigenvalues,
            double complex *work, const int *length, double *real_work,
            int *info);

static const double max_operations = 5e9;
/* A step is rounding when it is so small, to the vector at the start. */
static const double rounding = 1e-12;

/* Gates with one generator: those of one drive, or one gate of any. */
typedef struct {
  size_t num_gates;
  const program_gate_t **gates;
  double complex *basis;  /* column k: eigenvector k */
  double complex *factor; /* of the element (i, k, j, l) */
} block_t;

typedef struct {
  const program_t *program;
  size_t size; /* 2^n */
  size_t num_blocks;
  block_t *blocks;
} blocks_t;

static void blocks_clear(blocks_t *b) {
  for (size_t i = 0; i < b->num_blocks; i++) {
    free(b->blocks[i].gates);
    free(b->blocks[i].basis);
    free(b->blocks[i].factor);
  }
  free(b->blocks);
}

/* --- which gates belong together ------------------------------------------------- */

static bool gates_commute(const program_t *p, const program_gate_t *a,
                          const program_gate_t *b) {
  if (a->sum != PROGRAM_NONE || b->sum != PROGRAM_NONE) return false;
  return !pauli_anticommute(program_string(p, a), program_string(p, b),
                            p->num_words);
}

static bool commutes_with(const program_t *p, const program_gate_t *gate,
                          const block_t *block) {
  for (size_t g = 0; g < block->num_gates; g++)
    if (!gates_commute(p, gate, block->gates[g])) return false;
  return true;
}

static void block_add(block_t *block, const program_gate_t *gate) {
  block->gates = memory_resize(block->gates, block->num_gates + 1,
                               sizeof *block->gates);
  block->gates[block->num_gates++] = gate;
}

static block_t *new_block(blocks_t *b) {
  b->blocks = memory_resize(b->blocks, b->num_blocks + 1, sizeof *b->blocks);
  b->blocks[b->num_blocks] = (block_t){.num_gates = 0};
  return b->blocks + b->num_blocks++;
}

/* Does a term of the block have the drive? */
static bool drives(const block_t *block, size_t drive) {
  for (size_t g = 0; g < block->num_gates; g++)
    for (size_t t = 0; t < block->gates[g]->num_terms; t++)
      if (block->gates[g]->terms[t].drive == drive) return true;
  return false;
}

/* Joins the gate to the block of its drive, one of those before it. */
static bool join(blocks_t *b, size_t at, const program_gate_t *gate) {
  block_t *block = b->blocks + at;
  bool forth = gate->num_terms == 1 && gate->fixed == 0 &&
               block->gates[0]->num_terms == 1 && block->gates[0]->fixed == 0 &&
               commutes_with(b->program, gate, block);
  bool back = forth;
  for (size_t i = at + 1; i < b->num_blocks; i++) {
    forth = forth && commutes_with(b->program, gate, b->blocks + i);
    for (size_t g = 0; g < block->num_gates; g++)
      back = back && commutes_with(b->program, block->gates[g], b->blocks + i);
  }
  if (!forth && !back) return false;
  block_add(block, gate);
  if (forth) return true;
  block_t moved = *block;
  memmove(block, block + 1, (b->num_blocks - at - 1) * sizeof *block);
  b->blocks[b->num_blocks - 1] = moved;
  return true;
}

/* In the order of the list. */
static bool collect(blocks_t *b, const gate_list_t *list) {
  for (size_t g = 0; g < list->num_gates; g++) {
    const program_gate_t *gate = list->gates + g;
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < b->num_blocks; i++)
      for (size_t t = 0; t < gate->num_terms; t++)
        if (drives(b->blocks + i, gate->terms[t].drive)) at = i;
    if (at == SIZE_MAX) block_add(new_block(b), gate);
    else if (!join(b, at, gate)) return false;
  }
  return true;
}

/* --- their matrices ---------------------------------------------------------------- */

/* matrix[a * size + b] += c <a|P|b>. */
static void add_string(double complex *matrix, size_t size, uint64_t x, uint64_t z,
                       double c) {
  static const double complex phases[4] = {1, I, -1, -I};
  double complex phase = c * phases[__builtin_popcountll(x & z) & 3];
  for (size_t b = 0; b < size; b++)
    matrix[(b ^ x) * size + b] += __builtin_parityll(z & b) ? -phase : phase;
}

static void add_sum(double complex *matrix, size_t size, const double_sum_t *sum,
                    double c) {
  for (size_t t = 0; t < sum->length; t++)
    add_string(matrix, size, sum->x[t], sum->z[t], c * sum->coeffs[t]);
}

/* E exp(i theta w), theta uniform in [0, window). */
static double complex average(double w, double window) {
  double angle = w * window;
  if (fabs(angle) < 1e-9) return 1;
  return (cexp(I * angle) - 1) / (I * angle);
}

/* Of the frequency w of the generator that was diagonalised. */
static double complex factor_of(const blocks_t *b, const block_t *block, double w) {
  const program_gate_t *gate = block->gates[0];
  if (block->num_gates > 1)
    return average(w, b->program->windows[gate->terms[0].drive]);
  double complex out = cexp(I * w * gate->fixed);
  for (size_t t = 0; t < gate->num_terms; t++)
    out *= average(w * gate->terms[t].coeff,
                   b->program->windows[gate->terms[t].drive]);
  return out;
}

static void block_prepare(const blocks_t *b, block_t *block) {
  size_t n = b->size;
  int size = (int)n, length = 66 * size, info;
  double *levels = memory_get(n, sizeof *levels);
  double *real_work = memory_get(3 * n, sizeof *real_work);
  double complex *work = memory_get((size_t)length, sizeof *work);
  double complex *h = memory_get(n * n, sizeof *h);
  for (size_t g = 0; g < block->num_gates; g++) {
    const program_gate_t *gate = block->gates[g];
    double c = block->num_gates > 1 ? gate->terms[0].coeff : 1;
    if (gate->sum == PROGRAM_NONE) add_string(h, n, gate->x, gate->z, c / 2);
    else add_sum(h, n, b->program->sums + gate->sum, c);
  }
  /* Row-major for us is column-major of the transpose, the conjugate. */
  for (size_t i = 0; i < n * n; i++) h[i] = conj(h[i]);
  blas_need();
  zheev_("V", "U", &size, h, &size, levels, work, &length, real_work, &info);
  assert(info == 0);
  block->basis = memory_get(n * n, sizeof *block->basis);
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < n; i++) block->basis[i * n + k] = h[k * n + i];
  block->factor = memory_get(n * n * n * n, sizeof *block->factor);
  for (size_t at = 0; at < n * n * n * n; at++) {
    double i = levels[at / (n * n * n)], k = levels[at / (n * n) % n];
    double j = levels[at / n % n], l = levels[at % n];
    block->factor[at] = factor_of(b, block, i - k + j - l);
  }
  free(levels);
  free(real_work);
  free(work);
  free(h);
}

/* --- vectors of size^4 components ---------------------------------------------------- */

typedef struct {
  const blocks_t *layer, *closing;
  size_t size, length;
  double complex *v, *other, *before, *change;
} walk_t;

/* v_(ikjl) <- sum A_(ia) conj A_(kb) A_(jc) conj A_(ld) v_(abcd), one index after
   the other, the first becoming the last each time. */
static void transform(walk_t *w, const double complex *a) {
  static const double complex one = 1, zero = 0;
  int n = (int)w->size, rest = n * n * n;
  for (int index = 0; index < 4; index++) {
    for (int i = 0; i < n * n; i++) w->change[i] = index % 2 ? conj(a[i]) : a[i];
    cblas_zgemm(CblasRowMajor, CblasTrans, CblasTrans, rest, n, n, &one, w->v, rest,
                w->change, n, &zero, w->other, n);
    double complex *swap = w->v;
    w->v = w->other;
    w->other = swap;
  }
}

/* From the components in one basis to those in the other; NULL: the standard one. */
static void change_basis(walk_t *w, const double complex *from,
                         const double complex *to) {
  size_t n = w->size;
  double complex *a = memory_get(n * n, sizeof *a);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      for (size_t m = 0; m < n; m++) {
        double complex x = to ? conj(to[m * n + i]) : m == i;
        double complex y = from ? from[m * n + k] : m == k;
        a[i * n + k] += x * y;
      }
  transform(w, a);
  free(a);
}

/* The blocks, last first, beginning and ending in the basis of the last. */
static void pass(walk_t *w, const blocks_t *b) {
  for (size_t i = b->num_blocks; i-- > 0;) {
    const block_t *block = b->blocks + i;
    const block_t *next = b->blocks + (i ? i - 1 : b->num_blocks - 1);
    for (size_t at = 0; at < w->length; at++) w->v[at] *= block->factor[at];
    if (next != block) change_basis(w, block->basis, next->basis);
  }
}

static const double complex *last_basis(const blocks_t *b) {
  return b->num_blocks ? b->blocks[b->num_blocks - 1].basis : NULL;
}

/* O (x) O, seen through the closing gates. */
static void begin(walk_t *w, const double_sum_t *sum) {
  size_t n = w->size;
  double complex *o = memory_get(n * n, sizeof *o);
  add_sum(o, n, sum, 1);
  for (size_t at = 0; at < w->length; at++)
    w->v[at] = o[at / (n * n)] * o[at % (n * n)];
  free(o);
  change_basis(w, NULL, last_basis(w->closing));
  pass(w, w->closing);
  change_basis(w, last_basis(w->closing), last_basis(w->layer));
}

static double norm(const double complex *v, size_t length) {
  return cblas_dznrm2((int)length, v, 1);
}

/* Layers from the lengths of the steps 1 .. count; see the header. */
static double layers_of(const double *steps, size_t count, double goal,
                        bool ended) {
  double left = 0, ratio = 0;
  size_t back = count / 4 ? count / 4 : 1;
  if (!ended && count > back && steps[count - 1 - back] > 0)
    ratio = pow(steps[count - 1] / steps[count - 1 - back], 1 / (double)back);
  if (!ended) {
    if (!(ratio < 1 - 1e-9)) return INFINITY;
    left = steps[count - 1] * ratio / (1 - ratio);
    if (left > goal) return (double)count + log(goal / left) / log(ratio);
  }
  size_t at = count;
  while (at > 0 && left + steps[at - 1] <= goal) left += steps[--at];
  return at ? (double)at : 1;
}

static double mixing(walk_t *w, const double_sum_t *sum, double relative,
                     double room) {
  size_t count = 0, alloc = 64;
  double *steps = memory_get(alloc, sizeof *steps), n = (double)w->size;
  double each = (double)w->layer->num_blocks * 40 * pow(n, 5) + 1;
  bool ended = false;
  begin(w, sum);
  double start = norm(w->v, w->length);
  while (!ended && ((double)count * each < room || count < 8)) {
    if (count == alloc)
      steps = memory_resize(steps, alloc *= 2, sizeof *steps);
    memcpy(w->before, w->v, w->length * sizeof *w->v);
    pass(w, w->layer);
    for (size_t i = 0; i < w->length; i++) w->before[i] -= w->v[i];
    steps[count++] = norm(w->before, w->length);
    ended = steps[count - 1] <= rounding * start;
  }
  double out = layers_of(steps, count, relative * norm(w->v, w->length), ended);
  free(steps);
  return out;
}

static double complex *vector(size_t length) {
  return memory_get(length, sizeof(double complex));
}

static double worst_mixing(const sampler_t *s, const blocks_t *layer,
                           const blocks_t *closing, double relative) {
  size_t n = layer->size, length = n * n * n * n;
  walk_t w = {layer, closing, n, length, vector(length), vector(length),
              vector(length), vector(n * n)};
  double worst = 1, room = max_operations / (double)s->ansatz->num_observables;
  bool *done = memory_get(s->ansatz->num_observables, sizeof *done);
  for (size_t p = 0; p < s->num_pairs; p++) {
    size_t o = s->pairs[p].observable;
    if (!done[o]) worst = fmax(worst, mixing(&w, s->observables + o, relative, room));
    done[o] = true;
  }
  free(done);
  free(w.v);
  free(w.other);
  free(w.before);
  free(w.change);
  return worst;
}

static bool prepare(blocks_t *b, const program_t *program, const gate_list_t *list) {
  *b = (blocks_t){.program = program, .size = (size_t)1 << program->num_qubits};
  bool fine = collect(b, list);
  for (size_t i = 0; fine && i < b->num_blocks; i++) block_prepare(b, b->blocks + i);
  return fine;
}

bool second_moments_layers(double *layers, const sampler_t *s, double relative) {
  const program_t *program = s->program;
  blocks_t layer, closing;
  if (program->num_qubits > SECOND_MOMENTS_QUBITS) return false;
  bool fine = prepare(&layer, program, &program->layer);
  bool closes = prepare(&closing, program, &program->closing);
  fine = fine && closes && layer.num_blocks;
  if (fine) *layers = worst_mixing(s, &layer, &closing, relative);
  blocks_clear(&layer);
  blocks_clear(&closing);
  return fine;
}
