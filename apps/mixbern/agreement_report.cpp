#include "agreement_report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "text.hpp"

namespace mixbern::app {

namespace {

// Wider tables are for --json.
constexpr std::size_t kMostShown = 12;
constexpr std::string_view kCorner = "label \\ component";

std::string row_name(const Agreement& agreement, std::size_t l) {
  if (agreement.label_names.empty()) return fmt::format("{:>{}}", agreement.labels[l], kCorner.size());
  const std::string name = shortened(one_line(agreement.label_names[l]), kCorner.size());
  return std::string(kCorner.size() - display_width(name), ' ') + name;
}

}  // namespace

std::optional<Agreement> agreement_with_labels(const Mixture& mixture, const Dataset& data,
                                               unsigned threads) {
  if (data.labels.empty()) return std::nullopt;
  return agreement(mixture, data, {.threads = threads});
}

std::string agreement_text(const Agreement& agreement, std::size_t n_components) {
  std::string out =
      fmt::format("\npurity {:.4f}, adjusted Rand index {:.4f}, normalised mutual information {:.4f}\n",
                  agreement.purity, agreement.adjusted_rand, agreement.normalised_mutual_information);
  if (n_components > kMostShown) return out + "the table of labels by components is in --json\n";
  out += kCorner;
  for (std::size_t k = 0; k < n_components; ++k) out += fmt::format("{:>7}", k + 1);
  for (std::size_t l = 0; l < agreement.labels.size(); ++l) {
    out += "\n" + row_name(agreement, l);
    for (std::size_t k = 0; k < n_components; ++k)
      out += fmt::format("{:>7.6g}", agreement.table[l * n_components + k]);
  }
  return out + "\n";
}

}  // namespace mixbern::app
