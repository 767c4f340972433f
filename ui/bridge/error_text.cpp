// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/error_text.h"

#include <QCoreApplication>

namespace lathe::ui {

QString translated(const Message& message, const char* context) {
  if (message.text.empty()) return {};
  const auto text = QCoreApplication::translate(context, message.text.c_str());
  return QString::fromStdString(renderText(text.toStdString(), message.args));
}

QString translated(const std::string& text, const char* context) {
  return text.empty() ? QString() : QCoreApplication::translate(context, text.c_str());
}

QString errorText(const Error& error) {
  auto what = translated(error.message);
  auto remedy = translated(error.hint);
  if (remedy.isEmpty()) return what;
  return what.isEmpty() ? remedy : what + QLatin1Char(' ') + remedy;
}

}  // namespace lathe::ui
