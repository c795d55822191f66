/* kernel_many.h - the loops of kernels.h for rows of STATEVECTOR_LANES states.

   Included several times with
     NAME(f)  the function's name,   TARGET  attributes (instruction set),
     vec      the type of one row.
   Amplitude i is two rows, real and imaginary parts; a unit is one amplitude. */

static inline TARGET size_t NAME(spread)(size_t t, unsigned pivot) {
  return (t >> pivot << (pivot + 1)) | (t & (((size_t)1 << pivot) - 1));
}

static inline TARGET unsigned NAME(pivot)(uint64_t x) {
  return 63u - (unsigned)__builtin_clzll(x);
}

static TARGET void NAME(prepare)(kernel_turn_t *turn, uint64_t x, uint64_t z,
                                 unsigned phase) {
  turn->x = x;
  turn->z = z;
  turn->odd = phase & 1;
  turn->paired = x != 0;
  for (size_t k = 0; k < STATEVECTOR_LANES; k++)
    turn->sigma[k] = phase & 2 ? -1 : 1;
}

static TARGET void NAME(load)(kernel_turn_t *turn, const double *c,
                              const double *s, bool unit) {
  const vec sine = *(const vec *)s, sigma = *(const vec *)turn->sigma;
  vec t = sigma;
  if (!unit) t *= sine;
  *(vec *)turn->cosine = *(const vec *)c;
  *(vec *)turn->sine = sine;
  *(vec *)turn->table[0][0] = t;
  *(vec *)turn->table[1][0] = -t;
}

static inline TARGET const vec *NAME(row)(const kernel_turn_t *turn,
                                          unsigned parity, size_t i) {
  return (const vec *)turn
      ->table[parity ^ (unsigned)__builtin_parityll(turn->z & i)][0];
}

static TARGET void NAME(rotate)(void *amps, const kernel_turn_t *turn,
                                unsigned parity, size_t first, size_t last) {
  vec *v = amps;
  const vec c = *(const vec *)turn->cosine;
  const uint64_t x = turn->x;
  if (!turn->paired) {
    for (size_t i = first; i < last; i++) {
      const vec re = v[2 * i], im = v[2 * i + 1];
      const vec t = *NAME(row)(turn, parity, i);
      v[2 * i] = c * re + t * im;
      v[2 * i + 1] = c * im - t * re;
    }
    return;
  }
  const unsigned pivot = NAME(pivot)(x);
  for (size_t n = first; n < last; n++) {
    const size_t i = NAME(spread)(n, pivot), j = i ^ x;
    const vec t = *NAME(row)(turn, parity, i);
    const vec ir = v[2 * i], ii = v[2 * i + 1];
    const vec jr = v[2 * j], ji = v[2 * j + 1];
    if (turn->odd) {
      v[2 * i] = c * ir - t * jr;
      v[2 * i + 1] = c * ii - t * ji;
      v[2 * j] = c * jr + t * ir;
      v[2 * j + 1] = c * ji + t * ii;
    } else {
      v[2 * i] = c * ir + t * ji;
      v[2 * i + 1] = c * ii - t * jr;
      v[2 * j] = c * jr + t * ii;
      v[2 * j + 1] = c * ji - t * ir;
    }
  }
}

/* (wr, wi) = -i P v at i, j the partner of i. */
#define APPLY(wr, wi, t, v, j)            \
  do {                                    \
    if (turn->odd) {                      \
      wr = -(t) * (v)[2 * (j)];           \
      wi = -(t) * (v)[2 * (j) + 1];       \
    } else {                              \
      wr = (t) * (v)[2 * (j) + 1];        \
      wi = -(t) * (v)[2 * (j)];           \
    }                                     \
  } while (0)

static inline __attribute__((always_inline)) TARGET void NAME(back_both)(void *psi, void *lambda, double *sums,
                              const kernel_turn_t *turn, unsigned parity,
                              size_t first, size_t last,
                              const bool both) {
  vec *v = psi, *l = lambda, sum = {0};
  const vec c = *(const vec *)turn->cosine, s = *(const vec *)turn->sine;
  const uint64_t x = turn->x;
  const unsigned pivot = x ? NAME(pivot)(x) : 0;
  for (size_t n = first; n < last; n++) {
    const size_t i = x ? NAME(spread)(n, pivot) : n, j = i ^ x;
    const vec t = *NAME(row)(turn, parity, i), o = *NAME(row)(turn, parity, j);
    vec wr, wi, ur, ui, yr, yi, zr, zi;
    APPLY(wr, wi, t, v, j);
    APPLY(yr, yi, t, l, j);
    sum += l[2 * i] * wr + l[2 * i + 1] * wi;
    if (x) {
      APPLY(ur, ui, o, v, i);
      APPLY(zr, zi, o, l, i);
      sum += l[2 * j] * ur + l[2 * j + 1] * ui;
      if (both) {
        v[2 * j] = c * v[2 * j] + s * ur;
        v[2 * j + 1] = c * v[2 * j + 1] + s * ui;
      }
      l[2 * j] = c * l[2 * j] + s * zr;
      l[2 * j + 1] = c * l[2 * j + 1] + s * zi;
    }
    if (both) {
      v[2 * i] = c * v[2 * i] + s * wr;
      v[2 * i + 1] = c * v[2 * i + 1] + s * wi;
    }
    l[2 * i] = c * l[2 * i] + s * yr;
    l[2 * i + 1] = c * l[2 * i + 1] + s * yi;
  }
  *(vec *)sums += sum;
}

static TARGET void NAME(back)(void *psi, void *lambda, double *sums,
                              const kernel_turn_t *turn, unsigned parity,
                              size_t first, size_t last) {
  NAME(back_both)(psi, lambda, sums, turn, parity, first, last, true);
}

static TARGET void NAME(follow)(void *psi, void *lambda, double *sums,
                                const kernel_turn_t *turn, unsigned parity,
                                size_t first, size_t last) {
  NAME(back_both)(psi, lambda, sums, turn, parity, first, last, false);
}

/* f P in = i f w. */
static TARGET void NAME(add)(void *out_amps, const kernel_turn_t *turn,
                             const double *f_rows, const void *in_amps,
                             size_t first, size_t last) {
  vec *out = out_amps;
  const vec *in = in_amps;
  const vec fr = ((const vec *)f_rows)[0], fi = ((const vec *)f_rows)[1];
  for (size_t i = first; i < last; i++) {
    const size_t j = i ^ turn->x;
    const vec t = *NAME(row)(turn, 0, i);
    vec wr, wi;
    APPLY(wr, wi, t, in, j);
    out[2 * i] -= fr * wi + fi * wr;
    out[2 * i + 1] += fr * wr - fi * wi;
  }
}

/* <a|P|b> = i sum conj(a) w. */
static TARGET void NAME(bracket)(double *result, const void *a_amps,
                                 const kernel_turn_t *turn, unsigned parity,
                                 const void *b_amps, size_t first,
                                 size_t last) {
  const vec *a = a_amps, *b = b_amps;
  vec *r = (vec *)result, re = {0}, im = {0};
  for (size_t i = first; i < last; i++) {
    const size_t j = i ^ turn->x;
    const vec t = *NAME(row)(turn, parity, i);
    vec wr, wi;
    APPLY(wr, wi, t, b, j);
    re += a[2 * i + 1] * wr - a[2 * i] * wi;
    im += a[2 * i] * wr + a[2 * i + 1] * wi;
  }
  r[0] += re;
  r[1] += im;
}
#undef APPLY

static TARGET void NAME(double_up)(void *table, size_t half, const double *f) {
  vec *t = table;
  const vec re = ((const vec *)f)[0], im = ((const vec *)f)[1];
  for (size_t i = 0; i < half; i++) {
    const vec a = t[2 * i], b = t[2 * i + 1];
    t[2 * (i + half)] = re * a - im * b;
    t[2 * (i + half) + 1] = re * b + im * a;
  }
}

static TARGET void NAME(multiply)(void *amps, const void *table, size_t count) {
  vec *v = amps;
  const vec *t = table;
  for (size_t i = 0; i < count; i++) {
    const vec re = t[2 * i], im = t[2 * i + 1];
    const vec a = v[2 * i], b = v[2 * i + 1];
    v[2 * i] = a * re - b * im;
    v[2 * i + 1] = a * im + b * re;
  }
}

/* Cosine and sine of one row of half angles, |half| < 2^20: reduction by pi/2 in
   three parts (W. J. Cody and W. Waite 1980) and the polynomials of fdlibm
   (Sun Microsystems 1993) on [-pi/4, pi/4]; absolute error below 2^-52. Rounding
   to integers adds and subtracts 3 2^51; quadrants are chosen by factors 0, 1. */
static TARGET void NAME(angles)(double *cosines, double *sines,
                                const double *half) {
  const double magic = 0x1.8p52;
  const vec h = *(const vec *)half;
  const vec q = (h * 0x1.45f306dc9c883p-1 + magic) - magic;
  const vec r = ((h - q * 0x1.921fb544p0) - q * 0x1.0b4611a6p-34) -
                q * 0x1.3198a2e037073p-69;
  const vec z = r * r;
  const vec s =
      r + r * z *
              (-1.66666666666666324348e-01 +
               z * (8.33333333332248946124e-03 +
                    z * (-1.98412698298579493134e-04 +
                         z * (2.75573137070700676789e-06 +
                              z * (-2.50507602534068634195e-08 +
                                   z * 1.58969099521155010221e-10)))));
  const vec c =
      1.0 - 0.5 * z +
      z * z *
          (4.16666666666666019037e-02 +
           z * (-1.38888888888741095749e-03 +
                z * (2.48015872894767294178e-05 +
                     z * (-2.75573143513906633035e-07 +
                          z * (2.08757232129817482790e-09 +
                               z * -1.13596475577881948265e-11)))));
  const vec m = q - 4.0 * (((q * 0.25 - 0.375) + magic) - magic);
  const vec upper = ((m * 0.5 - 0.25) + magic) - magic;
  const vec odd = m - 2.0 * upper;
  const vec sign = 1.0 - 2.0 * upper;
  *(vec *)cosines = sign * (1.0 - 2.0 * odd) * (c * (1.0 - odd) + s * odd);
  *(vec *)sines = sign * (s * (1.0 - odd) + c * odd);
}
