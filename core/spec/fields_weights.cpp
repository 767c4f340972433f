// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addWeightsFields(std::vector<FieldBinding>& out) {
  field("model.weights", "file", LATHE_TEXT("spec", "Weights file"),
        LATHE_TEXT("spec",
                   "A .pth, .pt or .safetensors file whose numbers the model starts from, matched by names and shapes; "
                   "empty starts from random ones. Use it when there are few images: a network trained on millions "
                   "knows edges and textures already. Nothing in the file is executed."))
      .into(out, LATHE_AT(model.weights));
  field(
      "model.weights_sha256", "text", LATHE_TEXT("spec", "Hash of the weights"),
      LATHE_TEXT("spec",
                 "SHA-256 of the weights file when it was read, so that a changed file is noticed; Lathe fills it in."))
      .into(out, LATHE_AT(model.weightsHash));
  field("model.lora_rank", "integer", LATHE_TEXT("spec", "LoRA rank"),
        LATHE_TEXT("spec",
                   "Low-rank adaptation: leaves all ready weights as they are and learns two small matrices of this "
                   "rank beside each Linear and attention layer, which an export merges again. 4 to 16 suit few rows; "
                   "0 is off."))
      .range(0, 1024)
      .into(out, LATHE_AT(model.graph.lora.rank));
  field("model.lora_alpha", "real", LATHE_TEXT("spec", "LoRA alpha"),
        LATHE_TEXT("spec",
                   "How strongly the adapters count: what they add is multiplied by alpha / rank. Once or twice the "
                   "rank is usual."))
      .range(0.001, 10000)
      .into(out, LATHE_AT(model.graph.lora.alpha));
}

void addFreezeFields(std::vector<FieldBinding>& out) {
  field("training.freeze", "text", LATHE_TEXT("spec", "Freeze"),
        LATHE_TEXT("spec",
                   "What keeps its weights: backbone trains the output layer alone (fast, and right for very few "
                   "rows), backbone_then_all does that first and then trains everything, none trains everything from "
                   "the start. Only sensible with ready weights."))
      .choices({"none", "backbone", "backbone_then_all"})
      .into(out, LATHE_AT(training.freeze));
  field("training.freeze_epochs", "integer", LATHE_TEXT("spec", "Frozen for"),
        LATHE_TEXT("spec",
                   "Epochs before everything learns: until the fresh output layer no longer shakes the ready weights, "
                   "2 to 5 as a rule."))
      .range(1, 1000000)
      .unit("epochs")
      .onlyWhen("training.freeze", {"backbone_then_all"})
      .into(out, LATHE_AT(training.freezeEpochs));
}

}  // namespace lathe::spec
