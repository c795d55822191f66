/* override.h - values for names from outside the text. Layer: cli. */
#ifndef LIESCAPE_CLI_OVERRIDE_H
#define LIESCAPE_CLI_OVERRIDE_H

typedef enum { FORMAT_AUTO, FORMAT_QASM, FORMAT_OPS } reader_format_t;

/* -D NAME=VALUE. VALUE is an integer, fraction or decimal, optionally times
   pi ("3", "-1/2", "0.25", "pi/4", "3*pi"). */
typedef struct {
  const char *name;
  const char *value;
} reader_override_t;

/* As a name among the overrides, with any value: equal numbers of an OpenQASM 2
   circuit are one parameter. No name of a program can be this. */
#define READER_SHARE_EQUAL_ANGLES "share-equal-angles"

#endif
