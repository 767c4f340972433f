// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "core/exporting/c/c_block.h"
#include "core/exporting/c/c_source.h"
#include "core/exporting/c/c_writer.h"
#include "core/exporting/folding.h"

namespace lathe::exporting {
namespace {

/// Reads literals of floats with commas between them.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : m_text(text) {}

  /// After "NAME[count] = {", from there to "};". False: it is not there, or holds something else.
  bool read(const std::string& array, std::size_t count, std::vector<float>& out) {
    const auto start = fmt::format("\nstatic const float {}[{}] = {{", array, count);
    const auto place = m_text.find(start);
    if (place == std::string_view::npos) return false;
    m_text.remove_prefix(place + start.size());
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      float value = 0;
      if (!number(value) || !token(i + 1 < count ? "," : "};")) return false;
      out.push_back(value);
    }
    return true;
  }

 private:
  void skipBlanks() { m_text.remove_prefix(std::min(m_text.find_first_not_of(" \t\r\n"), m_text.size())); }

  bool token(std::string_view wanted) {
    skipBlanks();
    if (!m_text.starts_with(wanted)) return false;
    m_text.remove_prefix(wanted.size());
    return true;
  }

  bool number(float& value) {
    if (token("NAN"))
      value = std::numeric_limits<float>::quiet_NaN();
    else if (token("INFINITY"))
      value = std::numeric_limits<float>::infinity();
    else if (token("-INFINITY"))
      value = -std::numeric_limits<float>::infinity();
    else {
      const auto read = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
      if (read.ec != std::errc()) return false;
      m_text.remove_prefix(static_cast<std::size_t>(read.ptr - m_text.data()));
      return token("F");
    }
    return true;
  }

  std::string_view m_text;
};

Result<void> checkSizes(const spec::Program& program, std::size_t characters) {
  std::int64_t count = 0;
  for (const auto& parameter : program.parameters) {
    const auto each = spec::elementCount(parameter.shape);
    if (each < 1 || each > largestCModel) return badC("its description is of a model that is too large");
    count += each;
    if (count > largestCModel || static_cast<std::size_t>(count) > characters)
      return badC("it holds fewer numbers than its description says");
  }
  return {};
}

}  // namespace

Result<ModelSource> readC(std::string_view source) {
  if (source.size() > largestCSource) return badC("it is too large");
  LATHE_ASSIGN(block, readBlock(source));
  auto& model = block.model;
  LATHE_ASSIGN(program, spec::lower(model.model));
  const Folding folding(program);
  const auto& written = folding.program();
  LATHE_TRY(checkSizes(written, source.size()));
  NumberReader reader(source);
  for (std::size_t i = 0; i < written.parameters.size(); ++i) {
    const auto count = static_cast<std::size_t>(spec::elementCount(written.parameters[i].shape));
    if (!reader.read(parameterArray(written, i), count, model.weights.emplace_back()))
      return badC(fmt::format("the numbers of {} are missing or damaged", written.parameters[i].name));
  }
  if (blockHash(block.json, model.weights) != block.hash) return badC("its numbers do not fit its description");
  model.weights = folding.unfolded(std::move(model.weights));
  model.program = std::move(program);
  return std::move(model);
}

}  // namespace lathe::exporting
