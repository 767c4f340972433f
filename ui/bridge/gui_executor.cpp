// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/gui_executor.h"

#include <QMetaObject>
#include <QThread>
#include <mutex>

namespace lathe::ui {

namespace {
class Target;
}

/// Shared by all executors of one context: they outlive it on worker threads.
struct GuiExecutor::Impl {
  std::mutex mutex;
  QObject* target = nullptr;  ///< null once the context is gone
};

namespace {

/// Child of the context: dies with it, on its thread, and takes what is still queued along.
class Target final : public QObject {
 public:
  Target(QObject* context, std::shared_ptr<void> shared, std::mutex& mutex, QObject*& slot)
      : QObject(context), m_shared(std::move(shared)), m_mutex(mutex), m_slot(slot) {
    setObjectName(QStringLiteral("lathe-gui-executor"));
  }
  ~Target() override {
    const std::scoped_lock lock(m_mutex);
    m_slot = nullptr;
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  [[nodiscard]] const std::shared_ptr<void>& shared() const { return m_shared; }

 private:
  std::shared_ptr<void> m_shared;
  std::mutex& m_mutex;
  QObject*& m_slot;
};

}  // namespace

GuiExecutor::GuiExecutor(QObject* context) {
  Q_ASSERT(context != nullptr && context->thread() == QThread::currentThread());
  for (auto* child : context->children()) {
    if (auto* target = dynamic_cast<Target*>(child)) {
      m_impl = std::static_pointer_cast<Impl>(target->shared());
      return;
    }
  }
  m_impl = std::make_shared<Impl>();
  m_impl->target = new Target(context, m_impl, m_impl->mutex, m_impl->target);
}

GuiExecutor::~GuiExecutor() = default;

void GuiExecutor::post(std::function<void()> task) {
  const std::scoped_lock lock(m_impl->mutex);
  if (m_impl->target == nullptr) return;
  QMetaObject::invokeMethod(
      m_impl->target, [work = std::move(task)] { work(); }, Qt::QueuedConnection);
}

}  // namespace lathe::ui
