// Columns of a text table that cannot be features, gathered until all of them can be told at once.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/delimited_layout.hpp"
#include "mixbern/io/error.hpp"

namespace mixbern::io {

/// Why cells are refused: a third value, one that the codings of a model lack, or no number for a threshold.
enum class Refusal { kThirdValue, kUnknownValue, kNoNumber };

class RefusedColumns {
 public:
  bool empty() const { return columns_.empty(); }
  /// Whether so many cells were refused that going on would tell nothing new.
  bool enough() const { return n_cells_ >= 1'000'000; }
  /// `known`: the values of the column that were accepted so far.
  void add(std::size_t column, std::string_view cell, std::size_t line,
           const std::vector<std::string>& known);

  /// Tells all of them, with the options that help. `accepted` has the values of each column of the file that
  /// was not refused.
  [[noreturn]] void refuse(Refusal why, const ColumnPlan& plan, const std::string& file,
                           const std::vector<std::vector<std::string>>& accepted) const;

 private:
  struct Column {
    std::size_t line = 0;
    std::vector<std::string> known;
    std::vector<std::string> values;  // the known ones and what was refused, in order, the first of them
    std::set<std::string, std::less<>> refused;
  };

  static std::string all_values(const Column& of);
  static std::string refused_values(const Column& of);
  std::string words_of_one(const ColumnPlan& plan, Refusal why) const;
  std::string words(std::size_t column, const Column& of, Refusal why, const ColumnPlan& plan) const;
  std::string summary(Refusal why, const ColumnPlan& plan) const;
  std::string remedy(Refusal why, const ColumnPlan& plan,
                     const std::vector<std::vector<std::string>>& accepted) const;
  bool counts() const;
  std::string categorical_words(const ColumnPlan& plan, const std::vector<std::size_t>& columns) const;

  std::map<std::size_t, Column> columns_;
  std::size_t n_cells_ = 0;
};

}  // namespace mixbern::io
