// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/prediction_service_help.h"

#include <array>

namespace lathe::cli {
namespace {

struct Name {
  const char *sketch, *api, *lathe;
};

constexpr std::array names{
    Name{"PredictionServiceClient(channel)",
         "prediction_service_pb2_grpc.PredictionServiceStub(grpc.insecure_channel(\"HOST:8500\"))",
         "request --grpc HOST:8500 --protocol tfserving"},
    Name{"name", "PredictRequest.model_spec.name", "--model"},
    Name{"model_version", "PredictRequest.model_spec.version (Int64Value), or .version_label",
         "--version 3, or stable"},
    Name{"platform, platform_version", "ModelConfig.model_platform (\"tensorflow\") of the server's configuration",
         "models.config, which deploy --to tfserving writes"},
    Name{"signature_name", "PredictRequest.model_spec.signature_name", "--signature predict_signature"},
    Name{"input_map", "SignatureDef.inputs, PredictRequest.inputs: input_tensor float32 [-1, ...]",
         "columns of --data, in the order of the model's"},
    Name{"output_map", "SignatureDef.outputs, PredictResponse.outputs: output_tensor float32 [-1, ...]",
         "outputs.output_tensor of --json"},
    Name{"version timestamp", "none", "created in lathe-export.json"},
    Name{"predict(request)", "PredictionServiceStub.Predict(request, timeout)", "request"}};

}  // namespace

std::string predictionServiceText() {
  Table table;
  table.column("in the sketch");
  table.column("in TensorFlow Serving's API");
  table.column("in Lathe");
  for (const auto& name : names) table.row({name.sketch, name.api, name.lathe});
  return "A client of TensorFlow Serving makes a channel, names a model and a signature, and predicts a tensor.\n"
         "Name by name:\n\n" +
         table.text() +
         "\nAll of it in one command:\n"
         "  lathe-cli request --grpc 127.0.0.1:8500 --protocol tfserving --model NAME --version 1 \\\n"
         "    --signature predict_signature --data rows.csv\n"
         "Every SavedModel of Lathe has predict_signature; serving_default takes columns by name where they are "
         "text.\n";
}

Json predictionServiceJson() {
  auto list = Json::array();
  for (const auto& name : names) list.push_back({{"sketch", name.sketch}, {"api", name.api}, {"lathe", name.lathe}});
  return {{"prediction_service", std::move(list)}};
}

}  // namespace lathe::cli
