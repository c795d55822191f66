#include "cli/read/angle_law.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/read/limits.h"
#include "cli/read/number.h"

static bool is_at(const input_t *input, size_t at, size_t end,
                  const char *word) {
  size_t length = strlen(word);
  return at + length <= end && !memcmp(input->text + at, word, length);
}

static status_t read_width(fmpq_t width, bool *times_pi, input_t *input,
                           size_t at, size_t end) {
  char *text = text_copy_part(input->text + at, end - at);
  fmpq_t pi_part;
  fmpq_init(pi_part);
  bool good = number_parse_override(width, pi_part, text);
  *times_pi = good && !fmpq_is_zero(pi_part);
  if (*times_pi) {
    good = fmpq_is_zero(width);
    fmpq_set(width, pi_part);
  }
  good = good && fmpq_sgn(width) > 0;
  fmpq_clear(pi_part);
  free(text);
  /* It is written as a fraction, which must be read again. */
  if (good && !number_is_short(width))
    return input_limit(input, at, "a width with more than %d digits as a fraction",
                       LIMIT_DIGITS);
  return good ? STATUS_OK
              : input_fail(input, at, "a width is a number above 0, such as "
                           "0.1, 1/10 or pi/8");
}

/* Is `name`, or the array it is an element of, in [at, end)? */
static bool is_named(const char *name, const input_t *input, size_t at,
                     size_t end) {
  size_t length = end - at;
  return !strncmp(name, input->text + at, length) &&
         (name[length] == 0 || name[length] == '[');
}

static status_t set_laws(ansatz_t ansatz, input_t *input, size_t begin,
                         size_t equals, angle_law_t law, bool times_pi,
                         const fmpq_t width) {
  bool found = false;
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    if (equals != SIZE_MAX &&
        !is_named(ansatz->parameters[k].name, input, begin, equals))
      continue;
    ansatz_set_law(ansatz, k, law, times_pi, width);
    found = true;
  }
  return found || equals == SIZE_MAX
             ? STATUS_OK
             : input_fail(input, begin, "there is no parameter '%.*s'",
                          equals - begin > 60 ? 60 : (int)(equals - begin),
                          input->text + begin);
}

status_t angle_law_read(ansatz_t ansatz, input_t *input, size_t begin,
                        size_t end) {
  const char *text = input->text;
  while (begin < end && isspace((unsigned char)text[begin])) begin++;
  while (end > begin && isspace((unsigned char)text[end - 1])) end--;
  const char *sign = memchr(text + begin, '=', end - begin);
  size_t equals = sign ? (size_t)(sign - text) : SIZE_MAX;
  size_t at = sign ? equals + 1 : begin;
  angle_law_t law = ANGLE_FULL_PERIOD;
  bool times_pi = false;
  fmpq_t width;
  status_t status = STATUS_OK;
  if (ansatz->kind != ANSATZ_CIRCUIT)
    return input_fail(input, begin, "angles are drawn for circuits; a list of "
                      "generators has no depth of its own");
  fmpq_init(width);
  if (is_at(input, at, end, "interval:")) {
    law = ANGLE_INTERVAL;
    status = read_width(width, &times_pi, input, at + 9, end);
  } else if (is_at(input, at, end, "normal:")) {
    law = ANGLE_NORMAL;
    status = read_width(width, &times_pi, input, at + 7, end);
  } else if (end - at != 7 || !is_at(input, at, end, "uniform")) {
    status = input_fail(input, at, "angles are drawn `uniform`, `interval:W` or "
                        "`normal:W`, W a number above 0");
  }
  if (!status)
    status = set_laws(ansatz, input, begin, equals, law, times_pi, width);
  fmpq_clear(width);
  return status;
}

char *angle_law_text(const parameter_struct *p) {
  char *number = fmpq_get_str(NULL, 10, p->width);
  char *text = p->law == ANGLE_FULL_PERIOD
                   ? text_copy("uniform")
                   : text_print("%s:%s%s",
                                p->law == ANGLE_INTERVAL ? "interval" : "normal",
                                number, p->width_times_pi ? "*pi" : "");
  flint_free(number);
  return text;
}
