// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/output.h"
#include "core/search/sampler.h"

namespace lathe::cli {

/// Black-box optimisation for any program: one JSON line in, one out. No files, no clock.
///   {"ask":n}                                          -> {"trials":[{"trial":t,"params":{..}}]}
///   {"tell":{"trial":t,"values":[..],"state":"..."}}   -> {"ok":true}
///   {"tell":{"params":{..},"values":[..]}}             -> {"ok":true}, a point from outside
/// A bad line gives {"error":".."} and changes nothing.
class AskTell {
 public:
  /// `larger`: per goal, whether larger values are better.
  AskTell(search::SearchSpace space, std::unique_ptr<search::Sampler> sampler, std::vector<bool> larger)
      : m_space(std::move(space)), m_sampler(std::move(sampler)), m_larger(std::move(larger)) {}

  /// The answer to a line, without its end.
  [[nodiscard]] std::string answer(const std::string& line);
  /// What the sampler has to say of itself; empty when that was said already.
  [[nodiscard]] std::string news();

 private:
  Result<Json> handle(const std::string& line);
  Result<Json> ask(const Json& count);
  Result<Json> tell(const Json& tell);
  /// That params which are told beside a trial are its own; some may be left out.
  Result<void> checkParams(const Json& params, const search::TrialResult& told) const;
  Result<search::TrialResult> resultOf(const Json& tell) const;

  const search::SearchSpace m_space;
  const std::unique_ptr<search::Sampler> m_sampler;
  const std::vector<bool> m_larger;
  std::map<std::int64_t, search::Configuration> m_open;
  std::int64_t m_next = 0;
  std::string m_said;
};

}  // namespace lathe::cli
