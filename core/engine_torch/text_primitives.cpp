// SPDX-License-Identifier: GPL-3.0-or-later
// Bags of text codes: torch::embedding_bag wants its codes flat and without gaps, and is no faster.
#include <algorithm>
#include <cstring>

#include "core/engine_torch/network_primitives.h"
#include "core/spec/text_codes.h"

namespace lathe::engine {
namespace {

constexpr std::int64_t rowsOfAThread = 16;

/// A column of codes [N,K,L], int32 and contiguous.
struct BagColumn {
  const std::int32_t* codes = nullptr;
  std::int64_t rows = 0, rowStride = 0, places = 0;

  BagColumn(const torch::Tensor& all, std::int64_t column)
      : codes(all.data_ptr<std::int32_t>() + column * all.size(2)),
        rows(all.size(0)),
        rowStride(all.size(1) * all.size(2)),
        places(all.size(2)) {}

  template <class Visit>
  std::int64_t forEachCode(std::int64_t row, std::int64_t buckets, const Visit& visit) const {
    const std::int32_t* code = codes + row * rowStride;
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < places; ++i)
      if (code[i] >= 0 && code[i] < buckets) {
        visit(std::int64_t{code[i]});
        ++count;
      }
    return count;
  }
};

template <class T>
void addMeans(const torch::Tensor& weight, const BagColumn& column, torch::Tensor& out) {
  const auto size = weight.size(1);
  const auto buckets = weight.size(0);
  const T* table = weight.data_ptr<T>();
  T* results = out.data_ptr<T>();
  at::parallel_for(0, column.rows, rowsOfAThread, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t row = first; row < end; ++row) {
      T* sum = results + row * (size + 1);
      const auto count = column.forEachCode(row, buckets, [&](std::int64_t code) {
        const T* from = table + code * size;
        for (std::int64_t e = 0; e < size; ++e) sum[e] += from[e];
      });
      if (count == 0) {
        sum[size] = 1;
        continue;
      }
      const T share = T(1) / static_cast<T>(count);
      for (std::int64_t e = 0; e < size; ++e) sum[e] *= share;
    }
  });
}

torch::Tensor meanOf(const torch::Tensor& weight, const BagColumn& column) {
  auto out = torch::zeros({column.rows, weight.size(1) + 1}, weight.options());
  AT_DISPATCH_FLOATING_TYPES(weight.scalar_type(), "embedding_bag", [&] { addMeans<scalar_t>(weight, column, out); });
  return out;
}

// Each thread takes a range of the buckets through all rows, so that a sum does not depend on the number of threads.
template <class T>
void addGradients(const torch::Tensor& given, const BagColumn& column, torch::Tensor& out) {
  const auto buckets = out.size(0);
  const auto size = out.size(1);
  const T* slope = given.data_ptr<T>();
  T* table = out.data_ptr<T>();
  std::vector<T> shares(static_cast<std::size_t>(column.rows), T(0));
  for (std::int64_t row = 0; row < column.rows; ++row)
    if (const auto count = column.forEachCode(row, buckets, [](std::int64_t) {}); count > 0)
      shares[static_cast<std::size_t>(row)] = T(1) / static_cast<T>(count);
  const std::int64_t threads = std::max<std::int64_t>(1, at::get_num_threads());
  at::parallel_for(0, buckets, (buckets + threads - 1) / threads, [&](std::int64_t first, std::int64_t end) {
    std::vector<T> scaled(static_cast<std::size_t>(size));
    for (std::int64_t row = 0; row < column.rows; ++row) {
      const T share = shares[static_cast<std::size_t>(row)];
      if (share == T(0)) continue;
      for (std::int64_t e = 0; e < size; ++e) scaled[static_cast<std::size_t>(e)] = slope[row * (size + 1) + e] * share;
      column.forEachCode(row, end, [&](std::int64_t code) {
        if (code < first) return;
        T* into = table + code * size;
        for (std::int64_t e = 0; e < size; ++e) into[e] += scaled[static_cast<std::size_t>(e)];
      });
    }
  });
}

torch::Tensor gradientOf(const torch::Tensor& given, const BagColumn& column, std::int64_t buckets, std::int64_t size) {
  auto out = torch::zeros({buckets, size}, given.options());
  const auto slopes = given.contiguous();
  AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "embedding_bag", [&] { addGradients<scalar_t>(slopes, column, out); });
  return out;
}

class BagFunction : public torch::autograd::Function<BagFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& weight,
                               const torch::Tensor& codes, std::int64_t column) {
    context->save_for_backward({codes});
    context->saved_data["column"] = column;
    context->saved_data["buckets"] = weight.size(0);
    context->saved_data["size"] = weight.size(1);
    return meanOf(weight.contiguous(), BagColumn(codes, column));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list given) {
    const auto codes = context->get_saved_variables()[0];
    auto gradient = gradientOf(given[0], BagColumn(codes, context->saved_data["column"].toInt()),
                               context->saved_data["buckets"].toInt(), context->saved_data["size"].toInt());
    return {std::move(gradient), torch::Tensor(), torch::Tensor()};
  }
};

// Elsewhere by what the device has.
torch::Tensor composed(const torch::Tensor& weight, const torch::Tensor& column) {
  const auto known = (column >= 0) & (column < weight.size(0));
  const auto code = torch::where(known, column, torch::zeros_like(column)).to(torch::kInt64);
  const auto there = known.to(weight.scalar_type());
  const auto count = there.sum(1, true);
  const auto total = torch::matmul(there.unsqueeze(1), torch::embedding(weight, code)).squeeze(1);
  return torch::cat({total / count.clamp_min(1), (count < 1).to(weight.scalar_type())}, 1);
}

// Codes of a raw row are floats, NaN among them.
torch::Tensor wholeCodes(const torch::Tensor& codes) {
  if (!codes.is_floating_point()) return codes.to(torch::kInt32).contiguous();
  const auto known = (codes >= 0) & (codes < spec::mostTextBuckets);
  return torch::where(known, codes, torch::full_like(codes, -1)).to(torch::kInt32).contiguous();
}

}  // namespace

torch::Tensor embeddingBag(const PrimitiveCall& call) {
  const bool processor = call.inputs[0].is_cpu();
  const auto codes = processor ? wholeCodes(call.inputs[0]) : call.inputs[0];
  TensorList columns;
  for (std::size_t k = 0; k < call.parameters.size(); ++k) {
    const auto column = static_cast<std::int64_t>(k);
    columns.push_back(processor ? BagFunction::apply(call.parameters[k], codes, column)
                                : composed(call.parameters[k], codes.select(1, column)));
  }
  return torch::stack(columns, 1);
}

}  // namespace lathe::engine
