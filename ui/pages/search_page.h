// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ui/pages/page.h"

namespace lathe::ui {

class SearchPictures;
class SpacePanel;

/// Study, space and settings of the next search at the left; what the study found at the right.
class SearchPage : public Page {
  Q_OBJECT
 public:
  explicit SearchPage(Workbench& workbench, QWidget* parent = nullptr);
  ~SearchPage() override;
  SearchPage(const SearchPage&) = delete;
  SearchPage& operator=(const SearchPage&) = delete;

  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;
  [[nodiscard]] SearchPictures* pictures() const;
  [[nodiscard]] SpacePanel* space() const;
  /// The next search as the commands that do the same.
  void copyCommand();
  void tryOwn();

 Q_SIGNALS:
  /// The person asked for the run of a trial: the shell shows the Train page.
  void runOpened(qint64 run);
  /// The experiment has other layers now: the shell shows the Model page.
  void networkMade();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct Parts;
  void build();
  void followHeader();
  void followKind();
  void openStudies();
  void remove(qint64 study);
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
