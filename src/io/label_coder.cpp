#include "io/label_coder.hpp"

#include <algorithm>
#include <cmath>

#include "io/values.hpp"

namespace mixbern::io {

void LabelCoder::add(std::string_view text) {
  if (is_missing(text)) {
    ids_.push_back(kMissing);
    return;
  }
  auto place = id_of_text_.find(text);
  if (place == id_of_text_.end()) {
    place = id_of_text_.emplace(text, static_cast<std::uint32_t>(id_of_text_.size())).first;
  }
  ids_.push_back(place->second);
}

Labels LabelCoder::labels() const {
  Labels result;
  std::vector<std::int64_t> label_of_id(id_of_text_.size());
  bool all_integers = true;
  for (const auto& [text, id] : id_of_text_) {
    const auto integer = parse_integer(text);
    all_integers = all_integers && integer.has_value();
    label_of_id[id] = integer.value_or(0);
  }
  if (!all_integers) {
    std::vector<std::pair<std::string_view, std::uint32_t>> ordered(id_of_text_.begin(), id_of_text_.end());
    const auto before = ordered.size() == 2 ? natural_less : listed_before;
    std::ranges::sort(ordered, [&](const auto& a, const auto& b) { return before(a.first, b.first); });
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      label_of_id[ordered[i].second] = static_cast<std::int64_t>(i);
      result.names.emplace_back(ordered[i].first);
    }
  }
  result.values.reserve(ids_.size());
  for (const std::uint32_t id : ids_) result.values.push_back(id == kMissing ? -1 : label_of_id[id]);
  return result;
}

}  // namespace mixbern::io
