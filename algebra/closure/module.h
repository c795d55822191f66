/* module.h - a proved span as a module: exact matrices of its maps, and the
   endomorphisms of a cyclic module.

   Basis k of the module is basis element k of the span (reduced echelon form),
   coordinates of an element are its entries at the pivots. G_j is the matrix
   of map j (span.h: half brackets, primitive operators).

   Endomorphisms. Let v generate the module M under the G_j. An endomorphism
   phi (a linear map that commutes with every G_j) is fixed by w = phi(v), and
   w qualifies iff every relation sum_k c_k u_k v = 0 between words u_k in the
   G_j also holds for w. Modulo a prime, random combinations of the relations
   give a linear system whose nullity bounds dim End(M) from above (over Q too,
   since a nullity can only grow modulo a prime). Its solutions are lifted to
   Q; the matrices of endomorphisms are lifted and checked to commute with
   every G_j exactly, which proves the lower bound.

   Layer: private to algebra, above span. */
#ifndef LIESCAPE_ALGEBRA_MODULE_H
#define LIESCAPE_ALGEBRA_MODULE_H

#include "algebra/base/flint_compat.h"
#include "algebra/closure/span.h"

typedef struct {
  uint32_t length;
  uint32_t *idx;
  fmpq *val;
} sparse_vector_struct;

typedef struct {
  size_t dim, num_maps;
  sparse_vector_struct *images; /* of basis k under map j: [j * dim + k] */
  uint32_t *pivot_column;       /* column of the span, per basis element */
} module_struct;

void module_init(module_struct *module, const span_struct *span);
void module_clear(module_struct *module);
static inline const sparse_vector_struct *
module_image(const module_struct *module, size_t map, size_t k) {
  return module->images + map * module->dim + k;
}

/* Basis elements as lists of (column, coefficient), pivot included. */
void span_basis_vector(sparse_vector_struct *out, const span_struct *span,
                       size_t k);
void sparse_vector_clear(sparse_vector_struct *v);

/* Coordinates (a 1 x dim matrix) of an operator that lies in the span. */
void module_coordinates(fmpq_mat_t x, const module_struct *module,
                        const span_struct *span, const pauli_sum_struct *a);
/* The operator with these coordinates. */
status_t module_operator(pauli_sum_struct *out, const fmpq_mat_t x,
                         const span_struct *span, size_t max_terms);
/* y = x G_j for row vectors: the image under map j. */
void module_apply(fmpq_mat_t y, const fmpq_mat_t x,
                  const module_struct *module, size_t map);

/* --- modulo a prime, shared by the files of this module ------------------- */

typedef struct {
  nmod_t mod;
  size_t dim, num_maps;
  uint32_t **idx;   /* per image */
  mp_limb_t **val;
  uint32_t *length;
} module_mod_struct;

/* False when the prime divides a denominator. */
bool module_mod_init(module_mod_struct *m, const module_struct *module,
                     mp_limb_t prime);
void module_mod_clear(module_mod_struct *m);
void module_mod_apply(mp_limb_t *y, const mp_limb_t *x,
                      const module_mod_struct *m, size_t map);
/* out (num_columns of the span) = the vector with these coordinates, on columns. */
bool span_on_columns(mp_limb_t *out, const span_struct *span,
                     const mp_limb_t *x, nmod_t mod);
/* Left null space: rows of out (which is initialised here), reduced echelon. */
void module_mod_left_kernel(nmod_mat_t out, const nmod_mat_t a);
/* Likewise for all w killed by every map that kills v. */
void module_mod_fixed(nmod_mat_t out, const module_mod_struct *m,
                      const mp_limb_t *v);
/* Words: word k is word parent[k] followed by map map[k], or seed number
   map[k] when parent[k] = UINT32_MAX. */
typedef struct {
  size_t num, alloc_dim;
  uint32_t *parent, *map;
  mp_limb_t **vectors; /* u_k v themselves */
  mp_limb_t **echelon; /* reduced against each other, 1 at the lead */
  size_t *lead;
} words_struct;
/* Stops early, with words->num < dim, when limits->abort says so. */
void words_init(words_struct *words, const module_mod_struct *m,
                mp_limb_t *const *seeds, size_t num_seeds,
                const closure_limits_t *limits);
void words_clear(words_struct *words);
/* The same step by step: nothing yet; then x, unless it depends on what is there
   (false). */
void words_begin(words_struct *words, size_t dim);
bool words_add(words_struct *words, const module_mod_struct *m,
               const mp_limb_t *x, uint32_t parent, uint32_t map);
/* Row k of out = word k applied to another vector. */
void words_replay(nmod_mat_t out, const words_struct *words,
                  const module_mod_struct *m, const mp_limb_t *w);
/* x modulo the prime; false when a denominator vanishes. */
bool module_row_mod(mp_limb_t *out, const fmpq_mat_t x, size_t row, nmod_t mod);

/* End(M) for the cyclic vector v: num = dim End(M). */
typedef struct {
  size_t num, dim;
  fmpq_mat_t w;    /* num x dim, reduced echelon: phi_i(v) */
  size_t *pivots;
} endo_struct;

/* killer: NULL, or a function that sets out (dim x dim, acting on row vectors) to
   the residues of a matrix in the algebra generated by the G_j with v * killer
   = 0; makes the search shorter. STATUS_UNDECIDED when v is not cyclic or the
   lift fails, STATUS_LIMIT when limits->abort (limits may be NULL) said stop. */
typedef struct {
  void (*set)(nmod_mat_t out, const module_mod_struct *m, const void *data);
  const void *data;
} endo_killer_t;
status_t endo_init(endo_struct *endo, const module_struct *module,
                   const fmpq_mat_t v, const endo_killer_t *killer,
                   const closure_limits_t *limits);
/* Instead: all w killed by every map that kills v, proved the same way (nullity
   modulo a prime from above, exact check from below). */
status_t endo_init_fixed(endo_struct *endo, const module_struct *module,
                         const fmpq_mat_t v, const closure_limits_t *limits);
void endo_clear(endo_struct *endo);
/* The matrix phi (acting on row vectors, x -> x phi) with phi(v) = w, checked
   exactly to commute with every G_j. phi is initialised, dim x dim. */
status_t endo_matrix(fmpq_mat_t phi, const module_struct *module,
                     const fmpq_mat_t v, const fmpq_mat_t w,
                     const closure_limits_t *limits);
static inline bool limits_abort(const closure_limits_t *limits) {
  return limits && limits->abort && limits->abort(limits->abort_data);
}
/* Dimension modulo a prime of the submodule generated by the rows of x: a lower
   bound for that over Q. */
size_t module_submodule_dimension(const module_struct *module,
                                  const fmpq_mat_t x,
                                  const closure_limits_t *limits);

#endif
