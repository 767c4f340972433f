// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <filesystem>
#include <fstream>
#include <model_spec.pb.h>
#include <open_inference.pb.h>
#include <string>
#include <vector>
#include <zip.h>

#include "core/engine/checkpoint.h"
#include "core/exporting/manifest.h"
#include "core/spec/schema.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"
#include "tests/support/gzip.h"

// Writes sound inputs for each fuzzer into FOLDER/FUZZER/, so that its changes start where the readers get to work.
namespace {

namespace fs = std::filesystem;
using namespace lathe;
using tests::gzipped;

void put(const fs::path& folder, const std::string& name, const std::string& bytes) {
  fs::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string utf16(const std::string& text, bool bigEndian) {
  std::string bytes = bigEndian ? "\xfe\xff" : "\xff\xfe";
  for (const char c : text) bytes += bigEndian ? std::string{'\0', c} : std::string{c, '\0'};
  return bytes;
}

std::string mixedTable(char delimiter, const std::string& lineEnd) {
  const auto row = [&](std::initializer_list<std::string> cells) {
    std::string line;
    for (const auto& cell : cells) line += (line.empty() ? "" : std::string(1, delimiter)) + cell;
    return line + lineEnd;
  };
  std::string text = row({"id", "\"a, b\"", "when", "us", "flag", "zip", "big", "class"});
  for (int i = 0; i < 24; ++i) {
    const auto n = std::to_string(10 + i % 18);
    text += row({std::to_string(i), i % 7 == 0 ? "NA" : "-" + n + ".5e-3", "2024-02-" + n + "T10:00:00Z",
                 "02/" + n + "/2024", i % 2 == 0 ? "yes" : "No", "00" + n, "92233720368547758" + n,
                 "\"v \"\"" + std::to_string(i % 3) + "\"\"\""});
  }
  return text;
}

void tables(const fs::path& folder) {
  const auto table = mixedTable(',', "\n");
  put(folder, "comma", table);
  put(folder, "crlf", mixedTable(';', "\r\n"));
  put(folder, "cr", mixedTable('\t', "\r"));
  put(folder, "decimal-comma", "a;b;y\n1,5;2;x\n3,25;4;y\n-0,5;;x\n1e400;7;y\n");
  put(folder, "spaces", "  1   2.5  3\n  4   5.5  6\n 7 8.25 9\n");
  put(folder, "utf16le", utf16(table, false));
  put(folder, "utf16be", utf16(table, true));
  put(folder, "bom", "\xef\xbb\xbf" + table);
  put(folder, "latin1",
      "stra\xdf"
      "e,y\ncaf\xe9,1\nna\xefve,2\n\x80uro,3\n");
  put(folder, "gbk", "\xc3\xfb\xd7\xd6,y\n\xd6\xd0\xce\xc4,1\n\xb1\xb1\xbe\xa9,2\n");
  put(folder, "gzip", gzipped(table));
  put(folder, "written",
      "a;b;c;d;y\n\"1,234.5\";5 %;$7;(3);1 Mar 2024 10:00 PM\n1;-1%;$1,000;4;2 Mar 2024 1:30 AM\n"
      "2;3%;-$2;5;3 Mar 2024 12:00 PM\n");
  put(folder, "units", "l,m,day,y\n(cm),(kg),,\n1.5,2,20240301,a\n2.5,3,20240302,b\n3.5,4,20240303,a\n4.5,5,,b\n");
  put(folder, "counted", "4,3,,\n\"a\",\"b\",\"c\",\"y\"\n1,2,3,0\n4,5,6,1\n7,8,9,0\n1,1,1,1\n");
  put(folder, "quoted-lines", "a,b\n\"1\n2\",x\n\"3\r\n\"\"4\",y\n");
}

std::string npyHeader(const std::string& kind, const char* order, const std::string& shape, char version = 1) {
  std::string header = "{'descr': '" + kind + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  const std::size_t before = version == 1 ? 10 : 12;
  header.resize((before + header.size() + 64) / 64 * 64 - before - 1, ' ');
  header += '\n';
  std::string bytes = std::string("\x93NUMPY") + version + '\0' + static_cast<char>(header.size()) + '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header;
}

std::string counting(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 11 % 61);
  return bytes;
}

std::string zipped(const fs::path& scratch, const std::vector<std::pair<std::string, std::string>>& entries,
                   bool deflated) {
  fs::create_directories(scratch.parent_path());
  int code = 0;
  zip_t* archive = zip_open(scratch.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive == nullptr) return {};
  for (const auto& [name, bytes] : entries) {
    const auto index =
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    if (index >= 0)
      zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  if (zip_close(archive) != 0) zip_discard(archive);
  std::ifstream in(scratch, std::ios::binary);
  std::string whole((std::istreambuf_iterator<char>(in)), {});
  fs::remove(scratch);
  return whole;
}

// The first byte tells the fuzzer which name the file gets.
void arrays(const fs::path& folder) {
  put(folder, "f4", '0' + npyHeader("<f4", "True", "(8, 3)") + counting(96));
  put(folder, "f2", '0' + npyHeader("<f2", "False", "(8, 3)") + counting(48));
  put(folder, "i8-swapped", '0' + npyHeader(">i8", "False", "(6, 2)") + counting(96));
  put(folder, "bool", '0' + npyHeader("|b1", "False", "(12, 2)") + counting(24));
  put(folder, "text", '0' + npyHeader("<U2", "False", "(6, 2)") + counting(96));
  put(folder, "version3", '0' + npyHeader("<u2", "False", "(8, 3)", 3) + counting(48));
  const auto x = npyHeader("|u1", "False", "(8, 3)") + counting(24);
  const auto y = npyHeader("<i4", "False", "(8,)") + counting(32);
  const auto pixels = npyHeader("|u1", "False", "(8, 4, 4, 3)") + counting(384);
  put(folder, "stored", '1' + zipped(folder / "scratch", {{"X.npy", x}, {"y.npy", y}}, false));
  put(folder, "deflated", '1' + zipped(folder / "scratch", {{"X.npy", x}, {"y.npy", y}}, true));
  put(folder, "images", '1' + zipped(folder / "scratch", {{"x_train.npy", pixels}, {"y_train.npy", y}}, false));
}

std::string idx(const std::vector<unsigned>& shape, std::size_t count) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const auto size : shape) bytes += std::string{'\0', '\0', '\0', static_cast<char>(size)};
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 4);
  return bytes;
}

// As fuzz_idx takes them: a byte of switches, the length of the images in two bytes, images, labels.
void idxPairs(const fs::path& folder) {
  const auto pair = [](char switches, const std::string& images, const std::string& labels) {
    return std::string{switches, static_cast<char>(images.size() >> 8), static_cast<char>(images.size())} + images +
           labels;
  };
  const auto images = idx({12, 3, 2}, 72);
  const auto colour = idx({6, 3, 2, 2}, 72);
  put(folder, "grey", pair(0, images, idx({12}, 12)));
  put(folder, "colour", pair(0, colour, idx({6}, 6)));
  put(folder, "gzip", pair(1, gzipped(images), gzipped(idx({12}, 12))));
  put(folder, "test-part", pair(2, images, idx({12}, 12)));
}

std::string number(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
  return out;
}

// What torch.save() writes of {"a": 2 x 3 numbers}, new and old, and the same as safetensors.
void weights(const fs::path& folder) {
  const auto text = [](const std::string& value) { return "X" + number(value.size(), 4) + value; };
  const auto tensor = [&](bool old) {
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") +
           text("cpu") + "K\x06" + (old ? "N" : "") + "tQK" + std::string(1, '\0') +
           "(K\x02K\x03t(K\x03K\x01t\x89"
           "ccollections\nOrderedDict\n)RtR";
  };
  const auto dictionary = [&](bool old) {
    return std::string("\x80\x02") + "ccollections\nOrderedDict\nq\x01)R(" + text("a") + tensor(old) + "u.";
  };
  put(folder, "zip",
      zipped(folder / "scratch", {{"a/data.pkl", dictionary(false)}, {"a/data/0", counting(24)}, {"a/version", "3\n"}},
             false));
  const std::string magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
  put(folder, "old",
      magic + "\x80\x02M\xe9\x03." + "\x80\x02}." + dictionary(true) + "\x80\x02](" + text("0") + "e." + number(6, 8) +
          counting(24));
  const std::string header = R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})";
  put(folder, "safetensors", number(header.size(), 8) + header + counting(24));
}

spec::ModelDescription tableModel(const std::string& name) {
  spec::ModelDescription model;
  model.schema.inputShape = {4};
  model.schema.features = {{"alcohol", spec::ColumnKind::Real, 0, 1, {}},
                           {"when", spec::ColumnKind::DateTime, 1, 2, {}},
                           {"colour", spec::ColumnKind::Category, 3, 1, {"red", "white"}}};
  model.schema.task = spec::Task::Classification;
  model.schema.target = {"class", {"a", "b", "c"}};
  model.fitted.features.resize(3);
  model.fitted.features[0].indicator = true;
  model.fitted.classFrequencies = {0.5, 0.25, 0.25};
  const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                      model.schema.task, 100};
  if (const auto graph = spec::buildTemplate(name, {}, context); graph) model.graph = *graph;
  return model;
}

void descriptions(const fs::path& folder) {
  spec::ExperimentSpec plain;
  put(folder / "fuzz_spec", "plain", spec::toJson(plain, -1));
  plain.data.roles["a.b"] = spec::ColumnRole::Ignore;
  plain.data.kinds["zip"] = spec::ColumnKind::Category;
  plain.data.target = "y";
  plain.model.graph = tableModel("mlp").graph;
  put(folder / "fuzz_spec", "graph", spec::toJson(plain, 2));
  for (const char* name : {"mlp", "resmlp"}) put(folder / "fuzz_model", name, spec::toJson(tableModel(name)));
  exporting::ExportManifest manifest;
  manifest.name = "wine";
  manifest.created = "2026-11-24T05:03:10.123Z";
  manifest.schema = tableModel("mlp").schema;
  manifest.files.resize(1);
  manifest.files[0].path = "wine.pt";
  manifest.files[0].format = "torchscript";
  manifest.files[0].sha256 = std::string(64, 'a');
  manifest.referenceRows = {{1, 2, 3, 0}};
  manifest.referenceOutputs = {{0.25F, 0.5F, 0.25F}};
  put(folder / "fuzz_manifest", "wine", exporting::toJson(manifest));
  engine::Checkpoint checkpoint;
  checkpoint.meta = {{"format", "lathe"}, {"model", spec::toJson(tableModel("mlp"))}};
  checkpoint.tensors.push_back({"a", "F32", {2, 3}, std::vector<std::uint8_t>(24, 7)});
  checkpoint.tensors.push_back({"scalar", "I64", {}, std::vector<std::uint8_t>(8, 1)});
  fs::create_directories(folder / "fuzz_checkpoint");
  (void)engine::writeCheckpoint(checkpoint, folder / "fuzz_checkpoint" / "small");
}

// The first character is what chooses protocol and model (fuzz_serving_json.cpp, fuzz_serving_proto.cpp).
void requests(const fs::path& folder) {
  const auto json = folder / "fuzz_serving_json";
  put(json, "object",
      std::string("\x04", 1) + R"({"size":1.5,"colour":"red","day":"2024-01-31","ok":true,"words":"a b"})");
  put(json, "instances",
      std::string("\x01", 1) + R"({"signature_name":"serving_default","instances":[[1,NaN],{"input_tensor":[3,4]}]})");
  put(json, "columns",
      std::string("\x05", 1) +
          R"({"inputs":{"size":[1],"colour":["red"],"day":[""],"ok":[{"b64":"eWVz"}],"words":["x"]}})");
  put(json, "infer",
      std::string("\x02", 1) +
          R"({"id":"1","inputs":[{"name":"input_tensor","datatype":"FP32","shape":[1,2],"data":[[1,2]]}]})");
  put(json, "binary",
      std::string("\x02", 1) +
          R"({"inputs":[{"name":"input_tensor","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":8}}]})" +
          std::string(8, '\0'));
  put(json, "image", std::string("\x08", 1) + R"({"instances":[{"b64":"iVBORw0KGgo="}]})");
  put(json, "window", std::string("\x0c", 1) + R"([{"a":1,"b":"u"},[2,0],[3,"v"]])");
  put(json, "csv", std::string("\x07", 1) + "size,colour,day,ok,words\n1,red,2024-01-31,yes,\"a, b\"\n");
  tensorflow::serving::PredictRequest predict;
  predict.mutable_model_spec()->set_signature_name("predict_signature");
  auto& tensor = (*predict.mutable_inputs())["input_tensor"];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  for (const int size : {1, 2}) tensor.mutable_tensor_shape()->add_dim()->set_size(size);
  tensor.add_float_val(1);
  put(folder / "fuzz_serving_proto", "predict", std::string(1, '\0') + predict.SerializeAsString());
  tensorflow::serving::ClassificationRequest classify;
  auto& features =
      *classify.mutable_input()->mutable_example_list()->add_examples()->mutable_features()->mutable_feature();
  features["x"].mutable_float_list()->add_value(1);
  features["y"].mutable_int64_list()->add_value(2);
  put(folder / "fuzz_serving_proto", "classify", "\x01" + classify.SerializeAsString());
  inference::ModelInferRequest infer;
  auto& input = *infer.add_inputs();
  input.set_name("input_tensor");
  input.set_datatype("FP32");
  for (const int size : {1, 2}) input.add_shape(size);
  infer.add_raw_input_contents(std::string(8, '\0'));
  put(folder / "fuzz_serving_proto", "infer", "\x02" + infer.SerializeAsString());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const fs::path folder = arguments[1];
  tables(folder / "fuzz_table");
  arrays(folder / "fuzz_npy");
  idxPairs(folder / "fuzz_idx");
  weights(folder / "fuzz_weights");
  descriptions(folder);
  requests(folder);
  return 0;
}
