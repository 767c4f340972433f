// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/report.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/services/autopilot/svg.h"

namespace lathe::services {
namespace {

constexpr std::size_t mostDots = 2000;
constexpr std::size_t mostClassesInPicture = 20;

constexpr const char* style = R"(<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, "Noto Sans", sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; text-align: left; border-bottom: 1px solid #8884; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.big { font-size: 1.3rem; } .note { opacity: .75; } svg { max-width: 100%; height: auto; }
</style>)";

class Page {
 public:
  Page(const AutopilotGround& ground, const FinalModel& model, const TestScores& test, const AutopilotOutcome& outcome)
      : m_ground(ground), m_model(model), m_test(test), m_outcome(outcome) {}

  std::string write(const Budget& budget) {
    const auto& spec = m_ground.base.spec;
    const auto data = std::filesystem::path(m_ground.request.spec.data.path).filename().string();
    m_html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Autopilot: {0}</title>\n{1}</head>"
        "<body>\n<h1>Autopilot: {0}</h1>\n",
        escaped(data), style);
    const auto& target = m_ground.base.model.schema.target.name;
    add("<p class=\"note\">{} &middot; {} of {} &middot; {} rows &middot; {:.0f} of {:.0f} seconds &middot; Lathe "
        "{}</p>\n",
        isoTime(systemClock().nowMicros()), spec::name(spec.data.task),
        target.empty() ? "the classes" : escaped(target), m_ground.base.data->rows, m_outcome.seconds, budget.seconds(),
        latheVersion());
    if (m_outcome.stopped) add("<p><strong>Stopped by a person before its time was over.</strong></p>\n");
    result();
    tried();
    refined();
    why();
    sure();
    watch();
    return m_html + "</body></html>\n";
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    m_html += fmt::format(text, std::forward<Args>(args)...);
  }

  [[nodiscard]] std::string withInterval(const std::string& name) const {
    const auto value = m_outcome.metrics.find(name);
    if (value == m_outcome.metrics.end()) return "-";
    auto text = shown(value->second);
    if (const auto interval = m_outcome.intervals.find(name); interval != m_outcome.intervals.end())
      text += fmt::format(" [{}, {}]", shown(interval->second.low), shown(interval->second.high));
    return text;
  }

  void result() {
    add("<h2>Result</h2>\n<p class=\"big\">{} on rows that nothing was chosen by: <strong>{}</strong></p>\n",
        escaped(m_outcome.goal), withInterval("test/" + m_outcome.goal));
    add("<table><tr><th>metric</th><th class=\"n\">held-out rows</th><th class=\"n\">test rows, with 95 % interval"
        "</th></tr>\n");
    for (const auto& [name, value] : m_outcome.metrics) {
      if (name.rfind("val/", 0) != 0) continue;
      add("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n", escaped(name.substr(4)), shown(value),
          withInterval("test/" + name.substr(4)));
    }
    add("</table>\n");
    const auto members = std::count_if(m_model.weights.begin(), m_model.weights.end(), [](double w) { return w > 0; });
    add("<p>The model is {}, exported to <code>{}</code>. ",
        members == 1 ? std::string("one of the models below")
                     : fmt::format("the weighted mean of {} of the models below, as one model", members),
        escaped(m_outcome.exported.string()));
    if (m_outcome.parity)
      add("{} checked it on {} rows: the largest difference from what was trained is {:.2g}{}.",
          escaped(m_outcome.parity->runtime), m_outcome.parity->rows, m_outcome.parity->maxDiff,
          m_outcome.parity->independent ? "" : " (checked by Lathe only)");
    add("</p>\n");
  }

  void tried() {
    add("<h2>What was tried</h2>\n");
    std::vector<Bar> bars;
    double low = 0, high = 0;
    for (const auto& each : m_outcome.tried) {
      if (!each.value || !std::isfinite(*each.value)) continue;
      bars.push_back({each.name, *each.value, shown(*each.value), each.weight > 0});
      low = bars.size() == 1 ? *each.value : std::min(low, *each.value);
      high = bars.size() == 1 ? *each.value : std::max(high, *each.value);
    }
    // Differences show; the numbers stand beside the bars.
    const double origin = low > 0 && low > 0.5 * high ? low - 0.3 * (high - low) - 1e-9 : std::min(0.0, low);
    m_html += barChart(fmt::format("{} of every model on held-out rows", m_outcome.goal), bars, origin);
    add("<p class=\"note\">{} on held-out rows{}; {} is better. Blue ones are part of the model. Bars do not begin at "
        "0.</p>\n",
        escaped(m_outcome.goal), m_ground.folds > 1 ? fmt::format(", mean of {} folds", m_ground.folds) : std::string(),
        m_ground.heldOut->larger() ? "more" : "less");
    add("<table><tr><th>model</th><th class=\"n\">run</th><th class=\"n\">{}</th><th class=\"n\">weight</th>"
        "<th class=\"n\">epochs</th><th class=\"n\">seconds</th><th>state</th></tr>\n",
        escaped(m_outcome.goal));
    for (const auto& each : m_outcome.tried)
      add("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
          "<td class=\"n\">{:.1f}</td><td>{}</td></tr>\n",
          escaped(each.name), each.run, each.value ? shown(*each.value) : "-",
          each.weight > 0 ? fmt::format("{:.2f}", each.weight) : "", each.epochs, each.seconds,
          each.baseline ? "baseline" : each.state);
    add("</table>\n");
  }

  // The architecture of the best network, changed in small steps.
  void refined() {
    add("<h2>Refinement of the architecture</h2>\n");
    const auto is = [](const AutopilotTry& each) { return each.stage == AutopilotStage::Refinement; };
    if (std::none_of(m_outcome.tried.begin(), m_outcome.tried.end(), is)) {
      add("<p>There was no time left to change the best network's architecture in small steps.</p>\n");
      return;
    }
    add("<p>Near the end of its time the best network was tried with small changes of its architecture; what fell "
        "behind was given up (pruned).</p>\n<table><tr><th>change</th><th>of</th><th class=\"n\">{}</th>"
        "<th class=\"n\">before</th><th>state</th></tr>\n",
        escaped(m_outcome.goal));
    for (const auto& each : m_outcome.tried) {
      if (!is(each)) continue;
      std::optional<double> before;
      for (const auto& parent : m_outcome.tried)
        if (parent.name == each.from) before = parent.value;
      add("<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
          escaped(each.name), escaped(each.from), each.value ? shown(*each.value) : "-", before ? shown(*before) : "-",
          each.state);
    }
    add("</table>\n");
  }

  void why() {
    add("<h2>Why this one</h2>\n");
    if (m_outcome.treesWin) {
      add("<p><strong>{} do better on these data than every network that was tried.</strong> Where they can be used, "
          "use them; more time may close the gap.</p>\n",
          escaped(*m_outcome.winner));
    } else if (m_outcome.winner) {
      add("<p><strong>Nothing that was tried is better than the baseline, {}.</strong> That often means that the "
          "columns say little about the target, or that the time was short.</p>\n",
          escaped(*m_outcome.winner));
      return;
    }
    const AutopilotTry* best = nullptr;
    const AutopilotTry* linear = nullptr;
    for (const auto& each : m_outcome.tried) {
      if (each.value && !each.baseline && best == nullptr) best = &each;
      if (each.value && each.baseline && each.model == "linear") linear = &each;
    }
    const auto value = m_outcome.metrics.find("val/" + m_outcome.goal);
    if (best == nullptr || value == m_outcome.metrics.end()) return;
    add("<p>Models were chosen and weighted by held-out rows only: the one that lowers the error of the mean most was "
        "added again and again (Caruana et al. 2004). The best single model, {}, comes to {}; the chosen one to {}.",
        escaped(best->name), shown(*best->value), shown(value->second));
    if (linear != nullptr) add(" A linear model comes to {}.", shown(*linear->value));
    if (m_outcome.temperature != 1)
      add(" Its probabilities were calibrated with a temperature of {:.3f}.", m_outcome.temperature);
    add("</p>\n");
    costs();
    refits();
  }

  void costs() {
    if (m_outcome.costs.empty()) return;
    add("<table><tr><th>format</th><th class=\"n\">bytes</th><th class=\"n\">ms a row</th><th>limit</th></tr>\n");
    for (const auto& cost : m_outcome.costs)
      add("<tr><td>{}</td><td class=\"n\">{:.0f}</td><td class=\"n\">{}</td><td>{}</td></tr>\n", escaped(cost.format),
          cost.bytes, cost.milliseconds ? fmt::format("{:.3g}", *cost.milliseconds) : "cannot be run here",
          cost.within ? "kept" : "<strong>broken</strong>");
    add("</table>\n");
  }

  void refits() {
    if (m_ground.dealt > 1)
      add("<p>Every row but the test rows was trained on: each of the {} trainings of a model left out other ones."
          "</p>\n",
          m_ground.folds);
    if (m_outcome.refits.empty()) return;
    add("<p>After the choice, with the test rows still closed:</p>\n<ul>\n");
    for (const auto& sentence : m_outcome.refits) add("<li>{}</li>\n", escaped(sentence));
    add("</ul>\n<p class=\"note\">Numbers of held-out rows are those from before this.</p>\n");
  }

  void sure() {
    add("<h2>How sure</h2>\n");
    if (m_test.predictions.rows == 0) {
      add("<p>There are no test rows; the held-out rows have also chosen the model, so their numbers are a little too "
          "good.</p>\n");
      return;
    }
    add("<p>The {} test rows were looked at {} for this model; intervals are of a bootstrap over them. They do not say "
        "how other training rows would have changed the model.</p>\n",
        m_test.predictions.rows, m_test.looks == 1 ? "once" : fmt::format("{} times", m_test.looks));
    const auto task = m_ground.base.model.schema.task;
    if (task == spec::Task::Classification) classes();
    if (task == spec::Task::Regression && m_test.predictions.columns == 1) values();
  }

  void classes() {
    const auto& data = *m_ground.base.data;
    const auto& rows = data.split.test;
    const auto& names = data.schema.target.classes;
    const auto columns = m_test.predictions.columns;
    constexpr int bins = 10;
    std::vector<double> sure(bins, 0), right(bins, 0), count(bins, 0);
    std::vector<std::vector<std::int64_t>> confusion(names.size(), std::vector<std::int64_t>(names.size(), 0));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::span<const float> row(m_test.predictions.values.data() + i * columns, columns);
      const auto truth = data.classes[rows[i]];
      if (truth < 0 || static_cast<std::size_t>(truth) >= names.size()) continue;
      const auto said = engine::decidedClass(row, m_model.threshold);
      confusion[static_cast<std::size_t>(truth)][said]++;
      const auto bin = static_cast<std::size_t>(std::clamp(static_cast<int>(row[said] * bins), 0, bins - 1));
      sure[bin] += row[said];
      right[bin] += said == static_cast<std::size_t>(truth) ? 1 : 0;
      count[bin] += 1;
    }
    std::vector<Dot> dots;
    for (std::size_t b = 0; b < bins; ++b)
      if (count[b] > 0)
        dots.push_back({sure[b] / count[b], right[b] / count[b], 3 + 9 * std::sqrt(count[b] / double(rows.size()))});
    m_html += dotPlot({"How often predictions are right, by how sure they are", "probability of the predicted class",
                       "share that is right", 0, 1, 0, 1, true},
                      dots, dots);
    add("<p class=\"note\">On the dashed line a model is right as often as it says. The size is the number of "
        "rows.</p>\n");
    if (names.size() <= mostClassesInPicture) {
      m_html += confusionPicture(names, confusion);
      add("<p class=\"note\">Test rows: truth down, prediction across.</p>\n");
    }
  }

  void values() {
    const auto& data = *m_ground.base.data;
    const auto& rows = data.split.test;
    std::vector<Dot> dots;
    PlotAxes axes{"Predicted against true values of the test rows", "true value", "predicted value", 0, 0, 0, 0, true};
    bool first = true;
    const auto step = std::max<std::size_t>(1, rows.size() / mostDots);
    for (std::size_t i = 0; i < rows.size(); i += step) {
      const double truth = data.targets[rows[i]], said = m_test.predictions.values[i];
      if (!std::isfinite(truth) || !std::isfinite(said)) continue;
      dots.push_back({truth, said, 2.5});
      axes.lowX = first ? std::min(truth, said) : std::min({axes.lowX, truth, said});
      axes.highX = first ? std::max(truth, said) : std::max({axes.highX, truth, said});
      first = false;
    }
    if (first || !(axes.highX > axes.lowX)) return;
    axes.lowY = axes.lowX;
    axes.highY = axes.highX;
    m_html += dotPlot(axes, dots);
  }

  void watch() {
    add("<h2>What to watch</h2>\n<ul>\n");
    for (const auto& warning : m_outcome.warnings) add("<li>{}</li>\n", escaped(warning.sentence()));
    const auto& split = m_ground.base.data->split;
    if (split.test.size() < 100 && !split.test.empty())
      add("<li>There are only {} test rows, so the intervals are wide.</li>\n", split.test.size());
    add("<li>The model holds for rows like those of {}. Compare new rows with them now and then: other ranges or new "
        "categories make its predictions less good than the numbers above.</li>\n",
        escaped(std::filesystem::path(m_ground.request.spec.data.path).filename().string()));
    add("<li>Looking at the test rows again, for another model, makes their numbers a little too good.</li>\n");
    add("</ul>\n<p class=\"note\">Runs are in {}; <code>lathe-cli runs show {}</code> shows the model's.</p>\n",
        escaped(m_ground.project->folder().string()), m_outcome.finalRun);
  }

  const AutopilotGround& m_ground;
  const FinalModel& m_model;
  const TestScores& m_test;
  const AutopilotOutcome& m_outcome;
  std::string m_html;
};

}  // namespace

Result<void> writeReport(const AutopilotGround& ground, const FinalModel& model, const TestScores& test,
                         const AutopilotOutcome& outcome, const Budget& budget, const std::filesystem::path& file) {
  return writeFileAtomically(file, Page(ground, model, test, outcome).write(budget));
}

}  // namespace lathe::services
