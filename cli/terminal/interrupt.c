#include "cli/terminal/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t is_soft = 0, noted = 0;
static void (*const *last_acts)(void);

static void die(int signal_number) {
  for (size_t i = 0; last_acts && last_acts[i]; i++) last_acts[i]();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static void on_request(int signal_number) {
  if (is_soft && !noted) noted = signal_number;
  else die(signal_number);
}

void interrupt_install(void (*const *acts)(void)) {
  last_acts = acts;
  /* Blocked calls go on: they are short. */
  struct sigaction action = {.sa_handler = on_request, .sa_flags = SA_RESTART};
  struct sigaction present;
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    /* nohup and background jobs of scripts ask for it to be ignored. */
    if (sigaction(signals[i], NULL, &present) == 0 &&
        present.sa_handler == SIG_IGN)
      continue;
    sigaction(signals[i], &action, NULL);
  }
}

void interrupt_soften(bool soft) {
  is_soft = soft;
  noted = 0;
}

int interrupt_noted(void) { return noted; }

void interrupt_obey(void) {
  if (!noted) return;
  die(noted);
}
