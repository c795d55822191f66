#include "cli/report/plot.h"

#include "cli/format/json_number.h"
#include "cli/report/plot_figures.h"
#include "cli/report/plot_page.h"
#include "cli/request/request.h"
#include "cli/read/source.h"

/* More landscapes than this are not drawn; the page says so. */
enum { MOST_LANDSCAPES = 32 };

/* The landscape's entry of minima_found, NULL when there is none. */
static const json_t *minima_of(const json_t *certificate, size_t index) {
  const json_t *list = cert_at(certificate, "minima_found.landscapes");
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *entry = json_array_get(list, i);
    if (json_integer_value(cert_at(entry, "landscape")) == (json_int_t)index)
      return entry;
  }
  return NULL;
}

static void draw_landscape(plot_folder_t folder, const json_t *certificate,
                           size_t index, const verify_report_struct *samples,
                           uint64_t seed, const ansatz_struct *ansatz) {
  const json_t *landscape =
      json_array_get(cert_at(certificate, "landscapes"), index);
  plot_law_t law;
  plot_law_init(&law, landscape);
  plot_t plot = {.folder = folder,
                 .landscape = landscape,
                 .names = cert_at(certificate, "ansatz.parameter_names"),
                 .minima = minima_of(certificate, index),
                 .index = index,
                 .law = &law,
                 .samples = samples && index < samples->num_landscapes &&
                                    samples->losses[index]
                                ? samples
                                : NULL,
                 .seed = seed,
                 .ansatz = ansatz};
  plot_slice(&plot);
  plot_loss(&plot);
  plot_gradient(&plot);
  plot_minima(&plot);
  plot_depth(&plot);
  plot_convergence(&plot);
  plot_layers(&plot);
  plot_widths(&plot);
  plot_law_clear(&law);
}

/* What the certificate is about; false when its source cannot be read. */
static bool read_source(ansatz_t ansatz, const json_t *certificate) {
  request_t request;
  diagnostic_t diag;
  request_init(request);
  diagnostic_init(diag);
  bool ok = request_from_json(request, diag, "", cert_at(certificate, "ansatz.source")) ==
                STATUS_OK &&
            request_read_ansatz(ansatz, diag, request) == STATUS_OK;
  diagnostic_clear(diag);
  request_clear(request);
  return ok;
}

bool plot_write(plot_folder_t folder, const json_t *certificate,
                const verify_report_struct *samples, uint64_t seed) {
  const json_t *rows = cert_at(certificate, "sweep");
  const json_t *list = cert_at(rows ? json_array_get(rows, 0) : certificate,
                               "landscapes");
  size_t count = json_array_size(list);
  size_t drawn = count < MOST_LANDSCAPES ? count : MOST_LANDSCAPES;
  ansatz_t ansatz;
  bool read = !rows && drawn && read_source(ansatz, certificate);
  for (size_t j = 0; j < drawn; j++) {
    if (rows) plot_family(folder, rows, j);
    else draw_landscape(folder, certificate, j, samples, seed, read ? ansatz : NULL);
  }
  if (read) ansatz_clear(ansatz);
  plot_drawn_t outcome = plot_draw(folder);
  if (outcome == PLOT_FAILED) return false;
  plot_page(folder, certificate, drawn, outcome == PLOT_DRAWN);
  if (!plot_folder_commit(folder)) return false;
  if (outcome == PLOT_DRAWN) return true;
  source_say("%s: gnuplot was not found: data and scripts are "
                  "there, but no pictures; install gnuplot (Debian package "
                  "gnuplot-nox) and repeat, or run gnuplot on the scripts\n",
          folder->path);
  return false;
}
