// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <optional>
#include <stop_token>

#include "core/services/augment_preview.h"

namespace lathe::ui {

class Workbench;

/// What the network will see of a few training images, for the experiment as it is: made on a worker whenever the
/// augmentation, the data or the seed change and somebody looks. GUI thread.
class AugmentPreviewer : public QObject {
  Q_OBJECT
 public:
  enum class State : std::uint8_t {
    Idle,   ///< no images, no augmentation, or nobody looks
    Busy,   ///< being made; preview() still holds the last one
    Ready,  ///< preview() holds what belongs to the experiment
    Failed  ///< error() says why
  };

  explicit AugmentPreviewer(Workbench& workbench);
  ~AugmentPreviewer() override;
  AugmentPreviewer(const AugmentPreviewer&) = delete;
  AugmentPreviewer& operator=(const AugmentPreviewer&) = delete;

  [[nodiscard]] State state() const { return m_state; }
  [[nodiscard]] const std::optional<services::AugmentPreview>& preview() const { return m_preview; }
  [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
  /// The experiment's data are images.
  [[nodiscard]] bool images() const;
  /// The experiment asks for an augmentation.
  [[nodiscard]] bool wanted() const;

  /// Nothing is made while nobody looks.
  void setWatched(bool watched);
  /// Other images, at other steps.
  void showOthers();

 Q_SIGNALS:
  void changed();

 private:
  /// What a preview depends on.
  struct Key {
    spec::DataSpec data;
    spec::AugmentSpec augment;
    std::uint64_t seed = 0;
    std::uint64_t draw = 0;
    bool operator==(const Key&) const = default;
  };
  void follow();
  void make();
  void forget();

  Workbench& m_workbench;
  QTimer m_timer;
  State m_state = State::Idle;
  std::optional<services::AugmentPreview> m_preview;
  std::optional<Error> m_error;
  std::optional<Key> m_made;  ///< what m_preview, m_error, or what is being made, belongs to
  std::uint64_t m_draw = 0;
  bool m_watched = false;
  quint64 m_ticket = 0;
  std::stop_source m_stop;
};

}  // namespace lathe::ui
