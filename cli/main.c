/* liescape - the program: commands, exit codes, and what happens when
   something goes wrong below. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "cli/commands.h"
#include "cli/terminal/exhaustion.h"
#include "cli/terminal/interrupt.h"
#include "cli/request/options.h"
#include "cli/terminal/output.h"
#include "cli/terminal/progress.h"
#include "cli/verify/checkpoint.h"
#include "cli/verify/verify_certificate.h"
#include "config.h"
#include "numeric/machine/blas_threads.h"
#include "numeric/machine/share.h"

/* --- when something breaks below --------------------------------------------- */

/* FLINT explains itself on standard output before it calls the hook. Standard
   output is fully buffered here, so that the explanation can be taken out of
   the buffer and sent where errors belong. */
static char stdout_buffer[1 << 16];

static const char *pending_output(void) {
  size_t pending = __fpending(stdout);
  if (pending >= sizeof stdout_buffer) pending = sizeof stdout_buffer - 1;
  stdout_buffer[pending] = 0;
  return stdout_buffer;
}

/* OpenBLAS, loaded with the program, interrupts it (raise) when its threads cannot start;
   that happens before main, so the answer is given before anything is loaded. Whoever else
   interrupts it means it. */
static void cannot_start(int signal_number, siginfo_t *from, void *context) {
  static const char message[] = "liescape: too little memory to start\n";
  (void)context;
  if (from->si_code != SI_TKILL || from->si_pid != getpid()) {
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    return;
  }
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(EXIT_LIMIT);
}

static void before_libraries(int argc, char **argv, char **environment) {
  struct sigaction action = {.sa_sigaction = cannot_start, .sa_flags = SA_SIGINFO};
  (void)argc, (void)argv, (void)environment;
  sigaction(SIGINT, &action, NULL);
}

__attribute__((section(".preinit_array"), used)) static void (*const first_act)(
    int, char **, char **) = before_libraries;

/* For when memory runs out: the other processes of this run end too. */
static void end_others(void) { share_abort(EXIT_LIMIT); }

static void internal_error(void) __attribute__((noreturn));
static void internal_error(void) {
  const char *said = pending_output();
  output_discard();
  fprintf(stderr, "liescape: internal error; please report it at the home of "
                  "%s\n%s", PACKAGE_NAME, said);
  share_abort(EXIT_INTERNAL);
  _exit(EXIT_INTERNAL);
}

static void on_abort(int signal_number) {
  static const char message[] = "liescape: internal error\n";
  (void)signal_number;
  output_discard();
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(EXIT_INTERNAL);
}

/* Nothing unfinished is left behind. */
static void (*const last_acts[])(void) = {output_discard, checkpoint_discard,
                                          progress_wipe, NULL};

static void install_hooks(void) {
  struct sigaction action = {.sa_handler = on_abort};
  setvbuf(stdout, stdout_buffer, _IOFBF, sizeof stdout_buffer);
  exhaustion_install(end_others);
  flint_set_abort(internal_error);
  interrupt_install(last_acts);
  sigaction(SIGABRT, &action, NULL);
  action.sa_handler = SIG_IGN; /* a closed pipe is a write error */
  sigaction(SIGPIPE, &action, NULL);
  sigaction(SIGXFSZ, &action, NULL); /* and so is a file that grows too large */
}

/* A closed standard stream would leave its number to the next file that is opened, a
   certificate say, which would get the messages meant for the stream. Opened the wrong way
   round, so that its use stays an error. */
static void open_closed_streams(void) {
  static const int ways[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", ways[stream]) != stream)
      _exit(EXIT_INTERNAL);
}

/* What the command line asks for; the exit status. */
static int run(int argc, char **argv) {
  options_t options;
  int code = EXIT_USAGE;
  options_init(options);
  if (options_parse(options, argc, argv) == STATUS_OK) {
#ifdef _OPENMP
    if (options->num_threads) omp_set_num_threads(options->num_threads);
#endif
    if (options->help || options->version || options->manual) {
      if (options->manual) options_print_manual(stdout);
      else if (options->help) options_print_help(stdout, options->command);
      else options_print_version(stdout);
      code = EXIT_DONE;
    } else {
      code = command_run(options);
    }
    if (!output_finish_stdout() && code == EXIT_DONE) code = EXIT_LIMIT;
  }
  options_clear(options);
  return code;
}

/* Several copies that know nothing of each other would all do the whole work. */
static bool is_one_of_many(void) {
  const char *size = getenv("OMPI_COMM_WORLD_SIZE");
  if (!size) size = getenv("PMI_SIZE");
  return size && atoi(size) > 1;
}

int main(int argc, char **argv) {
  int code = EXIT_DONE;
  open_closed_streams();
  blas_restart(argv);
  share_begin(&argc, &argv);
  install_hooks();
  blas_single_begin(); /* our own loops have the threads */
  if (!share_library() && is_one_of_many()) {
    fputs("liescape: this liescape was built without MPI: it cannot share work "
          "among processes\n", stderr);
    exhaustion_over();
    return EXIT_USAGE;
  }
  if (share_rank() > 0) {
    verify_help();
  } else {
    code = run(argc, argv);
    verify_dismiss();
  }
  bool alone = share_size() == 1;
  share_end();
  flint_cleanup();
  /* A launcher would take a death by signal for a crash. */
  if (alone) interrupt_obey();
  exhaustion_over();
  return code;
}
