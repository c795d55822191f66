/* minima_analysis.h - the law of the local minima, and of the curvature, of one
   landscape in the Wishart class: sampled numbers with their errors, or limits.

   minima.law: { kind, parameters, expected_number, log10_number, quantiles,
   share_below, standard_error, edge }. Levels are (l - least)/(mean - least);
   parameters are the live ones, those that can move the loss.
     sampled  by numeric/sample/minima_law.h: one vector and two levels in finite form;
              the true matrices of any blocks whose spectra are listed, where every live
              parameter turns one string; else Wishart matrices, where their variance is
              nearly that of the loss
     limit    where minima gather as the degrees of freedom grow: from as many live
              parameters as degrees of freedom on, 0; or where none of these can be, or
              the sampling would take too long (finite landscapes have their minima above
              that)
   curvature: the spectrum of the Hessian at a random point, in units of
   mean - least, gates exp(-i theta P/2): numeric/sample/curvature_law.h.

   Layer: cli, above algebra and numeric. */
#ifndef LIESCAPE_CLI_MINIMA_ANALYSIS_H
#define LIESCAPE_CLI_MINIMA_ANALYSIS_H

#include <jansson.h>

#include "algebra/analysis/analysis.h"
#include "algebra/laws/landscape.h"
#include "cli/certify/depth_analysis.h"
#include "numeric/sample/curvature_law.h"
#include "numeric/sample/minima_law.h"

typedef struct {
  size_t live;  /* parameters that can move the loss */
  bool known;   /* the blocks are; else nothing below is set */
  double edge;  /* where minima gather in the limit */
  bool sampled; /* law is; else no more is known than the limit */
  minima_law_t law;
  bool has_curvature;
  curvature_law_t curvature;
} minima_analysis_t;

/* The models sampled last: landscapes that differ by a factor have the same law, which is
   then sampled once. */
enum { MINIMA_SEEN = 16 };
/* A model and what it points to. */
typedef struct {
  minima_model_t model;
  minima_block_t *blocks; /* NULL: nothing is here */
  minima_matrix_t *matrices;
  double *levels; /* of all matrices, as are */
  size_t *multiplicities;
  size_t *groups;
} minima_work_t;
typedef struct {
  bool is_late; /* nothing more is sampled */
  size_t next;
  struct {
    minima_work_t work;
    minima_analysis_t found;
  } of[MINIMA_SEEN];
} minima_seen_t;
void minima_seen_clear(minima_seen_t *seen);

/* Of landscape j. Without Wishart blocks an observable in the algebra has a law too, without
   an edge: on ideals su(2) (minima_spheres.h), or on one ideal so(m), m >= 5, where the
   generators are strings (orbit_minima.h).
   depth: the circuit at its own depth, whose parameters count if there is one, or
   NULL. */
void minima_analysis_find(minima_analysis_t *out, const analysis_struct *a, size_t j,
                          const depth_analysis_struct *depth, minima_seen_t *seen,
                          const certify_limits_t *limits);

/* minima.law and curvature of a certificate, null where nothing is known, or m is
   NULL (certificate_minima.c). */
json_t *minima_law_json(const minima_analysis_t *m);
json_t *minima_curvature_json(const minima_analysis_t *m);

#endif
