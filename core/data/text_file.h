// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/progress.h"
#include "core/base/result.h"

namespace lathe::data {

/// An open file descriptor, closed at the end.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : m_descriptor(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();
  [[nodiscard]] int get() const { return m_descriptor; }

 private:
  int m_descriptor;
};

/// A text file as UTF-8 at any offset. Compressed files and other encodings are converted once into a temporary file
/// that has no name. Nothing is mapped: a file that shrinks while it is read is an error and not a signal. Thread-safe
/// after opening.
class TextFile {
 public:
  /// `encoding` as in ReadingSpec, empty: by looking. Errors: data.empty_file, data.binary_file, data.truncated_gz,
  /// data.not_a_file and those of files.
  static Result<std::shared_ptr<const TextFile>> open(const std::filesystem::path& path, const std::string& encoding,
                                                      const JobContext& job);

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] const std::string& encoding() const { return m_encoding; }
  [[nodiscard]] bool compressed() const { return m_compressed; }
  /// Bytes of UTF-8 text, without a byte order mark.
  [[nodiscard]] std::uint64_t size() const { return m_size; }
  /// Reads exactly `count` bytes at `offset`; both within size(). Error: data.changed when the file has shrunk.
  Result<void> read(std::uint64_t offset, char* out, std::size_t count) const;
  /// At most `count` bytes from the start.
  Result<std::string> head(std::size_t count) const;

 private:
  TextFile() = default;
  Result<void> inflate(const JobContext& job);
  Result<void> transcode(const JobContext& job);

  std::filesystem::path m_path;
  std::shared_ptr<OpenFile> m_file;
  std::string m_encoding;
  bool m_compressed = false;
  std::uint64_t m_base = 0;
  std::uint64_t m_size = 0;
};

/// The first bytes of a file, fewer where it is shorter.
Result<std::string> firstBytes(const std::filesystem::path& path, std::size_t count);

/// The whole of a gzip or plain file, at most `limit` bytes of content. Errors: data.truncated_gz, data.too_large.
Result<std::string> readMaybeCompressed(const std::filesystem::path& path, std::uint64_t limit, const JobContext& job);

}  // namespace lathe::data
