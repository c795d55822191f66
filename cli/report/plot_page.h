/* plot_page.h - report.html, one file that needs no other. Private to the
   pictures. Layer: cli. */
#ifndef LIESCAPE_CLI_PLOT_PAGE_H
#define LIESCAPE_CLI_PLOT_PAGE_H

#include <jansson.h>

#include "cli/report/plot_folder.h"

/* Adds the page to the folder; num_drawn landscapes have figures. */
void plot_page(plot_folder_t folder, const json_t *certificate,
               size_t num_drawn, bool has_pictures);

#endif
