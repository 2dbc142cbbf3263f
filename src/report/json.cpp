#include "mixbern/report/json.hpp"

#include "report/json_parts.hpp"
#include "report/source.hpp"

namespace mixbern {

std::string to_json(const Criteria& criteria) {
  return report::printed(report::criteria_json(criteria));
}

std::string to_json(const Classification& classification) {
  return report::printed(report::classification_json(classification));
}

std::string to_json(const GoodnessOfFit& fit) {
  return report::printed(report::goodness_of_fit_json(fit));
}

std::string to_json(std::span<const Optimum> optima) {
  return report::printed(report::optima_json(optima));
}

std::string to_json(const StandardErrors& errors, const Mixture& mixture) {
  return report::printed(report::standard_errors_json(errors, mixture));
}

std::string to_json(const BootstrapFit& bootstrap, const Mixture& mixture) {
  return report::printed(report::bootstrap_json(bootstrap, mixture));
}

std::string to_json(const BootstrapTest& test) {
  return report::printed(report::blrt_json(test));
}

std::string to_json(const LikelihoodRatioTest& test) {
  return report::printed(report::vlmr_json(test));
}

std::string to_json(const Agreement& agreement, std::size_t n_components) {
  return report::printed(report::agreement_json(agreement, n_components));
}

Estimation recorded_estimation(const std::string& fit_record) {
  return report::recorded_estimation(report::parsed_record(fit_record), Estimation().smoothing);
}

std::string fit_record(const FitResult& fit, const Dataset& data, const std::string& data_name) {
  return report::printed(report::fit_record_json(fit, data, data_name));
}

}  // namespace mixbern
