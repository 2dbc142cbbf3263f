#include "data/row_source.hpp"

namespace mixbern {

RowsInMemory::RowsInMemory(const Dataset& data, Arithmetic how, bool hold_labels)
    : data_(data),
      hold_labels_(hold_labels),
      encodings_(how == Arithmetic::kFixed ? choose_encodings(data) : Encodings{}),
      kept_(data, encodings_) {}

}  // namespace mixbern
