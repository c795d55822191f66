/* kernel_body.h - the loops of kernels.h, written once.

   Included several times with
     NAME(f)  the function's name,   TARGET  attributes (instruction set),
     vec      the type of one lane row (double, or a vector of doubles).
   Index i of a string P = (x,z): P|i> = i^m (-1)^(z.i) |i^x>, m = |x&z|. With
   f(i) that phase, f(i^x) = conj f(i), so for m even f is the same real sign
   at both ends of a pair, and for m odd opposite imaginary ones. */

static inline TARGET size_t NAME(spread)(size_t t, unsigned pivot) {
  return (t >> pivot << (pivot + 1)) | (t & (((size_t)1 << pivot) - 1));
}

static inline TARGET unsigned NAME(pivot)(uint64_t x) {
  return 63u - (unsigned)__builtin_clzll(x);
}

static TARGET void NAME(rotate)(double *amps, uint64_t x, uint64_t z,
                                const double *c_rows, const double *s_rows,
                                size_t first, size_t last) {
  vec *v = (vec *)amps;
  const vec c = *(const vec *)c_rows;
  const vec *s = (const vec *)s_rows;
  if (x == 0) {
    for (size_t i = first; i < last; i++) {
      const vec re = v[2 * i], im = v[2 * i + 1];
      const vec t = s[__builtin_parityll(z & i)];
      v[2 * i] = c * re + t * im;
      v[2 * i + 1] = c * im - t * re;
    }
    return;
  }
  const unsigned pivot = NAME(pivot)(x);
  const bool odd = __builtin_parityll(x & z);
  for (size_t k = first; k < last; k++) {
    const size_t i = NAME(spread)(k, pivot), j = i ^ x;
    const vec t = s[__builtin_parityll(z & i)];
    const vec ir = v[2 * i], ii = v[2 * i + 1];
    const vec jr = v[2 * j], ji = v[2 * j + 1];
    if (odd) {
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

static TARGET void NAME(add)(double *out_amps, uint64_t x, uint64_t z,
                             const double *f_rows, const double *in_amps,
                             size_t first, size_t last) {
  vec *out = (vec *)out_amps;
  const vec *in = (const vec *)in_amps;
  const vec fr = ((const vec *)f_rows)[0], fi = ((const vec *)f_rows)[1];
  /* The factor with the four phases i^e. */
  const vec phased[4][2] = {{fr, fi}, {-fi, fr}, {-fr, -fi}, {fi, -fr}};
  const unsigned m = (unsigned)__builtin_popcountll(x & z) & 3;
  for (size_t i = first; i < last; i++) {
    const unsigned e = (m + 2u * (unsigned)__builtin_parityll(z & i)) & 3;
    const size_t j = i ^ x;
    const vec gr = phased[e][0], gi = phased[e][1];
    const vec re = in[2 * i], im = in[2 * i + 1];
    out[2 * j] += gr * re - gi * im;
    out[2 * j + 1] += gr * im + gi * re;
  }
}

static TARGET void NAME(bracket)(double *result, const double *a_amps,
                                 uint64_t x, uint64_t z, const double *b_amps,
                                 size_t first, size_t last) {
  const vec *a = (const vec *)a_amps, *b = (const vec *)b_amps;
  vec *r = (vec *)result;
  /* sum of (-1)^(z.i) conj(a[i^x]) b[i], times i^m at the end. */
  vec sum[2][2] = {{r[0] * 0, r[0] * 0}, {r[0] * 0, r[0] * 0}};
  for (size_t i = first; i < last; i++) {
    const size_t j = i ^ x;
    vec *to = sum[__builtin_parityll(z & i)];
    const vec ar = a[2 * j], ai = a[2 * j + 1];
    const vec br = b[2 * i], bi = b[2 * i + 1];
    to[0] += ar * br + ai * bi;
    to[1] += ar * bi - ai * br;
  }
  const vec re = sum[0][0] - sum[1][0], im = sum[0][1] - sum[1][1];
  switch (__builtin_popcountll(x & z) & 3) {
    case 0: r[0] += re; r[1] += im; break;
    case 1: r[0] -= im; r[1] += re; break;
    case 2: r[0] -= re; r[1] -= im; break;
    default: r[0] += im; r[1] -= re; break;
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
