#include "cli/request/option_table.h"

#include <string.h>

#include "cli/read/near_word.h"
#include "cli/read/override.h"

enum { TEXT_COLUMN = 27, LINE_WIDTH = 80 };

#define BOTH (IN_CERTIFY | IN_VERIFY)
#define ALL (BOTH | IN_CHECK)

typedef struct {
  int code;          /* a letter, or OPTION_...; 0: a heading */
  int commands;
  const char *name, *value;
  bool value_optional; /* --name[=VALUE] */
  const char *text;
} entry_t;

static const entry_t table[] = {
    {'O', BOTH, "observable", "EXPR", false,
     "Pauli sum, such as '1/2 X0 X1 - 0.25 Z3', 'XXI - 2 ZIZ', Qiskit's '\"XXI\": 0.5', OpenFermion's or PennyLane's; repeatable; adds to those in FILE"},
    {OPTION_OBSERVABLE_FILE, BOTH, "observable-file", "PATH", false,
     "the same from a file, one Pauli sum over any number of lines; repeatable"},
    {'s', BOTH, "state", "SPEC", false,
     "input state: zero, plus, ghz, mixed, 'bits 0101', 'stabilizer +XX -ZZ', 'product "
     "3/5,0,4/5 0,0,1' (Bloch vectors), 'pauli 1 + 1/2 Z0 Z1' (2^n rho); repeatable; "
     "default zero"},
    {OPTION_DATA, BOTH, "data", "PATH", false,
     "input states from a file, one a line as after --state, # for comments; repeatable"},
    {OPTION_ANGLES, BOTH, "angles", "[NAME=]LAW", false,
     "how angles are drawn at the circuit's own depth: uniform (over a period), "
     "interval:W (uniform on [-W, W]) or normal:W; for one parameter or all; repeatable"},
    {OPTION_NOISE, BOTH, "noise", "CHANNEL", false,
     "this circuit with noise after every gate, on the qubits it touches: depolarizing=Q, "
     "pauli=PX:PY:PZ, bit_flip=P, phase_flip=P or bit_phase_flip=P, and (after a comma, or "
     "alone) readout=R; the verdict is then that of the noisy circuit"},
    {'D', BOTH, "set", "NAME=VALUE", false,
     "override a const of a QASM program, or qubits of an operator file written with "
     "ranges; gives a symbol of an operator file its value (without one the algebra is "
     "given for all values but finitely many, and for each of those)"},
    {OPTION_SHARE, BOTH, READER_SHARE_EQUAL_ANGLES, NULL, false,
     "equal numbers (up to the sign) of an OpenQASM 2 circuit are one parameter"},
    {OPTION_FORMAT, BOTH, "format", "qasm|ops|edges", false,
     "what FILE is, when its name does not tell"},
    {OPTION_JSON, BOTH, "json", "PATH", true,
     "the certificate as JSON on standard output (and nothing else there), or in PATH; "
     "also --json PATH when PATH ends in .json"},
    {OPTION_PLOT, BOTH, "plot", "DIR", false,
     "pictures (SVG), their data and gnuplot scripts, and report.html, in the folder DIR; "
     "style.gp there is shared by the scripts"},
    {OPTION_DETAILS, BOTH, "details", NULL, false,
     "the long report: each parameter, blocks, laws, reasons"},
    {'q', ALL, "quiet", NULL, false, "no report"},
    {'h', ALL, "help", NULL, false, "this text"},
    {OPTION_VERSION, ALL, "version", NULL, false, "the version, and what it is built with"},
    {OPTION_SWEEP, IN_CERTIFY, "sweep", "NAME=a,b,c", false,
     "certify a family: one row per value, and a growth verdict; further sizes are "
     "certified if they help to decide the growth"},
    {OPTION_BASIS, IN_CERTIFY, "basis", "PATH", false,
     "writes a basis of the algebra (Hermitian A_k, i A_k in the algebra) and the structure "
     "constants of i [A_j, A_k] = sum_l c A_l, exact, as JSON Lines"},
    {OPTION_WIDTHS, BOTH, "widths", NULL, false,
     "this circuit when its first angles are normal around zero, for widths 1/64, 1/32, ... "
     "2: variance, gradients, shots, and the width of fewest shots"},
    {OPTION_OPERATORS, IN_CERTIFY, "operators", NULL, false,
     "the centre of the algebra and what commutes with every generator, as operators"},
    {OPTION_EXPRESSIBILITY, IN_CERTIFY, "expressibility", NULL, false,
     "which states are reached: frame potentials of order 1 and 2 and Meyer-Wallach "
     "entanglement, of the deep circuit and of this one, beside random states"},
    {OPTION_SUGGEST, IN_CERTIFY, "suggest", NULL, false,
     "which generators (or pairs) to drop or add so that the verdict improves, by trying "
     "them, for the first observable and state"},
    {OPTION_FAIL_ON, IN_CERTIFY, "fail-on", "no|undecided", false,
     "exit with 1 when a verdict is no, or with undecided when it is not yes"},
    {OPTION_SAMPLES, IN_VERIFY, "samples", "N", false,
     "sampled points (default: as many as a few seconds allow)"},
    {OPTION_LAYERS, IN_VERIFY, "layers", "L", false,
     "repetitions of the circuit (default: until a pilot run finds it deep)"},
    {OPTION_MINIMA, IN_VERIFY, "minima", "N", false,
     "local minima from N random starts, of the circuit as written and of deep circuits "
     "with fewer and more free parameters than the threshold; all minima of N deep "
     "circuits with 1 to 4 free parameters, against their law"},
    {OPTION_PRECISION, IN_VERIFY, "precision", "single|double", false,
     "of state vectors that samples are taken with (double); single halves memory and "
     "time, and leaves undecided what some 1e-6 of the observable's norm does not tell "
     "from zero. Dimensions, minima, sums of strings that do not commute, and samples "
     "without state vectors are computed in double"},
    {OPTION_CHECKPOINT, IN_VERIFY, "checkpoint", "PATH", false,
     "keeps what is computed in PATH as it goes (default: liescape-NAME-DIGITS.checkpoint "
     "here, when the run takes longer than the next or is interrupted); removed when the "
     "results are written"},
    {OPTION_CHECKPOINT_EVERY, IN_VERIFY, "checkpoint-every", "S", false,
     "seconds between writing it (30)"},
    {OPTION_RESUME, IN_VERIFY, "resume", NULL, false,
     "goes on from the checkpoint to the same numbers; input and options must be the same, "
     "all but threads and where the results go"},
    {OPTION_THREADS, BOTH, "threads", "T", false,
     "threads (default: all processors, shared out among the processes on a machine)"},
    {0, BOTH, NULL, NULL, false,
     "Limits, for generators that are sums of strings and circuits at finite depth:"},
    {OPTION_MAX_DIMENSION, BOTH, "max-dimension", "N", false,
     "dimension of the algebra, and of what an observable can turn into (4096)"},
    {OPTION_TIME_LIMIT, BOTH, "time-limit", "S", false,
     "seconds for the analysis, of each size of a family, and for --basis (30); a stage "
     "that comes late still has a tenth; below 30, verify plans so much fewer samples"},
    {OPTION_MAX_STRINGS, BOTH, "max-strings", "N", false,
     "Pauli strings followed at finite depth (1048576)"},
    {OPTION_PATHS, BOTH, "paths", "N", false,
     "Pauli paths sampled where that is not enough (by the size of the circuit); 0: none"},
    {OPTION_SEED, BOTH, "seed", "S", false,
     "of everything sampled (1); the same seed gives the same numbers whatever the number "
     "of threads and processes"},
    {OPTION_MEMORY_LIMIT, BOTH, "memory-limit", "B", false,
     "bytes, with K, M, G, T for powers of 1024 (three quarters of the machine)"},
    {0, BOTH, NULL, NULL, false,
     "Verdict: trainable when a typical (median) gradient component of this circuit takes "
     "at most --max-shots shots (variance of a shot over E[(dl/dtheta)^2]), and local "
     "minima are harmless: there are none, enough parameters that they merge, or half of "
     "them at most --max-trap of the mean offset above the global one:"},
    {OPTION_MAX_SHOTS, BOTH, "max-shots", "X", false, "(1e6)"},
    {OPTION_MAX_TRAP, BOTH, "max-trap", "X", false, "(1/10)"},
};
#define NUM_ENTRIES (sizeof table / sizeof *table)
_Static_assert(NUM_ENTRIES <= (size_t)OPTION_MOST, "room for getopt's table");

void option_table_getopt(struct option out[OPTION_MOST + 1], int set) {
  size_t count = 0;
  for (size_t i = 0; i < NUM_ENTRIES; i++)
    if (table[i].name && table[i].commands & set)
      out[count++] = (struct option){
          .name = table[i].name,
          .has_arg = !table[i].value          ? no_argument
                     : table[i].value_optional ? optional_argument
                                               : required_argument,
          .val = table[i].code};
  out[count] = (struct option){0};
}

/* --- help --------------------------------------------------------------------- */

/* Words from `column` on, lines after the first at `indent`. */
static void wrap(FILE *stream, const char *text, int column, int indent) {
  bool first = true;
  while (*(text += strspn(text, " "))) {
    int word = (int)strcspn(text, " ");
    if (!first && column + 1 + word > LINE_WIDTH) {
      fprintf(stream, "\n%*s", indent, "");
      column = indent;
    } else if (!first) {
      putc(' ', stream);
      column++;
    }
    fwrite(text, 1, (size_t)word, stream);
    column += word;
    text += word;
    first = false;
  }
  putc('\n', stream);
}

static void print_entry(FILE *stream, const entry_t *e) {
  char left[80] = "      ";
  if (e->code < 256) snprintf(left, sizeof left, "  -%c, ", e->code);
  size_t used = strlen(left);
  snprintf(left + used, sizeof left - used, "--%s%s%s%s", e->name,
           !e->value ? "" : e->value_optional ? "[=" : " ", e->value ? e->value : "",
           e->value_optional ? "]" : "");
  int width = (int)strlen(left);
  fputs(left, stream);
  if (width + 2 > TEXT_COLUMN) fprintf(stream, "\n%*s", TEXT_COLUMN, "");
  else fprintf(stream, "%*s", TEXT_COLUMN - width, "");
  wrap(stream, e->text, TEXT_COLUMN, TEXT_COLUMN);
}

void option_table_help(FILE *stream, int set) {
  for (size_t i = 0; i < NUM_ENTRIES; i++) {
    if (!(table[i].commands & set)) continue;
    if (table[i].name) {
      print_entry(stream, table + i);
    } else {
      putc('\n', stream);
      wrap(stream, table[i].text, 0, 0);
    }
  }
}

/* --- the manual page ---------------------------------------------------------- */

/* Text of roff: hyphens and quotation marks as they are typed. */
static void put_roff(FILE *stream, const char *text) {
  if (*text == '\'' || *text == '.') fputs("\\&", stream);
  for (; *text; text++) {
    if (*text == '-') fputs("\\-", stream);
    else if (*text == '\\') fputs("\\e", stream);
    else if (*text == '\'') fputs("\\(aq", stream);
    else if (*text == '^') fputs("\\(ha", stream);
    else putc(*text, stream);
  }
}

void option_table_manual(FILE *stream) {
  for (size_t i = 0; i < NUM_ENTRIES; i++) {
    const entry_t *e = table + i;
    if (!e->name) {
      fputs(".PP\n", stream);
      put_roff(stream, e->text);
      putc('\n', stream);
      continue;
    }
    fputs(".TP\n", stream);
    if (e->code < 256) fprintf(stream, "\\fB\\-%c\\fR, ", e->code);
    fputs("\\fB\\-\\-", stream);
    put_roff(stream, e->name);
    fputs("\\fR", stream);
    if (e->value) {
      fprintf(stream, "%s\\fI", e->value_optional ? "[=" : " ");
      put_roff(stream, e->value);
      fprintf(stream, "\\fR%s", e->value_optional ? "]" : "");
    }
    putc('\n', stream);
    if (e->commands == IN_CERTIFY) fputs(".BR certify :\n", stream);
    if (e->commands == IN_VERIFY) fputs(".BR verify :\n", stream);
    put_roff(stream, e->text);
    putc('\n', stream);
  }
}

/* --- hints --------------------------------------------------------------------- */

/* The length of the name in "--name=value", 0 when it is no long option. */
static size_t name_length(const char *word) {
  return strncmp(word, "--", 2) ? 0 : strcspn(word + 2, "=");
}

int option_table_commands(const char *word) {
  size_t length = name_length(word);
  for (size_t i = 0; i < NUM_ENTRIES && length; i++)
    if (table[i].name && strlen(table[i].name) == length &&
        !strncmp(table[i].name, word + 2, length))
      return table[i].commands;
  return 0;
}

const char *option_table_near(const char *word, int set) {
  const char *names[OPTION_MOST];
  size_t count = 0, length = name_length(word);
  if (!length) return NULL;
  for (size_t i = 0; i < NUM_ENTRIES; i++)
    if (table[i].name && table[i].commands & set) names[count++] = table[i].name;
  return near_word(word + 2, length, names, count);
}
