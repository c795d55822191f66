#include "numeric/sample/chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

static const double max_operations = 1.5e9;

static bool is_usable(const reach_t *reach) {
  return reach->moved && reach->num_strings;
}

bool chain_init(chain_t *c, const sampler_t *s) {
  static const reach_limits_t limits = {
      .max_strings = 1 << 17, .max_pairs = 3e7, .max_tests = 2e8};
  *c = (chain_t){.sampler = s, .module = s->module};
  if (s->module) return is_usable(&s->module->reach);
  bool *used = memory_get(s->ansatz->num_observables, sizeof *used);
  for (size_t p = 0; p < s->num_pairs; p++)
    used[s->pairs[p].observable] = true;
  bool fine = string_module_init(&c->own, s->program, s->ansatz, used,
                                 limits) == STATUS_OK;
  free(used);
  if (!fine) return false;
  c->module = &c->own;
  if (is_usable(&c->own.reach)) return true;
  chain_clear(c);
  return false;
}

void chain_clear(chain_t *c) {
  if (c->module == &c->own) string_module_clear(&c->own);
  *c = (chain_t){.sampler = NULL};
}

/* --- steps --------------------------------------------------------------------- */

/* The gates of one layer, last first: both ends of a pair get the average. */
static void average_gates(const reach_t *r, size_t class, double *p) {
  const size_t *places = r->places + class * (r->num_gates + 1);
  for (size_t g = r->num_gates; g-- > 0;)
    for (size_t k = places[g]; k < places[g + 1]; k++) {
      const reach_pair_t *pair = r->pairs + k;
      p[pair->a] = p[pair->b] = (p[pair->a] + p[pair->b]) / 2;
    }
}

/* The average over 2^bits shifts. work: as long as the longest cycle. */
static void average_shifts(const reach_t *r, size_t class, unsigned bits,
                           double *p, double *work) {
  for (size_t i = r->class_cycles[class]; i < r->class_cycles[class + 1]; i++) {
    size_t length = r->cycles[i].length, step = 1 % length;
    double *q = p + r->cycles[i].start;
    for (unsigned b = 0; b < bits; b++, step = 2 * step % length) {
      memcpy(work, q, length * sizeof *work);
      for (size_t j = 0; j < step; j++)
        q[j] = (work[j] + work[j + length - step]) / 2;
      for (size_t j = step; j < length; j++)
        q[j] = (work[j] + work[j - step]) / 2;
    }
  }
}

/* --- one landscape --------------------------------------------------------------- */

typedef struct {
  const reach_t *reach;
  const bool *classes;
  double *p, *square, *limit, *work;
  double total, goal;
  double step_operations;
} walk_t;

static void walk_init(walk_t *w, const chain_t *c, sampler_pair_t pair,
                      unsigned bits) {
  const reach_t *r = &c->module->reach;
  size_t n = r->num_strings;
  const string_module_vector_t *o = c->module->observables + pair.observable;
  const string_module_vector_t *rho = c->module->states + pair.state;
  *w = (walk_t){.reach = r,
                .classes = c->module->touches +
                           pair.observable * r->num_classes};
  w->p = memory_get(n, sizeof *w->p);
  w->square = memory_get(n, sizeof *w->square);
  w->work = memory_get(n, sizeof *w->work);
  w->limit = memory_get(r->num_classes, sizeof *w->limit);
  for (size_t i = 0; i < rho->count; i++)
    w->square[rho->elements[i]] = rho->values[i] * rho->values[i];
  for (size_t i = 0; i < o->count; i++)
    w->p[o->elements[i]] = o->values[i] * o->values[i];
  for (size_t k = 0; k < r->num_classes; k++) {
    if (!w->classes[k]) continue;
    double mass = 0, square = 0;
    for (size_t i = r->class_start[k]; i < r->class_start[k + 1]; i++) {
      mass += w->p[i];
      square += w->square[i];
    }
    size_t count = r->class_start[k + 1] - r->class_start[k];
    w->limit[k] = mass / (double)count;
    w->total += mass;
    w->goal += w->limit[k] * square;
    w->step_operations += (double)(count * (bits + 2));
  }
  w->step_operations +=
      string_module_layer_pairs(c->module, pair.observable);
}

static void walk_clear(walk_t *w) {
  free(w->p);
  free(w->square);
  free(w->work);
  free(w->limit);
}

static bool walk_step(walk_t *w, unsigned bits, double relative,
                      double variation) {
  const reach_t *r = w->reach;
  double distance = 0, value = 0;
  for (size_t k = 0; k < r->num_classes; k++) {
    if (!w->classes[k]) continue;
    average_gates(r, k, w->p);
    if (bits) average_shifts(r, k, bits, w->p, w->work);
    for (size_t i = r->class_start[k]; i < r->class_start[k + 1]; i++) {
      distance += fabs(w->p[i] - w->limit[k]);
      value += w->p[i] * w->square[i];
    }
  }
  return distance <= 2 * variation * w->total &&
         fabs(value - w->goal) <= relative * w->goal + 1e-300;
}

size_t chain_mixing_layers(chain_t *c, unsigned bits, double relative,
                           double variation, size_t max_layers) {
  size_t worst = 1;
  double room = c->operations + max_operations;
  for (size_t at = 0; at < c->sampler->num_pairs; at++) {
    walk_t w;
    bool mixed = false;
    size_t layers = 0;
    if (c->sampler->left_out[c->sampler->pairs[at].observable]) continue;
    walk_init(&w, c, c->sampler->pairs[at], bits);
    while (!mixed && layers < max_layers && c->operations < room) {
      mixed = walk_step(&w, bits, relative, variation);
      layers++;
      c->operations += w.step_operations;
    }
    walk_clear(&w);
    if (!mixed) return 0;
    if (layers > worst) worst = layers;
  }
  return worst;
}

unsigned chain_shuffle_bits(const chain_t *c) {
  const reach_t *r = &c->module->reach;
  size_t longest = 1;
  unsigned bits = 6;
  if (!r->turn_drives) return 0;
  for (size_t i = 0; i < r->num_cycles; i++)
    if (r->cycles[i].length > longest) longest = r->cycles[i].length;
  while (longest >> (bits - 6)) bits++;
  return longest > 1 ? bits : 0;
}

bool chain_is_exact(const program_t *program) {
  size_t *uses = memory_get(program->num_drives, sizeof *uses);
  bool exact = program->num_sums == 0 && program->reduced;
  const gate_list_t *layer = &program->layer;
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      uses[layer->gates[g].terms[t].drive]++;
  for (size_t g = 0; exact && g < layer->num_gates; g++) {
    exact = false;
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      exact = exact || uses[layer->gates[g].terms[t].drive] == 1;
  }
  free(uses);
  return exact;
}
