#include "cli/report/plot_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/read/source.h"
#include "cli/terminal/output.h"

/* Restyle every picture here, then run gnuplot on the scripts again. */
static const char style[] =
    "# Shared style of the pictures; every script loads it first.\n"
    "# After a change:  gnuplot *-*.gp\n"
    "reset\n"
    "set encoding utf8\n"
    "set terminal svg size 560,430 dynamic enhanced font 'Helvetica,15' "
    "background '#ffffff'\n"
    "set border 3 lc rgb '#555555'\n"
    "set tics nomirror out scale 0.6\n"
    "set grid lc rgb '#e4e4e4' lw 0.7 dt solid\n"
    "set key outside bottom center vertical maxrows 6 height 0.5 samplen 2 noenhanced  # not in the data\n"
    "set style line 1 lc rgb '#9db8d9' lw 1    # sampled\n"
    "set style line 2 lc rgb '#b3332f' lw 2.2  # predicted, exact\n"
    "set style line 3 lc rgb '#2d6a4f' lw 2.2 dt (8,4)  # Wishart form\n"
    "set style line 4 lc rgb '#555555' lw 1.6 dt (2,3)  # normal\n"
    "set style line 5 lc rgb '#1f4e8c' lw 2    # sampled, line\n"
    "set style line 6 lc rgb '#c9d8ea'         # band\n";

static char *join(const char *a, const char *b, const char *c) {
  return text_print("%s%s%s", a, b, c);
}

static void complain(plot_folder_t folder, const char *what) {
  if (!folder->failed)
    source_say("%s: %s: %s", folder->path, what,
            strerror(errno ? errno : EIO));
  folder->failed = true;
}

bool plot_folder_open(plot_folder_t folder, const char *path) {
  struct stat info;
  *folder = (plot_folder_struct){.path = join(path, "", "")};
  if (stat(path, &info) != 0) {
    if (mkdir(path, 0777) != 0) {
      complain(folder, "the folder for pictures cannot be made");
      return false;
    }
    folder->created = true;
    output_guard_folder(path);
  } else if (!S_ISDIR(info.st_mode)) {
    errno = ENOTDIR;
    complain(folder, "pictures need a folder");
    return false;
  }
  char *temporary = join(path, "/.liescape.", "XXXXXX");
  if (!mkdtemp(temporary)) {
    complain(folder, "the folder for pictures cannot be written to");
    free(temporary);
    return false;
  }
  folder->temporary = temporary;
  output_guard_folder(temporary);
  FILE *stream = plot_file(folder, "style", "gp");
  fputs(style, stream);
  plot_close(folder, stream);
  return !folder->failed;
}

/* Names the file and lets an interruption remove it. */
static void remember(plot_folder_t folder, const char *name,
                     const char *suffix) {
  char *file = join(name, ".", suffix);
  char *path = join(folder->temporary, "/", file);
  output_guard_file(path);
  free(path);
  folder->files = flint_realloc(folder->files, (folder->num_files + 1) *
                                                   sizeof *folder->files);
  folder->files[folder->num_files++] = file;
}

FILE *plot_file(plot_folder_t folder, const char *name, const char *suffix) {
  FILE *stream = NULL;
  if (!folder->failed) {
    remember(folder, name, suffix);
    char *path = join(folder->temporary, "/",
                      folder->files[folder->num_files - 1]);
    stream = fopen(path, "w");
    if (!stream) complain(folder, "a file cannot be written");
    free(path);
  }
  if (!stream) stream = fopen("/dev/null", "w");
  if (!stream) flint_abort();
  return stream;
}

FILE *plot_script(plot_folder_t folder, const char *name) {
  FILE *script = plot_file(folder, name, "gp");
  fprintf(script, "# gnuplot %s.gp  draws %s.dat as %s.svg\n"
                  "load 'style.gp'\nset output '%s.svg'\n",
          name, name, name, name);
  return script;
}

void plot_close(plot_folder_t folder, FILE *stream) {
  errno = 0;
  bool ok = fflush(stream) == 0 && !ferror(stream);
  if (!ok) complain(folder, "write error");
  if (fclose(stream) != 0 && ok) complain(folder, "write error");
}

void plot_quote(FILE *stream, const char *text) {
  char *shown = text_copy(text);
  source_make_visible(shown);
  putc('\'', stream);
  for (const char *c = shown; *c; c++) {
    if (*c == '\'') putc('\'', stream);
    putc(*c == '\n' ? ' ' : *c, stream);
  }
  putc('\'', stream);
  free(shown);
}

void plot_put_xml(FILE *stream, const char *text) {
  char *shown = text_copy(text);
  source_make_visible(shown);
  for (const char *c = shown; *c; c++) switch (*c) {
      case '<': fputs("&lt;", stream); break;
      case '>': fputs("&gt;", stream); break;
      case '&': fputs("&amp;", stream); break;
      case '"': fputs("&quot;", stream); break;
      default: putc(*c, stream);
    }
  free(shown);
}

void plot_add_figure(plot_folder_t folder, long landscape, const char *name,
                     const char *title, const char *caption) {
  folder->figures =
      flint_realloc(folder->figures,
                    (folder->num_figures + 1) * sizeof *folder->figures);
  folder->figures[folder->num_figures++] =
      (plot_figure_t){landscape, join(name, "", ""), join(title, "", ""),
                      join(caption, "", "")};
}

/* --- gnuplot ------------------------------------------------------------------ */

enum { NOT_FOUND = 127 };

static void become_gnuplot(const plot_folder_t folder, char **arguments) {
  int log = -1;
  if (chdir(folder->temporary) == 0)
    log = open("gnuplot.log", O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
    _exit(1);
  execvp(arguments[0], arguments);
  _exit(errno == ENOENT ? NOT_FOUND : 1);
}

/* Exit status of gnuplot, run in the hidden folder on all scripts. */
static int run_gnuplot(const plot_folder_t folder) {
  char **arguments =
      flint_malloc((folder->num_figures + 2) * sizeof *arguments);
  size_t count = 0;
  int status = 1;
  const char *program = getenv("GNUPLOT");
  arguments[count++] = join(program && *program ? program : "gnuplot", "", "");
  for (size_t i = 0; i < folder->num_figures; i++)
    arguments[count++] = join(folder->figures[i].name, ".gp", "");
  arguments[count] = NULL;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) become_gnuplot(folder, arguments);
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  for (size_t i = 0; i < count; i++) free(arguments[i]);
  flint_free(arguments);
  return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static char *slurp(const plot_folder_t folder, const char *file) {
  char *path = join(folder->temporary, "/", file), *text = NULL;
  FILE *stream = fopen(path, "r");
  size_t length = 0;
  free(path);
  if (!stream) return NULL;
  if (fseek(stream, 0, SEEK_END) == 0) {
    long size = ftell(stream);
    rewind(stream);
    text = flint_malloc((size_t)(size > 0 ? size : 0) + 1);
    length = fread(text, 1, (size_t)(size > 0 ? size : 0), stream);
    text[length] = 0;
  }
  fclose(stream);
  return text;
}

char *plot_picture(const plot_folder_t folder, const plot_figure_t *figure) {
  char *file = join(figure->name, ".", "svg");
  char *text = slurp(folder, file);
  free(file);
  if (text && strstr(text, "</svg>")) return text;
  flint_free(text);
  return NULL;
}

/* The text from `begin` up to and with `end` in svg; NULL when it is not there. */
static char *element(char *svg, const char *begin, const char *end, char **behind) {
  char *at = strstr(svg, begin);
  char *last = at ? strstr(at, end) : NULL;
  if (last) *behind = last + strlen(end);
  return last ? at : NULL;
}

/* gnuplot calls every picture Gnuplot: the figure's own title and description for those
   who hear it read, or hold the pointer over it. */
static void describe_picture(plot_folder_t folder, const plot_figure_t *figure) {
  char *svg = plot_picture(folder, figure), *title_end, *desc_end;
  char *title = svg ? element(svg, "<title>", "</title>", &title_end) : NULL;
  char *desc = title ? element(title_end, "<desc>", "</desc>", &desc_end) : NULL;
  if (desc) {
    char *file = join(figure->name, ".", "svg"), *path = join(folder->temporary, "/", file);
    FILE *stream = fopen(path, "w");
    if (stream) {
      fwrite(svg, 1, (size_t)(title - svg), stream);
      fputs("<title>", stream);
      plot_put_xml(stream, figure->title);
      fputs("</title>\n<desc>", stream);
      plot_put_xml(stream, figure->caption);
      fputs("</desc>", stream);
      fputs(desc_end, stream);
      plot_close(folder, stream);
    } else {
      complain(folder, "a picture cannot be written");
    }
    free(path);
    free(file);
  }
  flint_free(svg);
}

plot_drawn_t plot_draw(plot_folder_t folder) {
  if (folder->failed) return PLOT_FAILED;
  if (!folder->num_figures) return PLOT_DRAWN;
  for (size_t i = 0; i < folder->num_figures; i++)
    remember(folder, folder->figures[i].name, "svg");
  remember(folder, "gnuplot", "log");
  int code = run_gnuplot(folder);
  char *log = slurp(folder, "gnuplot.log");
  bool complete = code == 0;
  for (size_t i = 0; i < folder->num_figures && complete; i++) {
    char *picture = plot_picture(folder, folder->figures + i);
    complete = picture != NULL;
    flint_free(picture);
  }
  if (!complete && code != NOT_FOUND) {
    source_say("%s: gnuplot could not draw the pictures "
                    "(exit status %d)\n%s", folder->path, code, log ? log : "");
    folder->failed = true;
  }
  flint_free(log);
  for (size_t i = 0; i < folder->num_figures && complete; i++)
    describe_picture(folder, folder->figures + i);
  if (folder->failed) return PLOT_FAILED;
  return complete ? PLOT_DRAWN
                  : code == NOT_FOUND ? PLOT_NO_GNUPLOT : PLOT_FAILED;
}

/* --- the end ------------------------------------------------------------------- */

bool plot_folder_commit(plot_folder_t folder) {
  for (size_t i = 0; i < folder->num_files && !folder->failed; i++) {
    if (!strcmp(folder->files[i], "gnuplot.log")) continue;
    char *from = join(folder->temporary, "/", folder->files[i]);
    char *to = join(folder->path, "/", folder->files[i]);
    errno = 0;
    /* A picture that was not drawn must not stay as an old one either. */
    if (rename(from, to) != 0 &&
        (errno != ENOENT || (unlink(to) != 0 && errno != ENOENT)))
      complain(folder, "a file cannot be put in place");
    free(from);
    free(to);
  }
  if (!folder->failed) folder->created = false;
  return !folder->failed;
}

void plot_folder_clear(plot_folder_t folder) {
  for (size_t i = 0; i < folder->num_files; i++) {
    char *path = join(folder->temporary, "/", folder->files[i]);
    unlink(path);
    free(path);
    free(folder->files[i]);
  }
  for (size_t i = 0; i < folder->num_figures; i++) {
    free(folder->figures[i].name);
    free(folder->figures[i].title);
    free(folder->figures[i].caption);
  }
  if (folder->temporary) rmdir(folder->temporary);
  if (folder->created) rmdir(folder->path);
  output_unguard();
  flint_free(folder->files);
  flint_free(folder->figures);
  free(folder->temporary);
  free(folder->path);
  *folder = (plot_folder_struct){0};
}
