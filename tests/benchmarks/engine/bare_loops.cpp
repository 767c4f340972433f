// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/engine/bare_loops.h"

#include <ctime>
#include <torch/torch.h>

#include "core/engine/optimizer.h"

namespace lathe::bench {
namespace {

struct MlpImpl : torch::nn::Module {
  MlpImpl()
      : fc1(register_module("fc1", torch::nn::Linear(64, 64))),
        fc2(register_module("fc2", torch::nn::Linear(64, 64))),
        fc3(register_module("fc3", torch::nn::Linear(64, 10))) {}
  torch::Tensor forward(const torch::Tensor& x) { return fc3(torch::relu(fc2(torch::relu(fc1(x))))); }
  torch::nn::Linear fc1, fc2, fc3;
};
TORCH_MODULE(Mlp);

struct CnnImpl : torch::nn::Module {
  CnnImpl()
      : conv1(register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 32, 3).padding(1)))),
        conv2(register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(32, 64, 3).padding(1)))),
        norm1(register_module("norm1", torch::nn::BatchNorm2d(32))),
        norm2(register_module("norm2", torch::nn::BatchNorm2d(64))),
        fc1(register_module("fc1", torch::nn::Linear(64 * 7 * 7, 128))),
        fc2(register_module("fc2", torch::nn::Linear(128, 10))) {}
  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(norm1(conv1(x))), 2);
    x = torch::max_pool2d(torch::relu(norm2(conv2(x))), 2);
    return fc2(torch::relu(fc1(x.flatten(1))));
  }
  torch::nn::Conv2d conv1, conv2;
  torch::nn::BatchNorm2d norm1, norm2;
  torch::nn::Linear fc1, fc2;
};
TORCH_MODULE(Cnn);

// contiguous() would leave a single channel as it is, and the convolutions choose their slower layout.
torch::Tensor channelsLast(const torch::Tensor& x) {
  auto result = torch::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  return result.copy_(x);
}

template <class Network>
double loop(Network& network, const torch::Tensor& x, const torch::Tensor& y, const BareSettings& settings) {
  std::vector<torch::Tensor> parameters = network->parameters();
  torch::optim::AdamW stock(parameters, torch::optim::AdamWOptions(settings.lr).weight_decay(0.01));
  spec::OptimizerSpec spec;
  spec.lr = settings.lr;
  std::vector<engine::Optimizer::Slot> slots;
  for (auto& p : parameters)
    slots.push_back({"p", p.data_ptr<float>(), static_cast<std::size_t>(p.numel()), p.dim() > 1});
  engine::Optimizer fused(spec, slots);
  std::vector<const float*> gradients(parameters.size());
  const std::int64_t rows = x.size(0);
  std::int64_t steps = 0;
  double start = processSeconds();
  for (int epoch = 0; epoch < settings.epochs; ++epoch) {
    const auto order = torch::randperm(rows);
    for (std::int64_t first = 0; first < rows; first += settings.batchSize) {
      if (steps == 1) start = processSeconds();  // as with the engine, the first step is warm-up
      const auto index = order.slice(0, first, std::min(first + settings.batchSize, rows));
      auto batch = x.index_select(0, index);
      if (batch.scalar_type() == torch::kUInt8) batch = channelsLast((batch.to(torch::kFloat32) - 72.9) / 90.0);
      const auto loss = torch::cross_entropy_loss(network->forward(batch), y.index_select(0, index));
      ++steps;
      if (!settings.fusedOptimizer) {
        stock.zero_grad();
        loss.backward();
        stock.step();
        continue;
      }
      loss.backward();
      for (std::size_t i = 0; i < parameters.size(); ++i) gradients[i] = parameters[i].grad().data_ptr<float>();
      fused.update(gradients, steps, settings.lr);
      for (auto& p : parameters) p.mutable_grad().reset();
    }
  }
  return 1e6 * (processSeconds() - start) / static_cast<double>(steps - 1);
}

}  // namespace

double processSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double bareLoop(const std::shared_ptr<const data::Dataset>& data, const BareSettings& settings) {
  at::get_num_threads();
  at::set_num_threads(settings.threads);
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(data->rows)};
  shape.insert(shape.end(), data->schema.inputShape.begin(), data->schema.inputShape.end());
  const bool image = data->schema.image;
  const void* inputs = image ? static_cast<const void*>(data->pixels.data()) : data->table.data();
  const auto rows = static_cast<std::int64_t>(data->split.train.size());
  const auto x = torch::from_blob(const_cast<void*>(inputs), shape, image ? torch::kUInt8 : torch::kFloat32)
                     .narrow(0, 0, rows)
                     .clone();
  const auto y = torch::from_blob(const_cast<std::int32_t*>(data->classes.data()), {shape[0]}, torch::kInt32)
                     .narrow(0, 0, rows)
                     .to(torch::kInt64);
  torch::manual_seed(1);
  if (!image) {
    Mlp network;
    return loop(network, x, y, settings);
  }
  Cnn network;
  network->conv1->weight.set_data(network->conv1->weight.contiguous(at::MemoryFormat::ChannelsLast));
  network->conv2->weight.set_data(network->conv2->weight.contiguous(at::MemoryFormat::ChannelsLast));
  return loop(network, x, y, settings);
}

}  // namespace lathe::bench
