/* plot_folder.h - a folder of pictures: all or nothing.

   Everything is written into a hidden folder inside the one named, and moved to
   its place when complete; whatever goes wrong, or interrupts, leaves neither
   a part of a file nor the hidden folder.

   A figure NAME is NAME.dat (numbers, with a header of comments), NAME.gp (a
   gnuplot script that reads it and writes NAME.svg; it loads style.gp first),
   and a title and a caption for the page. Adding one:
       FILE *data = plot_file(folder, name, "dat");   ...   plot_close(folder, data);
       FILE *script = plot_script(folder, name);  fputs("plot ...", script);
       plot_close(folder, script);
       plot_add_figure(folder, landscape, name, title, caption);

   Layer: cli. Functions that fail say why on standard error, once. */
#ifndef LIESCAPE_CLI_PLOT_FOLDER_H
#define LIESCAPE_CLI_PLOT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
  long landscape; /* index, or -1 */
  char *name, *title, *caption;
} plot_figure_t;

typedef struct {
  char *path;      /* as given */
  char *temporary; /* path of the hidden folder */
  bool created;    /* the folder did not exist before */
  bool failed;     /* something went wrong, and was said */
  size_t num_files, num_figures;
  char **files; /* names inside */
  plot_figure_t *figures;
} plot_folder_struct;
typedef plot_folder_struct plot_folder_t[1];

/* False after a message: the folder cannot be made or written to. The folder
   must be cleared in any case. */
bool plot_folder_open(plot_folder_t folder, const char *path);
/* Removes what was not committed. */
void plot_folder_clear(plot_folder_t folder);

/* A new file NAME.SUFFIX; never NULL (after a failure a stream that goes
   nowhere). */
FILE *plot_file(plot_folder_t folder, const char *name, const char *suffix);
/* NAME.gp with its first lines written. */
FILE *plot_script(plot_folder_t folder, const char *name);
void plot_close(plot_folder_t folder, FILE *stream);
/* Text in single quotes as gnuplot wants it, on one line and visible (source.h). */
void plot_quote(FILE *stream, const char *text);
/* Text of HTML or SVG, within elements and quoted attributes, visible. */
void plot_put_xml(FILE *stream, const char *text);
/* Copies the strings. */
void plot_add_figure(plot_folder_t folder, long landscape, const char *name,
                     const char *title, const char *caption);

typedef enum { PLOT_DRAWN, PLOT_NO_GNUPLOT, PLOT_FAILED } plot_drawn_t;
/* Runs gnuplot (or what the environment variable GNUPLOT names) on every figure. PLOT_FAILED after a message. */
plot_drawn_t plot_draw(plot_folder_t folder);
/* The picture of a figure, NULL when it was not drawn. The caller frees it. */
char *plot_picture(const plot_folder_t folder, const plot_figure_t *figure);
/* Moves everything to its place. False after a message. */
bool plot_folder_commit(plot_folder_t folder);

#endif
