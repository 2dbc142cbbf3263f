// Fewer iterations: extrapolation from the last few.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "em/accelerator.hpp"

namespace mixbern {

/// Anderson acceleration of the fixed-point iteration θ ← G(θ) that EM is.
///
/// With residuals f_t = G(θ_t) − θ_t and the differences ΔF, ΔG of the last m steps, the proposal is G(θ_t) −
/// ΔG γ, where γ minimises ‖f_t − ΔF γ‖ (Walker and Ni, SIAM Journal on Numerical Analysis 49 (2011)
/// 1715-1735, eq. 1.1; for EM with a guard and restarts: Henderson and Varadhan, Journal of Computational and
/// Graphical Statistics 28 (2019) 834-846). The norm is that of the complete-data information, π_k / (θ_kd (1
/// − θ_kd)) a row: in it the residual is the gradient of the log-likelihood, so that ½ ⟨f_t, proposal − θ_t⟩
/// is the gain that is still to come, to second order. The norm is taken anew every m proposals only, so that
/// a proposal costs 2 m products of steps and not m².
///
/// Parameters at 0 or 1 stay there, and no other one comes nearer to either than by a factor of ten. Memory:
/// 2 (m + 4) times the parameters. O(m · K · D + m³) a proposal.
class Anderson final : public Accelerator {
 public:
  /// Steps to remember for a model of so many parameters: 0 if that would take too much memory.
  static std::size_t memory_for(std::size_t n_parameters);

  /// `memory` >= 1 steps.
  explicit Anderson(std::size_t memory) : memory_(memory), metric_age_(memory), products_(memory * memory) {}

  std::optional<Mixture> propose(const Mixture& point, const Mixture& image) override;
  void accepted(double gain) override;
  void rejected() override;
  double expected_gain() const override { return expected_gain_; }
  std::size_t confirmations() const override { return 4; }
  double starts_below() const override { return 1e-4; }
  double starts_before() const override { return 16; }
  double work(std::size_t n_parameters) const override {
    return 4 * static_cast<double>(memory_ * n_parameters);
  }

  void save(ArchiveWriter& archive) const override { remember(*this, archive); }
  void load(ArchiveReader& archive, const Mixture& shape) override;

 private:
  template <class Self, class Archive>
  static void remember(Self& self, Archive& archive) {
    archive(self.pause_, self.next_pause_, self.oldest_, self.last_image_, self.last_residual_, self.n_steps_,
            self.image_steps_, self.residual_steps_, self.metric_, self.metric_age_, self.products_,
            self.expected_gain_);
  }
  bool fits(std::size_t n_parameters) const;

  void take_step();
  void renew_metric(const Mixture& point);
  void multiply_step(std::size_t i, std::size_t end);
  std::span<double> step(std::vector<double>& steps, std::size_t i) const;
  bool solve();
  void restart();

  std::size_t memory_;
  std::size_t pause_ = 0;       // plain steps yet to be taken after a rejection
  std::size_t next_pause_ = 1;  // and after the next one
  std::size_t oldest_ = 0;      // column that is overwritten next, once all are taken
  std::vector<double> last_image_, last_residual_;
  std::size_t n_steps_ = 0;
  std::vector<double> image_steps_, residual_steps_;  // n_steps_ × parameters
  std::vector<double> metric_;
  std::size_t metric_age_ = 0;    // proposals since it was taken
  std::vector<double> products_;  // of residual steps, m × m, lower triangle
  double expected_gain_ = 0;
  // Working memory: G(θ_t), f_t, a step or f_t in the metric; the matrix of the system, its right side and
  // then γ.
  std::vector<double> image_, residual_, weighted_, matrix_, gamma_;
};

}  // namespace mixbern
