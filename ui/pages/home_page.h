// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ui/pages/page.h"

namespace lathe::ui {

class RecentProjectsModel;
class SamplesModel;

/// What to train: a dropped file, a sample in one click, a recent project. The inspector holds the recent projects and
/// what this machine offers.
class HomePage : public Page {
  Q_OBJECT
 public:
  explicit HomePage(Workbench& workbench, QWidget* parent = nullptr);
  ~HomePage() override;
  HomePage(const HomePage&) = delete;
  HomePage& operator=(const HomePage&) = delete;

  QWidget* inspector() override;
  void retranslate() override;
  [[nodiscard]] RecentProjectsModel& recent() const;
  [[nodiscard]] SamplesModel& samples() const;
  /// Asks for a weights file, then trains the sample from it.
  void chooseWeights(const QString& sample);

 Q_SIGNALS:
  void openDataWanted();
  void openFolderWanted();
  void newProjectWanted();
  void autopilotWanted();

 protected:
  bool event(QEvent* event) override;

 private:
  struct Parts;
  void build();
  void buildCards();
  void followMachine();
  void lookForSamples();
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
