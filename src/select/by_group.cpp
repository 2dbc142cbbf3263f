// Groups as a data set: the group is an item, and an item that differs by group is one a group.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "data/answered.hpp"
#include "data/select_rows.hpp"
#include "mixbern/fit/groups.hpp"
#include "select/group_columns.hpp"

namespace mixbern {
namespace {

std::string name_of_group(const Dataset& data, std::size_t group) {
  return data.label_name(static_cast<std::int64_t>(group));
}

// Groups that have rows, in their order.
std::vector<std::int64_t> groups_in(const Dataset& data) {
  std::vector<std::int64_t> groups(data.labels);
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

// Those whose group is known and that answered anything.
std::vector<std::size_t> rows_in_groups(const Dataset& data) {
  if (data.labels.empty()) throw std::invalid_argument("groups need data with labels: the group of each row");
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (data.labels[i] >= 0 && data.weight(i) > 0 && answered_anything(data, i)) chosen.push_back(i);
  }
  return chosen;
}

CategoricalItem group_item(const Dataset& data, const std::string& name, std::size_t first) {
  CategoricalItem item{.name = name, .first = first};
  for (std::size_t g = 0; g < data.label_names.size(); ++g) item.categories.push_back(name_of_group(data, g));
  return item;
}

}  // namespace

Dataset rows_of_groups(const Dataset& data) {
  Dataset rows = select_rows(data, rows_in_groups(data));
  rows.feature_names = data.feature_names;
  rows.codings = data.codings;
  const std::vector<std::int64_t> groups = groups_in(rows);
  if (groups.size() < 2) throw std::invalid_argument("there are fewer than two groups to compare");
  for (const std::int64_t group : groups) rows.label_names.push_back(data.label_name(group));
  for (std::int64_t& label : rows.labels) label = std::ranges::lower_bound(groups, label) - groups.begin();
  return rows;
}

GroupColumns::GroupColumns(const Dataset& data, const FreeItems& free_items)
    : n_groups(data.label_names.size()), items(data.items().all(data.n_features())) {
  std::size_t next = 0;
  for (std::size_t j = 0; j < items.size(); ++j) {
    const bool is_free = std::ranges::binary_search(free_items, j);
    first.push_back(next);
    copies.push_back(is_free ? n_groups : 1);
    next += copies.back() * items[j].size;
  }
  group_first = next;
  n_features = next + n_groups;
}

Items GroupColumns::joint_items() const {
  std::vector<Items::Group> groups;
  for (std::size_t j = 0; j < items.size(); ++j) {
    for (std::size_t copy = 0; items[j].size > 1 && copy < copies[j]; ++copy)
      groups.push_back({first[j] + copy * items[j].size, items[j].size});
  }
  groups.push_back({group_first, n_groups});
  return {n_features, std::move(groups)};
}

namespace {

// Row i in the transformed data, of item j for one group alone, or for all.
class Cells {
 public:
  Cells(const Dataset& rows, const GroupColumns& columns)
      : rows_(rows),
        columns_(columns),
        ones_(rows.n_rows(), columns.n_features),
        missing_(rows.n_rows(), columns.n_features) {}

  void add_row(std::size_t i) {
    const auto group = static_cast<std::size_t>(rows_.labels[i]);
    ones_.set(i, columns_.group_first + group);
    for (std::size_t j = 0; j < columns_.items.size(); ++j) {
      for (std::size_t copy = 0; copy < columns_.copies[j]; ++copy) {
        const bool own = columns_.copies[j] == 1 || copy == group;
        add_item(i, columns_.items[j], columns_.first[j] + copy * columns_.items[j].size, own);
      }
    }
  }
  Dataset take() {
    Dataset result{.ones = std::move(ones_), .weights = rows_.weights};
    if (count_ones(missing_) > 0) result.missing = std::move(missing_);
    return result;
  }

 private:
  void add_item(std::size_t i, const Items::Group& item, std::size_t to, bool own) {
    for (std::size_t d = item.first; d < item.end(); ++d, ++to) {
      if (!own || (rows_.missing && test(*rows_.missing, i, d))) {
        missing_.set(i, to);
      } else if (test(rows_.ones, i, d)) {
        ones_.set(i, to);
      }
    }
  }

  const Dataset& rows_;
  const GroupColumns& columns_;
  BitMatrix ones_, missing_;
};

}  // namespace

Dataset joint_data(const Dataset& rows, const GroupColumns& columns, const std::string& group_name) {
  Cells cells(rows, columns);
  for (std::size_t i = 0; i < rows.n_rows(); ++i) cells.add_row(i);
  Dataset result = cells.take();
  columns.name(rows, group_name, result);
  result.categorical.push_back(group_item(rows, group_name, columns.group_first));
  return result;
}

Dataset joint_data_in_place(const Dataset& data, const GroupColumns& columns) {
  const std::vector<std::size_t> places = rows_in_groups(data);
  const Dataset joint = joint_data(rows_of_groups(data), columns, "group");
  BitMatrix ones(data.n_rows(), columns.n_features), missing = ones;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    for (std::size_t d = 0; d < columns.n_features; ++d) missing.set(i, d);
  }
  const auto put = [](const Rows& from, std::size_t row, BitMatrix& to, std::size_t place) {
    std::ranges::copy(std::get<BitMatrix>(from).row(row), to.mutable_row(place).begin());
  };
  for (std::size_t row = 0; row < places.size(); ++row) {
    put(joint.ones, row, ones, places[row]);
    std::ranges::fill(missing.mutable_row(places[row]), 0);
    if (joint.missing) put(*joint.missing, row, missing, places[row]);
  }
  Dataset all{.ones = std::move(ones), .missing = std::move(missing), .weights = data.weights};
  all.categorical = joint.categorical;
  return all;
}

Dataset by_group(const Dataset& data, const FreeItems& free_items, const std::string& group_name) {
  const Dataset rows = rows_of_groups(data);
  return joint_data(rows, GroupColumns(rows, free_items), group_name);
}

void GroupColumns::name(const Dataset& rows, const std::string& group_name, Dataset& result) const {
  std::size_t next = 0;
  for (std::size_t j = 0; j < items.size(); ++j) {
    const CategoricalItem* known = items[j].size > 1 ? &rows.categorical[next++] : nullptr;
    for (std::size_t copy = 0; copy < copies[j]; ++copy) {
      std::string at;
      if (copies[j] > 1) at.append(" @ ").append(rows.label_names[copy]);
      const std::size_t begin = first[j] + copy * items[j].size;
      if (known != nullptr) result.categorical.push_back({known->name + at, begin, known->categories});
      for (std::size_t c = 0; c < items[j].size; ++c) {
        const std::size_t d = items[j].first + c;
        std::string name = rows.feature_names.empty() ? std::string() : rows.feature_names[d];
        result.feature_names.push_back(name.append(at));
        result.codings.push_back(rows.codings.empty() ? Coding{"0", "1"} : rows.codings[d]);
      }
    }
  }
  for (const std::string& group : rows.label_names) {
    result.feature_names.push_back(std::string(group_name).append("=").append(group));
    result.codings.push_back({"0", "1"});
  }
}

}  // namespace mixbern
