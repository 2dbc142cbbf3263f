#include "mixbern/dataset/dataset.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "data/column_parts.hpp"

namespace mixbern {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("Dataset: ") + what);
}

template <class T>
std::vector<T> slice(const std::vector<T>& values, std::size_t begin, std::size_t end) {
  if (values.empty()) return {};
  return {values.begin() + static_cast<std::ptrdiff_t>(begin),
          values.begin() + static_cast<std::ptrdiff_t>(end)};
}

// Whoever puts rows outside has looked at them once.
void check_missing(const Dataset& data) {
  const Rows& missing = *data.missing;
  require(n_rows(missing) == data.n_rows() && n_features(missing) == data.n_features(),
          "the mask of missing cells has another shape than the data");
  if (is_outside(data)) return;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (const auto* sparse = std::get_if<SparseRows>(&data.ones)) {
      for (const std::uint32_t d : sparse->row(i))
        require(!test(missing, i, d), "a missing cell is set to 1");
    } else if (const auto* mask = std::get_if<BitMatrix>(&missing)) {
      const auto ones = std::get<BitMatrix>(data.ones).row(i);
      for (std::size_t w = 0; w < ones.size(); ++w) {
        require((ones[w] & mask->row(i)[w]) == 0, "a missing cell is set to 1");
      }
    } else {
      for (const std::uint32_t d : std::get<SparseRows>(missing).row(i)) {
        require(!test(data.ones, i, d), "a missing cell is set to 1");
      }
    }
  }
}

// Of row i of packed rows: how many of features begin … end − 1 are set.
std::size_t count_within(const Rows& rows, std::size_t i, const Items::Group& group) {
  std::size_t n = 0;
  for (std::size_t d = group.first; d < group.end(); ++d) n += static_cast<std::size_t>(test(rows, i, d));
  return n;
}

// A row has one answer of each categorical item, or it lacks all of them.
void check_categorical(const Dataset& data) {
  const Items items = data.items();
  if (is_outside(data)) return;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    for (const Items::Group& group : items.groups()) {
      const std::size_t n_missing = data.missing ? count_within(*data.missing, i, group) : 0;
      require(n_missing == 0 || n_missing == group.size,
              "an answer of a categorical item is missing in part");
      require(count_within(data.ones, i, group) == (n_missing == 0 ? 1 : 0),
              "a row needs one answer of each categorical item that is not missing");
    }
  }
}

}  // namespace

void validate(const Dataset& data) {
  const std::size_t n = data.n_rows();
  const std::size_t d = data.n_features();
  if (data.missing) check_missing(data);
  if (!data.categorical.empty()) check_categorical(data);
  require(data.weights.empty() || data.weights.size() == n, "weights must have one entry a row");
  for (const double weight : data.weights) {
    require(std::isfinite(weight) && weight >= 0, "weights must be finite and not negative");
  }
  require(data.labels.empty() || data.labels.size() == n, "labels must have one entry a row");
  require(data.label_names.empty() ||
              std::ranges::all_of(data.labels,
                                  [&](std::int64_t label) {
                                    return label < static_cast<std::int64_t>(data.label_names.size());
                                  }),
          "label_names must name every label");
  require(data.class_sets.empty() ||
              std::ranges::all_of(data.labels,
                                  [&](std::int64_t label) {
                                    return label >= -1 - static_cast<std::int64_t>(data.class_sets.size());
                                  }),
          "labels must name classes, or sets in class_sets");
  require(data.ids.empty() || data.ids.size() == n, "ids must have one entry a row");
  require(data.feature_names.empty() || data.feature_names.size() == d,
          "feature_names must have one entry a feature");
  require(data.codings.empty() || data.codings.size() == d, "codings must have one entry a feature");
  require(!data.threshold || std::isfinite(*data.threshold), "threshold must be a finite number");
  require(!data.shape.known() || (data.shape.width != 0 && data.shape.height == d / data.shape.width &&
                                  data.shape.height * data.shape.width == d),
          "shape must be height x width with as many pixels as features");
}

std::int64_t largest_class(const Dataset& data) {
  std::int64_t largest = -1;
  for (const std::int64_t& label : data.labels) {
    const auto allowed = data.class_sets.allowed(label);
    if (!allowed.empty()) largest = std::max(largest, allowed.back());
  }
  return largest;
}

double total_weight(const Dataset& data) {
  if (data.weights.empty()) return static_cast<double>(data.n_rows());
  double sum = 0;
  for (const double weight : data.weights) sum += weight;
  return sum;
}

bool is_outside(const Dataset& data) {
  return is_outside(data.ones) || (data.missing && is_outside(*data.missing));
}

Dataset to_memory(const Dataset& data) {
  Dataset copy = data;
  copy.ones = to_memory(data.ones);
  if (data.missing) copy.missing = to_memory(*data.missing);
  return copy;
}

Dataset slice(const Dataset& data, std::size_t begin, std::size_t end) {
  Dataset part = with_columns_of(data, {.ones = mixbern::slice(data.ones, begin, end)});
  if (data.missing) part.missing = mixbern::slice(*data.missing, begin, end);
  part.weights = slice(data.weights, begin, end);
  part.labels = slice(data.labels, begin, end);
  part.label_names = data.label_names;
  part.class_sets = data.class_sets;
  for (std::size_t i = begin; i < end && !data.ids.empty(); ++i) part.ids.push_back(data.ids[i]);
  part.id_name = data.id_name;
  return part;
}

}  // namespace mixbern
