#include "data/names.hpp"

#include "mixbern/statistics/relate.hpp"

namespace mixbern {
namespace {

constexpr Names<RelateMethod, 5> kMethods{{{RelateMethod::kAuto, "auto"},
                                           {RelateMethod::kMl, "ml"},
                                           {RelateMethod::kBch, "bch"},
                                           {RelateMethod::kTwoStep, "two-step"},
                                           {RelateMethod::kOneStep, "one-step"}}};
constexpr Names<Assignment, 2> kAssignments{
    {{Assignment::kModal, "modal"}, {Assignment::kProportional, "proportional"}}};
constexpr Names<OutcomeKind, 3> kKinds{{{OutcomeKind::kContinuous, "continuous"},
                                        {OutcomeKind::kNominal, "nominal"},
                                        {OutcomeKind::kCount, "count"}}};

}  // namespace

std::string_view to_string(RelateMethod method) {
  return name_of(kMethods, method);
}
std::optional<RelateMethod> relate_method_from_string(std::string_view name) {
  return value_named(kMethods, name);
}
std::string_view to_string(Assignment assignment) {
  return name_of(kAssignments, assignment);
}
std::optional<Assignment> assignment_from_string(std::string_view name) {
  return value_named(kAssignments, name);
}
std::string_view to_string(OutcomeKind kind) {
  return name_of(kKinds, kind);
}
std::optional<OutcomeKind> outcome_kind_from_string(std::string_view name) {
  return value_named(kKinds, name);
}

}  // namespace mixbern
