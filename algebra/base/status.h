/* status.h - what a function that can fail returns.

   Layer: base of everything. A function that returns a status leaves its
   outputs unchanged unless the status is STATUS_OK. Breaking a precondition
   (a programmer's error) is not a status: it asserts. */
#ifndef LIESCAPE_STATUS_H
#define LIESCAPE_STATUS_H

typedef enum {
  STATUS_OK = 0,
  STATUS_BAD_INPUT, /* the data given cannot mean anything */
  STATUS_LIMIT,     /* a budget (memory, time, size) would be exceeded */
  STATUS_UNDECIDED  /* the question was not decided within the precision or
                       the method; never used in place of "no" */
} status_t;

/* Answer to a mathematical question. */
typedef enum { ANSWER_NO = 0, ANSWER_YES = 1, ANSWER_UNDECIDED = 2 } answer_t;

#endif
