// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {

void addLossFields(std::vector<FieldBinding>& out) {
  field("training.loss.name", "text", LATHE_TEXT("spec", "Loss"),
        LATHE_TEXT("spec",
                   "What training makes small. Classes: cross_entropy, or focal when the rare rows are what matters. "
                   "Several labels: bce or focal. Numbers: mse, mae or huber when there are outliers, poisson for "
                   "counts. Quantiles: pinball. Anomalies: reconstruction. auto follows the task."))
      .choices({"auto", "cross_entropy", "focal", "bce", "mse", "mae", "huber", "poisson", "pinball", "reconstruction"})
      .into(out, LATHE_AT(training.loss.name));
  field(
      "training.loss.label_smoothing", "real", LATHE_TEXT("spec", "Label smoothing"),
      LATHE_TEXT(
          "spec",
          "Takes a little certainty from the labels; 0.1 helps when some of them are wrong or the model is too sure."))
      .onlyWhen("training.loss.name", {"auto", "cross_entropy", "bce"})
      .range(0, 0.9)
      .into(out, LATHE_AT(training.loss.labelSmoothing));
  field("training.loss.class_weights", "boolean", LATHE_TEXT("spec", "Weight classes"),
        LATHE_TEXT("spec",
                   "Makes each class count the same, however rare; raises balanced accuracy on uneven classes, at the "
                   "cost of plain accuracy."))
      .onlyWhen("training.loss.name", {"auto", "cross_entropy", "focal"})
      .into(out, LATHE_AT(training.loss.classWeights));
  field("training.loss.focal_gamma", "real", LATHE_TEXT("spec", "Focus"),
        LATHE_TEXT("spec",
                   "How much less a row counts that the model already gets right (Lin 2017): 0 is plain "
                   "cross-entropy, 2 is usual, more looks at the hardest rows only. Probabilities become less sure."))
      .onlyWhen("training.loss.name", {"focal"})
      .range(0, 10)
      .into(out, LATHE_AT(training.loss.focalGamma));
  field("training.loss.huber_delta", "real", LATHE_TEXT("spec", "Huber delta"),
        LATHE_TEXT("spec",
                   "Errors beyond this, in deviations of the target, count linearly instead of squared. 1 is usual; "
                   "lower it when there are many outliers."))
      .onlyWhen("training.loss.name", {"huber"})
      .range(1e-06, 1000000.0)
      .into(out, LATHE_AT(training.loss.huberDelta));
  field("training.loss.quantiles", "numbers", LATHE_TEXT("spec", "Quantiles"),
        LATHE_TEXT("spec",
                   "Which shares of the values lie below each prediction: 0.1, 0.5, 0.9 gives a middle and an interval "
                   "that holds four values in five. Used when the task is quantile."))
      .onlyWhen("data.task", {"quantile"})
      .range(0.0001, 0.9999)
      .into(out, LATHE_AT(training.loss.quantiles));
  field("training.decision_threshold", "text", LATHE_TEXT("spec", "Decide between two classes"),
        LATHE_TEXT("spec",
                   "argmax takes the more probable class. tuned takes the second class above the probability that "
                   "gives the best balanced accuracy on the validation rows, tuned_f1 the best macro F1: for uneven "
                   "classes, in place of class weights, which would spoil the probabilities."))
      .choices({"argmax", "tuned", "tuned_f1"})
      .onlyWhen("training.loss.name", {"auto", "cross_entropy", "focal"})
      .into(out, LATHE_AT(training.decisionThreshold));
}

}  // namespace lathe::spec
