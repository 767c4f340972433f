// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/ensemble.h"

#include <algorithm>
#include <cmath>

#include "core/spec/layer_kind.h"
#include "core/spec/targets.h"
#include "core/spec/text_program.h"

namespace lathe::spec {
namespace {

/// Puts programs beside each other, one call of add() each.
class Merger {
 public:
  explicit Merger(const ModelDescription& description) {
    m_program.inputType = description.schema.image ? ElementType::UInt8 : ElementType::Float32;
    m_program.values.push_back(description.schema.inputShape);
  }

  [[nodiscard]] Program& program() { return m_program; }

  /// The value that the member gives.
  LoweredValue add(const Program& member, const std::string& prefix) {
    m_values.assign(member.values.size(), -1);
    m_values[at(member.input)] = m_program.input;
    m_firstParameter = static_cast<int>(m_program.parameters.size());
    m_firstConstant = static_cast<int>(m_program.constants.size());
    for (auto parameter : member.parameters) {
      parameter.name = prefix + parameter.name;
      m_program.parameters.push_back(std::move(parameter));
    }
    for (auto constant : member.constants) {
      constant.name = prefix + constant.name;
      m_program.constants.push_back(std::move(constant));
    }
    for (const auto& operation : member.preprocess) prepare(moved(operation, prefix), member);
    for (const int id : member.prepared) {
      const int own = m_values[at(id)];
      if (std::find(m_program.prepared.begin(), m_program.prepared.end(), own) == m_program.prepared.end())
        m_program.prepared.push_back(own);
    }
    for (const auto* section : {&member.model, &member.head})
      for (const auto& operation : *section) keep(moved(operation, prefix), member, m_program.model);
    const int last = member.output >= 0 ? member.output : member.logits;
    return {m_values[at(last)], member.values[at(last)], {}};
  }

 private:
  static std::size_t at(int id) { return static_cast<std::size_t>(id); }

  // Its inputs, parameters and constants as numbered here; its output as in the member.
  [[nodiscard]] Operation moved(Operation operation, const std::string& prefix) const {
    if (operation.layer != textLayer) operation.layer = prefix + operation.layer;
    for (int& id : operation.inputs) id = m_values[at(id)];
    for (int& index : operation.parameters) index += m_firstParameter;
    for (int& index : operation.constants) index += m_firstConstant;
    return operation;
  }

  void keep(Operation operation, const Program& member, std::vector<Operation>& section) {
    m_program.values.push_back(member.values[at(operation.output)]);
    const int own = static_cast<int>(m_program.values.size()) - 1;
    m_values[at(operation.output)] = own;
    operation.output = own;
    section.push_back(std::move(operation));
  }

  // What another member prepares in the same way is not done again.
  void prepare(Operation operation, const Program& member) {
    const auto known = std::find_if(m_program.preprocess.begin(), m_program.preprocess.end(),
                                    [&](const Operation& other) { return same(operation, other); });
    if (known == m_program.preprocess.end())
      keep(std::move(operation), member, m_program.preprocess);
    else
      m_values[at(operation.output)] = known->output;
  }

  [[nodiscard]] bool same(const Operation& a, const Operation& b) const {
    return a.primitive == b.primitive && a.inputs == b.inputs && a.ints == b.ints && a.reals == b.reals &&
           a.parameters.empty() && b.parameters.empty() &&
           std::equal(a.constants.begin(), a.constants.end(), b.constants.begin(), b.constants.end(),
                      [this](int left, int right) {
                        const auto& x = m_program.constants[at(left)];
                        const auto& y = m_program.constants[at(right)];
                        return x.shape == y.shape && x.data == y.data;
                      });
  }

  Program m_program;
  std::vector<int> m_values;  ///< of the member's values: which they are here
  int m_firstParameter = 0, m_firstConstant = 0;
};

// Constants that nothing reads any more are of preprocessing that was there already.
void dropUnusedConstants(Program& program) {
  std::vector<int> renamed(program.constants.size(), -1);
  std::vector<Constant> used;
  for (auto* section : {&program.preprocess, &program.model, &program.head})
    for (auto& operation : *section)
      for (int& index : operation.constants) {
        int& now = renamed[static_cast<std::size_t>(index)];
        if (now < 0) {
          now = static_cast<int>(used.size());
          used.push_back(std::move(program.constants[static_cast<std::size_t>(index)]));
        }
        index = now;
      }
  program.constants = std::move(used);
}

}  // namespace

Result<ModelDescription> ensembleOf(const std::vector<WeightedModel>& members, const FittedPreprocessing& fitted,
                                    const PreprocessingSpec& preprocessing) {
  double sum = 0;
  bool sound = !members.empty() && members.size() <= mostMembers;
  for (const auto& member : members) {
    sum += member.weight;
    sound = sound && member.model.members.empty() && member.weight >= 0 &&
            member.model.schema == members.front().model.schema;
  }
  if (!sound || !(sum > 0))
    return fail("ensemble.members", LATHE_TEXT("errors", "These models cannot be joined into an ensemble."),
                LATHE_TEXT("errors", "Join single models that were trained on the same columns and target."));
  ModelDescription ensemble;
  ensemble.schema = members.front().model.schema;
  ensemble.fitted = fitted;
  ensemble.preprocessing = preprocessing;
  for (const auto& [model, weight] : members)
    ensemble.members.push_back({weight / sum, model.temperature, model.fitted, model.preprocessing, model.graph});
  return ensemble;
}

ModelDescription memberOf(const ModelDescription& ensemble, std::size_t member) {
  const auto& own = ensemble.members.at(member);
  return {ensemble.schema, own.fitted, own.preprocessing, own.graph, own.temperature, {}};
}

std::string memberPrefix(std::size_t member) { return "m" + std::to_string(member) + "."; }

Result<Program> lowerEnsemble(const ModelDescription& description) {
  Merger merger(description);
  std::vector<LoweredValue> outputs;
  for (std::size_t i = 0; i < description.members.size(); ++i) {
    LATHE_ASSIGN(program, lower(memberOf(description, i)));
    outputs.push_back(merger.add(program, memberPrefix(i)));
  }
  auto& program = merger.program();
  ProgramBuilder builder(program, program.model, "mean");
  const auto shape = outputs.front().shape;
  const Shape flat{elementCount(shape)};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (shape.size() > 1) outputs[i] = builder.add(Primitive::Reshape, {outputs[i]}, flat, {}, {}, flat);
    if (outputs.size() == 1) break;
    const auto width = static_cast<std::size_t>(flat[0]);
    const auto weight = static_cast<float>(description.members[i].weight);
    const auto role = std::to_string(i);
    const auto scale = builder.constant("weight" + role, flat, std::vector<float>(width, weight));
    const auto shift = builder.constant("zero" + role, flat, std::vector<float>(width, 0.0F));
    outputs[i] = builder.add(Primitive::Affine, {outputs[i]}, flat, {}, {scale, shift});
  }
  auto mean = outputs.size() > 1 ? builder.add(Primitive::Add, outputs, flat) : outputs.front();
  if (shape.size() > 1) mean = builder.add(Primitive::Reshape, {mean}, shape, {}, {}, shape);
  program.logits = mean.id;
  dropUnusedConstants(program);
  return std::move(program);
}

}  // namespace lathe::spec
