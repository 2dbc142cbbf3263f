// What predicts components and what they predict: for people, as JSON, as CSV.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "item_labels.hpp"
#include "mixbern/statistics/relate.hpp"
#include "output.hpp"

namespace mixbern::app {

struct RelateStory {
  const Dataset& data;
  const ItemLabels& items;
  std::string data_name;   ///< without folders
  std::string model_name;  ///< the same
  std::size_t n_components = 0;
  std::size_t reference = 0;
  bool all_references = false;
  std::optional<DesignSize> design = {};  ///< of the survey, where one was given
  std::size_t n_replicates = 0;           ///< of the survey's weights
  double replicate_freedom = 0;           ///< degrees of freedom that those have
  std::optional<Relation> covariates = {};
  std::vector<MembershipCurve> curves = {};
  std::vector<OutcomeRelation> outcomes = {};
  double seconds_read = 0;
  double seconds_relate = 0;

  /// Of Student's t for intervals; infinite without a design.
  double degrees_of_freedom() const;
  /// The relation that tells how all were made.
  const RelationBase& first() const;
};

std::string relate_text(const RelateStory& story);
Json relate_json(const RelateStory& story);

/// A line for each coefficient and each mean: part, name, component, reference, estimate, standard_error,
/// step3_standard_error, lower, upper, odds_ratio, p_value; an empty field is what there is not.
std::string relate_csv(const RelateStory& story);

/// Of an estimate of the real line; of what a component has of an outcome, which stays where such means can
/// be.
Interval interval_of(double estimate, double error, const RelateStory& story);
Interval interval_of(const ClassOutcome& own, OutcomeKind kind, const RelateStory& story);
double p_value_of(double estimate, double error, const RelateStory& story);

}  // namespace mixbern::app
