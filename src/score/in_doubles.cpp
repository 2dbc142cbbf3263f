#include "score/in_doubles.hpp"

namespace mixbern {

void InDoubles::score(RowBlock& rows, Scores& into) const {
  into.begin(Scores::Form::kPosteriors, rows.size(), exact_.n_components(), 1);
  into.stride = exact_.stride();
  into.posteriors.resize(rows.size() * into.stride);
  into.log_likelihoods.resize(rows.size());
  exact_.posteriors(rows, into.posteriors.data(), into.log_likelihoods.data(), into.sums);
}

}  // namespace mixbern
