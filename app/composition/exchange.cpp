// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/exchange.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/files.h"

namespace lathe::app {
namespace {

using Json = nlohmann::json;

template <class T>
void append(std::string& out, const std::vector<T>& values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

template <class T>
std::vector<T> taken(std::string_view& rest, std::size_t count) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), rest.data(), count * sizeof(T));
  rest.remove_prefix(count * sizeof(T));
  return values;
}

tl::unexpected<Error> damaged(const std::filesystem::path& file) {
  return fail("worker.exchange", LATHE_TEXT("errors", "The second process left no usable answer in {file}."),
              LATHE_TEXT("errors", "Check that the disk of the temporary folder has room, then try again."),
              {{"file", file.string()}});
}

struct Parts {
  Json head;
  std::string content;   ///< the whole file
  std::size_t body = 0;  ///< where the numbers begin

  [[nodiscard]] std::string_view numbers() const { return std::string_view(content).substr(body); }
};

Result<Parts> split(const std::filesystem::path& file) {
  Parts parts;
  LATHE_ASSIGN(content, readFile(file, std::uintmax_t{1} << 40));
  parts.content = std::move(content);
  const auto end = parts.content.find('\n');
  if (end == std::string::npos) return damaged(file);
  parts.head =
      Json::parse(parts.content.begin(), parts.content.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
  if (!parts.head.is_object()) return damaged(file);
  parts.body = end + 1;
  return parts;
}

Json messageJson(const Message& message) { return {{"text", message.text}, {"args", message.args}}; }

Message messageFrom(const Json& json) { return {json.at("text").get<std::string>(), json.at("args").get<TextArgs>()}; }

}  // namespace

Result<void> writeRows(const data::Dataset& rows, const std::filesystem::path& file) {
  Json texts = Json::array();
  for (const auto& text : rows.texts) texts.push_back({text.place.size(), text.starts.size(), text.codes.size()});
  const Json head{{"rows", rows.rows},
                  {"table", rows.table.size()},
                  {"samples", rows.samples ? rows.samples->size() : 0},
                  {"pixels", rows.pixels.size()},
                  {"texts", std::move(texts)}};
  std::string out = head.dump() + "\n";
  append(out, rows.table);
  if (rows.samples) append(out, *rows.samples);
  append(out, rows.pixels);
  for (const auto& text : rows.texts) {
    append(out, text.place);
    append(out, text.starts);
    append(out, text.codes);
  }
  return writeFileAtomically(file, out);
}

Result<data::Dataset> readRows(const std::filesystem::path& file) {
  LATHE_ASSIGN(parts, split(file));
  std::string_view rest = parts.numbers();
  try {
    data::Dataset rows;
    rows.rows = parts.head.at("rows").get<std::size_t>();
    const auto table = parts.head.at("table").get<std::size_t>();
    const auto samples = parts.head.at("samples").get<std::size_t>();
    const auto pixels = parts.head.at("pixels").get<std::size_t>();
    std::vector<std::array<std::size_t, 3>> texts;
    std::size_t bytes = table * sizeof(float) + samples * sizeof(std::int16_t) + pixels;
    bool sane = table <= rest.size() && samples <= rest.size() && pixels <= rest.size();
    for (const auto& text : parts.head.at("texts")) {
      texts.push_back(text.get<std::array<std::size_t, 3>>());
      const auto& [place, starts, codes] = texts.back();
      sane = sane && std::max({place, starts, codes}) <= rest.size();
      bytes += place * sizeof(std::uint32_t) + starts * sizeof(std::uint64_t) + codes * sizeof(std::uint16_t);
    }
    if (!sane || rest.size() != bytes) return damaged(file);
    rows.table = taken<float>(rest, table);
    if (samples > 0) rows.samples = std::make_shared<const data::Samples>(taken<std::int16_t>(rest, samples));
    rows.pixels = taken<std::uint8_t>(rest, pixels);
    for (const auto& [place, starts, codes] : texts) {
      auto& text = rows.texts.emplace_back();
      text.place = taken<std::uint32_t>(rest, place);
      text.starts = taken<std::uint64_t>(rest, starts);
      text.codes = taken<std::uint16_t>(rest, codes);
    }
    return rows;
  } catch (const Json::exception&) {
    return damaged(file);
  }
}

Result<void> writeAnswer(const Result<WorkerAnswer>& answer, const std::filesystem::path& file) {
  std::string out;
  if (answer) {
    const auto& predictions = answer->predictions;
    out =
        Json{{"rows", predictions.rows}, {"columns", predictions.columns}, {"runtime", answer->runtime}}.dump() + "\n";
    append(out, predictions.values);
  } else {
    const auto& error = answer.error();
    out = Json{{"error",
                {{"code", error.code}, {"message", messageJson(error.message)}, {"hint", messageJson(error.hint)}}}}
              .dump(-1, ' ', false, Json::error_handler_t::replace) +
          "\n";
  }
  return writeFileAtomically(file, out);
}

Result<WorkerAnswer> readAnswer(const std::filesystem::path& file) {
  LATHE_ASSIGN(parts, split(file));
  std::string_view rest = parts.numbers();
  try {
    if (parts.head.contains("error")) {
      const auto& error = parts.head.at("error");
      return tl::unexpected<Error>(
          Error{error.at("code").get<std::string>(), messageFrom(error.at("message")), messageFrom(error.at("hint"))});
    }
    WorkerAnswer answer;
    answer.runtime = parts.head.at("runtime").get<std::string>();
    answer.predictions.rows = parts.head.at("rows").get<std::size_t>();
    answer.predictions.columns = parts.head.at("columns").get<std::size_t>();
    const auto count = answer.predictions.rows * answer.predictions.columns;
    if (count > rest.size() || rest.size() != count * sizeof(float)) return damaged(file);
    answer.predictions.values = taken<float>(rest, count);
    return answer;
  } catch (const Json::exception&) {
    return damaged(file);
  }
}

}  // namespace lathe::app
