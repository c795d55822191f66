#include "cli/check/said_ideal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/laws/adjoint_law.h"
#include "cli/format/json_number.h"

enum { PREC_BITS = SAID_PREC_BITS, MAX_MODES = 4096 };

/* A ball is of the size that its digits have. */
static bool radius_fits(const json_t *number) {
  const char *rad = cert_text_at(number, "rad", "");
  if (!json_is_object(number)) return true;
  char *last = cert_ball_last_place(cert_text_at(number, "mid", ""));
  bool fits = !last || !strcmp(rad, last); /* NULL: a wide one */
  free(last);
  return fits;
}

bool said_read_spectrum(arb_ptr out, const json_t *list, size_t rank) {
  bool ok = json_is_array(list) && json_array_size(list) == rank;
  for (size_t i = 0; i < rank && ok; i++) {
    const json_t *number = json_array_get(list, i);
    ok = radius_fits(number) && cert_get_real(out + i, number, PREC_BITS) &&
         !(i && arb_gt(out + i, out + i - 1));
  }
  return ok;
}

void said_clear(said_ideal_t *said) { _arb_vec_clear(said->b, 2 * (slong)said->rank); }

bool said_read_group(said_ideal_t *out, const json_t *ideal) {
  const char *group = cert_text_at(ideal, "group", "");
  json_int_t m = json_integer_value(json_object_get(ideal, "modes"));
  json_int_t turn = json_integer_value(json_object_get(ideal, "orientation"));
  *out = (said_ideal_t){.unitary = !strcmp(group, "su"), .symplectic = !strcmp(group, "sp")};
  if (m < 3 || m > MAX_MODES || turn < -1 || turn > 1) return false;
  out->modes = (size_t)m;
  out->rank = out->unitary ? out->modes : out->modes / 2;
  out->turn = (int)turn;
  return out->unitary || (out->symplectic && m % 2) || (!strcmp(group, "so") && m != 4);
}

bool said_init(said_ideal_t *out, const json_t *ideal) {
  if (!said_read_group(out, ideal)) return false;
  out->b = _arb_vec_init(2 * (slong)out->rank);
  out->s = out->b + out->rank;
  if (said_read_spectrum(out->b, json_object_get(ideal, "observable_spectrum"), out->rank) &&
      said_read_spectrum(out->s, json_object_get(ideal, "state_spectrum"), out->rank))
    return true;
  said_clear(out);
  return false;
}

bool said_add_cumulants(arb_t second, arb_t fourth, const json_t *ideal) {
  said_ideal_t said;
  if (!said_init(&said, ideal)) return false;
  arb_ptr here = _arb_vec_init(2);
  if (said.unitary)
    adjoint_su_cumulants_ball(here, here + 1, said.modes, said.b, said.s, PREC_BITS);
  else
    adjoint_so_cumulants_ball(here, here + 1, said.modes, said.turn, said.b, said.s,
                              PREC_BITS);
  arb_add(second, second, here, PREC_BITS);
  arb_add(fourth, fourth, here + 1, PREC_BITS);
  _arb_vec_clear(here, 2);
  said_clear(&said);
  return true;
}

bool said_type_fits(const json_t *ideal) {
  char expected[32];
  said_ideal_t said;
  const char *type = cert_text_at(ideal, "type", NULL);
  if (!said_read_group(&said, ideal)) return false;
  size_t modes = said.modes;
  if (said.unitary) snprintf(expected, sizeof expected, "A%zu", modes - 1);
  else if (said.symplectic && modes > 3)
    snprintf(expected, sizeof expected, "C%zu", modes / 2);
  else if (modes == 3) snprintf(expected, sizeof expected, "A1");
  else if (modes == 5) snprintf(expected, sizeof expected, "C2");
  else if (modes == 6) snprintf(expected, sizeof expected, "A3");
  else
    snprintf(expected, sizeof expected, "%c%zu", modes % 2 ? 'B' : 'D', modes / 2);
  return type && !strcmp(type, expected);
}

/* Does the loss vary on it? Equal numbers are the same text, so the same ball. */
static bool varies(const said_ideal_t *said) {
  bool b = false, s = false;
  for (size_t k = 0; k < said->rank; k++) {
    b = b || !(said->unitary ? arb_equal(said->b + k, said->b) : arb_is_zero(said->b + k));
    s = s || !(said->unitary ? arb_equal(said->s + k, said->s) : arb_is_zero(said->s + k));
  }
  return b && s;
}

bool said_law_init(adjoint_law_t law, const json_t *constant, const json_t *ideals) {
  adjoint_law_init(law);
  bool ok = cert_get_fmpq(law->constant, constant);
  for (size_t i = 0; i < json_array_size(ideals) && ok; i++) {
    said_ideal_t said;
    ok = said_init(&said, json_array_get(ideals, i));
    if (!ok) break;
    adjoint_family_struct *f = adjoint_law_append(
        law, said.unitary ? ORBIT_SU : said.symplectic ? ORBIT_SP : ORBIT_SO, said.modes, 1);
    f->orientation = said.turn;
    _arb_vec_set(f->observable, said.b, (slong)said.rank);
    _arb_vec_set(f->state, said.s, (slong)said.rank);
    if (varies(&said)) fmpq_one(f->second);
    said_clear(&said);
  }
  if (!ok) adjoint_law_clear(law);
  return ok;
}
