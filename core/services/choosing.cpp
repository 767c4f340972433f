// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/choosing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "core/base/clock.h"

namespace lathe::services {
namespace {

constexpr double secondsBetweenEvents = 0.4;
constexpr double secondsBetweenFrames = 1.0 / 30;

constexpr const char* stageNames[] = {"batch", "epochs", "optimizer"};

const char* nameOf(ChoosingStage stage) { return stageNames[static_cast<std::size_t>(stage)]; }

std::string shown(double value) { return fmt::format("{:.4g}", value); }
std::string exact(double value) { return fmt::format("{}", value); }

const std::string& valueOf(const TextArgs& args, const char* name) {
  static const std::string none;
  const auto found = std::find_if(args.begin(), args.end(), [name](const auto& arg) { return arg.first == name; });
  return found == args.end() ? none : found->second;
}

double numberOf(const TextArgs& args, const char* name, double fallback) {
  const auto& text = valueOf(args, name);
  double value = fallback;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : fallback;
}

int wholeOf(const TextArgs& args, const char* name, int fallback) {
  const double value = numberOf(args, name, fallback);
  return value >= 0 && value < 1e9 ? static_cast<int>(value) : fallback;
}

std::optional<ChoosingStage> stageOf(const TextArgs& args) {
  const auto& name = valueOf(args, "stage");
  for (std::size_t i = 0; i < std::size(stageNames); ++i)
    if (name == stageNames[i]) return static_cast<ChoosingStage>(i);
  return std::nullopt;
}

TextArgs argsOf(const TriedSetting& tried) {
  const auto& o = tried.optimizer;
  TextArgs args{{"stage", nameOf(tried.stage)},
                {"candidate", std::to_string(tried.candidate)},
                {"round", std::to_string(tried.round)},
                {"trainings", std::to_string(tried.trainings)},
                {"share", exact(tried.share)},
                {"number", exact(tried.number)},
                {"metric", tried.metric},
                {"exact", std::isfinite(tried.value) ? exact(tried.value) : std::string()},
                {"value", shown(tried.value)}};
  if (tried.stage == ChoosingStage::Optimizer)
    args.insert(args.end(), {{"setting", described(o)},
                             {"optimizer", o.name},
                             {"momentum", exact(o.momentum)},
                             {"beta1", exact(o.beta1)},
                             {"beta2", exact(o.beta2)}});
  else
    args.emplace_back("setting", fmt::format("{:g}", tried.number));
  return args;
}

std::optional<TriedSetting> triedFrom(const TextArgs& args) {
  const auto stage = stageOf(args);
  if (!stage) return std::nullopt;
  TriedSetting tried;
  tried.stage = *stage;
  tried.candidate = wholeOf(args, "candidate", 0);
  tried.round = wholeOf(args, "round", 1);
  tried.trainings = wholeOf(args, "trainings", 1);
  tried.share = numberOf(args, "share", 1);
  tried.number = numberOf(args, "number", 0);
  tried.metric = valueOf(args, "metric");
  tried.value = numberOf(args, "exact", std::numeric_limits<double>::quiet_NaN());
  if (tried.stage != ChoosingStage::Optimizer) return tried;
  tried.optimizer.name = valueOf(args, "optimizer");
  tried.optimizer.lr = tried.number;
  tried.optimizer.momentum = numberOf(args, "momentum", tried.optimizer.momentum);
  tried.optimizer.beta1 = numberOf(args, "beta1", tried.optimizer.beta1);
  tried.optimizer.beta2 = numberOf(args, "beta2", tried.optimizer.beta2);
  return tried;
}

}  // namespace

std::string described(const spec::OptimizerSpec& optimizer) {
  auto text = fmt::format("{} {:.3g}", optimizer.name, optimizer.lr);
  if (optimizer.name == "sgd")
    text += fmt::format(" ({:g})", optimizer.momentum);
  else if (optimizer.name != "auto")
    text += fmt::format(" ({:g}, {:g})", optimizer.beta1, optimizer.beta2);
  return text;
}

Message ChoosingProgress::message() const {
  const TextArgs args{{"stage", nameOf(stage)},
                      {"optimizer", optimizer},
                      {"done", std::to_string(done)},
                      {"total", std::to_string(total)}};
  if (stage == ChoosingStage::Batch)
    return {LATHE_TEXT("events", "Choosing the batch size: {done} sizes measured."), args};
  if (stage == ChoosingStage::Epochs)
    return {LATHE_TEXT("events", "Choosing the number of epochs: {done} short trainings so far."), args};
  if (optimizer == "auto")
    return {LATHE_TEXT("events", "Choosing optimiser and learning rate: {done} of {total} short trainings."), args};
  return {LATHE_TEXT("events", "Choosing the learning rate of {optimizer}: {done} of {total} short trainings."), args};
}

Message TriedSetting::message() const {
  const auto args = argsOf(*this);
  if (stage == ChoosingStage::Batch)
    return {LATHE_TEXT("events", "Batches of {setting}: {value} rows a second."), args};
  if (!std::isfinite(value)) return {LATHE_TEXT("events", "Tried {setting}: the training diverged."), args};
  if (stage == ChoosingStage::Epochs) return {LATHE_TEXT("events", "Tried {setting} epochs: {metric} {value}."), args};
  return {LATHE_TEXT("events", "Tried {setting}: {metric} {value}."), args};
}

ChoosingRecorder::ChoosingRecorder(store::RunStore& store, store::RunNumber run, Sink sink)
    : m_store(store), m_run(run), m_sink(std::move(sink)) {}

void ChoosingRecorder::progress(const ChoosingProgress& progress) {
  const double now = systemClock().steadySeconds();
  const bool edge = progress.done == 0 || progress.done == progress.total;
  if (edge || now - m_written > secondsBetweenEvents) {
    m_written = now;
    m_store.addEvent(m_run, "choosing", progress.message());
  }
  if (!m_sink || (!edge && now - m_shown < secondsBetweenFrames)) return;
  m_shown = now;
  m_sink(progress);
}

void ChoosingRecorder::tried(const TriedSetting& tried) { m_store.addEvent(m_run, "tried", tried.message()); }

void ChoosingRecorder::chosen(const TriedSetting& tried) {
  const char* text = LATHE_TEXT("events", "Chosen: {setting}.");
  if (tried.stage == ChoosingStage::Batch) text = LATHE_TEXT("events", "Chosen: batches of {setting}.");
  if (tried.stage == ChoosingStage::Epochs) text = LATHE_TEXT("events", "Chosen: {setting} epochs.");
  m_store.addEvent(m_run, "chosen", {text, argsOf(tried)});
}

std::vector<TriedSetting> Choosing::lastRounds(ChoosingStage stage) const {
  std::vector<TriedSetting> result;
  for (const auto& each : tried) {
    if (each.stage != stage) continue;
    const auto known = std::find_if(result.begin(), result.end(),
                                    [&](const auto& other) { return other.candidate == each.candidate; });
    if (known == result.end())
      result.push_back(each);
    else if (each.round >= known->round)
      *known = each;
  }
  return result;
}

Choosing choosingOf(const std::vector<store::Event>& events) {
  Choosing result;
  for (const auto& event : events) {
    const auto& args = event.message.args;
    const auto stage = stageOf(args);
    if (!stage) continue;
    if (event.kind == "choosing") {
      result.progress =
          ChoosingProgress{*stage, valueOf(args, "optimizer"), wholeOf(args, "done", 0), wholeOf(args, "total", 0)};
      // A stage that begins again: what was tried before the run was stopped counts no more.
      if (result.progress->done == 0) std::erase_if(result.tried, [&](const auto& old) { return old.stage == *stage; });
    } else if (event.kind == "tried") {
      if (auto tried = triedFrom(args)) result.tried.push_back(std::move(*tried));
    } else if (event.kind == "chosen") {
      const int candidate = wholeOf(args, "candidate", 0);
      for (auto& each : result.tried)
        each.chosen = each.chosen || (each.stage == *stage && each.candidate == candidate);
    }
  }
  return result;
}

}  // namespace lathe::services
