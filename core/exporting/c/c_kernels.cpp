// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_kernels.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace lathe::exporting {
namespace {

class KernelList {
 public:
  std::string text;

  void add(std::string_view name) {
    if (!m_written.insert(std::string(name)).second) return;
    const auto& kernel = find(name);
    for (const auto need : kernel.needs) add(need);
    text += kernel.code;
    text += '\n';
  }

 private:
  static const CKernel& find(std::string_view name) {
    for (const auto* group :
         {&basicKernels(), &preprocessingKernels(), &tableKernels(), &imageKernels(), &sequenceKernels()}) {
      const auto found =
          std::find_if(group->begin(), group->end(), [&](const CKernel& kernel) { return kernel.name == name; });
      if (found != group->end()) return *found;
    }
    throw std::logic_error(fmt::format("no kernel {}", name));
  }

  std::set<std::string, std::less<>> m_written;
};

}  // namespace

std::string kernelCode(const std::set<std::string, std::less<>>& used) {
  KernelList list;
  for (const auto& name : used) list.add(name);
  return std::move(list.text);
}

const std::vector<CKernel>& basicKernels() {
  static const std::vector<CKernel> kernels{
      {"dot", {}, R"(static real dot(const float *a, const float *b, long n)
{
    real s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    const long whole = n - n % 4;
    long i;
    for (i = 0; i < whole; i += 4) {
        s0 += (real)a[i] * b[i];
        s1 += (real)a[i + 1] * b[i + 1];
        s2 += (real)a[i + 2] * b[i + 2];
        s3 += (real)a[i + 3] * b[i + 3];
    }
    for (; i < n; ++i) s0 += (real)a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}
)"},
      {"each", {}, R"(static void each(const float *x, float *y, long n, float (*function)(float))
{
    long i;
    for (i = 0; i < n; ++i) y[i] = function(x[i]);
}
)"},
      {"relu", {}, R"(static void relu(const float *x, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = x[i] < 0.0F ? 0.0F : x[i];
}
)"},
      {"relu_of", {}, R"(static float relu_of(float x) { return x < 0.0F ? 0.0F : x; }
)"},
      {"relu6", {}, R"(static float relu6(float x) { return x < 0.0F ? 0.0F : x > 6.0F ? 6.0F : x; }
)"},
      {"gelu", {}, R"(static float gelu(float x) { return x * 0.5F * (1.0F + erff(x * 0.707106781F)); }
)"},
      {"sigmoid", {}, R"(static float sigmoid(float x) { return 1.0F / (1.0F + expf(-x)); }
)"},
      {"silu", {"sigmoid"}, R"(static float silu(float x) { return x * sigmoid(x); }
)"},
      {"softplus", {}, R"(static float softplus(float x) { return x > 20.0F ? x : log1pf(expf(x)); }
)"},
      {"mish", {"softplus"}, R"(static float mish(float x) { return x * tanhf(softplus(x)); }
)"},
      {"selu", {}, R"(static float selu(float x)
{
    return 1.05070098F * (x > 0.0F ? x : 1.67326324F * expm1f(x));
}
)"},
      {"hardsigmoid", {"relu6"}, R"(static float hardsigmoid(float x) { return relu6(x + 3.0F) / 6.0F; }
)"},
      {"hardswish", {"relu6"}, R"(static float hardswish(float x) { return x * relu6(x + 3.0F) / 6.0F; }
)"},
      {"elu", {}, R"(static void elu(const float *x, float *y, long n, float alpha)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = x[i] > 0.0F ? x[i] : alpha * expm1f(x[i]);
}
)"},
      {"leaky_relu", {}, R"(static void leaky_relu(const float *x, float *y, long n, float slope)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = x[i] > 0.0F ? x[i] : slope * x[i];
}
)"},
      {"softmax", {}, R"(static void softmax(const float *x, float *y, long rows, long n)
{
    long i;
    for (; rows > 0; --rows, x += n, y += n) {
        float most = x[0];
        real sum = 0;
        for (i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
        for (i = 0; i < n; ++i) sum += y[i] = expf(x[i] - most);
        for (i = 0; i < n; ++i) y[i] = (float)(y[i] / sum);
    }
}
)"},
      {"add", {}, R"(static void add(const float *a, const float *b, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = a[i] + b[i];
}
)"},
      {"multiply", {}, R"(static void multiply(const float *a, const float *b, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = a[i] * b[i];
}
)"},
      {"layout", {}, R"(/* Numbers in another order: what is `count` of them away in each of `rank` dimensions. */
typedef struct {
    long count, rank, sizes[8], strides[8];
} layout;

static long place_of(const layout *order, long i)
{
    long d, place = 0;
    for (d = order->rank - 1; d >= 0; --d) {
        place += i % order->sizes[d] * order->strides[d];
        i /= order->sizes[d];
    }
    return place;
}
)"},
      {"gather", {"layout"}, R"(static void gather(const float *x, float *y, const layout *order)
{
    long i;
    for (i = 0; i < order->count; ++i) y[i] = x[place_of(order, i)];
}
)"},
      {"multiply_stretched", {"layout"}, R"(/* Where a stride is 0, one number serves a whole dimension. */
static void multiply_stretched(const float *a, const layout *order_a, const float *b,
                               const layout *order_b, float *y)
{
    long i;
    for (i = 0; i < order_a->count; ++i)
        y[i] = a[place_of(order_a, i)] * b[place_of(order_b, i)];
}
)"},
      {"reduce_mean",
       {"layout"},
       R"(static void reduce_mean(const float *x, float *y, const layout *kept, const layout *gone)
{
    long i, j;
    for (i = 0; i < kept->count; ++i) {
        const float *from = x + place_of(kept, i);
        real sum = 0;
        for (j = 0; j < gone->count; ++j) sum += from[place_of(gone, j)];
        y[i] = (float)(sum / gone->count);
    }
}
)"},
      {"reduce_max",
       {"layout"},
       R"(static void reduce_max(const float *x, float *y, const layout *kept, const layout *gone)
{
    long i, j;
    for (i = 0; i < kept->count; ++i) {
        const float *from = x + place_of(kept, i);
        float most = from[0];
        for (j = 1; j < gone->count; ++j) {
            const float value = from[place_of(gone, j)];
            if (value > most) most = value;
        }
        y[i] = most;
    }
}
)"},
  };
  return kernels;
}

}  // namespace lathe::exporting
