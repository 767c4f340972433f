// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

#include "core/base/text.h"
#include "core/spec/value.h"

/// What a search for architectures consists of, in words. Names that are not known here are shown as they are.
namespace lathe::ui {

/// "Residual blocks" for resmlp; "auto": by the data.
[[nodiscard]] QString architectureSpaceWord(const std::string& name);
[[nodiscard]] QString architectureSpaceHelp(const std::string& name);
[[nodiscard]] QString architectureMethodWord(const std::string& name);
[[nodiscard]] QString architectureMethodHelp(const std::string& name);
/// spos, darts: one network of shared weights says which architectures are tried.
[[nodiscard]] bool ranksBySharedWeights(const std::string& method);
/// Whether its trials have parents.
[[nodiscard]] bool hasParents(const std::string& method);

/// "Node 3: width" for architecture.node3.width; `shortForm`: "3: width".
[[nodiscard]] QString geneWord(const std::string& parameter, bool shortForm = false);
/// "Convolution 3 × 3" for conv3, "ReLU" for relu.
[[nodiscard]] QString geneValueWord(const std::string& value);
/// What a child changed of its parent: "Kernel of node 3: 3 to 5".
[[nodiscard]] QString changeText(const Message& change);

/// "NASWOT" for naswot.
[[nodiscard]] QString scoreWord(const std::string& name);
[[nodiscard]] QString scoreHelp(const std::string& name);

}  // namespace lathe::ui
