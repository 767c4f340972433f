// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/allowed_urls.h"
#include "tests/fuzz/fuzz_input.h"

// URLs of registrations and of redirects: whatever is read has one spelling, which is read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lathe::serving;
  const auto text = lathe::fuzz::text(data, size);
  static const auto base = *webAddress("https://models.example/folder/a.mar");
  for (const auto& address : {webAddress(text), redirected(base, text)}) {
    if (!address) continue;
    const auto again = webAddress(address->text());
    if (!again || again->text() != address->text() || again->host != address->host || again->path != address->path ||
        address->path.find("/../") != std::string::npos)
      std::abort();
  }
  return 0;
}
