/* Numbers of OpenQASM 2 programs, which have no symbols: a number written as
   an angle, outside of gates or within one, stands for a parameter that has
   been bound. Multiples of pi/2 are taken for fixed gates, since exporters
   write basis changes so; with rounded digits too (1.5708). 0 as the only
   argument of a gate is no such gate, and free.

   Nothing says which numbers belong to one parameter: each is one of its own,
   which gives an upper bound of the algebra; or equal ones (up to the sign) are
   one, when the user says so. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/read/number.h"
#include "algebra/base/text.h"
#include "cli/qasm/qasm_run.h"

/* Digits after the point of the shortest decimal, -1 when there is none. */
static long decimals(const fmpq_t value) {
  fmpz_t den;
  fmpz_init(den);
  fmpz_set(den, fmpq_denref(value));
  long twos = fmpz_is_one(den) ? 0 : (long)fmpz_val2(den), fives = 0;
  fmpz_tdiv_q_2exp(den, den, (ulong)twos);
  while (fmpz_divisible_si(den, 5) && fives < 64) {
    fmpz_divexact_ui(den, den, 5);
    fives++;
  }
  bool finite = fmpz_is_one(den);
  fmpz_clear(den);
  return !finite ? -1 : twos > fives ? twos : fives;
}

/* turns: the multiple of pi/2, in units of pi, whose digits these are: at
   least four after the point, the last one rounded or cut off. */
static bool is_rounded_quarter(fmpq_t turns, const fmpq_t value) {
  enum { LEAST_DECIMALS = 4 };
  long digits = decimals(value);
  if (digits < LEAST_DECIMALS || fmpq_is_zero(value)) return false;
  fmpq_t pi, unit;
  fmpz_t quarters;
  fmpq_init(pi);
  fmpq_init(unit);
  fmpz_init(quarters);
  number_pi(pi);
  /* floor(2 value / pi + 1/2) */
  fmpq_div(turns, value, pi);
  fmpq_set_si(unit, 1, 4);
  fmpq_add(turns, turns, unit);
  fmpz_mul_2exp(fmpq_numref(turns), fmpq_numref(turns), 1);
  fmpz_fdiv_q(quarters, fmpq_numref(turns), fmpq_denref(turns));
  fmpq_set_fmpz(turns, quarters);
  fmpq_div_2exp(turns, turns, 1);
  fmpq_mul(pi, pi, turns);
  fmpq_sub(pi, pi, value);
  fmpq_abs(pi, pi);
  number_power_of_ten(fmpq_denref(unit), (ulong)digits);
  fmpz_one(fmpq_numref(unit));
  bool is = !fmpz_is_zero(quarters) && fmpq_cmp(pi, unit) < 0;
  fmpq_clear(pi);
  fmpq_clear(unit);
  fmpz_clear(quarters);
  return is;
}

/* Is it a fixed gate? Then with its exact angle. */
static bool is_fixed(qasm_run_t *run, qasm_value_t *value, size_t num_args,
                     long line) {
  unsigned quarters;
  if (angle_is_zero(value->num)) return num_args > 1;
  if (angle_is_clifford(&quarters, value->num)) {
    run->quarters.count++;
    return true;
  }
  fmpq_t turns;
  fmpq_init(turns);
  bool rounded = fmpq_is_zero(value->num->pi_part) &&
                 is_rounded_quarter(turns, value->num->rad_part);
  if (rounded) {
    qasm_value_set_si(value, 0);
    fmpq_set(value->num->pi_part, turns);
    value->integer = false;
    run->quarters.count++;
    if (!run->rounded.count++) run->rounded.line = line;
  }
  fmpq_clear(turns);
  return rounded;
}

/* "rz@12", with what makes it unique; the caller frees it. */
static char *make_name(qasm_run_t *run, const qasm_stmt_t *stmt, size_t index,
                       size_t num_args) {
  char *name, suffix[32] = "", which[32] = "";
  long line = stmt->place.line;
  run->free_count = line == run->free_line ? run->free_count + 1 : 1;
  run->free_line = line;
  if (run->gate_depth)
    snprintf(suffix, sizeof suffix, "#%zu", run->num_params);
  else if (run->free_count > 1)
    snprintf(suffix, sizeof suffix, "#%ld", run->free_count);
  if (num_args > 1) snprintf(which, sizeof which, "[%zu]", index);
  name = text_print("%.40s%s@%ld%s", stmt->symbol->name, which, line,
                    suffix);
  return name;
}

/* "3/10 + 1/4 pi" of the number or its negative, the one that begins without a
   minus sign; *negative: which. The caller frees it. */
static char *make_key(bool *negative, const angle_t angle) {
  fmpq_t rad, turns;
  char *key;
  fmpq_init(rad);
  fmpq_init(turns);
  *negative = fmpq_sgn(angle->rad_part) < 0 ||
              (fmpq_is_zero(angle->rad_part) && fmpq_sgn(angle->pi_part) < 0);
  fmpq_set(rad, angle->rad_part);
  fmpq_set(turns, angle->pi_part);
  if (*negative) {
    fmpq_neg(rad, rad);
    fmpq_neg(turns, turns);
  }
  char *a = fmpq_get_str(NULL, 10, rad), *b = fmpq_get_str(NULL, 10, turns);
  key = text_print("number %s + %s pi", a, b);
  flint_free(a);
  flint_free(b);
  fmpq_clear(rad);
  fmpq_clear(turns);
  return key;
}

void qasm_free_number(qasm_run_t *run, const qasm_stmt_t *stmt,
                      const qasm_expr_t *expr, size_t index, size_t num_args,
                      qasm_value_t *value) {
  if (!run->free_numbers || !angle_is_constant(value->num) ||
      qasm_names_symbols(expr) ||
      is_fixed(run, value, num_args, stmt->place.line))
    return;
  bool negative, zero = angle_is_zero(value->num);
  char *key = make_key(&negative, value->num);
  char *name = make_name(run, stmt, index, num_args);
  bool seen = !qasm_count_number(run, key);
  run->num_freed++;
  if (seen && !zero) run->num_repeated++;
  bool share = run->share_numbers && !zero;
  size_t p = qasm_param_add(run, name, share ? key : NULL, QASM_PARAM_FREED,
                            stmt->place);
  qasm_value_param(value, p);
  if (share && negative) {
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -2, 1);
    angle_addmul(value->num, value->num, minus, value->num);
    fmpq_clear(minus);
  }
  free(key);
  free(name);
}

void qasm_note_numbers(ansatz_t ansatz, const qasm_run_t *run) {
  if (!run->free_numbers) return;
  ansatz->upper_bound = true;
  if (run->quarters.count)
    ansatz_add_note(ansatz, "%ld number%s that %s of pi/2 %s taken for fixed "
                    "gates%s", run->quarters.count,
                    run->quarters.count == 1 ? "" : "s",
                    run->quarters.count == 1 ? "is a multiple" : "are multiples",
                    run->quarters.count == 1 ? "is" : "are",
                    run->rounded.count ? ", also with rounded digits" : "");
  if (run->rounded.count)
    ansatz_add_note(ansatz, "line %ld: a rounded number such as 1.5708 is read "
                    "as the multiple of pi/2", run->rounded.line);
  if (run->num_repeated && run->share_numbers)
    ansatz_add_note(ansatz, "equal numbers are read as one parameter "
                    "(--share-equal-angles): %zu of %zu numbers repeat another",
                    run->num_repeated, run->num_freed);
  else if (run->num_repeated)
    ansatz_add_note(ansatz, "%zu of %zu freed numbers repeat another: with "
                    "--share-equal-angles equal numbers are one parameter",
                    run->num_repeated, run->num_freed);
  ansatz_add_note(ansatz, "OpenQASM 2 does not say which numbers are "
                  "parameters, nor which of them are shared: the algebra is an "
                  "upper bound. Export the circuit with its symbols as OpenQASM "
                  "3 (Qiskit: qasm3.dumps of the circuit without bound "
                  "parameters) to be sure");
}
