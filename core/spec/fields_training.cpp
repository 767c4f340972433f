// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addTrainingFields(std::vector<FieldBinding>& out) {
  field("training.epochs", "integer", LATHE_TEXT("spec", "Epochs"),
        LATHE_TEXT("spec",
                   "How often the training goes through all rows. More helps while the validation loss still falls; "
                   "then it only overfits."))
      .range(1, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.epochs));
  field("training.batch_size", "integer", LATHE_TEXT("spec", "Batch size"),
        LATHE_TEXT("spec",
                   "Rows that are averaged for one step. Larger is faster on large data, smaller often generalises "
                   "better; 0 chooses 32 to 256 by the number of rows."))
      .range(0, 1048576)
      .unit("rows")
      .into(out, LATHE_AT(training.batchSize));
  field("training.optimizer.name", "text", LATHE_TEXT("spec", "Optimiser"),
        LATHE_TEXT("spec",
                   "How the weights follow the gradient: adamw is a good default, adam is the same without decoupled "
                   "decay, sgd with momentum can win on images with a tuned learning rate."))
      .choices({"sgd", "adam", "adamw"})
      .into(out, LATHE_AT(training.optimizer.name));
  field("training.optimizer.lr", "real", LATHE_TEXT("spec", "Learning rate"),
        LATHE_TEXT("spec",
                   "Size of a step, the setting that matters most. Lower it when the loss jumps or becomes NaN, raise "
                   "it when the loss hardly moves; try factors of 3."))
      .range(1e-12, 1000000000.0)
      .into(out, LATHE_AT(training.optimizer.lr));
  field(
      "training.optimizer.weight_decay", "real", LATHE_TEXT("spec", "Weight decay"),
      LATHE_TEXT("spec", "Pulls weights towards zero at each step, against overfitting. 0.01 suits AdamW, 0.0005 SGD."))
      .range(0, 1000)
      .into(out, LATHE_AT(training.optimizer.weightDecay));
  field(
      "training.optimizer.momentum", "real", LATHE_TEXT("spec", "Momentum"),
      LATHE_TEXT("spec",
                 "How much of the last steps' direction is kept: 0.9 is usual, higher is smoother but slower to turn."))
      .onlyWhen("training.optimizer.name", {"sgd"})
      .range(0, 0.9999)
      .into(out, LATHE_AT(training.optimizer.momentum));
  field("training.optimizer.nesterov", "boolean", LATHE_TEXT("spec", "Nesterov"),
        LATHE_TEXT("spec", "Looks ahead along the momentum before it measures the gradient; often a little faster."))
      .onlyWhen("training.optimizer.name", {"sgd"})
      .into(out, LATHE_AT(training.optimizer.nesterov));
  field("training.optimizer.beta1", "real", LATHE_TEXT("spec", "Beta 1"),
        LATHE_TEXT("spec", "Memory of Adam for the direction; rarely changed."))
      .onlyWhen("training.optimizer.name", {"adam", "adamw"})
      .range(0, 0.999999)
      .into(out, LATHE_AT(training.optimizer.beta1));
  field("training.optimizer.beta2", "real", LATHE_TEXT("spec", "Beta 2"),
        LATHE_TEXT("spec", "Memory of Adam for the size of gradients; 0.99 or less helps when they change quickly."))
      .onlyWhen("training.optimizer.name", {"adam", "adamw"})
      .range(0, 0.999999)
      .into(out, LATHE_AT(training.optimizer.beta2));
  field("training.optimizer.epsilon", "real", LATHE_TEXT("spec", "Epsilon"),
        LATHE_TEXT("spec", "Keeps Adam from dividing by zero; rarely changed."))
      .onlyWhen("training.optimizer.name", {"adam", "adamw"})
      .range(1e-16, 1)
      .into(out, LATHE_AT(training.optimizer.epsilon));
  field("training.schedule.name", "text", LATHE_TEXT("spec", "Schedule"),
        LATHE_TEXT("spec",
                   "How the learning rate changes: cosine falls smoothly to the end and is a good default, step drops "
                   "at intervals, plateau drops when validation stops improving, constant stays."))
      .choices({"constant", "cosine", "step", "plateau"})
      .into(out, LATHE_AT(training.schedule.name));
  field("training.schedule.warmup_fraction", "real", LATHE_TEXT("spec", "Warm-up"),
        LATHE_TEXT(
            "spec",
            "Part of all steps over which the learning rate rises from zero, so that the first steps break nothing."))
      .onlyWhen("training.schedule.name", {"cosine"})
      .range(0, 0.9)
      .into(out, LATHE_AT(training.schedule.warmupFraction));
  field("training.schedule.final_fraction", "real", LATHE_TEXT("spec", "Final rate"),
        LATHE_TEXT("spec", "Learning rate at the end, as a part of the full one."))
      .onlyWhen("training.schedule.name", {"cosine"})
      .range(0, 1)
      .into(out, LATHE_AT(training.schedule.finalFraction));
  field("training.schedule.step_epochs", "integer", LATHE_TEXT("spec", "Every"),
        LATHE_TEXT("spec", "Epochs between two drops of the learning rate."))
      .onlyWhen("training.schedule.name", {"step"})
      .range(1, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.schedule.stepEpochs));
  field("training.schedule.gamma", "real", LATHE_TEXT("spec", "Factor"),
        LATHE_TEXT("spec", "What the learning rate is multiplied by at each drop."))
      .onlyWhen("training.schedule.name", {"step", "plateau"})
      .range(1e-06, 1)
      .into(out, LATHE_AT(training.schedule.gamma));
  field("training.schedule.patience", "integer", LATHE_TEXT("spec", "Patience of the schedule"),
        LATHE_TEXT("spec", "Epochs without a better validation loss before the learning rate drops."))
      .onlyWhen("training.schedule.name", {"plateau"})
      .range(0, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.schedule.patience));
  addLossFields(out);
  field("training.early_stopping.patience", "integer", LATHE_TEXT("spec", "Stop after"),
        LATHE_TEXT("spec",
                   "Ends the training when validation has not improved for so many epochs; 0 trains all epochs. The "
                   "best epoch is kept either way."))
      .range(0, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.earlyStopping.patience));
  field("training.early_stopping.min_delta", "real", LATHE_TEXT("spec", "Min. change"),
        LATHE_TEXT("spec", "A smaller improvement counts as none."))
      .range(0, 1000000000.0)
      .into(out, LATHE_AT(training.earlyStopping.minDelta));
  field("training.clip_norm", "real", LATHE_TEXT("spec", "Clip gradients"),
        LATHE_TEXT("spec",
                   "Largest length of the gradient; longer ones are shortened, which tames sudden jumps of the loss. 0 "
                   "is off, 1 is a usual value."))
      .range(0, 1000000000.0)
      .into(out, LATHE_AT(training.clipNorm));
  field("training.monitor", "text", LATHE_TEXT("spec", "Monitor"),
        LATHE_TEXT(
            "spec",
            "The validation metric that says which epoch and which run is best, such as val/loss or val/accuracy."))
      .into(out, LATHE_AT(training.monitor));
  field("training.monitor_direction", "text", LATHE_TEXT("spec", "Better is"),
        LATHE_TEXT("spec", "Whether the smaller or the larger value of the monitor is better; it follows the metric."))
      .choices({"minimize", "maximize"})
      .into(out, LATHE_AT(training.monitorDirection));
  field("training.seed", "integer", LATHE_TEXT("spec", "Seed"),
        LATHE_TEXT("spec",
                   "Start of all random numbers of the training. The same seed gives the same weights; several seeds "
                   "show how much is luck."))
      .into(out, LATHE_AT(training.seed));
  field("training.threads", "integer", LATHE_TEXT("spec", "Threads"),
        LATHE_TEXT("spec",
                   "Processor cores one training uses; 0 chooses by the size of the model, since small ones are slower "
                   "on several."))
      .range(0, 1024)
      .unit("threads")
      .into(out, LATHE_AT(training.threads));
  field(
      "training.device", "text", LATHE_TEXT("spec", "Device"),
      LATHE_TEXT("spec", "Where to compute: auto chooses by the machine and the model; cpu, cuda or cuda:1 force it."))
      .choices({"auto", "cpu", "cuda"})
      .into(out, LATHE_AT(training.device));
  field("training.executor", "text", LATHE_TEXT("spec", "Executor"),
        LATHE_TEXT("spec",
                   "What computes the steps: auto takes the fused executor, several times faster on small dense networks, "
                   "wherever it knows every layer, and LibTorch elsewhere."))
      .choices({"auto", "fused", "libtorch"})
      .into(out, LATHE_AT(training.executor));
  field("training.checkpoint_seconds", "real", LATHE_TEXT("spec", "Checkpoint every"),
        LATHE_TEXT("spec", "A checkpoint is written at least so often, so that a crash costs no more than this."))
      .range(1, 86400)
      .unit("s")
      .into(out, LATHE_AT(training.checkpointSeconds));
  field("export.formats", "list", LATHE_TEXT("spec", "Formats"),
        LATHE_TEXT("spec", "Files to write once the training is done."))
      .choices({"torchscript"})
      .into(out, LATHE_AT(exporting.formats));
  field("export.name", "text", LATHE_TEXT("spec", "Name of the export"),
        LATHE_TEXT("spec", "Name of the exported files; empty takes the run's name."))
      .into(out, LATHE_AT(exporting.name));
}

}  // namespace lathe::spec
