/* The program on the examples: every file is certified, its certificate is one
   JSON object, and what the literature says about it comes out. */
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/tap.h"

/* Facts from outside the program. dimension, mean, variance of the first
   landscape over the group; NULL: not stated here. */
typedef struct {
  const char *file, *arguments;
  const char *dimension, *mean, *variance;
  const char *why;
} fact_t;

static const fact_t facts[] = {
    {"tfim_hva.ops", "", "66", "0", "1/12",
     "so(2n); Z0 is a unit vector of R^(2n)"},
    {"tfim_hva.ops", "-D qubits=4", "28", "0", "1/8", "so(8)"},
    {"tfim_hva.ops", "-D qubits=50", "4950", "0", "1/100", "so(100)"},
    {"tfim_hva.ops", "-D qubits=700", "979300", "0", "1/1400", "so(1400)"},
    {"xy_matchgate.qasm", "", "66", "0", "1/11",
     "so(2n); n diagonal bilinears of n(2n-1)"},
    {"xy_matchgate.qasm", "-D n=9", "153", "0", "1/17", "9 of 153"},
    {"hardware_efficient.qasm", "", "255", "0", "1/17", "su(2^n): 1/(2^n+1)"},
    {"hardware_efficient.qasm", "-D n=7 -D layers=2", "16383", "0", "1/129",
     "su(2^n): 1/(2^n+1)"},
    {"hardware_efficient.qasm", "-D n=10", "1048575", "0", "1/1025",
     "su(2^n): 1/(2^n+1)"},
    {"brickwall.qasm", "", "255", "0", "2/17",
     "su(2^n): two strings, 2/(2^n+1)"},
    {"qaoa_ring_multiangle.qasm", "", "132", "0", "1/11",
     "ring of n: so(2n)+so(2n), arXiv:2309.05690"},
    {"qaoa_ring.qasm", "", "17", "0", "4", "shared angles: 3n-1"},
    {"qaoa_ring.qasm", "-D n=8", "23", NULL, NULL, "shared angles: 3n-1"},
    {"tfim_hva_shared.qasm", "", "17", "0", "8", "shared angles: 3n-1"},
    {"heisenberg_hva.qasm", "", "12", "-1/3", "10/27",
     "exchanges of 4 spins: su(3)+su(2)+u(1)"},
    {"heisenberg_bonds.ops", "", "40", NULL, NULL,
     "exchanges of 5 spins: su(5)+su(4)+u(1)"},
    {"xxz_symbolic.ops", "-D delta=0", "6", NULL, NULL, "free fermions: so(4)"},
    {"xxz_symbolic.ops", "-D delta=1", "12", NULL, NULL,
     "exchanges of 4 spins: su(3)+su(2)+u(1)"},
    {"sn_equivariant.ops", "", "33", "0", "4/3",
     "all permutation-invariant operators but two of the centre"},
    {"z2_gauge_ladder.ops", "", "32", "0", "2/3",
     "dimension by a dense numerical closure, variance as sampled"},
    {"z2_gauge_ladder.ops", "-D qubits=4", "7", "0", "1/3",
     "one plaquette: 2 su(2) + u(1), Z0 Z1 Z2 Z3 uniform on a sphere"},
    {"xxz_hva.ops", "", "20", "-1/2", "31/24",
     "dimension by a dense numerical closure, variance as sampled"},
    {"number_conserving.ops", "", "919", NULL, NULL,
     "sum of C(6,k)^2 - 1, and 2 of the centre"},
    {"sherrington_kirkpatrick.ops", "", "2046", NULL, NULL, "su(32) on both parities"},
    {"maxcut_regular.ops", "", "1348", NULL, NULL,
     "dimension by a dense numerical closure"},
    {"qcnn.qasm", "", "255", NULL, NULL, "su(2^n)"},
    {"exported_qiskit_efficient_su2.qasm", "-O Z0", "1023", "0", "1/33",
     "su(2^n)"},
    {"exported_qiskit_transpiled.qasm", "-O Z0", "63", "0", "1/9", "su(2^n)"},
    {"exported_pennylane_strongly_entangling.qasm", "-O 'Z0 X1'", "255", "0",
     "1/17", "su(2^n)"},
    {"exported_qiskit_qaoa_ring.qasm", "-O Z0Z1", "17", NULL, NULL, "3n-1"},
    {"exported_braket_heisenberg.qasm", "", "12", NULL, NULL,
     "as heisenberg_hva"},
};

static const char *folder(void) {
  static char path[4000];
  const char *srcdir = getenv("srcdir");
  snprintf(path, sizeof path, "%s/examples", srcdir ? srcdir : ".");
  return path;
}

/* Runs `liescape ARGUMENTS` and returns its exit status (-1: a signal); *out is
   its standard output, to be freed. */
static int run(char **out, const char *arguments) {
  size_t size = strlen(arguments) + 100, length = 0, alloc = 1 << 16;
  char *command = malloc(size);
  *out = malloc(alloc);
  if (!command || !*out) abort();
  snprintf(command, size, "exec ./liescape %s", arguments);
  FILE *pipe = popen(command, "r");
  if (!pipe) abort();
  for (size_t got; (got = fread(*out + length, 1, alloc - length - 1, pipe));) {
    length += got;
    if (alloc - length < 2) {
      *out = realloc(*out, alloc *= 2);
      if (!*out) abort();
    }
  }
  (*out)[length] = 0;
  free(command);
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* `certify --json` on an example; NULL unless it exits with 0 and prints one
   JSON object and nothing else. */
static json_t *certificate(const char *file, const char *arguments) {
  char command[8000], *out;
  snprintf(command, sizeof command, "certify --json '%s/%s' %s", folder(), file,
           arguments);
  int status = run(&out, command);
  json_error_t error;
  json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, &error);
  if (status != 0 || !root) {
    tap_diag("liescape %s: exit status %d, %s", command, status,
             root ? "" : error.text);
    json_decref(root);
    root = NULL;
  }
  free(out);
  return root;
}

/* Follows "a.0.b" down from root. */
static json_t *find(json_t *root, const char *path) {
  char copy[200], *save = NULL;
  snprintf(copy, sizeof copy, "%s", path);
  for (char *key = strtok_r(copy, ".", &save); key && root;
       key = strtok_r(NULL, ".", &save))
    root = json_is_array(root) ? json_array_get(root, strtoul(key, NULL, 10))
                               : json_object_get(root, key);
  return root;
}

static bool is_text(json_t *root, const char *path, const char *expected) {
  const char *text = json_string_value(find(root, path));
  if (text && !strcmp(text, expected)) return true;
  tap_diag("%s is %s, not %s", path, text ? text : "no string", expected);
  return false;
}

static void test_fact(const fact_t *f, json_t *root) {
  bool ok = root != NULL;
  ok = ok && is_text(root, "format", "liescape-certificate/2");
  ok = ok && is_text(root, "algebra.dimension", f->dimension);
  ok = ok && json_is_true(find(root, "algebra.proved"));
  if (f->mean) ok = ok && is_text(root, "landscapes.0.mean", f->mean);
  if (f->variance)
    ok = ok && is_text(root, "landscapes.0.variance", f->variance);
  tap_ok(ok, "%s %s: %s", f->file, f->arguments, f->why);
}

/* Files that other packages wrote say nothing about an observable, except
   Braket's. */
static const char *needed_arguments(const char *file) {
  return !strncmp(file, "exported_", 9) && strncmp(file, "exported_braket", 15)
             ? "-O 'Z0 Z1'" : "";
}

/* What is known of a file as test_file certifies it, or with other arguments. */
static void test_facts_of(const char *file, json_t *root) {
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
    if (!strcmp(facts[i].file, file) &&
        !strcmp(facts[i].arguments, needed_arguments(file)))
      test_fact(facts + i, root);
}

static void test_other_facts(void) {
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    const fact_t *f = facts + i;
    if (!strcmp(f->arguments, needed_arguments(f->file)) || !tap_is_tried()) continue;
    json_t *root = certificate(f->file, f->arguments);
    test_fact(f, root);
    json_decref(root);
  }
}

static const char written[] = "t-examples.tmp.json";

/* The claims of what was written stand against samples, and `check` proves them
   again. */
static void test_claims(const char *file) {
  char command[200], *out;
  snprintf(command, sizeof command, "verify --json --samples %ld %s",
           100 + tap_iterations(300), written);
  int status = run(&out, command);
  json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
  free(out);
  bool known = json_is_string(find(root, "landscapes.0.variance"));
  tap_ok(status == 0 && json_is_true(find(root, "consistent")) &&
             (!known || json_array_size(find(root, "checks")) >= 2),
         "%s: verify finds nothing wrong (%zu checks)", file,
         json_array_size(find(root, "checks")));
  json_decref(root);
  snprintf(command, sizeof command, "check -q %s", written);
  status = run(&out, command);
  free(out);
  /* 3: nothing wrong, something left open, which it lists. */
  tap_ok(status == 0 || status == 3, "%s: check finds nothing wrong", file);
}

/* A number or a reason, never neither, on 3 to 8 qubits. */
static bool is_sound(json_t *root) {
  size_t qubits = (size_t)json_integer_value(find(root, "ansatz.qubits")), i;
  bool ok = qubits >= 3 && qubits <= 8 &&
            json_array_size(find(root, "landscapes")) >= 1;
  json_t *landscape;
  json_array_foreach(find(root, "landscapes"), i, landscape) {
    bool known = json_is_string(find(landscape, "variance"));
    bool reason = json_is_string(find(landscape, "reason"));
    if (!known && !reason) {
      tap_diag("landscape %zu: neither a variance nor a reason", i);
      ok = false;
    }
  }
  return ok;
}

/* From standard input: the certificate says the same. */
static bool is_same_piped(const char *file, json_t *root) {
  char command[8000], *out;
  snprintf(command, sizeof command,
           "certify --json - --format %s %s < '%s/%s'",
           strstr(file, ".ops") ? "ops" : "qasm", needed_arguments(file), folder(),
           file);
  int status = run(&out, command);
  json_t *piped = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
  free(out);
  bool ok = status == 0 && piped;
  static const char *const same[] = {"algebra", "sectors", "landscapes"};
  for (size_t k = 0; k < 3 && ok; k++)
    ok = json_equal(json_object_get(root, same[k]),
                    json_object_get(piped, same[k]));
  json_decref(piped);
  return ok;
}

/* Certified from the file, with report and certificate; one in four, and the first of a
   kind, from standard input too. */
static void test_file(const char *file, bool piped) {
  char command[8000], *out;
  snprintf(command, sizeof command, "certify '%s/%s' %s --json=%s 2>&1", folder(),
           file, needed_arguments(file), written);
  int status = run(&out, command);
  bool ok = status == 0 && strstr(out, "Lie algebra");
  free(out);
  json_t *root = json_load_file(written, JSON_REJECT_DUPLICATES, NULL);
  ok = ok && root && is_sound(root) && (!piped || is_same_piped(file, root));
  tap_ok(ok, "%s: report, certificate%s", file, piped ? ", standard input" : "");
  test_facts_of(file, root);
  json_decref(root);
  test_claims(file);
  remove(written);
}

static void test_every_file(const char *ending) {
  char pattern[4100];
  glob_t found;
  snprintf(pattern, sizeof pattern, "%s/*.%s", folder(), ending);
  bool any = glob(pattern, 0, NULL, &found) == 0;
  tap_ok(any, "there are examples that end in .%s", ending);
  if (!any) return;
  for (size_t i = 0; i < found.gl_pathc; i++)
    if (tap_is_tried())
      test_file(strrchr(found.gl_pathv[i], '/') + 1, !i || !tap_random_below(4));
  globfree(&found);
}

int main(void) {
  tap_begin("t-examples");
  test_other_facts();
  test_every_file("qasm");
  test_every_file("ops");
  return tap_end();
}
