// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/torchscript_writer.h"

namespace lathe::exporting {

void ScriptWriter::logMel(const spec::Operation& operation) {
  const auto filters = constant(operation, 1);
  const auto bins = m_program.constants[static_cast<std::size_t>(operation.constants.at(1))].shape.at(1);
  const bool relative = operation.ints.at(1) != 0;
  line(fmt::format("clip = torch.unsqueeze(torch.to({}, {}), 1)", in(operation), scriptFloat));
  line(fmt::format("spectrum = torch.conv1d(clip, {}, None, [{}], [0], [1], 1)", constant(operation, 0),
                   operation.ints.at(0)));
  line(fmt::format("cosines = torch.narrow(spectrum, 1, 0, {})", bins));
  line(fmt::format("sines = torch.narrow(spectrum, 1, {0}, {0})", bins));
  line("power = torch.add(torch.mul(cosines, cosines), torch.mul(sines, sines))");
  line(fmt::format("mel = torch.matmul({}, power)", filters));
  if (relative) {
    line("loudness = torch.mean(torch.mul(clip, clip), [1, 2], True)");
    line(fmt::format("mel = torch.div(mel, torch.add(loudness, {}))", real(spec::smallestPower)));
  }
  line(fmt::format("picture = torch.unsqueeze(torch.log(torch.add(mel, {})), 1)", real(operation.reals.at(0))));
  if (!relative) {
    set(operation, "picture");
    return;
  }
  line("picture = torch.sub(picture, torch.mean(picture, [1, 2, 3], True))");
  line("deviation = torch.sqrt(torch.mean(torch.mul(picture, picture), [1, 2, 3], True))");
  set(operation, fmt::format("torch.div(picture, torch.add(deviation, {}))", real(spec::smallestDeviation)));
}

}  // namespace lathe::exporting
