/* stop-run - a library to be preloaded (LD_PRELOAD): ends a run where a command says so,
   at the same place on every machine.

   After each rename, which is how a file of the program becomes whole, the shell runs
   LIESCAPE_AFTER_RENAME; where that fails, the program is killed (signal 9). Its steady
   clock is no clock: each look at it is a millisecond after the last, so that what is done now
   and then is done at the same steps of the same work, however fast that is. */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *t) {
  static atomic_long looks;
  if (clock != CLOCK_MONOTONIC) return (int)syscall(SYS_clock_gettime, clock, t);
  long ms = ++looks;
  *t = (struct timespec){.tv_sec = 1000 + ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  return 0;
}

int rename(const char *from, const char *to) {
  typedef int rename_t(const char *, const char *);
  void *found = dlsym(RTLD_NEXT, "rename");
  rename_t *real;
  memcpy(&real, &found, sizeof real);
  int code = real(from, to);
  const char *command = getenv("LIESCAPE_AFTER_RENAME");
  unsetenv("LD_PRELOAD"); /* it is for this process alone */
  if (code == 0 && command && system(command) != 0) kill(getpid(), SIGKILL);
  return code;
}
