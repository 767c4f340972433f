// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addTrainingFields(std::vector<FieldBinding>& out) {
  field("training.epochs", "integer", LATHE_TEXT("spec", "Epochs"),
        LATHE_TEXT("spec",
                   "How often the training goes through all rows. More helps while the validation loss still falls; "
                   "then it only overfits. auto (0) takes what is usual for the model: 20, on few rows up to 100 so "
                   "that there are a thousand steps, for realmlp and tabm up to 256. On up to "
                   "5000 rows these two find on folds how many of them are worth it."))
      .automaticUpTo(1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.epochs));
  field("training.auto_epochs", "boolean", LATHE_TEXT("spec", "Automatic epochs"),
        LATHE_TEXT("spec",
                   "Finds before the training how many epochs are worth it, by trainings of 5, 10, 20 ... epochs, and "
                   "fits the schedule to that many; the field epochs is the most. For when you do not know how long "
                   "to train."))
      .into(out, LATHE_AT(training.autoEpochs));
  field("training.batch_size", "integer", LATHE_TEXT("spec", "Batch size"),
        LATHE_TEXT("spec",
                   "Rows that are averaged for one step. Larger is faster on large data, smaller often generalises "
                   "better; auto (0) takes 32 to 256 by the number of rows, find (-1) measures from which size on a "
                   "larger one is hardly faster."))
      .automaticUpTo(1048576)
      .range(findBatchSize, 1048576)
      .unit("rows")
      .into(out, LATHE_AT(training.batchSize));
  addOptimizerFields(out);
  addLossFields(out);
  field("training.early_stopping.patience", "integer", LATHE_TEXT("spec", "Stop after"),
        LATHE_TEXT("spec",
                   "Ends the training when validation has not improved for so many epochs; 0 trains all epochs. The "
                   "best epoch is kept either way."))
      .range(0, 1000000)
      .unit("epochs")
      .into(out, LATHE_AT(training.earlyStopping.patience));
  field("training.early_stopping.min_delta", "real", LATHE_TEXT("spec", "Min. change"),
        LATHE_TEXT("spec",
                   "A smaller improvement counts as none. Raise it when training goes on for the fourth digit; 0 "
                   "counts every one."))
      .range(0, 1000000000.0)
      .into(out, LATHE_AT(training.earlyStopping.minDelta));
  field("training.clip_norm", "real", LATHE_TEXT("spec", "Clip gradients"),
        LATHE_TEXT("spec",
                   "Largest length of the gradient; longer ones are shortened, which tames sudden jumps of the loss. 0 "
                   "is off, 1 is a usual value."))
      .range(0, 1000000000.0)
      .into(out, LATHE_AT(training.clipNorm));
  field("training.accumulate_steps", "integer", LATHE_TEXT("spec", "Accumulate"),
        LATHE_TEXT(
            "spec",
            "Batches whose gradients are averaged for one step: the effect of a batch so many times larger, in the "
            "memory of one. 1 is off."))
      .range(1, 4096)
      .unit("batches")
      .into(out, LATHE_AT(training.accumulateSteps));
  field("training.dropout_schedule", "text", LATHE_TEXT("spec", "Dropout over time"),
        LATHE_TEXT(
            "spec",
            "How dropout changes during the training: constant stays, cosine falls to zero, flat_cos stays for the "
            "first half and then falls, so that the end of the training is undisturbed."))
      .choices({"constant", "flat_cos", "cosine"})
      .into(out, LATHE_AT(training.dropoutSchedule));
  field("training.spike_guard", "boolean", LATHE_TEXT("spec", "Spike guard"),
        LATHE_TEXT(
            "spec",
            "When the loss becomes NaN or stays far above what it was, goes back to the last good state and halves "
            "the learning rate; three times in a row end the training. Switch it off only to see where a training "
            "breaks."))
      .into(out, LATHE_AT(training.spikeGuard));
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
                   "What computes the steps: auto takes the fused executor, several times faster on small and middle "
                   "networks, wherever it knows every layer, and LibTorch elsewhere."))
      .choices({"auto", "fused", "libtorch"})
      .into(out, LATHE_AT(training.executor));
  field("training.precision", "text", LATHE_TEXT("spec", "Precision"),
        LATHE_TEXT("spec",
                   "What matrix products and convolutions are computed in. bfloat16 halves their memory and is about "
                   "twice as fast on graphics cards that have it, with nearly always the same result; weights, sums "
                   "and the optimiser stay in float32. auto takes it on such cards and float32 on the processor, "
                   "where the fused executor in float32 is faster than LibTorch in bfloat16."))
      .choices({"auto", "float32", "bfloat16"})
      .into(out, LATHE_AT(training.precision));
  field("training.checkpoint_seconds", "real", LATHE_TEXT("spec", "Checkpoint every"),
        LATHE_TEXT("spec",
                   "A checkpoint is written at least so often, so that a crash costs no more than this. Raise it for "
                   "very large networks, whose checkpoints take seconds."))
      .range(0.01, 86400)
      .unit("s")
      .into(out, LATHE_AT(training.checkpointSeconds));
  field("training.histograms", "text", LATHE_TEXT("spec", "Histograms"),
        LATHE_TEXT("spec",
                   "How weights and gradients of each layer are spread, kept over time to see layers that stand still, "
                   "explode or die. auto keeps it now and then, which costs nothing that you would notice; every_epoch "
                   "shows more of short epochs; off keeps none, for very large networks."))
      .choices({"auto", "every_epoch", "off"})
      .into(out, LATHE_AT(training.histograms));
  addAugmentFields(out);
  field("export.formats", "list", LATHE_TEXT("spec", "Formats"),
        LATHE_TEXT("spec", "Files to write once the training is done."))
      .choices({"torchscript", "onnx"})
      .into(out, LATHE_AT(exporting.formats));
  field("export.name", "text", LATHE_TEXT("spec", "Name of the export"),
        LATHE_TEXT("spec", "Name of the exported files; empty takes the run's name."))
      .into(out, LATHE_AT(exporting.name));
}

}  // namespace lathe::spec
