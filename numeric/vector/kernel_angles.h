/* kernel_angles.h - cosines and sines for kernels.h, written once.

   Included several times with
     NAME(f)  the function's name,   TARGET  attributes (instruction set),
     vec      a row of STATEVECTOR_LANES doubles. */

/* Cosine and sine of one row of half angles, |half| < 2^20: reduction by pi/2 in
   three parts (W. J. Cody and W. Waite 1980) and the polynomials of fdlibm
   (Sun Microsystems 1993) on [-pi/4, pi/4]; absolute error below 2^-52. Rounding
   to integers adds and subtracts 3 2^51; quadrants are chosen by factors 0, 1. */
static TARGET void NAME(angles)(double *cosines, double *sines,
                                const double *half) {
  const double magic = 0x1.8p52;
  const vec h = *(const vec *)half;
  const vec q = (h * 0x1.45f306dc9c883p-1 + magic) - magic;
  const vec r = ((h - q * 0x1.921fb544p0) - q * 0x1.0b4611a6p-34) -
                q * 0x1.3198a2e037073p-69;
  const vec z = r * r;
  const vec s =
      r + r * z *
              (-1.66666666666666324348e-01 +
               z * (8.33333333332248946124e-03 +
                    z * (-1.98412698298579493134e-04 +
                         z * (2.75573137070700676789e-06 +
                              z * (-2.50507602534068634195e-08 +
                                   z * 1.58969099521155010221e-10)))));
  const vec c =
      1.0 - 0.5 * z +
      z * z *
          (4.16666666666666019037e-02 +
           z * (-1.38888888888741095749e-03 +
                z * (2.48015872894767294178e-05 +
                     z * (-2.75573143513906633035e-07 +
                          z * (2.08757232129817482790e-09 +
                               z * -1.13596475577881948265e-11)))));
  const vec m = q - 4.0 * (((q * 0.25 - 0.375) + magic) - magic);
  const vec upper = ((m * 0.5 - 0.25) + magic) - magic;
  const vec odd = m - 2.0 * upper;
  const vec sign = 1.0 - 2.0 * upper;
  *(vec *)cosines = sign * (1.0 - 2.0 * odd) * (c * (1.0 - odd) + s * odd);
  *(vec *)sines = sign * (s * (1.0 - odd) + c * odd);
}
