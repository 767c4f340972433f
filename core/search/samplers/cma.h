// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

namespace lathe::search {

/// CMA-ES (Hansen 2016, arXiv 1604.00772) on numbers that matter between 0 and 1: weighted recombination with negative
/// weights, cumulative step size adaptation, rank-one and rank-mu update of a full covariance matrix; a diagonal one
/// (Ros and Hansen 2008) beyond 100 dimensions. Coordinates with cells, in which a function is constant, keep a
/// smallest probability of leaving the cell (Hamano et al. 2022, CMA-ES with margin).
class Cma {
 public:
  struct Start {
    Eigen::VectorXd mean;
    double sigma = 0.25;
    std::optional<Eigen::MatrixXd> covariance;  ///< the identity when it is not given
    int population = 0;                         ///< 0: 4 + 3 log(dimensions)
  };
  /// Ends of a coordinate's cells, ascending from 0 to 1; empty: a continuum.
  using Cells = std::vector<std::vector<double>>;

  Cma(const Start& start, Cells cells);

  [[nodiscard]] int population() const { return m_lambda; }
  [[nodiscard]] const Eigen::VectorXd& mean() const { return m_mean; }
  [[nodiscard]] double sigma() const { return m_sigma; }
  /// The point that standard normal numbers stand for.
  [[nodiscard]] Eigen::VectorXd point(const Eigen::VectorXd& normal) const;

  struct Ranked {
    Eigen::VectorXd point;
    bool foreign = false;  ///< not drawn from this distribution: its length is bounded (Hansen 2011, injection)
  };
  /// One generation: its points, the best first.
  void update(const std::vector<Ranked>& best);

  /// Nothing more will come of it: steps or differences beyond what numbers tell apart.
  [[nodiscard]] bool exhausted() const;

 private:
  void weigh();
  void decompose();
  void adaptCovariance(const std::vector<Eigen::VectorXd>& steps, const std::vector<double>& squares, bool stalled);
  void keepMargin();
  [[nodiscard]] double deviation(Eigen::Index i) const;

  Eigen::Index m_size;
  int m_lambda = 0;
  bool m_diagonal = false;
  Cells m_cells;
  double m_sigma;
  Eigen::VectorXd m_mean, m_stepPath, m_rankPath, m_weights;
  Eigen::MatrixXd m_covariance;  ///< a single column when diagonal
  Eigen::MatrixXd m_axes;        ///< eigenvectors; unused when diagonal
  Eigen::VectorXd m_lengths;     ///< square roots of the eigenvalues
  Eigen::VectorXd m_margin;      ///< factors that the margin puts on coordinates
  double m_effective = 1, m_stepRate = 0, m_stepDamping = 1, m_rankRate = 0, m_oneRate = 0, m_muRate = 0;
  double m_expectedLength = 1;
  int m_generation = 0, m_decomposed = 0;
};

}  // namespace lathe::search
