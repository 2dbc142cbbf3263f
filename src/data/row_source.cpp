#include "data/row_source.hpp"

namespace mixbern {

Encodings encodings_for(const Dataset& data, Arithmetic how) {
  return how == Arithmetic::kFixed ? choose_encodings(data) : Encodings{};
}

RowsOfDataset::RowsOfDataset(const Dataset& data, Arithmetic how, bool hold_labels)
    : data_(data), hold_labels_(hold_labels), encodings_(encodings_for(data, how)), kept_(data, encodings_) {}

}  // namespace mixbern
