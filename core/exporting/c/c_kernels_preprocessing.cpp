// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_kernels.h"

namespace lathe::exporting {

const std::vector<CKernel>& preprocessingKernels() {
  static const std::vector<CKernel> kernels{
      {"select_columns", {}, R"(static void select_columns(const float *x, const long *columns, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = x[columns[i]];
}
)"},
      {"is_missing", {}, R"(static void is_missing(const float *x, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = isnan(x[i]) ? 1.0F : 0.0F;
}
)"},
      {"fill_missing", {}, R"(static void fill_missing(const float *x, const float *fill, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = isnan(x[i]) ? fill[i] : x[i];
}
)"},
      {"clamped", {}, R"(static float clamped(float x, float low, float high)
{
    return x < low ? low : x > high ? high : x;
}
)"},
      {"standardize", {"clamped"}, R"(/* Kept within what products of float32 can bear. */
static void standardize(const float *x, const float *centre, const float *scale, float *y, long n)
{
    long i;
    for (i = 0; i < n; ++i) y[i] = clamped((x[i] - centre[i]) * scale[i], -1e9F, 1e9F);
}
)"},
      {"standardize_image",
       {},
       R"(static void standardize_image(const float *x, const float *centre, const float *scale, float *y,
                              long channels, long pixels)
{
    long c, i;
    for (c = 0; c < channels; ++c, x += pixels, y += pixels)
        for (i = 0; i < pixels; ++i) y[i] = (x[i] - centre[c]) * scale[c];
}
)"},
      {"piecewise_linear",
       {},
       R"(/* Each number along the curve of its column; constant beyond the first and the last knot. */
static void piecewise_linear(const float *x, const float *knots, const float *values, float *y,
                             long columns, long count)
{
    long i;
    for (i = 0; i < columns; ++i, knots += count, values += count) {
        if (!(x[i] > knots[0])) {
            y[i] = values[0];
        } else if (x[i] >= knots[count - 1]) {
            y[i] = values[count - 1];
        } else {
            long below = 0, above = count - 1;
            float share;
            while (above - below > 1) {
                const long middle = (below + above) / 2;
                if (knots[middle] <= x[i])
                    below = middle;
                else
                    above = middle;
            }
            share = (x[i] - knots[below]) / (knots[above] - knots[below]);
            y[i] = values[below] + share * (values[above] - values[below]);
        }
    }
}
)"},
      {"code_of", {}, R"(/* Missing, negative and unseen codes are the last one. */
static long code_of(float x, long cardinality)
{
    return x >= 0.0F && x < (float)(cardinality - 1) ? (long)x : cardinality - 1;
}
)"},
      {"codes", {"code_of"}, R"(static void codes(const float *x, const long *cardinalities, float *y, long n)
{
    long k;
    for (k = 0; k < n; ++k) y[k] = (float)code_of(x[k], cardinalities[k]);
}
)"},
      {"one_hot", {"code_of"}, R"(static void one_hot(const float *x, const long *cardinalities, float *y, long n)
{
    long k, i;
    for (k = 0; k < n; y += cardinalities[k], ++k) {
        for (i = 0; i < cardinalities[k]; ++i) y[i] = 0.0F;
        y[code_of(x[k], cardinalities[k])] = 1.0F;
    }
}
)"},
      {"date_parts", {"clamped"}, R"(static long floor_of(long a, long b) { return (a >= 0 ? a : a - b + 1) / b; }

/* x: days since 2000-01-01 and seconds of the day. The calendar by Hinnant's "days from civil". */
static void date_parts(const float *x, float *y, float shift, float scale)
{
    const float turn = 6.28318531F;
    long i, day, civil, era, of_era, year_of_era, of_year, part, month, year;
    float angles[3];
    for (i = 0; i < 8; ++i) y[i] = 0.0F;
    if (!isfinite(x[0]) || !isfinite(x[1])) return;
    day = (long)floorf(clamped(x[0], -1e7F, 1e7F));
    civil = day + 730425;
    era = floor_of(civil, 146097);
    of_era = civil - era * 146097;
    year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    part = (5 * of_year + 2) / 153;
    month = part < 10 ? part + 3 : part - 9;
    year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    angles[0] = (float)(month - 1) * (turn / 12.0F);
    angles[1] = (float)(day + 5 - floor_of(day + 5, 7) * 7) * (turn / 7.0F);
    angles[2] = x[1] * (turn / 86400.0F);
    y[0] = clamped((x[0] - shift) * scale, -1e9F, 1e9F);
    y[1] = (float)(year - 2000) / 50.0F;
    for (i = 0; i < 3; ++i) {
        y[2 + 2 * i] = sinf(angles[i]);
        y[3 + 2 * i] = cosf(angles[i]);
    }
}
)"},
      {"log_mel", {"dot"}, R"(/* basis: `bins` cosines, then as many sines, of `window` samples each. */
static void log_mel(const float *x, const float *basis, const float *filters, float *y, float *power,
                    long samples, long window, long hop, long bins, long bands, long frames, real least,
                    int relative)
{
    real loudness = 1, mean = 0, squares = 0;
    long t, k, m, i;
    if (relative) loudness = dot(x, x, samples) / samples + (real)1e-10;
    for (t = 0; t < frames; ++t) {
        for (k = 0; k < bins; ++k) {
            const real cosine = dot(x + t * hop, basis + k * window, window);
            const real sine = dot(x + t * hop, basis + (bins + k) * window, window);
            power[k] = (float)(cosine * cosine + sine * sine);
        }
        for (m = 0; m < bands; ++m)
            y[m * frames + t] = (float)log(dot(filters + m * bins, power, bins) / loudness + least);
    }
    if (!relative) return;
    for (i = 0; i < bands * frames; ++i) mean += y[i];
    mean /= bands * frames;
    for (i = 0; i < bands * frames; ++i) squares += (y[i] - mean) * (y[i] - mean);
    squares = (real)sqrt(squares / (bands * frames)) + (real)1e-2;
    for (i = 0; i < bands * frames; ++i) y[i] = (float)((y[i] - mean) / squares);
}
)"},
  };
  return kernels;
}

}  // namespace lathe::exporting
