/* kernel_one.h - the loops of kernels.h for one vector, written once.

   Included several times with
     NAME(f)   the function's name,   TARGET   attributes (instruction set),
     real      the numbers,
     vec       a vector of 2^WIDTH_BITS amplitudes (re, im, re, im, ...),
     UNIT_BITS 0 or 2: log2 of the vectors in a unit.
   The string acts on an index by exclusive or, so inside a vector it is one of
   2 2^WIDTH_BITS such permutations; the loops are compiled for each. */

enum {
  NAME(REALS) = 2 << WIDTH_BITS,
  NAME(UNIT) = 1 << UNIT_BITS,
  NAME(BITS) = WIDTH_BITS + UNIT_BITS
};

#define INLINE static inline __attribute__((always_inline)) TARGET

/* The vector with its numbers i and i^k exchanged, k constant; its real, and its
   imaginary parts, each twice. */
#define PICK __builtin_shufflevector
#if WIDTH_BITS == 0
#define SHUFFLE(v, k) PICK(v, v, 0 ^ k, 1 ^ k)
#define EVEN(v) PICK(v, v, 0, 0)
#define ODD(v) PICK(v, v, 1, 1)
#elif WIDTH_BITS == 1
#define SHUFFLE(v, k) PICK(v, v, 0 ^ k, 1 ^ k, 2 ^ k, 3 ^ k)
#define EVEN(v) PICK(v, v, 0, 0, 2, 2)
#define ODD(v) PICK(v, v, 1, 1, 3, 3)
#elif WIDTH_BITS == 2
#define SHUFFLE(v, k) \
  PICK(v, v, 0 ^ k, 1 ^ k, 2 ^ k, 3 ^ k, 4 ^ k, 5 ^ k, 6 ^ k, 7 ^ k)
#define EVEN(v) PICK(v, v, 0, 0, 2, 2, 4, 4, 6, 6)
#define ODD(v) PICK(v, v, 1, 1, 3, 3, 5, 5, 7, 7)
#else
#define SHUFFLE(v, k)                                                     \
  PICK(v, v, 0 ^ k, 1 ^ k, 2 ^ k, 3 ^ k, 4 ^ k, 5 ^ k, 6 ^ k, 7 ^ k, 8 ^ k, \
       9 ^ k, 10 ^ k, 11 ^ k, 12 ^ k, 13 ^ k, 14 ^ k, 15 ^ k)
#define EVEN(v) \
  PICK(v, v, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14)
#define ODD(v) \
  PICK(v, v, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15)
#endif

INLINE vec NAME(shuffle)(vec v, const unsigned k) {
  switch (k) {
    case 1: return SHUFFLE(v, 1);
#if WIDTH_BITS >= 1
    case 2: return SHUFFLE(v, 2);
    case 3: return SHUFFLE(v, 3);
#endif
#if WIDTH_BITS >= 2
    case 4: return SHUFFLE(v, 4);
    case 5: return SHUFFLE(v, 5);
    case 6: return SHUFFLE(v, 6);
    case 7: return SHUFFLE(v, 7);
#endif
#if WIDTH_BITS >= 3
    case 8: return SHUFFLE(v, 8);
    case 9: return SHUFFLE(v, 9);
    case 10: return SHUFFLE(v, 10);
    case 11: return SHUFFLE(v, 11);
    case 12: return SHUFFLE(v, 12);
    case 13: return SHUFFLE(v, 13);
    case 14: return SHUFFLE(v, 14);
    case 15: return SHUFFLE(v, 15);
#endif
    default: return v;
  }
}

/* Compiles the call for every permutation. */
#if WIDTH_BITS == 0
#define EACH_KIND(k, call)                       \
  switch (k) { case 0: call(0); break; default: call(1); }
#elif WIDTH_BITS == 1
#define EACH_KIND(k, call)                                   \
  switch (k) {                                               \
    case 0: call(0); break; case 1: call(1); break;          \
    case 2: call(2); break; default: call(3);                \
  }
#elif WIDTH_BITS == 2
#define EACH_KIND(k, call)                                   \
  switch (k) {                                               \
    case 0: call(0); break; case 1: call(1); break;          \
    case 2: call(2); break; case 3: call(3); break;          \
    case 4: call(4); break; case 5: call(5); break;          \
    case 6: call(6); break; default: call(7);                \
  }
#else
#define EACH_KIND(k, call)                                   \
  switch (k) {                                               \
    case 0: call(0); break; case 1: call(1); break;          \
    case 2: call(2); break; case 3: call(3); break;          \
    case 4: call(4); break; case 5: call(5); break;          \
    case 6: call(6); break; case 7: call(7); break;          \
    case 8: call(8); break; case 9: call(9); break;          \
    case 10: call(10); break; case 11: call(11); break;      \
    case 12: call(12); break; case 13: call(13); break;      \
    case 14: call(14); break; default: call(15);             \
  }
#endif

static TARGET void NAME(prepare)(kernel_turn_t *turn, uint64_t x, uint64_t z,
                                 unsigned phase) {
  const unsigned low = (1u << WIDTH_BITS) - 1, in_unit = NAME(UNIT) - 1;
  const unsigned zv = (unsigned)(z >> WIDTH_BITS) & in_unit;
  turn->x = x >> WIDTH_BITS >> UNIT_BITS;
  turn->z = z >> WIDTH_BITS >> UNIT_BITS;
  turn->within = (unsigned)(x >> WIDTH_BITS) & in_unit;
  turn->odd = phase & 1;
  turn->paired = turn->x != 0;
  turn->kind = 2 * ((unsigned)x & low) + !turn->odd;
  for (unsigned u = 0; u < 4; u++)
    turn->flips[u] = (uint8_t)__builtin_parity(zv & u);
  vec sigma;
  for (unsigned r = 0; r < NAME(REALS); r++) {
    const bool flip = ((unsigned)__builtin_parity((unsigned)z & low & r >> 1) ^
                       (turn->odd ? 1 : r) ^ phase >> 1) & 1;
    sigma[r] = flip ? -1 : 1;
  }
  *(vec *)turn->sigma = sigma;
}

static TARGET void NAME(load)(kernel_turn_t *turn, const double *c,
                              const double *s, bool unit) {
  const vec one = *(const vec *)turn->sigma;
  const vec plus = one * (unit ? (real)1 : (real)*s), minus = -plus;
  *(vec *)turn->cosine = (vec){0} + (real)*c;
  *(vec *)turn->sine = (vec){0} + (real)*s;
  for (unsigned u = 0; u < NAME(UNIT); u++) {
    *(vec *)turn->table[turn->flips[u]][u] = plus;
    *(vec *)turn->table[!turn->flips[u]][u] = minus;
  }
}

INLINE size_t NAME(spread)(size_t t, unsigned pivot) {
  return (t >> pivot << (pivot + 1)) | (t & (((size_t)1 << pivot) - 1));
}

INLINE unsigned NAME(pivot)(uint64_t x) {
  return 63u - (unsigned)__builtin_clzll(x);
}

/* Row of the table for a unit. */
INLINE const vec *NAME(row)(const kernel_turn_t *turn, unsigned parity,
                            size_t unit) {
  return (const vec *)turn
      ->table[parity ^ (unsigned)__builtin_parityll(turn->z & unit)];
}
/* Rows of the table are 64 bytes apart, whatever the vector. */
#define ROW(t, u) (*(const vec *)((const char *)(t) + 64 * (u)))

INLINE void NAME(rotate_kind)(vec *v, const kernel_turn_t *turn,
                              unsigned parity, size_t first, size_t last,
                              const unsigned k) {
  const vec c = *(const vec *)turn->cosine;
  const unsigned within = turn->within;
  if (!turn->paired) {
    for (size_t i = first; i < last; i++) {
      vec *a = v + (i << UNIT_BITS), b[NAME(UNIT)];
      const vec *t = NAME(row)(turn, parity, i);
#pragma GCC unroll 4
      for (unsigned u = 0; u < NAME(UNIT); u++)
        b[u] = c * a[u] + ROW(t, u) * NAME(shuffle)(a[u ^ within], k);
#pragma GCC unroll 4
      for (unsigned u = 0; u < NAME(UNIT); u++) a[u] = b[u];
    }
    return;
  }
  const uint64_t x = turn->x, z = turn->z;
  const unsigned pivot = NAME(pivot)(x);
  const unsigned flip = (unsigned)__builtin_parityll(z & x);
  for (size_t n = first; n < last; n++) {
    const size_t i = NAME(spread)(n, pivot), j = i ^ x;
    vec *a = v + (i << UNIT_BITS), *b = v + (j << UNIT_BITS);
    const unsigned p = parity ^ (unsigned)__builtin_parityll(z & i);
    const vec *t = (const vec *)turn->table[p];
    const vec *o = (const vec *)turn->table[p ^ flip];
#pragma GCC unroll 4
    for (unsigned u = 0; u < NAME(UNIT); u++) {
      const vec va = a[u], vb = b[u ^ within];
      a[u] = c * va + ROW(t, u) * NAME(shuffle)(vb, k);
      b[u ^ within] = c * vb + ROW(o, u ^ within) * NAME(shuffle)(va, k);
    }
  }
}

static TARGET void NAME(rotate)(void *amps, const kernel_turn_t *turn,
                                unsigned parity, size_t first, size_t last) {
#define CALL(k) NAME(rotate_kind)(amps, turn, parity, first, last, k)
  EACH_KIND(turn->kind, CALL)
#undef CALL
}

/* sum[u] += what vector u of each unit adds, in numbers. */
INLINE void NAME(back_part)(vec *sum, vec *psi, vec *lambda,
                            const kernel_turn_t *turn, unsigned parity,
                            size_t first, size_t last, const unsigned k,
                            const bool both) {
  const vec c = *(const vec *)turn->cosine, s = *(const vec *)turn->sine;
  const unsigned within = turn->within;
  if (!turn->paired) {
    for (size_t i = first; i < last; i++) {
      vec *a = psi + (i << UNIT_BITS), *l = lambda + (i << UNIT_BITS);
      vec pb[NAME(UNIT)], lb[NAME(UNIT)];
      const vec *t = NAME(row)(turn, parity, i);
#pragma GCC unroll 4
      for (unsigned u = 0; u < NAME(UNIT); u++) {
        const vec w = ROW(t, u) * NAME(shuffle)(a[u ^ within], k);
        const vec y = ROW(t, u) * NAME(shuffle)(l[u ^ within], k);
        sum[u] += l[u] * w;
        pb[u] = c * a[u] + s * w;
        lb[u] = c * l[u] + s * y;
      }
#pragma GCC unroll 4
      for (unsigned u = 0; u < NAME(UNIT); u++) {
        if (both) a[u] = pb[u];
        l[u] = lb[u];
      }
    }
    return;
  }
  const uint64_t x = turn->x, z = turn->z;
  const unsigned pivot = NAME(pivot)(x);
  const unsigned flip = (unsigned)__builtin_parityll(z & x);
  for (size_t n = first; n < last; n++) {
    const size_t i = NAME(spread)(n, pivot), j = i ^ x;
    vec *a = psi + (i << UNIT_BITS), *b = psi + (j << UNIT_BITS);
    vec *l = lambda + (i << UNIT_BITS), *m = lambda + (j << UNIT_BITS);
    const unsigned p = parity ^ (unsigned)__builtin_parityll(z & i);
    const vec *t = (const vec *)turn->table[p];
    const vec *o = (const vec *)turn->table[p ^ flip];
#pragma GCC unroll 4
    for (unsigned u = 0; u < NAME(UNIT); u++) {
      const unsigned w = u ^ within;
      const vec ti = ROW(t, u), tj = ROW(o, w);
      const vec pa = a[u], pb = b[w], la = l[u], lb = m[w];
      const vec wa = ti * NAME(shuffle)(pb, k), wb = tj * NAME(shuffle)(pa, k);
      const vec ya = ti * NAME(shuffle)(lb, k), yb = tj * NAME(shuffle)(la, k);
      sum[u] += la * wa + lb * wb;
      if (both) {
        a[u] = c * pa + s * wa;
        b[w] = c * pb + s * wb;
      }
      l[u] = c * la + s * ya;
      m[w] = c * lb + s * yb;
    }
  }
}

INLINE void NAME(back_kind)(vec *psi, vec *lambda, double *sums,
                            const kernel_turn_t *turn, unsigned parity,
                            size_t first, size_t last, const unsigned k,
                            const bool both) {
  for (size_t from = first, end; from < last; from = end) {
    vec sum[NAME(UNIT)];
    end = PARTIAL_END(from, last);
    for (unsigned u = 0; u < NAME(UNIT); u++) sum[u] = (vec){0};
    NAME(back_part)(sum, psi, lambda, turn, parity, from, end, k, both);
    vec total = sum[0];
    for (unsigned u = 1; u < NAME(UNIT); u++) total += sum[u];
    for (unsigned r = 0; r < NAME(REALS); r++)
      sums[r % KERNEL_PARTS] += (double)total[r];
  }
}

static TARGET void NAME(back)(void *psi, void *lambda, double *sums,
                              const kernel_turn_t *turn, unsigned parity,
                              size_t first, size_t last) {
#define CALL(k) \
  NAME(back_kind)(psi, lambda, sums, turn, parity, first, last, k, true)
  EACH_KIND(turn->kind, CALL)
#undef CALL
}

static TARGET void NAME(follow)(void *psi, void *lambda, double *sums,
                                const kernel_turn_t *turn, unsigned parity,
                                size_t first, size_t last) {
#define CALL(k) \
  NAME(back_kind)(psi, lambda, sums, turn, parity, first, last, k, false)
  EACH_KIND(turn->kind, CALL)
#undef CALL
}

/* f P in = g w, g = i f; out += Re g w + Im g (i w). */
INLINE void NAME(add_kind)(vec *out, const kernel_turn_t *turn, const double *f,
                           const vec *in, size_t first, size_t last,
                           const unsigned k) {
  vec re, im;
  for (unsigned r = 0; r < NAME(REALS); r++) {
    re[r] = (real)-f[1];
    im[r] = (real)(r & 1 ? f[0] : -f[0]);
  }
  for (size_t i = first; i < last; i++) {
    vec *to = out + (i << UNIT_BITS);
    const vec *from = in + ((i ^ turn->x) << UNIT_BITS);
    const vec *t = NAME(row)(turn, 0, i);
#pragma GCC unroll 4
    for (unsigned u = 0; u < NAME(UNIT); u++) {
      const vec w = ROW(t, u) * NAME(shuffle)(from[u ^ turn->within], k);
      to[u] += re * w + im * NAME(shuffle)(w, 1);
    }
  }
}

static TARGET void NAME(add)(void *out, const kernel_turn_t *turn,
                             const double *f, const void *in, size_t first,
                             size_t last) {
#define CALL(k) NAME(add_kind)(out, turn, f, in, first, last, k)
  EACH_KIND(turn->kind, CALL)
#undef CALL
}

/* <a|P|b> = i sum conj(a) w. */
INLINE void NAME(bracket_kind)(double *result, const vec *a,
                               const kernel_turn_t *turn, unsigned parity,
                               const vec *b, size_t first, size_t last,
                               const unsigned k) {
  double total[2] = {0, 0};
  for (size_t from = first, end; from < last; from = end) {
    vec im[NAME(UNIT)], re[NAME(UNIT)];
    end = PARTIAL_END(from, last);
    for (unsigned u = 0; u < NAME(UNIT); u++) im[u] = re[u] = (vec){0};
    for (size_t i = from; i < end; i++) {
      const vec *va = a + (i << UNIT_BITS);
      const vec *vb = b + ((i ^ turn->x) << UNIT_BITS);
      const vec *t = NAME(row)(turn, parity, i);
#pragma GCC unroll 4
      for (unsigned u = 0; u < NAME(UNIT); u++) {
        const vec w = ROW(t, u) * NAME(shuffle)(vb[u ^ turn->within], k);
        im[u] += va[u] * w;
        re[u] += NAME(shuffle)(va[u], 1) * w;
      }
    }
    for (unsigned u = 0; u < NAME(UNIT); u++)
      for (unsigned r = 0; r < NAME(REALS); r++) {
        total[0] += (double)(r & 1 ? -re[u][r] : re[u][r]);
        total[1] += (double)im[u][r];
      }
  }
  result[0] += total[0];
  result[1] += total[1];
}

static TARGET void NAME(bracket)(double *result, const void *a,
                                 const kernel_turn_t *turn, unsigned parity,
                                 const void *b, size_t first, size_t last) {
#define CALL(k) NAME(bracket_kind)(result, a, turn, parity, b, first, last, k)
  EACH_KIND(turn->kind, CALL)
#undef CALL
}

/* (a + ib)(re + i im) = (a, b) re + (b, a) (-im, im). */
INLINE vec NAME(product)(vec v, vec t) {
  vec sign;
  for (unsigned r = 0; r < NAME(REALS); r++) sign[r] = r & 1 ? 1 : -1;
  return v * EVEN(t) + NAME(shuffle)(v, 1) * (sign * ODD(t));
}

static TARGET void NAME(double_up)(void *table, size_t half, const double *f) {
  const size_t per = NAME(REALS) / 2;
  if (half < per) {
    real *t = table;
    for (size_t i = 0; i < half; i++) {
      const real re = t[2 * i], im = t[2 * i + 1];
      t[2 * (i + half)] = (real)f[0] * re - (real)f[1] * im;
      t[2 * (i + half) + 1] = (real)f[0] * im + (real)f[1] * re;
    }
    return;
  }
  vec *t = table, im;
  const vec re = (vec){0} + (real)f[0];
  for (unsigned r = 0; r < NAME(REALS); r++)
    im[r] = (real)(r & 1 ? f[1] : -f[1]);
  for (size_t i = 0; i < half / per; i++)
    t[i + half / per] = re * t[i] + im * NAME(shuffle)(t[i], 1);
}

static TARGET void NAME(multiply)(void *amps, const void *table, size_t count) {
  vec *v = amps;
  const vec *t = table;
  for (size_t i = 0; i < count / (NAME(REALS) / 2); i++)
    v[i] = NAME(product)(v[i], t[i]);
}

static TARGET void NAME(cross)(void *q, const void *psi, const void *lambda,
                               size_t count) {
  vec *to = q;
  const vec *p = psi, *l = lambda;
  for (size_t i = 0; i < count / (NAME(REALS) / 2); i++) {
    const vec w = l[i] * NAME(shuffle)(p[i], 1);
    to[i] = w - NAME(shuffle)(w, 1);
  }
}

/* Inside the vectors: k the distance of the numbers of a pair. */
INLINE void NAME(hadamard_within)(vec *q, size_t count, const unsigned k) {
  vec sign;
  for (unsigned r = 0; r < NAME(REALS); r++) sign[r] = r & k ? -1 : 1;
  for (size_t i = 0; i < count; i++)
    q[i] = NAME(shuffle)(q[i], k) + sign * q[i];
}

static TARGET void NAME(hadamard)(void *numbers, unsigned bits) {
  vec *q = numbers;
  const size_t count = ((size_t)1 << bits) / (NAME(REALS) / 2);
#if WIDTH_BITS >= 1
  NAME(hadamard_within)(q, count, 2);
#endif
#if WIDTH_BITS >= 2
  NAME(hadamard_within)(q, count, 4);
#endif
#if WIDTH_BITS >= 3
  NAME(hadamard_within)(q, count, 8);
#endif
  for (size_t half = 1; half < count; half *= 2)
    for (size_t i = 0; i < count; i += 2 * half)
      for (size_t j = i; j < i + half; j++) {
        const vec a = q[j], b = q[j + half];
        q[j] = a + b;
        q[j + half] = a - b;
      }
}

#undef EACH_KIND
#undef SHUFFLE
#undef EVEN
#undef ODD
#undef PICK
#undef ROW
#undef INLINE
