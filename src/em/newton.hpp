// Newton steps on the observed-data likelihood, where parameters are few.
#pragma once

#include <span>

#include "em/accelerator.hpp"
#include "em/curvature.hpp"

namespace mixbern {

/// Levenberg-Marquardt: with gradient g and negative Hessian H (see Curvature) and the complete-data
/// information C, whose inverse times g is the EM step to first order, the step is (H + μ diag C)⁻¹ g. Small
/// μ is Newton's method, large μ a short EM step; μ follows how well the quadratic model predicted the last
/// gain (Nocedal and Wright, Numerical Optimization (2006), section 10.3). Where EM needs 100,000 iterations
/// along a flat valley, twenty such steps do. The gain still to come is ½ gᵀ H⁻¹ g.
class Newton final : public Accelerator {
 public:
  /// `rows`, the prior's means and `fixed_features` are not owned.
  Newton(const RowSource& rows, double total_weight, const Prior& prior,
         std::span<const std::size_t> fixed_features)
      : rows_(rows), total_weight_(total_weight), prior_(prior), fixed_features_(fixed_features) {}

  std::optional<Mixture> propose(const Mixture& point, const Mixture& image) override;
  void accepted(double gain) override;
  void rejected() override;
  double expected_gain() const override { return expected_gain_; }
  std::size_t confirmations() const override { return 5; }
  double starts_below() const override { return 0.1 / total_weight_; }
  double starts_before() const override { return 64; }
  double work(std::size_t n_parameters) const override;
  void save(ArchiveWriter& archive) const override { archive(damping_, predicted_, expected_gain_); }
  void load(ArchiveReader& archive, const Mixture& shape) override;
  /// The stationary point beside `point`, which must be within a tolerance of it already: undamped steps for
  /// as long as the gain that they promise falls. That gain comes from the gradient, which is right to
  /// rounding where the objective itself has long been flat to rounding: parameters keep twice the digits.
  /// Nothing if `point` is no maximum or cannot be bettered.
  std::optional<Mixture> refined(const Mixture& point) const;
  /// A step costs rows · parameters²; that is some milliseconds here.
  static bool is_affordable(std::size_t n_rows, std::size_t n_parameters);

 private:
  const RowSource& rows_;
  double total_weight_;
  Prior prior_;
  std::span<const std::size_t> fixed_features_;
  double damping_ = 1e-2;
  double predicted_ = 0;  // gain of the last proposal by the quadratic model, nats
  double expected_gain_ = 0;
};

}  // namespace mixbern
