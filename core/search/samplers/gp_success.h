// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "core/search/samplers/gp_acquisition.h"
#include "core/search/samplers/gp_model.h"

namespace lathe::search {

/// Whether a trial succeeds, by where it is (Gelbart, Snoek and Adams 2014): a process on 1 for what ran and 0 for what
/// failed. Its noise is fitted, so that failures without a pattern say nothing. A function of what it was told and of
/// when it was fitted.
class GpSuccess {
 public:
  explicit GpSuccess(const GpSpace& features) : m_features(features) {}

  /// The outcome at a place of the study's list, which may change later.
  void tell(std::size_t place, const Configuration& configuration, bool succeeded);
  [[nodiscard]] std::size_t failures() const { return m_failures; }
  /// Fits the hyperparameters to what was told.
  void refit();

  struct View {
    const GpModel* model = nullptr;  ///< null: nothing is known that tells places apart
    double half = 0;                 ///< the output at which success and failure are as probable
    double noise = 0;                ///< variance of an outcome around the model's
  };
  [[nodiscard]] View view();

 private:
  [[nodiscard]] std::vector<std::size_t> chosen(std::size_t most) const;
  [[nodiscard]] Eigen::MatrixXd points(const std::vector<std::size_t>& places) const;
  [[nodiscard]] Eigen::VectorXd outcomes(const std::vector<std::size_t>& places) const;

  const GpSpace& m_features;
  std::vector<Eigen::VectorXd> m_points;
  std::vector<bool> m_succeeded;
  std::size_t m_failures = 0;
  std::optional<GpHyper> m_hyper;
  std::unique_ptr<GpModel> m_model;  ///< cache: empty after something was told
  View m_view;
};

/// Another acquisition plus the logarithm of the probability of success, squared, whose process is the last of the
/// models; the other one alone where there is no such process.
class WithSuccess final : public GpAcquisition {
 public:
  WithSuccess(const GpAcquisition& inner, std::size_t goals, const GpSuccess::View& success)
      : m_inner(inner),
        m_goals(goals),
        m_known(success.model != nullptr),
        m_half(success.half),
        m_noise(success.noise) {}
  [[nodiscard]] double value(const double* means, const double* deviations, double* meanSlopes,
                             double* deviationSlopes) const override;

 private:
  const GpAcquisition& m_inner;
  const std::size_t m_goals;
  const bool m_known;
  const double m_half, m_noise;
};

}  // namespace lathe::search
