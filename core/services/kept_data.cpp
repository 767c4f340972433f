// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/kept_data.h"

namespace lathe::services {
namespace {

template <class T, class Make>
Result<std::shared_ptr<const T>> kept(std::map<std::string, std::shared_ptr<const T>>& all, const std::string& key,
                                      const Make& make) {
  auto& place = all[key];
  if (!place) {
    auto made = make();
    if (!made) return tl::unexpected<Error>(std::move(made).error());
    place = std::make_shared<const T>(std::move(*made));
  }
  return place;
}

}  // namespace

Result<std::shared_ptr<const KeptData::Read>> KeptData::read(const std::string& key, const Reader& read) {
  const std::lock_guard lock(m_mutex);
  if (!m_whole) return kept(m_read, key, read);
  return kept(m_read, key, [&]() -> Result<Read> {
    LATHE_ASSIGN(whole, m_whole->read(key, read));
    return Read{whole->profile, m_part(*whole->dataset), whole->sha256};
  });
}

Result<std::shared_ptr<const spec::FittedPreprocessing>> KeptData::fitted(const std::string& key, const Fitter& fit) {
  const std::lock_guard lock(m_mutex);
  return kept(m_fitted, key, fit);
}

}  // namespace lathe::services
