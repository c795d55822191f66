#include "cli/report/report_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"

enum { NAME_WIDTH = 24, FEW = 4 };

/* Checks of the circuit as written have names that begin so. */
static const char own_depth[] = "own depth: ";
static const char gradient_name[] = "gradient variance";

static void print_cell(const page_t *page, const json_t *value) {
  if (json_is_number(value))
    fprintf(page->stream, " %10.5g", json_number_value(value));
  else
    fprintf(page->stream, " %10s", "");
}

static void print_check(const page_t *page, const json_t *check) {
  const char *name = cert_text_at(check, "name", "?");
  const json_t *error = cert_at(check, "standard_error");
  const json_t *p = cert_at(check, "p_value");
  bool holds = json_is_true(cert_at(check, "holds"));
  bool judged = !json_is_null(cert_at(check, "holds"));
  int width = (int)strlen(name);
  /* details in parentheses are in the certificate */
  const char *bracket = width > NAME_WIDTH ? strstr(name, " (") : NULL;
  if (bracket) width = (int)(bracket - name);
  fprintf(page->stream, "  %-*.*s", NAME_WIDTH, width, name);
  if (width > NAME_WIDTH) fprintf(page->stream, "\n  %*s", NAME_WIDTH, "");
  print_cell(page, cert_at(check, "predicted"));
  print_cell(page, cert_at(check, "measured"));
  if (json_is_number(error))
    fprintf(page->stream, " +- %-7.2g", json_number_value(error));
  else
    fprintf(page->stream, "    %-7s", "");
  if (json_is_number(p)) fprintf(page->stream, " p %-7.2g ", json_number_value(p));
  else fprintf(page->stream, "   %-7s ", "");
  if (judged) page_ink(page, holds ? INK_GOOD : INK_BAD, holds ? "holds" : "FAILS");
  else fprintf(page->stream, "not judged");
  fputc('\n', page->stream);
}

/* Does the entry belong to this landscape? Entries without one belong to -1. */
static bool is_of(const json_t *check, long landscape) {
  const json_t *at = cert_at(check, "landscape");
  return (json_is_integer(at) ? json_integer_value(at) : -1) == landscape;
}

static bool is_own_depth(const json_t *check) {
  return !strncmp(cert_text_at(check, "name", ""), own_depth,
                  sizeof own_depth - 1);
}

static bool is_gradient(const json_t *check) {
  const char *name = cert_text_at(check, "name", "");
  if (is_own_depth(check)) name += sizeof own_depth - 1;
  return !strncmp(name, gradient_name, sizeof gradient_name - 1);
}

/* The checks of one landscape, of the deep circuit or of the one as written;
   many gradients are told together. */
static void print_group(const page_t *page, const json_t *checks,
                        long landscape, bool own) {
  size_t gradients = 0, failing = 0, unjudged = 0;
  double least_p = 1;
  for (size_t i = 0; i < json_array_size(checks); i++) {
    const json_t *check = json_array_get(checks, i);
    if (!is_of(check, landscape) || is_own_depth(check) != own ||
        !is_gradient(check))
      continue;
    double p = json_number_value(cert_at(check, "p_value"));
    if (p < least_p) least_p = p;
    gradients++;
    if (json_is_false(cert_at(check, "holds"))) failing++;
    if (json_is_null(cert_at(check, "holds"))) unjudged++;
  }
  for (size_t i = 0; i < json_array_size(checks); i++) {
    const json_t *check = json_array_get(checks, i);
    if (is_of(check, landscape) && is_own_depth(check) == own &&
        (!is_gradient(check) || gradients <= FEW ||
         !json_is_true(cert_at(check, "holds"))))
      print_check(page, check);
  }
  if (gradients > FEW)
    fprintf(page->stream, "  %s%s of %zu parameters: %zu hold, %zu fail%s; least "
                          "p %.2g\n", own ? own_depth : "",
            gradient_name, gradients, gradients - failing - unjudged, failing,
            unjudged ? ", the others are not judged" : "", least_p);
}

static void print_heading(const page_t *page, const json_t *about) {
  const char *reason = cert_text_at(about, "reason", NULL);
  fputc('\n', page->stream);
  page_ink(page, INK_BOLD, "Verification");
  if (reason) {
    fprintf(page->stream, ": ");
    page_wrap(page, reason, 14, 2);
    return;
  }
  fprintf(page->stream,
          " on %lld sampled points, %lld layers, family-wise error %g\n  ",
          (long long)json_integer_value(cert_at(about, "samples")),
          (long long)json_integer_value(cert_at(about, "layers")),
          json_number_value(cert_at(about, "family_error")));
  page_wrap(page, cert_text_at(about, "layers_reason", ""), 2, 2);
  fprintf(page->stream, "  ");
  page_wrap(page, cert_text_at(about, "method", ""), 2, 2);
}

/* "landscapes[0].wishart.variance" without the landscape. */
static const char *short_name(const char *member) {
  const char *end = strncmp(member, "landscapes[", 11) ? NULL : strchr(member, ']');
  return end ? end + 2 : member;
}

/* Is the member there for a landscape before? */
static bool is_told(const json_t *list, size_t index, const char *name) {
  for (size_t i = 0; i < index; i++) {
    const json_t *entry = json_array_get(list, i);
    const char *other = json_is_string(entry) ? json_string_value(entry)
                                              : cert_text_at(entry, "member", "?");
    if (!strcmp(short_name(other), name)) return true;
  }
  return false;
}

/* "mean (0.02), gradient_variance (5%), ...". */
static void add_member(char **text, const char *name, const json_t *notices) {
  bool relative = strstr(name, "gradient_variance") || strstr(name, "covariance");
  const char *comma = **text ? ", " : "";
  char *more = json_is_number(notices)
                   ? text_print("%s%s%s (%.2g%s)", *text, comma, name,
                                json_number_value(notices) * (relative ? 100 : 1),
                                relative ? "%" : "")
                   : text_print("%s%s%s", *text, comma, name);
  free(*text);
  *text = more;
}

static void print_list(const page_t *page, const char *label, char *text) {
  if (*text) {
    page_label(page, label);
    page_wrap(page, text, PAGE_INDENT, PAGE_INDENT);
  }
  free(text);
}

/* What was tested with samples or ranks (and the least change that is noticed), by
   arithmetic, and not at all; members of several landscapes once. */
static void print_tested(const page_t *page, const json_t *about) {
  const json_t *tested = cert_at(about, "tested"), *untested = cert_at(about, "untested");
  char *by_samples = text_copy(""), *by_members = text_copy(""), *left = text_copy("");
  for (size_t i = 0; i < json_array_size(tested); i++) {
    const json_t *entry = json_array_get(tested, i);
    const char *name = short_name(cert_text_at(entry, "member", "?"));
    bool other = !strcmp(cert_text_at(entry, "by", ""), "other members");
    if (!is_told(tested, i, name))
      add_member(other ? &by_members : &by_samples, name, cert_at(entry, "notices"));
  }
  for (size_t i = 0; i < json_array_size(untested); i++) {
    const char *name = short_name(cert_text_at(json_array_get(untested, i), "", "?"));
    if (!is_told(untested, i, name)) add_member(&left, name, NULL);
  }
  print_list(page, "tested, notices", by_samples);
  print_list(page, "follows from others", by_members);
  print_list(page, "not tested here", left);
}

void report_print_checks(const page_t *page, const json_t *certificate) {
  const json_t *about = cert_at(certificate, "verification");
  const json_t *checks = cert_at(certificate, "checks");
  const json_t *notes = cert_at(about, "notes");
  const json_t *landscapes = cert_at(certificate, "landscapes");
  const json_t *consistent = cert_at(certificate, "consistent");
  long count = (long)json_array_size(landscapes);
  if (!about) return;
  print_heading(page, about);
  if (json_array_size(checks))
    fprintf(page->stream, "  %-*s %10s %10s\n", NAME_WIDTH, "", "predicted",
            "measured");
  print_group(page, checks, -1, false);
  for (long j = 0; j < count && json_array_size(checks); j++) {
    const json_t *landscape = json_array_get(landscapes, (size_t)j);
    if (count > 1) {
      fprintf(page->stream, "  O = ");
      page_wrap(page, cert_text_at(landscape, "observable", "?"), 6, 6);
      fprintf(page->stream, "      on %s\n",
              cert_text_at(landscape, "state", "?"));
    }
    print_group(page, checks, j, false);
    print_group(page, checks, j, true);
  }
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = cert_text_at(json_array_get(notes, i), "", "?");
    page_label(page, i == 0 ? "notes" : "");
    page_wrap(page, note, PAGE_INDENT, PAGE_INDENT);
  }
  if (page->details) {
    print_tested(page, about);
  } else if (json_array_size(cert_at(about, "untested"))) {
    page_label(page, "not tested here");
    fprintf(page->stream, "%zu members, named by --details\n",
            json_array_size(cert_at(about, "untested")));
  }
  if (json_is_boolean(consistent) && json_array_size(checks))
    page_ink(page, json_is_true(consistent) ? INK_GOOD : INK_BAD, "  %s\n",
             json_is_true(consistent) ? "every prediction stands"
                                      : "a prediction is refuted");
  else if (json_array_size(checks))
    fprintf(page->stream, "  no prediction is refuted, but not all were tested\n");
}
