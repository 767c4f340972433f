// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>
#include <vector>

class QComboBox;
class QLabel;

namespace lathe::ui {

class FactList;
class Form;
class LayersModel;
class PaneHeader;
class ValueEditor;
class Workbench;

/// The template with its settings, the attributes and costs of the chosen layer, and the costs of the whole network.
class ModelInspector : public QWidget {
  Q_OBJECT
 public:
  ModelInspector(Workbench& workbench, LayersModel& layers, QWidget* parent = nullptr);
  void setLayer(int row);
  /// The graph or the data changed.
  void follow();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Editor {
    std::string name;
    ValueEditor* editor = nullptr;
  };
  void retranslate();
  void fillTemplates();
  void followTemplate();
  void followLayer();
  void followNetwork();

  Workbench& m_workbench;
  LayersModel& m_layers;
  int m_row = -1;
  PaneHeader* m_header;
  QComboBox* m_template;
  QLabel* m_templateHelp;
  Form* m_settings;
  std::string m_settingsOf;
  std::vector<Editor> m_settingEditors;
  QLabel* m_layerTitle;
  QLabel* m_layerHelp;
  Form* m_attributes;
  std::string m_attributesOf;
  std::vector<Editor> m_attributeEditors;
  FactList* m_layerFacts;
  QLabel* m_networkTitle;
  FactList* m_networkFacts;
};

}  // namespace lathe::ui
