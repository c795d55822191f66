#include <stdio.h>
#include <stdlib.h>

#include "cli/read/limits.h"
#include "algebra/base/text.h"
#include "cli/read/number.h"
#include "cli/qasm/qasm-parser.h"
#include "cli/qasm/qasm_run.h"

static bool fail(qasm_run_t *run, place_t place, const char *message) {
  input_fail(run->input, place.begin, "%s", message);
  return false;
}

static bool is_pure_pi(const qasm_value_t *v) {
  return angle_is_constant(v->num) && fmpq_is_zero(v->num->rad_part);
}

static bool too_large(const qasm_value_t *v) {
  const fmpq *parts[2] = {v->num->rad_part, v->num->pi_part};
  for (int i = 0; i < 2; i++)
    if (fmpz_bits(fmpq_numref(parts[i])) + fmpz_bits(fmpq_denref(parts[i])) >
        LIMIT_BITS)
      return true;
  for (size_t j = 0; j < v->num->num_terms; j++)
    if (fmpz_bits(fmpq_numref(v->num->terms[j].coeff)) > LIMIT_BITS) return true;
  return false;
}

/* "2*a + pi/2", with names or, for keys, with numbers of parameters. */
static void print_value(FILE *out, const qasm_run_t *run,
                        const qasm_value_t *v, bool as_key) {
  char *text;
  const char *join = "";
  for (size_t j = 0; j < v->num->num_terms; j++) {
    const angle_term_struct *t = v->num->terms + j;
    fputs(join, out);
    if (!fmpq_is_one(t->coeff)) {
      text = fmpq_get_str(NULL, 10, t->coeff);
      fprintf(out, "%s*", text);
      flint_free(text);
    }
    if (t->times_pi) fputs("pi*", out);
    if (as_key)
      fprintf(out, "#%zu", t->parameter);
    else
      fputs(run->params[t->parameter].name, out);
    join = "+";
  }
  if (!fmpq_is_zero(v->num->pi_part)) {
    text = fmpq_get_str(NULL, 10, v->num->pi_part);
    fprintf(out, "%s%s*pi", join, text);
    flint_free(text);
    join = "+";
  }
  if (!fmpq_is_zero(v->num->rad_part) || !*join) {
    text = fmpq_get_str(NULL, 10, v->num->rad_part);
    fprintf(out, "%s%s", join, text);
    flint_free(text);
  }
}

/* name(args); the caller frees it. */
static char *print_call(const qasm_run_t *run, const char *name,
                        const qasm_value_t *args, size_t num_args,
                        bool as_key) {
  char *text = NULL;
  size_t size;
  FILE *out = text_open(&text, &size);
  bool infix = strchr("+-*/%", name[0]) != NULL;
  if (!infix) fputs(name, out);
  fputc('(', out);
  for (size_t i = 0; i < num_args; i++) {
    if (i) fputs(infix ? ")" : ", ", out);
    if (i && infix) fprintf(out, "%s(", name);
    print_value(out, run, args + i, as_key);
  }
  fputc(')', out);
  text_close(out, &text);
  return text;
}

void qasm_derive(qasm_value_t *out, qasm_run_t *run, place_t place,
                 const char *name, const qasm_value_t *args, size_t num_args) {
  char *key = print_call(run, name, args, num_args, true);
  char *label = print_call(run, name, args, num_args, false);
  qasm_param_kind_t kind = QASM_PARAM_CONSTANT;
  for (size_t i = 0; i < num_args; i++)
    for (size_t j = 0; j < args[i].num->num_terms; j++) {
      qasm_param_t *inner = run->params + args[i].num->terms[j].parameter;
      inner->in_function = true;
      if (inner->kind != QASM_PARAM_CONSTANT) kind = QASM_PARAM_NONAFFINE;
    }
  if (strlen(label) > 60) {
    free(label);
    label = text_print("angle%zu@%ld", run->num_params, place.line);
  }
  qasm_value_param(out, qasm_param_add(run, label, key, kind, place));
  free(key);
  free(label);
}

/* out = c pi in, when that stays affine over Q + Q pi. */
static bool times_pi(qasm_value_t *out, const qasm_run_t *run, const fmpq_t c,
                     const qasm_value_t *in) {
  if (!fmpq_is_zero(in->num->pi_part)) return false;
  for (size_t j = 0; j < in->num->num_terms; j++)
    if (in->num->terms[j].times_pi) return false;
  qasm_value_t r;
  fmpq_t t;
  qasm_value_init(&r);
  fmpq_init(t);
  fmpq_mul(r.num->pi_part, c, in->num->rad_part);
  for (size_t j = 0; j < in->num->num_terms; j++) {
    size_t p = in->num->terms[j].parameter;
    fmpq_mul(t, c, in->num->terms[j].coeff);
    if (run->params[p].times_pi)
      angle_addmul(r.num, r.num, t, run->params[p].times_pi);
    else
      angle_add_term(r.num, p, true, t);
  }
  qasm_value_set(out, &r);
  qasm_value_clear(&r);
  fmpq_clear(t);
  return true;
}

/* out = in / (c pi), when in is a multiple of pi. */
static bool over_pi(qasm_value_t *out, const qasm_value_t *in,
                    const fmpq_t c) {
  if (!fmpq_is_zero(in->num->rad_part)) return false;
  for (size_t j = 0; j < in->num->num_terms; j++)
    if (!in->num->terms[j].times_pi) return false;
  qasm_value_t r;
  fmpq_t t;
  qasm_value_init(&r);
  fmpq_init(t);
  fmpq_div(r.num->rad_part, in->num->pi_part, c);
  for (size_t j = 0; j < in->num->num_terms; j++) {
    fmpq_div(t, in->num->terms[j].coeff, c);
    angle_add_term(r.num, in->num->terms[j].parameter, false, t);
  }
  qasm_value_set(out, &r);
  qasm_value_clear(&r);
  fmpq_clear(t);
  return true;
}

static void scale(qasm_value_t *out, const fmpq_t c, const qasm_value_t *in) {
  angle_t zero;
  angle_init(zero);
  angle_addmul(out->num, zero, c, in->num);
  angle_clear(zero);
}

static bool multiply(qasm_value_t *out, qasm_run_t *run, place_t place,
                     const qasm_value_t *a, const qasm_value_t *b) {
  qasm_value_t args[2] = {*a, *b};
  fmpq_t c;
  fmpq_init(c);
  if (qasm_value_is_rational(a)) {
    fmpq_set(c, a->num->rad_part);
    scale(out, c, b);
  } else if (qasm_value_is_rational(b)) {
    fmpq_set(c, b->num->rad_part);
    scale(out, c, a);
  } else {
    fmpq_set(c, a->num->pi_part);
    bool done = is_pure_pi(a) && times_pi(out, run, c, b);
    if (!done) {
      fmpq_set(c, b->num->pi_part);
      done = is_pure_pi(b) && times_pi(out, run, c, a);
    }
    if (!done) {
      qasm_value_t r;
      qasm_value_init(&r);
      qasm_derive(&r, run, place, "*", args, 2);
      qasm_value_set(out, &r);
      qasm_value_clear(&r);
    }
  }
  fmpq_clear(c);
  return true;
}

/* Integer division, as OpenQASM 3 has it for variables of integer type. */
static void integer_quotient(qasm_value_t *out, qasm_run_t *run, place_t place,
                             const qasm_value_t *a, const qasm_value_t *b) {
  fmpz_t q, r;
  fmpz_init(q);
  fmpz_init(r);
  fmpz_tdiv_qr(q, r, fmpq_numref(a->num->rad_part),
               fmpq_numref(b->num->rad_part));
  if (!fmpz_is_zero(r) && !run->division.count++)
    run->division.line = place.line;
  qasm_value_set_si(out, 0);
  fmpq_set_fmpz(out->num->rad_part, q);
  out->declared = true;
  fmpz_clear(q);
  fmpz_clear(r);
}

/* The derived parameter is in / (c pi): tket multiplies such a thing by pi again. */
static void keep_quotient(qasm_run_t *run, size_t parameter,
                          const qasm_value_t *in, const fmpq_t c) {
  qasm_param_t *p = run->params + parameter;
  if (p->times_pi) return;
  p->times_pi = flint_malloc(sizeof *p->times_pi);
  angle_init(p->times_pi);
  fmpq_t inverse;
  fmpq_init(inverse);
  fmpq_inv(inverse, c);
  angle_addmul(p->times_pi, p->times_pi, inverse, in->num);
  fmpq_clear(inverse);
}

static bool divide(qasm_value_t *out, qasm_run_t *run, place_t place,
                   const qasm_value_t *a, const qasm_value_t *b) {
  if (angle_is_zero(b->num)) return fail(run, place, "division by zero");
  if (a->integer && b->integer && (a->declared || b->declared) &&
      qasm_value_is_rational(a) && qasm_value_is_rational(b)) {
    integer_quotient(out, run, place, a, b);
    return true;
  }
  bool literals = a->integer && b->integer && run->parse->version != 2 &&
                  qasm_value_is_rational(a) && qasm_value_is_rational(b);
  qasm_value_t args[2] = {*a, *b};
  fmpq_t c;
  fmpq_init(c);
  if (qasm_value_is_rational(b)) {
    fmpq_inv(c, b->num->rad_part);
    scale(out, c, a);
  } else {
    fmpq_set(c, b->num->pi_part);
    if (!(is_pure_pi(b) && over_pi(out, a, c))) {
      qasm_value_t r;
      qasm_value_init(&r);
      qasm_derive(&r, run, place, "/", args, 2);
      if (is_pure_pi(b)) keep_quotient(run, r.num->terms->parameter, a, c);
      qasm_value_set(out, &r);
      qasm_value_clear(&r);
    }
  }
  out->integer = qasm_value_is_rational(out) &&
                 fmpz_is_one(fmpq_denref(out->num->rad_part)) && a->integer &&
                 b->integer;
  out->declared = false;
  if (literals && !out->integer && !run->exact_quotient.count++)
    run->exact_quotient.line = place.line;
  fmpq_clear(c);
  return true;
}

/* out = sqrt(in) when in is the square of a rational. */
static bool exact_sqrt(fmpq_t out, const fmpq_t in) {
  if (fmpq_sgn(in) < 0 || !fmpz_is_square(fmpq_numref(in)) ||
      !fmpz_is_square(fmpq_denref(in)))
    return false;
  fmpz_sqrt(fmpq_numref(out), fmpq_numref(in));
  fmpz_sqrt(fmpq_denref(out), fmpq_denref(in));
  return true;
}

static bool power(qasm_value_t *out, qasm_run_t *run, place_t place,
                  const qasm_value_t *a, const qasm_value_t *b) {
  const fmpq *e = b->num->rad_part;
  bool rational = qasm_value_is_rational(a);
  bool integer = a->integer && b->integer && fmpq_sgn(e) >= 0;
  if (qasm_value_is_rational(b) && fmpz_is_one(fmpq_denref(e))) {
    fmpz exponent = *fmpq_numref(e);
    if (fmpz_is_one(&exponent)) {
      qasm_value_set(out, a);
      return true;
    }
    if (fmpz_is_zero(&exponent)) {
      qasm_value_set_si(out, 1);
      return true;
    }
    if (rational) {
      if (fmpq_is_zero(a->num->rad_part) && fmpz_sgn(&exponent) < 0)
        return fail(run, place, "division by zero");
      slong bits = (slong)(fmpz_bits(fmpq_numref(a->num->rad_part)) +
                           fmpz_bits(fmpq_denref(a->num->rad_part)));
      if (fmpz_cmpabs(&exponent, &(fmpz){LIMIT_BITS / bits}) > 0)
        return fail(run, place, "the number becomes too large");
      fmpq_t r;
      fmpq_init(r);
      fmpq_pow_si(r, a->num->rad_part, fmpz_get_si(&exponent));
      qasm_value_set_si(out, 0);
      fmpq_set(out->num->rad_part, r);
      out->integer = integer;
      fmpq_clear(r);
      return true;
    }
  }
  if (rational && qasm_value_is_rational(b) &&
      fmpq_sgn(a->num->rad_part) < 0 && !fmpz_is_one(fmpq_denref(e)))
    return fail(run, place, "a fractional power of a negative number");
  if (rational && qasm_value_is_rational(b) &&
      fmpz_equal_ui(fmpq_denref(e), 2) && fmpz_is_one(fmpq_numref(e))) {
    fmpq_t r;
    fmpq_init(r);
    bool exact = exact_sqrt(r, a->num->rad_part);
    if (exact) {
      qasm_value_set_si(out, 0);
      fmpq_set(out->num->rad_part, r);
      out->integer = false;
    }
    fmpq_clear(r);
    if (exact) return true;
  }
  qasm_value_t args[2] = {*a, *b}, r;
  qasm_value_init(&r);
  qasm_derive(&r, run, place, "pow", args, 2);
  qasm_value_set(out, &r);
  qasm_value_clear(&r);
  return true;
}

/* Sign of a - b for constants; pi to 40 digits decides mixed cases. */
static bool compare(int *sign, qasm_run_t *run, place_t place,
                    const qasm_value_t *a, const qasm_value_t *b) {
  if (!angle_is_constant(a->num) || !angle_is_constant(b->num))
    return fail(run, place, "only constants can be compared");
  fmpq_t d, pi;
  fmpq_init(d);
  fmpq_init(pi);
  fmpz_set_str(fmpq_numref(pi), "31415926535897932384626433832795028841972",
               10);
  number_power_of_ten(fmpq_denref(pi), 40);
  fmpq_canonicalise(pi);
  fmpq_sub(d, a->num->pi_part, b->num->pi_part);
  fmpq_mul(d, d, pi);
  fmpq_add(d, d, a->num->rad_part);
  fmpq_sub(d, d, b->num->rad_part);
  *sign = fmpq_sgn(d);
  fmpq_clear(d);
  fmpq_clear(pi);
  return true;
}

/* a mod b with the sign of a, for two rationals or two multiples of pi. */
static bool modulo(qasm_value_t *out, qasm_run_t *run, place_t place,
                   const qasm_value_t *a, const qasm_value_t *b) {
  bool rational = qasm_value_is_rational(a) && qasm_value_is_rational(b);
  if (angle_is_zero(b->num)) return fail(run, place, "division by zero");
  if (!rational && !(is_pure_pi(a) && is_pure_pi(b))) {
    qasm_value_t args[2] = {*a, *b}, r;
    qasm_value_init(&r);
    qasm_derive(&r, run, place, "mod", args, 2);
    qasm_value_set(out, &r);
    qasm_value_clear(&r);
    return true;
  }
  fmpq_t q, y;
  fmpz_t t;
  fmpq_init(q);
  fmpq_init(y);
  fmpz_init(t);
  fmpq_set(q, rational ? a->num->rad_part : a->num->pi_part);
  fmpq_set(y, rational ? b->num->rad_part : b->num->pi_part);
  bool integer = a->integer && b->integer, declared = a->declared || b->declared;
  fmpq_t x;
  fmpq_init(x);
  fmpq_set(x, q);
  fmpq_div(q, q, y);
  fmpz_tdiv_q(t, fmpq_numref(q), fmpq_denref(q));
  fmpq_mul_fmpz(y, y, t);
  fmpq_sub(x, x, y);
  qasm_value_set_si(out, 0);
  fmpq_set(rational ? out->num->rad_part : out->num->pi_part, x);
  out->integer = integer;
  out->declared = declared;
  fmpq_clear(q);
  fmpq_clear(x);
  fmpq_clear(y);
  fmpz_clear(t);
  return true;
}

static bool bitwise(qasm_value_t *out, qasm_run_t *run, place_t place, int op,
                    const qasm_value_t *a, const qasm_value_t *b) {
  if (!a->integer || !b->integer || !qasm_value_is_rational(a) ||
      !qasm_value_is_rational(b))
    return fail(run, place, "integers are needed on both sides");
  const fmpz *x = fmpq_numref(a->num->rad_part), *y = fmpq_numref(b->num->rad_part);
  fmpz_t r;
  bool ok = true;
  fmpz_init(r);
  if (op == T_SHL || op == T_SHR) {
    ok = fmpz_sgn(y) >= 0 && fmpz_cmp_si(y, 4000) <= 0;
    if (!ok) fail(run, place, "a shift by a negative or too large number");
    else if (op == T_SHL) fmpz_mul_2exp(r, x, fmpz_get_ui(y));
    else fmpz_fdiv_q_2exp(r, x, fmpz_get_ui(y));
  } else if (op == '&') {
    fmpz_and(r, x, y);
  } else if (op == '|') {
    fmpz_or(r, x, y);
  } else {
    fmpz_xor(r, x, y);
  }
  qasm_value_set_si(out, 0);
  fmpq_set_fmpz(out->num->rad_part, r);
  fmpz_clear(r);
  return ok;
}

static bool logical(qasm_value_t *out, qasm_run_t *run, place_t place, int op,
                    const qasm_value_t *a, const qasm_value_t *b) {
  int sign = 0;
  bool result;
  if (op == T_AND || op == T_OR) {
    if (!angle_is_constant(a->num) || !angle_is_constant(b->num))
      return fail(run, place, "a condition must be a constant");
    bool x = !angle_is_zero(a->num), y = !angle_is_zero(b->num);
    result = op == T_AND ? x && y : x || y;
  } else {
    if (!compare(&sign, run, place, a, b)) return false;
    result = op == T_EQ ? sign == 0 : op == T_NE ? sign != 0
           : op == '<' ? sign < 0 : op == '>' ? sign > 0
           : op == T_LE ? sign <= 0 : sign >= 0;
  }
  qasm_value_set_si(out, result);
  return true;
}

bool qasm_binary(qasm_value_t *out, qasm_run_t *run, place_t place, int op,
                 const qasm_value_t *a, const qasm_value_t *b) {
  bool integer = a->integer && b->integer, ok = true;
  bool declared = a->declared || b->declared;
  fmpq_t one;
  switch (op) {
  case '+':
  case '-':
    fmpq_init(one);
    fmpq_set_si(one, op == '+' ? 1 : -1, 1);
    angle_addmul(out->num, a->num, one, b->num);
    fmpq_clear(one);
    out->integer = integer;
    out->declared = declared;
    break;
  case '*':
    ok = multiply(out, run, place, a, b);
    out->integer = integer;
    out->declared = declared;
    break;
  case '/': ok = divide(out, run, place, a, b); break;
  case '%': ok = modulo(out, run, place, a, b); break;
  case T_POWER: ok = power(out, run, place, a, b); break;
  case '&': case '|': case '^': case T_SHL: case T_SHR:
    ok = bitwise(out, run, place, op, a, b);
    break;
  default: ok = logical(out, run, place, op, a, b);
  }
  if (ok && too_large(out))
    return fail(run, place, "the number becomes too large");
  return ok;
}

bool qasm_convert(qasm_value_t *value, qasm_run_t *run, place_t place,
                  qasm_type_t type) {
  if (type == QASM_TYPE_FLOAT || type == QASM_TYPE_ANGLE) {
    value->integer = value->declared = false;
    return true;
  }
  if (type == QASM_TYPE_OTHER || type == QASM_TYPE_BIT)
    return fail(run, place, "a number is needed here");
  if (!qasm_value_is_rational(value)) {
    if (type == QASM_TYPE_BOOL && angle_is_constant(value->num)) {
      qasm_value_set_si(value, 1);
      return true;
    }
    return fail(run, place, "a constant integer is needed here");
  }
  if (type == QASM_TYPE_BOOL) {
    qasm_value_set_si(value, !angle_is_zero(value->num));
    return true;
  }
  fmpz_tdiv_q(fmpq_numref(value->num->rad_part),
              fmpq_numref(value->num->rad_part),
              fmpq_denref(value->num->rad_part));
  fmpz_one(fmpq_denref(value->num->rad_part));
  value->integer = value->declared = true;
  return true;
}

/* sin(k pi) when rational: 6k must be an integer, and only some of them. */
static bool exact_sine(fmpq_t out, const fmpq_t k) {
  static const int halves[12] = {0, 1, 9, 2, 9, 1, 0, -1, 9, -2, 9, -1};
  fmpq_t m;
  fmpq_init(m);
  fmpz_t six;
  fmpz_init_set_ui(six, 6);
  fmpq_mul_fmpz(m, k, six);
  fmpz_clear(six);
  bool exact = fmpz_is_one(fmpq_denref(m));
  if (exact) {
    int twice = halves[fmpz_fdiv_ui(fmpq_numref(m), 12)];
    exact = twice != 9;
    if (exact) fmpq_set_si(out, twice, 2);
  }
  fmpq_clear(m);
  return exact;
}

/* Exact value of a function of a constant: rad or pi part of out. */
static bool exact_function(qasm_value_t *out, const char *name,
                           const qasm_value_t *arg) {
  const fmpq *k = arg->num->pi_part, *x = arg->num->rad_part;
  bool turns = is_pure_pi(arg), rational = qasm_value_is_rational(arg);
  bool exact = false, out_is_turns = false;
  fmpq_t r, s;
  fmpq_init(r);
  fmpq_init(s);
  fmpq_set_si(s, 1, 2);
  if (!strcmp(name, "sin")) {
    exact = turns && exact_sine(r, k);
  } else if (!strcmp(name, "cos")) {
    fmpq_add(s, s, k);
    exact = turns && exact_sine(r, s);
  } else if (!strcmp(name, "tan")) {
    exact = turns && fmpz_is_one(fmpq_denref(k));
  } else if (!strcmp(name, "exp")) {
    exact = angle_is_zero(arg->num);
    fmpq_one(r);
  } else if (!strcmp(name, "log") || !strcmp(name, "ln")) {
    exact = rational && fmpq_is_one(x);
  } else if (!strcmp(name, "sqrt")) {
    exact = rational && exact_sqrt(r, x);
  } else if (!strcmp(name, "arcsin") || !strcmp(name, "asin") ||
             !strcmp(name, "arccos") || !strcmp(name, "acos")) {
    /* arcsin(0, +-1/2, +-1) = (0, +-1/6, +-1/2) pi */
    fmpq_abs(r, x);
    exact = rational && (fmpq_is_zero(x) || fmpq_is_one(r) || fmpq_equal(r, s));
    if (exact) {
      if (fmpq_is_zero(x)) fmpq_zero(r);
      else fmpq_set_si(r, fmpq_sgn(x), fmpq_is_one(r) ? 2 : 6);
      if (strstr(name, "cos")) fmpq_sub(r, s, r);
      out_is_turns = true;
    }
  } else if (!strcmp(name, "arctan") || !strcmp(name, "atan")) {
    fmpq_abs(r, x);
    exact = rational && (fmpq_is_zero(x) || fmpq_is_one(r));
    if (exact) fmpq_set_si(r, fmpq_sgn(x), 4);
    out_is_turns = true;
  }
  if (exact) {
    qasm_value_set_si(out, 0);
    fmpq_set(out_is_turns ? out->num->pi_part : out->num->rad_part, r);
    out->integer = false;
  }
  fmpq_clear(r);
  fmpq_clear(s);
  return exact;
}

static bool round_function(qasm_value_t *out, qasm_run_t *run, place_t place,
                           bool up, const qasm_value_t *arg) {
  if (!qasm_value_is_rational(arg))
    return fail(run, place, "floor and ceiling need a rational constant");
  fmpz_t q;
  fmpz_init(q);
  if (up)
    fmpz_cdiv_q(q, fmpq_numref(arg->num->rad_part),
                fmpq_denref(arg->num->rad_part));
  else
    fmpz_fdiv_q(q, fmpq_numref(arg->num->rad_part),
                fmpq_denref(arg->num->rad_part));
  qasm_value_set_si(out, 0);
  fmpq_set_fmpz(out->num->rad_part, q);
  fmpz_clear(q);
  return true;
}

/* Fails when the function of a constant is not a real number. */
static bool is_defined(qasm_run_t *run, place_t place, const char *name,
                       const qasm_value_t *arg) {
  bool root = !strcmp(name, "sqrt"), log = name[0] == 'l';
  bool arc = strstr(name, "sin") != name && strstr(name, "cos") != name &&
             (strstr(name, "sin") || strstr(name, "cos"));
  if (!angle_is_constant(arg->num) || !(root || log || arc)) return true;
  qasm_value_t bound;
  int sign, above;
  qasm_value_init(&bound);
  bool ok = compare(&sign, run, place, arg, &bound);
  if (arc && ok) {
    qasm_value_set_si(&bound, 1);
    ok = compare(&above, run, place, arg, &bound);
    qasm_value_set_si(&bound, -1);
    ok = ok && compare(&sign, run, place, arg, &bound);
    if (ok && (above > 0 || sign < 0))
      ok = fail(run, place, "the arc function of a number beyond 1");
  } else if (ok && (log ? sign <= 0 : sign < 0)) {
    ok = fail(run, place, log ? "the logarithm of a number that is not positive"
                              : "the square root of a negative number");
  }
  qasm_value_clear(&bound);
  return ok;
}

bool qasm_function(qasm_value_t *out, qasm_run_t *run, place_t place,
                   const char *name, const qasm_value_t *args,
                   size_t num_args) {
  static const char *const known[] = {
      "sin", "cos", "tan", "exp", "log", "ln", "sqrt", "arcsin", "arccos",
      "arctan", "asin", "acos", "atan", "abs", "floor", "ceiling", "mod",
      "pow", NULL};
  size_t which = 0, wanted;
  while (known[which] && strcmp(known[which], name)) which++;
  if (!known[which]) {
    input_fail(run->input, place.begin, "unknown function '%.40s'", name);
    return false;
  }
  wanted = !strcmp(name, "mod") || !strcmp(name, "pow") ? 2 : 1;
  if (num_args != wanted) {
    input_fail(run->input, place.begin, "%s takes %zu argument%s", name, wanted,
               wanted == 1 ? "" : "s");
    return false;
  }
  if (!strcmp(name, "pow")) return power(out, run, place, args, args + 1);
  if (!strcmp(name, "mod")) return modulo(out, run, place, args, args + 1);
  if (!strcmp(name, "floor")) return round_function(out, run, place, false, args);
  if (!strcmp(name, "ceiling")) return round_function(out, run, place, true, args);
  if (!strcmp(name, "abs") && angle_is_constant(args->num)) {
    qasm_value_t zero;
    int sign = 0;
    qasm_value_init(&zero);
    compare(&sign, run, place, args, &zero);
    bool ok = qasm_binary(out, run, place, sign < 0 ? '-' : '+', &zero, args);
    out->integer = args->integer;
    qasm_value_clear(&zero);
    return ok;
  }
  if (!is_defined(run, place, name, args)) return false;
  if (angle_is_constant(args->num) && exact_function(out, name, args))
    return true;
  qasm_derive(out, run, place, name, args, num_args);
  return true;
}
