#include "cli/format/json_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"

static json_t *checked(json_t *json) {
  if (!json) flint_abort();
  return json;
}

json_t *cert_fmpz(const fmpz_t value) {
  char *text = fmpz_get_str(NULL, 10, value);
  json_t *json = checked(json_string_nocheck(text));
  flint_free(text);
  return json;
}

json_t *cert_fmpq(const fmpq_t value) {
  char *text = fmpq_get_str(NULL, 10, value);
  json_t *json = checked(json_string_nocheck(text));
  flint_free(text);
  return json;
}

/* --- balls ------------------------------------------------------------------- */

enum { NUM_DIGITS = 20 };

/* value * 10^shift, to the nearest integer; false unless the ball is narrower
   than a thousandth. */
static bool scaled(fmpz_t out, const arb_t value, const fmpz_t shift) {
  arb_t power, x;
  arb_init(power);
  arb_init(x);
  slong prec = 256 + 4 * (slong)fmpz_bits(shift);
  arb_set_ui(power, 10);
  arb_pow_fmpz(power, power, shift, prec);
  arb_mul(x, value, power, prec);
  bool ok = arb_is_finite(x) && mag_cmp_2exp_si(arb_radref(x), -10) < 0;
  if (ok) {
    mag_zero(arb_radref(x));
    arf_get_fmpz(out, arb_midref(x), ARF_RND_NEAR);
  }
  arb_clear(power);
  arb_clear(x);
  return ok;
}

/* The rounding of a narrow ball to 20 digits, "1.25e-7" style; NULL when the
   ball is too wide or meets 0. */
static char *rounded_text(const arb_t value) {
  fmpz_t shift, digits;
  char *text = NULL, *number = NULL;
  if (!arb_is_finite(value) || arb_contains_zero(value)) return NULL;
  fmpz_init(shift);
  fmpz_init(digits);
  arb_t log;
  arb_init(log);
  /* floor(log10 |value|), off by one at most */
  arb_abs(log, value);
  arb_log(log, log, 128);
  arb_t ten;
  arb_init(ten);
  arb_log_ui(ten, 10, 128);
  arb_div(log, log, ten, 128);
  arf_floor(arb_midref(log), arb_midref(log));
  arf_get_fmpz(shift, arb_midref(log), ARF_RND_NEAR);
  fmpz_sub_ui(shift, shift, NUM_DIGITS - 1);
  fmpz_neg(shift, shift);
  for (int attempt = 0; attempt < 3 && !text; attempt++) {
    if (!scaled(digits, value, shift)) break;
    number = fmpz_get_str(NULL, 10, digits);
    size_t sign = *number == '-', length = strlen(number) - sign;
    if (length == NUM_DIGITS) {
      char *exponent;
      fmpz_sub_ui(shift, shift, NUM_DIGITS - 1);
      fmpz_neg(shift, shift);
      exponent = fmpz_get_str(NULL, 10, shift);
      text = text_print("%.*s.%s%s%s", (int)sign + 1, number,
                        number + sign + 1, fmpz_is_zero(shift) ? "" : "e",
                        fmpz_is_zero(shift) ? "" : exponent);
      flint_free(exponent);
    } else {
      fmpz_add_si(shift, shift, length < NUM_DIGITS ? 1 : -1);
    }
    flint_free(number);
  }
  fmpz_clear(shift);
  fmpz_clear(digits);
  arb_clear(log);
  arb_clear(ten);
  return text;
}

char *cert_ball_last_place(const char *mid) {
  char *end, *text = NULL;
  if (!strcmp(mid, "0")) return text_copy("0");
  const char *fraction = mid + (*mid == '-') + 1;
  if (mid[*mid == '-'] < '1' || mid[*mid == '-'] > '9' || *fraction != '.' ||
      strspn(fraction + 1, "0123456789") != NUM_DIGITS - 1)
    return NULL;
  const char *rest = fraction + NUM_DIGITS;
  if (*rest && *rest != 'e') return NULL;
  long exponent = *rest ? strtol(rest + 1, &end, 10) : 0;
  if (*rest && (*end || exponent == 0 || end == rest + 1)) return NULL;
  text = text_print("1e%ld", exponent - NUM_DIGITS + 1);
  return text;
}

/* "[mid +/- rad]", "[+/- rad]", or "mid" when exact: a rigorous enclosure, of
   fewer digits than a rounding has: three more than are certain, so that the
   radius grows by some thousandths only. */
static json_t *wide_ball(const arb_t value) {
  enum { LEAST = 4, MOST = NUM_DIGITS - 2 };
  slong bits = FLINT_MIN(arb_rel_accuracy_bits(value), 4 * MOST); /* vast of exact ones */
  slong digits = FLINT_MIN(FLINT_MAX(bits, 0) * 3 / 10 + LEAST, MOST);
  char *text = arb_get_str(value, digits, ARB_STR_MORE);
  char *mid = text, *rad = strstr(text, "+/- ");
  if (rad) {
    mid = text[1] == '+' ? "0" : text + 1;
    rad[-1] = 0;
    rad += 4;
    rad[strcspn(rad, "]")] = 0;
  } else {
    rad = "0";
  }
  json_t *json = checked(json_pack("{s:s, s:s}", "mid", mid, "rad", rad));
  flint_free(text);
  return json;
}

json_t *cert_arb(const arb_t value) {
  char *mid = rounded_text(value);
  if (!mid) return wide_ball(value);
  char *rad = cert_ball_last_place(mid);
  json_t *json = checked(json_pack("{s:s, s:s}", "mid", mid, "rad", rad));
  free(mid);
  free(rad);
  return json;
}

/* --- a cache of rationals --------------------------------------------------- */

void cert_fmpq_cache_init(cert_fmpq_cache_t cache) {
  *cache = (cert_fmpq_cache_struct){.length = 0};
  hash_table_init(cache->numbers);
}

void cert_fmpq_cache_clear(cert_fmpq_cache_t cache) {
  for (size_t i = 0; i < cache->length; i++) {
    fmpq_clear(cache->values + i);
    json_decref(cache->texts[i]);
  }
  flint_free(cache->values);
  flint_free(cache->texts);
  hash_table_clear(cache->numbers);
}

/* Of residues modulo two primes below 2^62. */
static uint64_t hash_fmpq(const fmpq_t value) {
  uint64_t residues[2] = {
      fmpz_fdiv_ui(fmpq_numref(value), UWORD(4611686018427387847)),
      fmpz_fdiv_ui(fmpq_denref(value), UWORD(4611686018427387787))};
  return hash_words(residues, 2);
}

json_t *cert_fmpq_cached(cert_fmpq_cache_t cache, const fmpq_t value) {
  uint64_t hash = hash_fmpq(value);
  for (size_t probe = 0, k;
       (k = hash_table_next(cache->numbers, hash, &probe)) != SIZE_MAX;)
    if (fmpq_equal(cache->values + k, value))
      return json_incref(cache->texts[k]);
  size_t at = cache->length++;
  if (at == cache->alloc) {
    cache->alloc = 2 * at + 64;
    cache->values =
        flint_realloc(cache->values, cache->alloc * sizeof *cache->values);
    cache->texts =
        flint_realloc(cache->texts, cache->alloc * sizeof *cache->texts);
  }
  fmpq_init(cache->values + at);
  fmpq_set(cache->values + at, value);
  cache->texts[at] = cert_fmpq(value);
  hash_table_put(cache->numbers, hash, at);
  return json_incref(cache->texts[at]);
}

/* --- reading ------------------------------------------------------------------ */

/* Length of a canonical integer at text, 0 when there is none. */
static size_t integer_length(const char *text) {
  size_t sign = *text == '-', digits = strspn(text + sign, "0123456789");
  if (digits == 0) return 0;
  if (text[sign] == '0' && (digits > 1 || sign)) return 0;
  return sign + digits;
}

bool text_get_fmpz(fmpz_t value, const char *text) {
  size_t length = integer_length(text);
  return length && !text[length] && fmpz_set_str(value, text, 10) == 0;
}

bool text_get_fmpq(fmpq_t value, const char *text) {
  size_t length = integer_length(text);
  if (!length) return false;
  if (text[length]) {
    const char *below = text + length + 1;
    if (text[length] != '/' || *below == '-' || !strcmp(below, "0") ||
        !strcmp(below, "1"))
      return false;
    size_t rest = integer_length(below);
    if (!rest || below[rest]) return false;
  }
  fmpq_t read;
  fmpq_init(read);
  bool ok = fmpq_set_str(read, text, 10) == 0 && fmpq_is_canonical(read);
  if (ok) fmpq_swap(value, read);
  fmpq_clear(read);
  return ok;
}

/* Jansson refuses strings with NUL bytes unless asked not to, so that the C
   string is the whole string. */
bool cert_get_fmpz(fmpz_t value, const json_t *json) {
  return json_is_string(json) && text_get_fmpz(value, json_string_value(json));
}

bool cert_get_fmpq(fmpq_t value, const json_t *json) {
  return json_is_string(json) && text_get_fmpq(value, json_string_value(json));
}

/* A plain decimal, "-0.25", "1e-30", "1.5e+3". */
bool text_is_decimal(const char *text) {
  if (*text == '-') text++;
  size_t digits = strspn(text, "0123456789");
  if (digits == 0) return false;
  text += digits;
  if (*text == '.') {
    digits = strspn(++text, "0123456789");
    if (digits == 0) return false;
    text += digits;
  }
  if (*text == 'e') {
    text++;
    if (*text == '-' || *text == '+') text++;
    digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9) return false;
    text += digits;
  }
  return !*text;
}

bool cert_get_ball(arb_t value, const json_t *json, slong prec_bits) {
  const char *mid = json_string_value(json_object_get(json, "mid"));
  const char *rad = json_string_value(json_object_get(json, "rad"));
  if (!mid || !rad || json_object_size(json) != 2) return false;
  if (!text_is_decimal(mid) || !text_is_decimal(rad) || *rad == '-') return false;
  arb_t radius;
  arb_init(radius);
  bool ok = arb_set_str(value, mid, prec_bits) == 0 &&
            arb_set_str(radius, rad, 64) == 0;
  if (ok) arb_add_error(value, radius);
  arb_clear(radius);
  return ok;
}

bool cert_get_real(arb_t value, const json_t *json, slong prec_bits) {
  if (!json_is_string(json)) return cert_get_ball(value, json, prec_bits);
  fmpq_t exact;
  fmpq_init(exact);
  bool ok = cert_get_fmpq(exact, json);
  if (ok) arb_set_fmpq(value, exact, prec_bits);
  fmpq_clear(exact);
  return ok;
}

/* value = r + s sqrt(2) from "r + s*sqrt(2)", "r - s*sqrt(2)", "s*sqrt(2)" or "r"; text is
   cut up. */
static bool get_root_of_two(arb_t value, char *text, slong prec_bits) {
  static const char root[] = "*sqrt(2)";
  char *end = strstr(text, root), *join = strstr(text, " + "), *surd = text;
  fmpq_t part;
  arb_t term;
  bool minus = !join && (join = strstr(text, " - "));
  if (end && (end < join || end[sizeof root - 1])) return false;
  if (join && !end) return false;
  fmpq_init(part);
  arb_init(term);
  arb_zero(value);
  if (end) *end = 0;
  if (join) {
    *join = 0;
    surd = join + 3;
  }
  bool ok = end && !join ? true : text_get_fmpq(part, text);
  if (ok) arb_set_fmpq(value, part, prec_bits);
  if (ok && end) {
    ok = text_get_fmpq(part, surd);
    arb_sqrt_ui(term, 2, prec_bits);
    arb_mul_fmpz(term, term, fmpq_numref(part), prec_bits);
    arb_div_fmpz(term, term, fmpq_denref(part), prec_bits);
    (minus ? arb_sub : arb_add)(value, value, term, prec_bits);
  }
  arb_clear(term);
  fmpq_clear(part);
  return ok;
}

bool cert_get_surd(arb_t value, const json_t *json, slong prec_bits) {
  static const char factor[] = "*pi^";
  if (cert_get_real(value, json, prec_bits)) return true;
  char *copy = json_is_string(json) ? text_copy(json_string_value(json)) : NULL;
  if (!copy) return false;
  char *text = copy, *pi = strstr(copy, factor), *rest = NULL;
  unsigned long power = 0;
  bool ok = true;
  if (pi) {
    power = strtoul(pi + sizeof factor - 1, &rest, 10);
    ok = !*rest && power > 0 && power <= 16;
    *pi = 0;
    size_t length = strlen(text);
    if (ok && *text == '(' && text[length - 1] == ')') {
      text[length - 1] = 0;
      text++;
    }
  }
  ok = ok && get_root_of_two(value, text, prec_bits);
  if (ok && power) {
    arb_t constant;
    arb_init(constant);
    arb_const_pi(constant, prec_bits);
    arb_pow_ui(constant, constant, power, prec_bits);
    arb_mul(value, value, constant, prec_bits);
    arb_clear(constant);
  }
  free(copy);
  return ok;
}

double cert_get_double(const json_t *json) {
  arb_t value;
  arb_init(value);
  double out = NAN;
  if (cert_get_real(value, json, 128))
    out = arf_get_d(arb_midref(value), ARF_RND_NEAR);
  arb_clear(value);
  return out;
}

/* --- members ------------------------------------------------------------------ */

const json_t *cert_at(const json_t *json, const char *path) {
  char key[64];
  while (json && *path) {
    size_t length = strcspn(path, ".");
    if (length >= sizeof key) return NULL;
    memcpy(key, path, length);
    key[length] = 0;
    json = json_object_get(json, key);
    path += length + (path[length] == '.');
  }
  return json;
}

const char *cert_text_at(const json_t *json, const char *path,
                         const char *otherwise) {
  const char *text = json_string_value(cert_at(json, path));
  return text ? text : otherwise;
}

/* --- for people ---------------------------------------------------------------- */

/* Drops trailing zeros of the fraction, "0.2500" -> "0.25". */
static void drop_zeros(char *text) {
  char *point = strchr(text, '.');
  if (!point) return;
  char *end = point + 1 + strspn(point + 1, "0123456789"), *last = end;
  while (last[-1] == '0') last--;
  if (last[-1] == '.') last--;
  memmove(last, end, strlen(end) + 1);
}

char *ball_get_short_text(const arb_t value, int digits) {
  char *text, *copy;
  fmpz_t whole;
  fmpz_init(whole);
  if (arb_get_unique_fmpz(whole, value) && arb_is_exact(value) &&
      fmpz_sizeinbase(whole, 10) < 10)
    text = fmpz_get_str(NULL, 10, whole);
  else
    text = arb_get_str(value, digits, ARB_STR_NO_RADIUS | ARB_STR_MORE);
  fmpz_clear(whole);
  drop_zeros(text);
  copy = text_copy(text);
  flint_free(text);
  return copy;
}
