/* depth_average.h - angles, laws and the average of a pair of strings over a
   block of gates. Private.

   With Q = sum c(S,f) e^(i f.theta) S and Q' likewise, the block takes the
   pair (Q, Q') to (S, S') with weight
       sum over f, f' of  Re(c(S,f) conj c'(S',f'))  Phi(f - f'),
   Phi the characteristic function of the angles (for a full period: 1 at 0,
   else 0), and for the squared derivative with respect to theta_k each summand
   is multiplied by omega_k(f) omega_k(f'), omega_k(f) = coefficient of theta_k
   in f.theta. A parameter that occurs both as theta and as pi theta counts,
   over a full period, as two independent angles (their average over the whole
   line, by Weyl's theorem).

   Layer: algebra, above depth_expand. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_AVERAGE_H
#define LIESCAPE_ALGEBRA_DEPTH_AVERAGE_H

#include "algebra/depth/depth_blocks.h"
#include "algebra/depth/depth_cone.h"
#include "algebra/depth/depth_expand.h"
#include "algebra/depth/depth_limits.h"
#include "algebra/base/depth_number.h"

typedef struct {
  size_t parameter;
  bool times_pi;
  fmpz_t den; /* unit of frequency: theta/den or pi theta/den */
} variable_struct;

/* All angles of a cone, read once. */
typedef struct {
  ring_t ring;
  const depth_cone_struct *cone;
  const depth_distribution_t *laws; /* or NULL */
  size_t num_variables;
  variable_struct *variables;
  size_t *node; /* gates tied by parameters */
  angle_struct *angles; /* of the cone's gates, signs and shifts applied */
  /* What depth_blocks orders: the gates and, tied together, the two images of each
     place of noise. */
  size_t num_items;
  size_t *item;      /* gate, or num_gates + 2 place + 1 for the image of Z */
  size_t *item_node;
  uint64_t *item_strings; /* rows of 2w words */
  depth_blocks_t blocks;  /* of the items */
  real_struct factors[4]; /* of noise, by letter */
} circuit_angles_t;

/* As many bits may the denominators of noise have, or balls are taken. */
enum { DEPTH_NOISE_BITS = 2048 };

/* STATUS_LIMIT when a slope is too large for 64-bit frequencies. */
status_t circuit_angles_init(circuit_angles_t *angles, const ansatz_t ansatz,
                             const depth_frame_t frame,
                             const depth_cone_t cone,
                             const depth_distribution_t *laws,
                             slong prec_bits);
void circuit_angles_clear(circuit_angles_t *angles);

/* One block, ready to average. */
typedef struct {
  expand_block_t expand;
  const circuit_angles_t *angles;
  size_t *variables;  /* of the block */
  size_t num_parameters;
  size_t *parameters; /* of the block */
  bool uniform;       /* all of them over full periods */
  size_t num_omegas, alloc_omegas; /* frequencies done */
  real_struct *omegas;             /* num_parameters for each frequency */
  row_table_t differences;
  size_t alloc_phis;
  real_struct *phis; /* one for each difference */
  uint64_t *row;
} average_block_t;

/* items: positions in angles->item[]. */
void average_block_init(average_block_t *block, const circuit_angles_t *angles,
                        const size_t *items, size_t num_items,
                        row_table_struct *strings);
void average_block_clear(average_block_t *block);
/* omega_k(f) for the parameters of the block, and Phi(f - g); valid until the next
   call. */
const real_struct *average_block_omega(average_block_t *block, uint32_t f);
const real_struct *average_block_phi(average_block_t *block, uint32_t f,
                                     uint32_t g);

/* Where a pair goes: unordered pairs of strings, weights of both orders added
   up, and the weights of the squared derivatives. */
typedef struct {
  row_table_t pairs; /* rows: smaller number << 32 | larger number */
  size_t alloc, num_parameters;
  real_struct *weights; /* 1 + num_parameters for each pair */
} outcomes_t;

/* STATUS_LIMIT, nothing to clear: the limits said stop. */
status_t outcomes_init(outcomes_t *out, average_block_t *block,
                       const expansion_t *a, const expansion_t *b,
                       bool gradients, const depth_limits_t *limits);
void outcomes_clear(outcomes_t *out, const ring_t *ring);
static inline uint64_t pair_key(uint32_t a, uint32_t b) {
  return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

#endif
