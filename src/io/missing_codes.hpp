// Values that stand for a missing answer: those that users name, and those that look like it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mixbern::io {

/// The values that are missing in each feature besides what is_missing() knows.
class MissingCodes {
 public:
  MissingCodes() = default;
  /// `given` as in ReadOptions::missing. Throws InputError for an item that does not exist.
  MissingCodes(const std::vector<std::string>& given, const std::vector<std::string>& names,
               std::size_t n_features, const std::string& file);

  bool empty() const { return everywhere_.empty() && of_feature_.empty(); }
  bool any_of_one_feature() const { return !of_feature_.empty(); }
  /// Whether a value, by its canonical text, is missing in all features; words in any case.
  bool everywhere(std::string_view value) const;
  /// … or in this one.
  bool in(std::size_t feature, std::string_view value) const;

 private:
  std::vector<std::string> everywhere_;
  std::map<std::size_t, std::vector<std::string>> of_feature_;
};

/// Those of a column's values, all of which are given, that look like codes for a missing answer ("9", "-1",
/// "Don't know") beside two that look like answers; nothing where they do not.
std::vector<std::string> likely_missing_codes(const std::vector<std::string>& values);

/// What --missing takes so that each column loses its codes: codes alone where that is right in all columns,
/// else ITEM=VALUE. `codes` and `values` have one entry a column, empty where there are none.
std::string missing_option(const std::vector<std::string>& names,
                           const std::vector<std::vector<std::string>>& codes,
                           const std::vector<std::vector<std::string>>& values);

}  // namespace mixbern::io
