/* override.h - values for names from outside the text. Layer: cli. */
#ifndef LIESCAPE_CLI_OVERRIDE_H
#define LIESCAPE_CLI_OVERRIDE_H

/* -D NAME=VALUE. VALUE is an integer, fraction or decimal, optionally times
   pi ("3", "-1/2", "0.25", "pi/4", "3*pi"). */
typedef struct {
  const char *name;
  const char *value;
} reader_override_t;

#endif
