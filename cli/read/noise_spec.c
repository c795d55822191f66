#include "cli/read/noise_spec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/read/limits.h"
#include "cli/read/near_word.h"
#include "cli/read/number.h"

typedef struct {
  input_t *input;
  size_t at, end;
  bool has_channel, has_readout;
} cursor_t;

static void skip_blanks(cursor_t *c) {
  while (c->at < c->end && isspace((unsigned char)c->input->text[c->at])) c->at++;
}

/* Up to the next of the characters, or the end. */
static size_t until(const cursor_t *c, const char *stops) {
  size_t i = c->at;
  while (i < c->end && !strchr(stops, c->input->text[i])) i++;
  return i;
}

static status_t read_probability(fmpq_t out, cursor_t *c, const char *stops) {
  size_t begin, stop;
  fmpq_t pi_part;
  skip_blanks(c);
  begin = c->at;
  stop = until(c, stops);
  while (stop > begin && isspace((unsigned char)c->input->text[stop - 1])) stop--;
  char *text = text_copy_part(c->input->text + begin, stop - begin);
  fmpq_init(pi_part);
  bool good = number_parse_override(out, pi_part, text) && fmpq_is_zero(pi_part) &&
              fmpq_sgn(out) >= 0 && fmpz_cmp(fmpq_numref(out), fmpq_denref(out)) <= 0;
  fmpq_clear(pi_part);
  free(text);
  c->at = stop;
  skip_blanks(c);
  return good ? STATUS_OK
              : input_fail(c->input, begin, "a probability is a number between 0 and 1, "
                           "such as 0.001 or 1/1000");
}

static bool is_word(const cursor_t *c, size_t stop, const char *word) {
  size_t length = strlen(word);
  return stop - c->at == length && !memcmp(c->input->text + c->at, word, length);
}

static status_t read_pauli(pauli_noise_t noise, cursor_t *c) {
  size_t begin = c->at;
  fmpq_t sum;
  status_t status = STATUS_OK;
  for (int i = 0; i < 3 && status == STATUS_OK; i++) {
    status = read_probability(noise->probability[i], c, ":,");
    if (status || i == 2) continue;
    if (c->at < c->end && c->input->text[c->at] == ':') c->at++;
    else
      status = input_fail(c->input, c->at, "pauli=PX:PY:PZ wants three probabilities "
                          "with ':' between");
  }
  fmpq_init(sum);
  for (int i = 0; i < 3; i++) fmpq_add(sum, sum, noise->probability[i]);
  if (!status && fmpz_cmp(fmpq_numref(sum), fmpq_denref(sum)) > 0)
    status = input_fail(c->input, begin, "the probabilities of X, Y and Z add up to "
                        "more than 1");
  fmpq_clear(sum);
  return status;
}

static status_t read_channel(pauli_noise_t noise, cursor_t *c, size_t kind) {
  if (kind == 0) return read_pauli(noise, c);
  if (kind == 1) {
    status_t status = read_probability(noise->probability[0], c, ",");
    fmpq_div_fmpz(noise->probability[0], noise->probability[0], (fmpz[]){3});
    fmpq_set(noise->probability[1], noise->probability[0]);
    fmpq_set(noise->probability[2], noise->probability[0]);
    return status;
  }
  return read_probability(kind == 2   ? noise->probability[0]
                          : kind == 3 ? noise->probability[2]
                                      : noise->probability[1],
                          c, ",");
}

static status_t read_part(pauli_noise_t noise, cursor_t *c) {
  static const char *const words[] = {"pauli",      "depolarizing",   "bit_flip",
                                      "phase_flip", "bit_phase_flip", "readout"};
  enum { COUNT = sizeof words / sizeof *words, READOUT = COUNT - 1 };
  size_t kind = 0, begin, stop;
  skip_blanks(c);
  begin = c->at;
  stop = until(c, "=,");
  while (stop > begin && isspace((unsigned char)c->input->text[stop - 1])) stop--;
  while (kind < COUNT && !is_word(c, stop, words[kind])) kind++;
  if (kind == COUNT) {
    const char *near = near_word(c->input->text + begin, stop - begin, words, COUNT);
    return input_fail(c->input, begin, "noise is depolarizing=Q, pauli=PX:PY:PZ, "
                      "bit_flip=P, phase_flip=P or bit_phase_flip=P, and readout=R%s%s%s",
                      near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
  }
  bool *has = kind == READOUT ? &c->has_readout : &c->has_channel;
  if (*has)
    return input_fail(c->input, begin, kind == READOUT ? "readout is given twice"
                                                       : "one channel at a time");
  *has = true;
  c->at = stop;
  skip_blanks(c);
  if (c->at >= c->end || c->input->text[c->at] != '=')
    return input_fail(c->input, c->at, "'=' is expected after %s", words[kind]);
  c->at++;
  return kind == READOUT ? read_probability(noise->readout, c, ",")
                         : read_channel(noise, c, kind);
}

static bool has_equal_letters(const pauli_noise_struct *noise) {
  const fmpq_t *p = noise->probability;
  return fmpq_equal(p[0], p[1]) && fmpq_equal(p[1], p[2]);
}

/* Is every number that noise_spec_text writes short enough to be read again? */
static bool can_be_read_again(const pauli_noise_t noise) {
  const fmpq_t *p = noise->probability;
  bool can = number_is_short(noise->readout);
  fmpq_t sum;
  fmpq_init(sum);
  for (int i = 0; i < 3; i++) {
    can = can && number_is_short(p[i]);
    fmpq_add(sum, sum, p[i]);
  }
  if (has_equal_letters(noise)) can = can && number_is_short(sum);
  fmpq_clear(sum);
  return can;
}

status_t noise_spec_read(ansatz_t ansatz, input_t *input, size_t begin, size_t end) {
  cursor_t c = {.input = input, .at = begin, .end = end};
  pauli_noise_t noise;
  status_t status = STATUS_OK;
  skip_blanks(&c);
  if (ansatz->kind != ANSATZ_CIRCUIT)
    return input_fail(input, c.at, "noise acts after the gates of a circuit; a list of "
                      "generators has no gates");
  pauli_noise_init(noise);
  for (bool more = true; more && !status;) {
    status = read_part(noise, &c);
    more = c.at < end && input->text[c.at] == ',';
    if (more) c.at++;
    else if (!status && c.at < end)
      status = input_fail(input, c.at, "unexpected text behind the noise");
  }
  if (!status && !can_be_read_again(noise))
    status = input_limit(input, begin, "probabilities with more than %d digits as fractions",
                         LIMIT_DIGITS);
  noise->given = true;
  if (!status) pauli_noise_set(ansatz->noise, noise);
  pauli_noise_clear(noise);
  return status;
}

char *noise_spec_text(const pauli_noise_struct *noise) {
  const fmpq_t *p = noise->probability;
  char *number[4], *channel, *text;
  fmpq_t sum;
  fmpq_init(sum);
  for (int i = 0; i < 3; i++) fmpq_add(sum, sum, p[i]);
  bool equal = has_equal_letters(noise);
  for (int i = 0; i < 3; i++) number[i] = fmpq_get_str(NULL, 10, p[i]);
  number[3] = fmpq_get_str(NULL, 10, equal ? sum : noise->readout);
  channel = equal ? text_print("depolarizing=%s", number[3])
                  : text_print("pauli=%s:%s:%s", number[0], number[1], number[2]);
  if (equal) {
    flint_free(number[3]);
    number[3] = fmpq_get_str(NULL, 10, noise->readout);
  }
  text = fmpq_is_zero(noise->readout)
             ? text_copy(channel)
             : text_print("%s,readout=%s", channel, number[3]);
  for (int i = 0; i < 4; i++) flint_free(number[i]);
  free(channel);
  fmpq_clear(sum);
  return text;
}
