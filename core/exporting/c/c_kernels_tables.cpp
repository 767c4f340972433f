// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_kernels.h"

namespace lathe::exporting {

const std::vector<CKernel>& tableKernels() {
  static const std::vector<CKernel> kernels{
      {"linear", {"dot"}, R"(/* weight: outputs x inputs; bias may be NULL. */
static void linear(const float *x, const float *weight, const float *bias, float *y, long rows,
                   long inputs, long outputs, real factor)
{
    long o;
    for (; rows > 0; --rows, x += inputs, y += outputs)
        for (o = 0; o < outputs; ++o)
            y[o] = (float)(dot(x, weight + o * inputs, inputs) * factor + (bias ? bias[o] : 0.0F));
}
)"},
      {"affine", {}, R"(static void affine(const float *x, const float *scale, const float *shift, float *y, long rows,
                   long n)
{
    long i;
    for (; rows > 0; --rows, x += n, y += n)
        for (i = 0; i < n; ++i) y[i] = x[i] * scale[i] + shift[i];
}
)"},
      {"smooth_clip", {}, R"(static float smooth_clip(float x)
{
    const float third = x / 3.0F;
    return x / sqrtf(1.0F + third * third);
}
)"},
      {"scale_features",
       {},
       R"(static void scale_features(const float *x, const float *weight, float *y, long rows, long n)
{
    long i;
    for (; rows > 0; --rows, x += n, y += n)
        for (i = 0; i < n; ++i) y[i] = x[i] * weight[i];
}
)"},
      {"blend", {}, R"(static void blend(const float *x, const float *alpha, float *y, long rows, long n,
                  float (*function)(float))
{
    long i;
    for (; rows > 0; --rows, x += n, y += n)
        for (i = 0; i < n; ++i) y[i] = x[i] + alpha[i] * (function(x[i]) - x[i]);
}
)"},
      {"embedding_bag",
       {},
       R"(/* The mean of the weights of a column's codes, then 0; where it has none, zeros, then 1. */
static void embedding_bag(const float *x, const float *weight, float *y, long places, long buckets,
                          long width)
{
    long i, e, count = 0;
    for (e = 0; e <= width; ++e) y[e] = 0.0F;
    for (i = 0; i < places; ++i) {
        if (!(x[i] >= 0.0F && x[i] < (float)buckets)) continue;
        ++count;
        for (e = 0; e < width; ++e) y[e] += weight[(long)x[i] * width + e];
    }
    if (count == 0) y[width] = 1.0F;
    for (e = 0; count > 0 && e < width; ++e) y[e] *= 1.0F / (float)count;
}
)"},
      {"periodic_embedding", {"dot"}, R"(/* Each number itself, then its waves, mixed. */
static void periodic_embedding(const float *x, const float *frequency, const float *phase,
                               const float *weight, const float *bias, float *y, float *work,
                               long columns, long width, long waves)
{
    long d, h, e;
    for (d = 0; d < columns; ++d, frequency += waves, phase += waves) {
        for (h = 0; h < waves; ++h)
            work[h] = cosf((x[d] * frequency[h] + phase[h]) * 6.28318531F);
        *y++ = x[d];
        for (e = 0; e < width; ++e, weight += waves) *y++ = (float)(dot(work, weight, waves) + *bias++);
    }
}
)"},
      {"scale_members", {}, R"(/* One row for all members, or one for each: `step` is 0 or n. */
static void scale_members(const float *x, const float *weight, float *y, long members, long n, long step)
{
    long i;
    for (; members > 0; --members, x += step, weight += n, y += n)
        for (i = 0; i < n; ++i) y[i] = x[i] * weight[i];
}
)"},
      {"feature_tokens",
       {},
       R"(static void feature_tokens(const float *x, const float *weight, const float *bias, float *y,
                           long columns, long width)
{
    long d, e;
    for (d = 0; d < columns; ++d)
        for (e = 0; e < width; ++e) *y++ = x[d] * *weight++ + *bias++;
}
)"},
      {"piecewise_encoding",
       {"clamped"},
       R"(static void piecewise_encoding(const float *x, const float *low, const float *slope,
                               const float *least, const float *most, float *y, long columns,
                               long bins)
{
    long i;
    for (i = 0; i < columns * bins; ++i)
        y[i] = clamped((x[i / bins] - low[i]) * slope[i], least[i], most[i]);
}
)"},
      {"waves", {}, R"(static void waves(const float *x, const float *frequency, float *y, long columns, long count)
{
    long d, h;
    for (d = 0; d < columns; ++d, frequency += count, y += 2 * count)
        for (h = 0; h < count; ++h) {
            const float angle = x[d] * frequency[h] * 6.28318531F;
            y[h] = sinf(angle);
            y[count + h] = cosf(angle);
        }
}
)"},
      {"mean_squared_error", {}, R"(static float mean_squared_error(const float *a, const float *b, long n)
{
    real sum = 0;
    long i;
    for (i = 0; i < n; ++i) sum += ((real)a[i] - b[i]) * ((real)a[i] - b[i]);
    return (float)(sum / n);
}
)"},
      {"squared_errors", {}, R"(static void squared_errors(const float *a, const float *b, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = (a[i] - b[i]) * (a[i] - b[i]);
}
)"},
      {"log_share", {}, R"(/* The logarithm of the softmax at `place`. */
static real log_share(const float *x, long n, long place)
{
    float most = x[0];
    real sum = 0;
    long i;
    for (i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
    for (i = 0; i < n; ++i) sum += expf(x[i] - most);
    return x[place] - most - (real)log(sum);
}
)"},
      {"one_hot_error",
       {"log_share"},
       R"(static float one_hot_error(const float *x, const float *truth, long n, real factor)
{
    real sum = 0;
    long i;
    for (i = 0; i < n; ++i)
        if (truth[i] != 0.0F) sum += truth[i] * log_share(x, n, i);
    return (float)(-factor * sum);
}
)"},
      {"mean_of_known", {}, R"(static float mean_of_known(const float *errors, const float *missing, long n)
{
    real sum = 0, count = 0;
    long i;
    for (i = 0; i < n; ++i) {
        sum += (1.0F - missing[i]) * errors[i];
        count += 1.0F - missing[i];
    }
    return (float)(sum / (count > 1 ? count : 1));
}
)"},
      {"sort", {}, R"(static void sort(const float *x, float *y, long rows, long n)
{
    long i, place;
    for (; rows > 0; --rows, x += n, y += n)
        for (i = 0; i < n; ++i) {
            const float value = x[i];
            for (place = i; place > 0 && y[place - 1] > value; --place) y[place] = y[place - 1];
            y[place] = value;
        }
}
)"},
  };
  return kernels;
}

}  // namespace lathe::exporting
