/* residue_rows.h - vectors of residues in echelon form, with what they are made of.

   Layer: private to algebra, above sector_space. */
#ifndef LIESCAPE_ALGEBRA_RESIDUE_ROWS_H
#define LIESCAPE_ALGEBRA_RESIDUE_ROWS_H

#include "algebra/sectors/sector_space.h"

typedef struct {
  size_t length, rank;
  nmod_t mod;
  uint32_t **rows;
  size_t *lead;
  nmod_mat_t change; /* row k = sum_i change[k][i] vector i */
} residue_rows_struct;

void residue_rows_init(residue_rows_struct *r, size_t length, size_t max,
                       nmod_t mod);
void residue_rows_clear(residue_rows_struct *r);
/* x is reduced; coordinates (max entries) get its part in the vectors that were
   added. True when x becomes 0. */
bool residue_rows_reduce(uint32_t *x, mp_limb_t *coordinates,
                         const residue_rows_struct *r);
/* Adds a vector: its reduced form, which is kept, with the coordinates of what was taken
   away. */
void residue_rows_add(residue_rows_struct *r, uint32_t *reduced,
                      const mp_limb_t *coordinates);

#endif
