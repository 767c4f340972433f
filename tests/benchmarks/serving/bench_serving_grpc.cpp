// SPDX-License-Identifier: GPL-3.0-or-later
// Predict calls a second over gRPC: bench_serving_grpc ADDRESS MODEL COLUMNS [CALLS AT ONCE [SECONDS]].
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <memory>
#include <prediction_service.grpc.pb.h>
#include <vector>

namespace {

namespace tfs = tensorflow::serving;
using Clock = std::chrono::steady_clock;

struct Call {
  tfs::PredictResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<tfs::PredictResponse>> reader;
  Clock::time_point begun;
};

tfs::PredictRequest requestFor(const char* model, int columns) {
  tfs::PredictRequest request;
  request.mutable_model_spec()->set_name(model);
  request.mutable_model_spec()->set_signature_name("predict_signature");
  auto& tensor = (*request.mutable_inputs())["input_tensor"];
  tensor.set_dtype(tensorflow::DT_FLOAT);
  tensor.mutable_tensor_shape()->add_dim()->set_size(1);
  tensor.mutable_tensor_shape()->add_dim()->set_size(columns);
  for (int i = 0; i < columns; ++i) tensor.add_float_val(0.25F * static_cast<float>(i));
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_serving_grpc ADDRESS MODEL COLUMNS [CALLS AT ONCE [SECONDS]]\n", stderr);
    return 2;
  }
  const auto atOnce = argc > 4 ? std::atoi(argv[4]) : 32;
  const auto seconds = argc > 5 ? std::atof(argv[5]) : 5.0;
  const auto request = requestFor(argv[2], std::atoi(argv[3]));
  const auto stub = tfs::PredictionService::NewStub(grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  grpc::CompletionQueue queue;
  std::vector<Call> calls(static_cast<std::size_t>(atOnce));
  const auto begin = [&](Call& call) {
    call.context = std::make_unique<grpc::ClientContext>();
    call.begun = Clock::now();
    call.reader = stub->AsyncPredict(call.context.get(), request, &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  };
  for (auto& call : calls) begin(call);
  std::vector<double> latencies;
  std::size_t failed = 0;
  const auto start = Clock::now();
  const auto until = start + std::chrono::duration<double>(seconds);
  std::size_t running = calls.size();
  void* tag = nullptr;
  bool ok = false;
  while (running > 0 && queue.Next(&tag, &ok)) {
    auto& call = *static_cast<Call*>(tag);
    latencies.push_back(std::chrono::duration<double, std::milli>(Clock::now() - call.begun).count());
    if (!call.status.ok() && ++failed == 1) std::fprintf(stderr, "%s\n", call.status.error_message().c_str());
    if (Clock::now() < until)
      begin(call);
    else
      --running;
  }
  const double took = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  fmt::print("{{\"calls_at_once\":{},\"calls_per_second\":{:.0f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"failed\":{}}}\n",
             atOnce, static_cast<double>(latencies.size()) / took, at(0.5), at(0.99), failed);
  return failed == 0 ? 0 : 1;
}
