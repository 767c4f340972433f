// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/gui_executor.h"

#include <QCoreApplication>
#include <QEvent>
#include <QThread>
#include <deque>
#include <mutex>

namespace lathe::ui {

/// Shared by all executors of one context: they outlive it on worker threads. Tasks are handed over under our own
/// mutex; Qt's event only wakes the thread.
struct GuiExecutor::Impl {
  std::mutex mutex;
  std::deque<std::function<void()>> tasks;
  QObject* target = nullptr;  ///< null once the context is gone
};

/// Child of the context: dies with it, on its thread, and takes what is still queued along.
class GuiExecutor::Target final : public QObject {
 public:
  Target(QObject* context, std::shared_ptr<Impl> impl) : QObject(context), m_impl(std::move(impl)) {
    setObjectName(QStringLiteral("lathe-gui-executor"));
  }
  ~Target() override {
    std::deque<std::function<void()>> dropped;  // destroyed after the lock
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->target = nullptr;
    dropped.swap(m_impl->tasks);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  [[nodiscard]] const std::shared_ptr<Impl>& shared() const { return m_impl; }

 protected:
  /// One event a task.
  void customEvent(QEvent* /*event*/) override {
    std::function<void()> task;
    {
      const std::scoped_lock lock(m_impl->mutex);
      if (m_impl->tasks.empty()) return;
      task = std::move(m_impl->tasks.front());
      m_impl->tasks.pop_front();
    }
    task();
  }

 private:
  std::shared_ptr<Impl> m_impl;
};

GuiExecutor::GuiExecutor(QObject* context) {
  Q_ASSERT(context != nullptr && context->thread() == QThread::currentThread());
  for (auto* child : context->children()) {
    if (auto* target = dynamic_cast<Target*>(child)) {
      m_impl = target->shared();
      return;
    }
  }
  m_impl = std::make_shared<Impl>();
  m_impl->target = new Target(context, m_impl);
}

GuiExecutor::~GuiExecutor() = default;

void GuiExecutor::post(std::function<void()> task) {
  const std::scoped_lock lock(m_impl->mutex);
  if (m_impl->target == nullptr) return;
  m_impl->tasks.push_back(std::move(task));
  QCoreApplication::postEvent(m_impl->target, new QEvent(QEvent::User));
}

}  // namespace lathe::ui
