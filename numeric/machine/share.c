#include "numeric/machine/share.h"

#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "algebra/base/text.h"
#include "config.h"
#include "numeric/machine/memory.h"

#ifdef HAVE_MPI

#include <mpi.h>

/* Counts of MPI are ints. */
enum { PIECE = 1 << 29, TAG = 1 };

static int my_rank = 0, num_processes = 1, num_neighbours = 1;

/* Set by the launchers of Open MPI, of MPICH and its kin, and by Slurm where
   it speaks PMI. Starting MPI without one costs a second. */
static bool was_launched(void) {
  static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_RANK",
                                      "PMIX_RANK", "PMI_SIZE"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (getenv(names[i])) return true;
  return false;
}

void share_begin(int *argc, char ***argv) {
  int provided;
  MPI_Comm machine;
  if (!was_launched()) return;
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &my_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &num_processes);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL,
                      &machine);
  MPI_Comm_size(machine, &num_neighbours);
  MPI_Comm_free(&machine);
}

static bool is_running(void) {
  int begun = 0, ended = 0;
  MPI_Initialized(&begun);
  if (begun) MPI_Finalized(&ended);
  return begun && !ended;
}

/* MPI's own waiting burns a processor. */
static void wait_for(MPI_Request *request) {
  struct timespec pause = {.tv_nsec = 20000};
  for (int done = 0;;) {
    MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (done) return;
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < 2000000) pause.tv_nsec += pause.tv_nsec / 8;
  }
}

void share_end(void) {
  MPI_Request request;
  if (!is_running()) return;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  wait_for(&request);
  MPI_Finalize();
}

void share_abort(int code) {
  if (num_processes > 1 && is_running()) MPI_Abort(MPI_COMM_WORLD, code);
}

const char *share_library(void) { return "MPI"; }

static size_t piece_of(size_t left) { return left < PIECE ? left : PIECE; }

void share_broadcast(void *data, size_t size) {
  char *at = data;
  if (num_processes == 1) return;
  while (size) {
    size_t piece = piece_of(size);
    MPI_Request request;
    MPI_Ibcast(at, (int)piece, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
    wait_for(&request);
    at += piece;
    size -= piece;
  }
}

static void send_all(const char *at, size_t size) {
  while (size) {
    size_t piece = piece_of(size);
    MPI_Request request;
    MPI_Isend(at, (int)piece, MPI_BYTE, 0, TAG, MPI_COMM_WORLD, &request);
    wait_for(&request);
    at += piece;
    size -= piece;
  }
}

static void receive_all(char *at, size_t size, int from) {
  while (size) {
    size_t piece = piece_of(size);
    MPI_Request request;
    MPI_Irecv(at, (int)piece, MPI_BYTE, from, TAG, MPI_COMM_WORLD, &request);
    wait_for(&request);
    at += piece;
    size -= piece;
  }
}

void share_collect(const void *data, size_t size, share_take_t take,
                   void *context) {
  uint64_t length = size;
  if (my_rank > 0) {
    send_all((const char *)&length, sizeof length);
    send_all(data, size);
    return;
  }
  for (int from = 1; from < num_processes; from++) {
    receive_all((char *)&length, sizeof length, from);
    char *theirs = memory_get(length, 1);
    receive_all(theirs, length, from);
    take(context, from, theirs, length);
    free(theirs);
  }
}

#else

enum { my_rank = 0, num_processes = 1, num_neighbours = 1 };

void share_begin(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
}
void share_end(void) {}
void share_abort(int code) { (void)code; }
const char *share_library(void) { return NULL; }
void share_broadcast(void *data, size_t size) {
  (void)data;
  (void)size;
}
void share_collect(const void *data, size_t size, share_take_t take,
                   void *context) {
  (void)data;
  (void)size;
  (void)take;
  (void)context;
}

#endif

int share_rank(void) { return my_rank; }

int share_size(void) { return num_processes; }

int share_neighbours(void) { return num_neighbours; }

int share_default_threads(void) {
  int threads = omp_get_max_threads();
  /* Bound to some of the processors by the launcher: they are shared out. */
  if (num_neighbours == 1 || omp_get_num_procs() < sysconf(_SC_NPROCESSORS_ONLN))
    return threads;
  return threads > num_neighbours ? threads / num_neighbours : 1;
}

typedef struct {
  status_t status;
  char *message;
} verdict_t;

static void take_verdict(void *context, int rank, const void *data,
                         size_t size) {
  verdict_t *v = context;
  (void)rank;
  int32_t status;
  memcpy(&status, data, sizeof status);
  if (v->status != STATUS_OK || status == STATUS_OK) return;
  v->status = (status_t)status;
  if (size > sizeof status)
    v->message = text_print("%s", (const char *)data + sizeof status);
}

status_t share_agree(status_t status, char **message) {
  if (share_size() == 1) return status;
  size_t text = *message ? strlen(*message) + 1 : 0;
  int32_t code = (int32_t)status;
  char *own = memory_get(sizeof code + text, 1);
  memcpy(own, &code, sizeof code);
  if (text) memcpy(own + sizeof code, *message, text);
  verdict_t v = {status, status == STATUS_OK ? NULL : *message};
  share_collect(own, sizeof code + text, take_verdict, &v);
  free(own);
  uint64_t head[2] = {(uint64_t)v.status, v.message ? strlen(v.message) + 1 : 0};
  share_broadcast(head, sizeof head);
  if (share_rank() > 0) {
    free(*message);
    v.message = head[1] ? memory_get(head[1], 1) : NULL;
  }
  if (head[1]) share_broadcast(v.message, head[1]);
  *message = v.message;
  return (status_t)head[0];
}

uint64_t share_default_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return UINT64_C(1) << 31;
  return (uint64_t)pages * (uint64_t)size / 4 * 3 /
         (uint64_t)share_neighbours();
}
