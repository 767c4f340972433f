// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format_words.h"

#include <QCoreApplication>
#include <array>

namespace lathe::ui {
namespace {

struct FormatText {
  const char* name;
  const char* word;
  const char* help;
};

constexpr std::array texts{
    FormatText{"onnx", QT_TRANSLATE_NOOP("FormatWords", "ONNX"),
               QT_TRANSLATE_NOOP("FormatWords", "Read by most other programs, ONNX Runtime first")},
    FormatText{"torchscript", QT_TRANSLATE_NOOP("FormatWords", "TorchScript"),
               QT_TRANSLATE_NOOP("FormatWords", "Read by LibTorch and PyTorch")},
    FormatText{"torchserve", QT_TRANSLATE_NOOP("FormatWords", "TorchServe archive"),
               QT_TRANSLATE_NOOP("FormatWords", "A .mar with its own handler: rows by column name, CSV, images")},
    FormatText{"savedmodel", QT_TRANSLATE_NOOP("FormatWords", "TensorFlow SavedModel"),
               QT_TRANSLATE_NOOP("FormatWords", "A folder of versions for TensorFlow Serving and TensorFlow")},
    FormatText{"triton", QT_TRANSLATE_NOOP("FormatWords", "Triton repository"),
               QT_TRANSLATE_NOOP("FormatWords", "The ONNX model with its configuration for Triton Inference Server")},
    FormatText{"c", QT_TRANSLATE_NOOP("FormatWords", "C source"),
               QT_TRANSLATE_NOOP("FormatWords", "One C99 file without dependencies, for small devices")}};

const FormatText* textsOf(const QString& format) {
  for (const auto& each : texts)
    if (format == QLatin1String(each.name)) return &each;
  return nullptr;
}

}  // namespace

QString formatWord(const QString& format) {
  const auto* found = textsOf(format);
  return found != nullptr ? QCoreApplication::translate("FormatWords", found->word) : format;
}

QString precisionWord(const QString& precision) {
  if (precision.isEmpty()) return QStringLiteral("float32");
  if (precision == QLatin1String("bf16")) return QStringLiteral("bfloat16");
  if (precision == QLatin1String("f16")) return QStringLiteral("float16");
  if (precision == QLatin1String("int8-static"))
    return QCoreApplication::translate("FormatWords", "int8, calibrated on training rows");
  return precision;
}

QString formatHelp(const QString& format) {
  const auto* found = textsOf(format);
  return found != nullptr ? QCoreApplication::translate("FormatWords", found->help) : QString();
}

}  // namespace lathe::ui
