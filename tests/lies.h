/* lies.h - certificates whose lies agree with one another: several members are altered
   together, so that sums and counts still come out right. */
#ifndef LIESCAPE_TESTS_LIES_H
#define LIESCAPE_TESTS_LIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { LIES_NUM = 9 };

/* Alters a true certificate by lie number k; `other` is a true certificate of another
   ansatz, or NULL. False: it does not apply, and what was altered, if anything, may be
   true. */
bool lie_tell(json_t *certificate, size_t k, const json_t *other);
const char *lie_name(size_t k);

#endif
