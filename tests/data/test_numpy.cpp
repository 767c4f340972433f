// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <fmt/format.h>
#include <zip.h>

#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

std::string npy(const std::string& description, bool fortran, const std::string& shape, const std::string& content) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", description,
                                   fortran ? "True" : "False", shape);
  header.resize((header.size() + 10) / 64 * 64 + 64 - 10 - 1, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += {'\x01', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  return bytes + header + content;
}

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

void writeNpz(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& entries) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  for (const auto& [name, bytes] : entries)
    zip_file_add(archive, (name + ".npy").c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
  zip_close(archive);
}

}  // namespace

LATHE_TEST("an .npy matrix is a table c0, c1 ... whose last column is the target, in C and Fortran order") {
  std::vector<double> rowMajor;
  std::vector<double> columnMajor;
  for (int i = 0; i < 12; ++i) rowMajor.insert(rowMajor.end(), {i * 0.5, i * 2.25, static_cast<double>(i % 2)});
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 12; ++i) columnMajor.push_back(rowMajor[static_cast<std::size_t>(i * 3 + c)]);
  for (const bool fortran : {false, true}) {
    const OpenedText file(npy("<f8", fortran, "(12, 3)", raw(fortran ? columnMajor : rowMajor)), "d.npy");
    REQUIRE_OK(file.source);
    const auto profile = (*file.source)->profile({});
    REQUIRE_OK(profile);
    CHECK_EQ(profile->target, std::string("c2"));
    CHECK(profile->task == spec::Task::Classification);
    const auto dataset = (*file.source)->dataset({});
    REQUIRE_OK(dataset);
    CHECK_EQ(dataset->table[2 * 3], 1.5F);
    CHECK_EQ(dataset->table[2 * 3 + 1], 6.75F);
    CHECK(dataset->schema.target.classes == (std::vector<std::string>{"0", "1"}));
    CHECK_EQ((*file.source)->cell(1, 1), std::string("2.25"));
  }
}

LATHE_TEST("every element type reads as its numbers") {
  const auto second = [](const std::string& description, const std::string& content) {
    const OpenedText file(npy(description, false, "(3, 1)", content), "d.npy");
    return file.source ? (*file.source)->cell(1, 0) : file.openCode();
  };
  CHECK_EQ(second("<f4", raw<float>({0, 1.5F, 2})), std::string("1.5"));
  CHECK_EQ(second("|i1", raw<std::int8_t>({0, -7, 2})), std::string("-7"));
  CHECK_EQ(second("<i2", raw<std::int16_t>({0, -700, 2})), std::string("-700"));
  CHECK_EQ(second(">i2", raw<std::int16_t>({0, 0x0102, 2})), std::string("513"));
  CHECK_EQ(second("<i4", raw<std::int32_t>({0, -70000, 2})), std::string("-70000"));
  CHECK_EQ(second("<i8", raw<std::int64_t>({0, -7000000000, 2})), std::string("-7000000000"));
  CHECK_EQ(second("|u1", raw<std::uint8_t>({0, 200, 2})), std::string("200"));
  CHECK_EQ(second("<u2", raw<std::uint16_t>({0, 60000, 2})), std::string("60000"));
  CHECK_EQ(second("<u4", raw<std::uint32_t>({0, 4000000000, 2})), std::string("4000000000"));
  CHECK_EQ(second("<u8", raw<std::uint64_t>({0, 1ULL << 40, 2})), std::string("1099511627776"));
  CHECK_EQ(second("|b1", raw<std::uint8_t>({0, 1, 0})), std::string("True"));
  CHECK_EQ(second("<U2", raw<std::uint32_t>({'a', 0, 'b', 0xfc, 'c', 0})), std::string("bü"));
  CHECK_EQ(second("<c16", std::string(48, '\0')), std::string("data.npy_kind"));
  CHECK_EQ(second("|O", std::string(24, '\0')), std::string("data.npy_kind"));
}

LATHE_TEST(".npz with train and test arrays brings its own test split") {
  const TempFolder folder;
  std::vector<float> train;
  std::vector<std::int64_t> labels;
  for (int i = 0; i < 40; ++i) {
    train.insert(train.end(), {static_cast<float>(i) * 0.3F, static_cast<float>(i % 7)});
    labels.push_back(i % 3);
  }
  writeNpz(folder / "d.npz", {{"x_train", npy("<f4", false, "(40, 2)", raw(train))},
                              {"y_train", npy("<i8", false, "(40,)", raw(labels))},
                              {"x_test", npy("<f4", false, "(2, 2)", raw<float>({1, 2, 3, 4}))},
                              {"y_test", npy("<i8", false, "(2,)", raw<std::int64_t>({0, 2}))}});
  const auto source = data::openData(folder / "d.npz", {});
  REQUIRE_OK(source);
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK_EQ(dataset->rows, std::size_t{42});
  CHECK_EQ(dataset->schema.target.name, std::string("y"));
  CHECK(dataset->split.test == (std::vector<std::uint32_t>{40, 41}));
  CHECK_EQ(dataset->table[41 * 2 + 1], 4.0F);
  CHECK_EQ(dataset->classes[41], 2);
}

LATHE_TEST(".npz with three or four dimensions of X holds images") {
  const TempFolder folder;
  std::string pixels;
  for (int i = 0; i < 10 * 4 * 2 * 3; ++i) pixels += static_cast<char>(i % 256);
  writeNpz(folder / "d.npz", {{"X", npy("|u1", false, "(10, 4, 2, 3)", pixels)},
                              {"y", npy("<i4", false, "(10,)", raw<std::int32_t>({0, 1, 0, 1, 0, 1, 0, 1, 0, 1}))}});
  const auto source = data::openData(folder / "d.npz", {});
  REQUIRE_OK(source);
  const auto dataset = (*source)->dataset({});
  REQUIRE_OK(dataset);
  CHECK(dataset->schema.inputShape == (spec::Shape{3, 4, 2}));
  CHECK_EQ(dataset->pixels[1], std::uint8_t{3});  // the red of the second pixel
  CHECK_EQ(dataset->pixels[8], std::uint8_t{1});  // the green of the first
}

LATHE_TEST("damaged and unknown NumPy files are refused") {
  const auto codeOf = [](const std::string& bytes) { return OpenedText(bytes, "d.npy").openCode(); };
  const auto whole = npy("<f8", false, "(4, 2)", raw<double>({1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK_EQ(codeOf(whole), std::string());
  CHECK_EQ(codeOf(whole.substr(0, whole.size() - 8)), std::string("data.damaged_npy"));
  CHECK_EQ(codeOf(whole.substr(0, 20)), std::string("data.damaged_npy"));
  CHECK_EQ(codeOf(npy("<f8", false, "(999999999999999999, 999999999999999999)", raw<double>({1}))),
           std::string("data.damaged_npy"));
  CHECK_EQ(codeOf(npy("<f8", false, "(0, 3)", "")), std::string("data.damaged_npy"));
  CHECK_EQ(codeOf(npy("<f8", false, "(2, 2, 2)", raw<double>({1, 2, 3, 4, 5, 6, 7, 8}))),
           std::string("data.npy_shape"));
  CHECK_EQ(codeOf("PK\x03\x04 and then nothing"), std::string("data.damaged_npz"));
  const TempFolder folder;
  writeNpz(folder / "d.npz", {{"a", npy("<f8", false, "(2,)", raw<double>({1, 2}))},
                              {"b", npy("<f8", false, "(2,)", raw<double>({1, 2}))}});
  CHECK_EQ(data::openData(folder / "d.npz", {}).error().code, std::string("data.npz_arrays"));
}
