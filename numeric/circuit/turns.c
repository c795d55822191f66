#include "numeric/circuit/turns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { NUM_CHECKS = 64 };

static double in_turns(const program_gate_t *gate, const double *drives) {
  return program_angle(gate, drives, 1) / (M_PI / 2);
}

/* Up to the rounding of a few operations. */
static bool is_whole(double x) {
  return fabs(x - nearbyint(x)) <= 0x1p-40 * (1 + fabs(x)) && fabs(x) < 0x1p20;
}

double *turns_choose(const program_t *program) {
  const gate_list_t *layer = &program->layer;
  bool fine = program->reduced && !program->num_sums, moves = false;
  double *drives = memory_get(program->num_drives, sizeof *drives);
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++) {
      const program_term_t *term = layer->gates[g].terms + t;
      double value = M_PI / 2 / fabs(term->coeff);
      if (value > drives[term->drive]) drives[term->drive] = value;
    }
  for (size_t g = 0; g < layer->num_gates && fine; g++) {
    const program_gate_t *gate = layer->gates + g;
    for (size_t t = 0; t < gate->num_terms; t++)
      fine = fine && is_whole(gate->terms[t].coeff *
                              drives[gate->terms[t].drive] / (M_PI / 2));
    fine = fine && is_whole(in_turns(gate, drives));
    moves = moves || (fine && turns_of(gate, drives) % 2);
  }
  if (fine && moves) return drives;
  free(drives);
  return NULL;
}

unsigned turns_of(const program_gate_t *gate, const double *drives) {
  return (unsigned)((long)nearbyint(in_turns(gate, drives)) & 3);
}

/* string <- V^+ string V for the list V, or V string V^+ (inverse). False when some
   gate does not make whole turns. */
static bool run(uint64_t *string, bool *negative, const program_t *program,
                const gate_list_t *list, const double *drives, bool inverse) {
  for (size_t i = 0; i < list->num_gates; i++) {
    const program_gate_t *gate =
        list->gates + (inverse ? i : list->num_gates - 1 - i);
    if (!is_whole(in_turns(gate, drives))) return false;
    unsigned turns = turns_of(gate, drives);
    program_conjugate(string, negative, program_string(program, gate),
                      program->num_words, inverse ? (4 - turns) % 4 : turns);
  }
  return true;
}

static void random_string(uint64_t *string, const program_t *program,
                          random_stream_t *stream) {
  memset(string, 0, 2 * program->num_words * sizeof *string);
  for (size_t q = 0; q < program->num_qubits; q++)
    pauli_set(string, program->num_words, q,
              (unsigned)(4 * random_uniform(stream)));
}

double turns_check(const program_t *program, uint64_t seed) {
  size_t bytes = 2 * program->num_words * sizeof(uint64_t), wrong = 0;
  double *turn = turns_choose(program);
  if (!turn) return 0;
  double *drives = memory_get(program->num_drives, sizeof *drives);
  uint64_t *one = memory_get(1, bytes), *two = memory_get(1, bytes);
  random_stream_t stream;
  random_stream_init(&stream, seed, RANDOM_SELF_CHECK, 0);
  for (size_t i = 0; i < NUM_CHECKS; i++) {
    bool signs[2] = {false, false};
    for (size_t d = 0; d < program->num_drives; d++)
      drives[d] = turn[d] * floor(4 * random_uniform(&stream));
    random_string(one, program, &stream);
    memcpy(two, one, bytes);
    if (!run(one, signs, program, &program->layer, drives, false) ||
        !run(two, signs + 1, program, &program->closing, drives, true) ||
        !run(two, signs + 1, program, &program->circuit, drives, false))
      break;
    wrong += memcmp(one, two, bytes) != 0 || signs[0] != signs[1];
  }
  free(turn);
  free(drives);
  free(one);
  free(two);
  return (double)wrong / NUM_CHECKS;
}
