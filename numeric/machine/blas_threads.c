#include "numeric/machine/blas_threads.h"

#include <cblas.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "algebra/base/text.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t num_users;
static int num_threads_before;

void blas_single_begin(void) {
  pthread_mutex_lock(&lock);
  if (num_users++ == 0) {
    num_threads_before = openblas_get_num_threads();
    openblas_set_num_threads(1);
  }
  pthread_mutex_unlock(&lock);
}

void blas_single_end(void) {
  pthread_mutex_lock(&lock);
  if (--num_users == 0) openblas_set_num_threads(num_threads_before);
  pthread_mutex_unlock(&lock);
}

static bool is_limited(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* What a thread of OpenBLAS asks for at its first product (BUFFER_SIZE, at most). */
static const size_t BUFFER_BYTES = (size_t)128 << 20;

void blas_need(void) {
  static _Thread_local bool has_buffer;
  if (has_buffer) return;
  has_buffer = true;
  if (!is_limited()) return;
  void *room = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  memory_must(room == MAP_FAILED ? NULL : room);
  munmap(room, BUFFER_BYTES);
}

void blas_restart(char **argv) {
  static const char variable[] = "OPENBLAS_NUM_THREADS";
  if (!is_limited() || getenv(variable) || setenv(variable, "1", 1) != 0) return;
  execv("/proc/self/exe", argv);
}
