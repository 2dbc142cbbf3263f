// Probabilities of items by component with their standard errors: for the terminal, and as a table for a
// paper.
#pragma once

#include <string>

#include "item_labels.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "paper_table.hpp"

namespace mixbern::app {

/// All of it has to outlive the call.
struct Estimates {
  const Mixture& mixture;
  const ItemLabels& items;
  const StandardErrors* errors = nullptr;
};

/// An item a line, under the answer that probabilities are of; standard errors in brackets, a star where the
/// item separates components.
std::string estimates_text(const Estimates& estimates, std::size_t width);

/// The weight, then an item a line.
PaperTable table_of(const Estimates& estimates);

}  // namespace mixbern::app
