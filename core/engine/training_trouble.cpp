// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/training_trouble.h"

#include <fmt/format.h>

namespace lathe::engine {
namespace {

TextArgs argumentsOf(const Trouble& trouble) {
  return {{"step", std::to_string(trouble.step)},
          {"epoch", std::to_string(trouble.epoch)},
          {"lr", fmt::format("{:g}", trouble.lr)}};
}

}  // namespace

tl::unexpected<Error> diverged(const Trouble& trouble) {
  switch (trouble.kind) {
    case TroubleKind::Gradient:
      return fail(
          "engine.diverged",
          LATHE_TEXT("errors", "The gradients became NaN or infinite at step {step} (epoch {epoch})."),
          LATHE_TEXT("errors", "Lower the learning rate (it was {lr}), or look for extreme values in the data."),
          argumentsOf(trouble));
    case TroubleKind::Jump:
      return fail(
          "engine.diverged",
          LATHE_TEXT("errors",
                     "The loss jumped far above what it was again and again, the last time at step {step} (epoch "
                     "{epoch})."),
          LATHE_TEXT("errors",
                     "Lower the learning rate (it was {lr}), or clip the gradients "
                     "(training.clip_norm)."),
          argumentsOf(trouble));
    case TroubleKind::Loss:
      break;
  }
  return fail("engine.diverged",
              LATHE_TEXT("errors", "The loss became NaN or infinite at step {step} (epoch {epoch})."),
              LATHE_TEXT("errors",
                         "Lower the learning rate (it was {lr}), or clip the gradients "
                         "(training.clip_norm)."),
              argumentsOf(trouble));
}

Message wentBack(const Trouble& trouble, std::int64_t goodStep, double newLr) {
  const TextArgs args{
      {"step", std::to_string(trouble.step)}, {"good", std::to_string(goodStep)}, {"lr", fmt::format("{:.4g}", newLr)}};
  switch (trouble.kind) {
    case TroubleKind::Gradient:
      return {
          LATHE_TEXT("events",
                     "The gradients became NaN or infinite at step {step}. Went back to the weights of step {good}, "
                     "learning rate halved to {lr}."),
          args};
    case TroubleKind::Jump:
      return {
          LATHE_TEXT("events",
                     "The loss jumped far above what it was at step {step}. Went back to the weights of step {good}, "
                     "learning rate halved to {lr}."),
          args};
    case TroubleKind::Loss:
      break;
  }
  return {
      LATHE_TEXT("events",
                 "The loss became NaN or infinite at step {step}. Went back to the weights of step {good}, learning "
                 "rate halved to {lr}."),
      args};
}

}  // namespace lathe::engine
