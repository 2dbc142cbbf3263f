#include "select/group_source.hpp"

#include <utility>

#include "select/joint_mixture.hpp"

namespace mixbern {
namespace {

constexpr std::uint64_t kPurpose = 4;

}  // namespace

GroupSource::GroupSource(const Dataset& rows, const GroupedModel& model, BootstrapKind kind)
    : rows_(rows), kind_(kind) {
  for (std::size_t g = 0; g < model.mixtures.size(); ++g) {
    tables_.push_back(count_patterns(rows_of_group(rows, g)));
    sources_.emplace_back(model.mixtures[g], tables_.back());
  }
}

Dataset GroupSource::draw_group(std::size_t group, std::uint64_t seed, Watch* watch) const {
  const std::uint64_t own = bootstrap_seed(seed, kPurpose, group);
  return kind_ == BootstrapKind::kParametric ? sources_[group].draw(own, watch)
                                             : resampled(tables_[group], own);
}

Dataset GroupSource::draw(std::uint64_t seed, Watch* watch) const {
  Dataset all;
  all.label_names = rows_.label_names;
  all.categorical = rows_.categorical;
  BitMatrix ones(0, rows_.n_features()), missing(0, rows_.n_features());
  const std::vector<std::uint64_t> nothing(ones.words_per_row(), 0);
  for (std::size_t g = 0; g < sources_.size(); ++g) {
    const Dataset own = draw_group(g, seed, watch);
    for (std::size_t i = 0; i < own.n_rows(); ++i) {
      if (own.weight(i) == 0) continue;  // not drawn this time
      ones.append_row(std::get<BitMatrix>(own.ones).row(i));
      missing.append_row(own.missing ? std::get<BitMatrix>(*own.missing).row(i) : nothing);
      all.weights.push_back(own.weight(i));
      all.labels.push_back(static_cast<std::int64_t>(g));
    }
  }
  all.ones = std::move(ones);
  if (rows_.missing) all.missing = std::move(missing);
  return all;
}

}  // namespace mixbern
