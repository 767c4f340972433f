// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_writer.h"

namespace lathe::exporting {

using spec::Primitive;

void CWriter::selectColumns(const Operation& operation) {
  const auto& columns = operation.ints;
  bool together = true;
  for (std::size_t i = 1; i < columns.size(); ++i) together = together && columns[i] == columns[i - 1] + 1;
  if (together)
    copy(in(operation, 0, columns.at(0)), out(operation), std::ssize(columns));
  else
    call("select_columns", {in(operation), table(columns), out(operation), cWhole(std::ssize(columns))});
}

void CWriter::standardize(const Operation& operation) {
  const auto& shape = shapeOut(operation);
  Texts arguments{in(operation), constant(operation, 0), constant(operation, 1), out(operation)};
  arguments.push_back(cWhole(shape.at(0)));
  if (shape.size() == 1) return call("standardize", arguments);
  arguments.push_back(cWhole(countOut(operation) / shape[0]));
  call("standardize_image", arguments);
}

void CWriter::logMel(const Operation& operation) {
  const auto& filters = constantShape(operation, 1);
  const auto samples = spec::elementCount(shapeIn(operation));
  call("log_mel", {in(operation), constant(operation, 0), constant(operation, 1), out(operation), work(),
                   cWhole(samples), cWhole(constantShape(operation, 0).back()), cWhole(operation.ints.at(0)),
                   cWhole(filters.at(1)), cWhole(filters.at(0)), cWhole(shapeOut(operation).back()),
                   "(real)" + cDouble(operation.reals.at(0)), operation.ints.at(1) != 0 ? "1" : "0"});
}

bool CWriter::writePreprocessing(const Operation& operation) {
  const auto count = [&] { return cWhole(countOut(operation)); };
  switch (operation.primitive) {
    case Primitive::SelectColumns:
      selectColumns(operation);
      return true;
    case Primitive::IsMissing:
      call("is_missing", {in(operation), out(operation), count()});
      return true;
    case Primitive::FillMissing:
      call("fill_missing", {in(operation), constant(operation, 0), out(operation), count()});
      return true;
    case Primitive::Standardize:
      standardize(operation);
      return true;
    case Primitive::PiecewiseLinear:
      call("piecewise_linear", {in(operation), constant(operation, 0), constant(operation, 1), out(operation), count(),
                                cWhole(constantShape(operation, 0).at(1))});
      return true;
    case Primitive::OneHot:
      call("one_hot", {in(operation), table(operation.ints), out(operation), cWhole(std::ssize(operation.ints))});
      return true;
    case Primitive::Codes:
      call("codes", {in(operation), table(operation.ints), out(operation), cWhole(std::ssize(operation.ints))});
      return true;
    case Primitive::DateParts:
      call("date_parts", {in(operation), out(operation), cFloat(static_cast<float>(operation.reals.at(0))),
                          cFloat(static_cast<float>(operation.reals.at(1)))});
      return true;
    case Primitive::LogMel:
      logMel(operation);
      return true;
    default:
      return false;
  }
}

}  // namespace lathe::exporting
