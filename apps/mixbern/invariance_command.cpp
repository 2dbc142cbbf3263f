// mixbern invariance
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "commands.hpp"
#include "groups_run.hpp"
#include "statistics_options.hpp"

namespace mixbern::app {
namespace {

struct Arguments {
  GroupCall call;
  InvarianceOptions how;
};

int run(const Arguments& arguments) {
  std::optional<Invariance> found;
  return run_groups(
      arguments.call,
      {{"fits by group",
        [&](const GroupedData& rows) {
          if (rows.options.estimation.weights_kind == WeightsKind::kSampling) {
            throw std::invalid_argument(
                "likelihood ratios know no sampling weights: compare models by BIC, which 'mixbern fit "
                "--groups' "
                "prints, or take weights as so many equal rows with --weights-kind frequency");
          }
          found = test_invariance(rows.data, rows.options, arguments.how);
        }}},
      [&](const GroupedData& rows, Messages& messages) {
        for (const std::string& warning : found->warnings) messages.warn(warning);
        if (arguments.call.talk.json) {
          Json json = invariance_json(*found, rows.names);
          json["level"] = arguments.how.level;
          return print_json(std::move(json), messages);
        }
        write_standard_output(invariance_text(*found, rows.names, arguments.how.level));
      });
}

}  // namespace

Command add_invariance_command(CLI::App& program) {
  CLI::App& command =
      *program.add_subcommand("invariance",
                              "are classes the same in all groups?\nFits the mixture with item probabilities "
                              "that are equal over groups, "
                              "free, and free for the items that differ, which it finds one after the other, "
                              "and tests each against the next "
                              "by the likelihood ratio, and items by score tests too. Weights of components "
                              "always belong to each group.");
  const auto arguments = std::make_shared<Arguments>();
  GroupCall& call = arguments->call;
  add_data_argument(command, call.data);
  add_value(
      command, "-k,--n-components",
      [&call](const std::string& text) { call.n_components = parse_one_number_of_components(text); }, "K",
      "Number of components", "Model")
      ->required();
  add_groups_option(command, call.groups, true);
  add_value(
      command, "--level",
      [arguments](const std::string& text) {
        arguments->how.level = parse_real("--level", text);
        if (!(arguments->how.level > 0 && arguments->how.level < 1))
          throw std::invalid_argument("--level needs a number between 0 and 1");
      },
      "P", "An item differs where its adjusted p-value is at most that [0.05]", "Groups");
  add_value(
      command, "--bootstrap",
      [arguments](const std::string& text) {
        arguments->how.n_samples = parse_count("--bootstrap", text, 1, 1'000'000);
      },
      "N", "Draw N data sets for each likelihood ratio, where cells are few; items / level of them at least",
      "Groups");
  add_data_options(command, call.data, DataUse::kNewData);
  command.remove_option(command.get_option("--labels"));
  add_weights_kind_option(command, call.statistics.weights_kind);
  add_fit_options(command, call.fit);
  command.remove_option(command.get_option("--init-model"));
  add_seed_option(command, call.seed, "Seed of the starts");
  add_run_options(command, call.run);
  add_talk_options(command, call.talk);
  command.footer(
      "# three classes of six items: are they the same for all degrees?\n"
      "mixbern invariance survey.csv -k 3 --groups degree --exclude id\n"
      "# few rows a group: ratios against those of drawn data\n"
      "mixbern invariance survey.csv -k 2 --groups degree --exclude id --bootstrap 200\n"
      "# the components where one item differs\n"
      "mixbern fit survey.csv -k 3 --groups degree --free q4 --exclude id");
  return {&command, [arguments] { return run(*arguments); }};
}

}  // namespace mixbern::app
