#include "data/row_source.hpp"

#include <atomic>

namespace mixbern {

Encodings encodings_for(const Dataset& data, Arithmetic how) {
  return how == Arithmetic::kFixed ? choose_encodings(data) : Encodings{};
}

std::uint64_t RowsOfDataset::next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

RowsOfDataset::RowsOfDataset(const Dataset& data, Arithmetic how, bool semi_supervised)
    : data_(data),
      semi_supervised_(semi_supervised),
      encodings_(encodings_for(data, how)),
      kept_(data, encodings_) {}

}  // namespace mixbern
