// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/model_inspector.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "core/engine/memory_need.h"
#include "core/services/open_field.h"
#include "core/services/outlook.h"
#include "core/spec/image_scaling.h"
#include "core/spec/layer_kind.h"
#include "core/spec/templates.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/layers_model.h"
#include "ui/models/spec_form.h"
#include "ui/pages/field_pin.h"
#include "ui/pages/pane_header.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {
namespace {

constexpr const char* customName = "custom";

const spec::TemplateInfo* findTemplate(const std::string& name) {
  const auto& all = spec::templates();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == name; });
  return found == all.end() ? nullptr : &*found;
}

double memoryInTraining(const ExperimentController& experiment, const services::InspectedData& data, int batch) {
  const auto& report = experiment.graphReport();
  const auto& layers = experiment.graph().layers;
  std::uint64_t clip = 0;
  for (std::size_t i = 0; i < layers.size() && clip == 0; ++i)
    if (layers[i].kind == "log_mel") clip = static_cast<std::uint64_t>(spec::elementCount(report.layers[i].output));
  const auto context = spec::scaledContext(data.graphContext, experiment.spec());
  const auto need = engine::memoryNeed(report, context, static_cast<std::uint64_t>(data.profile.rows),
                                       experiment.spec().data.sequence.window, clip);
  return static_cast<double>(need.of(batch));
}

/// Choices in words, values as the spec has them.
ValueEditor::Description describe(const spec::AttributeInfo& info) {
  auto description = ValueEditor::describe(info);
  for (auto& choice : description.choices) choice.label = choiceWord(choice.value);
  return description;
}

/// A whole number of a template that is 0 until somebody sets it: sized to the data.
ValueEditor::Description describeSetting(const spec::AttributeInfo& info) {
  auto description = describe(info);
  const auto& usual = info.defaultValue;
  if (info.type == spec::AttributeType::Integer && usual.isNumber() && usual.toReal() == 0 && info.low == 0) {
    description.emptyIsZero = true;
    description.placeholder = ModelInspector::tr("automatic");
  }
  return description;
}

}  // namespace

ModelInspector::ModelInspector(Workbench& workbench, LayersModel& layers, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_layers(layers),
      m_header(new PaneHeader(this)),
      m_template(new QComboBox(this)),
      m_templateHelp(makeParagraph(TextRole::Caption, this)),
      m_settings(new Form(this)),
      m_layerTitle(makeLabel(TextRole::Section, this)),
      m_layerHelp(makeParagraph(TextRole::Caption, this)),
      m_attributes(new Form(this)),
      m_layerFacts(new FactList(this)),
      m_networkTitle(makeLabel(TextRole::Section, this)),
      m_networkFacts(new FactList(this)) {
  m_template->setObjectName(QStringLiteral("templateChoice"));
  m_networkFacts->setObjectName(QStringLiteral("networkFacts"));
  m_template->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_template->setMinimumContentsLength(8);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(m_header);
  auto* layout = new QVBoxLayout;
  outer->addLayout(layout, 1);
  layout->setContentsMargins(12, 12, 12, 12);
  layout->setSpacing(6);
  layout->addWidget(m_template);
  layout->addWidget(m_templateHelp);
  layout->addWidget(m_settings);
  layout->addSpacing(12);
  layout->addWidget(m_layerTitle);
  layout->addWidget(m_layerHelp);
  layout->addWidget(m_attributes);
  layout->addWidget(m_layerFacts);
  layout->addSpacing(12);
  layout->addWidget(m_networkTitle);
  layout->addWidget(m_networkFacts);
  layout->addStretch(1);
  connect(m_template, &QComboBox::activated, this, [this](int index) {
    m_workbench.experiment().setTemplate(m_template->itemData(index).toString().toStdString());
  });
  retranslate();
}

void ModelInspector::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void ModelInspector::retranslate() {
  m_header->setTitle(tr("Template"));
  m_template->setAccessibleName(tr("Template"));
  m_networkTitle->setText(tr("Whole network"));
  m_settingsOf.clear();
  m_attributesOf.clear();
  fillTemplates();
  follow();
}

void ModelInspector::fillTemplates() {
  m_template->clear();
  m_template->addItem(tr("By the data"), QString());
  for (const auto& info : spec::templates())
    m_template->addItem(translated(info.label, "layers"), QString::fromStdString(info.name));
  m_template->addItem(tr("Edited by hand"), QLatin1String(customName));
}

void ModelInspector::setLayer(int row) {
  m_row = row;
  followLayer();
}

void ModelInspector::follow() {
  followTemplate();
  followLayer();
  followNetwork();
}

void ModelInspector::followTemplate() {
  const auto& experiment = m_workbench.experiment();
  const auto& model = experiment.spec().model;
  m_template->setCurrentIndex(m_template->findData(QString::fromStdString(model.templateName)));
  const auto* inspected = experiment.data();
  std::string name = model.templateName;
  if (name.empty() && inspected != nullptr && !inspected->graphContext.inputs.empty())
    name = spec::defaultTemplate(inspected->graphContext, inspected->profile.task);
  const auto* info = findTemplate(name);
  m_template->setItemText(0, model.templateName.empty() && info != nullptr
                                 ? tr("By the data: %1").arg(translated(info->label, "layers"))
                                 : tr("By the data"));
  m_templateHelp->setText(name == customName ? tr("The layers in the table are what is trained. Choosing a template "
                                                  "replaces them; Undo brings them back.")
                          : info != nullptr  ? translated(info->help, "layers")
                                             : QString());
  m_templateHelp->setVisible(!m_templateHelp->text().isEmpty());
  if (name != m_settingsOf) {
    m_settingsOf = name;
    m_settings->clear();
    m_settingEditors.clear();
    if (info != nullptr) {
      for (const auto& setting : info->settings) {
        auto* editor = new ValueEditor(describeSetting(setting), m_settings);
        editor->setObjectName(QStringLiteral("setting_") + QString::fromStdString(setting.name));
        connect(editor, &ValueEditor::edited, this, [this, key = setting.name](const spec::Value& value) {
          m_workbench.experiment().setTemplateSetting(key, value);
        });
        const auto label = translated(setting.label, "layers");
        const auto help = translated(setting.help, "layers");
        const auto path = "model." + setting.name;
        auto* holder = new QWidget(m_settings);
        auto* line = new QHBoxLayout(holder);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(6);
        line->addWidget(editor, 1);
        if (services::canOpen(name, path))
          line->addWidget(new FieldPin(m_workbench, path, holder));
        else
          line->addSpacing(FieldPin::side + line->spacing());
        holder->setFocusProxy(editor);
        m_settings->addRow(label, holder, help);
        editor->setAccessibleText(label, help);
        editor->setToolTip(help);
        m_settingEditors.push_back({setting.name, editor});
      }
    }
  }
  m_settings->setVisible(!m_settingEditors.empty());
  if (info == nullptr) return;
  for (const auto& [key, editor] : m_settingEditors) {
    const auto own = model.settings.find(key);
    const auto known = std::find_if(info->settings.begin(), info->settings.end(),
                                    [&, wanted = key](const auto& setting) { return setting.name == wanted; });
    editor->setValue(own != model.settings.end() ? own->second : known->defaultValue);
  }
}

void ModelInspector::followLayer() {
  const auto* node = m_layers.layer(m_row);
  const auto* kind = node != nullptr ? spec::findLayerKind(node->kind) : nullptr;
  const bool known = kind != nullptr;
  m_layerTitle->setText(known ? tr("%1, %2", "kind of a layer, its name")
                                    .arg(translated(kind->label(), "layers"), QString::fromStdString(node->name))
                              : tr("This layer"));
  m_layerHelp->setText(known ? translated(kind->help(), "layers")
                             : tr("Choose a layer in the table to see and change what it does."));
  const std::string key = known ? node->name + '\n' + node->kind : std::string();
  if (key != m_attributesOf) {
    m_attributesOf = key;
    m_attributes->clear();
    m_attributeEditors.clear();
    if (known) {
      for (const auto& attribute : spec::attributesOf(*kind)) {
        auto* editor = new ValueEditor(describe(attribute), m_attributes);
        editor->setObjectName(QStringLiteral("attribute_") + QString::fromStdString(attribute.name));
        connect(editor, &ValueEditor::edited, this,
                [this, name = attribute.name](const spec::Value& value) { m_layers.setAttribute(m_row, name, value); });
        m_attributes->addRow(translated(attribute.label, "layers"), editor, translated(attribute.help, "layers"));
        m_attributeEditors.push_back({attribute.name, editor});
      }
    }
  }
  m_attributes->setVisible(!m_attributeEditors.empty());
  m_layerFacts->setVisible(known);
  if (!known) return;
  for (const auto& [name, editor] : m_attributeEditors) editor->setValue(spec::attribute(*node, name));
  const auto* report = m_layers.report(m_row);
  if (report == nullptr) return m_layerFacts->setFacts({});
  m_layerFacts->setFacts(
      {{tr("Output"), report->output.empty() ? QStringLiteral("—") : format::shape(report->output), {}},
       {tr("Parameters"), format::integer(report->parameters), {}},
       {tr("Forward, one row"), format::flops(static_cast<double>(report->flops)), {}},
       {tr("Kept for the backward pass"), format::bytes(4.0 * static_cast<double>(report->activations)), {}}});
}

void ModelInspector::followNetwork() {
  const auto& experiment = m_workbench.experiment();
  const auto& report = experiment.graphReport();
  const bool known = !report.layers.empty();
  m_networkTitle->setVisible(known);
  m_networkFacts->setVisible(known);
  if (!known) return;
  std::vector<FactList::Fact> facts{
      {tr("Layers"), format::integer(static_cast<std::int64_t>(experiment.graph().layers.size())), {}},
      {tr("Parameters"), format::integer(report.parameters), {}},
      {tr("Size of the weights"), format::bytes(4.0 * static_cast<double>(report.parameters)), {}},
      {tr("Forward, one row"), format::flops(static_cast<double>(report.flops)), {}}};
  const auto* inspected = experiment.data();
  const int batch =
      services::outlook(experiment.spec(), inspected != nullptr ? inspected->profile.trainRows : 0).batchSize;
  if (batch > 0)
    facts.push_back({tr("Activations, batch %1").arg(batch),
                     format::bytes(4.0 * static_cast<double>(report.activations) * batch),
                     {}});
  else
    facts.push_back({tr("Activations, one row"), format::bytes(4.0 * static_cast<double>(report.activations)), {}});
  if (batch > 0 && inspected != nullptr)
    facts.push_back({tr("Memory in training"), format::bytes(memoryInTraining(experiment, *inspected, batch)),
                     tr("What a training with batches of %1 takes beyond the data: weights, gradients, the optimiser's "
                        "state, copies for checkpoints, activations. A training that cannot fit is not begun.")
                         .arg(batch)});
  m_networkFacts->setFacts(std::move(facts));
}

}  // namespace lathe::ui
