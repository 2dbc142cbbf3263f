#include "data/row_source.hpp"

namespace mixbern {

Encodings encodings_for(const Dataset& data, Arithmetic how) {
  return how == Arithmetic::kFixed ? choose_encodings(data) : Encodings{};
}

RowsOfDataset::RowsOfDataset(const Dataset& data, Arithmetic how, bool semi_supervised)
    : data_(data),
      semi_supervised_(semi_supervised),
      encodings_(encodings_for(data, how)),
      kept_(data, encodings_) {}

}  // namespace mixbern
