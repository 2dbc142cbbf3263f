#include "model/row_block.hpp"

#include "model/row_facts.hpp"

namespace mixbern {

Encodings choose_encodings(const Dataset& data) {
  return {choose_encoding(data.ones), data.missing ? choose_encoding(*data.missing) : Encoding::kColumns};
}

void RowBlock::set(const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels) {
  data_ = &data;
  begin_ = begin;
  end_ = end;
  hold_labels_ = hold_labels && !data.labels.empty();
}

void RowBlock::load(const Dataset& data, const Encodings& encodings, std::size_t begin, std::size_t end,
                    bool hold_labels) {
  set(data, begin, end, hold_labels);
  ones_.load(data.ones, encodings.ones, begin, end);
  if (data.missing) missing_.load(*data.missing, encodings.missing, begin, end);
}

void RowBlock::load(const Dataset& data, const RowFacts& facts, std::size_t begin, std::size_t end,
                    bool hold_labels) {
  set(data, begin, end, hold_labels);
  const auto choose = [&](RowCodes& codes, const Rows& rows, const std::optional<CodedRows>& coded,
                          Encoding encoding) {
    if (coded) {
      codes.refer(*coded, begin);
    } else {
      codes.load(rows, encoding, begin, end);
    }
  };
  choose(ones_, data.ones, facts.ones_codes, facts.encodings.ones);
  if (data.missing) choose(missing_, *data.missing, facts.missing_codes, facts.encodings.missing);
}

}  // namespace mixbern
