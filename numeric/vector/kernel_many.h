/* kernel_many.h - the loops of kernels.h for a row of states, 64 bytes of numbers.

   Included several times with
     NAME(f)  the function's name,   TARGET  attributes (instruction set),
     real     the numbers,           vec     the type of one row.
   Amplitude i is two rows, real and imaginary parts; a unit is one amplitude. */

enum { NAME(BITS) = 0 };
#define LANES (sizeof(vec) / sizeof(real))
/* The same row in doubles. */
typedef double NAME(wide)
    __attribute__((vector_size(64 / sizeof(real) * 8), aligned(64), may_alias));
#define WIDE(row) __builtin_convertvector(row, NAME(wide))
#define ROW_OF(numbers) \
  __builtin_convertvector(*(const NAME(wide) *)(numbers), vec)

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
  const vec one = (vec){0} + 1;
  *(vec *)turn->sigma = phase & 2 ? -one : one;
}

static TARGET void NAME(load)(kernel_turn_t *turn, const double *c,
                              const double *s, bool unit) {
  const vec sine = ROW_OF(s), sigma = *(const vec *)turn->sigma;
  vec t = sigma;
  if (!unit) t *= sine;
  *(vec *)turn->cosine = ROW_OF(c);
  *(vec *)turn->sine = sine;
  *(vec *)turn->table[0][0] = t;
  *(vec *)turn->table[1][0] = -t;
}

static inline TARGET const vec *NAME(row)(const kernel_turn_t *turn,
                                          unsigned parity, size_t i) {
  return (const vec *)turn
      ->table[parity ^ (unsigned)__builtin_parityll(turn->z & i)][0];
}

static inline __attribute__((always_inline)) TARGET void NAME(rotate_pairs)(
    vec *v, const kernel_turn_t *turn, unsigned parity, size_t first,
    size_t last, const bool odd) {
  const vec c = *(const vec *)turn->cosine;
  const uint64_t x = turn->x, z = turn->z;
  const unsigned pivot = NAME(pivot)(x);
  for (size_t n = first; n < last; n++) {
    const size_t i = NAME(spread)(n, pivot);
    vec *a = v + 2 * i, *b = v + 2 * (i ^ x);
    const vec t = *(const vec *)turn
                       ->table[parity ^ (unsigned)__builtin_parityll(z & i)][0];
    const vec ir = a[0], ii = a[1], jr = b[0], ji = b[1];
    if (odd) {
      a[0] = c * ir - t * jr;
      a[1] = c * ii - t * ji;
      b[0] = c * jr + t * ir;
      b[1] = c * ji + t * ii;
    } else {
      a[0] = c * ir + t * ji;
      a[1] = c * ii - t * jr;
      b[0] = c * jr + t * ii;
      b[1] = c * ji - t * ir;
    }
  }
}

static TARGET void NAME(rotate)(void *amps, const kernel_turn_t *turn,
                                unsigned parity, size_t first, size_t last) {
  vec *v = amps;
  if (turn->paired && turn->odd) {
    NAME(rotate_pairs)(v, turn, parity, first, last, true);
    return;
  }
  if (turn->paired) {
    NAME(rotate_pairs)(v, turn, parity, first, last, false);
    return;
  }
  const vec c = *(const vec *)turn->cosine;
  for (size_t i = first; i < last; i++) {
    const vec re = v[2 * i], im = v[2 * i + 1];
    const vec t = *NAME(row)(turn, parity, i);
    v[2 * i] = c * re + t * im;
    v[2 * i + 1] = c * im - t * re;
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

/* Constants odd and both are compiled in; x = 0 is a case of its own. */
static inline __attribute__((always_inline)) TARGET void NAME(back_pairs)(
    vec *psi, vec *lambda, double *sums, const kernel_turn_t *turn,
    unsigned parity, size_t first, size_t last, const bool odd,
    const bool both) {
  const vec c = *(const vec *)turn->cosine, s = *(const vec *)turn->sine;
  const uint64_t x = turn->x, z = turn->z;
  const unsigned pivot = NAME(pivot)(x);
  vec sum = {0};
  for (size_t n = first; n < last; n++) {
    const size_t i = NAME(spread)(n, pivot);
    vec *a = psi + 2 * i, *b = psi + 2 * (i ^ x);
    vec *l = lambda + 2 * i, *m = lambda + 2 * (i ^ x);
    const vec t = *(const vec *)turn
                       ->table[parity ^ (unsigned)__builtin_parityll(z & i)][0];
    const vec st = s * t;
    const vec ar = a[0], ai = a[1], br = b[0], bi = b[1];
    const vec lr = l[0], li = l[1], mr = m[0], mi = m[1];
    if (odd) {
      sum += t * ((mr * ar + mi * ai) - (lr * br + li * bi));
      l[0] = c * lr - st * mr;
      l[1] = c * li - st * mi;
      m[0] = c * mr + st * lr;
      m[1] = c * mi + st * li;
      if (!both) continue;
      a[0] = c * ar - st * br;
      a[1] = c * ai - st * bi;
      b[0] = c * br + st * ar;
      b[1] = c * bi + st * ai;
    } else {
      sum += t * ((lr * bi - li * br) + (mr * ai - mi * ar));
      l[0] = c * lr + st * mi;
      l[1] = c * li - st * mr;
      m[0] = c * mr + st * li;
      m[1] = c * mi - st * lr;
      if (!both) continue;
      a[0] = c * ar + st * bi;
      a[1] = c * ai - st * br;
      b[0] = c * br + st * ai;
      b[1] = c * bi - st * ar;
    }
  }
  *(NAME(wide) *)sums += WIDE(sum);
}

static inline __attribute__((always_inline)) TARGET void NAME(back_part)(
    void *psi, void *lambda, double *sums, const kernel_turn_t *turn,
    unsigned parity, size_t first, size_t last, const bool both) {
  vec *v = psi, *l = lambda, sum = {0};
  if (turn->paired && turn->odd) {
    NAME(back_pairs)(v, l, sums, turn, parity, first, last, true, both);
    return;
  }
  if (turn->paired) {
    NAME(back_pairs)(v, l, sums, turn, parity, first, last, false, both);
    return;
  }
  const vec c = *(const vec *)turn->cosine, s = *(const vec *)turn->sine;
  for (size_t i = first; i < last; i++) {
    const vec t = *NAME(row)(turn, parity, i), st = s * t;
    const vec re = v[2 * i], im = v[2 * i + 1];
    const vec lr = l[2 * i], li = l[2 * i + 1];
    sum += t * (lr * im - li * re);
    l[2 * i] = c * lr + st * li;
    l[2 * i + 1] = c * li - st * lr;
    if (!both) continue;
    v[2 * i] = c * re + st * im;
    v[2 * i + 1] = c * im - st * re;
  }
  *(NAME(wide) *)sums += WIDE(sum);
}

static inline __attribute__((always_inline)) TARGET void NAME(back_both)(
    void *psi, void *lambda, double *sums, const kernel_turn_t *turn,
    unsigned parity, size_t first, size_t last, const bool both) {
  for (size_t from = first, end; from < last; from = end) {
    end = PARTIAL_END(from, last);
    NAME(back_part)(psi, lambda, sums, turn, parity, from, end, both);
  }
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
  const vec fr = ROW_OF(f_rows), fi = ROW_OF(f_rows + LANES);
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
  NAME(wide) *r = (NAME(wide) *)result;
  for (size_t from = first, end; from < last; from = end) {
    vec re = {0}, im = {0};
    end = PARTIAL_END(from, last);
    for (size_t i = from; i < end; i++) {
      const size_t j = i ^ turn->x;
      const vec t = *NAME(row)(turn, parity, i);
      vec wr, wi;
      APPLY(wr, wi, t, b, j);
      re += a[2 * i + 1] * wr - a[2 * i] * wi;
      im += a[2 * i] * wr + a[2 * i + 1] * wi;
    }
    r[0] += WIDE(re);
    r[1] += WIDE(im);
  }
}
#undef APPLY

static TARGET void NAME(double_up)(void *table, size_t half, const double *f) {
  vec *t = table;
  const vec re = ROW_OF(f), im = ROW_OF(f + LANES);
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

static TARGET void NAME(cross)(void *q, const void *psi, const void *lambda,
                               size_t count) {
  vec *to = q;
  const vec *p = psi, *l = lambda;
  for (size_t i = 0; i < count; i++)
    to[i] = l[2 * i] * p[2 * i + 1] - l[2 * i + 1] * p[2 * i];
}

static TARGET void NAME(hadamard)(void *numbers, unsigned bits) {
  vec *q = numbers;
  const size_t count = (size_t)1 << bits;
  for (size_t half = 1; half < count; half *= 2)
    for (size_t i = 0; i < count; i += 2 * half)
      for (size_t j = i; j < i + half; j++) {
        const vec a = q[j], b = q[j + half];
        q[j] = a + b;
        q[j + half] = a - b;
      }
}

#undef WIDE
#undef ROW_OF
#undef LANES
