#include "io/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "io/coding_rules.hpp"
#include "io/message.hpp"
#include "io/recode.hpp"
#include "io/values.hpp"
#include "mixbern/io/error.hpp"

namespace mixbern {
namespace {

const Coding kDigits{.zero = "0", .one = "1"};

// The coding that all columns with a 1 of their own share; empty where they differ or there is none.
Coding shared_coding(const std::vector<Coding>& codings) {
  const auto first = std::ranges::find_if(
      codings, [](const Coding& coding) { return !coding.zero.empty() && !coding.one.empty(); });
  const Coding known = first == codings.end() ? Coding{} : *first;
  const bool same = std::ranges::all_of(codings, [&](const Coding& coding) {
    return coding.one.empty() || known.one.empty() || io::same_value(coding.one, known.one);
  });
  return same ? known : Coding{};
}

std::string answer_of(const Coding& coding, const Coding& shared) {
  if (!coding.one.empty()) return coding.one;
  const bool like_others = coding.zero.empty() || io::same_value(coding.zero, shared.zero);
  if (like_others && !shared.one.empty()) return shared.one;
  return coding.zero.empty() || coding.zero == "0" ? "1" : "not " + coding.zero;
}

bool is_plain(const std::string& answer, const Coding& coding) {
  return answer == "1" && (coding.zero.empty() || coding.zero == "0");
}

}  // namespace

Answers answers_of(const std::vector<Coding>& codings, std::optional<double> threshold,
                   std::size_t n_features) {
  Answers answers;
  if (threshold) {
    answers.shared = "> " + io::shortest(*threshold);
    answers.of_item.assign(n_features, answers.shared);
    answers.plain = false;
    answers.thresholded = true;
    return answers;
  }
  const Coding shared = shared_coding(codings);
  for (const Coding& coding : codings) {
    answers.of_item.push_back(answer_of(coding, shared));
    answers.plain = answers.plain && is_plain(answers.of_item.back(), coding);
  }
  const bool all_same = std::ranges::all_of(answers.of_item, [&](const std::string& answer) {
    return io::same_value(answer, answers.of_item.front());
  });
  if (all_same && !answers.of_item.empty()) answers.shared = answers.of_item.front();
  return answers;
}

Answers answers_of(const Dataset& data) {
  return answers_of(data.codings, data.threshold, data.n_features());
}

void choose_answers(const std::vector<std::string>& chosen, Dataset& data) {
  io::choose_answers(chosen, {}, data);
}

namespace io {
namespace {

std::string values_of(const Coding& coding) {
  if (coding.zero.empty() && coding.one.empty()) return "no value";
  if (coding.zero.empty() || coding.one.empty()) return in_quotes(coding.zero + coding.one) + " only";
  return in_quotes(coding.zero) + " and " + in_quotes(coding.one);
}

bool has_value(const Coding& coding, const std::string& value) {
  return (!coding.zero.empty() && same_value(coding.zero, value)) ||
         (!coding.one.empty() && same_value(coding.one, value));
}

class AnswerChoice {
 public:
  AnswerChoice(const std::string& file, Dataset& data)
      : file_(file), data_(data), items_(data.items()), of_item_(data.n_features()) {
    if (data_.codings.empty()) data_.codings.assign(data.n_features(), kDigits);
  }

  // The whole of `text` if it can be understood so, else its parts between commas.
  void take(const std::string& text) {
    if (text.find(',') == std::string::npos || is_known(text)) {
      take_one(text);
      return;
    }
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      take_one(std::string(trimmed(std::string_view(text).substr(begin, end - begin))));
      begin = end + 1;
    }
  }

  void apply() {
    std::vector<std::uint64_t> flips(BitMatrix::words_for(data_.codings.size()));
    bool any = false;
    for (std::size_t d = 0; d < data_.codings.size(); ++d) {
      if (!make_one(d)) continue;
      flips[d / 64] |= std::uint64_t{1} << (d % 64);
      any = true;
    }
    if (any) flip_columns(flips, data_);
  }

 private:
  struct Named {
    std::optional<std::size_t> item;
    std::string value;
  };

  InputError error(std::string reason, std::string remedy = {}) const {
    return {Place{file_, 0, 0}, std::move(reason), std::move(remedy)};
  }

  std::string column(std::size_t d) const { return column_words(d, data_.feature_names); }

  std::optional<std::size_t> item_called(const std::string& text) const {
    const auto& names = data_.feature_names;
    const auto named = std::ranges::find(names, text);
    if (named != names.end()) {
      if (std::find(named + 1, names.end(), text) != names.end())
        throw error(fmt::format("more than one item is called {}", in_quotes(text)), "name it by its number");
      return static_cast<std::size_t>(named - names.begin());
    }
    const auto item = std::ranges::find(data_.categorical, text, &CategoricalItem::name);
    if (item != data_.categorical.end()) return item->first;
    const auto number = parse_count(text);
    if (number && *number >= 1 && *number <= of_item_.size()) return *number - 1;
    return {};
  }

  // Names and values may hold "=" themselves: the longest name that there is decides.
  Named parsed(const std::string& text) const {
    for (std::size_t at = text.rfind('='); at != std::string::npos && at > 0; at = text.rfind('=', at - 1)) {
      const auto item = item_called(std::string(trimmed(std::string_view(text).substr(0, at))));
      if (item) return {item, canonical(trimmed(std::string_view(text).substr(at + 1)))};
    }
    return {{}, canonical(trimmed(text))};
  }

  bool any_item_has(const std::string& value) const {
    return std::ranges::any_of(data_.codings, [&](const Coding& coding) { return has_value(coding, value); });
  }

  bool is_known(const std::string& text) const {
    const Named named = parsed(text);
    return named.item ? has_value(data_.codings[*named.item], named.value) : any_item_has(named.value);
  }

  void take_one(const std::string& text) {
    const Named named = parsed(text);
    if (!named.item) {
      if (!any_item_has(named.value)) throw unknown(named.value);
      of_all_.push_back(named.value);
      return;
    }
    const std::size_t d = *named.item;
    if (items_.is_category(d)) {
      throw error(column(d) + " is one of several answers of a categorical item",
                  "--one chooses the 1 of items of two answers only");
    }
    if (!has_value(data_.codings[d], named.value)) throw lacks(d, named.value);
    if (of_item_[d]) throw error(column(d) + " has two answers chosen", "choose one");
    of_item_[d] = named.value;
  }

  InputError unknown(const std::string& text) const {
    const std::size_t at = text.find('=');
    if (at != std::string::npos && at > 0) {
      return error(fmt::format("there is no item {}", in_quotes(text.substr(0, at))),
                   fmt::format("the first is {} with {}", column(0), values_of(data_.codings[0])));
    }
    return lacks(0, text);
  }

  InputError lacks(std::size_t d, const std::string& value) const {
    return error(fmt::format("{} holds {}, so {} cannot be its 1", column(d), values_of(data_.codings[d]),
                             in_quotes(value)),
                 "choose a value that it has, ITEM=VALUE where items differ");
  }

  // What is to be 1 in a column; nothing where it stays as it is.
  std::optional<std::string> wanted(std::size_t d) const {
    if (items_.is_category(d)) return std::nullopt;
    if (of_item_[d] || of_all_.empty()) return of_item_[d];
    const Coding& coding = data_.codings[d];
    std::optional<std::string> found;
    for (const std::string& value : of_all_) {
      if (!has_value(coding, value)) continue;
      if (found && !same_value(*found, value)) throw error(column(d) + " has both of the answers chosen");
      found = value;
    }
    if (found) return found;
    if (!coding.zero.empty() && !coding.one.empty()) throw lacks(d, of_all_.front());
    return of_all_.size() == 1 ? std::optional(of_all_.front()) : std::nullopt;
  }

  // Whether the cells of the column turn.
  bool make_one(std::size_t d) {
    const std::optional<std::string> value = wanted(d);
    if (!value) return false;
    Coding& coding = data_.codings[d];
    if (has_value(coding, *value)) {
      if (!coding.one.empty() && same_value(coding.one, *value)) return false;
      std::swap(coding.zero, coding.one);
      return true;
    }
    const bool turns = coding.zero.empty() && !coding.one.empty();
    coding = {turns ? coding.one : coding.zero, *value};
    return turns;
  }

  const std::string& file_;
  Dataset& data_;
  Items items_;
  std::vector<std::optional<std::string>> of_item_;
  std::vector<std::string> of_all_;
};

}  // namespace

void choose_answers(const std::vector<std::string>& chosen, const std::string& file, Dataset& data) {
  if (chosen.empty()) return;
  if (data.threshold) {
    throw InputError(Place{file, 0, 0}, "its cells are 1 where they are greater than a threshold",
                     "no other answer can be chosen");
  }
  AnswerChoice choice(file, data);
  for (const std::string& text : chosen) choice.take(text);
  choice.apply();
}

}  // namespace io
}  // namespace mixbern
