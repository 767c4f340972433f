// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/progress_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <string>

namespace lathe::ui {

QString progressWord(const Progress& progress) {
  static const std::map<std::string, const char*> words{
      {"read", QT_TRANSLATE_NOOP("Progress", "Reading the data")},
      {"unpack", QT_TRANSLATE_NOOP("Progress", "Unpacking the file")},
      {"convert", QT_TRANSLATE_NOOP("Progress", "Converting the encoding")},
      {"decode", QT_TRANSLATE_NOOP("Progress", "Decoding the files")},
      {"parse", QT_TRANSLATE_NOOP("Progress", "Reading the rows")},
      {"hash", QT_TRANSLATE_NOOP("Progress", "Checking the content")},
      {"profile", QT_TRANSLATE_NOOP("Progress", "Looking at the columns")},
      {"prepare", QT_TRANSLATE_NOOP("Progress", "Preparing the data")},
      {"text", QT_TRANSLATE_NOOP("Progress", "Reading the text")},
      {"write", QT_TRANSLATE_NOOP("Progress", "Writing the model")},
      {"measure", QT_TRANSLATE_NOOP("Progress", "Comparing with float32")},
      {"verify", QT_TRANSLATE_NOOP("Progress", "Verifying in a fresh process")},
      {"connect", QT_TRANSLATE_NOOP("Progress", "Looking for the server")},
      {"register", QT_TRANSLATE_NOOP("Progress", "Registering the model")},
      {"train", QT_TRANSLATE_NOOP("Progress", "Training")},
      {"watch", QT_TRANSLATE_NOOP("Progress", "Watching the new version")},
      {"predict", QT_TRANSLATE_NOOP("Progress", "Predicting")},
  };
  const auto found = words.find(progress.what);
  return QCoreApplication::translate("Progress",
                                     found != words.end() ? found->second : QT_TRANSLATE_NOOP("Progress", "Working"));
}

double progressFraction(const Progress& progress) {
  return progress.total > 0 ? std::clamp(progress.done / progress.total, 0.0, 1.0) : -1;
}

}  // namespace lathe::ui
