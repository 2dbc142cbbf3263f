#include "select/group_states.hpp"

#include <stdexcept>
#include <string_view>

#include "base/archive.hpp"
#include "base/sealed.hpp"

namespace mixbern {
namespace {

constexpr std::string_view kMagic = "mixbern checkpoint of groups 1\n";

std::vector<std::string> states_in(std::string_view bytes) {
  std::vector<std::string> states;
  ArchiveReader archive(unsealed(kMagic, bytes));
  archive(states);
  archive.finish();
  return states;
}

}  // namespace

GroupStates::GroupStates(const Checkpointing& options, std::size_t n_fits)
    : options_(options), states_(n_fits) {
  if (options.resume.empty()) return;
  try {
    states_ = states_in(options.resume);
  } catch (const std::invalid_argument& error) {
    throw CheckpointError("it is no checkpoint of a fit that has all items free, or damaged: " +
                          std::string(error.what()));
  }
  if (states_.size() != n_fits)
    throw CheckpointError("it is of a fit to " + std::to_string(states_.size()) + " groups, not " +
                          std::to_string(n_fits));
}

Checkpointing GroupStates::of(std::size_t at) {
  Checkpointing own{.save = {}, .seconds = options_.seconds, .resume = states_[at]};
  if (!options_.save) return own;
  own.save = [this, at](std::string_view state) {
    states_[at] = state;
    ArchiveWriter archive;
    archive(states_);
    options_.save(sealed(kMagic, archive.bytes()));
  };
  return own;
}

}  // namespace mixbern
