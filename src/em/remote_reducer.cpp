#include <memory>
#include <stdexcept>
#include <utility>

#include "em/pass.hpp"

namespace mixbern {
namespace {

class RemoteReducer : public Reducer {
 public:
  RemoteReducer(const StatsLayout& layout, bool hold_labels, RunPass run)
      : sums_(layout), hold_labels_(hold_labels), run_(std::move(run)) {}

  const StatsLayout& layout() const override { return sums_.layout(); }

  const SufficientStats& reduce(const RowSource&, const FoldBlock&) override {
    throw std::invalid_argument(
        "rows that are elsewhere answer E-steps only: start with init random, wide or model");
  }

  Passed pass(const RowSource&, const PassRequest& request) override {
    const Pass pass(request, hold_labels_);
    const Sums sums = run_(pass);
    pass.check(sums);
    sums_.assign(sums.values());
    const EStep step(request.mixture, request.facts, scorer(), request.prior, request.mostly_shared);
    return passed(step, sums_, request);
  }

 private:
  SufficientStats sums_;
  bool hold_labels_;
  RunPass run_;
};

}  // namespace

std::unique_ptr<Reducer> make_remote_reducer(const StatsLayout& layout, bool hold_labels, RunPass run) {
  return std::make_unique<RemoteReducer>(layout, hold_labels, std::move(run));
}

}  // namespace mixbern
