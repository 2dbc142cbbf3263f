// Values of options from their text. Each throws std::invalid_argument with a message that names the option,
// says what was expected and what came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::app {

/// Says that `option` takes one of `names`, which have bars between them, and which one is near.
[[noreturn]] void refuse_choice(const std::string& option, const std::string& text, const std::string& names);

/// The one number of components of a fit; a list or a range names the command that takes it.
std::size_t parse_one_number_of_components(const std::string& text);

/// The numbers of components of a search, ascending: "1:8", "1,2,4".
std::vector<std::size_t> parse_numbers_of_components(const std::string& text);

/// A whole number in [min, max]; "1e6" is one too.
std::size_t parse_count(const std::string& option, const std::string& text, std::size_t min, std::size_t max);

/// Any number of 64 bits without a sign.
std::uint64_t parse_seed(const std::string& option, const std::string& text);

/// A finite number; `expected` is what the message says was expected.
double parse_real(const std::string& option, const std::string& text,
                  const std::string& expected = "a number");

/// "A:B", "A:" or ":B": rows A … B-1, counted from 0.
struct RowRange {
  std::size_t first = 0;
  std::size_t end = SIZE_MAX;
};
RowRange parse_rows(const std::string& option, const std::string& text);

/// "3,1,2": component 3 comes first, then 1, then 2; counted from 0 here.
std::vector<std::size_t> parse_order(const std::string& option, const std::string& text);

/// "28x28": height x width.
ImageShape parse_shape(const std::string& option, const std::string& text);

/// "A,B,C"; spaces around a name are dropped.
std::vector<std::string> parse_names(const std::string& option, const std::string& text);

}  // namespace mixbern::app
