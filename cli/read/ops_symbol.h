/* ops_symbol.h - a symbol without a value in an operator file: where it may
   occur, and to what degree. Private to the readers. Layer: cli. */
#ifndef LIESCAPE_CLI_OPS_SYMBOL_H
#define LIESCAPE_CLI_OPS_SYMBOL_H

#include "cli/read/ops_ast.h"
#include "cli/read/override.h"
#include "algebra/base/ansatz.h"

/* *symbol = the statement that declares a symbol for which overrides have no
   value, NULL when there is none. More than one is an error. */
status_t ops_symbol_find(const ops_stmt_t **symbol, const ops_parse_t *parse,
                         const reader_override_t *overrides,
                         size_t num_overrides);
/* *degree = the largest degree of a generator in it. Anything but a polynomial in a
   generator's coefficients is an error. */
/* A square root counts as another symbol; symbol may be NULL. */
status_t ops_symbol_degree(size_t *degree, const ops_parse_t *parse,
                           const ops_stmt_t *symbol);
/* Is this the name that a statement declares? */
bool ops_symbol_is(const ops_stmt_t *stmt, const char *name, size_t length);

#endif
