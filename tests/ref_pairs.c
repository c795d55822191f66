#include "tests/ref_pairs.h"

#include <math.h>
#include <string.h>

#include "tests/ref_strings.h"

/* i G Q = sign [G + Q] for anticommuting G, Q. */
static int image_sign(int n, unsigned g, unsigned q) {
  return (ref_mul_phase(n, g, q) + 1) % 4 ? -1 : 1;
}

/* Average over the angle of exp(-i angle G / 2); returns the largest change. */
static double average_rotation(ref_pairs_t x, int n, unsigned g) {
  unsigned total = 1u << (2 * n);
  double change = 0;
  int signs[REF_PAIRS_STRINGS]; /* 0: commutes with G */
  for (unsigned q = 0; q < total; q++)
    signs[q] = ref_anticommute(n, g, q) ? image_sign(n, g, q) : 0;
  for (unsigned q = 0; q < total; q++)
    for (unsigned r = 0; r < total; r++) {
      if (!signs[q] && !signs[r]) continue;
      if (!signs[q] != !signs[r]) {
        change = fmax(change, fabs(x[q][r]));
        x[q][r] = 0;
      } else if (q < (q ^ g)) {
        int sign = signs[q] * signs[r];
        double y = (x[q][r] + sign * x[q ^ g][r ^ g]) / 2;
        change = fmax(change, fabs(y - x[q][r]));
        x[q][r] = y;
        x[q ^ g][r ^ g] = sign * y;
      }
    }
  return change;
}

bool ref_pairs_average(ref_pairs_t x, int n, const unsigned *generators,
                       size_t count) {
  for (int sweep = 0; sweep < 20000; sweep++) {
    double change = 0;
    for (size_t i = 0; i < count; i++)
      change = fmax(change, average_rotation(x, n, generators[i]));
    if (change < 1e-15) return true;
  }
  return false;
}

void ref_pairs_differentiate(ref_pairs_t out, ref_pairs_t x, int n,
                             unsigned g) {
  unsigned total = 1u << (2 * n);
  memset(out, 0, sizeof(ref_pairs_t));
  for (unsigned q = 0; q < total; q++)
    for (unsigned r = 0; r < total; r++)
      if (ref_anticommute(n, g, q) && ref_anticommute(n, g, r))
        out[q ^ g][r ^ g] =
            x[q][r] * image_sign(n, g, q) * image_sign(n, g, r);
}

double ref_pairs_contract(ref_pairs_t x, int n, const int8_t *a,
                          const int8_t *b) {
  unsigned total = 1u << (2 * n);
  double sum = 0;
  for (unsigned q = 0; q < total; q++)
    for (unsigned r = 0; r < total; r++) sum += x[q][r] * a[q] * b[r];
  return sum;
}
