// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/services/model_service.h"
#include "tests/services/workshop.h"
#include "tests/support/fake_fresh_process.h"

namespace lathe::tests {

/// A project with one finished run, and what exports it.
struct ModelShop : Workshop {
  ModelShop() : fresh(std::make_shared<FakeFreshProcess>(engine)), models(services::makeModelService(engine, fresh)) {
    run = start(request(4));
    REQUIRE(finished(run).status == spec::RunStatus::Completed);
  }

  Result<services::ExportResult> exportAs(const std::string& name,
                                          const std::vector<std::string>& formats = {"torchscript"}) {
    return models->exportRun(*project, {run, formats, folder / "out", name});
  }

  std::shared_ptr<FakeFreshProcess> fresh;
  std::unique_ptr<services::ModelService> models;
  store::RunNumber run = 0;
};

}  // namespace lathe::tests
