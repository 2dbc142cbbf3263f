#include "model/row_block.hpp"

namespace mixbern {

Encodings choose_encodings(const Dataset& data) {
  return {choose_encoding(data.ones), data.missing ? choose_encoding(*data.missing) : Encoding::kColumns};
}

void RowBlock::load(const Dataset& data, const Encodings& encodings, std::size_t begin, std::size_t end,
                    bool hold_labels) {
  data_ = &data;
  begin_ = begin;
  end_ = end;
  hold_labels_ = hold_labels && !data.labels.empty();
  ones_.load(data.ones, encodings.ones, begin, end);
  if (data.missing) missing_.load(*data.missing, encodings.missing, begin, end);
}

}  // namespace mixbern
