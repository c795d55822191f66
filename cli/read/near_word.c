#include "cli/read/near_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static int letter(char c) { return tolower((unsigned char)c); }

/* The distance of a[0..m-1] and b[0..n-1], both at most LONGEST long. */
static size_t distance(const char *a, size_t m, const char *b, size_t n) {
  size_t d[LONGEST + 1][LONGEST + 1];
  for (size_t i = 0; i <= m; i++) d[i][0] = i;
  for (size_t j = 0; j <= n; j++) d[0][j] = j;
  for (size_t i = 1; i <= m; i++)
    for (size_t j = 1; j <= n; j++) {
      size_t change = d[i - 1][j - 1] + (letter(a[i - 1]) != letter(b[j - 1]));
      d[i][j] = least(change, least(d[i - 1][j], d[i][j - 1]) + 1);
      if (i > 1 && j > 1 && letter(a[i - 1]) == letter(b[j - 2]) &&
          letter(a[i - 2]) == letter(b[j - 1]))
        d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[m][n];
}

const char *near_word(const char *word, size_t length, const char *const *list,
                      size_t count) {
  const char *best = NULL;
  size_t most = length < 6 ? 1 : length / 3, nearest = most + 1;
  bool tie = false;
  if (length < 2 || length > LONGEST) return NULL;
  for (size_t i = 0; i < count; i++) {
    size_t other = strlen(list[i]);
    if (other > LONGEST) continue;
    size_t found = distance(word, length, list[i], other);
    /* the beginning of a longer one: as near as a slip */
    if (length >= 4 && other > length && !strncmp(word, list[i], length)) found = 1;
    if (found > nearest || (best && !strcmp(best, list[i]))) continue;
    tie = best && found == nearest;
    if (found <= most) best = list[i];
    nearest = found;
  }
  return tie ? NULL : best;
}
