// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <fstream>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine/checkpoint.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

Checkpoint sample() {
  Checkpoint checkpoint;
  checkpoint.meta = {{"format", "test"}, {"text", "quotes \" and \xE4\xB8\xAD"}};
  checkpoint.tensors.push_back({"a", "F32", {2, 3}, std::vector<std::uint8_t>(24, 7)});
  checkpoint.tensors.push_back({"empty", "F32", {0, 5}, {}});
  checkpoint.tensors.push_back({"scalar", "I64", {}, std::vector<std::uint8_t>(8, 1)});
  return checkpoint;
}

void writeRaw(const std::filesystem::path& file, const std::string& header, const std::string& content) {
  std::uint64_t length = header.size();
  std::string whole(8, '\0');
  std::memcpy(whole.data(), &length, 8);
  std::ofstream(file, std::ios::binary) << whole << header << content;
}

}  // namespace

LATHE_TEST("a checkpoint comes back as it was written, and its hash is the file's") {
  const tests::TempFolder folder;
  const auto file = folder / "a.ckpt";
  const auto hash = writeCheckpoint(sample(), file);
  REQUIRE_OK(hash);
  CHECK_EQ(*hash, *sha256Of(file));
  const auto again = readCheckpoint(file);
  REQUIRE_OK(again);
  CHECK(again->meta == sample().meta);
  REQUIRE(again->tensors.size() == 3);
  CHECK(again->find("a") != nullptr && again->find("a")->bytes == sample().tensors[0].bytes);
  CHECK(again->find("scalar")->shape.empty());
  CHECK(again->find("b") == nullptr);
}

LATHE_TEST("the file is a safetensors file") {
  const tests::TempFolder folder;
  REQUIRE_OK(writeCheckpoint(sample(), folder / "a.ckpt"));
  const auto bytes = readFile(folder / "a.ckpt");
  REQUIRE_OK(bytes);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes->data(), 8);
  CHECK_EQ(length % 8, std::uint64_t{0});
  CHECK_EQ(bytes->size(), 8 + length + 32);
  CHECK_EQ(bytes->compare(8, 17, "{\"__metadata__\":{"), 0);
  CHECK(bytes->find("\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}") != std::string::npos);
}

LATHE_TEST("a flipped bit anywhere is noticed") {
  const tests::TempFolder folder;
  REQUIRE_OK(writeCheckpoint(sample(), folder / "a.ckpt"));
  const auto bytes = readFile(folder / "a.ckpt");
  REQUIRE_OK(bytes);
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    auto damaged = *bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    std::ofstream(folder / "b.ckpt", std::ios::binary) << damaged;
    const auto result = readCheckpoint(folder / "b.ckpt");
    CHECK(!result);
    if (!result) CHECK_EQ(result.error().code, std::string("checkpoint.corrupt"));
  }
}

LATHE_TEST("sizes of a hostile header are not believed") {
  const tests::TempFolder folder;
  const auto file = folder / "x.ckpt";
  const std::string meta = R"("__metadata__":{"sha256":")" + std::string(64, '0') + R"("})";
  const auto header = [&](const std::string& entry) { return "{" + meta + ",\"t\":" + entry + "}"; };
  for (const char* entry :
       {R"({"dtype":"F32","shape":[1000000000,1000000000],"data_offsets":[0,8]})",
        R"({"dtype":"F32","shape":[-1],"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2],"data_offsets":[0,800]})",
        R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})", R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})",
        R"({"dtype":"Q9","shape":[2],"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2]})",
        R"({"dtype":"F32","shape":[281474976710656,281474976710656],"data_offsets":[0,8]})", "17", "null",
        R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"}) {
    writeRaw(file, header(entry), std::string(8, 'x'));
    const auto result = readCheckpoint(file);
    CHECK(!result);
  }
  std::ofstream(file, std::ios::binary) << std::string(8, '\xff') << "{}";
  CHECK(!readCheckpoint(file));
  writeRaw(file, std::string(100000, '['), "");
  CHECK(!readCheckpoint(file));
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    std::string noise;
    for (std::uint64_t k = random.below(300); k > 0; --k) noise += static_cast<char>(random.below(256));
    writeRaw(file, noise, noise);
    CHECK(!readCheckpoint(file));
  }
}

LATHE_TEST("a folder that does not exist is an error, not a crash") {
  const tests::TempFolder folder;
  CHECK(!writeCheckpoint(sample(), folder / "missing/a.ckpt"));
  CHECK(!readCheckpoint(folder / "missing/a.ckpt"));
}
