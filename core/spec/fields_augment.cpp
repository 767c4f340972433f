// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/field_builder.h"

namespace lathe::spec {
namespace {

constexpr const char* namePath = "training.augment.name";

void addMoves(std::vector<FieldBinding>& out) {
  field(
      "training.augment.horizontal_flip", "boolean", LATHE_TEXT("spec", "Mirror left to right"),
      LATHE_TEXT("spec",
                 "Mirrors every other image. Right for photographs and most objects; wrong for digits, letters, signs "
                 "and whatever else has a left and a right."))
      .onlyWhen(namePath, {"custom"})
      .into(out, LATHE_AT(training.augment.horizontalFlip));
  field(
      "training.augment.vertical_flip", "boolean", LATHE_TEXT("spec", "Mirror top to bottom"),
      LATHE_TEXT("spec",
                 "Turns every other image upside down. Right where there is no up, as under a microscope or seen from "
                 "the air; wrong for photographs, digits and letters."))
      .onlyWhen(namePath, {"custom"})
      .into(out, LATHE_AT(training.augment.verticalFlip));
  field(
      "training.augment.shift", "real", LATHE_TEXT("spec", "Shift"),
      LATHE_TEXT("spec",
                 "How far an image is moved, as a share of its edge: it is padded and cut at a random place. 0.125 is "
                 "usual; less when the object fills the image."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 0.5)
      .into(out, LATHE_AT(training.augment.shift));
  field("training.augment.rotation", "real", LATHE_TEXT("spec", "Turn"),
        LATHE_TEXT("spec",
                   "Largest angle either way. 10 to 15 suits most images; 180 only where there is no up. A turned 6 is "
                   "a 9, so keep it small for digits."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 180)
      .unit("degrees")
      .into(out, LATHE_AT(training.augment.rotation));
  field("training.augment.scale", "real", LATHE_TEXT("spec", "Zoom"),
        LATHE_TEXT("spec",
                   "How much larger or smaller an image becomes: 0.2 draws from 0.8 to 1.2 times. For objects that are "
                   "seen from different distances."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 0.9)
      .into(out, LATHE_AT(training.augment.scale));
}

void addColours(std::vector<FieldBinding>& out) {
  field("training.augment.brightness", "real", LATHE_TEXT("spec", "Brightness"),
        LATHE_TEXT("spec",
                   "How much darker or lighter: 0.4 multiplies by 0.6 to 1.4. For pictures taken in different light."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 1)
      .into(out, LATHE_AT(training.augment.brightness));
  field("training.augment.contrast", "real", LATHE_TEXT("spec", "Contrast"),
        LATHE_TEXT("spec", "How much flatter or harder: 0.4 draws from 0.6 to 1.4. For pictures of different cameras."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 1)
      .into(out, LATHE_AT(training.augment.contrast));
  field("training.augment.saturation", "real", LATHE_TEXT("spec", "Saturation"),
        LATHE_TEXT("spec",
                   "How much paler or stronger colours become; grey images stay as they are. Leave it at 0 where the "
                   "colour tells the class."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 1)
      .into(out, LATHE_AT(training.augment.saturation));
  field(
      "training.augment.hue", "real", LATHE_TEXT("spec", "Hue"),
      LATHE_TEXT("spec",
                 "How far colours turn along the circle of colours, as a share of it, either way: 0.05 is hardly seen, "
                 "0.5 reaches every colour. For things that come in any colour; leave it at 0 where the colour tells "
                 "the class."))
      .onlyWhen(namePath, {"custom"})
      .range(0, 0.5)
      .into(out, LATHE_AT(training.augment.hue));
  field("training.augment.trivial", "boolean", LATHE_TEXT("spec", "One random change"),
        LATHE_TEXT("spec",
                   "Adds one operation of TrivialAugment at a random strength: turn, shear, shift, colours, sharpness, "
                   "fewer grey levels, inverted lights, equalised."))
      .onlyWhen(namePath, {"custom"})
      .into(out, LATHE_AT(training.augment.trivial));
}

void addExtras(std::vector<FieldBinding>& out) {
  const std::vector<std::string> any{"auto", "light", "standard", "trivial", "custom"};
  field("training.augment.border", "text", LATHE_TEXT("spec", "Fill with"),
        LATHE_TEXT("spec",
                   "What stands where an image was moved away: black, right where the background is black, or its edge "
                   "drawn out, for photographs and white backgrounds."))
      .choices({"black", "edge"})
      .onlyWhen(namePath, any)
      .into(out, LATHE_AT(training.augment.border));
  field("training.augment.erasing", "real", LATHE_TEXT("spec", "Erase"),
        LATHE_TEXT("spec",
                   "Part of the images in which a rectangle is overwritten with noise, so that the model looks at more "
                   "than one detail. 0.25 to 0.5 helps on larger models; 0 for small objects that it would hide."))
      .onlyWhen(namePath, any)
      .range(0, 1)
      .into(out, LATHE_AT(training.augment.erasing));
  field("training.augment.mixup", "real", LATHE_TEXT("spec", "Mixup"),
        LATHE_TEXT("spec",
                   "Blends two images and their labels; a larger alpha blends more evenly. 0.2 for long trainings that "
                   "overfit, 0 is off. Needs classes; training accuracy then looks worse than it is."))
      .onlyWhen(namePath, any)
      .range(0, 100)
      .into(out, LATHE_AT(training.augment.mixup));
  field("training.augment.cutmix", "real", LATHE_TEXT("spec", "CutMix"),
        LATHE_TEXT("spec",
                   "Pastes a rectangle of another image and mixes the labels by its area. 1 for long trainings on "
                   "photographs, 0 is off. Needs classes; together with mixup each batch gets one of them."))
      .onlyWhen(namePath, any)
      .range(0, 100)
      .into(out, LATHE_AT(training.augment.cutmix));
  field(
      "training.augment.mix_probability", "real", LATHE_TEXT("spec", "Mixed batches"),
      LATHE_TEXT("spec",
                 "Part of the batches that mixup and CutMix touch. Lower it when the training no longer fits the plain "
                 "images; 0.5 is usual for small ones."))
      .onlyWhen(namePath, any)
      .range(0, 1)
      .into(out, LATHE_AT(training.augment.mixProbability));
}

}  // namespace

void addAugmentFields(std::vector<FieldBinding>& out) {
  field(
      "training.augment.name", "text", LATHE_TEXT("spec", "Augmentation"),
      LATHE_TEXT("spec",
                 "Changes training images at random each time they are seen, against overfitting on few images. light "
                 "shifts, turns and zooms a little: safe for digits and letters. standard shifts and mirrors: for "
                 "photographs and clothes, wrong for digits, letters and signs. trivial draws one strong change, for "
                 "long trainings. auto looks whether mirroring confuses the classes. Only for images."))
      .choices({"none", "auto", "light", "standard", "trivial", "custom"})
      .into(out, LATHE_AT(training.augment.name));
  addMoves(out);
  addColours(out);
  addExtras(out);
}

}  // namespace lathe::spec
