// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QStyle>

namespace lathe::ui {
namespace {

const char* roleName(TextRole role) {
  switch (role) {
    case TextRole::Title:
      return "title";
    case TextRole::Section:
      return "section";
    case TextRole::Body:
      return "body";
    case TextRole::Strong:
      return "strong";
    case TextRole::Caption:
      return "caption";
    case TextRole::Good:
      return "good";
    case TextRole::Warning:
      return "warning";
    case TextRole::Bad:
      return "bad";
  }
  return "body";
}

double roleScale(TextRole role) {
  switch (role) {
    case TextRole::Title:
      return 1.4;
    case TextRole::Section:
      return 1.1;
    case TextRole::Caption:
      return 0.9;
    default:
      return 1.0;
  }
}

}  // namespace

void repolish(QWidget& widget) {
  if (auto* style = widget.style()) {
    style->unpolish(&widget);
    style->polish(&widget);
  }
  widget.update();
}

void setTextRole(QWidget& widget, TextRole role) {
  const QString name = QLatin1String(roleName(role));
  QFont font = QApplication::font();
  if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * roleScale(role));
  if (role == TextRole::Title || role == TextRole::Section || role == TextRole::Strong) font.setWeight(QFont::DemiBold);
  if (widget.property("textRole") == name && widget.font() == font) return;
  widget.setFont(font);
  widget.setProperty("textRole", name);
  repolish(widget);
}

QLabel* makeLabel(TextRole role, QWidget* parent, const QString& text) {
  auto* label = new QLabel(text, parent);
  label->setTextFormat(Qt::PlainText);
  setTextRole(*label, role);
  return label;
}

QLabel* makeParagraph(TextRole role, QWidget* parent, const QString& text) {
  auto* label = makeLabel(role, parent, text);
  label->setWordWrap(true);
  label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::MinimumExpanding);
  label->setMinimumWidth(40);
  auto policy = label->sizePolicy();
  policy.setHeightForWidth(true);
  label->setSizePolicy(policy);
  return label;
}

}  // namespace lathe::ui
