// Labels that list classes: "1|3".
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "io/class_lists.hpp"
#include "io/label_coder.hpp"
#include "io/message.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kMostSets =
    10'000;  // each is looked for among all: more come from a column of something else

void add_classes(const std::string& name, io::LabelCoder& classes) {
  const bool is_list = io::lists_classes(name);
  const bool all_there = io::all_classes(name, [&](std::string_view one) {
    if (io::is_missing(one) && is_list) return false;
    classes.add(one);
    return true;
  });
  if (!all_there) {
    throw std::invalid_argument(
        fmt::format("the label {} lists classes, and one of them is missing", io::in_quotes(name)));
  }
}

}  // namespace

void split_class_sets(Dataset& data) {
  if (std::ranges::none_of(data.label_names, io::lists_classes)) return;
  io::LabelCoder coder;
  std::vector<std::size_t> ends;
  for (const std::string& name : data.label_names) {
    add_classes(name, coder);
    ends.push_back(coder.size());
  }
  Labels classes = coder.labels();
  std::vector<std::int64_t> labels;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const bool is_unknown = end - begin == 1 && classes.values[begin] < 0;
    labels.push_back(
        is_unknown ? -1
                   : data.class_sets.label_of({classes.values.data() + begin, classes.values.data() + end}));
    if (data.class_sets.size() > kMostSets)
      throw std::invalid_argument(fmt::format(
          "the labels list more than {} sets of classes; is it the column of labels?", kMostSets));
    begin = end;
  }
  for (std::int64_t& label : data.labels) label = label < 0 ? -1 : labels[static_cast<std::size_t>(label)];
  data.label_names = std::move(classes.names);
}

}  // namespace mixbern
