#include "item_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kMostAnswerWidth = 16;
constexpr std::size_t kLeastNameWidth = 8;

}  // namespace

ItemLabels::ItemLabels(std::vector<std::string> names, Answers answers, std::vector<std::string> components,
                       Items items)
    : names_(std::move(names)),
      answers_(std::move(answers)),
      components_(std::move(components)),
      items_(std::move(items)) {}

std::string ItemLabels::component(std::size_t k, std::size_t width) const {
  if (k >= components_.size()) return fmt::format("{}", k + 1);
  return width == SIZE_MAX ? one_line(components_[k]) : shortened(one_line(components_[k]), width);
}

std::size_t ItemLabels::widest_component(std::size_t n, std::size_t most) const {
  std::size_t widest = 0;
  for (std::size_t k = 0; k < n; ++k) widest = std::max(widest, display_width(component(k, most)));
  return widest;
}

std::string ItemLabels::name(std::size_t d) const {
  return names_.empty() || names_[d].empty() ? fmt::format("#{}", d + 1) : one_line(names_[d]);
}

std::string ItemLabels::label(std::size_t d, std::size_t width) const {
  if (!with_answers() || items_.is_category(d))
    return width == SIZE_MAX ? name(d) : shortened(name(d), width);
  const std::string own = answer(d);
  if (width == SIZE_MAX) return fmt::format("{} = {}", name(d), own);
  const std::string short_answer = shortened(own, kMostAnswerWidth);
  const std::size_t taken = display_width(short_answer) + 3;
  return fmt::format("{} = {}", shortened(name(d), std::max(width - std::min(width, taken), kLeastNameWidth)),
                     short_answer);
}

std::string ItemLabels::answer(std::size_t d) const {
  return answers_.of_item.empty() ? "1" : one_line(answers_.of_item[d]);
}

std::string ItemLabels::shared() const {
  if (answers_.plain || answers_.shared.empty()) return "";
  return (answers_.thresholded ? "a value " : "") + one_line(answers_.shared);
}

std::string ItemLabels::caption() const {
  if (answers_.plain) return "";
  return with_answers() ? "probability of the answer that stands beside each item"
                        : "probability of " + shared();
}

}  // namespace mixbern::app
