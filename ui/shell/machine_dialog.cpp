// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/machine_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

using services::Check;

MachineDialog::MachineDialog(Workbench& workbench, QWidget* parent)
    : QDialog(parent),
      m_workbench(workbench),
      m_title(makeLabel(TextRole::Section, this)),
      m_list(new QWidget(this)),
      m_rows(new QGridLayout(m_list)),
      m_copy(makeButton(ButtonKind::Ordinary, this)),
      m_report(makeButton(ButtonKind::Ordinary, this)),
      m_close(makeButton(ButtonKind::Primary, this)) {
  setObjectName(QStringLiteral("machineDialog"));
  m_copy->setObjectName(QStringLiteral("copyChecks"));
  m_report->setObjectName(QStringLiteral("machineReport"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(m_title);
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setHorizontalSpacing(10);
  m_rows->setVerticalSpacing(8);
  m_rows->setColumnStretch(1, 1);
  layout->addWidget(m_list);
  layout->addStretch(1);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_copy);
  buttons->addWidget(m_report);
  buttons->addStretch(1);
  buttons->addWidget(m_close);
  layout->addLayout(buttons);
  m_close->setDefault(true);
  setMinimumWidth(560);
  connect(m_copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(asText()); });
  connect(m_report, &QPushButton::clicked, this, &MachineDialog::reportWanted);
  connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
  // The engine may still be loading; its checks come when it is there.
  connect(&m_workbench, &Workbench::engineReady, this, &MachineDialog::look);
  connect(&m_workbench, &Workbench::engineFailed, this, &MachineDialog::look);
  retranslate();
  look();
}

void MachineDialog::look() {
  m_copy->setEnabled(false);
  std::shared_ptr<engine::Engine> engine;
  if (m_workbench.engine() != nullptr) engine = m_workbench.engine()->engine;
  const auto project = m_workbench.project();
  const auto folder = project ? project->folder() : std::filesystem::path(QDir::homePath().toStdString());
  runAsync(
      m_workbench.readers(), this, [engine, folder] { return services::diagnose(engine.get(), folder); },
      [this, loaded = engine != nullptr](std::vector<Check> checks) {
        // Without an engine the doctor says that there is none; here it may be on its way, or have said why not.
        if (!loaded) std::erase_if(checks, [](const Check& check) { return check.code == "doctor.engine"; });
        if (const auto& error = m_workbench.engineError(); !loaded && error)
          checks.insert(checks.begin(), {Check::State::Bad, error->code, error->message, error->hint});
        fill(std::move(checks));
      });
}

void MachineDialog::fill(std::vector<Check>&& checks) {
  m_checks = std::move(checks);
  while (auto* item = m_rows->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const auto& theme = Theme::current();
  int row = 0;
  for (const auto& check : m_checks) {
    const bool good = check.state == Check::State::Good;
    auto* mark = new QLabel(m_list);
    const auto picture =
        good ? icon(QStringLiteral("check"), theme.good)
             : icon(check.state == Check::State::Bad ? QStringLiteral("error") : QStringLiteral("warning"),
                    check.state == Check::State::Bad ? theme.bad : theme.warning);
    mark->setPixmap(picture.pixmap(QSize(16, 16), devicePixelRatioF()));
    mark->setAccessibleName(good ? tr("good") : check.state == Check::State::Bad ? tr("bad") : tr("warning"));
    m_rows->addWidget(mark, row, 0, Qt::AlignTop);
    mark->show();
    const auto line = [&](TextRole role, const QString& text) {
      auto* label = makeLabel(role, m_list, text);
      label->setWordWrap(true);
      label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
      m_rows->addWidget(label, row++, 1);
      label->show();  // what is not shown yet has no height for the layout
    };
    line(TextRole::Body, translated(check.message));
    if (const auto hint = translated(check.hint); !hint.isEmpty()) line(TextRole::Caption, hint);
  }
  m_copy->setEnabled(true);
  // By the height that these texts need at this width: a hint of wrapped texts guesses too little.
  const int wide = std::max(width(), 620);
  resize(wide, layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(wide) : sizeHint().height());
}

QString MachineDialog::asText() const {
  QString text;
  for (const auto& check : m_checks)
    text += errorText({check.code, check.message, check.hint}).trimmed() + QLatin1Char('\n');
  return text;
}

void MachineDialog::changeEvent(QEvent* event) {
  QDialog::changeEvent(event);
  if (event->type() != QEvent::LanguageChange) return;
  retranslate();
  fill(std::vector<Check>(m_checks));
}

void MachineDialog::retranslate() {
  setWindowTitle(tr("This machine"));
  m_title->setText(tr("What this machine has"));
  m_copy->setText(tr("Copy"));
  m_report->setText(tr("Save a report for a bug…"));
  m_close->setText(tr("Close"));
}

}  // namespace lathe::ui
