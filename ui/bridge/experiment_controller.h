// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/services/data_service.h"
#include "core/spec/experiment.h"
#include "core/spec/graph.h"
#include "core/store/run_store.h"
#include "ui/bridge/search_draft.h"

namespace lathe::ui {

class Workbench;

/// The experiment being edited: spec, undo history, what the data are, what the graph costs. Every edit is saved (as a
/// new version, half a second after the last change) and can be undone. GUI thread.
class ExperimentController : public QObject {
  Q_OBJECT
 public:
  explicit ExperimentController(Workbench& workbench);
  ~ExperimentController() override;
  ExperimentController(const ExperimentController&) = delete;
  ExperimentController& operator=(const ExperimentController&) = delete;

  [[nodiscard]] const spec::ExperimentSpec& spec() const { return m_spec; }
  /// The next search of this experiment; undone together with the spec, kept with the project.
  [[nodiscard]] const SearchDraft& search() const { return m_search; }
  /// The template that is trained: the one chosen, else the one that goes with the data; empty while that is unknown.
  [[nodiscard]] std::string templateName() const;
  [[nodiscard]] bool hasData() const { return m_inspected.has_value(); }
  /// Null until the data were read.
  [[nodiscard]] const services::InspectedData* data() const { return m_inspected ? &*m_inspected : nullptr; }
  [[nodiscard]] const spec::GraphReport& graphReport() const { return m_report; }
  /// The graph shown: the spec's own, or what the template makes of the data.
  [[nodiscard]] const spec::ModelGraph& graph() const { return m_graph; }
  [[nodiscard]] std::int64_t id() const { return m_id; }
  [[nodiscard]] int version() const { return m_version; }
  [[nodiscard]] bool saved() const { return m_saved; }
  /// The last attempt to save failed (and failed() said why); it is tried again until it succeeds.
  [[nodiscard]] bool saveFailed() const { return m_saveFailed; }
  /// The data are being read.
  [[nodiscard]] bool reading() const { return m_reading; }
  /// Why nothing can be trained on the data now, whatever the model; nothing when something can.
  [[nodiscard]] std::optional<Error> cannotUseData() const;
  /// Why Train is not possible now; nothing when it is.
  [[nodiscard]] std::optional<Error> cannotTrain() const;

  /// Loads the newest experiment of the project, or an empty one; loaded() follows.
  void load();
  /// Reads the data again, for example after the file changed.
  void reload();
  /// Stores a change that still waits for its half second.
  void saveNow();
  void setSpec(spec::ExperimentSpec spec, const QString& what);
  void setSearch(SearchDraft search, const QString& what);
  /// One field by its path, VALUE as JSON or text; false and failed() when it does not fit.
  bool setField(const std::string& path, const std::string& json, const QString& what);
  void setDataPath(const QString& path);
  void setColumnRole(const std::string& column, spec::ColumnRole role);
  /// One or several columns to predict; the task is found out again where it does not fit as many.
  void setTargets(const std::vector<std::string>& columns);
  void setColumnKind(const std::string& column, spec::ColumnKind kind);
  void setTemplate(const std::string& name);
  void setTemplateSetting(const std::string& name, const spec::Value& value);
  /// Replaces the layers by hand: the template becomes "custom".
  void setGraph(spec::ModelGraph graph, const QString& what);

  [[nodiscard]] bool canUndo() const { return m_position > 0; }
  [[nodiscard]] bool canRedo() const { return m_position + 1 < m_history.size(); }
  [[nodiscard]] QString undoText() const;
  [[nodiscard]] QString redoText() const;
  void undo();
  void redo();

  /// Starts a run of the spec as it is.
  void train();

 Q_SIGNALS:
  void loaded();
  void specChanged();
  void searchChanged();
  void savedChanged();
  void undoChanged();
  void inspecting(const lathe::Progress& progress);
  void dataChanged();  ///< new profile, or none
  void dataFailed(const lathe::Error& error);
  void graphChanged();
  void trainingStarted(qint64 run);
  void failed(const lathe::Error& error);

 private:
  struct Snapshot {
    spec::ExperimentSpec spec;
    SearchDraft search;
    QString what;
    qint64 atMs = 0;  ///< typing one value is one step to undo
  };
  void change(spec::ExperimentSpec spec, SearchDraft search, const QString& what);
  void applied();
  void saveSearch() const;
  void inspect();
  void inspected(Result<services::InspectedData> result);
  void rebuildGraph();
  void save();
  void stored(const Result<store::ExperimentRecord>& record, const spec::ExperimentSpec& spec);
  void reset(spec::ExperimentSpec spec, SearchDraft search = {});
  void noteContent();

  /// Identity of the stored experiment; only the store's thread touches it, so that two saves never make two.
  struct Shelf {
    std::int64_t id = 0;
    Result<store::ExperimentRecord> put(store::RunStore& store, const spec::ExperimentSpec& spec,
                                        const std::string& fallbackName);
  };

  Workbench& m_workbench;
  spec::ExperimentSpec m_spec;
  SearchDraft m_search;
  std::vector<Snapshot> m_history;
  std::size_t m_position = 0;
  std::optional<services::InspectedData> m_inspected;
  spec::ModelGraph m_graph;
  spec::GraphReport m_report;
  std::int64_t m_id = 0;
  int m_version = 0;
  static constexpr int saveDelayMs = 500;
  bool m_saved = true;
  bool m_saveFailed = false;
  QTimer m_saveTimer;
  std::stop_source m_inspectStop;
  quint64 m_inspectTicket = 0;
  quint64 m_loadTicket = 0;
  std::shared_ptr<Shelf> m_shelf;
  spec::DataSpec m_inspectedSpec;  ///< what m_inspected, or the inspection under way, belongs to
  bool m_reading = false;
};

}  // namespace lathe::ui
