// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

class QCheckBox;

namespace lathe::ui {

/// A box for each export format, ONNX first; ONNX and TorchScript are checked.
class FormatBoxes : public QWidget {
  Q_OBJECT
 public:
  /// The boxes are named `name` and the format's name on the command line.
  explicit FormatBoxes(const QString& name, QWidget* parent = nullptr);
  /// By the names of the command line.
  [[nodiscard]] const std::vector<std::pair<QString, QCheckBox*>>& boxes() const { return m_boxes; }
  /// Those that are checked and can be.
  [[nodiscard]] QStringList chosen() const;
  void retranslate();

 Q_SIGNALS:
  void changed();

 private:
  std::vector<std::pair<QString, QCheckBox*>> m_boxes;
};

}  // namespace lathe::ui
