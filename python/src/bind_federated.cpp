// Fits to rows that stay where they are.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "bindings.hpp"
#include "checkpoint_files.hpp"
#include "codings.hpp"
#include "mixbern/mixbern.hpp"
#include "watched_run.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

// The exception of a Python function ended the fit.
struct AskingFailed {};

/// Has Python run a pass, from whatever thread. Legal calls: operator()* raise_error.
class Asking {
 public:
  explicit Asking(nb::object run) : run_(std::move(run)) {}

  Sums operator()(const Pass& pass) {
    const nb::gil_scoped_acquire gil;
    try {
      const nb::object answer = run_(pass);
      if (nb::isinstance<Sums>(answer)) return nb::cast<Sums>(answer);
      PyErr_SetString(PyExc_TypeError, "run has to return the merged Sums of all parts");
      throw nb::python_error();
    } catch (nb::python_error& error) {
      error_ = nb::borrow(error.value());
    }
    throw AskingFailed{};
  }

  /// REQUIRES: the GIL is held, and a call failed.
  [[noreturn]] void raise_error() const {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error_.ptr())), error_.ptr());
    throw nb::python_error();
  }

 private:
  nb::object run_;
  nb::object error_;
};

auto federated_fit(const Facts& facts, FitOptions options, nb::object run, nb::object on_iteration,
                   nb::object on_tick, const std::string& checkpoint, double checkpoint_every,
                   const std::string& resume) {
  const Checkpointing checkpoints = checkpoint_files(checkpoint, checkpoint_every, resume);
  Asking asking(std::move(run));
  try {
    return watched(std::move(on_iteration), std::move(on_tick), [&](Watch* watch) {
      options.watch = watch;
      return with_checkpoint(resume, [&] {
        return fit(
            facts, options, [&asking](const Pass& pass) { return asking(pass); }, checkpoints);
      });
    });
  } catch (const AskingFailed&) {
    asking.raise_error();
  }
}

template <class T>
nb::bytes bytes_of(const T& value) {
  const std::string& bytes = value.to_bytes();
  return nb::bytes(bytes.data(), bytes.size());
}

template <class T>
T from_bytes(const nb::bytes& bytes) {
  return T::from_bytes(std::string_view(bytes.c_str(), bytes.size()));
}

// What all three have: bytes, and copies in other processes.
template <class T>
void add_bytes(nb::class_<T>& type) {
  type.def("to_bytes", &bytes_of<T>, "What from_bytes() takes.")
      .def_static("from_bytes", &from_bytes<T>, "bytes"_a, "Bytes that are damaged are a ValueError.")
      .def("__getstate__", &bytes_of<T>)
      .def("__setstate__", [](T& self, const nb::bytes& bytes) { new (&self) T(from_bytes<T>(bytes)); });
}

template <class T>
T merged(const T& one, const T& other) {
  T both = one;
  both.merge(other);
  return both;
}

}  // namespace

void bind_federated(nb::module_& module) {
  nb::class_<Facts> facts(
      module, "Facts",
      "What is known of rows before the first iteration. Facts of parts merge to those of "
      "all rows.");
  facts.def_prop_ro("n_rows", &Facts::n_rows)
      .def_prop_ro("n_features", &Facts::n_features)
      .def_prop_ro("total_weight", &Facts::total_weight)
      .def_prop_ro("n_missing", &Facts::n_missing)
      .def_prop_ro(
          "categorical", [](const Facts& facts) { return to_tuples(facts.categorical()); },
          "Items of more than two answers: name, first feature, answers.")
      .def("merge", &merged<Facts>, "other"_a, "The facts of the rows of both.");
  add_bytes(facts);
  nb::class_<Pass> pass(module, "Pass", "What those who have rows are asked.");
  pass.def_prop_ro("mixture", &Pass::mixture);
  add_bytes(pass);
  nb::class_<Sums> sums(module, "Sums",
                        "What some of the rows answer. Sums of parts merge to those of all rows.");
  sums.def_prop_ro("n_rows", &Sums::n_rows)
      .def("merge", &merged<Sums>, "other"_a, "The sums of the rows of both.");
  add_bytes(sums);
  nb::class_<Site>(module, "Site", "Some of the rows, where they are.")
      .def(nb::init<const Dataset&, unsigned>(), "rows"_a, "threads"_a, nb::keep_alive<1, 2>(),
           nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("facts", &Site::facts)
      .def("accumulate", &Site::accumulate, "pass_"_a, nb::call_guard<nb::gil_scoped_release>());
  module.def("federated_fit", &federated_fit, "facts"_a, "options"_a, "run"_a, "on_iteration"_a = nb::none(),
             "on_tick"_a = nb::none(), nb::kw_only(), "checkpoint"_a = "", "checkpoint_every"_a = 60.0,
             "resume"_a = "", "The result, and the exception that ended the fit early or None.");
  module.def(
      "federated_record",
      [](const FitResult& result, const Facts& facts) {
        Dataset none;
        none.ones = BitMatrix(0, facts.n_features());
        none.categorical = facts.categorical();
        return fit_record(result, none, "");
      },
      "fit"_a, "facts"_a);
}

}  // namespace mixbern::python
