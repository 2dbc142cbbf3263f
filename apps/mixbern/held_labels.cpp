#include "held_labels.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "mixbern/io/io.hpp"

namespace mixbern::app {

void split_labels(const DataOptions& options, Dataset& data) {
  try {
    split_class_sets(data);
  } catch (const std::invalid_argument& error) {
    throw InputError(
        {options.name()}, error.what(),
        "write each class between two |, as in 1|3, and leave the label empty where any is possible");
  }
}

void refuse_class_sets(const Dataset& data, const std::string& option) {
  if (data.class_sets.empty()) return;
  throw std::invalid_argument(fmt::format(
      "{} draws data sets, and how a row came to its set of classes is not known: fit --resample "
      "draws rows again with their sets, --standard-errors need no draws, and select has criteria",
      option));
}

}  // namespace mixbern::app
