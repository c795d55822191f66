#include "cli/read/source.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <flint/flint.h>

#include "algebra/base/text.h"

enum { EXCERPT_BEFORE = 40, EXCERPT_AFTER = 40 };

void diagnostic_init(diagnostic_t diag) {
  *diag = (diagnostic_struct){0};
}

void diagnostic_clear(diagnostic_t diag) {
  free(diag->file);
  free(diag->message);
  free(diag->excerpt);
  diagnostic_init(diag);
}

/* Length of the UTF-8 sequence at text, 0 when it is not one. Rejects
   overlong forms, surrogates and what lies beyond U+10FFFF. */
static size_t utf8_length(const char *text, size_t room) {
  const unsigned char *s = (const unsigned char *)text;
  size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2
             : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
  if (n == 0 || n > room) return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
      (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
    return 0;
  return n;
}

/* Number of characters of text[0..length). */
static long count_characters(const char *text, size_t length) {
  long count = 0;
  for (size_t i = 0; i < length; i++)
    if (((unsigned char)text[i] & 0xc0) != 0x80) count++;
  return count;
}

/* Characters that turn the direction of the text around them: what a reader
   sees is then not what is read (Boucher and Anderson 2021, "Trojan Source").
   text begins a character of three bytes, or two. NULL for any other. */
static const char *direction_name(const char *text, size_t length) {
  static const struct {
    const char *bytes, *name;
  } known[] = {
      {"\xd8\x9c", "U+061C ARABIC LETTER MARK"},
      {"\xe2\x80\x8e", "U+200E LEFT-TO-RIGHT MARK"},
      {"\xe2\x80\x8f", "U+200F RIGHT-TO-LEFT MARK"},
      {"\xe2\x80\xaa", "U+202A LEFT-TO-RIGHT EMBEDDING"},
      {"\xe2\x80\xab", "U+202B RIGHT-TO-LEFT EMBEDDING"},
      {"\xe2\x80\xac", "U+202C POP DIRECTIONAL FORMATTING"},
      {"\xe2\x80\xad", "U+202D LEFT-TO-RIGHT OVERRIDE"},
      {"\xe2\x80\xae", "U+202E RIGHT-TO-LEFT OVERRIDE"},
      {"\xe2\x81\xa6", "U+2066 LEFT-TO-RIGHT ISOLATE"},
      {"\xe2\x81\xa7", "U+2067 RIGHT-TO-LEFT ISOLATE"},
      {"\xe2\x81\xa8", "U+2068 FIRST STRONG ISOLATE"},
      {"\xe2\x81\xa9", "U+2069 POP DIRECTIONAL ISOLATE"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (length == strlen(known[i].bytes) &&
        !memcmp(text, known[i].bytes, length))
      return known[i].name;
  return NULL;
}

/* What a text may not hold at this place, NULL when all is well. */
static const char *unwanted(const char *text, size_t length, size_t room) {
  if (length == 3 && !memcmp(text, "\xef\xbb\xbf", 3))
    return "U+FEFF BYTE ORDER MARK: it may only stand at the very beginning";
  if (length > 1) return direction_name(text, length);
  if (*text == '\r' && (room < 2 || text[1] != '\n') && room > 1)
    return "a carriage return without a line feed: save the text with lines "
           "that end as on Unix or Windows";
  return NULL;
}

size_t source_character(bool *visible, const char *text, size_t room) {
  const unsigned char *s = (const unsigned char *)text;
  size_t n = utf8_length(text, room);
  bool control = (n == 1 && (*s < ' ' || *s == 0x7f)) ||
                 (n == 2 && s[0] == 0xc2 && s[1] < 0xa0) || /* C1 */
                 (n == 3 && s[0] == 0xe2 && s[1] == 0x80 &&
                  (s[2] == 0xa8 || s[2] == 0xa9)); /* ends of lines, of paragraphs */
  *visible = n > 0 && !control && !unwanted(text, n, room);
  return n ? n : 1;
}

void source_make_visible(char *text) {
  size_t used = 0, length = strlen(text);
  for (size_t i = 0; i < length;) {
    bool visible;
    size_t n = source_character(&visible, text + i, length - i);
    if (visible || text[i] == '\n') memmove(text + used, text + i, n);
    else text[used] = text[i] == '\t' || text[i] == '\r' ? ' ' : '?';
    used += visible ? n : 1;
    i += n;
  }
  text[used] = 0;
}

void source_vsay(const char *format, va_list args) {
  char *text = text_vprint(format, args);
  source_make_visible(text);
  fprintf(stderr, "liescape: %s\n", text);
  free(text);
}

void source_say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  source_vsay(format, args);
  va_end(args);
}

/* Copies the part of the line around offset; what does not print becomes '?'. */
static void set_excerpt(diagnostic_t diag, const char *text, size_t length,
                        size_t begin, size_t offset) {
  size_t first = offset, last = offset;
  while (first > begin && offset - first < EXCERPT_BEFORE) first--;
  while (first < offset && ((unsigned char)text[first] & 0xc0) == 0x80) first++;
  while (last < length && text[last] != '\n' && last - offset < EXCERPT_AFTER)
    last++;
  char *out = memory_must(malloc(last - first + 1));
  memcpy(out, text + first, last - first);
  out[last - first] = 0;
  for (char *zero = out; (zero = memchr(zero, 0, last - first - (size_t)(zero - out)));)
    *zero = '?';
  source_make_visible(out);
  diag->excerpt = out;
  diag->excerpt_column = 1 + count_characters(text + first, offset - first);
}

void diagnostic_set_va(diagnostic_t diag, const char *file, const char *text,
                       size_t length, size_t offset, const char *format,
                       va_list args) {
  char *message = NULL, *name = text_copy(file ? file : "");
  message = text_vprint(format, args);
  source_make_visible(name);
  source_make_visible(message);
  diagnostic_clear(diag);
  diag->file = name;
  diag->message = message;
  if (!text) return;
  size_t begin = 0;
  if (offset > length) offset = length;
  diag->line = 1;
  for (const char *p = text; (p = memchr(p, '\n', offset - (size_t)(p - text)));
       p++) {
    diag->line++;
    begin = (size_t)(p - text) + 1;
  }
  diag->column = 1 + count_characters(text + begin, offset - begin);
  set_excerpt(diag, text, length, begin, offset);
}

void diagnostic_set(diagnostic_t diag, const char *file, const char *text,
                    size_t length, size_t offset, const char *format, ...) {
  va_list args;
  va_start(args, format);
  diagnostic_set_va(diag, file, text, length, offset, format, args);
  va_end(args);
}

char *diagnostic_get_str(const diagnostic_t diag) {
  const char *file = diag->file ? diag->file : "";
  const char *message = diag->message ? diag->message : "unknown error";
  if (!diag->line || !diag->excerpt) return text_print("%s: %s", file, message);
  return text_print("%s:%ld:%ld: %s\n  %s\n  %*s^", file, diag->line, diag->column,
                    message, diag->excerpt, (int)(diag->excerpt_column - 1), "");
}

static status_t read_stream(char **text, size_t *length, diagnostic_t diag,
                            const char *path, FILE *stream, size_t max_bytes) {
  size_t used = 0, room = 1 << 16;
  char *buffer = memory_must(malloc(room));
  for (;;) {
    used += fread(buffer + used, 1, room - 1 - used, stream);
    if (used > max_bytes) {
      diagnostic_set(diag, path, NULL, 0, 0, "longer than %zu bytes",
                     max_bytes);
      free(buffer);
      return STATUS_LIMIT;
    }
    if (used < room - 1) break;
    room *= 2;
    buffer = memory_must(realloc(buffer, room));
  }
  if (ferror(stream)) {
    diagnostic_set(diag, path, NULL, 0, 0, "cannot be read: %s",
                   strerror(errno));
    free(buffer);
    return STATUS_BAD_INPUT;
  }
  size_t mark = source_mark_length(buffer, used);
  used -= mark;
  memmove(buffer, buffer + mark, used);
  buffer[used] = 0;
  *text = buffer;
  *length = used;
  return STATUS_OK;
}

status_t source_read(char **text, size_t *length, diagnostic_t diag,
                     const char *path, size_t max_bytes) {
  struct stat info;
  if (!strcmp(path, "-"))
    return read_stream(text, length, diag, "<stdin>", stdin, max_bytes);
  FILE *stream = fopen(path, "rb");
  if (!stream && errno == ENOMEM) memory_must(NULL);
  if (!stream) {
    diagnostic_set(diag, path, NULL, 0, 0, "cannot be opened: %s",
                   strerror(errno));
    return STATUS_BAD_INPUT;
  }
  status_t status = STATUS_BAD_INPUT;
  if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode))
    diagnostic_set(diag, path, NULL, 0, 0, "is a directory");
  else
    status = read_stream(text, length, diag, path, stream, max_bytes);
  fclose(stream);
  return status;
}

size_t source_mark_length(const char *text, size_t length) {
  return length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
}

status_t source_check(diagnostic_t diag, const char *file, const char *text,
                      size_t length) {
  for (size_t i = 0; i < length;) {
    size_t n = utf8_length(text + i, length - i);
    if (n == 0 || text[i] == 0) {
      diagnostic_set(diag, file, text, length, i,
                     "byte 0x%02x: this is not a text file in UTF-8",
                     (unsigned)(unsigned char)text[i]);
      return STATUS_BAD_INPUT;
    }
    const char *found = unwanted(text + i, n, length - i);
    if (found) {
      bool turns = n > 1 && direction_name(text + i, n);
      diagnostic_set(diag, file, text, length, i, "%s%s", found,
                     turns ? ": characters that turn the direction of the text "
                             "are not accepted" : "");
      return STATUS_BAD_INPUT;
    }
    i += n;
  }
  return STATUS_OK;
}
