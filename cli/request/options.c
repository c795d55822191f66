#include "cli/request/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/read/number.h"
#include "cli/read/near_word.h"
#include "cli/request/option_table.h"
#include "config.h"
#include "numeric/machine/share.h"

void options_init(options_t options) {
  *options = (options_struct){.max_dimension = 4096,
                              .max_strings = (size_t)1 << 20,
                              .sample_paths = true,
                              .time_limit_s = USUAL_TIME_LIMIT_S,
                              .checkpoint_every_s = 30,
                              .seed = 1};
  fmpq_init(options->max_shots);
  fmpq_init(options->max_trap);
  fmpq_set_si(options->max_shots, 1000000, 1);
  fmpq_set_si(options->max_trap, 1, 10);
}

void options_clear(options_t options) {
  flint_free(options->observables);
  flint_free(options->observable_files);
  flint_free(options->data_files);
  flint_free(options->states);
  flint_free(options->angles);
  for (size_t i = 0; i < options->num_overrides; i++)
    free((char *)options->overrides[i].name);
  flint_free(options->overrides);
  for (size_t i = 0; i < options->num_sweep_values; i++)
    free(options->sweep_values[i]);
  flint_free(options->sweep_values);
  free(options->sweep_name);
  fmpq_clear(options->max_shots);
  fmpq_clear(options->max_trap);
  *options = (options_struct){0};
}

int64_t options_time_limit_ns(const options_t options) {
  double seconds = options->time_limit_s;
  return seconds < 1e9 ? (int64_t)(seconds * 1e9 + 0.5)
                       : INT64_C(1000000000000000000);
}

static const char *command_name(command_t command) {
  static const char *const names[] = {NULL, "certify", "verify", "check"};
  return names[command];
}

/* One usage error. */
static status_t usage(const options_t options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static status_t usage(const options_t options, const char *format, ...) {
  const char *name = command_name(options->command);
  va_list args;
  va_start(args, format);
  source_vsay(format, args);
  va_end(args);
  fprintf(stderr, "Try 'liescape%s%s --help'.\n", name ? " " : "",
          name ? name : "");
  return STATUS_BAD_INPUT;
}

static void append_text(const char ***list, size_t *length, const char *text) {
  *list = flint_realloc(*list, (*length + 1) * sizeof **list);
  (*list)[(*length)++] = text;
}

/* "NAME=VALUE" -> a copy of NAME (to be freed) and VALUE, inside text. */
static bool split_assignment(char **name, const char **value,
                             const char *text) {
  const char *equals = strchr(text, '=');
  if (!equals || equals == text || !equals[1]) return false;
  *name = text_copy_part(text, (size_t)(equals - text));
  *value = equals + 1;
  return true;
}

static status_t add_override(options_t options, const char *text) {
  char *name;
  const char *value;
  if (!split_assignment(&name, &value, text))
    return usage(options, "-D, --set wants NAME=VALUE, not '%s'", text);
  options->overrides =
      flint_realloc(options->overrides, (options->num_overrides + 1) *
                                            sizeof *options->overrides);
  options->overrides[options->num_overrides++] =
      (reader_override_t){.name = name, .value = value};
  return STATUS_OK;
}

static status_t set_sweep(options_t options, const char *text) {
  const char *value;
  char *name;
  if (options->sweep_name) return usage(options, "--sweep is given twice");
  if (!split_assignment(&name, &value, text))
    return usage(options, "--sweep wants NAME=a,b,c, not '%s'", text);
  options->sweep_name = name;
  for (;;) {
    size_t length = strcspn(value, ",");
    if (length == 0)
      return usage(options, "--sweep: an empty value in '%s'", text);
    options->sweep_values = flint_realloc(
        options->sweep_values,
        (options->num_sweep_values + 1) * sizeof *options->sweep_values);
    char *copy = text_copy_part(value, length);
    options->sweep_values[options->num_sweep_values++] = copy;
    if (!value[length]) return STATUS_OK;
    value += length + 1;
  }
}

/* A whole number in low..high, perhaps with a suffix K, M, G (powers of 1024)
   when binary_suffix. */
static status_t get_whole(uint64_t *out, const options_t options,
                          const char *name, const char *text, uint64_t low,
                          uint64_t high, bool binary_suffix) {
  char *end;
  uint64_t value = 0, factor = 1;
  errno = 0;
  if (isdigit((unsigned char)*text)) value = strtoull(text, &end, 10);
  else end = (char *)text;
  bool ok = end != text && errno == 0;
  if (ok && binary_suffix && *end) {
    const char *at = strchr("KMGT", toupper((unsigned char)*end));
    if (at) {
      factor = UINT64_C(1) << 10 * (at - "KMGT" + 1);
      end++;
    }
  }
  ok = ok && !*end && value <= UINT64_MAX / factor;
  value *= factor;
  if (!ok || value < low || value > high)
    return usage(options, "%s wants a whole number%s, not '%s'", name,
                 binary_suffix ? " of bytes (K, M, G, T for powers of 1024)"
                               : low ? " of at least 1" : "",
                 text);
  *out = value;
  return STATUS_OK;
}

/* A positive (or zero, when zero_allowed) fraction or decimal, exactly; also
   1e6. */
static status_t get_rational(fmpq_t out, const options_t options,
                             const char *name, const char *text,
                             bool zero_allowed) {
  fmpq_t value, pi_part;
  fmpq_init(value);
  fmpq_init(pi_part);
  bool ok = strspn(text, "0123456789./eE+-") == strlen(text) &&
            isdigit((unsigned char)*text) && strchr(text, '/') == strrchr(text, '/') &&
            number_parse_override(value, pi_part, text) &&
            (fmpq_sgn(value) > 0 || zero_allowed);
  if (ok) fmpq_set(out, value);
  fmpq_clear(value);
  fmpq_clear(pi_part);
  return ok ? STATUS_OK
            : usage(options, "%s wants a number%s, not '%s'", name,
                    zero_allowed ? " of at least 0" : " above 0", text);
}

static status_t get_seconds(double *out, const options_t options,
                            const char *name, const char *text) {
  char *end;
  errno = 0;
  double value = strtod(text, &end);
  if (end == text || *end || errno || !(value > 0 && value < 1e9))
    return usage(options, "%s wants seconds, not '%s'", name, text);
  *out = value;
  return STATUS_OK;
}

static status_t set_format(options_t options, const char *text) {
  if (!strcmp(text, "qasm")) options->format = FORMAT_QASM;
  else if (!strcmp(text, "ops")) options->format = FORMAT_OPS;
  else if (!strcmp(text, "edges")) options->edges = true;
  else
    return usage(options, "--format wants qasm, ops or edges, not '%s'", text);
  return STATUS_OK;
}

static status_t set_precision(options_t options, const char *text) {
  for (int p = PRECISION_DOUBLE; p <= PRECISION_SINGLE; p++)
    if (!strcmp(text, precision_name((precision_t)p))) {
      options->precision = (precision_t)p;
      return STATUS_OK;
    }
  return usage(options, "--precision wants single or double, not '%s'", text);
}

static status_t set_json(options_t options, const char *path) {
  if (path && !*path) return usage(options, "--json= wants a path after '='");
  options->json = true;
  options->json_path = path && strcmp(path, "-") ? path : NULL;
  return STATUS_OK;
}

static status_t set_path(const char **path, options_t options, const char *text,
                         const char *wanted) {
  if (!*text) return usage(options, "%s", wanted);
  *path = text;
  return STATUS_OK;
}

static status_t set_fail_on(options_t options, const char *text) {
  options->fail_on = !strcmp(text, "no")          ? FAIL_ON_NO
                     : !strcmp(text, "undecided") ? FAIL_ON_UNDECIDED
                                                  : FAIL_ON_NOTHING;
  if (options->fail_on == FAIL_ON_NOTHING)
    return usage(options, "--fail-on wants no or undecided, not '%s'", text);
  return STATUS_OK;
}

/* A whole number of at least 1. */
static status_t get_count(size_t *out, const options_t options, const char *name,
                          const char *text, uint64_t most) {
  uint64_t whole;
  status_t status = get_whole(&whole, options, name, text, 1, most, false);
  if (status == STATUS_OK) *out = whole;
  return status;
}

static status_t set_option(options_t options, int letter, const char *text) {
  uint64_t whole = 0;
  status_t status = STATUS_OK;
  switch (letter) {
    case 'O':
      append_text(&options->observables, &options->num_observables, text);
      break;
    case 's':
      append_text(&options->states, &options->num_states, text);
      break;
    case 'D': return add_override(options, text);
    case 'q': options->quiet = true; break;
    case OPTION_DETAILS: options->details = true; break;
    case OPTION_OBSERVABLE_FILE:
      append_text(&options->observable_files, &options->num_observable_files, text);
      break;
    case 'h': options->help = true; break;
    case OPTION_VERSION: options->version = true; break;
    case OPTION_SWEEP: return set_sweep(options, text);
    case OPTION_JSON: return set_json(options, text);
    case OPTION_SUGGEST: options->suggest = true; break;
    case OPTION_WIDTHS: options->widths = true; break;
    case OPTION_EXPRESSIBILITY: options->expressibility = true; break;
    case OPTION_OPERATORS: options->operators = true; break;
    case OPTION_BASIS:
      return set_path(&options->basis_path, options, text,
                      "--basis wants a path");
    case OPTION_PLOT:
      return set_path(&options->plot_path, options, text,
                      "--plot wants the name of a folder");
    case OPTION_CHECKPOINT:
      return set_path(&options->checkpoint_path, options, text,
                      "--checkpoint wants a path");
    case OPTION_CHECKPOINT_EVERY:
      return get_seconds(&options->checkpoint_every_s, options,
                         "--checkpoint-every", text);
    case OPTION_RESUME: options->resume = true; break;
    case OPTION_PRECISION: return set_precision(options, text);
    case OPTION_FORMAT: return set_format(options, text);
    case OPTION_TIME_LIMIT:
      return get_seconds(&options->time_limit_s, options, "--time-limit", text);
    case OPTION_MAX_SHOTS:
      return get_rational(options->max_shots, options, "--max-shots", text,
                          false);
    case OPTION_FAIL_ON: return set_fail_on(options, text);
    case OPTION_MAX_TRAP:
      return get_rational(options->max_trap, options, "--max-trap", text, true);
    case OPTION_MEMORY_LIMIT:
      return get_whole(&options->memory_limit_bytes, options, "--memory-limit",
                       text, 1, UINT64_MAX, true);
    case OPTION_SEED:
      return get_whole(&options->seed, options, "--seed", text, 0, UINT64_MAX,
                       false);
    case OPTION_MAX_DIMENSION:
      return get_count(&options->max_dimension, options, "--max-dimension", text, UINT32_MAX);
    case OPTION_MAX_STRINGS:
      return get_count(&options->max_strings, options, "--max-strings", text, UINT32_MAX);
    case OPTION_ANGLES:
      append_text(&options->angles, &options->num_angles, text);
      return STATUS_OK;
    case OPTION_DATA:
      append_text(&options->data_files, &options->num_data_files, text);
      return STATUS_OK;
    case OPTION_NOISE:
      if (options->noise) return usage(options, "--noise is given twice");
      options->noise = text;
      return STATUS_OK;
    case OPTION_SHARE:
      return add_override(options, READER_SHARE_EQUAL_ANGLES "=1");
    case OPTION_PATHS:
      status = get_whole(&options->num_paths, options, "--paths", text, 0,
                         UINT64_C(1) << 40, false);
      options->sample_paths = options->num_paths > 0;
      return status;
    case OPTION_SAMPLES:
      return get_count(&options->num_samples, options, "--samples", text, UINT32_MAX);
    case OPTION_LAYERS:
      return get_count(&options->num_layers, options, "--layers", text, UINT32_MAX);
    case OPTION_MINIMA:
      return get_count(&options->num_minima, options, "--minima", text, 1000000);
    case OPTION_THREADS:
      status = get_whole(&whole, options, "--threads", text, 1, 4096, false);
      if (status == STATUS_OK) options->num_threads = (int)whole;
      return status;
    default: return STATUS_BAD_INPUT;
  }
  return status;
}

static status_t check_combination(const options_t options) {
  if (options->command == COMMAND_VERIFY && options->sweep_name)
    return usage(options, "--sweep belongs to certify: verify one value with "
                          "-D %s=VALUE", options->sweep_name);
  if (options->basis_path && options->sweep_name)
    return usage(options, "--basis and --sweep do not go together");
  if (options->suggest && options->sweep_name)
    return usage(options, "--suggest and --sweep do not go together");
  if ((options->operators || options->expressibility) && options->sweep_name)
    return usage(options, "--%s and --sweep do not go together",
                 options->operators ? "operators" : "expressibility");
  for (size_t i = 0; i < options->num_overrides && options->sweep_name; i++)
    if (!strcmp(options->overrides[i].name, options->sweep_name))
      return usage(options, "'%s' is both set by -D and swept",
                   options->sweep_name);
  return STATUS_OK;
}

/* Where an option that this command does not have belongs, or what it was meant to be.
   getopt names the program in its messages by argv[0]; ours is fixed. */
static status_t unknown_option(const options_t options, int found,
                               char *const *argv) {
  const char *word = argv[optind - 1];
  int here = 1 << (options->command - 1), there;
  if (found == ':')
    return optopt < 256 && optopt > 0 && strncmp(word, "--", 2)
               ? usage(options, "option '-%c' wants a value", optopt)
               : usage(options, "option '%s' wants a value", word);
  if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2))
    return usage(options, "unknown option '-%c'", optopt);
  if (optopt) return usage(options, "option '%s' takes no value", word);
  there = option_table_commands(word);
  if (there)
    return usage(options, "option '%s' belongs to %s%s%s", word,
                 there & IN_CERTIFY ? "certify" : "",
                 there == (IN_CERTIFY | IN_VERIFY) ? " and " : "",
                 there & IN_VERIFY ? "verify" : "");
  const char *near = option_table_near(word, here);
  if (near)
    return usage(options, "unknown option '%s'; did you mean --%s?", word, near);
  return usage(options, "unknown or ambiguous option '%s'", word);
}

/* "--json PATH FILE": getopt takes a value that may be left out only after '='.
   The word behind --json is that value when it ends in .json and there is
   another word for the file. words: argv in the order as typed. */
static void take_json_path(options_t options, char *const *words, int argc,
                           char **argv) {
  if (!options->json || options->json_path || optind + 2 != argc) return;
  for (int i = 1; i + 1 < argc; i++) {
    const char *next = words[i + 1];
    size_t length = strlen(next);
    if (strcmp(words[i], "--json") || length < 6 ||
        strcmp(next + length - 5, ".json"))
      continue;
    if (next == argv[optind]) optind++;
    else if (next == argv[optind + 1]) argv[optind + 1] = argv[optind], optind++;
    else continue;
    options->json_path = next;
    return;
  }
}

/* No command, perhaps a slip of one. */
static status_t unknown_command(const options_t options, const char *word) {
  static const char *const names[] = {"certify", "verify", "check"};
  const char *near = near_word(word, strlen(word), names, 3);
  if (*word == '-') return usage(options, "unknown option '%s'", word);
  if (near)
    return usage(options, "unknown command '%s'; did you mean %s?", word, near);
  if (strchr(word, '.'))
    return usage(options, "unknown command '%s'; did you mean liescape certify %s?",
                 word, word);
  return usage(options, "unknown command '%s'", word);
}

status_t options_parse(options_t options, int argc, char **argv) {
  struct option known[OPTION_MOST + 1];
  const char *word = argc > 1 ? argv[1] : NULL;
  if (!word) return usage(options, "no command");
  for (command_t c = COMMAND_CERTIFY; c <= COMMAND_CHECK; c++)
    if (!strcmp(word, command_name(c))) options->command = c;
  if (options->command == COMMAND_NONE) {
    options->help = !strcmp(word, "--help") || !strcmp(word, "-h") ||
                    !strcmp(word, "help");
    options->version = !strcmp(word, "--version");
    options->manual = !strcmp(word, "--manual-options");
    if (options->manual) return STATUS_OK;
    if (options->help || options->version) return STATUS_OK;
    return unknown_command(options, word);
  }
  const char *letters =
      options->command == COMMAND_CHECK ? ":qh" : ":O:s:D:qh";
  option_table_getopt(known, 1 << (options->command - 1));
  opterr = 0;
  optind = 0; /* begin anew, also within a word of letters */
  argc--;
  argv++;
  char **words = flint_malloc(((size_t)argc + 1) * sizeof *words);
  memcpy(words, argv, (size_t)argc * sizeof *words);
  for (int found;
       (found = getopt_long(argc, argv, letters, known, NULL)) != -1;) {
    status_t status = found == '?' || found == ':'
                          ? unknown_option(options, found, argv)
                          : set_option(options, found, optarg);
    if (status == STATUS_OK) continue;
    flint_free(words);
    return status;
  }
  take_json_path(options, words, argc, argv);
  const char *bare_json = NULL; /* what stands behind --json alone */
  for (int i = 0; i + 1 < argc; i++)
    if (!strcmp(words[i], "--json") && words[i + 1][0] != '-') bare_json = words[i + 1];
  flint_free(words);
  if (options->help || options->version) return STATUS_OK;
  if (optind >= argc)
    return usage(options, "no %s given",
                 options->command == COMMAND_CHECK ? "certificate" : "file");
  if (optind + 1 < argc)
    return usage(options, "one file at a time: '%s' is one too many%s%s%s",
                 argv[optind + 1], bare_json ? "; did you mean --json=" : "",
                 bare_json ? bare_json : "", bare_json ? "?" : "");
  options->file = argv[optind];
  if (!*options->file) return usage(options, "the name of the file is empty");
  return check_combination(options);
}

/* --- help ------------------------------------------------------------------ */

static const char ending[] =
    "\n"
    "Examples and documentation are in the folders examples/ and docs/ of the source;\n"
    "man liescape. Bugs: open an issue where you got " PACKAGE_NAME " from, with the file,\n"
    "the options, and what liescape --version says.\n";

static void print_examples(FILE *stream, command_t command) {
  static const char *const lines[] = {
      [COMMAND_NONE] = "  liescape certify circuit.qasm -O 'Z0 Z1'\n"
                       "  liescape verify circuit.qasm -O 'Z0 Z1'\n"
                       "  liescape certify -q circuit.qasm --json=c.json\n"
                       "  liescape check c.json\n",
      [COMMAND_CERTIFY] = "  liescape certify circuit.qasm -O 'Z0 Z1' -s plus\n"
                          "  liescape certify model.ops --observable-file energy.txt\n"
                          "  liescape certify circuit.qasm --sweep n=4,8,16,32\n"
                          "  liescape certify circuit.qasm --angles normal:1/10 --plot "
                          "pictures\n",
      [COMMAND_VERIFY] = "  liescape verify circuit.qasm -O 'Z0 Z1' --samples 2000\n"
                         "  liescape verify circuit.qasm --minima 100 --plot pictures\n"
                         "  liescape verify certificate.json\n",
      [COMMAND_CHECK] = "  liescape check certificate.json\n"
                        "  liescape certify circuit.qasm --json | liescape check -\n"};
  fprintf(stream, "\nExamples:\n%s", lines[command]);
}

static void print_options(FILE *stream, command_t command) {
  putc('\n', stream);
  option_table_help(stream, 1 << (command - 1));
  print_examples(stream, command);
}

void options_print_help(FILE *stream, command_t command) {
  static const char file[] =
      "FILE is an OpenQASM program (.qasm), an operator file (.ops), a list of edges\n"
      "of a graph (.edges; QAOA for MaxCut)%s, or - for standard input.\n";
  static const char status[] =
      "\nExit status: 0 done%s; %s2 usage error or bad input;\n"
      "3 a limit was reached or it cannot be decided exactly (what is known is\n"
      "printed); 70 internal error.\n";
  switch (command) {
    case COMMAND_NONE:
      fputs("Usage: liescape COMMAND FILE [OPTION]...\n"
            "Loss landscapes of variational quantum circuits: exact, proved, "
            "and tested.\n"
            "\n"
            "  certify FILE        exact analysis, no sampling\n"
            "  verify FILE         certify, then check every prediction against\n"
            "                      sampled landscapes\n"
            "  check CERTIFICATE   re-prove the exact claims of a certificate\n"
            "\n"
            "  liescape COMMAND --help | --help | --version\n",
            stream);
      print_examples(stream, command);
      break;
    case COMMAND_CERTIFY:
      fputs("Usage: liescape certify FILE [OPTION]...\n"
            "Exact analysis of the loss landscape of an ansatz.\n",
            stream);
      fprintf(stream, file, "");
      print_options(stream, command);
      fprintf(stream, status, "", "1 a verdict that --fail-on names; ");
      break;
    case COMMAND_VERIFY:
      fputs("Usage: liescape verify FILE [OPTION]...\n"
            "Certify, then test every prediction on sampled landscapes.\n",
            stream);
      fprintf(stream, file, ", a certificate (.json)");
      print_options(stream, command);
      fprintf(stream, status, ", every prediction stands", "1 a claim does not hold; ");
      break;
    case COMMAND_CHECK:
      fputs("Usage: liescape check CERTIFICATE [-q]\n"
            "Re-prove the exact claims of a certificate (- is standard input)\n"
            "without trusting the run that wrote it, and say what is not "
            "covered.\n",
            stream);
      print_options(stream, command);
      fputs("\nExit status: 0 everything is re-proved; 3 nothing wrong, but what is\n"
            "listed was not re-proved; 1 a claim does not hold; 2 usage error or not\n"
            "a certificate; 70 internal error.\n", stream);
      break;
  }
  fputs(ending, stream);
}

void options_print_manual(FILE *stream) { option_table_manual(stream); }

void options_print_version(FILE *stream) {
  fprintf(stream, "liescape %s (FLINT %s%s%s)\n", PACKAGE_VERSION, FLINT_VERSION,
          share_library() ? ", " : "", share_library() ? share_library() : "");
}
