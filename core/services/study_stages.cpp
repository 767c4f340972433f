// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <exception>

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/search/architectures/mutation.h"
#include "core/services/nas_supernet.h"
#include "core/services/study_confirm.h"
#include "core/services/study_run.h"

// What a study of architectures does around its trials.
namespace lathe::services {
namespace {

/// Of a limited time, what the shared network takes at most: the trials and the finals have the rest.
constexpr double sharedPart = 0.3;

}  // namespace

// A network of shared weights says which architectures are tried. The study's other threads begin when that is known
// and written down.
void StudyRun::rankFirst() {
  auto settings = m_plan.settings;
  const TrialGround ground{m_plan.project, m_engine, *m_plan.kept, m_plan.settings};
  const auto folder = m_plan.project->folder() / "artifacts" / "studies" / std::to_string(m_plan.number);
  SharedWatch watch;
  watch.stopped = [this] {
    const std::lock_guard lock(m_mutex);
    return m_stopping;
  };
  watch.tell = [this](Message stage) {
    const std::lock_guard lock(m_mutex);
    m_stage = std::move(stage);
    report(true);
  };
  if (settings.seconds > 0)
    watch.timeUsed = [this, limit = sharedPart * settings.seconds] {
      const std::lock_guard lock(m_mutex);
      return seconds() / limit;
    };
  Result<void> ranked;
  try {
    ranked = rankBySharedWeights(ground, settings, m_plan.base, m_plan.space, folder, watch);
  } catch (const std::exception& error) {
    ranked = fail("study.failed", LATHE_TEXT("errors", "The study stopped unexpectedly: {reason}."),
                  LATHE_TEXT("errors", "Resume it; what its trials found is kept."), {{"reason", error.what()}});
  }
  const std::lock_guard lock(m_mutex);
  if (ranked) ranked = keepArchitecture(settings.architecture);
  if (ranked) {
    m_plan.settings.architecture = std::move(settings.architecture);
    begin();
  } else if (ranked.error().code != cancelledCode) {
    m_error = ranked.error();
  } else if (m_timeOver) {
    m_error = fail("nas.no_time", LATHE_TEXT("errors", "The time was over before the shared network was trained."),
                   LATHE_TEXT("errors", "Give more time (--timeout), or fewer --super-epochs."))
                  .value();
  }
  --m_workers;
  m_changed.notify_all();
}

// Beside what somebody may have changed since.
Result<void> StudyRun::keepArchitecture(const search::ArchitectureStudy& architecture) {
  auto& studies = m_plan.project->store().studies();
  LATHE_ASSIGN(record, studies.study(m_plan.number));
  LATHE_ASSIGN(settings, studySettingsFromJson(record.settingsJson));
  settings.architecture = architecture;
  store::StudyUpdate update;
  update.settingsJson = toJson(settings);
  return studies.updateStudy(m_plan.number, update);
}

// Architectures take weights from a parent that has ended only; whether it had is a matter of the log's order, so that
// it does not depend on who was faster.
bool StudyRun::inheritsFrom(std::int64_t parent) const {
  if (parent < 0) return false;
  const auto& architecture = m_plan.settings.architecture;
  return !architecture.active() || (architecture.inherits && m_trials[static_cast<std::size_t>(parent)].complete);
}

// The parent may go on at once and write over its checkpoint: the child keeps the state of now, under a name of its
// own.
void StudyRun::inherit(const Item& item) {
  const auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  const auto parent = m_trials[static_cast<std::size_t>(record.parent)].record.run;
  const auto folder = m_plan.project->runFolder(record.run);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::filesystem::create_hard_link(m_plan.project->runFolder(parent) / "last.ckpt", folder / inheritedFile, error);
  if (error) std::filesystem::copy_file(m_plan.project->runFolder(parent) / "last.ckpt", folder / inheritedFile, error);
  if (error) log(LogLevel::Warn, fileError(error.value(), folder / inheritedFile).value().sentence());
}

// Of the parent's checkpoint what fits by layer and shape.
void StudyRun::takeParentsWeights(const Item& item, TrialStretch& stretch) {
  const auto& record = m_trials[static_cast<std::size_t>(item.trial)].record;
  const auto& parent = m_trials[static_cast<std::size_t>(record.parent)].record;
  if (!m_trials[static_cast<std::size_t>(item.trial)].inherits) return;
  const auto file = m_plan.project->runFolder(record.run) / inheritedFile;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) inherit(item);
  stretch.weightsFrom = file;
  stretch.aligned = search::alignNodes(m_plan.space, parent.configuration, record.configuration);
}

// The best trial's; 0: nothing has ended.
double StudyRun::secondsAnEpoch() const {
  if (m_best < 0) return 0;
  const auto& best = m_trials[static_cast<std::size_t>(m_best)].record;
  return best.steps > 0 ? best.seconds / static_cast<double>(best.steps) : 0;
}

// How often each worker trains one from scratch at the end.
int StudyRun::finalRounds() const {
  const auto& settings = m_plan.settings;
  const int trainings = std::max(0, settings.confirmSeeds) * std::max(1, settings.confirmTop);
  return (trainings + settings.workers - 1) / std::max(1, settings.workers);
}

// What the trainings from scratch at the end of a search for architectures will take, of a limited time half at most: a
// slow network that leads early must not end the search.
double StudyRun::reserved() const {
  const auto& settings = m_plan.settings;
  if (!settings.architecture.active()) return 0;
  return std::min(secondsAnEpoch() * settings.architecture.finalEpochs * finalRounds(), settings.seconds / 2);
}

// Fewer epochs than were planned where the time would not do for them; never fewer than a trial's. All finals have the
// same number, also those of a later sitting.
Result<void> StudyRun::settleFinals() {
  auto& architecture = m_plan.settings.architecture;
  const double perRound = secondsAnEpoch() * finalRounds();
  if (!architecture.active() || m_plan.settings.seconds <= 0 || perRound <= 0) return {};
  constexpr double margin = 0.95;
  const double affordable = margin * (m_plan.settings.seconds - seconds()) / perRound;
  if (affordable >= architecture.finalEpochs) return {};
  auto& store = m_plan.project->store();
  store::RunFilter filter;
  filter.study = m_plan.number;
  LATHE_ASSIGN(runs, store.runs(filter));
  if (std::any_of(runs.begin(), runs.end(), [](const auto& run) { return isFinalTraining(run); })) return {};
  const auto least = std::min<double>(static_cast<double>(m_plan.base.training.epochs), architecture.finalEpochs);
  architecture.finalEpochs = std::max(1, static_cast<int>(std::max(least, affordable)));
  return keepArchitecture(architecture);
}

// What is claimed of the study, on the thread that ends it.
Result<std::string> StudyRun::confirm() {
  StudySettings settings;  // somebody may ask for more meanwhile
  int wanted = 0;
  {
    const std::lock_guard lock(m_mutex);
    m_confirming = true;
    report(true);
    wanted = m_plan.settings.architecture.finalEpochs;
    LATHE_TRY(settleFinals());
    settings = m_plan.settings;
  }
  const int epochs = settings.architecture.finalEpochs;
  FinalsWatch watch;
  watch.stopped = [this] {
    const std::lock_guard lock(m_mutex);
    return m_asked != store::ControlRequest::None;
  };
  watch.progress = [this](double share) {
    const std::lock_guard lock(m_mutex);
    m_confirmed = share;
    report(false);
  };
  const TrialGround ground{m_plan.project, m_engine, *m_plan.kept, settings, m_plan.folds.get()};
  auto summary = confirmWinner(ground, m_plan.number, m_plan.base, m_plan.space, watch);
  return summary && epochs < wanted ? withFinalEpochs(*summary, epochs, wanted) : summary;
}

}  // namespace lathe::services
