/* structure.h - what is known of a Lie algebra g and of C^(2^n) under it.

   The result type shared by every way of analysing generators: F_2 linear
   algebra for Pauli strings, exact closure for sums of strings. Numbers are
   exact. Names follow one convention: su(N), so(N) act on C^N; sp(N) is the
   compact symplectic algebra that acts on C^(2N), sp(1) = su(2). Low ranks
   are named once: A1 = su(2), C2 = sp(2) (= so(5)), A3 = su(4) (= so(6)),
   so(4) is two A1; B_n from n = 3, C_n from n = 2, D_n from n = 4.

   Layer: above reason; no strings in it. */
#ifndef LIESCAPE_STRUCTURE_H
#define LIESCAPE_STRUCTURE_H

#include <flint/flint.h>
#include <flint/fmpz.h>
#include <stdbool.h>
#include <stddef.h>

#include "algebra/base/reason.h"

/* A simple ideal; `count` isomorphic copies of it. */
typedef struct {
  char letter;      /* Cartan type: 'A'..'G' */
  fmpz_t rank;      /* D6 has rank 6 */
  fmpz_t dimension; /* of one copy, real */
  fmpz_t count;
} ideal_struct;

typedef enum { FIELD_REAL, FIELD_COMPLEX, FIELD_QUATERNIONIC } field_t;

/* `count` isotypic components, each C^dimension (x) C^multiplicity, of the
   associative algebra that the generators span. field: by the bilinear form on
   C^dimension invariant under g, centre included: symmetric (real),
   antisymmetric (quaternionic), none (complex). A one-dimensional sector on
   which g acts as 0 is real. */
typedef struct {
  fmpz_t dimension;
  fmpz_t multiplicity;
  fmpz_t count;
  field_t field;
} sector_struct;

/* How copies of one ideal act on sectors of one kind: `pairs` pairs (copy,
   sector), in all of which the copy acts by the same irreducible representation,
   named up to the choice of isomorphism of each copy with its type. The pairs not
   counted act as 0. */
typedef struct {
  size_t sector; /* of sectors[] */
  char letter;   /* of the ideal */
  fmpz_t rank;
  fmpz_t pairs;
  fmpz_t dimension;     /* of the representation */
  char *representation; /* "defining", "half-spin", ...: weights.h */
  char *highest_weight; /* "w1 + 2 w3", Bourbaki; NULL: up to an automorphism */
} action_struct;

/* How the algebra was found and proved. */
typedef enum {
  EVIDENCE_NONE,            /* nothing is known of it */
  EVIDENCE_STRINGS,         /* generators are strings: linear algebra over F_2 */
  EVIDENCE_CLOSURE_STRINGS, /* a closure of sums that is spanned by strings, by
                               linear algebra over F_2 from then on */
  EVIDENCE_CLOSURE_FULL,    /* a closure that fills all strings it reaches */
  EVIDENCE_CLOSURE,         /* a closure, invariance checked exactly */
  EVIDENCE_CLOSURE_ROOTS,   /* the same after restriction of scalars */
  EVIDENCE_FERMIONS,        /* Majorana bilinears split in one particle */
  EVIDENCE_SECTORS,         /* the space split first, full algebras recognised */
  EVIDENCE_MODULAR          /* brackets independent modulo a prime: a bound */
} evidence_t;

typedef struct {
  fmpz_t dimension;   /* of g, real */
  fmpz_t center;      /* dimension of the centre of g */
  bool proved;        /* false: dimension is a proved lower bound only */
  bool center_known;  /* false: center means nothing */
  bool ideals_known;  /* ideals[] complete and proved */
  bool sectors_known; /* sectors[] complete and proved */
  size_t num_ideals;
  ideal_struct *ideals; /* sorted by letter, then rank; types distinct */
  size_t num_sectors;
  sector_struct *sectors;
  bool actions_known; /* actions[] complete and proved */
  size_t num_actions;
  action_struct *actions;
  evidence_t evidence;
  reason_t reason; /* why something of dimension, centre or ideals is not known */
  reason_code_t sectors_reason, actions_reason; /* the same for these */
  int64_t sectors_number;                       /* for # in the former */
} structure_struct;
typedef structure_struct structure_t[1];

void structure_init(structure_t s);
void structure_clear(structure_t s);
/* Merges with an entry of the same type. */
void structure_add_ideal(structure_t s, char letter, const fmpz_t rank,
                         const fmpz_t dimension, const fmpz_t count);
/* count copies of so(m), su(m), sp(m) in the convention above, low ranks
   translated (so(4) becomes two A1, so(2) and su(1) add nothing and so do
   empty counts; so(2) is abelian and belongs to the centre). */
void structure_add_so(structure_t s, const fmpz_t m, const fmpz_t count);
void structure_add_su(structure_t s, const fmpz_t m, const fmpz_t count);
void structure_add_sp(structure_t s, const fmpz_t m, const fmpz_t count);
void structure_add_sector(structure_t s, const fmpz_t dimension,
                          const fmpz_t multiplicity, const fmpz_t count,
                          field_t field);
/* Takes the texts (allocated with malloc). Merges with an equal entry. */
void structure_add_action(structure_t s, size_t sector, char letter,
                          const fmpz_t rank, const fmpz_t pairs,
                          const fmpz_t dimension, char *representation,
                          char *highest_weight);

/* Why the sectors are not known: for a reason of their own, or that of the algebra. */
reason_t structure_sectors_reason(const structure_struct *s);

/* "D6"; the caller frees with free(). Likewise "so(12)", where an argument of
   more than 20 digits that is a power of two is written su(2^1000). */
char *ideal_get_type(const ideal_struct *ideal);
char *ideal_get_name(const ideal_struct *ideal);
const char *field_get_str(field_t field);
/* "closure_strings": what a certificate has as algebra.evidence; and a sentence. Both
   NULL for EVIDENCE_NONE. */
const char *evidence_get_word(evidence_t evidence);
const char *evidence_get_text(evidence_t evidence);

#endif
