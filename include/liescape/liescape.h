/* liescape.h - the front door of the library.

   Text of a circuit or of a list of generators in, everything proved out: Lie
   algebra, sectors, exact moments of the loss, outlook (what they mean for
   training), growth of families, suggestions. The result is a certificate, JSON
   text as `liescape certify --json` writes it, and can be read member by member.
   Every exact number is a string ("276", "-11/276"); what is not known is null.

       liescape_input_t *input = liescape_input_new("tfim", text, length);
       liescape_input_add_observable(input, "Z0 Z1");
       if (liescape_analyze(&analysis, &error, input, NULL) == LIESCAPE_OK)
         puts(liescape_get_text(analysis, "algebra.dimension"));

   C and C++; needs no other header. Nothing else is exported by the library.

   Ownership. What a function named _new or an argument `out` gives belongs to the
   caller, who releases it with the _free or _clear of its type; NULL is allowed
   there. Texts handed in are copied. Texts handed out as `const char *` belong
   to the object they come from and live as long.

   Errors. A function that can fail returns a status and leaves its outputs as
   they were unless it is LIESCAPE_OK, but for the error, which is then set.
   Budgets that run out are no errors: what was proved by then is there,
   liescape_is_complete says no, and reasons stand in the certificate. Breaking a
   precondition (NULL where it is not allowed) is not caught. When memory runs
   out, and on an internal error, FLINT writes a message and calls abort().

   Threads. Functions may be called from any thread. An input or an analysis may
   be used by several threads at once as long as none of them changes or frees
   it; several analyses in several threads know nothing of each other. Callbacks
   run in the thread that called liescape_analyze or liescape_sweep. A thread
   that ends should call liescape_thread_end first: FLINT keeps caches for each. */
#ifndef LIESCAPE_LIESCAPE_H
#define LIESCAPE_LIESCAPE_H

#include <stddef.h>
#include <stdint.h>

#define LIESCAPE_VERSION_MAJOR 0
#define LIESCAPE_VERSION_MINOR 1
#define LIESCAPE_VERSION_PATCH 0
#define LIESCAPE_VERSION "0.1.0"

#if defined(__GNUC__)
#define LIESCAPE_API __attribute__((visibility("default")))
#else
#define LIESCAPE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Of the library that is linked; LIESCAPE_VERSION is that of this header. */
LIESCAPE_API const char *liescape_version(void);

typedef enum {
  LIESCAPE_OK = 0,
  LIESCAPE_BAD_INPUT, /* the text, or an option, cannot mean anything */
  LIESCAPE_LIMIT      /* the text is beyond the limits of the readers */
} liescape_status_t;

/* --- what is to be analysed ---------------------------------------------------- */

typedef struct liescape_input liescape_input_t;

typedef enum {
  LIESCAPE_FORMAT_AUTO = 0, /* by the name (.qasm, .ops), else the first word */
  LIESCAPE_FORMAT_QASM,     /* OpenQASM 2 or 3 */
  LIESCAPE_FORMAT_OPS       /* operator file */
} liescape_format_t;

/* name stands for the file in messages and in the certificate. The text is looked
   at by liescape_analyze only. */
LIESCAPE_API liescape_input_t *liescape_input_new(const char *name,
                                                  const char *text,
                                                  size_t length);
/* Generators H_j of exp(-i theta H_j) as expressions, "X0 X1 + 1/2 Z0". */
LIESCAPE_API liescape_input_t *
liescape_input_new_generators(size_t num_qubits, const char *const *generators,
                              size_t num_generators);
LIESCAPE_API void liescape_input_free(liescape_input_t *input);

LIESCAPE_API void liescape_input_set_format(liescape_input_t *input,
                                            liescape_format_t format);
/* The value of a name in the text: "3", "-1/2", "0.25", "3*pi/4". */
LIESCAPE_API void liescape_input_override(liescape_input_t *input,
                                          const char *name, const char *value);
/* "Z0 Z1 + 1/2 X2"; beside those in the text. */
LIESCAPE_API void liescape_input_add_observable(liescape_input_t *input,
                                                const char *expression);
/* "zero", "plus", "ghz", "bits 0101", ...; zero when there is none at all. */
LIESCAPE_API void liescape_input_add_state(liescape_input_t *input,
                                           const char *state);
/* Such states, one a line of a text (# for comments); file names it in errors. */
LIESCAPE_API void liescape_input_add_data(liescape_input_t *input, const char *file,
                                          const char *text);
/* How angles are drawn, "normal:1/10" or "NAME=interval:pi/8". */
LIESCAPE_API void liescape_input_add_angles(liescape_input_t *input,
                                            const char *law);
/* Noise after every gate, "depolarizing=1/1000,readout=0.02": in the place of what the
   text says. */
LIESCAPE_API void liescape_input_set_noise(liescape_input_t *input,
                                           const char *noise);

/* --- how much work it may take -------------------------------------------------- */

typedef struct {
  size_t max_dimension;   /* of a closure of sums (4096); 0: no limit */
  size_t max_strings;     /* at a circuit's own depth (2^20) */
  uint64_t memory_bytes;  /* 0: chosen by the part that needs it */
  double time_limit_s;    /* of wall-clock time (30); a stage begun late has a
                             tenth of it */
  unsigned num_threads;   /* 0: what OpenMP offers */
  int sample_paths;       /* where strings outgrow max_strings (yes) */
  uint64_t num_paths;     /* 0: chosen by the engine */
  uint64_t seed;          /* of what is sampled (1) */
  const char *max_shots;  /* thresholds of the verdict, exact: "1000000" */
  const char *max_trap;   /* "1/10" */
  int suggest;            /* look for better generators (no) */
  int widths;             /* normal laws of the first angles, for several widths */
  int expressibility;     /* which states are reached: frame potentials, entanglement
                             (no) */
  int operators;          /* the centre and the commutant as operators (no) */
  /* Called now and then; not 0 stops the work soon. NULL: never. */
  int (*abort)(void *data);
  /* A stage; done of total units of it, 0 of 0 when it begins. NULL: none. */
  void (*progress)(void *data, const char *stage, size_t done, size_t total);
  void *data; /* of both */
} liescape_limits_t;

/* The values in parentheses above. */
LIESCAPE_API void liescape_limits_init(liescape_limits_t *limits);

/* --- what is wrong with a text ---------------------------------------------------- */

/* One error. Lines, and columns in characters, from 1; line 0: it has no place
   in the text, excerpt is NULL then. */
typedef struct {
  char *file, *message;
  long line, column;
  char *excerpt;       /* the line, cut around the column */
  long excerpt_column; /* of the error in it */
} liescape_error_t;

LIESCAPE_API void liescape_error_init(liescape_error_t *error);
LIESCAPE_API void liescape_error_clear(liescape_error_t *error);
/* "FILE:LINE:COLUMN: message", then the excerpt with a caret below the place, in
   lines of their own. The caller frees it with free(). */
LIESCAPE_API char *liescape_error_text(const liescape_error_t *error);

/* --- analysis ------------------------------------------------------------------------ */

typedef struct liescape_analysis liescape_analysis_t;

/* error may be NULL, or must be initialised. limits NULL: those of
   liescape_limits_init. */
LIESCAPE_API liescape_status_t liescape_analyze(
    liescape_analysis_t **out, liescape_error_t *error,
    const liescape_input_t *input, const liescape_limits_t *limits);
/* A family: the certificate of each value of one name in "sweep", and how the
   numbers grow with its size in "growth". */
LIESCAPE_API liescape_status_t
liescape_sweep(liescape_analysis_t **out, liescape_error_t *error,
               const liescape_input_t *input, const char *name,
               const char *const *values, size_t num_values,
               const liescape_limits_t *limits);
LIESCAPE_API void liescape_analysis_free(liescape_analysis_t *analysis);

/* Not 0 unless something is missing for want of a budget. */
LIESCAPE_API int liescape_is_complete(const liescape_analysis_t *analysis);
/* The certificate, JSON text that ends in a line feed. */
LIESCAPE_API const char *
liescape_certificate(const liescape_analysis_t *analysis);

/* Members of the certificate by a path of keys and places in lists:
   "algebra.dimension", "algebra.ideals.0.name", "landscapes.0.variance".
   Their names are explained in the README. */

/* A string, hence any exact number; NULL when it is null or not there. */
LIESCAPE_API const char *liescape_get_text(const liescape_analysis_t *analysis,
                                           const char *path);
/* A whole number below 2^63 or a truth value (0, 1); `otherwise` when there is
   none. */
LIESCAPE_API int64_t liescape_get_integer(const liescape_analysis_t *analysis,
                                          const char *path, int64_t otherwise);
/* Length of a list; 0 when there is none. */
LIESCAPE_API size_t liescape_get_length(const liescape_analysis_t *analysis,
                                        const char *path);

/* Releases what the calling thread keeps for later analyses. */
LIESCAPE_API void liescape_thread_end(void);

#ifdef __cplusplus
}
#endif
#endif
