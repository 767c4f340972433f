// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/allowed_urls.h"
#include "tests/support/testing.h"

// Which URLs mean the same, and which are allowed.
using namespace lathe;
using serving::AllowedUrls;
using serving::isPrivateAddress;
using serving::webAddress;

namespace {

std::string plain(const char* text) {
  const auto address = webAddress(text);
  return address ? address->text() : "none";
}

bool allowed(const std::string& prefix, const char* url) {
  const auto urls = AllowedUrls::of({prefix});
  const auto address = webAddress(url);
  return urls && address && urls->allows(*address);
}

}  // namespace

LATHE_TEST("a URL has one spelling, and one that can be read in two ways is none") {
  CHECK_EQ(plain("HTTPS://Models.Example.com:443/a/b.mar"), std::string("https://models.example.com/a/b.mar"));
  CHECK_EQ(plain("http://example.com./%61%2d%c3%a9?x=%2e"), std::string("http://example.com/a-%C3%A9?x=%2e"));
  CHECK_EQ(plain("http://[0:0::1]:8080"), std::string("http://[::1]:8080/"));
  for (const char* wrong : {"",
                            "example.com/a.mar",
                            "ftp://example.com/a.mar",
                            "file:///etc/passwd",
                            "http://",
                            "http:///a.mar",
                            "http://user@example.com/a.mar",
                            "http://a:b@example.com/a.mar",
                            "http://example.com/../a.mar",
                            "http://example.com/x/..",
                            "http://example.com/./a.mar",
                            "http://example.com/%2e%2e/a.mar",
                            "http://example.com/%2E./a.mar",
                            "http://example.com/a%2fb.mar",
                            "http://example.com/a%5cb.mar",
                            "http://example.com/a%252e.mar",
                            "http://example.com/a%00.mar",
                            "http://example.com/a%0d%0ab.mar",
                            "http://example.com/a\\b.mar",
                            "http://example.com\\@evil.example/a.mar",
                            "http://example.com/a b.mar",
                            "http://example.com/a.mar#x",
                            "http://example.com#@evil.example/a.mar",
                            "http://example.com:0/a.mar",
                            "http://example.com:65536/a.mar",
                            "http://example.com:8x/a.mar",
                            "http://example.com:/a.mar",
                            "http://exa mple.com/a.mar",
                            "http://ex\xc3\xa9mple.com/a.mar",
                            "http://[::1/a.mar",
                            "http://[1.2.3.4]/a.mar",
                            "http://example..com/a.mar",
                            "http://example.com../a.mar",
                            "http://example.com/a%zz.mar",
                            "http://example.com/a%4",
                            "http://example.com/a.mar?\n"})
    CHECK_EQ(plain(wrong) + " of " + wrong, std::string("none of ") + wrong);
}

LATHE_TEST("a redirect is absolute, of the same scheme, of the same host or beside the file") {
  const auto from = *webAddress("https://example.com/a/b.mar?x=1");
  const auto to = [&](const char* location) {
    const auto address = serving::redirected(from, location);
    return address ? address->text() : std::string("none");
  };
  CHECK_EQ(to("http://other.example/c.mar"), std::string("http://other.example/c.mar"));
  CHECK_EQ(to("//other.example/c.mar"), std::string("https://other.example/c.mar"));
  CHECK_EQ(to("/c.mar?u=http://x/y"), std::string("https://example.com/c.mar?u=http://x/y"));
  CHECK_EQ(to("c.mar"), std::string("https://example.com/a/c.mar"));
  CHECK_EQ(to("../c.mar"), std::string("none"));
  CHECK_EQ(to("http://user@example.com/c.mar"), std::string("none"));
}

LATHE_TEST("a prefix allows itself and what is below it, of the same scheme, host and port") {
  CHECK(allowed("https://example.com/models/", "https://EXAMPLE.com:443/models/a.mar"));
  CHECK(allowed("https://example.com/models", "https://example.com/models/a/b.mar?signed=1"));
  CHECK(allowed("https://example.com", "https://example.com/a.mar"));
  CHECK(allowed("http://example.com/a.mar", "http://example.com/%61.mar"));
  CHECK(!allowed("https://example.com/models", "https://example.com/models-of-others/a.mar"));
  CHECK(!allowed("https://example.com/models/", "https://example.com/Models/a.mar"));
  CHECK(!allowed("https://example.com/models/", "http://example.com/models/a.mar"));
  CHECK(!allowed("https://example.com/models/", "https://example.com:8443/models/a.mar"));
  CHECK(!allowed("https://example.com/models/", "https://example.com.evil.example/models/a.mar"));
  CHECK(!allowed("https://example.com/models/", "https://sub.example.com/models/a.mar"));
  CHECK(!allowed("https://example.com/models/", "https://example.com/models/../a.mar"));
  for (const char* wrong :
       {"example.com", "https://", "file:///models", "https://example.com/?x", "https://u@example.com/"}) {
    const auto urls = AllowedUrls::of({wrong});
    REQUIRE(!urls);
    CHECK_EQ(urls.error().code, std::string("serving.bad_url_prefix"));
    CHECK(urls.error().sentence().find(wrong) != std::string::npos);
  }
}

LATHE_TEST("an address of this machine or of a private network must be listed itself") {
  for (const char* own : {"127.0.0.1",
                          "127.9.9.9",
                          "0.0.0.0",
                          "10.1.2.3",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.168.0.1",
                          "169.254.169.254",
                          "100.64.0.1",
                          "224.0.0.1",
                          "255.255.255.255",
                          "::1",
                          "::",
                          "fe80::1",
                          "fd00::1",
                          "ff02::1",
                          "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1",
                          "64:ff9b::7f00:1",
                          "2002:7f00:1::1",
                          "2001:db8::1",
                          "fe80::1%eth0",
                          "nonsense"})
    CHECK_EQ(std::string(isPrivateAddress(own) ? own : "public"), std::string(own));
  for (const char* open : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    CHECK_EQ(std::string(isPrivateAddress(open) ? "private" : open), std::string(open));

  const auto urls = AllowedUrls::of({"http://models.example/", "http://10.0.0.5/models/", "http://localhost:9000/"});
  REQUIRE_OK(urls);
  CHECK(urls->allowsAddress("models.example", "8.8.8.8"));
  CHECK(urls->allowsAddress("models.example", "10.0.0.5"));
  CHECK(!urls->allowsAddress("models.example", "10.0.0.6"));
  CHECK(!urls->allowsAddress("models.example", "127.0.0.1"));
  CHECK(!urls->allowsAddress("models.example", "169.254.169.254"));
  CHECK(urls->allowsAddress("localhost", "127.0.0.1"));
  CHECK(urls->allowsAddress("localhost", "::1"));
  CHECK(!urls->allowsAddress("localhost", "10.1.1.1"));
}
