#include "algebra/depth/depth_expand.h"

#include <stdlib.h>

typedef struct {
  size_t num, alloc;
  expand_term_struct *terms;
} list_t;

static expand_term_struct *push(list_t *list, uint32_t string,
                                uint32_t frequency, const ring_t *ring) {
  if (list->num == list->alloc) {
    list->alloc = list->alloc ? 2 * list->alloc : 16;
    list->terms =
        flint_realloc(list->terms, list->alloc * sizeof *list->terms);
  }
  expand_term_struct *t = list->terms + list->num++;
  t->string = string;
  t->frequency = frequency;
  complex_init(t->coeff, ring);
  return t;
}

static void clear_list(list_t *list, const ring_t *ring) {
  for (size_t k = 0; k < list->num; k++)
    complex_clear(list->terms[k].coeff, ring);
  flint_free(list->terms);
  *list = (list_t){0};
}

static int compare_terms(const void *a, const void *b) {
  const expand_term_struct *s = a, *t = b;
  if (s->string != t->string) return s->string < t->string ? -1 : 1;
  return s->frequency < t->frequency ? -1 : s->frequency > t->frequency;
}

/* Sorts, adds equal terms up, drops zeros. */
static void merge(list_t *list, const ring_t *ring) {
  size_t kept = 0;
  if (list->num) qsort(list->terms, list->num, sizeof *list->terms, compare_terms);
  for (size_t k = 0; k < list->num;) {
    expand_term_struct sum = list->terms[k++];
    while (k < list->num && compare_terms(&sum, list->terms + k) == 0) {
      complex_add(sum.coeff, sum.coeff, list->terms[k].coeff, ring);
      complex_clear(list->terms[k++].coeff, ring);
    }
    if (complex_is_zero(sum.coeff, ring))
      complex_clear(sum.coeff, ring);
    else
      list->terms[kept++] = sum;
  }
  list->num = kept;
}

/* frequency + sign * shift */
static uint32_t shifted(expand_block_t *block, uint32_t frequency,
                        const int64_t *shift, int sign, uint64_t *row) {
  bool is_new;
  if (frequency < block->frequencies->length && block->num_variables)
    memcpy(row, row_table_row(block->frequencies, frequency),
           block->num_variables * sizeof *row);
  for (size_t v = 0; v < block->num_variables; v++)
    row[v] += (uint64_t)(sign * shift[v]);
  return (uint32_t)row_table_add(block->frequencies, row, &is_new);
}

/* The four terms of a term whose string anticommutes with the gate. */
static void rotate_term(list_t *out, expand_block_t *block,
                        const expand_gate_struct *gate,
                        const expand_term_struct *term, uint64_t *row) {
  const ring_t *ring = block->ring;
  size_t w = block->num_words;
  uint64_t *image = row + block->num_variables;
  bool is_new;
  /* i G Q = i^(e+1) [G+Q] = +-[G+Q] */
  unsigned e = pauli_mul(image, gate->string,
                         row_table_row(block->strings, term->string), w);
  bool negative = (e + 1) >> 1 & 1;
  uint32_t other = (uint32_t)row_table_add(block->strings, image, &is_new);
  acb_t conj;
  acb_init(conj);
  if (ring->ball) acb_conj(conj, gate->unit);
  for (int sign = 1; sign >= -1; sign -= 2) {
    uint32_t f = shifted(block, term->frequency, gate->shift, sign, row);
    unsigned eighth = sign > 0 ? gate->eighth : 8 - gate->eighth;
    const acb_struct *unit = sign > 0 ? gate->unit : conj;
    unsigned turns = (sign > 0 ? 3u : 1u) + (negative ? 2u : 0u);
    expand_term_struct *t = push(out, term->string, f, ring);
    complex_turn(t->coeff, term->coeff, 0, eighth, unit, 1, ring);
    t = push(out, other, f, ring);
    complex_turn(t->coeff, term->coeff, turns, eighth, unit, 1, ring);
  }
  acb_clear(conj);
}

/* All terms pass a place of noise. */
static void damp_terms(list_t *list, const expand_block_t *block,
                       const expand_gate_struct *gate) {
  bool any = false;
  for (size_t k = 0; k < list->num; k++) {
    const uint64_t *q = row_table_row(block->strings, list->terms[k].string);
    unsigned letter =
        (unsigned)pauli_anticommute(q, gate->image_z, block->num_words) |
        (unsigned)pauli_anticommute(q, gate->string, block->num_words) << 1;
    if (!letter) continue;
    complex_scale(list->terms[k].coeff, gate->factors + letter, block->ring);
    any = any || complex_is_zero(list->terms[k].coeff, block->ring);
  }
  if (any) merge(list, block->ring);
}

status_t expansion_init(expansion_t *out, expand_block_t *block,
                        uint32_t string, const depth_limits_t *limits) {
  const ring_t *ring = block->ring;
  size_t w = block->num_words;
  uint64_t *row = flint_calloc(block->num_variables + 2 * w + 1, sizeof *row);
  list_t now = {0}, next = {0};
  bool is_new;
  status_t status = STATUS_OK;
  uint32_t origin = (uint32_t)row_table_add(block->frequencies, row, &is_new);
  complex_one(push(&now, string, origin, ring)->coeff, ring);
  for (size_t g = 0; g < block->num_gates && status == STATUS_OK; g++) {
    const expand_gate_struct *gate = block->gates + g;
    if (gate->factors) {
      damp_terms(&now, block, gate);
      continue;
    }
    for (size_t k = 0; k < now.num; k++) {
      expand_term_struct *t = now.terms + k;
      if (pauli_anticommute(row_table_row(block->strings, t->string),
                            gate->string, w)) {
        rotate_term(&next, block, gate, t, row);
      } else {
        expand_term_struct *u = push(&next, t->string, t->frequency, ring);
        complex_turn(u->coeff, t->coeff, 0, 0, NULL, 0, ring);
      }
      if (next.num > limits->max_strings + 64 ||
          block->strings->length > limits->max_strings ||
          (k % 1024 == 0 && depth_limits_stop(limits))) {
        status = STATUS_LIMIT;
        break;
      }
    }
    merge(&next, ring);
    clear_list(&now, ring);
    now = next;
    next = (list_t){0};
  }
  flint_free(row);
  if (status != STATUS_OK)
    clear_list(&now, ring);
  else
    *out = (expansion_t){now.num, now.terms};
  return status;
}

void expansion_clear(expansion_t *out, const expand_block_t *block) {
  list_t list = {.num = out->num_terms, .terms = out->terms};
  clear_list(&list, block->ring);
  *out = (expansion_t){0};
}
