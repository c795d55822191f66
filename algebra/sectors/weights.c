#include "algebra/sectors/weights.h"

#include <flint/fmpq_mat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"

enum { MAX_RANK = 64 };

/* --- Cartan matrices ------------------------------------------------------------ */

static bool type_exists(char letter, size_t rank) {
  switch (letter) {
    case 'A': return rank >= 1 && rank <= MAX_RANK;
    case 'B':
    case 'C': return rank >= 2 && rank <= MAX_RANK;
    case 'D': return rank >= 3 && rank <= MAX_RANK;
    case 'E': return rank >= 6 && rank <= 8;
    case 'F': return rank == 4;
    case 'G': return rank == 2;
    default: return false;
  }
}

/* cartan[i][j] = 2 (a_i, a_j) / (a_j, a_j); an edge with the norms at its ends. */
static void set_edge(int *cartan, size_t rank, size_t i, size_t j, int ij, int ji) {
  cartan[i * rank + j] = ij;
  cartan[j * rank + i] = ji;
}

static void set_cartan(int *cartan, unsigned *half_norm, char letter,
                       size_t rank) {
  for (size_t i = 0; i < rank; i++) {
    cartan[i * rank + i] = 2;
    half_norm[i] = 1;
  }
  if (letter == 'E') { /* 1-3-4-5-6-7-8, 2 at 4 */
    set_edge(cartan, rank, 0, 2, -1, -1);
    set_edge(cartan, rank, 1, 3, -1, -1);
    for (size_t i = 2; i + 1 < rank; i++) set_edge(cartan, rank, i, i + 1, -1, -1);
    return;
  }
  for (size_t i = 0; i + 1 < rank; i++)
    if (!(letter == 'D' && i + 2 == rank)) set_edge(cartan, rank, i, i + 1, -1, -1);
  switch (letter) {
    case 'B': /* last root short */
      for (size_t i = 0; i + 1 < rank; i++) half_norm[i] = 2;
      set_edge(cartan, rank, rank - 2, rank - 1, -2, -1);
      break;
    case 'C': /* last root long */
      half_norm[rank - 1] = 2;
      set_edge(cartan, rank, rank - 2, rank - 1, -1, -2);
      break;
    case 'D': set_edge(cartan, rank, rank - 3, rank - 1, -1, -1); break;
    case 'F':
      half_norm[0] = half_norm[1] = 2;
      set_edge(cartan, rank, 1, 2, -2, -1);
      break;
    case 'G': /* first root short */
      half_norm[1] = 3;
      set_edge(cartan, rank, 0, 1, -1, -3);
      break;
    default: break;
  }
}

/* Positive roots by height: b + a_i is a root iff the a_i-string through b goes
   on, <b, a_i> < (steps back). */
static void find_roots(root_system_t s, const int *cartan) {
  size_t rank = s->rank, alloc = 2 * rank * rank + 240, width = rank;
  s->roots = flint_calloc(alloc * width + 1, sizeof *s->roots);
  for (size_t i = 0; i < rank; i++) s->roots[s->num_roots++ * width + i] = 1;
  unsigned *next = flint_malloc((rank + 1) * sizeof *next);
  for (size_t k = 0; k < s->num_roots; k++)
    for (size_t i = 0; i < rank; i++) {
      const unsigned *root = s->roots + k * width;
      int pairing = 0, back = 0;
      for (size_t j = 0; j < rank; j++)
        pairing += (int)root[j] * cartan[j * rank + i];
      memcpy(next, root, rank * sizeof *next);
      for (bool found = true; found && next[i] > 0;) {
        next[i]--;
        found = false;
        for (size_t l = 0; l < k && !found; l++)
          found = !memcmp(s->roots + l * width, next, rank * sizeof *next);
        back += found;
      }
      if (back - pairing <= 0) continue;
      memcpy(next, root, rank * sizeof *next);
      next[i]++;
      bool known = false;
      for (size_t l = 0; l < s->num_roots && !known; l++)
        known = !memcmp(s->roots + l * width, next, rank * sizeof *next);
      if (!known && s->num_roots < alloc)
        memcpy(s->roots + s->num_roots++ * width, next, rank * sizeof *next);
    }
  flint_free(next);
}

/* (l, l + 2 rho). */
static void casimir(fmpq_t out, const unsigned *labels, const root_system_t s) {
  fmpq_t t;
  fmpq_init(t);
  fmpq_zero(out);
  for (size_t i = 0; i < s->rank; i++)
    for (size_t j = 0; j < s->rank && labels[i]; j++) {
      /* w_i = sum_j inverse_ij a_j, (a_j, m) = half_norm_j m_j */
      fmpq_set(t, s->inverse + i * s->rank + j);
      fmpz_mul_ui(fmpq_numref(t), fmpq_numref(t),
                  (ulong)labels[i] * s->half_norm[j] * (labels[j] + 2));
      fmpq_canonicalise(t);
      fmpq_add(out, out, t);
    }
  fmpq_clear(t);
}

bool root_system_init(root_system_t s, char letter, size_t rank) {
  if (!type_exists(letter, rank)) return false;
  *s = (root_system_struct){.letter = letter, .rank = rank};
  int *cartan = flint_calloc(rank * rank + 1, sizeof *cartan);
  s->half_norm = flint_malloc((rank + 1) * sizeof *s->half_norm);
  s->inverse = flint_malloc((rank * rank + 1) * sizeof *s->inverse);
  set_cartan(cartan, s->half_norm, letter, rank);
  find_roots(s, cartan);
  fmpq_mat_t a; /* a_i = sum_j cartan_ij w_j */
  fmpq_mat_init(a, (slong)rank, (slong)rank);
  for (size_t i = 0; i < rank; i++)
    for (size_t j = 0; j < rank; j++)
      fmpq_set_si(fmpq_mat_entry(a, (slong)i, (slong)j), cartan[i * rank + j],
                  1);
  fmpq_mat_inv(a, a);
  for (size_t i = 0; i < rank; i++)
    for (size_t j = 0; j < rank; j++) {
      fmpq_init(s->inverse + i * rank + j);
      fmpq_set(s->inverse + i * rank + j,
               fmpq_mat_entry(a, (slong)i, (slong)j));
    }
  fmpq_mat_clear(a);
  /* theta is the last root found: the only one of greatest height. */
  unsigned *theta = flint_calloc(rank + 1, sizeof *theta);
  const unsigned *top = s->roots + (s->num_roots - 1) * rank;
  for (size_t j = 0; j < rank; j++) {
    int label = 0;
    for (size_t i = 0; i < rank; i++)
      label += (int)top[i] * cartan[i * rank + j];
    theta[j] = (unsigned)label;
  }
  fmpq_init(s->adjoint);
  casimir(s->adjoint, theta, s);
  flint_free(theta);
  flint_free(cartan);
  return true;
}

void root_system_clear(root_system_t s) {
  for (size_t i = 0; i < s->rank * s->rank; i++) fmpq_clear(s->inverse + i);
  flint_free(s->inverse);
  flint_free(s->roots);
  flint_free(s->half_norm);
  fmpq_clear(s->adjoint);
}

/* --- representations --------------------------------------------------------------- */

void weight_dimension(fmpz_t out, const unsigned *labels,
                      const root_system_t s) {
  fmpz_t above, below;
  fmpz_init_set_ui(above, 1);
  fmpz_init_set_ui(below, 1);
  for (size_t k = 0; k < s->num_roots; k++) {
    ulong top = 0, bottom = 0;
    for (size_t i = 0; i < s->rank; i++) {
      ulong c = (ulong)s->roots[k * s->rank + i] * s->half_norm[i];
      top += c * (labels[i] + 1);
      bottom += c;
    }
    if (top == bottom) continue;
    fmpz_mul_ui(above, above, top);
    fmpz_mul_ui(below, below, bottom);
  }
  fmpz_divexact(out, above, below);
  fmpz_clear(above);
  fmpz_clear(below);
}

void weight_casimir(fmpq_t out, const unsigned *labels, const root_system_t s) {
  casimir(out, labels, s);
  fmpq_div(out, out, s->adjoint);
}

typedef struct {
  const root_system_struct *system;
  size_t max_dimension;
  weight_visit_t *visit;
  void *data;
  unsigned *labels;
} walk_t;

static void walk(const walk_t *w, size_t from) {
  fmpz_t dimension;
  fmpz_init(dimension);
  for (size_t i = from; i < w->system->rank; i++) {
    w->labels[i]++;
    weight_dimension(dimension, w->labels, w->system);
    if (fmpz_cmp_ui(dimension, w->max_dimension) <= 0) {
      w->visit(w->labels, fmpz_get_ui(dimension), w->data);
      walk(w, i);
    }
    w->labels[i]--;
  }
  fmpz_clear(dimension);
}

void weight_enumerate(const root_system_t system, size_t max_dimension,
                      weight_visit_t *visit, void *data) {
  unsigned *labels = flint_calloc(system->rank + 1, sizeof *labels);
  walk_t w = {system, max_dimension, visit, data, labels};
  walk(&w, 0);
  flint_free(labels);
}

bool weight_is_related(const unsigned *a, const unsigned *b,
                       const root_system_t s) {
  size_t r = s->rank;
  bool same = !memcmp(a, b, r * sizeof *a), turned = false;
  if (s->letter == 'A') {
    turned = true;
    for (size_t i = 0; i < r; i++) turned = turned && a[i] == b[r - 1 - i];
  } else if (s->letter == 'D' && r == 4) {
    turned = a[1] == b[1]; /* triality: the outer labels in any order */
    unsigned sum[2] = {0}, square[2] = {0}, cube[2] = {0};
    for (size_t i = 0; i < 4; i++) {
      if (i == 1) continue;
      const unsigned v[2] = {a[i], b[i]};
      for (int k = 0; k < 2; k++) {
        sum[k] += v[k];
        square[k] += v[k] * v[k];
        cube[k] += v[k] * v[k] * v[k];
      }
    }
    turned = turned && sum[0] == sum[1] && square[0] == square[1] &&
             cube[0] == cube[1];
  } else if (s->letter == 'D') {
    turned = !memcmp(a, b, (r - 2) * sizeof *a) && a[r - 1] == b[r - 2] &&
             a[r - 2] == b[r - 1];
  } else if (s->letter == 'E' && r == 6) {
    static const size_t image[] = {5, 1, 4, 3, 2, 0};
    turned = true;
    for (size_t i = 0; i < 6; i++) turned = turned && a[i] == b[image[i]];
  }
  return same || turned;
}

char *weight_get_str(const unsigned *labels, const root_system_t s) {
  char *text = memory_must(malloc(24 * s->rank + 2));
  size_t used = 0;
  text[0] = 0;
  for (size_t i = 0; i < s->rank; i++) {
    if (!labels[i]) continue;
    if (used) used += (size_t)sprintf(text + used, " + ");
    if (labels[i] > 1) used += (size_t)sprintf(text + used, "%u ", labels[i]);
    used += (size_t)sprintf(text + used, "w%zu", i + 1);
  }
  if (!used) strcpy(text, "0");
  return text;
}

char *weight_get_name(const unsigned *labels, const root_system_t s) {
  size_t r = s->rank, sum = 0, at = 0;
  char *text = NULL;
  fmpq_t c;
  for (size_t i = 0; i < r; i++) {
    sum += labels[i];
    if (labels[i]) at = i;
  }
  bool multiple = labels[at] == sum; /* of one fundamental weight */
  fmpq_init(c);
  weight_casimir(c, labels, s);
  bool classical = s->letter <= 'D';
  if (multiple && at == 0 && sum == 1 && (classical || s->letter == 'G'))
    text = text_print("defining");
  else if (s->letter == 'A' && multiple && at == r - 1 && sum == 1)
    text = text_print("conjugate");
  else if (s->letter == 'A' && multiple && at == 0)
    text = text_print("symmetric power %zu", sum);
  else if (s->letter == 'A' && multiple && at == r - 1)
    text = text_print("conjugate of symmetric power %zu", sum);
  else if (s->letter == 'B' && sum == 1 && at == r - 1)
    text = text_print("spin");
  else if (s->letter == 'D' && sum == 1 && at + 2 >= r)
    text = text_print("half-spin");
  else if (s->letter == 'A' && sum == 1)
    text = text_print("exterior power %zu", at + 1);
  else if (fmpq_is_one(c))
    text = text_print("adjoint");
  else
    text = text_print("other");
  fmpq_clear(c);
  return text;
}
