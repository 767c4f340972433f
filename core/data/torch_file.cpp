// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <zip.h>

#include "core/data/parallel.h"
#include "core/data/tensor_pickle.h"

// What torch.save() writes: since PyTorch 1.6 an uncompressed zip archive with one pickle and one entry a storage,
// before that four pickles and the storages one after another.
namespace lathe::data {
namespace {

using Kind = PickleValue::Kind;
using Outcome = PickleReader::Outcome;

constexpr std::uint64_t largestPickle = std::uint64_t{128} << 20;
constexpr int deepest = 16;

Result<void> judge(Outcome outcome, const PickleReader& reader, const std::filesystem::path& file) {
  if (outcome == Outcome::Done) return {};
  if (outcome == Outcome::Elements) return unknownElements(file, reader.named());
  if (outcome == Outcome::Damaged) return damagedWeights(file);
  return fail(
      "weights.code",
      LATHE_TEXT("errors", "{file} holds more than tensors ({name}), which would have to be executed to be read."),
      LATHE_TEXT("errors", "Save the numbers alone, torch.save(model.state_dict(), FILE), or use safetensors."),
      {{"file", file.string()}, {"name", reader.named().substr(0, 80)}});
}

/// The bytes of a storage by its key.
using StorageBytes = std::function<Result<std::string_view>(const PickleValue& storage)>;

/// Walks the dictionaries of a pickle and copies the tensors that it finds.
class TensorCollector {
 public:
  TensorCollector(const std::filesystem::path& file, const PickleReader& reader, const JobContext& job,
                  StorageBytes bytes)
      : m_file(file), m_reader(reader), m_job(job), m_bytes(std::move(bytes)), m_room(mostFloats()) {}

  Result<std::vector<StoredTensor>> collect() {
    LATHE_TRY(walk(m_reader.root(), "", 0));
    if (m_tensors.empty())
      return fail("weights.empty", LATHE_TEXT("errors", "{file} holds no tensors."),
                  LATHE_TEXT("errors", "Choose another file."), {{"file", m_file.string()}});
    return std::move(m_tensors);
  }

 private:
  // A dictionary may stand in several places, or in itself; each value is looked at a bounded number of times.
  Result<void> walk(std::uint32_t index, const std::string& name, int depth) {
    const auto& value = m_reader.values()[index];
    if (depth > deepest || ++m_steps > m_reader.values().size() + 1) return damagedWeights(m_file);
    if (value.kind == Kind::Tensor) return take(value, name);
    if (value.kind != Kind::Dict) return {};
    for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
      const auto& key = m_reader.values()[value.items[i]];
      if (key.kind != Kind::Text && key.kind != Kind::Int) continue;
      const auto part = key.kind == Kind::Text ? key.text : std::to_string(key.number);
      if (name.size() + part.size() > 4096) return damagedWeights(m_file);
      auto path = name.empty() ? std::string() : name + ".";
      path += part;
      LATHE_TRY(walk(value.items[i + 1], path, depth + 1));
    }
    return {};
  }

  Result<void> take(const PickleValue& tensor, const std::string& name) {
    if (m_job.cancelled()) return cancelledError();
    const auto& storage = m_reader.values()[tensor.items[0]];
    const auto count = elementsOf(tensor.shape);
    const auto held = static_cast<std::uint64_t>(storage.number);
    // A weight is never larger than what it is stored in.
    if (!count || *count > held) return damagedWeights(m_file);
    std::uint64_t last = static_cast<std::uint64_t>(tensor.number);
    for (std::size_t i = 0; i < tensor.shape.size() && *count > 0; ++i) {
      const auto steps = static_cast<std::uint64_t>(tensor.shape[i] - 1);
      const auto stride = static_cast<std::uint64_t>(tensor.strides[i]);
      if (stride > held || (steps > 0 && stride > held / steps)) return damagedWeights(m_file);
      last += steps * stride;
    }
    if (*count > 0 && last >= held) return damagedWeights(m_file);
    LATHE_ASSIGN(bytes, m_bytes(storage));
    const auto size = bytesOf(storage.elements);
    if (*count > 0 && bytes.size() / size <= last) return damagedWeights(m_file);
    if (*count > m_room) return outOfMemory();
    m_room -= *count;
    StoredTensor out{name, tensor.shape, std::vector<float>(*count)};
    copy(tensor, storage.elements, bytes.data(), out.values);
    m_tensors.push_back(std::move(out));
    return {};
  }

  static void copy(const PickleValue& tensor, ElementKind kind, const char* bytes, std::vector<float>& out) {
    const auto size = bytesOf(kind);
    auto place = static_cast<std::uint64_t>(tensor.number);
    std::vector<std::int64_t> at(tensor.shape.size(), 0);
    for (float& value : out) {
      value = elementAt(kind, bytes + place * size);
      for (std::size_t d = at.size(); d-- > 0;) {
        place += static_cast<std::uint64_t>(tensor.strides[d]);
        if (++at[d] < tensor.shape[d]) break;
        place -= static_cast<std::uint64_t>(tensor.strides[d]) * static_cast<std::uint64_t>(tensor.shape[d]);
        at[d] = 0;
      }
    }
  }

  const std::filesystem::path& m_file;
  const PickleReader& m_reader;
  const JobContext& m_job;
  StorageBytes m_bytes;
  std::uint64_t m_room;
  std::uint64_t m_steps = 0;
  std::vector<StoredTensor> m_tensors;
};

class Archive {
 public:
  explicit Archive(const std::filesystem::path& file) : m_file(file) {
    int code = 0;
    m_zip.reset(zip_open(file.c_str(), ZIP_RDONLY, &code));
  }
  [[nodiscard]] bool open() const { return m_zip != nullptr; }

  /// The folder that everything lies in, with its slash; finds the one that holds data.pkl.
  bool findFolder() {
    constexpr zip_int64_t mostEntries = 1'000'000;
    const auto entries = std::min<zip_int64_t>(zip_get_num_entries(m_zip.get(), 0), mostEntries);
    for (zip_int64_t i = 0; i < entries; ++i) {
      const char* raw = zip_get_name(m_zip.get(), static_cast<zip_uint64_t>(i), 0);
      const std::string name = raw == nullptr ? "" : raw;
      if (!name.ends_with("data.pkl")) continue;
      m_folder = name.substr(0, name.size() - std::strlen("data.pkl"));
      return true;
    }
    return false;
  }
  [[nodiscard]] bool has(const char* name) const {
    return zip_name_locate(m_zip.get(), (m_folder + name).c_str(), 0) >= 0;
  }

  /// Refuses what is compressed: torch never does that, and it could become any size.
  Result<std::string> read(const std::string& name, std::uint64_t limit) {
    const auto index = zip_name_locate(m_zip.get(), (m_folder + name).c_str(), 0);
    zip_stat_t about;
    if (index < 0 || zip_stat_index(m_zip.get(), static_cast<zip_uint64_t>(index), 0, &about) != 0)
      return damagedWeights(m_file);
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
    if ((about.valid & needed) != needed || about.comp_method != ZIP_CM_STORE) return damagedWeights(m_file);
    std::error_code error;
    if (about.size > std::filesystem::file_size(m_file, error)) return damagedWeights(m_file);
    if (about.size > limit) return outOfMemory();
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> entry(
        zip_fopen_index(m_zip.get(), static_cast<zip_uint64_t>(index), 0), &zip_fclose);
    if (!entry) return damagedWeights(m_file);
    std::string content(about.size, '\0');
    for (std::size_t have = 0; have < content.size();) {
      const auto got = zip_fread(entry.get(), content.data() + have, content.size() - have);
      if (got <= 0) return damagedWeights(m_file);
      have += static_cast<std::size_t>(got);
    }
    // Reading on to the end is what compares the checksum.
    char more = 0;
    if (zip_fread(entry.get(), &more, 1) != 0) return damagedWeights(m_file);
    return content;
  }

 private:
  const std::filesystem::path& m_file;
  std::unique_ptr<zip_t, void (*)(zip_t*)> m_zip{nullptr, &zip_discard};
  std::string m_folder;
};

}  // namespace

Result<WeightFile> readTorchZip(const std::filesystem::path& file, const JobContext& job) {
  Archive archive(file);
  if (!archive.open()) return damagedWeights(file);
  if (!archive.findFolder())
    return fail("weights.unknown_format",
                LATHE_TEXT("errors", "{file} is no file of weights: neither safetensors nor written by torch.save()."),
                LATHE_TEXT("errors", "Choose a .safetensors file, or a .pth file with a state_dict()."),
                {{"file", file.string()}});
  if (archive.has("constants.pkl"))
    return fail("weights.torchscript", LATHE_TEXT("errors", "{file} is a TorchScript program, not a file of weights."),
                LATHE_TEXT("errors", "Save its numbers alone in Python: torch.save(model.state_dict(), FILE)."),
                {{"file", file.string()}});
  if (archive.has("byteorder")) {
    LATHE_ASSIGN(order, archive.read("byteorder", 16));
    if (order.rfind("little", 0) != 0) return unknownElements(file, "big-endian");
  }
  LATHE_ASSIGN(text, archive.read("data.pkl", largestPickle));
  PickleReader reader(text);
  LATHE_TRY(judge(reader.read(), reader, file));
  // Tensors that share a storage stand one after another, so the last one is enough.
  std::string held, heldKey;
  bool holds = false;
  const auto bytes = [&](const PickleValue& storage) -> Result<std::string_view> {
    if (!holds || heldKey != storage.text) {
      LATHE_ASSIGN(content, archive.read("data/" + storage.text, mostFloats() * sizeof(float)));
      held = std::move(content);
      heldKey = storage.text;
      holds = true;
    }
    return std::string_view(held);
  };
  LATHE_ASSIGN(tensors, TensorCollector(file, reader, job, bytes).collect());
  return WeightFile{"pth", std::move(tensors)};
}

Result<WeightFile> readTorchLegacy(const std::filesystem::path& file, std::string_view content, const JobContext& job) {
  // Ten bytes of a number that PyTorch begins these files with, and the version after it.
  constexpr std::string_view magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
  constexpr std::int64_t version = 1001;
  if (!content.starts_with(magic)) return damagedWeights(file);
  std::string_view rest = content;
  const auto next = [&](PickleReader& reader) -> Result<void> {
    LATHE_TRY(judge(reader.read(), reader, file));
    rest.remove_prefix(reader.position());
    return {};
  };
  for (int i = 0; i < 3; ++i) {
    PickleReader reader(rest.substr(0, largestPickle));
    LATHE_TRY(next(reader));
    if (i == 1 && reader.values()[reader.root()].number != version) return damagedWeights(file);
  }
  PickleReader reader(rest.substr(0, largestPickle));
  LATHE_TRY(next(reader));
  PickleReader keys(rest.substr(0, largestPickle));
  LATHE_TRY(next(keys));
  const auto& list = keys.values()[keys.root()];
  if (list.kind != Kind::List) return damagedWeights(file);
  std::map<std::string, ElementKind> kinds;
  for (const auto& value : reader.values())
    if (value.kind == Kind::Storage) kinds.emplace(value.text, value.elements);
  std::map<std::string, std::string_view> storages;
  for (const auto index : list.items) {
    const auto& key = keys.values()[index];
    const auto kind = kinds.find(key.text);
    std::uint64_t count = 0;
    if (key.kind != Kind::Text || kind == kinds.end() || rest.size() < sizeof(count)) return damagedWeights(file);
    std::memcpy(&count, rest.data(), sizeof(count));
    rest.remove_prefix(sizeof(count));
    if (count > rest.size() / bytesOf(kind->second)) return damagedWeights(file);
    const auto size = count * bytesOf(kind->second);
    storages[key.text] = rest.substr(0, size);
    rest.remove_prefix(size);
  }
  const auto bytes = [&](const PickleValue& storage) -> Result<std::string_view> {
    const auto found = storages.find(storage.text);
    if (found == storages.end()) return damagedWeights(file);
    // The same key as another kind of number would not fit.
    if (kinds[storage.text] != storage.elements) return damagedWeights(file);
    return found->second;
  };
  LATHE_ASSIGN(tensors, TensorCollector(file, reader, job, bytes).collect());
  return WeightFile{"pth (old)", std::move(tensors)};
}

}  // namespace lathe::data
