// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "ui/bridge/search_draft.h"

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace lathe::ui {

class Form;
class ValueEditor;
class Workbench;

/// What the next search is for, settings or architectures, and how it goes about it: goals, sampler or method, pruner,
/// limits. What makes no sense for the one is not shown. Every change goes into the experiment's draft and can be
/// undone.
class SearchSettings : public QWidget {
  Q_OBJECT
 public:
  explicit SearchSettings(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();

 private:
  /// One goal: its metric, and which end of it is the good one.
  struct GoalRow {
    QWidget* holder = nullptr;
    QComboBox* metric = nullptr;
    QToolButton* direction = nullptr;
  };
  void build();
  void follow();
  void addGoals();
  void addNames();
  void addLimits();
  void addConfirming();
  void addTerminator();
  void showRow(const QWidget* editor, bool shown) const;
  // search_settings_pruner.cpp
  /// One field of the settings as a number; `low` == `high`: any.
  struct NumberOf {
    bool whole = false, nullable = false;
    double low = 0, high = 0;
    std::function<spec::Value(const services::StudySettings&)> get;
    std::function<void(services::StudySettings&, const spec::Value&)> set;
  };
  void addPrunerOption(const char* object, const QString& label, const QString& help,
                       std::initializer_list<const char*> pruners, const NumberOf& number);
  void addPrunerOptions();
  void followPruner();
  // search_settings_architecture.cpp
  void addKind();
  void addArchitecture();
  void addArchitectureLimits();
  void addSharedNetwork();
  void addFinalTrainings();
  void followArchitecture();
  ValueEditor* addCheck(const char* object, const QString& label, const QString& help);
  QComboBox* addNamed(const char* object, const QString& label, const QString& help, QLabel*& note);
  void fillGoals();
  void setGoal(std::size_t place, const std::string& metric);
  void change(const QString& what, const std::function<void(services::StudySettings&)>& deed);
  ValueEditor* addNumber(const char* object, const QString& label, const QString& help, double low, double high,
                         const QString& placeholder, const QString& unit = {});
  [[nodiscard]] std::vector<std::string> metrics() const;

  Workbench& m_workbench;
  Form* m_form;
  QLabel* m_title;
  QComboBox* m_kind = nullptr;
  std::vector<GoalRow> m_goals;
  QComboBox* m_space = nullptr;
  QLabel* m_spaceNote = nullptr;
  QComboBox* m_method = nullptr;
  QLabel* m_methodNote = nullptr;
  QComboBox* m_sampler = nullptr;
  QLabel* m_samplerNote = nullptr;
  QComboBox* m_pruner = nullptr;
  QLabel* m_prunerNote = nullptr;
  struct PrunerOption {
    ValueEditor* editor;
    std::vector<std::string> pruners;  ///< that it is for
    std::function<spec::Value(const services::StudySettings&)> get;
  };
  std::vector<PrunerOption> m_prunerOptions;
  ValueEditor* m_trials = nullptr;
  ValueEditor* m_minutes = nullptr;
  ValueEditor* m_workers = nullptr;
  ValueEditor* m_minEpochs = nullptr;
  ValueEditor* m_maxParameters = nullptr;
  ValueEditor* m_maxFlops = nullptr;
  ValueEditor* m_maxLatency = nullptr;
  ValueEditor* m_inherits = nullptr;
  ValueEditor* m_proxies = nullptr;
  ValueEditor* m_superEpochs = nullptr;
  ValueEditor* m_finalEpochs = nullptr;
  ValueEditor* m_folds = nullptr;
  ValueEditor* m_terminator = nullptr;
  ValueEditor* m_seed = nullptr;
  ValueEditor* m_deterministic = nullptr;
  ValueEditor* m_confirmTop = nullptr;
  ValueEditor* m_confirmSeeds = nullptr;
};

}  // namespace lathe::ui
