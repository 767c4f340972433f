// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/store/records.h"
#include "ui/pages/page.h"

namespace lathe::ui {

/// Export a run, verified in a fresh process, and see every file that was exported with what its check found; put runs
/// into servers, see how they are there, and try a row.
class DeployPage : public Page {
  Q_OBJECT
 public:
  explicit DeployPage(Workbench& workbench, QWidget* parent = nullptr);
  ~DeployPage() override;
  DeployPage(const DeployPage&) = delete;
  DeployPage& operator=(const DeployPage&) = delete;

  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 public:
  /// Offers this run for export.
  void chooseRun(store::RunNumber run);

 private:
  struct Parts;
  void build();
  void buildForm(QWidget* pane);
  void connectParts();
  void followRuns();
  void followButtons();
  void followArtefacts();
  void followFolder();
  void followPrecision();
  void startExport();
  void showResult();
  void forgetResult();
  void chooseFolder();
  void buildDeployments(QWidget* pane);
  void connectDeployments();
  void followDeployments();
  void retranslateDeployments();
  void askWhere();
  void askData();
  void connectTabs();
  void followTabs();
  void fitDeployments();
  void readDrift();
  [[nodiscard]] int chosenDeployment() const;
  [[nodiscard]] store::RunNumber chosenRun() const;
  [[nodiscard]] QString chosenFile() const;
  [[nodiscard]] QStringList chosenFormats() const;
  [[nodiscard]] QString chosenPrecision() const;
  [[nodiscard]] QString quantizedResult() const;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
