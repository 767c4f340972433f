// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"
#include "core/spec/text_codes.h"

namespace lathe::spec {

void addTextFields(std::vector<FieldBinding>& out) {
  field("data.preprocessing.text", "text", LATHE_TEXT("spec", "Text"),
        LATHE_TEXT("spec",
                   "hashed reads columns of the kind text by their words and parts of words, so that remarks, titles "
                   "and names help to predict; ignore leaves them out, which trains faster. Not used with windows or "
                   "for anomalies."))
      .choices({"hashed", "ignore"})
      .into(out, LATHE_AT(data.preprocessing.text));
  field("data.preprocessing.text_buckets", "integer", LATHE_TEXT("spec", "Text buckets"),
        LATHE_TEXT("spec",
                   "How many different codes the words and parts of words of a text column are hashed to. More confuse "
                   "fewer words with each other, but all are updated in every step; auto takes 16384, and 32768 from "
                   "50000 training rows on."))
      .onlyWhen("data.preprocessing.text", {"hashed"})
      .automaticUpTo(mostTextBuckets)
      .into(out, LATHE_AT(data.preprocessing.textBuckets));
  field(
      "data.preprocessing.text_codes", "integer", LATHE_TEXT("spec", "Codes of a text"),
      LATHE_TEXT("spec",
                 "How many codes a text may have: all its words first, then pairs of words, then parts of words. What "
                 "comes later is not seen. auto takes as many as 95 % of the training rows need, at most 512."))
      .onlyWhen("data.preprocessing.text", {"hashed"})
      .automaticUpTo(mostTextCodes)
      .into(out, LATHE_AT(data.preprocessing.textCodes));
}

}  // namespace lathe::spec
