// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace lathe::ui {

/// Name on the left, value on the right, a line below each: what an inspector says about one thing.
class FactList : public QWidget {
  Q_OBJECT
 public:
  struct Fact {
    QString name;
    QString value;
    QString toolTip;  ///< the full value
    bool operator==(const Fact&) const = default;
  };
  explicit FactList(QWidget* parent = nullptr);
  void setFacts(std::vector<Fact> facts);
  [[nodiscard]] const std::vector<Fact>& facts() const { return m_facts; }
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] int rowHeight() const;
  std::vector<Fact> m_facts;
};

}  // namespace lathe::ui
