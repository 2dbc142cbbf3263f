// Rows together with what belongs to them: missing cells, weights, labels, names, codings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mixbern/dataset/class_sets.hpp"
#include "mixbern/dataset/items.hpp"
#include "mixbern/dataset/row_ids.hpp"
#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// What the two values of one feature were called in the file: `zero` is stored as 0, `one` as 1. A constant
/// column has one of them empty. Numbers are written in their shortest form ("1", not "1.0").
struct Coding {
  std::string zero;
  std::string one;
  bool operator==(const Coding&) const = default;
};

/// Features that are the pixels of an image, row by row: height × width == n_features; {0, 0} when they are
/// not.
struct ImageShape {
  std::size_t height = 0;
  std::size_t width = 0;
  bool known() const { return height != 0; }
  bool operator==(const ImageShape&) const = default;
};

/// One data set. Optional parts are empty when absent; those that are present have one entry a row or a
/// feature.
struct Dataset {
  Rows ones;                         ///< which cells are 1; a missing cell is 0 here
  std::optional<Rows> missing = {};  ///< which cells are missing, same shape; absent when none is
  std::vector<double> weights = {};  ///< row weights, finite and >= 0
  /// Known class of each row, -1 where unknown; -2 and so on where it is one of a set of `class_sets`.
  std::vector<std::int64_t> labels = {};
  std::vector<std::string> label_names = {};      ///< of labels 0, 1, …; empty where labels are but numbers
  ClassSets class_sets = {};                      ///< of rows that may belong to some classes
  std::vector<std::string> feature_names = {};    ///< may repeat, may be empty strings
  std::vector<Coding> codings = {};               ///< what 0 and 1 stood for
  std::vector<CategoricalItem> categorical = {};  ///< items of more than two answers, ascending
  std::optional<double> threshold = {};           ///< the cells were "value > threshold"
  ImageShape shape = {};
  RowIds ids = {};                              ///< what rows are called
  std::string id_name = {};                     ///< what the ids are called; may be empty
  std::vector<std::string> missing_codes = {};  ///< what stood for missing answers, as in ReadOptions

  std::size_t n_rows() const { return mixbern::n_rows(ones); }
  std::size_t n_features() const { return mixbern::n_features(ones); }
  /// How the features make items. O(D) where some are categorical.
  Items items() const { return {n_features(), categorical}; }
  /// What a label >= 0 is called: its name, or the number where it has none.
  std::string label_name(std::int64_t label) const {
    const auto at = static_cast<std::size_t>(label);
    return at < label_names.size() ? label_names[at] : std::to_string(label);
  }
  double weight(std::size_t i) const { return weights.empty() ? 1.0 : weights[i]; }
};

/// Throws std::invalid_argument, naming the part, unless all parts fit together as said above.
void validate(const Dataset& data);

/// The largest class that a label or its set names; -1 if none does. O(N).
std::int64_t largest_class(const Dataset& data);

/// Sum of the row weights; N without weights.
double total_weight(const Dataset& data);

/// Whether the rows are outside memory; weights, labels and names never are.
bool is_outside(const Dataset& data);
/// All of it in memory: a copy, read where it is outside.
Dataset to_memory(const Dataset& data);

/// Rows begin … end-1 with all that belongs to them. REQUIRES: begin <= end <= n_rows.
Dataset slice(const Dataset& data, std::size_t begin, std::size_t end);

/// Equal rows (same ones, same missing cells, same label or set of classes) merged into one whose weight is
/// the sum, in order of first appearance. A mixture's likelihood and every sum over rows stay what they were.
/// Cost: one pass, O(N) memory.
struct CollapsedRows {
  Dataset data;                              ///< distinct rows, always with weights
  std::vector<std::size_t> distinct_of_row;  ///< for each row of the input, its row in `data`
};
CollapsedRows collapse(const Dataset& data);

}  // namespace mixbern
