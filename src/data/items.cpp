#include "mixbern/dataset/items.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mixbern {
namespace {

std::vector<Items::Group> groups_of(std::span<const CategoricalItem> categorical) {
  std::vector<Items::Group> groups;
  groups.reserve(categorical.size());
  for (const CategoricalItem& item : categorical) groups.push_back({item.first, item.categories.size()});
  return groups;
}

}  // namespace

Items::Items(std::size_t n_features, std::vector<Group> groups) {
  std::size_t begin = 0;
  for (const Group& group : groups) {
    const bool fits = group.first >= begin && group.size >= 2 && group.first <= n_features &&
                      group.size <= n_features - group.first;
    if (!fits) throw std::invalid_argument("Items: a categorical item needs two features or more of its own");
    begin = group.end();
  }
  if (!groups.empty()) groups_ = std::make_shared<const std::vector<Group>>(std::move(groups));
}

Items::Items(std::size_t n_features, std::span<const CategoricalItem> categorical)
    : Items(n_features, groups_of(categorical)) {}

const Items::Group* Items::group_of(std::size_t d) const {
  const std::span<const Group> all = groups();
  const auto after = std::ranges::upper_bound(all, d, {}, &Group::first);
  if (after == all.begin()) return nullptr;
  const Group& group = *(after - 1);
  return d < group.end() ? &group : nullptr;
}

std::vector<Items::Group> Items::all(std::size_t n_features) const {
  std::vector<Group> items;
  for_each_stretch(
      n_features,
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t d = begin; d < end; ++d) items.push_back({d, 1});
      },
      [&](const Group& group) { items.push_back(group); });
  return items;
}

bool Items::operator==(const Items& other) const {
  return std::ranges::equal(groups(), other.groups());
}

double n_patterns(const Items& items, std::size_t n_features) {
  double n = 1;
  for (const Items::Group& item : items.all(n_features)) n *= static_cast<double>(item.n_answers());
  return n;
}

}  // namespace mixbern
