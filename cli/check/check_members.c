#include "cli/check/check_members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"

typedef enum {
  ALWAYS,
  A_NULL,   /* when one of the members in `when` is null */
  NO_NULL,  /* when each of them is there, and not null */
  NULL_BUT, /* when the first is null and the second is not */
  WITHOUT   /* when none of them is there */
} condition_t;

/* Objects by the end of their path, entries of a list like the list itself. The first line
   that fits tells, and those of the same path after it. What is no object, as a number or
   null where an object may stand, has no members. */
static const struct {
  const char *path, *members;
  condition_t condition;
  const char *when;
} table[] = {
    {"", "format program thresholds ansatz algebra sectors landscapes conventions "
         "additions inputs_digest", ALWAYS, NULL},
    {"", "sectors_reason sectors_reason_code", A_NULL, "sectors"},
    {"thresholds", "max_shots max_trap", ALWAYS, NULL},
    {"ansatz", "kind qubits parameters parameter_names generators upper_bound as_written notes "
               "freed split observables states source", ALWAYS, NULL},
    {"algebra", "dimension center proved ideals evidence method reason reason_code",
     ALWAYS, NULL},
    {"repeated", "repetitions dimension", ALWAYS, NULL},
    {"adjoint.ideals", "type group modes observable_spectrum state_spectrum", ALWAYS, NULL},
    {"ideals", "type name dimension rank count", ALWAYS, NULL},
    {"sectors", "dimension multiplicity count field actions", ALWAYS, NULL},
    {"sectors_at_sample", "dimension multiplicity count field actions", ALWAYS, NULL},
    {"actions", "ideal pairs representation highest_weight dimension", ALWAYS, NULL},
    {"couplings", "symbol proved complete sample sectors_at_sample special undecided "
                  "reason reason_code", ALWAYS, NULL},
    {"special", "value algebra sectors", ALWAYS, NULL},
    {"special", "sectors_reason sectors_reason_code", A_NULL, "sectors"},
    {"undecided", "polynomial real_roots", ALWAYS, NULL},
    {"landscapes", "observable state mean variance gradient_variance mean_square "
                   "mean_square_bounded finite_depth wishart gaussian_process adjoint "
                   "traps_on_group minima curvature verdict", ALWAYS, NULL},
    {"landscapes", "reason reason_code", A_NULL, "mean variance gradient_variance"},
    {"landscapes", "finite_depth_reason finite_depth_reason_code", A_NULL, "finite_depth"},
    {"expressibility.finite_depth", "frame_potential_1 frame_potential_2 entanglement "
                                    "local_squares", ALWAYS, NULL},
    {"expressibility.finite_depth", "reason reason_code", A_NULL, "frame_potential_2"},
    {"expressibility.finite_depth", "entanglement_reason entanglement_reason_code", A_NULL,
     "entanglement"},
    {"finite_depth", "mean variance gradient_variance mean_square mean_square_bounded kind",
     ALWAYS, NULL},
    {"finite_depth", "reason reason_code", A_NULL, "mean variance gradient_variance"},
    {"noise", "channel places mean variance gradient_variance mean_square "
              "mean_square_bounded kind", ALWAYS, NULL},
    {"noise", "reason reason_code", A_NULL, "mean variance gradient_variance"},
    {"initialisation", "law noisy widths best", ALWAYS, NULL},
    {"widths", "width mean variance median_gradient_variance mean_square "
               "mean_square_bounded shots gradients", ALWAYS, NULL},
    {"widths", "reason reason_code", A_NULL, "mean variance median_gradient_variance"},
    {"noise.layers", "rotations repetitions exact variance median_gradient_variance",
     ALWAYS, NULL},
    {"sampled", "method paths seed confidence variance gradient_variance", ALWAYS, NULL},
    {"sampled.variance", "estimate standard_error low high", ALWAYS, NULL},
    {"sampled.gradient_variance", "estimate standard_error low high", ALWAYS, NULL},
    {"layers", "rotations repetitions deep_variance tolerance layers_to_deep exact variance "
               "median_gradient_variance", ALWAYS, NULL},
    {"layers", "reason reason_code", A_NULL, "deep_variance"},
    {"layers", "layers_seen", NO_NULL, "layers_to_deep"},
    {"wishart", "applies decided reason reason_code variance variance_ratio distance_bound "
                "constant blocks", ALWAYS, NULL},
    {"blocks", "sector component count beta N index rank weight radicand least_eigenvalue "
               "mean_eigenvalue r_exact r moments spectrum", ALWAYS, NULL},
    {"blocks", "r_lower r_upper", NULL_BUT, "r mean_eigenvalue"},
    {"moments", "mean central2 central3 central4", ALWAYS, NULL},
    {"spectrum", "eigenvalue multiplicity", ALWAYS, NULL},
    {"gaussian_process", "excess_kurtosis excess_kurtosis_finite tv_bound verdict reason "
                         "reason_code", ALWAYS, NULL},
    {"adjoint", "applies decided reason reason_code ideals constant variance "
                "excess_kurtosis distribution", ALWAYS, NULL},
    {"distribution", "level probability", ALWAYS, NULL},
    {"traps_on_group", "none because because_code orbit_dimension codimension", ALWAYS, NULL},
    {"minima", "gamma threshold trap_level trap_level_relative parameters_missing law",
     ALWAYS, NULL},
    {"minima", "reason reason_code", A_NULL, "trap_level threshold"},
    {"minima", "threshold_lower threshold_upper", NULL_BUT, "threshold trap_level_relative"},
    {"minima", "assumption", NO_NULL, "trap_level_relative"},
    {"verdict", "trainable gradients traps basis because next shots_per_gradient "
                "parameters_that_move_the_loss dead_parameters", ALWAYS, NULL},
    {"shots_per_gradient", "typical worst upper_bound", ALWAYS, NULL},
    {"operators", "centre commutant commutant_is", ALWAYS, NULL},
    {"operators", "centre_reason centre_reason_code", A_NULL, "centre"},
    {"operators", "reason reason_code", A_NULL, "commutant"},
    {"haar", "frame_potential_1 frame_potential_2 entanglement", ALWAYS, NULL},
    {"expressibility", "state frame_potential_1 frame_potential_2 entanglement "
                       "local_squares haar finite_depth", ALWAYS, NULL},
    {"expressibility", "reason reason_code", A_NULL, "frame_potential_2"},
    {"expressibility", "entanglement_reason entanglement_reason_code", A_NULL,
     "entanglement"},
    {"expressibility", "finite_depth_reason finite_depth_reason_code", A_NULL,
     "finite_depth"},
    {"kernel", "observable states deep finite_depth deep_eigenvalues "
               "finite_depth_eigenvalues", ALWAYS, NULL},
    {"kernel", "deep_reason deep_reason_code", A_NULL, "deep"},
    {"kernel", "finite_depth_reason finite_depth_reason_code", A_NULL, "finite_depth"},
    {"covariance", "observable states matrix", ALWAYS, NULL},
    {"suggest", "candidates tried observable state present", WITHOUT, "reason"},
    {"suggestions", "action alike dimension parameters gradient_variance threshold verdict",
     ALWAYS, NULL},
    {"suggestions", "generators", WITHOUT, "gates_of"},
    {"present", "dimension parameters gradient_variance threshold verdict", ALWAYS, NULL},
};
enum { TABLE_SIZE = sizeof table / sizeof *table };

/* Does the path end in these names? Names of the top level end nothing else. */
static bool ends_in(const char *path, const char *end) {
  size_t length = strlen(path), tail = strlen(end);
  if (!tail || tail > length) return length == tail;
  return !strcmp(path + length - tail, end) &&
         (tail == length || path[length - tail - 1] == '.');
}

static bool is_expected(const json_t *object, condition_t condition, const char *when) {
  char word[64];
  size_t nulls = 0, missing = 0, length = 0, first_null = 0;
  for (; when && ledger_next_word(word, sizeof word, &when); length++) {
    const json_t *value = json_object_get(object, word);
    missing += !value;
    nulls += json_is_null(value);
    if (!length) first_null = json_is_null(value);
  }
  switch (condition) {
    case A_NULL: return nulls > 0;
    case NO_NULL: return !nulls && !missing;
    case NULL_BUT: return first_null && nulls == 1 && !missing;
    case WITHOUT: return missing == length;
    default: return true;
  }
}

static void look_at(ledger_t *l, const json_t *object, const char *name, size_t row) {
  char word[64], path[256];
  const char *at = table[row].members;
  if (!is_expected(object, table[row].condition, table[row].when)) return;
  while (ledger_next_word(word, sizeof word, &at)) {
    if (json_object_get(object, word)) continue;
    snprintf(path, sizeof path, "%s%s%s", name, *name ? "." : "", word);
    ledger_fails(l, path, "it is missing");
  }
}

/* The digits of a rounding come with one unit of the last of them, and with no other
   radius (json_number.h). */
static void look_at_ball(ledger_t *l, const json_t *ball, const char *name) {
  const char *mid = json_string_value(json_object_get(ball, "mid"));
  const char *rad = json_string_value(json_object_get(ball, "rad"));
  char *last = mid && strcmp(mid, "0") ? cert_ball_last_place(mid) : NULL;
  if (!json_object_get(ball, "mid") || !json_object_get(ball, "rad"))
    ledger_fails(l, name, "half of a ball is missing");
  else if (last && (!rad || strcmp(last, rad)))
    ledger_fails(l, name, "it has the digits of a rounding, and not its radius");
  free(last);
}

/* What verify adds was sampled, and uses some of these names for something else. */
static bool is_of_verify(const char *key) {
  return !strcmp(key, "verification") || !strcmp(key, "checks") ||
         !strcmp(key, "minima_found");
}

/* path: names only; name: with indices. */
static void walk(ledger_t *l, const json_t *json, const char *path, const char *name) {
  char below[256], there[256];
  const char *key;
  json_t *item;
  size_t i, row = 0;
  json_array_foreach((json_t *)json, i, item) {
    snprintf(there, sizeof there, "%.200s[%zu]", name, i);
    walk(l, item, path, there);
  }
  if (!json_is_object(json)) return;
  if (json_object_get(json, "mid") || json_object_get(json, "rad")) {
    look_at_ball(l, json, name);
    return;
  }
  while (row < TABLE_SIZE && !ends_in(path, table[row].path)) row++;
  for (const char *first = row < TABLE_SIZE ? table[row].path : NULL;
       row < TABLE_SIZE && !strcmp(table[row].path, first); row++)
    look_at(l, json, name, row);
  json_object_foreach((json_t *)json, key, item) {
    if (!strcmp(key, "source") || !strcmp(key, "conventions") || is_of_verify(key))
      continue;
    snprintf(below, sizeof below, "%.180s%s%.60s", path, *path ? "." : "", key);
    snprintf(there, sizeof there, "%.180s%s%.60s", name, *name ? "." : "", key);
    walk(l, item, below, there);
  }
}

void check_members(ledger_t *l, const json_t *certificate) {
  walk(l, certificate, "", "");
}
