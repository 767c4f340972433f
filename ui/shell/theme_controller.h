// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTemporaryDir>

namespace lathe::ui {

class Preferences;

/// Gives the application its style, palette and stylesheet: as preferred, else as the desktop portal's color-scheme
/// says, else as the palette that the platform brought. Follows changes of all of them. Never waits for the portal.
class ThemeController : public QObject {
  Q_OBJECT
 public:
  explicit ThemeController(Preferences& preferences, QObject* parent = nullptr);

  /// The portal's value: 0 no preference, 1 dark, 2 light.
  void systemSchemeChanged(uint scheme);

 private:
  void apply();
  Preferences& m_preferences;
  bool m_systemDark = false;
  bool m_applied = false;
  bool m_dark = false;
  QTemporaryDir m_images;
};

}  // namespace lathe::ui
