// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_kernels.h"

namespace lathe::exporting {

const std::vector<CKernel>& sequenceKernels() {
  static const std::vector<CKernel> kernels{
      {"lstm",
       {"dot", "sigmoid"},
       R"(/* One direction of one layer; gates input, forget, cell, output. A step's state lies `stride` after
   the last one's; work: 5 x hidden. */
static void lstm(const float *x, const float *weight_ih, const float *weight_hh, const float *bias_ih,
                 const float *bias_hh, float *y, float *work, long steps, long inputs, long hidden,
                 long stride, int backward)
{
    float *cell = work, *gates = work + hidden;
    const float *state = NULL;
    long step, k;
    for (k = 0; k < hidden; ++k) cell[k] = 0.0F;
    for (step = 0; step < steps; ++step) {
        const long t = backward ? steps - 1 - step : step;
        for (k = 0; k < 4 * hidden; ++k) {
            real sum = dot(x + t * inputs, weight_ih + k * inputs, inputs) + bias_ih[k] + bias_hh[k];
            if (state) sum += dot(state, weight_hh + k * hidden, hidden);
            gates[k] = (float)sum;
        }
        for (k = 0; k < hidden; ++k) {
            const float added = sigmoid(gates[k]) * tanhf(gates[2 * hidden + k]);
            cell[k] = sigmoid(gates[hidden + k]) * cell[k] + added;
            y[t * stride + k] = sigmoid(gates[3 * hidden + k]) * tanhf(cell[k]);
        }
        state = y + t * stride;
    }
}
)"},
      {"gru",
       {"dot", "sigmoid"},
       R"(/* One direction of one layer; gates reset, update, new. A step's state lies `stride` after the last
   one's; work: 6 x hidden. */
static void gru(const float *x, const float *weight_ih, const float *weight_hh, const float *bias_ih,
                const float *bias_hh, float *y, float *work, long steps, long inputs, long hidden,
                long stride, int backward)
{
    float *given = work, *kept = work + 3 * hidden;
    const float *state = NULL;
    long step, k;
    for (step = 0; step < steps; ++step) {
        const long t = backward ? steps - 1 - step : step;
        for (k = 0; k < 3 * hidden; ++k) {
            given[k] = (float)(dot(x + t * inputs, weight_ih + k * inputs, inputs) + bias_ih[k]);
            kept[k] = bias_hh[k];
            if (state) kept[k] = (float)(dot(state, weight_hh + k * hidden, hidden) + bias_hh[k]);
        }
        for (k = 0; k < hidden; ++k) {
            const float reset = sigmoid(given[k] + kept[k]);
            const float update = sigmoid(given[hidden + k] + kept[hidden + k]);
            const float fresh = tanhf(given[2 * hidden + k] + reset * kept[2 * hidden + k]);
            y[t * stride + k] = fresh + update * ((state ? state[k] : 0.0F) - fresh);
        }
        state = y + t * stride;
    }
}
)"},
      {"attention",
       {"dot", "softmax"},
       R"(/* all: queries, keys and values of each step, steps x 3 x heads x size; shares: steps. */
static void attention(const float *all, float *shares, float *y, long steps, long width, long heads)
{
    const long size = width / heads;
    const real factor = 1 / (real)sqrt((real)size);
    long head, t, u, k;
    for (head = 0; head < heads; ++head)
        for (t = 0; t < steps; ++t) {
            const float *query = all + t * 3 * width + head * size;
            const float *keys = all + width + head * size, *values = keys + width;
            for (u = 0; u < steps; ++u)
                shares[u] = (float)(dot(query, keys + u * 3 * width, size) * factor);
            softmax(shares, shares, 1, steps);
            for (k = 0; k < size; ++k) {
                real sum = 0;
                for (u = 0; u < steps; ++u) sum += (real)shares[u] * values[u * 3 * width + k];
                y[t * width + head * size + k] = (float)sum;
            }
        }
}
)"},
  };
  return kernels;
}

}  // namespace lathe::exporting
