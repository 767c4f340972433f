// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/rest/open_inference_rest.h"
#include "core/serving/rest/tensorflow_rest.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_served.h"

// Bodies of the REST protocols. The first byte chooses the protocol and the model.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lathe::serving;
  if (size == 0) return 0;
  const auto& model = lathe::fuzz::servedModel(data[0] >> 2U);
  const auto text = lathe::fuzz::text(data + 1, size - 1);
  switch (data[0] & 3U) {
    case 0: {
      JsonBody json;
      if (json.parse(text)) (void)rowsOfJson(model.layout(), json.root());
      break;
    }
    case 1:
      (void)rowsOfTensorFlow(model, text);
      break;
    case 2: {
      const auto head = text.find('\0');
      (void)readOpenRequest(model, text, head == std::string_view::npos ? "" : std::to_string(head));
      break;
    }
    default:
      (void)rowsOfCsv(model.layout(), text);
  }
  return 0;
}
