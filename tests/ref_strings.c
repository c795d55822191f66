#include "tests/ref_strings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* 0 I, 1 X, 2 Z, 3 Y */
static unsigned letter(int n, unsigned p, int j) {
  return (p >> j & 1) | (p >> (n + j) & 1) << 1;
}

bool ref_anticommute(int n, unsigned p, unsigned q) {
  int differ = 0;
  for (int j = 0; j < n; j++) {
    unsigned a = letter(n, p, j), b = letter(n, q, j);
    if (a && b && a != b) differ++;
  }
  return differ % 2;
}

bool ref_antisymmetric(int n, unsigned p) {
  int num_y = 0;
  for (int j = 0; j < n; j++) num_y += letter(n, p, j) == 3;
  return num_y % 2;
}

unsigned ref_mul_phase(int n, unsigned p, unsigned q) {
  /* exponent of i: X Z = -i Y, X Y = i Z, Z X = i Y, Z Y = -i X, Y X = -i Z,
     Y Z = i X; rows and columns I X Z Y */
  static const unsigned table[4][4] = {
      {0, 0, 0, 0}, {0, 0, 3, 1}, {0, 1, 0, 3}, {0, 3, 1, 0}};
  unsigned e = 0;
  for (int j = 0; j < n; j++) e += table[letter(n, p, j)][letter(n, q, j)];
  return e % 4;
}

/* The same as ref_anticommute, faster; checked against it in the tests. */
static bool anti(int n, unsigned p, unsigned q) {
  unsigned low = (1u << n) - 1;
  return __builtin_parity(((p & low) & (q >> n)) ^ ((p >> n) & (q & low)));
}

long ref_closure(uint8_t *flags, int n, const unsigned *strings,
                 size_t num_strings) {
  size_t total = (size_t)1 << (2 * n);
  unsigned *queue = malloc(total * sizeof *queue);
  size_t head = 0, tail = 0;
  memset(flags, 0, total);
  for (size_t i = 0; i < num_strings; i++)
    if (!flags[strings[i]]) {
      flags[strings[i]] = 1;
      queue[tail++] = strings[i];
    }
  for (; head < tail; head++)
    for (size_t i = 0; i < num_strings; i++) {
      unsigned p = queue[head] ^ strings[i];
      if (!flags[p] && anti(n, queue[head], strings[i])) {
        flags[p] = 1;
        queue[tail++] = p;
      }
    }
  free(queue);
  return (long)tail;
}

/* --- ideals --- */

static void add_ideal(ref_structure_t *s, ref_ideal_t ideal) {
  int at = 0;
  while (at < s->num_ideals &&
         (s->ideals[at].letter < ideal.letter ||
          (s->ideals[at].letter == ideal.letter &&
           s->ideals[at].rank < ideal.rank)))
    at++;
  if (at < s->num_ideals && s->ideals[at].letter == ideal.letter &&
      s->ideals[at].rank == ideal.rank) {
    s->ideals[at].count += ideal.count;
    return;
  }
  if (s->num_ideals == REF_MAX_IDEALS) abort();
  memmove(s->ideals + at + 1, s->ideals + at,
          (size_t)(s->num_ideals - at) * sizeof *s->ideals);
  s->ideals[at] = ideal;
  s->num_ideals++;
}

/* Cartan letter from dimension, rank, numbers of long and of short roots
   (num_short = 0 when all have the same length). '?' if there is none. */
static char cartan_letter(long dimension, long rank, long num_long,
                          long num_short) {
  if (num_short) {
    if (rank == 2 && dimension == 14) return 'G';
    if (rank == 4 && dimension == 52) return 'F';
    if (dimension != rank * (2 * rank + 1)) return '?';
    if (num_long == 2 * rank && num_short == 2 * rank * (rank - 1)) return 'C';
    if (num_short == 2 * rank && num_long == 2 * rank * (rank - 1)) return 'B';
    return '?';
  }
  if (dimension == rank * (rank + 2)) return 'A';
  if (rank >= 4 && dimension == rank * (2 * rank - 1)) return 'D';
  if ((rank == 6 && dimension == 78) || (rank == 7 && dimension == 133) ||
      (rank == 8 && dimension == 248))
    return 'E';
  return '?';
}

/* h: the strings of one component of the anticommutation graph, at least two;
   flags marks them. */
static ref_ideal_t ideal_of_component(int n, const unsigned *h, size_t size,
                                      const uint8_t *flags) {
  long copies = 0;
  for (unsigned l = 0; l < 1u << (2 * n); l++) {
    bool good = true;
    for (size_t i = 0; i < size && good; i++)
      good = flags[h[i] ^ l] && !anti(n, h[i], l);
    copies += good;
  }
  unsigned *torus = malloc(size * sizeof *torus);
  size_t rank = 0;
  for (size_t i = 0; i < size; i++) {
    bool commutes = true;
    for (size_t j = 0; j < rank && commutes; j++)
      commutes = !anti(n, h[i], torus[j]);
    if (commutes) torus[rank++] = h[i];
  }
  /* lengths[v]: roots of squared length v */
  long *lengths = calloc(rank + 1, sizeof *lengths);
  for (size_t i = 0; i < size; i++) {
    size_t v = 0;
    for (size_t j = 0; j < rank; j++) v += anti(n, h[i], torus[j]);
    lengths[v]++;
  }
  long num_long = 0, num_short = 0, kinds = 0;
  for (size_t v = rank; v >= 1; v--)
    if (lengths[v]) {
      kinds++;
      if (kinds == 1) num_long = lengths[v];
      if (kinds == 2) num_short = lengths[v];
    }
  ref_ideal_t ideal = {'?', (long)rank / copies, (long)size / copies, copies};
  if (kinds <= 2 && (long)size % copies == 0 && (long)rank % copies == 0)
    ideal.letter = cartan_letter(ideal.dimension, ideal.rank,
                                 num_long / copies, num_short / copies);
  free(lengths);
  free(torus);
  return ideal;
}

static void find_ideals(ref_structure_t *s) {
  int n = s->num_qubits;
  size_t total = (size_t)1 << (2 * n), left = 0;
  unsigned *todo = malloc(total * sizeof *todo);
  unsigned *part = malloc(total * sizeof *part);
  uint8_t *flags = calloc(total, 1);
  for (unsigned p = 0; p < total; p++)
    if (s->closure[p]) todo[left++] = p;
  while (left) {
    size_t size = 0;
    part[size++] = todo[--left];
    for (size_t head = 0; head < size; head++)
      for (size_t i = 0; i < left;)
        if (anti(n, part[head], todo[i])) {
          part[size++] = todo[i];
          todo[i] = todo[--left];
        } else {
          i++;
        }
    if (size == 1) {
      s->center++;
      continue;
    }
    for (size_t i = 0; i < size; i++) flags[part[i]] = 1;
    add_ideal(s, ideal_of_component(n, part, size, flags));
    for (size_t i = 0; i < size; i++) flags[part[i]] = 0;
  }
  free(todo);
  free(part);
  free(flags);
}

/* --- sectors --- */

static long exact_root(long square) {
  for (long r = 0; r * r <= square; r++)
    if (r * r == square) return r;
  abort();
}

static void find_sectors(ref_structure_t *s, const unsigned *strings,
                         size_t num_strings) {
  int n = s->num_qubits;
  size_t total = (size_t)1 << (2 * n), size = 1, num_central = 0;
  uint8_t *in_algebra = calloc(total, 1);
  unsigned *algebra = malloc(total * sizeof *algebra);
  unsigned *central = malloc(total * sizeof *central);
  algebra[0] = 0;
  in_algebra[0] = 1;
  for (size_t head = 0; head < size; head++)
    for (size_t i = 0; i < num_strings; i++) {
      unsigned p = algebra[head] ^ strings[i];
      if (!in_algebra[p]) {
        in_algebra[p] = 1;
        algebra[size++] = p;
      }
    }
  for (size_t i = 0; i < size; i++) {
    bool good = true;
    for (size_t j = 0; j < num_strings && good; j++)
      good = !anti(n, algebra[i], strings[j]);
    if (good) central[num_central++] = algebra[i];
  }
  s->sector_count = (long)num_central;
  s->sector_dimension = exact_root((long)(size / num_central));
  s->sector_multiplicity =
      (1L << n) / (s->sector_count * s->sector_dimension);
  long commutant = 0, excess = 0;
  for (unsigned p = 0; p < total; p++) {
    bool commutes = true, form = true;
    for (size_t j = 0; j < num_strings && (commutes || form); j++) {
      bool a = anti(n, p, strings[j]);
      commutes = commutes && !a;
      /* P^T p = -p P with P^T = -+P */
      form = form && a == !ref_antisymmetric(n, strings[j]);
    }
    commutant += commutes;
    /* z^T p = p z, or the form vanishes on a sector with itself */
    for (size_t j = 0; j < num_central && form; j++)
      form = anti(n, p, central[j]) == ref_antisymmetric(n, central[j]);
    if (form) excess += ref_antisymmetric(n, p) ? -1 : 1;
  }
  if (commutant != s->sector_count * s->sector_multiplicity *
                       s->sector_multiplicity)
    abort();
  s->field = excess > 0 ? 'R' : excess < 0 ? 'H' : 'C';
  if (excess &&
      labs(excess) != s->sector_count * s->sector_multiplicity)
    abort();
  free(in_algebra);
  free(algebra);
  free(central);
}

void ref_structure_init(ref_structure_t *s, int num_qubits,
                        const unsigned *strings, size_t num_strings) {
  memset(s, 0, sizeof *s);
  s->num_qubits = num_qubits;
  s->closure = malloc((size_t)1 << (2 * num_qubits));
  s->dimension = ref_closure(s->closure, num_qubits, strings, num_strings);
  find_ideals(s);
  find_sectors(s, strings, num_strings);
}

void ref_structure_clear(ref_structure_t *s) {
  free(s->closure);
  s->closure = NULL;
}

size_t ref_orbits(unsigned *orbit, unsigned *size, int n,
                  const unsigned *strings, size_t num_strings) {
  size_t total = (size_t)1 << (2 * n), num_orbits = 0;
  unsigned *queue = malloc(total * sizeof *queue);
  for (size_t p = 0; p < total; p++) orbit[p] = (unsigned)-1;
  for (unsigned start = 0; start < total; start++) {
    if (orbit[start] != (unsigned)-1) continue;
    size_t tail = 0;
    orbit[start] = (unsigned)num_orbits;
    queue[tail++] = start;
    for (size_t head = 0; head < tail; head++)
      for (size_t i = 0; i < num_strings; i++) {
        unsigned p = queue[head] ^ strings[i];
        if (orbit[p] == (unsigned)-1 && anti(n, queue[head], strings[i])) {
          orbit[p] = (unsigned)num_orbits;
          queue[tail++] = p;
        }
      }
    if (size) size[num_orbits] = (unsigned)tail;
    num_orbits++;
  }
  free(queue);
  return num_orbits;
}

/* --- text --- */

char *ref_get_str(char *buffer, int n, unsigned p) {
  char *out = buffer;
  if (!p) *out++ = 'I';
  for (int j = 0; j < n; j++)
    if (letter(n, p, j))
      out += sprintf(out, "%s%c%d", out == buffer ? "" : " ",
                     "IXZY"[letter(n, p, j)], j);
  *out = 0;
  return buffer;
}

void ref_print_ops(int n, const unsigned *strings, size_t num_strings) {
  char buffer[64];
  tap_diag("qubits %d", n);
  for (size_t i = 0; i < num_strings; i++)
    tap_diag("generator %s", ref_get_str(buffer, n, strings[i]));
}
