// SPDX-License-Identifier: GPL-3.0-or-later
// What a search for architectures has beside, and instead of, a search of settings.
#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/architecture_words.h"
#include "ui/pages/search_settings.h"
#include "ui/widgets/form.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

using spec::Value;

namespace {

constexpr double flopsAMillion = 1e6;
constexpr std::int64_t usualTrials = 50;

/// In the order in which they are worth trying.
const char* const spaces[] = {"auto", "resmlp", "mlp", "cells", "free"};
const char* const methods[] = {"evolution", "random", "tpe", "bohb", "spos", "darts"};

QString textOf(const QComboBox* combo, int index) { return combo->itemData(index).toString(); }

}  // namespace

ValueEditor* SearchSettings::addCheck(const char* object, const QString& label, const QString& help) {
  ValueEditor::Description check;
  check.type = spec::AttributeType::Boolean;
  auto* editor = new ValueEditor(check, m_form);
  editor->setObjectName(QLatin1String(object));
  m_form->addRow(label, editor, help);
  return editor;
}

void SearchSettings::addKind() {
  QLabel* note = nullptr;
  m_kind = addNamed("searchFor", tr("Search for"), tr("What the trials differ in"), note);
  note->hide();
  m_kind->addItem(tr("Settings"), false);
  m_kind->setItemData(0, tr("The values of settings that you open"), Qt::ToolTipRole);
  m_kind->addItem(tr("Architectures"), true);
  m_kind->setItemData(1, tr("The layers of the network and how they are joined"), Qt::ToolTipRole);
  connect(m_kind, &QComboBox::activated, this, [this](int index) {
    auto draft = m_workbench.experiment().search();
    const bool wanted = m_kind->itemData(index).toBool();
    if (wanted == draft.architectures()) return;
    draft.setArchitectures(wanted);
    m_workbench.experiment().setSearch(std::move(draft), tr("Change what is searched"));
  });
}

void SearchSettings::addArchitecture() {
  m_space = addNamed("architectureSpace", tr("Space"), tr("Which architectures there are"), m_spaceNote);
  for (const auto* name : spaces) {
    m_space->addItem(architectureSpaceWord(name), QString::fromLatin1(name));
    m_space->setItemData(m_space->count() - 1, architectureSpaceHelp(name), Qt::ToolTipRole);
  }
  m_method = addNamed("architectureMethod", tr("Method"), tr("Who proposes the next architecture"), m_methodNote);
  for (const auto* name : methods) {
    m_method->addItem(architectureMethodWord(name), QString::fromLatin1(name));
    m_method->setItemData(m_method->count() - 1, architectureMethodHelp(name), Qt::ToolTipRole);
  }
  connect(m_space, &QComboBox::activated, this, [this](int index) {
    change(tr("Change the space"),
           [&](auto& settings) { settings.architecture.space = textOf(m_space, index).toStdString(); });
  });
  connect(m_method, &QComboBox::activated, this, [this](int index) {
    change(tr("Change the method"), [&](auto& settings) {
      auto& method = settings.architecture.method;
      const bool before = ranksBySharedWeights(method);
      method = textOf(m_method, index).toStdString();
      const bool now = ranksBySharedWeights(method);
      // Few trials are enough where a shared network has chosen them, unless somebody said how many.
      if (now && !before && settings.trials == usualTrials) settings.trials = 0;
      if (before && !now && settings.trials == 0) settings.trials = usualTrials;
    });
  });
}

void SearchSettings::addArchitectureLimits() {
  m_maxParameters =
      addNumber("maxParameters", tr("Parameters up to"), tr("No architecture with more is tried"), 1, 1e12, tr("any"));
  connect(m_maxParameters, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the most parameters"),
           [&](auto& settings) { settings.architecture.limits.parameters = value.toReal(); });
  });
  m_maxFlops = addNumber("maxFlops", tr("FLOPs up to"),
                         tr("Of one row, forward; a multiply-add counts two. No architecture that needs more is tried"),
                         1e-6, 1e9, tr("any"), tr("MFLOP"));
  connect(m_maxFlops, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the most FLOPs"),
           [&](auto& settings) { settings.architecture.limits.flops = flopsAMillion * value.toReal(); });
  });
  m_maxLatency = addNumber("maxLatency", tr("Latency up to"),
                           tr("Of one row through the exported model, measured before a trial is trained"), 1e-6, 1e6,
                           tr("any"), tr("ms"));
  connect(m_maxLatency, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the longest latency"),
           [&](auto& settings) { settings.architecture.limits.latencyMs = value.toReal(); });
  });
  m_inherits =
      addCheck("inherits", tr("Inherit weights"),
               tr("A child starts from the weights of its parent that fit, so that a short training tells more"));
  connect(m_inherits, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change what is inherited"), [&](auto& settings) { settings.architecture.inherits = value.toBool(); });
  });
  m_proxies = addCheck("proxies", tr("Zero-cost scores"),
                       tr("Scores the untrained network of each trial beside training it; costs one batch"));
  connect(m_proxies, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the scores"), [&](auto& settings) { settings.architecture.proxies = value.toBool(); });
  });
}

void SearchSettings::addSharedNetwork() {
  m_superEpochs = addNumber("superEpochs", tr("Shared network"),
                            tr("Epochs that the network which holds all architectures is trained for"), 1, 100000,
                            tr("automatic"), tr("epochs"));
  connect(m_superEpochs, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the shared network"),
           [&](auto& settings) { settings.architecture.superEpochs = value.isNull() ? 0 : value.toInteger(); });
  });
}

void SearchSettings::addFinalTrainings() {
  m_finalEpochs = addNumber("finalEpochs", tr("Final training"),
                            tr("Epochs of the trainings from scratch at the end, by which the winner is chosen; "
                               "automatic: three times those of a trial"),
                            1, 100000, tr("automatic"), tr("epochs"));
  connect(m_finalEpochs, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the final training"), [&](auto& settings) {
      settings.architecture.finalEpochs = value.isNull() ? 0 : static_cast<int>(value.toInteger());
    });
  });
}

void SearchSettings::followArchitecture() {
  const auto& draft = m_workbench.experiment().search();
  const auto& settings = draft.settings;
  const auto& study = settings.architecture;
  const bool on = draft.architectures();
  const bool shared = on && ranksBySharedWeights(study.method);
  const auto limit = [](double value) { return value > 0 ? Value(value) : Value(); };
  m_kind->setCurrentIndex(on ? 1 : 0);
  if (on) {
    m_space->setCurrentIndex(m_space->findData(QString::fromStdString(study.space)));
    m_method->setCurrentIndex(m_method->findData(QString::fromStdString(study.method)));
    m_spaceNote->setText(architectureSpaceHelp(study.space));
    m_methodNote->setText(architectureMethodHelp(study.method));
  }
  m_maxParameters->setValue(study.limits.parameters > 0 ? Value(static_cast<std::int64_t>(study.limits.parameters))
                                                        : Value());
  m_maxFlops->setValue(limit(study.limits.flops / flopsAMillion));
  m_maxLatency->setValue(limit(study.limits.latencyMs));
  m_inherits->setValue(study.inherits);
  m_proxies->setValue(study.proxies);
  m_superEpochs->setValue(study.superEpochs > 0 ? Value(study.superEpochs) : Value());
  m_finalEpochs->setValue(study.finalEpochs > 0 ? Value(std::int64_t{study.finalEpochs}) : Value());
  m_trials->setPlaceholder(shared ? QStringLiteral("8") : tr("by the time"));
  // Population based pruners make settings of their own, which architectures have not.
  if (auto* items = qobject_cast<QStandardItemModel*>(m_pruner->model()))
    for (int row = 0; row < items->rowCount(); ++row) {
      const auto name = textOf(m_pruner, row);
      items->item(row)->setEnabled(!on || (name != QLatin1String("pbt") && name != QLatin1String("dehb")));
    }
  for (const auto* each : {m_space, m_method}) showRow(each, on);
  for (const auto* each : {m_maxParameters, m_maxFlops, m_maxLatency, m_proxies}) showRow(each, on);
  showRow(m_inherits, on && hasParents(study.method));
  showRow(m_superEpochs, shared);
  showRow(m_finalEpochs, on && settings.confirmSeeds > 0 && settings.goals.size() < 2);
  const auto seeds =
      on ? tr("Seeds that each of them is trained with from scratch; 0: the best trial is taken as it is")
         : tr("New seeds that each of them is trained with; 1: nothing is trained again");
  for (const auto& row : m_form->rows())
    if (row.field == m_confirmSeeds->parentWidget()) row.setText(tr("With seeds"), seeds);
}

}  // namespace lathe::ui
