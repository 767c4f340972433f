// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/split.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/random.h"
#include "core/data/column.h"

namespace lathe::data {
namespace {

using Rows = std::vector<std::uint32_t>;

// How many of `count` rows, so that the running totals stay within one row of the share.
class Dealer {
 public:
  explicit Dealer(double share) : m_share(share) {}
  std::size_t take(std::size_t count) {
    m_seen += static_cast<double>(count);
    const auto wanted = std::llround(m_seen * m_share) - m_given;
    const auto given = std::clamp<long long>(wanted, 0, static_cast<long long>(count));
    m_given += given;
    return static_cast<std::size_t>(given);
  }
  /// Gives back what could not be used.
  void giveBack(std::size_t count) { m_given -= static_cast<long long>(count); }

 private:
  double m_share;
  double m_seen = 0;
  long long m_given = 0;
};

void deal(const Rows& rows, std::size_t test, std::size_t validation, Split& split) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    (i < test ? split.test : i < test + validation ? split.validation : split.train).push_back(rows[i]);
}

// A part with a share gets at least a row; train keeps at least one.
void dealShares(const Rows& rows, const Shares& shares, Split& split) {
  const auto sizeOf = [&](double share) {
    const auto rounded = static_cast<std::size_t>(std::llround(static_cast<double>(rows.size()) * share));
    return share > 0 ? std::max<std::size_t>(rounded, 1) : 0;
  };
  const std::size_t test = std::min(sizeOf(shares.test), rows.size() - 1);
  deal(rows, test, std::min(sizeOf(shares.validation), rows.size() - 1 - test), split);
}

void splitRandomly(Rows rows, const Shares& shares, Random& random, Split& split) {
  random.shuffle(rows);
  dealShares(rows, shares, split);
}

void splitByClass(const Rows& rows, const std::vector<std::int32_t>& classes, const Shares& shares, Random& random,
                  Split& split) {
  const std::int32_t most = rows.empty() ? -1 : *std::max_element(classes.begin(), classes.end());
  std::vector<Rows> byClass(static_cast<std::size_t>(most + 1));
  for (const auto row : rows) byClass[static_cast<std::size_t>(classes[row])].push_back(row);
  Dealer tests(shares.test);
  Dealer validations(shares.validation);
  for (auto& members : byClass) {
    random.shuffle(members);
    std::size_t test = tests.take(members.size());
    std::size_t validation = validations.take(members.size());
    // Each class keeps a row to learn from.
    while (!members.empty() && test + validation >= members.size()) {
      auto& larger = validation >= test ? validation : test;
      (validation >= test ? validations : tests).giveBack(1);
      --larger;
    }
    deal(members, test, validation, split);
  }
}

Result<void> splitByGroup(const Rows& rows, const std::vector<std::uint64_t>& groups, const Shares& shares,
                          Random& random, Split& split) {
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  std::vector<Rows> members;
  for (const auto row : rows) {
    const auto [entry, fresh] = numbers.emplace(groups[row], static_cast<std::uint32_t>(members.size()));
    if (fresh) members.emplace_back();
    members[entry->second].push_back(row);
  }
  const std::size_t parts = 1 + (shares.validation > 0 ? 1 : 0) + (shares.test > 0 ? 1 : 0);
  if (members.size() < parts)
    return fail("data.too_few_groups",
                LATHE_TEXT("errors", "Too few groups to split by: {groups}, where {needed} are needed."),
                LATHE_TEXT("errors", "Choose another group column, or a random split."),
                {{"groups", std::to_string(members.size())}, {"needed", std::to_string(parts)}});
  Rows order(members.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  random.shuffle(order);
  const auto total = static_cast<double>(rows.size());
  std::size_t next = 0;
  const auto fill = [&](Rows& part, double share, std::size_t leave) {
    if (share <= 0) return;
    do {
      const auto& group = members[order[next++]];
      part.insert(part.end(), group.begin(), group.end());
    } while (static_cast<double>(part.size()) < share * total && order.size() - next > leave);
  };
  fill(split.test, shares.test, shares.validation > 0 ? 2 : 1);
  fill(split.validation, shares.validation, 1);
  for (; next < order.size(); ++next) {
    const auto& group = members[order[next]];
    split.train.insert(split.train.end(), group.begin(), group.end());
  }
  return {};
}

void splitByTime(Rows rows, const std::vector<double>& times, const Shares& shares, Split& split) {
  std::stable_sort(rows.begin(), rows.end(), [&](auto a, auto b) {
    const bool missingA = std::isnan(times[a]);
    const bool missingB = std::isnan(times[b]);
    if (missingA != missingB) return missingA;
    return !missingA && times[a] < times[b];
  });
  std::reverse(rows.begin(), rows.end());
  dealShares(rows, shares, split);
}

// A part that rounding left empty takes a row of the largest class in train.
void atLeastOne(Rows& part, double share, const std::vector<std::int32_t>& classes, Rows& train) {
  if (share <= 0 || !part.empty()) return;
  std::unordered_map<std::int32_t, std::size_t> counts;
  for (const auto row : train) ++counts[classes[row]];
  const auto row = std::max_element(train.begin(), train.end(),
                                    [&](auto a, auto b) { return counts[classes[a]] < counts[classes[b]]; });
  if (row == train.end() || counts[classes[*row]] < 2) return;
  part.push_back(*row);
  train.erase(row);
}

}  // namespace

Result<Shares> sharesOf(const spec::SplitSpec& spec, bool testIsBrought) {
  const double sum = spec.train + spec.validation + spec.test;
  if (!(spec.train > 0) || !(spec.validation >= 0) || !(spec.test >= 0) || !std::isfinite(sum))
    return fail("data.bad_split",
                LATHE_TEXT("errors", "The shares of train, validation and test must not be negative, train above 0."),
                LATHE_TEXT("errors", "Use 0.7, 0.15 and 0.15, for example."));
  if (testIsBrought) return Shares{besideBroughtTest(spec).validation, 0};
  return Shares{spec.validation / sum, spec.test / sum};
}

spec::SplitSpec besideBroughtTest(spec::SplitSpec spec) {
  const spec::SplitSpec usual;
  const bool unset = spec.validation == usual.validation && spec.train == usual.train;
  spec.validation = unset ? 0.1 : spec.validation / (spec.train + spec.validation);
  spec.train = 1 - spec.validation;
  spec.test = 0;
  return spec;
}

Result<Split> makeSplit(const spec::SplitSpec& spec, const SplitInput& input) {
  LATHE_ASSIGN(shares, sharesOf(spec, input.testRows > 0));
  Split split;
  Rows rows;
  for (std::size_t i = 0; i < input.rows; ++i)
    if (input.labelled[i]) rows.push_back(static_cast<std::uint32_t>(i));
  const std::size_t needed = 1 + (shares.validation > 0 ? 1 : 0) + (shares.test > 0 ? 1 : 0);
  if (rows.size() < needed)
    return fail("data.too_few_rows",
                LATHE_TEXT("errors", "The data has {rows} rows with a target, at least {needed} are needed to train."),
                LATHE_TEXT("errors", "Add rows, or choose another target column."),
                {{"rows", std::to_string(rows.size())}, {"needed", std::to_string(needed)}});
  Random random(spec.seed, "split");
  std::string method = spec.method;
  if (method == "auto" || method.empty())
    method = !input.groups.empty()    ? "group"
             : !input.times.empty()   ? "time"
             : !input.classes.empty() ? "stratified"
                                      : "random";
  if (method == "group" && input.groups.empty())
    return fail("data.no_group", LATHE_TEXT("errors", "A split by group needs a column with the role group."),
                LATHE_TEXT("errors", "Give a column that role, or choose a random split."));
  if (method == "time" && input.times.empty())
    return fail("data.no_time",
                LATHE_TEXT("errors", "A split by time needs a date-time column or one with the role time."),
                LATHE_TEXT("errors", "Give a column that role, or choose a random split."));
  if (method == "group") {
    LATHE_TRY(splitByGroup(rows, input.groups, shares, random, split));
  } else if (method == "time") {
    splitByTime(rows, input.times, shares, split);
  } else if (method == "stratified" && !input.classes.empty()) {
    splitByClass(rows, input.classes, shares, random, split);
    atLeastOne(split.validation, shares.validation, input.classes, split.train);
    atLeastOne(split.test, shares.test, input.classes, split.train);
  } else {
    splitRandomly(rows, shares, random, split);
  }
  for (std::size_t i = input.rows; i < input.rows + input.testRows; ++i)
    if (input.labelled[i]) split.test.push_back(static_cast<std::uint32_t>(i));
  for (auto* part : {&split.train, &split.validation, &split.test}) std::sort(part->begin(), part->end());
  return split;
}

}  // namespace lathe::data
