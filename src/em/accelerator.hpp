// What may be tried in place of the next EM step.
#pragma once

#include <cstddef>
#include <optional>

#include "base/archive.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

/// Proposes points from where EM is. The EM loop evaluates a proposal, keeps it if the objective did not fall
/// and says so; otherwise it takes the EM step after all. Order of calls: (propose (accepted | rejected)?)*.
class Accelerator {
 public:
  virtual ~Accelerator() = default;

  /// `point` is where EM is, `image` where its next step leads. Nothing: take the image.
  virtual std::optional<Mixture> propose(const Mixture& point, const Mixture& image) = 0;
  /// The objective, nats a row, changed by so much at the last proposal.
  virtual void accepted(double gain) = 0;
  virtual void rejected() = 0;

  /// Objective still to come from the point of the last call of propose(), nats a row, by a quadratic model.
  /// NaN while there is none to be trusted.
  virtual double expected_gain() const = 0;
  /// How many times in a row expected_gain() must be small before it is believed.
  virtual std::size_t confirmations() const = 0;
  /// It is worth asking once an EM step gains less than this, nats a row, and more than so many are to come.
  virtual double starts_below() const = 0;
  virtual double starts_before() const = 0;
  /// What one call of propose() costs beyond an EM step of a model of so many parameters, in additions.
  virtual double work(std::size_t n_parameters) const = 0;

  /// All that the next calls depend on, and back. load() throws std::invalid_argument for what save() never
  /// wrote for a mixture of this shape.
  virtual void save(ArchiveWriter& archive) const = 0;
  virtual void load(ArchiveReader& archive, const Mixture& shape) = 0;
};

}  // namespace mixbern
