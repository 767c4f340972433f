// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cstdint>

#include "core/base/random.h"
#include "core/exporting/archive_check.h"
#include "tests/support/testing.h"

using namespace lathe;
using exporting::problemOfArchive;

namespace {

void number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8U) out += static_cast<char>(value & 0xffU);
}

/// CRC-32 of ISO 3309, bit by bit.
std::uint32_t checksum(const std::string& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xedb88320U : crc >> 1U;
  }
  return ~crc;
}

/// An archive of stored parts, written by hand.
std::string archive(const std::array<std::string, 2>& parts) {
  std::string file, directory;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = "data/" + std::to_string(i);
    const auto place = file.size();
    std::string facts;
    number(facts, 20, 2);  // version, flags, method, time, date
    number(facts, 0, 8);
    number(facts, checksum(parts[i]), 4);
    number(facts, parts[i].size(), 4);
    number(facts, parts[i].size(), 4);
    number(facts, name.size(), 2);
    number(facts, 0, 2);
    file.append("PK\x03\x04").append(facts).append(name).append(parts[i]);
    directory += "PK\x01\x02";
    number(directory, 20, 2);
    directory += facts;
    number(directory, 0, 10);  // comment, disk, attributes
    number(directory, place, 4);
    directory += name;
  }
  const auto start = file.size();
  file += directory + "PK\x05\x06";
  number(file, 0, 4);
  number(file, parts.size(), 2);
  number(file, parts.size(), 2);
  number(file, directory.size(), 4);
  number(file, start, 4);
  number(file, 0, 2);
  return file;
}

}  // namespace

LATHE_TEST("an archive whose parts match their checksums is whole") {
  CHECK_EQ(problemOfArchive(archive({"weights", std::string(3'000'000, 'w')})), std::string());
  CHECK_EQ(problemOfArchive(archive({"", ""})), std::string());
}

LATHE_TEST("every changed byte of a part is noticed, and the part named") {
  const auto whole = archive({"first weights", "second weights"});
  const auto first = whole.find("first weights");
  const auto second = whole.find("second weights");
  for (std::size_t i = 0; i < 13; ++i) {
    auto damaged = whole;
    damaged[first + i] ^= 1;
    CHECK(problemOfArchive(damaged).find("data/0") != std::string::npos);
    damaged = whole;
    damaged[second + i] ^= static_cast<char>(0x80);
    CHECK(problemOfArchive(damaged).find("data/1") != std::string::npos);
  }
}

LATHE_TEST("cut, damaged and foreign files are no archives, and never a crash") {
  const auto whole = archive({"weights", "more"});
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(!problemOfArchive(whole.substr(0, size)).empty());
  CHECK(!problemOfArchive(std::string(100'000, 'x')).empty());
  Random random(1, "archive");
  for (int round = 0; round < 2000; ++round) {
    auto damaged = whole;
    for (int i = 0; i < 4; ++i) damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    (void)problemOfArchive(damaged);
  }
}
