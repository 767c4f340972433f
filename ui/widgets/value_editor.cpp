// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/value_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <cmath>

#include "ui/bridge/error_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {
namespace {

QString display(const spec::Value& value) {
  if (value.isNull()) return {};
  if (value.isText()) return QString::fromStdString(value.toText());
  if (value.isList()) {
    QStringList parts;
    for (const auto& item : value.toList()) parts << QString::fromStdString(item.json());
    return parts.join(QStringLiteral(", "));
  }
  if (value.isNumber() && !value.isInteger()) return QString::number(value.toReal(), 'g', 12);
  return QString::fromStdString(value.json());
}

bool readNumber(const QString& text, double& number) {
  bool ok = false;
  number = text.toDouble(&ok);
  if (!ok) number = QLocale().toDouble(text, &ok);
  return ok && std::isfinite(number);
}

}  // namespace

ValueEditor::Description ValueEditor::describe(const spec::AttributeInfo& info) {
  Description description;
  description.type = info.type;
  description.low = info.low;
  description.high = info.high;
  if (info.type == spec::AttributeType::Integers && info.defaultValue.toList().empty()) {
    description.emptyList = true;
    description.placeholder = tr("automatic");
  }
  for (const auto& choice : info.choices) description.choices.push_back({choice, translated(choice, "layers")});
  return description;
}

ValueEditor::ValueEditor(Description description, QWidget* parent)
    : QWidget(parent), m_description(std::move(description)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  QWidget* editor = nullptr;
  if (!m_description.choices.empty()) {
    m_combo = new QComboBox(this);
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_combo->setMinimumContentsLength(6);
    for (const auto& choice : m_description.choices) {
      m_combo->addItem(choice.label, QString::fromStdString(choice.value));
      if (!choice.help.isEmpty()) m_combo->setItemData(m_combo->count() - 1, choice.help, Qt::ToolTipRole);
    }
    connect(m_combo, &QComboBox::activated, this, [this](int index) {
      m_value = spec::Value::parse(m_combo->itemData(index).toString().toStdString());
      if (m_description.type == spec::AttributeType::Choice)
        m_value = spec::Value(m_combo->itemData(index).toString().toStdString());
      Q_EMIT edited(m_value);
    });
    editor = m_combo;
  } else if (m_description.type == spec::AttributeType::Boolean) {
    m_check = new QCheckBox(this);
    connect(m_check, &QCheckBox::clicked, this, [this](bool on) {
      m_value = spec::Value(on);
      Q_EMIT edited(m_value);
    });
    editor = m_check;
  } else {
    m_line = new QLineEdit(this);
    m_line->setPlaceholderText(m_description.placeholder);
    connect(m_line, &QLineEdit::textEdited, this, &ValueEditor::lineEdited);
    connect(m_line, &QLineEdit::editingFinished, this, [this] {
      if (m_valid) m_line->setText(shown(m_value));
    });
    editor = m_line;
  }
  setFocusProxy(editor);
  layout->addWidget(editor);
  if (m_description.file) addBrowseButton();
}

void ValueEditor::addBrowseButton() {
  m_browse = makeButton(ButtonKind::Ordinary, this);
  m_browse->setText(tr("Browse…"));
  m_browse->setObjectName(QStringLiteral("browse"));
  layout()->setSpacing(6);
  layout()->addWidget(m_browse);
  connect(m_browse, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Choose a file"), QFileInfo(m_line->text()).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({m_description.fileFilter, tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
      m_line->setText(file);
      lineEdited(file);
    });
    dialog->open();
  });
}

void ValueEditor::setValue(const spec::Value& value) {
  m_value = value;
  if (m_combo != nullptr) {
    const auto text = value.isText() ? value.toText() : value.json();
    m_combo->setCurrentIndex(m_combo->findData(QString::fromStdString(text)));
  } else if (m_check != nullptr) {
    m_check->setChecked(value.toBool());
  } else {
    // While a person types, "0." must not become "0" under the cursor.
    spec::Value typed;
    if (!parse(m_line->text(), typed) || typed != value) m_line->setText(shown(value));
    setValid(true);
  }
}

void ValueEditor::setPlaceholder(const QString& text) {
  if (m_line != nullptr) m_line->setPlaceholderText(text);
}

void ValueEditor::setAccessibleText(const QString& name, const QString& help) {
  setAccessibleName(name);
  focusProxy()->setAccessibleName(name);
  focusProxy()->setAccessibleDescription(help);
  focusProxy()->setWhatsThis(help);
}

void ValueEditor::lineEdited(const QString& text) {
  spec::Value value;
  if (!parse(text.trimmed(), value)) {
    setValid(false, rangeText());
    return;
  }
  setValid(true);
  m_value = value;
  Q_EMIT edited(m_value);
}

QString ValueEditor::shown(const spec::Value& value) const {
  if (m_description.emptyIsZero && value.isNumber() && value.toReal() == 0) return {};
  if (!m_description.word.isEmpty() && value.isInteger() && value.toInteger() == m_description.wordValue)
    return m_description.word;
  return display(value);
}

bool ValueEditor::parse(const QString& text, spec::Value& out) const {
  if (text.isEmpty() && (m_description.nullable || m_description.text)) {
    out = m_description.nullable ? spec::Value() : spec::Value(std::string());
    return true;
  }
  if (m_description.text) {
    out = spec::Value(text.toStdString());
    return true;
  }
  if (text.isEmpty() && m_description.emptyIsZero) {
    out = spec::Value(std::int64_t{0});
    return true;
  }
  if (!m_description.word.isEmpty() && text.compare(m_description.word, Qt::CaseInsensitive) == 0) {
    out = spec::Value(m_description.wordValue);
    return true;
  }
  const auto inRange = [this](double v) {
    return m_description.low == m_description.high || (v >= m_description.low && v <= m_description.high);
  };
  double number = 0;
  if (m_description.numbers) {
    static const QRegularExpression separators(QStringLiteral("[\\s,;\\[\\]]+"));
    spec::Value::List list;
    for (const auto& part : text.split(separators, Qt::SkipEmptyParts)) {
      if (!readNumber(part, number) || !inRange(number)) return false;
      list.emplace_back(number);
    }
    if (list.empty()) return false;
    out = spec::Value(std::move(list));
    return true;
  }
  switch (m_description.type) {
    case spec::AttributeType::Integer:
      if (!readNumber(text, number) || number != std::floor(number) || std::abs(number) > 9e15 || !inRange(number))
        return false;
      out = spec::Value(static_cast<std::int64_t>(number));
      return true;
    case spec::AttributeType::Integers: {
      static const QRegularExpression separators(QStringLiteral("[\\s,;\\[\\]xX×]+"));
      std::vector<std::int64_t> list;
      for (const auto& part : text.split(separators, Qt::SkipEmptyParts)) {
        if (!readNumber(part, number) || number != std::floor(number) || std::abs(number) > 9e15 || !inRange(number))
          return false;
        list.push_back(static_cast<std::int64_t>(number));
      }
      if (list.empty() && !m_description.emptyList) return false;
      out = spec::Value(list);
      return true;
    }
    default:
      if (!readNumber(text, number) || !inRange(number)) return false;
      out = spec::Value(number);
      return true;
  }
}

void ValueEditor::setValid(bool valid, const QString& why) {
  if (m_line == nullptr) return;
  m_line->setToolTip(valid ? toolTip() : why);
  if (m_valid == valid) return;
  m_valid = valid;
  m_line->setProperty("invalid", !valid);
  repolish(*m_line);
}

QString ValueEditor::rangeText() const {
  const QLocale locale;
  const auto number = [&](double v) { return locale.toString(v, 'g', 6); };
  if (m_description.low != m_description.high) {
    if (!m_description.word.isEmpty())
      return tr("A whole number from 1 to %1, or \"%2\".").arg(number(m_description.high), m_description.word);
    if (m_description.type == spec::AttributeType::Integer)
      return tr("A whole number from %1 to %2.").arg(number(m_description.low), number(m_description.high));
    if (m_description.type == spec::AttributeType::Integers)
      return tr("Whole numbers from %1 to %2, separated by commas.")
          .arg(number(m_description.low), number(m_description.high));
    return tr("A number from %1 to %2.").arg(number(m_description.low), number(m_description.high));
  }
  if (m_description.type == spec::AttributeType::Integer) return tr("A whole number.");
  if (m_description.type == spec::AttributeType::Integers) return tr("Whole numbers, separated by commas.");
  return tr("A number.");
}

}  // namespace lathe::ui
