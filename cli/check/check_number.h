/* check_number.h - is a claim a certain number of a finite depth? Private to check. */
#ifndef LIESCAPE_CLI_CHECK_NUMBER_H
#define LIESCAPE_CLI_CHECK_NUMBER_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/base/depth_number.h"

/* Is the claim x, as certificates write numbers of a finite depth? */
bool finite_number_is_right(const json_t *claim, const depth_number_t x);

#endif
