// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/deployments_model.h"

#include "core/base/clock.h"
#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

using Entry = DeploymentController::Entry;

bool isRolledBack(const Entry& entry) { return entry.model.state == services::DeploymentState::RolledBack; }

QString healthText(const Entry& entry) {
  if (isRolledBack(entry))
    return DeploymentsModel::tr("\u2715 rolled back to version %1").arg(QString::fromStdString(entry.model.previous));
  if (!entry.state) return DeploymentsModel::tr("looking");
  if (entry.state->healthy) return DeploymentsModel::tr("\u2713 healthy, same answers");
  const auto& why = entry.state->why;
  if (why && why->code == "deploy.unreachable") return DeploymentsModel::tr("\u2715 does not answer");
  if (why && why->code == "deploy.differs") return DeploymentsModel::tr("\u2715 answers differently");
  return DeploymentsModel::tr("\u2715 refuses");
}

QString answerText(const std::vector<float>& numbers) {
  QStringList parts;
  for (const auto number : numbers) parts << format::number(static_cast<double>(number), 6);
  return parts.join(QStringLiteral(", "));
}

/// Both answers where they differ.
QString otherText(const std::optional<services::OtherAnswer>& other) {
  if (!other) return {};
  return QLatin1Char('\n') +
         DeploymentsModel::tr("Row %1: the server answers %2, the trained model %3")
             .arg(format::integer(other->row + 1), answerText(other->found), answerText(other->wanted));
}

QString watchText(const Entry& entry) {
  if (!entry.model.isWatched(systemClock().nowMicros())) return {};
  return QLatin1Char('\n') + DeploymentsModel::tr("Watched until %1").arg(format::when(entry.model.watchedUntilMicros));
}

QString requestsText(const Entry& entry) {
  return entry.requests ? format::integer(static_cast<std::int64_t>(entry.requests->total)) : QStringLiteral("\u2014");
}

QString requestsHelp(const Entry& entry) {
  if (!entry.requests) return DeploymentsModel::tr("This server does not tell how often it was asked");
  QStringList lines{DeploymentsModel::tr("Since the server loaded the model")};
  if (entry.requests->allVersions)
    lines << DeploymentsModel::tr("Of all versions: the server does not tell them apart");
  if (entry.requests->withChecks) lines << DeploymentsModel::tr("Lathe's own checks are among them");
  return lines.join(QLatin1Char('\n'));
}

QString healthHelp(const Entry& entry) {
  if (isRolledBack(entry) && entry.model.reason) return errorText(*entry.model.reason) + otherText(entry.model.other);
  if (!entry.state) return {};
  if (entry.state->healthy)
    return DeploymentsModel::tr("Largest difference from the trained model %1 on %n row(s)", nullptr,
                                static_cast<int>(entry.state->rows))
               .arg(format::fullNumber(entry.state->maxDiff)) +
           watchText(entry);
  return (entry.state->why ? errorText(*entry.state->why) : QString()) + otherText(entry.state->other);
}

bool toTheRight(int column) { return column == DeploymentsModel::Run || column >= DeploymentsModel::Latency; }

/// Where rows are sent, for Lathe's own server: its management is nobody's business.
const std::string& shownAddress(const Entry& entry) {
  return entry.model.target == services::DeployTarget::Lathe && !entry.model.predictUrl.empty() ? entry.model.predictUrl
                                                                                                : entry.model.url;
}

}  // namespace

QString serverWord(const QString& target) {
  if (target == QLatin1String("torchserve")) return QStringLiteral("TorchServe");
  if (target == QLatin1String("tfserving")) return QStringLiteral("TensorFlow Serving");
  if (target == QLatin1String("triton")) return QStringLiteral("Triton");
  return DeploymentsModel::tr("Built in");
}

DeploymentsModel::DeploymentsModel(DeploymentController& deployments, QObject* parent)
    : QAbstractTableModel(parent), m_deployments(deployments), m_rows(static_cast<int>(deployments.entries().size())) {
  connect(&deployments, &DeploymentController::changed, this, &DeploymentsModel::follow);
}

void DeploymentsModel::follow() {
  const auto count = static_cast<int>(m_deployments.entries().size());
  if (count != m_rows) {
    beginResetModel();
    m_rows = count;
    endResetModel();
  } else if (count > 0) {
    Q_EMIT dataChanged(index(0, 0), index(count - 1, ColumnCount - 1));
  }
}

int DeploymentsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_rows; }

int DeploymentsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DeploymentsModel::data(const QModelIndex& index, int role) const {
  const auto& entries = m_deployments.entries();
  if (!index.isValid() || index.row() >= static_cast<int>(entries.size())) return {};
  const auto& entry = entries[static_cast<std::size_t>(index.row())];
  const int at = index.column();
  switch (role) {
    case Qt::DisplayRole:
      switch (at) {
        case Model:
          return QString::fromStdString(entry.model.name);
        case Server:
          return QStringLiteral("%1 \u00b7 %2")
              .arg(serverWord(QLatin1String(targetName(entry.model.target))),
                   QString::fromStdString(shownAddress(entry)));
        case Version:
          return QString::fromStdString(entry.model.version);
        case Run:
          return format::integer(entry.model.run);
        case Health:
          return healthText(entry);
        case Latency:
          return entry.state && entry.state->healthy ? tr("%1 ms").arg(format::aligned(entry.state->latencyMs, 3))
                                                     : QStringLiteral("\u2014");
        case Requests:
          return requestsText(entry);
        case PerSecond:
          return entry.perSecond ? tr("%1 /s").arg(format::aligned(*entry.perSecond, 3)) : QStringLiteral("\u2014");
        default:
          return {};
      }
    case Qt::ToolTipRole:
      if (at == Health) return healthHelp(entry);
      if (at == Requests) return requestsHelp(entry);
      if (at == PerSecond)
        return entry.requests ? tr("Requests a second between the last two looks") : requestsHelp(entry);
      if (at == Latency) return tr("Median of single rows, as this machine sees it");
      return at == Server ? QString::fromStdString(entry.model.endpoint) : data(index, Qt::DisplayRole);
    case Qt::TextAlignmentRole:
      return QVariant(toTheRight(at) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      if (at == Health && isRolledBack(entry)) return Theme::current().bad;
      if (at == Health && entry.state) return entry.state->healthy ? Theme::current().good : Theme::current().bad;
      return {};
    case EndpointRole:
      return QString::fromStdString(entry.model.endpoint);
    default:
      return {};
  }
}

QVariant DeploymentsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(toTheRight(section) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Model:
      return tr("model");
    case Server:
      return tr("server");
    case Version:
      return tr("version");
    case Run:
      return tr("run");
    case Health:
      return tr("health");
    case Latency:
      return tr("latency");
    case Requests:
      return tr("requests");
    case PerSecond:
      return tr("per second");
    default:
      return {};
  }
}

void DeploymentsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (m_rows > 0) Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
}

}  // namespace lathe::ui
