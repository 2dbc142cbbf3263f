// When is EM done? When the gain that is still to come is small.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace mixbern {

/// Aitken's rule. EM converges linearly: gains g_t shrink by a rate r, so that r g_t / (1 − r) is still to
/// come. The rate is the geometric mean over the last EM steps, because that of one step drowns in rounding
/// at the end. A gain as small as rounding itself ends the run as well. A tolerance of 0 never does.
///
/// Böhning et al., Annals of the Institute of Statistical Mathematics 46 (1994) 373-388; McLachlan and Peel
/// (2000), section 2.11. The ε there is `tolerance` here, in the unit of the objective.
class StopRule {
 public:
  static constexpr std::size_t kConfirmations = 2;  ///< steps in a row that must agree

  explicit StopRule(double tolerance) : tolerance_(tolerance) {}

  double tolerance() const { return tolerance_; }
  void set_tolerance(double tolerance) { tolerance_ = tolerance; }

  /// Takes the objective after one more iteration; `is_em_step` unless that was an accelerator's proposal.
  void add(double objective, bool is_em_step = true);
  /// After add(): true if it is time to stop. An accelerator's estimate of the gain to come, where it is not
  /// NaN, stands in for Aitken's, and must be small `confirmations` times in a row.
  bool decide(double expected_gain = std::numeric_limits<double>::quiet_NaN(),
              std::size_t confirmations = kConfirmations);

  /// Gain of the last step and estimate of all gains to come; NaN while unknown.
  double change() const { return change_; }
  double remaining() const { return remaining_; }
  /// EM steps until the gain to come is below the tolerance, if they go on as now; NaN while unknown.
  double iterations_left() const;

  /// Hands all that a rule remembers to an archive, which takes it down or gives it back.
  template <class Self, class Archive>
  static void remember(Self& rule, Archive& archive) {
    archive(rule.tolerance_, rule.objective_, rule.change_, rule.remaining_, rule.agreeing_, rule.needed_,
            rule.gains_);
  }

 private:
  double estimate_remaining() const;

  static constexpr std::size_t kSteps = 8;  // over which the rate is estimated

  double tolerance_;
  double objective_ = std::numeric_limits<double>::quiet_NaN();
  double change_ = std::numeric_limits<double>::quiet_NaN();
  double remaining_ = std::numeric_limits<double>::quiet_NaN();
  std::size_t agreeing_ = 0;
  // EM steps before the rate is believed: more after a proposal, whose first steps lead back to the valley
  // that EM follows and are no measure of the way along it.
  std::size_t needed_ = 2;
  std::vector<double> gains_;  // the last kSteps + 1, oldest first
};

}  // namespace mixbern
