// Do predictors and outcomes of classes come out without bias, and do their intervals cover?
#pragma once

#include <cstddef>
#include <cstdint>

/// Draws data sets of three separations and three sizes, relates each by every method, and prints a table in
/// Markdown: mean and median of the relative errors of slopes and means, and the coverage of 95 % intervals
/// that carry every step and of those of the last step alone.
void print_relations(std::size_t n_data_sets, std::uint64_t seed);
