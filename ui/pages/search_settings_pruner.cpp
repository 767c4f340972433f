// SPDX-License-Identifier: GPL-3.0-or-later
// What single pruners are told.
#include <algorithm>
#include <initializer_list>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/search_settings.h"
#include "ui/widgets/form.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

using services::StudySettings;
using spec::Value;

void SearchSettings::addPrunerOption(const char* object, const QString& label, const QString& help,
                                     std::initializer_list<const char*> pruners, const NumberOf& number) {
  ValueEditor::Description description;
  description.type = number.whole ? spec::AttributeType::Integer : spec::AttributeType::Real;
  description.low = number.low;
  description.high = number.high;
  description.nullable = number.nullable;
  if (number.nullable) description.placeholder = tr("none");
  auto* editor = new ValueEditor(description, m_form);
  editor->setObjectName(QLatin1String(object));
  m_form->addRow(label, editor, help);
  PrunerOption option{editor, {}, number.get};
  for (const auto* pruner : pruners) option.pruners.emplace_back(pruner);
  m_prunerOptions.push_back(std::move(option));
  connect(editor, &ValueEditor::edited, this, [this, set = number.set](const Value& value) {
    change(tr("Change the pruner"), [&](StudySettings& settings) { set(settings, value); });
  });
}

void SearchSettings::addPrunerOptions() {
  m_prunerOptions.clear();
  addPrunerOption("prunerPercentile", tr("Share that goes on"),
                  tr("In percent: a trial goes on while it is among this share of the best so far"), {"percentile"},
                  {false, false, 1, 99, [](const StudySettings& s) { return Value(s.percentile); },
                   [](StudySettings& s, const Value& value) { s.percentile = value.toReal(); }});
  addPrunerOption("prunerStartup", tr("After trials"), tr("Nothing is stopped before so many trials have completed"),
                  {"median", "percentile"},
                  {true, false, 1, 100000, [](const StudySettings& s) { return Value(s.startupTrials); },
                   [](StudySettings& s, const Value& value) { s.startupTrials = value.toInteger(); }});
  addPrunerOption("prunerPatience", tr("Patience"), tr("Epochs without an improvement after which a trial is stopped"),
                  {"patient"},
                  {true, false, 1, 100000, [](const StudySettings& s) { return Value(s.patience); },
                   [](StudySettings& s, const Value& value) { s.patience = value.toInteger(); }});
  addPrunerOption("prunerMinDelta", tr("Smallest gain"), tr("Less than this is no improvement"), {"patient"},
                  {false, false, 0, 1e12, [](const StudySettings& s) { return Value(s.minDelta); },
                   [](StudySettings& s, const Value& value) { s.minDelta = value.toReal(); }});
  const auto bound = [](std::optional<double> StudySettings::*field) {
    return NumberOf{false,
                    true,
                    0,
                    0,
                    [field](const StudySettings& s) { return s.*field ? Value(*(s.*field)) : Value(); },
                    [field](StudySettings& s, const Value& value) {
                      s.*field = value.isNull() ? std::nullopt : std::optional(value.toReal());
                    }};
  };
  addPrunerOption("prunerLower", tr("At least"), tr("A trial whose goal falls below this value is stopped"),
                  {"threshold"}, bound(&StudySettings::lower));
  addPrunerOption("prunerUpper", tr("At most"), tr("A trial whose goal rises above this value is stopped"),
                  {"threshold"}, bound(&StudySettings::upper));
  addPrunerOption("prunerSignificance", tr("Level of the test"),
                  tr("How likely a trial that is as good as the best may be stopped by mistake"), {"wilcoxon"},
                  {false, false, 0.0001, 0.5, [](const StudySettings& s) { return Value(s.significance); },
                   [](StudySettings& s, const Value& value) { s.significance = value.toReal(); }});
}

void SearchSettings::followPruner() {
  const auto& settings = m_workbench.experiment().search().settings;
  for (const auto& option : m_prunerOptions) {
    option.editor->setValue(option.get(settings));
    showRow(option.editor,
            std::find(option.pruners.begin(), option.pruners.end(), settings.pruner) != option.pruners.end());
  }
}

}  // namespace lathe::ui
