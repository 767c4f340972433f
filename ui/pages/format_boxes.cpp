// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/format_boxes.h"

#include <QCheckBox>
#include <QVBoxLayout>
#include <algorithm>

#include "core/exporting/formats/model_files.h"
#include "ui/models/format_words.h"

namespace lathe::ui {

FormatBoxes::FormatBoxes(const QString& name, QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto names = exporting::modelFormatNames();
  std::stable_partition(names.begin(), names.end(), [](const std::string& each) { return each == "onnx"; });
  for (const auto& each : names) {
    const auto id = QString::fromStdString(each);
    auto* box = new QCheckBox(this);
    box->setObjectName(name + id);
    box->setChecked(each == "onnx" || each == "torchscript");
    connect(box, &QCheckBox::toggled, this, &FormatBoxes::changed);
    column->addWidget(box);
    m_boxes.emplace_back(id, box);
  }
  setFocusProxy(m_boxes.front().second);
  retranslate();
}

QStringList FormatBoxes::chosen() const {
  QStringList formats;
  for (const auto& [name, box] : m_boxes)
    if (box->isChecked() && box->isEnabled()) formats << name;
  return formats;
}

void FormatBoxes::retranslate() {
  for (const auto& [name, box] : m_boxes) {
    box->setText(formatWord(name));
    box->setToolTip(formatHelp(name));
  }
}

}  // namespace lathe::ui
