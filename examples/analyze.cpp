// What is proved of a circuit, from C++; a mistake in the text is shown:
//   c++ analyze.cpp $(pkg-config --cflags --libs liescape) && ./a.out
#include <liescape/liescape.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

int main() {
  const std::string text = "OPENQASM 3; input float a; input float b;"
                           "qubit[2] q; rx(a) q[0]; rzz(b) q[0], q[1];";
  std::unique_ptr<liescape_input_t, decltype(&liescape_input_free)> input(
      liescape_input_new("two.qasm", text.data(), text.size()),
      liescape_input_free);
  liescape_input_add_observable(input.get(), "Z0");
  liescape_analysis_t *result = nullptr;
  liescape_error_t error;
  liescape_error_init(&error);
  if (liescape_analyze(&result, &error, input.get(), nullptr) == LIESCAPE_OK)
    std::cout << liescape_get_text(result, "algebra.ideals.0.name") << '\n';
  else
    std::cerr << error.file << ':' << error.line << ": " << error.message << '\n';
  bool failed = !result;
  liescape_error_clear(&error);
  liescape_analysis_free(result);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
