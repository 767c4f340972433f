// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/choice_help.h"

#include <algorithm>
#include <span>

#include "core/base/text.h"

namespace lathe::spec {
namespace {

struct Entry {
  const char* path;
  const char* choice;
  const char* help;
};

constexpr const char* optimizer = "training.optimizer.name";
const Entry optimizers[] = {
    {optimizer, "sgd",
     LATHE_TEXT("spec", "For images with a tuned rate and momentum: slow to set, often the best end.")},
    {optimizer, "adam", LATHE_TEXT("spec", "As AdamW, with decay mixed into the gradient. To repeat older work.")},
    {optimizer, "adamw", LATHE_TEXT("spec", "Right nearly always, and without trying.")},
    {optimizer, "nadam", LATHE_TEXT("spec", "AdamW that looks ahead; a little faster on recurrent networks.")},
    {optimizer, "radam", LATHE_TEXT("spec", "AdamW with a careful start: when the first steps break things.")},
    {optimizer, "rmsprop", LATHE_TEXT("spec", "The classic for recurrent networks, and for MobileNet.")},
    {optimizer, "adagrad",
     LATHE_TEXT("spec", "For rare features, such as categories with many values; it slows down by itself.")},
    {optimizer, "adadelta", LATHE_TEXT("spec", "Needs no rate; slower than the others. To repeat older work.")},
    {optimizer, "lion",
     LATHE_TEXT("spec", "Half the memory of AdamW, for large networks and batches; a rate ten times smaller.")},
    {optimizer, "lamb", LATHE_TEXT("spec", "For batches of thousands of rows.")},
    {optimizer, "muon", LATHE_TEXT("spec", "For wide networks and transformers: often needs the fewest steps.")},
    {optimizer, "prodigy",
     LATHE_TEXT("spec", "Finds its rate: when you do not want to search for one. Leave the rate at 1.")},
    {optimizer, "dadapt_adam",
     LATHE_TEXT("spec", "Finds its rate as Prodigy does, more cautiously. Leave the rate at 1.")},
    {optimizer, "yellowfin",
     LATHE_TEXT("spec", "Finds rate and momentum of SGD while it trains. Leave the rate at 1.")},
    {optimizer, "schedule_free_sgd",
     LATHE_TEXT("spec", "SGD without a schedule: when you cannot say how long you will train.")},
    {optimizer, "schedule_free_adamw",
     LATHE_TEXT("spec", "AdamW without a schedule: when you cannot say how long you will train.")},
    {optimizer, "auto",
     LATHE_TEXT("spec",
                "Tries AdamW and SGD in short trainings and takes the better one: when you would rather not choose.")},
};

constexpr const char* schedule = "training.schedule.name";
const Entry schedules[] = {
    {schedule, "constant", LATHE_TEXT("spec", "For short trials, and for optimisers that need no schedule.")},
    {schedule, "cosine", LATHE_TEXT("spec", "A good default: smooth, and well settled at the end.")},
    {schedule, "step", LATHE_TEXT("spec", "Drops at fixed epochs, as older papers on images do.")},
    {schedule, "plateau",
     LATHE_TEXT("spec", "Drops when validation stands still: when you do not know how long it takes.")},
    {schedule, "one_cycle",
     LATHE_TEXT("spec", "For few epochs with a high rate: often the quickest way to a good model.")},
    {schedule, "cosine_restarts", LATHE_TEXT("spec", "Several runs in one: good to stop after any period.")},
    {schedule, "linear", LATHE_TEXT("spec", "As cosine, usual for transformers.")},
    {schedule, "polynomial", LATHE_TEXT("spec", "A fall whose shape you choose; usual for segmenting images.")},
    {schedule, "exponential", LATHE_TEXT("spec", "The same factor each epoch: when the number of epochs may change.")},
    {schedule, "flat_cosine",
     LATHE_TEXT("spec", "A high rate for longer, then a fall: for long trainings with augmentation.")},
    {schedule, "coslog4", LATHE_TEXT("spec", "Four waves, for tables: what realmlp was tuned with.")},
};

constexpr const char* loss = "training.loss.name";
const Entry losses[] = {
    {loss, "auto", LATHE_TEXT("spec", "What suits the task: cross-entropy for classes, squared error for numbers.")},
    {loss, "cross_entropy", LATHE_TEXT("spec", "For classes: gives honest probabilities.")},
    {loss, "focal", LATHE_TEXT("spec", "When rare or hard rows are what matters; probabilities become less sure.")},
    {loss, "bce", LATHE_TEXT("spec", "For several labels at once: each is a question of its own.")},
    {loss, "mse", LATHE_TEXT("spec", "Predicts the mean; one outlier counts much.")},
    {loss, "mae", LATHE_TEXT("spec", "Predicts the median; outliers hardly count.")},
    {loss, "huber",
     LATHE_TEXT("spec", "Squared for small errors, linear for large ones: when some targets are wrong.")},
    {loss, "poisson", LATHE_TEXT("spec", "For counts: visits, claims, events in a time.")},
    {loss, "reconstruction", LATHE_TEXT("spec", "For anomalies: the network learns to repeat its input.")},
    {loss, "pinball", LATHE_TEXT("spec", "For quantiles: an interval instead of one number.")},
};

constexpr const char* average = "training.average.name";
constexpr const char* decision = "training.decision_threshold";
constexpr const char* histograms = "training.histograms";
constexpr const char* freeze = "training.freeze";
constexpr const char* executor = "training.executor";
constexpr const char* device = "training.device";
constexpr const char* precision = "training.precision";
constexpr const char* monitorDirection = "training.monitor_direction";
const Entry others[] = {
    {average, "none", LATHE_TEXT("spec", "The weights of the best epoch, as they are.")},
    {average, "ema", LATHE_TEXT("spec", "For long trainings and noisy validation: steadier, hardly any cost.")},
    {average, "swa", LATHE_TEXT("spec", "For the last part of a long training on images: often generalises better.")},
    {decision, "argmax", LATHE_TEXT("spec", "When both classes are about as frequent, or only probabilities matter.")},
    {decision, "tuned", LATHE_TEXT("spec", "When one class is rare and missing it is as bad as a false alarm.")},
    {decision, "tuned_f1", LATHE_TEXT("spec", "When one class is rare and precision matters as much as finding it.")},
    {histograms, "auto", LATHE_TEXT("spec", "Now and then, mostly at epoch ends: hardly costs any time.")},
    {histograms, "every_epoch", LATHE_TEXT("spec", "To look closely at a short training.")},
    {histograms, "off", LATHE_TEXT("spec", "For very large networks, and for searches that nobody looks at.")},
    {freeze, "none", LATHE_TEXT("spec", "For many rows, or weights that begin at random.")},
    {freeze, "backbone", LATHE_TEXT("spec", "For a few hundred rows: ready weights stay, only the end learns.")},
    {freeze, "backbone_then_all",
     LATHE_TEXT("spec", "For some thousand rows: the end learns first, then everything, gently.")},
    {executor, "auto", LATHE_TEXT("spec", "The quickest that knows every layer.")},
    {executor, "fused", LATHE_TEXT("spec", "To be told when a network cannot use the fused executor.")},
    {executor, "libtorch", LATHE_TEXT("spec", "To compare with the reference.")},
    {device, "auto", LATHE_TEXT("spec", "A graphics card where there is one and the network is large enough.")},
    {device, "cpu", LATHE_TEXT("spec", "For small networks, and to get the same bits on every machine.")},
    {device, "cuda", LATHE_TEXT("spec", "For large networks and images.")},
    {precision, "auto", LATHE_TEXT("spec", "What is fastest on the device without a loss of quality.")},
    {precision, "float32", LATHE_TEXT("spec", "To compare runs to the last digit, and where a loss becomes NaN.")},
    {precision, "bfloat16", LATHE_TEXT("spec", "For large networks on a graphics card, or when memory is short.")},
    {monitorDirection, "minimize", LATHE_TEXT("spec", "For losses and errors.")},
    {monitorDirection, "maximize", LATHE_TEXT("spec", "For accuracy and other scores.")},
};

constexpr const char* decaySchedule = "training.optimizer.weight_decay_schedule";
constexpr const char* dropoutSchedule = "training.dropout_schedule";
constexpr const char* augment = "training.augment.name";
constexpr const char* border = "training.augment.border";
const Entry disturbances[] = {
    {decaySchedule, "constant", LATHE_TEXT("spec", "The same all the time: nearly always right.")},
    {decaySchedule, "cosine", LATHE_TEXT("spec", "Falls to zero, so that the end is undisturbed.")},
    {decaySchedule, "flat_cos",
     LATHE_TEXT("spec", "Stays for the first half, then falls: what realmlp was tuned with.")},
    {dropoutSchedule, "constant", LATHE_TEXT("spec", "The same all the time: nearly always right.")},
    {dropoutSchedule, "cosine", LATHE_TEXT("spec", "Falls to zero, so that the end is undisturbed.")},
    {dropoutSchedule, "flat_cos",
     LATHE_TEXT("spec", "Stays for the first half, then falls: what realmlp was tuned with.")},
    {augment, "none", LATHE_TEXT("spec", "For many images, or where every change would change the class.")},
    {augment, "auto", LATHE_TEXT("spec", "Light or standard, by a look at whether mirroring confuses the classes.")},
    {augment, "light", LATHE_TEXT("spec", "For digits, letters and signs, and wherever you are not sure.")},
    {augment, "standard", LATHE_TEXT("spec", "For photographs and clothes.")},
    {augment, "trivial", LATHE_TEXT("spec", "For long trainings of larger networks on photographs.")},
    {augment, "custom", LATHE_TEXT("spec", "To choose each change yourself.")},
    {border, "black", LATHE_TEXT("spec", "Where the background is black.")},
    {border, "edge", LATHE_TEXT("spec", "For photographs and white backgrounds.")},
};

const char* find(std::span<const Entry> entries, std::string_view path, std::string_view choice) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return path == entry.path && choice == entry.choice; });
  return found == entries.end() ? "" : found->help;
}

}  // namespace

std::string choiceHelp(std::string_view path, std::string_view choice) {
  for (const auto entries :
       {std::span<const Entry>(optimizers), std::span<const Entry>(schedules), std::span<const Entry>(losses),
        std::span<const Entry>(others), std::span<const Entry>(disturbances)})
    if (const char* help = find(entries, path, choice); *help != '\0') return help;
  return {};
}

}  // namespace lathe::spec
