// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/tensorflow/saved_model.h"

#include <exception>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/exporting/schema_json.h"
#include "core/exporting/table_columns.h"
#include "core/exporting/tensorflow/named_columns.h"
#include "core/exporting/tensorflow/proto/tensorflow.pb.h"
#include "core/exporting/tensorflow/tensorflow_writer.h"
#include "core/spec/targets.h"

namespace lathe::exporting {
namespace {

using tensorflow::SignatureDef;

// Of the time when all operations that are written were there; older ones would get other defaults.
constexpr int graphVersion = 1000;
constexpr const char *predictMethod = "tensorflow/serving/predict", *classifyMethod = "tensorflow/serving/classify",
                     *regressMethod = "tensorflow/serving/regress";

void describe(tensorflow::TensorInfo& info, const TfValue& value, const spec::Shape& row) {
  info.set_name(value.name + ":0");
  info.set_dtype(static_cast<tensorflow::DataType>(value.type));
  for (const auto size : TfShape::ofRows(row).sizes) info.mutable_tensor_shape()->add_dim()->set_size(size);
}

class SavedModelMaker {
 public:
  SavedModelMaker(const ModelSource& source, std::string version)
      : m_source(source),
        m_schema(source.model.schema),
        m_version(std::move(version)),
        m_graphDef(*m_model.add_meta_graphs()->mutable_graph_def()),
        m_graph(m_graphDef) {}

  const tensorflow::SavedModel& make() {
    m_model.set_saved_model_schema_version(1);
    m_model.mutable_meta_graphs(0)->mutable_meta_info_def()->add_tags("serve");
    m_graphDef.mutable_versions()->set_producer(graphVersion);
    writeDescription();
    const auto& program = m_source.program;
    m_inputRow = program.values[static_cast<std::size_t>(program.input)];
    if (m_inputRow.size() == 3) m_inputRow = {m_inputRow[1], m_inputRow[2], m_inputRow[0]};
    m_outputRow = program.values[static_cast<std::size_t>(program.output >= 0 ? program.output : program.logits)];
    m_classify = m_schema.task == spec::Task::Classification && m_outputRow.size() == 1 &&
                 static_cast<std::size_t>(m_outputRow[0]) == m_schema.target.classes.size();
    m_regress = m_schema.task == spec::Task::Regression && spec::elementCount(m_outputRow) == 1;
    const bool named = hasNamedColumns(m_schema) && (m_classify || m_regress || !isNumeric(m_schema));
    if (named) m_columns = writeNamedColumns(m_graph, m_schema);
    m_input = named ? m_graph.placeholder(savedModelInput, m_columns.rows, m_inputRow)
                    : m_graph.placeholder(savedModelInput, TfType::Float, m_inputRow);
    // What is folded into weights of half precision these cannot hold.
    const auto fold =
        isHalf(m_source.precision) ? FoldedModel{program, m_source.weights} : folded(program, m_source.weights);
    m_output = TensorflowWriter(m_graph, fold.program, fold.weights, m_source.precision).write(m_input);
    writeSignatures(named);
    return m_model;
  }

 private:
  SignatureDef& signature(const char* name, const char* method) {
    auto& made = (*m_model.mutable_meta_graphs(0)->mutable_signature_def())[name];
    made.set_method_name(method);
    return made;
  }

  void writeDescription() {
    const auto text = [&](const char* name, const std::string& value) {
      m_graph.texts(name, {}, std::vector<std::string>{value});
    };
    text(savedModelDescription, spec::toJson(m_source.model));
    text("lathe/schema", schemaJson(m_schema).dump());
    text("lathe/classes", nlohmann::json(m_schema.target.classes).dump());
    text(savedModelScoring, m_source.scoring);
    text("lathe/version", m_version);
  }

  void writeSignatures(bool named) {
    const bool byColumn = named && !isNumeric(m_schema);
    for (const bool serving : {false, true}) {
      auto& made = signature(serving ? servingSignature : predictSignature, predictMethod);
      describe((*made.mutable_outputs())[savedModelOutput], m_output, m_outputRow);
      if (!serving || !byColumn)
        describe((*made.mutable_inputs())[savedModelInput], m_input, m_inputRow);
      else
        for (const auto& column : m_columns.columns)
          describe((*made.mutable_inputs())[column.name], column.input, column.shape);
    }
    if (!named) return;
    if (m_classify) {
      auto& made = signature("classify", classifyMethod);
      describe((*made.mutable_inputs())["inputs"], m_columns.examples, {});
      describe((*made.mutable_outputs())["scores"], m_output, m_outputRow);
      const auto& names = m_schema.target.classes;
      const auto classes = m_graph.same(
          "BroadcastTo",
          {m_graph.texts("", {1, static_cast<std::int64_t>(names.size())}, names), m_graph.sizes(m_output)},
          {{"Tidx", TfType::Int32}});
      describe((*made.mutable_outputs())["classes"], classes, m_outputRow);
    }
    if (m_regress) {
      auto& made = signature("regress", regressMethod);
      describe((*made.mutable_inputs())["inputs"], m_columns.examples, {});
      describe((*made.mutable_outputs())["outputs"], m_graph.reshape(m_output, {-1, 1}), {1});
    }
  }

  const ModelSource& m_source;
  const spec::DataSchema& m_schema;
  std::string m_version;
  tensorflow::SavedModel m_model;
  tensorflow::GraphDef& m_graphDef;
  TensorflowGraph m_graph;
  spec::Shape m_inputRow, m_outputRow;
  bool m_classify = false, m_regress = false;
  NamedColumns m_columns;
  TfValue m_input, m_output;
};

// Maps would come in another order each time.
std::string bytesOf(const tensorflow::SavedModel& model) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  model.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

Result<std::string> writeSavedModel(const ModelSource& model, const std::string& version) {
  try {
    SavedModelMaker maker(model, version);
    const auto& made = maker.make();
    if (made.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
      return fail("export.too_large",
                  LATHE_TEXT("errors", "The model is larger than the 2 GB that a SavedModel of one file can hold."),
                  LATHE_TEXT("errors", "Export it as TorchScript, or choose a smaller model."));
    return bytesOf(made);
  } catch (const std::exception& error) {
    return fail("export.savedmodel", LATHE_TEXT("errors", "The SavedModel could not be made: {reason}."),
                LATHE_TEXT("errors", "Export the run as TorchScript, and report this: Help > Save a report for a bug."),
                {{"reason", error.what()}});
  }
}

}  // namespace lathe::exporting
