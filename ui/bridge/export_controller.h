// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <stop_token>
#include <vector>

#include "core/exporting/manifest.h"
#include "core/services/model_service.h"
#include "core/store/records.h"

namespace lathe::ui {

class Workbench;

/// Exports of the project's runs, with their parity reports. GUI thread; work happens on a worker.
class ExportController : public QObject {
  Q_OBJECT
 public:
  explicit ExportController(Workbench& workbench);
  ~ExportController() override;
  ExportController(const ExportController&) = delete;
  ExportController& operator=(const ExportController&) = delete;

  /// Exported files of all runs, newest first; checkpoints, manifests and reports are not among them.
  [[nodiscard]] const std::vector<store::Artefact>& artefacts() const { return m_artefacts; }
  [[nodiscard]] bool busy() const { return m_busy; }
  /// Of the export made last, from exported() on.
  [[nodiscard]] const std::vector<exporting::ExportedFile>& lastFiles() const { return m_lastFiles; }
  void exportRun(const services::ExportRequest& request);
  void cancel();
  /// Called when the project changes.
  void attach();
  /// Absolute path of an exported file.
  [[nodiscard]] QString pathOf(const store::Artefact& artefact) const;

 Q_SIGNALS:
  void artefactsChanged();
  void progress(const lathe::Progress& progress);
  void exported(const QString& folder, const lathe::exporting::ParityReport& worst);
  void failed(const lathe::Error& error);

 private:
  void read();
  Workbench& m_workbench;
  std::vector<store::Artefact> m_artefacts;
  std::vector<exporting::ExportedFile> m_lastFiles;
  std::stop_source m_stop;
  bool m_busy = false;
  quint64 m_generation = 0;
};

}  // namespace lathe::ui
