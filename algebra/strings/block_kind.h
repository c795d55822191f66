/* block_kind.h - as which full matrix algebra a component of strings acts on its
   sectors, if it does. Private to algebra. Layer: strings. */
#ifndef LIESCAPE_ALGEBRA_BLOCK_KIND_H
#define LIESCAPE_ALGEBRA_BLOCK_KIND_H

#include "algebra/strings/string_algebra.h"

typedef struct {
  unsigned long beta;
  size_t log_n;       /* N = 2^log_n */
  bool needs_q_zero;  /* O must have q = 0: real or quaternionic */
  f2_span_struct labels; /* L */
  const f2_span_struct *other_labels; /* of a pair: those of the second; or NULL */
} block_kind_t;

/* Does the component act as the full su, so or sp on its sectors? Fills kind,
   whose labels the caller clears. */
bool block_kind_of(block_kind_t *kind, const string_component_struct *c);

#endif
