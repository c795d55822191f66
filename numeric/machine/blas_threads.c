#include "numeric/machine/blas_threads.h"

#include <cblas.h>
#include <pthread.h>
#include <stddef.h>

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
