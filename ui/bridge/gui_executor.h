// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "core/base/executor.h"

namespace lathe::ui {

/// Posts tasks to the thread that `context` lives in; tasks whose context is gone are dropped.
class GuiExecutor final : public Executor {
 public:
  explicit GuiExecutor(QObject* context);
  ~GuiExecutor() override;
  GuiExecutor(const GuiExecutor&) = delete;
  GuiExecutor& operator=(const GuiExecutor&) = delete;
  void post(std::function<void()> task) override;

 private:
  struct Impl;
  class Target;
  std::shared_ptr<Impl> m_impl;
};

/// Runs `work` on the workers and gives its value to `done` on the GUI thread, unless `context` was destroyed
/// meanwhile.
template <class Work, class Done>
void runAsync(Executor& workers, QObject* context, Work work, Done done) {
  auto gui = std::make_shared<GuiExecutor>(context);
  workers.post([gui, work = std::move(work), done = std::move(done)]() mutable {
    auto value = std::make_shared<decltype(work())>(work());
    gui->post([value, done = std::move(done)]() mutable { done(std::move(*value)); });
  });
}

}  // namespace lathe::ui
