// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>
#include <zlib.h>

#include "core/base/files.h"
#include "core/data/encoding.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t pieceBytes = 1 << 20;

TextArgs fileArgs(const fs::path& path) { return {{"file", path.string()}}; }

Result<std::shared_ptr<OpenFile>> openRegular(const fs::path& path) {
  // Non-blocking, so that a pipe without a writer is refused instead of waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return fileError(errno, path);
  auto file = std::make_shared<OpenFile>(descriptor);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return fileError(errno, path);
  if (S_ISDIR(info.st_mode)) return fileError(EISDIR, path);
  if (!S_ISREG(info.st_mode))
    return fail("data.not_a_file", LATHE_TEXT("errors", "{file} is not an ordinary file."),
                LATHE_TEXT("errors", "Save the data into a file and open that."), fileArgs(path));
  return file;
}

std::uint64_t sizeOf(const OpenFile& file) {
  struct stat info {};
  return ::fstat(file.get(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

Result<std::shared_ptr<OpenFile>> makeTemporary() {
  std::error_code error;
  auto folder = fs::temp_directory_path(error);
  if (error) folder = "/tmp";
  auto name = (folder / "lathe-text-XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return fileError(errno, name);
  ::unlink(name.c_str());
  return std::make_shared<OpenFile>(descriptor);
}

Result<void> append(const OpenFile& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == ENOSPC || errno == EDQUOT))
      return fail("data.no_room_to_unpack",
                  LATHE_TEXT("errors", "There is no room on the disk to unpack or convert {file}."),
                  LATHE_TEXT("errors", "Free some space in the temporary folder, or unpack the file yourself."),
                  fileArgs(path));
    if (written < 0) return fileError(errno, path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> readAt(const OpenFile& file, std::uint64_t offset, char* out, std::size_t count,
                           const fs::path& path) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(file.get(), out + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fileError(errno, path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool looksCompressed(std::string_view head) { return head.starts_with("\x1f\x8b"); }

// Feeds the content of a gzip file to `take`, piece by piece.
Result<void> inflateFile(const OpenFile& file, const fs::path& path, const JobContext& job,
                         const std::function<Result<void>(std::string_view)>& take) {
  const int copy = ::dup(file.get());
  if (copy < 0) return fileError(errno, path);
  ::lseek(copy, 0, SEEK_SET);
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzdopen(copy, "rb"), &gzclose);
  if (!stream) {
    ::close(copy);
    return outOfMemory();
  }
  gzbuffer(stream.get(), 1 << 17);
  const auto total = static_cast<double>(sizeOf(file));
  std::vector<char> piece(pieceBytes);
  for (;;) {
    if (job.cancelled()) return cancelledError();
    const int got = gzread(stream.get(), piece.data(), static_cast<unsigned>(piece.size()));
    int code = Z_OK;
    gzerror(stream.get(), &code);
    if (got < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR)
      return fail("data.truncated_gz",
                  LATHE_TEXT("errors", "{file} is damaged: its compressed content ends too early."),
                  LATHE_TEXT("errors", "Download or copy the file again."), fileArgs(path));
    if (got == 0) return {};
    LATHE_TRY(take(std::string_view(piece.data(), static_cast<std::size_t>(got))));
    job.report({"unpack", static_cast<double>(gzoffset(stream.get())), total, "bytes"});
  }
}

}  // namespace

OpenFile::~OpenFile() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> TextFile::read(std::uint64_t offset, char* out, std::size_t count) const {
  LATHE_ASSIGN(got, readAt(*m_file, m_base + offset, out, count, m_path));
  if (got != count)
    return fail("data.changed", LATHE_TEXT("errors", "{file} became shorter while it was read."),
                LATHE_TEXT("errors", "Wait until the file is complete, then open it again."), fileArgs(m_path));
  return {};
}

Result<std::string> TextFile::head(std::size_t count) const {
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(count, m_size)), '\0');
  LATHE_TRY(read(0, text.data(), text.size()));
  return text;
}

Result<void> TextFile::inflate(const JobContext& job) {
  LATHE_ASSIGN(plain, makeTemporary());
  std::uint64_t written = 0;
  const std::uint64_t room = freeBytes(fs::temp_directory_path()) / 2;
  LATHE_TRY(inflateFile(*m_file, m_path, job, [&](std::string_view bytes) -> Result<void> {
    written += bytes.size();
    // A small file may unpack to more than any disk holds.
    if (written > room)
      return fail("data.no_room_to_unpack",
                  LATHE_TEXT("errors", "There is no room on the disk to unpack or convert {file}."),
                  LATHE_TEXT("errors", "Free some space in the temporary folder, or unpack the file yourself."),
                  fileArgs(m_path));
    return append(*plain, bytes, m_path);
  }));
  m_file = plain;
  m_size = written;
  m_compressed = true;
  return {};
}

Result<void> TextFile::transcode(const JobContext& job) {
  LATHE_ASSIGN(transcoder, makeTranscoder(m_encoding));
  LATHE_ASSIGN(plain, makeTemporary());
  std::string piece(pieceBytes, '\0');
  std::string text;
  std::uint64_t written = 0;
  for (std::uint64_t done = 0; done < m_size;) {
    if (job.cancelled()) return cancelledError();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(pieceBytes, m_size - done));
    LATHE_TRY(read(done, piece.data(), count));
    done += count;
    text.clear();
    transcoder->add(std::string_view(piece.data(), count), text);
    if (done == m_size) transcoder->finish(text);
    written += text.size();
    LATHE_TRY(append(*plain, text, m_path));
    job.report({"convert", static_cast<double>(done), static_cast<double>(m_size), "bytes"});
  }
  m_file = plain;
  m_base = 0;
  m_size = written;
  return {};
}

Result<std::shared_ptr<const TextFile>> TextFile::open(const fs::path& path, const std::string& encoding,
                                                       const JobContext& job) {
  const std::shared_ptr<TextFile> text(new TextFile);
  text->m_path = path;
  LATHE_ASSIGN(file, openRegular(path));
  text->m_file = file;
  text->m_size = sizeOf(*file);
  LATHE_ASSIGN(magic, text->head(2));
  if (looksCompressed(magic)) LATHE_TRY(text->inflate(job));
  LATHE_ASSIGN(head, text->head(pieceBytes));
  const auto guess = guessEncoding(head, head.size() == text->m_size);
  const bool blank = head.find_first_not_of(" \t\r\n", guess.markBytes) == std::string::npos;
  if (text->m_size <= pieceBytes && blank)
    return fail("data.empty_file", LATHE_TEXT("errors", "{file} is empty."),
                LATHE_TEXT("errors", "Choose a file with rows of values."), fileArgs(path));
  text->m_encoding = encoding.empty() ? guess.name : encodingName(encoding);
  if (text->m_encoding.empty())
    return fail("data.encoding", LATHE_TEXT("errors", "The text encoding {encoding} is not known here."),
                LATHE_TEXT("errors", "Save the file as UTF-8."), {{"encoding", encoding}});
  if (text->m_encoding == "binary" || (guess.name == "binary" && !text->m_encoding.starts_with("utf-16")))
    return fail("data.binary_file", LATHE_TEXT("errors", "{file} holds binary data, not a table as text."),
                LATHE_TEXT("errors", "Choose a CSV or TSV file, .npy, .npz, or a folder of images."), fileArgs(path));
  text->m_base = guess.markBytes;
  text->m_size -= guess.markBytes;
  if (text->m_encoding != "utf-8") LATHE_TRY(text->transcode(job));
  return std::shared_ptr<const TextFile>(text);
}

Result<std::string> firstBytes(const fs::path& path, std::size_t count) {
  LATHE_ASSIGN(file, openRegular(path));
  std::string bytes(count, '\0');
  LATHE_ASSIGN(got, readAt(*file, 0, bytes.data(), count, path));
  bytes.resize(got);
  return bytes;
}

Result<std::string> readMaybeCompressed(const fs::path& path, std::uint64_t limit, const JobContext& job) {
  LATHE_ASSIGN(file, openRegular(path));
  std::string content;
  std::string magic(2, '\0');
  LATHE_ASSIGN(got, readAt(*file, 0, magic.data(), magic.size(), path));
  magic.resize(got);
  const auto tooLarge = [&] {
    return fail("data.too_large", LATHE_TEXT("errors", "{file} holds more than this machine can take."),
                LATHE_TEXT("errors", "Use a smaller file."), fileArgs(path));
  };
  if (!looksCompressed(magic)) {
    if (sizeOf(*file) > limit) return tooLarge();
    content.resize(static_cast<std::size_t>(sizeOf(*file)));
    LATHE_ASSIGN(whole, readAt(*file, 0, content.data(), content.size(), path));
    content.resize(whole);
    return content;
  }
  LATHE_TRY(inflateFile(*file, path, job, [&](std::string_view bytes) -> Result<void> {
    if (content.size() + bytes.size() > limit) return tooLarge();
    content.append(bytes);
    return {};
  }));
  return content;
}

}  // namespace lathe::data
