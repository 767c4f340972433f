// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/base/random.h"
#include "tests/engine/engine_samples.h"

namespace lathe::tests {
namespace {

constexpr int kinds = 3;
constexpr int places = 96;  // as many as the longest remarks need, as the default is
constexpr int buckets = 8192;

std::string filler(Random& random) {
  std::string word;
  const std::uint64_t letters = 3 + random.below(5);
  for (std::uint64_t i = 0; i < letters; ++i) word += static_cast<char>('a' + random.below(26));
  return word;
}

std::string remark(int kind, Random& random) {
  static const std::array<const char*, kinds> words{"broken", "worn", "Perfect"};
  const std::uint64_t before = random.below(4);
  std::string text;
  for (std::uint64_t i = 0; i < before; ++i) text += filler(random) + " ";
  if (kind >= 0) text += words[static_cast<std::size_t>(kind)];
  for (std::uint64_t i = before; i < 4; ++i) text += ", " + filler(random);
  return text;
}

void add(data::TextColumn& column, const std::string& text) {
  column.place.push_back(static_cast<std::uint32_t>(column.starts.size() - 1));
  spec::appendTextCodes(text, {buckets}, places, column.codes);
  column.starts.push_back(column.codes.size());
}

}  // namespace

std::shared_ptr<data::Dataset> textTable(spec::Task task, std::size_t rows, bool tells) {
  auto data = mixedTable(task, rows);
  auto& schema = data->schema;
  for (const char* name : {"remark", "title"}) {
    schema.features.push_back(
        {name, spec::ColumnKind::Text, static_cast<int>(schema.inputShape[0]), places, {}, {buckets}});
    schema.inputShape[0] += places;
  }
  data->texts.resize(2);
  Random random(5, "texts");
  for (std::size_t row = 0; row < rows; ++row) {
    const auto kind = static_cast<int>(random.below(kinds));
    add(data->texts[0], remark(tells ? kind : -1, random));
    add(data->texts[1], row % 3 == 1 ? "" : filler(random));
    if (task == spec::Task::Classification)
      data->classes[row] = kind;
    else if (task != spec::Task::Anomaly)
      data->targets[row] = static_cast<float>(50 + 10 * kind + random.normal());
  }
  return data;
}

}  // namespace lathe::tests
