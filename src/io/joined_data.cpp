#include "io/joined_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "data/column_parts.hpp"
#include "io/coding_rules.hpp"
#include "io/joined_rows.hpp"
#include "io/message.hpp"
#include "io/recode.hpp"
#include "io/values.hpp"
#include "mixbern/io/error.hpp"

namespace mixbern::io {
namespace {

InputError unlike(const DataPart& part, const DataPart& first, const std::string& own,
                  const std::string& other) {
  return {Place{part.file},
          fmt::format("it has {}, but {} has {}", own, first.file.substr(first.file.rfind('/') + 1), other),
          "the files of one data set must have the same columns and parts"};
}

std::string with(bool has, const char* what) {
  return fmt::format("{} {}", has ? "its" : "no", what);
}

void check_names(const DataPart& part, const DataPart& first) {
  const auto& own = part.data.feature_names;
  const auto& other = first.data.feature_names;
  if (own == other) return;
  if (own.empty() || other.empty())
    throw unlike(part, first, with(!own.empty(), "names of columns"),
                 with(!other.empty(), "names of columns"));
  const auto d = static_cast<std::size_t>(std::ranges::mismatch(own, other).in1 - own.begin());
  throw unlike(part, first, fmt::format("the column {} at place {}", in_quotes(own[d]), d + 1),
               fmt::format("{} there", in_quotes(other[d])));
}

void check_like(const DataPart& part, const DataPart& first) {
  const Dataset& own = part.data;
  const Dataset& other = first.data;
  if (own.n_features() != other.n_features())
    throw unlike(part, first, fmt::format("{} features", own.n_features()),
                 fmt::format("{}", other.n_features()));
  check_names(part, first);
  const auto threshold = [](const Dataset& data) {
    return data.threshold ? fmt::format("cells that were > {}", *data.threshold)
                          : std::string("no threshold");
  };
  if (own.threshold != other.threshold) throw unlike(part, first, threshold(own), threshold(other));
  if (own.shape != other.shape) {
    const auto shape = [](const Dataset& data) {
      return fmt::format("images of {}x{}", data.shape.height, data.shape.width);
    };
    throw unlike(part, first, shape(own), shape(other));
  }
  const auto check_part = [&](bool has, bool other_has, const char* what) {
    if (has != other_has) throw unlike(part, first, with(has, what), with(other_has, what));
  };
  if (own.categorical != other.categorical) {
    throw unlike(part, first, "other answers of its categorical items", "its own");
  }
  check_part(own.weights.empty(), other.weights.empty(), "row weights");
  check_part(own.labels.empty(), other.labels.empty(), "labels");
  check_part(own.label_names.empty(), other.label_names.empty(), "names of labels");
  check_part(own.ids.empty(), other.ids.empty(), "ids of rows");
}

bool two_valued(const Coding& coding) {
  return !coding.zero.empty() && !coding.one.empty();
}

// Of each column the first coding with two values; where all files have one value there, that of the first
// that has it.
std::vector<Coding> shared_codings(const std::vector<DataPart>& parts) {
  std::vector<Coding> shared(parts.front().data.n_features());
  for (const DataPart& part : parts) {
    for (std::size_t d = 0; d < part.data.codings.size(); ++d) {
      const Coding& own = part.data.codings[d];
      const bool says_more = two_valued(own) ? !two_valued(shared[d]) : shared[d] == Coding{};
      if (says_more) shared[d] = own;
    }
  }
  return shared;
}

// Each file turned to what all share, and what that became by values that only later files have.
std::vector<Coding> recode_alike(std::vector<DataPart>& parts) {
  std::vector<Coding> shared = shared_codings(parts);
  for (int round = 0; round < 2; ++round) {
    for (DataPart& part : parts) {
      recode(part.file, shared, "the files of one data set must hold the same two values in a column",
             part.data);
      if (!part.data.codings.empty()) shared = part.data.codings;
    }
  }
  const bool none = std::ranges::all_of(shared, [](const Coding& coding) { return coding == Coding{}; });
  return none ? std::vector<Coding>() : shared;
}

// Labels with names count through the names of all files, as in one file.
void relabel_alike(std::vector<DataPart>& parts) {
  std::vector<std::string> names;
  for (const DataPart& part : parts)
    names.insert(names.end(), part.data.label_names.begin(), part.data.label_names.end());
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::ranges::sort(names, names.size() == 2 ? natural_less : listed_before);
  for (DataPart& part : parts) {
    Dataset& data = part.data;
    if (data.label_names == names) continue;
    std::vector<std::int64_t> number;
    for (const std::string& name : data.label_names)
      number.push_back(std::ranges::find(names, name) - names.begin());
    for (std::int64_t& label : data.labels) {
      if (label >= 0) label = number[static_cast<std::size_t>(label)];
    }
    data.label_names = names;
  }
}

Rows joined_rows(std::vector<Rows> parts) {
  const bool outside = std::ranges::any_of(parts, [](const Rows& part) { return is_outside(part); });
  Rows rows = RowsOutside(std::make_shared<JoinedRows>(std::move(parts)));
  return outside ? rows : to_memory(rows);
}

// The missing cells of all parts, of which some may have none.
std::optional<Rows> joined_missing(const std::vector<DataPart>& parts) {
  if (std::ranges::none_of(parts, [](const DataPart& part) { return part.data.missing.has_value(); }))
    return std::nullopt;
  std::vector<Rows> rows;
  for (const DataPart& part : parts) {
    const Dataset& data = part.data;
    rows.push_back(data.missing ? *data.missing : Rows(RowsOutside(std::make_shared<NoOnes>(data.ones))));
  }
  return joined_rows(std::move(rows));
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& values) {
  to.insert(to.end(), values.begin(), values.end());
}

}  // namespace

Dataset joined_data(std::vector<DataPart> parts) {
  for (const DataPart& part : parts) check_like(part, parts.front());
  std::vector<Coding> codings = recode_alike(parts);
  if (!parts.front().data.label_names.empty()) relabel_alike(parts);
  Dataset joined{.ones = {}, .missing = joined_missing(parts)};
  std::vector<Rows> ones;
  for (DataPart& part : parts) {
    append(joined.weights, part.data.weights);
    append(joined.labels, part.data.labels);
    for (std::size_t i = 0; i < part.data.ids.size(); ++i) joined.ids.push_back(part.data.ids[i]);
    ones.push_back(std::move(part.data.ones));
  }
  joined.ones = joined_rows(std::move(ones));
  const Dataset& first = parts.front().data;
  joined.label_names = first.label_names;
  joined.id_name = first.id_name;
  joined = with_columns_of(first, std::move(joined));
  joined.codings = std::move(codings);
  return joined;
}

}  // namespace mixbern::io
