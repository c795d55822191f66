/* Law of one derivative, that of the greatest claimed variance: two samples
   (Kolmogorov-Smirnov), the other one drawn from the law that gradient_law.h
   derives from the claimed law of the loss. It is the law of a rotation that acts
   on every block of the loss; whether this one does shows in its claimed variance,
   which must then be that of the law. The variance-gamma form is asymptotic: its
   distance is told, not judged. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/order.h"
#include "algebra/base/text.h"
#include "numeric/judge/checks.h"
#include "numeric/judge/gradient_law.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/machine/special.h"

enum { RATIO = 10, MOST = 200000, LEAST = 1000 };
static const double max_operations = 3e8;

/* Derivative by the parameter over that by the angle of the rotation; 0 when the
   parameter drives anything but one rotation. */
static double angle_scale(const checks_input_t *in, size_t parameter) {
  const gate_list_t *layer = &in->sampler->program->layer;
  double scale = 0;
  size_t found = 0;
  if (in->ansatz->kind == ANSATZ_OPERATORS)
    parameter %= in->ansatz->num_generators;
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++) {
      if (layer->gates[g].terms[t].parameter != parameter) continue;
      found++;
      scale = layer->gates[g].sum == PROGRAM_NONE
                  ? fabs(layer->gates[g].terms[t].coeff)
                  : 0;
    }
  return found == 1 ? scale : 0;
}

/* Distance of the sorted samples from `count` reference samples. */
static double distance(const checks_input_t *in, size_t at, const double *sorted,
                       size_t count, double scale, bool asymptotic) {
  double *reference = memory_get(count, sizeof *reference);
  uint64_t purpose = RANDOM_LAW + ((in->attempt + 1) << 8) +
                     ((uint64_t)at << 16) +
                     ((uint64_t)(asymptotic ? 2 : 1) << 60);
  gradient_law_sample(reference, count, in->claims->landscapes + at, asymptotic,
                      in->seed, purpose, in->sampler->num_threads);
  for (size_t i = 0; i < count; i++) reference[i] *= scale;
  qsort(reference, count, sizeof *reference, order_doubles);
  size_t observable = in->claims->landscapes[at].observable;
  double tol =
      2 * in->tolerance * in->sampler->observables[observable].norm1 * scale;
  double d = special_ks2_distance(sorted, in->num_samples, reference, count, tol);
  free(reference);
  return d;
}

static const char *parameter_name(const checks_input_t *in, size_t k) {
  const char *name =
      in->ansatz->parameters ? in->ansatz->parameters[k].name : NULL;
  return name ? name : "the one of greatest variance";
}

/* Once is enough. */
static bool is_told(const verify_report_t report) {
  for (size_t i = 0; i < report->num_notes; i++)
    if (strstr(report->notes[i], "variance-gamma")) return true;
  return false;
}

void checks_gradient_law(verify_report_t report, const checks_input_t *in,
                         size_t at) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  double variance;
  size_t n = in->num_samples, count = RATIO * n;
  if (!in->kept_gradients || !in->kept_gradients[at]) return;
  size_t kept = in->kept_parameters[at];
  double scale = angle_scale(in, kept);
  if (!gradient_law_exists(&variance, claim) || !(scale > 0)) return;
  variance *= scale * scale;
  double claimed = claim->gradient_variance[kept];
  if (!(fabs(variance - claimed) <= 1e-9 * claimed)) return;
  if (count > MOST) count = MOST;
  double fits = max_operations / gradient_law_cost(claim);
  if (fits < (double)count) count = fits < LEAST ? 0 : (size_t)fits;
  if (!count) return;
  double *sorted = memory_get(n, sizeof *sorted);
  memcpy(sorted, in->kept_gradients[at], n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, order_doubles);
  verify_check_t *check = checks_append(
      report, in, at,
      text_print("gradient law (%s, Kolmogorov-Smirnov, %zu reference samples)",
                 parameter_name(in, kept), count));
  check->measured = distance(in, at, sorted, count, scale, false);
  check->p_value = special_ks2_p_value(check->measured, n, count);
  check->notices =
      checks_distance_noticed((double)n * (double)count / (double)(n + count));
  if (in->attempt == 0 && !is_told(report))
    checks_note(report,
                text_print("landscape %zu: the variance-gamma form of the "
                           "derivative by %s is asymptotic and not judged: "
                           "the samples are at a distance of %.3f from it",
                           at, parameter_name(in, kept),
                           distance(in, at, sorted, count, scale, true)));
  free(sorted);
}
