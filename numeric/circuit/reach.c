#include "numeric/circuit/reach.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/circuit/turns.h"

/* Pairs looked at while drives are chosen. */
static const double max_choosing = 5e8;

/* --- listing ------------------------------------------------------------------- */

typedef struct {
  reach_t *reach;
  reach_limits_t limits;
  size_t alloc, alloc_classes, alloc_pairs;
  double tests;
} lister_t;

static const uint64_t *row(const reach_t *r, size_t i) {
  return r->strings + i * 2 * r->num_words;
}

size_t reach_find(const reach_t *r, const uint64_t *string) {
  uint64_t hash = pauli_hash(string, r->num_words);
  for (size_t probe = 0, i;
       (i = hash_table_next(r->numbers, hash, &probe)) != SIZE_MAX;)
    if (pauli_equal(row(r, i), string, r->num_words)) return i;
  return SIZE_MAX;
}

static void put(reach_t *r, size_t i) {
  hash_table_put(r->numbers, pauli_hash(row(r, i), r->num_words), i);
}

/* Adds the string unless it is there; false beyond the limit. */
static bool add(lister_t *l, const uint64_t *string) {
  reach_t *r = l->reach;
  size_t width = 2 * r->num_words;
  if (reach_find(r, string) != SIZE_MAX) return true;
  if (r->num_strings == l->limits.max_strings) return false;
  if (r->num_strings == l->alloc) {
    l->alloc = 2 * l->alloc + 64;
    r->strings =
        memory_resize(r->strings, l->alloc * width, sizeof *r->strings);
  }
  memcpy(r->strings + r->num_strings * width, string, width * sizeof *string);
  put(r, r->num_strings++);
  return true;
}

static const program_gate_t *gate_of(const reach_t *r, size_t g) {
  size_t layer = r->program->layer.num_gates;
  return g < layer ? r->program->layer.gates + g
                   : r->program->closing.gates + (g - layer);
}

/* The class of a string: everything that the gates make of it. */
static bool close_class(lister_t *l, const uint64_t *string) {
  reach_t *r = l->reach;
  size_t w = r->num_words, done = r->num_strings;
  if (reach_find(r, string) != SIZE_MAX) return true;
  if (r->num_classes + 2 > l->alloc_classes) {
    l->alloc_classes = 2 * l->alloc_classes + 16;
    r->class_start = memory_resize(r->class_start, l->alloc_classes,
                                   sizeof *r->class_start);
  }
  r->class_start[r->num_classes++] = done;
  uint64_t *next = memory_get(2 * w, sizeof *next);
  bool fine = add(l, string);
  for (; fine && done < r->num_strings; done++) {
    l->tests += (double)r->num_gates;
    fine = l->tests <= l->limits.max_tests;
    for (size_t g = 0; fine && g < r->num_gates; g++) {
      const uint64_t *q = program_string(r->program, gate_of(r, g));
      if (!pauli_anticommute(row(r, done), q, w)) continue;
      pauli_xor(next, row(r, done), q, w);
      fine = add(l, next);
    }
  }
  r->class_start[r->num_classes] = r->num_strings;
  free(next);
  return fine;
}

static int compare_pairs(const void *a, const void *b) {
  const reach_pair_t *p = a, *q = b;
  return (p->a > q->a) - (p->a < q->a);
}

/* Pairs of one gate in one class. */
static bool pair_up(lister_t *l, size_t c, const uint64_t *q, uint64_t *next) {
  reach_t *r = l->reach;
  for (size_t i = r->class_start[c]; i < r->class_start[c + 1]; i++) {
    if (!pauli_anticommute(row(r, i), q, r->num_words)) continue;
    unsigned e = 1 + pauli_mul(next, q, row(r, i), r->num_words);
    size_t j = reach_find(r, next);
    if (j < i) continue;
    if ((double)r->num_pairs >= l->limits.max_pairs) return false;
    if (r->num_pairs == l->alloc_pairs) {
      l->alloc_pairs = 2 * l->alloc_pairs + 64;
      r->pairs = memory_resize(r->pairs, l->alloc_pairs, sizeof *r->pairs);
    }
    /* iG i = -j is iG j = i. */
    r->pairs[r->num_pairs++] =
        e & 2 ? (reach_pair_t){(uint32_t)j, (uint32_t)i}
              : (reach_pair_t){(uint32_t)i, (uint32_t)j};
  }
  return true;
}

static bool list_pairs(lister_t *l) {
  reach_t *r = l->reach;
  bool fine = true;
  uint64_t *next = memory_get(2 * r->num_words, sizeof *next);
  r->places = memory_get(r->num_classes * (r->num_gates + 1), sizeof(size_t));
  for (size_t c = 0; fine && c < r->num_classes; c++) {
    size_t *places = r->places + c * (r->num_gates + 1);
    for (size_t g = 0; fine && g < r->num_gates; g++) {
      places[g] = r->num_pairs;
      fine = pair_up(l, c, program_string(r->program, gate_of(r, g)), next);
    }
    places[r->num_gates] = r->num_pairs;
  }
  free(next);
  return fine;
}

/* --- quarter turns ----------------------------------------------------------------- */

/* image[i] and sign[i]: what a layer of quarter turns, last gate first, makes of
   element i. */
static void turn_layer(uint32_t *image, uint8_t *sign, const reach_t *r) {
  size_t n = r->num_strings;
  uint32_t *at = memory_get(n, sizeof *at); /* who is at each place */
  for (size_t i = 0; i < n; i++) at[i] = (uint32_t)i;
  for (size_t c = 0; c < r->num_classes; c++)
    for (size_t g = r->program->layer.num_gates; g-- > 0;) {
      const size_t *places = r->places + c * (r->num_gates + 1) + g;
      unsigned turns = turns_of(gate_of(r, g), r->turn_drives);
      for (size_t k = places[0]; turns && k < places[1]; k++) {
        uint32_t a = r->pairs[k].a, b = r->pairs[k].b;
        if (turns >= 2) sign[at[a]] ^= 1, sign[at[b]] ^= 1;
        if (turns % 2 == 0) continue;
        sign[at[b]] ^= 1; /* b -> -a, a -> b */
        uint32_t keep = at[a];
        at[a] = at[b];
        at[b] = keep;
      }
    }
  for (size_t i = 0; i < n; i++) image[at[i]] = (uint32_t)i;
  free(at);
}

/* Numbers the elements along the cycles: place[old] = new, and the signs. */
static void number_cycles(reach_t *r, uint32_t *place, const uint32_t *image,
                          const uint8_t *sign) {
  size_t next = 0, alloc = 0;
  r->class_cycles = memory_get(r->num_classes + 1, sizeof *r->class_cycles);
  memset(place, 0xff, r->num_strings * sizeof *place);
  for (size_t c = 0; c < r->num_classes; c++) {
    r->class_cycles[c] = r->num_cycles;
    for (size_t i = r->class_start[c]; i < r->class_start[c + 1]; i++) {
      if (place[i] != UINT32_MAX) continue;
      if (r->num_cycles == alloc) {
        alloc = 2 * alloc + 16;
        r->cycles = memory_resize(r->cycles, alloc, sizeof *r->cycles);
      }
      reach_cycle_t *cycle = r->cycles + r->num_cycles++;
      *cycle = (reach_cycle_t){.start = (uint32_t)next};
      bool negative = false;
      for (size_t j = i; place[j] == UINT32_MAX; j = image[j]) {
        place[j] = (uint32_t)next++;
        r->negative[j] = negative;
        negative ^= sign[j];
      }
      cycle->length = (uint32_t)next - cycle->start;
      cycle->twist = negative;
    }
  }
  r->class_cycles[r->num_classes] = r->num_cycles;
}

/* Element old becomes place[old], with the sign negative[old]. */
static void renumber(reach_t *r, const uint32_t *place) {
  size_t n = r->num_strings, width = 2 * r->num_words;
  uint64_t *strings = memory_get(n * width, sizeof *strings);
  uint8_t *negative = memory_get(n, 1);
  for (size_t k = 0; k < r->num_pairs; k++) {
    reach_pair_t *p = r->pairs + k;
    bool flip = r->negative[p->a] != r->negative[p->b];
    uint32_t a = place[p->a], b = place[p->b];
    *p = flip ? (reach_pair_t){b, a} : (reach_pair_t){a, b};
  }
  for (size_t i = 0; i < n; i++) {
    memcpy(strings + place[i] * width, row(r, i), width * sizeof *strings);
    negative[place[i]] = r->negative[i];
  }
  /* In the order of memory. */
  for (size_t i = 0; i < r->num_classes * (r->num_gates + 1); i++)
    if ((i + 1) % (r->num_gates + 1))
      qsort(r->pairs + r->places[i], r->places[i + 1] - r->places[i],
            sizeof *r->pairs, compare_pairs);
  free(r->strings);
  free(r->negative);
  r->strings = strings;
  r->negative = negative;
  hash_table_clear(r->numbers);
  hash_table_init(r->numbers);
  for (size_t i = 0; i < n; i++) put(r, i);
}

/* The sum of the squares of the lengths of all cycles. */
static double cycle_squares(const reach_t *r, uint32_t *image, uint8_t *sign) {
  double sum = 0;
  turn_layer(image, sign, r);
  for (size_t i = 0; i < r->num_strings; i++) {
    double length = 0;
    for (size_t j = i; image[j] != UINT32_MAX; length++) {
      size_t next = image[j];
      image[j] = UINT32_MAX;
      j = next;
    }
    sum += length * length;
  }
  return sum;
}

/* Turns those drives on that make the cycles longer, one after the other. */
static void choose_drives(reach_t *r, uint32_t *image, uint8_t *sign) {
  size_t count = r->program->num_drives;
  double *all = turns_choose(r->program);
  r->turn_drives = all;
  if (!all || (double)count * (double)(r->num_pairs + 4 * r->num_strings) >
                  max_choosing)
    return;
  r->turn_drives = memory_get(count, sizeof *r->turn_drives);
  double best = (double)r->num_strings;
  bool any = false;
  for (size_t d = 0; d < count; d++) {
    if (all[d] == 0) continue;
    r->turn_drives[d] = all[d];
    double squares = cycle_squares(r, image, sign);
    if (squares > best) {
      best = squares;
      any = true;
    } else {
      r->turn_drives[d] = 0;
    }
  }
  free(all);
  if (any) return;
  free(r->turn_drives);
  r->turn_drives = NULL;
}

static void find_cycles(reach_t *r) {
  uint32_t *image = memory_get(r->num_strings, sizeof *image);
  uint32_t *place = memory_get(r->num_strings, sizeof *place);
  uint8_t *sign = memory_get(r->num_strings, 1);
  choose_drives(r, image, sign);
  if (r->turn_drives) {
    memset(sign, 0, r->num_strings);
    turn_layer(image, sign, r);
    number_cycles(r, place, image, sign);
    renumber(r, place);
  }
  free(image);
  free(place);
  free(sign);
}

/* --- interface ------------------------------------------------------------------ */

status_t reach_init(reach_t *r, const program_t *program,
                    const pauli_sum_struct *const *sums, size_t num_sums,
                    reach_limits_t limits) {
  lister_t l = {.reach = r, .limits = limits};
  size_t w = program->num_words;
  *r = (reach_t){.program = program, .num_words = w};
  if (program->num_sums) return STATUS_UNDECIDED;
  uint64_t *start = memory_get(2 * w, sizeof *start);
  bool fine = true, negative = false;
  r->moved = program->reduced && program_move(start, &negative, program);
  r->num_gates = program->layer.num_gates +
                 (r->moved ? 0 : program->closing.num_gates);
  hash_table_init(r->numbers);
  for (size_t s = 0; fine && s < num_sums; s++)
    for (size_t t = 0; fine && t < sums[s]->length; t++) {
      memcpy(start, pauli_sum_string(sums[s], t), 2 * w * sizeof *start);
      if (r->moved) program_move(start, &negative, program);
      fine = close_class(&l, start);
    }
  free(start);
  if (fine) r->negative = memory_get(r->num_strings, 1);
  if (fine) fine = list_pairs(&l);
  if (fine) find_cycles(r);
  if (!fine) reach_clear(r);
  return fine ? STATUS_OK : STATUS_LIMIT;
}

void reach_clear(reach_t *r) {
  free(r->strings);
  free(r->negative);
  free(r->class_start);
  free(r->places);
  free(r->pairs);
  hash_table_clear(r->numbers);
  free(r->turn_drives);
  free(r->cycles);
  free(r->class_cycles);
  *r = (reach_t){.program = NULL};
}

size_t reach_start(bool *negative, const reach_t *r, const uint64_t *string) {
  size_t w = r->num_words;
  uint64_t *moved = memory_get(2 * w, sizeof *moved);
  memcpy(moved, string, 2 * w * sizeof *moved);
  *negative = false;
  if (r->moved) program_move(moved, negative, r->program);
  size_t at = reach_find(r, moved);
  assert(at != SIZE_MAX);
  *negative ^= r->negative[at] != 0;
  free(moved);
  return at;
}

size_t reach_class(const reach_t *r, size_t element) {
  size_t low = 0, high = r->num_classes;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (r->class_start[middle] <= element) low = middle;
    else high = middle;
  }
  return low;
}
