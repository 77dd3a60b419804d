// SPDX-License-Identifier: Apache-2.0
// What the device says of itself.
#pragma once

namespace device {

// At the start: address, clock, random, pools.
void PutIdentity();
// The command `use`: what is in use now, and what was at most. Returns 0.
int PutUse();

}  // namespace device
