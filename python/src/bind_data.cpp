// Data sets: from arrays, columns, Arrow tables and files.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <tuple>

#include "arrays.hpp"
#include "arrow_table.hpp"
#include "bindings.hpp"
#include "codings.hpp"
#include "mixbern/io/answers.hpp"
#include "mixbern/io/io.hpp"
#include "number_columns.hpp"
#include "packed_bytes.hpp"

namespace mixbern::python {

namespace {

using namespace nb::literals;

/// A data set and what there is to warn of.
using WithWarnings = std::pair<Dataset, std::vector<std::string>>;

Element element_of(nb::dlpack::dtype type) {
  struct Known {
    nb::dlpack::dtype type;
    Element element;
  };
  const Known known[] = {
      {nb::dtype<bool>(), Element::kBool},        {nb::dtype<std::uint8_t>(), Element::kU8},
      {nb::dtype<std::int8_t>(), Element::kI8},   {nb::dtype<std::uint16_t>(), Element::kU16},
      {nb::dtype<std::int16_t>(), Element::kI16}, {nb::dtype<std::uint32_t>(), Element::kU32},
      {nb::dtype<std::int32_t>(), Element::kI32}, {nb::dtype<std::uint64_t>(), Element::kU64},
      {nb::dtype<std::int64_t>(), Element::kI64}, {nb::dtype<float>(), Element::kF32},
      {nb::dtype<double>(), Element::kF64},
  };
  for (const Known& entry : known) {
    if (entry.type == type) return entry.element;
  }
  throw nb::type_error("cells must be bool, integers, or floats of 32 or 64 bits");
}

// Rows that belong to another data set, read where they are.
Rows lent(const Rows& rows, const std::shared_ptr<const void>& owner) {
  if (is_outside(rows)) return rows;
  if (const auto* packed = std::get_if<BitMatrix>(&rows))
    return BitMatrix(packed->n_rows(), packed->n_features(), packed->words(), owner);
  const auto& sparse = std::get<SparseRows>(rows);
  return SparseRows(sparse.n_features(), {sparse.offsets().begin(), sparse.offsets().end()}, sparse.columns(),
                    owner);
}

using Weights = std::optional<Input<double, 1>>;
using Labels = std::optional<Input<std::int64_t, 1>>;

Dataset replaced(nb::handle_t<Dataset> self, const Weights& weights, const Labels& labels,
                 const std::vector<std::vector<std::int64_t>>& class_sets = {}) {
  const Dataset& data = nb::cast<const Dataset&>(self);
  const std::shared_ptr<const void> owner = keep_alive(nb::borrow(self));
  Dataset result{.ones = lent(data.ones, owner)};
  if (data.missing) result.missing = lent(*data.missing, owner);
  result.weights = weights ? vector_of(*weights) : data.weights;
  result.labels = labels ? vector_of(*labels) : data.labels;
  if (!labels) result.label_names = data.label_names;
  if (!labels) result.class_sets = data.class_sets;
  for (const std::vector<std::int64_t>& classes : class_sets) result.class_sets.label_of(classes);
  result.feature_names = data.feature_names;
  result.codings = data.codings;
  result.categorical = data.categorical;
  result.threshold = data.threshold;
  result.shape = data.shape;
  result.ids = data.ids;
  result.id_name = data.id_name;
  result.missing_codes = data.missing_codes;
  validate(result);
  return result;
}

template <class Visit>
void for_each_one(const Rows& rows, const Visit& visit) {
  for (std::size_t i = 0; i < n_rows(rows); ++i) {
    if (const auto* sparse = std::get_if<SparseRows>(&rows)) {
      for (const std::uint32_t d : sparse->row(i)) visit(i, d);
      continue;
    }
    const auto words = std::get<BitMatrix>(rows).row(i);
    for (std::size_t w = 0; w < words.size(); ++w) {
      for (std::uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
        visit(i, 64 * w + static_cast<std::size_t>(__builtin_ctzll(bits)));
      }
    }
  }
}

Array<std::uint8_t, 2> unpacked(const Rows& rows) {
  const std::size_t width = n_features(rows);
  std::vector<std::uint8_t> cells(n_rows(rows) * width);
  for_each_one(to_memory(rows), [&](std::size_t i, std::size_t d) { cells[i * width + d] = 1; });
  return to_numpy(std::move(cells), {n_rows(rows), width});
}

void bind_dataset(nb::module_& module) {
  nb::class_<Dataset>(module, "Dataset", "Packed rows with what belongs to them.")
      .def_prop_ro("n_rows", &Dataset::n_rows)
      .def_prop_ro("n_features", &Dataset::n_features)
      .def_prop_ro("n_missing",
                   [](const Dataset& data) { return data.missing ? count_ones(*data.missing) : 0; })
      .def_prop_ro("is_sparse", [](const Dataset& data) { return !is_packed(data.ones); })
      .def_prop_ro(
          "weights",
          [](const Dataset& data) -> std::optional<Array<double, 1>> {
            if (data.weights.empty()) return std::nullopt;
            return to_numpy(data.weights);
          },
          nb::rv_policy::move)
      .def_prop_ro(
          "labels",
          [](const Dataset& data) -> std::optional<Array<std::int64_t, 1>> {
            if (data.labels.empty()) return std::nullopt;
            return to_numpy(data.labels);
          },
          nb::rv_policy::move)
      .def_prop_ro("feature_names", [](const Dataset& data) { return data.feature_names; })
      .def_prop_ro("column_names", [](const Dataset& data) { return column_names(data); })
      .def_prop_ro("codings", [](const Dataset& data) { return to_pairs(data.codings); })
      .def_prop_ro("categorical", [](const Dataset& data) { return to_tuples(data.categorical); })
      .def_prop_ro("ids",
                   [](const Dataset& data) {
                     std::vector<std::string> ids;
                     for (std::size_t i = 0; i < data.ids.size(); ++i) ids.emplace_back(data.ids[i]);
                     return ids;
                   })
      .def_ro("id_name", &Dataset::id_name)
      .def_ro("missing_codes", &Dataset::missing_codes)
      .def_prop_ro("threshold", [](const Dataset& data) { return data.threshold; })
      .def_prop_ro("shape", [](const Dataset& data) { return to_pair(data.shape); })
      .def(
          "ones", [](const Dataset& data) { return unpacked(data.ones); }, "1 where a cell is 1, else 0.")
      .def(
          "missing",
          [](const Dataset& data) -> std::optional<Array<std::uint8_t, 2>> {
            if (!data.missing) return std::nullopt;
            return unpacked(*data.missing);
          },
          "1 where a cell is missing; None where none is.")
      .def(
          "replaced", &replaced, "weights"_a = nb::none(), "labels"_a = nb::none(),
          "class_sets"_a = std::vector<std::vector<std::int64_t>>(),
          "The same rows with other weights or labels; the label -2 - s is of the s-th set of classes, which "
          "are different and of two or more.")
      .def(
          "with_class_sets",
          [](nb::handle_t<Dataset> self) {
            Dataset result = replaced(self, std::nullopt, std::nullopt);
            split_class_sets(result);
            return result;
          },
          "The same rows, where labels whose names list classes (1|3) are sets of them.")
      .def(
          "with_answers",
          [](nb::handle_t<Dataset> self, const std::vector<std::string>& chosen) {
            Dataset result = replaced(self, std::nullopt, std::nullopt);
            choose_answers(chosen, result);
            return result;
          },
          "chosen"_a, "The same rows with these answers as ones.")
      .def(
          "write", [](const Dataset& data, const std::string& path) { write_dataset(path, data); }, "path"_a,
          nb::call_guard<nb::gil_scoped_release>());
}

void bind_arrays(nb::module_& module) {
  nb::class_<RowPacker>(module, "RowPacker", "Packs blocks of rows, one after the other.")
      .def(nb::init<std::size_t, std::size_t, std::optional<double>>(), "n_rows"_a, "n_features"_a,
           "threshold"_a = nb::none())
      .def(
          "add",
          [](RowPacker& packer,
             const AnyArray& block) -> std::optional<std::tuple<std::size_t, std::size_t, std::string>> {
            const ArrayView view = view_of(block);
            if (view.n_rows > packer.rows_left() || view.n_columns != packer.n_features())
              throw std::invalid_argument("the block does not fit");
            const nb::gil_scoped_release released;
            const auto bad = packer.add(view);
            if (!bad) return std::nullopt;
            return std::tuple(bad->row, bad->column, bad->value);
          },
          "block"_a, "Row, column and value of the first cell that is neither 0, 1 nor missing.")
      .def("finish", [](RowPacker& packer) {
        if (packer.rows_left() != 0) throw std::invalid_argument("rows are left to be packed");
        return packer.finish();
      });
  module.def(
      "packed_rows",
      [](const AnyArray& rows, std::size_t n_features, bool highest_first) {
        const BitOrder order = highest_first ? BitOrder::kHighestFirst : BitOrder::kLowestFirst;
        return Dataset{.ones = packed_rows(view_of(rows), n_features, order, keep_alive(nb::find(rows)))};
      },
      "rows"_a, "n_features"_a, "highest_first"_a,
      "Rows of numpy.packbits, in place where they are words already; bits beyond the features must be 0.");
  module.def(
      "sparse_rows",
      [](const Input<std::int64_t, 1>& offsets, const Input<std::int32_t, 1>& columns,
         std::size_t n_features) {
        std::vector<std::uint64_t> starts(offsets.size());
        std::copy_n(offsets.data(), offsets.size(), starts.begin());
        // The signed and the unsigned type of one size may alias each other.
        const std::span<const std::uint32_t> cells{reinterpret_cast<const std::uint32_t*>(columns.data()),
                                                   columns.size()};
        return Dataset{.ones =
                           SparseRows(n_features, std::move(starts), cells, keep_alive(nb::find(columns)))};
      },
      "offsets"_a, "columns"_a, "n_features"_a,
      "Reads the columns of ones, ascending in each row, in place.");
}

void bind_tables(nb::module_& module) {
  nb::class_<Reading>(module, "Reading", "How the cells of columns are to be read.")
      .def(
          "__init__",
          [](Reading* self, const CodingPairs& codings, const ItemTuples& items,
             std::optional<double> threshold, std::vector<std::string> missing_codes,
             std::vector<std::string> categorical) {
            new (self) Reading{to_codings(codings), to_items(items), threshold, std::move(missing_codes),
                               std::move(categorical)};
          },
          "codings"_a, "items"_a, "threshold"_a, "missing_codes"_a, "categorical"_a);
  nb::class_<Table>(module, "Table", "A data set that is built column by column.")
      .def(
          "__init__",
          [](Table* self, std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names,
             const Reading& how) { new (self) Table(Table::make(n_rows, n_columns, std::move(names), how)); },
          "n_rows"_a, "n_columns"_a, "names"_a, "how"_a)
      .def(
          "add_numbers",
          [](Table& table, std::size_t column, const AnyArray& cells,
             const std::optional<Input<std::uint8_t, 1>>& missing) {
            const ArrayView view = view_of(cells);
            const auto mask = missing ? span_of(*missing) : std::span<const std::uint8_t>();
            if (view.n_columns != 1 || (missing && mask.size() != view.n_rows))
              throw std::invalid_argument("one column, with one entry a row in its mask, is needed");
            add_numbers(table, column, 0, view, mask);
          },
          "column"_a, "cells"_a, "missing"_a = nb::none())
      .def(
          "add_texts",
          [](Table& table, std::size_t column, const Input<std::int32_t, 1>& positions,
             const std::vector<std::string>& values) {
            table.builder.add(column, 0, span_of(positions), values);
          },
          "column"_a, "positions"_a, "values"_a, "Cell i is values[positions[i]]; -1 is missing.")
      .def(
          "order",
          [](Table& table, std::size_t column, const std::vector<std::string>& values) {
            table.builder.order(column, values);
          },
          "column"_a, "values"_a, "The order that the answers of a categorical column shall have.")
      .def("finish", [](Table& table) {
        std::vector<std::string> warnings;
        Dataset data = table.finish([&](const std::string& text) { warnings.push_back(text); });
        return WithWarnings{std::move(data), std::move(warnings)};
      });
  module.def(
      "read_arrow",
      [](nb::handle capsule, const Reading& how, bool by_type) {
        auto* stream =
            static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
        if (stream == nullptr) throw nb::python_error();
        std::vector<std::string> warnings;
        Dataset data =
            read_arrow(*stream, how, by_type, [&](const std::string& text) { warnings.push_back(text); });
        return WithWarnings{std::move(data), std::move(warnings)};
      },
      "capsule"_a, "how"_a, "by_type"_a,
      "Reads the table behind an Arrow stream capsule; by type dictionaries are categorical too.");
}

void bind_answers(nb::module_& module) {
  module.def(
      "answers",
      [](const CodingPairs& codings, std::optional<double> threshold, std::size_t n_features) {
        return answers_of(to_codings(codings), threshold, n_features).of_item;
      },
      "codings"_a, "threshold"_a, "n_features"_a,
      "What the 1 of each feature is called; empty where nothing is known.");
  module.def(
      "shared_answer",
      [](const CodingPairs& codings, std::optional<double> threshold) {
        const Answers answers = answers_of(to_codings(codings), threshold, 0);
        return std::pair(answers.plain, (answers.thresholded ? "a value " : "") + answers.shared);
      },
      "codings"_a, "threshold"_a,
      "Whether a 1 is a plain 1, and what it is called in all features, if it is one thing.");
}

void bind_files(nb::module_& module) {
  module.def(
      "read_dataset",
      [](const std::vector<std::string>& paths, const CodingPairs& codings, const ItemTuples& items,
         std::vector<std::string> categorical, std::optional<double> threshold, std::size_t first_row,
         std::optional<std::size_t> end_row, std::optional<bool> header, std::vector<std::string> columns,
         std::vector<std::string> exclude, std::string weight_column, std::string label_column,
         std::string id_column, std::vector<std::string> missing, std::vector<std::string> feature_names) {
        const nb::gil_scoped_release released;
        std::vector<std::string> warnings;
        ReadOptions options{.threshold = threshold,
                            .first_row = first_row,
                            .end_row = end_row.value_or(SIZE_MAX),
                            .header = header,
                            .columns = std::move(columns),
                            .exclude = std::move(exclude),
                            .weight_column = std::move(weight_column),
                            .label_column = std::move(label_column),
                            .id_column = std::move(id_column),
                            .missing = std::move(missing),
                            .feature_names = std::move(feature_names),
                            .categorical = std::move(categorical),
                            .codings = threshold ? std::vector<Coding>() : to_codings(codings),
                            .items = threshold ? std::vector<CategoricalItem>() : to_items(items),
                            .warn = [&](const std::string& text) { warnings.push_back(text); }};
        Dataset data = read_dataset(data_files(paths), options);
        return WithWarnings{std::move(data), std::move(warnings)};
      },
      "paths"_a, nb::kw_only(), "codings"_a, "items"_a, "categorical"_a, "threshold"_a, "first_row"_a,
      "end_row"_a, "header"_a, "columns"_a, "exclude"_a, "weight_column"_a, "label_column"_a, "id_column"_a,
      "missing"_a, "feature_names"_a);
}

}  // namespace

ArrayView view_of(const AnyArray& array) {
  if (array.ndim() != 1 && array.ndim() != 2)
    throw nb::type_error("an array of one or two dimensions is needed");
  const Element element = element_of(array.dtype());
  const auto size = static_cast<std::ptrdiff_t>(array.itemsize());
  const bool wide = array.ndim() == 2;
  return {static_cast<const std::byte*>(array.data()),
          element,
          array.shape(0),
          wide ? array.shape(1) : 1,
          array.stride(0) * size,
          wide ? array.stride(1) * size : size};
}

void bind_data(nb::module_& module) {
  bind_dataset(module);
  bind_arrays(module);
  bind_tables(module);
  bind_answers(module);
  bind_files(module);
}

}  // namespace mixbern::python
