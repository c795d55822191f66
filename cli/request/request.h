/* request.h - what is to be analysed: the source text and what the command
   line adds to it. This, and nothing else, determines the ansatz; it is embedded
   in a certificate so that the certificate stands alone.

   Layer: cli, above reader. */
#ifndef LIESCAPE_CLI_REQUEST_H
#define LIESCAPE_CLI_REQUEST_H

#include <jansson.h>

#include "cli/request/reader.h"

/* A line of a file of input states; file NULL: the command line. */
typedef struct {
  char *file;
  long line;
} data_place_t;

typedef struct {
  char *name; /* of the file, for messages */
  reader_format_t format;
  char *text;
  size_t length;
  size_t num_overrides;
  reader_override_t *overrides; /* copies */
  size_t num_observables, num_states; /* added on the command line, copies */
  char **observables, **states;
  data_place_t *state_places; /* of each state; where it was read, for messages */
  size_t num_angles; /* laws of angles (angle_law.h), copies */
  char **angles;
  char *noise; /* noise_spec.h; NULL: what the text says */
} request_struct;
typedef request_struct request_t[1];

void request_init(request_t request);
void request_clear(request_t request);
void request_add_override(request_t request, const char *name,
                          const char *value);
void request_add_observable(request_t request, const char *text);
void request_add_state(request_t request, const char *text);
/* One state a line of the text, blank lines and comments (#) left out. */
void request_add_data(request_t request, const char *file, const char *text);
void request_add_angles(request_t request, const char *text);
void request_set_noise(request_t request, const char *text);

/* Reads the ansatz: the text, then the added observables and states, then the
   state `zero` when there is none. Statuses and diagnostics of the readers. */
status_t request_read_ansatz(ansatz_t ansatz, diagnostic_t diag,
                             const request_t request);

/* The object "source" of a certificate, and back. False, with a message in
   diag, when json is not such an object. */
json_t *request_to_json(const request_t request);
status_t request_from_json(request_t request, diagnostic_t diag,
                           const char *file_name, const json_t *json);

#endif
