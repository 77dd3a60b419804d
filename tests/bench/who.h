// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

enum Who { kClient, kServer };
inline constexpr Who kBoth[] = {kClient, kServer};

}  // namespace bench
