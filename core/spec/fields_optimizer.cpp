// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/customary.h"
#include "core/spec/field_builder.h"

namespace lathe::spec {
namespace {

using Names = std::vector<std::string>;

const Names adamRelatives{
    "adam", "adamw", "nadam", "radam", "lamb", "muon", "prodigy", "dadapt_adam", "schedule_free_adamw"};

Names with(Names names, const Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

void addOptimizer(std::vector<FieldBinding>& out) {
  field("training.optimizer.name", "text", LATHE_TEXT("spec", "Optimiser"),
        LATHE_TEXT(
            "spec",
            "How the weights follow the gradient. auto tries adamw and sgd with several rates and momenta in short "
            "trainings before step 1 and takes the best; adamw is a good choice without trying; adam is the same "
            "without decoupled "
            "decay; sgd with momentum can win on images with a tuned rate; nadam and radam start more gently; "
            "rmsprop, adagrad and adadelta are the classics (recurrent nets, rare features); lion needs less memory "
            "and a rate ten times smaller; lamb is for batches of thousands; muon is often the fastest for wide "
            "networks; prodigy, dadapt_adam and yellowfin find the rate by themselves; the schedule_free ones need "
            "no schedule. The other settings follow to their usual values unless they were changed."))
      .choices(with({"auto"}, optimizerNames()))
      .into(out, LATHE_AT(training.optimizer.name));
  field(
      "training.optimizer.lr", "real", LATHE_TEXT("spec", "Learning rate"),
      LATHE_TEXT("spec",
                 "Size of a step, the setting that matters most. auto (0) chooses it by short trainings before step "
                 "1. Lower it when the loss jumps or becomes NaN, raise it when the loss hardly moves; try factors of "
                 "3. For prodigy, dadapt_adam and yellowfin it multiplies the rate they find; leave it at 1."))
      .automaticUpTo(1000000000.0)
      .into(out, LATHE_AT(training.optimizer.lr));
  field("training.optimizer.rest_lr", "real", LATHE_TEXT("spec", "Rate of the rest"),
        LATHE_TEXT(
            "spec",
            "Learning rate of what Muon leaves to AdamW: biases, normalisations, embeddings and the output layer."))
      .onlyWhen("training.optimizer.name", {"muon"})
      .range(1e-12, 1000000000.0)
      .into(out, LATHE_AT(training.optimizer.restLr));
  field(
      "training.optimizer.weight_decay", "real", LATHE_TEXT("spec", "Weight decay"),
      LATHE_TEXT("spec", "Pulls weights towards zero at each step, against overfitting. 0.01 suits AdamW, 0.0005 SGD."))
      .range(0, 1000)
      .into(out, LATHE_AT(training.optimizer.weightDecay));
  field("training.optimizer.weight_decay_schedule", "text", LATHE_TEXT("spec", "Decay over time"),
        LATHE_TEXT(
            "spec",
            "How the weight decay changes during the training: constant stays, cosine falls to zero, flat_cos stays "
            "for the first half and then falls."))
      .choices({"constant", "flat_cos", "cosine"})
      .into(out, LATHE_AT(training.optimizer.weightDecaySchedule));
  field("training.optimizer.decay_all", "boolean", LATHE_TEXT("spec", "Decay everything"),
        LATHE_TEXT("spec",
                   "Weight decay for biases and normalisations too. They are spared otherwise, which nearly always is "
                   "better."))
      .into(out, LATHE_AT(training.optimizer.decayAll));
}

void addMoments(std::vector<FieldBinding>& out) {
  field(
      "training.optimizer.momentum", "real", LATHE_TEXT("spec", "Momentum"),
      LATHE_TEXT(
          "spec",
          "How much of the last steps' direction is kept. 0.9 is usual; 0.95 to 0.99 for small batches and a low rate, "
          "less when the loss swings."))
      .onlyWhen("training.optimizer.name", {"sgd", "rmsprop", "muon", "schedule_free_sgd"})
      .range(0, 0.9999)
      .into(out, LATHE_AT(training.optimizer.momentum));
  field("training.optimizer.nesterov", "boolean", LATHE_TEXT("spec", "Nesterov"),
        LATHE_TEXT("spec",
                   "Looks ahead along the momentum before it measures the gradient. Worth a try with SGD on images; it "
                   "costs nothing."))
      .onlyWhen("training.optimizer.name", {"sgd"})
      .into(out, LATHE_AT(training.optimizer.nesterov));
  field("training.optimizer.beta1", "real", LATHE_TEXT("spec", "Beta 1"),
        LATHE_TEXT("spec",
                   "Memory of Adam for the direction. Leave it at 0.9; 0.95 is smoother on noisy batches, 0 to 0.5 "
                   "suits losses that keep changing."))
      .onlyWhen("training.optimizer.name", with(adamRelatives, {"lion"}))
      .range(0, 0.999999)
      .into(out, LATHE_AT(training.optimizer.beta1));
  field("training.optimizer.beta2", "real", LATHE_TEXT("spec", "Beta 2"),
        LATHE_TEXT("spec",
                   "Memory of Adam for the size of gradients. Lower it to 0.99 or 0.95 when the loss jumps now and "
                   "then, as with transformers and large batches."))
      .onlyWhen("training.optimizer.name", with(adamRelatives, {"lion", "rmsprop", "adadelta", "yellowfin"}))
      .range(0, 0.999999)
      .into(out, LATHE_AT(training.optimizer.beta2));
  field(
      "training.optimizer.epsilon", "real", LATHE_TEXT("spec", "Epsilon"),
      LATHE_TEXT("spec",
                 "Keeps Adam from dividing by zero. Raise it to 1e-4 or 1e-3 when single weights jump; else leave it."))
      .onlyWhen("training.optimizer.name", with(adamRelatives, {"rmsprop", "adagrad", "adadelta"}))
      .range(1e-16, 1)
      .into(out, LATHE_AT(training.optimizer.epsilon));
  field("training.optimizer.hypergradient", "real", LATHE_TEXT("spec", "Hypergradient"),
        LATHE_TEXT(
            "spec",
            "Lets the learning rate grow while steps keep their direction and shrink when they overshoot "
            "(hypergradient descent). 0 is off; 0.01 changes it by at most one per cent a step. For when you do not "
            "know the rate and do not want to search."))
      .onlyWhen("training.optimizer.name", {"sgd", "adam", "adamw"})
      .range(0, 0.5)
      .into(out, LATHE_AT(training.optimizer.hypergradient));
  field(
      "training.layer_lr_decay", "real", LATHE_TEXT("spec", "Rate by depth"),
      LATHE_TEXT("spec",
                 "Learning rate of each layer as a part of the next one's towards the output: 1 trains all alike; 0.65 "
                 "to 0.9 changes the early layers of a network with ready weights only gently."))
      .range(0.01, 1)
      .into(out, LATHE_AT(training.layerLrDecay));
  addFreezeFields(out);
}

void addSchedule(std::vector<FieldBinding>& out) {
  field("training.schedule.name", "text", LATHE_TEXT("spec", "Schedule"),
        LATHE_TEXT(
            "spec",
            "How the learning rate changes: cosine falls smoothly to the end and is a good default; one_cycle rises "
            "and falls, with the momentum the other way round, for short trainings with a high rate; flat_cosine "
            "stays high for longer; cosine_restarts begins again now and then; linear, polynomial and exponential "
            "fall in their own ways; coslog4 makes four waves, for tables; step drops at intervals, plateau drops "
            "when validation stops improving, constant stays."))
      .choices(scheduleNames())
      .into(out, LATHE_AT(training.schedule.name));
  field("training.schedule.warmup_fraction", "real", LATHE_TEXT("spec", "Warm-up"),
        LATHE_TEXT(
            "spec",
            "Part of all steps over which the learning rate rises from zero before the schedule begins, so that the "
            "first steps break nothing."))
      .range(0, 0.9)
      .into(out, LATHE_AT(training.schedule.warmupFraction));
  field("training.schedule.final_fraction", "real", LATHE_TEXT("spec", "Final rate"),
        LATHE_TEXT("spec",
                   "Learning rate at the end, as a part of the full one. 0 settles best; 0.1 when the loss still falls "
                   "at the end."))
      .onlyWhen("training.schedule.name", {"cosine", "cosine_restarts", "linear", "polynomial", "flat_cosine"})
      .range(0, 1)
      .into(out, LATHE_AT(training.schedule.finalFraction));
  field("training.schedule.step_epochs", "integer", LATHE_TEXT("spec", "Every"),
        LATHE_TEXT("spec", "Epochs between two drops of the learning rate. A third of all epochs is usual."))
      .onlyWhen("training.schedule.name", {"step"})
      .range(1, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.schedule.stepEpochs));
  field("training.schedule.gamma", "real", LATHE_TEXT("spec", "Factor"),
        LATHE_TEXT("spec",
                   "What the learning rate is multiplied by at each drop: 0.1 is usual, 0.5 is gentler. For "
                   "exponential, over each epoch: 0.9 to 0.98."))
      .onlyWhen("training.schedule.name", {"step", "plateau", "exponential"})
      .range(1e-06, 1)
      .into(out, LATHE_AT(training.schedule.gamma));
  field("training.schedule.patience", "integer", LATHE_TEXT("spec", "Patience of the schedule"),
        LATHE_TEXT("spec",
                   "Epochs without a better validation loss before the learning rate drops. More where validation is "
                   "noisy, since few rows are in it."))
      .onlyWhen("training.schedule.name", {"plateau"})
      .range(0, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.schedule.patience));
}

void addScheduleShapes(std::vector<FieldBinding>& out) {
  field(
      "training.schedule.restart_epochs", "integer", LATHE_TEXT("spec", "First restart after"),
      LATHE_TEXT(
          "spec",
          "Epochs of the first period, before the learning rate jumps back up. A tenth of all epochs is a good start."))
      .onlyWhen("training.schedule.name", {"cosine_restarts"})
      .range(1, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.schedule.restartEpochs));
  field("training.schedule.restart_growth", "real", LATHE_TEXT("spec", "Growth of periods"),
        LATHE_TEXT("spec", "How much longer each period is than the one before; 2 is usual, 1 keeps them equal."))
      .onlyWhen("training.schedule.name", {"cosine_restarts"})
      .range(1, 10)
      .into(out, LATHE_AT(training.schedule.restartGrowth));
  field("training.schedule.power", "real", LATHE_TEXT("spec", "Power"),
        LATHE_TEXT("spec",
                   "Shape of the fall: 1 is a straight line, 2 falls sooner and ends softly, 0.9 is usual for "
                   "segmenting images."))
      .onlyWhen("training.schedule.name", {"polynomial"})
      .range(0.1, 10)
      .into(out, LATHE_AT(training.schedule.power));
  field("training.schedule.flat_fraction", "real", LATHE_TEXT("spec", "Flat part"),
        LATHE_TEXT(
            "spec",
            "Part of the training with the full learning rate, before it falls. 0.5 to 0.75 suits long trainings."))
      .onlyWhen("training.schedule.name", {"flat_cosine"})
      .range(0, 0.99)
      .into(out, LATHE_AT(training.schedule.flatFraction));
  field("training.schedule.rise_fraction", "real", LATHE_TEXT("spec", "Rising part"),
        LATHE_TEXT("spec", "Part of the training in which the learning rate rises, before it falls; 0.3 is usual."))
      .onlyWhen("training.schedule.name", {"one_cycle"})
      .range(0.01, 0.99)
      .into(out, LATHE_AT(training.schedule.riseFraction));
}

void addAverage(std::vector<FieldBinding>& out) {
  field("training.average.name", "text", LATHE_TEXT("spec", "Average"),
        LATHE_TEXT(
            "spec",
            "Validates and keeps an average of the weights in the place of the last ones: ema follows them smoothly "
            "and helps nearly every long training; swa averages the epochs of the last part and often generalises "
            "better; none keeps the weights themselves."))
      .choices({"none", "ema", "swa"})
      .into(out, LATHE_AT(training.average.name));
  field("training.average.decay", "real", LATHE_TEXT("spec", "Memory"),
        LATHE_TEXT(
            "spec",
            "How much of the average stays at each step, once the training is older than that: 0.999 averages about "
            "the last thousand steps."))
      .onlyWhen("training.average.name", {"ema"})
      .range(0, 0.999999)
      .into(out, LATHE_AT(training.average.decay));
  field("training.average.start_fraction", "real", LATHE_TEXT("spec", "Average from"),
        LATHE_TEXT("spec",
                   "Part of the epochs after which the average begins. A constant or slowly falling learning rate "
                   "suits it."))
      .onlyWhen("training.average.name", {"swa"})
      .range(0, 0.99)
      .into(out, LATHE_AT(training.average.startFraction));
}

}  // namespace

void addOptimizerFields(std::vector<FieldBinding>& out) {
  addOptimizer(out);
  addMoments(out);
  addSchedule(out);
  addScheduleShapes(out);
  addAverage(out);
}

}  // namespace lathe::spec
