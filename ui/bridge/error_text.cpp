// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/error_text.h"

#include <QCoreApplication>

namespace lathe::ui {

namespace {

/// A sentence may come from any part of core: its own context is looked at first, then the others.
QString inAnyContext(const char* context, const char* source) {
  auto plain = QString::fromUtf8(source);
  for (const auto* each : {context, "errors", "data", "events", "spec", "layers"})
    if (auto text = QCoreApplication::translate(each, source); text != plain) return text;
  return plain;
}

}  // namespace

QString translated(const Message& message, const char* context) {
  if (message.text.empty()) return {};
  const auto text = inAnyContext(context, message.text.c_str());
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
