// How often do tests of items in groups reject what is true, and what is not?
#pragma once

#include <cstddef>
#include <cstdint>

/// Draws data sets from each design, tests each item at 5 % against the model in which all are equal, and
/// prints a table in Markdown.
void print_groups(std::size_t n_data_sets, std::uint64_t seed);
