/* analysis.h - ansatz in, everything proved out.

   Data flow: ansatz -> generators -> algebra (Pauli strings: F_2; sums:
   closure, and F_2 when it is spanned by strings) -> structure -> landscapes ->
   outlook of each. Covariances, growth of families and suggestions are made
   from an analysis on request (covariance.h, family.h, suggest.h).

   Layer: above all rooms of algebra/ but check/. Nothing is printed; analyses
   in several threads know nothing of each other. */
#ifndef LIESCAPE_ANALYSIS_H
#define LIESCAPE_ANALYSIS_H

#include "algebra/analysis/adjoint.h"
#include "algebra/analysis/outlook.h"
#include "algebra/base/stopwatch.h"
#include "algebra/sums/fermion_structure.h"
#include "algebra/sums/sector_landscape.h"
#include "algebra/couplings/couplings.h"
#include "algebra/generators/generators.h"
#include "algebra/laws/landscape.h"
#include "algebra/strings/string_algebra.h"
#include "algebra/base/structure.h"
#include "algebra/sums/sum_landscape.h"
#include "algebra/sectors/sectors.h"

typedef struct {
  size_t max_dimension; /* of a closure; 0: no limit */
  size_t max_bytes;     /* 0: chosen by the part that needs it */
  unsigned num_threads; /* 0: what OpenMP offers */
  int64_t time_limit_ns;
  /* Called now and then from the calling thread; true stops the work: what is
     proved by then is there. Both may be NULL. */
  bool (*abort)(void *data);
  void *abort_data;
  /* done of total units of a stage; 0 of 0: it begins. */
  void (*progress)(void *data, const char *stage, size_t done, size_t total);
  void *progress_data;
  outlook_thresholds_t thresholds;
} analysis_limits_t;

typedef struct {
  const ansatz_struct *ansatz; /* borrowed */
  analysis_limits_t limits;    /* what it points to is borrowed */
  generator_set_t set;
  bool has_strings; /* the algebra is spanned by strings */
  string_algebra_t strings;
  fermion_algebra_struct *fermions; /* free fermions, or NULL */
  particle_algebra_struct *particles; /* full algebras of one particle, or NULL */
  closure_t closure;           /* sums, when structure comes from it */
  sum_projectors_t projectors; /* likewise */
  bool has_sectors;            /* sums whose sectors were recognised */
  bool sectors_first;          /* structure comes from them */
  sectors_t sectors;
  bool has_equivariant;        /* instead: every permutation fixes the generators */
  equivariant_struct equivariant;
  sector_landscapes_struct *sector_sums; /* on them; NULL otherwise */
  sum_algebra_struct algebra;
  sum_landscapes_struct *sums; /* otherwise; NULL when there is a symbol */
  closure_limits_t sum_limits; /* of moments of sums */
  stopwatch_t whole;           /* of everything, from the beginning */
  stopwatch_t watch;           /* of the algebra, then of the landscapes */
  structure_t structure;
  couplings_t couplings; /* when ansatz->symbol and no roots */
  bool dimension_known;  /* false: nothing at all is known of it */
  /* analysis_find_repeated; 0: not known, or not asked for */
  size_t repetitions;
  fmpz_t repeated_dimension;
  size_t num_landscapes; /* observable by observable, state by state */
  landscape_struct *landscapes;
  adjoint_struct *adjoints; /* one per landscape */
  /* Of the orbits of the states; SIZE_MAX: not known. */
  size_t *orbit_dimensions;
  outlook_struct *outlooks; /* one per landscape */
  bool limit_reached;       /* something is missing for want of a budget */
} analysis_struct;
typedef analysis_struct analysis_t[1];

/* ansatz and what limits points to must outlive the analysis. */
void analysis_init(analysis_t out, const ansatz_t ansatz,
                   const analysis_limits_t *limits);
void analysis_clear(analysis_t out);

/* Sets repetitions and repeated_dimension by finite_depth_repeated. */
void analysis_find_repeated(analysis_t a);

/* What is asked of the analysis from now on (covariances) has what time is left,
   but a tenth of the limit at least. */
void analysis_begin_stage(analysis_t a);

/* Tells the caller's progress callback, if there is one. */
void analysis_progress(const analysis_t a, const char *stage, size_t done,
                       size_t total);

#endif
