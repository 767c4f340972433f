// SPDX-License-Identifier: GPL-3.0-or-later
#include <numbers>

#include "core/engine_torch/program_runner.h"

namespace lathe::engine {
namespace {

torch::Tensor floorDivide(const torch::Tensor& x, std::int64_t divisor) { return torch::div(x, divisor, "floor"); }

torch::Tensor perChannel(const torch::Tensor& constant, const torch::Tensor& x) {
  return x.dim() == 4 ? constant.view({-1, 1, 1}) : constant;
}

torch::Tensor standardize(const PrimitiveCall& call) {
  const auto x = call.inputs[0].to(torch::kFloat32);
  const auto scaled = (x - perChannel(call.constants[0], x)) * perChannel(call.constants[1], x);
  return x.dim() == 4 ? scaled : scaled.clamp(-spec::standardizedLimit, spec::standardizedLimit);
}

torch::Tensor piecewiseLinear(const PrimitiveCall& call) {
  const auto& knots = call.constants[0];
  const auto& values = call.constants[1];
  const auto x = call.inputs[0].t().contiguous();
  const auto above = torch::searchsorted(knots, x, false, true).clamp(1, knots.size(1) - 1);
  const auto below = above - 1;
  const auto low = knots.gather(1, below);
  const auto share = ((x - low) / (knots.gather(1, above) - low)).clamp(0, 1);
  const auto start = values.gather(1, below);
  return (start + share * (values.gather(1, above) - start)).t().contiguous();
}

torch::Tensor codesOf(const torch::Tensor& column, std::int64_t cardinality) {
  const auto known = (column >= 0) & (column < cardinality - 1);
  return torch::where(known, column, torch::full_like(column, static_cast<double>(cardinality - 1))).to(torch::kInt64);
}

torch::Tensor codes(const PrimitiveCall& call, bool oneHot) {
  TensorList parts;
  for (std::size_t k = 0; k < call.operation.ints.size(); ++k) {
    const auto cardinality = call.operation.ints[k];
    const auto code = codesOf(call.inputs[0].select(1, static_cast<std::int64_t>(k)), cardinality);
    parts.push_back(oneHot ? torch::one_hot(code, cardinality).to(torch::kFloat32) : code.unsqueeze(1));
  }
  return torch::cat(parts, 1);
}

/// Year and month of days since 1970-01-01 (Hinnant, as calendarParts() in core/engine).
std::pair<torch::Tensor, torch::Tensor> civilOf(const torch::Tensor& days) {
  const auto shifted = days + 719468;
  const auto era = floorDivide(shifted, 146097);
  const auto dayOfEra = shifted - era * 146097;
  const auto yearOfEra = floorDivide(
      dayOfEra - floorDivide(dayOfEra, 1460) + floorDivide(dayOfEra, 36524) - floorDivide(dayOfEra, 146096), 365);
  const auto dayOfYear = dayOfEra - (yearOfEra * 365 + floorDivide(yearOfEra, 4) - floorDivide(yearOfEra, 100));
  const auto part = floorDivide(dayOfYear * 5 + 2, 153);
  const auto month = torch::where(part < 10, part + 3, part - 9);
  return {yearOfEra + era * 400 + (month <= 2).to(torch::kInt64), month};
}

torch::Tensor dateParts(const PrimitiveCall& call) {
  const double turn = 2 * std::numbers::pi;
  const auto known = torch::isfinite(call.inputs[0]).all(1);
  const auto x = torch::where(known.unsqueeze(1), call.inputs[0], torch::zeros_like(call.inputs[0]));
  const auto days = x.select(1, 0);
  const auto seconds = x.select(1, 1);
  const auto day = days.clamp(-1e7, 1e7).floor().to(torch::kInt64);
  const auto [year, month] = civilOf(day + 10957);
  const auto ofMonth = (month - 1).to(torch::kFloat32) * (turn / 12);
  const auto weekday = day + 5 - floorDivide(day + 5, 7) * 7;
  const auto ofWeekday = weekday.to(torch::kFloat32) * (turn / 7);
  const auto ofHour = seconds * (turn / 86400);
  const auto& fitted = call.operation.reals;
  const auto parts =
      torch::stack({((days - fitted[0]) * fitted[1]).clamp(-spec::standardizedLimit, spec::standardizedLimit),
                    (year - 2000).to(torch::kFloat32) / 50, torch::sin(ofMonth), torch::cos(ofMonth),
                    torch::sin(ofWeekday), torch::cos(ofWeekday), torch::sin(ofHour), torch::cos(ofHour)},
                   1);
  return parts * known.unsqueeze(1).to(torch::kFloat32);
}

}  // namespace

torch::Tensor runPreprocessingPrimitive(const PrimitiveCall& call) {
  using spec::Primitive;
  const auto& x = call.inputs.at(0);
  switch (call.operation.primitive) {
    case Primitive::SelectColumns:
      return x.index_select(1, torch::tensor(call.operation.ints, torch::kInt64).to(x.device()));
    case Primitive::IsMissing:
      return torch::isnan(x).to(torch::kFloat32);
    case Primitive::FillMissing:
      return torch::where(torch::isnan(x), call.constants[0], x);
    case Primitive::Standardize:
      return standardize(call);
    case Primitive::PiecewiseLinear:
      return piecewiseLinear(call);
    case Primitive::OneHot:
      return codes(call, true);
    case Primitive::Codes:
      return codes(call, false);
    case Primitive::DateParts:
      return dateParts(call);
    default:
      break;
  }
  TORCH_CHECK(false, "not a preprocessing operation: ", spec::name(call.operation.primitive));
}

}  // namespace lathe::engine
