/* t-alterations - every alteration of a certificate is caught.

   Certificates of many kinds are made; then each value in them is altered in
   turn, in every way that fits it, and `check`, called as a function, must find
   a claim that does not hold or refuse to read it. Not tried: a larger radius
   of a ball that is no rounding (a weaker claim, and true), the order of
   blocks, sectors, actions, ideals of a law and the rows of a family, other generators
   of a seed (another proof of the same), fewer suggestions, another number of those alike, and what check
   itself lists as not re-proved; of that most certificates of Pauli strings
   have nothing.

   Every member is deleted too, and that is to be noticed even where nothing is re-proved,
   but for the members in the table `optional`. And every number is made larger by a
   hundredth, and gets the other sign.

   LIESCAPE_TEST_MULTIPLIER 1 tries a sample of the alterations, and deletes every member
   and alters every number of every kind once; 400 tries everything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "cli/format/certificate_io.h"
#include "cli/check/check.h"
#include "cli/format/json_number.h"
#include "tests/program.h"
#include "tests/tap.h"

/* --- alterations ------------------------------------------------------------------- */

/* How many ways there are to alter a value; altered(value, way) is one, the value
   itself (a new reference) when it is not different. */
enum { NUM_WAYS = 8 };

static json_t *altered_number(const char *text, size_t way) {
  size_t sign = *text == '-';
  switch (way) {
    case 0: /* the sign, or 0 becomes 1 */
      return !strcmp(text, "0") ? json_string("1")
             : sign             ? json_string(text + 1)
                                : json_sprintf("-%s", text);
    case 1: /* ten times and some more */
      if (!strchr(text, '/')) return json_sprintf("%s1", text);
      return json_sprintf("%.*s", (int)strcspn(text, "/"), text);
    case 2: /* another first digit */
      {
        char *copy = strdup(text);
        copy[sign] = copy[sign] == '9' ? '7' : (char)(copy[sign] + 1);
        json_t *json = json_string(copy);
        free(copy);
        return json;
      }
    case 3: { /* another last digit */
      char *copy = strdup(text), *end = copy + strlen(copy) - 1;
      *end = *end == '9' ? '7' : (char)(*end + 1);
      json_t *json = json_string(copy);
      free(copy);
      return json;
    }
    case 4: return json_sprintf("%s/7", text);
    case 5: return json_sprintf("+%s", text);
    default: return json_string("1/3");
  }
}

static json_t *altered_text(const char *text, size_t way) {
  size_t length = strlen(text);
  switch (way) {
    case 0: return json_sprintf("%sx", text);
    case 1: return json_sprintf("%.*s", length ? (int)length - 1 : 0, text);
    case 2: return json_string("yes");
    case 3: return json_string("no");
    case 4: return json_string("undecided");
    case 5: return json_string("");
    default: return json_string("complex");
  }
}

static json_t *altered_array(json_t *list, size_t way) {
  size_t length = json_array_size(list);
  json_t *copy = json_copy(list);
  switch (way) {
    case 0: json_array_remove(copy, 0); break;
    case 1: json_array_remove(copy, length - 1); break;
    case 2:
      json_array_append(copy, json_array_get(list, length ? length - 1 : 0));
      if (!length) json_array_append_new(copy, json_string("1"));
      break;
    case 3:
      for (size_t i = 0; i < length; i++)
        json_array_set(copy, i, json_array_get(list, length - 1 - i));
      break;
    default: json_array_clear(copy);
  }
  return copy;
}

static json_t *altered(json_t *value, size_t way) {
  if (way == NUM_WAYS - 1) return json_is_null(value) ? json_string("1/2")
                                                      : json_null();
  if (json_is_integer(value))
    return json_integer(json_integer_value(value) +
                        (way % 2 ? 1 : -1) * (json_int_t)(1 + way / 2));
  if (json_is_boolean(value))
    return way % 2 ? json_string("true") : json_boolean(!json_is_true(value));
  if (json_is_array(value)) return altered_array(value, way);
  if (json_is_null(value)) return way % 2 ? json_true() : json_string("0");
  if (!json_is_string(value)) return json_object();
  const char *text = json_string_value(value);
  return *text && strspn(text, "0123456789-/") == strlen(text)
             ? altered_number(text, way)
             : altered_text(text, way);
}

/* --- numbers ---------------------------------------------------------------------------- */

/* "3/8" or "-2": with the other sign, or by a hundredth larger. */
static json_t *altered_fraction(const char *text, const char *rest, bool sign) {
  fmpq_t x, factor;
  fmpq_init(x);
  fmpq_init(factor);
  fmpq_set_si(factor, sign ? -1 : 101, sign ? 1 : 100);
  json_t *out = NULL;
  if (fmpq_set_str(x, text, 10) == 0) {
    fmpq_mul(x, x, factor);
    char *other = fmpq_get_str(NULL, 10, x);
    out = json_sprintf("%s%s", other, rest);
    flint_free(other);
  }
  fmpq_clear(x);
  fmpq_clear(factor);
  return out;
}

/* "5.1365e-1": with the other sign, or with other digits from the third on. */
static json_t *altered_decimal(const char *text, bool sign) {
  char *copy = strdup(text);
  size_t digits = 0, at = 0;
  for (; !sign && copy[at] && copy[at] != 'e' && digits < 3; at++)
    digits += copy[at] >= '0' && copy[at] <= '9';
  if (!sign) copy[at - 1] = copy[at - 1] == '5' ? '8' : '5';
  json_t *out = !sign          ? json_string(copy)
                : *text == '-' ? json_string(text + 1)
                               : json_sprintf("-%s", text);
  free(copy);
  return out;
}

/* A new reference; NULL: it is no number, or 0. */
static json_t *altered_slightly(const json_t *value, bool sign) {
  if (json_is_real(value))
    return json_real(json_real_value(value) * (sign ? -1 : 1.01));
  json_int_t whole = json_integer_value(value);
  if (json_is_integer(value))
    return json_integer(sign ? -whole : whole + 1 + llabs(whole) / 100);
  if (!json_is_string(value)) return NULL;
  const char *text = json_string_value(value);
  size_t length = strspn(text, "0123456789-/");
  if (!length || !strcmp(text, "-")) return NULL;
  if (text[length] == '.' || text[length] == 'e') return altered_decimal(text, sign);
  if (text[length] && text[length] != '*' && text[length] != ' ') return NULL;
  char *number = strndup(text, length);
  json_t *out = altered_fraction(number, text + length, sign);
  free(number);
  return out;
}

/* --- trials -------------------------------------------------------------------------- */

typedef struct {
  json_t *root, *open;
  json_t *deleted; /* in certificates of this kind: an object of paths */
  bool all_deleted;
  const char *name; /* of the input */
  size_t one_in; /* tries one value of so many */
  size_t tried, caught, missed, not_proved;
} trial_t;

/* open: filled with what is not re-proved. */
static bool is_caught(json_t *open, const json_t *root) {
  check_result_t result = {.quiet = true, .silent = true, .open = open};
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = check_certificate(&result, diag, "altered", root);
  diagnostic_clear(diag);
  return status != STATUS_OK || result.num_failed;
}

/* Does path lie in something that check lists as not re-proved? */
static bool is_open(const json_t *list, const char *path) {
  size_t i;
  json_t *name;
  json_array_foreach(list, i, name) {
    const char *open = json_string_value(name);
    size_t length = strlen(open);
    if (!strncmp(path, open, length) && !strchr("abcdefghijklmnopqrstuvwxyz_",
                                                path[length] ? path[length]
                                                             : '.'))
      return true;
  }
  return false;
}

/* Alterations that leave every claim true. */
static bool is_harmless(const json_t *parent, const char *key, size_t way,
                        const char *path, const json_t *value) {
  const char *seed = strstr(path, ".seed");
  if (seed && (json_is_array(value) || json_is_integer(value))) return true;
  if (key && way == 3 &&
      (!strcmp(key, "blocks") || !strcmp(key, "sectors") ||
       !strcmp(key, "sectors_at_sample") || !strcmp(key, "actions") ||
       !strcmp(key, "sweep") || strstr(path, ".adjoint.ideals")))
    return true;
  if (key && !strcmp(key, "suggestions") && json_is_array(value) &&
      json_array_size(value) < json_array_size(json_object_get(parent, key)))
    return true; /* that there are others is not claimed again */
  if (key && !strcmp(key, "alike") && json_is_integer(value) &&
      json_integer_value(value) >= 0)
    return true;
  if (key && !strcmp(key, "orbit_dimension") && json_is_null(value))
    return true; /* not known, of sums: a weaker claim */
  if (key && !strcmp(key, "sample") && json_is_string(value))
    return true; /* any value that is not special serves */
  if (key && (!strcmp(key, "rad") || !strcmp(key, "mid"))) {
    const char *mid = json_string_value(json_object_get(parent, "mid"));
    const char *rad = json_string_value(json_object_get(parent, "rad"));
    const char *other = json_string_value(value);
    if (!strcmp(key, "mid") && mid && other && strchr(mid, '.') &&
        strspn(other, "-.0123456789") == strlen(other) &&
        !strncmp(mid, other, strlen(other)) && !strcmp(mid + strlen(other), "0"))
      return true; /* 1.25 for 1.250 */
    if (mid && !strcmp(mid, "0") && !strcmp(key, "rad")) return json_is_string(value);
    char *last = mid && rad ? cert_ball_last_place(mid) : NULL;
    bool wide = !last || strcmp(last, rad);
    free(last);
    if (wide) return json_is_string(value); /* may still contain the truth */
  }
  return false;
}

static void try_one(trial_t *trial, const char *path, size_t way) {
  json_t *open = json_array();
  trial->tried++;
  if (is_caught(open, trial->root)) {
    trial->caught++;
  } else if (is_open(trial->open, path) || is_open(open, path)) {
    trial->not_proved++; /* be it that check does not prove it because of the alteration */
  } else {
    trial->missed++;
    tap_diag("%s: alteration %zu of %s was not noticed", trial->name, way,
             path);
  }
  json_decref(open);
}

/* --- deletions ------------------------------------------------------------------------ */

/* What may be missing, with the reason; the path without indices ends so, or has such a
   part. */
static const struct {
  const char *part, *why;
} optional[] = {
    {"ansatz.source.", "what everything else is about: another question, no other answer"},
};

/* The path without indices. */
static void set_pattern(char *out, const char *path) {
  for (; *path; path++) {
    if (*path == '[') path += strcspn(path, "]");
    else *out++ = *path;
  }
  *out = 0;
}

static bool is_optional(const char *pattern) {
  for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
    if (strstr(pattern, optional[i].part)) return true;
  return false;
}

/* Every member once for each kind of certificate, and now and then. */
static void delete_member(trial_t *trial, json_t *parent, const char *key, json_t *value,
                          const char *path) {
  char pattern[512];
  set_pattern(pattern, path);
  bool done = json_object_get(trial->deleted, pattern) || !trial->all_deleted;
  if (is_optional(pattern) || (done && tap_random_below(trial->one_in))) return;
  json_object_set_new(trial->deleted, pattern, json_true());
  json_object_del(parent, key);
  trial->tried++;
  if (is_caught(NULL, trial->root)) {
    trial->caught++;
  } else {
    trial->missed++;
    tap_diag("%s: that %s is missing was not noticed", trial->name, path);
  }
  json_object_set(parent, key, value);
}

static void put(json_t *parent, const char *key, size_t i, json_t *value) {
  if (key) json_object_set(parent, key, value);
  else json_array_set(parent, i, value);
}

/* Likewise every number; "#": in a list. */
static void alter_number(trial_t *trial, json_t *parent, const char *key, size_t i,
                         json_t *value, const char *path) {
  char pattern[512] = "#";
  set_pattern(pattern + (key ? 0 : 1), path);
  strcat(pattern, "=");
  bool done = json_object_get(trial->deleted, pattern) || !trial->all_deleted;
  for (size_t sign = 0; sign < 2; sign++) {
    if (done && tap_random_below(trial->one_in)) continue;
    json_t *other = altered_slightly(value, sign);
    if (!other) return;
    json_object_set_new(trial->deleted, pattern, json_true());
    if (!json_equal(other, value) && !is_harmless(parent, key, NUM_WAYS, path, other)) {
      put(parent, key, i, other);
      try_one(trial, path, NUM_WAYS + sign);
      put(parent, key, i, value);
    }
    json_decref(other);
  }
}

static void walk(trial_t *trial, json_t *json, const char *path);

/* The value at key (an object) or index i (an array) of parent. */
static void alter(trial_t *trial, json_t *parent, const char *key, size_t i,
                  const char *path) {
  json_t *value = key ? json_object_get(parent, key)
                      : json_array_get(parent, i);
  json_incref(value);
  for (size_t way = 0; way < NUM_WAYS; way++) {
    if (tap_random_below(trial->one_in)) continue;
    json_t *other = altered(value, way);
    if (json_equal(other, value) || is_harmless(parent, key, way, path, other)) {
      json_decref(other);
      continue;
    }
    put(parent, key, i, other);
    try_one(trial, path, way);
    put(parent, key, i, value);
    json_decref(other);
  }
  alter_number(trial, parent, key, i, value, path);
  if (key) delete_member(trial, parent, key, value, path);
  walk(trial, value, path);
  json_decref(value);
}

static void walk(trial_t *trial, json_t *json, const char *path) {
  char below[512];
  if (json_is_object(json)) {
    json_t *keys = json_array();
    const char *key;
    json_t *item;
    size_t i;
    json_object_foreach(json, key, item)
      json_array_append_new(keys, json_string(key));
    json_array_foreach(keys, i, item) {
      snprintf(below, sizeof below, "%.400s%s%.80s", path, *path ? "." : "",
               json_string_value(item));
      alter(trial, json, json_string_value(item), 0, below);
    }
    json_decref(keys);
  } else if (json_is_array(json)) {
    for (size_t i = 0; i < json_array_size(json); i++) {
      snprintf(below, sizeof below, "%.400s[%zu]", path, i);
      alter(trial, json, NULL, i, below);
    }
  }
}

/* --- certificates --------------------------------------------------------------------- */

/* A file in the program's own syntax, or the name of an example; options. */
typedef struct {
  const char *name, *options, *text;
  bool strings; /* nothing may be left that is not re-proved */
} input_t;

static const input_t inputs[] = {
    {"tfim_hva.ops", "", NULL, true},
    {"brickwall.qasm", "-D layers=1", NULL, true},
    {"noisy.qasm", "--noise depolarizing=1/10,readout=1/4 -s zero "
     "-s 'product 3/5,0,4/5 1/2,0,0'",
     "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a; input float b;\n"
     "input float c; input float d;\nqubit[2] q;\nrx(a) q[0]; ry(b) q[1];\n"
     "cz q[0], q[1];\nrx(c) q[0]; ry(d) q[1];\ncz q[0], q[1];\n"
     "#pragma liescape observable Z0 + 1/2 X1\n", true},
    {"hardware_efficient.qasm", "", NULL, true},
    {"qaoa_ring_multiangle.qasm", "", NULL, true},
    {"xy_matchgate.qasm", "-D layers=2", NULL, true},
    {"exported_qiskit_efficient_su2.qasm", "", NULL, true},
    {"exported_qiskit_real_amplitudes_qasm2.qasm", "-O 'Z0 Z1' -s ghz", NULL,
     true},
    {"exported_qiskit_transpiled.qasm", "-O Z0 -O 'X0 + 1/2 Z1'", NULL, true},
    {"heisenberg_hva.qasm", "-D n=3 -D layers=1", NULL, false},
    {"uccsd_h2.ops", "", NULL, false},
    {"sn_equivariant.ops", "-D qubits=3", NULL, false},
    {"xxz_hva.ops", "", NULL, false},
    /* su(6) and su(2), each on a sector of its own */
    {"blocks.ops", "", "qubits 3\ngenerator X0 + X1\ngenerator Z0 + Z1 + Z2\n"
     "generator Z0 Z1\ngenerator X2\ngenerator Z1 Z2 + Z0 Z2\n"
     "observable Z0 + Z1\nobservable X0 X1\nstate zero\nstate plus\n", false},
    {"bloch.ops", "", "qubits 1\ngenerator X0\ngenerator Y0\nobservable Z0\n",
     true},
    {"fixed.ops", "", "qubits 2\ngenerator Z0\nobservable X0 + Z1\n"
     "observable Z1\nstate plus\n", true},
    {"sp.ops", "", "qubits 2\ngenerator X0\ngenerator Y0 X1\ngenerator Y0 Y1\n"
     "generator Y0 Z1\nobservable Z0\nobservable X0 X1\n", true},
    {"hopping.ops", "", "qubits 4\nfor i in 0..2: generator X{i} X{i+1} + Y{i} Y{i+1}\n"
     "for i in 0..3: generator Z{i}\nobservable Z0 - X1 X2 - Y1 Y2\nstate bits 0011\n"
     "state bits 0111\n", true},
    {"real.ops", "", "qubits 3\ngenerator Y0\ngenerator Y1\ngenerator Y2\n"
     "generator X0 Y1\ngenerator X1 Y2\ngenerator Z0 Y1\n"
     "observable Z0 Z1 + 1/2 X2\nobservable Y0\nstate zero\nstate ghz\n", true},
    {"su8.ops", "-s plus -s mixed", "qubits 3\ngenerator X0\ngenerator Z0\n"
     "generator X1\ngenerator Z1\ngenerator X2\ngenerator Z2\n"
     "generator Z0 Z1\ngenerator Z1 Z2\nobservable Z0 + 1/3 Z1\n"
     "observable X0 + Y0 + Z1\n", true},
    {"spin.ops", "", "qubits 3\ngenerator Z0\ngenerator X0 X1\ngenerator Z1\n"
     "generator X1 X2\ngenerator Z2\nobservable X0 + Y0\nobservable Z0\n"
     "observable Z0 X1 + 2 X0\nstate plus\nstate zero\n", true},
    {"conjugate.ops", "", "qubits 4\ngenerator X1 Z2 Y3\ngenerator Z1 Z3\n"
     "generator X0 Y1 X2\ngenerator X0 Z1 X2 X3\ngenerator Y0 Y1 Y2\n"
     "generator Y0 Z1 X2 Z3\ngenerator Z0 X1 X2 Y3\n"
     "observable Z1 Z3 + 1/2 Y0 Y1 Y2\n", true},
    {"linked.ops", "", "qubits 3\ngenerator X0 Z2\ngenerator Y0 Z2\n"
     "generator X0 X1\ngenerator Z0 Z1\nobservable Z0\nobservable Z0 Z2\n"
     "state zero\nstate bits 001\n", true},
    {"two.ops", "", "qubits 4\ngenerator X0\ngenerator Y0\ngenerator X1\n"
     "generator Y1\ngenerator Z3\nobservable Z0 + Z1\nobservable X3\n"
     "parameters 9\n", true},
    {"few_strings.ops", "-s 'pauli 1 + 1/2 Z0 X2 - 1/3 Y1' -s zero "
     "-s 'product 3/5,0,4/5'", "qubits 3\ngenerator X0\ngenerator Y0\n"
     "generator Y0 Z1\ngenerator X1 X2\nobservable Z0 + 1/2 X2\n", true},
    /* so(4) on C^4: a reduced state of rank 2 */
    {"pair.ops", "", "qubits 4\ngenerator X0\ngenerator Y0\ngenerator X1\n"
     "generator Y1\ngenerator Z3\nobservable Z0 Z1\n", false},
    {"twisted.ops", "", "qubits 3\ngenerator X0\ngenerator Y0 Z2\n"
     "generator X1 Z2\ngenerator Y1\ngenerator Z0 Z1\nobservable Z0\n"
     "observable Z1 Z2\nstate zero\nstate plus\n", false},
    {"few.ops", "", "qubits 2\ngenerator X0 X1\ngenerator Y0\ngenerator Z1\n"
     "parameters 2\nobservable X0\nobservable Z0 Z1\n", true},
    {"nothing.ops", "", "qubits 2\ngenerator Z0\n", true},
    {"shared.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[2] q;\nrx(a) q[0];\nrz(b) q[0];\n"
     "rx(2*a) q[1];\nrz(b) q[1];\nrx(a) q[0];\n"
     "#pragma liescape observable Z0 Z1\n", false},
    {"split.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[2] q;\nrx(a) q[0];\nrz(b) q[0];\n"
     "ry(a) q[0];\ncx q[0], q[1];\nrz(b/2) q[1];\n"
     "#pragma liescape observable Z0 + Z1\n", true},
    {"freed.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\nqubit[2] q;\nh q[0];\nrz(pi/8) q[0];\nrx(a) q[0];\n"
     "cx q[0], q[1];\nrz(pi/4) q[1];\n#pragma liescape observable X0 X1\n",
     false},
    {"ends.qasm", "-s zero -s plus", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\ninput float c;\nqubit[3] q;\nry(0.3) q[0];\n"
     "ry(pi/3) q[1];\nrzz(a) q[0], q[1];\nrx(b) q[1];\nrzz(c) q[1], q[2];\n"
     "rx(0.7) q[1];\nt q[0];\n"
     "#pragma liescape observable Z0 Z1 + X0 + 1/2 Z1\n", true},
    {"ends_sums.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[2] q;\nry(0.3) q[0];\nry(0.3) q[1];\n"
     "rzz(a) q[0], q[1];\nrx(b) q[0];\nrx(b) q[1];\nt q[1];\n"
     "#pragma liescape observable Z0 + X1\n", false},
    {"cancel.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[1] q;\nrx(a) q[0];\nrx(-a) q[0];\n"
     "rz(b) q[0];\n#pragma liescape observable X0\n", true},
    {"pi.qasm", "", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[1] q;\nrx(pi*a) q[0];\n"
     "rz(b) q[0];\n#pragma liescape observable Z0\n", true},
    {"numbers.qasm", "", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\n"
     "rx(0.3) q[0];\nrz(0.4) q[0];\ncx q[0],q[1];\nry(1) q[1];\n"
     "// liescape\n", true},
    {"cry.qasm", "-O Z1 -s zero", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
     "input float a;\ninput float b;\nqubit[2] q;\nry(b) q[0];\n"
     "cry(a) q[0], q[1];\n", false},
    {"chain.ops", "-s plus", "qubits 12\n"
     "for i in 0..qubits-2: generator X{i} X{i+1}\n"
     "for i in 0..qubits-2: generator Y{i} Y{i+1}\n"
     "for i in 0..qubits-1: generator Z{i}\n"
     "observable Z0\nobservable X0\nobservable Z0 Z5\n", true},
    {"universal.ops", "", "qubits 10\n"
     "for i in 0..qubits-1: generator X{i}\n"
     "for i in 0..qubits-1: generator Z{i}\n"
     "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0 Z1\n",
     true},
    {"xxz_symbolic.ops", "", NULL, false},
    {"changes.ops", "--suggest", "qubits 3\ngenerator X0\ngenerator Y0\n"
     "generator X1\ngenerator Y1\ngenerator X2\ngenerator Y2\n"
     "generator Z0 Z1\ngenerator Z1 Z2\nobservable Z0\nparameters 16\n", true},
    {"changes.qasm", "--suggest", "OPENQASM 3.0;\n"
     "include \"stdgates.inc\";\ninput array[float, 9] a;\nqubit[3] q;\n"
     "rx(a[0]) q[0];\nry(2*a[1]) q[1];\nrx(a[2]) q[2];\ncx q[0], q[1];\n"
     "rz(a[3]) q[1];\ncx q[1], q[2];\nry(a[4]) q[2];\nrx(a[5]) q[0];\n"
     "ry(a[6]) q[1];\nrx(a[7]) q[2];\nrx(a[8]) q[2];\n"
     "#pragma liescape observable Z0 + 1/2 Z2\n", true},
    {"unchanged.ops", "--suggest", "qubits 2\ngenerator X0 + X1\n"
     "generator Z0 Z1\nobservable Z0 Z1\n", false},
    {"ising.ops", "--sweep qubits=2,3,4", "qubits 2\n"
     "for i in 0..qubits-1: generator Z{i}\n"
     "for i in 0..qubits-2: generator X{i} X{i+1}\nobservable Z0\n", false},
    {"requests.qasm", "--widths --operators --expressibility "
     "--noise depolarizing=1/10,readout=1/4 -s zero -s plus",
     "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a; input float b;\n"
     "input float c;\nqubit[2] q;\nrx(a) q[0]; ry(b) q[1];\ncz q[0], q[1];\n"
     "rx(c) q[0];\n#pragma liescape observable Z0 + 1/2 X1\n", true},
    {"intervals.qasm", "--angles interval:1/3 --angles b=normal:1/10 -s zero -s plus",
     "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a; input float b;\n"
     "input float c;\nqubit[2] q;\nrx(a) q[0]; ry(b) q[1];\ncz q[0], q[1];\n"
     "rx(c) q[0]; rz(a/2) q[1];\n#pragma liescape observable Z0 + 1/2 X1\n", true},
    {"requests.ops", "--operators --expressibility", "qubits 3\n"
     "generator X0 X1 + Y0 Y1 + Z0 Z1\ngenerator X1 X2 + Y1 Y2 + Z1 Z2\n"
     "observable Z0 Z1\nobservable X0 X1 + Y0 Y1 + Z0 Z1\nstate bits 010\nstate plus\n",
     false},
    {"inputs.ops", "", "qubits 4\ngenerator X0 + X1 + X2 + X3\n"
     "generator Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z0\n"
     "observable Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z0\nstate plus\nstate bits 0101\n"
     "state product 3/5,0,4/5 1/2,0,0 0,0,1 3/5,0,4/5\nparameters 6\n", false},
    {"roots.ops", "", "qubits 2\ngenerator X0 + sqrt(2) X1\ngenerator Z0 Z1\n"
     "observable Z0 Z1\n", false},
    {"exported_qiskit_uccsd.qasm", "", NULL, false},
    {"exported_braket_heisenberg.qasm", "", NULL, false},
    {"exported_qiskit_givens.qasm", "", NULL, false},
    {"z2_gauge_ladder.ops", "", NULL, false},
    {"xxz_ring.ops", "", NULL, false},
    {"xxz_hva.ops", "", NULL, false},
    {"qaoa_ring.qasm", "-D n=4", NULL, false},
    {"layers.qasm", "--sweep layers=1,2 --noise depolarizing=1/10",
     "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int layers = 1;\n"
     "input array[float, 2*layers] a;\nqubit[2] q;\n"
     "for int k in [0:layers-1] { rx(a[2*k]) q[0]; ry(a[2*k+1]) q[1]; cz q[0], q[1]; }\n"
     "#pragma liescape observable Z0\n", false},
};

static run_t make_certificate(const input_t *input) {
  const char *srcdir = getenv("srcdir");
  char *command, *root = realpath(srcdir ? srcdir : ".", NULL);
  if (input->text) program_write(input->name, input->text);
  if (!root || asprintf(&command, "$L certify --json %s '%s%s%s'",
                        input->options, input->text ? "" : root,
                        input->text ? "" : "/examples/", input->name) < 0)
    abort();
  run_t run = program_run(command);
  free(command);
  free(root);
  return run;
}

/* Values to choose from grow with the certificate: about as many trials each. */
static size_t count_values(json_t *json) {
  size_t count = 1, i;
  const char *key;
  json_t *item;
  json_object_foreach(json, key, item) count += count_values(item);
  json_array_foreach(json, i, item) count += count_values(item);
  return count;
}

/* Many layers are too much for the plain recursion, and changes are not tried again. */
static bool is_expected(const json_t *open) {
  size_t i;
  json_t *item;
  json_array_foreach(open, i, item) {
    const char *path = json_string_value(item);
    if (!strstr(path, ".finite_depth.layers.") && !strstr(path, ".noise.layers.") &&
        !strstr(path, ".minima.law") &&
        !strstr(path, ".curvature") && strcmp(path, "suggest.tried"))
      return false;
  }
  return true;
}

static void test_input(const input_t *input, trial_t *sum) {
  run_t run = make_certificate(input);
  trial_t trial = {.root = run_json(&run), .name = input->name, .open = json_array(),
                   .deleted = sum->deleted, .all_deleted = tap_iterations(10) >= 10};
  if (!trial.root) {
    tap_ok(false, "%s: a certificate (exit %d, %s)", input->name, run.code,
           run.err);
    json_decref(trial.open);
    run_clear(&run);
    return;
  }
  check_result_t result = {.quiet = true, .open = trial.open};
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = check_certificate(&result, diag, input->name, trial.root);
  diagnostic_clear(diag);
  bool holds = status == STATUS_OK && !result.num_failed &&
               (!input->strings || !result.num_open || is_expected(trial.open));
  size_t all = NUM_WAYS * count_values(trial.root);
  trial.one_in = 1 + all / (size_t)tap_iterations(20);
  if (holds) walk(&trial, trial.root, "");
  if (!tap_ok(holds && !trial.missed, /* a small sample may be empty */
              "%s: %zu claims hold; %zu of %zu alterations caught%s",
              input->name, result.num_held, trial.caught, trial.tried,
              trial.missed       ? ", MISSED others"
              : trial.not_proved ? ", the others are of what is not re-proved"
                                 : "")) {
    char *text = json_dumps(trial.open, 0);
    tap_diag("%zu missed; first failed: %s; open: %.500s", trial.missed,
             result.first_failed, text);
    free(text);
  }
  sum->tried += trial.tried;
  sum->caught += trial.caught;
  sum->not_proved += trial.not_proved;
  json_decref(trial.open);
  json_decref(trial.root);
  run_clear(&run);
}

/* Ideals su(2), on some of which state or observable are 0: other numbers of the same
   product. */
static const input_t doublets[] = {
    {"ring.ops", "", "qubits 4\ngenerator X0 X1 + X1 X2 + X2 X3 + X0 X3\n"
     "generator Z0 + Z1 + Z2 + Z3\nobservable Z0 + Z1 + Z2 + Z3\n", true},
    {"spins.ops", "", "qubits 4\ngenerator X0 + X1\ngenerator Z0 + Z1\n"
     "generator X2 + X3\ngenerator Z2 + Z3\nobservable Z0 + Z1\n", true},
    {"strings.ops", "", "qubits 4\ngenerator X0 X1\ngenerator Z0 + Z1\ngenerator Y0 Y1\n"
     "generator X2 X3\ngenerator Z2\ngenerator Z3\nobservable Z0 + Z1\n", true},
};

/* The one number of a spectrum, times 2 or 1/2; NULL: it is 0. */
static json_t *scaled_spectrum(const json_t *list, bool twice) {
  const json_t *value = json_array_get(list, 0);
  fmpq_t x;
  fmpq_init(x);
  json_t *out = NULL;
  if (cert_get_fmpq(x, value) && !fmpq_is_zero(x)) {
    if (twice) fmpq_mul_2exp(x, x, 1);
    else fmpq_div_2exp(x, x, 1);
    char *text = fmpq_get_str(NULL, 10, x);
    out = json_pack("[s]", text);
    flint_free(text);
  }
  fmpq_clear(x);
  return out;
}

static void test_doublets(const input_t *input) {
  run_t run = make_certificate(input);
  json_t *root = run_json(&run), *ideal;
  json_t *ideals = json_object_get(
      json_object_get(json_array_get(json_object_get(root, "landscapes"), 0), "adjoint"),
      "ideals");
  size_t i, idle = 0, missed = 0;
  json_array_foreach(ideals, i, ideal)
    for (int twice = 0; twice < 2; twice++) {
      json_t *was = json_deep_copy(ideal);
      json_t *b = scaled_spectrum(json_object_get(ideal, "observable_spectrum"), twice);
      json_t *s = scaled_spectrum(json_object_get(ideal, "state_spectrum"), !twice);
      idle += !b != !s;
      if (b) json_object_set(ideal, "observable_spectrum", b);
      if (s) json_object_set(ideal, "state_spectrum", s);
      missed += (b || s) && !is_caught(NULL, root);
      json_object_update(ideal, was);
      json_decref(was);
      json_decref(b);
      json_decref(s);
    }
  tap_ok(idle && !missed && !is_caught(NULL, root),
         "%s: numbers of su(2) with the same product, some of idle ideals", input->name);
  json_decref(root);
  run_clear(&run);
}

int main(void) {
  trial_t sum = {.tried = 0};
  json_t *deleted[2] = {json_object(), json_object()};
  tap_begin("t-alterations");
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
    sum.deleted = deleted[inputs[i].strings];
    test_input(inputs + i, &sum);
  }
  for (size_t i = 0; i < sizeof doublets / sizeof *doublets; i++)
    test_doublets(doublets + i);
  tap_occurred(sum.caught > 0, "%zu alterations: %zu caught, %zu of values "
               "that are not re-proved", sum.tried, sum.caught, sum.not_proved);
  json_decref(deleted[0]);
  json_decref(deleted[1]);
  program_end();
  return tap_end();
}
