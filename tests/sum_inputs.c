#include "tests/sum_inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* P -> P, or cos a P - i sin a G P when G and P anticommute. */
void sum_inputs_rotate(pauli_sum_struct *sum, const uint64_t *g) {
  pauli_sum_t out;
  fmpq_t c;
  uint64_t r[2];
  pauli_sum_init(out, sum->num_qubits);
  fmpq_init(c);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *p = pauli_sum_string(sum, t);
    if (!pauli_anticommute(g, p, 1)) {
      pauli_sum_push(out, sum->coeffs + t, p);
      continue;
    }
    unsigned e = pauli_mul(r, g, p, 1);
    fmpq_set_si(c, 3, 5);
    fmpq_mul(c, c, sum->coeffs + t);
    pauli_sum_push(out, c, p);
    fmpq_set_si(c, e == 1 ? 4 : -4, 5);
    fmpq_mul(c, c, sum->coeffs + t);
    pauli_sum_push(out, c, r);
  }
  pauli_sum_canonicalise(out);
  pauli_sum_swap(sum, out);
  pauli_sum_clear(out);
  fmpq_clear(c);
}

/* --- text ------------------------------------------------------------------------- */

typedef struct {
  char *text;
  size_t used, n;
} page_t;

static void add(page_t *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add(page_t *page, const char *format, ...) {
  va_list args;
  va_start(args, format);
  page->used += (size_t)vsnprintf(page->text + page->used,
                                  SUM_INPUTS_ROOM - page->used, format, args);
  va_end(args);
  if (page->used >= SUM_INPUTS_ROOM) abort();
}

/* Letters 0 to 3 on each qubit, not all 0; from qubit `first` on. */
static void random_string(unsigned *letters, size_t n, size_t first) {
  bool any = false;
  memset(letters, 0, n * sizeof *letters);
  while (!any)
    for (size_t q = first; q < n; q++) {
      letters[q] = tap_random_below(3) ? (unsigned)tap_random_below(4) : 0;
      any = any || letters[q];
    }
}

static void add_string(page_t *page, const unsigned *letters) {
  for (size_t q = 0; q < page->n; q++)
    if (letters[q]) add(page, " %c%zu", " XYZ"[letters[q]], q);
}

static void add_random(page_t *page, size_t terms) {
  unsigned letters[8];
  for (size_t t = 0; t < terms; t++) {
    random_string(letters, page->n, 0);
    add(page, "%s %zu/%zu", t ? " +" : "", 1 + tap_random_below(3),
        1 + tap_random_below(2));
    add_string(page, letters);
  }
}

/* --- kinds ---------------------------------------------------------------------------- */

static void random_sums(page_t *page) {
  for (size_t j = 0, count = 1 + tap_random_below(3); j < count; j++) {
    add(page, "generator");
    add_random(page, 1 + tap_random_below(3));
    add(page, "\n");
  }
}

/* A ring or a chain with a field: an ideal acts on many sectors. */
static void symmetric_sums(page_t *page) {
  bool ring = page->n > 2 && tap_random_below(2);
  for (size_t k = 0, count = 1 + tap_random_below(2); k < count; k++) {
    char letter = "XYZ"[tap_random_below(3)];
    add(page, "generator sum(i in 0..qubits-%d: %c{i} %c{(i+1)%%qubits})\n",
        ring ? 1 : 2, letter, letter);
  }
  add(page, "generator sum(i in 0..qubits-1: %c{i})\n",
      "XYZ"[tap_random_below(3)]);
}

/* Strings in another basis: several ideals and sectors, spin representations. */
static void rotated_strings(page_t *page) {
  unsigned letters[8];
  uint64_t turns[3][2] = {{0}};
  size_t num_turns = 1 + tap_random_below(2);
  for (size_t k = 0; k < num_turns; k++) {
    random_string(letters, page->n, 0);
    for (size_t q = 0; q < page->n; q++) /* X, Y, Z are 1, 3, 2 */
      pauli_set(turns[k], 1, q, letters[q] > 1 ? 5 - letters[q] : letters[q]);
  }
  for (size_t j = 0, count = 2 + tap_random_below(5); j < count; j++) {
    pauli_sum_t sum;
    fmpq_t one;
    uint64_t string[2] = {0};
    fmpq_init(one);
    fmpq_one(one);
    random_string(letters, page->n, 0);
    for (size_t q = 0; q < page->n; q++) pauli_set(string, 1, q, letters[q]);
    pauli_sum_init(sum, page->n);
    pauli_sum_push(sum, one, string);
    for (size_t k = 0; k < num_turns; k++) sum_inputs_rotate(sum, turns[k]);
    char *text = pauli_sum_get_str(sum);
    add(page, "generator %s\n", text);
    free(text);
    pauli_sum_clear(sum);
    fmpq_clear(one);
  }
}

/* su(2) by symmetric powers, in parts of one or several copies. */
static void collective_spin(page_t *page) {
  size_t cut = page->n - tap_random_below(2);
  for (size_t k = 0; k < 2; k++)
    add(page, "generator sum(i in 0..%zu: %c{i})\n", cut - 1, "XYZ"[2 * k]);
  if (tap_random_below(2))
    add(page, "generator sum(i in 0..qubits-2: X{i} X{i+1} + Y{i} Y{i+1} + "
              "Z{i} Z{i+1})\n");
  if (tap_random_below(3) == 0) add(page, "generator Z0 Z1\n");
}

static void exchange_bonds(page_t *page) {
  size_t delta = tap_random_below(3);
  for (size_t q = 0; q + 1 < page->n; q++)
    add(page, "generator X%zu X%zu + Y%zu Y%zu + %zu Z%zu Z%zu\n", q, q + 1, q,
        q + 1, delta, q, q + 1);
  if (tap_random_below(2)) add(page, "generator Z0\n");
}

/* gamma_a gamma_b up to a phase, gamma_2q = Z..Z X_q, gamma_2q+1 = Z..Z Y_q */
static void add_bilinear(page_t *page, size_t a, size_t b) {
  unsigned letters[8] = {0};
  size_t q = a / 2, r = b / 2;
  for (size_t k = q; k <= r; k++) letters[k] = 3;
  if (q < r) {
    letters[q] = a % 2 ? 1 : 2;
    letters[r] = b % 2 ? 2 : 1;
  }
  add_string(page, letters);
}

/* Sums of Majorana bilinears: so(m), u(m) and what lies between. */
static void fermions(page_t *page) {
  for (size_t j = 0, count = 2 + tap_random_below(4); j < count; j++) {
    add(page, "generator");
    for (size_t t = 0, terms = 1 + tap_random_below(3); t < terms; t++) {
      size_t a = tap_random_below(2 * page->n - 1);
      size_t b = a + 1 + tap_random_below(2 * page->n - 1 - a);
      add(page, "%s", t ? tap_random_below(2) ? " +" : " -" : "");
      add_bilinear(page, a, b);
    }
    add(page, "\n");
  }
}

/* Hopping: u(n) by exterior powers. */
static void hopping(page_t *page) {
  for (size_t q = 0; q + 1 < page->n; q++)
    add(page, "generator X%zu X%zu + Y%zu Y%zu\ngenerator X%zu Y%zu - Y%zu X%zu\n",
        q, q + 1, q, q + 1, q, q + 1, q, q + 1);
  if (tap_random_below(2)) add(page, "generator Z0\n");
}

/* Different things in the two halves that Z0 tells apart. */
static void controlled(page_t *page) {
  unsigned letters[8];
  for (size_t j = 0, count = 3 + tap_random_below(3); j < count; j++) {
    random_string(letters, page->n, 1);
    add(page, "generator");
    add_string(page, letters);
    letters[0] = 3;
    add(page, " %s", tap_random_below(2) ? "+" : "-");
    if (tap_random_below(3) == 0) add(page, " 2");
    add_string(page, letters);
    add(page, "\n");
  }
}

const char *sum_inputs_random(char text[SUM_INPUTS_ROOM]) {
  static const struct {
    const char *name;
    void (*write)(page_t *page);
  } kinds[] = {{"random sums", random_sums},
               {"a ring or a chain", symmetric_sums},
               {"rotated strings", rotated_strings},
               {"collective spin", collective_spin},
               {"exchange bonds", exchange_bonds},
               {"sums of Majorana bilinears", fermions},
               {"hopping", hopping},
               {"controlled by Z0", controlled}};
  static const char *const states[] = {"zero", "plus", "ghz", "mixed"};
  size_t kind = tap_random_below(sizeof kinds / sizeof *kinds);
  page_t page = {.text = text, .n = 2 + tap_random_below(3)};
  add(&page, "qubits %zu\n", page.n);
  kinds[kind].write(&page);
  for (size_t k = 0, count = 1 + tap_random_below(2); k < count; k++) {
    add(&page, "observable");
    add_random(&page, 1 + tap_random_below(2));
    add(&page, "\nstate %s\n", states[2 * k + tap_random_below(2)]);
  }
  const char *first = strstr(text, "generator"); /* one that moves with them */
  add(&page, "observable%.*s\n", (int)strcspn(first, "\n") - 9, first + 9);
  return kinds[kind].name;
}
