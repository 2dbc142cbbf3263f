#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "output.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr double kUsualTolerance = 1e-6;
constexpr std::string_view kSearchStage =
    "search";  // comes in rounds, and nobody knows how many are still to come
constexpr std::chrono::milliseconds kRewriteEvery{100};
constexpr std::chrono::seconds kLineEvery{5};  // for the first minute, then
constexpr std::chrono::seconds kLineEveryThen{60};
constexpr std::chrono::seconds kOftenFor{60};
constexpr std::chrono::seconds kSilentFor{1};
constexpr std::chrono::milliseconds kNoEstimateFor{500};
constexpr std::chrono::seconds kLongPass{2};

/// Iterations until what is still to come is below `tol`. EM gains shrink by a nearly constant factor r, and
/// Aitken's estimate is remaining = change · r / (1 − r), so r follows from the two.
double iterations_left(double change, double remaining_gain, double tol, double most) {
  if (!(remaining_gain > 0) || !(change > 0)) return most;
  if (remaining_gain <= tol) return 0;
  const double rate = remaining_gain / (remaining_gain + change);
  return std::clamp(std::log(tol / remaining_gain) / std::log(rate), 0.0, most);
}

std::string duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", std::max(seconds, 1.0));
  if (seconds < 90 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(Options options)
    : options_(std::move(options)),
      began_(Clock::now()),
      stage_began_(began_),
      shown_(began_ - kLineEvery),
      pass_began_(began_) {}

Progress::Options on_standard_error(bool quiet, const Interruption& interruption, std::optional<double> tol) {
  return {.quiet = quiet,
          .terminal = is_terminal(STDERR_FILENO),
          .width = terminal_width(STDERR_FILENO),
          .tol = tol,
          .interrupted = [&interruption] { return interruption.signal() != 0; }};
}

void Progress::rows_done(std::size_t n, std::size_t n_rows) {
  n_rows_.store(n_rows, std::memory_order_relaxed);
  if (rows_.fetch_add(n, std::memory_order_relaxed) != rows_before_.load(std::memory_order_relaxed)) return;
  const std::scoped_lock lock(mutex_);
  pass_began_ = Clock::now();
}

void Progress::part_begins(std::string_view part) {
  const std::scoped_lock lock(mutex_);
  part_ = part;
  stage_.clear();
}

void Progress::stage_begins(const Stage& stage) {
  const std::scoped_lock lock(mutex_);
  stage_ = stage.name;
  of_ = stage;
  of_.name = {};
  if (stage.unit == Unit::kIterations) all_starts_ = std::max(all_starts_, stage.n_starts);
  done_ = 0;
  starts_.clear();
  last_.reset();
  stage_told_ = false;
  stage_began_ = pass_began_ = Clock::now();
  rows_before_ = rows_.load();
}

void Progress::iteration_done(const IterationEvent& event) {
  const std::scoped_lock lock(mutex_);
  has_begun_ = true;
  if (options_.quiet) return;
  ++done_;
  // An iteration of a small table takes a microsecond, looking at the clock a part of that:
  // wait() sees when something is to be shown, and works it out.
  if (starts_.size() <= event.start) starts_.resize(event.start + 1);
  Start& start = starts_[event.start];
  start = {start.done + 1, event.change, event.remaining_gain};
  rows_before_.store(rows_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  last_ = event;
}

void Progress::units_done(std::size_t n_done) {
  const std::scoped_lock lock(mutex_);
  has_begun_ = true;
  done_ = std::max(done_, n_done);
}

void Progress::phase_begins(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  phase_ = name;
  stage_.clear();
  has_begun_ = false;
  stage_told_ = false;
}

void Progress::wait() {
  if (const std::string line = line_if_due(); !line.empty()) write(line);
}

std::string Progress::line_if_due() {
  const std::scoped_lock lock(mutex_);
  if (options_.quiet || !due(Clock::now())) return "";
  std::string line = line_of_waiting();
  if (line.empty()) return line;
  shown_ = Clock::now();
  stage_told_ = true;
  line_stands_ = options_.terminal;
  return line;
}

std::string Progress::line_of_waiting() const {
  if (!stage_.empty() && of_.unit != Unit::kIterations) return line_of_units();
  const bool is_long = n_rows_ > 0 && Clock::now() - pass_began_ >= kLongPass && rows_ > rows_before_;
  if (!stage_.empty() && is_long) return line_of_pass();
  if (!stage_.empty() && last_) return line(*last_);
  return part_.empty() ? phase_ : part_;
}

bool Progress::has_begun() const {
  const std::scoped_lock lock(mutex_);
  return has_begun_;
}

void Progress::finish() {
  bool stands = false;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(stands, line_stands_);
  }
  if (stands) write_standard_error("\r\x1b[K");
}

bool Progress::due(Clock::time_point now) const {
  if (options_.terminal) return now - shown_ >= kRewriteEvery;
  const auto every = now - began_ < kOftenFor ? kLineEvery : kLineEveryThen;
  return now - began_ >= kSilentFor && (!stage_told_ || now - shown_ >= every);
}

double Progress::seconds_left() const {
  const double tol = options_.tol.value_or(kUsualTolerance);
  double left = 0, whole = 0, begun = 0;
  for (const Start& start : starts_) {
    if (start.done == 0) continue;
    const double most = std::max(static_cast<double>(of_.n) - start.done, 0.0);
    const double own = iterations_left(start.change, start.remaining_gain, tol, most);
    left += own;
    whole += start.done + own;
    ++begun;
  }
  left += std::max(0.0, static_cast<double>(of_.n_starts) - begun) * whole / begun;
  const double spent = std::chrono::duration<double>(Clock::now() - stage_began_).count();
  return left * spent / static_cast<double>(done_);
}

std::string Progress::line(const IterationEvent& event) const {
  std::string text = part_.empty() ? stage_ : part_ + ", " + stage_;
  if (of_.n_starts < all_starts_)
    text += of_.n_starts == 1 ? " of the best" : fmt::format(" of the best {}", of_.n_starts);
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

std::string Progress::line_of_units() const {
  const std::string unit(to_string(of_.unit));
  return fmt::format("{}{}{}, {} {} of {}", part_, part_.empty() ? "" : ", ", stage_, unit, done_, of_.n);
}

std::string Progress::line_of_pass() const {
  const auto rows = static_cast<double>(rows_ - rows_before_);
  const double seconds = std::chrono::duration<double>(Clock::now() - pass_began_).count();
  const double share = std::min(rows / static_cast<double>(n_rows_), 1.0);
  std::string speed = grouped(static_cast<std::size_t>(rows / seconds)) + " rows/s";
  if (options_.bytes_a_row > 0)
    speed += fmt::format(", {:.0f} MB/s", rows * static_cast<double>(options_.bytes_a_row) / seconds / 1e6);
  const std::string of_what = last_ ? line(*last_) : (part_.empty() ? stage_ : part_ + ", " + stage_);
  return fmt::format("pass {:.0f} %, {}; {}", 100 * share, speed, of_what);
}

void Progress::write(const std::string& text) const {
  if (options_.terminal) {
    // One column less than there are: a full line would wrap on some terminals.
    const std::size_t width = std::min(display_width(text), options_.width - 1);
    write_standard_error("\r" + fitted(text, width) + "\x1b[K");
  } else {
    write_standard_error(text + "\n");
  }
}

}  // namespace mixbern::app
