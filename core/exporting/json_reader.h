// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

/// Reading of a manifest that may come from anywhere: every field is checked for its type and size, unknown fields are
/// passed over so that later versions may add some.
namespace lathe::exporting {

using Json = nlohmann::json;

/// "export.bad_manifest", with what is wrong.
[[nodiscard]] tl::unexpected<Error> badManifest(const std::string& problem);

/// Parses at most 64 MB nested at most 32 deep.
Result<Json> parseManifest(std::string_view text);

/// Reads fields of one object; remembers the first problem, then gives defaults.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string where);

  [[nodiscard]] std::string text(const char* key);
  [[nodiscard]] bool boolean(const char* key);
  [[nodiscard]] std::int64_t integer(const char* key, std::int64_t least, std::int64_t most);
  [[nodiscard]] double number(const char* key);  ///< null reads as NaN
  [[nodiscard]] std::vector<std::string> texts(const char* key);
  [[nodiscard]] std::vector<std::int64_t> integers(const char* key, std::int64_t least, std::int64_t most);
  [[nodiscard]] std::vector<double> numbers(const char* key);
  [[nodiscard]] std::vector<std::vector<float>> rows(const char* key, std::size_t mostRows);  ///< null reads as NaN
  /// A list or object within; an empty one after a problem.
  [[nodiscard]] const Json& list(const char* key);
  [[nodiscard]] const Json& object(const char* key);

  [[nodiscard]] bool has(const char* key) const { return m_object.is_object() && m_object.contains(key); }
  [[nodiscard]] Result<void> result() const;
  void complain(const std::string& problem);

 private:
  const Json& at(const char* key);

  const Json& m_object;
  std::string m_where;
  std::string m_problem;
};

}  // namespace lathe::exporting
