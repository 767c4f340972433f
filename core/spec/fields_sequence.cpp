// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addSequenceFields(std::vector<FieldBinding>& out) {
  field("data.window", "integer", LATHE_TEXT("spec", "Window"),
        LATHE_TEXT("spec",
                   "Rows that the model sees at once, in the order of time, the newest last: for time series, where a "
                   "row says little without those before it. As long as the pattern to be seen, such as 24 for a day "
                   "of hours; 0 takes each row for itself."))
      .range(0, 16384)
      .unit("rows")
      .into(out, LATHE_AT(data.sequence.window));
  field("data.horizon", "integer", LATHE_TEXT("spec", "Horizon"),
        LATHE_TEXT("spec",
                   "How many rows ahead a forecast goes: 12 predicts each of the 12 rows that follow the window. The "
                   "further, the less sure; 0 predicts what the window's last row says."))
      .onlyWhen("data.window", {"!0"})
      .range(0, 4096)
      .unit("rows")
      .into(out, LATHE_AT(data.sequence.horizon));
  field("data.stride", "integer", LATHE_TEXT("spec", "Stride"),
        LATHE_TEXT("spec",
                   "Rows from one window of training to the next. 1 uses all of them; more is faster on long series, "
                   "whose neighbouring windows say nearly the same. Validation and test use all windows."))
      .onlyWhen("data.window", {"!0"})
      .range(1, 16384)
      .unit("rows")
      .into(out, LATHE_AT(data.sequence.stride));
}

}  // namespace lathe::spec
