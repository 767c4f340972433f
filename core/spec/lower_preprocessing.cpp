// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/spec/attributes.h"
#include "core/spec/image_scaling.h"
#include "core/spec/prepared.h"
#include "core/spec/text_program.h"

namespace lathe::spec {
namespace {

// Beyond the last knot the curve is constant, so knots added there change nothing.
void pad(QuantileCurve& curve, std::size_t count) {
  while (curve.knots.size() < count) {
    const float last = curve.knots.back();
    curve.knots.push_back(last + std::max(1.0F, std::abs(last) * 1e-3F));
    curve.values.push_back(curve.values.back());
  }
}

class TableLowering {
 public:
  TableLowering(const ModelDescription& description, Program& program)
      : m_description(description),
        m_program(program),
        m_layout(preparedLayout(description.schema, description.fitted, description.preprocessing)),
        m_raw{program.input, description.schema.inputShape, {}},
        m_last(m_raw) {}

  Result<void> run() {
    const auto& shape = m_description.schema.inputShape;
    const bool windows = shape.size() == 2;
    if (windows) m_raw = at("rows").add(Primitive::Reshape, {m_raw}, {shape[1]}, {}, {}, {shape[1]});
    if (!m_layout.numeric.empty()) m_parts.push_back(numeric());
    for (const auto i : m_layout.dates) m_parts.push_back(dateParts(i));
    if (!m_layout.oneHot.empty()) m_parts.push_back(coded(m_layout.oneHot, "one_hot", Primitive::OneHot));
    if (!m_layout.indicators.empty()) m_parts.push_back(missing(m_layout.indicators, "indicators"));
    if (m_parts.empty() && m_layout.codes.empty() && m_layout.text.empty())
      return fail("spec.no_features", LATHE_TEXT("errors", "No column is left for the model to read."),
                  LATHE_TEXT("errors", "Give at least one column the role feature and a kind other than id."));
    if (m_parts.size() > 1) {
      auto builder = at("features");
      m_parts = {builder.add(Primitive::Concat, m_parts, {m_layout.width})};
    }
    if (windows && !m_parts.empty()) {
      const Shape sequence{shape[0], m_layout.width};
      m_parts = {at("windows").add(Primitive::Reshape, m_parts, sequence, {}, {}, sequence)};
    }
    if (!m_parts.empty()) m_program.prepared.push_back(m_parts.front().id);
    if (windows && !m_layout.codes.empty()) {
      auto builder = at("last");
      m_raw = builder.add(Primitive::Slice, {m_last}, {1, shape[1]}, {}, {}, {0, shape[0] - 1, 1});
      m_raw = builder.add(Primitive::Reshape, {m_raw}, {shape[1]}, {}, {}, {shape[1]});
    }
    if (!m_layout.codes.empty()) m_program.prepared.push_back(coded(m_layout.codes, "categories", Primitive::Codes).id);
    if (!m_layout.text.empty()) m_program.prepared.push_back(text().id);
    if (m_description.schema.task == Task::Anomaly)
      m_program.prepared.push_back(missing(columnsWithCells(m_layout)).id);
    return {};
  }

 private:
  ProgramBuilder at(const std::string& name) { return {m_program, m_program.preprocess, name}; }
  [[nodiscard]] const FeatureSchema& feature(std::size_t i) const { return m_description.schema.features[i]; }
  [[nodiscard]] const FittedFeature& fitted(std::size_t i) const { return m_description.fitted.features[i]; }

  LoweredValue select(ProgramBuilder& builder, const std::vector<std::size_t>& features, bool both = false) {
    std::vector<std::int64_t> columns;
    for (const auto i : features) {
      columns.push_back(feature(i).offset);
      if (both) columns.push_back(feature(i).offset + 1);
    }
    const auto count = static_cast<std::int64_t>(columns.size());
    return builder.add(Primitive::SelectColumns, {m_raw}, {count}, {}, {}, columns);
  }

  LoweredValue numeric() {
    auto builder = at("numeric");
    const auto& columns = m_layout.numeric;
    const Shape shape{static_cast<std::int64_t>(columns.size())};
    const auto selected = select(builder, columns);
    std::vector<float> fill;
    fill.reserve(columns.size());
    for (const auto i : columns) fill.push_back(static_cast<float>(fitted(i).fill));
    auto filled =
        builder.add(Primitive::FillMissing, {selected}, shape, {}, {builder.constant("fill", shape, std::move(fill))});
    const auto& scaling = m_description.preprocessing.scaling;
    if (scaling == "none") return filled;
    if (scaling == "quantile") return quantile(builder, filled);
    std::vector<float> centre, scale;
    for (const auto i : columns) {
      centre.push_back(static_cast<float>(fitted(i).shift));
      scale.push_back(static_cast<float>(fitted(i).scale));
    }
    return builder.add(
        Primitive::Standardize, {filled}, shape, {},
        {builder.constant("centre", shape, std::move(centre)), builder.constant("scale", shape, std::move(scale))});
  }

  LoweredValue quantile(ProgramBuilder& builder, const LoweredValue& filled) {
    std::vector<QuantileCurve> curves;
    std::size_t longest = 2;
    for (const auto i : m_layout.numeric) {
      curves.push_back(quantileCurve(fitted(i).quantiles));
      longest = std::max(longest, curves.back().knots.size());
    }
    std::vector<float> knots, values;
    for (auto& curve : curves) {
      pad(curve, longest);
      knots.insert(knots.end(), curve.knots.begin(), curve.knots.end());
      values.insert(values.end(), curve.values.begin(), curve.values.end());
    }
    const Shape shape{filled.shape[0], static_cast<std::int64_t>(longest)};
    return builder.add(
        Primitive::PiecewiseLinear, {filled}, filled.shape, {},
        {builder.constant("knots", shape, std::move(knots)), builder.constant("values", shape, std::move(values))});
  }

  LoweredValue dateParts(std::size_t i) {
    auto builder = at("date" + std::to_string(i));
    const auto selected = select(builder, {i}, true);
    return builder.add(Primitive::DateParts, {selected}, {datePartCount}, {}, {}, {},
                       {fitted(i).shift, fitted(i).scale});
  }

  LoweredValue coded(const std::vector<std::size_t>& columns, const char* name, Primitive primitive) {
    auto builder = at(name);
    const auto selected = select(builder, columns);
    std::vector<std::int64_t> cardinalities;
    std::int64_t width = 0;
    for (const auto i : columns) {
      cardinalities.push_back(cardinalityOf(feature(i)));
      width += cardinalities.back();
    }
    const Shape shape = primitive == Primitive::OneHot ? Shape{width} : selected.shape;
    return builder.add(primitive, {selected}, shape, {}, {}, cardinalities);
  }

  LoweredValue text() {
    auto builder = at(textLayer);
    const auto& first = feature(m_layout.text.front());
    const auto columns = static_cast<std::int64_t>(m_layout.text.size());
    std::vector<std::int64_t> places(static_cast<std::size_t>(columns * first.width));
    std::iota(places.begin(), places.end(), std::int64_t{first.offset});
    const auto selected = builder.add(Primitive::SelectColumns, {m_raw}, {std::ssize(places)}, {}, {}, places);
    const Shape shape{columns, first.width};
    return builder.add(Primitive::Reshape, {selected}, shape, {}, {}, shape);
  }

  LoweredValue missing(const std::vector<std::size_t>& columns, const char* name = "missing") {
    auto builder = at(name);
    const auto selected = select(builder, columns);
    return builder.add(Primitive::IsMissing, {selected}, selected.shape);
  }

  const ModelDescription& m_description;
  Program& m_program;
  PreparedLayout m_layout;
  LoweredValue m_raw;   ///< what columns are selected from: a row
  LoweredValue m_last;  ///< the raw input
  std::vector<LoweredValue> m_parts;
};

void lowerImage(const ModelDescription& description, Program& program) {
  ProgramBuilder builder(program, program.preprocess, "image");
  auto shape = description.schema.inputShape;
  LoweredValue image{program.input, shape, {}};
  auto centre = description.fitted.channelMean;
  std::vector<float> scale;
  for (const float deviation : description.fitted.channelStd) scale.push_back(deviation > 0 ? 1 / deviation : 1);
  if (scalesAsImagenet(description.preprocessing)) {
    if (shape[0] == 1) {
      shape = preparedImage(shape, description.preprocessing);
      image = builder.add(Primitive::Concat, {image, image, image}, shape);
    }
    centre = imagenetCentre();
    scale = imagenetScale();
  }
  const Shape channels{shape[0]};
  const auto scaled = builder.add(
      Primitive::Standardize, {image}, shape, {},
      {builder.constant("centre", channels, std::move(centre)), builder.constant("scale", channels, std::move(scale))});
  program.prepared.push_back(scaled.id);
}

}  // namespace

Result<void> lowerPreprocessing(const ModelDescription& description, Program& program) {
  if (description.schema.sound()) {
    program.prepared.push_back(program.input);
    return {};
  }
  if (!description.schema.image) return TableLowering(description, program).run();
  lowerImage(description, program);
  return {};
}

}  // namespace lathe::spec
