// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_kernels.h"

namespace lathe::exporting {

const std::vector<CKernel>& imageKernels() {
  static const std::vector<CKernel> kernels{
      {"window", {}, R"(/* How a kernel goes over an image. */
typedef struct {
    long channels, height, width;
    long outputs, out_height, out_width;
    long kernel_y, kernel_x, stride_y, stride_x, pad_y, pad_x, dilation_y, dilation_x, groups;
} window;
)"},
      {"convolve", {"window"}, R"(/* Which steps from `start` on lie in 0 .. size - 1. */
static long first_inside(long start, long step)
{
    return start >= 0 ? 0 : (step - 1 - start) / step;
}

static long end_inside(long start, long step, long size, long count)
{
    if (start + (count - 1) * step < size) return count;
    return start >= size ? 0 : (size - start + step - 1) / step;
}

/* weight: outputs x channels of a group x kernel; bias may be NULL. */
static void convolve(const float *x, const float *weight, const float *bias, float *y, const window *g)
{
    enum { TILE = 16 };
    const long in_group = g->channels / g->groups, out_group = g->outputs / g->groups;
    long o, oy, left, c, ky, kx, j;
    for (o = 0; o < g->outputs; ++o)
        for (oy = 0; oy < g->out_height; ++oy)
            for (left = 0; left < g->out_width; left += TILE) {
                const long count = g->out_width - left < TILE ? g->out_width - left : TILE;
                real sums[TILE];
                for (j = 0; j < TILE; ++j) sums[j] = bias ? bias[o] : 0.0F;
                for (c = 0; c < in_group; ++c)
                    for (ky = 0; ky < g->kernel_y; ++ky) {
                        const long iy = oy * g->stride_y + ky * g->dilation_y - g->pad_y;
                        const float *row, *w;
                        if (iy < 0 || iy >= g->height) continue;
                        row = x + ((o / out_group * in_group + c) * g->height + iy) * g->width;
                        w = weight + ((o * in_group + c) * g->kernel_y + ky) * g->kernel_x;
                        for (kx = 0; kx < g->kernel_x; ++kx) {
                            const long step = g->stride_x;
                            const long start = left * step + kx * g->dilation_x - g->pad_x;
                            const long end = end_inside(start, step, g->width, count);
                            for (j = first_inside(start, step); j < end; ++j)
                                sums[j] += (real)w[kx] * row[start + j * step];
                        }
                    }
                for (j = 0; j < count; ++j)
                    y[(o * g->out_height + oy) * g->out_width + left + j] = (float)sums[j];
            }
}
)"},
      {"convolve_transposed",
       {"window"},
       R"(/* The sum for one place of an output. weight: channels x outputs of a group x kernel. */
static real transposed_sum(const float *x, const float *weight, const window *g, long o, long oy, long ox)
{
    const long in_group = g->channels / g->groups, out_group = g->outputs / g->groups;
    const long first = o / out_group * in_group;
    real sum = 0;
    long c, ky, kx;
    for (c = first; c < first + in_group; ++c)
        for (ky = 0; ky < g->kernel_y; ++ky) {
            const long down = oy + g->pad_y - ky * g->dilation_y;
            const float *row, *w;
            if (down < 0 || down % g->stride_y != 0 || down / g->stride_y >= g->height) continue;
            row = x + (c * g->height + down / g->stride_y) * g->width;
            w = weight + ((c * out_group + o % out_group) * g->kernel_y + ky) * g->kernel_x;
            for (kx = 0; kx < g->kernel_x; ++kx) {
                const long right = ox + g->pad_x - kx * g->dilation_x;
                if (right >= 0 && right % g->stride_x == 0 && right / g->stride_x < g->width)
                    sum += (real)w[kx] * row[right / g->stride_x];
            }
        }
    return sum;
}

static void convolve_transposed(const float *x, const float *weight, const float *bias, float *y,
                                const window *g)
{
    long o, oy, ox;
    for (o = 0; o < g->outputs; ++o)
        for (oy = 0; oy < g->out_height; ++oy)
            for (ox = 0; ox < g->out_width; ++ox)
                *y++ = (float)(transposed_sum(x, weight, g, o, oy, ox) + (bias ? bias[o] : 0.0F));
}
)"},
      {"max_pool", {"window"}, R"(static void max_pool(const float *x, float *y, const window *g)
{
    long c, oy, ox, ky, kx;
    for (c = 0; c < g->channels; ++c, x += g->height * g->width)
        for (oy = 0; oy < g->out_height; ++oy)
            for (ox = 0; ox < g->out_width; ++ox) {
                float most = -INFINITY;
                for (ky = 0; ky < g->kernel_y; ++ky)
                    for (kx = 0; kx < g->kernel_x; ++kx) {
                        const long iy = oy * g->stride_y + ky - g->pad_y;
                        const long ix = ox * g->stride_x + kx - g->pad_x;
                        if (iy < 0 || iy >= g->height || ix < 0 || ix >= g->width) continue;
                        if (x[iy * g->width + ix] > most) most = x[iy * g->width + ix];
                    }
                *y++ = most;
            }
}
)"},
      {"average_pool",
       {"window"},
       R"(static void average_pool(const float *x, float *y, const window *g, int count_padding)
{
    long c, oy, ox, ky, kx;
    for (c = 0; c < g->channels; ++c, x += g->height * g->width)
        for (oy = 0; oy < g->out_height; ++oy)
            for (ox = 0; ox < g->out_width; ++ox) {
                real sum = 0;
                long count = 0;
                for (ky = 0; ky < g->kernel_y; ++ky)
                    for (kx = 0; kx < g->kernel_x; ++kx) {
                        const long iy = oy * g->stride_y + ky - g->pad_y;
                        const long ix = ox * g->stride_x + kx - g->pad_x;
                        if (iy < 0 || iy >= g->height || ix < 0 || ix >= g->width) continue;
                        sum += x[iy * g->width + ix];
                        ++count;
                    }
                *y++ = (float)(sum / (count_padding ? g->kernel_y * g->kernel_x : count));
            }
}
)"},
      {"adaptive_pool",
       {"window"},
       R"(/* Cells of an image, as even as can be: their means, or their largest numbers. */
static void adaptive_pool(const float *x, float *y, const window *g, int largest)
{
    long c, oy, ox, iy, ix;
    for (c = 0; c < g->channels; ++c, x += g->height * g->width)
        for (oy = 0; oy < g->out_height; ++oy)
            for (ox = 0; ox < g->out_width; ++ox) {
                const long top = oy * g->height / g->out_height, left = ox * g->width / g->out_width;
                const long bottom = ((oy + 1) * g->height + g->out_height - 1) / g->out_height;
                const long right = ((ox + 1) * g->width + g->out_width - 1) / g->out_width;
                float most = x[top * g->width + left];
                real sum = 0;
                for (iy = top; iy < bottom; ++iy)
                    for (ix = left; ix < right; ++ix) {
                        const float value = x[iy * g->width + ix];
                        sum += value;
                        if (value > most) most = value;
                    }
                *y++ = largest ? most : (float)(sum / ((bottom - top) * (right - left)));
            }
}
)"},
      {"batch_norm", {}, R"(/* By the means and variances that training found. */
static void batch_norm(const float *x, const float *weight, const float *bias, const float *mean,
                       const float *variance, float *y, long channels, long count, real epsilon)
{
    long c, i;
    for (c = 0; c < channels; ++c, x += count, y += count) {
        const real scale = weight[c] / (real)sqrt(variance[c] + epsilon);
        const real shift = bias[c] - mean[c] * scale;
        for (i = 0; i < count; ++i) y[i] = (float)(x[i] * scale + shift);
    }
}
)"},
      {"moments", {}, R"(typedef struct {
    real mean, scale;
} moments;

static moments moments_of(const float *x, long n, real epsilon)
{
    moments m = {0, 0};
    long i;
    for (i = 0; i < n; ++i) m.mean += x[i];
    m.mean /= n;
    for (i = 0; i < n; ++i) m.scale += (x[i] - m.mean) * (x[i] - m.mean);
    m.scale = 1 / (real)sqrt(m.scale / n + epsilon);
    return m;
}
)"},
      {"layer_norm",
       {"moments"},
       R"(static void layer_norm(const float *x, const float *weight, const float *bias, float *y, long rows,
                       long n, real epsilon)
{
    long i;
    for (; rows > 0; --rows, x += n, y += n) {
        const moments m = moments_of(x, n, epsilon);
        for (i = 0; i < n; ++i) y[i] = (float)((x[i] - m.mean) * m.scale * weight[i] + bias[i]);
    }
}
)"},
      {"group_norm",
       {"moments"},
       R"(static void group_norm(const float *x, const float *weight, const float *bias, float *y, long groups,
                       long channels, long count, real epsilon)
{
    const long each = channels / groups * count;
    long group, i;
    for (group = 0; group < groups; ++group, x += each, y += each) {
        const moments m = moments_of(x, each, epsilon);
        for (i = 0; i < each; ++i) {
            const long c = group * (channels / groups) + i / count;
            y[i] = (float)((x[i] - m.mean) * m.scale * weight[c] + bias[c]);
        }
    }
}
)"},
      {"prelu",
       {},
       R"(static void prelu(const float *x, const float *slope, float *y, long channels, long count, int shared)
{
    long c, i;
    for (c = 0; c < channels; ++c, x += count, y += count)
        for (i = 0; i < count; ++i) y[i] = x[i] > 0.0F ? x[i] : slope[shared ? 0 : c] * x[i];
}
)"},
      {"upsample_nearest",
       {},
       R"(static void upsample_nearest(const float *x, float *y, long channels, long height, long width,
                             long out_height, long out_width)
{
    const float down = (float)height / (float)out_height, right = (float)width / (float)out_width;
    long c, oy, ox;
    for (c = 0; c < channels; ++c, x += height * width)
        for (oy = 0; oy < out_height; ++oy)
            for (ox = 0; ox < out_width; ++ox) {
                const long iy = (long)((float)oy * down), ix = (long)((float)ox * right);
                *y++ = x[(iy < height ? iy : height - 1) * width + (ix < width ? ix : width - 1)];
            }
}
)"},
      {"upsample_bilinear", {}, R"(/* The centres of pixels are aligned, not the corners of the image. */
static void upsample_bilinear(const float *x, float *y, long channels, long height, long width,
                              long out_height, long out_width)
{
    const float down = (float)height / (float)out_height, right = (float)width / (float)out_width;
    long c, oy, ox;
    for (c = 0; c < channels; ++c, x += height * width)
        for (oy = 0; oy < out_height; ++oy)
            for (ox = 0; ox < out_width; ++ox) {
                const float fy = down * ((float)oy + 0.5F) - 0.5F, fx = right * ((float)ox + 0.5F) - 0.5F;
                const float py = fy < 0.0F ? 0.0F : fy, px = fx < 0.0F ? 0.0F : fx;
                const long top = (long)py, left = (long)px;
                const float *a = x + top * width + left;
                const float *b = top + 1 < height ? a + width : a;
                const long next = left + 1 < width ? 1 : 0;
                const float v = py - (float)top, h = px - (float)left;
                *y++ = (1.0F - v) * ((1.0F - h) * a[0] + h * a[next]) +
                       v * ((1.0F - h) * b[0] + h * b[next]);
            }
}
)"},
      {"pad_image", {}, R"(/* Beyond the edge: 0 nothing (-1), 1 mirrored, 2 the edge itself. */
static long inside(long i, long size, int mode)
{
    if (i >= 0 && i < size) return i;
    if (mode == 0) return -1;
    if (mode == 1) return i < 0 ? -i : 2 * (size - 1) - i;
    return i < 0 ? 0 : size - 1;
}

static void pad_image(const float *x, float *y, long channels, long height, long width, long top,
                      long left, long out_height, long out_width, int mode, float value)
{
    long c, oy, ox;
    for (c = 0; c < channels; ++c, x += height * width)
        for (oy = 0; oy < out_height; ++oy)
            for (ox = 0; ox < out_width; ++ox) {
                const long iy = inside(oy - top, height, mode), ix = inside(ox - left, width, mode);
                *y++ = iy < 0 || ix < 0 ? value : x[iy * width + ix];
            }
}
)"},
  };
  return kernels;
}

}  // namespace lathe::exporting
