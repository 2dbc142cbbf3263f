#include <memory>
#include <utility>

#include "em/pass.hpp"

namespace mixbern {
namespace {

class RemoteReducer : public Reducer {
 public:
  RemoteReducer(std::unique_ptr<Reducer> local, bool semi_supervised, RunPass run)
      : local_(std::move(local)),
        sums_(local_->layout()),
        semi_supervised_(semi_supervised),
        run_(std::move(run)) {}

  const StatsLayout& layout() const override { return sums_.layout(); }

  const SufficientStats& reduce(const RowSource& rows, const FoldBlock& fold) override {
    return local_->reduce(rows, fold);
  }

  Passed pass(const RowSource&, const PassRequest& request) override {
    const Pass pass(request, semi_supervised_);
    const Sums sums = run_(pass);
    pass.check(sums);
    sums_.assign(sums.values());
    const EStep step(request.mixture, request.facts, scorer(), request.prior, request.mostly_shared);
    return passed(step, sums_, request);
  }

 private:
  std::unique_ptr<Reducer> local_;
  SufficientStats sums_;
  bool semi_supervised_;
  RunPass run_;
};

}  // namespace

std::unique_ptr<Reducer> make_remote_reducer(std::unique_ptr<Reducer> local, bool semi_supervised,
                                             RunPass run) {
  return std::make_unique<RemoteReducer>(std::move(local), semi_supervised, std::move(run));
}

}  // namespace mixbern
