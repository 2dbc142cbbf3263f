// A run of EM as bytes.
#include <stdexcept>
#include <utility>

#include "base/archive.hpp"
#include "em/em_run.hpp"
#include "em/newton.hpp"

namespace mixbern {
namespace {

void save(ArchiveWriter& archive, const Mixture& mixture) {
  archive(std::vector<double>(mixture.weights().begin(), mixture.weights().end()),
          std::vector<double>(mixture.probabilities().begin(), mixture.probabilities().end()));
}

// REQUIRES: `mixture` has the shape that is expected.
void load(ArchiveReader& archive, Mixture& mixture) {
  std::vector<double> weights, probabilities;
  archive(weights, probabilities);
  if (weights.size() != mixture.n_components() || probabilities.size() != mixture.probabilities().size())
    throw std::invalid_argument("a mixture has another shape");
  mixture = Mixture(std::move(weights), std::move(probabilities), mixture.items(), mixture.ties());
}

template <class T>
T among(int value, T last) {
  if (value < 0 || value > static_cast<int>(last)) throw std::invalid_argument("a choice is not known");
  return static_cast<T>(value);
}

bool is_newton(const Accelerator* accelerator) {
  return dynamic_cast<const Newton*>(accelerator) != nullptr;
}

}  // namespace

// What is but numbers.
template <class Self, class Archive>
void EmRun::remember(Self& run, Archive& archive) {
  auto& current = run.current_;
  archive(current.log_likelihood, current.objective, current.empty_components, current.mostly_shared,
          run.accelerating_, run.since_, run.n_rejected_, run.accelerators_work_, run.n_iter_, run.trace_,
          run.thin_trace_.iterations, run.thin_trace_.mean_log_likelihoods);
  StopRule::remember(run.stop_rule_, archive);
}

std::string EmRun::saved() const {
  ArchiveWriter archive;
  remember(*this, archive);
  const Ways& ways = current_.ways;
  archive(static_cast<int>(ways.score), static_cast<int>(ways.share), static_cast<int>(ways.sole),
          stop_reason_ ? static_cast<int>(*stop_reason_) : -1, options_.prior.strength > 0,
          proposal_.has_value(), accelerator_ != nullptr, is_newton(accelerator_.get()));
  save(archive, current_.mixture);
  save(archive, current_.image);
  if (proposal_) save(archive, *proposal_);
  if (accelerator_) accelerator_->save(archive);
  return archive.bytes();
}

void EmRun::restore(std::string_view bytes) {
  ArchiveReader archive(bytes);
  remember(*this, archive);
  int score = 0, share = 0, sole = 0, stop_reason = 0;
  bool has_prior = false, proposes = false, accelerates = false, uses_newton = false;
  archive(score, share, sole, stop_reason, has_prior, proposes, accelerates, uses_newton);
  current_.ways = {among(score, ScoreBy::kDoubles), among(share, ShareBy::kAll),
                   among(sole, SoleBy::kAmounts)};
  if (stop_reason >= 0) stop_reason_ = among(stop_reason, StopReason::kMaxIterations);
  if (!has_prior) options_.prior.strength = 0;
  load(archive, current_.mixture);
  load(archive, current_.image);
  if (proposes) load(archive, proposal_.emplace(current_.mixture));
  restore_accelerator(accelerates, uses_newton);
  if (accelerator_) accelerator_->load(archive, current_.mixture);
  archive.finish();
  check_restored();
}

void EmRun::restore_accelerator(bool accelerates, bool uses_newton) {
  accelerator_.reset();
  if (accelerates) make_accelerator();
  const bool changed = uses_newton && !is_newton(accelerator_.get());
  if (changed && options_.acceleration == Acceleration::kAuto && may_use_newton()) use_newton();
  if (accelerates != (accelerator_ != nullptr) || uses_newton != is_newton(accelerator_.get()))
    throw std::invalid_argument("it accelerates in another way");
}

void EmRun::check_restored() const {
  const bool is_retired = trace_.empty();
  const bool fits = (is_retired || trace_.size() == n_iter_) && (accelerator_ || !proposal_) &&
                    thin_trace_.iterations.size() == thin_trace_.mean_log_likelihoods.size();
  if (!fits) throw std::invalid_argument("parts of a run do not fit together");
  for (const std::size_t k : current_.empty_components) {
    if (k >= current_.mixture.n_components()) throw std::invalid_argument("there is no such component");
  }
}

}  // namespace mixbern
