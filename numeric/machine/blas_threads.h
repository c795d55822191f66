/* blas_threads.h - threads and memory of OpenBLAS.

   Its threads wait for work by spinning, which costs a second processor wherever many small
   matrices are diagonalised one after another, and they multiply with the threads of our
   own loops. So small linear algebra runs between blas_single_begin and blas_single_end,
   from the first of which to the last, in all threads, OpenBLAS has one thread; what it
   had is then restored. Does nothing before the first call and costs nothing after.

   Where the address space is limited (ulimit -v) OpenBLAS neither starts its threads nor
   gives up when it finds no memory: it tries again for ever. */
#ifndef LIESCAPE_NUMERIC_MACHINE_BLAS_THREADS_H
#define LIESCAPE_NUMERIC_MACHINE_BLAS_THREADS_H

void blas_single_begin(void);

/* To be called once for each blas_single_begin. */
void blas_single_end(void);

/* To be called by each thread before it calls a function of BLAS or LAPACK: where the
   address space is limited and has no room for the working memory of OpenBLAS, this ends
   the process as every other want of memory does (memory_must). */
void blas_need(void);

/* Where the address space is limited, starts this program again with an OpenBLAS that makes
   no threads, which must be said in the environment before it is loaded. Comes back where
   that is not wanted or not possible. */
void blas_restart(char **argv);

#endif
