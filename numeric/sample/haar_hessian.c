#include "numeric/sample/haar_hessian.h"

#include <math.h>
#include <string.h>

#include "numeric/sample/field.h"

/* --- layout: of each gate two Gammas, then those of Bartlett's diagonals; of each gate
   the imaginary a and a', then <e0|f>; then the vectors, two of each gate ------------- */

enum { PART_UPPER, PART_LOWER, PARTS };

bool haar_hessian_init(haar_hessian_t *out, size_t p, size_t beta, double size,
                       double rank, bool is_free) {
  if (!p || size < 4 || fmod(size, 2) != 0 || !(rank >= 1 && rank < size)) return false;
  *out = (haar_hessian_t){.p = p, .beta = beta, .size = size,
                          .rooms = {rank - 1, size - rank - 1}, .is_free = is_free};
  for (size_t part = 0; part < PARTS; part++) {
    out->is_triangular[part] = out->rooms[part] >= 2 * (double)p;
    out->columns[part] = out->is_triangular[part] ? 2 * p : (size_t)out->rooms[part];
  }
  return true;
}

static size_t num_imaginary(const haar_hessian_t *s) { return s->beta > 1 ? 2 * s->p : 0; }

static size_t num_overlap(const haar_hessian_t *s) { return s->beta - !s->is_free; }

size_t haar_hessian_gammas(const haar_hessian_t *s) {
  size_t count = num_imaginary(s);
  for (size_t part = 0; part < PARTS; part++)
    if (s->is_triangular[part]) count += 2 * s->p;
  return count;
}

size_t haar_hessian_normals(const haar_hessian_t *s) {
  size_t count = s->p * (2 * (s->beta - 1) + num_overlap(s));
  for (size_t part = 0; part < PARTS; part++)
    count += s->is_triangular[part] ? s->beta * s->p * (2 * s->p - 1)
                                    : s->beta * 2 * s->p * s->columns[part];
  return count;
}

void haar_hessian_shapes(double *shapes, const haar_hessian_t *s) {
  double beta = (double)s->beta;
  for (size_t i = 0; i < num_imaginary(s); i += 2) {
    *shapes++ = beta * (s->size - 2) / 4 + (s->is_free ? 1 : 0.5);
    *shapes++ = beta * (s->size - 4) / 4 + 1;
  }
  for (size_t part = 0; part < PARTS; part++)
    for (size_t i = 0; s->is_triangular[part] && i < 2 * s->p; i++)
      *shapes++ = beta * (s->rooms[part] - (double)i) / 2;
}

double haar_hessian_log_density(const haar_hessian_t *s) {
  double d = (double)s->beta * (s->size - 1), half = ((double)s->beta - 1) / 2;
  double power = (double)s->beta * (s->size - 2) / 4;
  double sum = lgamma(d / 2) - lgamma((d - 1) / 2) - log(M_PI) / 2;
  /* Mean of (1 - |a|^2)^(-1/2). */
  if (s->beta > 1)
    sum += lgamma(power + 0.5) - lgamma(power + 0.5 + half) - lgamma(power + 1) +
           lgamma(power + 1 + half);
  return sum;
}

size_t haar_hessian_room(const haar_hessian_t *s) {
  return s->beta * 4 * s->p * (s->columns[0] + s->columns[1] + 2);
}

double haar_hessian_operations(const haar_hessian_t *s) {
  double p = (double)s->p, beta = (double)s->beta;
  return (p * p / 2 + 8 * beta * p) * beta * (double)(s->columns[0] + s->columns[1] + 2);
}

/* --- one gate ---------------------------------------------------------------------------- */

/* Imaginary, of density (1 - |a|^2)^(shape of the Gamma - 1); *rest = sqrt(1 - |a|^2). */
static number_t imaginary(double *rest, const double *normals, double gamma,
                          size_t beta) {
  number_t a = {{0}};
  for (size_t k = 1; k < beta; k++) a.x[k] = normals[k - 1];
  double length = sqrt(norm2(a) + 2 * gamma);
  *rest = sqrt(2 * gamma) / length;
  return scaled(1 / length, a);
}

/* Of one gate: J at e1 and e0. Beside those two directions they are x1 k1 and
   x1 k2 + x2 k3, x1 and x2 the two vectors drawn. */
typedef struct {
  number_t upper1, lower1, upper0, lower0; /* <e1|a>, <e0|a>, <e1|b>, <e0|b> */
  number_t k2;
  double k1, k3;
} images_t;

typedef struct {
  double square1, square2; /* |x1|^2, |x2|^2 */
  number_t product;        /* <x1|x2> */
} products_t;

static void add_products(products_t *out, const double *x1, const double *x2,
                         size_t columns, size_t beta) {
  for (size_t c = 0; c < columns; c++, x1 += beta, x2 += beta) {
    number_t a = get(x1, beta), b = get(x2, beta);
    out->square1 += norm2(a);
    out->square2 += norm2(b);
    out->product = add(out->product, 1, times(conjugate(a), b));
  }
}

/* overlap: <e0|f> but for the length of f. */
static images_t find_images(number_t a, double rest, number_t inner, double inner_rest,
                            number_t overlap, const products_t *x) {
  images_t out;
  double length = sqrt(norm2(overlap) + x->square1);
  number_t f0 = scaled(1 / length, overlap), f = conjugate(f0);
  double left = 1 - norm2(f0); /* |e0 - f <f|e0>|^2 */
  /* x2 without its part along x1. */
  double across = x->square2 - norm2(x->product) / x->square1;
  number_t along = scaled(1 / x->square1, x->product);
  out.upper1 = a;
  out.lower1 = scaled(rest, f0);
  out.k1 = rest / length;
  out.upper0 = scaled(-rest, f);
  out.lower0 = add(scaled(left, inner), -1, times(f0, times(a, f)));
  out.k3 = across > 0 ? sqrt(fmax(left, 0) / across) * inner_rest : 0;
  out.k2 = add(scaled(-1 / length, add(times(a, f), 1, times(f, inner))), -out.k3, along);
  return out;
}

/* The rows of one part, written out. */
static void fill(double *rows, const haar_hessian_t *s, size_t part,
                 const double **gammas, const double **normals) {
  size_t beta = s->beta, width = s->columns[part] * beta;
  for (size_t i = 0; i < 2 * s->p; i++, rows += width) {
    size_t given = s->is_triangular[part] ? i * beta : width;
    memcpy(rows, *normals, given * sizeof *rows);
    *normals += given;
    if (!s->is_triangular[part]) continue;
    memset(rows + given, 0, (width - given) * sizeof *rows);
    rows[given] = sqrt(2 * *(*gammas)++);
  }
}

/* rows x1, x2 of a gate become y and what it is multiplied by. */
static void turn(double *x1, double *x2, const haar_hessian_t *s, size_t part,
                 const images_t *m, double root, double co_root) {
  size_t beta = s->beta;
  double matrix[4][4]; /* u -> u k2 */
  for (size_t k = 0; k < beta; k++) {
    number_t unit = {{0}};
    unit.x[k] = 1;
    put(matrix[k], times(unit, m->k2), beta);
  }
  for (size_t c = 0; c < s->columns[part]; c++, x1 += beta, x2 += beta) {
    double u[4], b[4];
    for (size_t k = 0; k < beta; k++) {
      u[k] = x1[k];
      b[k] = m->k3 * x2[k];
    }
    for (size_t k = 0; k < beta; k++)
      for (size_t l = 0; l < beta; l++) b[k] += u[l] * matrix[l][k];
    for (size_t k = 0; k < beta; k++) {
      x1[k] = root * m->k1 * u[k] + co_root * b[k];
      x2[k] = part == PART_UPPER ? co_root * b[k] : -root * m->k1 * u[k];
    }
  }
}

static void add_half_products(double *h, const double *rows, size_t p, size_t width) {
  for (size_t j = 0; j < p; j++)
    for (size_t i = 0; i <= j; i++)
      h[j * p + i] += haar_hessian_dot(rows + 2 * i * width, rows + (2 * j + 1) * width,
                                       width) / 2;
}

void haar_hessian_make(double *h, double *room, const double *gammas,
                       const double *normals, double q, const haar_hessian_t *s) {
  size_t p = s->p, beta = s->beta, per_gate = 2 * (beta - 1) + num_overlap(s);
  size_t widths[PARTS] = {s->columns[0] * beta, s->columns[1] * beta};
  double *rows[PARTS] = {room, room + 2 * p * widths[0]};
  double *ends = rows[1] + 2 * p * widths[1], root = sqrt(q), co_root = sqrt(1 - q);
  const double *vectors = normals + p * per_gate, *diagonals = gammas + num_imaginary(s);
  for (size_t part = 0; part < PARTS; part++)
    fill(rows[part], s, part, &diagonals, &vectors);
  for (size_t j = 0; j < p; j++, normals += per_gate) {
    products_t x = {0};
    double rest = 1, inner_rest = 1;
    number_t a = {{0}}, inner = {{0}}, overlap = {{0}};
    if (beta > 1) {
      a = imaginary(&rest, normals, gammas[2 * j], beta);
      inner = imaginary(&inner_rest, normals + beta - 1, gammas[2 * j + 1], beta);
    }
    for (size_t k = 0; k < num_overlap(s); k++)
      overlap.x[k + !s->is_free] = normals[2 * (beta - 1) + k];
    for (size_t part = 0; part < PARTS; part++) {
      double *x1 = rows[part] + 2 * j * widths[part];
      add_products(&x, x1, x1 + widths[part], s->columns[part], beta);
    }
    images_t m = find_images(a, rest, inner, inner_rest, overlap, &x);
    for (size_t part = 0; part < PARTS; part++) {
      double *x1 = rows[part] + 2 * j * widths[part];
      turn(x1, x1 + widths[part], s, part, &m, root, co_root);
    }
    double *end = ends + 4 * j * beta; /* y at e1, e0, then its partner */
    put(end, add(scaled(root, m.upper1), co_root, m.upper0), beta);
    put(end + beta, add(scaled(root, m.lower1), co_root, m.lower0), beta);
    put(end + 2 * beta, scaled(co_root, m.upper0), beta);
    put(end + 3 * beta, scaled(-root, m.lower1), beta);
  }
  memset(h, 0, p * p * sizeof *h);
  for (size_t part = 0; part < PARTS; part++)
    add_half_products(h, rows[part], p, widths[part]);
  add_half_products(h, ends, p, 2 * beta);
}
