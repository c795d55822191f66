#include "cli/read/operator_hint.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
  const char *begin, *end;
} line_t;

static line_t line_at(const char *text, size_t length, size_t at) {
  line_t line = {text + (at < length ? at : length), NULL};
  line.end = line.begin;
  while (line.begin > text && line.begin[-1] != '\n') line.begin--;
  while (line.end < text + length && *line.end != '\n') line.end++;
  return line;
}

static bool has(line_t line, const char *word) {
  size_t length = strlen(word);
  for (const char *p = line.begin; p + length <= line.end; p++)
    if (!memcmp(p, word, length)) return true;
  return false;
}

/* Is there one of these letters alone before characters of the form (d: a digit, else the
   character itself)? */
static bool has_letter(line_t line, const char *letters, const char *form) {
  size_t length = strlen(form);
  for (const char *p = line.begin; p + length < line.end; p++) {
    bool fits = strchr(letters, *p) && (p == line.begin || !isalnum((unsigned char)p[-1]));
    for (size_t i = 0; i < length && fits; i++)
      fits = form[i] == 'd' ? isdigit((unsigned char)p[i + 1]) != 0 : p[i + 1] == form[i];
    if (fits) return true;
  }
  return false;
}

static bool begins(line_t line, const char *word) {
  while (line.begin < line.end && isspace((unsigned char)*line.begin)) line.begin++;
  size_t length = strlen(word);
  return line.begin + length <= line.end && !memcmp(line.begin, word, length) &&
         !(line.begin + length < line.end && isalnum((unsigned char)line.begin[length]));
}

static bool is_pauli(char c) { return c && strchr("IXYZ", c); }

/* XX0: letters, then digits, and nothing more of a name. */
static bool has_word_with_index(line_t line) {
  for (const char *p = line.begin; p < line.end;) {
    const char *q = p;
    while (q < line.end && is_pauli(*q)) q++;
    size_t letters = (size_t)(q - p);
    while (q < line.end && isdigit((unsigned char)*q)) q++;
    bool ends = q == line.end || !(isalnum((unsigned char)*q) || *q == '_');
    if (letters > 1 && ends && isdigit((unsigned char)q[-1])) return true;
    while (q < line.end && (isalnum((unsigned char)*q) || *q == '_')) q++;
    p = q == p ? p + 1 : q;
  }
  return false;
}

/* XX, ZZ or X0, X1: a comma before a Pauli letter. */
static bool has_words_in_list(line_t line) {
  for (const char *p = line.begin; p < line.end; p++) {
    if (*p != ',') continue;
    for (p++; p < line.end && *p == ' ';) p++;
    if (p < line.end && is_pauli(*p)) return true;
    p--;
  }
  return false;
}

/* 0^ 1, as OpenFermion prints a hopping term. */
static bool has_fermions(line_t line) {
  for (const char *p = line.begin; p + 1 < line.end; p++)
    if (isdigit((unsigned char)*p) && p[1] == '^' &&
        (p + 2 == line.end || p[2] == ' ' || p[2] == ']'))
      return true;
  return false;
}

/* The most telling first. */
const char *operator_hint(const char *text, size_t length, size_t at) {
  line_t line = line_at(text, length, at);
  if (begins(line, "edge_list") || begins(line, "graph"))
    return "; a graph is `edges FILE`, or `edges (0,1) (1,2) (2,0,0.5)`";
  if (has(line, "SparsePauliOp") || has(line, "coeffs"))
    return "; Qiskit's labels are written \"XXI\": 0.5, \"ZII\": -1 (in quotation marks, "
           "qubit 0 last)";
  if (has(line, "PauliX") || has(line, "PauliY") || has(line, "PauliZ") ||
      has(line, "wires") || has(line, "qml."))
    return "; PennyLane's operators are written 0.5 * Z(0) @ Z(1) + X(2)";
  if (has(line, "a^") || has(line, "adag") || has_fermions(line))
    return "; fermionic operators become strings first (OpenFermion: jordan_wigner), "
           "written (0.5+0j) [X0 Z1]";
  if (has(line, "^"))
    return "; fermionic operators become strings first (OpenFermion: jordan_wigner), "
           "written (0.5+0j) [X0 Z1]; there are no powers";
  if (has(line, "[\"") || has(line, "['") || has(line, "'"))
    return "; labels are written 0.5 XXI - ZII (the first letter is qubit 0), or as in "
           "Qiskit \"XXI\": 0.5, \"ZII\": -1 (the last one is)";
  if (has(line, "cirq.") || has(line, "q("))
    return "; the qubit is a number behind the letter: X0 Z1";
  if (has_letter(line, "XYZ", "_d") || has_letter(line, "XYZ", " d") ||
      has_letter(line, "XYZ", "_{") || has_letter(line, "XYZ", "^"))
    return "; the number of the qubit stands behind its letter: X0 Z1";
  if (has_word_with_index(line))
    return "; each letter has the number of its qubit, X0 X1, or a word has a letter for "
           "each qubit, XXI";
  if (has_words_in_list(line))
    return "; an operator is a sum, XX + ZZ; several have an --observable, or a line, each";
  if (has_letter(line, "xyz", "d"))
    return "; letters are capital: X0 Z1";
  return "";
}
