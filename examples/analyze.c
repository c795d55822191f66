/* What is proved of a small ansatz, by the C library:
     cc analyze.c $(pkg-config --cflags --libs liescape) && ./a.out */
#include <liescape/liescape.h>
#include <stdio.h>

int main(void) {
  const char *generators[] = {"Z0 Z1 + Z1 Z2", "X0 + X1 + X2"};
  liescape_input_t *input = liescape_input_new_generators(3, generators, 2);
  liescape_analysis_t *analysis = NULL;
  liescape_input_add_observable(input, "Z0 Z1 + Z1 Z2");
  liescape_status_t status = liescape_analyze(&analysis, NULL, input, NULL);
  if (status == LIESCAPE_OK)
    printf("dimension %s, variance %s, trainable: %s\n",
           liescape_get_text(analysis, "algebra.dimension"),
           liescape_get_text(analysis, "landscapes.0.variance"),
           liescape_get_text(analysis, "landscapes.0.verdict.trainable"));
  liescape_analysis_free(analysis);
  liescape_input_free(input);
  return status;
}
