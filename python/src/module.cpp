// mixbern._core: the library's public API for Python, thin. The package around it is python/mixbern.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <exception>
#include <string>

#include "arrow_table.hpp"
#include "bindings.hpp"
#include "mixbern/mixbern.hpp"

namespace nb = nanobind;

namespace mixbern::python {

namespace {

// Python makes it FileNotFoundError, PermissionError and so on by the number.
void raise_os_error(const FileError& error) {
  const std::string text = error.reason() + (error.remedy().empty() ? "" : "; " + error.remedy());
  PyObject* arguments = Py_BuildValue("(iss)", error.code(), text.c_str(), error.place().file.c_str());
  if (arguments == nullptr) return;
  PyErr_SetObject(PyExc_OSError, arguments);
  Py_DECREF(arguments);
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const FileError& error) {
    raise_os_error(error);
  } catch (const InputError& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const UnsupportedColumn& error) {
    PyErr_SetString(PyExc_TypeError, error.text.c_str());
  }
}

}  // namespace

}  // namespace mixbern::python

NB_MODULE(_core, module) {
  using namespace mixbern;
  module.doc() = "The compiled part of mixbern. Use the package mixbern instead.";
  nb::register_exception_translator(python::translate);
  python::bind_data(module);
  python::bind_constraints(module);
  python::bind_model(module);
  python::bind_fit(module);
  python::bind_federated(module);
  python::bind_statistics(module);
  python::bind_survey(module);
  python::bind_relate(module);
  python::bind_groups(module);
  module.def("version", [] { return std::string(version()); });
  module.def("active_kernel", &active_kernel);
  module.def(
      "use_kernel", [](const std::string& name) { use_kernel(name); }, nb::arg("name"));
}
