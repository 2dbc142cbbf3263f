// How often do tests reject what is true?
#pragma once

#include <cstddef>
#include <cstdint>

/// Draws data sets from each design, tests its true number of classes at 5 %, and prints a table in Markdown.
void print_sizes(std::size_t n_data_sets, std::size_t n_samples, std::uint64_t seed);
