// SPDX-License-Identifier: Apache-2.0
// FNV-1a, of 32 bits: a short way to tell a few known names apart, and no way to keep secrets or enemies out.
#pragma once

#include <stdint.h>

namespace baresspi::schannel {

constexpr uint32_t kFnvStart = 2166136261;

constexpr uint32_t FnvStep(uint32_t hash, uint32_t unit) {
  return (hash ^ unit) * 16777619;
}

}  // namespace baresspi::schannel
