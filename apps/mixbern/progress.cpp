#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr double kUsualTolerance = 1e-6;
constexpr std::string_view kSearchStage =
    "search";  // comes in rounds, and nobody knows how many are still to come
constexpr std::chrono::milliseconds kRewriteEvery{100};
constexpr std::chrono::seconds kLineEvery{5};
constexpr std::chrono::seconds kSilentFor{1};
constexpr std::chrono::milliseconds kNoEstimateFor{500};

/// Iterations until what is still to come is below `tol`. EM gains shrink by a nearly constant factor r, and
/// Aitken's estimate is remaining = change · r / (1 − r), so r follows from the two.
double iterations_left(const IterationEvent& event, double tol, double most) {
  if (!(event.remaining_gain > 0) || !(event.change > 0)) return most;
  if (event.remaining_gain <= tol) return 0;
  const double rate = event.remaining_gain / (event.remaining_gain + event.change);
  return std::clamp(std::log(tol / event.remaining_gain) / std::log(rate), 0.0, most);
}

std::string duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", std::max(seconds, 1.0));
  if (seconds < 90 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(Options options)
    : options_(std::move(options)), began_(Clock::now()), stage_began_(began_), shown_(began_ - kLineEvery) {}

void Progress::stage_begins(std::string_view stage, std::size_t n_starts, std::size_t max_iterations) {
  const std::scoped_lock lock(mutex_);
  stage_ = stage;
  n_starts_ = n_starts;
  all_starts_ = std::max(all_starts_, n_starts);
  max_iterations_ = max_iterations;
  iterations_ = 0;
  starts_.clear();
  stage_told_ = false;
  stage_began_ = Clock::now();
}

void Progress::iteration_done(const IterationEvent& event) {
  const std::scoped_lock lock(mutex_);
  iterates_ = true;
  part_iterates_ = true;
  if (options_.quiet) return;
  ++iterations_;
  Start& start = starts_[event.start];
  start.done += 1;
  // Of this stage: event.iteration counts those of earlier stages too.
  const double most = static_cast<double>(max_iterations_) - start.done;
  start.left = iterations_left(event, options_.tol.value_or(kUsualTolerance), std::max(most, 0.0));
  if (due()) show(event);
}

void Progress::phase_begins(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  phase_ = name;
  iterates_ = false;
  stage_told_ = false;
}

void Progress::part_begins(std::string part) {
  const std::scoped_lock lock(mutex_);
  part_ = std::move(part);
  part_iterates_ = false;
}

void Progress::wait() {
  const std::scoped_lock lock(mutex_);
  const bool tells = iterates_ && (part_iterates_ || part_.empty());
  if (options_.quiet || tells || !due()) return;
  write(part_.empty() ? phase_ : part_);
}

bool Progress::iterates() const {
  const std::scoped_lock lock(mutex_);
  return iterates_;
}

void Progress::finish() {
  const std::scoped_lock lock(mutex_);
  if (line_stands_) write_standard_error("\r\x1b[K");
  line_stands_ = false;
}

bool Progress::due() const {
  const auto now = Clock::now();
  if (options_.terminal) return now - shown_ >= kRewriteEvery;
  return now - began_ >= kSilentFor && (!stage_told_ || now - shown_ >= kLineEvery);
}

double Progress::seconds_left() const {
  double left = 0, whole = 0;
  for (const auto& [index, start] : starts_) {
    left += start.left;
    whole += start.done + start.left;
  }
  const auto seen = static_cast<double>(starts_.size());
  left += std::max(0.0, static_cast<double>(n_starts_) - seen) * whole / seen;
  const double spent = std::chrono::duration<double>(Clock::now() - stage_began_).count();
  return left * spent / static_cast<double>(iterations_);
}

std::string Progress::line(const IterationEvent& event) const {
  std::string text = part_.empty() ? stage_ : part_ + ", " + stage_;
  if (n_starts_ < all_starts_)
    text += n_starts_ == 1 ? " of the best" : fmt::format(" of the best {}", n_starts_);
  // What a narrow terminal cuts off should be what is missed least, so the time comes first.
  if (Clock::now() - stage_began_ >= kNoEstimateFor) {
    text +=
        ", about " + duration(seconds_left()) + (stage_ == kSearchStage ? " left of this round" : " left");
  }
  text += fmt::format(": start {} of {}, iteration {}, mean log-likelihood {:.6f}", event.start + 1,
                      all_starts_, event.iteration, event.mean_log_likelihood);
  if (std::isfinite(event.change)) text += fmt::format(", change {:+.1e}", event.change);
  return text;
}

void Progress::show(const IterationEvent& event) {
  write(line(event));
}

void Progress::write(const std::string& text) {
  shown_ = Clock::now();
  stage_told_ = true;
  if (options_.terminal) {
    // One column less than there are: a full line would wrap on some terminals.
    const std::size_t width = std::min(display_width(text), options_.width - 1);
    write_standard_error("\r" + fitted(text, width) + "\x1b[K");
    line_stands_ = true;
  } else {
    write_standard_error(text + "\n");
  }
}

}  // namespace mixbern::app
