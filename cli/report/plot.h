/* plot.h - pictures and a page for a certificate (--plot DIR).

   The folder gets, for each figure, data (.dat), a gnuplot script (.gp) and the
   picture (.svg), and report.html: one file with text, tables and the
   pictures inside. All or nothing, see plot_folder.h.

   Layer: cli, above the figures. */
#ifndef LIESCAPE_CLI_PLOT_H
#define LIESCAPE_CLI_PLOT_H

#include <jansson.h>

#include "cli/report/plot_folder.h"
#include "numeric/judge/verify_types.h"

/* Draws what the certificate (or family) says; samples: of verify, or NULL.
   The folder must be open. Returns false after a message: nothing is left
   behind, or gnuplot is not installed and everything but the pictures is
   there. */
bool plot_write(plot_folder_t folder, const json_t *certificate,
                const verify_report_struct *samples, uint64_t seed);

#endif
