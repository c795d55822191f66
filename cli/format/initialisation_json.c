#include "cli/format/initialisation_json.h"

#include <math.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/format/verdict_json.h"

/* One component: the median one. */
static void judge_row(json_t *row, const json_t *certificate) {
  json_t *gradient = json_object_get(row, "median_gradient_variance");
  json_t *moments =
      json_pack("{s:O, s:O, s:O, s:O, s:[O]}", "mean", json_object_get(row, "mean"),
                "variance", json_object_get(row, "variance"), "mean_square",
                json_object_get(row, "mean_square"), "mean_square_bounded",
                json_object_get(row, "mean_square_bounded"), "gradient_variance",
                gradient);
  const char *answer;
  json_t *shots = verdict_shots_json(&answer, moments, certificate);
  json_object_set_new(row, "shots", shots);
  json_object_set_new(row, "gradients", json_string(answer));
  json_decref(moments);
}

void initialisation_judge(json_t *initialisation, const json_t *certificate) {
  json_t *row, *best = json_null();
  double fewest = INFINITY;
  size_t i;
  json_array_foreach(json_object_get(initialisation, "widths"), i, row) {
    judge_row(row, certificate);
    double shots = cert_get_double(json_object_get(row, "shots"));
    if (strcmp(cert_text_at(row, "gradients", ""), "yes") || !(shots <= fewest)) continue;
    fewest = shots;
    best = json_object_get(row, "width");
  }
  json_object_set(initialisation, "best", best);
}
