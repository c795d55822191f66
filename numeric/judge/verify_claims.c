/* What verify is told to test, and what it answers: memory only. */
#include <math.h>
#include <stdlib.h>

#include "numeric/judge/verify_types.h"
#include "numeric/machine/memory.h"

void verify_claims_init(verify_claims_t claims, const ansatz_t ansatz) {
  size_t states = ansatz->num_states;
  *claims = (verify_claims_struct){
      .num_landscapes = ansatz->num_observables * states,
      .num_observables = ansatz->num_observables,
      .num_states = states,
      .dimension = NAN,
      .center = NAN,
      .commutant = NAN,
      .forms = NAN,
      .num_parameters = ansatz->num_parameters,
      .num_rotations = ansatz->num_rotations};
  claims->landscapes = memory_get(claims->num_landscapes,
                                  sizeof *claims->landscapes);
  claims->rotation_flags = memory_get(claims->num_rotations, 1);
  size_t pairs = claims->num_landscapes * states;
  claims->covariances = memory_get(pairs, sizeof(double));
  for (size_t i = 0; i < pairs; i++) claims->covariances[i] = NAN;
  claims->orbit_dimensions = memory_get(states, sizeof(double));
  for (size_t i = 0; i < states; i++) claims->orbit_dimensions[i] = NAN;
  for (size_t j = 0; j < claims->num_landscapes; j++) {
    verify_landscape_struct *l = claims->landscapes + j;
    l->observable = j / states;
    l->state = j % states;
    l->mean = l->variance = l->least = l->threshold = NAN;
    l->curvature.negative = NAN;
    l->mean_square = l->depth_square = NAN;
    l->noise_mean = l->noise_variance = l->noise_square = NAN;
    l->depth_mean = l->depth_variance = l->excess_kurtosis = NAN;
    l->normal_distance = l->normal_variance = l->freedom.r = NAN;
    l->wishart_distance = NAN;
    l->gradient_variance = memory_get(claims->num_parameters, sizeof(double));
    for (size_t k = 0; k < claims->num_parameters; k++)
      l->gradient_variance[k] = NAN;
  }
}

void verify_claims_clear(verify_claims_t claims) {
  for (size_t j = 0; j < claims->num_landscapes; j++) {
    verify_landscape_struct *l = claims->landscapes + j;
    verify_landscape_drop_law(l);
    free(l->gradient_variance);
    free(l->depth_gradient);
    free(l->noise_gradient);
  }
  free(claims->covariances);
  free(claims->kernel);
  free(claims->depth_kernel);
  free(claims->orbit_dimensions);
  free(claims->landscapes);
  free(claims->rotation_flags);
  *claims = (verify_claims_struct){0};
}

void verify_landscape_add_block(verify_landscape_struct *landscape, double beta,
                                size_t rank, double weight,
                                size_t num_eigenvalues,
                                const double *eigenvalues,
                                const size_t *multiplicities) {
  verify_block_struct block = {.beta = beta,
                               .rank = rank,
                               .weight = weight,
                               .num_eigenvalues = num_eigenvalues};
  block.eigenvalues = memory_get(num_eigenvalues, sizeof(double));
  block.multiplicities = memory_get(num_eigenvalues, sizeof(size_t));
  for (size_t i = 0; i < num_eigenvalues; i++) {
    block.eigenvalues[i] = eigenvalues[i];
    block.multiplicities[i] = multiplicities[i];
    block.dimension += multiplicities[i];
  }
  landscape->has_law = true;
  landscape->blocks =
      memory_resize(landscape->blocks, landscape->num_blocks + 1,
                    sizeof *landscape->blocks);
  landscape->blocks[landscape->num_blocks++] = block;
}

void verify_landscape_add_orbit(verify_landscape_struct *landscape, bool unitary,
                                size_t modes, const double *observable,
                                const double *state, int orientation) {
  size_t rank = unitary ? modes : modes / 2;
  verify_orbit_struct orbit = {
      .unitary = unitary, .modes = modes, .orientation = orientation};
  orbit.observable = memory_get(rank, sizeof(double));
  orbit.state = memory_get(rank, sizeof(double));
  for (size_t k = 0; k < rank; k++) {
    orbit.observable[k] = observable[k];
    orbit.state[k] = state[k];
  }
  landscape->has_law = true;
  landscape->orbits = memory_resize(
      landscape->orbits, landscape->num_orbits + 1, sizeof *landscape->orbits);
  landscape->orbits[landscape->num_orbits++] = orbit;
}

void verify_landscape_drop_law(verify_landscape_struct *l) {
  for (size_t b = 0; b < l->num_blocks; b++) {
    free(l->blocks[b].eigenvalues);
    free(l->blocks[b].multiplicities);
  }
  for (size_t b = 0; b < l->num_orbits; b++) {
    free(l->orbits[b].observable);
    free(l->orbits[b].state);
  }
  free(l->blocks);
  free(l->orbits);
  l->blocks = NULL;
  l->orbits = NULL;
  l->num_blocks = l->num_orbits = 0;
  l->has_law = false;
}

void verify_report_clear(verify_report_t report) {
  for (size_t j = 0; j < report->num_checks; j++) free(report->checks[j].name);
  free(report->checks);
  for (size_t j = 0; j < report->num_landscapes; j++) {
    free(report->losses[j]);
    if (report->kept_gradients) free(report->kept_gradients[j]);
  }
  free(report->losses);
  free(report->kept_gradients);
  free(report->kept_parameters);
  for (size_t j = 0; j < report->num_notes; j++) free(report->notes[j]);
  free(report->notes);
  free(report->layers_reason);
  free(report->method);
  free(report->profile.layers);
  free(report->profile.points);
  *report = (verify_report_struct){0};
}
