#include "tests/lies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long whole(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? strtol(text, NULL, 10) : 0;
}

static void set_whole(json_t *object, const char *key, long value) {
  char text[32];
  snprintf(text, sizeof text, "%ld", value);
  json_object_set_new(object, key, json_string(text));
}

/* su(N) becomes su(N-1), with its type, rank and dimension, and the algebra smaller by
   as much. */
static bool smaller_algebra(json_t *certificate) {
  json_t *algebra = json_object_get(certificate, "algebra");
  json_t *ideal = json_array_get(json_object_get(algebra, "ideals"), 0);
  long n = whole(ideal, "rank") + 1, count = whole(ideal, "count");
  const char *type = json_string_value(json_object_get(ideal, "type"));
  char text[32];
  if (!type || *type != 'A' || n < 3 || count < 1) return false;
  snprintf(text, sizeof text, "A%ld", n - 2);
  json_object_set_new(ideal, "type", json_string(text));
  snprintf(text, sizeof text, "su(%ld)", n - 1);
  json_object_set_new(ideal, "name", json_string(text));
  set_whole(ideal, "rank", n - 2);
  set_whole(ideal, "dimension", (n - 1) * (n - 1) - 1);
  set_whole(algebra, "dimension", whole(algebra, "dimension") - count * (2 * n - 1));
  return true;
}

/* What two landscapes say of moments is exchanged. */
static bool exchanged_landscapes(json_t *certificate) {
  static const char *const keys[] = {"mean", "variance", "gradient_variance",
                                     "mean_square"};
  json_t *list = json_object_get(certificate, "landscapes");
  json_t *a = json_array_get(list, 0), *b = json_array_get(list, 1);
  bool differs = false;
  for (size_t k = 0; k < 4 && b; k++) {
    json_t *x = json_deep_copy(json_object_get(a, keys[k]));
    json_t *y = json_deep_copy(json_object_get(b, keys[k]));
    differs = differs || !json_equal(x, y);
    json_object_set_new(a, keys[k], y);
    json_object_set_new(b, keys[k], x);
  }
  return differs;
}

/* Whole eigenvalues of all blocks go up by 1, with their mean and the least. */
static size_t shift(json_t *json) {
  static const char *const keys[] = {"eigenvalue", "mean_eigenvalue", "least_eigenvalue"};
  size_t count = 0, i;
  const char *key;
  json_t *value;
  json_array_foreach(json, i, value) count += shift(value);
  json_object_foreach(json, key, value) {
    if (json_is_object(value) || json_is_array(value)) count += shift(value);
    bool is_level = false;
    for (size_t k = 0; k < 3; k++) is_level = is_level || !strcmp(key, keys[k]);
    if (!is_level || !json_is_string(value) || strpbrk(json_string_value(value), "/."))
      continue;
    set_whole(json, key, whole(json, key) + 1); /* value is gone */
    count++;
  }
  return count;
}

static bool shifted_levels(json_t *certificate) {
  size_t i, count = 0;
  json_t *landscape;
  json_array_foreach(json_object_get(certificate, "landscapes"), i, landscape)
    count += shift(json_object_get(landscape, "wishart"));
  return count > 0;
}

/* Twice a whole number or a fraction, NULL for what is neither, or is 0. */
static json_t *twice(const json_t *number) {
  const char *text = json_string_value(number);
  long p, q = 1;
  int end = 0;
  char out[64];
  if (!text || strlen(text) > 18) return NULL;
  if (sscanf(text, "%ld%n/%ld%n", &p, &end, &q, &end) < 1 || text[end] || !p) return NULL;
  if (q % 2) p *= 2;
  else q /= 2;
  if (q == 1) snprintf(out, sizeof out, "%ld", p);
  else snprintf(out, sizeof out, "%ld/%ld", p, q);
  return json_string(out);
}

/* The variance and all gradients are twice as large, and the mean square. */
static bool doubled_moments(json_t *certificate) {
  static const char *const keys[] = {"mean_square", "variance"};
  json_t *l = json_array_get(json_object_get(certificate, "landscapes"), 0);
  json_t *list = json_object_get(l, "gradient_variance"), *more;
  bool any = false;
  for (size_t k = 0; k < 2; k++) {
    more = twice(json_object_get(l, keys[k]));
    if (!more) continue;
    json_object_set_new(l, keys[k], more);
    any = k == 1;
  }
  for (size_t i = 0; i < json_array_size(list); i++) {
    more = twice(json_array_get(list, i));
    if (!more) continue;
    json_array_set_new(list, i, more);
    any = true;
  }
  return any;
}

/* so(2N+1) becomes sp(N), or the reverse: of the same dimension and rank. */
static bool other_series(json_t *certificate) {
  json_t *list = json_object_get(json_object_get(certificate, "algebra"), "ideals");
  json_t *ideal;
  size_t i;
  json_array_foreach(list, i, ideal) {
    const char *type = json_string_value(json_object_get(ideal, "type"));
    long rank = whole(ideal, "rank");
    char text[32];
    if (!type || (*type != 'B' && *type != 'C') || rank < 3) continue;
    if (*type == 'B') snprintf(text, sizeof text, "sp(%ld)", rank);
    else snprintf(text, sizeof text, "so(%ld)", 2 * rank + 1);
    json_object_set_new(ideal, "name", json_string(text));
    snprintf(text, sizeof text, "%c%ld", *type == 'B' ? 'C' : 'B', rank);
    json_object_set_new(ideal, "type", json_string(text)); /* type is gone */
    return true;
  }
  return false;
}

/* A sector of dimension d with multiplicity m becomes one of dimension m with
   multiplicity d: the space stays full. */
static bool exchanged_multiplicity(json_t *certificate) {
  json_t *sector;
  size_t i;
  json_array_foreach(json_object_get(certificate, "sectors"), i, sector) {
    long dimension = whole(sector, "dimension"), times = whole(sector, "multiplicity");
    if (dimension == times || !dimension || !times) continue;
    set_whole(sector, "dimension", times);
    set_whole(sector, "multiplicity", dimension);
    return true;
  }
  return false;
}

/* Real sectors become quaternionic and the reverse, or complex ones real, and the blocks of
   the landscapes with them: beta 1, 2, 4. */
static bool other_field(json_t *certificate) {
  static const char *const fields[] = {"real", "quaternionic", "complex", "real"};
  json_t *sectors = json_object_get(certificate, "sectors"), *landscape, *block;
  const char *first =
      json_string_value(json_object_get(json_array_get(sectors, 0), "field"));
  size_t k = 0, i, j;
  while (k < 3 && (!first || strcmp(fields[k], first))) k++;
  if (k == 3) return false;
  json_object_set_new(json_array_get(sectors, 0), "field", json_string(fields[k + 1]));
  json_array_foreach(json_object_get(certificate, "landscapes"), i, landscape) {
    json_t *blocks = json_object_get(json_object_get(landscape, "wishart"), "blocks");
    json_array_foreach(blocks, j, block)
      set_whole(block, "beta", whole(block, "beta") == 1 ? 4 : 1);
  }
  return true;
}

/* One copy of an ideal less, the algebra smaller by its dimension, the centre greater:
   the dimension of the whole stays. */
static bool ideal_to_centre(json_t *certificate) {
  json_t *algebra = json_object_get(certificate, "algebra");
  json_t *ideal = json_array_get(json_object_get(algebra, "ideals"), 0);
  long count = whole(ideal, "count"), dimension = whole(ideal, "dimension");
  if (count < 2 || dimension < 1) return false;
  set_whole(ideal, "count", count - 1);
  set_whole(algebra, "center", whole(algebra, "center") + dimension);
  return true;
}

/* Numbers that are known in both and differ. */
static bool is_other_number(const json_t *a, const json_t *b, const char *key) {
  const char *x = json_string_value(json_object_get(a, key));
  const char *y = json_string_value(json_object_get(b, key));
  return x && y && strcmp(x, y);
}

/* All that is claimed is true, of the ansatz before. */
static bool claims_of_another(json_t *certificate, const json_t *other) {
  static const char *const given[] = {"ansatz", "inputs_digest", "source", "format"};
  const json_t *mine = json_object_get(certificate, "landscapes");
  const json_t *theirs = json_object_get(other, "landscapes");
  bool differs = is_other_number(json_object_get(certificate, "algebra"),
                                 json_object_get(other, "algebra"), "dimension");
  differs = differs || is_other_number(json_array_get(mine, 0), json_array_get(theirs, 0),
                                       "variance");
  json_t *lie = json_deep_copy(other);
  for (size_t k = 0; k < sizeof given / sizeof *given; k++)
    json_object_set(lie, given[k], json_object_get(certificate, given[k]));
  json_object_clear(certificate);
  json_object_update(certificate, lie);
  json_decref(lie);
  return differs;
}

static const struct {
  const char *name;
  bool (*tell)(json_t *);
} lies[] = {{"smaller algebra", smaller_algebra},
            {"exchanged landscapes", exchanged_landscapes},
            {"shifted levels", shifted_levels},
            {"doubled moments", doubled_moments},
            {"other series", other_series},
            {"exchanged multiplicity", exchanged_multiplicity},
            {"other field", other_field},
            {"ideal in the centre", ideal_to_centre}};

const char *lie_name(size_t k) {
  return k < LIES_NUM - 1 ? lies[k].name : "claims of another";
}

bool lie_tell(json_t *certificate, size_t k, const json_t *other) {
  if (k < LIES_NUM - 1) return lies[k].tell(certificate);
  return json_is_object(other) && claims_of_another(certificate, other);
}
