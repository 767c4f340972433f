// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/services/nas_table.h"
#include "core/services/study_pictures.h"
#include "ui/models/study_trials_model.h"
#include "ui/pages/search_picture_names.h"
#include "ui/plots/study_scene.h"

class QGridLayout;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace lathe::ui {

class ArchitecturePanel;
class ParallelPlot;
class PillButton;
class StudyPlot;
class TrialsPanel;
class Workbench;

/// Everything that a study shows, on tabs: pictures and the table of trials. Pictures are made on workers, those that
/// are seen first, and again when there is something new. What is brushed on the parallel coordinates filters the table
/// and fades the others everywhere.
class SearchPictures : public QWidget, public SearchPictureNames {
  Q_OBJECT
 public:
  explicit SearchPictures(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] Tab current() const;
  void showTab(Tab tab);
  [[nodiscard]] StudyPlot* plot(Picture picture) const { return m_plots[picture]; }
  [[nodiscard]] ParallelPlot* parallel() const { return m_parallel; }
  [[nodiscard]] const std::vector<StudyPlot*>& slices() const { return m_slices; }
  [[nodiscard]] TrialsPanel* trials() const { return m_trials; }
  [[nodiscard]] ArchitecturePanel* architecture() const { return m_architecture; }
  /// Only trials in this state, besides what is brushed.
  void setWanted(std::optional<spec::RunStatus> status);
  void choose(std::optional<std::size_t> trial);
  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  /// What a person chose to see; copied for the workers.
  struct Options {
    std::size_t goal = 0;
    std::size_t first = 0, second = 1;  ///< parameters
    std::size_t goalX = 0, goalY = 1;   ///< of the Pareto front
    bool averaged = false;
    services::ImportanceMethod method = services::ImportanceMethod::Fanova;
    std::vector<std::size_t> slices;  ///< those that are scrolled into view
    std::vector<std::size_t> axes;    ///< of the parallel coordinates; empty: by what matters
    std::size_t score = 0;
    std::optional<std::size_t> shown;  ///< whose network is drawn
    std::shared_ptr<const services::Project> project;
    std::shared_ptr<services::ScoreReader> scores;  ///< of this study; one job uses it
  };
  using Table = std::shared_ptr<const services::StudyTable>;
  /// Runs on a worker and gives what shows the picture.
  using Make = std::function<std::function<void()>(const Table&, const Options&)>;
  /// A picture that is made on a worker, and again when it is older than what is known.
  struct Job {
    std::function<bool()> seen;
    Make make;
    bool busy = false;
    bool stale = true;
    qint64 nextMs = 0;  ///< making it may cost a quarter of the time at most
  };
  void build();
  void buildOverview();
  void buildGoals();
  void addPills();
  static QSplitter* makeSplitter(Qt::Orientation orientation, QWidget* parent);
  void buildArchitectures();
  void addArchitectureJobs();
  void retranslateArchitectures();
  [[nodiscard]] bool showsArchitectures() const;
  static QStringList architectureLines(const services::StudyTable& table, std::size_t trial);
  StudyPlot* addPlot(QWidget* parent, const char* name);
  void addJob(std::function<bool()> seen, Make make);
  void addSceneJob(Picture picture, std::function<StudyScene(const services::StudyTable&, const Options&)> make);
  void addJobs();
  void rebuildSlices();
  [[nodiscard]] std::vector<std::size_t> slicesInView() const;
  void everythingStale();
  void refresh();
  void start(std::size_t job);
  void follow(bool anew);
  void followStudy();
  void followTab();
  void followFilter();
  void fillMenu(QMenu* menu, const QStringList& words, std::size_t chosen,
                const std::function<void(std::size_t)>& take);
  void offer(PillButton* pill, const QStringList& words, std::size_t chosen,
             const std::function<void(std::size_t)>& take);
  void choosePair(bool second, std::size_t parameter);
  void chooseGoals(bool second, std::size_t goal);
  [[nodiscard]] QString trialText(std::uint32_t trial) const;

  Workbench& m_workbench;
  QTabBar* m_bar = nullptr;
  QStackedWidget* m_stack = nullptr;
  std::array<StudyPlot*, PictureCount> m_plots{};
  ParallelPlot* m_parallel = nullptr;
  TrialsPanel* m_trials = nullptr;
  ArchitecturePanel* m_architecture = nullptr;
  QWidget* m_sliceHolder = nullptr;
  QGridLayout* m_sliceGrid = nullptr;
  std::vector<StudyPlot*> m_slices;
  PillButton* m_goalPill = nullptr;
  PillButton* m_methodPill = nullptr;
  PillButton* m_kindPill = nullptr;
  PillButton* m_firstPill = nullptr;
  PillButton* m_secondPill = nullptr;
  PillButton* m_goalXPill = nullptr;
  PillButton* m_goalYPill = nullptr;
  PillButton* m_scorePill = nullptr;
  PillButton* m_filterPill = nullptr;
  std::vector<Job> m_jobs;
  std::size_t m_familyJob = 0, m_sliceJob = 0;
  std::vector<std::size_t> m_shownAxes;
  QTimer m_timer;
  Options m_options;
  std::optional<spec::RunStatus> m_wanted;
  std::shared_ptr<std::vector<bool>> m_within;  ///< by trial, while something is brushed
  quint64 m_study = 0;                          ///< answers about an older one are dropped
};

}  // namespace lathe::ui
