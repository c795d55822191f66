#include "numeric/judge/commutant.h"

#include "algebra/base/text.h"
#include "numeric/judge/dimension.h"

#include <complex.h>

#include <assert.h>
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

/* Eigenvalues below the first, to the greatest, are zero; above the second they are
   not; between them nothing is known. */
static const double zero = 1e-12, apart = 1e-9;
static const double max_operations = 1e9;

typedef struct {
  size_t num_qubits, size; /* 4^n */
  size_t num_generators;
  double *coeffs; /* [generator * size + string]; string is x << n | z */
} generators_t;

static size_t string_index(const generators_t *g, uint64_t x, uint64_t z) {
  return (size_t)(x << g->num_qubits | z);
}

/* Gates of a drive commute, or they would not have one drive. */
static bool generators_init(generators_t *g, const program_t *p) {
  size_t n = p->num_qubits;
  *g = (generators_t){.num_qubits = n, .num_generators = p->num_drives};
  if (n > COMMUTANT_QUBITS || !p->reduced || !p->num_drives) return false;
  g->size = (size_t)1 << 2 * n;
  g->coeffs = memory_get(g->num_generators * g->size, sizeof *g->coeffs);
  for (size_t i = 0; i < p->layer.num_gates; i++) {
    const program_gate_t *gate = p->layer.gates + i;
    for (size_t t = 0; t < gate->num_terms; t++) {
      double *h = g->coeffs + gate->terms[t].drive * g->size;
      double c = gate->terms[t].coeff;
      if (gate->sum == PROGRAM_NONE) {
        h[string_index(g, gate->x, gate->z)] += c / 2;
        continue;
      }
      const double_sum_t *sum = p->sums + gate->sum;
      for (size_t k = 0; k < sum->length; k++)
        if (sum->x[k] | sum->z[k])
          h[string_index(g, sum->x[k], sum->z[k])] += c * sum->coeffs[k];
    }
  }
  return (double)g->num_generators * pow((double)g->size, 3) < max_operations;
}

/* P Q = i^e [PQ], strings being i^|x&z| X^x Z^z. */
static unsigned product_phase(const generators_t *g, size_t p, size_t q) {
  size_t n = g->num_qubits, low = ((size_t)1 << n) - 1, r = p ^ q;
  unsigned e = (unsigned)__builtin_popcountll((p >> n) & p & low) +
               (unsigned)__builtin_popcountll((q >> n) & q & low) + 64 -
               (unsigned)__builtin_popcountll((r >> n) & r & low);
  return (e + 2 * (unsigned)__builtin_parityll(p & low & q >> n)) & 3;
}

static bool is_symmetric(const generators_t *g, size_t p) {
  size_t n = g->num_qubits, low = ((size_t)1 << n) - 1;
  return !__builtin_parityll((p >> n) & p & low);
}

typedef enum { COMMUTATOR, FORM } map_t;

/* Coefficient of [PQ] in the image of P for the generator Q. */
static double complex entry(const generators_t *g, map_t map, size_t q, size_t p) {
  static const double complex phases[4] = {1, I, -1, -I};
  double complex pq = phases[product_phase(g, p, q)];
  double complex qp = phases[product_phase(g, q, p)];
  if (map == COMMUTATOR) return I * (qp - pq);
  return (is_symmetric(g, q) ? qp : -qp) + pq;
}

/* sum over generators of L^+ L on the strings listed. */
static double complex *make_matrix(const generators_t *g, map_t map,
                                   const size_t *strings, size_t count) {
  double complex *m = memory_get(count * count + 1, sizeof *m);
  double complex *image = memory_get(count * g->size, sizeof *image);
  for (size_t d = 0; d < g->num_generators; d++) {
    const double *h = g->coeffs + d * g->size;
    memset(image, 0, count * g->size * sizeof *image);
    for (size_t q = 0; q < g->size; q++)
      for (size_t i = 0; h[q] != 0 && i < count; i++)
        image[i * g->size + (strings[i] ^ q)] += h[q] * entry(g, map, q, strings[i]);
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; j <= i; j++) {
        double complex sum = 0;
        for (size_t r = 0; r < g->size; r++)
          sum += conj(image[i * g->size + r]) * image[j * g->size + r];
        m[i * count + j] += sum;
        if (i != j) m[j * count + i] += conj(sum);
      }
  }
  free(image);
  return m;
}

/* The dimension of the kernel; vectors, when wanted, become rows of *matrix. False:
   not decided. */
static bool kernel(size_t *dimension, double complex *matrix, size_t count,
                   bool vectors) {
  int n = (int)count, length = 66 * n + 1, info;
  double *levels = memory_get(count + 1, sizeof *levels);
  double *real_work = memory_get(3 * count + 1, sizeof *real_work);
  double complex *work = memory_get((size_t)length, sizeof *work);
  *dimension = 0;
  if (count) {
    blas_need();
    zheev_(vectors ? "V" : "N", "U", &n, matrix, &n, levels, work, &length,
           real_work, &info);
    assert(info == 0);
  }
  double most = count ? levels[count - 1] : 0;
  bool decided = true;
  for (size_t i = 0; i < count; i++) {
    if (levels[i] <= zero * most) ++*dimension;
    else decided = decided && levels[i] > apart * most;
  }
  free(levels);
  free(real_work);
  free(work);
  return decided;
}

/* Rank of the projections of the generators to the kernel, whose basis is in the first
   rows of `basis`, in units of their own norms. */
static bool projected_rank(size_t *rank, const generators_t *g,
                           const double complex *basis, size_t dimension) {
  size_t count = g->num_generators;
  double complex *parts = memory_get(count * dimension + 1, sizeof *parts);
  double complex *gram = memory_get(count * count + 1, sizeof *gram);
  for (size_t d = 0; d < count; d++) {
    const double *h = g->coeffs + d * g->size;
    double norm = 0;
    for (size_t p = 0; p < g->size; p++) norm += h[p] * h[p];
    for (size_t k = 0; k < dimension && norm > 0; k++)
      for (size_t p = 0; p < g->size; p++)
        parts[d * dimension + k] += conj(basis[k * g->size + p]) * h[p] / sqrt(norm);
  }
  for (size_t a = 0; a < count; a++)
    for (size_t b = 0; b < count; b++)
      for (size_t k = 0; k < dimension; k++)
        gram[a * count + b] +=
            conj(parts[a * dimension + k]) * parts[b * dimension + k];
  /* Kernel of (gram + its rounding): an identity makes the scale that of 1. */
  double complex *padded = memory_get((count + 1) * (count + 1), sizeof *padded);
  for (size_t a = 0; a < count; a++)
    memcpy(padded + a * (count + 1), gram + a * count, count * sizeof *gram);
  padded[(count + 1) * (count + 1) - 1] = (double)count + 1;
  size_t nullity;
  bool decided = kernel(&nullity, padded, count + 1, false);
  *rank = count - nullity;
  free(padded);
  free(gram);
  free(parts);
  return decided;
}

static void add(verify_report_t report, const checks_input_t *in, const char *name,
                double claim, double measured) {
  verify_check_t *check =
      checks_append(report, in, SIZE_MAX, text_print("%s", name));
  check->predicted = claim;
  check->measured = measured;
  check->notices = 1;
  check->p_value = claim == measured ? 1 : 0;
}

/* Strings of one symmetry under transposition, or all (-1). */
static size_t *list_strings(size_t *count, const generators_t *g, int symmetric) {
  size_t *list = memory_get(g->size, sizeof *list);
  *count = 0;
  for (size_t p = 0; p < g->size; p++)
    if (symmetric < 0 || is_symmetric(g, p) == symmetric) list[(*count)++] = p;
  return list;
}

static void check_commutant(verify_report_t report, const checks_input_t *in,
                            const generators_t *g) {
  const verify_claims_struct *c = in->claims;
  size_t count, dimension, rank;
  size_t *all = list_strings(&count, g, -1);
  double complex *m = make_matrix(g, COMMUTATOR, all, count);
  if (kernel(&dimension, m, count, true)) {
    if (!isnan(c->commutant))
      add(report, in, "sectors: commutant", c->commutant,
          (double)dimension);
    if (!isnan(c->center) && !dimension_has_identity(in->ansatz) &&
        projected_rank(&rank, g, m, dimension))
      add(report, in, "dimension of the centre", c->center, (double)rank);
  }
  free(m);
  free(all);
}

static void check_forms(verify_report_t report, const checks_input_t *in,
                        const generators_t *g) {
  double difference = 0;
  bool decided = true;
  for (int symmetric = 0; symmetric < 2 && decided; symmetric++) {
    size_t count, dimension;
    size_t *strings = list_strings(&count, g, symmetric);
    double complex *m = make_matrix(g, FORM, strings, count);
    decided = kernel(&dimension, m, count, false);
    difference += symmetric ? (double)dimension : -(double)dimension;
    free(m);
    free(strings);
  }
  if (decided)
    add(report, in, "sectors: fields", in->claims->forms, difference);
}

void commutant_checks(verify_report_t report, const checks_input_t *in) {
  const verify_claims_struct *c = in->claims;
  generators_t g;
  if (isnan(c->center) && isnan(c->commutant) && isnan(c->forms)) return;
  if (!generators_init(&g, in->sampler->program)) {
    free(g.coeffs);
    return;
  }
  if (!isnan(c->center) || !isnan(c->commutant)) check_commutant(report, in, &g);
  if (!isnan(c->forms) && !dimension_has_identity(in->ansatz)) check_forms(report, in, &g);
  free(g.coeffs);
}
