// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/fields.h"

namespace lathe::ui {

/// One field of a form, made from spec::fields() and the spec as it is. Texts are translated.
struct FormField {
  const spec::FieldInfo* info = nullptr;
  QString label, unit, help;
  std::string json;       ///< value now
  QString text;           ///< value now, as a person types it
  QString automaticText;  ///< what 0, "" or "auto" is shown as; empty: the field has no automatic value
  QStringList choiceWords;
  QStringList choiceHelp;  ///< when to take each choice; empty texts where there is nothing to say
  bool visible = true;     ///< by the field's only-when condition
  QString error;           ///< sentence of validate() that names this field
};

struct FormGroup {
  QString title;
  std::vector<FormField> fields;
};

/// A group: a title and the spec paths in it.
struct FormGroupPlan {
  const char* title;  ///< QT_TRANSLATE_NOOP("SpecForm", ...)
  std::vector<const char*> paths;
};

/// The groups of the Train page (optimiser, duration, loss, machine) and of the Data page (split, sequence,
/// preprocessing).
[[nodiscard]] const std::vector<FormGroupPlan>& trainFormPlan();
[[nodiscard]] const std::vector<FormGroupPlan>& dataFormPlan();
/// Augmentation, for images.
[[nodiscard]] const std::vector<FormGroupPlan>& augmentFormPlan();

/// A field that the spec does not know is left out.
[[nodiscard]] std::vector<FormGroup> makeForm(const std::vector<FormGroupPlan>& plan, const spec::ExperimentSpec& spec);

/// What was typed as JSON for ExperimentController::setField: text is quoted, a decimal comma becomes a point.
[[nodiscard]] std::string jsonFromText(const spec::FieldInfo& field, const QString& text);
/// A stored choice as a word: "adamw" as "AdamW".
[[nodiscard]] QString choiceWord(const std::string& choice);

}  // namespace lathe::ui
