// SPDX-License-Identifier: GPL-3.0-or-later
// Files of weights: what torch.save() and safetensors write, byte by byte, and what strangers might.
#include <cstring>
#include <fstream>
#include <map>
#include <zip.h>

#include "core/data/weight_file.h"
#include "tests/data/data_helpers.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string little(std::uint64_t value, std::size_t bytes = 8) {
  std::string out(bytes, '\0');
  std::memcpy(out.data(), &value, bytes);
  return out;
}

Result<data::WeightFile> readBytes(const std::string& bytes, const std::string& name = "weights.bin") {
  const TempFolder folder;
  writeBytes(folder / name, bytes);
  return data::readWeightFile(folder / name);
}

std::string codeOf(const std::string& bytes) {
  const auto read = readBytes(bytes);
  return read ? std::string() : read.error().code;
}

std::string safetensors(const std::string& header, const std::string& content) {
  return little(header.size()) + header + content;
}

const data::StoredTensor& tensor(const data::WeightFile& file, const std::string& name) {
  for (const auto& each : file.tensors)
    if (each.name == name) return each;
  testing::reportFailure(__FILE__, __LINE__, "no tensor " + name);
  throw testing::CaseEnded{};
}

// Pickle's opcodes, as torch.save() uses them.
std::string text(const std::string& value) { return "X" + little(value.size(), 4) + value; }
std::string integer(std::int64_t value) { return "J" + little(static_cast<std::uint64_t>(value), 4); }
std::string global(const std::string& module, const std::string& name) { return "c" + module + "\n" + name + "\n"; }
std::string tuple(const std::vector<std::int64_t>& values) {
  std::string out = "(";
  for (const auto value : values) out += integer(value);
  return out + "t";
}

struct Storage {
  std::string type = "FloatStorage";
  std::string key = "0";
  std::int64_t count = 0;
};

std::string tensorCode(const Storage& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, bool legacy = false) {
  return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") + global("torch", storage.type) +
         text(storage.key) + text("cpu") + integer(storage.count) + (legacy ? "N" : "") + "tQ" + integer(offset) +
         tuple(shape) + tuple(strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

std::string dictionary(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out = global("collections", "OrderedDict") + ")R(";
  for (const auto& [name, code] : entries) out += text(name) + code;
  return out + "u";
}

std::string pickle(const std::string& code) { return "\x80\x02" + code + "."; }

std::string zipped(const std::vector<std::pair<std::string, std::string>>& entries, bool compressed = false) {
  const TempFolder folder;
  const auto path = folder / "a.pth";
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  for (const auto& [name, bytes] : entries) {
    const auto index =
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  zip_close(archive);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string torchFile(const std::string& code, const std::map<std::string, std::string>& storages,
                      bool compressed = false) {
  std::vector<std::pair<std::string, std::string>> entries{{"archive/data.pkl", pickle(code)}};
  for (const auto& [key, bytes] : storages) entries.emplace_back("archive/data/" + key, bytes);
  entries.emplace_back("archive/version", "3\n");
  return zipped(entries, compressed);
}

const std::vector<float> six{0, 1, 2, 3, 4, 5};

}  // namespace

LATHE_TEST("a safetensors file gives its tensors, whatever their element type") {
  const std::vector<std::uint16_t> half{0x3c00, 0xc000, 0x0001, 0x7bff};   // 1, -2, 2^-24, 65504
  const std::vector<std::uint16_t> brain{0x3f80, 0xc040, 0x0000, 0x4248};  // 1, -3, 0, 50
  const auto content = raw(six) + raw(std::vector<double>{1e-3, -7}) + raw(half) + raw(brain) +
                       raw(std::vector<std::int64_t>{-5}) + std::string("\x01\x00", 2);
  const auto read = readBytes(safetensors(R"({"__metadata__":{"format":"pt"},
    "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}, "b":{"dtype":"F64","shape":[2],"data_offsets":[24,40]},
    "c":{"dtype":"F16","shape":[4],"data_offsets":[40,48]}, "d":{"dtype":"BF16","shape":[4],"data_offsets":[48,56]},
    "e":{"dtype":"I64","shape":[],"data_offsets":[56,64]}, "f":{"dtype":"BOOL","shape":[2],"data_offsets":[64,66]}})",
                                          content));
  REQUIRE_OK(read);
  CHECK_EQ(read->format, std::string("safetensors"));
  CHECK(tensor(*read, "a").shape == (spec::Shape{2, 3}));
  CHECK(tensor(*read, "a").values == six);
  CHECK(tensor(*read, "b").values == (std::vector<float>{1e-3F, -7}));
  CHECK(tensor(*read, "c").values == (std::vector<float>{1, -2, 5.9604645e-8F, 65504}));
  CHECK(tensor(*read, "d").values == (std::vector<float>{1, -3, 0, 50}));
  CHECK(tensor(*read, "e").shape.empty());
  CHECK(tensor(*read, "e").values == (std::vector<float>{-5}));
  CHECK(tensor(*read, "f").values == (std::vector<float>{1, 0}));
}

LATHE_TEST("a safetensors header is checked before it is believed") {
  const auto whole = raw(six);
  const auto entry = [&](const std::string& fields) { return codeOf(safetensors("{\"a\":{" + fields + "}}", whole)); };
  CHECK_EQ(entry(R"("dtype":"F32","shape":[6],"data_offsets":[0,24])"), std::string());
  for (const auto* wrong :
       {R"("dtype":"F32","shape":[7],"data_offsets":[0,24])", R"("dtype":"F32","shape":[6],"data_offsets":[0,25])",
        R"("dtype":"F32","shape":[6],"data_offsets":[4,28])", R"("dtype":"F32","shape":[6],"data_offsets":[24,0])",
        R"("dtype":"F32","shape":[-6],"data_offsets":[0,24])", R"("dtype":"F32","shape":[6])",
        R"("dtype":4,"shape":[6],"data_offsets":[0,24])", R"("dtype":"F32","shape":6,"data_offsets":[0,24])",
        R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,24])",
        R"("dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,0])",
        R"("dtype":"F32","shape":[6],"data_offsets":[0,18446744073709551615])",
        R"("dtype":"F32","shape":[6],"data_offsets":[[0],24])"})
    CHECK_EQ(entry(wrong), std::string("weights.damaged"));
  CHECK_EQ(entry(R"("dtype":"F8_E4M3","shape":[24],"data_offsets":[0,24])"), std::string("weights.element_type"));
  // Two tensors in one place would be more than the file.
  CHECK_EQ(codeOf(safetensors(R"({"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},
                                  "b":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}})",
                              whole)),
           std::string("weights.damaged"));
  CHECK_EQ(codeOf(safetensors("{}", "")), std::string("weights.empty"));
  CHECK_EQ(codeOf(safetensors("{" + std::string(100000, '['), "")), std::string("weights.damaged"));
  CHECK_EQ(codeOf(safetensors("{\"a\":" + std::string(50, '[') + std::string(50, ']') + "}", "")),
           std::string("weights.damaged"));
  CHECK_EQ(codeOf(little(std::uint64_t{1} << 62) + "{}       "), std::string("weights.damaged"));
}

LATHE_TEST("a state_dict of torch.save() gives its tensors, also views, parameters and nested dictionaries") {
  const Storage storage{"FloatStorage", "0", 6};
  const auto parameter = global("torch._utils", "_rebuild_parameter") + "(" +
                         tensorCode({"DoubleStorage", "1", 2}, 0, {2}, {1}) + "\x88" +
                         global("collections", "OrderedDict") + ")RtR";
  const auto nested = dictionary({{"inner.weight", tensorCode(storage, 2, {2, 2}, {1, 2})}, {"note", text("hello")}});
  const auto code = dictionary({{"a", tensorCode(storage, 0, {2, 3}, {3, 1})},
                                {"turned", tensorCode(storage, 0, {3, 2}, {1, 3})},
                                {"state_dict", nested},
                                {"p", parameter},
                                {"counter", tensorCode({"LongStorage", "2", 1}, 0, {}, {})},
                                {"epoch", integer(7)},
                                {"lr", "G" + std::string("\x3f\xf0\0\0\0\0\0\0", 8)},
                                {"sizes", global("torch", "Size") + "(" + tuple({1, 2}) + "tR"}}) +
                    "}" + text("_metadata") + dictionary({{"", "}" + text("version") + "K\x01s"}}) + "sb";
  const auto read = readBytes(torchFile(
      code, {{"0", raw(six)}, {"1", raw(std::vector<double>{0.5, -2})}, {"2", raw(std::vector<std::int64_t>{9})}}));
  REQUIRE_OK(read);
  CHECK_EQ(read->format, std::string("pth"));
  CHECK_EQ(read->tensors.size(), std::size_t{5});
  CHECK(tensor(*read, "a").values == six);
  CHECK(tensor(*read, "turned").shape == (spec::Shape{3, 2}));
  CHECK(tensor(*read, "turned").values == (std::vector<float>{0, 3, 1, 4, 2, 5}));
  CHECK(tensor(*read, "state_dict.inner.weight").values == (std::vector<float>{2, 4, 3, 5}));
  CHECK(tensor(*read, "p").values == (std::vector<float>{0.5F, -2}));
  CHECK(tensor(*read, "counter").values == (std::vector<float>{9}));
}

LATHE_TEST("the format before PyTorch 1.6 is read as well") {
  const std::string magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
  const auto head = magic + pickle("M\xe9\x03") + pickle("}" + text("little_endian") + "\x88s");
  const auto code = dictionary({{"a", tensorCode({"FloatStorage", "77", 6}, 0, {2, 3}, {3, 1}, true)},
                                {"h", tensorCode({"HalfStorage", "78", 2}, 0, {2}, {1}, true)}});
  const auto keys = pickle("](" + text("77") + text("78") + "e");
  const auto content = little(6) + raw(six) + little(2) + raw(std::vector<std::uint16_t>{0x3c00, 0x4000});
  const auto bytes = head + pickle(code) + keys + content;
  const auto read = readBytes(bytes);
  REQUIRE_OK(read);
  CHECK(tensor(*read, "a").values == six);
  CHECK(tensor(*read, "h").values == (std::vector<float>{1, 2}));
  for (std::size_t length = 0; length < bytes.size(); ++length) CHECK(!readBytes(bytes.substr(0, length)));
  CHECK_EQ(codeOf(head + pickle(code) + keys + little(std::uint64_t{1} << 61) + raw(six)),
           std::string("weights.damaged"));
}

LATHE_TEST("a pickle that asks for anything but tensors is refused by name, and nothing of it runs") {
  const TempFolder folder;
  const auto witness = folder / "ran";
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                        {"posix", "system"},
                                                        {"builtins", "eval"},
                                                        {"torch.nn.modules.linear", "Linear"},
                                                        {"torch._utils", "_rebuild_tensor_v3"},
                                                        {"collections", "Counter"},
                                                        {"numpy", "ndarray"}}) {
    const auto code = global(module, name) + "(" + text("touch " + witness.string()) + "tR";
    const auto read = readBytes(torchFile(code, {}));
    REQUIRE(!read);
    CHECK_EQ(read.error().code, std::string("weights.code"));
    CHECK(read.error().sentence().find(module + "." + name) != std::string::npos);
    // The same named from the stack, as protocol 4 does.
    CHECK_EQ(codeOf(torchFile(text(module) + text(name) + "\x93)R", {})), std::string("weights.code"));
  }
  CHECK(!std::filesystem::exists(witness));
  CHECK_EQ(codeOf(torchFile(tensorCode({"QInt8Storage", "0", 6}, 0, {6}, {1}), {{"0", "123456"}})),
           std::string("weights.element_type"));
  // INST, OBJ, NEWOBJ, EXT1, PERSID and the text opcodes are none that tensors need.
  for (const char* opcode : {"(ios\nsystem\n", "o", "\x81", "\x82\x01", "P0\n", "I1\n", "S'a'\n", "\x92", "\x97"})
    CHECK_EQ(codeOf(torchFile(opcode, {})), std::string("weights.damaged"));
}

LATHE_TEST("a file of torch.save() is checked before it is believed") {
  const Storage storage{"FloatStorage", "0", 6};
  const auto one = [&](const Storage& s, std::int64_t offset, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides) {
    return codeOf(torchFile(dictionary({{"a", tensorCode(s, offset, shape, strides)}}), {{"0", raw(six)}}));
  };
  CHECK_EQ(one(storage, 0, {2, 3}, {3, 1}), std::string());
  CHECK_EQ(one(storage, 1, {2, 3}, {3, 1}), std::string("weights.damaged"));
  CHECK_EQ(one(storage, 0, {2, 3}, {4, 1}), std::string("weights.damaged"));
  CHECK_EQ(one(storage, 0, {2, 3}, {3}), std::string("weights.damaged"));
  CHECK_EQ(one(storage, 0, {2, -3}, {3, 1}), std::string("weights.damaged"));
  CHECK_EQ(one(storage, 0, {1000000, 1000000}, {0, 0}), std::string("weights.damaged"));
  CHECK_EQ(one(storage, 0, {2147483647, 2147483647, 2147483647}, {1, 1, 1}), std::string("weights.damaged"));
  CHECK_EQ(one({"FloatStorage", "0", 2000000000}, 0, {2000000000}, {1}), std::string("weights.damaged"));
  CHECK_EQ(one({"FloatStorage", "1", 6}, 0, {6}, {1}), std::string("weights.damaged"));
  CHECK_EQ(one({"FloatStorage", "../../data.pkl", 6}, 0, {6}, {1}), std::string("weights.damaged"));
  CHECK_EQ(codeOf(torchFile(dictionary({{"a", tensorCode(storage, 0, {6}, {1})}}), {{"0", raw(six)}}, true)),
           std::string("weights.damaged"));
  CHECK_EQ(codeOf(torchFile(dictionary({{"epoch", integer(3)}}), {})), std::string("weights.empty"));
  // A dictionary that holds itself, a stack that is empty, a mark that is missing, numbers that were never kept.
  CHECK(!readBytes(torchFile("}q\x01" + text("me") + "h\x01s", {})));
  for (const char* code : {"", "a", "u", "R", "Q", "t", "0", "s", "h\x05", "\x85", "b", "(", "q\x01", "(.", "\x94"})
    CHECK_EQ(codeOf(torchFile(code, {})), std::string("weights.damaged"));
  CHECK_EQ(codeOf(torchFile("r\xff\xff\xff\x7f", {})), std::string("weights.damaged"));
}

LATHE_TEST("a file that is cut off or changed anywhere is an error or a file, never a crash") {
  const auto code = dictionary({{"a.weight", tensorCode({"FloatStorage", "0", 6}, 0, {2, 3}, {3, 1})}});
  for (const auto& bytes : {torchFile(code, {{"0", raw(six)}}),
                            safetensors(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})", raw(six))}) {
    REQUIRE_OK(readBytes(bytes));
    const TempFolder folder;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      writeBytes(folder / "cut", std::string_view(bytes).substr(0, length));
      const auto read = data::readWeightFile(folder / "cut");
      CHECK(!read);
      CHECK(!read.error().sentence().empty());
    }
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (const int change : {1, 0x80, 0xff}) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ change);
        writeBytes(folder / "changed", changed);
        static_cast<void>(data::readWeightFile(folder / "changed"));
      }
  }
}

LATHE_TEST("other files say what they are") {
  const TempFolder folder;
  CHECK_EQ(data::readWeightFile(folder / "none.pth").error().code, std::string("file.missing"));
  CHECK(!data::readWeightFile(folder.path()));
  CHECK_EQ(codeOf(""), std::string("weights.unknown_format"));
  CHECK_EQ(codeOf("a,b\n1,2\n3,4\n"), std::string("weights.unknown_format"));
  CHECK_EQ(codeOf(zipped({{"readme.txt", "hello"}})), std::string("weights.unknown_format"));
  CHECK_EQ(codeOf(zipped({{"m/data.pkl", pickle("}")}, {"m/constants.pkl", pickle(")")}, {"m/code/x.py", ""}})),
           std::string("weights.torchscript"));
}
