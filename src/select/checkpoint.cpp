#include "select/checkpoint.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "base/archive.hpp"
#include "base/free_memory.hpp"

namespace mixbern {
namespace {

constexpr std::uint64_t kAll = UINT64_MAX;
// However often states are wanted, writing them takes a tenth of the time at most.
constexpr double kShare = 9;

[[noreturn]] void refuse(const std::string& why) {
  throw CheckpointError("it is damaged: " + why);
}

bool is_one_of(std::size_t start, std::span<const std::size_t> starts) {
  return std::ranges::find(starts, start) != starts.end();
}

// `n` of these, each once.
bool is_choice(std::vector<std::size_t> chosen, std::size_t n, std::span<const std::size_t> starts) {
  std::ranges::sort(chosen);
  return chosen.size() == n && std::ranges::adjacent_find(chosen) == chosen.end() &&
         std::ranges::all_of(chosen, [starts](std::size_t start) { return is_one_of(start, starts); });
}

}  // namespace

Checkpoint::Checkpoint(const RowFacts& facts, const std::function<std::uint64_t()>& checksum,
                       const Plan& plan, const Checkpointing& options)
    : options_(options), is_active_(options.save || !options.resume.empty()) {
  if (!is_active_) return;
  conditions_ = conditions_of(facts, checksum(), plan);
  runs_.resize(plan.options.n_init);
  if (!options_.resume.empty()) read(unsealed(options_.resume, conditions_));
  free_memory(options_.resume);
  // A search with a budget takes seconds.
  is_active_ = plan.most_work == 0;
  if (options_.save) write();
}

void Checkpoint::read(std::string_view state) {
  try {
    ArchiveReader archive(state);
    std::uint64_t n_runs = 0;
    archive(choices_, n_runs);
    if (n_runs != runs_.size()) refuse("it has another number of starts");
    for (SavedRun& run : runs_) archive(run.round, run.done, run.bytes);
    archive.finish();
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
}

void Checkpoint::restore(std::size_t start, EmRun& run) const {
  try {
    run.restore(runs_[start].bytes);
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
}

bool Checkpoint::is_past(std::size_t start, std::size_t round) const {
  return has(start) && runs_[start].round > round;
}

std::size_t Checkpoint::done(const Stretch& stretch) const {
  const auto& [start, round, iterations] = stretch;
  if (!has(start) || round > runs_[start].round) return 0;
  return is_past(start, round) ? iterations : std::min<std::size_t>(runs_[start].done, iterations);
}

void Checkpoint::advance(const Stretch& stretch, EmRun& run, Reducer& reducer, Watch& watch) {
  if (!is_active_) {
    run.advance(stretch.iterations, reducer, &watch);
    return;
  }
  for (std::size_t n = done(stretch); n < stretch.iterations;) {
    const std::optional<StopReason> stopped = run.advance(1, reducer, &watch);
    if (stopped == StopReason::kCancelled) return;
    n = stopped ? stretch.iterations : n + 1;
    note(stretch, n == stretch.iterations ? kAll : n, run);
  }
}

void Checkpoint::note(const Stretch& stretch, std::uint64_t done, const EmRun& run) {
  if (!options_.save) return;
  const std::chrono::duration<double> every(options_.seconds);
  const Clock::time_point now = Clock::now();
  const std::scoped_lock lock(mutex_);
  SavedRun& saved = runs_[stretch.start];
  // Twice as often as all are written, so that none of them is much older.
  if (done == kAll || now - saved.taken >= every / 2) saved = {stretch.round, done, run.saved(), now};
  if (now - written_ >= std::max(every, kShare * seconds_a_write_)) write();
}

void Checkpoint::renew(std::size_t start, const EmRun& run) {
  if (!options_.save || !has(start)) return;
  const std::scoped_lock lock(mutex_);
  runs_[start].bytes = run.saved();
}

bool Checkpoint::recall_choice(std::size_t n, std::vector<std::size_t>& starts) {
  if (!has_choice()) return false;
  const std::vector<std::size_t>& chosen = choices_[n_recalled_++];
  if (!is_choice(chosen, n, starts)) refuse("a race cannot have ended like that");
  std::erase_if(starts, [&chosen](std::size_t start) { return is_one_of(start, chosen); });
  starts.insert(starts.begin(), chosen.begin(), chosen.end());
  return true;
}

void Checkpoint::note_choice(std::size_t n, const std::vector<std::size_t>& starts) {
  if (!is_active_) return;
  const std::scoped_lock lock(mutex_);
  choices_.emplace_back(starts.begin(), starts.begin() + static_cast<std::ptrdiff_t>(n));
  n_recalled_ = choices_.size();
}

void Checkpoint::save() {
  if (!is_active_ || !options_.save) return;
  const std::scoped_lock lock(mutex_);
  write();
}

void Checkpoint::write() {
  const Clock::time_point began = Clock::now();
  ArchiveWriter state;
  state(choices_, std::uint64_t{runs_.size()});
  for (const SavedRun& run : runs_) state(run.round, run.done, run.bytes);
  try {
    options_.save(sealed(conditions_, state.bytes()));
    failure_.clear();
  } catch (const std::exception& error) {  // the fit is worth more
    failure_ = error.what();
  }
  written_ = Clock::now();
  seconds_a_write_ = written_ - began;
}

}  // namespace mixbern
