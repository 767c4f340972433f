// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/rest/answers.h"

#include <cmath>

#include "core/serving/json.h"

namespace lathe::serving {
namespace {

void appendRow(std::string& out, const ServedModel& model, std::span<const float> row) {
  const auto& columns = model.answerColumns();
  std::size_t column = 0;
  const auto key = [&] {
    out += column == 0 ? '{' : ',';
    appendJsonKey(out, column < columns.size() ? columns[column] : "value");
    ++column;
  };
  const auto task = model.schema().task;
  if (task == spec::Task::Classification) {
    key();
    const auto& decided = decidedClassOf(model, row);
    if (decided.empty() && std::isnan(row.empty() ? NAN : row[0]))
      out += "null";
    else
      appendJsonText(out, decided);
  } else if (task == spec::Task::Multilabel) {
    for (const float value : row) {
      key();
      out += std::isnan(value) ? "null" : value > 0.5F ? "1" : "0";
    }
  }
  for (const float value : row) {
    key();
    appendJsonNumber(out, value);
  }
  out += column == 0 ? "{}" : "}";
}

}  // namespace

void appendAnswers(std::string& out, const ServedModel& model, const Outputs& outputs, bool instances) {
  if (instances) out += "{\"predictions\":";
  if (!outputs.single || instances) out += '[';
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    if (row > 0) out += ',';
    appendRow(out, model, outputs.values.subspan(row * outputs.columns, outputs.columns));
  }
  if (!outputs.single || instances) out += ']';
  if (instances) out += '}';
}

}  // namespace lathe::serving
