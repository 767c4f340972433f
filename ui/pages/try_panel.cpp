// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/try_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/models/format.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/form.h"
#include "ui/widgets/image_drop.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostColumns = 200;
constexpr std::size_t mostChoices = 200;
constexpr std::size_t mostClasses = 12;

QWidget* editorFor(const spec::FeatureSchema& feature, QWidget* parent) {
  if (!feature.vocabulary.empty() && feature.vocabulary.size() <= mostChoices) {
    auto* box = new QComboBox(parent);
    box->setEditable(true);
    box->addItem(QString());
    for (const auto& word : feature.vocabulary) box->addItem(QString::fromStdString(word));
    return box;
  }
  auto* edit = new QLineEdit(parent);
  if (feature.kind == spec::ColumnKind::DateTime) edit->setPlaceholderText(QStringLiteral("2024-03-01"));
  return edit;
}

}  // namespace

TryPanel::TryPanel(QWidget* parent)
    : QWidget(parent),
      m_inputs(new QStackedWidget(this)),
      m_send(makeButton(ButtonKind::Primary, this)),
      m_note(makeParagraph(TextRole::Caption, this)),
      m_answer(new QWidget(this)),
      m_answers(new QVBoxLayout(m_answer)) {
  auto* body = new QHBoxLayout(this);
  body->setContentsMargins(12, 12, 12, 12);
  body->setSpacing(24);
  auto* scroll = new QScrollArea(m_inputs);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* column = new ScrolledColumn(scroll);
  column->setProperty("surface", true);
  column->setAttribute(Qt::WA_StyledBackground);
  auto* columnLayout = new QVBoxLayout(column);
  columnLayout->setContentsMargins(0, 0, 0, 0);
  m_form = new Form(column);
  columnLayout->addWidget(m_form);
  columnLayout->addStretch(1);
  scroll->setWidget(column);
  m_image = new ImageDrop(m_inputs);
  m_image->setObjectName(QStringLiteral("tryImage"));
  m_inputs->addWidget(scroll);
  m_inputs->addWidget(m_image);
  body->addWidget(m_inputs, 1);
  auto* right = new QVBoxLayout;
  right->setSpacing(8);
  auto* sendRow = new QHBoxLayout;
  sendRow->addWidget(m_send);
  sendRow->addStretch(1);
  right->addLayout(sendRow);
  m_answers->setContentsMargins(0, 0, 0, 0);
  m_answers->setSpacing(4);
  right->addWidget(m_answer);
  right->addWidget(m_note);
  right->addStretch(1);
  body->addLayout(right, 1);
  m_send->setObjectName(QStringLiteral("trySend"));
  m_note->setObjectName(QStringLiteral("tryNote"));
  connect(m_send, &QPushButton::clicked, this, &TryPanel::ask);
  connect(m_image, &ImageDrop::chosen, this, [this] {
    m_send->setEnabled(true);
    ask();
  });
  retranslate();
}

void TryPanel::retranslate() {
  m_image->retranslate();
  m_send->setText(tr("Send"));
  if (!m_empty) m_note->clear();  // said in the language of then
  m_send->setToolTip(m_takesImages ? tr("Sends this picture to the server that is chosen above")
                                   : tr("Sends this row to the server that is chosen above"));
}

void TryPanel::setForm(const services::RowForm& form, const QString& text) {
  const auto& columns = form.columns;
  m_form->clear();
  clearAnswer();
  m_takesImages = !form.image.empty();
  m_empty = columns.empty() && !m_takesImages;
  m_image->setFile({});
  m_inputs->setCurrentIndex(m_takesImages ? 1 : 0);
  for (std::size_t i = 0; i < std::min(mostColumns, columns.size()); ++i) {
    auto* editor = editorFor(columns[i], m_form);
    if (auto* edit = qobject_cast<QLineEdit*>(editor)) connect(edit, &QLineEdit::returnPressed, this, &TryPanel::ask);
    editor->setObjectName(QStringLiteral("try_") + QString::fromStdString(columns[i].name));
    m_form->addRow(QString::fromStdString(columns[i].name), editor, tr("Empty: missing"));
  }
  setTextRole(*m_note, TextRole::Caption);
  m_note->setText(text);
  m_send->setVisible(!m_empty);
  m_send->setEnabled(!m_takesImages);
  retranslate();
}

std::vector<std::string> TryPanel::cells() const {
  std::vector<std::string> cells;
  for (const auto& row : m_form->rows()) {
    if (const auto* box = qobject_cast<const QComboBox*>(row.field))
      cells.push_back(box->currentText().trimmed().toStdString());
    else if (const auto* edit = qobject_cast<const QLineEdit*>(row.field))
      cells.push_back(edit->text().trimmed().toStdString());
  }
  return cells;
}

void TryPanel::ask() {
  if (m_empty || (m_takesImages && m_image->file().isEmpty())) return;
  setBusy();
  if (m_takesImages)
    Q_EMIT imageAsked(m_image->file());
  else
    Q_EMIT asked(cells());
}

void TryPanel::setBusy() {
  setTextRole(*m_note, TextRole::Caption);
  m_note->setText(tr("Asking"));
}

void TryPanel::clearAnswer() {
  while (auto* item = m_answers->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void TryPanel::showAnswer(const services::TriedRow& row) {
  clearAnswer();
  for (const auto& [name, value] : row.answers) {
    auto* label = makeLabel(TextRole::Strong, m_answer,
                            QStringLiteral("%1: %2").arg(QString::fromStdString(name), QString::fromStdString(value)));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_answers->addWidget(label);
  }
  auto classes = row.probabilities;
  std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (std::size_t i = 0; i < std::min(mostClasses, classes.size()); ++i) {
    auto* line = new QWidget(m_answer);
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto* name = new ElidedLabel(line);
    name->setText(QString::fromStdString(classes[i].first));
    auto* bar = new ThinProgress(line);
    bar->setFraction(std::clamp(classes[i].second, 0.0, 1.0));
    auto* number = makeLabel(TextRole::Body, line, format::aligned(classes[i].second, 3));
    number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    number->setMinimumWidth(56);
    layout->addWidget(name, 1);
    layout->addWidget(bar, 2);
    layout->addWidget(number);
    m_answers->addWidget(line);
  }
  setTextRole(*m_note, TextRole::Caption);
  m_note->setText(tr("answered in %1 ms").arg(format::number(row.latencyMs, 3)));
}

void TryPanel::showProblem(const QString& text) {
  clearAnswer();
  setTextRole(*m_note, TextRole::Bad);
  m_note->setText(text);
}

}  // namespace lathe::ui
