// SPDX-License-Identifier: Apache-2.0
// What ends board::Idle: each device's interrupt request, which Idle takes back before it sleeps. No handler
// runs.
#pragma once

namespace board {

void UartClearWake();
// Returns whether frames are waiting, so that there is no reason to sleep.
bool EthernetClearWake();

}  // namespace board
