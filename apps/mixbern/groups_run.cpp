#include "groups_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "interruption.hpp"
#include "mixbern/kernels/kernels.hpp"
#include "out_of_memory.hpp"
#include "phases.hpp"
#include "progress.hpp"
#include "text.hpp"

namespace mixbern::app {
namespace {

void check_call(GroupCall& call, Messages& messages) {
  if (!call.data.labels.empty())
    throw std::invalid_argument("--labels and --groups exclude each other: rows have one of them");
  if (call.fit.estimation.semi_supervised)
    throw std::invalid_argument(
        "--semi-supervised holds labels, and --groups are none; leave one of them out");
  if (call.fit.init == InitMethod::kLabels || call.fit.init == InitMethod::kModel)
    throw std::invalid_argument("with --groups starts are drawn: leave --init out, or name another kind");
  check_checkpoint_options(call.checkpoint);
  adapt_to_design(call.survey, call.data, call.statistics, messages);
  check_statistics_options(call.statistics, call.data);
  keep_from_items(columns_of(call.survey), call.data);
  if (call.fit.smoothing_by_data)
    throw std::invalid_argument("with --groups --smoothing needs a number, not auto");
}

// The rows, and what stands beside them in the same file.
GroupedData rows_of(GroupCall& call, Messages& messages) {
  call.data.labels = call.groups.groups;
  GroupedData rows{.data = load_data(call.data, messages), .names = {}, .options = {}, .statistics = {}};
  Dataset& data = rows.data;
  refuse_weightless(data, call.data);
  rows.design = read_design(call.survey, call.data);
  rows.replicates = read_replicates(call.survey, call.data, data.weights);
  const WeightsKind kind = settle_weights(data, call.statistics.weights_kind);
  if (kind == WeightsKind::kSampling) adapt_to_sampling_weights(call.statistics);
  tell_weights_kind(call.statistics.weights_kind, kind, messages);
  call.fit.estimation.weights_kind = kind;
  const auto n_unknown = static_cast<std::size_t>(std::ranges::count(data.labels, -1));
  if (n_unknown > 0)
    messages.warn(fmt::format("{}: {} of unknown group {} left out", base_name(call.data.name()),
                              counted(n_unknown, "row"), n_unknown == 1 ? "is" : "are"));
  rows.statistics = call.statistics;
  return rows;
}

std::string resume_words(const CheckpointOptions& checkpoint) {
  return checkpoint.path.empty() ? "" : fmt::format(", and --resume {} goes on", one_line(checkpoint.path));
}

}  // namespace

void add_groups_option(CLI::App& command, GroupOptions& options, bool required) {
  CLI::Option* option = add_value(
      command, "--groups", [&options](const std::string& text) { options.groups = text; }, "COLUMN|FILE",
      "The group of each row: weights of components are of their own in each group, probabilities equal",
      "Groups");
  if (required) option->required();
}

void add_free_option(CLI::App& command, GroupOptions& options) {
  add_value(
      command, "--free", [&options](const std::string& text) { options.free = parse_names("--free", text); },
      "A,B|all", "Items whose probabilities differ between groups, by name or number from 1, or all [none]",
      "Groups");
}

FreeItems free_items(const GroupOptions& options, const Dataset& data) {
  const std::size_t n_items = data.items().all(data.n_features()).size();
  const std::vector<std::string> names = column_names(data);
  FreeItems items;
  for (const std::string& name : options.free) {
    const auto named = std::ranges::find(names, name);
    const bool is_number =
        !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t number = is_number && name.size() < 10 ? std::stoul(name) : 0;
    if (named != names.end()) {
      items.push_back(static_cast<std::size_t>(named - names.begin()));
    } else if (name == "all") {
      items.resize(n_items);
      std::iota(items.begin(), items.end(), std::size_t{0});
      return items;
    } else if (number >= 1 && number <= n_items) {
      items.push_back(number - 1);
    } else {
      const std::string near = nearest(name, names);
      throw std::invalid_argument(
          fmt::format("--free: there is no item '{}'{}", one_line(name),
                      near.empty() ? "" : fmt::format("; did you mean '{}'?", one_line(near))));
    }
  }
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

int run_groups(GroupCall call, const std::vector<GroupStep>& steps,
               const std::function<void(const GroupedData&, Messages&)>& tell) {
  Messages messages(call.talk.quiet);
  check_call(call, messages);
  if (!call.run.kernel.empty()) use_kernel(call.run.kernel);
  GroupedData rows = rows_of(call, messages);
  rows.names = {.data = base_name(call.data.name()),
                .groups = call.groups.groups,
                .items = column_names(rows.data),
                .features = rows.data.feature_names,
                .answers = answers_of(rows.data),
                .components = call.names};
  // A free model has many probabilities at their bounds, which the usual pseudo-count moves by what shows in
  // the fifth place of its likelihood.
  constexpr double kSmoothingInGroups = 1e-8;
  if (!call.fit.smoothing_given) call.fit.estimation.smoothing = kSmoothingInGroups;
  rows.options = fit_options_of(call.fit, call.run, call.seed);
  rows.options.n_components = call.n_components;

  const Interruption interruption;
  Progress progress(on_standard_error(call.talk.quiet, interruption, call.fit.tol));
  rows.options.watch = &progress;
  rows.checkpointing = checkpointing(call.checkpoint, progress, messages);
  Phases phases(progress, interruption);
  for (const GroupStep& step : steps) {
    const auto done = phases.run(step.name, [&] {
      with_memory(call.data.name(), rows.data, [&] { step.work(rows); });
      return true;
    });
    progress.finish();
    if (done && interruption.signal() == 0) continue;
    messages.note(&step == &steps.front()
                      ? "interrupted before all fits were done; there is no result" +
                            resume_words(call.checkpoint)
                      : fmt::format("interrupted during {}; all that is left is --model", step.name));
    return 128 + interruption.signal();
  }
  tell(rows, messages);
  return 0;
}

}  // namespace mixbern::app
