// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QSplitter;
class QStackedWidget;

namespace lathe::ui {

class AutopilotLive;
class AutopilotReady;
class AutopilotSetup;

/// From a data file to a verified model by one button: what is asked for at the left; at the right what will happen,
/// and then what happens.
class AutopilotPage : public Page {
  Q_OBJECT
 public:
  explicit AutopilotPage(Workbench& workbench, QWidget* parent = nullptr);

  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;
  /// As it is set up. Nothing happens while it cannot; problem() says why.
  void start();
  [[nodiscard]] QString problem() const;

 Q_SIGNALS:
  void fileWanted();
  void folderWanted();
  void runWanted(qint64 run);
  void deployWanted(qint64 run);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void openData(const QString& path);
  void follow();
  void markZone(bool over);

  QSplitter* m_splitter;
  AutopilotSetup* m_setup;
  QStackedWidget* m_states;
  AutopilotReady* m_ready;
  AutopilotLive* m_live;
};

}  // namespace lathe::ui
