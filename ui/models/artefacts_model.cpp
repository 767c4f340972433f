// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/artefacts_model.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include "ui/bridge/export_controller.h"
#include "ui/models/format.h"
#include "ui/models/format_words.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

/// The parity report as it was kept with the artefact: the object itself, or its member "parity".
QJsonObject parityOf(const store::Artefact& artefact) {
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(artefact.detailsJson)).object();
  return object.contains(QLatin1String("parity")) ? object.value(QLatin1String("parity")).toObject() : object;
}

/// "int8"; empty for float32. The parity of such files is told and not judged.
QString quantizedAs(const store::Artefact& artefact) {
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(artefact.detailsJson)).object();
  return object.value(QLatin1String("quantization")).toObject().value(QLatin1String("kind")).toString();
}

QString parityText(const store::Artefact& artefact, bool whole) {
  const auto parity = parityOf(artefact);
  if (!parity.contains(QLatin1String("ok"))) return QStringLiteral("\u2014");
  const auto difference = parity.value(QLatin1String("max_diff")).toDouble();
  const bool ok = parity.value(QLatin1String("ok")).toBool();
  const auto sign = !quantizedAs(artefact).isEmpty() ? QString()
                    : ok                             ? QStringLiteral("\u2713 ")
                                                     : QStringLiteral("\u2715 ");
  if (!whole) return sign + format::number(difference, 2);
  const auto rows = parity.value(QLatin1String("rows")).toInteger();
  const auto runtime = parity.value(QLatin1String("runtime")).toString();
  const auto sentence =
      parity.value(QLatin1String("independent")).toBool()
          ? ArtefactsModel::tr("Largest difference %1 on %n row(s), checked in %2", nullptr, static_cast<int>(rows))
          : ArtefactsModel::tr("Largest difference %1 on %n row(s), checked by Lathe only in %2", nullptr,
                               static_cast<int>(rows));
  return sentence.arg(format::fullNumber(difference), runtime);
}

/// "LibTorch 1.13.1, fresh process", or that only Lathe's own reader looked.
QString runtimeText(const store::Artefact& artefact) {
  const auto parity = parityOf(artefact);
  const auto runtime = parity.value(QLatin1String("runtime")).toString();
  if (runtime.isEmpty()) return QStringLiteral("\u2014");
  return parity.value(QLatin1String("independent")).toBool() ? runtime : ArtefactsModel::tr("Lathe only");
}

/// "ONNX", "ONNX int8"
QString formatText(const store::Artefact& artefact) {
  const auto word = formatWord(QString::fromStdString(artefact.kind)), kind = quantizedAs(artefact);
  return kind.isEmpty() ? word : word + QLatin1Char(' ') + kind;
}

/// The file's name; of a model in a folder of versions that folder as well.
QString shownPath(const store::Artefact& artefact) {
  const auto path = QString::fromStdString(artefact.path);
  const int folders = artefact.kind == "savedmodel" || artefact.kind == "triton" ? 3 : 1;
  return path.section(QLatin1Char('/'), -folders);
}

}  // namespace

ArtefactsModel::ArtefactsModel(ExportController& exports, QObject* parent)
    : QAbstractTableModel(parent), m_exports(exports), m_rows(exports.artefacts()) {
  connect(&exports, &ExportController::artefactsChanged, this, &ArtefactsModel::follow);
}

void ArtefactsModel::follow() {
  beginResetModel();
  m_rows = m_exports.artefacts();
  endResetModel();
}

int ArtefactsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ArtefactsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

const store::Artefact* ArtefactsModel::artefact(int row) const {
  return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

QVariant ArtefactsModel::data(const QModelIndex& index, int role) const {
  const auto* artefact = index.isValid() ? this->artefact(index.row()) : nullptr;
  if (artefact == nullptr) return {};
  const int at = index.column();
  switch (role) {
    case Qt::DisplayRole:
      switch (at) {
        case File:
          return shownPath(*artefact);
        case Run:
          return format::integer(artefact->run);
        case Format:
          return formatText(*artefact);
        case Size:
          return format::bytes(static_cast<double>(artefact->bytes));
        case CheckedIn:
          return runtimeText(*artefact);
        case Rows: {
          const auto rows = parityOf(*artefact).value(QLatin1String("rows"));
          return rows.isDouble() ? format::integer(rows.toInteger()) : QStringLiteral("\u2014");
        }
        case Parity:
          return parityText(*artefact, false);
        case Created:
          return format::when(artefact->createdMicros);
        default:
          return {};
      }
    case Qt::ToolTipRole:
      if (at == File) return m_exports.pathOf(*artefact);
      if (at == Parity) return parityText(*artefact, true);
      if (at == Size)
        return tr("%1 byte(s)", nullptr, format::plural(artefact->bytes)).arg(format::integer(artefact->bytes));
      return data(index, Qt::DisplayRole);
    case Qt::AccessibleTextRole:
      return at == Parity ? QVariant(parityText(*artefact, true)) : data(index, Qt::DisplayRole);
    case Qt::TextAlignmentRole:
      return QVariant(at == File || at == Format || at == CheckedIn ? Qt::AlignLeft | Qt::AlignVCenter
                                                                    : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      if (at == Parity && quantizedAs(*artefact).isEmpty() && parityOf(*artefact).contains(QLatin1String("ok")))
        return parityOf(*artefact).value(QLatin1String("ok")).toBool() ? Theme::current().good : Theme::current().bad;
      return {};
    case SortRole:
      if (at == Size) return QVariant::fromValue<qint64>(artefact->bytes);
      if (at == Created) return QVariant::fromValue<qint64>(artefact->createdMicros);
      if (at == Run) return QVariant::fromValue<qint64>(artefact->run);
      if (at == Rows) return parityOf(*artefact).value(QLatin1String("rows")).toInteger(-1);
      return data(index, Qt::DisplayRole);
    case PathRole:
      return m_exports.pathOf(*artefact);
    case ParityOkRole: {
      if (!quantizedAs(*artefact).isEmpty()) return {};
      const auto ok = parityOf(*artefact).value(QLatin1String("ok"));
      return ok.isBool() ? QVariant(ok.toBool()) : QVariant();
    }
    case RunNumberRole:
      return QVariant::fromValue<qint64>(artefact->run);
    default:
      return {};
  }
}

QVariant ArtefactsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(section == File || section == Format || section == CheckedIn ? Qt::AlignLeft | Qt::AlignVCenter
                                                                                 : Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case File:
      return tr("file");
    case Run:
      return tr("run");
    case Format:
      return tr("format");
    case Size:
      return tr("size");
    case CheckedIn:
      return tr("checked in");
    case Rows:
      return tr("rows");
    case Parity:
      return tr("max difference");
    case Created:
      return tr("made");
    default:
      return {};
  }
}

void ArtefactsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

}  // namespace lathe::ui
