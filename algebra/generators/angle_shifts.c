#include "algebra/generators/angle_shifts.h"

/* Comparisons of rotations before constants are left as they are. */
enum { MAX_COMPARISONS = 20000000 };

typedef struct {
  const ansatz_struct *ansatz;
  fmpq *pi_parts, *rad_parts;
  long left;
} work_t;

static const angle_term_struct *term_of(const rotation_struct *rotation,
                                        size_t parameter) {
  for (size_t t = 0; t < rotation->angle->num_terms; t++)
    if (rotation->angle->terms[t].parameter == parameter)
      return rotation->angle->terms + t;
  return NULL;
}

/* Two terms of one parameter, in radians and in units of pi. */
static bool is_mixed(const rotation_struct *rotation, const angle_term_struct *term) {
  size_t at = (size_t)(term - rotation->angle->terms) + 1;
  return at < rotation->angle->num_terms && term[1].parameter == term->parameter;
}

static bool is_clifford(const fmpq_t pi_part, const fmpq_t rad_part) {
  unsigned turns;
  angle_t angle;
  angle_init(angle);
  fmpq_set(angle->pi_part, pi_part);
  fmpq_set(angle->rad_part, rad_part);
  bool is = angle_is_clifford(&turns, angle);
  angle_clear(angle);
  return is;
}

/* (pi, rad) = constant r less ratio times constant `from`. */
static void reduce(fmpq_t pi, fmpq_t rad, const work_t *work, size_t r, size_t from,
                   const fmpq_t ratio) {
  fmpq_mul(pi, ratio, work->pi_parts + from);
  fmpq_mul(rad, ratio, work->rad_parts + from);
  fmpq_sub(pi, work->pi_parts + r, pi);
  fmpq_sub(rad, work->rad_parts + r, rad);
}

/* One pass over the rotations of the parameter: is, or (apply) becomes, everything a
   multiple of pi/2 when the constant of rotation `from` is shifted away? */
static bool pass(work_t *work, size_t from, size_t parameter, bool apply) {
  const rotation_struct *rotations = work->ansatz->rotations;
  const angle_term_struct *own = term_of(rotations + from, parameter);
  bool ok = !is_mixed(rotations + from, own);
  fmpq_t ratio, pi, rad;
  fmpq_init(ratio);
  fmpq_init(pi);
  fmpq_init(rad);
  for (size_t r = 0; r < work->ansatz->num_rotations && ok; r++) {
    const angle_term_struct *term = term_of(rotations + r, parameter);
    if (!term || r == from) continue;
    ok = --work->left > 0 && term->times_pi == own->times_pi &&
         !is_mixed(rotations + r, term);
    if (!ok) break;
    fmpq_div(ratio, term->coeff, own->coeff);
    reduce(pi, rad, work, r, from, ratio);
    ok = is_clifford(pi, rad);
    if (!apply) continue;
    fmpq_swap(work->pi_parts + r, pi);
    fmpq_swap(work->rad_parts + r, rad);
  }
  if (ok && apply) {
    fmpq_zero(work->pi_parts + from);
    fmpq_zero(work->rad_parts + from);
  }
  fmpq_clear(ratio);
  fmpq_clear(pi);
  fmpq_clear(rad);
  return ok;
}

void angle_shifts(fmpq *pi_parts, fmpq *rad_parts, const ansatz_t ansatz) {
  work_t work = {ansatz, pi_parts, rad_parts, MAX_COMPARISONS};
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    fmpq_set(pi_parts + r, ansatz->rotations[r].angle->pi_part);
    fmpq_set(rad_parts + r, ansatz->rotations[r].angle->rad_part);
  }
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    if (!angle->num_terms || is_clifford(pi_parts + r, rad_parts + r)) continue;
    work.left -= (long)ansatz->num_rotations;
    for (size_t t = 0; t < angle->num_terms && work.left > 0; t++)
      if (pass(&work, r, angle->terms[t].parameter, false)) {
        pass(&work, r, angle->terms[t].parameter, true);
        break;
      }
  }
}
