// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/layer_kind.h"

namespace lathe::spec {

/// One field of the spec: the single source for --set, `help spec`, validation and the window's forms.
struct FieldInfo {
  std::string path;  ///< training.optimizer.lr
  std::string type;  ///< integer, real, boolean, text, file (a path), list, numbers (a list of them), map
  std::string unit;  ///< epochs, rows, pixels, s ...; may be empty
  std::string defaultJson;
  double low = 0;
  double high = 0;         ///< low == high: unbounded
  bool automatic = false;  ///< a number whose 0, also written auto, means that it is chosen before step 1
  std::vector<std::string> choices;
  std::string label;  ///< LATHE_TEXT("spec", ...)
  std::string help;   ///< LATHE_TEXT("spec", ...): what it is and when to change it
  /// Shown only when another field has one of these values ("training.optimizer.name", {"sgd"}), or, spelled
  /// {"!0"}, any other than it; empty: always.
  std::string onlyWhenPath;
  std::vector<std::string> onlyWhenValues;
};

/// Every field, in the order of the forms. Template settings (model.NAME) are listed by templates().
[[nodiscard]] const std::vector<FieldInfo>& fields();
[[nodiscard]] const FieldInfo* findField(std::string_view path);

}  // namespace lathe::spec
