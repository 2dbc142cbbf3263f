// Between NumPy arrays and the library's containers.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "packing.hpp"

namespace mixbern::python {

namespace nb = nanobind;

template <class T, std::size_t Dimensions>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<Dimensions>>;
template <class T, std::size_t Dimensions>
using Input = nb::ndarray<const T, nb::ndim<Dimensions>, nb::c_contig, nb::device::cpu>;
using AnyArray = nb::ndarray<nb::ro, nb::device::cpu>;

/// A NumPy array that owns `values`. REQUIRES: the sizes multiply to their number.
template <class T, std::size_t Dimensions>
Array<T, Dimensions> to_numpy(std::vector<T> values, const std::size_t (&sizes)[Dimensions]) {
  auto held = std::make_unique<std::vector<T>>(std::move(values));
  T* cells = held->data();
  nb::capsule owner(held.get(), [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  held.release();
  return Array<T, Dimensions>(cells, Dimensions, sizes, owner);
}

template <class T>
Array<T, 1> to_numpy(std::vector<T> values) {
  const std::size_t n = values.size();
  return to_numpy(std::move(values), {n});
}

template <class T>
Array<T, 1> to_numpy(std::span<const T> values) {
  return to_numpy(std::vector<T>(values.begin(), values.end()));
}

/// The numbers of a contiguous array.
template <class Array>
auto span_of(const Array& array) {
  return std::span<typename Array::Scalar>(array.data(), array.size());
}

template <class Array>
auto vector_of(const Array& array) {
  return std::vector<std::remove_const_t<typename Array::Scalar>>(array.data(), array.data() + array.size());
}

/// Keeps a Python object alive as long as the library reads its memory.
inline std::shared_ptr<const void> keep_alive(nb::object object) {
  return {object.release().ptr(), [](const void* held) {
            const nb::gil_scoped_acquire gil;
            Py_DECREF(static_cast<PyObject*>(const_cast<void*>(held)));
          }};
}

/// REQUIRES: one or two dimensions (one is a single column) and a type that Element has; TypeError otherwise.
ArrayView view_of(const AnyArray& array);

}  // namespace mixbern::python
