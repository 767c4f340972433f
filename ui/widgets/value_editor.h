// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include "core/spec/layer_kind.h"
#include "core/spec/value.h"

class QComboBox;
class QCheckBox;
class QLineEdit;
class QPushButton;

namespace lathe::ui {

/// Edits one spec value: a combo for choices, a check box for booleans, else a line that takes numbers (or lists like
/// "64, 64") and shows at once when they do not fit. A file has a button beside its line that looks for it. Gives a
/// value only when it is valid.
class ValueEditor : public QWidget {
  Q_OBJECT
 public:
  struct Choice {
    std::string value;
    QString label;
    QString help = {};  ///< when to take it
  };
  struct Description {
    spec::AttributeType type = spec::AttributeType::Real;
    double low = 0;
    double high = 0;  ///< low == high: unbounded
    std::vector<Choice> choices;
    QString placeholder;       ///< shown for a null value, for example "auto (64)"
    bool nullable = false;     ///< an empty line means "automatic" and gives a null value
    bool text = false;         ///< a free text instead of a number
    bool file = false;         ///< a path, with a button that opens a file dialog; a text as well
    QString fileFilter = {};   ///< of that dialog: "Weights (*.pth *.pt *.safetensors)"
    bool numbers = false;      ///< a list of real numbers
    bool emptyIsZero = false;  ///< 0 is shown as an empty line, by which the value is chosen automatically
    bool emptyList = false;    ///< an empty line is an empty list, by which the value is chosen automatically
    QString word = {};         ///< shown and typed for one value that is no number to a person, such as "measure"
    std::int64_t wordValue = 0;
  };
  ValueEditor(Description description, QWidget* parent = nullptr);

  /// From a layer's attribute or a template's setting, labels translated.
  static Description describe(const spec::AttributeInfo& info);

  void setValue(const spec::Value& value);
  [[nodiscard]] spec::Value value() const { return m_value; }
  [[nodiscard]] bool valid() const { return m_valid; }
  void setPlaceholder(const QString& text);
  void setAccessibleText(const QString& name, const QString& help);

 Q_SIGNALS:
  /// A person changed it to something valid.
  void edited(const lathe::spec::Value& value);

 private:
  void lineEdited(const QString& text);
  void addBrowseButton();
  [[nodiscard]] QString shown(const spec::Value& value) const;
  [[nodiscard]] bool parse(const QString& text, spec::Value& out) const;
  void setValid(bool valid, const QString& why = {});
  [[nodiscard]] QString rangeText() const;

  Description m_description;
  spec::Value m_value;
  bool m_valid = true;
  QComboBox* m_combo = nullptr;
  QCheckBox* m_check = nullptr;
  QLineEdit* m_line = nullptr;
  QPushButton* m_browse = nullptr;
};

}  // namespace lathe::ui
