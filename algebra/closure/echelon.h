/* echelon.h - rows in echelon form modulo a prime below 2^28, for ranks.

   Layer: private to algebra, beside module. */
#ifndef LIESCAPE_ALGEBRA_ECHELON_H
#define LIESCAPE_ALGEBRA_ECHELON_H

#include <flint/nmod_vec.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  nmod_t mod;
  size_t dim, rank;
  uint32_t **rows; /* 1 at the lead, 0 before it, reduced */
  size_t *lead;
  uint64_t *acc;
} echelon_struct;

void echelon_init(echelon_struct *echelon, size_t dim, nmod_t mod);
void echelon_clear(echelon_struct *echelon);
/* Adds x (dim residues) unless it depends on the rows: false. O(rank dim). */
bool echelon_add(echelon_struct *echelon, const mp_limb_t *x);
/* x = row k, in order of addition. */
void echelon_row(mp_limb_t *x, const echelon_struct *echelon, size_t k);

#endif
