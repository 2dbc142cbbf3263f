// The parts of mixbern._core, each in a file of its own.
#pragma once

#include <nanobind/nanobind.h>

namespace mixbern::python {

void bind_constraints(nanobind::module_& module);
void bind_data(nanobind::module_& module);
void bind_model(nanobind::module_& module);
void bind_fit(nanobind::module_& module);
void bind_groups(nanobind::module_& module);
void bind_federated(nanobind::module_& module);
void bind_statistics(nanobind::module_& module);
void bind_relate(nanobind::module_& module);
void bind_survey(nanobind::module_& module);

}  // namespace mixbern::python
