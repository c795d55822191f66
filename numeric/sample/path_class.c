/* What is prepared once for a class of terms: see path_walk.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/sample/path_walk.h"

/* --- input states ------------------------------------------------------------------ */

/* Letter -> component of a Bloch vector (x, y, z): 1 X, 2 Z, 3 Y. */
static const size_t component[4] = {0, 0, 2, 1};

static bool one_letter_rows(double *bloch, const stabilizer_state_struct *s) {
  size_t w = s->num_words;
  for (size_t j = 0; j < s->rank; j++) {
    const uint64_t *row = stabilizer_state_string(s, j);
    if (pauli_weight(row, w) != 1) return false;
    for (size_t q = 0; q < s->num_qubits; q++) {
      unsigned letter = pauli_get(row, w, q);
      if (letter) bloch[4 * q + letter] = s->signs[j] ? -1 : 1;
    }
  }
  return true;
}

void path_input_init(path_input_t *input, const quantum_state_t state) {
  size_t n = state->num_qubits;
  const product_state_struct *product = quantum_state_product(state);
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  *input = (path_input_t){.stabilizer = s};
  input->bloch = memory_get(4 * n, sizeof *input->bloch);
  for (size_t q = 0; q < n; q++) input->bloch[4 * q] = 1;
  if (product)
    for (size_t q = 0; q < n; q++)
      for (size_t letter = 1; letter < 4; letter++)
        input->bloch[4 * q + letter] =
            fmpq_get_d(product->bloch + 3 * q + component[letter]);
  if (product || one_letter_rows(input->bloch, s)) {
    input->stabilizer = NULL;
    return;
  }
  input->kind = s->rank == n ? PATH_INPUT_PURE : PATH_INPUT_OTHER;
  stabilizer_echelon_init(input->echelon, s);
}

void path_input_clear(path_input_t *input) {
  if (input->stabilizer) stabilizer_echelon_clear(input->echelon);
  free(input->bloch);
}

/* --- the light cone ------------------------------------------------------------------ */

static void add_terms(path_class_t *c, const pauli_sum_t sum,
                      const size_t *class_of, size_t class_index, double flip) {
  double norm = 0;
  c->rows = memory_get(sum->length, sizeof *c->rows);
  c->coeffs = memory_get(sum->length, sizeof *c->coeffs);
  for (size_t t = 0; t < sum->length; t++) {
    if (class_of[t] != class_index) continue;
    c->rows[c->num_terms] = pauli_sum_string(sum, t);
    size_t weight = pauli_weight(pauli_sum_string(sum, t), sum->num_words);
    c->coeffs[c->num_terms] =
        fmpq_get_d(sum->coeffs + t) * pow(flip, (double)weight);
    norm += fabs(c->coeffs[c->num_terms++]);
  }
  c->bound = norm * norm;
}

/* The steps of the cone with qubits renumbered. */
static void add_steps(path_class_t *c, const path_circuit_t *circuit,
                      const size_t *index, size_t num_steps,
                      const uint32_t *number) {
  size_t num_sites = 0;
  for (size_t s = 0; s < num_steps; s++)
    num_sites += circuit->steps[index[s]].num_sites;
  c->steps = memory_get(num_steps, sizeof *c->steps);
  c->sites = memory_get(num_sites, sizeof *c->sites);
  c->num_steps = num_steps;
  num_sites = 0;
  for (size_t s = 0; s < num_steps; s++) {
    const path_step_t *from = circuit->steps + index[s];
    c->steps[s] = *from;
    c->steps[s].first_site = num_sites;
    for (size_t i = 0; i < from->num_sites; i++) {
      path_site_t site = circuit->sites[from->first_site + i];
      site.qubit = number[site.qubit];
      c->sites[num_sites++] = site;
    }
  }
}

/* --- the exact average at the input ---------------------------------------------------- */

/* The value function of one qubit before the step, from that after it; squares
   of the factors of noise. */
static void average(double *table, const path_step_t *step, unsigned letter,
                    const double *factors) {
  double before[4];
  if (step->quarter_turns == PATH_NOISE) {
    for (unsigned a = 0; a < 4; a++) table[a] *= factors[a] * factors[a];
    return;
  }
  for (unsigned a = 0; a < 4; a++) {
    double turned = table[a ^ letter];
    before[a] = !path_letters_anticommute(a, letter) ? table[a]
                : step->quarter_turns == 0 ? (table[a] + turned) / 2
                : step->quarter_turns == 2 ? table[a]
                                           : turned;
  }
  memcpy(table, before, sizeof before);
}

static void absorb(path_class_t *c, const path_step_t *step,
                   const path_site_t *site) {
  double *value = c->values + 4 * site->qubit;
  average(value, step, site->letter, c->factors);
  for (size_t k = 0; k < c->num_absorbed; k++)
    if (c->absorbed[k].qubit == site->qubit)
      average(c->absorbed[k].table, step, site->letter, c->factors);
  if (step->quarter_turns) return;
  path_absorbed_t *a = c->absorbed + c->num_absorbed++;
  *a = (path_absorbed_t){.rotation = step->rotation, .qubit = site->qubit};
  for (unsigned l = 0; l < 4; l++)
    if (path_letters_anticommute(l, site->letter)) a->table[l] = value[l];
}

/* Takes one-qubit steps off the end of the walk, some of each qubit: each is carried
   through all those before it. */
enum { MOST_ABSORBED = 1000 };
static void absorb_input_side(path_class_t *c, const path_input_t *input) {
  size_t kept = c->num_steps;
  bool *closed = memory_get(c->num_used, sizeof *closed);
  size_t *taken = memory_get(c->num_used, sizeof *taken);
  c->values = memory_get(4 * c->num_used, sizeof *c->values);
  c->absorbed = memory_get(c->num_steps, sizeof *c->absorbed);
  for (size_t q = 0; q < c->num_used; q++)
    for (size_t l = 0; l < 4; l++) {
      double bloch = input->bloch[4 * c->used[q] + l];
      c->values[4 * q + l] = bloch * bloch;
    }
  for (size_t s = c->num_steps; s-- > 0;) {
    const path_step_t *step = c->steps + s;
    const path_site_t *site = c->sites + step->first_site;
    if (step->num_sites == 1 && !closed[site->qubit]) {
      absorb(c, step, site);
      closed[site->qubit] = ++taken[site->qubit] == MOST_ABSORBED;
      continue;
    }
    for (size_t i = 0; i < step->num_sites; i++) closed[site[i].qubit] = true;
    c->steps[--kept] = *step;
  }
  memmove(c->steps, c->steps + kept,
          (c->num_steps - kept) * sizeof *c->steps);
  c->num_steps -= kept;
  free(closed);
  free(taken);
}

void path_class_init(path_class_t *c, const path_circuit_t *circuit,
                     const pauli_sum_t sum, const size_t *class_of,
                     size_t class_index, const path_input_t *input) {
  size_t n = sum->num_qubits, num_steps;
  *c = (path_class_t){.num_qubits = n};
  memcpy(c->factors, circuit->factors, sizeof c->factors);
  add_terms(c, sum, class_of, class_index, circuit->flip);
  size_t *index = memory_get(circuit->num_steps, sizeof *index);
  bool *used = memory_get(n, sizeof *used);
  uint32_t *number = memory_get(n, sizeof *number);
  path_circuit_cone(index, &num_steps, used, circuit, n, c->rows,
                    c->num_terms);
  c->used = memory_get(n, sizeof *c->used);
  for (size_t q = 0; q < n; q++)
    if (used[q]) {
      number[q] = (uint32_t)c->num_used;
      c->used[c->num_used++] = (uint32_t)q;
    }
  add_steps(c, circuit, index, num_steps, number);
  if (c->num_terms == 1 && input->kind == PATH_INPUT_PRODUCT)
    absorb_input_side(c, input);
  for (size_t s = 0; s < c->num_steps; s++) {
    c->num_random += c->steps[s].quarter_turns == 0;
    c->noisy = c->noisy || c->steps[s].quarter_turns == PATH_NOISE;
  }
  free(index);
  free(used);
  free(number);
}

void path_class_clear(path_class_t *c) {
  free(c->rows);
  free(c->coeffs);
  free(c->used);
  free(c->steps);
  free(c->sites);
  free(c->absorbed);
  free(c->values);
}
