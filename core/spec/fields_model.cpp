// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addModelFields(std::vector<FieldBinding>& out) {
  field("model.template", "text", LATHE_TEXT("spec", "Template"),
        LATHE_TEXT(
            "spec",
            "The kind of network to start from: mlp, resmlp, realmlp, tabm and ft-transformer for tables; cnn, "
            "resnet-small, wide-resnet and mobilenet-small for images, resnet18, resnet34, resnet50 and mobilenet-v2 "
            "for images with ready weights; conv1d, gru, lstm and transformer for "
            "sequences; autoencoder for anomalies; custom for layers edited by hand; empty chooses by the "
            "data."))
      .choices({"",
                "mlp",
                "resmlp",
                "realmlp",
                "tabm",
                "ft-transformer",
                "cnn",
                "resnet-small",
                "wide-resnet",
                "mobilenet-small",
                "resnet18",
                "resnet34",
                "resnet50",
                "mobilenet-v2",
                "conv1d",
                "gru",
                "lstm",
                "transformer",
                "autoencoder",
                "custom"})
      .into(out, LATHE_AT(model.templateName));
  addWeightsFields(out);
  field(
      "model.layers", "list", LATHE_TEXT("spec", "Layers"),
      LATHE_TEXT("spec", "The layers themselves, in order. Filled in from the template; edit them in the Model page."))
      .into(out, LATHE_AT(model.graph));
}

}  // namespace lathe::spec
