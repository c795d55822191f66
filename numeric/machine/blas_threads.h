/* blas_threads.h - threads of OpenBLAS.

   They wait for work by spinning, which costs a second processor wherever many small
   matrices are diagonalised one after another, and they multiply with the threads of our
   own loops. So small linear algebra runs between blas_single_begin and blas_single_end,
   from the first of which to the last, in all threads, OpenBLAS has one thread; what it
   had is then restored. Does nothing before the first call and costs nothing after. */
#ifndef LIESCAPE_NUMERIC_MACHINE_BLAS_THREADS_H
#define LIESCAPE_NUMERIC_MACHINE_BLAS_THREADS_H

void blas_single_begin(void);

/* To be called once for each blas_single_begin. */
void blas_single_end(void);

#endif
